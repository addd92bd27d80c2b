"""The face of `allocator compare`: totals side by side, then who gains and loses most against the first."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.text import Text

from allocator import units
from allocator.analyses.movers import CLASSES
from allocator.outputs import amounts, console
from allocator.outputs.console import Column

if TYPE_CHECKING:
    from collections.abc import Callable

    from allocator.analyses.compare import Against, Compared, Comparison
    from allocator.analyses.measures import Measures

MOST_SHOWN = 10
HALF_BAR = 8


def write(found: Comparison) -> None:
    """Prints the comparison."""
    console.write(compare_lines(found, console.width_of(sys.stdout)))


def compare_lines(found: Comparison, width: int) -> list[Text]:
    """Titles, totals, and each side but the first against it."""
    lines: list[Text] = []
    longest = max(len(side.label) for side in found.sides) + 2
    for side in found.sides:
        lines += console.labelled(side.label, side.title, width, hang=longest)
    lines.append(Text(""))
    planned = [side for side in found.sides if side.measures is not None]
    for side in found.sides:
        if side.measures is None:
            said = f"! {side.label} has no plan: {side.reason}."
            lines += console.paragraph(said, width, indent=0, hang=2, style="yellow")
    if planned:
        lines += [*_totals(planned, width), Text("")]
    for against in found.against:
        lines += [*_against(against, found.sides[0].label, width), Text("")]
    lines += console.labelled("EVIDENCE", amounts.assumed(len(found.inputs.assumed), found.inputs.total), width)
    return lines


def _totals(sides: list[Compared], width: int) -> list[Text]:
    """A row a measure, a column a side."""
    rows: list[tuple[str, list[str]]] = [
        (f"goal ({sides[0].unit})", [amounts.figure(side.goal or 0.0, side.measure) for side in sides])
    ]
    if any(side.unit != sides[0].unit for side in sides):
        rows = [("goal", [f"{amounts.figure(side.goal or 0.0, side.measure)} {side.unit}" for side in sides])]
    for year in dict.fromkeys(year.year for side in sides for year in side.years):
        rows.append((f"fewer NEET at the end of {year}", [_of_year(side, year) for side in sides]))

    def measure(label: str, said: Callable[[Measures], str]) -> None:
        rows.append((label, [said(side.measures) for side in sides if side.measures is not None]))

    first = sides[0].measures
    for aim in first.targets if first is not None else ():
        key = (aim.scope, aim.name, aim.year)
        if all(side.measures and key in {(t.scope, t.name, t.year) for t in side.measures.targets} for side in sides):
            name = f"chance of the {aim.name or aim.scope} target {aim.year}"
            measure(name, lambda m, key=key: _chance(m, key))  # type: ignore[misc]  # a default binds the loop's key
    measure("cost per ypy", lambda m: units.or_dash(_pounds(m.cost_per_person_year)))
    measure("smallest local share of NEET", lambda m: units.or_dash(_share(m.smallest_share)))
    measure("recruits, FTE", lambda m: units.fte(m.recruits))
    measure("redundancies, FTE", lambda m: units.fte(m.redundancies))
    measure("qualified share at the end", lambda m: units.or_dash(_share(m.qualified_share)))
    measure("mean change of a grant in a year", lambda m: units.or_dash(_share(m.mean_grant_change)))
    measure("lose over 5 % in a year", lambda m: units.number(m.large_falls))
    measure("soft rules' shortfall", lambda m: units.number(m.shortfall, 2))
    rows.append(("granted, £m", [units.millions(sum(year.granted for year in side.years), 1) for side in sides]))
    columns = [
        Column(_heading(side.label), tuple(cells[place] for _, cells in rows)) for place, side in enumerate(sides)
    ]
    return console.table("TOTALS", [label for label, _ in rows], columns, width)


def _heading(label: str) -> str:
    """A label on as many lines as keep a column narrow."""
    return "\n".join(label[start : start + 22] for start in range(0, len(label), 22))


def _of_year(side: Compared, year: str) -> str:
    found = [of.reduction for of in side.years if of.year == year]
    return units.people(found[0]) if found else units.DASH


def _chance(measures: Measures, key: tuple[str, str, str]) -> str:
    return units.share(next(t.chance for t in measures.targets if (t.scope, t.name, t.year) == key), 0)


def _pounds(amount: float | None) -> str | None:
    return None if amount is None else units.pounds(amount)


def _share(part: float | None) -> str | None:
    return None if part is None else units.share(part)


def _against(against: Against, first: str, width: int) -> list[Text]:
    said = f"grants of all years, {against.label} against {first}; {units.pounds_short(against.moved)} moves"
    lines = console.labelled("WHO GAINS, WHO LOSES", said, width, hang=23)
    counts = "   ".join(f"{name}: {count}" for name, count in zip(CLASSES, against.classes, strict=True))
    lines += console.paragraph(counts, width)
    for names, side in ((against.only_first, first), (against.only_other, against.label)):
        if names:
            many = units.counted(len(names), "partnership")
            lines += console.paragraph(f"! {many} of {side} alone: {console.shortened(', '.join(names))}", width)
    shown = [mover for mover in against.movers if abs(mover.change) >= 1][:MOST_SHOWN]
    if not shown:
        return lines
    largest = max(abs(mover.change) for mover in shown)
    relative = [mover.relative_change for mover in shown]
    columns = [
        Column("first £m", tuple(units.millions(mover.in_force, 1) for mover in shown), drop=2),
        Column("other £m", tuple(units.millions(mover.grant, 1) for mover in shown)),
        Column("change £m", tuple(units.signed_millions(mover.change, 1) for mover in shown), signed=True),
        Column(
            "",
            tuple(units.or_dash(None if part is None else units.signed_share(part)) for part in relative),
            signed=True,
        ),
        Column("", tuple(console.bar(mover.change, largest, HALF_BAR) for mover in shown), drop=1, left=True),
    ]
    return lines + console.table("", [mover.name for mover in shown], columns, width)
