"""Who gains and who loses, on last year and on shares as before, and which rule fixed each number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from allocator.register import distributions
from allocator.results import Result, doc
from allocator.runs.grant_change import Grant, YearGrant, class_counts, together, year_grants
from allocator.runs.plan import Plan
from allocator.scenario.distributions import baseline_in_words

MARGIN = "the margin"
NOT_KNOWN = "not known"
FIXED = "what fixes each grant"  # as Worth.not_in_time names it


class Mover(Grant, kw_only=True):
    """One partnership's grant over the whole horizon beside shares as before, and by year beside both yardsticks."""

    partnership: str = doc("key of the partnership")
    name: str = doc("its name")
    region: str = doc("its region")
    years: tuple[YearGrant, ...]
    fixed_by: str  # the rules that fix its grants, in a few words

    @property
    def lowest_on_last_year(self) -> float | None:
        """Its smallest change from one year to the next, in cash, as a share; None where there was no grant before."""
        return min((r for year in self.years if (r := year.relative_on_last_year) is not None), default=None)


class YearClasses(Result):
    """How many partnerships fall into each of CLASSES on last year, in one year.

    real: in real terms; empty in the first year, since the tables do not hold the prices before it.
    """

    year: str = doc("the year")
    cash: tuple[int, ...] = doc("partnerships in each class, in cash")
    real: tuple[int, ...] = doc("in real terms; none in the first year")


class Movers(Result):
    """All partnerships, those whose grant changes most on shares as before first, and how they fall into classes."""

    movers: tuple[Mover, ...] = doc("a partnership, the largest change first")
    on_shares: tuple[int, ...]  # over all years, as CLASSES; partnerships without such a share are in none
    on_last_year: tuple[YearClasses, ...]
    moved: float  # £ that one partnership gains and another loses on shares as before
    moved_share: float  # of all shares as before
    shares_go_by: str  # what shares as before are reckoned from, in words

    @property
    def new(self) -> tuple[str, ...]:
        """Names of the partnerships that had no grant before the first year, as the data have them."""
        return tuple(sorted(mover.name for mover in self.movers if not mover.years[0].last_year))


def movers(plan: Plan) -> Movers:
    """Give every partnership's grants beside both yardsticks."""
    data, grant = plan.data, plan.solution.figures.grant
    fixed = fixed_by(plan)
    by_year = year_grants(data, grant, plan.recomputed.money, plan.recomputed.price_index)
    found = [
        Mover(
            **vars(together(years)),
            partnership=partnership,
            name=data.partnership_names[p],
            region=data.regions[p],
            years=years,
            fixed_by=in_few_words(data.years, fixed, partnership),
        )
        for p, (partnership, years) in enumerate(zip(data.partnerships, by_year, strict=True))
    ]
    found.sort(key=lambda mover: (-abs(mover.change), mover.partnership))
    total = sum(mover.shares_as_before for mover in found)
    gained = sum(mover.change for mover in found if mover.change > 0)
    lost = -sum(mover.change for mover in found if mover.change < 0)
    moved = min(gained, lost)
    on_last_year = []
    for t, year in enumerate(data.years):
        of_year = [years[t] for years in by_year]
        real = () if t == 0 else class_counts([one.real_on_last_year for one in of_year])
        on_last_year.append(YearClasses(year, class_counts([one.relative_on_last_year for one in of_year]), real))
    return Movers(
        tuple(found),
        class_counts([mover.relative_change for mover in found]),
        tuple(on_last_year),
        moved,
        moved / total if total > 0 else 0.0,
        baseline_in_words(data),
    )


def fixed_by(plan: Plan) -> Mapping[tuple[str, str], tuple[str, ...]] | None:
    """Give the rules that fix a grant, by (partnership, year); one without any stands at the margin.

    Grants that are set go by their distribution. None where it was not asked which rules do, or not found in time.
    """
    d, settings = plan.data, plan.scenario.settings
    if not distributions.of(settings).free:
        return {(p, year): (settings.grants.distribution,) for p in d.partnerships for year in d.years}
    if plan.reasons is None or FIXED in plan.reasons.worth.not_in_time:
        return None
    return {(one.partnership, one.year): one.rules for one in plan.reasons.fixed}


def in_few_words(
    years: Sequence[str], fixed: Mapping[tuple[str, str], tuple[str, ...]] | None, partnership: str
) -> str:
    """Give what fixed a partnership's grants, in a few words: ``max_rise 2004-05``, ``max_fall 2 years``, ``floor,
    cap``.

    fixed: as fixed_by gives it.
    """
    if fixed is None:
        return NOT_KNOWN
    names: dict[str, list[str]] = {}
    for year in years:
        for rule in fixed.get((partnership, year), ()):
            names.setdefault(rule, []).append(year)
    if not names:
        return MARGIN
    if len(names) > 1:
        return ", ".join(names)
    ((rule, when),) = names.items()
    if len(when) == len(years):
        return rule
    return f"{rule} {when[0]}" if len(when) == 1 else f"{rule} {len(when)} years"
