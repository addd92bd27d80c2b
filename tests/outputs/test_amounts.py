"""Amounts of a goal, and money of programmes of any size, as a person reads them."""

import pytest

from allocator import units
from allocator.outputs import goal_amounts as amounts


@pytest.mark.parametrize(
    ("value", "measure", "text"),
    [
        (3_248.2, "cumulative", "3,248 ypy"),
        (12.4, "cumulative", "12 ypy"),
        (1.64, "final_year", "1.6 young people"),
        (0.38, "cumulative", "0.4 ypy"),
        (0.004, "cumulative", "0.004 ypy"),
        (0.0, "cumulative", "0 ypy"),
        (-1.64, "weighted final_year", "1.6 weighted young people"),
        (0.0007, "fairest", "0.07 points"),
        (192_000.0, "least_cost", "£192k"),
    ],
)
def test_a_small_amount_is_not_told_as_nothing(value, measure, text):
    assert amounts.told(value, measure) == text


@pytest.mark.parametrize(("largest", "places"), [(55e6, 1), (10e6, 1), (9.9e6, 2), (1e6, 2), (0.4e6, 3), (0.0, 3)])
def test_a_small_programme_is_told_with_more_decimals(largest, places):
    assert units.places_of_millions([largest / 2, largest]) == places
    assert units.places_of_millions([]) == 3
