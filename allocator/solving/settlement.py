"""From a data set and settings to a solution, whatever is known when the years are planned, and what certifies it:
of each stage its problem, the plan and the duals, for a certificate that needs no solver.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from allocator.programme import goals
from allocator.programme.formulate import formulate
from allocator.scenario.settings import Settings
from allocator.solving import session
from allocator.solving.later_stages import Reached, Settled, allowed
from allocator.solving.planned import Planned, plan_programme
from allocator.solving.solution import Added, Figures, RowPrice, Solution, StageProof, extended
from allocator.solving.squares import tangents
from allocator.solving.stages import Best, Stages
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


# --- what certifies it --------------------------------------------------------------------------------------------


def proofs(stages: Stages, best: Best, settled: Settled) -> tuple[StageProof, ...]:
    """Give the proof of every stage that has a certificate, where it ended well: soft, goal, then, redundancies,
    grants.
    """
    programme, session = stages.programme, stages.session
    columns, values = session.columns, settled.values
    rows = tuple((rule, *place.words) for rule, place in programme.rows)
    if len(stages.short):
        rows += (("hold", "soft"),)
    problem, text = stages.problem_of(session.cost, maximise=session.maximise)
    goal = StageProof("goal", stages.year, problem, values, best.answer.duals, columns, rows, text)
    later = [_later(stages, goal, settled, reached) for reached in settled.reached]
    goal = replace(goal, given_up=allowed(stages, best))
    if not len(stages.short):
        return (goal, *later)
    problem, text = stages.soft_problem(best.soft_rows)
    rows += tuple(row.key for row in best.soft_rows)
    soft = StageProof("soft", stages.year, problem, values, best.soft_duals, columns, rows, text)
    # What the goal gives up, the row of soft_may_cost gives up as well.
    gives = 0.0 if programme.settings.goal.give_up or allowed(stages, best) else None
    return (replace(soft, given_up=gives), goal, *later)


def _later(stages: Stages, goal: StageProof, settled: Settled, reached: Reached) -> StageProof:
    if reached.stage == "grants":
        return _grants(stages, goal, settled, reached)
    share = stages.programme.settings.goal.give_up
    given_up = share * abs(reached.optimum) if reached.stage == "then" and share else None
    added = Added(reached.maximise, reached.cost, (), np.zeros(0), reached.rows)
    return _with(replace(goal, stage=reached.stage, duals=reached.duals, given_up=given_up), added, np.zeros(0))


def _grants(stages: Stages, goal: StageProof, settled: Settled, reached: Reached) -> StageProof:
    """State the squares as tangents: a column a grant for its square, which is at least the tangent that touches it.

    In the plan each column is the grant's own square: what it exceeds the bound by, the squares do.
    """
    squares, quietest = settled.squares, settled.quietest
    assert squares is not None and quietest is not None  # noqa: S101 - both go with the stage
    d, now = stages.programme.data, stages.programme.now
    every = [(p, d.years[t]) for p in d.partnerships for t in now.years]
    keys = [every[which] for which in squares.which.tolist()]
    first = len(goal.plan)
    grants, most = settled.values[squares.columns], goal.problem.upper[squares.columns]
    upper = np.maximum(squares.each(np.zeros(len(keys))), squares.each(most)) + 1.0
    rows = (*reached.rows, *tangents(squares, quietest.at, first, keys))
    cost = np.concatenate([np.zeros(first), np.ones(len(keys))])
    added = Added(False, cost, tuple(("change", *key) for key in keys), upper, rows)  # noqa: FBT003 - a record
    duals = np.concatenate([quietest.duals, np.ones(len(keys))])
    return _with(replace(goal, stage="grants", duals=duals, given_up=None), added, squares.each(grants))


def _with(proof: StageProof, added: Added, values: Floats) -> StageProof:
    """Give the proof of a stage whose problem has more than the one given. values: of the columns added."""
    return replace(
        proof,
        problem=extended(proof.problem, added),
        plan=np.concatenate([proof.plan, values]),
        columns=(*proof.columns, *added.columns),
        rows=(*proof.rows, *(row.key for row in added.rows)),
        text=b"",
        added=added,
    )
