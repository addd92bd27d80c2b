"""What `allocator show` prints: one partnership in full, several in a line each, or the rows of a table."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from math import floor, log10

from rich.text import Text

from allocator import units
from allocator.analyses.show.allocation import Allocations, PartnershipAllocation, TableRows
from allocator.outputs import console, yardsticks
from allocator.outputs.console import TextColumn
from allocator.runs.grant_change import Grant, together

SMALLEST = 1e-8  # a number below it is what the solver's arithmetic left, and is shown as 0
NARROWEST = 12  # characters at which a column's unit is broken into lines
FOLLOW = ("name", "region")  # columns that follow from the partnership
INDENT = 4  # before the second and further lines of a row


def write(allocation: Allocations | TableRows) -> None:
    """Print an allocation on standard output."""
    console.write(allocation_lines(allocation, console.width_of(sys.stdout)))


def allocation_lines(allocation: Allocations | TableRows, width: int) -> list[Text]:
    """Give the allocation, laid out for a width."""
    if isinstance(allocation, TableRows):
        return _rows(allocation, width)
    head = [console.between(allocation.title, allocation.scenario, width)]
    if allocation.in_full:
        return [*head, *_one(allocation.partnerships[0], allocation.called, width)]
    return [*head, *_several(allocation, width)]


def _one(partnership: PartnershipAllocation, called: Mapping[str, str], width: int) -> list[Text]:
    """Give one partnership: grants and reductions by year, advisers by grade, places by intervention."""
    years = partnership.years
    names = [year.year for year in years]
    compared = f"{yardsticks.on_shares(partnership)}; {yardsticks.on_last_year(years, names)}"
    span = f"over {units.in_words(len(years))} years" if len(years) > 1 else f"in {names[0]}"
    said = f"{partnership.name}, {partnership.region}: {units.pounds_short(partnership.grant, 2)} {span}, {compared}."
    lines = [*console.paragraph(said, width, indent=0, hang=2), Text("")]
    lines += console.table(
        "",
        names,
        [
            *yardsticks.columns(years, names[0]),
            TextColumn("advisers\nFTE", tuple(units.fte(sum(year.advisers.values())) for year in years)),
            TextColumn("fewer NEET at\nyear's end", tuple(units.people(year.reduction) for year in years)),
            TextColumn(
                "of those\nNEET\nwithout it",
                tuple(
                    units.share(year.reduction / year.neet_without) if year.neet_without > 0 else units.DASH
                    for year in years
                ),
            ),
        ],
        width,
    )
    return lines + _advisers_and_places([partnership], called, width)


def _advisers_and_places(
    partnerships: Sequence[PartnershipAllocation], called: Mapping[str, str], width: int
) -> list[Text]:
    """Give advisers by grade and places by intervention of several partnerships together, a column a year."""
    by_year = list(zip(*(partnership.years for partnership in partnerships), strict=True))
    names = [years[0].year for years in by_year]
    advisers = [_summed(year.advisers for year in years) for years in by_year]
    places = [_summed(year.places for year in years) for years in by_year]
    return [
        Text(""),
        *_by_year("ADVISERS, FTE in post", list(zip(names, advisers, strict=True)), 1, called, width),
        Text(""),
        *_by_year("PLACES, young people", list(zip(names, places, strict=True)), 0, called, width),
    ]


def _summed(amounts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Add up amounts of the same name, in the order in which the names first stand."""
    found: dict[str, float] = {}
    for by_name in amounts:
        for name, amount in by_name.items():
            found[name] = found.get(name, 0.0) + amount
    return found


def _by_year(
    title: str,
    years: Sequence[tuple[str, Mapping[str, float]]],
    places: int,
    called: Mapping[str, str],
    width: int,
) -> list[Text]:
    """Give a table with a row a grade or intervention, and a column a year.

    What a run does not name there is nothing. called: the names of grades and interventions by their keys.
    """
    names = list(dict.fromkeys(name for _, of in years for name in of))
    columns = [
        TextColumn(year, tuple(units.number(of[name], places) if name in of else "0" for name in names))
        for year, of in years
    ]
    return console.table(title, [called.get(name, name.replace("_", " ")) for name in names], columns, width)


