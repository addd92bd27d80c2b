"""Each fault of a single cell: on the paper tables one cell is changed, and that place alone is named."""

import pytest

from allocator.tables.checking.all_checks import check_tables
from allocator.tables.reading.written_numbers import numbers_meant
from tests.helpers.builders import write_tables
from tests.helpers.paper_tables import looked_at, paper_tables

CASES = [
    # code, table, row as a planner counts it, column, what is put there
    ("blank-cell", "years", 2, "budget", ""),
    ("blank-cell", "partnerships", 3, "region", "  "),
    ("not-a-number", "effects", 3, "effect", "lots"),
    ("not-a-number", "years", 2, "budget", "1_000"),
    ("not-a-number", "workforce", 5, "fte", "١٢"),
    ("not-a-number", "effects", 2, "max_uptake", "50%"),
    ("not-a-number", "young_people", 4, "young_people", "£400"),
    ("not-a-number", "workforce", 3, "fte", "n/a"),
    ("not-finite", "workforce", 3, "fte", "nan"),
    ("not-finite", "workforce", 3, "fte", "-inf"),
    ("not-finite", "partnerships", 2, "fixed_cost", "1e999"),
    ("decimal-comma", "effects", 2, "max_uptake", "0,5"),
    ("decimal-comma", "grades", 3, "salary", "30.000,50"),
    ("not-whole", "interventions", 3, "lag", "0.5"),
    ("not-whole", "grades", 2, "rank", "1.5"),
    ("out-of-range", "interventions", 2, "persistence", "1.01"),
    ("out-of-range", "interventions", 2, "lag", "-1"),
    ("out-of-range", "effects", 2, "effect", "-1.5"),
    ("out-of-range", "effects", 2, "standard_error", "-0.1"),
    ("out-of-range", "grades", 2, "attrition", "1.2"),
    ("out-of-range", "grades", 2, "salary", "0"),
    ("out-of-range", "grades", 2, "productive_hours", "0"),
    ("out-of-range", "years", 3, "price_index", "0"),
    ("out-of-range", "years", 3, "headcount_limit", "1e14"),
    ("out-of-range", "guarantees", 2, "min_share", "2"),
    ("out-of-range", "returns", 3, "band", "0"),
    ("negative-money", "partnerships", 2, "baseline_grant", "-120000"),
    ("negative-money", "interventions", 3, "unit_cost", "-10"),
    ("not-true-false", "grades", 3, "recruitable", "ja"),
    ("not-true-false", "grades", 3, "recruitable", "2"),
    ("not-a-choice", "sources", 2, "status", "guessed"),
    ("decimal-comma", "workforce", 2, "fte", "1,234"),
    *(("not-a-number", "workforce", 2, "fte", text) for text in ("12 FTE", "5£", "—", "?", "unknown")),
    ("not-a-choice", "targets", 2, "scope", "country"),
    ("not-a-choice", "sources", 2, "table", "efects"),
    ("error-cell", "workforce", 2, "fte", "#REF!"),
    ("error-cell", "partnerships", 2, "name", "#N/A"),
    ("control-character", "partnerships", 2, "name", "No\x07rth"),
    ("control-character", "partnerships", 2, "name", "No\x1b[31mrth"),
    ("control-character", "partnerships", 2, "name", "Nor\nth"),
    ("control-character", "partnerships", 2, "name", "Nor\u202eth"),
    ("cell-too-long", "partnerships", 2, "name", "N" * 201),
    ("unknown-name", "effects", 2, "client_group", "neets"),
    ("unknown-name", "interventions", 2, "min_grade", "advisor"),
    ("unknown-name", "young_people", 4, "partnership", "nroth"),
    ("unknown-name", "young_people", 4, "year", "2004/05"),
    ("unknown-name", "young_people", 4, "client_group", "atrisk"),
    ("unknown-name", "workforce", 4, "grade", "suport"),
    ("unknown-name", "capacities", 2, "year", "2007-08"),
    ("unknown-name", "guarantees", 2, "client_group", "everyone"),
    ("unknown-name", "guarantees", 2, "interventions", "coaching+caoching"),
    ("unknown-name", "targets", 3, "name", "Uplands"),
    ("unknown-name", "studies", 2, "intervention", "coach"),
    ("unknown-name", "sources", 2, "column", "efect"),
    ("neet-over-people", "young_people", 2, "neet", "101"),
    ("training-terms", "grades", 2, "training_cost", ""),
    ("training-terms", "grades", 2, "training_hours", ""),
    ("target-measure", "targets", 2, "max_neet", "90"),
    ("target-measure", "targets", 3, "max_neet", ""),
    ("target-name", "targets", 2, "name", "north"),
    ("target-name", "targets", 3, "name", ""),
    ("study-error", "studies", 2, "standard_error", ""),
    ("rising-returns", "returns", 3, "relative_effect", "1.01"),
    ("year-order", "years", 3, "year", "2003-04"),
]


