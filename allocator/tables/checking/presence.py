"""Which names stand in which tables: what one has and others lack is one fault, at the table that is odd.

A year left out of `years` is used in every other table: the fault is that of `years`, not one of each row that has it.
A name that one table alone has, or has otherwise, is that table's fault.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

from allocator.faults import FaultList, shown, shown_rows
from allocator.tables.columns import TABLES
from allocator.tables.names import differ_in_more_than_figures, nearest, sameness, slip_of
from allocator.tables.reading.body import TOTAL
from allocator.tables.reading.cells import COUNTRY, MONTHS
from allocator.tables.reading.typed import TypedTables

# A suggestion compares a name with all valid ones; a column's suggestions make at most so many comparisons.
MOST_COMPARISONS = 100_000
# No array of the data set may have more places than this: 200 times those of 2,350 partnerships' young people.
LARGEST_GRID = 20_000_000
MOST_TOLD = 3  # faults of one kind in a column before they become one
MONTH_YEAR = re.compile(r"([A-Z][a-z]{2})-(\d\d)")
DAY = re.compile(r"\d{4}-\d\d-\d\d(?: 00:00:00)?|\d\d?[/.-]\d\d?[/.-]\d{2,4}|\d\d?[- ][A-Z][a-z]{2}[- ]\d{2,4}")
# The first of a month, as programs write a day: 2004-05-01, 01/05/2004.
FIRST_OF_MONTH = re.compile(r"20(\d\d)-(\d\d)-01(?: 00:00:00)?|0?1[/.](\d\d?)[/.]20(\d\d)")

JOINED = "interventions"  # the column whose cells join names by +
JOINED_BY = re.compile(r"[,;/|&]|\band\b|\bor\b")

Rows = dict[str, list[int]]  # the rows in which each name stands


@dataclass(frozen=True)
class Domain:
    """A kind of name. own: the table that lists it. complete: the tables that need rows for every one of them."""

    column: str
    own: str
    complete: tuple[str, ...]


PARTNERSHIP = Domain("partnership", "partnerships", ("young_people", "workforce"))
YEAR = Domain("year", "years", ("young_people",))
GRADE = Domain("grade", "grades", ("workforce",))
INTERVENTION = Domain("intervention", "interventions", ("effects",))
CLIENT_GROUP = Domain("client_group", "young_people", ())


def joined(interventions: str) -> tuple[str, ...]:
    """Give the names that a cell of guarantees joins by +."""
    return tuple(name.strip() for name in interventions.split("+"))


def check_presence(tables: TypedTables, faults: FaultList) -> None:
    """Report unknown-name, missing-row: names that some tables have and others lack. date-cell: years taken for
    dates.
    """
    _rare_groups(tables, faults)
    mangled = _years_taken_for_dates(tables, faults)
    settled: dict[str, set[str]] = {}
    for domain in (PARTNERSHIP, YEAR, GRADE, INTERVENTION, CLIENT_GROUP):
        if domain is YEAR and mangled:
            continue
        settled[domain.column] = _Names(domain, tables, faults).check()
    if not mangled:
        _young_people_complete(tables, settled, faults)
    _workforce_complete(tables, settled, faults)


def _rare_groups(tables: TypedTables, faults: FaultList) -> None:
    """Report unknown-name: a client group of few rows that looks like one that most have."""
    rare = [use for use in tables["young_people"].rows("client_group") if use[1] in tables.rare_groups]
    for group, rows in by_name(rare).items():
        wanted = "a client group that every partnership has in every year"
        fix = f"Did you mean {shown(tables.rare_groups[group])}?"
        faults.add(
            "unknown-name", "young_people", rows[:1], "client_group", found=times(group, rows), wanted=wanted, fix=fix
        )


def _years_taken_for_dates(tables: TypedTables, faults: FaultList) -> bool:
    """Report date-cell: years such as May-04, which is what a spreadsheet program makes of 2004-05; whether there are
    any.
    """
    places: list[tuple[str, int, str]] = []
    for name in tables.there:
        if "year" in TABLES[name].keys:
            uses = list(tables[name].rows("year"))
            first = next(((row, year) for row, year in uses if (found := date_made_of(year)) is not None), None)
            if first is not None and all(date_made_of(year) for _, year in uses if _is_month(year)):
                places.append((name, *first))
    if not places:
        return False
    places.sort(key=lambda place: place[0] != "years")
    (table, row, year), *others = places
    also = f"; so have {', '.join(faults.label(name) for name, _, _ in others)}" if others else ""
    meant = date_made_of(year)
    found = f"{shown(year)}, which a spreadsheet program has made of {meant}, taking it for a month{also}"
    fix = f"Format the column as text and type {meant} again; open CSV files with Data > From Text/CSV."
    faults.add("date-cell", table, [row], "year", found=found, wanted=f"the year, such as {meant}", fix=fix)
    return True


def _is_month(year: str) -> bool:
    return bool(MONTH_YEAR.fullmatch(year) or FIRST_OF_MONTH.fullmatch(year))


def date_made_of(year: str) -> str | None:
    """Give 2004-05 for May-04, 2004-05-01 or 01/05/2004: the month is one more than the two digits of the year, as in
    financial years.
    """
    if (found := MONTH_YEAR.fullmatch(year)) is not None and found[1] in MONTHS:
        month, digits = MONTHS.index(found[1]) + 1, int(found[2])
    elif (found := FIRST_OF_MONTH.fullmatch(year)) is not None:
        month, digits = int(found[2] or found[3]), int(found[1] or found[4])
    else:
        return None
    return f"20{digits:02}-{month:02}" if month == digits + 1 else None


def _first_year(year: str) -> int | None:
    """Give the last two digits of the calendar year in which a financial year begins: 26 of 2026-27, FY26/27, 2026."""
    found = re.search(r"(?<!\d)(?:\d\d)?(\d\d)(?!\d)", year)
    return int(found[1]) if found else None


def _year_order(year: str) -> tuple[int, str]:
    """Give what puts years in order: the calendar year in which each begins, then its letters."""
    return _first_year(year) or 0, year


def nearest_of_codes(name: str, valid: Collection[str]) -> str | None:
    """Give the valid name that is the same number with noughts before it, as 001 is of 1; else the nearest."""
    return _lost_noughts(name, valid) or nearest(name, valid)


def _lost_noughts(name: str, valid: Collection[str]) -> str | None:
    """Give the one valid name that is the same number as a name, with more or fewer noughts before it."""
    codes = [code for code in valid if about_noughts(name, code)] if name.isdecimal() else []
    return codes[0] if len(codes) == 1 else None


def about_noughts(one: str, other: str) -> str:
    """Say, of two codes that are the same number, what takes noughts away; nothing of others."""
    if not (one.isdecimal() and other.isdecimal() and one != other and one.lstrip("0") == other.lstrip("0")):
        return ""
    return " Spreadsheet programs take noughts before a number away: format the column as text."


class _Names:
    """The names of a domain: which its own table has, and which the others use."""

    def __init__(self, domain: Domain, tables: TypedTables, faults: FaultList) -> None:
        self.domain, self.tables, self.faults = domain, tables, faults
        self.known = tables.client_groups() if domain is CLIENT_GROUP else tables.names(domain.own, domain.column)
        self.uses: dict[tuple[str, str], Rows] = {}
        for name in tables.there:
            for column in TABLES[name].columns:
                if column.refers == domain.own and (name, column.name) != (domain.own, domain.column):
                    split = joined if column.name == JOINED else lambda cell: (cell,)
                    cells = ((row, cell) for row, cell in tables[name].rows(column.name) if cell is not None)
                    self.uses[name, column.name] = by_name(
                        (row, part) for row, cell in cells for part in dict.fromkeys(split(cell))
                    )

    def check(self) -> set[str]:
        """Tell what is wrong; the names that need no further word."""
        if self.known is None:
            return set()
        unknown: dict[str, list[tuple[str, str]]] = {}
        for place, rows in self.uses.items():
            for name in rows:
                if name not in self.known:
                    unknown.setdefault(name, []).append(place)
        if not unknown:
            return set()
        used = {name for rows in self.uses.values() for name in rows}
        unused = sorted(self.known - used)
        if len(unused) == len(self.known) > 1 and self._tell_nothing_in_common(unknown):
            return {*unknown, *self.known}
        renamed: dict[str, str] = {}
        left_out: list[str] = []
        slips: dict[tuple[str, str], list[str]] = defaultdict(list)
        in_its_place = self._in_place_of(unknown)
        in_order = self._years_in_order(unknown, unused)
        for number, (name, places) in enumerate(unknown.items()):
            bounded = number * len(self.known) < MOST_COMPARISONS
            several = len({table for table, _ in places}) > 1
            near = in_order.get(name) or (nearest_of_codes(name, unused) if several and bounded else None)
            if several and len(unused) == len(unknown) == 1:
                near = unused[0]  # the one that others lack, and the one that it lacks
            if several and near is None and self.domain is YEAR:
                near = next((year for year in unused if _first_year(year) == _first_year(name)), None)
            if near is not None and near not in renamed.values():
                renamed[name] = near
            elif several or (bounded and name not in in_its_place and self._has_its_share(name, places[0])):
                left_out.append(name)
            else:
                for place in places:
                    slips[place].append(name)
        self._tell_renamed(renamed, unknown)
        self._tell_left_out(left_out, unknown)
        for place, names in slips.items():
            self._tell_slips(place, names, in_its_place)
        replaced = {meant for several in in_its_place.values() for meant in several}
        return {*renamed, *renamed.values(), *left_out, *in_its_place, *replaced}

    def _years_in_order(self, unknown: dict[str, list[tuple[str, str]]], unused: Sequence[str]) -> dict[str, str]:
        """Give the own name of each year that the others have, where none has it and both have as many: in order."""
        names = [name for name, places in unknown.items() if len({table for table, _ in places}) > 1]
        if self.domain is not YEAR or len(unused) != len(self.known or ()) or len(names) != len(unused):
            return {}
        return dict(zip(sorted(names, key=_year_order), sorted(unused, key=_year_order), strict=True))

    def _in_place_of(self, unknown: dict[str, list[tuple[str, str]]]) -> dict[str, tuple[str, ...]]:
        """Give the names that one table alone has in place of as many known ones, each with the one that it stands for.

        That is the one like it; of those that are like none it may be any that is left.
        """
        meant: dict[str, tuple[str, ...]] = {}
        if len(unknown) * len(self.known or ()) > MOST_COMPARISONS:
            return meant
        for place, rows in self.uses.items():
            alone = [name for name in rows if unknown.get(name) == [place]]
            lacking = [name for name in sorted(self.known or ()) if name not in rows]
            if not alone or len(alone) != len(lacking) or len(rows) <= len(alone):
                continue  # rows of names that it has anyway, or names that are missing beside
            for name in alone:
                near = nearest(name, lacking)
                if near is not None:
                    meant[name] = (near,)
                    lacking.remove(near)
            for name in [name for name in alone if name not in meant]:
                if possible := tuple(other for other in lacking if differ_in_more_than_figures(name, other)):
                    meant[name] = possible
        return meant

    def _has_its_share(self, name: str, place: tuple[str, str]) -> bool:
        """Say whether a table that needs rows for every name has as many of this one as of others, lacking none like
        it.
        """
        table, column = place
        rows = self.uses[place]
        if table not in self.domain.complete or column != self.domain.column:
            return False
        known = self.known or set()
        there = {name for name in known if name in rows}  # few, where the rows' names may be very many
        others = sorted(len(rows[other]) for other in there)
        if not others or len(rows[name]) * 2 < others[len(others) // 2]:
            return False
        meant = slip_of(name, there)
        if meant is not None and len(rows[meant]) + len(rows[name]) <= others[-1]:
            return False  # the rows of the two are those of one
        return nearest(name, known - there) is None

    def _tell_nothing_in_common(self, unknown: dict[str, list[tuple[str, str]]]) -> bool:
        """Report unknown-name: a table of names of which no other table has any; whether it is that.

        The other tables have to agree among themselves; names that are like one another are told as renamed.
        """
        names = [name for name, places in unknown.items() if len({table for table, _ in places}) > 1]
        if len(names) < MOST_TOLD - 1 or any(nearest_of_codes(name, self.known or ()) for name in names[:MOST_TOLD]):
            return False
        if self.domain is YEAR and any(_first_year(name) in map(_first_year, self.known or ()) for name in names):
            return False
        rows = list(self.tables[self.domain.own].rows(self.domain.column))
        own = list(dict.fromkeys(value for _, value in rows)) or sorted(self.known or ())  # known by rows not whole
        others = self._who([place for name in names for place in unknown[name]])
        found = f"{some(own)}, of which no other table has any; {others} have {some(names)}"
        wanted, fix = "the same names in all tables", f"Write {some(names)} here, or these in the others."
        if any(map(DAY.fullmatch, own)):
            found = f"{some(own)}, which looks like {'days' if len(own) > 1 else 'a day'}; {others} have {some(names)}"
        first = [row for row, _ in rows[:1]]
        self.faults.add("unknown-name", self.domain.own, first, self.domain.column, found=found, wanted=wanted, fix=fix)
        return True

    def _tell_renamed(self, renamed: dict[str, str], unknown: dict[str, list[tuple[str, str]]]) -> None:
        if not renamed:
            return
        name, own = next(iter(renamed.items()))
        row = next((row for row, value in self.tables[self.domain.own].rows(self.domain.column) if value == own), None)
        more = f" (and {len(renamed) - 1:,} more like it)" if len(renamed) > 1 else ""
        found = f"{shown(own)}{more}, which no other table has; {self._who(unknown[name])} have {shown(name)}"
        fix = f"Did you mean {shown(name)}?{about_noughts(own, name)}"
        rows = [] if row is None else [row]
        self.faults.add(
            "unknown-name",
            self.domain.own,
            rows,
            self.domain.column,
            found=found,
            wanted="one name in all tables",
            fix=fix,
        )

    def _tell_left_out(self, names: Sequence[str], unknown: dict[str, list[tuple[str, str]]]) -> None:
        if not names:
            return
        counts = Counter(table for name in names for table, _ in unknown[name])
        who = " and ".join(
            f"{self.faults.label(table)} (row {self._first_row(table, names)})" for table, _ in counts.most_common(3)
        )
        sums = [name for name in names if self._is_of_sums(name)]
        if sums and len(sums) == len(names):
            table = counts.most_common(1)[0][0]
            found = f"{some(sums)}, which {'are' if len(sums) > 1 else 'is'} no {self.domain.column}"
            found += f"; {who} {'have' if len(counts) > 1 else 'has'} rows of {'them' if len(sums) > 1 else 'it'}"
            rows, wanted = [self._first_row(table, names)], f"{_a(self.domain.column)} of {self._own_label()}"
            fix = "Delete the rows where they are totals."
            self.faults.add("unknown-name", table, rows, self.domain.column, found=found, wanted=wanted, fix=fix)
            return
        found = f"no row for {some(names)}, which {who} {'have' if len(counts) > 1 else 'has'}"
        fix = (
            "Add it, or delete its rows in the others."
            if len(names) == 1
            else "Add them, or delete their rows in the others."
        )
        self.faults.add(
            "missing-row", self.domain.own, (), self.domain.column, found=found, wanted="a row for each", fix=fix
        )

    def _own_label(self) -> str:
        return self.faults.label(self.domain.own)

    def _is_of_sums(self, name: str) -> bool:
        """Say whether a name is a region's, or one that totals go by, and so none of a row of the table."""
        if COUNTRY.fullmatch(name) or TOTAL.fullmatch(name):
            return True
        regions = self.tables.names("partnerships", "region") or ()
        return self.domain is PARTNERSHIP and sameness(name) in {sameness(region) for region in regions}

    def _first_row(self, table: str, names: Sequence[str]) -> int:
        return min(
            rows[name][0]
            for (name_of, _), rows in self.uses.items()
            if name_of == table
            for name in names
            if name in rows
        )

    def _who(self, places: Iterable[tuple[str, str]]) -> str:
        return " and ".join(dict.fromkeys(self.faults.label(table) for table, _ in places))

    def _tell_slips(self, place: tuple[str, str], names: Sequence[str], meant: Mapping[str, tuple[str, ...]]) -> None:
        """Give each name that one table alone has, at its first row; more than a few as one."""
        table, column = place
        own = self.faults.label(self.domain.own)
        wanted = f"a client group of {own}" if self.domain is CLIENT_GROUP else f"{_a(self.domain.column)} of {own}"
        rows = {name: self.uses[place][name] for name in names}
        tell_unknown(table, column, rows, self.known or set(), wanted, self.faults, meant)


