"""Grants that are brought: a CSV file or a workbook with columns partnership, year and grant; others are left out."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from allocator.errors import InvalidInput
from allocator.faults import Fault, FaultList, shown, shown_number
from allocator.tables.checking.comparison import THOUSANDS_FROM, nearest_unit
from allocator.tables.checking.presence import date_made_of
from allocator.tables.columns import Amount, Row, holds, names, table_of
from allocator.tables.dataset import DataSet, Floats
from allocator.tables.names import did_you_mean, sameness
from allocator.tables.reading.cells import BAD
from allocator.tables.reading.files import is_blank
from allocator.tables.reading.folder import read_own
from allocator.tables.reading.grid import MANY_CELLS, Grid, Rows
from allocator.tables.reading.headings import column_meant
from allocator.tables.reading.layout import HEADINGS_WITHIN

MOST_LISTED = 12  # names that a fault lists
TOO_MUCH_FROM = 20  # times the budgets: no year's grants are so large
LEAP = 5  # times what the others have of the grant before, or that part of it: one more nought, or one less
MOST_TOLD = 3  # single grants that are told one by one
SHARES_WITHIN = 0.02
IN_UNIT = re.compile(r"\s*[(\[][^()\[\]]{1,20}[)\]]\s*$")  # behind a year that heads a column of amounts
BESIDE_YEAR = re.compile(r"^(?:grants?|allocations?|budget)\s+|\s+(?:grants?|allocations?|budget)$", re.IGNORECASE)
PARTNERSHIP = "partnership"
NAMED = (PARTNERSHIP, "name")  # the heading of who gets the grants, where each year has a column


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
    table = _without_sums(_read(path, data, faults), data, faults)
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
    _ask_about_units(data, grants, rows, faults)
    warnings = tuple(fault for fault in faults.in_order() if fault.severity == "warning")
    if warnings and warn is not None:
        warn(warnings)
    grants.setflags(write=False)
    return grants


def _without_sums(table: list[Line] | None, data: DataSet, faults: FaultList) -> list[Line] | None:
    """Give the rows without those of names that nobody has and whose grants are sums: of a region's, or of all.

    Report total-row: that they are left out.
    """
    if table is None:
        return None
    known = frozenset(data.partnerships)
    of_all: dict[str, list[float]] = {}
    of_region: dict[tuple[str, str], list[float]] = {}
    region_of = dict(zip(data.partnerships, data.regions, strict=True))
    for _, partnership, year, grant in table:
        if partnership in known and isinstance(grant, float):
            of_all.setdefault(year, []).append(grant)
            of_region.setdefault((region_of[partnership], year), []).append(grant)
    sums: dict[Any, bool] = {}
    rows: dict[Any, int] = {}
    for row, name, year, grant in table:
        if name is BAD or name in known or not isinstance(grant, float):
            continue
        added = [of_all.get(year, []), *(of_region.get((region, year), []) for region in dict.fromkeys(data.regions))]
        is_sum = any(len(one) > 1 and math.isclose(math.fsum(one), grant, rel_tol=1e-6, abs_tol=1) for one in added)
        sums[name] = sums.get(name, True) and is_sum
        rows.setdefault(name, row)
    left_out = [name for name, is_sum in sums.items() if is_sum]
    if left_out:
        more = f", and {len(left_out) - 1:,} more like it" if len(left_out) > 1 else ""
        found = f"{shown(left_out[0])}, whose grants are sums of other rows{more}; left out"
        faults.add("total-row", TABLE, [rows[left_out[0]]], "partnership", found=found, severity="warning")
    return [line for line in table if line[1] is BAD or line[1] not in left_out]


def _ask_about_units(data: DataSet, grants: Floats, rows: Mapping[tuple[int, int], int], faults: FaultList) -> None:
    """Ask about thousands, shares and pence: all grants together beside the budgets, or single ones beside the grant
    before.
    """
    total, budget = float(grants.sum()), float(data.budget.sum())
    if 0 < total * THOUSANDS_FROM <= budget:
        found = f"a sum of {shown_number(total)} beside budgets of {shown_number(budget)} looks like"
        by_year = grants.sum(axis=0)
        in_shares = np.allclose(by_year, 1, atol=SHARES_WITHIN) or abs(total - 1) < SHARES_WITHIN
        if in_shares or np.allclose(by_year, 100, atol=100 * SHARES_WITHIN):
            fix = "Give pounds: each share times the year's money."
            faults.add("looks-like-rate", TABLE, (), "grant", found=f"{found} shares of the money", fix=fix)
            return
        unit = nearest_unit(total, budget)
        fix = f"Give pounds: {unit.times:,.0f} times as much."
        faults.add(unit.code, TABLE, (), "grant", found=f"{found} {unit.words}", fix=fix)
        return
    if budget and total >= TOO_MUCH_FROM * budget:
        found = f"a sum of {shown_number(total)} beside budgets of {shown_number(budget)} looks like pence, or more"
        faults.add("looks-like-too-much", TABLE, (), "grant", found=found, fix="Give pounds.")
        return
    before = data.baseline_grant[:, None]
    times = np.divide(grants, before, out=np.zeros_like(grants), where=before > 0)
    usual = float(np.median(times[times > 0])) if (times > 0).any() else 1.0
    small = (times > 0) & (grants * THOUSANDS_FROM <= before)
    far = (times > 0) & ~small & ((times >= LEAP * usual) | (times * LEAP <= usual))
    if (cells := np.argwhere(small)).size:
        p, t = cells[0]
        unit = nearest_unit(float(grants[p, t]), float(before[p, 0]))
        _tell_cells(unit.code, f"looks like {unit.words}", "Give pounds.", cells, (data, grants, rows), faults)
    if (cells := np.argwhere(far)).size:
        fix = "Look whether a digit, or the unit, is another."
        _tell_cells("looks-odd", f"where most have {usual:.3g} times that", fix, cells, (data, grants, rows), faults)


def _tell_cells(
    code: str,
    said: str,
    fix: str,
    cells: np.ndarray[Any, Any],
    of: tuple[DataSet, Floats, Mapping[tuple[int, int], int]],
    faults: FaultList,
) -> None:
    """Report single grants, each beside the one of the year before the first; more than a few as one."""
    data, grants, rows = of
    many = len(cells) > MOST_TOLD
    for p, t in cells[:1] if many else cells:
        more = f", and {len(cells) - 1:,} more like it" if many else ""
        beside = f"beside {shown_number(data.baseline_grant[p])} the year before the first"
        found = f"{shown_number(grants[p, t])} for {data.partnerships[p]} in {data.years[t]}{more}, {beside}, {said}"
        faults.add(code, TABLE, [rows[p, t]], "grant", found=found, fix=fix)


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
    """Give the grid, where its years stand side by side with a row for each partnership and year in place of them.

    Where each year has a row, partnerships may stand under the heading name.
    """
    years = {sameness(year): year for year in data.years}
    for at, (number, heading) in enumerate(grid.rows[:HEADINGS_WITHIN]):
        written = [str(cell) if cell is not None else "" for cell in heading[:MANY_CELLS]]
        titles = [sameness(BESIDE_YEAR.sub("", IN_UNIT.sub("", title))) for title in written]
        where = {position: years[title] for position, title in enumerate(titles) if title in years}
        meant = [one.column if (one := column_meant(title, GRANTS)) else "" for title in written]
        named = [n for n, title in enumerate(titles) if title in NAMED or meant[n] == PARTNERSHIP]
        if named and PARTNERSHIP not in meant and {"year", "grant"} <= set(meant):
            called = [PARTNERSHIP if n == named[0] else cell for n, cell in enumerate(heading)]
            return replace(grid, rows=[*grid.rows[:at], (number, called), *grid.rows[at + 1 :]])
        if not named or not where or {"year", "grant"} & set(meant):
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
