"""The section of a page on risk: chances of targets, a histogram of what is reached, and what makes the spread."""

from __future__ import annotations

from collections.abc import Iterable

from allocator import units
from allocator.analyses.report import charts
from allocator.analyses.risk.face import (
    ALL_CERTAIN,
    MOST_DRIVERS,
    about_cases,
    about_chances,
    bar_ends,
    beyond_bars,
    cause_in_words,
    chance_in_words,
    costs,
    driver_in_words,
    errors_assumed,
    figure,
    headline,
    in_common,
    moving,
    reaches,
    what,
)
from allocator.analyses.risk.risk import Risk
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.page import Cell, Chart, Heading, Section, Table

HEADING = "How sure the plan is"


def section_of(found: Risk) -> Section:
    """Give the section: three cases of what errors have in common, a histogram, drivers and the worst draws."""
    if not found.draws:
        return Section("risk", HEADING, (f"{amounts.said(found.value, found.measure)}. {ALL_CERTAIN}",))
    parts: list[object] = [headline(found)]
    if not found.histogram:
        return Section("risk", HEADING, (*parts, *_chances(found)))
    if found.ahead is not None:
        parts.append(moving(found, found.ahead))
    if found.overspend is not None:
        parts.append(costs(found.overspend))
    parts += [_cases(found), about_cases(found), *_chances(found), _histogram(found)]
    parts += filter(None, [beyond_bars(found)])
    if found.drivers:
        parts.append(_drivers(found))
    return Section("risk", HEADING, (*parts, _worst(found), *filter(None, [errors_assumed(found)])))


def _cases(found: Risk) -> Table:
    unit = amounts.heading(found.measure)
    return Table(
        "risk-cases",
        f"{what(found).capitalize()}, by what the errors of estimates have in common",
        (
            Heading("errors have in common", align="left"),
            Heading("mean", unit),
            Heading("standard deviation", unit),
            Heading("5 of 100 below", unit),
            Heading("half below", unit),
            Heading("5 of 100 above", unit),
        ),
        tuple(
            (
                Cell(label),
                *(
                    Cell(figure(value, found))
                    for value in (case.mean, case.deviation, case.low, case.middle, case.high)
                ),
            )
            for label, case in zip(in_common(found), found.cases, strict=True)
        ),
        wide=True,
    )


def _chances(found: Risk) -> Iterable[object]:
    if not found.as_set.chances:
        return
    yield Table(
        "risk-chances",
        "The chance of each target, by what errors have in common",
        (Heading("which target", align="left"), *(Heading(label, "of draws") for label in in_common(found))),
        tuple(
            (Cell(one.called), *(Cell(chance_in_words(case.chances[n].chance)) for case in found.cases))
            for n, one in enumerate(found.as_set.chances)
        ),
    )
    yield about_chances(found)


def _histogram(found: Risk) -> Chart:
    unit = amounts.heading(found.measure)
    drawn = [
        {
            "low": amounts.scaled(one.low, found.measure),
            "high": amounts.scaled(one.high, found.measure),
            "share": one.share,
        }
        for one in found.histogram
    ]
    table = Table(
        "risk-draws",
        f"{what(found).capitalize()} in {units.counted(found.draws, 'draw')}",
        (Heading("from", unit), Heading("to", unit), Heading("of draws", "%")),
        tuple(
            (Cell(low), Cell(high), Cell(units.number(100 * one.share, 1)))
            for (low, high), one in zip(bar_ends(found), found.histogram, strict=True)
        ),
    )
    at = found.as_set
    reach = "cost" if reaches(found) == "costs" else "reach"
    message = f"Nine draws of ten {reach} {figure(at.low, found)} to {figure(at.high, found)}"
    subtitle = f"{unit}, share of draws; the line is the plan at the central values"
    drawn_at = charts.histogram(drawn, unit, amounts.scaled(found.value, found.measure))
    return Chart("risk-histogram", message, subtitle, drawn_at, table)


def _drivers(found: Risk) -> Chart:
    rows = found.drivers[:MOST_DRIVERS]
    drawn = [
        {"name": driver_in_words(one, found), "amount": 100 * one.share, "said": units.share(one.share, 1)}
        for one in rows
    ]
    table = Table(
        "risk-shares",
        "What makes the spread",
        (Heading("input", align="left"), Heading("of the variance", "%")),
        tuple((Cell(driver_in_words(one, found)), Cell(units.number(100 * one.share, 1))) for one in rows),
    )
    first = driver_in_words(rows[0], found)
    message = f"{first}: {units.share(rows[0].share, 0)} of the spread"
    subtitle = "Share of the variance of what is reached, per cent, each input by itself"
    return Chart("risk-drivers", message, subtitle, charts.costs(drawn, "per cent of the variance"), table)


def _worst(found: Risk) -> Table:
    return Table(
        "risk-worst",
        "The ten worst draws, and what takes most from them (standard errors from the central value)",
        (
            Heading("draw", align="left"),
            Heading("reached", amounts.heading(found.measure)),
            Heading("most by", align="left"),
            Heading("and by", align="left"),
        ),
        tuple(
            (
                Cell(units.number(row.draw)),
                Cell(figure(row.goal, found)),
                Cell(cause_in_words(row.causes[:1], found), mark="text"),
                Cell(cause_in_words(row.causes[1:2], found), mark="text"),
            )
            for row in found.worst
        ),
    )
