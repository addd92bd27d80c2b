from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from allocator.recompute.figures import recompute
from allocator.register import RULES
from allocator.runs.plan import judge
from tests.helpers import by_hand
from tests.helpers.builders import row, tiny_data, tiny_scenario, tiny_tables

if TYPE_CHECKING:
    from pathlib import Path

    from allocator.recompute.rules import RuleRow

SETTINGS = """
[budget]
carry_forward_limit = 0.05
[grants]
floor = 0.6
cap = 0.8
max_fall = 0.4
max_rise = 0.1
[workforce]
max_recruitment = 0.5
headcount_scale = 0.5
qualified_grade = "adviser"
[workforce.qualified_share]
"2005-06" = 0.4
[local]
max_reduction = 0.1
min_reduction = 0.03
"""


def tables() -> dict[str, Any]:
    made = tiny_tables(
        capacities=[{"partnership": "north", "channel": "school", "year": "2004-05", "places": 150}],
        guarantees=[{"year": "2004-05", "client_group": "neet", "interventions": "coaching", "min_share": 0.3}],
        targets=[{"scope": "national", "name": "", "year": "2005-06", "max_neet": 175, "reduction_share": None}],
    )
    row(made, "interventions", intervention="coaching")["exclusive_set"] = "casework"
    return made


def rows_of(folder: Path, settings: str = SETTINGS, **change: Any) -> dict[tuple[str, ...], RuleRow]:
    data = tiny_data(folder, tables())
    plan = by_hand.changed(by_hand.figures(data), **change)
    return {(r.rule, *r.place.words): r for r in recompute(data, tiny_scenario(folder, settings).settings, plan).rows}


# what each rule says of the plan by hand: row, left, sense, right
EXPECTED = [
    (("eligible", "north", "2004-05", "casework", "neet"), 40, "<=", 100),
    (("channel", "north", "2004-05", "school"), 100, "<=", 150),
    (("hours", "north", "2004-05", "support"), 40 * 10 + 100, "<=", 2_700),
    (("hours", "north", "2004-05", "adviser"), 40 * 10, "<=", 1_800),
    (("workforce", "south", "2005-06", "adviser"), 0.81, "=", 0.81),
    (("trainees", "north", "2005-06", "support"), 0, "<=", 0.81),
    (("recruitment", "north", "2004-05"), 0, "<=", 1.5),
    (("recruitment", "north", "2005-06"), 0, "<=", 1.35),
    (("training_places", "2004-05"), 0, "<=", 10),
    (("headcount", "2004-05"), 4.5, "<=", 10),
    (("qualified", "north", "2005-06"), 1.62, ">=", 0.4 * 2.43),
    (("money", "north", "2004-05"), 90_000, "=", 87_000 + 1_000 + 2_000),
    (("money", "north", "2005-06"), 76_800, "=", 76_800),
    (("carry_forward", "north", "2004-05"), 1_000, "<=", 4_500),
    (("national", "2004-05"), 147_500, "<=", 200_000),
    (("floor", "north", "2005-06"), 75_800, ">=", 72_000),
    (("cap", "south", "2004-05"), 57_500, "<=", 64_000),
    (("max_fall", "north", "2004-05"), 90_000, ">=", 72_000),
    (("max_rise", "south", "2005-06"), 51_500, "<=", 1.1 * 57_500),
    (("guarantee", "south", "2004-05", "neet", "coaching"), 20, ">=", 15),
    (("ceiling", "north", "2004-05"), 5, "<=", 12),
    (("local_minimum", "south", "2005-06"), 2.25, ">=", 1.8),
    (("target", "2005-06", "national"), 6.75, ">=", 5),
]


@pytest.mark.parametrize(("key", "left", "sense", "right"), EXPECTED, ids=["|".join(e[0]) for e in EXPECTED])
def test_both_sides_of_each_rule_are_as_on_paper(tmp_path, key, left, sense, right):
    found = rows_of(tmp_path)[key]
    assert found.left == pytest.approx(left, rel=1e-12)
    assert found.sense == sense
    assert found.right == pytest.approx(right, rel=1e-12)
    room = {"<=": right - left, ">=": left - right, "=": 0}[sense]
    assert found.slack == pytest.approx(room, rel=1e-9, abs=1e-9)
    assert found.violation < 1e-12


