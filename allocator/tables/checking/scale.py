"""Figures in another unit than their column's: thousands or millions of pounds, per cents, days, minutes.

Every column says within which range its figures lie in any programme that has been heard of. One outside of it that
lies inside after a change of unit is asked about. Money is also compared: budgets, grants, pay and fixed costs with
each other, and all of it with the number of young people.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from allocator.faults import FaultList, shown_number
from allocator.tables.columns import TABLES, Column
from allocator.tables.reading.typed import TypedTables

# Money this many times smaller than what it has to pay for is taken to be in thousands of pounds.
THOUSANDS_FROM = 100
# Fixed costs are tens of per cent of the grants, sometimes a few; given in thousands, less than this part of them.
FIXED_COST_FROM = 1000
# A year's grants and budget for each young person, £: real ones are some tens to some hundreds.
PER_HEAD = (2.0, 20_000.0)
# Single cells of a column that are told; more are the column's.
MOST_CELLS = 3
# So many columns of money in the same other unit are one slip.
MANY_COLUMNS = 4


@dataclass(frozen=True)
class Unit:
    """Another unit that figures may be in. times: what one of it is in the column's own."""

    code: str
    words: str
    times: float
    fix: str


THOUSANDS = Unit("looks-like-thousands", "thousands of pounds", 1_000, "Give pounds: 1,000 times as much.")
MILLIONS = Unit("looks-like-millions", "millions of pounds", 1_000_000, "Give pounds: 1,000,000 times as much.")
POSTS = Unit("looks-like-thousands", "thousands", 1_000, "Give single posts.")
PER_CENT = Unit("looks-like-per-cent", "per cents, or an index of 100", 0.01, "Divide by 100.")
DAYS = Unit("looks-like-days", "days, or hours a week", 7.4, "Give hours.")
MINUTES = Unit("looks-like-minutes", "minutes", 1 / 60, "Give hours.")


@dataclass(frozen=True)
class Doubt:
    """Figures that look like another unit's. rows: those of the cells meant, none where it is the whole column."""

    table: str
    rows: tuple[int, ...]
    column: str
    unit: Unit
    found: str


def looks_like_another_unit(tables: TypedTables, faults: FaultList) -> None:
    """looks-like-thousands, -millions, -per-cent, -days, -minutes: figures that lie where another unit's would."""
    doubts: dict[tuple[str, str], list[Doubt]] = {}
    for doubt in (*_by_comparison(tables), *_by_range(tables)):  # what is compared tells millions from thousands
        before = doubts.setdefault((doubt.table, doubt.column), [])
        told = {row for one in before for row in one.rows}
        if any(not one.rows for one in before) or told.intersection(doubt.rows):
            continue
        before.append(doubt)
    of_money: dict[Unit, list[Doubt]] = defaultdict(list)
    for same in doubts.values():
        for doubt in same:
            if not doubt.rows and doubt.unit in (THOUSANDS, MILLIONS):
                of_money[doubt.unit].append(doubt)
    together = {unit: of_unit for unit, of_unit in of_money.items() if len(of_unit) >= MANY_COLUMNS}
    for unit, of_unit in together.items():
        columns = ", ".join(f"{doubt.table}.{doubt.column}" for doubt in of_unit)
        found = f"{of_unit[0].found}, and so do the other amounts: {columns}"
        faults.add(unit.code, of_unit[0].table, (), of_unit[0].column, found=found, fix=unit.fix)
    for same in doubts.values():
        for doubt in same:
            if doubt.unit not in together:
                faults.add(
                    doubt.unit.code, doubt.table, doubt.rows, doubt.column, found=doubt.found, fix=doubt.unit.fix
                )


def _units(column: Column) -> tuple[Unit, ...]:
    """The units that a column's figures may be in by mistake."""
    if column.is_money:
        return (THOUSANDS, MILLIONS)
    if column.unit == "hours a year":
        return (DAYS,)
    if column.unit == "hours":
        return (DAYS, MINUTES)
    if column.unit.startswith("hours"):
        return (MINUTES,)
    return (PER_CENT,)


def _by_range(tables: TypedTables) -> Iterator[Doubt]:
    """Doubts about the figures of each column that says what is plausible."""
    for name in tables.there:
        for column in TABLES[name].columns:
            if column.plausible is None:
                continue
            cells = [(row, value) for row, value in tables[name].rows(column.name) if value]
            strange = [(row, value, unit) for row, value in cells if (unit := _unit_of(value, column)) is not None]
            yield from _doubts(name, column, strange, len(cells))


