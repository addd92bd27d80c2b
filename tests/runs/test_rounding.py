from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.runs.rounding import whole_pounds

grants = st.lists(st.floats(0, 1e9, allow_nan=False), min_size=1, max_size=60).map(np.array)


def test_the_largest_remainders_are_rounded_up():
    assert whole_pounds(np.array([1.4, 2.3, 3.3])).tolist() == [2, 2, 3]


def test_of_equal_remainders_the_first_is_rounded_up():
    assert whole_pounds(np.array([1.5, 1.5])).tolist() == [2, 1]
    assert whole_pounds(np.array([0.25, 0.25, 0.25, 0.25])).tolist() == [1, 0, 0, 0]


def test_grants_that_miss_whole_pounds_by_less_than_nothing_are_taken_for_whole():
    assert whole_pounds(np.array([4_999_999.999999999, 3.0000000001])).tolist() == [5_000_000, 3]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(grants)
def test_pounds_add_up_and_no_grant_moves_by_more_than_one(amounts):
    rounded = whole_pounds(amounts)
    assert abs(int(rounded.sum()) - sum(map(float, amounts))) <= 0.5 + 1e-6
    assert (np.abs(rounded - amounts) < 1 + 1e-6).all()
    assert (rounded >= 0).all()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(grants)
def test_whole_pounds_stay_as_they_are(amounts):
    whole = np.floor(amounts)
    assert (whole_pounds(whole) == whole).all()


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf")])
def test_a_grant_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match="finite"):
        whole_pounds(np.array([1.0, wrong]))
