"""Whole pounds that still add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from allocator.tables.dataset import Floats, Integers


def whole_pounds(grants: Floats) -> Integers:
    """One year's grants [p], £ and at least 0, in whole pounds: by largest remainder, at most £1 from the plan.

    They add up to the whole pound nearest to the grants' own sum. Where remainders are equal the partnership that
    stands first is rounded up. Raises ValueError for a grant that is negative or not finite.
    """
    if not np.isfinite(grants).all() or (grants < 0).any():
        raise ValueError("grants to be rounded must be finite and at least 0")
    down = np.floor(grants)
    remainder = grants - down
    up = round(float(remainder.sum()))  # the whole pounds that all the pence add up to
    rounded: Integers = down.astype(np.int64)
    rounded[np.argsort(-remainder, kind="stable")[:up]] += 1
    return rounded