# a change of one figure that breaks a row of the rule: figure and cell, row, by how much, its largest term
BROKEN = [
    ({"places": ((0, 0, 0, 1, 0), 110.0)}, ("eligible", "north", "2004-05", "casework", "neet"), 10, 110),
    ({"places": ((0, 0, 1, 0, 0), 160.0)}, ("channel", "north", "2004-05", "school"), 10, 160),
    ({"fte": ((0, 0, 1), 0.3)}, ("hours", "north", "2004-05", "adviser"), 100, 400),
    ({"training": ((0, 0, 0), 27.0)}, ("hours", "north", "2004-05", "support"), 500, 2_700),
    ({"fte": ((1, 1, 1), 1.81)}, ("workforce", "south", "2005-06", "adviser"), 1, 1.81),
    ({"training": ((0, 1, 0), 1.31)}, ("trainees", "north", "2005-06", "support"), 0.5, 1.31),
    ({"recruits": ((0, 0, 0), 1.75)}, ("recruitment", "north", "2004-05"), 0.25, 1.75),
    ({"training": ((0, 1, 0), 12.0)}, ("training_places", "2005-06"), 2, 12),
    ({"fte": ((0, 0, 0), 8.9)}, ("headcount", "2004-05"), 2.5, 10),
    ({"fte": ((0, 1, 1), 0.42)}, ("qualified", "north", "2005-06"), 0.4 * 1.23 - 0.42, 1),
    ({"grant": ((0, 1), 75_801.0)}, ("money", "north", "2005-06"), 1, 75_801),
    ({"carry": ((0, 0), 5_000.0)}, ("carry_forward", "north", "2004-05"), 500, 5_000),
    ({"grant": ((0, 0), 150_000.0)}, ("national", "2004-05"), 7_500, 200_000),
    ({"grant": ((0, 1), 71_000.0)}, ("floor", "north", "2005-06"), 1_000, 72_000),
    ({"grant": ((1, 0), 65_000.0)}, ("cap", "south", "2004-05"), 1_000, 65_000),
    ({"grant": ((0, 0), 71_000.0)}, ("max_fall", "north", "2004-05"), 1_000, 72_000),
    ({"grant": ((1, 1), 64_250.0)}, ("max_rise", "south", "2005-06"), 1_000, 64_250),
    ({"places": ((1, 0, 0, 1, 0), 13.0)}, ("guarantee", "south", "2004-05", "neet", "coaching"), 2, 15),
    ({"places": ((0, 0, 0, 1, 0), 120.0)}, ("ceiling", "north", "2004-05"), 1, 12),
    ({"places": ((1, 1, 0, 1, 0), 0.0)}, ("local_minimum", "south", "2005-06"), 0.55, 1.8),
    ({"places": ((0, 1, 0, 1, 0), 0.0)}, ("target", "2005-06", "national"), 0.25, 5),
]


@pytest.mark.parametrize(("change", "key", "by", "largest"), BROKEN, ids=["|".join(b[1]) for b in BROKEN])
def test_a_broken_row_says_by_how_much_and_relative_to_its_largest_term(tmp_path, change, key, by, largest):
    found = rows_of(tmp_path, **change)[key]
    assert found.slack == pytest.approx(-by, rel=1e-9)
    assert found.violation == pytest.approx(by / largest, rel=1e-9)


def test_money_that_is_out_by_a_pound_is_said_in_pounds(tmp_path):
    data = tiny_data(tmp_path, tables())
    plan = by_hand.changed(by_hand.figures(data), grant=((0, 1), 75_801.0))
    assert recompute(data, tiny_scenario(tmp_path, SETTINGS).settings, plan).pounds_out == pytest.approx(1)


def test_trained_advisers_stand_one_grade_higher_the_year_after(tmp_path):
    found = rows_of(tmp_path, training=((0, 0, 0), 0.5))
    assert found["workforce", "north", "2005-06", "support"].right == pytest.approx(0.9 * (0.9 - 0.5))
    assert found["workforce", "north", "2005-06", "adviser"].right == pytest.approx(0.9 * (1.8 + 0.5))


