"""Reads a CSV file to a grid of cells: its encoding, its separator, its quotation marks and its limits."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from allocator.faults import FaultList
from allocator.tables.reading.files import read_bytes, too_large
from allocator.tables.reading.grid import Grid, Rows

# Limits on what is read, so that a hostile or mistaken file is refused within seconds and bounded memory.
MOST_ROWS = 200_000  # of a table
LONGEST_CELL = 1_000_000  # characters
LONGEST_LINE = 2_000_000  # characters
# The line by which a file tells Excel its separator; Excel shows it as no row.
SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=(.)"?[,;\t|]{0,200}(?:\r\n|\n|\r)', re.IGNORECASE)
LONGEST_START = 1000  # characters in which it is seen how a file parts its cells
AS_CSV = "Save it as 'CSV UTF-8 (Comma delimited)'."
OTHER_SEPARATORS = {"\t": "tabs", "|": "upright strokes (|)"}


def read_csv(path: Path, table: str, faults: FaultList) -> Grid | None:
    """Give the cells of a CSV file, or None and a fault; table: whose fault it is."""
    data = read_bytes(path, table, faults)
    text = None if data is None else decoded(table, data, faults)
    return None if text is None else grid_of_text(text, table, faults)


def grid_of_text(text: str, table: str, faults: FaultList) -> Grid | None:
    """Give the cells of a CSV file's text, or None and a fault."""
    told = SEPARATOR_LINE.match(text)
    text = text[told.end() :] if told else text
    first = _first_of_several(text)
    separator = told[1] if told else ";" if first.count(";") > first.count(",") else ","
    other = next((sign for sign in OTHER_SEPARATORS if sign in (told[1] if told else first)), "")
    if separator not in ",;" or (other and "," not in first and ";" not in first):
        found = OTHER_SEPARATORS.get(other, f"'{separator}' between the columns")
        faults.add("separator", table, [1], found=found, wanted="commas or semicolons", fix=AS_CSV)
        return None
    inside = first.strip().strip('"')
    if separator == "," and first.strip().startswith('"') and '"' not in inside and inside.count(",") > 1:
        found = "whole lines in quotation marks, so that each is one cell"
        fix = "Take the quotation marks at both ends of the lines away."
        faults.add("separator", table, [1], found=found, wanted="a cell for each column", fix=fix)
        return None
    rows = csv_rows(table, text, separator, faults)
    return None if rows is None else Grid(rows, semicolons=separator == ";")


def _first_of_several(text: str) -> str:
    """Give the first line with several cells, whatever parts them: above the headings may stand a title."""
    lines = text[:100_000].splitlines()[:30]
    parted = (line for line in lines if max(map(line.count, ",;\t|")) > 1)
    return next(parted, next((line for line in lines if line.strip()), ""))


def decoded(table: str, data: bytes, faults: FaultList) -> str | None:
    """Give the bytes as text, or None and a fault."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        faults.add("encoding", table, found="UTF-16 text", wanted="UTF-8", fix=AS_CSV)
        return None
    if b"\0" in data:
        row = data.count(b"\n", 0, data.index(b"\0")) + 1
        faults.add("nul-byte", table, [row], found="a NUL byte", wanted="text", fix=AS_CSV)
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        letter = bytes([byte]).decode("cp1252", "replace")
        said = f"'{letter}' as Windows saves it (byte 0x{byte:02X})" if letter.isprintable() else f"byte 0x{byte:02X}"
        found = f"{said}, which is Windows or Latin-1 text"
        faults.add("encoding", table, [row], found=found, wanted="UTF-8", fix=AS_CSV)
        return None


def csv_rows(table: str, text: str, separator: str, faults: FaultList) -> Rows | None:
    """Give rows with the number of the line on which each begins, or None and a fault."""
    rows: Rows = []
    try:
        for row in rows_of_text(text, separator):
            rows.append(row)
            if len(rows) > MOST_ROWS:
                too_large(table, f"more than {MOST_ROWS:,} rows", "fewer", faults)
                return None
    except LineTooLongError:
        too_large(table, f"a line of more than {LONGEST_LINE:,} characters", "shorter lines", faults)
        return None
    except BrokenCsvError as error:
        if "field limit" in error.why:
            found = f"a cell of more than {LONGEST_CELL:,} characters"
            fix = "A quotation mark may be missing here or further up."
            faults.add("cell-too-long", table, [error.line], found=found, wanted="a shorter one", fix=fix)
        else:
            found = f"quotation marks that do not pair up ({error.why})"
            fix = 'Write a quotation mark inside a cell twice: "".'
            faults.add("broken-csv", table, [error.line], found=found, wanted="them in pairs", fix=fix)
        return None
    return rows


def rows_of_text(text: str, separator: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Give each row of a CSV text with the number of the line on which it begins.

    Raises BrokenCsvError where a cell has no end or is too long, LineTooLongError for a line.
    """
    # A space before a quotation mark would else make the marks part of the cell.
    spaced = re.search(rf'"{re.escape(separator)} +"', text[:LONGEST_START]) is not None
    reader = csv.reader(_lines(text), delimiter=separator, strict=True, skipinitialspace=spaced)
    limit = csv.field_size_limit(LONGEST_CELL)
    before = 0
    try:
        for row in reader:
            yield before + 1, row
            before = reader.line_num
    except csv.Error as error:
        raise BrokenCsvError(before + 1, str(error)) from error
    finally:
        csv.field_size_limit(limit)


class BrokenCsvError(Exception):
    """A row of a CSV text cannot be read: the line on which it begins, and why."""

    def __init__(self, line: int, why: str) -> None:
        """Keep what was found, and where."""
        super().__init__(f"line {line}: {why}")
        self.line = line
        self.why = why


class LineTooLongError(BrokenCsvError):
    """A line of a CSV text is longer than any row of a table."""


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > LONGEST_LINE:
            raise LineTooLongError(number, "too long")
        yield line
