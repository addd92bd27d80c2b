"""Each authority's rates over the years of all files: their trend, and the noise about it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from allocator.imports.dfe.reading.published import Area
from allocator.tables.write import csv_bytes

MEASURES = ("neet", "not_known")


@dataclass(frozen=True)
class Rates:
    """An area's rate over the years, in per cent of the cohort.

    by_year: rates as published, or the published rate less the published change for the year before.
    trend: points a year, the slope of the line through them (least squares); None with one year.
    noise: points, the standard deviation about that line; None with two years, through which any line goes.
    """

    by_year: Mapping[int, float]
    trend: float | None
    noise: float | None


def rates_of(areas: Mapping[int, Area], measure: str) -> Rates:
    """Give the rates of an area given as it stands in each year."""
    by_year: dict[int, float] = {}
    for year, area in areas.items():
        rate, change = area.figures.get(measure), area.figures.get(f"{measure}_change")
        if rate is not None and change is not None and year - 1 not in areas:
            by_year[year - 1] = round(rate - change, 1)
        if rate is not None:
            by_year[year] = rate
    by_year = dict(sorted(by_year.items()))
    return Rates(by_year, *trend_and_noise(list(by_year), list(by_year.values())))


def trend_and_noise(years: Sequence[int], rates: Sequence[float]) -> tuple[float | None, float | None]:
    """Fit the least-squares line: its slope, and the standard deviation about it (two degrees of freedom less)."""
    count = len(years)
    if count < 2:
        return None, None
    middle, mean = sum(years) / count, sum(rates) / count
    spread = sum((year - middle) ** 2 for year in years)
    slope = sum((year - middle) * (rate - mean) for year, rate in zip(years, rates, strict=True)) / spread
    if count == 2:
        return slope, None
    left = sum((rate - mean - slope * (year - middle)) ** 2 for year, rate in zip(years, rates, strict=True))
    return slope, math.sqrt(left / (count - 2))


def rates_csv(rates: Mapping[tuple[str, str], Mapping[str, Rates]]) -> bytes:
    """Give all rates as a CSV file: a row an authority and measure; rates in per cent, trend in points a year.

    rates: by partnership and its published code, then by measure.
    """
    years = sorted({year for of in rates.values() for one in of.values() for year in one.by_year})
    every = [(*keys, measure, one) for keys, of in sorted(rates.items()) for measure, one in of.items()]
    columns: dict[str, list[Any]] = {
        "partnership": [partnership for partnership, *_ in every],
        "new_la_code": [code for _, code, *_ in every],
        "measure": [measure for *_, measure, _ in every],
        **{f"rate_{year}": [_rounded(one.by_year.get(year), 1) for *_, one in every] for year in years},
        "trend": [_rounded(one.trend, 3) for *_, one in every],
        "noise": [_rounded(one.noise, 3) for *_, one in every],
    }
    return csv_bytes(columns)


def _rounded(value: float | None, places: int) -> Decimal | None:
    """Give a figure with so many decimals, None where there is none; what rounds to nothing has no sign."""
    return None if value is None else Decimal(f"{round(value, places) + 0.0:.{places}f}")
