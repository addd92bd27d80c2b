"""Starts a data set from the Department for Education's figures of those NEET at 16 and 17, by local authority."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from allocator.errors import InvalidInput, UsageError
from allocator.imports.dfe.account import RATES, Account
from allocator.imports.dfe.assumptions import Assumptions, read_assumptions
from allocator.imports.dfe.grants import baselines
from allocator.imports.dfe.people import growth_of, people_of
from allocator.imports.dfe.rates import MEASURES, Rates, rates_csv, rates_of
from allocator.imports.dfe.reading.published import NEEDED_OF_THE_NEWEST, PublishedYear, missing_figures, read_published
from allocator.imports.dfe.reading.same_authority import same_authorities
from allocator.imports.dfe.reading.spend import Spending, read_spending
from allocator.imports.dfe.readme import licence_text, readme_text, scenario_text
from allocator.imports.dfe.sources import sources_of
from allocator.imports.dfe.tables import Authority, planned_years, tables_of
from allocator.imports.dfe.tiles import places_of
from allocator.results import Result, doc
from allocator.tables.checking.all_checks import check_tables
from allocator.tables.new_folder import new_folder, refuse_folder
from allocator.tables.write import write_folder

OPTIONAL = ("returns", "capacities", "guarantees", "targets", "studies")
# The figures of 2025 come out in that summer, so that 2026-27 is the first year still to be planned.
FIRST_YEAR_AFTER = 1


class Imported(Result):
    """A data set that was made: its folder, its size, and the account of what was derived, dropped, guessed, odd."""

    folder: Path = doc("the folder made")
    partnerships: int = doc("authorities in the data set")
    years: tuple[str, ...] = doc("a year to plan")
    account: Account = doc("what was derived, dropped and guessed", inline=True)
    scenario: str = doc("file of the scenario, in the folder", default="scenario.toml")
    readme: str = doc("page with the account of the import, in the folder", default="README.md")


def import_dfe_neet(
    files: str | Path | Sequence[str | Path],
    folder: str | Path,
    *,
    spend: str | Path | None = None,
    assumptions: str | Path | None = None,
    growth: bool = False,
    first_year: str = "",
) -> Imported:
    """Make a data set from one published file or several, of different years; the newest is what it stands on.

    spend: the file of spending on services for young people. assumptions: TOML in place of the one that comes with
    the program. growth: cohorts go on growing as they did between the files. first_year: such as 2026-27, the year
    after the newest figures' where left out. The folder is whole or not there; the tables pass every check.
    Raises InvalidInput with the faults of a file, UsageError where the folder is in use or words make no sense.
    """
    if not files:
        raise UsageError("FILE", "no file of figures", "one at least")
    files = [files] if isinstance(files, str | Path) else files
    figures, folder, spend = [Path(file) for file in files], Path(folder), Path(spend) if spend else None
    refuse_folder(folder)
    a, assumptions_file = read_assumptions(Path(assumptions) if assumptions else None)
    years = _years_in_order([year for file in figures for year in read_published(file)])
    spending = read_spending(spend) if spend else None
    newest = years[-1]
    if missing := missing_figures(newest, NEEDED_OF_THE_NEWEST):
        found = f"no column {', '.join(missing)}"
        wanted = "these, from which the young people at risk are counted"
        raise UsageError(newest.label, found, wanted, "Give the file as the Department publishes it.")
    first = _first_year(first_year, newest.year)
    planned = planned_years(first, a.years.number.value)
    authorities = _authorities(years, spending, a, growth=growth)
    rates = _rates(authorities, years)
    account = Account.of(
        authorities=authorities,
        published=years,
        spending=spending,
        planned=planned,
        assumptions=a,
        growth=growth,
        rates=rates,
        sources=[*figures, *([spend] if spend else [])],
    )
    tables = tables_of(authorities, a, planned, lead=first - (newest.year - 1))
    tables["sources"] = sources_of(authorities, a, newest.year, spending.years if spending else ())
    tables = {name: rows for name, rows in tables.items() if rows or name not in OPTIONAL}
    _write(
        folder,
        tables,
        {
            "README.md": readme_text(account).encode(),
            "LICENCE.md": licence_text(
                newest.year,
                with_spending=spending is not None,
                with_map=places_of([one.name for one in authorities]) is not None,
            ).encode(),
            "scenario.toml": scenario_text(planned, a).encode(),
            "assumptions.toml": assumptions_file,
            RATES: rates_csv({(one.key, one.code): rates[one.key] for one in authorities}),
        },
    )
    return Imported(folder, len(authorities), planned, account)


def _years_in_order(years: list[PublishedYear]) -> list[PublishedYear]:
    ordered = sorted(years, key=lambda one: one.year)
    for before, after in pairwise(ordered):
        if before.year == after.year:
            found = f"the figures of {after.year} twice, also in {before.label}"
            raise UsageError(after.label, found, "each year once", "Leave one of the files out.")
    return ordered


def _first_year(given: str, newest: int) -> int:
    """Give the year in which the first financial year planned begins."""
    if not given:
        return newest + FIRST_YEAR_AFTER
    match = re.fullmatch(r"(20\d\d)-(\d\d)", given)
    if not match or int(match[2]) != (int(match[1]) + 1) % 100:
        year = int(given) if re.fullmatch(r"20\d\d", given) else newest + FIRST_YEAR_AFTER
        fix = f"Write {planned_years(year, 1)[0]}."
        raise UsageError("first_year", f"found '{given}'", "a financial year, both years of it", fix)
    if int(match[1]) < newest - 1:
        wanted = f"{planned_years(newest - 1, 1)[0]} or a later one: the newest figures are of {newest}"
        raise UsageError("first_year", f"found {given}", wanted)
    return int(match[1])


def _authorities(
    years: Sequence[PublishedYear], spending: Spending | None, a: Assumptions, *, growth: bool
) -> tuple[Authority, ...]:
    """Give every authority of the newest year whose cohort is published, or can be estimated."""
    newest = years[-1]
    counted = {area.code: people for area in newest.authorities if (people := people_of(area, years)) is not None}
    if not counted:
        raise UsageError(newest.label, "no authority with a cohort", "one at least")
    areas = [area for area in newest.authorities if area.code in counted]
    cohorts = {code: float(sum(people.groups.values())) for code, people in counted.items()}
    spent = None if spending is None else spending.of(newest.authorities)
    grants = baselines(cohorts, spent, a.grants.per_head.value, spending.years if spending else ())
    keys = _keys([(area.code, area.name) for area in areas])
    return tuple(
        Authority(
            key=keys[area.code],
            code=area.code,
            name=area.name,
            region=area.region,
            people=counted[area.code],
            growth=growth_of(area, years, a.years.cohort_growth.value)[0] if growth else 0.0,
            baseline=grants[area.code],
        )
        for area in areas
    )


def _keys(named: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Give a key for each code: the name in small letters, digits and underscores.

    With the code where two are alike.
    """
    plain = {
        code: re.sub(r"[^a-z0-9]+", "_", unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower())
        for code, name in named
    }
    plain = {code: key.strip("_")[:100] or code.lower() for code, key in plain.items()}
    alike = [key for key in plain.values() if list(plain.values()).count(key) > 1]
    return {code: f"{key}_{code.lower()}" if key in alike else key for code, key in plain.items()}


