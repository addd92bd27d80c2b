"""The same tables in any order, separator or kind of file give the same data set."""

import csv
import dataclasses
import datetime as dt
import io
import random
import zipfile
from pathlib import Path

import numpy as np
import pytest

from allocator.tables import read_data
from allocator.tables.checking.all_checks import check_tables
from allocator.tables.columns import TABLES
from allocator.tables.write import write_folder, write_workbook
from tests.helpers.paper_tables import CONNEXIONS, DRAWN, copy_of_connexions, edit, said

CASES = sorted(path.parent.name for path in DRAWN.glob("case_*/tables"))

THERE = [name for name in TABLES if (CONNEXIONS / f"{name}.csv").is_file()]


def assert_same(one, other):
    for field in dataclasses.fields(one):
        if field.name == "source":
            continue
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, np.ndarray):
            assert (left.dtype, left.shape) == (right.dtype, right.shape), field.name
            assert left.tobytes() == right.tobytes(), field.name
        else:
            assert left == right, field.name
            assert repr(left) == repr(right), field.name  # 1, 1.0 and True are equal, but not the same


def shuffle_rows(rows):
    body = rows[1:]
    random.Random(7).shuffle(body)
    rows[1:] = body


def shuffle_columns(rows):
    order = list(range(len(rows[0])))
    random.Random(8).shuffle(order)
    rows[:] = [[row[position] for position in order] for row in rows]


@pytest.fixture(scope="module")
def connexions():
    return read_data(CONNEXIONS)


def test_the_drawn_cases_are_all_there():
    assert len(CASES) == 40


@pytest.mark.parametrize("case", CASES)
def test_every_drawn_case_has_no_fault_and_survives_writing_and_reading(case, tmp_path):
    data = read_data(DRAWN / case / "tables")
    write_folder(data.tables, tmp_path / "out")
    write_workbook(data.tables, tmp_path / "out.xlsx")
    assert_same(data, read_data(tmp_path / "out"))
    assert_same(data, read_data(tmp_path / "out.xlsx"))


@pytest.mark.parametrize("change", [shuffle_rows, shuffle_columns])
def test_the_order_of_rows_and_columns_changes_nothing(tmp_path, connexions, change):
    folder = copy_of_connexions(tmp_path)
    for name in THERE:
        if name != "years" or change is shuffle_columns:  # the years stand in their order
            edit(folder, name, change)
    assert_same(connexions, read_data(folder))


def test_semicolons_a_byte_order_mark_and_other_line_ends_change_nothing(tmp_path, connexions):
    folder = copy_of_connexions(tmp_path)
    for file in folder.glob("*.csv"):
        rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
        file.write_bytes(out.getvalue().encode("utf-8-sig"))
    assert_same(connexions, read_data(folder))
    for file in folder.glob("*.csv"):
        file.write_bytes(file.read_bytes().replace(b"\r\n", b"\r"))
    assert_same(connexions, read_data(folder))


def test_a_comma_in_a_semicolon_file_is_a_decimal_comma(tmp_path):
    folder = copy_of_connexions(tmp_path)
    text = (folder / "years.csv").read_text().replace(",", ";").replace("1.025", "1,025")
    (folder / "years.csv").write_text(text)
    assert said(check_tables(folder, {}).faults) == [("fault", "decimal-comma", "years.csv", "3", "price_index")]


def test_a_workbook_reads_back_to_the_same_data_set(tmp_path, connexions):
    write_workbook(connexions.tables, tmp_path / "mine.xlsx")
    assert_same(connexions, read_data(tmp_path / "mine.xlsx"))


