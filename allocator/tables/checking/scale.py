"""Figures in another unit than their column's: thousands or millions of pounds, per cents, days, minutes.

Every column says within which range its figures lie in any programme that has been heard of. One outside of it that
lies inside after a change of unit is asked about.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from allocator.faults import FaultList, shown_number
from allocator.tables.checking.comparison import by_comparison
from allocator.tables.checking.other_units import (
    A_DAY,
    A_WEEK,
    DAYS,
    MILLIONS,
    MINUTES,
    MONTHLY,
    MOST_CELLS,
    NOUGHTS,
    ODD,
    PENCE,
    PER_CENT,
    PERSONS,
    RATE,
    RATE_PER_CENT,
    THOUSANDS,
    THOUSANDS_OR_HOURLY,
    WEEKLY,
    Doubt,
    Unit,
)
from allocator.tables.columns import TABLES, Column
from allocator.tables.reading.typed import TypedTables

# So many columns of money in the same other unit are one slip.
MANY_COLUMNS = 4
HOURLY_TO = 60  # pounds that an hour is paid with


def looks_like_another_unit(tables: TypedTables, faults: FaultList) -> None:
    """Report looks-like-thousands, -millions, -per-cent, -days, -minutes: figures that lie where another unit's
    would.
    """
    doubts: dict[tuple[str, str], list[Doubt]] = {}
    for doubt in (*by_comparison(tables), *_by_range(tables)):  # what is compared tells millions from thousands
        before = doubts.setdefault((doubt.table, doubt.column), [])
        told = {row for one in before for row in one.rows}
        if any(not one.rows for one in before) or told.intersection(doubt.rows):
            continue
        before.append(doubt)
    of_money: dict[Unit, list[Doubt]] = defaultdict(list)
    for same in doubts.values():
        for doubt in same:
            if not doubt.rows and _slip(doubt) in (THOUSANDS, MILLIONS, NOUGHTS):
                of_money[_slip(doubt)].append(doubt)
    together = {unit: of_unit for unit, of_unit in of_money.items() if len(of_unit) >= MANY_COLUMNS}
    for unit, of_unit in together.items():
        columns = ", ".join(f"{doubt.table}.{doubt.column}" for doubt in of_unit)
        found = f"{of_unit[0].found}, and so do the other amounts: {columns}"
        faults.add(unit.code, of_unit[0].table, (), of_unit[0].column, found=found, fix=unit.fix)
    for same in doubts.values():
        for doubt in same:
            if _slip(doubt) not in together:
                faults.add(
                    doubt.unit.code, doubt.table, doubt.rows, doubt.column, found=doubt.found, fix=doubt.unit.fix
                )


def _slip(doubt: Doubt) -> Unit:
    """Give the unit of which other columns may be as well: pay that may be an hour's may be thousands."""
    return THOUSANDS if doubt.unit == THOUSANDS_OR_HOURLY else doubt.unit


def _units(column: Column) -> tuple[Unit, ...]:
    """Give the units that a column's figures may be in by mistake."""
    if column.name == "salary":
        return (THOUSANDS, MONTHLY, WEEKLY, MILLIONS, PENCE, NOUGHTS)
    if column.unit == "persons":
        return (PERSONS,)
    if column.is_money:
        return (THOUSANDS, MILLIONS, PENCE, NOUGHTS)
    if column.unit == "hours a year":
        return (DAYS, A_WEEK, A_DAY)
    if column.unit == "hours":
        return (DAYS, MINUTES)
    if column.unit.startswith("hours"):
        return (MINUTES,)
    if column.unit in ("1 = none", "1 = base year"):
        return (PER_CENT, RATE, RATE_PER_CENT)
    return (PER_CENT,)


def _by_range(tables: TypedTables) -> Iterator[Doubt]:
    """Raise doubts about the figures of each column that says what is plausible."""
    for name in tables.there:
        for column in TABLES[name].columns:
            if column.plausible is None:
                continue
            cells = [(row, value) for row, value in tables[name].rows(column.name) if value]
            strange = [(row, value, unit) for row, value in cells if (unit := _unit_of(value, column)) is not None]
            yield from _doubts(name, column, strange, len(cells))


def _unit_of(value: float, column: Column) -> Unit | None:
    """Give the unit in which a figure outside its column's range would lie inside; None where none helps or none is
    due.
    """
    low, high = column.plausible or (-math.inf, math.inf)
    if low <= abs(value) <= high:
        return None
    found = next((unit for unit in _units(column) if low <= unit.turned(abs(value)) <= high), ODD)
    if found == THOUSANDS and column.name == "salary" and not float(value).is_integer() and value < HOURLY_TO:
        return THOUSANDS_OR_HOURLY
    return NOUGHTS if found == PENCE else found  # which of the two it is, nobody can tell


def _doubts(table: str, column: Column, strange: list[tuple[int, float, Unit]], cells: int) -> Iterator[Doubt]:
    if not strange:
        return
    unit = strange[0][2]
    if len(strange) * 2 > cells or len(strange) > MOST_CELLS:
        value = strange[0][1]
        many = f"{shown_number(value)} and the like" if len(strange) > 1 else shown_number(value)
        rows = () if len(strange) * 2 > cells and cells > 1 else (strange[0][0],)
        yield Doubt(table, rows, column.name, unit, f"{many} ({column.unit}) looks like {unit.words}")
        return
    if column.unit == "hours":
        return  # a short training among long ones is no slip
    for row, value, other in strange:
        yield Doubt(
            table, (row,), column.name, other, f"{shown_number(value)} ({column.unit}) looks like {other.words}"
        )
