"""Draws of the effects: errors that hang together, the same for the same seed, a matrix whatever the plan.

Effects of different interventions share a part of their error: corr = `risk.common`. One intervention's effects on its
groups move together: one standardised draw serves them all.
"""

from __future__ import annotations

import numpy as np

from allocator.tables.dataset import Floats


def standardised(draws: int, interventions: int, common: float, seed: int) -> Floats:
    """Standard normal errors, [draw, i], any two interventions with correlation `common`.

    The random numbers do not depend on `common`, so that answers at 0, as set and 1 differ by it alone.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    shared, own = random.standard_normal((draws, 1)), random.standard_normal((draws, interventions))
    errors: Floats = np.sqrt(common) * shared + np.sqrt(1.0 - common) * own
    return errors