def test_grades_below_adviser_grade_do_not_count_in_the_qualified_share(tmp_path):
    settings = SETTINGS.replace('qualified_grade = "adviser"', 'qualified_grade = "adviser"\nadviser_grade = "adviser"')
    found = rows_of(tmp_path, settings)["qualified", "north", "2005-06"]
    assert found.right == pytest.approx(0.4 * 1.62)


def test_the_top_grade_has_no_row_of_trainees_and_years_without_share_none_of_qualified(tmp_path):
    found = rows_of(tmp_path)
    assert not any(key[0] == "trainees" and key[3] == "adviser" for key in found)
    assert {key[2] for key in found if key[0] == "qualified"} == {"2005-06"}


def test_a_rule_that_is_off_or_has_no_limit_has_no_rows(tmp_path):
    every = {key[0] for key in rows_of(tmp_path)}
    data, settings = tiny_data(tmp_path, tables()), tiny_scenario(tmp_path, SETTINGS).settings
    assert every == {name for name, rule in RULES.items() if rule.acts(settings) and rule.there(data, settings)}
    assert len(every) >= 20
    assert every.isdisjoint({"distribution", "formula_floor", "limit"})
    off = SETTINGS + '[rules]\noff = ["channel", "damping", "ceiling"]'
    assert {key[0] for key in rows_of(tmp_path, off)} == every - {"channel", "max_fall", "max_rise", "ceiling"}
    bare = {key[0] for key in rows_of(tmp_path, '[local]\nmax_reduction = "none"')}
    limits = {"floor", "cap", "max_fall", "max_rise", "recruitment", "qualified", "ceiling", "local_minimum"}
    assert bare == every - limits


def test_grants_that_are_set_have_rows_of_distribution_and_none_of_floor_cap_or_damping(tmp_path):
    data = tiny_data(tmp_path, tables())
    settings = tiny_scenario(tmp_path, SETTINGS, 'grants.distribution="historical"').settings
    found = {(r.rule, *r.place.words): r for r in judge(data, settings, by_hand.figures(data)).rows}
    row_found = found["distribution", "north", "2004-05"]
    assert (row_found.left, row_found.right) == (90_000, pytest.approx(200_000 * 0.6))
    assert not {"floor", "cap", "max_fall", "max_rise"} & {key[0] for key in found}


def test_blend_asks_for_a_share_of_the_formula_beside_the_limits(tmp_path):
    data = tiny_data(tmp_path, tables())
    changes = ('grants.distribution="blend"', "grants.formula_share=0.9", "grants.formula.baseline=1.0")
    settings = tiny_scenario(tmp_path, SETTINGS, *changes).settings
    found = {(r.rule, *r.place.words): r for r in judge(data, settings, by_hand.figures(data)).rows}
    assert found["formula_floor", "south", "2005-06"].right == pytest.approx(0.9 * 200_000 * 0.4)
    assert ("cap", "north", "2004-05") in found


def test_planned_year_on_year_the_formulas_minimum_rests_on_the_grant_that_was_paid(tmp_path):
    data = tiny_data(tmp_path)
    changes = ('grants.distribution="formula"', "grants.formula.young_people=1.0", "grants.formula.minimum_change=-0.5")
    plan = by_hand.changed(by_hand.figures(data), grant=((slice(None), 0), np.array([40_000.0, 150_000.0])))
    # shares of young people are 2 : 1; south is at least at half of the 150,000 that it really got
    paid = tiny_scenario(tmp_path, "", *changes, 'certainty.kind="year_on_year"').settings
    planned = tiny_scenario(tmp_path, "", *changes).settings
    rows = {
        name: {r.place.words: r.right for r in judge(data, settings, plan).rows if r.rule == "distribution"}
        for name, settings in (("paid", paid), ("planned", planned))
    }
    assert rows["paid"]["south", "2005-06"] == pytest.approx(75_000)
    assert rows["planned"]["south", "2005-06"] == pytest.approx(200_000 / 3)
