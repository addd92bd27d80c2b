"""What `allocator risk` prints: the spread, the chance of each target, a histogram, what drives it, the worst draws."""

from __future__ import annotations

import sys

from rich.text import Text

from allocator import units
from allocator.analyses.risk.risk import IN_COMMON, Ahead, Cause, Driver, Overspend, Risk
from allocator.outputs import console
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.console import TextColumn
from allocator.register import goals

KINDS = {
    "effects": "effects",
    "persistence": "persistence",
    "effect_multiplier": "effect multipliers",
    "unit_cost": "unit costs",
    "neet": "NEET young people",
}
BAR = 40  # cells of the longest bar, where there is room
LEAST_BAR = 12
HERE = " central values"
MOST_TARGETS = 4  # that have a column of their own
MOST_DRIVERS = 10
ALL_CERTAIN = "Nothing has a standard error: to the data every input is certain, and the plan yields this."
SMALL = 1_000  # of the goal: below it amounts have a decimal
APART = 0.02  # chances nearer to each other are told as one


def write(found: Risk) -> None:
    """Print how sure a plan is."""
    console.write(risk_lines(found, console.width_of(sys.stdout)))


def risk_lines(found: Risk, width: int) -> list[Text]:
    """Give the three cases, the histogram, drivers, worst draws, and what the numbers rest on."""
    lines = [console.between("How sure the plan is", found.side, width)]
    if not found.draws:
        lines += console.paragraph(f"{amounts.said(found.value, found.measure)}. {ALL_CERTAIN}", width, indent=0)
    else:
        lines += console.paragraph(headline(found), width, indent=0)
        lines += console.paragraph(amounts.explained(found.measure), width, indent=0, style="dim")
        lines += [Text(""), *_cases(found, width), Text(""), *_histogram(found, width), Text("")]
        lines += [*_drivers(found, width), Text(""), *_worst(found, width), Text(""), *_beside(found, width)]
    rests = amounts.assumed(len(found.inputs.assumed), found.inputs.total)
    return [*lines, *console.labelled("EVIDENCE", rests, width)]


def headline(found: Risk) -> str:
    """Give what the plan reaches at the central values and in nine draws of ten."""
    kinds = units.listed([KINDS[kind] for kind in found.kinds])
    at = found.as_set
    return (
        f"{amounts.said(found.value, found.measure)} at the central values. In nine of ten of "
        f"{units.number(found.draws)} draws of {kinds} (seed {found.seed}) the plan as it stands reaches "
        f"{figure(at.low, found)} to {figure(at.high, found)}."
    )


def figure(value: float, found: Risk) -> str:
    """Give an amount of the goal with its sign where it is below nothing; small ones with a decimal."""
    places = goals.named(found.measure).words.places
    if abs(found.value) < SMALL and not goals.named(found.measure).in_pounds:
        places = max(places, 1)
    return units.number(amounts.scaled(value, found.measure), places)


def _cases(found: Risk, width: int) -> list[Text]:
    def column(heading: str, of: str, drop: int = 0) -> TextColumn:
        return TextColumn(heading, tuple(figure(getattr(case, of), found) for case in found.cases), drop=drop)

    columns = [
        column("mean", "mean", 2),
        column("standard\ndeviation", "deviation", 1),
        column("5 of 100\nbelow", "low"),
        column("half\nbelow", "middle"),
        column("5 of 100\nabove", "high"),
        *(
            TextColumn(
                f"chance of\n{first.called}", tuple(units.share(case.chances[n].chance, 0) for case in found.cases)
            )
            for n, first in enumerate(found.cases[0].chances[:MOST_TARGETS])
        ),
    ]
    labels = ["nothing", f"as set, {found.as_set.common:g}", "all"]
    lines = console.table("ERRORS HAVE IN COMMON", labels, columns, width)
    return lines + console.paragraph(about_cases(found), width, style="dim") + _more_targets(found, width)


def about_cases(found: Risk) -> str:
    """Give what errors in common do, and why two chances of one target can both be exact."""
    said = (
        f"Reached, in {goals.named(found.measure).words.column}. Errors that have nothing in common even out over many "
        "interventions; errors that are all one do not, so that good and bad are both likelier."
    )
    chances = [case.chances[0].chance for case in found.cases if case.chances]
    if chances:
        low, high = units.share(min(chances), 0), units.share(max(chances), 0)
        said += (
            f" A chance of {low} and one of {high} are both worked out exactly from the same estimates: they differ "
            "only in how far these err together, which nobody has measured (risk.common)."
            if max(chances) - min(chances) >= APART
            else f" The chance is about {low} in all three: where what the plan reaches at the central values is close "
            "to what is asked, it matters little how far errors hang together."
        )
    return said


