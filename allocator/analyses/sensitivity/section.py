"""The section of a page on sensitivity: a tornado of the inputs on which most rests, and where something turns."""

from __future__ import annotations

from collections.abc import Iterable

from allocator.analyses.report import charts
from allocator.analyses.sensitivity.face import (
    LEAST,
    MOST_SHOWN,
    NOTHING_TURNS,
    about_turns,
    about_worse,
    at_in_words,
    change_in_words,
    far_in_words,
    headline,
    label,
    most_pounds,
    most_turned,
    moved_in_words,
    nearest_turns,
    who_turns,
)
from allocator.analyses.sensitivity.sensitivity import InputMoved, Sensitivity
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.page import Chart, PageColumn, Section, by_columns, words

HEADING = "Which inputs the plan rests on"


def section_of(found: Sensitivity) -> Section:
    """Give the section: what holds as inputs stand, a tornado, switching values, and who would turn."""
    rows = [one for one in found.moved if one.swing >= LEAST * abs(found.value)][:MOST_SHOWN]
    parts: list[object] = [headline(found)]
    if not rows:
        return Section("sensitivity", HEADING, (*parts, "No input that is moved changes the goal by a thousandth."))
    parts += [_tornado(found, rows), *filter(None, [about_worse(found, rows).strip()])]
    parts += [*_turns(found), who_turns(found)]
    return Section("sensitivity", HEADING, tuple(parts))


def _tornado(found: Sensitivity, rows: list[InputMoved]) -> Chart:
    unit = amounts.heading(found.measure)
    drawn = []
    for one in rows:
        ends = [end.stands for end in (one.low, one.high) if end.stands is not None] or [
            end.best for end in (one.low, one.high) if end.best is not None
        ]
        moved = [amounts.scaled(reached - found.value, found.measure) for reached in ends] or [0.0]
        drawn.append({"name": label(one), "low": min(*moved, 0.0), "high": max(*moved, 0.0), "middle": 0.0})

    def changes(name: str, reached: Iterable[float | None]) -> PageColumn:
        return PageColumn(name, unit, [change_in_words(found, one) for one in reached])

    table = by_columns(
        "sensitivity-inputs",
        "What is reached with one input moved, all else as it stands",
        words("input", map(label, rows)),
        PageColumn("moved", "", map(moved_in_words, rows)),
        changes("as it stands, low", [one.low.stands for one in rows]),
        changes("as it stands, high", [one.high.stands for one in rows]),
        changes("best plan, low", [one.low.best for one in rows]),
        changes("best plan, high", [one.high.best for one in rows]),
        PageColumn("moves to others", "£m, all years", map(most_pounds, rows)),
        PageColumn("turn", "partnerships", map(most_turned, rows)),
        wide=True,
    )
    first = rows[0]
    message = f"{label(first)} moves most: {amounts.said(first.swing, found.measure)} between its ends"
    subtitle = f"Change in what the plan as it stands reaches, {unit[0].lower()}{unit[1:]}, one input moved at a time"
    return Chart("sensitivity-tornado", message, subtitle, charts.ranges(drawn, unit), table)


def _turns(found: Sensitivity) -> Iterable[object]:
    turns = nearest_turns(found)
    if not turns:
        yield NOTHING_TURNS
        return
    yield by_columns(
        "sensitivity-turns",
        "How far an input has to move before something turns",
        words("input", [label(one) for one, _ in turns]),
        words("what turns", [switch.of for _, switch in turns], mark="text"),
        PageColumn("at", "", [at_in_words(one, switch.at) for one, switch in turns]),
        PageColumn("of its range", "1: its end", [far_in_words(one, switch.at) for one, switch in turns]),
    )
    yield about_turns()
