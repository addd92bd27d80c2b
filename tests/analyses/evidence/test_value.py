"""The value of information against closed forms, to their digits."""

import math

import pytest

from allocator.analyses.evidence.value import convex, informed, sampling_error


def choice(gain, spread):
    """The better of doing nothing and a gain that is known but for its error: value and slope at an error z."""
    return lambda z: (gain + spread * z, spread) if gain + spread * z > 0 else (0.0, 0.0)


@pytest.mark.parametrize(
    ("spread", "worth"), [(math.sqrt(5.0), 0.4798107), (1.0, 0.0833155), (2.0, 0.3955931)], ids=["all", "p1", "p2"]
)
def test_two_options_with_normal_gains(spread, worth):
    # the gain of one over the other is 1 on average: E[max(0, 1 + s z)] - 1 = s φ(1/s) - Φ(-1/s)
    found = convex(choice(1.0, spread))
    assert found.mean() - 1.0 == pytest.approx(worth, abs=5e-8)
    assert found.apart() < 1e-12  # two straight lines: nothing is left open
    assert found.solves <= 6


def test_a_curve_is_as_close_as_it_says():
    # E[z²] = 1, which is all above its value at nought
    found = convex(lambda z: (z * z, 2 * z))
    assert abs(found.mean() - 1.0) <= found.apart() <= 3e-3


def test_a_line_is_worth_nothing():
    found = convex(lambda z: (2.0 + 3.0 * z, 3.0))
    assert found.mean() == pytest.approx(2.0, abs=1e-12)
    assert found.solves <= 4


def test_what_a_study_leaves_one_believing():
    assert informed(0.02, 0.02) == pytest.approx(math.sqrt(0.5))  # as sure as before: half of the variance is learnt
    assert informed(0.02, math.inf) == 0.0
    assert informed(0.02, 0.0) == 1.0
    assert informed(0.0, 0.1) == 0.0
    # 400 in either arm, half of whom have the outcome: √(0.25/400 + 0.25/400)
    assert sampling_error(0.5, 0.0, 800) == pytest.approx(math.sqrt(2 * 0.25 / 400))
    # all of the comparison group have it, and nine of ten of the others
    assert sampling_error(1.0, 0.1, 800) == pytest.approx(math.sqrt((0.001 + 0.09) / 400), rel=1e-2)
    assert sampling_error(0.0, 0.0, 800) > 0
