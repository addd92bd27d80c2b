"""A scenario that stands in a sheet says what the same scenario says in a file."""

import datetime as dt

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.errors import InvalidInput, UsageError
from allocator.scenario.describe import setting_names
from allocator.scenario.load import read_scenario

TITLE = ("title", "Mine")


@pytest.fixture
def book(tmp_path):
    def make(*rows, titles=("setting", "value", "what it does"), sheet="scenario", above=()):
        made = openpyxl.Workbook()
        made.active.title = sheet
        for row in (*above, titles, *rows):
            made.active.append(row)
        made.save(tmp_path / "mine.xlsx")
        return tmp_path / "mine.xlsx"

    return make


@pytest.fixture
def file(tmp_path):
    def make(text):
        (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
        return tmp_path / "mine.toml"

    return make


def faults(path, *overrides):
    with pytest.raises(InvalidInput) as error:
        read_scenario(path, overrides)
    assert {fault.table for fault in error.value.faults} == {"mine.xlsx, sheet scenario"}
    return [(fault.code, fault.row, fault.column) for fault in error.value.faults]


def test_every_kind_of_value_is_what_it_is_in_a_file(book, file):
    book(TITLE)
    in_file = read_scenario(
        file("""
title = "2026"
data = "mine.xlsx"
[goal]
measure = "final_year"
tail_years = 3
weights = { harbour = 1.5 }
[budget]
reserve = 1000
[budget.by_year]
"2005-06" = 490_000_000
[grants]
floor = 0.9
[grants.formula]
area_costs = false
[workforce]
qualified_grade = "senior"
qualified_share = { "2005-06" = 0.4 }
[rules]
soft = ["target", "guarantee"]
off = []
""")
    ).settings
    in_sheet = read_scenario(
        book(
            ("title", 2026),  # a number where text is due is that text
            ("goal.measure", "final_year"),
            ("goal.tail_years", 3.0),
            ("goal.weights.harbour", 1.5),
            ("budget.reserve", "1000"),  # text where a number is due is that number
            ("budget.by_year.2005-06", 490_000_000),
            ("grants.floor", 0.9),
            ("grants.cap", None),
            ("grants.max_fall", ""),
            ("grants.formula.area_costs", False),
            ("workforce.qualified_grade", '"senior"'),
            ('workforce.qualified_share."2005-06"', 0.4),
            ("rules.soft", "target, guarantee"),
            ("rules.off", "[]"),
            (None, None, "a line of the planner's own"),
        )
    ).settings
    assert in_sheet == in_file


@pytest.mark.parametrize(
    ("cell", "value"), [(True, True), (1, True), (0, False), ("FALSE", False), ("true", True), ("none", "fault")]
)
def test_truth_values_are_taken_as_spreadsheets_save_them(book, cell, value):
    path = book(TITLE, ("certainty.sees_tail", cell))
    if value == "fault":
        assert faults(path) == [("setting-type", "3", "certainty.sees_tail")]
    else:
        assert read_scenario(path).settings.certainty.sees_tail is value


def test_the_data_are_those_of_the_workbook_unless_the_sheet_says_otherwise(book):
    path = book(TITLE)
    assert read_scenario(path).data == path
    assert read_scenario(book(TITLE, ("extends", "settlement"))).data == path
    assert read_scenario(book(TITLE, ("data", "connexions"))).data.name == "connexions"


def test_a_blank_value_is_as_in_the_scenario_that_is_extended_and_none_takes_it_away(book):
    settings = read_scenario(
        book(TITLE, ("extends", "settlement"), ("grants.floor", None), ("grants.cap", "none"))
    ).settings
    assert (settings.grants.floor, settings.grants.cap) == (0.9, None)


def test_set_goes_before_the_sheet_and_a_file_may_extend_it(book, file):
    path = book(TITLE, ("grants.floor", 0.5))
    assert read_scenario(path, ["grants.floor=0.7"]).settings.grants.floor == 0.7
    extended = read_scenario(file('extends = "mine.xlsx"\n[grants]\ncap = 1.1\n'))
    assert (extended.settings.grants.floor, extended.settings.grants.cap) == (0.5, 1.1)
    assert extended.data == path


def test_the_headings_may_stand_lower_in_any_order_and_case(book):
    path = book(
        ("x", 0.5, "grants.floor"), ("x", "Mine", "title"), titles=("note", "Value", " SETTING "), above=[["Mine"]]
    )
    assert read_scenario(path).settings.grants.floor == 0.5


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (("grants.flor", 0.9), ("unknown-setting", "3", "grants.flor")),
        (("grants.floor", "much"), ("setting-type", "3", "grants.floor")),
        (("grants.max_fall", 90), ("setting-range", "3", "grants.max_fall")),
        (("goal.measure", "all"), ("setting-choice", "3", "goal.measure")),
        (("title", "Again"), ("scenario-syntax", "3", "title")),
        (("grants", 3), ("setting-type", "3", "grants")),
        ((None, 0.9), ("setting-syntax", "3", "")),
        ((12, 0.9), ("setting-syntax", "3", "")),
        (("a=b", 0.9), ("setting-syntax", "3", "")),
        ((".".join("a" * 40), 0.9), ("setting-syntax", "3", "")),
        (("budget.reserve", dt.date(2026, 1, 1)), ("setting-type", "3", "budget.reserve")),
        (("rules.soft", "trget"), ("unknown-rule", "3", "rules.soft")),
        (('"[key]"', 1), ("unknown-setting", "3", '"[key]"')),
    ],
)
def test_what_cannot_be_a_setting_is_told_with_its_row(book, row, fault):
    assert faults(book(TITLE, row)) == [fault]


