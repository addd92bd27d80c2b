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
from allocator.outputs.page import Chart, PageColumn, Section, Table, by_columns, words

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

    def column(name: str, values: Iterable[float]) -> PageColumn:
        return PageColumn(name, unit, [figure(value, found) for value in values])

    return by_columns(
        "risk-cases",
        f"{what(found).capitalize()}, by what the errors of estimates have in common",
        words("errors have in common", in_common(found)),
        column("mean", [case.mean for case in found.cases]),
        column("standard deviation", [case.deviation for case in found.cases]),
        column("5 of 100 below", [case.low for case in found.cases]),
        column("half below", [case.middle for case in found.cases]),
        column("5 of 100 above", [case.high for case in found.cases]),
        wide=True,
    )


def _chances(found: Risk) -> Iterable[object]:
    if not found.as_set.chances:
        return
    yield by_columns(
        "risk-chances",
        "The chance of each target, by what errors have in common",
        words("which target", [one.called for one in found.as_set.chances]),
        *(
            PageColumn(label, "of draws", [chance_in_words(one.chance) for one in case.chances])
            for label, case in zip(in_common(found), found.cases, strict=True)
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
    ends = bar_ends(found)
    table = by_columns(
        "risk-draws",
        f"{what(found).capitalize()} in {units.counted(found.draws, 'draw')}",
        PageColumn("from", unit, [low for low, _ in ends]),
        PageColumn("to", unit, [high for _, high in ends]),
        PageColumn("of draws", "%", [units.number(100 * one.share, 1) for one in found.histogram]),
    )
    at = found.as_set
    reach = "cost" if reaches(found) == "costs" else "reach"
    message = f"Nine draws of ten {reach} {figure(at.low, found)} to {figure(at.high, found)}"
    subtitle = f"{unit}, share of draws; the line is the plan at the central values"
    drawn_at = charts.histogram(drawn, unit, amounts.scaled(found.value, found.measure))
    return Chart("risk-histogram", message, subtitle, drawn_at, table)


def _drivers(found: Risk) -> Chart:
    rows = found.drivers[:MOST_DRIVERS]
    names = [driver_in_words(one, found) for one in rows]
    drawn = [
        {"name": name, "amount": 100 * one.share, "said": units.share(one.share, 1)}
        for name, one in zip(names, rows, strict=True)
    ]
    table = by_columns(
        "risk-shares",
        "What makes the spread",
        words("input", names),
        PageColumn("of the variance", "%", [units.number(100 * one.share, 1) for one in rows]),
    )
    first = names[0]
    message = f"{first}: {units.share(rows[0].share, 0)} of the spread"
    subtitle = "Share of the variance of what is reached, per cent, each input by itself"
    return Chart("risk-drivers", message, subtitle, charts.costs(drawn, "per cent of the variance"), table)


def _worst(found: Risk) -> Table:
    return by_columns(
        "risk-worst",
        "The ten worst draws, and what takes most from them (standard errors from the central value)",
        words("draw", [units.number(row.draw) for row in found.worst]),
        PageColumn("reached", amounts.heading(found.measure), [figure(row.goal, found) for row in found.worst]),
        words("most by", [cause_in_words(row.causes[:1], found) for row in found.worst], mark="text"),
        words("and by", [cause_in_words(row.causes[1:2], found) for row in found.worst], mark="text"),
    )
