"""A goal's amount as a person reads it, whatever the goal measures."""

from __future__ import annotations

from collections.abc import Collection

from allocator import units
from allocator.register import goals

EFFECT_ERRORS = "effects.standard_error"
FEW = 10.0  # of a goal's unit: what is less is told with a decimal


def heading(measure: str) -> str:
    """Give what stands over values of the goal, with the unit in which they are shown."""
    return goals.named(measure).words.heading


def axis_format(measure: str) -> str:
    """Give how the ticks of an axis are written."""
    return f",.{goals.named(measure).words.places}f"


def scaled(value: float, measure: str) -> float:
    """Give the goal in the unit of its heading: £m for pounds, per cent for a share."""
    return value * goals.named(measure).words.scale


def figure(value: float, measure: str) -> str:
    """Give the goal in a column that says its unit: whole people, £m with one decimal, or per cent with two."""
    return units.number(scaled(value, measure), goals.named(measure).words.places)


def change(value: float, measure: str, places: int = 0) -> str:
    """Give a change of the goal in a column that says its unit, with its sign. places.

    More decimals than figure has.
    """
    return units.signed(scaled(value, measure), goals.named(measure).words.places + places)


def said(value: float, measure: str, more_places: int = 0) -> str:
    """Give an amount of the goal in a sentence, without its sign: ``9,260 ypy``, ``£1.2m``, ``0.35 points``.

    more_places: decimals beyond those of the goal's words.
    """
    goal, size = goals.named(measure), abs(value)
    places = goal.words.places + more_places
    if goal.in_pounds:
        return f"{units.pounds_short(size, places)}{weighted(measure)}"
    return f"{units.number(size * goal.words.scale, places)} {goal.words.short}"


def weighted(measure: str) -> str:
    """Give what stands after pounds in which people count by the weight of their partnership."""
    return f" {goals.WEIGHTED}".rstrip() if measure.startswith(goals.WEIGHTED) else ""


def told(value: float, measure: str) -> str:
    """Give what ``said`` tells, but with decimals where a small amount would be told as 0 or as a bare 1 or 2."""
    return said(value, measure) if abs(value) * goals.named(measure).words.scale >= FEW else rate(value, measure)


def rate(value: float, measure: str) -> str:
    """Give an amount of the goal as ``said`` tells it, with as many decimals as it takes not to be told as nothing."""
    goal, size = goals.named(measure), abs(value) * goals.named(measure).words.scale
    if goal.in_pounds or not size:
        return said(value, measure)
    places = next((n for n in range(max(goal.words.places, 1), 6) if size >= 10.0**-n), 6)
    return f"{units.number(size, places)} {goal.words.short}"


def explained(measure: str) -> str:
    """Give what an abbreviated unit of the goal stands for; blank where it is whole words."""
    goal = goals.named(measure)
    if goals.CUMULATIVE.words.short not in goal.words.short.split():
        return ""
    weighed = "; weighted: times the weight of its partnership" if goal.words.short.split()[1:] else ""
    return f"ypy: young person-years, one for a year in which a young person is not NEET who else would be{weighed}."


def is_something(value: float, measure: str) -> bool:
    """Say whether an amount of the goal is more than nothing as ``said`` tells it."""
    return any(digit in "123456789" for digit in said(value, measure))


def assumed(columns: int, total: int) -> str:
    """Give how far the inputs are assumed, as a sentence; blank where the data set names no sources."""
    if not total:
        return "The data set does not say where its inputs are from. What follows from them is no finding."
    many = f"{units.number(columns)} of {units.number(total)} kinds of input are assumed"
    return (
        f"{many}. What follows from them is no finding." if columns else f"None of {total} kinds of input is assumed."
    )


def errors_assumed(columns: Collection[str]) -> str:
    """Give what a chance or a worth is not, where how far effects may be off is assumed; blank where it is not.

    columns: those that are assumed, as table.column.
    """
    if EFFECT_ERRORS not in columns:
        return ""
    return (
        "How far effects may be off (their standard errors) is itself assumed: with larger ones the spread, and what "
        "evidence is worth, would be larger."
    )
