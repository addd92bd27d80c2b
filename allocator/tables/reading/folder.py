"""Reads folders and workbooks to raw cells that remember file, sheet and row.

Whatever the bytes are, what cannot be read is a fault; nothing is raised.
"""

from __future__ import annotations

import csv
import io
import stat
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allocator.faults import printable, shown
from allocator.tables.columns import TABLES
from allocator.tables.names import did_you_mean
from allocator.tables.reading.files import is_blank, read_bytes, reason, too_large
from allocator.tables.reading.workbook import BESIDE_THE_TABLES, WORKBOOKS, Workbook, open_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from allocator.faults import FaultList

# Limits on what is read, so that a hostile or mistaken file is refused within seconds and bounded memory.
MOST_ROWS = 200_000  # of a table
LONGEST_CELL = 1_000_000  # characters
LONGEST_LINE = 2_000_000  # characters
MANY_CELLS = 1000  # in a row

Rows = list[tuple[int, "Sequence[Any]"]]


@dataclass(frozen=True)
class Sheet:
    """A table's raw cells: str from a CSV file; also float, int, bool or a date from a workbook.

    numbers: of each row, as the user's program shows it. columns: the cells under each known heading.
    semicolons: whether the file separates by semicolons, so that a comma in a number is a decimal comma.
    ragged: the cells under each known heading of the rows that have more or fewer cells than the headings, which are
    none of the others; None where a row ends before.
    """

    table: str
    numbers: tuple[int, ...]
    columns: Mapping[str, tuple[Any, ...]]
    semicolons: bool
    ragged: Mapping[str, tuple[Any, ...]]


class LineTooLongError(Exception):
    """A line of a CSV file is longer than any row of a table."""


def read_tables(location: Path, replaced: Mapping[str, Path], faults: FaultList) -> dict[str, Sheet]:
    """All tables of a folder or workbook that can be read, each by its name; what cannot be read is a fault.

    replaced: tables read from another file: a CSV file, or a workbook with a sheet of the table's name.
    """
    sheets: dict[str, Sheet | None] = {}
    label = printable(location.name or str(location))
    for name in replaced:
        if name not in TABLES:
            found = f"{shown(name)}, to be read from another file"
            faults.add("unknown-table", name, found=found, wanted="the name of a table", fix=did_you_mean(name, TABLES))
    try:
        kind = stat.S_IFMT(location.stat().st_mode)
    except (OSError, ValueError) as error:
        faults.add(
            "no-data-set", label, found=reason(error), wanted="a folder or workbook", fix="Correct the path in data."
        )
        return {}
    is_workbook = kind == stat.S_IFREG and location.suffix.lower() in WORKBOOKS
    if kind != stat.S_IFDIR and not is_workbook:
        faults.add(
            "no-data-set",
            label,
            found=f"a {location.suffix} file" if kind == stat.S_IFREG and location.suffix else "no folder or workbook",
            wanted="a folder of tables, or a workbook that ends in .xlsx or .ods",
            fix="Give the folder that holds the CSV files, or save the workbook as .xlsx.",
        )
        return {}
    faults.labels.update({name: f"{label}, sheet {name}" if is_workbook else f"{name}.csv" for name in TABLES})
    known = {name: path for name, path in replaced.items() if name in TABLES}
    for name, path in known.items():
        sheets[name] = _read_replaced(name, path, faults)
    if kind == stat.S_IFDIR:
        _read_folder(location, known, sheets, faults)
    elif not _read_workbook(location, known, sheets, faults):
        return {}
    for name, table in TABLES.items():
        if name not in sheets and not table.optional:
            wanted = f"a sheet {name}" if is_workbook else f"{name}.csv"
            faults.add(
                "missing-table", name, found="not there", wanted=f"{wanted} with {', '.join(table.column_names)}"
            )
    return {name: sheet for name, sheet in sheets.items() if sheet}


def _read_folder(folder: Path, known: Mapping[str, Path], sheets: dict[str, Sheet | None], faults: FaultList) -> None:
    try:
        entries = sorted(entry for entry in folder.iterdir() if entry.suffix.lower() == ".csv")
    except OSError as error:
        faults.add(
            "unreadable-file", f"{printable(folder.name)}/", found=reason(error), wanted="a folder that can be read"
        )
        return
    in_use = {_resolved(path) for path in known.values()}
    names = {entry.name for entry in entries}
    absent = [f"{name}.csv" for name in TABLES if f"{name}.csv" not in names and name not in known]
    for entry in entries:
        name = entry.name.removesuffix(".csv")
        if name in TABLES and name not in sheets:
            sheets[name] = _read_csv(name, entry, faults)
        elif name not in TABLES and not name.startswith(".") and _resolved(entry) not in in_use:
            _unknown_table(printable(entry.name), entry.name, absent, "folder", faults)


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # a loop of links, or a name that no file can have
        return path