def _several(allocation: Allocations, width: int) -> list[Text]:
    """Give a line a partnership and a total, over all years, reductions and advisers of the last.

    Then what they have.
    """
    partnerships = allocation.partnerships
    last = partnerships[0].years[-1].year
    first = partnerships[0].years[0].year
    labels = [partnership.name for partnership in partnerships]
    grants: list[Grant] = [*partnerships]
    ends = [partnership.years[-1] for partnership in partnerships]
    reduction = [end.reduction for end in ends]
    without = [end.neet_without for end in ends]
    advisers = [sum(end.advisers.values()) for end in ends]
    if len(partnerships) > 1:
        labels.append("together")
        grants.append(together(partnerships))
        for amounts in (reduction, without, advisers):
            amounts.append(sum(amounts))
    span = f"{first} to {last}" if first != last else last
    columns = [
        TextColumn("grant\n£m", tuple(units.millions(grant.grant) for grant in grants)),
        *_on_last_year(partnerships),
        TextColumn("shares as\nbefore\n£m", tuple(units.millions(grant.shares_as_before) for grant in grants), drop=1),
        TextColumn("on\nshares\n£m", tuple(_change(grant) for grant in grants), drop=2, signed=True),
        TextColumn("on\nshares", tuple(yardsticks.signed(grant.relative_change) for grant in grants), signed=True),
        TextColumn(f"advisers\n{last}", tuple(units.fte(count) for count in advisers)),
        TextColumn(f"fewer\nNEET\n{last}", tuple(units.people(count) for count in reduction)),
        TextColumn(
            "of those\nNEET\nwithout it",
            tuple(
                units.share(count / of) if of > 0 else units.DASH for count, of in zip(reduction, without, strict=True)
            ),
            drop=3,
            name=f"fewer NEET {last} of those without it",
        ),
    ]
    title = allocation.scope or "All partnerships"
    lines = console.table(f"{title}, {span}", labels, columns, width)
    return lines + _advisers_and_places(partnerships, allocation.called, width)


def _change(grant: Grant) -> str:
    """Give the difference of what is printed, so that the columns add up."""
    return units.signed_millions(units.shown(grant.grant, 2, 1e6) - units.shown(grant.shares_as_before, 2, 1e6))


def _on_last_year(partnerships: Sequence[PartnershipAllocation]) -> list[TextColumn]:
    """Give a column a year: the change on last year in cash, of each partnership and of all together."""
    columns = []
    for t, year in enumerate(partnerships[0].years):
        of_year = [partnership.years[t] for partnership in partnerships]
        cells = [yardsticks.signed(one.relative_on_last_year) for one in of_year]
        if len(partnerships) > 1:
            before = sum(one.last_year for one in of_year)
            change = sum(one.change_on_last_year for one in of_year)
            cells.append(yardsticks.signed(change / before if before > 0 else None))
        heading = f"{'on last' if t == 0 else ''}\n{'year' if t == 0 else ''}\n{year.year}"
        columns.append(TextColumn(heading, tuple(cells), signed=True))
    return columns


def _rows(allocation: TableRows, width: int) -> list[Text]:
    """Give the rows of one table, every column as wide as it has to be.

    In a table too wide, what follows from the partnership is left out; columns that still do not fit begin another
    line of each row.
    """
    if not allocation.rows:
        return [Text("No rows.")]
    columns = []
    by_column = zip(*allocation.rows, strict=True)
    for name, unit, cells in zip(allocation.columns, allocation.units, by_column, strict=True):
        shown = tuple(map(_shown, cells))
        room = max(NARROWEST, len(name), *map(len, shown))
        heading = "\n".join(
            [name, *textwrap.wrap(unit.replace("young person-years", "ypy"), room, break_long_words=False)]
        )
        columns.append(TextColumn(heading, shown, left=not any(isinstance(cell, float) for cell in cells)))
    gone: list[str] = []
    if len(_places(columns, width)) > 1:
        gone = [name for name in allocation.columns if name in FOLLOW]
        columns = [column for column in columns if column.heading not in FOLLOW]
    cells_of = [[[_aligned(c, c.cells[n]) for c in columns]] for n in range(len(allocation.rows))]
    places = _places(columns, width)
    lines = []
    for number, levels in enumerate([_headings(columns), *cells_of]):
        for first, last in places:
            for level in levels:
                text = "  ".join(level[first:last]).rstrip()
                if text:
                    lines.append(Text(" " * (INDENT if first else 0) + text, style="dim" if number == 0 else ""))
    if gone:
        lines.append(Text(f"{console.LEFT_OUT}{', '.join(gone)}.", style="dim"))
    return lines


def _headings(columns: Sequence[TextColumn]) -> list[list[str]]:
    """Give the headings line by line, each column's name on the first and its unit below."""
    depth = max(column.heading.count("\n") + 1 for column in columns)
    words = [[*column.heading.split("\n"), *[""] * depth] for column in columns]
    return [
        [_aligned(column, word[level]) for column, word in zip(columns, words, strict=True)] for level in range(depth)
    ]


def _aligned(column: TextColumn, cell: str) -> str:
    return cell.ljust(column.width) if column.left else cell.rjust(column.width)


def _places(columns: Sequence[TextColumn], width: int) -> list[tuple[int, int]]:
    """Give which columns stand on each line of a row: as many as fit."""
    places = []
    first, used = 0, columns[0].width
    for n, column in enumerate(columns[1:], 1):
        used += 2 + column.width
        if used > width:
            places.append((first, n))
            first, used = n, INDENT + column.width
    return [*places, (first, len(columns))]


def _shown(cell: object) -> str:
    """Give a number with two decimals, or three significant digits below 1; text as it is; nothing for a blank."""
    if not isinstance(cell, float):
        return "" if cell is None else str(cell)
    if cell == int(cell) or abs(cell) < SMALLEST:
        return units.number(cell)
    return units.number(cell, 2 if abs(cell) >= 1 else 2 - floor(log10(abs(cell))))
