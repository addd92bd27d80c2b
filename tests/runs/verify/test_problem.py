"""A forger who makes every file agree has only the problem left to change: it must be that of the tables."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from allocator.runs.verify.problem import problem_differences
from allocator.runs.verify.verify import verify
from allocator.runs.write import write_run
from tests.helpers.builders import make_plan, tiny_data, tiny_scenario, tiny_tables
from tests.helpers.forged import forged_run
from tests.helpers.sealed import reseal
from tests.helpers.written_lp import limit
from tests.runs.conftest import SETTINGS, solved

import highspy  # isort: skip


def failed(run):
    return {check.check: check.detail for check in verify(run).checks if not check.passed}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A plan whose rules must all hold: it has one stage alone."""
    return solved(tmp_path_factory.mktemp("plain"), SETTINGS, 'rules.off=["target", "guarantee"]')


def column(proof, *key):
    return proof.columns.index(key)


def row(proof, *key):
    return proof.rows.index(key)


COACHED = ("places", "north", "2004-05", "coaching", "neet", "1")


def unchanged(solver, proof):
    return None


def a_place_not_to_be_had(solver, proof):
    solver.changeColBounds(column(proof, *COACHED), 0.0, 0.0)


def a_grant_that_must_be_paid(solver, proof):
    solver.changeColBounds(column(proof, "grant", "south", "2005-06"), 85.0, 1000.0)


def every_decision_as_in_a_poor_plan(solver, proof):
    solver.changeColBounds(column(proof, *COACHED), 0.0, 0.0)
    solver.run()
    for j, value in enumerate(solver.getSolution().col_value):
        solver.changeColBounds(j, value, value)


def a_place_that_counts_less(solver, proof):
    solver.changeColCost(column(proof, *COACHED), 1e-6)


def a_goal_turned_round(solver, proof):
    solver.changeObjectiveSense(highspy.ObjSense.kMinimize)


def less_money(solver, proof):
    solver.changeRowBounds(row(proof, "national", "2004-05"), -highspy.kHighsInf, 190.0)


def more_hours_a_place(solver, proof):
    solver.changeCoeff(row(proof, "hours", "north", "2004-05", "adviser"), column(proof, *COACHED), 100.0)


def money_that_must_all_be_granted(solver, proof):
    solver.changeRowBounds(row(proof, "national", "2004-05"), 180.0, 200.0)


def one_row_more(name):
    def add(solver, proof):
        solver.addRow(-highspy.kHighsInf, 1.0, 1, np.array([column(proof, *COACHED)]), np.array([1.0]))
        solver.passRowName(len(proof.rows), f"r{len(proof.rows)}")
        return replace(proof, rows=(*proof.rows, name))

    return add


def a_place_left_out(solver, proof):
    at = column(proof, *COACHED)
    solver.deleteCols(1, np.array([at]))
    return replace(proof, columns=proof.columns[:at] + proof.columns[at + 1 :])


def a_place_by_another_name(solver, proof):
    at = column(proof, *COACHED)
    solver.changeColBounds(at, 0.0, 0.0)
    return replace(proof, columns=(*proof.columns[:at], ("lapse", "nowhere", "2004-05"), *proof.columns[at + 1 :]))


def a_place_twice(solver, proof):
    at = column(proof, *COACHED)
    other = column(proof, "places", "south", *COACHED[2:])
    solver.changeColBounds(other, 0.0, 0.0)
    return replace(proof, columns=(*proof.columns[:other], proof.columns[at], *proof.columns[other + 1 :]))


FORGED = [
    a_place_not_to_be_had,
    a_grant_that_must_be_paid,
    every_decision_as_in_a_poor_plan,
    a_place_that_counts_less,
    a_goal_turned_round,
    less_money,
    more_hours_a_place,
    money_that_must_all_be_granted,
    one_row_more(("ceiling", "north", "2003-04")),
    one_row_more(("national", "2004-05")),
    one_row_more(("hold", "soft")),
    one_row_more(("fairest", "north", "2005-06")),
    one_row_more(()),
    a_place_left_out,
    a_place_by_another_name,
    a_place_twice,
]


def test_the_forgers_own_tools_write_a_run_that_is_certified(plain, tmp_path):
    assert failed(forged_run(plain, tmp_path / "run", unchanged)) == {}


