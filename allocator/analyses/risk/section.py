"""The section of a page on risk: chances of targets, a histogram of what is reached, and what makes the spread."""

from __future__ import annotations

from allocator import units
from allocator.analyses.report import charts
from allocator.analyses.risk.face import (
    ALL_CERTAIN,
    MOST_DRIVERS,
    about_cases,
    cause_in_words,
    costs,
    driver_in_words,
    figure,
    headline,
    moving,
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
    if found.ahead is not None:
        parts.append(moving(found, found.ahead))
    if found.overspend is not None:
        parts.append(costs(found.overspend))
    parts += [_cases(found), about_cases(found), _histogram(found)]
    if found.drivers:
        parts.append(_drivers(found))
    return Section("risk", HEADING, (*parts, _worst(found)))


def _cases(found: Risk) -> Table:
    unit = amounts.heading(found.measure)
    labels = ("nothing", f"as set, {found.as_set.common:g}", "all")
    return Table(
        "risk-cases",
        "What is reached, by what the errors of estimates have in common",
        (
            Heading("errors have in common", align="left"),
            Heading("mean", unit),
            Heading("standard deviation", unit),
            Heading("5 of 100 below", unit),
            Heading("half below", unit),
            Heading("5 of 100 above", unit),
            *(Heading(f"chance of {one.called}", "of draws") for one in found.as_set.chances),
        ),
        tuple(
            (
                Cell(label),
                *(
                    Cell(figure(value, found))
                    for value in (case.mean, case.deviation, case.low, case.middle, case.high)
                ),
                *(Cell(units.share(one.chance, 0)) for one in case.chances),
            )
            for label, case in zip(labels, found.cases, strict=True)
        ),
        wide=True,
    )


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
        f"What is reached in {units.counted(found.draws, 'draw')}",
        (Heading("from", unit), Heading("to", unit), Heading("of draws", "%")),
        tuple(
            (Cell(figure(one.low, found)), Cell(figure(one.high, found)), Cell(units.number(100 * one.share, 1)))
            for one in found.histogram
        ),
    )
    at = found.as_set
    message = f"Nine draws of ten reach {figure(at.low, found)} to {figure(at.high, found)}"
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
