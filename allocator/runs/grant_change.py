"""A grant beside the two yardsticks: the grant of the year before, and the shares of the money as before.

On last year: the grant paid the year before (for the first year baseline_grant), in cash and in real terms.
On shares as before: the same year's money shared out by baseline_grant, as the distribution `historical` does.
"""

from __future__ import annotations

from collections.abc import Collection

from allocator.results import Result, doc
from allocator.scenario.distributions import grants_as_before
from allocator.tables.dataset import DataSet, Floats

# How a change is told in five classes. A change of exactly one or five per cent belongs to the milder class, though
# the solver's arithmetic and whole pounds leave it a little beyond.
CLASSES = ("over 5 % less", "1–5 % less", "within 1 %", "1–5 % more", "over 5 % more")
BOUNDS = (0.01, 0.05)
BESIDE_A_BOUND = 1e-5


class Grant(Result):
    """A grant of a year, or of several years or partnerships together, beside shares as before: £ cash."""

    grant: float = doc("its grant: of the year, or of all years together", "£ cash")
    shares_as_before: float = doc("the same money by baseline share, likewise", "£ cash")

    @property
    def change(self) -> float:
        """The difference on shares as before, £: above 0 for a gain."""
        return self.grant - self.shares_as_before

    @property
    def relative_change(self) -> float | None:
        """The difference as a share of the shares as before; None where those are nothing."""
        return self.change / self.shares_as_before if self.shares_as_before > 0 else None


class YearGrant(Grant):
    """A grant of one year beside both yardsticks.

    last_year: £ cash, the grant paid the year before; of the first year baseline_grant. real_on_last_year: the
    difference as a share of last year's grant, which is put into this year's prices; None in the first year, since the
    tables do not hold the prices before it, and where last year's grant is nothing.
    """

    last_year: float = doc("the grant of the year before; of the first year, baseline_grant", "£ cash")
    real_on_last_year: float | None = doc("change on last year in real terms; null: not known", "share of last_year")

    @property
    def change_on_last_year(self) -> float:
        """The difference on last year, £ cash."""
        return self.grant - self.last_year

    @property
    def relative_on_last_year(self) -> float | None:
        """The difference on last year, in cash, as a share of last year's grant; None where that is nothing."""
        return self.change_on_last_year / self.last_year if self.last_year > 0 else None


def together(grants: Collection[Grant]) -> Grant:
    """Add several grants up as one."""
    return Grant(sum(one.grant for one in grants), sum(one.shares_as_before for one in grants))


def year_grants(d: DataSet, grant: Floats, money: Floats, price_index: Floats) -> tuple[tuple[YearGrant, ...], ...]:
    """Give every grant beside both yardsticks, by partnership and year.

    grant: [p, t] £. money: [t] £ available. price_index: [t] prices as a multiple of the base year's.
    """
    as_before = grants_as_before(d, money, range(len(d.years)))
    risen = [None, *(price_index[1:] / price_index[:-1]).tolist()]
    found = []
    for p, first in enumerate(d.baseline_grant.tolist()):
        by_year = grant[p].tolist()
        before = [first, *by_year[:-1]]
        real = [
            g / (last * prices) - 1 if prices is not None and last > 0 else None
            for g, last, prices in zip(by_year, before, risen, strict=True)
        ]
        rows = zip(by_year, as_before[p].tolist(), before, real, strict=True)
        found.append(tuple(YearGrant(*row) for row in rows))
    return tuple(found)


def class_of(change: float) -> int:
    """Give the position in CLASSES of a relative change."""
    mild, strong = (bound + BESIDE_A_BOUND for bound in BOUNDS)
    if abs(change) <= mild:
        return 2
    step = 2 if abs(change) > strong else 1
    return 2 + step if change > 0 else 2 - step


def class_counts(changes: Collection[float | None]) -> tuple[int, ...]:
    """Give how many relative changes fall into each of CLASSES; those of nothing (None) into none."""
    counts = [0] * len(CLASSES)
    for change in changes:
        if change is not None:
            counts[class_of(change)] += 1
    return tuple(counts)
