"""Units that figures may be in by mistake, and what raises the doubt: figures that lie where another unit's would."""

from __future__ import annotations

from dataclasses import dataclass, replace

# Single cells of a column that are told; more are the column's.
MOST_CELLS = 3


@dataclass(frozen=True)
class Unit:
    """Another unit that figures may be in. times: what one of it is in the column's own."""

    code: str
    words: str
    times: float
    fix: str
    plus: float = 0.0  # what is to be added then

    def turned(self, value: float) -> float:
        """Give a figure in the column's own unit."""
        return value * self.times + self.plus


THOUSANDS = Unit("looks-like-thousands", "thousands of pounds", 1_000, "Give pounds: 1,000 times as much.")
THOUSANDS_OR_HOURLY = replace(
    THOUSANDS, words="thousands of pounds, or pay of an hour", fix="Give the pay of a year in pounds."
)
MILLIONS = Unit("looks-like-millions", "millions of pounds", 1_000_000, "Give pounds: 1,000,000 times as much.")
PLACES = Unit("looks-like-thousands", "thousands", 1_000, "Give single places.")
POSTS = Unit("looks-like-thousands", "thousands", 1_000, "Give single posts.")
NOUGHTS = Unit(
    "looks-like-too-much", "pounds with three noughts too many, or pence", 0.001, "Divide by 1,000, or pence by 100."
)
PENCE = replace(NOUGHTS, times=0.01)
PERSONS = Unit("looks-like-thousands", "thousands", 1_000, "Give single young people: 1,000 times as many.")
MONTHLY = Unit("looks-like-months", "pay of a month", 12, "Give the pay of a year: 12 times as much.")
WEEKLY = Unit("looks-like-months", "pay of a week", 52, "Give the pay of a year: 52 times as much.")
RATE = Unit("looks-like-rate", "a rate of growth, or an uplift", 1, "Add 1: write 1.04 for 4 per cent more.", 1.0)
RATE_PER_CENT = Unit("looks-like-rate", "a rate in per cent", 0.01, "Write 1.04 for 4 per cent more.", 1.0)
SHARE = Unit("looks-like-rate", "a share of the young people", 1, "Give the number of young people NEET.")
WORKED_HOURS = Unit("looks-like-too-much", "hours, or something else than FTE", 1, "Give full-time equivalents.")
PER_CENT = Unit("looks-like-per-cent", "per cents, or an index of 100", 0.01, "Divide by 100.")
DAYS = Unit("looks-like-days", "days, or hours a week", 7.4, "Give hours.")
A_WEEK = Unit("looks-like-days", "hours a week", 44, "Give the hours of a year.")
A_DAY = Unit("looks-like-days", "hours a day", 220, "Give the hours of a year.")
MINUTES = Unit("looks-like-minutes", "minutes", 1 / 60, "Give hours.")
ODD = Unit("looks-odd", "a slip", 1, "Look whether a digit, or the unit, is another.")


@dataclass(frozen=True)
class Doubt:
    """Figures that look like another unit's. rows: those of the cells meant, none where it is the whole column."""

    table: str
    rows: tuple[int, ...]
    column: str
    unit: Unit
    found: str