def _unit_of(value: float, column: Column) -> Unit | None:
    """The unit in which a figure outside its column's range would lie inside; None where none helps or none is due."""
    low, high = column.plausible or (-math.inf, math.inf)
    if low <= abs(value) <= high:
        return None
    return next((unit for unit in _units(column) if low <= abs(value) * unit.times <= high), None)


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


def _by_comparison(tables: TypedTables) -> Iterator[Doubt]:
    """Doubts about money a hundredth or less of what it has to pay for, or of what there is for each young person.

    A budget is compared with the sum of the baseline grants and with the pay of those in post; the baseline
    grants with the budgets, and each with the pay of its own advisers; fixed costs with the grants. Real ones
    differ by tens of per cent; pounds and thousands differ a thousandfold.
    """
    grants = sum(grant for _, grant in tables["partnerships"].rows("baseline_grant"))
    pay_of = _pay(tables)
    pay = sum(pay_of.values())
    budgets = list(tables["years"].rows("budget"))
    due = max(grants, pay)
    small = [(row, budget) for row, budget in budgets if 0 < budget * THOUSANDS_FROM <= due]
    for row, budget in small[:1] if len(small) == len(budgets) else small:
        unit = _nearest(budget, due)
        rows = () if len(small) == len(budgets) else (row,)
        yield Doubt("years", rows, "budget", unit, f"{shown_number(budget)} looks like {unit.words}")
    smallest = min((budget for _, budget in budgets), default=0)
    if 0 < grants * THOUSANDS_FROM <= (due := max(smallest, pay)):
        unit = _nearest(grants, due)
        yield Doubt(
            "partnerships", (), "baseline_grant", unit, f"a sum of {shown_number(grants)} looks like {unit.words}"
        )
        return
    for row, partnership, grant in tables["partnerships"].rows("partnership", "baseline_grant"):
        if 0 < grant * THOUSANDS_FROM <= (due := pay_of.get(partnership, 0)):
            unit = _nearest(grant, due)
            found = f"{shown_number(grant)} for {partnership} looks like {unit.words} beside the pay of its advisers"
            yield Doubt("partnerships", (row,), "baseline_grant", unit, found)
    fixed = sum(cost for _, cost in tables["partnerships"].rows("fixed_cost"))
    if 0 < fixed * FIXED_COST_FROM <= grants:
        unit = _nearest(fixed, grants / 5)
        found = f"a sum of {shown_number(fixed)} looks like {unit.words} beside the grants"
        yield Doubt("partnerships", (), "fixed_cost", unit, found)
    largest = max((budget for _, budget in budgets), default=0.0)
    yield from _per_head(tables, (("partnerships", "baseline_grant", grants), ("years", "budget", largest)))
    yield from _few_posts(tables)


def _per_head(tables: TypedTables, sums: Iterable[tuple[str, str, float]]) -> Iterator[Doubt]:
    people: dict[str, float] = defaultdict(float)
    for _, year, count in tables["young_people"].rows("year", "young_people"):
        people[year] += count
    most = max(people.values(), default=0.0)
    for table, column, pounds in sums:
        each = pounds / most if most else 0.0
        unit = next((unit for unit in (THOUSANDS, MILLIONS) if PER_HEAD[0] * 5 <= each * unit.times), None)
        if 0 < each < PER_HEAD[0] and unit is not None and each * unit.times <= PER_HEAD[1]:
            said = f"£{each:,.2f}" if each >= 0.005 else f"£{each:.1g}"
            found = f"{said} a year for each young person, which looks like {unit.words}"
            yield Doubt(table, (), column, unit, found)


def _few_posts(tables: TypedTables) -> Iterator[Doubt]:
    """A headcount limit in thousands beside the advisers in post."""
    posts = sum(fte for _, fte in tables["workforce"].rows("fte"))
    for row, limit in tables["years"].rows("headcount_limit"):
        if 0 < limit * THOUSANDS_FROM <= posts:
            found = f"{shown_number(limit)} beside {shown_number(posts)} FTE in post looks like thousands"
            yield Doubt("years", (row,), "headcount_limit", POSTS, found)


def _nearest(value: float, due: float) -> Unit:
    """Thousands or millions of pounds, whichever brings a figure nearer to what is due."""
    return min((THOUSANDS, MILLIONS), key=lambda unit: abs(math.log(value * unit.times / due)))


def _pay(tables: TypedTables) -> Mapping[str, float]:
    """The pay of each partnership's advisers in post, £ a year."""
    salaries = {grade: salary for _, grade, salary in tables["grades"].rows("grade", "salary")}
    pay: dict[str, float] = defaultdict(float)
    for _, partnership, grade, fte in tables["workforce"].rows("partnership", "grade", "fte"):
        pay[partnership] += fte * salaries.get(grade, 0)
    return pay
