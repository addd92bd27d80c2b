"""Writes tables as canonical CSV files or a workbook, which read back to the same data set; same tables, same bytes."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from allocator.tables.columns import TABLES
from allocator.tables.reading.cells import RISKY
from allocator.tables.sheets import Book, write_sheets

LARGEST_WHOLE = 1e15  # above it a whole number is written as repr() does


def write_folder(tables: Mapping[str, Sequence[Mapping[str, Any]]], folder: Path) -> None:
    """Write a CSV file for each table in the folder, which is made where it is not there; without rows it has its
    headings.

    tables: rows as in DataSet.tables. Text that a spreadsheet program would take for a formula gets an
    apostrophe before it, which reading takes off. Raises OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_bytes(table_bytes(name, rows))


def table_bytes(name: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Give one table of a data set as the bytes of its CSV file, without the columns that say what leaving them out
    does.
    """
    left_out = {column.name: column.left_out for column in TABLES[name].columns}
    return csv_bytes({title: [row.get(title, left_out[title]) for row in rows] for title in _titles(name, rows)})


def csv_bytes(columns: Mapping[str, Sequence[Any]]) -> bytes:
    """Give columns of one length as CSV: UTF-8, commas, a line feed a row, no cell that a spreadsheet takes for a
    formula.

    Numbers are the shortest text that reads back exactly, whole ones without a point; None is a blank.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(_cells(values) for values in columns.values()), strict=True))
    return out.getvalue().encode("utf-8")


def write_workbook(tables: Mapping[str, Sequence[Mapping[str, Any]]], path: Path) -> None:
    """Write a workbook with a sheet a table: text as text, numbers as numbers, each column explained in its heading.

    Raises AllocatorError where a cell is longer than a workbook can hold, OSError where it cannot be written.
    """
    with workbook_at(path) as book:
        write_sheets(book, tables)


@contextlib.contextmanager
def workbook_at(path: Path) -> Iterator[Book]:
    """Open a workbook to be filled; it is written where that went well. Same sheets, same bytes."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 - a fixed date: same tables, same bytes
    yield Book(book)
    book.close()
    path.write_bytes(out.getvalue())


def _titles(name: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Give the columns to write: one that may be left out only where a row says something else than that would."""
    return [
        column.name
        for column in TABLES[name].columns
        if not column.may_be_left_out or any(row.get(column.name, column.left_out) != column.left_out for row in rows)
    ]


def _cells(values: Sequence[Any]) -> list[Any]:
    """Give a column's cells as the CSV writer takes them."""
    spelt = {value: _as_cell(value) for value in set(values)}  # names are repeated many times
    return [spelt[value] for value in values]


def _as_cell(value: Any) -> Any:
    """Give a typed value as the CSV writer takes it, which writes doubles by repr and None as a blank."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}" if RISKY.match(value) else value
    if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_WHOLE:
        return int(value)
    return value