def _read_workbook(path: Path, known: Mapping[str, Path], sheets: dict[str, Sheet | None], faults: FaultList) -> bool:
    """Whether the workbook could be opened; its sheets are then read."""
    label = printable(path.name)
    workbook = open_workbook(path, label, faults)
    if workbook is None:
        return False
    names = {sheet_name.strip() for sheet_name in workbook.sheet_names}
    absent = [name for name in TABLES if name not in names and name not in known]
    for sheet_name in workbook.sheet_names:
        name = sheet_name.strip()
        if name in TABLES and name not in sheets:
            sheets[name] = _read_sheet(name, workbook, sheet_name, faults)
        elif name not in known and name.casefold() not in BESIDE_THE_TABLES:
            _unknown_table(f"{label}, sheet {printable(sheet_name)}", name, absent, "workbook", faults)
    return True


def _unknown_table(label: str, name: str, absent: Sequence[str], place: str, faults: FaultList) -> None:
    """A fault where it looks like a table that is not there; else a warning, since plans and notes lie about too.

    absent: the tables that are not there. One of them may be meant, by a name that does not look like it.
    """
    meant = did_you_mean(name, absent)
    without = f"It is not read, and there is no {', '.join(absent)}." if absent else "It is not read."
    faults.add(
        "unknown-table",
        label,
        found="none of the tables",
        wanted=f"tables in the {place}",
        fix=meant or without,
        severity="fault" if meant else "warning",
    )


def _read_replaced(name: str, path: Path, faults: FaultList) -> Sheet | None:
    """A table from a file of its own."""
    workbook_sheet = path.suffix.lower() in WORKBOOKS
    faults.labels[name] = printable(path.name) + (f", sheet {name}" if workbook_sheet else "")
    if not workbook_sheet:
        return _read_csv(name, path, faults)
    workbook = open_workbook(path, name, faults)
    if workbook is None:
        return None
    for sheet_name in workbook.sheet_names:
        if sheet_name.strip() == name:
            return _read_sheet(name, workbook, sheet_name, faults)
    faults.add("missing-table", name, found=f"no sheet {name}", wanted=f"a sheet {name}")
    return None


def _read_sheet(name: str, workbook: Workbook, sheet_name: str, faults: FaultList) -> Sheet | None:
    rows = workbook.rows(sheet_name, name, faults)
    return None if rows is None else _assemble(name, list(enumerate(rows, start=1)), faults, semicolons=False)


def _read_csv(name: str, path: Path, faults: FaultList) -> Sheet | None:
    data = read_bytes(path, name, faults)
    text = None if data is None else decoded(name, data, faults)
    if text is None:
        return None
    first = text.lstrip("\r\n").split("\n", 1)[0].split("\r", 1)[0]
    separator = ";" if ";" in first and "," not in first else ","
    if "\t" in first and "," not in first and ";" not in first:
        faults.add("separator", name, [1], found="tabs", wanted="commas or semicolons", fix="Save it as CSV UTF-8.")
        return None
    rows = csv_rows(name, text, separator, faults)
    return None if rows is None else _assemble(name, rows, faults, semicolons=separator == ";")


def decoded(name: str, data: bytes, faults: FaultList) -> str | None:
    """The bytes as text, or None and a fault."""
    fix = "Save it as 'CSV UTF-8 (Comma delimited)'."
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        faults.add("encoding", name, found="UTF-16 text", wanted="UTF-8", fix=fix)
        return None
    if b"\0" in data:
        row = data.count(b"\n", 0, data.index(b"\0")) + 1
        faults.add("nul-byte", name, [row], found="a NUL byte", wanted="text", fix=fix)
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02X}, as in Windows or Latin-1 text"
        faults.add("encoding", name, [row], found=found, wanted="UTF-8", fix=fix)
        return None


