"""The declared columns: they hold of the reference data, and the dictionary and the catalogue are whole."""

import csv
from pathlib import Path

import pytest

from allocator.faults import CODES, Fault, shown, shown_rows
from allocator.tables import read_data
from allocator.tables.columns import TABLES
from allocator.tables.dictionary import dictionary
from tests.helpers.paper_tables import CONNEXIONS, DRAWN

CONTRACT = {
    "partnerships": ("partnership",),
    "young_people": ("partnership", "client_group", "year"),
    "client_groups": ("client_group",),
    "interventions": ("intervention",),
    "effects": ("intervention", "client_group"),
    "returns": ("intervention", "band"),
    "grades": ("grade",),
    "workforce": ("partnership", "grade"),
    "years": ("year",),
    "capacities": ("partnership", "channel", "year"),
    "guarantees": ("year", "client_group", "interventions"),
    "targets": ("scope", "name", "year"),
    "limits": ("limit",),
    "studies": ("study", "intervention", "client_group"),
    "sources": ("table", "column", "part"),
}


def test_tables_stand_in_the_order_of_the_contract_with_its_keys():
    assert {name: table.keys for name, table in TABLES.items()} == CONTRACT
    assert list(TABLES) == list(CONTRACT)
    optional = {name for name, table in TABLES.items() if table.optional}
    wanted = {"client_groups", "returns", "capacities", "guarantees", "targets", "limits", "studies", "sources"}
    assert optional == wanted


@pytest.mark.parametrize("name", [name for name in TABLES if name != "limits"])  # a planner's own
def test_the_reference_data_have_the_declared_columns(name):
    with (CONNEXIONS / f"{name}.csv").open(encoding="utf-8") as file:
        left_out = {column.name for column in TABLES[name].columns if column.may_be_left_out}
        assert set(next(csv.reader(file))) - left_out == set(TABLES[name].column_names) - left_out


@pytest.mark.parametrize("folder", [CONNEXIONS, DRAWN / "case_01" / "tables"])
def test_every_row_read_satisfies_its_pydantic_model_too(folder):
    for name, rows in read_data(folder).tables.items():
        for row in rows:
            assert TABLES[name].model.model_validate(row).model_dump() == row


def test_the_dictionary_says_of_every_number_its_unit_or_range_and_of_every_column_its_meaning():
    for table in dictionary().tables:
        assert table.meaning
        for column in table.columns:
            assert column.meaning, (table.name, column.name)
            if column.kind in ("number", "whole number"):
                assert column.unit or column.range, (table.name, column.name)


def test_what_may_be_blank_is_what_the_contract_says():
    columns = [(table.name, column) for table in dictionary().tables for column in table.columns]
    blank = {(table, column.name) for table, column in columns if column.blank == "none"}
    said_so = {
        *(("partnerships", name) for name in ("map_column", "map_row")),
        ("interventions", "exclusive_set"),
        *(("grades", name) for name in ("training_cost", "training_hours")),
        *(("targets", name) for name in ("name", "max_neet", "reduction_share")),
        *(("limits", name) for name in ("name", "intervention", "client_group", "least", "most")),
        ("sources", "part"),
        *(("studies", name) for name in ("standard_error", "ci_low", "ci_high")),
    }
    described = {("effects", "source"), ("sources", "source"), ("sources", "note")} | {
        ("studies", name) for name in ("sample", "design", "year", "country", "cost_per_place", "source")
    }
    assert blank == said_so | described
    means = {(table, column.name): column.blank for table, column in columns if column.blank not in ("", "none")}
    assert means == {
        ("partnerships", "entry_grant"): "0; so does a column left out",
        ("partnerships", "start_up_posts"): "0; so does a column left out",
        ("interventions", "displacement"): "0; so does a column left out",
        ("interventions", "unit_cost_se"): "0; so does a column left out",
        ("interventions", "persistence_se"): "0; so does a column left out",
        ("partnerships", "effect_multiplier_se"): "0; so does a column left out",
        ("young_people", "neet_se"): "0; so does a column left out",
        ("years", "pay_index"): "as price_index; so does a column left out",
        ("sources", "owner"): "nobody is named; so does a column left out",
        ("sources", "date"): "no day is named; so does a column left out",
    }


def test_every_code_of_the_catalogue_has_a_test():
    tests = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("tables", "imports")
        for path in (Path(__file__).parents[1] / folder).rglob("test_*.py")
    )
    assert [code for code in CODES if f'"{code}"' not in tests] == []
    assert all(code.meaning.endswith(".") for code in CODES.values())


@pytest.mark.parametrize(
    ("fault", "place"),
    [
        (Fault("x", "effects.csv", "14", "client_group", "", "", ""), "effects.csv, row 14, column client_group"),
        (Fault("x", "workforce.csv", "62 and 143", "", "", "", ""), "workforce.csv, rows 62 and 143"),
        (Fault("x", "returns.csv", "23–25", "width", "", "", ""), "returns.csv, rows 23–25, column width"),
        (Fault("x", "mine.toml", "14", "grants.flor", "grants.flor", "", ""), "mine.toml, line 14"),
        (Fault("x", "mine.toml", "14", "grants.floor", "'high'", "", ""), "mine.toml, line 14, grants.floor"),
        (Fault("x", "years.csv", "", "", "", "", ""), "years.csv"),
    ],
)
def test_a_place_reads_as_a_person_would_say_it(fault, place):
    assert fault.place == place


def test_row_numbers_and_cells_are_shown_for_people():
    assert shown_rows([14]) == "14"
    assert shown_rows([25, 23, 24]) == "23–25"
    assert shown_rows([143, 62]) == "62 and 143"
    assert shown_rows([3, 9, 7]) == "3, 7 and 9"
    assert shown("a\x1bb") == "'a\\x1bb'"
    assert len(shown("x" * 1000)) == 62
    assert shown(6764.0) == "6,764"
    assert shown(0.95) == "0.95"
