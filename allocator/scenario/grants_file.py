"""Grants that are brought: a CSV file or a workbook with columns partnership, year and grant; others are left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from allocator.errors import InvalidInput
from allocator.faults import Fault, FaultList, shown, shown_number
from allocator.tables.checking.presence import date_made_of
from allocator.tables.columns import Amount, Row, holds, names, table_of
from allocator.tables.dataset import DataSet, Floats
from allocator.tables.names import did_you_mean, sameness
from allocator.tables.reading.cells import BAD
from allocator.tables.reading.files import is_blank
from allocator.tables.reading.folder import read_own
from allocator.tables.reading.grid import Grid, Rows

MOST_LISTED = 12  # names that a fault lists
# Grants this many times smaller than what they stand beside are taken to be in thousands of pounds.
THOUSANDS_FROM = 100
TOO_MUCH_FROM = 20  # times the budgets, or the grant before: no year's grants are so large
HEADINGS_WITHIN, MANY_CELLS = 30, 1000
IN_UNIT = re.compile(r"\s*[(\[][^()\[\]]{1,20}[)\]]\s*$")  # behind a year that heads a column of amounts
NAMED = ("partnership", "name")  # the heading of who gets the grants, where each year has a column


class Grant(Row):
    """Grants that are brought, a row for each partnership and year."""

    partnership: str = names("the partnership: its key, or its name as shown", "partnerships")
    year: str = names("the financial year", "years")
    grant: Amount = holds("its grant of the year", "£, cash")


GRANTS = table_of("grants", Grant, optional=True)
TABLE = GRANTS.name
Line = tuple[int, Any, Any, Any]  # row number, partnership, year, grant


def read_given(path: Path, data: DataSet, *, warn: Callable[[tuple[Fault, ...]], None] | None = None) -> Floats:
    """Give the grants of a CSV file or a workbook, £ cash [P, T]: one row for each partnership and year.

    Partnerships stand there by key or by name; a total of all is left out. warn: called with what is suspicious
    without stopping the work, such as amounts in thousands, where there is any.
    Raises InvalidInput with every fault: unknown names, rows that are missing or stand twice, bad amounts.
    """
    faults = FaultList({TABLE: GRANTS.column_names}, {TABLE: path.name})
    grants = np.full((len(data.partnerships), len(data.years)), np.nan)
    rows: dict[tuple[int, int], int] = {}
    p = {name: position for position, name in enumerate(data.partnerships)}
    t = {name: position for position, name in enumerate(data.years)}
    table = _read(path, data, faults)
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
    _ask_about_thousands(data, grants, rows, faults)
    warnings = tuple(fault for fault in faults.in_order() if fault.severity == "warning")
    if warnings and warn is not None:
        warn(warnings)
    grants.setflags(write=False)
    return grants


def _ask_about_thousands(data: DataSet, grants: Floats, rows: Mapping[tuple[int, int], int], faults: FaultList) -> None:
    """Ask about thousands (looks-like-thousands): all grants together beside the budgets, or single ones beside the
    grant before.
    """
    total, budget = float(grants.sum()), float(data.budget.sum())
    if 0 < total * THOUSANDS_FROM <= budget:
        unit = "millions" if total * THOUSANDS_FROM * 1000 <= budget else "thousands"
        found = f"a sum of {shown_number(total)} beside budgets of {shown_number(budget)} looks like {unit} of pounds"
        times = "1,000,000" if unit == "millions" else "1,000"
        faults.add("looks-like-thousands", TABLE, (), "grant", found=found, fix=f"Give pounds: {times} times as much.")
        return
    if budget and total >= TOO_MUCH_FROM * budget:
        found = f"a sum of {shown_number(total)} beside budgets of {shown_number(budget)} looks like pence, or more"
        faults.add("looks-like-too-much", TABLE, (), "grant", found=found, fix="Give pounds.")
        return
    before = data.baseline_grant[:, None]
    for p, t in np.argwhere((before > 0) & (grants >= TOO_MUCH_FROM * before))[:MOST_LISTED]:
        beside = f"{shown_number(before[p, 0])} the year before the first"
        found = f"{shown_number(grants[p, t])} for {data.partnerships[p]} in {data.years[t]}, beside {beside}"
        faults.add("looks-like-too-much", TABLE, [rows[p, t]], "grant", found=found, fix="Give pounds.")
    small = (grants > 0) & (grants * THOUSANDS_FROM <= before)
    for p, t in np.argwhere(small)[:MOST_LISTED]:
        who = f"{data.partnerships[p]} in {data.years[t]}"
        found = (
            f"{shown_number(grants[p, t])} for {who}, beside {shown_number(before[p, 0])} the year before the first, "
            "looks like thousands of pounds"
        )
        faults.add("looks-like-thousands", TABLE, [rows[p, t]], "grant", found=found, fix="Give pounds.")


def _add_unknown(data: DataSet, table: Sequence[Line], faults: FaultList) -> bool:
    """Add a fault for each name that is not known, at its first row; whether there is any."""
    columns: tuple[tuple[int, str, tuple[str, ...]], ...] = (
        (1, "partnership", data.partnerships),
        (2, "year", data.years),
    )
    unknown = False
    regions = {sameness(region) for region in data.regions}
    for position, column, valid in columns:
        known = frozenset(valid)
        rows: dict[str, list[int]] = {}
        for line in table:
            if line[position] is not BAD and line[position] not in known:
                rows.setdefault(str(line[position]), []).append(line[0])
        for name, where in rows.items():
            unknown = True
            found = shown(name) if len(where) == 1 else f"{shown(name)} in {len(where):,} rows"
            if len(rows) > 3:
                found += f", and {len(rows) - 1:,} more names that are not known"
            fix = did_you_mean(name, (*valid, *data.partnership_names) if column == "partnership" else valid)
            if column == "partnership" and sameness(name) in regions:
                found, fix = f"{found}, a region", "Delete its rows where they are sums: grants are partnerships'."
            if column == "year" and (meant := date_made_of(name)) is not None:
                found = f"{found}, which a spreadsheet program has made of {meant}, taking it for a month"
                fix = f"Format the column as text and type {meant} again."
            faults.add("unknown-name", TABLE, where[:1], column, found=found, wanted=_one_of(column, valid), fix=fix)
            if len(rows) > 3:
                break
    return unknown


def _one_of(column: str, valid: Sequence[str]) -> str:
    """Give what a column of names takes: all of them where they are few."""
    return f"one of {', '.join(valid)}" if len(valid) <= MOST_LISTED else f"a {column} of the data set"


def _add_missing(data: DataSet, rows: Mapping[tuple[int, int], int], faults: FaultList) -> None:
    lacking: dict[str, list[str]] = {}
    for p, partnership in enumerate(data.partnerships):
        missing = [year for t, year in enumerate(data.years) if (p, t) not in rows]
        if missing:
            lacking.setdefault(", ".join(missing), []).append(partnership)
    for years, partnerships in lacking.items():
        more = f" and {len(partnerships) - 3:,} more" if len(partnerships) > 3 else ""
        found = f"no row for {', '.join(map(shown, partnerships[:3]))}{more} in {years}"
        faults.add("missing-row", TABLE, found=found, wanted="a row for each partnership and year")


def _read(path: Path, data: DataSet, faults: FaultList) -> list[Line] | None:
    """Give every row, with partnerships and years by key; None, and faults, where there is no such table."""
    found = read_own(GRANTS, path, faults, lambda grid: _a_row_a_year(grid, data))
    if found is None:
        return None
    keys = _keys_by_name(data)
    years = {sameness(year): year for year in data.years}
    columns = (found.columns[column] for column in GRANTS.column_names)
    ragged = [(0, BAD, BAD, BAD)] if not found.is_whole else []
    return [
        *(
            (number, _as_key(partnership, keys), _as_key(year, years), grant)
            for number, partnership, year, grant in zip(found.numbers, *columns, strict=True)
        ),
        *ragged,
    ]


def _a_row_a_year(grid: Grid, data: DataSet) -> Grid:
    """Give the grid, where its years stand side by side with a row for each partnership and year in place of them."""
    years = {sameness(year): year for year in data.years}
    for at, (number, heading) in enumerate(grid.rows[:HEADINGS_WITHIN]):
        written = [str(cell) if cell is not None else "" for cell in heading[:MANY_CELLS]]
        titles = [sameness(IN_UNIT.sub("", title)) for title in written]
        where = {position: years[title] for position, title in enumerate(titles) if title in years}
        named = [n for n, title in enumerate(titles) if title in NAMED]
        if not named or not where or {sameness(name) for name in ("year", "grant")} & set(titles):
            continue
        units = dict.fromkeys(unit[0] for n in where if (unit := IN_UNIT.search(written[n])))
        who_and_when, amount = GRANTS.column_names[:-1], GRANTS.column_names[-1]
        rows: Rows = [(number, [*who_and_when, f"{amount}{next(iter(units), '')}"])]
        for line, cells in grid.rows[at + 1 :]:
            who = cells[named[0]] if named[0] < len(cells) else None
            amounts = [(year, cells[n] if n < len(cells) else None) for n, year in where.items()]
            if is_blank(who) and all(is_blank(given) for _, given in amounts):
                continue
            rows += [(line, [who, year, given]) for year, given in amounts]
        return replace(grid, rows=rows, merged=())
    return grid


def _keys_by_name(data: DataSet) -> dict[str, str]:
    """Give the key of each partnership by what may be written for it: a name that two have stands for neither."""
    by_name: dict[str, str] = {}
    shared: set[str] = set()
    for key, name in zip(data.partnerships, data.partnership_names, strict=True):
        if sameness(name) in by_name:
            shared.add(sameness(name))
        by_name[sameness(name)] = key
    kept = {name: key for name, key in by_name.items() if name not in shared}
    return kept | {sameness(key): key for key in data.partnerships} | {key: key for key in data.partnerships}


def _as_key(name: Any, keys: Mapping[str, str]) -> Any:
    return keys.get(name, keys.get(sameness(name), name)) if isinstance(name, str) else name
