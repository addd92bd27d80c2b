"""A grant on both yardsticks, in the words that every face has for it: on last year, and on shares as before."""

from __future__ import annotations

from collections.abc import Sequence

from allocator import units
from allocator.outputs.console import TextColumn
from allocator.runs.grant_change import Grant, YearGrant

# Why a plan can reach less than shares as before do.
MAY_REACH_LESS = "Shares as before need not keep the rules on single grants, which the plan keeps."
UNKNOWN_PRICES = "Real terms: in prices of the year before; those before {year} are not in the tables."


def on_shares(total: Grant) -> str:
    """Say a change on shares as before: ``£4.58m (13.4 %) more than on shares as before``."""
    change, part = total.change, total.relative_change
    if units.pounds_short(abs(change), 2) == "£0":
        return "as on shares as before"
    share = f" ({units.share(abs(part))})" if part is not None else ""
    return f"{units.pounds_short(abs(change), 2)}{share} {'more' if change > 0 else 'less'} than on shares as before"


def on_last_year(years: Sequence[YearGrant], names: Sequence[str]) -> str:
    """Say a change on last year: ``from £11.13m last year to £13.45m in 2006-07 (+20.9 % in cash)``."""
    first, last = years[0].last_year, years[-1].grant
    end = f"{units.pounds_short(last, 2)} in {names[-1]}"
    if first <= 0:
        return f"new, with no grant last year and {end}"
    change = units.signed_share(last / first - 1)
    if change == "0":
        return f"as much last year as in {names[-1]}, {units.pounds_short(last, 2)}"
    return f"from {units.pounds_short(first, 2)} last year to {end} ({change} in cash)"


def signed(part: float | None) -> str:
    """Give a relative change with its sign, a dash where there is none."""
    return units.or_dash(units.signed_share, part)


def columns(years: Sequence[YearGrant], first: str) -> list[TextColumn]:
    """Give the grant of each year and what it is on both yardsticks. first: the name of the first year."""
    found = [
        TextColumn("grant £", tuple(units.number(year.grant) for year in years)),
        TextColumn("on last\nyear", tuple(signed(year.relative_on_last_year) for year in years), signed=True),
    ]
    if len(years) > 1:
        real = tuple(signed(year.real_on_last_year) for year in years)
        note = UNKNOWN_PRICES.format(year=first)
        found.append(TextColumn("in real\nterms", real, drop=2, signed=True, note=note))
    return [
        *found,
        TextColumn("shares as\nbefore £", tuple(units.number(year.shares_as_before) for year in years), drop=3),
        TextColumn("on\nshares", tuple(signed(year.relative_change) for year in years), signed=True),
    ]