@pytest.mark.parametrize("change", FORGED)
def test_a_plan_that_is_best_for_a_forged_problem_is_not_certified(plain, tmp_path, change):
    wrong = failed(forged_run(plain, tmp_path / "run", change))
    assert "files" not in wrong
    assert "certificate" not in wrong
    assert "the goal stage's problem" in wrong["recomputed"]


def soft_rules_left_out(solver, proof):
    """No row that may fall short, no shortfall, nothing that holds them: as if the scenario had asked for nothing."""
    rows = [r for r, key in enumerate(proof.rows) if key[0] in ("target", "guarantee", "hold")]
    columns = [j for j, key in enumerate(proof.columns) if key[0] == "shortfall"]
    solver.deleteRows(len(rows), np.array(rows, dtype=np.int32))
    solver.deleteCols(len(columns), np.array(columns, dtype=np.int32))
    return replace(
        proof,
        rows=tuple(key for r, key in enumerate(proof.rows) if r not in rows),
        columns=tuple(key for j, key in enumerate(proof.columns) if j not in columns),
    )


def soft_rows_that_say_nothing(solver, proof):
    for r, key in enumerate(proof.rows):
        if key[0] in ("target", "guarantee"):
            solver.changeRowBounds(r, -highspy.kHighsInf, highspy.kHighsInf)


@pytest.mark.parametrize("change", [soft_rules_left_out, soft_rows_that_say_nothing])
def test_a_plan_that_is_best_as_if_nothing_soft_were_asked_for_is_not_certified(plan, tmp_path, change):
    wrong = failed(forged_run(plan, tmp_path / "run", change, without_soft=change is soft_rules_left_out))
    assert "files" not in wrong
    assert "target 2005-06 national is asked for by the scenario and left out" in wrong["recomputed"]


def judged(plan, **changed):
    """What is wrong with the last goal stage's problem once it is changed; the later stages are left out."""
    goal = goal_of(plan)
    changed_goal = replace(goal, problem=replace(goal.problem, **changed))
    return differences(plan, *(changed_goal if p is goal else p for p in plan.solution.proofs if p.added is None))


def goal_of(plan):
    """The goal stage's proof, of the last year planned where there are several."""
    return [proof for proof in plan.solution.proofs if proof.stage == "goal"][-1]


def differences(plan, *proofs):
    settings, figures = plan.scenario.settings, plan.figures
    folder = SimpleNamespace(proofs=proofs, data=plan.data, settings=settings, figures=figures, given=plan.given)
    return problem_differences(folder, plan.certificates)


def moved(numbers, at, factor):
    changed = numbers.copy()
    changed[at] *= factor
    return changed


@pytest.mark.parametrize("name", ["plan", "plain", "yearly_plan"])
def test_every_coefficient_side_and_limit_of_a_problem_is_held_against_the_tables(name, request):
    plan = request.getfixturevalue(name)
    goal = goal_of(plan)
    problem, columns = goal.problem, goal.columns
    assert judged(plan) == []
    for at in np.flatnonzero(problem.upper[problem.index])[::2]:
        assert judged(plan, value=moved(problem.value, at, 1 + 1e-6)), (name, "value", at)
    for at in np.flatnonzero(problem.cost)[::2]:
        assert judged(plan, cost=moved(problem.cost, at, 1 + 1e-6)), (name, "cost", at)
    # of a shortfall that is not needed the limit is 0; of the row that holds it any limit will do
    for at in np.flatnonzero(problem.upper)[::2]:
        if columns[at][0] != "shortfall" or goal.plan[at]:
            assert judged(plan, upper=moved(problem.upper, at, 1 - 1e-6)), (name, "upper", at)
    held = goal.rows
    for side in ("row_lower", "row_upper"):
        numbers = getattr(problem, side)
        for at in np.flatnonzero(np.isfinite(numbers) & (numbers != 0)):
            if held[at] != ("hold", "soft"):
                assert judged(plan, **{side: moved(numbers, at, 1 + 1e-6)}), (name, side, at)