def test_a_table_and_what_is_in_it_cannot_both_have_a_value(book):
    assert ("scenario-syntax", "4", "grants.floor") in faults(book(TITLE, ("grants", 3), ("grants.floor", 1)))


def test_a_workbook_without_the_sheet_or_its_headings_is_told_what_to_do(book):
    for path in (book(TITLE, sheet="years"), book(TITLE, titles=("key", "what"))):
        with pytest.raises(UsageError) as error:
            read_scenario(path)
        assert 'data = "mine.xlsx"' in error.value.fix


def test_a_file_that_only_looks_like_a_workbook_is_refused(tmp_path):
    (tmp_path / "mine.xlsx").write_bytes(b"title = 1")
    with pytest.raises(InvalidInput) as error:
        read_scenario(tmp_path / "mine.xlsx")
    assert [fault.code for fault in error.value.faults] == ["not-a-workbook"]


def test_text_that_looks_like_a_formula_is_text(book):
    path = book(("title", "'=1+1"), ("question", "'-Who?"))
    assert read_scenario(path).settings.title == "=1+1"


TEXT = st.text(st.characters(exclude_categories=("C",)), max_size=20)
NAME = st.one_of(
    st.sampled_from(setting_names()), st.sampled_from(["extends", "grants", "a.b", "goal.weights.x"]), TEXT
)
CELL = st.one_of(
    TEXT,
    st.floats(-1e300, 1e300),
    st.booleans(),
    st.none(),
    st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)),
    st.sampled_from(["none", "[", "{a=1}", "1e999", "nan", '"', '""', "'=1", "2026-01-01", "0x1F", ",", "[1,[2]]"]),
)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(st.lists(st.tuples(NAME, CELL), max_size=12))
def test_whatever_stands_in_the_cells_is_a_scenario_or_is_told_what_is_wrong(tmp_path_factory, rows):
    made = openpyxl.Workbook()
    made.active.title = "scenario"
    for row in (("setting", "value"), TITLE, *rows):
        for position, cell in enumerate(row, start=1):
            made.active.cell(made.active.max_row + (position == 1), position).value = cell
    path = tmp_path_factory.mktemp("any") / "mine.xlsx"
    made.save(path)
    try:
        scenario = read_scenario(path)
    except (InvalidInput, UsageError) as error:
        assert str(error)
    else:
        assert scenario.settings.title == "Mine"
