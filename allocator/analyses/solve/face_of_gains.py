"""Who gains and who loses: five classes counted on both yardsticks, then the ten grants that change most."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from allocator import units
from allocator.analyses.solve.face_of_worth import still
from allocator.analyses.solve.gains import Mover, Movers
from allocator.analyses.solve.summary import Summary
from allocator.outputs import console
from allocator.outputs.console import TextColumn
from allocator.outputs.yardsticks import signed
from allocator.runs.grant_change import BESIDE_A_BOUND, CLASSES
from allocator.runs.plan import Plan

COUNTED = "WHO GAINS, WHO LOSES   number of partnerships by the change of their grant"
MOST_SHOWN = 10
HALF_BAR = 4  # cells of a bar on each side of the middle
WIDE = 160  # columns from which the grants are shown by year


def movers_lines(plan: Plan, summary: Summary, width: int) -> list[Text]:
    """Give the classes on both yardsticks, then a table of who changes most, with a small bar and what fixed each
    number.
    """
    movers, years = summary.movers, plan.data.years
    lines = _classes(movers, width)
    lines += console.paragraph(moved_sentence(movers, years), width)
    if movers.moved >= 1:
        lines += _table(movers, years, width)
    for why in still(plan):
        lines += console.paragraph(why, width)
    return lines


def shown_movers(movers: Movers) -> list[Mover]:
    """Give those whose grants change most on shares as before, as many as the table has."""
    moved = [mover for mover in movers.movers if abs(mover.change) >= 1][:MOST_SHOWN]
    places = units.places_of_millions(mover.grant for mover in moved)
    return [mover for mover in moved if _is_shown(mover, places)]


def _is_shown(mover: Mover, places: int) -> bool:
    """Say whether a change is more than nothing as the table prints it."""
    return _change(mover, places) != "0" or signed(mover.relative_change) not in ("0", units.DASH)


def moved_sentence(movers: Movers, years: Sequence[str]) -> str:
    """Give how much moves on shares as before, and the deepest cut on last year."""
    over = f" over {units.in_words(len(years))} years" if len(years) > 1 else ""
    moves = (
        f"{units.pounds_short(movers.moved)}{units.in_brackets(movers.moved_share)} moves"
        if round(movers.moved)
        else ""
    )
    as_before = f"On shares as before, each year's money by {movers.shares_go_by},"
    said = f"{as_before} {moves}{over}." if moves else f"{as_before} nothing moves{over}."
    return " ".join(part for part in (said, _cuts(movers), _new(movers)) if part)


def _new(movers: Movers) -> str:
    """Say who is new, so that nobody looks for a change on last year; blank where nobody is."""
    if not movers.new:
        return ""
    if len(movers.new) == len(movers.movers):
        return "All partnerships are new: none had a grant before, and none is counted on last year in the first year."
    many = len(movers.new) > 1
    return (
        f"New, without a grant before, and not counted on last year in the first year: "
        f"{console.shortened(', '.join(movers.new)) if many else movers.new[0]}."
    )


def _classes(movers: Movers, width: int) -> list[Text]:
    """Give a row for each yardstick: on last year by year, in cash and in real terms, and on shares as before."""
    rows: list[tuple[str, tuple[int, ...]]] = []
    for of in movers.on_last_year:
        if any(of.cash):  # where all are new nobody had a grant the year before
            rows.append((f"on last year, {of.year}", of.cash))
        if of.real:
            rows.append(("  in real terms", of.real))
    rows.append(("on shares as before", movers.on_shares))
    columns = [
        TextColumn(_on_two_lines(name), tuple(units.number(counts[n]) for _, counts in rows))
        for n, name in enumerate(CLASSES)
    ]
    return console.table(COUNTED, [label for label, _ in rows], columns, width)


def _on_two_lines(name: str) -> str:
    """Give the name of a class on two lines: before its last word, or after ``within``."""
    first, _, last = name.partition(" ") if name.startswith("within") else name.rpartition(" ")
    return f"{first}\n{last}"


def _cuts(movers: Movers) -> str:
    """Give the deepest cut on last year, unprompted; blank where nobody gets less than the year before."""
    deepest = [(change, mover) for mover in movers.movers if (change := mover.lowest_on_last_year) is not None]
    change, mover = min(deepest, key=lambda one: (one[0], one[1].partnership), default=(0.0, None))
    if mover is None or units.share(change) == "0" or change >= 0:
        return ""
    year = next(
        of.year
        for of, grant in zip(movers.on_last_year, mover.years, strict=True)
        if grant.relative_on_last_year == change
    )
    alike = sum(one <= change + BESIDE_A_BOUND for one, _ in deepest) - 1
    said = f"The deepest cut on last year is {units.share(-change)}: {mover.name} in {year}"
    if alike:
        said += f", and {units.counted(alike, 'other partnership')} in that or another year"
    return f"{said}."


def _table(movers: Movers, years: tuple[str, ...], width: int) -> list[Text]:
    shown = shown_movers(movers)
    if not shown:
        return []
    largest = max(abs(mover.change) for mover in shown)
    relative = [signed(mover.relative_change) for mover in shown]
    widest = max(len(part) for part in relative)
    places = units.places_of_millions(mover.grant for mover in shown)
    changes = tuple(f"{_change(mover, places)}  {part:>{widest}}" for mover, part in zip(shown, relative, strict=True))
    columns = [
        TextColumn("plan\n£m", tuple(units.millions(mover.grant, places) for mover in shown)),
        TextColumn("as before\n£m", tuple(units.millions(mover.shares_as_before, places) for mover in shown), drop=2),
        TextColumn("on shares\nas before, £m", changes, signed=True),
        TextColumn("", tuple(console.bar(mover.change, largest, HALF_BAR) for mover in shown), drop=1, left=True),
        TextColumn("lowest on\nlast year", tuple(signed(mover.lowest_on_last_year) for mover in shown), signed=True),
        TextColumn("fixed by", tuple(mover.fixed_by for mover in shown), left=True),
    ]
    if width >= WIDE:
        columns[4:5] = [
            TextColumn(
                f"{'on last year' if t == 0 else ''}\n{year}",
                tuple(signed(mover.years[t].relative_on_last_year) for mover in shown),
                signed=True,
            )
            for t, year in enumerate(years)
        ]
        columns[1:1] = [
            TextColumn(f"{year}\n£m", tuple(units.millions(mover.years[t].grant, max(2, places)) for mover in shown))
            for t, year in enumerate(years)
        ]
    return console.table("", [mover.name for mover in shown], columns, width)


def _change(mover: Mover, places: int) -> str:
    """Give the difference of what is printed beside it, so that the columns add up."""
    difference = units.shown(mover.grant, places, 1e6) - units.shown(mover.shares_as_before, places, 1e6)
    return units.signed_millions(difference, places)
