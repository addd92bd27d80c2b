"""Which column a heading stands for: capitals, spaces, a footnote's mark and a unit behind it carry no meaning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from allocator.tables.columns import Column, Table
from allocator.tables.names import loose_sameness
from allocator.tables.reading.grid import MANY_CELLS, text_of

# A unit as people write it behind a heading, and how many of the column's own unit one of it is.
_UNIT = re.compile(r"[\s_]*(?:[(\[]([^()\[\]]{1,40})[)\]]|,\s*([^,()]{1,40})|\s(£\s?[\w']{0,4}|%))\s*")
_POUNDS = r"(?:£|gbp)?\s?"
_THOUSANDS = rf"{_POUNDS}(?:'?0?00'?s?|k|thousands?(?: of pounds)?|thousand £)"
_MILLIONS = rf"{_POUNDS}(?:mn?|millions?(?: of pounds)?|million £)"
_PENCE = r"pence|pennies"
_PER_CENT = r"%|pct|per ?cent|percentages?(?: points?)?|% of [\w ]{1,30}|per ?cent of [\w ]{1,30}"
_OF_100 = r"(?:[\w -]{1,20}\s?= ?)100|base 100"
_DAYS = r"(?:working )?days?"
_MINUTES = r"minutes?|mins?"
_A_MONTH = r"(?:£ ?)?(?:per|a|each|/) ?(?:calendar )?month|monthly|pcm"
_A_WEEK = r"(?:£|hours|hrs)? ?(?:per|a|each|/) ?week|weekly"
_AN_HOUR = r"(?:£ ?)?(?:per|an|each|/) ?hour|hourly"
_CURRENCIES = r"[$€]|usd|eur|euros?|dollars?"
_REAL = r"real(?: terms)?|constant prices|[\w /–-]{1,12} prices|base[- ]year prices"
_CASH = r"cash|nominal(?: terms)?|current prices"
# The same behind a heading without brackets: budget_k, Budget in £m, attrition_pct. A word alone must be surely a unit.
_BEHIND = re.compile(
    rf"[\s_,:–-]+(?:in[\s_]+)?({_THOUSANDS}|£ ?mn?|millions?|pence|%|pct|per ?cent|days|minutes|mins"
    r"|monthly|weekly|hourly|per[\s_](?:month|week|hour))",
    re.IGNORECASE,
)
# What says nothing behind or before a heading, and the mark of a footnote.
_SAYS_NOTHING = re.compile(
    r"(?i)^(?:financial|the)\s+|\s+(?:codes?|ids?|per (?:year|annum)|a year|p\.?a\.?|annually)$|[*†‡¹²³]+$"
)
NAME_OF = " name"  # behind a key: what it is called
LONGEST = 300  # characters of a heading
KEPT = 10_000  # texts that may be headings, which are looked up once: rows say the same names again and again


@dataclass(frozen=True)
class Meant:
    """The column that a heading stands for. other_unit: the unit it gives, where the column's is another.

    fix: what to do about the other unit. is_sure: whether that unit is surely another. is_exact: whether it is the
    column's own name, so that it goes before another heading that may stand for it.
    """

    column: str
    other_unit: str = ""
    fix: str = ""
    is_sure: bool = True
    is_exact: bool = True


def headings_known(table: Table, row: Sequence[Any]) -> int:
    """Give how many cells of a row are headings of the table."""
    return len({meant.column for cell in row[:MANY_CELLS] if (meant := column_meant(text_of(cell), table))})


def enough_headings(table: Table) -> float:
    """Give how many of its headings make a row the table's: half of the columns that are needed."""
    return max(2, sum(not column.may_be_blank for column in table.columns) / 2)


@lru_cache(KEPT)
def column_meant(heading: str, table: Table) -> Meant | None:
    """Give the column of the table that a heading stands for, or None."""
    if len(heading) >= LONGEST:
        return None
    title = "".join(letter for letter in heading if unicodedata.category(letter) != "Cf")
    for called, is_exact in ((_called, True), (_called_loosely, False)):
        if (column := called(title, table)) is not None:
            return Meant(column.name, is_exact=is_exact)
        for pattern in (_UNIT, _BEHIND):
            found = next((one for one in pattern.finditer(title, 1) if one.end() == len(title)), None)
            column = None if found is None else called(title[: found.start()], table)
            if found is not None and column is not None:
                return replace(
                    in_unit(column, next(filter(None, found.groups())).replace("_", " ").strip()), is_exact=is_exact
                )
    return None


def _called(title: str, table: Table) -> Column | None:
    return _by_name(table).get(loose_sameness(title))


def _called_loosely(title: str, table: Table) -> Column | None:
    """Give the column of a title without words that say nothing, in the plural, or with "name" behind its key."""
    short = _SAYS_NOTHING.sub("", title.strip().replace("_", " "))
    column = _called(short, table) or _called(short.removesuffix("s"), table)
    if column is None and short.lower().endswith(NAME_OF) and (key := _called(short[: -len(NAME_OF)], table)):
        return (_called("name", table) or key) if key.key else None
    return column


@cache
def _by_name(table: Table) -> dict[str, Column]:
    return {loose_sameness(column.name): column for column in table.columns}


def in_unit(column: Column, unit: str) -> Meant:
    """Give the column, with the unit that its heading has where the column's is another."""

    def says(pattern: str) -> bool:
        return re.fullmatch(rf"(?:in\s+)?(?:{pattern})", unit, re.IGNORECASE) is not None

    is_share = column.high == 1 or column.unit.startswith("1 =") or column.unit == "probability"
    told = ""
    is_sure = True
    if column.low is None:
        pass
    elif says(_THOUSANDS):
        told = "Multiply the figures by 1,000"
    elif says(_MILLIONS):
        told = "Multiply the figures by 1,000,000"
    elif says(_PER_CENT) or says(_OF_100):
        told = "Divide the figures by 100" if is_share else f"Give {column.unit}"
    elif column.is_money and says(_PENCE):
        told = "Divide the figures by 100"
    elif column.is_money and says(_CURRENCIES):
        told = "Give pounds"
    elif column.is_money and column.name == "salary" and (says(_A_MONTH) or says(_A_WEEK) or says(_AN_HOUR)):
        told = "Give the pay of a year"
    elif column.unit == "hours a year" and (says(_A_WEEK) or says(_A_MONTH) or says(_DAYS)):
        told = "Give the hours of a year"
    elif "hours" in column.unit and (says(_DAYS) or says(_MINUTES)):
        told = "Give hours"
    elif (column.is_money and "cash" in column.unit and says(_REAL)) or ("base-year" in column.unit and says(_CASH)):
        told, is_sure = f"Give {column.unit}", False
    if not told:
        return Meant(column.name)
    return Meant(column.name, unit, f"{told} and write '{column.name}' alone.", is_sure)
