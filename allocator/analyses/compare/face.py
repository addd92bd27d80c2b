"""The face of `allocator compare`: totals side by side, then who gains and loses most against the first."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

from rich.text import Text

from allocator import units
from allocator.analyses.approaches.measures import Measures
from allocator.analyses.compare.comparison import Against, Compared, Comparison
from allocator.outputs import console
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.console import TextColumn
from allocator.register import goals
from allocator.register.goals import CUMULATIVE
from allocator.runs.grant_change import CLASSES

MOST_SHOWN = 10
HALF_BAR = 8
LABELS = 39  # characters of the column of labels
NARROWEST = 10  # characters of a side's column


def write(found: Comparison) -> None:
    """Print the comparison."""
    console.write(compare_lines(found, console.width_of(sys.stdout)))


def compare_lines(found: Comparison, width: int) -> list[Text]:
    """Give titles, totals, and each side but the first against it."""
    lines: list[Text] = []
    longest = max(len(side.label) for side in found.sides) + 2
    for side in found.sides:
        if longest <= width // 2:
            lines += console.labelled(side.label, side.title, width, hang=longest)
        else:
            lines += [
                *console.paragraph(side.label, width, indent=0, style="bold"),
                *console.paragraph(side.title, width),
            ]
    lines.append(Text(""))
    for against in found.against:
        one, other = _short(found.sides[0].label, against.label)
        lines += [*_what_differs(against, f"{one} → {other}", width), Text("")]
    planned = [side for side in found.sides if side.measures is not None]
    for side in found.sides:
        if side.measures is None:
            said = f"! {side.label} has no plan: {side.reason}."
            lines += console.paragraph(said, width, indent=0, hang=2, style="yellow")
    if planned:
        rows = _totals(planned, alike=found.alike)
        together = max((width - LABELS) // (NARROWEST + 2), 1)  # sides in one table; others follow in another
        for start in range(0, len(planned), together):
            lines += [*_table(rows, planned, range(len(planned))[start : start + together], width), Text("")]
        if about := _about_worst(planned):
            lines += [*console.paragraph(about, width, style="dim"), Text("")]
    for against in found.against:
        lines += [*_against(against, found.sides[0].label, width), Text("")]
    lines += console.labelled("EVIDENCE", amounts.assumed(len(found.inputs.assumed), found.inputs.total), width)
    return lines


def _totals(sides: list[Compared], *, alike: bool) -> list[tuple[str, list[str]]]:
    """Give a row a measure, a cell a side. alike: whether young person-years mean the same on all sides."""
    of_one = all(side.measure == sides[0].measure for side in sides)
    name = f"goal, {goals.named(sides[0].measure).words.column}" if of_one else "goal"
    rows = [(name, [_amount(side, side.goal or 0.0, of_one=of_one) for side in sides])]
    if any(side.worst is not None for side in sides):
        worst = [units.DASH if side.worst is None else _amount(side, side.worst, of_one=of_one) for side in sides]
        rows.append(("in the worst draws, on average", worst))
    years = dict.fromkeys(year.year for side in sides for year in side.years)
    rows += [(f"fewer NEET at the end of {year}", [_of_year(side, year) for side in sides]) for year in years]

    def measure(label: str, said: Callable[[Measures], str]) -> None:
        rows.append((label, [said(side.measures) for side in sides if side.measures is not None]))

    if alike and any(side.measure != CUMULATIVE.name for side in sides):
        measure("young person-years", lambda m: units.people(m.person_years))
    first = sides[0].measures
    for aim in first.targets if first is not None else ():
        key = (aim.scope, aim.name, aim.year)
        if all(side.measures and key in {(t.scope, t.name, t.year) for t in side.measures.targets} for side in sides):
            target = f"chance of the {aim.name or aim.scope} target {aim.year}"
            measure(target, lambda m, key=key: _chance(m, key))  # type: ignore[misc]  # a default binds the loop's key
    measure("cost per young person-year", lambda m: units.or_dash(units.pounds, m.cost_per_person_year))
    measure("smallest local reduction of NEET", lambda m: units.or_dash(units.share, m.smallest_share))
    measure("recruits, FTE", lambda m: units.fte(m.recruits))
    measure("redundancies, FTE", lambda m: units.fte(m.redundancies))
    measure("qualified share at the end", lambda m: units.or_dash(units.share, m.qualified_share))
    measure("mean change of a grant in a year", lambda m: units.or_dash(units.share, m.mean_grant_change))
    measure("lose over 1 % on last year in a year", lambda m: units.number(m.losing_on_last_year))
    measure("lose over 5 % on last year in a year", lambda m: units.number(m.large_falls))
    measure("gain over 1 % on shares as before", lambda m: units.number(m.gaining_on_shares))
    measure("lose over 1 % on shares as before", lambda m: units.number(m.losing_on_shares))
    measure("soft rules' shortfall", lambda m: units.number(m.shortfall, 2))

    def money(amount: str) -> list[float]:
        return [sum(getattr(year, amount) for year in side.years) for side in sides]

    places = units.places_of_millions(money("granted"))
    for label, amount in (("granted", "granted"), ("spent", "spent"), ("given back", "lapsed")):
        cells = [units.millions(total, places) for total in money(amount)]
        rows.append((f"{label}, £m", cells))
    return rows


def _amount(side: Compared, value: float, *, of_one: bool) -> str:
    """Give an amount of a side's goal, with its unit unless all are goals of one measure."""
    amount = amounts.figure(value, side.measure)
    return amount if of_one else f"{amount} {_short_unit(side.measure)}"