def csv_rows(name: str, text: str, separator: str, faults: FaultList) -> Rows | None:
    """Rows with the number of the line on which each begins, or None and a fault."""
    rows: Rows = []
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)
    limit = csv.field_size_limit(LONGEST_CELL)
    before = 0
    try:
        for row in reader:
            rows.append((before + 1, row))
            before = reader.line_num
            if len(rows) > MOST_ROWS:
                too_large(name, f"more than {MOST_ROWS:,} rows", "fewer", faults)
                return None
    except LineTooLongError:
        too_large(name, f"a line of more than {LONGEST_LINE:,} characters", "shorter lines", faults)
        return None
    except csv.Error as error:
        if "field limit" in str(error):
            found = f"a cell of more than {LONGEST_CELL:,} characters"
            fix = "A quotation mark may be missing here or further up."
            faults.add("cell-too-long", name, [before + 1], found=found, wanted="a shorter one", fix=fix)
        else:
            found = f"quotation marks that do not pair up ({error})"
            fix = 'Write a quotation mark inside a cell twice: "".'
            faults.add("broken-csv", name, [before + 1], found=found, wanted="them in pairs", fix=fix)
        return None
    finally:
        csv.field_size_limit(limit)
    return rows


def _lines(text: str) -> Iterator[str]:
    for line in io.StringIO(text, newline=""):
        if len(line) > LONGEST_LINE:
            raise LineTooLongError
        yield line


def _assemble(name: str, rows: Rows, faults: FaultList, *, semicolons: bool) -> Sheet | None:
    """The rows as columns under their headings; blank rows do not count; None where there is no heading."""
    rows = [(number, row) for number, row in rows if not (not row or (is_blank(row[0]) and all(map(is_blank, row))))]
    if not rows:
        fix = "Write the headings, or delete it where the table is optional."
        faults.add("empty-table", name, found="nothing", wanted="a line of headings", fix=fix)
        return None
    first, heading = rows[0]
    if len(rows) == 1 and not TABLES[name].optional:
        faults.add("empty-table", name, found="headings alone", wanted="at least one row")
    header = [
        unicodedata.normalize("NFC", "" if is_blank(cell) else str(cell).strip()) for cell in heading[: MANY_CELLS + 1]
    ]
    width = max(index for index, title in enumerate(header) if title) + 1
    whole: list[Sequence[Any]] = []
    ragged: list[Sequence[Any]] = []
    numbers: list[int] = []
    for number, row in rows[1:]:
        if len(row) == width or (len(row) > width and all(map(is_blank, row[width:]))):
            whole.append(row[:width])
            numbers.append(number)
        else:
            fix = "A comma inside a cell needs quotation marks around the cell."
            faults.add("ragged-row", name, [number], found=f"{len(row)} cells", wanted=f"{width} cells", fix=fix)
            ragged.append([*row[:width], *[None] * (width - len(row))])
    cells = list(zip(*whole, strict=True)) if whole else [()] * width
    columns = _under_headings(name, header[:width], first, cells, faults)
    under = {title: tuple(row[header.index(title)] for row in ragged) for title in columns}
    return Sheet(name, tuple(numbers), columns, semicolons, under)


def _under_headings(
    name: str, header: list[str], row: int, cells: Sequence[tuple[Any, ...]], faults: FaultList
) -> dict[str, tuple[Any, ...]]:
    """The cells of every known column; columns that are missing, unknown or there twice are faults."""
    expected = TABLES[name].column_names
    columns: dict[str, tuple[Any, ...]] = {}
    absent = [column for column in TABLES[name].columns if column.name not in header]
    missing = [column.name for column in absent if not column.may_be_left_out]
    for position, title in enumerate(header):
        if title in columns:
            fix = "Delete one of the two."
            faults.add("duplicate-column", name, [row], title, found=f"{title} twice", wanted="it once", fix=fix)
        elif title in expected:
            columns[title] = cells[position]
        elif title or not all(map(is_blank, cells[position])):
            found = shown(title) if title else f"values in column {position + 1}, which has no heading"
            meant = did_you_mean(title, missing) or did_you_mean(title, [column.name for column in absent])
            fix = f"{meant} Rename the column." if meant else "Delete the column."
            faults.add(
                "unknown-column",
                name,
                [row],
                printable(title),
                found=found,
                wanted=f"one of {', '.join(expected)}",
                fix=fix,
            )
    for title in missing:
        faults.add("missing-column", name, [row], title, found="no such column", wanted=f"a column {title}")
    return columns
