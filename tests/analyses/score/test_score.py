"""Grants that are brought: what they break, what they give up, what is nearest; on two partnerships and two years."""

import numpy as np
import pytest

from allocator import api
from allocator.analyses.score.scored import nearest_grants, score_grants
from allocator.errors import InvalidInput
from allocator.what_if.cases import Solved, solve_case
from tests.helpers.builders import tiny_scenario, tiny_tables, write_tables
from tests.helpers.written_lp import limit

FREE = '[grants]\ndistribution = "optimised"\n'


def opened(folder, settings="", **changes):
    write_tables(folder / "tables", tiny_tables(**changes))
    return api.open_scenario(tiny_scenario(folder, settings))


def scarce():
    """Coaching at £3,000 a place: 75 young people want it each year, and there is money for fewer."""
    tables = tiny_tables()
    tables["interventions"][0]["unit_cost"] = 3_000
    return tables["interventions"]


def brought(north, south):
    return np.array([[float(north)] * 2, [float(south)] * 2])


def test_each_grant_rule_that_is_broken_is_named_with_place_and_amount(tmp_path):
    scenario, data = opened(tmp_path, FREE + "floor = 0.9\ncap = 1.2\nmax_fall = 0.5\nmax_rise = 0.1")
    found = score_grants(scenario, data, brought(150_000, 60_000))
    broken = {(row.rule, row.place, row.year, row.detail): row.by for row in found.broken}
    assert broken == {
        ("national", "", "2004-05", ""): 10_000,
        ("national", "", "2005-06", ""): 10_000,
        ("floor", "South", "2004-05", ""): 12_000,  # 0.9 of £80,000 is £72,000
        ("floor", "South", "2005-06", ""): 12_000,
        ("cap", "North", "2004-05", ""): 6_000,  # 1.2 times £120,000 is £144,000
        ("cap", "North", "2005-06", ""): 6_000,
        ("max_rise", "North", "2004-05", ""): 18_000,  # a tenth more than £120,000 is £132,000
    }
    assert {row.unit for row in found.broken} == {"£"}


def test_the_nearest_plan_moves_as_little_as_the_rules_allow(tmp_path):
    scenario, data = opened(tmp_path, FREE + "floor = 0.9\ncap = 1.2")
    found = score_grants(scenario, data, brought(150_000, 50_000))
    # South has to have £72,000 of the £200,000, so north at most £128,000: £22,000 each way, in both years.
    assert found.nearest.moved == pytest.approx(88_000, abs=0.1)
    nearest = {(grant.partnership, grant.year): grant.nearest for grant in found.nearest.grants}
    assert nearest == {
        ("north", "2004-05"): pytest.approx(128_000, abs=0.1),
        ("north", "2005-06"): pytest.approx(128_000, abs=0.1),
        ("south", "2004-05"): pytest.approx(72_000, abs=0.1),
        ("south", "2005-06"): pytest.approx(72_000, abs=0.1),
    }
    assert found.nearest.goal is not None


def test_grants_within_the_rules_are_their_own_nearest(tmp_path):
    scenario, data = opened(tmp_path, FREE + "floor = 0.9\ncap = 1.2")
    found = score_grants(scenario, data, brought(120_000, 80_000))
    assert (found.broken, found.nearest.grants, found.nearest.moved) == ((), (), 0.0)
    assert found.nearest.goal == pytest.approx(found.goal, rel=1e-6)


def test_baseline_grants_reach_what_the_historical_distribution_does(tmp_path):
    scenario, data = opened(tmp_path, FREE)
    found = score_grants(scenario, data, brought(120_000, 80_000))
    s = scenario.settings
    historical = s.model_copy(update={"grants": s.grants.model_copy(update={"distribution": "historical"})})
    as_before, best = solve_case(data, historical), solve_case(data, s)
    assert found.goal == pytest.approx(as_before.goal, rel=1e-7)
    assert found.gap == pytest.approx(best.goal - as_before.goal, rel=1e-6, abs=1e-6)


