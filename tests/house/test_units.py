"""Rounding and wording of figures; every expectation is a figure as the design writes it, or worked out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator import units


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (87361.2, 0, "87,361"),
        (9707.84, 1, "9,707.8"),
        (-1953, 0, "−1,953"),
        (0.4, 0, "0"),
        (-0.4, 0, "0"),
        (-0.0, 2, "0"),
        (0.004, 2, "0"),
        (0.006, 2, "0.01"),
        (999.96, 1, "1,000.0"),
    ],
)
def test_numbers(value, places, text):
    assert units.number(value, places) == text


@pytest.mark.parametrize(
    ("value", "places", "text"), [(102.2, 0, "+102"), (-48.7, 1, "−48.7"), (0.3, 0, "0"), (-0.04, 1, "0")]
)
def test_changes_carry_their_sign_unless_they_round_to_nothing(value, places, text):
    assert units.signed(value, places) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (32_700_000, "£32.7m"),
        (1_373_600_000, "£1,373.6m"),
        (999_499, "£999k"),
        (999_500, "£1.0m"),
        (13_244, "£13k"),
        (999.6, "£1k"),
        (999.4, "£999"),
        (-2_000_000, "−£2.0m"),
        (0.2, "£0"),
    ],
)
def test_pounds_in_a_sentence(amount, text):
    assert units.pounds_short(amount) == text


def test_pounds_in_full_and_in_columns():
    assert units.pounds(446_600_000) == "£446,600,000"
    assert units.pounds(-1.6) == "−£2"
    assert units.millions(446_600_000) == "446.60"
    assert units.millions(4_000) == "0"
    assert units.signed_millions(4_583_000, 1) == "+4.6"


@pytest.mark.parametrize(("part", "text"), [(0.0631, "6.3 %"), (0.0004, "0"), (1.0, "100.0 %"), (-0.103, "−10.3 %")])
def test_shares(part, text):
    assert units.share(part) == text


@pytest.mark.parametrize(("part", "text"), [(0.134, "+13.4 %"), (-0.103, "−10.3 %"), (0.0003, "0")])
def test_relative_changes(part, text):
    assert units.signed_share(part) == text


@pytest.mark.parametrize(
    ("part", "text"), [(0.035, "3.5 %"), (0.1, "10 %"), (0.08, "8 %"), (0.0, "0 %"), (-0.02, "−2 %"), (1.0, "100 %")]
)
def test_a_setting_is_shown_with_the_decimals_it_has(part, text):
    assert units.percentage(part) == text


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (1.2e-9, "1e-9"), (3e-07, "3e-7"), (0.5, "5e-1")])
def test_residuals_have_one_digit(value, text):
    assert units.size(value) == text


@pytest.mark.parametrize(
    ("duration", "text"), [(0.42, "0.4 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.6, "1 min 0 s"), (125, "2 min 5 s")]
)
def test_durations(duration, text):
    assert units.seconds(duration) == text


def test_words():
    assert units.in_words(3) == "three"
    assert units.in_words(13) == "13"
    assert units.counted(1, "fault") == "1 fault"
    assert units.counted(1150, "row") == "1,150 rows"
    assert units.counted(2, "body", "bodies") == "2 bodies"
    assert units.horizon(("2004-05", "2005-06", "2006-07")) == "2004-05 to 2006-07"
    assert units.horizon(("2004-05",)) == "2004-05"
    assert units.listed(["a", "b", "c"]) == "a, b and c"
    assert units.listed(["a"]) == "a"
    assert units.listed([]) == ""
    assert units.or_dash(units.number, None) == "–"
    assert units.or_dash(units.number, 1234.5, 1) == "1,234.5"
    assert units.fte(8185.84) == "8,185.8"


@pytest.mark.parametrize("shown", [units.number, units.signed, units.pounds, units.share, units.percentage, units.size])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_figure_is_refused(shown, value):
    with pytest.raises(ValueError, match="cannot be shown"):
        shown(value)


@given(st.floats(-1e12, 1e12), st.integers(0, 3))
def test_a_number_can_be_read_back_to_half_its_last_place(value, places):
    text = units.number(value, places)
    read = float(text.replace(",", "").replace("−", "-"))
    assert abs(read - value) <= 0.5 * 10**-places * (1 + 1e-9) + abs(value) * 1e-15
    assert text == "0" or text.strip("−0.,") != ""


@given(st.floats(-1e12, 1e12))
def test_the_minus_is_the_typographic_one(value):
    shown = units.signed(value, 2) + units.pounds_short(value) + units.signed_share(value)
    assert "-" not in shown


@pytest.mark.parametrize(
    ("value", "text", "shown"),
    [(0.37, "0.37 ypy", "+0.37 ypy"), (-0.37, "0.37 ypy", "−0.37 ypy"), (3e-4, "0 ypy", "0"), (-3e-4, "£0", "0")],
)
def test_words_of_a_size_get_a_sign_unless_they_say_nothing(value, text, shown):
    assert units.with_sign(value, text) == shown


@pytest.mark.parametrize(
    ("one", "other", "places", "most", "shown"),
    [
        (0.0002, 0.000204, 5, 9, ("0.000200", "0.000204")),
        (12.0, 12.5, 0, 15, ("12.0", "12.5")),  # 12.5 rounds to the even 12
        (5_009_351.0, 5_009_350.0, 2, 15, ("5,009,351.00", "5,009,350.00")),
        (1e-7, 0.0, 6, 15, ("1e-7", "0")),
        (2e-13, 2e-7, 6, 15, ("2e-13", "2e-7")),
        (1.1e-8, 1.4e-8, 6, 15, ("0.000000011", "0.000000014")),
        (0.25, 0.25, 2, 15, ("0.25", "0.25")),
    ],
)
def test_two_numbers_are_shown_by_what_tells_them_apart(one, other, places, most, shown):
    assert units.told_apart(one, other, places, most) == shown
