"""Amounts that a scenario puts in place of the tables', and partnerships that are new, worked out on paper."""

import pytest

from allocator.errors import NoPlan
from allocator.runs.plan import judge
from allocator.scenario.amounts import money, pay_index, price_index, targets
from allocator.scenario.distributions import baseline_shares
from tests.helpers.builders import YEARS, row, tiny_data, tiny_scenario, tiny_tables
from tests.helpers.paper_programme import FINAL_YEAR, paper_tables, solved, two_partnerships

HELD = 2e-7
FIRST, SECOND = YEARS


def settings(folder, *overrides):
    return tiny_scenario(folder, "", *overrides).settings


def test_a_budget_is_scaled_as_a_whole_or_by_year_and_a_year_left_out_stays(tmp_path):
    data = tiny_data(tmp_path)  # £200,000 a year
    assert money(data, settings(tmp_path, "budget.scale=0.9")).tolist() == pytest.approx([180_000] * 2)
    by_year = settings(tmp_path, f"budget.scale.{SECOND}=0.9", "budget.reserve=1_000")
    assert money(data, by_year).tolist() == pytest.approx([199_000, 179_000])


def test_rates_of_prices_and_pay_count_from_the_base_year(tmp_path):
    tables = tiny_tables()
    row(tables, "years", year=FIRST)["price_index"] = 0.97
    data = tiny_data(tmp_path, tables)
    both = settings(tmp_path, "prices.inflation=0.1", "prices.pay=0.2")
    assert price_index(data, both).tolist() == pytest.approx([1 / 1.1, 1])
    assert pay_index(data, both).tolist() == pytest.approx([1 / 1.2, 1])
    # inflation alone moves pay too where the table has no index of it
    assert pay_index(data, settings(tmp_path, "prices.inflation=0.1")).tolist() == pytest.approx([1 / 1.1, 1])
    for line, index in zip(tables["years"], (1.05, ""), strict=True):
        line["pay_index"] = index
    data = tiny_data(tmp_path, tables)
    assert pay_index(data, settings(tmp_path, "prices.inflation=0.1")).tolist() == pytest.approx([1.05, 1])


def test_pay_that_rises_faster_than_prices_leaves_less_for_places(tmp_path):
    # £36,000 after £10,000 of fixed cost: 26,000 = 30,000 x 1.1 f + 10,000 f + 2,000 (1 - f) without other prices
    tables = paper_tables()
    tables["years"][0] |= {"budget": 36_000, "pay_index": 1.1}
    data, s, solution = solved(tmp_path, tables)
    judged = judge(data, s, solution.figures)
    assert judged.goal == pytest.approx(240 / 41, rel=HELD)
    assert judged.kept


def test_a_national_target_of_the_scenario_stands_in_place_of_the_tables(tmp_path):
    tables = tiny_tables()
    aim = {"scope": "national", "name": "", "year": SECOND, "max_neet": 100, "reduction_share": None}
    tables["targets"] = [aim, {**aim, "scope": "region", "name": "Upland"}]
    data = tiny_data(tmp_path, tables)
    found = targets(data, settings(tmp_path, f"targets.national.{FIRST}=0.1", f"targets.national.{SECOND}=0.2"))
    asked = [(one.scope, one.name, one.year, one.max_neet, one.reduction_share) for one in found]
    assert asked == [
        ("national", "", 0, None, 0.1),
        ("national", "", 1, None, 0.2),
        ("region", "Upland", 1, 100, None),
    ]


def with_a_new_one(entry_grant=0.0, posts=0.0):
    """South is new: no grant before, nobody in post."""
    tables = two_partnerships()
    row(tables, "partnerships", partnership="south").update(
        baseline_grant=0, entry_grant=entry_grant, start_up_posts=posts
    )
    row(tables, "partnerships", partnership="north").update(entry_grant=0, start_up_posts=0)
    row(tables, "workforce", partnership="south", grade="adviser")["fte"] = 0
    for line in tables["grades"]:
        line["recruitable"] = "true"
        line["recruitment_cost"] = 0
    return tables


def test_floor_cap_and_changes_do_not_hold_a_new_partnership_to_nothing(tmp_path):
    # £60,000 less two fixed costs of £10,000 pays one adviser with the coaching, and work in south counts double
    limits = FINAL_YEAR + "[grants]\ncap = 1.0\nmax_rise = 0\n[workforce]\nmax_recruitment = 0\n"
    data, s, solution = solved(tmp_path, with_a_new_one(posts=1), limits)
    judged = judge(data, s, solution.figures)
    assert judged.goal == pytest.approx(20, rel=1e-5)
    assert judged.kept
    assert {row.place.partnership for row in judged.rows if row.rule in ("cap", "max_rise")} == {"north"}


def test_a_new_partnership_without_posts_to_begin_with_recruits_nobody(tmp_path):
    limits = FINAL_YEAR + "[workforce]\nmax_recruitment = 0.5\n"
    data, s, solution = solved(tmp_path, with_a_new_one(), limits)
    assert solution.figures.recruits[1].sum() == 0
    assert judge(data, s, solution.figures).goal == pytest.approx(10, rel=HELD)


def test_shares_as_before_count_what_a_new_partnership_begins_with(tmp_path):
    data = tiny_data(tmp_path, with_a_new_one(entry_grant=10_000))
    assert baseline_shares(data, 0).tolist() == pytest.approx([0.75, 0.25])


def test_where_all_are_new_shares_go_by_young_people_and_historical_has_no_plan(tmp_path):
    tables = with_a_new_one(posts=1)
    row(tables, "partnerships", partnership="north")["baseline_grant"] = 0
    tables["young_people"][0]["young_people"] = 300
    data = tiny_data(tmp_path, tables)
    assert baseline_shares(data, 0).tolist() == pytest.approx([0.75, 0.25])
    with pytest.raises(NoPlan, match="entry_grant"):
        solved(tmp_path, tables, FINAL_YEAR + '[grants]\ndistribution = "historical"')


def test_a_formula_is_phased_in_by_year(tmp_path):
    # the formula would give £30,000 each; nothing of it in the first year, four fifths in the second
    tables = two_partnerships()
    line = tables["years"][0]
    tables["years"] = [line, {**line, "year": SECOND}]
    tables["young_people"] += [{**one, "year": SECOND} for one in tables["young_people"]]
    phased = f'[grants]\ndistribution = "blend"\nformula_share = {{"{SECOND}" = 0.8}}\n[grants.formula]\nbaseline = 1'
    data, s, solution = solved(tmp_path, tables, phased)
    judged = judge(data, s, solution.figures)
    assert judged.kept
    floors = {row.place.year: row.right for row in judged.rows if row.rule == "formula_floor"}
    assert floors == {FIRST: 0, SECOND: pytest.approx(24_000)}
    assert solution.figures.grant[0, 1] >= 24_000 - 0.01
