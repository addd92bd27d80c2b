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
from allocator.tables.sheets import Book

LARGEST_WHOLE = 1e15  # above it a whole number is written as repr() does


def write_folder(tables: Mapping[str, Sequence[Mapping[str, Any]]], folder: Path) -> None:
    """A CSV file a table in the folder, which is made where it is not there; a table without rows has its headings.

    tables: rows as in DataSet.tables. Text that a spreadsheet program would take for a formula gets an
    apostrophe before it, which reading takes off. Raises OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_bytes(csv_bytes(name, rows))


def csv_bytes(name: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """One table as the bytes of its CSV file: UTF-8, commas, a line feed a row."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    titles = _titles(name, rows)
    writer.writerow(titles)
    writer.writerows([_as_text(row[title]) for title in titles] for row in rows)
    return out.getvalue().encode("utf-8")


def write_workbook(tables: Mapping[str, Sequence[Mapping[str, Any]]], path: Path) -> None:
    """A workbook with a sheet a table: text as text, numbers as numbers, each column explained in its heading.

    Raises AllocatorError where a cell is longer than a workbook can hold, OSError where it cannot be written.
    """
    from allocator.tables.sheets import write_sheets

    with workbook_at(path) as book:
        write_sheets(book, tables)


@contextlib.contextmanager
def workbook_at(path: Path) -> Iterator[Book]:
    """A workbook to be filled; it is written where that went well. Same sheets, same bytes."""
    import xlsxwriter

    from allocator.tables.sheets import Book

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 - a fixed date: same tables, same bytes
    yield Book(book)
    book.close()
    path.write_bytes(out.getvalue())


def _titles(name: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The columns to write: one that may be left out only where a row says something else than that would."""
    return [
        column.name
        for column in TABLES[name].columns
        if not column.may_be_left_out or any(row[column.name] != column.left_out for row in rows)
    ]


def _as_text(value: Any) -> str:
    """A typed value as the text of a CSV cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}" if RISKY.match(value) else value
    if isinstance(value, float) and not (value.is_integer() and abs(value) < LARGEST_WHOLE):
        return repr(value)
    return str(int(value))
