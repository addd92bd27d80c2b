"""Writes tables as canonical CSV files or a workbook, which read back to the same data set; same tables, same bytes."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING, Any

from allocator.errors import AllocatorError
from allocator.tables.columns import TABLES
from allocator.tables.reading.cells import ESCAPED, RISKY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LONGEST_IN_WORKBOOK = 32_767  # characters a cell of a workbook can hold
LARGEST_WHOLE = 1e15  # above it a whole number is written as repr() does


class Exactly(float):
    """A number that is written with all its digits: XlsxWriter formats to 16, which loses the last bit."""

    def __format__(self, specification: str) -> str:
        """The shortest text that reads back to the same number, whatever is asked for."""
        return repr(float(self))


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
    titles = TABLES[name].column_names
    writer.writerow(titles)
    writer.writerows([_as_text(row[title]) for title in titles] for row in rows)
    return out.getvalue().encode("utf-8")


def write_workbook(tables: Mapping[str, Sequence[Mapping[str, Any]]], path: Path) -> None:
    """A workbook with a sheet a table: text as text, numbers as numbers, headings frozen.

    Raises AllocatorError where a cell is longer than a workbook can hold, OSError where it cannot be written.
    """
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 - a fixed date: same tables, same bytes
    bold = book.add_format({"bold": True})
    for name, rows in tables.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        titles = TABLES[name].column_names
        for position, title in enumerate(titles):
            sheet.write_string(0, position, title, bold)
            sheet.set_column(position, position, max(len(title) + 2, 12))
        for number, row in enumerate(rows, start=1):
            for position, title in enumerate(titles):
                _write_cell(sheet, number, position, row[title], f"{name}, row {number + 1}, column {title}")
    book.close()
    path.write_bytes(out.getvalue())


def _write_cell(sheet: Any, row: int, position: int, value: Any, place: str) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, position, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, position, Exactly(value))
    elif len(value) >= LONGEST_IN_WORKBOOK:
        raise AllocatorError(place, f"{len(value):,} characters", f"at most {LONGEST_IN_WORKBOOK:,}", "Use CSV files.")
    else:
        # A cell of text is never run as a formula; only apostrophes that reading would take off get one more.
        sheet.write_string(row, position, f"'{value}" if ESCAPED.match(value) else value)


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
