"""What a plan comes to, against figures worked out on paper (see tests/outputs/paper_plan.py)."""

from dataclasses import replace

import pytest

from allocator.analyses.solve.summary import summarise
from allocator.runs.findings import Fixed, GoalChange, Reasons, Worth
from tests.helpers.paper_plan import SETTINGS, TARGETS, paper_plan


@pytest.fixture
def summary(tmp_path):
    held = Fixed("north", "2004-05", ("max_rise",), "<=", 10_000.0, GoalChange(0.1, 0.0))
    reasons = Reasons(Worth("cumulative", 1.0, (), 0.0, None), (), fixed=(held,))
    return summarise(replace(paper_plan(tmp_path), reasons=reasons))


def test_the_paper_plan_keeps_the_books(tmp_path):
    """If money or advisers did not add up, nothing below would mean anything."""
    plan = paper_plan(tmp_path)
    for family in plan.recomputed.rules:
        if family.rule in ("money", "workforce", "carry_forward", "national", "floor", "max_fall", "max_rise"):
            assert family.violation.max() < 1e-9, family.rule


def test_reductions_by_year(summary):
    first, second = summary.reductions
    # 50 x 0.1; then 50 x 0.1 and half of the 5 that stood. 120 + 60 young people are NEET without it.
    assert (first.year, first.reduction) == ("2004-05", pytest.approx(5))
    assert second.reduction == pytest.approx(7.5)
    assert second.share == pytest.approx(7.5 / 180)
    assert first.required is None
    assert not first.met
    assert second.required == pytest.approx(0.04 * 180)  # 7.2
    assert second.met
    assert first.as_before is None  # the plan was made without one


def test_a_target_missed_is_missed(tmp_path):
    plan = paper_plan(tmp_path, targets=[{**TARGETS[0], "reduction_share": 0.05}])
    assert not summarise(plan).reductions[1].met  # 9 required, 7.5 reached


def test_person_years_count_the_tail_and_money_does_not(summary):
    # 5, 7.5 and in the year after half of 7.5
    assert summary.person_years == pytest.approx(5 + 7.5 + 3.75)
    assert summary.goal == pytest.approx(16.25)
    assert summary.spending == pytest.approx(87_000 + 55_000 + 95_300 + 48_700)


def test_both_are_discounted_alike(tmp_path):
    plan = paper_plan(tmp_path, SETTINGS.replace("discount_rate = 0.0", "discount_rate = 0.25"))
    summary = summarise(plan)
    assert summary.person_years == pytest.approx(5 + 7.5 * 0.8 + 3.75 * 0.64)
    assert summary.spending == pytest.approx(142_000 + 144_000 * 0.8)


def test_money_by_year(summary):
    first, second = summary.money
    assert (first.available, first.granted, first.spent) == (200_000, 200_000, pytest.approx(142_000))
    assert (first.carried, first.lapsed) == (6_000, 52_000)
    assert (second.spent, second.carried, second.lapsed) == (pytest.approx(144_000), 0, 62_000)


def test_unspent_money_names_who_and_what_holds_it(summary):
    assert summary.carried.total == 6_000
    assert summary.carried.partnerships == (("North", 6_000),)
    assert summary.carried.grant_rules == ("max_rise",)  # 126,000 is 1.05 x 120,000
    assert summary.lapsed.partnerships == (("North", 67_700), ("South", 46_300))
    assert summary.lapsed.grant_rules == ()  # in 2005-06 neither partnership stands at a limit


def test_advisers_by_year(summary):
    start, first, second = summary.advisers
    assert (start.year, start.in_post) == ("", 5)
    assert (first.in_post, first.turnover) == (pytest.approx(4.5), pytest.approx(0.5))
    assert second.in_post == pytest.approx(4.45)
    assert (second.joining, second.redundant) == (pytest.approx(0.5), pytest.approx(0.1))
    assert second.turnover == pytest.approx(0.45)
    # Without an adviser_grade all grades count: advisers of all in post.
    assert start.qualified == pytest.approx(3 / 5)
    assert first.qualified == pytest.approx(2.7 / 4.5)
    assert (first.required, second.required) == (None, 0.5)
    assert summary.redundancy_costs == (0, pytest.approx(200))
    assert summary.most_posts == pytest.approx((4.5 / 20, 4.5))


def test_advisers_below_the_adviser_grade_do_not_count(tmp_path):
    settings = SETTINGS.replace('qualified_grade = "adviser"', 'qualified_grade = "adviser"\nadviser_grade = "adviser"')
    assert [year.qualified for year in summarise(paper_plan(tmp_path, settings)).advisers] == [1, 1, 1]


def test_without_a_qualified_grade_there_is_no_such_share(tmp_path):
    settings = SETTINGS.partition("[workforce]")[0] + "[local]\nmin_reduction = 0.05\n"
    assert {year.qualified for year in summarise(paper_plan(tmp_path, settings)).advisers} == {None}


def test_soft_rules_kept_and_not(summary):
    rules = {rule.rule: rule for rule in summary.soft}
    assert not rules["target"].short
    local = rules["local_minimum"]
    # north reaches 7.5 of 0.05 x 120 = 6, south 0 of 3
    assert [(row.place, row.required, row.reached, row.of) for row in local.short] == [
        ("South", pytest.approx(3), 0, pytest.approx(60))
    ]
    assert local.short[0].shortfall == pytest.approx(3)
    assert local.closest.place == "South"
    assert len(local.rows) == 2


def test_a_column_assumed_in_part_is_assumed(summary):
    assert summary.inputs.assumed == ("effects.effect", "years.budget")
    assert summary.inputs.derived == ("grades.salary",)
    assert summary.inputs.published == ("partnerships.name",)
    assert summary.inputs.total == 4


def test_without_sources_nothing_is_said_to_be_known(tmp_path):
    assert summarise(paper_plan(tmp_path, sources=None)).inputs.total == 0


def test_no_qualified_share_is_asked_for_where_the_rule_is_off(tmp_path):
    assert [row.required for row in summarise(paper_plan(tmp_path)).advisers] == [None, None, 0.5]
    off = SETTINGS.replace("[rules]", '[rules]\noff = ["qualified"]')
    assert [row.required for row in summarise(paper_plan(tmp_path / "off", off)).advisers] == [None, None, None]
