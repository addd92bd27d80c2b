from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from allocator.recompute.figures import recompute
from allocator.runs.frames import COLUMNS, tables_of
from allocator.solving.solution import RowPrice, Solution
from tests.helpers import by_hand
from tests.helpers.builders import make_plan, row, tiny_data, tiny_scenario, tiny_tables

SETTINGS = """
[goal]
tail_years = 1
discount_rate = 0.25
[budget]
carry_forward_limit = 0.05
[workforce]
qualified_grade = "adviser"
"""


@pytest.fixture
def by_hand_plan(tmp_path):
    data, scenario = tiny_data(tmp_path), tiny_scenario(tmp_path, SETTINGS)
    prices = (
        RowPrice("national", ("2004-05",), "", 0.125),
        RowPrice("channel", ("north", "2004-05", "school"), "", 0.5),
        RowPrice("headcount", ("2005-06",), "", -0.0),
    )
    solution = Solution(by_hand.figures(data), (), prices, (), "HiGHS", 0.1, "no duals")
    return make_plan(scenario, data, solution)


def cells(frame, **where):
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_frames_say_what_the_plan_by_hand_says(by_hand_plan):
    plan = by_hand_plan
    grant = cells(plan.grants, partnership="north", year="2004-05")
    assert (grant["grant"], grant["grant_rounded"], grant["region"]) == (90_000, 90_000, "Upland")
    assert (grant["shares_as_before"], grant["on_shares_as_before"]) == (120_000, -0.25)
    advisers = cells(plan.advisers, partnership="north", year="2005-06", grade="adviser")
    assert (advisers["fte"], advisers["turnover"]) == (1.62, pytest.approx(0.18))
    assert len(plan.places) == 6
    places = cells(plan.places, partnership="south", year="2004-05", intervention="group_work")
    assert (places["client_group"], places["band"], places["places"]) == ("at_risk", 1, 50)
    reduction = cells(plan.reductions, partnership="south", year="2005-06")
    assert (reduction["neet_without"], reduction["reduction"], reduction["share"]) == (60, 2.25, 0.0375)
    money = cells(plan.money, partnership="north", year="2005-06")
    assert (money["grant"], money["carried_in"], money["spent"]) == (75_800, 1_000, pytest.approx(76_800))
    assert (money["fixed"], money["places"], money["salaries"]) == (10_000, 2_000, pytest.approx(64_800))
    assert cells(plan.money, partnership="north", year="2004-05")["lapsed"] == 2_000


def test_every_column_is_described_and_every_row_of_every_rule_is_there(by_hand_plan):
    for name, columns in COLUMNS.items():
        assert list(getattr(by_hand_plan, name).columns) == [column.name for column in columns]
    assert len(by_hand_plan.rules) == len(by_hand_plan.recomputed.rows)


def test_prices_are_a_pound_where_rules_are_in_pounds(by_hand_plan):
    rules = by_hand_plan.rules
    national = cells(rules, rule="national", year="2004-05")
    assert (national["price"], national["unit"], national["slack"]) == (0.125 / 1000, "£", 52_500)
    assert str(cells(rules, rule="headcount", year="2005-06")["price"]) == "0.0"  # never -0.0
    assert np.isnan(cells(rules, rule="national", year="2005-06")["price"])


def test_a_price_planned_year_on_year_is_that_of_the_year_carried_out(tmp_path):
    data = tiny_data(tmp_path)
    plan = by_hand.figures(data)
    worked = recompute(data, tiny_scenario(tmp_path).settings, plan)
    prices = [
        RowPrice("headcount", ("2005-06",), "2005-06", 2.0),
        RowPrice("headcount", ("2005-06",), "2004-05", 1.0),
    ]
    rules = tables_of(data, plan, worked, prices)["rules"]
    at = [r == "headcount" and y == "2005-06" for r, y in zip(rules["rule"], rules["year"], strict=True)].index(True)
    assert rules["price"][at] == 2.0


