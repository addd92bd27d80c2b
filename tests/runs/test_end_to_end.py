from __future__ import annotations

import csv
from pathlib import Path

import pytest

from allocator.runs.verify.verify import verify
from allocator.runs.write import write_run
from allocator.scenario.load import read_scenario
from allocator.solving.settlement import solve_data
from allocator.tables import read_data
from tests.helpers.builders import make_plan

DRAWN = Path(__file__).resolve().parents[1] / "drawn"
with (DRAWN / "expected.csv").open(encoding="utf-8") as _file:
    CASES = [row for row in csv.DictReader(_file) if row["status"] == "optimal"]


def planned(scenario):
    data = read_data(scenario.data, scenario.table_files)
    solution, _ = solve_data(data, scenario.settings)
    return make_plan(scenario, data, solution)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_drawn_cases_are_certified_verify_and_reach_what_another_formulation_reached(case, tmp_path):
    plan = planned(read_scenario(DRAWN / case["case"] / "scenario.toml"))
    assert plan.certified, plan.why_uncertified
    yearly = case["certainty"] == "year_on_year"
    assert plan.recomputed.goal == pytest.approx(float(case["goal"]), rel=5e-3 if yearly else 2e-6)
    if not yearly:
        short = sum(s.shortfall / s.required for s in plan.recomputed.shortfalls)
        assert short == pytest.approx(float(case["shortfall"]), rel=2e-6, abs=2e-6)
    found = verify(write_run(plan, tmp_path / "run"))
    assert found.certified, found


@pytest.mark.slow
@pytest.mark.parametrize("name", ["settlement", "in_force", "blend", "least_cost"])
def test_reference_scenarios_are_certified_and_their_runs_verify(name, tmp_path):
    plan = planned(read_scenario(name))
    assert plan.certified, plan.why_uncertified
    run = write_run(plan, tmp_path / "run")
    found = verify(run)
    assert found.certified, found
    rounded = plan.tables["grants"]["grant_rounded"]
    assert sum(rounded) == round(sum(plan.tables["grants"]["grant"]))
