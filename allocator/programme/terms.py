"""Long sums in bulk: the numbers of many variables and their coefficients, as arrays.

Rules with hundreds of terms a row are built from these: at the reference's size the whole programme then takes
half the time that sums of single terms take (benchmarks/README.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pulp import LpAffineExpression

from allocator.tables.dataset import Floats, Integers

if TYPE_CHECKING:
    from pulp import LpProblem


@dataclass(frozen=True, eq=False)
class Terms:
    """A linear expression without a constant. ids: number of each variable in its problem."""

    ids: Integers  # [n]
    coefficients: Floats  # [n]

    def times(self, factor: float) -> Terms:
        """Give the expression multiplied."""
        return Terms(self.ids, self.coefficients * factor)


def joined(parts: Iterable[Terms]) -> Terms:
    """Join several expressions as one; where a variable is in more than one, its coefficients add up."""
    every = list(parts)
    return Terms(
        np.concatenate([np.zeros(0, dtype=np.int64), *(part.ids for part in every)]),
        np.concatenate([np.zeros(0), *(part.coefficients for part in every)]),
    )


def total(problem: LpProblem, terms: Terms) -> LpAffineExpression:
    """Give the expression as PuLP has it. Raises ValueError where a coefficient is not finite.

    A defect of the caller.
    """
    if not np.isfinite(terms.coefficients).all():
        raise ValueError("a coefficient is not finite")
    expression = LpAffineExpression.empty()
    # PuLP's public sums take pairs one by one; this is the call that they end in
    expression._expr.add_term_ids_coeffs(  # noqa: SLF001 - there is no public way to add arrays
        problem.toRustModel(), terms.ids.astype(np.uint64), np.ascontiguousarray(terms.coefficients)
    )
    return expression
