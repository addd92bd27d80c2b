"""Reads the Department for Education's published figures of those NEET at 16 and 17, by local authority.

Columns are found by name, whatever others stand beside them and in whichever order; symbols in place of numbers
(suppressed, not applicable …) are kept apart from numbers. Source: the data guidance of "Participation in education,
training and NEET age 16 to 17 by local authority".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from allocator.errors import InvalidInput
from allocator.faults import Fault, FaultList, printable, shown
from allocator.imports.dfe.reading.figures import ROUNDS_TO_ZERO, SYMBOLS, is_plain, number_of, symbol_of
from allocator.imports.dfe.reading.same_authority import code_in, number_in
from allocator.tables.names import slip_of
from allocator.tables.reading.csv_file import csv_rows, decoded
from allocator.tables.reading.files import is_blank, read_bytes

# Each figure and the names that its column has had; compared without case, punctuation and the word "percent".
NAMED = {
    "period": ("time_period",),
    "level": ("geographic_level",),
    "region": ("region_name",),
    "code": ("new_la_code",),
    "number": ("old_la_code",),
    "name": ("la_name",),
    "age": ("Age",),
    "cohort": ("Cohort_DJFavg", "Cohort_NEETNK"),
    "cohort_march": ("cohort_March",),
    "neet": ("NEET_percent",),
    "not_known": ("Notknown_percent", "NK_percent"),
    "together": ("NEET_not_known_percent", "NEET_NK_percent"),
    "neet_change": ("annualchange_NEET",),
    "not_known_change": ("annualchange_notknown",),
    "neither": ("cohort_noSEN_percent",),
    "neither_out": ("NEET_NK_noSEN_percent",),
    "plans": ("cohort_EHCP_percent",),
    "plans_out": ("NEET_NK_EHCP_percent",),
    "support": ("cohort_SENDsupport_percent",),
    "support_out": ("NEET_NK_SENDsupport_percent",),
}
WORDS = ("period", "level", "region", "code", "number", "name", "age")
FIGURES = tuple(figure for figure in NAMED if figure not in WORDS)
CHANGES = ("neet_change", "not_known_change")
PERSONS = ("cohort", "cohort_march")
# Without these no year can be read; without the second the newest year gives no young people at risk.
NEEDED = ("period", "level", "region", "code", "name", "cohort", "neet", "not_known")
NEEDED_OF_THE_NEWEST = ("plans", "plans_out", "support", "support_out")
CODE = re.compile(r"[A-Z0-9]{1,20}")
COLUMN_OF = {figure: names[0] for figure, names in NAMED.items()}
# Two per cents and their published sum are each rounded to a tenth: more than this between them is no rounding.
ROUNDING = 0.15
# Columns that are like one that is needed, and another: of vulnerable groups, and of codes.
ANOTHER = re.compile(r"VG_|.*_code$", re.IGNORECASE)
# What a column says in the rows that are of everybody, where others are of a part; more values are no parts.
EVERYBODY = ("total", "all", "persons", "all persons", "all young people", "both")
MOST_PARTS = 60
LEVELS = {
    "national": "national",
    "country": "national",
    "regional": "regional",
    "region": "regional",
    "local authority": "local authority",
    "la": "local authority",
}
MOST_TOLD = 3  # faults of a column that are told one by one; more are one
TITLES = 30  # rows within which the headings stand
ENOUGH_HEADINGS = 3  # cells that are filled in a row of headings, and not in a title
Lines = list[tuple[int, Sequence[str]]]


@dataclass(frozen=True)
class Area:
    """An authority, a region or England in one year, as published.

    code: such as E06000015; its number where it has none. number: the Department's, such as 831; "" where it has none.
    figures: cohorts in persons, all else in per cent (changes in points), where a number stands.
    symbols: what stands in place of the others. marked: cells that were taken as a number and are not plainly one.
    """

    code: str
    number: str
    name: str
    region: str
    figures: Mapping[str, float]
    symbols: Mapping[str, str]
    marked: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PublishedYear:
    """One year of one file: figures at the end of the year before and the start of this one.

    dropped: rows that were not read, in words.
    """

    label: str
    year: int
    england: Area | None
    regions: Mapping[str, Area]
    authorities: tuple[Area, ...]
    dropped: tuple[str, ...]


ZIP = b"PK\x03\x04"  # how workbooks begin


def plain(title: str) -> str:
    """Give a heading without case and punctuation, and with one word for per cent."""
    return (
        re.sub(r"[^a-z0-9]", "", title.lower().replace("%", "percent"))
        .replace("percentage", "perc")
        .replace("percent", "perc")
    )


def read_csv(path: Path, faults: FaultList) -> tuple[list[str], list[tuple[int, Sequence[str]]]] | None:
    """Give headings and rows of a CSV file with their line numbers, or None and faults; rows too short are faults."""
    label = printable(path.name)
    data = read_bytes(path, label, faults)
    if data is not None and data.startswith(ZIP):
        fix = "Save its sheet as 'CSV UTF-8 (Comma delimited)'."
        faults.add("encoding", label, found="a workbook", wanted="a CSV file", fix=fix)
        return None
    if data is not None and data.lstrip()[:1] == b"<":
        fix = "Download the data themselves: a link may lead to a page about them."
        faults.add("encoding", label, found="a web page", wanted="a CSV file", fix=fix)
        return None
    text = None if data is None else decoded(label, data, faults)
    rows = None if text is None else csv_rows(label, text, _separator(text), faults)
    if rows is None:
        return None
    rows = [(number, row) for number, row in rows if not all(map(is_blank, row))]
    rows = _without_titles_and_notes(label, rows, faults)
    if len(rows) < 2:
        faults.add("empty-table", label, found="no rows", wanted="headings and a row an authority")
        return None
    headings = [cell.strip() for cell in rows[0][1]]
    for number, row in rows[1:]:
        if len(row) != len(headings):
            faults.add("ragged-row", label, [number], found=f"{len(row)} cells", wanted=f"{len(headings)} cells")
    return headings, [(number, row) for number, row in rows[1:] if len(row) == len(headings)]


def _without_titles_and_notes(label: str, rows: Lines, faults: FaultList) -> Lines:
    """Give the rows from the headings to the last that is more than a note.

    What else there is is left out, and said.
    """
    filled = [sum(not is_blank(cell) for cell in row) for _, row in rows]
    first = next((at for at, count in enumerate(filled[:TITLES]) if count >= ENOUGH_HEADINGS), 0)
    end = len(rows)
    while end > first + 1 and filled[end - 1] == 1 and any(letter.isalpha() for letter in "".join(rows[end - 1][1])):
        end -= 1
    for part, where in ((rows[:first], "above the headings"), (rows[end:], "below the table")):
        if part:
            found = f"{shown(str(part[0][1][0]))} {where}, left out"
            faults.add("left-out", label, [number for number, _ in part][:3], found=found, fix="")
    return rows[first:end]


def _separator(text: str) -> str:
    """Give what stands between the cells: a comma, or what a program saved in its place."""
    lines = text.lstrip().split("\n", TITLES)[:TITLES]
    most = max((line.count(mark), mark) for mark in (",", ";", "\t") for line in lines)
    return "," if "," in lines[0] else most[1] if most[0] else ","


def read_published(path: Path) -> tuple[PublishedYear, ...]:
    """Give every year of a published file, oldest first. Raises InvalidInput with all that is wrong with it."""
    label = printable(path.name)
    faults = FaultList({label: tuple(COLUMN_OF.values())})
    read = read_csv(path, faults)
    years: dict[int, list[tuple[int, dict[str, str]]]] = {}
    parts: tuple[str, ...] = ()
    if read is not None:
        headings, rows = read
        at = _columns(label, headings, faults)
        rows, parts = _of_everybody(headings, rows, at)
        if not faults.stops:
            for number, row in rows:
                cells = {figure: row[position].strip() for figure, position in at.items()}
                year = _year(label, number, cells["period"], faults)
                years.setdefault(year, []).append((number, cells))
    found = [_published_year(label, year, years[year], faults) for year in sorted(years)]
    stop_at(faults)
    left_out = (
        *(f"{note.found.removesuffix(', left out')} in {label}" for note in faults.in_order()),
        *(f"{part} in {label}" for part in parts),
    )
    return (replace(found[0], dropped=(*found[0].dropped, *left_out)), *found[1:]) if left_out else tuple(found)


def stop_at(faults: FaultList) -> None:
    """Raise InvalidInput where something was found that stops the work; many cells of one column are one fault."""
    if not faults.stops:
        return
    alike: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults.in_order():
        alike.setdefault((fault.code, fault.table, fault.column), []).append(fault)
    told: list[Fault] = []
    for same in alike.values():
        if len(same) > MOST_TOLD and same[0].column:
            told.append(replace(same[0], found=f"{same[0].found}, and {len(same) - 1:,} more like it"))
        else:
            told += same
    raise InvalidInput(tuple(told), in_scenario=False)


def missing_figures(year: PublishedYear, wanted: Sequence[str]) -> list[str]:
    """Give headings of the figures wanted that no row of the year has, neither as a number nor as a symbol."""
    present = {figure for area in year.authorities for figure in (*area.figures, *area.symbols)}
    return [COLUMN_OF[figure] for figure in wanted if figure not in present]


def _columns(label: str, headings: Sequence[str], faults: FaultList) -> dict[str, int]:
    """Give where each figure stands; every column that is needed and missing is a fault, all in one list."""
    positions: dict[str, int] = {}
    for position, title in enumerate(headings):
        if plain(title) in positions and any(plain(title) == plain(name) for names in NAMED.values() for name in names):
            faults.add("duplicate-column", label, [1], title, found=f"{title} twice", wanted="it once")
        positions.setdefault(plain(title), position)
    at = {}
    for figure, names in NAMED.items():
        for name in names:
            if plain(name) in positions:
                at[figure] = positions[plain(name)]
                break
    missing = [figure for figure in NEEDED if figure not in at]
    if len(missing) > MOST_TOLD:
        found = f"none of the columns {', '.join(COLUMN_OF[figure] for figure in missing)}"
        fix = "Is this the file of those NEET by local authority? What was spent is given apart."
        faults.add("missing-column", label, [1], found=found, wanted="the Department's layout", fix=fix)
        return at
    others = [title for position, title in enumerate(headings) if position not in at.values()]
    for figure in missing:
        wanted = f"a column {' or '.join(NAMED[figure])}"
        like = slip_of(COLUMN_OF[figure], (title for title in others if not ANOTHER.match(title)))
        fix = f"Did you mean {shown(like)}?" if like else ""
        faults.add("missing-column", label, [1], COLUMN_OF[figure], found="no such column", wanted=wanted, fix=fix)
    return at


def _of_everybody(headings: Sequence[str], rows: Lines, at: Mapping[str, int]) -> tuple[Lines, tuple[str, ...]]:
    """Give the rows that are of everybody, where a column that is not read parts them, and those left out in words."""
    left_out = []
    for position, title in enumerate(headings):
        if position in at.values():
            continue
        there = dict.fromkeys(row[position].strip() for _, row in rows)
        whole = next((value for value in there if value.casefold() in EVERYBODY), None)
        if whole is None or not 1 < len(there) <= MOST_PARTS or any(map(is_plain, there)):
            continue
        kept = [(number, row) for number, row in rows if row[position].strip() == whole]
        left_out.append(f"{len(rows) - len(kept):,} rows whose {printable(title)} is not {printable(whole)}")
        rows = kept
    return rows, tuple(left_out)


def _year(label: str, row: int, period: str, faults: FaultList) -> int:
    """Give the calendar year of a period: 2025, or 202425 or 2024/25 for the academic year that ends in it."""
    if re.fullmatch(r"(19|20)\d\d(\.0)?", period):
        return int(period[:4])
    both = re.fullmatch(r"((?:19|20)\d\d)[/–-]?(\d\d)", period)
    if both and int(both[2]) == (int(both[1]) + 1) % 100:
        return int(both[1]) + 1
    faults.add("out-of-range", label, [row], "time_period", found=shown(period), wanted="a year such as 2025 or 202425")
    return 0


def _published_year(
    label: str, year: int, rows: Sequence[tuple[int, dict[str, str]]], faults: FaultList
) -> PublishedYear:
    england: Area | None = None
    regions: dict[str, Area] = {}
    authorities: dict[str, Area] = {}
    dropped: dict[str, int] = {}
    for number, cells in rows:
        level = LEVELS.get(cells["level"].casefold(), "")
        age = re.sub(r"\D", "", cells.get("age", ""))
        if age not in ("", "1617"):
            dropped[f"rows of age {cells['age']}"] = dropped.get(f"rows of age {cells['age']}", 0) + 1
            continue
        if not level:
            word = f"rows of level {printable(cells['level']) or 'blank'}"
            dropped[word] = dropped.get(word, 0) + 1
            continue
        if level == "local authority" and not (code_in(cells["code"]) or number_in(cells.get("number", ""))):
            word = f"rows without a code ({printable(cells['name'])})"
            dropped[word] = dropped.get(word, 0) + 1
            continue
        area = _area(label, number, cells, faults)
        key = {"national": "England", "regional": area.region}.get(level, area.code)
        known = {"national": {} if england is None else {"England": england}, "regional": regions}.get(
            level, authorities
        )
        needed = {"national": (), "regional": ("region",)}.get(level, ("name", "region"))
        if blank := [name for name in needed if not getattr(area, name)]:
            column = COLUMN_OF[blank[0]]
            faults.add("blank-cell", label, [number], column, found="nothing", wanted="a name or code")
        elif level == "local authority" and not CODE.fullmatch(key):
            found, wanted = shown(key), "a code such as E06000015"
            faults.add("out-of-range", label, [number], COLUMN_OF["code"], found=found, wanted=wanted)
        elif key in known:
            faults.add("duplicate-key", label, [number], found=f"{shown(key)} twice in {year}", wanted="it once")
        elif level == "national":
            england = area
        else:
            known[key] = area
    if not authorities and not faults.stops:
        levels = list(dict.fromkeys(cells["level"] for _, cells in rows))[:MOST_TOLD]
        found = f"no local authority in {year}, but {' and '.join(map(shown, levels))}"
        wanted = "a row for each authority, whose geographic_level is Local authority"
        faults.add("empty-table", label, found=found, wanted=wanted)
    words = tuple(f"{count:,} {word} in {label}" for word, count in sorted(dropped.items()))
    return PublishedYear(label, year, england, regions, tuple(authorities.values()), words)


def _area(label: str, row: int, cells: Mapping[str, str], faults: FaultList) -> Area:
    """Give an area with its numbers and symbols; whatever is neither is a fault."""
    figures: dict[str, float] = {}
    symbols: dict[str, str] = {}
    marked: dict[str, str] = {}
    for name in FIGURES:
        if name not in cells:
            continue
        cell, symbol = cells[name], symbol_of(cells[name])
        if symbol in SYMBOLS:
            symbols[name] = symbol
        elif (value := 0.0 if symbol else number_of(cell)) is None:
            wanted = "a number, or a symbol such as c, z, x, u, : or low"
            fix = f"Write {cell.rstrip(' %')}." if number_of(cell.rstrip(" %")) is not None else ""
            faults.add("not-a-number", label, [row], COLUMN_OF[name], found=shown(cell), wanted=wanted, fix=fix)
        else:
            figures[name] = value
            if not is_plain(cell):
                marked[name] = symbol or cell
            low, high = (-100.0, 100.0) if name in CHANGES else (0.0, 1e8 if name in PERSONS else 100.0)
            if not low <= value <= high:
                wanted = f"from {low:,.0f} to {high:,.0f}"
                faults.add("out-of-range", label, [row], COLUMN_OF[name], found=shown(cell), wanted=wanted)
    for one, other in (("neet", "not_known"), ("not_known", "neet")):
        # A dash is nothing in most statistics and not known in some; the published sum says which.
        is_nil = marked.get(one) in ROUNDS_TO_ZERO and {"together", other} <= figures.keys()
        if is_nil and figures["together"] - figures[other] > ROUNDING:
            symbols[one] = marked.pop(one)
            del figures[one]
    region = "" if symbol_of(cells["region"]) else cells["region"]
    number = number_in(cells.get("number", ""))
    return Area(code_in(cells["code"]) or number, number, cells["name"], region, figures, symbols, marked)
