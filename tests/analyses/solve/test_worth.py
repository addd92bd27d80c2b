"""Prices against plans made anew with the amount changed, on drawn data sets, and on the reference problem."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from allocator.analyses.explain.rule_costs import rule_costs
from allocator.analyses.solve.beside_the_plan import reasons_of
from allocator.analyses.solve.worth import step_of, worth
from allocator.errors import NoPlan
from allocator.register.rules import of_group
from allocator.runs.plan import judge
from allocator.scenario.amounts import money
from allocator.scenario.load import read_scenario
from allocator.solving.settlement import solve_data
from allocator.tables import read_data
from allocator.what_if.questions import Change, what_if
from tests.helpers.builders import row, tiny_data, tiny_scenario, tiny_tables

DRAWN = Path(__file__).parents[2] / "drawn"
with (DRAWN / "expected.csv").open(encoding="utf-8") as file:
    SOLVED = [case for case in csv.DictReader(file) if case["status"] == "optimal"]
# Prices are of the goal: where a part of it is given up, a plan made anew gives up a part of what more brings as well.
SETTLED = [case["case"] for case in SOLVED if case["certainty"] == "settlement" and "give_up" not in case["features"]]
SHORT = [case["case"] for case in SOLVED if float(case["shortfall"] or 0) > 0]
ROLLING = [case["case"] for case in SOLVED if case["certainty"] == "year_on_year"]


def read(case):
    scenario = read_scenario(DRAWN / case / "scenario.toml")
    return read_data(scenario.data, scenario.table_files), scenario.settings


def solved(d, s):
    """Sum of shortfalls and goal of a plan made from the beginning; None where there is none."""
    try:
        figures = solve_data(d, s)[0].figures
    except NoPlan:
        return None
    worked = judge(d, s, figures)
    return sum(row.shortfall / row.required for row in worked.shortfalls), worked.goal


def with_money(d, s, t, added):
    amounts = money(d, s)
    amounts[t] += added
    budget = {"by_year": dict(zip(d.years, amounts.tolist(), strict=True)), "scale": 1.0, "reserve": 0.0}
    return s.model_copy(update={"budget": s.budget.model_copy(update=budget)})


def prices(d, s):
    return worth_of(d, s, solve_data(d, s)[1])


def worth_of(d, s, plans):
    question = what_if(d, s, plans)
    return worth(question, judge(d, s, question.figures).goal)


def assert_side(side, other, base, goal):
    assert (side is None) == (other is None)
    if side is not None:
        assert side.soft == pytest.approx(other[0] - base[0], abs=2e-5)
        assert side.goal == pytest.approx(other[1] - base[1], abs=3e-6 * max(1.0, abs(goal)))


@pytest.mark.parametrize("case", SETTLED)
def test_a_price_of_money_is_what_a_plan_made_anew_gains_and_loses(case):
    d, s = read(case)
    base = solved(d, s)
    for t, price in enumerate(prices(d, s).of("money")[: len(d.years)]):
        for side, way in ((price.more, 1), (price.less, -1)):
            assert_side(side, solved(d, with_money(d, s, t, way * price.step)), base, base[1])


@pytest.mark.parametrize("case", ROLLING)
def test_a_price_of_money_planned_year_on_year(case):
    d, s = read(case)
    base = solved(d, s)
    t = len(d.years) - 1
    price = prices(d, s).of("money")[t]
    other = solved(d, with_money(d, s, t, price.step))
    # ties carry from year to year, so that two ways of coming to a year may differ a little
    assert price.more.goal == pytest.approx(other[1] - base[1], abs=2e-3 * max(1.0, abs(base[1])))


@pytest.mark.parametrize("case", ROLLING)
def test_posts_of_a_later_year_are_known_to_earlier_plans_that_reach_it(case):
    d, s = read(case)
    limit = d.headcount_limit * s.workforce.headcount_scale
    question = what_if(d, s, solve_data(d, s)[1])
    fewer = np.zeros(len(d.years))
    fewer[-1] = 0.9 * question.figures.fte[:, -1].sum() - limit[-1]  # a tenth less than there would be
    scaled = s.model_copy(update={"workforce": s.workforce.model_copy(update={"headcount_scale": 1.0})})
    found = question.reached(Change(posts=tuple(fewer)))
    other = solved(replace(d, headcount_limit=limit + fewer), scaled)
    assert (found is None) == (other is None)
    if found is not None:
        assert found.soft == pytest.approx(other[0], abs=2e-5)
        assert found.goal == pytest.approx(other[1], rel=1e-6)


@pytest.mark.parametrize("case", SETTLED)
def test_prices_of_posts_and_training_places(case):
    d, s = read(case)
    base, found = solved(d, s), prices(d, s)
    scaled = s.model_copy(update={"workforce": s.workforce.model_copy(update={"headcount_scale": 1.0})})
    for t in range(len(d.years)):
        for price in found.of("posts")[t : t + 1]:
            limit = d.headcount_limit * s.workforce.headcount_scale
            limit[t] += price.step
            assert_side(price.more, solved(replace(d, headcount_limit=limit), scaled), base, base[1])
        for price in found.of("training")[t : t + 1]:
            places = d.training_places.copy()
            places[t] -= price.step
            if places[t] >= 0:
                assert_side(price.less, solved(replace(d, training_places=places), s), base, base[1])


def test_there_are_cases_in_which_soft_rules_fall_short():
    assert len(SHORT) >= 8


@pytest.mark.parametrize("case", SHORT)
def test_asking_leaves_the_programme_as_it_was(case):
    d, s = read(case)
    plans = solve_data(d, s)[1]
    one, two = worth_of(d, s, plans), worth_of(d, s, plans)
    for first, second in zip(one.prices, two.prices, strict=True):
        for side, again in ((first.more, second.more), (first.less, second.less)):
            assert (side is None) == (again is None)
            assert side is None or side.goal == pytest.approx(again.goal, abs=1e-6 * max(1.0, abs(one.goal)))


@pytest.mark.parametrize("case", SETTLED[::3])
def test_the_cost_of_a_rule_is_what_a_plan_made_anew_without_it_gains(case):
    d, s = read(case)
    base = solved(d, s)
    costs = rule_costs(what_if(d, s, solve_data(d, s)[1])).rows
    assert costs
    for cost in costs:
        off = s.model_copy(update={"rules": s.rules.model_copy(update={"off": (*s.rules.off, *of_group(cost.rule))})})
        assert_side(cost.without, solved(d, off), base, base[1])


# --- on paper --------------------------------------------------------------------------------------------------------


def test_small_programmes_have_small_steps():
    assert step_of("money", np.array([446_600_000.0])) == 1_000_000
    assert step_of("money", np.array([200_000.0, 300_000.0])) == 1_000  # no more than a hundredth
    assert step_of("posts", np.array([9_700.0])) == 10
    assert step_of("posts", np.array([20.0])) == pytest.approx(0.1)
    assert step_of("training", np.array([1_000.0])) == 100
    assert step_of("training", np.array([0.0])) == 100


def test_a_limit_on_posts_that_binds_has_its_price_on_both_sides(tmp_path):
    # one year; coaching alone, 100 hours of an adviser each, who has 1,000: ten places, a fall of one, an adviser.
    # Money and uptake leave room for 2.7 posts, the limit is 2; a tenth of a post is worth 0.1 on either side.
    tables = tiny_tables(effects={"adviser_hours": 100, "max_uptake": 1})
    tables["effects"] = [line for line in tables["effects"] if line["intervention"] == "coaching"]
    tables["workforce"] = [line | {"fte": 0 if line["grade"] == "support" else 2} for line in tables["workforce"]]
    for table in ("young_people", "years"):
        tables[table] = [line for line in tables[table] if line["year"] == "2004-05"]
    row(tables, "years", year="2004-05")["headcount_limit"] = 2
    d = tiny_data(tmp_path, tables)
    s = tiny_scenario(tmp_path).settings
    (price,) = prices(d, s).of("posts")
    assert price.step == pytest.approx(0.01)
    assert price.reached
    assert price.more.goal == pytest.approx(0.01, rel=1e-4)
    assert price.less.goal == pytest.approx(-0.01, rel=1e-4)


# --- the reference problem: the figures of an independent formulation ------------------------------------------------


@pytest.fixture(scope="module")
def reference():
    scenario = read_scenario("settlement")
    data = read_data(scenario.data)
    return what_if(data, scenario.settings, solve_data(data, scenario.settings)[1])


def test_the_reference_prices(reference):
    found = worth(reference, judge(reference.data, reference.settings, reference.figures).goal)
    sides = [(round(price.more.goal, 1), round(price.less.goal, 1)) for price in found.of("money")]
    assert sides == [(48.7, -48.7), (35.4, -35.6), (28.8, -28.9), (112.8, -113.2)]
    million = 1_000_000
    assert [price.holds for price in found.of("money")[:3]] == [
        (-2 * million, 2 * million),
        (-1 * million, 3 * million),
        (-5 * million, 5 * million),
    ]
    assert all(price.worth_nothing and not price.reached for price in (*found.of("posts"), *found.of("training")))
    assert found.redundancies == pytest.approx(699.16, abs=0.01)
    assert found.no_redundancies.goal == pytest.approx(-515.4, abs=0.5)  # as a programme made without redundancies says


def test_what_the_rules_of_the_reference_cost(reference):
    costs = {cost.rule: cost.without.goal for cost in rule_costs(reference).rows}
    expected = {"qualified": 283, "channel": 260, "damping": 54, "recruitment": 9, "guarantee": 8}
    assert {rule: costs[rule] for rule in expected} == pytest.approx(expected, abs=0.75)
    assert 0 < costs["floor"] < 1
    assert costs["headcount"] == costs["cap"] == costs["target"] == 0


def test_where_the_goal_is_money_its_shares_are_of_all_that_is_spent(tmp_path):
    # fixed costs of 10,000 in each of two partnerships and years are no decision, and are spent all the same
    # (discounted at 3.5 % unless the scenario says otherwise)
    d = tiny_data(tmp_path)
    s = tiny_scenario(tmp_path, '[goal]\nmeasure = "least_cost"\n').settings
    plans = solve_data(d, s)[1]
    question = what_if(d, s, plans)
    made = reasons_of(d, s, plans, judge(d, s, question.figures)).worth
    assert made.goal == pytest.approx(judge(d, s, question.figures).goal)
    assert made.goal - question.base.goal == pytest.approx(20_000 + 20_000 / 1.035)
