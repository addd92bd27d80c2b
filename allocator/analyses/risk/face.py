"""What `allocator risk` prints: the spread, the chance of each target, a histogram, what drives it, the worst draws."""

from __future__ import annotations

import math
import sys

from rich.text import Text

from allocator import units
from allocator.analyses.risk.risk import IN_COMMON, Ahead, Cause, Driver, Overspend, Risk
from allocator.outputs import console, yardsticks
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
MOST_TARGETS = 15  # that have a row of their own
MOST_DRIVERS = 10
ALL_CERTAIN = "Nothing has a standard error: to the data every input is certain, and the plan yields this."
APART = 0.02  # chances nearer to each other are told as one
EVEN = 0.1  # how far from a half a chance is still about even
FAR = 0.1  # a chance as near to nought or to one is hardly in doubt
WITHIN = 4  # standard errors of a mean: what is nearer is the draws' chance
HALF_A_PERCENT = 0.005
MOST_PLACES = 8  # decimals that an amount is told with, at most


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
        if found.histogram:
            lines += [Text(""), *_cases(found, width), Text(""), *_histogram(found, width), Text("")]
            lines += [*_drivers(found, width), Text(""), *_worst(found, width), Text(""), *_beside(found, width)]
        elif found.as_set.chances:
            lines += [Text(""), *_chances(found, width), Text("")]
    rests = f"{amounts.assumed(len(found.inputs.assumed), found.inputs.total)} {errors_assumed(found)}".rstrip()
    return [*lines, *console.labelled("EVIDENCE", rests, width)]


def errors_assumed(found: Risk) -> str:
    """Give that the spread of effects is assumed; blank where it is not, or none is drawn."""
    return amounts.errors_assumed(found.inputs.assumed) if "effects" in found.kinds else ""


def headline(found: Risk) -> str:
    """Give what the plan reaches at the central values and in nine draws of ten."""
    kinds = units.listed([KINDS[kind] for kind in found.kinds])
    at = found.as_set
    if not found.histogram:
        return (
            f"{amounts.said(found.value, found.measure)}, in every one of {units.number(found.draws)} draws of {kinds} "
            f"(seed {found.seed}): they change nothing of what the plan {reaches(found)}."
        )
    more_places = _places(found) - goals.named(found.measure).words.places
    return (
        f"{amounts.said(found.value, found.measure, more_places)} at the central values. In nine of ten of "
        f"{units.number(found.draws)} draws of {kinds} (seed {found.seed}) the plan as it stands {reaches(found)} "
        f"{_ranging(at.low, at.high, found)}."
    )


def _ranging(low: float, high: float, found: Risk) -> str:
    """Give two amounts of the goal as from so much to so much, pounds with their unit."""
    goal = goals.named(found.measure)
    if not goal.in_pounds:
        return f"{figure(low, found)} to {figure(high, found)}"
    least, most = (units.pounds_short(value, _places(found)) for value in (low, high))
    return f"{least} to {most}{amounts.weighted(found.measure)}"


def reaches(found: Risk) -> str:
    """Give what a plan does with its goal: it reaches so much, or costs it."""
    return "costs" if goals.named(found.measure).less_is_better else "reaches"


def what(found: Risk) -> str:
    """Give what the goal of a plan is."""
    return "what it costs" if reaches(found) == "costs" else "what is reached"


def figure(value: float, found: Risk) -> str:
    """Give an amount of the goal with its sign where it is below nothing, in decimals that tell a tenth of the
    spread.
    """
    return units.number(amounts.scaled(value, found.measure), _places(found))


def _places(found: Risk, spread: float | None = None) -> int:
    """Give the decimals that tell a tenth of a spread, that of what is reached where none is given."""
    places = goals.named(found.measure).words.places
    tenth = amounts.scaled(found.as_set.deviation if spread is None else spread, found.measure) / 10
    return min(max(places, math.ceil(-math.log10(tenth))), MOST_PLACES) if tenth > 0 else places


def bar_ends(found: Risk) -> list[tuple[str, str]]:
    """Give from where to where each bar of the histogram goes, with as many decimals as these steps have."""
    ends = [amounts.scaled(end, found.measure) for one in found.histogram for end in (one.low, one.high)]
    step = ends[1] - ends[0]
    places = goals.named(found.measure).words.places
    while places < MOST_PLACES and any(abs(round(end, places) - end) > step / 100 for end in ends):
        places += 1
    told = [units.number(end, places) for end in ends]
    return list(zip(told[::2], told[1::2], strict=True))


def chance_in_words(chance: float) -> str:
    """Give a chance in per cent; what is not certain is not told as if it were."""
    if 0 < chance < HALF_A_PERCENT:
        return "under 1 %"
    if 1 - HALF_A_PERCENT < chance < 1:
        return "over 99 %"
    return units.percentage(round(chance, 2))


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
                f"chance of\n{one.called}", tuple(chance_in_words(case.chances[0].chance) for case in found.cases)
            )
            for one in found.as_set.chances
            if len(found.as_set.chances) == 1
        ),
    ]
    lines = console.table("ERRORS HAVE IN COMMON", in_common(found), columns, width)
    lines += console.paragraph(about_cases(found), width, style="dim")
    if len(found.as_set.chances) > 1:
        lines += [Text(""), *_chances(found, width)]
    return lines + console.paragraph(about_chances(found), width, style="dim")


def in_common(found: Risk) -> list[str]:
    """Give the three cases of what errors have in common, in words."""
    return ["nothing", f"as set, {found.as_set.common:g}", "all"]