def test_summary_has_the_keys_and_totals_of_the_contract(by_hand_plan):
    summary = by_hand_plan.summary().to_dict()
    assert list(summary) == [
        "status", "certified", "gap", "violation", "scenario", "goal", "stages", "shortfalls", "years", "partnerships",
    ]  # fmt: skip
    assert summary["goal"] == {
        "measure": "cumulative",
        "value": pytest.approx(15.06),
        "unit": "young person-years",
        "tail": None,
    }
    assert summary["years"][0] == {
        "year": "2004-05",
        "money": 200_000,
        "granted": 147_500,
        "spent": pytest.approx(144_500),
        "carried": 1_000,
        "lapsed": 2_000,
        "neet_without": 180,
        "reduction": 7.5,
        "advisers": pytest.approx(4.5),
        "recruits": 0,
        "redundancies": 0,
        "training": 0,
        "qualified_share": pytest.approx(2.7 / 4.5),
    }
    north = summary["partnerships"][0]
    assert (north["partnership"], north["name"], north["region"]) == ("north", "North", "Upland")
    assert north["years"][1] == {
        "year": "2005-06",
        "grant": 75_800,
        "spent": pytest.approx(76_800),
        "carried": 0,
        "lapsed": 0,
        "advisers": pytest.approx(2.43),
        "neet_without": 120,
        "reduction": 4.5,
    }


def test_without_proofs_a_plan_is_not_certified_and_says_why(by_hand_plan):
    assert not by_hand_plan.certified
    assert by_hand_plan.gap is None
    assert by_hand_plan.why_uncertified == "no duals"


def test_no_qualified_grade_and_no_neet_leave_blanks(tmp_path):
    tables = tiny_tables()
    for line in tables["young_people"]:
        line["neet"] = 0 if line["partnership"] == "south" else line["neet"]
    data, scenario = tiny_data(tmp_path, tables), tiny_scenario(tmp_path)
    plan = make_plan(scenario, data, Solution(by_hand.figures(data), (), (), (), "HiGHS", 0.1))
    assert plan.summary().years[0].qualified_share is None
    assert plan.tables["reductions"]["share"][2:] == [None, None]


def test_a_solved_plan_is_certified_and_its_goal_is_the_certified_one(plan):
    assert plan.certified
    assert plan.gap <= 1e-6
    assert plan.violation <= 1e-6
    goal = next(c for c in plan.certificates if c.stage == "goal")
    assert float(goal.goal) == pytest.approx(plan.recomputed.goal, rel=1e-9)
    (target,) = [s for s in plan.recomputed.shortfalls if s.rule == "target"]
    assert target.required == 90
    assert target.shortfall > 0


def test_a_certificate_that_fails_or_a_rule_that_is_broken_uncertifies(plan):
    worse = replace(plan, certificates=(replace(plan.certificates[0], certified=False, why="off"), *plan.certificates))
    assert not worse.certified
    assert "off" in worse.why_uncertified
    figures = by_hand.changed(plan.figures, grant=((0, 0), float(plan.figures.grant[0, 0]) * 1.1))
    raised = make_plan(plan.scenario, plan.data, replace(plan.solution, figures=figures))
    assert not raised.certified
    assert "broken" in raised.why_uncertified


def test_what_a_notebook_shows_escapes_titles(by_hand_plan, tmp_path):
    settings = by_hand_plan.scenario.settings.model_copy(update={"title": "<script>alert(1)</script>"})
    shown = replace(by_hand_plan, scenario=SimpleNamespace(settings=settings, name="x", sha256="y"))._repr_html_()
    assert "<script>" not in shown
    assert "2005-06" in shown


def test_names_are_those_of_the_tables(tmp_path):
    tables = tiny_tables()
    row(tables, "partnerships", partnership="north")["name"] = "=1+1"
    data, scenario = tiny_data(tmp_path, tables), tiny_scenario(tmp_path)
    plan = make_plan(scenario, data, Solution(by_hand.figures(data), (), (), (), "HiGHS", 0.1))
    assert plan.tables["grants"]["name"][0] == "=1+1"