def _rates(authorities: Sequence[Authority], years: Sequence[PublishedYear]) -> Mapping[str, Mapping[str, Rates]]:
    """Give each authority's rates of those NEET and not known over all years, by key and measure."""
    of_year = {year.year: same_authorities(years[-1].authorities, year.authorities) for year in years}
    rates = {}
    for authority in authorities:
        areas = {year: areas[authority.code] for year, areas in of_year.items() if authority.code in areas}
        rates[authority.key] = {measure: rates_of(areas, measure) for measure in MEASURES}
    return rates


def _write(folder: Path, tables: Mapping[str, Any], others: Mapping[str, bytes]) -> None:
    """Write the folder beside its place, check the tables as they then read, and move it there when it is good."""
    with new_folder(folder) as partial:
        write_folder(tables, partial)
        checked = check_tables(partial)
        if checked.data is None:
            faults = tuple(fault for fault in checked.faults if fault.severity == "fault")
            fix = "Look for the entry of the assumptions, or the row of the figures, that it is made of."
            raise InvalidInput(tuple(replace(fault, fix=fault.fix or fix) for fault in faults), in_scenario=False)
        write_folder(checked.data.tables, partial)
        for name, data in others.items():
            (partial / name).parent.mkdir(exist_ok=True)
            (partial / name).write_bytes(data)
