"""Grants that are brought: a CSV file with the columns partnership, year and grant; others in it are not read."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import numpy as np

from allocator.errors import InvalidInput
from allocator.faults import FaultList, shown
from allocator.tables.columns import LARGEST, LONGEST_NAME, Column
from allocator.tables.names import did_you_mean, nearest
from allocator.tables.reading.cells import BAD, ColumnReader
from allocator.tables.reading.files import is_blank, read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from allocator.tables.dataset import DataSet, Floats

TABLE = "grants"
LONGEST_CELL = 1000  # characters
MOST_LISTED = 12  # names that a fault lists


def _column(name: str, kind: str, meaning: str, *, unit: str = "", refers: str = "") -> Column:
    high = LARGEST if kind == "number" else None
    return Column(
        name=name,
        kind=kind,
        unit=unit,
        low=None if high is None else 0,
        high=high,
        above_low=False,
        meaning=meaning,
        key=bool(refers),
        may_be_blank=False,
        refers=refers,
        choices=(),
        longest=LONGEST_NAME,
    )


COLUMNS = (
    _column("partnership", "name", "the partnership", refers="partnerships"),
    _column("year", "name", "the financial year", refers="years"),
    _column("grant", "number", "its grant of the year", unit="£, cash"),
)


def read_given(path: Path, data: DataSet) -> Floats:
    """The grants of a CSV file, £ cash [P, T]: one row for each partnership and year.

    Raises InvalidInput with every fault: unknown names, rows that are missing or stand twice, bad amounts.
    """
    faults = FaultList({TABLE: [column.name for column in COLUMNS]}, {TABLE: path.name})
    grants = np.full((len(data.partnerships), len(data.years)), np.nan)
    rows: dict[tuple[int, int], int] = {}
    p = {name: position for position, name in enumerate(data.partnerships)}
    t = {name: position for position, name in enumerate(data.years)}
    table = _read(path, faults)
    unknown = _add_unknown(data, table or [], faults) or any(BAD in line[1:3] for line in table or ())
    for row, partnership, year, grant in table or ():
        if partnership not in p or year not in t:
            continue
        place = p[partnership], t[year]
        if place in rows:
            found, fix = f"{shown(partnership)}, {shown(year)} twice", "Delete one of the two rows."
            faults.add("duplicate-key", TABLE, [rows[place], row], found=found, wanted="it once", fix=fix)
        rows.setdefault(place, row)
        if grant is not BAD:
            grants[place] = grant
    if table is not None and not unknown:  # rows whose names are not known may be those that are missing
        _add_missing(data, rows, faults)
    if faults.stops:
        stopping = tuple(fault for fault in faults.in_order() if fault.severity == "fault")
        raise InvalidInput(stopping, in_scenario=False)
    grants.setflags(write=False)
    return grants


def _add_unknown(data: DataSet, table: Sequence[tuple[int, Any, Any, Any]], faults: FaultList) -> bool:
    """Add a fault for each name that is not known, at its first row; whether there is any."""
    key_of = {name.casefold(): key for key, name in zip(data.partnerships, data.partnership_names, strict=True)}
    columns: tuple[tuple[int, str, tuple[str, ...], Mapping[str, str]], ...] = (
        (1, "partnership", data.partnerships, key_of),
        (2, "year", data.years, {}),
    )
    unknown = False
    for position, column, valid, names in columns:
        known = frozenset(valid)
        rows: dict[str, list[int]] = {}
        for line in table:
            if line[position] is not BAD and line[position] not in known:
                rows.setdefault(str(line[position]), []).append(line[0])
        for name, where in rows.items():
            unknown = True
            key = names.get(name.casefold())
            fix = f"Write its key, '{key}'." if key else did_you_mean(name, valid)
            found = shown(name) if len(where) == 1 else f"{shown(name)} in {len(where):,} rows"
            faults.add("unknown-name", TABLE, where[:1], column, found=found, wanted=_one_of(column, valid), fix=fix)
    return unknown


def _one_of(column: str, valid: Sequence[str]) -> str:
    """What a column of names takes: all of them where they are few."""
    return f"one of {', '.join(valid)}" if len(valid) <= MOST_LISTED else f"a {column} of the data set"


def _add_missing(data: DataSet, rows: Mapping[tuple[int, int], int], faults: FaultList) -> None:
    for p, partnership in enumerate(data.partnerships):
        missing = [year for t, year in enumerate(data.years) if (p, t) not in rows]
        if missing:
            found = f"no row for {shown(partnership)} in {', '.join(missing)}"
            faults.add("missing-row", TABLE, found=found, wanted="a row for each partnership and year")


def _read(path: Path, faults: FaultList) -> list[tuple[int, Any, Any, Any]] | None:
    """Row number, partnership, year and grant of every row; None, and faults, where there is no such table."""
    raw = read_bytes(path, TABLE, faults)
    if raw is None:
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte 0x{raw[error.start]:02X}"
        faults.add("encoding", TABLE, [raw.count(b"\n", 0, error.start) + 1], found=found, wanted="UTF-8")
        return None
    semicolons = ";" in text.partition("\n")[0]
    lines: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if semicolons else ",", strict=True)
    limit = csv.field_size_limit(LONGEST_CELL)
    before = 0
    try:
        for line in reader:
            if not all(map(is_blank, line)):
                lines.append((before + 1, line))
            before = reader.line_num
    except csv.Error as error:
        faults.add("broken-csv", TABLE, [before + 1], found=str(error), wanted="a row of a CSV file")
        return None
    finally:
        csv.field_size_limit(limit)
    return _columns(lines, faults, semicolons=semicolons)


def _columns(
    lines: list[tuple[int, list[str]]], faults: FaultList, *, semicolons: bool
) -> list[tuple[int, Any, Any, Any]] | None:
    if not lines:
        faults.add("empty-table", TABLE, found="nothing", wanted="a line of headings")
        return None
    (first, heading), *rows = lines
    header = [cell.strip() for cell in heading]
    names = [column.name for column in COLUMNS]
    others = [title for title in header if title not in names]
    for name in names:
        if header.count(name) == 1:
            continue
        meant = nearest(name, others) or next((title for title in others if nearest(title, [name])), None)
        twice = name in header
        faults.add(
            "duplicate-column" if twice else "missing-column",
            TABLE,
            [first],
            name,
            found=f"{name} twice" if twice else f"the columns {shown(', '.join(header))}",
            wanted=f"the columns {', '.join(names)}, each once",
            fix=f"Rename the column {shown(meant)}." if meant and not twice else "",
        )
    if any(header.count(name) != 1 for name in names):
        return None
    width = len(header)
    whole = [(number, cells) for number, cells in rows if len(cells) == width]
    ragged = [(number, cells) for number, cells in rows if len(cells) != width]
    for number, cells in ragged:
        faults.add("ragged-row", TABLE, [number], found=f"{len(cells)} cells", wanted=f"{width} cells")
    numbers = [number for number, _ in whole]
    columns = [
        ColumnReader(TABLE, column, faults, semicolons).read(
            [cells[header.index(column.name)] for _, cells in whole], numbers
        )
        for column in COLUMNS
    ]
    return [*zip(numbers, *columns, strict=True), *((number, BAD, BAD, BAD) for number, _ in ragged)]
