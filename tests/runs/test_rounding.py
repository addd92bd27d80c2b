"""Grants in whole pounds: the money first, then the limits, then the nearest; held against trying every way."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.runs.rounding import GrantLimits, SumLimit, grant_limits, no_limits, whole_pounds
from tests.runs.conftest import SETTINGS, solved

FLOOR, CAP, FALL, RISE = 0.9, 1.1, 0.95, 1.1
pounds = st.lists(st.floats(0, 1e9, allow_nan=False), min_size=1, max_size=60).map(lambda g: np.array(g)[:, None])


def one_year(*grants: float, money: float = np.inf) -> list[int]:
    column = np.array(grants)[:, None]
    return whole_pounds(column, np.array([min(money, 1e15)])).ravel().tolist()


def test_the_largest_remainders_are_rounded_up():
    assert one_year(1.4, 2.3, 3.3) == [2, 2, 3]


def test_of_equal_remainders_the_first_is_rounded_up():
    assert one_year(1.5, 1.5) == [2, 1]
    assert one_year(0.25, 0.25, 0.25, 0.25) == [1, 0, 0, 0]


def test_grants_that_miss_whole_pounds_by_less_than_nothing_are_taken_for_whole():
    assert one_year(4_999_999.999999999, 3.0000000001) == [5_000_000, 3]


def test_they_add_up_to_no_more_than_the_money():
    assert one_year(1.4, 2.2, money=3.6) == [1, 2]  # 4 is nearer to 3.60, and is 40p that nobody has
    assert one_year(1.4, 2.2, money=4.0) == [2, 2]


def test_a_cap_is_not_passed_and_a_floor_is_not_missed():
    limits = no_limits((2, 1))
    limits.most[0, 0], limits.least[1, 0] = 10.7, 8.2
    assert whole_pounds(np.array([[10.7], [8.2]]), np.array([19.0]), limits).ravel().tolist() == [10, 9]
    # where a pound short of both is all the money there is, the money decides
    assert whole_pounds(np.array([[10.7], [8.2]]), np.array([18.9]), limits).ravel().tolist() == [10, 8]


def test_a_rise_and_a_fall_are_those_of_the_whole_pounds():
    limits = no_limits((1, 2))
    limits.rise[0, 1] = 1.1
    # 12 is more than a tenth above 10
    assert whole_pounds(np.array([[10.4, 11.44]]), np.array([99.0, 99.0]), limits).tolist() == [[10, 11]]
    limits = no_limits((1, 2))
    limits.fall[0, 1] = 0.95
    # 22 would ask for 20.90 in the year after, which is at most 20
    assert whole_pounds(np.array([[21.9, 20.0]]), np.array([99.0, 99.0]), limits).tolist() == [[21, 20]]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(pounds)
def test_pounds_add_up_and_no_grant_moves_by_more_than_one(amounts):
    rounded = whole_pounds(amounts, np.array([1e15]))
    assert abs(int(rounded.sum()) - sum(map(float, amounts.ravel()))) <= 0.5 + 1e-6
    assert (np.abs(rounded - amounts) < 1 + 1e-6).all()
    assert (rounded >= 0).all()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(pounds)
def test_whole_pounds_stay_as_they_are(amounts):
    whole = np.floor(amounts)
    assert (whole_pounds(whole, np.array([1e15])) == whole).all()


def damped(draw, partnerships, years):
    """Grants within floor, cap and damping, most of them at one of their limits, as plans are; and the limits."""
    baseline = np.array([draw(st.floats(10, 1e6)) for _ in range(partnerships)]).round(draw(st.integers(0, 2)))
    grants, before = np.empty((partnerships, years)), baseline
    for t in range(years):
        least, most = np.maximum(FLOOR * baseline, FALL * before), np.minimum(CAP * baseline, RISE * before)
        share = np.array([draw(st.sampled_from([0.0, 1.0, 0.3, 0.77])) for _ in range(partnerships)])
        grants[:, t] = before = least + share * (most - least)
    limits = no_limits(grants.shape)
    limits.least[:], limits.most[:] = FLOOR * baseline[:, None], CAP * baseline[:, None]
    limits.least[:, 0] = np.maximum(limits.least[:, 0], FALL * baseline)
    limits.fall[:], limits.rise[:] = FALL, RISE
    return grants, limits


def keeps_all(values, limits: GrantLimits, money) -> bool:
    kept = (values >= limits.least - 1e-4).all() and (values <= limits.most + 1e-4).all()
    kept &= (values[:, 1:] >= limits.fall[:, 1:] * values[:, :-1] - 1e-4).all()
    kept &= (values[:, 1:] <= limits.rise[:, 1:] * values[:, :-1] + 1e-4).all()
    for one in limits.sums:
        kept &= one.least - 1e-4 <= (values[one.members] @ one.by_year).sum() <= one.most + 1e-4
    return bool(kept and (values.sum(axis=0) <= money + 1e-4).all())


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_where_some_whole_pounds_keep_every_limit_these_do(data):
    grants, limits = damped(data.draw, data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3)))
    money = grants.sum(axis=0) + data.draw(st.sampled_from([0.0, 0.3, 5.0]))
    rounded = whole_pounds(grants, money, limits)
    assert (np.abs(rounded - grants) < 1).all()
    assert (rounded.sum(axis=0) <= money + 1e-4).all()
    ways = itertools.product(*([np.floor(g), np.ceil(g)] for g in grants.ravel()))
    if any(keeps_all(np.array(way).reshape(grants.shape), limits, money) for way in ways):
        assert keeps_all(rounded, limits, money)


def test_the_sum_of_several_grants_keeps_its_limit_and_the_pound_goes_to_another():
    region = np.array([True, True, False])
    limits = replace(no_limits((3, 1)), sums=(SumLimit(region, np.ones(1), most=31.2),))
    assert whole_pounds(np.array([[10.6], [20.6], [30.3]]), np.array([61.5]), limits).ravel().tolist() == [10, 21, 30]
    limits = replace(no_limits((3, 1)), sums=(SumLimit(region, np.ones(1), least=31.2),))
    assert whole_pounds(np.array([[10.6], [20.6], [30.8]]), np.array([62.0]), limits).ravel().tolist() == [11, 21, 30]


def test_an_exact_sum_of_years_is_kept_where_each_year_alone_would_miss_it():
    limits = replace(no_limits((1, 2)), sums=(SumLimit(np.array([True]), np.ones(2), 30.0, 30.0),))
    assert whole_pounds(np.array([[10.4, 19.6]]), np.array([99.0, 99.0]), limits).tolist() == [[10, 20]]
    limits = replace(no_limits((1, 5)), sums=(SumLimit(np.array([True]), np.ones(5), 52.0, 52.0),))
    assert whole_pounds(np.full((1, 5), 10.4), np.full(5, 99.0), limits).sum() == 52  # 10 in every year would be 50


def test_a_sum_held_against_the_years_before_is_held_against_its_whole_pounds():
    sums = (SumLimit(np.array([True, True]), np.array([-1.1, 1.0]), most=0.0),)
    limits = replace(no_limits((2, 2)), sums=sums)
    rounded = whole_pounds(np.array([[10.4, 11.44], [20.4, 22.44]]), np.array([99.0, 99.0]), limits)
    # 34 would be more than a tenth above 30
    assert rounded.sum(axis=0).tolist() == [31, 34]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_where_some_whole_pounds_keep_a_sum_as_well_these_do(data):
    grants, limits = damped(data.draw, data.draw(st.integers(2, 3)), data.draw(st.integers(1, 2)))
    members = np.arange(len(grants)) < data.draw(st.integers(1, len(grants)))
    by_year = np.array([data.draw(st.sampled_from([0.0, 1.0])) for _ in range(grants.shape[1])])
    value = float((grants[members] @ by_year).sum())
    least, most = data.draw(st.sampled_from([(value, np.inf), (-np.inf, value), (np.rint(value), np.rint(value))]))
    limits = replace(limits, sums=(SumLimit(members, by_year, least, most),))
    money = grants.sum(axis=0) + data.draw(st.sampled_from([0.0, 0.3, 5.0]))
    rounded = whole_pounds(grants, money, limits)
    assert (np.abs(rounded - grants) < 1).all()
    ways = itertools.product(*([np.floor(g), np.ceil(g)] for g in grants.ravel()))
    if any(keeps_all(np.array(way).reshape(grants.shape), limits, money) for way in ways):
        assert keeps_all(rounded, limits, money)


def test_horizons_of_many_years_and_many_partnerships_are_rounded_too():
    draw = np.random.default_rng(1)
    grants = draw.uniform(1e5, 1e7, (300, 12))
    limits = no_limits(grants.shape)
    limits.most[:] = grants
    rounded = whole_pounds(grants, grants.sum(axis=0), limits)
    assert (rounded == np.floor(grants)).all()


def test_the_limits_are_those_of_the_rules_in_force(tmp_path):
    plan = solved(
        tmp_path, f"{SETTINGS}[certainty]\nkind = 'settlement'\n", "grants.max_fall=0.04", "grants.max_rise=0.07"
    )
    limits = grant_limits(plan.data, plan.figures.grant, plan.recomputed.rules)
    baseline = plan.data.baseline_grant
    assert limits.least == pytest.approx(np.stack([0.96 * baseline, 0.9 * baseline], axis=1))
    assert limits.most == pytest.approx(np.stack([1.07 * baseline, 1.1 * baseline], axis=1))
    assert limits.fall[:, 1] == pytest.approx(0.96)
    assert limits.rise[:, 1] == pytest.approx(1.07)


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf")])
def test_a_grant_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match="finite"):
        one_year(1.0, wrong)
