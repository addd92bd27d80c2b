from pathlib import Path

import numpy as np
import pytest

from allocator.errors import NoPlan
from allocator.scenario.distributions import formula_grants, formula_shares, money, set_grants
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet
from tests.helpers.builders import YEARS, tiny_data, tiny_tables

MILLION = 1_000_000


def three(folder: Path, *, area_cost_factor_of_c: float = 1) -> DataSet:
    """Three partnerships a, b and c, the same in both years:

    young people  100, 300, 600 (0.1, 0.3, 0.6)   in two groups
    neet           20,  30,  50 (0.2, 0.3, 0.5)
    baseline £k   300, 300, 400 (0.3, 0.3, 0.4)
    """
    tables = tiny_tables()
    north = tables["partnerships"][0]
    tables["partnerships"] = [
        {**north, "partnership": name, "baseline_grant": grant, "area_cost_factor": factor}
        for name, grant, factor in (("a", 300_000, 1), ("b", 300_000, 1), ("c", 400_000, area_cost_factor_of_c))
    ]
    tables["young_people"] = [
        {"partnership": name, "client_group": group, "year": year, "young_people": people, "neet": neet}
        for name, groups in (
            ("a", (("neet", 20, 15), ("at_risk", 80, 5))),
            ("b", (("neet", 30, 20), ("at_risk", 270, 10))),
            ("c", (("neet", 60, 40), ("at_risk", 540, 10))),
        )
        for group, people, neet in groups
        for year in YEARS
    ]
    tables["workforce"] = [
        {"partnership": name, "grade": grade, "fte": 1} for name in "abc" for grade in ("support", "adviser")
    ]
    for year, budget in zip(tables["years"], (MILLION, 1_100_000), strict=True):
        year["budget"] = budget
    return tiny_data(folder, tables)


def by(distribution: str, **formula: object) -> Settings:
    weights = {"young_people": 0.5, "neet": 0.25, "baseline": 0.25, "area_costs": False}
    return Settings.model_validate(
        {"title": "x", "grants": {"distribution": distribution, "formula": {**weights, **formula}}}
    )


def test_money_is_the_budget_scaled_less_the_reserve(tmp_path: Path) -> None:
    data = three(tmp_path)
    settings = Settings.model_validate({"title": "x", "budget": {"scale": 0.5, "reserve": 100_000}})
    assert money(data, settings).tolist() == [400_000, 450_000]


def test_a_budget_of_the_scenario_stands_in_place_of_the_table_s(tmp_path: Path) -> None:
    settings = Settings.model_validate(
        {"title": "x", "budget": {"scale": 2, "reserve": 1, "by_year": {YEARS[1]: 700_000}}}
    )
    assert money(three(tmp_path), settings).tolist() == [1_999_999, 1_399_999]


@pytest.mark.parametrize("distribution", ["optimised", "blend"])
def test_free_distributions_set_no_grants(tmp_path: Path, distribution: str) -> None:
    data = three(tmp_path)
    assert set_grants(data, by(distribution), data.budget, data.baseline_grant, range(2)) is None


def test_historical_grants_keep_the_baseline_s_shares(tmp_path: Path) -> None:
    data = three(tmp_path)
    grants = set_grants(data, by("historical"), data.budget, data.baseline_grant, range(2))
    np.testing.assert_allclose(grants, [[300_000, 330_000], [300_000, 330_000], [400_000, 440_000]], rtol=1e-12)


def test_equal_grants_go_by_the_young_people_of_each_year(tmp_path: Path) -> None:
    tables = tiny_tables()
    for row in tables["young_people"]:
        if (row["partnership"], row["year"]) == ("south", "2005-06"):
            row["young_people"] *= 2
    data = tiny_data(tmp_path, tables)
    # north has 500 of 750 young people in the first year, 500 of 1,000 in the second
    grants = set_grants(data, by("equal"), np.array([150.0, 150.0]), data.baseline_grant, range(2))
    np.testing.assert_allclose(grants, [[100, 75], [50, 75]], rtol=1e-12)


def test_given_grants_are_those_of_the_years_asked_for(tmp_path: Path) -> None:
    data = three(tmp_path)
    given = np.arange(6.0).reshape(3, 2)
    grants = set_grants(data, by("given"), data.budget[1:], data.baseline_grant, range(1, 2), given)
    assert grants is not None
    assert grants.tolist() == [[1], [3], [5]]


def test_the_formula_weighs_shares_and_adds_up_to_one(tmp_path: Path) -> None:
    shares = formula_shares(three(tmp_path), by("formula"), 0)
    # a: 0.5 · 0.1 + 0.25 · 0.2 + 0.25 · 0.3, b: 0.3 of everything, c: 0.5 · 0.6 + 0.25 · 0.5 + 0.25 · 0.4
    np.testing.assert_allclose(shares, [0.175, 0.3, 0.525], rtol=1e-12)


