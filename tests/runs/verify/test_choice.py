"""Of plans that reach the goal as well the one is taken that changes grants least: another choice is not certified."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from allocator.analyses.verify.verification import verify as verified
from allocator.runs.verify.verify import verify
from allocator.runs.write import write_run
from allocator.solving.settlement import solve_data
from allocator.solving.solution import Row, extended
from allocator.solving.squares import tangents
from tests.helpers import forged
from tests.helpers.builders import make_plan, tiny_data, tiny_scenario, tiny_tables
from tests.runs.conftest import SETTINGS

ALIKE = ("north", "south")


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    """Two partnerships that are alike in everything, so that a pound does as much in the one as in the other."""
    folder = tmp_path_factory.mktemp("alike")
    tables = tiny_tables()
    for name in ("partnerships", "young_people", "workforce"):
        mine = [row for row in tables[name] if row["partnership"] == "north"]
        tables[name] = [{**row, "partnership": partnership} for partnership in ALIKE for row in mine]
    tables["partnerships"][1]["name"] = "South"
    for row in tables["partnerships"]:
        row["baseline_grant"] = 100_000
    data = tiny_data(folder, tables)
    scenario = tiny_scenario(folder, SETTINGS, 'rules.off=["target", "guarantee"]')
    return make_plan(scenario, data, solve_data(data, scenario.settings)[0])


def another_choice(plan):
    """The plan that gives north most of those that reach the goal within a millionth, with as few redundancies."""
    goal, grants = (next(p for p in plan.solution.proofs if p.stage == s) for s in ("goal", "grants"))
    solver = forged.solver_of(goal)
    cost, count = goal.problem.cost, len(goal.plan)
    best = float(cost @ goal.plan)
    used = np.flatnonzero(cost)
    forged._put(solver, Row((), used, cost[used], best - 5e-7 * max(1.0, abs(best)), np.inf))
    forged._put(solver, next(row for row in grants.added.rows if row.key == ("hold", "redundancies")))
    wanted = np.zeros(count)
    wanted[[j for j, key in enumerate(goal.columns) if key[:2] == ("grant", "north")]] = -1.0
    return forged._solved(solver, wanted)[0]


def rewritten(plan, target, values, change=lambda proof, squares: proof, *, without=()):
    """A run of another choice: every stage's plan, every figure, total, log and digest agrees with it."""
    goal = next(proof for proof in plan.solution.proofs if proof.stage == "goal")
    squares, _ = forged._squares(plan, goal)
    proofs = []
    for proof in plan.solution.proofs:
        if proof.stage not in without:
            more = squares.each(values[squares.columns]) if proof.stage == "grants" else np.zeros(0)
            made = replace(proof, plan=np.concatenate([values, more]))
            proofs.append(change(made, squares) if proof.stage == "grants" else made)
    reached = {proof.stage: float(proof.problem.cost @ proof.plan) for proof in proofs}
    kept = (stage for stage in plan.solution.stages if stage.stage not in without)
    stages = tuple(replace(stage, value=reached.get(stage.stage, stage.value)) for stage in kept)
    figures = forged.figures_of(plan, replace(goal, plan=values))
    solution = replace(plan.solution, proofs=tuple(proofs), stages=stages, figures=figures)
    made = make_plan(plan.scenario, plan.data, solution)
    spent = float(made.recomputed.spend.sum())
    stages = tuple(replace(stage, value=spent) if stage.stage == "spend" else stage for stage in stages)
    return write_run(replace(made, solution=replace(solution, stages=stages)), target)


def failed(run):
    return {check.check: check.detail for check in verify(run).checks if not check.passed}


def test_the_choice_is_another_and_as_good(plan):
    values = another_choice(plan)
    goal = next(proof for proof in plan.solution.proofs if proof.stage == "goal")
    grants = {key[1:]: value for key, value in zip(goal.columns, values, strict=True) if key[0] == "grant"}
    assert grants["north", "2004-05"] - grants["south", "2004-05"] > 5.0  # £ thousand, where the plan has the same
    assert plan.figures.grant[0] == pytest.approx(plan.figures.grant[1], abs=0.01)
    assert goal.problem.cost @ values == pytest.approx(goal.problem.cost @ goal.plan, rel=1e-6)


def test_the_forgers_tools_leave_the_plan_itself_certified(plan, tmp_path):
    grants = next(proof for proof in plan.solution.proofs if proof.stage == "grants")
    values = grants.plan[: len(plan.solution.proofs[0].plan)]
    assert failed(rewritten(plan, tmp_path / "run", values)) == {}


def test_another_choice_fails_by_the_bound_on_how_quiet_grants_can_be(plan, tmp_path):
    wrong = failed(rewritten(plan, tmp_path / "run", another_choice(plan)))
    assert set(wrong) == {"certificate", "totals"}  # the second since the stage is said to have reached it
    assert "grants stage: the duals leave room for a plan better by" in wrong["certificate"]


def test_solved_once_more_it_is_another_by_so_many_pounds(plan, tmp_path):
    values = another_choice(plan)
    run = rewritten(plan, tmp_path / "run", values)
    *others, again = verified(run, again=True).checks
    assert [check.check for check in others] == ["files", "certificate", "recomputed", "totals"]
    assert not again.passed
    goal = next(proof for proof in plan.solution.proofs if proof.stage == "goal")
    grant = 1000 * values[goal.columns.index(("grant", "north", "2004-05"))]
    said = re.search(r"north 2004-05 £([\d,]+), by the new plan £([\d,]+)", again.detail)
    assert float(said[1].replace(",", "")) == pytest.approx(grant, abs=0.5)
    assert float(said[2].replace(",", "")) == pytest.approx(plan.figures.grant[0, 0], abs=0.5)


def test_nor_does_it_help_to_leave_the_stage_out(plan, tmp_path):
    wrong = failed(rewritten(plan, tmp_path / "run", another_choice(plan), without=("grants",)))
    assert wrong["certificate"] == "the grants stage has no proof"


def test_nor_to_draw_the_tangents_where_the_choice_lies_or_above_the_squares(plan, tmp_path):
    def tangents_of(lift):
        def change(proof, squares):
            values = proof.plan
            count = len(plan.solution.proofs[0].plan)
            keys = [key[1:] for key in proof.added.columns]
            touching = tangents(squares, values[squares.columns], count, keys)
            held = [row for row in proof.added.rows if row.key[0] == "hold"]
            rows = (*held, *(replace(row, lower=row.lower + lift) for row in touching))
            added = replace(proof.added, rows=rows)
            goal = plan.solution.proofs[0]
            # each square is held up by its tangent, and nothing else has a price
            duals = np.concatenate([np.zeros(len(goal.rows) + len(held)), np.ones(len(touching))])
            keys_of_rows = (*goal.rows, *(row.key for row in rows))
            return replace(proof, problem=extended(goal.problem, added), added=added, duals=duals, rows=keys_of_rows)

        return change

    values = another_choice(plan)
    honest = failed(rewritten(plan, tmp_path / "honest", values, tangents_of(0.0)))
    assert "grants stage" in honest["certificate"]
    lifted = failed(rewritten(plan, tmp_path / "lifted", values, tangents_of(50.0)))
    assert "lies above its grant's square" in lifted["recomputed"]
