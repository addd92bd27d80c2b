"""Opens .xlsx and .ods workbooks safely: refused where they unpack to far more than a table, read where not."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

from allocator.faults import FaultList
from allocator.tables.reading.files import read_bytes
from allocator.tables.reading.grid import Grid
from allocator.tables.reading.opendocument import UNCALCULATED, SheetFacts, scan

WORKBOOKS = (".xlsx", ".ods")
# Sheets that stand beside the tables in a workbook to begin with: what to edit, the settings, what columns mean.
BESIDE_THE_TABLES = ("read me", "scenario", "dictionary")
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # a compound file's first bytes: .xls, and what is encrypted
LARGEST_UNPACKED = 200_000_000  # bytes
# Tables of many like rows pack well, so small workbooks may unpack to more than this many times their size.
MOST_TIMES = 20
SMALL_UNPACKED = 20_000_000  # bytes
MOST_MEMBERS = 1000
# The reader holds a sheet as a full grid from its first cell to its last.
MOST_CELLS = 5_000_000

# A cell with an error would be read as blank; as text it can be reported.
ERROR_CELL = re.compile(rb"""(<(?:\w+:)?c\s[^<>]*?\bt\s*=\s*)["']e["']""")
# A formula that no spreadsheet program has worked out yet, as other programs save them, would be read as blank too.
FORMULA_ALONE = re.compile(
    rb"""<((?:\w+:)?)c(\s[^<>]*)?>\s*<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
CELL_TYPE = re.compile(rb"""\st\s*=\s*["'](\w*)["']""")
HIDDEN_ROW = re.compile(
    rb"""<(?:\w+:)?row\s(?=[^<>]*?\bhidden\s*=\s*["'](?:1|true)["'])[^<>]*?\br\s*=\s*["'](\d{1,7})["']"""
)
SHEET_ELEMENT = re.compile(rb"<(?:\w+:)?(?:sheet|Relationship)\s([^<>]*)>")
ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")
REFERENCE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]*)(\d*)""")


class TooLargeError(Exception):
    """The workbook unpacks to more than it may; the message says what was found."""


@dataclass(frozen=True)
class Workbook:
    """An open workbook; sheet_names as they stand in it. facts: what its reader does not tell of a sheet, by name."""

    sheet_names: tuple[str, ...]
    reader: Any  # python-calamine has no types
    facts: Mapping[str, SheetFacts]

    def grid(self, sheet_name: str, table: str, faults: FaultList) -> Grid | None:
        """Give the sheet's cells from its first row and column on, or None and a fault."""
        facts = self.facts.get(sheet_name, SheetFacts())
        try:
            sheet = self.reader.get_sheet_by_name(sheet_name)
            cells = list(sheet.to_python(skip_empty_area=False))
            merged = [*facts.merged, *((*first, *last) for first, last in sheet.merged_cell_ranges or ())]
            visible = {str(one.name): str(one.visible) for one in self.reader.sheets_metadata}
        except BaseException as error:  # noqa: BLE001 - a panic of the Rust reader is no Exception; see _not_readable
            _not_readable(error, table, faults)
            return None
        width = max((column for _, column in facts.put), default=-1) + 1
        height = max((row for row, _ in facts.put), default=-1) + 1
        if facts.put:
            width = max(width, *map(len, cells)) if cells else width
            cells = [[*row, *[""] * (width - len(row))] for row in [*cells, *[[]] * (height - len(cells))]]
            for (row, column), text in facts.put.items():
                cells[row][column] = text
        return Grid(
            rows=list(enumerate(cells, start=1)),
            is_sheet=True,
            hidden=frozenset(row + 1 for row in facts.hidden),
            is_hidden=facts.is_hidden or not visible.get(sheet_name, "Visible").endswith("Visible"),
            merged=tuple((top + 1, left, bottom + 1, right) for top, left, bottom, right in merged),
        )


def open_workbook(path: Path, table: str, faults: FaultList) -> Workbook | None:
    """Give the workbook, or None and a fault; table: whose fault it is."""
    from python_calamine import CalamineWorkbook

    data = read_bytes(path, table, faults)
    if data is None:
        return None
    try:
        plain, facts = _unpacked(data)
        reader = CalamineWorkbook.from_filelike(io.BytesIO(plain))
        return Workbook(tuple(reader.sheet_names), reader, facts)
    except TooLargeError as error:
        fix = "Save the tables alone in a new workbook, without empty rows and columns."
        faults.add("workbook-bomb", table, found=str(error), wanted="a workbook of tables", fix=fix)
    except BaseException as error:  # noqa: BLE001 - a panic of the Rust reader is no Exception; see _not_readable
        _not_readable(error, table, faults, data)
    return None


def _not_readable(error: BaseException, table: str, faults: FaultList, data: bytes = b"") -> None:
    """Give a fault for whatever the libraries raise on damaged bytes; only what stops the program goes on.

    data: the whole file, where it may be something else under the name of a workbook.
    """
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
        raise error
    fix = "Open it in a spreadsheet program and save it again as .xlsx, without a password."
    found = _something_else(data) or f"a file that is no readable workbook ({type(error).__name__})"
    faults.add("not-a-workbook", table, found=found, wanted="an .xlsx or .ods workbook", fix=fix)


def _something_else(data: bytes) -> str:
    """Say what a file is that begins as no workbook does; blank where that is not known."""
    start = data[:1000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if data.startswith(OLD_WORKBOOK):
        return "a workbook of the old form (.xls), or one with a password"
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        return "a web page or XML under the name of a workbook"
    is_text = start and not data.startswith(b"PK") and all(byte >= 32 or byte in b"\r\n\t" for byte in start)
    return "text, such as CSV, under the name of a workbook" if is_text else ""


def _unpacked(data: bytes) -> tuple[bytes, dict[str, SheetFacts]]:
    """Give the same workbook without compression, measured while it is unpacked; and the facts of its sheets.

    What a zip file says of its own sizes may be false, and the reader believes it; what is handed on was counted.
    """
    allowed = min(LARGEST_UNPACKED, max(SMALL_UNPACKED, MOST_TIMES * len(data)))
    copy = io.BytesIO()
    total = 0
    facts: dict[str, SheetFacts] = {}
    hidden: dict[str, set[int]] = {}
    named: list[dict[str, str]] = []
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as plain:
        members = packed.infolist()
        if len(members) > MOST_MEMBERS:
            raise TooLargeError(f"{len(members):,} files inside")
        # Binary parts are left out: printer settings, macros, and the sheets of .xlsb, whose grids are not measured.
        for name in dict.fromkeys(member.filename for member in members if not member.filename.endswith(".bin")):
            with packed.open(name) as member:
                content = member.read(allowed - total + 1)
            total += len(content)
            if total > allowed:
                raise TooLargeError(f"more than {allowed:,} bytes in a file of {len(data):,}")
            if name == "content.xml":
                facts = scan(content, _check_grid)
            elif name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
                named += map(_attributes, SHEET_ELEMENT.findall(content))
            elif rows := {int(row) - 1 for row in HIDDEN_ROW.findall(content)}:
                hidden[name] = rows
            plain.writestr(name, _guarded(content))
    return copy.getvalue(), facts | _hidden_by_sheet(named, hidden)


def _attributes(element: bytes) -> dict[str, str]:
    """Give the attributes of an element, by name without its prefix."""
    found = ((name.rpartition(b":")[2].decode(), value) for name, value in ATTRIBUTE.findall(element))
    return {name: unescape(value.decode("utf-8", "replace"), {"&quot;": '"', "&apos;": "'"}) for name, value in found}


def _hidden_by_sheet(named: list[dict[str, str]], hidden: dict[str, set[int]]) -> dict[str, SheetFacts]:
    """Give the hidden rows of each sheet of an .xlsx file: a sheet has an id, and the id a file of the archive."""
    targets = {one["Id"]: one["Target"] for one in named if "Id" in one and "Target" in one}
    facts = {}
    for sheet in named:
        target = targets.get(sheet.get("id", ""), "").removeprefix("/").removeprefix("xl/")
        if "name" in sheet and f"xl/{target}" in hidden:
            facts[sheet["name"]] = SheetFacts(hidden=hidden[f"xl/{target}"])
    return facts


def _guarded(content: bytes) -> bytes:
    """Give a sheet's XML after a look at how large a grid it spans; errors in cells become text."""
    if b"sheetData" in content:
        columns = rows = 1
        for letters, digits in set(REFERENCE.findall(content)):
            if len(letters) > 3 or len(digits) > 7:
                raise TooLargeError("a cell outside any sheet")
            columns = max(columns, _column_number(letters))
            rows = max(rows, int(digits or b"1"))
        _check_grid(columns, rows)
        return FORMULA_ALONE.sub(_uncalculated, ERROR_CELL.sub(rb'\1"str"', content))
    return content


def _uncalculated(cell: re.Match[bytes]) -> bytes:
    """Give the cell of a formula without its value, as text; where the value is text, no text is a value too."""
    prefix, attributes = cell[1], cell[2] or b""
    kind = CELL_TYPE.search(attributes)
    if kind and kind[1] == b"str":
        return cell[0]
    attributes = CELL_TYPE.sub(b"", attributes)
    value = UNCALCULATED.encode()
    return b'<%sc%s t="str"><%sv>%s</%sv></%sc>' % (prefix, attributes, prefix, value, prefix, prefix)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _check_grid(columns: int, rows: int) -> None:
    if columns * rows > MOST_CELLS:
        raise TooLargeError(f"a sheet of {rows:,} rows and {columns:,} columns")
