"""Estimates for figures that are not published of an authority: first from published sums, then from its region.

The Department publishes sums beside their parts: those NEET or not known beside each of the two; the shares of a cohort
without special educational needs, with support and with a plan, which make up the whole; and how many of each are NEET
or not known, which make up all who are. What a sum leaves for a part that is suppressed is what the sum says it is; a
region's rate would change the sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from allocator.errors import AllocatorError
from allocator.imports.dfe.reading.figures import WHAT_IT_SAYS
from allocator.imports.dfe.reading.published import COLUMN_OF, PERSONS, Area, PublishedYear
from allocator.imports.dfe.reading.same_authority import same_authorities
from allocator.units import people

# A share that a sum leaves is known to within its roundings over the group's size: in points, no more than this serves.
MOST_UNCERTAIN = 3.0
HALF_A_TENTH = 0.05  # points by which rounding may have moved a published per cent


@dataclass(frozen=True)
class Estimate:
    """A figure that is not published for an authority, and what was taken in its place.

    field: "neet", "support_out", "cohort" …; column: its heading. symbol: what stands there. value: per cent, of a
    cohort persons. taken: from where.
    """

    name: str
    field: str
    column: str
    symbol: str
    value: float
    taken: str

    def sentence(self) -> str:
        """Give the estimate in words."""
        said = WHAT_IT_SAYS[self.symbol]
        value = people(self.value) if self.field in PERSONS else f"{round(self.value, 2):g} per cent"
        return f"{self.name}: {self.column} is {said}; {self.taken}, {value}, is taken"


class Filled:
    """The figures of an authority, in per cent, with estimates for those that are not published."""

    def __init__(self, area: Area, year: PublishedYear) -> None:
        """Take an authority of the year, area."""
        self.estimates: list[Estimate] = []
        self.split = False  # whether NEET and not known are both parts of their published sum
        self._area = area
        self._year = year
        self._known = dict(area.figures)

    def __getitem__(self, field: str) -> float:
        """Give the published figure, or the estimate, which is kept as one."""
        if field not in self._known:
            value, taken = self._from_sums(field) or elsewhere(field, self._area, self._year)
            self._known[field] = value
            symbol = self._area.symbols.get(field, "")
            self.estimates.append(Estimate(self._area.name, field, COLUMN_OF[field], symbol, value, taken))
        return self._known[field]

    def _from_sums(self, field: str) -> tuple[float, str] | None:
        if field in ("neet", "not_known"):
            return self._part_of_those_together(field, "not_known" if field == "neet" else "neet")
        if field in ("plans", "support"):
            return self._part_of_the_whole(field, "support" if field == "plans" else "plans")
        return self._out_of_a_part(field.removesuffix("_out"))

    def _part_of_those_together(self, field: str, other: str) -> tuple[float, str] | None:
        published = self._area.figures
        if "together" not in published:
            return None
        said = f"the {published['together']:g} per cent of {COLUMN_OF['together']}"
        if other in published:
            return max(published["together"] - published[other], 0.0), f"{said} less {COLUMN_OF[other]}"
        self.split = True
        share = self._share_of_two(field, other)
        return published["together"] * share, f"its part of {said}, divided as where both are published"

    def _part_of_the_whole(self, field: str, other: str) -> tuple[float, str] | None:
        published = self._area.figures
        if "neither" not in published:
            return None
        rest = f"what {COLUMN_OF['neither']}"
        if other in published:
            left = 100 - published["neither"] - published[other]
            return max(round(left, 1), 0.0) + 0.0, f"{rest} and {COLUMN_OF[other]} leave of 100"
        left = max(round(100 - published["neither"], 1), 0.0)
        return left * self._share_of_two(field, other), f"its part of {rest} leaves of 100"

    def _out_of_a_part(self, part: str) -> tuple[float, str] | None:
        """Give the rate of those with plans, or support, from the rates of all others and of the whole."""
        published = self._area.figures
        other = "support" if part == "plans" else "plans"
        if not {"together", "neither", "neither_out", part, other, f"{other}_out"} <= published.keys():
            return None
        size = published[part]
        others = ("neither", "neither_out", other, f"{other}_out")
        uncertain = HALF_A_TENTH * (100 + sum(published[name] for name in others))
        if size == 0 or uncertain / size > MOST_UNCERTAIN:
            return None
        of_others = sum(published[name] * published[f"{name}_out"] for name in ("neither", other))
        value = min(max((100 * published["together"] - of_others) / size, 0.0), 100.0)
        return round(value, 1), f"what the other groups leave of {COLUMN_OF['together']}"

    def _share_of_two(self, field: str, other: str) -> float:
        """Give the part of a figure in the sum of two, in the region, else in England, else among the other
        authorities.
        """
        region = self._year.regions.get(self._area.region)
        for area in (region, self._year.england):
            if area is not None and {field, other} <= area.figures.keys():
                both = area.figures[field] + area.figures[other]
                if both > 0:
                    return area.figures[field] / both
        value, beside = elsewhere(field, self._area, self._year)[0], elsewhere(other, self._area, self._year)[0]
        return value / (value + beside) if value + beside else 0.5


def elsewhere(field: str, area: Area, year: PublishedYear) -> tuple[float, str]:
    """Give a percentage for an authority that has none, and what it is: its region's, England's, or the others' mean.

    Raises AllocatorError where nobody has one.
    """
    region = year.regions.get(area.region)
    if region is not None and field in region.figures:
        return region.figures[field], f"the figure of {area.region}"
    if year.england is not None and field in year.england.figures:
        return year.england.figures[field], "the figure of England"
    known = [other.figures for other in year.authorities if {field, "cohort"} <= other.figures.keys()]
    total = sum(figures["cohort"] for figures in known)
    if not total:
        found = f"no figure of {COLUMN_OF[field]} for {area.name}, its region, England or any other authority"
        raise AllocatorError(year.label, found, "one at least")
    return sum(figures[field] * figures["cohort"] for figures in known) / total, "the mean of the other authorities"


def cohort_of(area: Area, years: Sequence[PublishedYear]) -> tuple[float, Estimate | None]:
    """Give the cohort of an authority of the newest year, persons, and the estimate where it is not published; 0 for
    none.

    A cohort that is not published is that of March as its region's stand to one another; without one, that of the last
    earlier file, grown as its region, or England, did since.
    """
    if "cohort" in area.figures:
        return area.figures["cohort"], None
    newest = years[-1]
    around = [one for one in (newest.regions.get(area.region), newest.england) if one is not None]
    value, taken = 0.0, ""
    if march := area.figures.get("cohort_march", 0.0):
        ratios = [
            one.figures["cohort"] / one.figures["cohort_march"]
            for one in around
            if one.figures.get("cohort") and one.figures.get("cohort_march")
        ]
        value, taken = march * (ratios[0] if ratios else 1.0), f"by the {march:,.0f} of {COLUMN_OF['cohort_march']}"
    for before in reversed(years[:-1]) if not value else ():
        then = same_authorities(newest.authorities, before.authorities).get(area.code)
        if then is not None and then.figures.get("cohort", 0) >= 1:
            growth = [
                one.figures["cohort"] / earlier.figures["cohort"]
                for one, earlier in (
                    (newest.regions.get(area.region), before.regions.get(area.region)),
                    (newest.england, before.england),
                )
                if one is not None
                and earlier is not None
                and one.figures.get("cohort")
                and earlier.figures.get("cohort")
            ]
            value = then.figures["cohort"] * (growth[0] if growth else 1.0)
            taken = f"by its {then.figures['cohort']:,.0f} of {before.year}"
            break
    if not value:
        return 0.0, None
    symbol = area.symbols.get("cohort", "")
    return value, Estimate(area.name, "cohort", COLUMN_OF["cohort"], symbol, round(value), taken)