def test_the_gap_in_pounds_is_the_money_with_which_less_the_best_plan_reaches_as_much(tmp_path):
    scenario, data = opened(tmp_path, FREE, interventions=scarce())
    found = score_grants(scenario, data, brought(60_000, 140_000))
    assert found.gap > 0.01
    assert 0 < found.gap_pounds < 400_000
    s = scenario.settings
    budget = s.budget.model_copy(update={"scale": 1 - found.gap_pounds / 400_000})
    less = solve_case(data, s.model_copy(update={"budget": budget}))
    assert less.goal == pytest.approx(found.goal, rel=1e-5)


def test_where_no_plan_has_so_little_money_the_gap_is_at_least_what_has_one(tmp_path):
    # The floors take £198,000 of £200,000: with 1 % less money there is still a plan, with more taken away none.
    scenario, data = opened(tmp_path, FREE + "floor = 0.99", interventions=scarce())
    found = score_grants(scenario, data, brought(60_000, 140_000))
    assert found.gap_pounds is None
    assert found.least_pounds == pytest.approx(4_000, rel=0.01)


def test_where_more_is_brought_than_there_is_partnerships_are_taken_to_have_it(tmp_path):
    scenario, data = opened(tmp_path, FREE, interventions=scarce())
    found = score_grants(scenario, data, brought(150_000, 150_000))
    assert found.status == "optimal"
    assert [year.granted for year in found.years] == [300_000, 300_000]
    assert {(row.rule, row.by) for row in found.broken} == {("national", 100_000)}
    assert found.gap < 0  # it beats the best plan, by breaking a rule


def test_grants_that_do_not_pay_for_fixed_costs_are_no_plan_and_say_where(tmp_path):
    scenario, data = opened(tmp_path, FREE + "floor = 0.5")
    found = score_grants(scenario, data, brought(150_000, 4_000))
    assert (found.status, found.goal, found.years) == ("infeasible", None, ())
    assert found.reason.startswith("South: fixed costs")
    broken = {(row.rule, row.place, row.year): row.by for row in found.broken}
    assert broken["money", "South", "2004-05"] == 6_000  # of £10,000
    assert broken["floor", "South", "2005-06"] == 36_000
    # south has to have £40,000, and there is room for it beside north's £150,000
    assert found.nearest.moved == pytest.approx(72_000, abs=0.1)


def test_grants_within_which_a_promise_cannot_be_kept_say_which(tmp_path):
    # Half of south's 50 young people at £3,000 a place cost £75,000, and £50,000 is brought.
    promised = [{"year": "2004-05", "client_group": "neet", "interventions": "coaching", "min_share": 0.5}]
    scenario, data = opened(tmp_path, FREE + "floor = 0.5", interventions=scarce(), guarantees=promised)
    found = score_grants(scenario, data, brought(150_000, 50_000))
    assert (found.status, found.broken) == ("infeasible", ())
    assert "25" in found.reason  # the places promised


def test_soft_rules_do_not_bind_the_nearest_plan(tmp_path):
    targets = [{"scope": "national", "name": "", "year": "2005-06", "max_neet": None, "reduction_share": 0.99}]
    scenario, data = opened(tmp_path, FREE + "floor = 0.5", targets=targets)
    found = score_grants(scenario, data, brought(100_000, 100_000))
    assert found.nearest.moved == 0
    assert found.shortfall > 0
    assert found.broken == ()


def test_a_scenario_that_sets_the_grants_has_one_nearest_plan(tmp_path):
    scenario, data = opened(tmp_path, '[grants]\ndistribution = "historical"')
    grants = brought(110_000, 90_000)
    assert nearest_grants(data, scenario.settings, grants) == pytest.approx(brought(120_000, 80_000))
    found = score_grants(scenario, data, grants)
    assert {(row.rule, row.by) for row in found.broken} == {("distribution", 10_000)}
    assert found.nearest.moved == pytest.approx(40_000)


def test_planned_year_on_year_the_grants_are_judged_as_the_years_come(tmp_path):
    settings = FREE + '[certainty]\nkind = "year_on_year"\n'
    scenario, data = opened(tmp_path, settings)
    found = score_grants(scenario, data, brought(120_000, 80_000))
    s = scenario.settings
    historical = s.model_copy(update={"grants": s.grants.model_copy(update={"distribution": "historical"})})
    as_before = solve_case(data, historical)
    assert isinstance(as_before, Solved)
    assert found.goal == pytest.approx(as_before.goal, rel=1e-7)