def tell_unknown(
    table: str,
    column: str,
    unknown: Rows,
    known: Collection[str],
    wanted: str,
    faults: FaultList,
    meant: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> None:
    """Report unknown-name: each at its first row with the name that was meant; more than a few of a column as one.

    meant: the known names of which a name stands in the place of one, where that is found by more than its letters.
    """
    if column == "year":
        meant = {name: year for name in unknown if (year := meant.get(name) or _same_year(name, known))}
        if len(meant) < len(unknown):
            paired = zip(sorted(unknown, key=_year_order), sorted(known, key=_year_order), strict=False)
            meant = {name: (year,) for name, year in paired} if len(unknown) == len(known) > 1 else {}
    one_cause = (
        all(map(_first_year, unknown)) if column == "year" else all(_lost_noughts(one, known) for one in unknown)
    )
    many = len(unknown) > (1 if one_cause else MOST_TOLD)
    for name, rows in unknown.items():
        found = times(name, rows)
        if many:
            names = f"{len(unknown) - 1:,} more names that are" if len(unknown) > 2 else "one more name that is"
            found = f"{found}; and {names} not known: {some(list(unknown)[1:])}"
        near = nearest_of_codes(name, known) if len(known) < MOST_COMPARISONS else None
        fix = f"Did you mean '{near}'?{about_noughts(name, near)}" if near else ""
        if column == JOINED and (several := _joined_otherwise(name, known)):
            fix = f"Write {shown('+'.join(several))}: a plus joins them."
        if meant.get(name) and not (column == "year" and fix and near in meant[name]):
            or_others = " or ".join(map(shown, meant[name][:3]))
            nowhere = f", which {'stand' if len(meant[name]) > 1 else 'stands'} in no row here"
            fix = f"Did you mean {or_others}{'' if column == 'year' else nowhere}?"
        faults.add("unknown-name", table, rows[:1], column, found=found, wanted=wanted, fix=fix)
        if many:
            return


def _joined_otherwise(name: str, known: Collection[str]) -> list[str]:
    """Give the names that a comma, a stroke, an ampersand or "and" joins, where all of them are known."""
    several = [part.strip() for part in JOINED_BY.split(name) if part.strip()]
    return several if len(several) > 1 and set(several) <= set(known) else []


def _same_year(name: str, known: Collection[str]) -> tuple[str, ...]:
    """Give the one year that begins in the same calendar year, if there is one: 2026-27 for FY26/27."""
    found = [year for year in known if _first_year(name) is not None and _first_year(year) == _first_year(name)]
    return tuple(found) if len(found) == 1 else ()


def by_name(uses: Iterable[tuple[int, str]]) -> Rows:
    """Give the rows in which each name stands."""
    rows: Rows = {}
    for row, name in uses:
        rows.setdefault(name, []).append(row)
    return rows


def times(name: str, rows: Sequence[int]) -> str:
    """Give a name, and in how many rows more it stands.

    A year left out would else be a fault of every row that has it.
    """
    more = len(rows) - 1
    return f"{shown(name)}, and in {more:,} more row{'s' if more > 1 else ''}" if more else shown(name)


def some(names: Sequence[str]) -> str:
    """Give a few names and how many more there are."""
    listed = ", ".join(map(shown, names[:3]))
    return f"{listed} and {len(names) - 3:,} more" if len(names) > 3 else listed


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def size_of(tables: TypedTables, axes: Iterable[tuple[str, str]]) -> int:
    """Give how many combinations there are of the names of some columns."""
    return math.prod(len(tables.names(table, column) or ()) for table, column in axes)


PARTNERSHIPS, YEARS, GROUPS = ("partnerships", "partnership"), ("years", "year"), ("young_people", "client_group")
PEOPLE = (PARTNERSHIPS, YEARS, GROUPS)
POSTS = (PARTNERSHIPS, ("grades", "grade"))


def _young_people_complete(tables: TypedTables, settled: dict[str, set[str]], faults: FaultList) -> None:
    """Report missing-row: partnerships, years or groups for which young_people has no row, or not every row."""
    groups = tables.client_groups()
    keys = _whole_keys(tables, "young_people", ("partnership", "year", "client_group"), settled)
    if keys is None or groups is None or size_of(tables, PEOPLE) > LARGEST_GRID:
        return
    near = tables.rare_groups
    there = {(partnership, year, near.get(group, group)) for partnership, year, group in keys}
    due = _due(tables, PARTNERSHIP, settled), _due(tables, YEAR, settled)
    none = [
        _without_any(domain, names, {key[at] for key in there}, tables, "young_people", faults)
        for at, (domain, names) in enumerate(zip((PARTNERSHIP, YEAR), due, strict=True))
    ]
    pairs = list(product(*(sorted(names - gone) for names, gone in zip(due, none, strict=True))))
    asked = set(pairs)
    counts = Counter(group for partnership, year, group in there if (partnership, year) in asked)
    few = sorted(group for group in groups if counts[group] * 2 < len(pairs) and counts[group])
    for group in few[:MOST_TOLD]:
        rows = [row for row, value in tables["young_people"].rows("client_group") if value == group]
        count = f"{len(rows):,} row{'s' if len(rows) > 1 else ''}"
        found = f"{shown(group)} in {count} and not for each of {len(pairs):,} partnerships and years"
        wanted = "a row for each partnership, client group and year"
        fix = "Add the others, 0 is a value too; or delete it."
        faults.add("missing-row", "young_people", rows[:1], "client_group", found=found, wanted=wanted, fix=fix)
    missing: dict[tuple[str, str], list[str]] = {}
    for partnership, year in pairs:
        lacking = sorted(group for group in groups if group not in few and (partnership, year, group) not in there)
        if lacking:
            missing[partnership, year] = lacking
    said = [f"{partnership} in {year} of {', '.join(of_one[:10])}" for (partnership, year), of_one in missing.items()]
    _tell_missing("young_people", said, "a row for each partnership, client group and year", faults)


def _workforce_complete(tables: TypedTables, settled: dict[str, set[str]], faults: FaultList) -> None:
    """Report missing-row: partnerships or grades for which workforce has no row, or not every row."""
    keys = _whole_keys(tables, "workforce", ("partnership", "grade"), settled)
    if keys is None or size_of(tables, POSTS) > LARGEST_GRID:
        return
    there: dict[str, set[str]] = defaultdict(set)
    for partnership, grade in keys:
        there[partnership].add(grade)
    partnerships, grades = _due(tables, PARTNERSHIP, settled), _due(tables, GRADE, settled)
    partnerships -= _without_any(PARTNERSHIP, partnerships, there.keys(), tables, "workforce", faults)
    grades -= _without_any(
        GRADE, grades, {grade for of_one in there.values() for grade in of_one}, tables, "workforce", faults
    )
    said = [
        f"{partnership} of {', '.join(sorted(grades - there[partnership])[:10])}"
        for partnership in sorted(partnerships)
        if grades - there[partnership]
    ]
    _tell_missing("workforce", said, "a row for each partnership and grade", faults)


def _whole_keys(
    tables: TypedTables, table: str, columns: tuple[str, ...], settled: dict[str, set[str]]
) -> list[tuple[str, ...]] | None:
    """Give the keys of a table's rows; None where a row with a fault or an unknown name may be one that is missed."""
    found = tables[table]
    keys = [key for _, *key in found.rows(*columns)]
    if not found.numbers or not found.is_whole or len(keys) < len(found.numbers):
        return None
    for at, column in enumerate(columns):
        domain = next(one for one in (PARTNERSHIP, YEAR, GRADE, CLIENT_GROUP) if one.column == column)
        known = tables.names(domain.own, domain.column)
        if known is None or any(key[at] not in known and key[at] not in settled.get(column, ()) for key in keys):
            return None
    return [tuple(key) for key in keys]


def _due(tables: TypedTables, domain: Domain, settled: dict[str, set[str]]) -> set[str]:
    return (tables.names_of_whole_rows(domain.own, domain.column) or set()) - settled.get(domain.column, set())


def _without_any(
    domain: Domain, due: Collection[str], there: Collection[str], tables: TypedTables, table: str, faults: FaultList
) -> set[str]:
    """Report missing-row: names of which a table has no row at all; told at their own table where no other has them."""
    gone = sorted(set(due) - set(there))
    if not gone:
        return set()
    used = {
        name
        for other in tables.there
        for column in TABLES[other].columns
        if column.refers == domain.own and other != table
        for _, name in tables[other].rows(column.name)
    }
    needed = [name for name in domain.complete if name in tables.there]
    alone = [name for name in gone if name not in used]
    if alone and len(alone) < len(due):
        first = table == needed[0]
        rows = [row for row, name in tables[domain.own].rows(domain.column) if name in alone]
        if first:
            found = f"{some(alone)}, which no other table has"
            wanted = f"rows in {' and '.join(map(faults.label, needed))} too"
            fix = "Add them (0 is a value too), or delete it here."
            if len(alone) == 1 and (of := _is_sum_of(alone[0], tables)):
                found, wanted = f"{found} and whose amounts are the sum of {of}: a total", "partnerships alone"
                fix = "Delete the row."
            place = rows if len(shown_rows(rows)) < 40 else rows[:1]
            faults.add("missing-row", domain.own, place, domain.column, found=found, wanted=wanted, fix=fix)
        gone = [name for name in gone if name in used]
        if not gone:
            return set(alone)
    found = f"no row for {some(gone)}, which {faults.label(domain.own)} has"
    fix = "Add them; 0 is a value too."
    faults.add("missing-row", table, (), domain.column, found=found, wanted=f"rows for every {domain.column}", fix=fix)
    return {*gone, *alone}


def _is_sum_of(partnership: str, tables: TypedTables) -> str:
    """Say of which partnerships one's grant and fixed cost are the sum: the others, or a region's; blank where not."""
    rows = list(tables["partnerships"].rows("partnership", "name", "region", "baseline_grant", "fixed_cost"))
    mine = next((row for row in rows if row[1] == partnership), None)
    if mine is None or not mine[4]:
        return ""
    others = [row for row in rows if row is not mine]
    regions = dict.fromkeys(row[3] for row in others)
    parts = ((f"the region {one}", [row for row in others if row[3] == one]) for one in regions)
    for of, added in (("the others", others), *parts):
        same = all(math.isclose(math.fsum(row[at] for row in added), mine[at], rel_tol=1e-6) for at in (4, 5))
        if same and len(added) > 1:
            return of
    return ""


def _tell_missing(table: str, said: Sequence[str], wanted: str, faults: FaultList) -> None:
    if len(said) > MOST_TOLD:
        found = f"no row for {said[0]}; {said[1]} and {len(said) - 2:,} more such"
        faults.add("missing-row", table, found=found, wanted=wanted, fix="Add them; 0 is a value too.")
        return
    for one in said:
        faults.add("missing-row", table, found=f"no row for {one}", wanted=wanted, fix="Add it; 0 is a value too.")
