"""Runs as a forger would write them: every file agrees with every other and the manifest is made for them."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import highspy
import numpy as np

from allocator.runs.problem import read_mps
from allocator.runs.verify.figures import MONEY, PUBLISHED
from allocator.runs.write import write_run
from allocator.scenario.distributions import grants_as_before
from allocator.solving.solution import Added, Figures, Row, extended
from allocator.solving.squares import Squares, squares_of, tangents
from tests.helpers.builders import make_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from allocator.runs.plan import Plan
    from allocator.solving.solution import StageProof
    from allocator.tables.dataset import Floats

    Change = Callable[[highspy.Highs, StageProof], StageProof | None]


def forged_run(plan: Plan, target: Path, change: Change, *, without_soft: bool = False) -> Path:
    """A run of a plan whose goal stage's problem was changed and solved again, so that its certificates hold.

    without_soft: the soft stage's proof is left out.
    """
    goal = forged_proof(next(proof for proof in plan.solution.proofs if proof.stage == "goal"), change)
    later = later_proofs(plan, goal)
    first = [proof for proof in plan.solution.proofs if proof.stage == "soft" and not without_soft]
    values = later[-1].plan[: len(goal.plan)]
    proofs = (*first, goal, *later)
    proofs = tuple(replace(proof, plan=np.concatenate([values, proof.plan[len(values) :]])) for proof in proofs)
    reached = {proof.stage: float(proof.problem.cost @ proof.plan) for proof in proofs}
    stages = tuple(replace(stage, value=reached.get(stage.stage, stage.value)) for stage in plan.solution.stages)
    solution = replace(
        plan.solution, proofs=proofs, stages=stages, figures=figures_of(plan, replace(goal, plan=values))
    )
    made = make_plan(plan.scenario, plan.data, solution, given=plan.given)
    spent = float(made.recomputed.spend.sum())
    stages = tuple(replace(stage, value=spent) if stage.stage == "spend" else stage for stage in stages)
    return write_run(replace(made, solution=replace(solution, stages=stages)), target)


def solver_of(proof: StageProof) -> highspy.Highs:
    """A solver that has read the problem of a proof."""
    solver = highspy.Highs()
    solver.silent()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "problem.mps"
        file.write_bytes(proof.text)
        assert solver.readModel(str(file)) == highspy.HighsStatus.kOk
    return solver


def later_proofs(plan: Plan, goal: StageProof) -> list[StageProof]:
    """The stages redundancies and grants of a forged problem, solved with tangents until they touch."""
    solver = solver_of(goal)
    count, problem = len(goal.plan), goal.problem
    best = float(problem.cost @ goal.plan)
    assert problem.maximise or not best  # a goal that was turned round ends at nothing
    factor = 1.0 / np.abs(problem.cost).max()
    used = np.flatnonzero(problem.cost)
    side = (best - 1e-7 * max(1.0, abs(best))) * factor
    rows = [Row(("hold", "goal"), used, problem.cost[used] * factor, side, np.inf)]
    if not problem.maximise:
        rows = [Row(("hold", "goal"), used, problem.cost[used] * factor, -np.inf, -side)]
    _put(solver, rows[0])
    proofs, none = [], np.zeros(0)
    redundancies = np.array([j for j, key in enumerate(goal.columns) if key[0] == "redundancies"])
    cost = np.zeros(count)
    cost[redundancies] = 1.0
    values, duals = _solved(solver, cost)
    proofs.append(_added(goal, "redundancies", Added(False, cost, (), none, tuple(rows)), duals, values, none))
    least = float(cost @ values) + 1e-7
    rows.append(Row(("hold", "redundancies"), redundancies, np.ones(len(redundancies)), -np.inf, least))
    _put(solver, rows[1])
    squares, keys = _squares(plan, goal)
    most = squares.each(np.maximum(problem.upper[squares.columns], 2.0 * squares.wanted)) + 1.0
    solver.addVars(len(keys), np.zeros(len(keys)), most)
    cost = np.concatenate([np.zeros(count), np.ones(len(keys))])
    at = values[squares.columns]
    for _ in range(60):
        touching = tangents(squares, at, count, keys)
        for touch in touching:
            _put(solver, touch)
        rows += touching
        values, duals = _solved(solver, cost)
        at = values[squares.columns]
        if squares.each(at).sum() - values[count:].sum() < 1e-9:
            break
    changes = squares.each(at)
    added = Added(False, cost, tuple(("change", *key) for key in keys), most, tuple(rows))
    values = values[:count]
    return [*proofs, _added(goal, "grants", added, duals, values, changes)]


def _put(solver: highspy.Highs, row: Row) -> None:
    solver.addRow(row.lower, row.upper, len(row.columns), row.columns.astype(np.int32), row.coefficients)


def _solved(solver: highspy.Highs, cost: Floats) -> tuple[Floats, Floats]:
    solver.changeObjectiveSense(highspy.ObjSense.kMinimize)
    solver.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
    assert solver.run() == highspy.HighsStatus.kOk
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    lp, found = solver.getLp(), solver.getSolution()
    values = np.clip(np.array(found.col_value), np.array(lp.col_lower_), np.array(lp.col_upper_)) + 0.0
    return values, np.array(found.row_dual)


def _squares(plan: Plan, goal: StageProof) -> tuple[Squares, list[tuple[str, ...]]]:
    d, money = plan.data, plan.recomputed.money
    keys = [(p, year) for p in d.partnerships for year in d.years]
    columns = np.array([goal.columns.index(("grant", *key)) for key in keys])
    squares = squares_of(columns, grants_as_before(d, money, range(len(d.years))) / 1000.0)
    return squares, [keys[which] for which in squares.which.tolist()]


def _added(goal: StageProof, stage: str, added: Added, duals: Floats, values: Floats, more: Floats) -> StageProof:
    return replace(
        goal,
        stage=stage,
        problem=extended(goal.problem, added),
        plan=np.concatenate([values, more]),
        duals=duals,
        columns=(*goal.columns, *added.columns),
        rows=(*goal.rows, *(row.key for row in added.rows)),
        text=b"",
        added=added,
    )


def forged_proof(proof: StageProof, change: Change) -> StageProof:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "problem.mps"
        file.write_bytes(proof.text)
        solver = highspy.Highs()
        solver.silent()
        assert solver.readModel(str(file)) == highspy.HighsStatus.kOk
        proof = change(solver, proof) or proof
        assert solver.run() == highspy.HighsStatus.kOk
        assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        found = solver.getSolution()
        assert solver.writeModel(str(file)) == highspy.HighsStatus.kOk
        text = file.read_bytes()
    problem = read_mps(text)
    values = np.clip(np.array(found.col_value), problem.lower, problem.upper) + 0.0
    return replace(proof, problem=problem, plan=values, duals=np.array(found.row_dual), text=text)


def figures_of(plan: Plan, proof: StageProof) -> Figures:
    """The figures of the columns of a settlement's problem."""
    d = plan.data
    axes = {
        "partnership": d.partnerships,
        "year": d.years,
        "grade": d.grades,
        "intervention": d.interventions,
        "client_group": d.client_groups,
        "band": tuple(str(b + 1) for b in range(d.width.shape[1])),
    }
    found = {name: np.zeros_like(getattr(plan.figures, name)) for name in PUBLISHED}
    for key, value in zip(proof.columns, proof.plan.tolist(), strict=True):
        words = dict(zip(PUBLISHED[key[0]][2], key[1:], strict=True)) if key[0] in PUBLISHED else {}
        if words and all(word in axes[axis] for axis, word in words.items()):  # a forger may make up names
            place = tuple(axes[axis].index(word) for axis, word in words.items())
            found[key[0]][place] = value * (1000 if key[0] in MONEY else 1)
    return Figures(**found)
