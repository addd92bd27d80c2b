"""Trend and noise of a rate, worked out by hand."""

import math

import pytest

from allocator.imports.dfe.rates import rates_csv, rates_of, trend_and_noise
from allocator.imports.dfe.reading.published import Area


def area(neet, change=None):
    figures = {"neet": neet} | ({} if change is None else {"neet_change": change})
    return Area("E1", "801", "Alder", "North", figures, {})


def test_the_trend_is_the_slope_and_the_noise_the_scatter_about_it():
    # Mean 3; slope (-1.5*2 + -0.5*2 + 0.5*4 + 1.5*4) / 5 = 0.8; left over 0.2, -0.6, 0.6, -0.2: squares 0.8, over 2.
    slope, noise = trend_and_noise([2022, 2023, 2024, 2025], [2, 2, 4, 4])
    assert slope == pytest.approx(0.8)
    assert noise == pytest.approx(math.sqrt(0.4))


def test_a_line_has_no_noise_and_two_points_leave_none_to_be_seen():
    assert trend_and_noise([2021, 2023, 2025], [1, 2, 3]) == (pytest.approx(0.5), pytest.approx(0))
    assert trend_and_noise([2023, 2025], [2, 3]) == (0.5, None)
    assert trend_and_noise([2025], [3]) == (None, None)


def test_the_year_before_follows_from_the_published_change_unless_it_has_a_file():
    rates = rates_of({2023: area(4, 1.0), 2025: area(6, -0.5)}, "neet")
    assert rates.by_year == {2022: 3, 2023: 4, 2024: 6.5, 2025: 6}
    assert rates_of({2024: area(5, 1.0), 2025: area(6, -0.5)}, "neet").by_year == {2023: 4, 2024: 5, 2025: 6}


def test_a_rate_that_is_suppressed_leaves_its_year_out():
    assert rates_of({2023: area(4), 2025: Area("E1", "", "", "", {}, {"neet": "c"})}, "neet").by_year == {2023: 4}


def test_the_table_has_a_row_an_authority_and_measure_and_blanks_where_nothing_is_known():
    rates = {("alder", "E1"): {"neet": rates_of({2023: area(4), 2025: area(3)}, "neet")}, ("birch", "E2"): {}}
    rates["birch", "E2"]["neet"] = rates_of({2025: area(2)}, "neet")
    assert rates_csv(rates).decode().splitlines() == [
        "partnership,new_la_code,measure,rate_2023,rate_2025,trend,noise",
        "alder,E1,neet,4.0,3.0,-0.500,",
        "birch,E2,neet,,2.0,,",
    ]
