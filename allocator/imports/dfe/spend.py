"""Reads what authorities spent on services for young people, and turns it into the grant each begins with.

Source: Section 251 outturn as in the Department for Education's local authority interactive tool: gross, £ cash, a
blank where an authority did not report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocator.faults import FaultList, printable, shown
from allocator.imports.dfe.published import SYMBOLS, plain, read_csv, stop_at
from allocator.tables.reading.cells import PLAIN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MEAN_OVER = 3  # the last years whose mean is taken: single years are noisy
_YEAR = re.compile(r"spend(\d{4})(\d\d)")


@dataclass(frozen=True)
class Spending:
    """What each authority reported, by its code: years "2022-23" … to £ cash, None where it did not report."""

    years: tuple[str, ...]
    by_code: Mapping[str, Mapping[str, float | None]]
    names: Mapping[str, str]


@dataclass(frozen=True)
class Baseline:
    """The grant that an authority begins with, £ cash, and how it was found.

    how: "reported" (a mean of all the years), "in part" (some years blank), "per head" (none reported, or only 0).
    reported: the amounts behind the mean, None where blank.
    """

    grant: float
    how: str
    reported: tuple[float | None, ...] = ()


def read_spending(path: Path) -> Spending:
    """The spending file: la_code, la_name and a column spend_2024_25 a year. Raises InvalidInput with all faults."""
    label = printable(path.name)
    faults = FaultList({label: ("la_code", "la_name")})
    read = read_csv(path, faults)
    by_code: dict[str, dict[str, float | None]] = {}
    names: dict[str, str] = {}
    years: dict[str, int] = {}
    if read is not None:
        headings, rows = read
        titles = {plain(title): position for position, title in enumerate(headings)}
        for title, position in titles.items():
            if match := _YEAR.fullmatch(title):
                years[f"{match[1]}-{match[2]}"] = position
        for title in ("la_code", "la_name"):
            if plain(title) not in titles:
                wanted = f"a column {title}"
                faults.add("missing-column", label, [1], title, found="no such column", wanted=wanted)
        if not years:
            wanted = "a column a year, such as spend_2024_25"
            faults.add("missing-column", label, [1], found="no column of spending", wanted=wanted)
        for number, row in rows if not faults.stops else ():
            code = row[titles[plain("la_code")]].strip()
            if code in by_code or not code:
                found = f"{shown(code)} twice" if code else "no code"
                faults.add("duplicate-key" if code else "blank-cell", label, [number], "la_code", found=found)
            names[code] = row[titles[plain("la_name")]].strip()
            by_code[code] = {}
            for year, position in years.items():
                by_code[code][year] = _amount(label, number, headings[position], row[position].strip(), faults)
    stop_at(faults)
    last = tuple(sorted(years))[-MEAN_OVER:]
    return Spending(last, {code: {year: of[year] for year in last} for code, of in by_code.items()}, names)


def _amount(label: str, row: int, column: str, cell: str, faults: FaultList) -> float | None:
    if cell.lower() in SYMBOLS:
        return None
    if not PLAIN.fullmatch(cell):
        wanted = "pounds as a plain number, or nothing"
        faults.add("not-a-number", label, [row], column, found=shown(cell), wanted=wanted)
        return None
    if not 0 <= float(cell) <= 1e12:
        code = "negative-money" if float(cell) < 0 else "out-of-range"
        faults.add(code, label, [row], column, found=shown(cell), wanted="from 0 to 1e12")
    return float(cell)


def baselines(cohorts: Mapping[str, float], spending: Spending | None, per_head: float) -> dict[str, Baseline]:
    """The grant of each authority by its code: the mean of what it reported, else the national rate for each head.

    cohorts: persons by code. per_head: £ for each of them, used where there is no spending file at all.
    Where an authority reported nothing, or 0 in every year, the rate is that of all who reported more than 0.
    """
    if spending is None:
        return {code: Baseline(per_head * cohort, "per head") for code, cohort in cohorts.items()}
    means: dict[str, float] = {}
    amounts: dict[str, tuple[float | None, ...]] = {}
    for code in cohorts:
        amounts[code] = tuple(spending.by_code.get(code, dict.fromkeys(spending.years)).values())
        reported = [amount for amount in amounts[code] if amount is not None]
        if any(reported):
            means[code] = sum(reported) / len(reported)
    rate = sum(means.values()) / sum(cohorts[code] for code in means) if means else per_head
    found = {}
    for code, cohort in cohorts.items():
        if code in means:
            how = "in part" if None in amounts[code] else "reported"
            found[code] = Baseline(means[code], how, amounts[code])
        else:
            found[code] = Baseline(rate * cohort, "per head", amounts[code])
    return found
