"""What certifies a plan: of each stage its problem, the plan and the duals, for a certificate that needs no solver."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from allocator.solving.later_stages import Reached, Settled, allowed
from allocator.solving.solution import Added, StageProof, extended
from allocator.solving.squares import tangents
from allocator.solving.stages import Best, Stages
from allocator.tables.dataset import Floats


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