def test_a_file_with_gaps_and_unknown_names_is_refused_with_every_fault(tmp_path):
    scenario, _ = opened(tmp_path, FREE)
    file = tmp_path / "grants.csv"
    file.write_text("partnership,year,grant\nnorth,2004-05,1\nsuoth,2004-05,1\nsouth,2009-10,1\nsouth,2005-06,x\n")
    with pytest.raises(InvalidInput) as refused:
        api.score(scenario, file)
    found = {(fault.code, fault.row) for fault in refused.value.faults}
    assert {("unknown-name", "3"), ("unknown-name", "4")} <= found
    # only where every name is known do rows that are missing count: one of an unknown name may be meant for them
    file.write_text("partnership,year,grant\nnorth,2004-05,1\nsouth,2005-06,1\n")
    with pytest.raises(InvalidInput) as refused:
        api.score(scenario, file)
    missing = [fault.found for fault in refused.value.faults if fault.code == "missing-row"]
    assert len(missing) == 2  # north in 2005-06, south in 2004-05


@pytest.mark.parametrize(
    ("south", "broken"),
    [(72_010, None), (72_009, False), (72_008, True)],
)
def test_a_limit_missed_by_less_than_a_pound_is_kept_to_the_pound(tmp_path, south, broken):
    scenario, data = opened(tmp_path, FREE + "floor = 0.900123")  # £72,009.84
    found = score_grants(scenario, data, brought(120_000, south))
    named = [(row.rule, row.place, row.year) for row in (found.broken if broken else found.to_the_pound)]
    assert named == ([] if broken is None else [("floor", "South", "2004-05"), ("floor", "South", "2005-06")])
    assert bool(found.broken) is bool(broken)
    if not broken:
        assert (found.nearest.grants, found.nearest.moved) == ((), 0.0)


@pytest.mark.parametrize(("second", "broken"), [(132_003, False), (132_004, True)])
def test_a_rise_between_two_whole_pounds_may_be_out_by_the_rounding_of_both(tmp_path, second, broken):
    # A tenth more than £120,001 is £132,001.10; a pound this year and £1.10 for a pound last year may come on top.
    scenario, data = opened(tmp_path, FREE + "max_rise = 0.1")
    grants = np.array([[120_001.0, second], [60_000.0, 60_000.0]])
    found = score_grants(scenario, data, grants)
    rows = found.broken if broken else found.to_the_pound
    assert [(row.rule, row.place, row.year, row.by) for row in rows] == [
        ("max_rise", "North", "2005-06", pytest.approx(second - 132_001.1)),
    ]


def test_the_nearest_plan_to_whole_pounds_is_in_whole_pounds_and_its_list_adds_up(tmp_path):
    scenario, data = opened(tmp_path, FREE + "floor = 0.900123\ncap = 1.2")
    found = score_grants(scenario, data, brought(150_000, 50_000))
    # South has to have £72,009.84: £72,010, and north the rest of £200,000.
    moves = {(grant.partnership, grant.nearest - grant.brought) for grant in found.nearest.grants}
    assert moves == {("north", -22_010), ("south", 22_010)}
    assert found.nearest.moved == sum(abs(grant.nearest - grant.brought) for grant in found.nearest.grants) == 88_040


def test_a_limit_that_is_broken_is_told_by_its_own_name_and_its_region(tmp_path):
    region = limit("protect_upland", "to_baseline", scope="region", name="Upland", least=1)
    one = limit("at_most", "grant", scope="partnership", name="south", most=70_000)
    scenario, data = opened(tmp_path, FREE, limits=[region, one])
    found = score_grants(scenario, data, brought(110_000, 71_000))
    assert [(row.rule, row.place, row.year, row.detail, row.by) for row in found.broken] == [
        ("limit at_most", "South", "2004-05", "", 1_000),
        ("limit at_most", "South", "2005-06", "", 1_000),
        ("limit protect_upland", "", "2004-05", "Upland", 10_000),
        ("limit protect_upland", "", "2005-06", "Upland", 10_000),
    ]
    moves = {(grant.partnership, round(grant.nearest - grant.brought)) for grant in found.nearest.grants}
    assert moves == {("north", 10_000), ("south", -1_000)}
