"""What is written can be read back, runs no formula, and is the same for the same tables."""

import csv
import io
import math
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.errors import AllocatorError
from allocator.tables import read_data
from allocator.tables.columns import TABLES
from allocator.tables.write import table_bytes, write_folder, write_workbook
from tests.helpers.builders import write_tables
from tests.helpers.paper_tables import CONNEXIONS, paper_tables

RISKY = ["=1+1", "+44 20", "-5", "@home", "'=1", "''+x", "'quoted'", "it's", "'", "= ", "0x1F", "007", "1e5", "TRUE"]


def with_notes(tmp_path, notes):
    """Reads paper tables whose sources have these notes; risky ones are given as a person has to write them."""
    tables = paper_tables()
    tables["sources"] = [
        {**tables["sources"][0], "part": str(number), "note": note} for number, note in enumerate(notes)
    ]
    return read_data(write_tables(tmp_path / "given", tables))


def test_cells_that_look_like_formulas_come_back_as_they_were(tmp_path):
    data = with_notes(tmp_path, RISKY)
    # CSV written by a program that does not escape: "=1+1" is taken as it is, and "'=1" as the escaped "=1"
    expected = ["=1+1", "+44 20", "-5", "@home", "=1", "'+x", *RISKY[6:9], "=", *RISKY[10:]]
    rows = sorted(data.tables["sources"], key=lambda row: int(row["part"]))
    assert [row["note"] for row in rows] == expected
    write_folder(data.tables, tmp_path / "out")
    write_workbook(data.tables, tmp_path / "out.xlsx")
    assert read_data(tmp_path / "out").tables == data.tables
    assert read_data(tmp_path / "out.xlsx").tables == data.tables


def test_no_cell_of_text_begins_like_a_formula_and_numbers_stay_plain(tmp_path):
    data = with_notes(tmp_path, RISKY)
    effects = [dict(data.tables["effects"][0], effect=-0.25, source="-0.25")]
    (_, row) = csv.reader(io.StringIO(table_bytes("effects", effects).decode()))
    assert row[2] == "-0.25"  # a number
    assert row[6] == "'-0.25"  # a text
    for line in csv.reader(io.StringIO(table_bytes("sources", data.tables["sources"]).decode())):
        assert not line[5].startswith(("=", "+", "-", "@", "\t", "\r"))
    write_workbook(data.tables, tmp_path / "out.xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as book:
        sheets = [book.read(name) for name in book.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
    assert len(sheets) == 14
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=("C", "Zl", "Zp"), include_characters="\n\t'=+-@"), max_size=12),
            st.floats(0, 1e13, allow_subnormal=False),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_every_text_and_number_survives_csv_and_workbook(tmp_path_factory, cells):
    folder = tmp_path_factory.mktemp("round")
    tables = paper_tables()
    tables["studies"] = [
        {**tables["studies"][0], "study": str(number), "source": text, "sample": sample}
        for number, (text, sample) in enumerate(cells)
    ]
    once = read_data(write_tables(folder / "given", tables))
    write_folder(once.tables, folder / "out")
    write_workbook(once.tables, folder / "out.xlsx")
    assert read_data(folder / "out").tables == once.tables
    assert read_data(folder / "out.xlsx").tables == once.tables
    samples = {row["study"]: row["sample"] for row in once.tables["studies"]}
    assert samples == {str(number): sample for number, (_, sample) in enumerate(cells)}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (446_600_000.0, "446600000"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-7, "1e-07"),
        (math.nextafter(1, 2), "1.0000000000000002"),
        (1e13, "10000000000000"),
        (None, ""),
    ],
)
def test_numbers_are_written_with_all_their_digits_and_no_more(value, text):
    row = dict.fromkeys(TABLES["studies"].column_names)
    written = table_bytes("studies", [{**row, "sample": value}]).decode().splitlines()[1]
    assert written.split(",")[TABLES["studies"].column_names.index("sample")] == text


def test_the_same_tables_make_the_same_bytes(tmp_path):
    data = read_data(CONNEXIONS)
    for name in ("a", "b"):
        write_folder(data.tables, tmp_path / name)
        write_workbook(data.tables, tmp_path / f"{name}.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    files = sorted(file.name for file in (tmp_path / "a").iterdir())
    assert files == sorted(f"{name}.csv" for name in TABLES if name != "limits")  # a planner's own
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in files)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        assert b"2000-01-01" in book.read("docProps/core.xml")  # not the time of writing


def test_a_table_without_rows_keeps_its_headings():
    assert table_bytes("targets", ()) == b"scope,name,year,max_neet,reduction_share\n"


def test_a_text_that_no_workbook_can_hold_is_refused_and_nothing_is_written(tmp_path):
    data = with_notes(tmp_path, ["x" * 40_000])
    with pytest.raises(AllocatorError) as raised:
        write_workbook(data.tables, tmp_path / "out.xlsx")
    assert raised.value.place == "sources, row 2, column note"
    assert not (tmp_path / "out.xlsx").exists()
    write_folder(data.tables, tmp_path / "out")
    assert read_data(tmp_path / "out").tables == data.tables