def about_cases(found: Risk) -> str:
    """Give what errors in common do."""
    said = f"{what(found).capitalize()}, in {goals.named(found.measure).words.column}. "
    said += (
        "Errors that have nothing in common even out over many interventions; errors that are all one do not, so that "
        "very good and very bad are both likelier."
    )
    by_chance = all(
        abs(case.mean - found.value) <= WITHIN * case.deviation / math.sqrt(found.draws) for case in found.cases
    )
    return said + (
        " The means differ from the central value by no more than the chance of the draws." if by_chance else ""
    )


def about_chances(found: Risk) -> str:
    """Give why two chances of one target can both be exact, or why they hardly differ; blank without a target."""
    if not found.as_set.chances:
        return ""
    by_target = list(zip(*([one.chance for one in case.chances] for case in found.cases), strict=True))
    widest = max(range(len(by_target)), key=lambda n: max(by_target[n]) - min(by_target[n]))
    low, high = min(by_target[widest]), max(by_target[widest])
    if high - low >= APART:
        several = len(by_target) > 1
        named = f" of {found.as_set.chances[widest].called}" if several else ""
        return (
            f"A chance{named} of {chance_in_words(low)} and one of {chance_in_words(high)} are both worked out exactly "
            "from the same estimates: they differ only in how far these err together, which nobody has measured "
            "(risk.common)."
        )
    if len(by_target) > 1:
        return "How far errors hang together matters little to these chances."
    said = f"The chance is about {chance_in_words(found.as_set.chances[0].chance)} in all three: "
    if abs(low - 0.5) <= EVEN:
        return said + (
            "where what the plan reaches at the central values is close to what is asked, it matters little how far "
            "errors hang together."
        )
    if low >= 1 - FAR or high <= FAR:
        return said + "what is asked is so far from what the plan reaches that errors hardly ever decide it."
    return said + "how far errors hang together matters little to it."


def _chances(found: Risk, width: int) -> list[Text]:
    shown = found.as_set.chances[:MOST_TARGETS]
    columns = [
        TextColumn(
            label.replace(", ", ",\n"), tuple(chance_in_words(one.chance) for one in case.chances[:MOST_TARGETS])
        )
        for label, case in zip(in_common(found), found.cases, strict=True)
    ]
    lines = console.table("CHANCE OF A TARGET", [one.called for one in shown], columns, width)
    lines += console.paragraph("By what errors have in common.", width, style="dim")
    more = [one.chance for one in found.as_set.chances[MOST_TARGETS:]]
    if more:
        said = f"{units.counted(len(more), 'more target')}, as set: {chance_in_words(min(more))} to "
        lines += console.paragraph(f"{said}{chance_in_words(max(more))}.", width, style="dim")
    return lines


def _histogram(found: Risk, width: int) -> list[Text]:
    most = max(one.share for one in found.histogram)
    labels = [f"{low} to {high}" for low, high in bar_ends(found)]
    longest = max(map(len, labels))
    words = goals.named(found.measure).words
    heading = f"{what(found).upper()}, {words.column if goals.named(found.measure).in_pounds else words.short}"
    beside = max(longest + 2, len(heading)) + len(HERE) + 16  # the column of shares, and what stands between
    cells = max(min(BAR, width - beside), LEAST_BAR)
    bars = [console.bar(one.share, most, cells)[cells + 1 :].rstrip() for one in found.histogram]
    above = [n for n, one in enumerate(found.histogram) if one.low <= found.value]
    here = [HERE if n == max(above, default=0) else "" for n in range(len(found.histogram))]
    columns = [
        TextColumn("of draws", tuple(units.share(one.share, 1) for one in found.histogram)),
        TextColumn("", tuple(f"{bar}{mark}" for bar, mark in zip(bars, here, strict=True)), left=True),
    ]
    lines = console.table(heading, [label.rjust(longest) for label in labels], columns, width)
    return lines + console.paragraph(beyond_bars(found), width, style="dim")


def beyond_bars(found: Risk) -> str:
    """Give where draws beyond the bars are counted, and what a draw below nought says; blank where there is none."""
    said = []
    if not all(found.histogram[0].low <= one.goal <= found.histogram[-1].high for one in found.worst):
        said.append("What lies beyond is counted in the first and the last of these.")
    if goals.named(found.measure).of_people and found.worst[0].goal < 0:
        said.append(
            "A draw below 0 leaves more young people NEET than if nothing were bought: effects are drawn so low that "
            "they do harm."
        )
    return " ".join(said)


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
        TextColumn("costs" if reaches(found) == "costs" else "reached", tuple(figure(row.goal, found) for row in rows)),
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


RARELY = 0.5  # of the draws: a plan that is seldom ahead is told with its reason


def moving(found: Risk, ahead: Ahead) -> str:
    """Give how often the plan is ahead of shares as before, and by how much."""
    places = _places(found, (ahead.high - ahead.low) / 4) - goals.named(found.measure).words.places
    mean, low, high = (amounts.change(value, found.measure, places) for value in (ahead.mean, ahead.low, ahead.high))
    less = f" {yardsticks.MAY_REACH_LESS}" if ahead.chance < RARELY else ""
    return (
        f"In {chance_in_words(ahead.chance)} of the draws the plan {ahead_in_words(found)} than shares as before do; "
        f"{mean} on average, nine of ten between {low} and {high}, in {goals.named(found.measure).words.column}.{less}"
    )


def ahead_in_words(found: Risk) -> str:
    """Give what a plan that is better than another does."""
    return "costs less" if reaches(found) == "costs" else "reaches more"


def costs(over: Overspend) -> str:
    """Give how often places cost more than there is, and by how much."""
    return (
        f"In {chance_in_words(over.chance)} of the draws its places cost more than the money there is; "
        f"{units.pounds_short(over.mean)} more than planned on average, in one of twenty "
        f"{units.pounds_short(over.high)} or more."
    )