def _more_targets(found: Risk, width: int) -> list[Text]:
    more = found.as_set.chances[MOST_TARGETS:]
    if not more:
        return []
    named = [console.kept_together(f"{one.name} {one.year} {units.share(one.chance, 0)}") for one in more]
    return console.paragraph(f"Chances of further targets, as set: {', '.join(named)}.", width)


def _histogram(found: Risk, width: int) -> list[Text]:
    most = max(one.share for one in found.histogram)
    labels = [f"{figure(one.low, found)} to {figure(one.high, found)}" for one in found.histogram]
    longest = max(map(len, labels))
    heading = f"WHAT IS REACHED, {goals.named(found.measure).words.short}"
    beside = max(longest + 2, len(heading)) + len(HERE) + 16  # the column of shares, and what stands between
    cells = max(min(BAR, width - beside), LEAST_BAR)
    bars = [console.bar(one.share, most, cells)[cells + 1 :].rstrip() for one in found.histogram]
    here = [HERE if one.low <= found.value < one.high else "" for one in found.histogram]
    columns = [
        TextColumn("of draws", tuple(units.share(one.share, 1) for one in found.histogram)),
        TextColumn("", tuple(f"{bar}{mark}" for bar, mark in zip(bars, here, strict=True)), left=True),
    ]
    return console.table(heading, [label.rjust(longest) for label in labels], columns, width)


def _drivers(found: Risk, width: int) -> list[Text]:
    if not found.drivers:
        return console.labelled("DRIVERS", "What is uncertain changes nothing of what is reached.", width)
    rows = found.drivers[:MOST_DRIVERS]
    most = rows[0].share
    columns = [
        TextColumn("of the\nvariance", tuple(units.share(one.share, 1) for one in rows)),
        TextColumn("", tuple(console.bar(one.share, most, 20)[21:].rstrip() for one in rows), drop=1, left=True),
    ]
    lines = console.table("WHAT MAKES THE SPREAD", [driver_in_words(one, found) for one in rows], columns, width)
    total = sum(one.share for one in found.drivers)
    left = len(found.drivers) - len(rows)
    said = "Each by itself; what inputs have in common beside what is their own."
    if left:
        rest = units.share(sum(one.share for one in found.drivers[MOST_DRIVERS:]), 1)
        said += f" {units.counted(left, 'further one')}: {rest}."
    if abs(total - 1) > 0.005:
        said += f" Together {units.share(total, 0)}: the rest comes of inputs that act on each other."
    return lines + console.paragraph(said, width, style="dim")


def driver_in_words(one: Driver, found: Risk) -> str:
    """Give the name of an input, with its kind where several are uncertain."""
    if one.name == IN_COMMON:
        return f"{KINDS[one.kind]}: what they have in common".capitalize()
    return one.name if found.kinds == ("effects",) else f"{one.name}, {KINDS[one.kind]}"


def _worst(found: Risk, width: int) -> list[Text]:
    rows = found.worst
    columns = [
        TextColumn("reached", tuple(figure(row.goal, found) for row in rows)),
        TextColumn("most by", tuple(cause_in_words(row.causes[:1], found) for row in rows), left=True),
        TextColumn(
            "and by",
            tuple(cause_in_words(row.causes[1:2], found) for row in rows),
            drop=1,
            left=True,
            name="the second cause",
        ),
    ]
    lines = console.table("THE TEN WORST", [f"draw {units.number(row.draw)}" for row in rows], columns, width)
    return lines + console.paragraph("In brackets: standard errors from the central value.", width, style="dim")


def cause_in_words(causes: tuple[Cause, ...], found: Risk) -> str:
    """Give the first of some causes, with how far it is from its central value; blank where there is none."""
    if not causes:
        return ""
    (one,) = causes
    name = one.name if found.kinds == ("effects",) else f"{one.name}, {KINDS[one.kind]}"
    return f"{name} ({units.signed(one.errors, 1)})"


def _beside(found: Risk, width: int) -> list[Text]:
    lines = []
    if found.ahead is not None:
        lines += console.labelled("MOVING", moving(found, found.ahead), width)
    if found.overspend is not None:
        lines += console.labelled("COSTS", costs(found.overspend), width)
    return lines


def moving(found: Risk, ahead: Ahead) -> str:
    """Give how often the plan is ahead of shares as before, and by how much."""
    places = 1 if abs(found.value) < SMALL and not goals.named(found.measure).in_pounds else 0
    mean, low, high = (amounts.change(value, found.measure, places) for value in (ahead.mean, ahead.low, ahead.high))
    return (
        f"In {units.share(ahead.chance, 0)} of the draws the plan reaches more than shares as before do; {mean} on "
        f"average, nine of ten between {low} and {high}."
    )


def costs(over: Overspend) -> str:
    """Give how often places cost more than there is, and by how much."""
    return (
        f"In {units.share(over.chance, 0)} of the draws its places cost more than the money there is; "
        f"{units.pounds_short(over.mean)} more than planned on average, in one of twenty "
        f"{units.pounds_short(over.high)} or more."
    )
