"""Which column a heading stands for: capitals, spaces and a unit in brackets behind it carry no meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from allocator.tables.columns import Column, Table
from allocator.tables.names import loose_sameness

# A unit as people write it behind a heading, and how many of the column's own unit one of it is.
_UNIT = re.compile(r"[\s_]*(?:[(\[]([^()\[\]]{1,40})[)\]]|,\s*([^,()]{1,40})|\s(£\s?[\w']{0,4}|%))\s*")
_THOUSANDS = re.compile(r"(?:in\s+)?(?:£\s?)?(?:'?000s?|k|thousands?(?: of pounds)?|thousand £)", re.IGNORECASE)
_MILLIONS = re.compile(r"(?:in\s+)?(?:£\s?)?(?:m|mn|millions?(?: of pounds)?|million £)", re.IGNORECASE)
_PER_CENT = re.compile(r"(?:in\s+)?(?:%|per ?cent|percentages?)", re.IGNORECASE)
_DAYS = re.compile(r"(?:in\s+)?(?:working )?days?", re.IGNORECASE)


@dataclass(frozen=True)
class Meant:
    """The column that a heading stands for. other_unit: the unit it gives, where the column's is another.

    fix: what to do about the other unit.
    """

    column: str
    other_unit: str = ""
    fix: str = ""


def column_meant(heading: str, table: Table) -> Meant | None:
    """Give the column of the table that a heading stands for, or None."""
    by_name = _by_name(table)
    column = by_name.get(loose_sameness(heading))
    if column is not None:
        return Meant(column.name)
    found = _UNIT.search(heading, 1) if len(heading) < 300 else None
    if found is None or found.end() != len(heading):
        return None
    column = by_name.get(loose_sameness(heading[: found.start()]))
    return None if column is None else _in_unit(column, next(filter(None, found.groups())).strip())


@cache
def _by_name(table: Table) -> dict[str, Column]:
    return {loose_sameness(column.name): column for column in table.columns}


def _in_unit(column: Column, unit: str) -> Meant:
    times = ""
    if _THOUSANDS.fullmatch(unit):
        times = "Multiply the figures by 1,000"
    elif _MILLIONS.fullmatch(unit):
        times = "Multiply the figures by 1,000,000"
    elif _PER_CENT.fullmatch(unit) and column.low is not None:
        times = "Divide the figures by 100"
    elif _DAYS.fullmatch(unit) and "hours" in column.unit:
        times = "Give hours"
    if not times:
        return Meant(column.name)
    return Meant(column.name, unit, f"{times} and write '{column.name}' alone.")