def _about_worst(sides: list[Compared]) -> str:
    """Say which draws are the worst, and whose; blank where no side looks at draws."""
    said = {
        draws: f"the worst {units.percentage(1.0 - draws.level)} of {units.number(draws.count)} draws of the effects "
        f"(seed {draws.seed}, common part {draws.common:g})"
        for draws in dict.fromkeys(side.draws for side in sides)
        if draws is not None
    }
    if len(said) <= 1:
        return "".join(f"In the worst draws: {of}, for every side, cautious or not." for of in said.values())
    named = [
        f"{of} for {units.listed([side.label for side in sides if side.draws == draws])}" for draws, of in said.items()
    ]
    return f"! In the worst draws is not the same on all sides: {'; '.join(named)}."


def _table(rows: list[tuple[str, list[str]]], sides: list[Compared], places: range, width: int) -> list[Text]:
    """Give some of the sides, in columns as narrow as leave the labels whole."""
    room = max((width - LABELS) // len(places) - 2, NARROWEST)
    columns = []
    for place in places:
        cells = tuple(cells[place] for _, cells in rows)
        columns.append(TextColumn(_heading(sides[place].label, max(room, *map(len, cells))), cells))
    return console.table("TOTALS", [label for label, _ in rows], columns, width)


def _heading(label: str, room: int) -> str:
    """Give a label on as many lines as keep a column narrow, broken after a sign where it has one."""
    lines, line = [], ""
    for part in re.split(r"(?<=[_/.-])", label):
        if line and len(line + part) > room:
            lines.append(line)
            line = ""
        line += part
    whole = [piece[start : start + room] for piece in [*lines, line] for start in range(0, len(piece), room)]
    return "\n".join(whole)


def _short_unit(measure: str) -> str:
    """Give the unit of a goal beside its amount in a column of several goals."""
    words = goals.named(measure).words
    return words.short if goals.named(measure).of_people else words.column.split(" of ")[0]


def _of_year(side: Compared, year: str) -> str:
    found = [of.reduction for of in side.years if of.year == year]
    return units.people(found[0]) if found else units.DASH


def _chance(measures: Measures, key: tuple[str, str, str]) -> str:
    return units.share(next(t.chance for t in measures.targets if (t.scope, t.name, t.year) == key), 0)


def _against(against: Against, first: str, width: int) -> list[Text]:
    one, other = _short(first, against.label)
    all_together = f"all together {units.pounds_short(against.first)} and {units.pounds_short(against.other)}"
    apart = bool(against.only_first and against.only_other)  # which of them are the same nobody has said
    moves = [f"{units.pounds_short(against.moved)} moves from some to others"] if round(against.moved) else []
    moves = [] if apart else moves
    if round(against.more):
        more = "more" if against.more > 0 else "less"
        moves.append(f"all together get {units.pounds_short(abs(against.more))} {more}")
    unmoved = "they are of other partnerships" if apart else "none changes"
    said = f"grants of all years, {other} against {one}: {units.listed(moves) or unmoved} ({all_together})"
    lines = console.labelled("WHO GAINS, WHO LOSES", said, width, hang=23)
    counts = "   ".join(
        console.kept_together(f"{name}: {count}") for name, count in zip(CLASSES, against.classes, strict=True)
    )
    lines += console.paragraph(f"Partnerships   {counts}", width)
    for names, side in ((against.only_first, one), (against.only_other, other)):
        if names:
            verb = "is" if len(names) == 1 else "are"
            said = f"! {units.counted(len(names), 'partnership')} {verb} in {side} alone, in no class above: "
            hint = " --same old=new+new says which are the same." if against.only_first and against.only_other else ""
            lines += console.paragraph(f"{said}{console.shortened(', '.join(names))}.{hint}", width, hang=4)
    shown = [change for change in against.changes if abs(change.change) >= 1][:MOST_SHOWN]
    if not shown:
        return lines
    largest = max(abs(change.change) for change in shown)
    places = units.places_of_millions(max(change.first or 0.0, change.other or 0.0) for change in shown)
    relative = [change.relative_change for change in shown]
    columns = [
        TextColumn(
            f"{_heading(one, NARROWEST)}\n£m", tuple(_millions(change.first, places) for change in shown), drop=2
        ),
        TextColumn(f"{_heading(other, NARROWEST)}\n£m", tuple(_millions(change.other, places) for change in shown)),
        TextColumn("change\n£m", tuple(_change(change.first, change.other, places) for change in shown), signed=True),
        TextColumn(
            "per cent",
            tuple(units.or_dash(units.signed_share, part) for part in relative),
            signed=True,
        ),
        TextColumn("", tuple(console.bar(change.change, largest, HALF_BAR) for change in shown), drop=1, left=True),
    ]
    lines += console.table("", [change.name for change in shown], columns, width)
    unshown = sum(abs(change.change) >= 1 for change in against.changes) - len(shown)
    if unshown > 0:
        said = f"{units.counted(unshown, 'more partnership')} {'changes' if unshown == 1 else 'change'} by less"
        lines += console.paragraph(f"{said}: --json has all.", width)
    return lines


def _what_differs(against: Against, heading: str, width: int) -> list[Text]:
    """Give what the two plans rest on and is not the same, on top of what comes of it."""
    told = [f"{what}: {how}" for what, how in ((one.what, one.how) for one in against.differs[:MOST_SHOWN])]
    more = len(against.differs) - len(told)
    if more > 0:
        told.append(f"{units.number(more)} more")
    said = "; ".join(told) or "nothing that a plan rests on"
    return console.labelled("WHAT DIFFERS", f"{heading}   {said}.", width, hang=15)


def _short(first: str, other: str) -> tuple[str, str]:
    """Give two labels without the folders before them, where those do not tell the two apart."""
    short = first.rstrip("/").rpartition("/")[2], other.rstrip("/").rpartition("/")[2]
    return short if short[0] != short[1] and all(short) else (first, other)


def _millions(amount: float | None, places: int) -> str:
    return units.or_dash(units.millions, amount, places)


def _change(first: float | None, other: float | None, places: int) -> str:
    """Give the difference of what is printed beside it, so that the columns add up."""
    difference = units.shown(other or 0.0, places, 1e6) - units.shown(first or 0.0, places, 1e6)
    return units.signed_millions(difference, places)