def test_what_is_left_of_a_row_on_money_is_said_in_pounds(plain):
    proof = goal_of(plain)
    at = row(proof, "national", "2004-05")
    thousands = proof.problem.row_upper[at]
    (said,) = judged(plain, row_upper=moved(proof.problem.row_upper, at, 2.0))
    left, by_tables = (float(amount.replace(",", "")) for amount in re.findall(r"£(-?[\d,]+\.\d\d)", said))
    assert left - by_tables == pytest.approx(1_000 * thousands, abs=0.02)


GOALS = ["final_year", "benefit", "least_cost", "fairest"]
OTHERS = [
    *(("settlement", f'goal.measure="{measure}"') for measure in GOALS),
    *(("year_on_year", f'goal.measure="{measure}"') for measure in [*GOALS, "cumulative"]),
    ("settlement", 'grants.distribution="historical"'),
    ("year_on_year", 'grants.distribution="formula"'),
    ("year_on_year", "certainty.planning_horizon=2"),
    ("year_on_year", "certainty.sees_tail=true"),
    ("settlement", 'workforce.max_recruitment="none"'),
    ("settlement", 'rules.off=["headcount", "training_places", "damping", "cap", "carry_forward"]'),
    ("settlement", "budget.carry_forward_limit=0"),
    ("settlement", "local.min_reduction=0.01"),
]


@pytest.mark.parametrize(("certainty", "override"), OTHERS)
def test_the_problems_of_other_goals_and_certainties_are_those_of_the_tables(tmp_path, certainty, override):
    extra = ("goal.benefit_per_neet=1000", "grants.formula.neet=1", "goal.weights.north=2")
    plan = solved(tmp_path, SETTINGS, f'certainty.kind="{certainty}"', override, *extra)
    assert differences(plan, *plan.solution.proofs) == []
    problem = goal_of(plan).problem
    at = int(np.argmax(np.abs(problem.cost)))
    assert judged(plan, cost=moved(problem.cost, at, 0.99))


def test_a_soft_stage_that_asks_for_something_else_is_named(plan):
    soft, goal = plan.solution.proofs[:2]
    for changed in (
        replace(soft, problem=replace(soft.problem, cost=soft.problem.cost * 2)),
        replace(soft, problem=replace(soft.problem, maximise=True)),
        replace(soft, columns=tuple(("x", *key[1:]) if key[0] == "shortfall" else key for key in soft.columns)),
    ):
        assert any("soft stage" in said for said in differences(plan, changed, goal))


@pytest.fixture(scope="module")
def limited(tmp_path_factory):
    """A plan that keeps south's grant up by a limit of the planner's own."""
    from allocator.solving.settlement import solve_data

    folder = tmp_path_factory.mktemp("limited")
    own = limit("own", "grant", scope="partnership", name="south", least=110_000)
    data = tiny_data(folder, tiny_tables(limits=[own]))
    scenario = tiny_scenario(folder, "[goal]\ntail_years = 1\n")
    return make_plan(scenario, data, solve_data(data, scenario.settings)[0])


OWN = ("limit", "south", "2004-05", "partnership", "own", "grant", "least")


def a_limit_loosened(solver, proof):
    solver.changeRowBounds(row(proof, *OWN), 100.0, highspy.kHighsInf)


def a_limit_tightened(solver, proof):
    solver.changeRowBounds(row(proof, *OWN), 120.0, highspy.kHighsInf)


@pytest.mark.parametrize("change", [a_limit_loosened, a_limit_tightened])
def test_a_limit_that_was_moved_is_found_though_every_certificate_holds(limited, tmp_path, change):
    found = failed(forged_run(limited, tmp_path / "run", change))
    assert " ".join(OWN) in found["recomputed"]


@pytest.mark.parametrize("lines", [[100_000], []])
def test_a_run_whose_limit_was_loosened_or_dropped_in_its_tables_is_refused(limited, tmp_path, lines):
    run = write_run(limited, tmp_path / "run")
    assert not failed(run)
    path = run / "inputs" / "tables" / "limits.csv"
    text = path.read_text(encoding="utf-8")
    head, *rows = text.splitlines()
    assert len(rows) == 1
    assert "110000" in rows[0]
    rows = [rows[0].replace("110000", str(least)) for least in lines]
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    reseal(run)
    found = failed(run)
    assert "own" in found["recomputed"]
