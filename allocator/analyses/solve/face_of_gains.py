"""Who gains and who loses: five classes counted, then the ten partnerships whose grant changes most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocator import units
from allocator.analyses.solve.face_of_worth import still
from allocator.analyses.solve.gains import CLASSES
from allocator.outputs import console
from allocator.outputs.console import Column

if TYPE_CHECKING:
    from rich.text import Text

    from allocator.analyses.solve.gains import Movers
    from allocator.analyses.solve.summary import Summary
    from allocator.runs.plan import Plan

MOST_SHOWN = 10
HALF_BAR = 7  # cells of a bar on each side of the middle
WIDE = 160  # columns from which the grants are shown by year


def movers_lines(plan: Plan, summary: Summary, width: int) -> list[Text]:
    """The classes in one line, then a table with a small bar and the rule that fixed each number."""
    movers, years = summary.movers, plan.data.years
    span = f"{units.in_words(len(years))}-year grants" if len(years) > 1 else "grants"
    said = f"{span} against those in force"
    said += (
        f"; {units.pounds_short(movers.moved)} moves ({units.share(movers.moved_share)})"
        if movers.moved >= 1
        else "; nothing moves"
    )
    lines = console.labelled("WHO GAINS, WHO LOSES", said, width, hang=23)
    counts = "   ".join(
        console.kept_together(f"{name}: {count}") for name, count in zip(CLASSES, movers.classes, strict=True)
    )
    lines += console.paragraph(counts, width)
    if movers.moved >= 1:
        lines += _table(movers, years, width)
    for why in still(plan):
        lines += console.paragraph(why, width)
    return lines


def _table(movers: Movers, years: tuple[str, ...], width: int) -> list[Text]:
    shown = [mover for mover in movers.movers if abs(mover.change) >= 1][:MOST_SHOWN]
    largest = max(abs(mover.change) for mover in shown)
    relative = [
        units.or_dash(None if mover.relative_change is None else units.signed_share(mover.relative_change))
        for mover in shown
    ]
    widest = max(len(part) for part in relative)
    changes = tuple(
        f"{units.signed_millions(mover.change, 1)}  {part:>{widest}}"
        for mover, part in zip(shown, relative, strict=True)
    )
    columns = [
        Column("plan £m", tuple(units.millions(mover.grant, 1) for mover in shown)),
        Column("in force £m", tuple(units.millions(mover.in_force, 1) for mover in shown), drop=2),
        Column("change £m", changes, signed=True),
        Column("", tuple(console.bar(mover.change, largest, HALF_BAR) for mover in shown), drop=1, left=True),
        Column("fixed by", tuple(mover.fixed_by for mover in shown), left=True),
    ]
    if width >= WIDE:
        columns[1:1] = [
            Column(f"{year} £m", tuple(units.millions(mover.by_year[t], 2) for mover in shown))
            for t, year in enumerate(years)
        ]
    return console.table("", [mover.name for mover in shown], columns, width)
