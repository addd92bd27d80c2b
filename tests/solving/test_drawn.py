"""Thirty data sets drawn at random, with the answers of an independent formulation (tests/drawn/expected.csv)."""

import csv
from pathlib import Path

import pytest

from allocator.errors import NoPlan
from allocator.scenario.load import read_scenario
from allocator.solving.settlement import solve_data
from allocator.tables import read_data
from tests.helpers.builders import make_plan

DRAWN = Path(__file__).parents[1] / "drawn"
with (DRAWN / "expected.csv").open(encoding="utf-8") as file:
    EXPECTED = list(csv.DictReader(file))
TOLERANCE = {"settlement": 2e-6, "year_on_year": 5e-3}  # ties carry from year to year


def solved(case):
    scenario = read_scenario(DRAWN / case / "scenario.toml")
    data = read_data(scenario.data, scenario.table_files)
    return make_plan(scenario, data, solve_data(data, scenario.settings)[0])


def of_status(status):
    return [pytest.param(row, id=row["case"]) for row in EXPECTED if row["status"] == status]


def test_there_are_thirty_cases_of_both_kinds():
    assert len(EXPECTED) == 30
    assert {row["certainty"] for row in EXPECTED} == set(TOLERANCE)


@pytest.mark.parametrize("row", of_status("infeasible"))
def test_a_case_without_a_plan_is_said_to_have_none(row):
    with pytest.raises(NoPlan) as none:
        solved(row["case"])
    assert bool(none.value.stage)


@pytest.mark.parametrize("row", of_status("optimal"))
def test_a_case_reaches_the_expected_shortfall_and_goal_and_keeps_every_rule(row):
    plan = solved(row["case"])
    worked, tolerance = plan.recomputed, TOLERANCE[row["certainty"]]
    assert worked.kept
    assert plan.certified
    assert worked.goal == pytest.approx(float(row["goal"]), rel=tolerance)
    if row["shortfall"]:
        short = sum(s.shortfall / s.required for s in worked.shortfalls)
        assert short == pytest.approx(float(row["shortfall"]), rel=tolerance, abs=2e-6)
    if row["first_year_reduction"]:
        first = float(worked.reduction[:, 0].sum())
        assert first == pytest.approx(float(row["first_year_reduction"]), rel=tolerance)


@pytest.mark.parametrize("row", of_status("optimal"))
def test_every_stage_of_a_case_ends_with_an_answer(row):
    stages = solved(row["case"]).solution.stages
    assert {stage.outcome for stage in stages} <= {"optimal", "not needed"}
