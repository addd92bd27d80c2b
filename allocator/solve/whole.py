"""From a data set and settings to a solution, whatever is known when the years are planned."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from allocator.programme.formulate import formulate
from allocator.solve import session
from allocator.solve.solution import Solution
from allocator.solve.stages import Staged, figures_of, solve_programme
from allocator.solve.year_on_year import solve_year_on_year

if TYPE_CHECKING:
    from allocator.scenario.settings import Settings
    from allocator.solve.solution import Figures
    from allocator.tables.dataset import DataSet, Floats


def solve_data(d: DataSet, s: Settings, given: Floats | None = None) -> tuple[Solution, tuple[Staged, ...]]:
    """Solve the whole model; gives the solution, and the solved programmes from which analyses go on.

    given: [p, t] grants in pounds, for the distribution `given`. One programme under a settlement, else one a year.
    Raises NoPlan, SolverError, UsageError (an unknown solver).
    """
    began = time.perf_counter()
    figures: Figures
    if s.certainty.kind == "settlement":
        plans: tuple[Staged, ...] = (
            solve_programme(formulate(d, s, given=given), s.solver.name, s.solver.time_limit),
        )
        figures = figures_of(plans[0])
    else:
        figures, plans = solve_year_on_year(d, s, given)
    uncertified = "" if s.solver.name == "HiGHS" else _what_it_cannot_give(s.solver.name, plans)
    solution = Solution(
        figures,
        tuple(proof for plan in plans for proof in plan.proofs),
        tuple(price for plan in plans for price in plan.prices),
        tuple(record for plan in plans for record in plan.records),
        session.version() if s.solver.name == "HiGHS" else s.solver.name,
        time.perf_counter() - began,
        uncertified,
    )
    return solution, plans


def _what_it_cannot_give(solver: str, plans: tuple[Staged, ...]) -> str:
    if any(proof.duals.size == 0 for plan in plans for proof in plan.proofs if proof.stage == "goal"):
        return f"{solver} gives no duals through PuLP, so that the plan cannot be certified"
    return ""