@pytest.mark.parametrize(("code", "table", "row", "column", "cell"), CASES)
def test_a_bad_cell_is_one_fault_at_its_place(tmp_path, code, table, row, column, cell):
    tables = paper_tables()
    if code == "year-order":  # the year is renamed wherever it is used, so that its place alone is wrong
        for rows in tables.values():
            for line in rows:
                if line.get("year") == "2005-06":
                    line["year"] = cell
    tables[table][row - 2][column] = cell
    assert looked_at(tmp_path, tables) == [
        ("fault", code, f"{table}.csv", str(row), column if code != "target-measure" else "")
    ]


REMARKS = [
    ("note", "number-format", "years", 2, "budget", "£200,000"),
    ("note", "number-format", "years", 2, "budget", "£ 200000"),
    ("note", "number-format", "young_people", 4, "young_people", "1,400"),
    ("note", "top-grade-training", "grades", 3, "training_hours", "10"),
    ("warning", "unused-channel", "capacities", 2, "channel", "center"),
    ("note", "no-good-effect", "effects", 2, "effect", "-1"),
    ("warning", "number-format", "years", 2, "budget", "2.1E+05"),
    ("note", "not-offered", "guarantees", 2, "interventions", "coaching+group_work"),
    ("note", "not-offered", "guarantees", 2, "interventions", "group_work"),
    ("note", "not-offered", "studies", 2, "intervention", "group_work"),
    ("warning", "looks-like-thousands", "years", 3, "budget", "200"),
]


@pytest.mark.parametrize(("severity", "code", "table", "row", "column", "cell"), REMARKS)
def test_what_is_worth_a_word_does_not_stop_the_work(tmp_path, severity, code, table, row, column, cell):
    tables = paper_tables()
    tables[table][row - 2][column] = cell
    assert looked_at(tmp_path, tables) == [(severity, code, f"{table}.csv", str(row), column)]


GOOD = [
    ("grades", 2, "recruitable", "FALSE"),
    ("grades", 2, "recruitable", "True"),
    ("interventions", 2, "lag", "1.0"),
    ("effects", 2, "effect", "1"),
    ("effects", 2, "effect", "+.5E-2"),
    ("years", 2, "budget", " 2e5 "),
    ("workforce", 2, "fte", "0"),
    ("partnerships", 2, "map_column", "3"),
    ("interventions", 2, "exclusive_set", "casework"),
    ("sources", 2, "note", 'two\nlines, and a "quotation"'),
    ("guarantees", 2, "interventions", " coaching + coaching "),
    ("effects", 2, "standard_error", "1E-02"),
]


@pytest.mark.parametrize(("table", "row", "column", "cell"), GOOD)
def test_a_good_cell_is_no_fault(tmp_path, table, row, column, cell):
    tables = paper_tables()
    tables[table][row - 2][column] = cell
    assert looked_at(tmp_path, tables) == []


@pytest.mark.parametrize(
    ("table", "column", "cell", "fix"),
    [
        ("years", "budget", "490m", "Write 490000000."),
        ("years", "budget", "11.1m", "Write 11100000."),
        ("years", "budget", "£0.5 million", "Write 500000."),
        ("effects", "max_uptake", "97.5 %", "Write 0.975."),
        ("partnerships", "map_column", "n/a", "Leave the cell blank."),
        ("years", "budget", "n/a", "Write the figure, or an estimate of it."),
        ("workforce", "fte", "–", "Write 0 if it means nothing."),
        ("workforce", "fte", "nil", "Write 0 if it means nothing."),
        ("grades", "salary", "-", "Write the figure, or an estimate of it."),
        ("workforce", "fte", "”", "Write the number in every row."),
        ("capacities", "places", "Unlimited", "Delete the row: without one there is no limit."),
        ("years", "headcount_limit", "no limit", "Write more than can be reached."),
    ],
)
def test_what_to_write_is_said_where_one_number_is_meant(tmp_path, table, column, cell, fix):
    tables = paper_tables()
    tables[table][0][column] = cell
    (fault,) = check_tables(write_tables(tmp_path, tables), {}).faults
    assert (fault.code, fault.fix) == ("not-a-number", fix)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0,97", ("0.97",)),
        ("1,025", ("1025", "1.025")),
        ("£1,025", ("1025",)),
        ("1,025,000", ("1025000",)),
        ("30.000,50", ("30000.5",)),
        ("125%", ("1.25",)),
        ("12,5 %", ("0.125",)),
        ("-£2bn", ("-2000000000",)),
        ("490k", ("490000",)),
        (".5", ("0.5",)),
        ("0", ("0",)),
        ("1,02,5", ()),
        ("--1", ()),
        ("m", ()),
        ("", ()),
    ],
)
def test_every_number_that_a_text_can_mean_is_found(text, meant):
    assert numbers_meant(text) == meant


@pytest.mark.parametrize("cell", ["1e400", "-1e400", "inf", "£1e400"])
def test_a_number_that_is_not_finite_is_shown_as_it_stands(tmp_path, cell):
    tables = paper_tables()
    tables["years"][0]["budget"] = cell
    faults = [fault for fault in check_tables(write_tables(tmp_path, tables), {}).faults if fault.severity == "fault"]
    assert [(fault.code, fault.row, fault.column, fault.found) for fault in faults] == [
        ("not-finite", "2", "budget", f"'{cell}'")
    ]
