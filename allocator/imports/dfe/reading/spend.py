"""Reads what authorities spent on services for young people, in the layouts in which it is published.

Source: Section 251 outturn as in the Department for Education's local authority interactive tool (a column a year) and
in its releases on expenditure (a row a year): gross, £ cash, a blank where an authority did not report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from allocator.faults import FaultList, printable, shown
from allocator.imports.dfe.reading.figures import SYMBOLS, is_plain, number_of, symbol_of
from allocator.imports.dfe.reading.published import plain, read_csv, stop_at
from allocator.imports.dfe.reading.same_authority import HasCode, code_in, number_in, same_authorities
from allocator.tables.reading.written_numbers import numbers_meant
from allocator.units import counted, listed

MEAN_OVER = 3  # the last years whose mean is taken: single years are noisy
LARGEST = 1e12  # £
LAYOUT = (
    "new_la_code (or la_code) and old_la_code (or la_number), and either a column a year, such as spend_2024_25, "
    "or a row a year with time_period and gross_expenditure"
)
# Each column and the names that it has had, as `plain` makes them.
CODES = ("newlacode", "lacode", "ladcode", "onscode", "lacodeons")
NUMBERS = ("oldlacode", "lanumber", "lano", "dfecode", "lacodedfe")
NAMES = ("laname", "localauthority", "authority", "name")
LEVELS = ("geographiclevel",)
PERIODS = ("timeperiod", "year", "financialyear")
CATEGORIES = ("categoryofexpenditure", "category", "expenditurecategory", "description", "measure")
AMOUNTS = ("grossexpenditure", "gross", "grosscurrentexpenditure", "grossspend", "expenditure", "spend", "amount")
_YEAR_COLUMN = re.compile(r"(?:spend|spending|gross|grossexpenditure|grossspend)?(20\d\d)(?:20)?(\d\d)")
_PERIOD = re.compile(r"(20\d\d)\s*[-/–]?\s*(?:20)?(\d\d)")
ALL_SERVICES = "servicesforyoungpeople"
SUMS = ("england", "total", "allauthorities", "grandtotal", "nationaltotal")


@dataclass(frozen=True)
class Spent:
    """What one authority reported: financial years to £ cash, None where it did not report.

    code, number: "" where the file has none; a placeholder is none.
    """

    code: str
    number: str
    name: str
    by_year: Mapping[str, float | None]


@dataclass(frozen=True)
class Spending:
    """A spending file: its last years, and what each authority reported in them.

    dropped: rows that were not read; taken: cells that are not plain numbers; both in words.
    """

    years: tuple[str, ...]
    authorities: tuple[Spent, ...]
    dropped: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()

    def of(self, areas: Iterable[HasCode]) -> dict[str, Spent]:
        """Give what each of the areas spent, by their codes, joined by code and else by number; without those not
        there.
        """
        return same_authorities(areas, self.authorities)


@dataclass
class _Rows:
    """Rows on their way to authorities: what is read, and what was met on the way."""

    label: str
    faults: FaultList
    amounts: list[tuple[int, str, str, str, str, float | None]] = field(default_factory=list)
    dropped: dict[str, int] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)

    def add(self, row: int, who: tuple[str, str, str], year: str, column: str, cell: str) -> None:
        code, number, name = who
        self.amounts.append((row, code, number, name, year, self._amount(row, column, cell)))

    def drop(self, what: str) -> None:
        self.dropped[what] = self.dropped.get(what, 0) + 1

    def _amount(self, row: int, column: str, cell: str) -> float | None:
        """Read an amount, £, or None where nothing is reported; a dash is how spreadsheets show a nought."""
        symbol = symbol_of(cell)
        if symbol in SYMBOLS:
            return None
        bare = re.sub(r"^([+-]?)£ ?", r"\1", cell)
        value = 0.0 if symbol else number_of(bare)
        if value is None:
            wanted = "pounds as a plain number, or nothing"
            fix = f"Write {' or '.join(meant)}." if (meant := numbers_meant(cell)) else ""
            self.faults.add("not-a-number", self.label, [row], column, found=shown(cell), wanted=wanted, fix=fix)
            return None
        if not 0 <= value <= LARGEST:
            code = "negative-money" if value < 0 else "out-of-range"
            self.faults.add(code, self.label, [row], column, found=shown(cell), wanted="from 0 to 1e12")
        if not is_plain(cell):
            self.taken.append(cell)
        return value


def read_spending(path: Path) -> Spending:
    """Give the spending file, with a column a year or a row a year. Raises InvalidInput with all faults."""
    label = printable(path.name)
    faults = FaultList({label: ("la_code", "la_number", "la_name")})
    rows = _Rows(label, faults)
    read = read_csv(path, faults)
    authorities: tuple[Spent, ...] = ()
    last: tuple[str, ...] = ()
    if read is not None:
        headings, lines = read
        at = _columns(headings)
        by_year = _year_columns(headings)
        wanted = _missing(at, by_year)
        for what in wanted:
            found = f"the columns {listed(headings[:12])}" + (" and others" if len(headings) > 12 else "")
            faults.add("missing-column", label, [1], what, found=found, wanted=LAYOUT)
        if not wanted:
            _read_rows(rows, lines, at, by_year, headings)
            last = tuple(sorted({year for *_, year, _ in rows.amounts}))[-MEAN_OVER:]
            authorities = _authorities(rows, last)
            if not authorities and not faults.stops:
                faults.add("empty-table", label, found="no authority", wanted="a row for each authority")
    stop_at(faults)
    return Spending(last, authorities, _dropped(rows), _taken(rows))


def _columns(headings: Sequence[str]) -> dict[str, int]:
    titles: dict[str, int] = {}
    for position, title in enumerate(headings):
        titles.setdefault(plain(title), position)
    found = {}
    for what, names in (
        ("code", CODES),
        ("number", NUMBERS),
        ("name", NAMES),
        ("level", LEVELS),
        ("period", PERIODS),
        ("category", CATEGORIES),
        ("amount", AMOUNTS),
    ):
        if (name := next((name for name in names if name in titles), None)) is not None:
            found[what] = titles[name]
    return found


def _year_columns(headings: Sequence[str]) -> dict[str, int]:
    """Give the column of each financial year, where each has one."""
    found = {}
    for position, title in enumerate(headings):
        match = _YEAR_COLUMN.fullmatch(plain(title))
        if match and int(match[2]) == (int(match[1]) + 1) % 100:
            found[f"{match[1]}-{match[2]}"] = position
    return found


def _missing(at: Mapping[str, int], by_year: Mapping[str, int]) -> list[str]:
    """Give what the layout lacks, by the name of a column."""
    lacking = [] if "code" in at or "number" in at else ["la_code"]
    if not by_year and not {"period", "amount"} <= at.keys():
        lacking.append("spend_2024_25" if "period" not in at else "gross_expenditure")
    return lacking


def _read_rows(
    rows: _Rows,
    lines: Sequence[tuple[int, Sequence[str]]],
    at: Mapping[str, int],
    by_year: Mapping[str, int],
    headings: Sequence[str],
) -> None:
    category = None if by_year or "category" not in at else _category(rows, lines, at["category"])
    for row, cells in lines:

        def cell(what: str, of: Sequence[str] = cells) -> str:
            return of[at[what]].strip() if what in at else ""

        if "level" in at and plain(cell("level")) != "localauthority":
            rows.drop(f"of level {cell('level') or 'blank'}")
            continue
        if category is not None and cell("category") != category:
            rows.drop("of other spending")
            continue
        who = (code_in(cell("code")), number_in(cell("number")) or number_in(cell("code")), cell("name"))
        if who[0] == who[1] and who[0]:  # the code's column holds the number
            who = ("", who[1], who[2])
        if not (who[0] or who[1]):
            if plain(who[2]) in SUMS or not who[2]:
                rows.drop(f"without a code ({who[2] or 'blank'})")
            else:
                found = f"no code and no number of {shown(who[2])}"
                rows.faults.add("blank-cell", rows.label, [row], "la_code", found=found, wanted="one of the two")
            continue
        for year, position in by_year.items():
            rows.add(row, who, year, headings[position], cells[position].strip())
        if not by_year and (year := _financial_year(rows, row, cell("period"))):
            rows.add(row, who, year, headings[at["amount"]], cell("amount"))


def _financial_year(rows: _Rows, row: int, period: str) -> str:
    match = _PERIOD.fullmatch(period)
    if match and int(match[2]) == (int(match[1]) + 1) % 100:
        return f"{match[1]}-{match[2]}"
    wanted = "a financial year such as 202425 or 2024-25"
    rows.faults.add("out-of-range", rows.label, [row], "time_period", found=shown(period), wanted=wanted)
    return ""


def _category(rows: _Rows, lines: Sequence[tuple[int, Sequence[str]]], column: int) -> str | None:
    """Give the category of all services for young people; a fault where it cannot be told."""
    there = list(dict.fromkeys(cells[column].strip() for _, cells in lines))
    about = [name for name in there if ALL_SERVICES in plain(name)]
    totals = [name for name in about if "total" in plain(name)]
    chosen = totals if len(about) > 1 else about
    if len(chosen) != 1:
        found = f"{counted(len(there), 'category', 'categories')}: {listed([shown(name) for name in there[:10]])}"
        wanted = "one of total services for young people"
        rows.faults.add("out-of-range", rows.label, [1], "category_of_expenditure", found=found, wanted=wanted)
        return None
    return chosen[0]


def _authorities(rows: _Rows, last: Sequence[str]) -> tuple[Spent, ...]:
    """Give every authority once. Rows of the same code are one's, and of the same number, since a code may have
    changed.
    """
    owner: dict[str, str] = {}  # by code and by number, the first of them that the authority had
    amounts: dict[str, dict[str, float | None]] = {}
    places: dict[tuple[str, str], tuple[int, str]] = {}
    who: dict[str, tuple[str, str, str]] = {}
    said: set[int] = set()
    for row, code, number, name, year, amount in rows.amounts:
        first = (code and owner.get(code)) or (number and owner.get(number)) or code or number
        owner.update({key: first for key in (code, number) if key})
        of = amounts.setdefault(first, {})
        who[first] = (code or who.get(first, ("",))[0], number, name)
        before, code_before = places.setdefault((first, year), (row, code))
        there = of.get(year)
        of[year] = amount if there is None else there
        two = None not in (there, amount) and there != amount
        if before != row and row not in said and (code == code_before or two):
            said.add(row)
            found = f"{shown(code or number)} twice in {year}, also in row {before}"
            rows.faults.add("duplicate-key", rows.label, [row], "la_code", found=found, wanted="it once")
    return tuple(Spent(*who[first], {year: of.get(year) for year in last}) for first, of in amounts.items())


def _dropped(rows: _Rows) -> tuple[str, ...]:
    return tuple(f"{counted(count, 'row', 'rows')} {what} in {rows.label}" for what, count in rows.dropped.items())


def _taken(rows: _Rows) -> tuple[str, ...]:
    if not rows.taken:
        return ()
    more = f" and {len(rows.taken) - 1:,} more like it" if len(rows.taken) > 1 else ""
    return (f"{rows.label}: {shown(rows.taken[0])}{more}, taken without signs and separators",)