def test_only_the_proportions_of_the_weights_count(tmp_path: Path) -> None:
    shares = formula_shares(three(tmp_path), by("formula", young_people=2.0, neet=1.0, baseline=1.0), 0)
    np.testing.assert_allclose(shares, [0.175, 0.3, 0.525], rtol=1e-12)


def test_area_costs_multiply_before_the_shares_are_made_to_add_up(tmp_path: Path) -> None:
    data = three(tmp_path, area_cost_factor_of_c=2)
    shares = formula_shares(data, by("formula", area_costs=True), 0)
    np.testing.assert_allclose(shares, [0.175 / 1.525, 0.3 / 1.525, 1.05 / 1.525], rtol=1e-12)
    np.testing.assert_allclose(formula_shares(data, by("formula"), 0), [0.175, 0.3, 0.525], rtol=1e-12)


def test_a_weight_of_nothing_needs_nothing_to_share(tmp_path: Path) -> None:
    tables = tiny_tables(young_people={"neet": 0})
    data = tiny_data(tmp_path, tables)
    shares = formula_shares(data, by("formula", neet=0.0), 0)
    # north has 2/3 of the young people and 0.6 of the baseline grants, weighed 2 to 1
    np.testing.assert_allclose(shares, [(2 * 2 / 3 + 0.6) / 3, (2 / 3 + 0.4) / 3], rtol=1e-12)


def test_without_a_minimum_the_formula_shares_out_each_year_s_money(tmp_path: Path) -> None:
    data = three(tmp_path)
    grants = formula_grants(data, by("formula"), data.budget, data.baseline_grant, range(2))
    np.testing.assert_allclose(grants, [[175_000, 192_500], [300_000, 330_000], [525_000, 577_500]], rtol=1e-12)


def test_the_minimum_funding_guarantee_is_paid_for_by_those_above_it(tmp_path: Path) -> None:
    data = three(tmp_path)
    grants = formula_grants(data, by("formula", minimum_change=-0.1), data.budget, data.baseline_grant, range(2))
    # First year: lows 270, 270, 360; the formula's 175, 300, 525. a gets its low. 1,000 - 900 = 100 is left for
    # b and c, who stand 30 and 165 above theirs: 100/195 of that.
    np.testing.assert_allclose(
        grants[:, 0], [270_000, 270_000 + 30_000 * 100 / 195, 360_000 + 165_000 * 100 / 195], rtol=1e-12
    )
    # Second year: lows are nine tenths of that and add up to 900, the formula's 192.5, 330, 577.5. a gets 243;
    # 200 is left for b and c, who stand 907.5 − 657 = 250.5 above their lows.
    low = 0.9 * grants[:, 0]
    assert grants[0, 1] == pytest.approx(243_000, rel=1e-12)
    assert grants[1, 1] == pytest.approx(low[1] + (330_000 - low[1]) * 200_000 / 250_500, rel=1e-12)
    assert grants[2, 1] == pytest.approx(low[2] + (577_500 - low[2]) * 200_000 / 250_500, rel=1e-12)
    np.testing.assert_allclose(grants.sum(axis=0), data.budget, rtol=1e-12)


def test_a_slice_that_begins_later_starts_from_the_grants_paid_before_it(tmp_path: Path) -> None:
    data, settings = three(tmp_path), by("formula", minimum_change=-0.1)
    both = formula_grants(data, settings, data.budget, data.baseline_grant, range(2))
    later = formula_grants(data, settings, data.budget[1:], both[:, 0], range(1, 2))
    np.testing.assert_allclose(later[:, 0], both[:, 1], rtol=1e-12)


def test_where_the_lows_take_all_the_money_they_stand(tmp_path: Path) -> None:
    data = three(tmp_path)
    settings = by("formula", minimum_change=0.0)
    grants = formula_grants(data, settings, data.budget[:1], data.baseline_grant, range(1))
    np.testing.assert_allclose(grants[:, 0], [300_000, 300_000, 400_000], rtol=1e-12)


def test_a_minimum_that_asks_for_more_than_the_money_is_no_plan_with_both_totals(tmp_path: Path) -> None:
    data = three(tmp_path)
    with pytest.raises(NoPlan) as refused:
        formula_grants(data, by("formula", minimum_change=0.05), data.budget, data.baseline_grant, range(2))
    amounts = {(part.rule, part.place): part.amount for part in refused.value.conflict}
    assert amounts == {
        ("distribution", YEARS[0]): pytest.approx(1_050_000),
        ("national", YEARS[0]): pytest.approx(1_000_000),
    }


def test_the_guarantee_is_looked_at_in_every_year(tmp_path: Path) -> None:
    data = three(tmp_path)
    with pytest.raises(NoPlan) as refused:
        formula_grants(
            data, by("formula", minimum_change=0.0), np.array([MILLION, 900_000.0]), data.baseline_grant, range(2)
        )
    assert {part.place for part in refused.value.conflict} == {YEARS[1]}
