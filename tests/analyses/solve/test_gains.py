"""Gains, losses and the rule that fixed each number."""

from dataclasses import replace

import numpy as np
import pytest

from allocator import api
from allocator.analyses.solve.face_of_gains import moved_sentence, movers_lines
from allocator.analyses.solve.gains import in_few_words, movers
from allocator.analyses.solve.summary import summarise
from allocator.runs.findings import Fixed, GoalChange, Reasons, Worth
from allocator.runs.grant_change import BESIDE_A_BOUND, class_counts, year_grants
from tests.helpers.builders import tiny_data, tiny_scenario, tiny_tables
from tests.helpers.paper_plan import paper_plan

YEARS = ("2004-05", "2005-06", "2006-07")


def test_the_paper_plan(tmp_path):
    worth = Worth("cumulative", 1.0, (), 0.0, None)
    fixed = (
        Fixed("north", "2004-05", ("max_rise",), "<=", 10_000.0, GoalChange(0.1, 0.0)),
        Fixed("south", "2004-05", ("floor",), ">=", 10_000.0, GoalChange(0.2, 0.0)),
    )
    found = movers(replace(paper_plan(tmp_path), reasons=Reasons(worth, (), fixed=fixed)))
    north, south = found.movers  # equal changes: by key
    assert (north.name, north.grant, north.shares_as_before, north.change) == ("North", 250_000, 240_000, 10_000)
    assert south.change == pytest.approx(-10_000)
    assert north.relative_change == pytest.approx(1 / 24)
    assert south.relative_change == pytest.approx(-1 / 16)
    assert north.fixed_by == "max_rise 2004-05"
    assert south.fixed_by == "floor 2004-05"
    assert found.on_shares == (1, 0, 0, 1, 0)
    assert found.moved == pytest.approx(10_000)
    assert found.moved_share == pytest.approx(10_000 / 400_000)


@pytest.mark.parametrize(
    ("change", "position"), [(-5.1, 0), (-5, 1), (-1.1, 1), (-1, 2), (0, 2), (1, 2), (1.1, 3), (5, 3), (5.1, 4)]
)
def test_classes_end_at_one_and_five_per_cent(change, position):
    counts = [0] * 5
    counts[position] = 1
    assert class_counts([change / 100]) == tuple(counts)


def test_the_arithmetic_of_a_solver_moves_nobody_over_a_bound():
    beside = 0.9 * BESIDE_A_BOUND
    assert class_counts([-0.01 - beside, 0.01 + beside, -0.05 - beside, 0.05 + beside]) == (0, 1, 2, 1, 0)
    assert class_counts([-0.0101, 0.0101, -0.0501, 0.0501]) == (1, 1, 0, 1, 1)


def test_a_partnership_without_a_share_is_in_no_class():
    assert class_counts([None]) == (0, 0, 0, 0, 0)


def test_both_yardsticks_by_hand(tmp_path):
    # prices rise by 4 % in the second year; the money of 200,000 is shared 120 to 80 as before
    years = tiny_tables()["years"]
    years[1]["price_index"] = 1.04
    d = tiny_data(tmp_path, tiny_tables(years=years))
    (first, second), _ = year_grants(
        d, np.array([[126_000.0, 131_040.0], [74_000.0, 68_960.0]]), d.budget, d.price_index
    )
    assert (first.last_year, first.change_on_last_year, first.relative_on_last_year) == (120_000, 6_000, 0.05)
    assert first.real_on_last_year is None  # what prices were the year before, no table says
    assert second.last_year == 126_000
    assert second.relative_on_last_year == pytest.approx(0.04)
    assert second.real_on_last_year == pytest.approx(0.0, abs=1e-12)  # 4 % more money buys as much
    assert (second.shares_as_before, second.change) == (120_000, pytest.approx(11_040))


def test_a_new_partnership_had_nothing_last_year(tmp_path):
    d = tiny_data(tmp_path)
    d = replace(d, baseline_grant=np.array([120_000.0, 0.0]))
    _, (first, second) = year_grants(d, np.array([[100_000.0] * 2, [50_000.0, 60_000.0]]), d.budget, d.price_index)
    assert (first.last_year, first.relative_on_last_year, first.real_on_last_year) == (0, None, None)
    assert second.relative_on_last_year == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("by_year", "words"),
    [
        ([(), (), ()], "the margin"),
        ([("max_rise",), (), ()], "max_rise 2004-05"),
        ([("max_fall",), ("max_fall",), ()], "max_fall 2 years"),
        ([("floor",), ("floor",), ("floor",)], "floor"),
        ([("max_fall",), ("floor",), ()], "max_fall, floor"),
        ([("formula",), ("formula",), ("formula",)], "formula"),
    ],
)
def test_what_fixed_a_number_in_few_words(by_year, words):
    fixed = {("north", year): rules for year, rules in zip(YEARS, by_year, strict=True) if rules}
    assert in_few_words(YEARS, fixed, "north") == words
    assert in_few_words(YEARS, fixed, "south") == "the margin"
    assert in_few_words(YEARS, None, "north") == "not known"


@pytest.mark.parametrize(
    ("changes", "goes_by", "new"),  # of the two partnerships
    [
        ([{}, {}], "by baseline grant,", ""),
        (
            [{}, {"baseline_grant": 0, "entry_grant": 50_000}],
            "by baseline grant, a new one's by its",
            "first year: South",
        ),
        ([{"baseline_grant": 0, "entry_grant": 1}, {"baseline_grant": 0, "entry_grant": 1}], "by entry grant,", "All"),
        ([{"baseline_grant": 0}, {"baseline_grant": 0}], "by young people,", "All partnerships are new"),
    ],
)
def test_new_partnerships_are_named_and_what_their_shares_go_by(tmp_path, changes, goes_by, new):
    tables = tiny_tables()
    tables["partnerships"] = [
        {**line, "entry_grant": 0} | change for line, change in zip(tables["partnerships"], changes, strict=True)
    ]
    tiny_data(tmp_path, tables)
    plan = api.solve(tiny_scenario(tmp_path, ""))
    found = movers(plan)
    said = moved_sentence(found, plan.data.years)
    assert goes_by in said
    assert ("New, without a grant" in said or "are new" in said) == bool(new)
    assert new in said
    counted = sum(found.on_last_year[0].cash)
    assert counted == sum(line["baseline_grant"] > 0 for line in tables["partnerships"])
    rows = [line.plain for line in movers_lines(plan, summarise(plan), 100)]
    assert any("on last year, 2004-05" in line for line in rows) == (counted > 0)
