"""The account of an import in sentences: what looks odd, what was derived, what was dropped and what was guessed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from allocator.faults import shown
from allocator.imports.dfe.assumptions import GROUPS, Assumptions
from allocator.imports.dfe.grants import clashing, odd_amounts
from allocator.imports.dfe.people import growth_of
from allocator.imports.dfe.rates import Rates, rates_of
from allocator.imports.dfe.reading.figures import ROUNDS_TO_ZERO, WHAT_IT_SAYS
from allocator.imports.dfe.reading.published import COLUMN_OF, ROUNDING, Area, PublishedYear
from allocator.imports.dfe.reading.same_authority import same_authorities
from allocator.imports.dfe.reading.spend import Spending
from allocator.imports.dfe.tables import Authority
from allocator.imports.dfe.tiles import without_a_tile
from allocator.results import Result, doc
from allocator.tables.names import did_you_mean
from allocator.units import counted, listed, people, percentage, pounds, pounds_short, share, signed

RATES = "history/rates.csv"
MOST_MARKS = 5  # cells of a column that are told one by one


class Totals(Result):
    """Totals made, beside those published for England."""

    authorities: int = doc("authorities in the data set")
    young_people: float = doc("made: all of them", "young people")
    neet_percent: float = doc("made: NEET", "per cent")
    not_known_percent: float = doc("made: not known", "per cent")
    published_young_people: float | None = doc("as published", "young people")
    published_neet_percent: float | None = doc("as published", "per cent")
    published_not_known_percent: float | None = doc("as published", "per cent")
    neet: float = doc("made: in the group neet", "young people")
    not_known: float = doc("made: in the group not_known", "young people")
    at_risk: float = doc("made: in the group at_risk", "young people")
    universal: float = doc("made: in the group universal", "young people")


class Account(Result):
    """What an import did, in sentences: derived, dropped and guessed; totals as published and as made.

    warned: what looks wrong in the files, though it was taken as it stands. sources: names and SHA-256 of the files.
    """

    year: int
    planned: tuple[str, ...]
    totals: Totals = doc("totals made, beside those published for England; null where the file has no row for it")
    warned: tuple[str, ...] = doc("a sentence on what looks wrong in the files, such as spending in thousands")
    derived: tuple[str, ...] = doc("a sentence on what was derived from the figures")
    dropped: tuple[str, ...] = doc("a sentence on what was left out")
    guessed: tuple[str, ...] = doc("a sentence on what was guessed")
    sources: tuple[tuple[str, str], ...]

    @classmethod
    def of(
        cls,
        *,
        authorities: Sequence[Authority],
        published: Sequence[PublishedYear],
        spending: Spending | None,
        planned: Sequence[str],
        assumptions: Assumptions,
        growth: bool,
        rates: Mapping[str, Mapping[str, Rates]],
        sources: Sequence[Path],
    ) -> Account:
        """Give the account of an import from all that went into it."""
        newest = published[-1]
        return cls(
            year=newest.year,
            planned=tuple(planned),
            totals=_totals(authorities, newest),
            warned=_warned(authorities, newest, spending),
            derived=(
                *_derived_people(authorities, published, planned, assumptions, growth=growth),
                *_derived_grants(authorities, newest, spending),
                *_derived_rates(authorities, published, rates),
            ),
            dropped=(*_dropped(authorities, published, spending), *_off_the_map(authorities)),
            guessed=_guessed(authorities, newest, spending, assumptions),
            sources=tuple((path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in sources),
        )


def _totals(authorities: Sequence[Authority], newest: PublishedYear) -> Totals:
    made = {group: sum(one.people.groups[group] for one in authorities) for group in authorities[0].people.groups}
    cohort = sum(made.values())
    england = newest.england.figures if newest.england else {}
    return Totals(
        authorities=len(authorities),
        young_people=cohort,
        neet_percent=made["neet"] / cohort * 100,
        not_known_percent=made["not_known"] / cohort * 100,
        published_young_people=england.get("cohort"),
        published_neet_percent=england.get("neet"),
        published_not_known_percent=england.get("not_known"),
        **made,
    )


def _warned(authorities: Sequence[Authority], newest: PublishedYear, spending: Spending | None) -> tuple[str, ...]:
    """Give what can hardly be meant: parts that do not add up, shares where per cents are due, another unit than
    pounds.
    """
    said = []
    rates = [area.figures["neet"] for area in newest.authorities if area.figures.get("neet")]
    if rates and max(rates) < 0.5:
        said.append(
            f"{newest.label}: no authority has more than {max(rates):g} per cent NEET: it looks like shares of 1. "
            "Taken as per cent; to mend it, multiply by 100 and import again."
        )
    for area in newest.authorities:
        parts, together = [area.figures.get(name) for name in ("neet", "not_known")], area.figures.get("together")
        numbers = [part for part in parts if part is not None]
        if together is not None and len(numbers) == 2 and abs(sum(numbers) - together) > ROUNDING:
            said.append(
                f"{area.name}: NEET {numbers[0]:g} and not known {numbers[1]:g} per cent do not add up to the "
                f"{together:g} of {COLUMN_OF['together']}; look at its row."
            )
    if spending is not None:
        cohorts = {one.code: float(sum(one.people.groups.values())) for one in authorities}
        names = {one.code: one.name for one in authorities}
        said += odd_amounts(cohorts, {one.code: one.baseline for one in authorities}, names, spending.years)
        numbers_of = {area.code: area.number for area in newest.authorities}
        said += clashing(spending.of(newest.authorities), numbers_of, {a.code: a.name for a in newest.authorities})
    return tuple(said)


def _off_the_map(authorities: Sequence[Authority]) -> tuple[str, ...]:
    """Give who has no tile on the map of England, where that leaves all without one."""
    without = without_a_tile([one.name for one in authorities])
    if not without:
        return ()
    has, named = "has" if len(without) == 1 else "have", listed(without[:MOST_MARKS])
    more = f" and {len(without) - MOST_MARKS} more" if len(without) > MOST_MARKS else ""
    said = (
        f"The map: {named}{more} {has} no tile on the one that comes with the program, and a map without some would "
        "mislead. Fill in map_column and map_row of partnerships.csv for all to have one drawn."
    )
    return (said,)


def totals_sentence(totals: Totals) -> str:
    """Give the totals made beside those published."""
    made = f"{people(totals.young_people)} young people, {totals.neet_percent:.1f} % NEET"
    made = f"{totals.authorities} authorities: {made}, {totals.not_known_percent:.1f} % not known"
    published = [
        f"{people(totals.published_young_people)} young people" if totals.published_young_people else "",
        f"{totals.published_neet_percent:g} % NEET" if totals.published_neet_percent is not None else "",
        f"{totals.published_not_known_percent:g} % not known" if totals.published_not_known_percent is not None else "",
    ]
    said = ", ".join(part for part in published if part)
    return f"{made}. England as published: {said}." if said else f"{made}. The file has no row for England."


def _derived_people(
    authorities: Sequence[Authority],
    published: Sequence[PublishedYear],
    planned: Sequence[str],
    a: Assumptions,
    *,
    growth: bool,
) -> list[str]:
    newest, without = published[-1], a.neet_without_programme
    shares = listed([f"{percentage(getattr(without, group).value)} of {group}" for group in GROUPS])
    still = listed([f"{percentage(getattr(a.stays, group).value)} of {group}" for group in GROUPS])
    said = [
        f"neet and not_known: their published per cent of the cohort of {newest.year}.",
        "at_risk: special educational needs support and plans, less those of them NEET or not known.",
        "universal: the rest of the cohort.",
        f"By the assumptions {shares} would be NEET without the programme.",
        f"By the assumptions {still} are still 16 or 17 a year on, and counted.",
    ]
    if not growth:
        return [*said, f"Cohorts, and rates, stay as in {newest.year} in {planned[0]} to {planned[-1]}."]
    by_origin: dict[str, list[str]] = {}
    in_newest = {area.code: area for area in newest.authorities}
    for one in authorities:
        origin = growth_of(in_newest[one.code], published, a.years.cohort_growth.value)[1]
        by_origin.setdefault(origin, []).append(one.name)
    total = sum(sum(one.people.groups.values()) for one in authorities)
    mean = sum(one.growth * sum(one.people.groups.values()) for one in authorities) / total
    words = {
        "own": "as it did between the first and the last file",
        "England's": "as England's did, since the first file does not have them",
        "assumed": "by the assumed rate, since the files give none",
    }
    parts = [
        f"{words[origin]}: {listed(names) if len(names) <= 10 else counted(len(names), 'authority', 'authorities')}"
        for origin, names in by_origin.items()
    ]
    return [*said, f"Each cohort goes on growing, {share(mean)} a year on average; {'; '.join(parts)}."]


def _derived_grants(authorities: Sequence[Authority], newest: PublishedYear, spending: Spending | None) -> list[str]:
    total = sum(one.baseline.grant for one in authorities)
    if spending is None:
        return [f"Baseline grants are an assumed amount for each head: {pounds_short(total)} in all."]
    zeros = [one.name for one in authorities if 0 in one.baseline.reported and one.baseline.how != "per head"]
    mean = f"Baseline grants are the mean of what was spent on services for young people in {listed(spending.years)}"
    said = [f"{mean}: {pounds_short(total)} in all.", "That is all such spending, not a grant for those NEET."]
    if zeros:
        said.append(f"A 0 that was reported counts as 0: {listed(zeros)}.")
    joined = spending.of(newest.authorities)
    renamed = [one.name for one in authorities if one.code in joined and joined[one.code].code != one.code]
    if renamed:
        said.append(f"Joined by the Department's number, for the spending has another code: {listed(renamed)}.")
    said += [f"{text}." for text in spending.taken]
    return said


def _derived_rates(
    authorities: Sequence[Authority], published: Sequence[PublishedYear], rates: Mapping[str, Mapping[str, Rates]]
) -> list[str]:
    of_neet = [rates[one.key]["neet"] for one in authorities]
    years = sorted({year for one in of_neet for year in one.by_year})
    if len(years) < 2:
        return []
    said = f"{RATES} has each authority's rate in {listed([str(year) for year in years])}, its trend and noise"
    from_change = [year for year in years if year not in {one.year for one in published}]
    if from_change:
        said += f" ({listed([str(year) for year in from_change])} by the published change to the year after)"
    noises = sorted(one.noise for one in of_neet if one.noise is not None)
    if noises:
        said += f". The noise of the NEET rate is {noises[len(noises) // 2]:.2f} points in the middle authority"
    areas = {one.year: one.england for one in published if one.england is not None}
    england = rates_of(areas, "neet") if areas else None
    if england is not None and england.trend is not None:
        said += f"; England's trend is {signed(england.trend, 2)} points a year"
    return [f"{said}. The trend is not carried forward."]


def _dropped(
    authorities: Sequence[Authority], published: Sequence[PublishedYear], spending: Spending | None
) -> tuple[str, ...]:
    newest = published[-1]
    said = [f"{text}." for year in published for text in year.dropped]
    used = {one.code for one in authorities}
    spent = {} if spending is None else spending.of(newest.authorities)
    for area in newest.authorities:
        if area.code not in used:
            why = WHAT_IT_SAYS[area.symbols["cohort"]] if "cohort" in area.symbols else "less than one"
            money = sum(amount or 0 for amount in spent[area.code].by_year.values()) if area.code in spent else 0
            with_it = f", and nothing to estimate it from: {pounds(money)} of spending go with it" if money else ""
            said.append(f"{area.name}: its cohort is {why}{with_it}.")
    gone: dict[str, list[str]] = {}
    new: dict[str, list[str]] = {}
    for year in published[:-1]:
        same = same_authorities(newest.authorities, year.authorities)
        kept = {found.code for found in same.values()}
        for area in year.authorities:
            if area.code not in kept:
                gone.setdefault(area.name, []).append(str(year.year))
        for one in newest.authorities:
            if one.code not in same:
                new.setdefault(one.name, []).append(str(year.year))
    said += [
        f"{name}: in the figures of {listed(of)}, no longer in those of {newest.year}." for name, of in gone.items()
    ]
    said += [f"{name}: not in the figures of {listed(of)}, so its trend begins later." for name, of in new.items()]
    if spending is not None:
        said += [f"{text}." for text in spending.dropped]
        taken = [id(one) for one in spent.values()]
        left = [one.name or one.code or one.number for one in spending.authorities if id(one) not in taken]
        if left:
            said.append(f"{listed(left)}: in the spending, not in the figures of {newest.year}.")
    rows = len(newest.regions) + (newest.england is not None)
    said.append(f"{counted(rows, 'row')} of regions and England are no partnerships; they fill gaps and check totals.")
    return tuple(said)


def _marks(areas: Sequence[Area]) -> list[str]:
    """Give what was taken as a number and is not plainly one, by column; many of a column are one sentence."""
    said = []
    for name, column in COLUMN_OF.items():
        marked = [(area, area.marked[name]) for area in areas if name in area.marked]
        if len(marked) > MOST_MARKS:
            (area, cell), more = marked[0], len(marked) - 1
            first = f"{column} of {area.name} is {shown(cell)}, taken as {area.figures[name]:g}"
            said.append(f"{first}; so are {more:,} more of the column that are no plain numbers.")
            continue
        for area, cell in marked:
            meant = f"{shown(cell)}, {WHAT_IT_SAYS[cell]}" if cell in ROUNDS_TO_ZERO else shown(cell)
            said.append(f"{area.name}: {column} is {meant}; {area.figures[name]:g} is taken.")
    return said


def _guessed(
    authorities: Sequence[Authority], newest: PublishedYear, spending: Spending | None, a: Assumptions
) -> tuple[str, ...]:
    said = [f"{estimate.sentence()}." for one in authorities for estimate in one.people.estimates]
    said += _marks(newest.authorities)
    for one in authorities if spending is not None else ():
        if one.baseline.how == "per head":
            why = "reported 0 in every year" if 0 in one.baseline.reported else "reported no spending"
            grant = pounds(one.baseline.grant)
            said.append(f"{one.name}: {why}; the mean of the others for each head is taken, {grant} a year.")
        elif one.baseline.how == "in part":
            amounts = [amount for amount in one.baseline.reported if amount is not None]
            count = counted(len(amounts), "year")
            said.append(f"{one.name}: did not report in every year; its grant is the mean of {count}.")
    regions = {one.region for one in authorities}
    for region in sorted(set(a.area_cost_factor.regions) - regions):
        near = did_you_mean(region, regions)
        said.append(f"{region}: its area cost factor is not used, for no authority lies there. {near}".rstrip())
    said.append(
        "Interventions, effects, costs, advisers, room, minimum service and targets are those of assumptions.toml."
    )
    return tuple(said)
