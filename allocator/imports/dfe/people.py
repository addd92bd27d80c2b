"""From published percentages to young people by client group; what is suppressed is estimated, and said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocator.errors import AllocatorError
from allocator.imports.dfe.published import COLUMN_OF, SYMBOLS
from allocator.imports.dfe.rates import same_authority

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from allocator.imports.dfe.published import Area, PublishedYear


@dataclass(frozen=True)
class Estimate:
    """A figure that is not published for an authority, and what was taken in its place.

    field: "neet", "support_out" …; column: its heading. symbol: what stands there. value: per cent. taken: from where.
    """

    name: str
    field: str
    column: str
    symbol: str
    value: float
    taken: str

    def sentence(self) -> str:
        """The estimate in words."""
        said = SYMBOLS[self.symbol]
        return f"{self.name}: {self.column} is {said}; {self.taken}, {self.value:g} per cent, is taken"


@dataclass(frozen=True)
class People:
    """The young people of an authority in the newest year, persons by client group, and what of them is estimated."""

    groups: Mapping[str, int]
    estimates: tuple[Estimate, ...]


def people_of(area: Area, year: PublishedYear) -> People:
    """The young people of an authority whose cohort is published, in whole persons that add up to the cohort.

    neet and not_known are their published share of the cohort; at_risk are those with special educational needs
    support or an education, health and care plan, less those of them who are NEET or not known; universal the rest.
    Raises AllocatorError where the shares add up to more than the cohort.
    """
    estimates: list[Estimate] = []

    def share(field: str) -> float:
        if field not in area.figures:
            value, taken = _in_place_of(field, area, year)
            estimates.append(Estimate(area.name, field, COLUMN_OF[field], area.symbols.get(field, ""), value, taken))
            return value / 100
        return area.figures[field] / 100

    cohort = area.figures["cohort"]
    at_risk = share("plans") * (1 - share("plans_out")) + share("support") * (1 - share("support_out"))
    counts = {
        "neet": round(cohort * share("neet")),
        "not_known": round(cohort * share("not_known")),
        "at_risk": round(cohort * at_risk),
    }
    counts["universal"] = round(cohort) - sum(counts.values())
    if counts["universal"] < 0:
        found = f"{area.name} has {sum(counts.values()) + counts['universal']:,} young people and more NEET, not known"
        raise AllocatorError(
            year.label, f"{found} and at risk than these", "shares that add up to at most 100 per cent"
        )
    return People(counts, tuple(estimates))


def _in_place_of(field: str, area: Area, year: PublishedYear) -> tuple[float, str]:
    """A percentage for an authority that has none, and what it is: its region's, England's, or the others' mean."""
    region = year.regions.get(area.region)
    if region is not None and field in region.figures:
        return region.figures[field], f"the figure of {area.region}"
    if year.england is not None and field in year.england.figures:
        return year.england.figures[field], "the figure of England"
    known = [other.figures for other in year.authorities if {field, "cohort"} <= other.figures.keys()]
    people = sum(figures["cohort"] for figures in known)
    if not people:
        found = f"no figure of {COLUMN_OF[field]} for {area.name}, its region, England or any other authority"
        raise AllocatorError(year.label, found, "one at least")
    return sum(figures[field] * figures["cohort"] for figures in known) / people, "the mean of the other authorities"


def growth_of(area: Area, years: Sequence[PublishedYear], otherwise: float) -> tuple[float, str]:
    """Growth of a cohort a year, as a share, from the first to the last file, and where it is from.

    An authority that the first file does not have takes England's; where that has no two years, `otherwise`.
    """
    first, last = years[0], years[-1]
    span = last.year - first.year
    for then, now, where in (
        (same_authority(area, first), area, "own"),
        (first.england, last.england, "England's"),
    ):
        if span and then is not None and now is not None:
            before, after = then.figures.get("cohort"), now.figures.get("cohort")
            if before and after and before >= 1:  # a smaller one is no cohort to grow from
                return float((after / before) ** (1 / span) - 1), where
    return otherwise, "assumed"
