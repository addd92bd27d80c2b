"""Forty data sets drawn at random, with the answers of an independent formulation (tests/drawn/README.md)."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from allocator.api import solve
from allocator.errors import NoPlan

DRAWN = Path(__file__).parents[1] / "drawn"
GOAL = {"settlement": 2e-6, "year_on_year": 5e-3}  # small differences travel from year to year
# Of the other columns, relative to the larger of what is expected and a least amount: README, "tolerance to test with".
SHORTFALL, THEN, STAGE, GRANT = 1e-5, 1e-4, 2e-4, 100.0


def read(name):
    with (DRAWN / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


EXPECTED = read("expected.csv")


@cache
def solved(case):
    return solve(DRAWN / case / "scenario.toml")


def of_status(status, *, column=""):
    rows = [row for row in EXPECTED if row["status"] == status and (not column or row[column])]
    return [pytest.param(row, id=row["case"]) for row in rows]


def near(expected, tolerance, least=0.0):
    return pytest.approx(float(expected), abs=tolerance * max(abs(float(expected)), least))


def test_there_are_forty_cases_of_both_kinds_with_all_that_the_model_has():
    assert len(EXPECTED) == 40
    assert {row["certainty"] for row in EXPECTED} == set(GOAL)
    assert {row["status"] for row in EXPECTED} == {"optimal", "infeasible"}
    features = {feature for row in EXPECTED for feature in row["features"].split("; ")}
    assert {"new partnership", "entry_grant", "limit each", "limit sum", "targets.national"} <= features


@pytest.mark.parametrize("row", of_status("infeasible"))
def test_a_case_without_a_plan_is_said_to_have_none(row):
    with pytest.raises(NoPlan) as none:
        solved(row["case"])
    assert bool(none.value.stage)


@pytest.mark.parametrize("row", of_status("optimal"))
def test_a_case_reaches_the_expected_shortfall_and_goal_and_keeps_every_rule(row):
    plan = solved(row["case"])
    worked = plan.recomputed
    assert worked.kept
    assert plan.certified
    assert worked.goal == pytest.approx(float(row["goal"]), rel=GOAL[row["certainty"]])
    if row["shortfall"]:
        short = sum(s.shortfall / s.required for s in worked.shortfalls if s.required > 0)
        assert short == near(row["shortfall"], SHORTFALL, 1.0)
    if row["first_year_reduction"]:
        assert float(worked.reduction[:, 0].sum()) == pytest.approx(float(row["first_year_reduction"]), rel=5e-3)


@pytest.mark.parametrize("row", of_status("optimal", column="then"))
def test_a_case_reaches_as_much_as_can_be_beside_its_goal(row):
    plan = solved(row["case"])
    goal, lasting = plan.scenario.settings.goal, plan.recomputed.lasting
    weights = np.array([goal.weights.get(partnership, 1.0) for partnership in plan.data.partnerships])
    discount = (1 + goal.discount_rate) ** -np.arange(lasting.shape[1])
    assert float(weights @ lasting @ discount) == near(row["then"], THEN)


@pytest.mark.parametrize("row", of_status("optimal", column="redundancies"))
def test_a_case_dismisses_as_few_as_can_be(row):
    assert float(solved(row["case"]).figures.redundancies.sum()) == near(row["redundancies"], STAGE, 1.0)


@pytest.mark.parametrize("row", of_status("optimal", column="change"))
def test_a_case_changes_grants_as_little_as_can_be(row):
    (grants,) = (stage for stage in solved(row["case"]).solution.stages if stage.stage == "grants")
    assert grants.outcome == "optimal"
    assert grants.value == near(row["change"], STAGE, 1.0)


def by_case(name):
    rows = read(name)
    return {case: [row for row in rows if row["case"] == case] for case in dict.fromkeys(row["case"] for row in rows)}


@pytest.mark.parametrize(
    ("case", "rows"), by_case("expected_grants.csv").items(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_grants_of_a_case(case, rows):
    plan = solved(case)
    for row in rows:
        p, t = plan.data.partnerships.index(row["partnership"]), plan.data.years.index(row["year"])
        assert float(plan.figures.grant[p, t]) == pytest.approx(float(row["grant"]), abs=GRANT), row


@pytest.mark.parametrize(
    ("case", "rows"), by_case("expected_shares.csv").items(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_shares_of_a_fairest_case(case, rows):
    plan = solved(case)
    last = len(plan.data.years) - 1
    neet = plan.data.neet[:, last].sum(axis=1)
    left_out = [plan.data.partnerships.index(name) for name in plan.solution.left_out]
    counted = [p for p in np.flatnonzero(neet > 0) if p not in left_out]
    shares = sorted(float(plan.recomputed.reduction[p, last] / neet[p]) for p in counted)
    assert shares == pytest.approx([float(row["share"]) for row in rows], abs=2e-6)


@pytest.mark.parametrize("row", of_status("optimal"))
def test_every_stage_of_a_case_ends_with_an_answer(row):
    assert {stage.outcome for stage in solved(row["case"]).solution.stages} <= {"optimal", "not needed"}
