"""Every goal's value on an instance of paper size, worked out by hand; south's work counts double in some."""

from dataclasses import replace

import numpy as np
import pytest

from allocator.programme.formulate import formulate
from allocator.programme.situation import at_the_start
from allocator.register import GOALS
from allocator.runs.plan import judge
from tests.helpers.builders import row, tiny_data, tiny_scenario
from tests.helpers.paper_programme import FINAL_YEAR, goal_of, paper_tables, solved, two_partnerships

HELD = 2e-7  # relative, as in test_rules
TWO_YEARS = "discount_rate = 0.1\ntail_years = 1\n"


def two_years(**changes):
    """One adviser and 100 places in each of two years; half of an effect lasts a year; the second is dearer."""
    tables = paper_tables(years=2)
    tables["interventions"][0]["persistence"] = 0.5
    tables["years"][1]["price_index"] = 1.1
    return tables


def with_target():
    tables = paper_tables()
    aim = {"scope": "national", "name": "", "year": "2004-05", "max_neet": None, "reduction_share": 0.05}
    tables["targets"] = [aim]
    return tables


def fifty_thousand():
    tables = two_partnerships()
    tables["years"][0]["budget"] = 50_000
    return tables


# 10 in the first year; 10 + 5 in the second; 7.5 in the tail: 10 + 15 / 1.1 + 7.5 / 1.21
CUMULATIVE = 10 + 15 / 1.1 + 7.5 / 1.21
VALUES = {
    "cumulative": (two_years, TWO_YEARS, CUMULATIVE),
    "final_year": (two_years, TWO_YEARS, 15),
    # £50,000 a year at base prices: fixed 10,000, an adviser 30,000, 100 places 10,000; they bring more than they cost
    "benefit": (
        two_years,
        TWO_YEARS + "benefit_per_neet = 10_000\n",
        10_000 * CUMULATIVE - 50_000 - 50_000 / 1.1,
    ),
    # a twentieth of 80 is 4: 40 places, 0.4 of an adviser; the rest is laid off: 10,000 + 12,000 + 4,000 + 0.6 x 2,000
    "least_cost": (with_target, "", 27_200),
    # one adviser costs 40,000 with coaching; £30,000 pay 0.75: 0.5 in north and 0.25 in south bring 5 each, of 80
    "fairest": (fifty_thousand, "", 5 / 80),
}


def settings(goal, more=""):
    return f'[goal]\nmeasure = "{goal}"\n{more}'


def test_every_goal_of_the_register_has_a_value_worked_out_by_hand():
    assert set(VALUES) == set(GOALS)


@pytest.mark.parametrize("goal", GOALS)
def test_a_goal_reaches_the_value_worked_out_by_hand(tmp_path, goal):
    tables, more, value = VALUES[goal]
    assert goal_of(tmp_path, tables(), settings(goal, more)) == pytest.approx(value, rel=HELD, abs=HELD)


@pytest.mark.parametrize("goal", GOALS)
def test_the_goal_of_the_programme_and_the_one_worked_out_again_agree_to_1e_6(tmp_path, goal):
    tables, more, _ = VALUES[goal]
    data, s, solution = solved(tmp_path, tables(), settings(goal, more))
    judged = judge(data, s, solution.figures)
    (proof,) = (p for p in solution.proofs if p.stage == "goal")
    of_programme = float(proof.problem.cost @ proof.plan) + formulate(data, s).goal_constant
    assert judged.goal == pytest.approx(of_programme, rel=1e-6)


def test_what_earlier_years_leave_standing_is_no_decision_of_the_goal(tmp_path):
    # planned is the second year alone, with one of the tail; 8 stand at its end and 4 a year on, of whom 6 and 2 are
    # still of the ages counted. Fixed costs are
    # 10,000 in base-year prices; a year on counts 1 / 1.1
    data = tiny_data(tmp_path, two_years())
    start = at_the_start(data, tiny_scenario(tmp_path, settings("cumulative", TWO_YEARS)).settings)
    left = {"lasting_before": np.array([[0.0, 8.0, 4.0]]), "counted_before": np.array([[0.0, 6.0, 2.0]])}
    now = replace(start, years=(1,), money=start.money[1:], tail_years=1, **left)
    more = TWO_YEARS + "benefit_per_neet = 1_000\n"
    every = {goal: tiny_scenario(tmp_path, settings(goal, more)).settings for goal in GOALS}
    found = {goal: formulate(data, s, now).goal_constant for goal, s in every.items()}
    standing = 8 / 1.1 + 4 / 1.21
    assert found == pytest.approx(
        {
            "cumulative": standing,
            "final_year": 6,
            "benefit": 1_000 * standing - 10_000 / 1.1,
            "least_cost": 10_000 / 1.1,
            "fairest": 0,
        }
    )


def test_weights_turn_the_money_to_where_they_are(tmp_path):
    # £60,000 pay one adviser beside the two fixed costs, and south's work counts double: 20 of them in south;
    # a weight of 3 in north makes it 30 there, of which 10 are young people
    data, s, solution = solved(tmp_path, two_partnerships(), FINAL_YEAR + "[goal.weights]\nnorth = 3")
    judged = judge(data, s, solution.figures)
    assert judged.goal == pytest.approx(30, rel=HELD)
    assert judged.reduction[:, 0] == pytest.approx([10, 0], abs=1e-5)


def test_a_negative_effect_counts_whole_in_every_band(tmp_path):
    # coaching for 60 is guaranteed and does harm, 6 young people; were the second band to count half, the programme
    # would fill it first and see 0.05 x 50 + 0.1 x 10
    tables = paper_tables()
    tables["effects"][0]["effect"] = -0.1
    tables["returns"] = [
        {"intervention": "coaching", "band": band, "width": 0.5, "relative_effect": share}
        for band, share in ((1, 1), (2, 0.5))
    ]
    tables["guarantees"] = [{"year": "2004-05", "client_group": "neet", "interventions": "coaching", "min_share": 0.6}]
    data, s, solution = solved(tmp_path, tables)
    (proof,) = (p for p in solution.proofs if p.stage == "goal")
    assert float(proof.problem.cost @ proof.plan) == pytest.approx(-6, rel=HELD)
    assert judge(data, s, solution.figures).goal == pytest.approx(-6, rel=HELD)


def test_a_lag_longer_than_the_horizon_brings_nothing_without_a_tail(tmp_path):
    tables = paper_tables()
    tables["interventions"][0]["lag"] = 1
    assert goal_of(tmp_path, tables, settings("cumulative", "discount_rate = 0\n")) == pytest.approx(0, abs=HELD)
    with_tail = settings("cumulative", "discount_rate = 0\ntail_years = 1\n")
    assert goal_of(tmp_path / "tail", tables, with_tail) == pytest.approx(10, rel=HELD)


def test_an_area_where_pay_is_higher_pays_more_for_the_same_advisers(tmp_path):
    # north has no advisers and costs 10,000; 36,000 = 10,000 + (2 x 30,000 + 10,000) f for f advisers in south
    tables = two_partnerships()
    tables["years"][0]["budget"] = 46_000
    row(tables, "partnerships", partnership="south").update(area_cost_factor=2, effect_multiplier=1)
    row(tables, "workforce", partnership="north", grade="adviser")["fte"] = 0
    assert goal_of(tmp_path, tables) == pytest.approx(10 * 26 / 70, rel=HELD)
