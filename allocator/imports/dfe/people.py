"""From published percentages to young people by client group; what is suppressed is estimated, and said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from allocator.errors import AllocatorError
from allocator.imports.dfe.gaps import Estimate, Filled, cohort_of
from allocator.imports.dfe.reading.published import Area, PublishedYear
from allocator.imports.dfe.reading.same_authority import same_authorities


@dataclass(frozen=True)
class People:
    """The young people of an authority in the newest year, persons by client group, and what of them is estimated."""

    groups: Mapping[str, int]
    estimates: tuple[Estimate, ...]


def people_of(area: Area, years: Sequence[PublishedYear]) -> People | None:
    """Give the young people of an authority of the newest year, in whole persons that add up to its cohort, if it has
    one.

    neet and not_known are their published share of the cohort; at_risk are those with special educational needs
    support or an education, health and care plan, less those of them who are NEET or not known; universal the rest.
    Raises AllocatorError where the shares add up to more than the cohort.
    """
    newest = years[-1]
    cohort, estimated = cohort_of(area, years)
    if cohort < 1:
        return None
    per_cent = Filled(area, newest)
    neet, not_known = (round(cohort * per_cent[group] / 100) for group in ("neet", "not_known"))
    if per_cent.split:  # the sum is what is published: it is kept to the person
        not_known = round(cohort * area.figures["together"] / 100) - neet
    at_risk = sum(
        per_cent[part] * (1 - per_cent[f"{part}_out"] / 100) for part in ("plans", "support") if per_cent[part]
    )
    counts = {"neet": neet, "not_known": not_known, "at_risk": round(cohort * at_risk / 100)}
    counts["universal"] = round(cohort) - sum(counts.values())
    if counts["universal"] < 0:
        found = f"{area.name} has {sum(counts.values()) + counts['universal']:,} young people and more NEET, not known"
        raise AllocatorError(
            newest.label, f"{found} and at risk than these", "shares that add up to at most 100 per cent"
        )
    return People(counts, (*([estimated] if estimated else []), *per_cent.estimates))


def growth_of(area: Area, years: Sequence[PublishedYear], otherwise: float) -> tuple[float, str]:
    """Give the growth of a cohort a year, as a share, from the first to the last file, and where it is from.

    An authority that the first file does not have takes England's; where that has no two years, `otherwise`.
    """
    first, last = years[0], years[-1]
    span = last.year - first.year
    for then, now, where in (
        (same_authorities(last.authorities, first.authorities).get(area.code), area, "own"),
        (first.england, last.england, "England's"),
    ):
        if span and then is not None and now is not None:
            before, after = then.figures.get("cohort"), now.figures.get("cohort")
            if before and after and before >= 1:  # a smaller one is no cohort to grow from
                return float((after / before) ** (1 / span) - 1), where
    return otherwise, "assumed"
