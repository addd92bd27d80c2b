"""What plans are measured by, on numbers that can be worked out on paper."""

from math import erf, sqrt

import numpy as np
import pytest

from allocator.analyses.approaches.measures import chance_of, exposure, gini, measures_of
from allocator.runs.plan import judge, years_of
from allocator.scenario.load import read_scenario
from allocator.solving.settlement import plan_data
from allocator.tables import read_data
from tests.helpers.builders import tiny_data, tiny_scenario, tiny_tables
from tests.solving.test_drawn import DRAWN


class Effects:
    """Two interventions for two groups: all that a chance rests on."""

    effect = np.array([[0.1, np.nan], [0.05, 0.05]])
    standard_error = np.array([[0.02, np.nan], [0.01, 0.01]])


def test_gini_of_two_places_of_which_one_has_three_times_as_much_a_head_is_a_quarter():
    # The poorer half of the people holds a quarter: the area under the curve is 1/16 + 5/16, twice that is 3/4.
    assert gini(np.array([30.0, 10.0]), np.array([5.0, 5.0])) == pytest.approx(0.25)


def test_gini_counts_people_not_places():
    assert gini(np.array([30.0, 10.0]), np.array([15.0, 5.0])) == pytest.approx(0.0)
    # One in ten holds half: 1 − (0.9 · 0.5 + 0.1 · 1.5).
    assert gini(np.array([10.0, 10.0]), np.array([9.0, 1.0])) == pytest.approx(0.4)


def test_gini_leaves_out_places_without_people_and_is_unknown_without_any():
    assert gini(np.array([30.0, 10.0, 99.0]), np.array([15.0, 5.0, 0.0])) == pytest.approx(0.0)
    assert gini(np.array([1.0]), np.array([0.0])) is None


def test_a_target_that_equals_the_mean_has_an_even_chance():
    told = np.array([[100.0, 0.0], [200.0, 0.0]])  # 10 + 10 young people fewer
    assert chance_of(Effects, told, 20.0) == pytest.approx(0.5)


def test_errors_of_two_interventions_add_as_squares_and_of_two_groups_of_one_as_they_are():
    two = np.array([[100.0, 0.0], [200.0, 0.0]])  # 2 and 2: sqrt(8)
    one = np.array([[0.0, 0.0], [200.0, 200.0]])  # 2 + 2
    below = 0.5 * (1 + erf(1 / sqrt(2)))
    assert chance_of(Effects, two, 20.0 - sqrt(8.0)) == pytest.approx(below)
    assert chance_of(Effects, one, 20.0 - 4.0) == pytest.approx(below)


def test_without_errors_the_chance_is_all_or_nothing():
    sure = type("Sure", (), {"effect": Effects.effect, "standard_error": np.zeros((2, 2))})
    told = np.array([[100.0, 0.0], [0.0, 0.0]])
    assert (chance_of(sure, told, 10.0), chance_of(sure, told, 10.1)) == (1.0, 0.0)


@pytest.mark.parametrize("case", ["case_01", "case_02", "case_09", "case_20"])
def test_the_reduction_is_the_exposure_times_the_effects(case):
    scenario = read_scenario(DRAWN / case / "scenario.toml")
    data = read_data(scenario.data, scenario.table_files)
    figures = plan_data(data, scenario.settings)[0]
    worked = judge(data, scenario.settings, figures)
    everyone = range(len(data.partnerships))
    for t in range(len(data.years)):
        told = exposure(data, figures, everyone, t)
        assert (told * np.nan_to_num(data.effect)).sum() == pytest.approx(worked.reduction[:, t].sum(), rel=1e-9)


def measured(folder, settings="", **changes):
    data = tiny_data(folder, tiny_tables(**changes))
    s = tiny_scenario(folder, settings).settings
    figures = plan_data(data, s)[0]
    worked = judge(data, s, figures)
    return measures_of(data, s, figures, worked, years_of(data, s, figures, worked)), worked


def test_grants_that_follow_the_baseline_change_with_the_money_alone(tmp_path):
    years = tiny_tables()["years"]
    years[0]["budget"], years[1]["budget"] = 180_000, 198_000  # a tenth less than in force, then a tenth more
    found, _ = measured(tmp_path, '[grants]\ndistribution = "historical"', years=years)
    assert found.mean_grant_change == pytest.approx(0.1)
    assert found.large_falls == 2  # both fall by 10 % in the first year
    # North has 120 NEET young people and £108,000; south 60 and £72,000: a person there has 4/3 of the mean.
    assert found.gini == pytest.approx(gini(np.array([108.0, 72.0]), np.array([120.0, 60.0])))


def test_a_fall_of_exactly_five_per_cent_is_not_more_than_five(tmp_path):
    years = tiny_tables()["years"]
    years[0]["budget"] = years[1]["budget"] = 190_000
    found, _ = measured(tmp_path, '[grants]\ndistribution = "historical"', years=years)
    assert found.large_falls == 0
    assert found.mean_grant_change == pytest.approx(0.025)


def test_cost_and_benefit_are_discounted_alike(tmp_path):
    settings = "[goal]\ndiscount_rate = 0.5\nbenefit_per_neet = 1000.0"
    found, worked = measured(tmp_path, settings)
    years = worked.reduction.sum(axis=0)
    spent = worked.spend.sum(axis=0)
    assert found.person_years == pytest.approx(years[0] + years[1] / 1.5)
    assert found.spending == pytest.approx(spent[0] + spent[1] / 1.5)
    assert found.cost_per_person_year == pytest.approx(found.spending / found.person_years)
    assert found.net_present_value == pytest.approx(1000 * found.person_years - found.spending)
    assert found.benefit_cost_ratio == pytest.approx(1000 * found.person_years / found.spending)


def test_local_targets_are_counted_by_partnership_and_region_and_not_the_national_one(tmp_path):
    targets = [
        {"scope": "national", "name": "", "year": "2005-06", "max_neet": None, "reduction_share": 0.001},
        {"scope": "region", "name": "Upland", "year": "2005-06", "max_neet": None, "reduction_share": 0.001},
        {"scope": "partnership", "name": "south", "year": "2005-06", "max_neet": None, "reduction_share": 0.9},
    ]
    found, _ = measured(tmp_path, "[local]\nmin_reduction = 0.001", targets=targets)
    assert (found.local_targets, found.local_targets_met) == (4, 3)
    assert {target.scope for target in found.targets} == {"national", "region", "partnership"}
    assert found.shortfall > 0
