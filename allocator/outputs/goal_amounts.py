"""A goal's amount as a person reads it, whatever the goal measures."""

from __future__ import annotations

from allocator import units

HEADINGS = {
    "cumulative": "Young person-years reached",
    "final_year": "Young people fewer NEET at the end of the last year",
    "benefit": "Net present value, £m",
    "least_cost": "Cost, £m",
    "fairest": "Smallest share by which NEET falls, %",
}

AXIS = {"cumulative": ",.0f", "final_year": ",.0f", "benefit": ",.1f", "least_cost": ",.1f", "fairest": ",.2f"}


def scaled(value: float, measure: str) -> float:
    """The goal in the unit of its heading: £m for pounds, per cent for a share."""
    if measure in ("benefit", "least_cost"):
        return value / 1e6
    return 100 * value if measure == "fairest" else value


def figure(value: float, measure: str) -> str:
    """The goal in a column that says its unit: whole people, £m with one decimal, or per cent with two."""
    if measure in ("benefit", "least_cost"):
        return units.millions(value, 1)
    if measure == "fairest":
        return units.number(100 * value, 2)
    return units.people(value)


def change(value: float, measure: str, places: int = 0) -> str:
    """A change of the goal in a column that says its unit, with its sign. places: more decimals than figure has."""
    if measure in ("benefit", "least_cost"):
        return units.signed_millions(value, 1 + places)
    if measure == "fairest":
        return units.signed(100 * value, 2 + places)
    return units.signed(value, places)


def said(value: float, measure: str) -> str:
    """An amount of the goal in a sentence, without its sign: ``9,260 ypy``, ``£1.2m``, ``0.35 points``."""
    size = abs(value)
    if measure in ("benefit", "least_cost"):
        return units.pounds_short(size)
    if measure == "fairest":
        return f"{units.number(100 * size, 2)} points"
    return f"{units.people(size)} {'ypy' if measure == 'cumulative' else 'young people'}"


def assumed(columns: int, total: int) -> str:
    """How far the inputs are assumed, as a sentence; blank where the data set names no sources."""
    if not total:
        return "The data set does not say where its inputs are from. What follows from them is no finding."
    many = f"{units.number(columns)} of {units.number(total)} kinds of input are assumed"
    return (
        f"{many}. What follows from them is no finding." if columns else f"None of {total} kinds of input is assumed."
    )
