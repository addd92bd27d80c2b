"""From a data set and settings to a solution, whatever is known when the years are planned."""

from __future__ import annotations

import time

from allocator.programme import goals
from allocator.programme.formulate import formulate
from allocator.scenario.settings import Settings
from allocator.solving import session
from allocator.solving.planned import Planned, plan_programme
from allocator.solving.proofs import proofs
from allocator.solving.solution import Figures, RowPrice, Solution
from allocator.solving.year_on_year import solve_year_on_year
from allocator.tables.dataset import DataSet, Floats


def plan_data(d: DataSet, s: Settings, given: Floats | None = None) -> tuple[Figures, tuple[Planned, ...]]:
    """Solve the whole model without what certifies it; arguments, result and errors as solve_data."""
    if s.certainty.kind == "settlement":
        planned = plan_programme(formulate(d, s, given=given), s)
        return planned.figures, (planned,)
    return solve_year_on_year(d, s, given)


def solve_data(d: DataSet, s: Settings, given: Floats | None = None) -> tuple[Solution, tuple[Planned, ...]]:
    """Solve the whole model: the solution, and the solved programmes from which analyses go on.

    given: [p, t] grants in pounds, for the distribution `given`. One programme under a settlement, else one a year.
    Raises NoPlan, SolverError, UsageError (an unknown solver).
    """
    began = time.perf_counter()
    figures, plans = plan_data(d, s, given)
    # a solver that gives no duals leaves nothing to certify by, and no prices
    proved = all(len(duals) for plan in plans for duals in _duals(plan))
    found = tuple(proof for plan in plans if proved for proof in proofs(plan.stages, plan.best, plan.settled))
    solution = Solution(
        figures=figures,
        proofs=found,
        prices=tuple(price for plan in plans if proved for price in _prices(plan)),
        stages=tuple(record for plan in plans for record in plan.stages.records),
        solver=session.version() if s.solver.name == "HiGHS" else s.solver.name,
        seconds=time.perf_counter() - began,
        why_uncertified="" if proved else f"{s.solver.name} gives no duals, which a certificate rests on",
        given_up=tuple(plan.settled.given_up for plan in plans if plan.settled.given_up is not None),
        left_out=tuple(dict.fromkeys(name for plan in plans for name in left_out(plan))),
    )
    return solution, plans


def _duals(plan: Planned) -> list[Floats]:
    """Give the duals of every stage that is certified."""
    return [plan.best.answer.duals, plan.best.soft_duals, *(reached.duals for reached in plan.settled.reached)]


def left_out(plan: Planned) -> tuple[str, ...]:
    """Give the partnerships that the goal leaves out since nothing offered can help them: of `fairest` alone."""
    programme = plan.stages.programme
    if not programme.goal.smallest_of_all:
        return ()
    return tuple(programme.data.partnerships[p] for p in goals.left_out(programme.data, programme.decisions))


def _prices(plan: Planned) -> list[RowPrice]:
    """Give the price of every row of a plan."""
    stages = plan.stages
    duals = plan.best.answer.duals + 0.0
    return [
        RowPrice(rule, place.words, stages.year, float(duals[r]))
        for r, (rule, place) in enumerate(stages.programme.rows)
    ]
