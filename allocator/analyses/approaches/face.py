"""The face of `allocator approaches`: what each reaches, three of them closer, and what the gain is made of."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence

from rich.text import Text

from allocator import units
from allocator.analyses.approaches.every_approach import CERTAINTIES, Approach, Approaches, Gain
from allocator.analyses.approaches.measures import Measures, TargetMeasure
from allocator.outputs import console
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.console import TextColumn
from allocator.register import DISTRIBUTIONS, goals
from allocator.register.distributions import BLEND, HISTORICAL
from allocator.register.place import NATIONAL
from allocator.what_if.cases import better

WITH_SHARES = 96  # columns from which the share of the best stands beside each goal
NO_PLAN = {"infeasible": "no plan", "unsolved": "no answer", "not_set": "not set"}
BELIEFS = {
    "year_on_year": "count only the year that is funded",
    "year_on_year_lasting": "plan one year and count what lasts",
    "rolling": "plan all years ahead on money not promised",
}


def write(found: Approaches, *, every: bool = False) -> None:
    """Print the comparison; every: with every measure of every approach."""
    console.write(approach_lines(found, console.width_of(sys.stdout), every=every))


def approach_lines(found: Approaches, width: int, *, every: bool = False) -> list[Text]:
    """Give the grid of goals, the measures, the split of the gain, and what the numbers rest on."""
    lines = [*_grid(found, width), Text("")]
    if every:
        for table in _every_measure(found, width):
            lines += [*table, Text("")]
    else:
        if found.closer:
            lines += [*_measures(found.closer, width), Text("")]
    lines += _gains(found, width)
    lines += console.paragraph(amounts.explained(found.measure), width, indent=0, style="dim")
    rests = amounts.assumed(len(found.inputs.assumed), found.inputs.total)
    lines += console.labelled("EVIDENCE", rests, width)
    return lines


def _grid(found: Approaches, width: int) -> list[Text]:
    """Give goals by distribution and certainty, with the share of the best where there is room."""
    heading = f"{amounts.heading(found.measure)}, judged on the budgets that really come"
    shares = width >= WITH_SHARES and not goals.named(found.measure).smallest_of_all
    head = console.between(heading, "(share of the best)" if shares else "", width)
    distributions = list(dict.fromkeys(approach.distribution for approach in found.approaches))
    certainties = [name for name in CERTAINTIES if any(a.certainty == name for a in found.approaches)]
    columns = []
    for certainty in certainties:
        these = [found.of(distribution, certainty) for distribution in distributions]
        said = [reached(approach, found.measure) for approach in these]
        longest = max(map(len, said))
        cells = [
            f"{goal:>{longest}} {_share(approach):>7}" if shares else goal
            for goal, approach in zip(said, these, strict=True)
        ]
        columns.append(TextColumn(certainty, tuple(cell.rstrip() for cell in cells), left=shares))
    labels = [f"{name}{' (shares as before)' if DISTRIBUTIONS[name].as_before else ''}" for name in distributions]
    lines = [head]
    lines += console.paragraph("by what partnerships know and count when they plan", width, style="dim")
    lines += console.table("grants", labels, columns, width, bold=False)
    if width < WITH_SHARES and not goals.named(found.measure).smallest_of_all:
        lines += console.paragraph("Left out at this width: the share of the best.", width, style="dim")
    return lines + _notes(found, width)


def reached(approach: Approach | None, measure: str) -> str:
    """Give what an approach reaches, or why it reaches nothing; blank where there is none."""
    if approach is None:
        return ""
    return NO_PLAN[approach.status] if approach.goal is None else amounts.figure(approach.goal, measure)


def _share(approach: Approach | None) -> str:
    if approach is None or approach.goal is None:
        return ""
    if approach.share_of_best is None:
        return "(short)" if approach.shortfall else ""
    return f"({100 * approach.share_of_best:.1f})"


def _notes(found: Approaches, width: int) -> list[Text]:
    """Say why some have no plan, and where soft rules fall short."""
    lines = []
    reasons: dict[str, list[str]] = {}
    for approach in found.approaches:
        if approach.goal is None:
            reasons.setdefault(approach.reason, []).append(_name(approach))
    for reason, names in reasons.items():
        lines += console.paragraph(f"! {'; '.join(names)}: {reason}.", width, hang=4, style="yellow")
    lines += console.paragraph(said, width, hang=4, style="dim") if (said := _beyond_settled(found)) else []
    short = [a for a in found.approaches if a.shortfall]
    if short:
        named = "; ".join(f"{_name(a)} {units.number(a.shortfall or 0.0, 2)}" for a in short)
        said = f"! Soft rules fall short (each as a share of what it requires, added up): {named}."
        lines += console.paragraph(said, width, hang=4, style="yellow")
    return lines


def _beyond_settled(found: Approaches) -> str:
    """Say why blend can reach more planned each year than settled; blank where it does not."""
    settled = found.of(BLEND.name, "settlement")
    ahead = [
        approach.certainty
        for approach in found.approaches
        if approach.distribution == BLEND.name
        and settled is not None
        and None not in (approach.goal, approach.shortfall, settled.goal, settled.shortfall)
        and better(
            (approach.shortfall or 0.0, approach.goal or 0.0),
            (settled.shortfall or 0.0, settled.goal or 0.0),
            minimise=goals.named(found.measure).less_is_better,
        )
    ]
    if not ahead:
        return ""
    return (
        f"blend reaches more with {units.listed(ahead)} than with settlement: the floor that its formula sets follows "
        "the grants paid the year before, so that other plans are allowed."
    )


def _name(approach: Approach) -> str:
    return f"{approach.distribution}, {approach.certainty}"


def _measures(chosen: Sequence[Approach], width: int) -> list[Text]:
    """Give reductions by year, chance of the national target, cost and redundancies."""
    columns = _reductions(chosen)
    measured = [approach.measures for approach in chosen if approach.measures is not None]
    national = [t for t in measured[0].targets if t.scope == NATIONAL][:1]
    columns += [TextColumn(f"chance of\n{_target(aim)}", _chances(measured, aim), drop=3) for aim in national]
    costs = tuple(units.or_dash(units.pounds, m.cost_per_person_year) for m in measured)
    columns.append(TextColumn("cost per\nypy", costs, drop=2))
    columns.append(_redundancies(measured))
    return console.table("Closer", [_name(approach) for approach in chosen], columns, width)


def _redundancies(measured: Sequence[Measures]) -> TextColumn:
    cells = tuple(units.people(m.redundancies) for m in measured)
    return TextColumn("redun-\ndancies", cells, drop=1, name="redundancies")


def _reductions(chosen: Sequence[Approach]) -> list[TextColumn]:
    years = chosen[0].years
    return [
        TextColumn(
            f"{'fewer NEET' if t == 0 else ''}\n{year.year}",
            tuple(units.people(approach.years[t].reduction) for approach in chosen),
        )
        for t, year in enumerate(years)
    ]


def _target(aim: TargetMeasure) -> str:
    return (
        f"{units.percentage(aim.reduction_share)} target" if aim.reduction_share is not None else f"target {aim.year}"
    )


def _chances(measured: Sequence[Measures], aim: TargetMeasure) -> tuple[str, ...]:
    key = (aim.scope, aim.name, aim.year)
    found = [next(t for t in m.targets if (t.scope, t.name, t.year) == key) for m in measured]
    return tuple(units.share(target.chance, 0) for target in found)


def _every_measure(found: Approaches, width: int) -> list[list[Text]]:
    """Give every measure of every approach that has a plan: for each case of certainty, tables that fit."""
    tables = []
    for certainty in CERTAINTIES:
        these = [a for a in found.approaches if a.certainty == certainty and a.measures is not None]
        if these:
            tables += [[Text(certainty, style="bold"), *table] for table in _measures_of(these, width)]
    return tables


def _column(heading: str, shown: Callable[..., str], values: Iterable[float | None], *places: int) -> TextColumn:
    return TextColumn(heading, tuple(units.or_dash(shown, value, *places) for value in values))


def _measures_of(these: Sequence[Approach], width: int) -> list[list[Text]]:
    measured = [approach.measures for approach in these if approach.measures is not None]
    names = [approach.distribution for approach in these]
    reached = [
        *_reductions(these),
        _column("share of\nthe best", units.share, [approach.share_of_best for approach in these]),
        _column("regret,\nypy", units.people, [approach.regret_person_years for approach in these]),
        _column("regret,\n£m", units.millions, [approach.regret_pounds for approach in these], 1),
    ]
    money = [
        _column("cost per\nypy", units.pounds, [m.cost_per_person_year for m in measured]),
        _column("net present\nvalue, £m", units.millions, [m.net_present_value for m in measured], 1),
        _column("benefit\nper cost", units.number, [m.benefit_cost_ratio for m in measured], 2),
        _column("Gini per\nNEET", units.number, [m.gini for m in measured], 3),
        _column("mean grant\nchange", units.share, [m.mean_grant_change for m in measured]),
    ]
    partnerships = [
        TextColumn("lose over 1 %\non last year", tuple(units.number(m.losing_on_last_year) for m in measured)),
        TextColumn("lose over 5 %\non last year", tuple(units.number(m.large_falls) for m in measured)),
        TextColumn("lose over 1 % on\nshares as before", tuple(units.number(m.losing_on_shares) for m in measured)),
        TextColumn("gain over\n1 % on them", tuple(units.number(m.gaining_on_shares) for m in measured)),
    ]
    people = [
        TextColumn("recruits,\nFTE", tuple(units.people(m.recruits) for m in measured)),
        _redundancies(measured),
        _column("qualified\nat the end", units.share, [m.qualified_share for m in measured]),
        TextColumn("local shares\nof NEET", tuple(_span(m) for m in measured)),
        TextColumn("local\ntargets", tuple(f"{m.local_targets_met} of {m.local_targets}" for m in measured)),
    ]
    others = [
        TextColumn(f"{aim.name or aim.scope}\n{_target(aim)}", _chances(measured, aim)) for aim in measured[0].targets
    ]
    others.append(TextColumn("soft rules'\nshortfall", tuple(units.number(m.shortfall, 2) for m in measured)))
    if any(approach.leverage is not None for approach in these):
        cells = tuple(units.or_dash(units.signed_share, approach.leverage, 2) for approach in these)
        others.append(TextColumn("own grant, 10 %\nmore reported", cells, signed=True))
    rest = [others[first : first + 4] for first in range(0, len(others), 4)]
    return [
        console.table("reached", names, reached, width),
        console.table("money", names, money, width),
        console.table("grants", names, partnerships, width),
        console.table("people", names, people, width),
        *(console.table("chances", names, columns, width) for columns in rest),
    ]


def _span(m: Measures) -> str:
    return " to ".join(units.or_dash(units.share, share) for share in (m.smallest_share, m.largest_share))


def _gains(found: Approaches, width: int) -> list[Text]:
    lines: list[Text] = []
    for said in gain_sentences(found):
        lines += console.paragraph(said, width, indent=0, hang=2)
    return [*lines, Text("")] if lines else []


def gain_sentences(found: Approaches) -> list[str]:
    """Say what settling the best distribution brings, for each belief of yearly planners, and how wide that range
    is.
    """
    if not found.gains:
        return []
    said = [_first_gain(found)]
    if found.certainty_range is not None:
        low, high = found.certainty_range
        said.append(
            f"So certainty is worth {units.share(low, _places(low))} to {units.share(high)} of what the approach "
            "as before reaches, by what a yearly planner is taken to believe: no one number for it stands by itself."
        )
    if len(found.gains) < len(BELIEFS):
        said.append(
            "What certainty is worth depends on what a yearly planner is taken to believe: without --only, or with "
            "every case of certainty, the whole range is shown."
        )
    if found.gains[0].reductions:
        said.append(_over_time(found, found.gains[0]))
    return said


def _places(share: float) -> int:
    return 2 if abs(share) < 0.001 else 1


def _first_gain(found: Approaches) -> str:
    first, *others = found.gains
    measure = found.measure
    more = "more" if first.total >= 0 else "less"
    relative = f" ({units.share(abs(first.relative))})" if first.relative is not None else ""
    said = (
        f"Settling {first.distribution} grants brings {amounts.told(first.total, measure)}{relative} {more} than the "
        f"approach as before (historical, year_on_year), {_split(first, measure)}, if yearly planners "
        f"{BELIEFS[first.certainty]}."
    )
    for gain in others:
        part = f" ({units.share(abs(gain.relative))})" if gain.relative is not None else ""
        brings = amounts.told(gain.total, measure)
        sign = "" if gain.total >= 0 else " less"
        said += f" If they {BELIEFS[gain.certainty]}, {brings}{part}{sign}: {_split(gain, measure)}."
    return said


def _split(gain: Gain, measure: str) -> str:
    """Give what each brings: parts of a small gain with a decimal, and so that they add up to what is printed."""
    words = goals.named(measure).words
    more_places = 1 if abs(amounts.scaled(gain.total, measure)) < amounts.FEW else 0
    total, by_certainty = (
        round(part * words.scale, words.places + more_places) / words.scale for part in (gain.total, gain.by_certainty)
    )
    parts = [amounts.change(part, measure, more_places) for part in (by_certainty, total - by_certainty)]
    return f"{parts[0]} by certainty and {parts[1]} by distribution"


def _of_what_is_printed(found: Approaches, gain: Gain, at: int) -> float:
    """Give a year's difference as the whole numbers printed by year make it; its own where it is small."""
    one, other = found.of(gain.distribution, "settlement"), found.of(HISTORICAL.name, gain.certainty)
    own = gain.reductions[at].reduction
    if one is None or other is None or abs(own) < amounts.FEW or not one.years:
        return own
    return round(one.years[at].reduction) - round(other.years[at].reduction)


def _over_time(found: Approaches, gain: Gain) -> str:
    """Say whether it starts slower, in young people at each year's end."""
    first, last = gain.reductions[0], gain.reductions[-1]
    at_first, at_last = _of_what_is_printed(found, gain, 0), _of_what_is_printed(found, gain, -1)
    ahead = _ahead(at_last, last.year)
    if _people(at_first) != "0" and at_first < 0:
        fewer = _people(at_first)
        return f"It starts slower: {fewer} fewer helped at the end of {first.year}, and is {ahead}."
    return f"It is {_ahead(at_first, first.year)} and {ahead}."


def _ahead(people: float, year: str) -> str:
    said = _people(people)
    if said == "0":
        return f"level at the end of {year}"
    return f"{said} {'ahead' if people > 0 else 'behind'} at the end of {year}"


def _people(people: float) -> str:
    """Give a number of young people without its sign, a few of them with a decimal."""
    return units.number(abs(people), 1 if abs(people) < amounts.FEW else 0)
