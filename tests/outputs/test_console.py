"""Tables that give way, prose that wraps, bars, and nothing harmful to a terminal."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.outputs import console, progress
from allocator.outputs.console import TextColumn


def plain(lines):
    return [line.plain.rstrip() for line in lines]


def test_a_table_without_boxes():
    lines = console.table("MONEY", ["2004-05", "later"], [TextColumn("spent", ("1.50", "12.25"))], 80)
    assert plain(lines) == ["MONEY        spent", "  2004-05     1.50", "  later      12.25"]


def test_headings_of_two_lines_stand_above_the_title():
    lines = console.table("YEARS", ["a"], [TextColumn("end of\nyear", ("1",)), TextColumn("share", ("2",))], 80)
    assert plain(lines)[0].split() == ["end", "of"]
    assert plain(lines)[1].split() == ["YEARS", "year", "share"]


def test_columns_give_way_by_their_number_and_no_more_than_needed():
    columns = [
        TextColumn("kept", ("1" * 20,)),
        TextColumn("second", ("2" * 20,), drop=2),
        TextColumn("first", ("3" * 20,), drop=1),
    ]

    def shown(width):
        return plain(console.table("", ["name"], columns, width))[1].split()[1:]

    assert shown(100) == ["1" * 20, "2" * 20, "3" * 20]
    assert shown(60) == ["1" * 20, "2" * 20]
    assert shown(40) == ["1" * 20]


def test_what_a_column_needs_said_stands_below_only_where_it_is_shown():
    columns = [
        TextColumn("kept", ("1" * 20,)),
        TextColumn("must be", ("2" * 20,), drop=1, name="what there must be", note="Two is a number."),
        TextColumn("", ("█" * 10,), drop=2, left=True),
    ]
    assert plain(console.table("", ["name"], columns, 100))[2:] == ["  Two is a number."]
    narrow = plain(console.table("", ["name"], columns, 30))[2:]
    assert " ".join(" ".join(narrow).split()) == "Columns left out at this width: what there must be; bars."


@pytest.mark.parametrize(
    ("ended", "total", "elapsed", "left", "shown"),
    [(0, None, 2.9, None, "2 s"), (3, 16, 9.0, 11.2, "3 of 16, 12 s left"), (0, 16, 1.0, None, "0 of 16")],
)
def test_a_bar_says_how_many_have_ended_or_the_time_gone(ended, total, elapsed, left, shown):
    assert progress.said(ended, total, elapsed, left) == shown


def test_a_name_is_never_cut():
    name = "Milton Keynes, Oxfordshire and Buckinghamshire"
    lines = plain(console.table("", [name, "Surrey"], [TextColumn("£m", ("1.0", "2.0"), least=50)], 80))
    words = " ".join(line.replace("1.0", "") for line in lines[1:-1]).split()
    assert words == name.split()
    assert lines[-1].split() == ["Surrey", "2.0"]
    assert max(map(len, lines)) <= 80


def test_a_paragraph_hangs_and_keeps_per_cent_with_its_number():
    lines = plain(console.paragraph("! one two three 45.5 % and more", 21, indent=2, hang=4))
    assert lines == ["  ! one two three", "    45.5 % and more"]


def test_a_label_stands_before_a_hanging_paragraph():
    assert plain(console.labelled("NEXT", "show this and that", 24)) == [
        "NEXT        show this",
        "            and that",
    ]


def test_prose_is_no_wider_than_can_be_read():
    lines = plain(console.paragraph("word " * 100, 200))
    assert max(map(len, lines)) <= console.WIDEST_PROSE


@pytest.mark.parametrize(
    ("value", "drawn"),
    [
        (4, "    │████"),
        (-4, "████│    "),
        (2, "    │██  "),
        (-1.5, "  ▐█│    "),
        (1.5, "    │█▌  "),
        (0, "    │    "),
        (0.2, "    │    "),
    ],
)
def test_bars_grow_from_the_middle_in_half_cells(value, drawn):
    assert console.bar(value, 4, 4) == drawn


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_a_bar_is_always_as_wide(value, largest):
    assert len(console.bar(value, largest, 7)) == 15


def test_signs_are_coloured_as_they_say():
    lines = console.table("", ["a", "b", "c"], [TextColumn("x", ("+1", "−1", "0"), signed=True)], 80)
    assert [[span.style for span in line.spans if span.style] for line in lines[1:]] == [["cyan"], ["yellow"], []]


class Stream(io.StringIO):
    def __init__(self, encoding="utf-8", terminal=False):
        super().__init__()
        self._encoding, self.terminal = encoding, terminal

    @property
    def encoding(self):
        return self._encoding

    def isatty(self):
        return self.terminal


@pytest.mark.parametrize("hostile", ["\x1b[31mred", "a\rb", "a\x07", "\u202egnirts", "\x9b31m"])
def test_no_control_character_reaches_a_terminal(hostile):
    for terminal in (True, False):
        stream = Stream(terminal=terminal)
        console.write([hostile], stream)
        left = stream.getvalue().rstrip("\n")
        assert left  # the rest of the line is there
        assert not set(left) & {"\r", "\x07", "\u202e", "\x9b"}
        assert "\x1b[31m" not in left


def test_an_encoding_without_the_signs_gets_plain_ones():
    stream = Stream("ascii")
    console.write(["−1 – 2 … ▐█│█▌"], stream)
    assert stream.getvalue() == "-1 - 2 ... ##|##\n"


def test_latin_1_keeps_the_pound_sign():
    stream = Stream("latin-1")
    console.write(["£1 − 2"], stream)
    assert stream.getvalue() == "£1 - 2\n"


def test_into_a_pipe_there_are_100_columns_and_no_colour():
    stream = Stream()
    console.write(console.paragraph("bold", 100, style="bold red"), stream)
    assert stream.getvalue() == "  bold\n"
    assert console.width_of(stream) == 100


def test_a_long_value_is_cut_and_says_so():
    assert console.shortened("x" * 300) == "x" * 300
    assert console.shortened("x" * 1_000_000).endswith("… (1,000,000 characters)")


def test_an_encoding_without_the_pound_sign_gets_its_code():
    stream = Stream("ascii")
    console.write(["£32.7m moves, −£1m"], stream)
    assert stream.getvalue() == "GBP 32.7m moves, -GBP 1m\n"


def test_a_long_table_measures_each_of_its_cells_a_few_times_and_no_more(monkeypatch):
    measured = []
    monkeypatch.setattr(console, "cell_len", lambda text: measured.append(text) or len(text))
    rows = 500
    console.table("", ["row"] * rows, [TextColumn("a", ("1",) * rows), TextColumn("b", ("2",) * rows)], 80)
    assert len(measured) < 10 * rows  # once for every other cell, it would be 500 times 500


def test_a_formula_too_wide_goes_on_in_another_line():
    from allocator.analyses.catalogue.face import rule_lines
    from allocator.analyses.catalogue.rules import listed_rules

    for width in (80, 160):
        wide = [line.plain for line in rule_lines(listed_rules().rules, width, in_full=True) if len(line.plain) > width]
        assert not wide
    (qualified,) = listed_rules("qualified").rules
    assert len(qualified.formula) > 80
    narrow = "\n".join(line.plain for line in rule_lines([qualified], 80, in_full=True))
    assert " ".join(qualified.formula.split()) in " ".join(narrow.split())


def test_how_far_a_price_holds_has_no_sign_where_it_rounds_to_nothing():
    from allocator.analyses.solve import face_of_worth as worth

    assert worth._at(2e6, plus=True) == "+£2m"
    assert worth._at(0.3, plus=True) == "0"
