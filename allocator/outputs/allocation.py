"""What `allocator show` prints: one partnership in full, several in a line each, or the rows of a table."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.text import Text

from allocator import units
from allocator.outputs import console
from allocator.outputs.console import Column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from allocator.analyses.allocation import Allocation, PartnershipAllocation


def write(allocation: Allocation) -> None:
    """Prints an allocation on standard output."""
    console.write(allocation_lines(allocation, console.width_of(sys.stdout)))


def allocation_lines(allocation: Allocation, width: int) -> list[Text]:
    """The allocation, laid out for a width."""
    if allocation.table:
        return _rows(allocation)
    head = [console.between(allocation.title, allocation.scenario, width)]
    if allocation.in_full:
        return [*head, *_one(allocation.partnerships[0], width)]
    return [*head, *_several(allocation, width)]


def _one(partnership: PartnershipAllocation, width: int) -> list[Text]:
    """One partnership: grants and reductions by year, advisers by grade, places by intervention."""
    years = partnership.years
    names = [year.year for year in years]
    change = partnership.grant - partnership.in_force
    compared = "as much as in force"
    if round(change):
        part = f" ({units.share(abs(change / partnership.in_force))})" if partnership.in_force > 0 else ""
        more = "more" if change > 0 else "less"
        compared = f"{units.pounds_short(abs(change), 2)}{part} {more} than in force"
    span = f"over {units.in_words(len(years))} years" if len(years) > 1 else f"in {names[0]}"
    said = f"{partnership.name}, {partnership.region}: {units.pounds_short(partnership.grant, 2)} {span}, {compared}."
    lines = [*console.paragraph(said, width, indent=0, hang=2), Text("")]
    relative = [year.grant / year.in_force - 1 if year.in_force > 0 else None for year in years]
    lines += console.table(
        "",
        names,
        [
            Column("grant £", tuple(units.number(year.grant) for year in years)),
            Column("in force £", tuple(units.number(year.in_force) for year in years)),
            Column(
                "change",
                tuple(units.or_dash(None if part is None else units.signed_share(part)) for part in relative),
                signed=True,
            ),
            Column("advisers\nFTE", tuple(units.fte(sum(year.advisers.values())) for year in years)),
            Column("fewer NEET\nat year's end", tuple(units.people(year.reduction) for year in years)),
            Column(
                "of those NEET\nwithout it",
                tuple(
                    units.share(year.reduction / year.neet_without) if year.neet_without > 0 else units.DASH
                    for year in years
                ),
            ),
        ],
        width,
    )
    lines += [Text(""), *_by_year("ADVISERS, FTE in post", [(year.year, year.advisers) for year in years], 1, width)]
    lines += [Text(""), *_by_year("PLACES, young people", [(year.year, year.places) for year in years], 0, width)]
    return lines


def _by_year(title: str, years: list[tuple[str, Mapping[str, float]]], places: int, width: int) -> list[Text]:
    """A table with a row a grade or intervention, and a column a year; what a run does not name there is nothing."""
    names = list(dict.fromkeys(name for _, of in years for name in of))
    columns = [
        Column(year, tuple(units.number(of[name], places) if name in of else "0" for name in names))
        for year, of in years
    ]
    return console.table(title, [name.replace("_", " ") for name in names], columns, width)


def _several(allocation: Allocation, width: int) -> list[Text]:
    """A line a partnership and a total, over all years; reductions and advisers of the last."""
    partnerships = allocation.partnerships
    last = partnerships[0].years[-1].year
    first = partnerships[0].years[0].year
    labels = [partnership.name for partnership in partnerships]
    grants = [partnership.grant for partnership in partnerships]
    before = [partnership.in_force for partnership in partnerships]
    ends = [partnership.years[-1] for partnership in partnerships]
    reduction = [end.reduction for end in ends]
    without = [end.neet_without for end in ends]
    advisers = [sum(end.advisers.values()) for end in ends]
    if len(partnerships) > 1:
        labels.append("together")
        for amounts in (grants, before, reduction, without, advisers):
            amounts.append(sum(amounts))
    relative = [grant / old - 1 if old > 0 else None for grant, old in zip(grants, before, strict=True)]
    span = f"{first} to {last}" if first != last else last
    columns = [
        Column("grant £m", tuple(units.millions(grant) for grant in grants)),
        Column("in force £m", tuple(units.millions(grant) for grant in before), drop=1),
        Column(
            "change £m",
            tuple(units.signed_millions(grant - old) for grant, old in zip(grants, before, strict=True)),
            signed=True,
        ),
        Column(
            "",
            tuple(units.or_dash(None if part is None else units.signed_share(part)) for part in relative),
            signed=True,
        ),
        Column(f"advisers\n{last}", tuple(units.fte(count) for count in advisers)),
        Column(f"fewer NEET\n{last}", tuple(units.people(count) for count in reduction)),
        Column(
            "",
            tuple(
                units.share(count / of) if of > 0 else units.DASH for count, of in zip(reduction, without, strict=True)
            ),
        ),
    ]
    title = allocation.scope or "All partnerships"
    return console.table(f"{title}, {span}", labels, columns, width)


def _rows(allocation: Allocation) -> list[Text]:
    """The rows of one table, every column as wide as it has to be; no row wraps."""
    if not allocation.rows:
        return [Text("No rows.")]
    by_column = list(zip(*allocation.rows, strict=True))
    numeric = [any(isinstance(cell, float) for cell in cells) for cells in by_column]
    shown = [
        [name, *(_shown(cell) for cell in cells)] for name, cells in zip(allocation.columns, by_column, strict=True)
    ]
    widths = [max(len(cell) for cell in cells) for cells in shown]
    lines = []
    for number, row in enumerate(zip(*shown, strict=True)):
        aligned = [
            cell.rjust(size) if right else cell.ljust(size)
            for cell, size, right in zip(row, widths, numeric, strict=True)
        ]
        lines.append(Text("  ".join(aligned).rstrip(), style="dim" if number == 0 else ""))
    return lines


def _shown(cell: object) -> str:
    """A number with two decimals, or four below 1; text as it is; nothing for a blank."""
    if isinstance(cell, float):
        places = 0 if cell == int(cell) else 2 if abs(cell) >= 1 else 4
        return units.number(cell, places)
    return "" if cell is None else str(cell)