def raw_workbook(path, tables, **cells):
    """A workbook of the tables as a planner types it: numbers as numbers, whatever looks like one."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": True})
    for name, rows in tables.items():
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, rows[0])
        for number, row in enumerate(rows[1:], start=1):
            for position, cell in enumerate(row):
                if cell in ("true", "false", "True"):
                    sheet.write_boolean(number, position, cell != "false")
                elif cell:
                    sheet.write(number, position, cell)
        sheet.write_blank(len(rows) + 30, 20, None, book.add_format({"bold": True}))  # formatted, but empty
        for (row, column), write in cells.get(name, {}).items():
            write(sheet, row, column, book)
    book.close()
    return path


def connexions_rows():
    return {
        name: list(csv.reader(io.StringIO((CONNEXIONS / f"{name}.csv").read_text(encoding="utf-8")))) for name in THERE
    }


def test_a_workbook_typed_by_hand_reads_to_the_same_data_set(tmp_path, connexions):
    assert_same(connexions, read_data(raw_workbook(tmp_path / "mine.xlsx", connexions_rows())))


def test_codes_are_text_in_csv_files_and_workbooks(tmp_path, connexions):
    codes = {"northumberland": "007", "2004-05": "2004", "2005-06": "2005", "2006-07": "2006"}
    tables = {
        name: [[codes.get(cell, cell) for cell in row] for row in rows] for name, rows in connexions_rows().items()
    }
    folder = tmp_path / "csv"
    folder.mkdir()
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    data = read_data(folder)
    assert data.partnerships[0] == "007"
    assert data.years == ("2004", "2005", "2006")
    # a workbook keeps 2004 as a number; 007 has to be text there
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "mine.xlsx"), {"strings_to_numbers": True})
    for name, rows in tables.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for position, cell in enumerate(row):
                (sheet.write_string if cell == "007" else sheet.write)(number, position, cell)
    book.close()
    assert_same(data, read_data(tmp_path / "mine.xlsx"))


def test_faults_in_a_workbook_name_the_sheet_and_excels_row(tmp_path):
    rows = connexions_rows()
    may = dt.datetime(2004, 5, 1, tzinfo=None)  # noqa: DTZ001 - a spreadsheet's dates have no time zone
    date = {
        (2, 0): lambda sheet, r, c, book: sheet.write_datetime(r, c, may, book.add_format({"num_format": "mmm-yy"}))
    }
    error = {(3, 2): lambda sheet, r, c, _: sheet.write_formula(r, c, "=1/0", None, "#DIV/0!")}
    truth = {(1, 2): lambda sheet, r, c, _: sheet.write_boolean(r, c, True)}
    path = raw_workbook(tmp_path / "mine.xlsx", rows, years=date, workforce=error, interventions=truth)
    assert said(check_tables(path, {}).faults) == [
        ("fault", "not-a-number", "mine.xlsx, sheet interventions", "2", "unit_cost"),
        ("fault", "error-cell", "mine.xlsx, sheet workforce", "4", "fte"),
        ("fault", "date-cell", "mine.xlsx, sheet years", "3", "year"),
    ]


def test_a_sheet_of_another_name_is_told(tmp_path):
    rows = connexions_rows()
    rows["capacity"] = rows.pop("capacities")
    rows["my notes"] = [["buy milk"]]
    found = said(check_tables(raw_workbook(tmp_path / "mine.xlsx", rows), {}).faults)
    assert found == [
        ("fault", "unknown-table", "mine.xlsx, sheet capacity", "", ""),
        ("note", "unknown-table", "mine.xlsx, sheet my notes", "", ""),
    ]


def test_a_table_can_be_read_from_a_workbook_of_its_own(tmp_path, connexions):
    other = raw_workbook(tmp_path / "other.xlsx", {"targets": connexions_rows()["targets"]})
    assert_same(connexions, read_data(CONNEXIONS, {"targets": other}))
    found = said(check_tables(CONNEXIONS, {"years": other}).faults)
    assert found == [("fault", "missing-table", "other.xlsx, sheet years", "", "")]


def ods(path: Path, tables: dict[str, list[list[str]]]) -> Path:
    """An OpenDocument workbook, its zip and XML written by hand; numbers as numbers."""
    from xml.sax.saxutils import escape

    def cell(text: str) -> str:
        if not text:
            return "<table:table-cell/>"
        try:
            return f'<table:table-cell office:value-type="float" office:value="{float(text)}"/>'
        except ValueError:
            return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'

    filler = '<table:table-cell table:number-columns-repeated="16000"/>'
    sheets = "".join(
        f'<table:table table:name="{name}">'
        + "".join(f"<table:table-row>{''.join(map(cell, row))}{filler}</table:table-row>" for row in rows)
        + f'<table:table-row table:number-rows-repeated="1048000">{filler}</table:table-row></table:table>'
        for name, rows in tables.items()
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
        f"<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        book.writestr("content.xml", content)
        book.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest '
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
    return path


def test_an_opendocument_workbook_reads_to_the_same_data_set(tmp_path, connexions):
    assert_same(connexions, read_data(ods(tmp_path / "mine.ods", connexions_rows())))


def test_a_fault_in_an_opendocument_sheet_has_its_row(tmp_path):
    rows = connexions_rows()
    rows["effects"][13][1] = "atrisk"
    found = said(check_tables(ods(tmp_path / "mine.ods", rows), {}).faults)
    assert found == [("fault", "unknown-name", "mine.ods, sheet effects", "14", "client_group")]


@pytest.mark.parametrize(("value", "seen"), [(b"<v></v>", True), (b"<v/>", True), (b"", True), (b"<v>42</v>", False)])
def test_a_formula_that_nothing_has_worked_out_is_no_blank_cell(tmp_path, value, seen):
    path = raw_workbook(
        tmp_path / "typed.xlsx",
        connexions_rows(),
        partnerships={(1, 4): lambda sheet, row, column, _: sheet.write_formula(row, column, "=SUM(1,2)", None, 42)},
    )
    saved = tmp_path / "mine.xlsx"
    with zipfile.ZipFile(path) as typed, zipfile.ZipFile(saved, "w") as other:
        for name in typed.namelist():
            other.writestr(name, typed.read(name).replace(b"<f>SUM(1,2)</f><v>42</v>", b"<f>SUM(1,2)</f>" + value))
    found = said(check_tables(saved, {}).faults)
    place = ("fault", "error-cell", "mine.xlsx, sheet partnerships", "2", "fixed_cost")
    assert [fault for fault in found if fault[0] == "fault"] == ([place] if seen else [])
