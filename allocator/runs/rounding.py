"""Grants in whole pounds for letters and headlines: as near to the plan's as the money and the rules on grants let be.

A grant that stands at its cap and is rounded up passes it by pence, and a year's grants, each to the nearest pound,
may add up to a pound more than there is. So each grant is the whole pound below it or above it, such that, the first
before the second:

1. no year's grants add up to more than the year's money;
2. no floor is missed, no cap, largest fall or largest rise is passed, and the planner's own limits on grants are kept;
3. a year's grants add up to the whole pound nearest to their own sum;
4. each is as near to the plan's as can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from allocator.recompute.figures import Recomputed
from allocator.recompute.rules import RuleRows, Sense
from allocator.register.place import Place
from allocator.register.quantities import TO_LAST_YEAR, limit_of, quantity_of
from allocator.register.rules import LIMIT, RULES
from allocator.tables.dataset import DataSet, Floats, Integers

Flags = npt.NDArray[np.bool_]

_DECIMALS = 4  # of a pound: limits are worked out in doubles, and what passes one by less does not pass it
_AT_ONCE = 3  # years; longer horizons are rounded so many years at a time
# What is worth how much in the search: each far more than all that the next can come to.
_MONEY, _LIMIT, _SUM = 1e13, 1e8, 1e4
_DECIMAL = 10.0**-_DECIMALS


@dataclass(frozen=True, eq=False)
class SumLimit:
    """What a sum of grants should keep: least <= sum[p, t] by_year[t] * grant[p, t] <= most over its members.

    members: [p] whose grants it adds up. by_year: [t] how often each year's grants count. least, most: £.
    """

    members: Flags
    by_year: Floats
    least: float = -np.inf
    most: float = np.inf

    @property
    def of_one(self) -> bool:
        """Whether it is of a single partnership."""
        return int(self.members.sum()) == 1

    def of(self, grants: Floats) -> float:
        """Give the sum that grants [p, t] add up to, £."""
        return float((grants[self.members] @ self.by_year).sum())

    def passed(self, sums: Floats) -> Floats:
        """Give what it costs that sums, £ of any shape, lie outside."""
        return _passed(np.maximum(self.least - sums, sums - self.most))


@dataclass(frozen=True, eq=False)
class GrantLimits:
    """What whole pounds should keep, all but sums [p, t].

    least, most: £, infinite where there is none. fall, rise: a grant lies between these multiples of the year
    before's; 0 and infinity where they may be any. Those of the first year are not looked at. sums: what grants that
    are added up should keep.
    """

    least: Floats
    most: Floats
    fall: Floats
    rise: Floats
    sums: tuple[SumLimit, ...] = ()


def no_limits(shape: tuple[int, ...]) -> GrantLimits:
    """Give limits that say nothing, for grants of a shape [p, t]."""
    return GrantLimits(np.zeros(shape), np.full(shape, np.inf), np.zeros(shape), np.full(shape, np.inf))


def grant_limits(d: DataSet, grant: Floats, rules: Iterable[RuleRows]) -> GrantLimits:
    """Give the limits of single grants that the rules in force set, from their rows for the plan. grant: [p, t] £."""
    found = no_limits(grant.shape)
    sums: list[SumLimit] = []
    place = {(p, t): (n, m) for n, p in enumerate(d.partnerships) for m, t in enumerate(d.years)}
    for family in rules:
        if family.rule == LIMIT.name:
            for at, right in zip(family.places, family.right.tolist(), strict=True):
                if quantity_of(at).of_grants:
                    sums.append(_own_limit(d, at, family.sense, right))
        if not (record := RULES[family.rule]).on_single_grants:
            continue
        for row, right in zip(family.places, family.right.tolist(), strict=True):
            p, t = place[row.partnership, row.year]
            if record.last_year and t:
                multiples = found.fall if record.last_year < 0 else found.rise
                multiples[p, t] = right / grant[p, t - 1] if grant[p, t - 1] > 0 else multiples[p, t]
            elif family.sense == "<=":
                found.most[p, t] = min(found.most[p, t], right)
            else:
                found.least[p, t] = max(found.least[p, t], right)
    return replace(found, sums=tuple(sums))


def _own_limit(d: DataSet, at: Place, sense: Sense, right: float) -> SumLimit:
    """Give the row of a planner's own limit on grants. right: £, its amount.

    Of last year's grants, from the second year on, its multiple is taken from the table, for they are rounded too.
    """
    members = np.array([at.covers(p, region) for p, region in zip(d.partnerships, d.regions, strict=True)])
    by_year = np.ones(len(d.years))
    if at.year:
        t = d.years.index(at.year)
        by_year = (np.arange(len(d.years)) == t).astype(np.float64)
        if quantity_of(at) is TO_LAST_YEAR and t:
            own = next(own for own in d.limits if own.limit == limit_of(at))
            times = own.most if sense == "<=" else own.least
            by_year[t - 1], right = -(times or 0.0), 0.0
    return SumLimit(members, by_year, -np.inf if sense == "<=" else right, np.inf if sense == ">=" else right)


def whole_pounds(grants: Floats, money: Floats, limits: GrantLimits | None = None) -> Integers:
    """Give grants [p, t], £ and at least 0, in whole pounds, at most £1 from the plan's; the same on every machine.

    money: [t] £ that there is. limits: what is to be kept wherever it can be; None for nothing.
    Raises ValueError for a grant that is negative or not finite.
    """
    if not np.isfinite(grants).all() or (grants < 0).any():
        raise ValueError("grants to be rounded must be finite and at least 0")
    limits = no_limits(grants.shape) if limits is None else limits
    rounded: Integers = np.floor(grants).astype(np.int64)
    for first in range(0, grants.shape[1], _AT_ONCE):
        years = slice(first, first + _AT_ONCE)
        before = rounded[:, first - 1].astype(np.float64) if first else None
        # Years before are whole pounds by now, those that follow the plan's own.
        others = np.concatenate([rounded[:, :first], np.zeros_like(grants[:, years]), grants[:, years.stop :]], axis=1)
        here = _of_years(limits, years, others)
        rounded[:, years] += _raised(grants[:, years], money[years], here, before)
    return rounded


def more_than_the_money(d: DataSet, rounded: Sequence[float], worked: Recomputed) -> list[str]:
    """Give the years whose grants in whole pounds add up to more than there is.

    rounded: as a table has them, year by year.
    """
    sums = np.reshape(np.array(rounded, dtype=np.float64), (len(d.partnerships), len(d.years))).sum(axis=0)
    there = np.floor(np.round(worked.money, _DECIMALS))
    return [
        f"whole pounds of {d.years[t]} add up to £{sums[t]:,.0f}, there are £{there[t]:,.0f}"
        for t in np.flatnonzero(sums > there)
    ]


def _of_years(limits: GrantLimits, years: slice, others: Floats) -> GrantLimits:
    """Give the limits of some years. others: [p, t] £, the grants of the other years, 0 in these."""
    sums = [
        replace(one, by_year=one.by_year[years], least=one.least - one.of(others), most=one.most - one.of(others))
        for one in limits.sums
        if one.by_year[years].any()
    ]
    least, most, fall, rise = (part[:, years] for part in (limits.least, limits.most, limits.fall, limits.rise))
    return GrantLimits(least, most, fall, rise, tuple(sums))


def _passed(by: Floats) -> Floats:
    """Give what limits cost that are passed by so many pounds; nothing where that is not above 0."""
    passed = np.maximum(np.round(by, _DECIMALS), 0.0)
    cost: Floats = _LIMIT * (passed > 0) + _LIMIT / 100 * passed
    return cost


def _raised(grants: Floats, money: Floats, limits: GrantLimits, before: Floats | None) -> Integers:
    """Give 1 where a grant is rounded up, [p, t]. before: the whole pounds of the year before the first; None: none.

    A partnership's years are rounded together, in one of the patterns of ups and downs. Each begins with the best for
    itself alone; then two partnerships at a time change to the patterns that are worth most for all, until none are.
    """
    down = np.floor(grants)
    count, years = grants.shape
    patterns = (np.arange(2**years)[:, None] >> np.arange(years)) & 1  # [k, t]
    cost = _costs(down, grants - down, patterns, limits, before)
    room = np.floor(np.round(money, _DECIMALS)) - down.sum(axis=0)  # [t] how many may be rounded up
    wanted = np.minimum(np.rint((grants - down).sum(axis=0)), room)
    taken = cost.argmin(axis=1)  # the pattern of each partnership
    several = [one for one in limits.sums if not one.of_one]
    within = np.array([one.members for one in several], dtype=np.bool_).reshape(len(several), count)

    def cost_of_sums(sums: Floats | Integers) -> Floats:
        total: Floats = (_MONEY * np.maximum(sums - room, 0.0) + _SUM * np.abs(sums - wanted)).sum(axis=-1)
        return total

    while True:
        moves = (patterns - patterns[taken][:, None]).reshape(-1, years)  # what each change does to the years' sums
        worth = (cost - cost[np.arange(count), taken][:, None]).ravel()
        listed = _cheapest_two(moves, worth, len(patterns), within)
        sums = patterns[taken].sum(axis=0)
        together = cost_of_sums(sums + moves[listed][:, None] + moves[listed][None])
        together += worth[listed][:, None] + worth[listed][None] - cost_of_sums(sums)
        owner = listed // len(patterns)
        for own in several:
            added = np.where(own.members[owner], moves[listed] @ own.by_year, 0.0)
            there = own.of(down + patterns[taken])
            together += own.passed(there + added[:, None] + added[None]) - own.passed(np.array(there))
        stays = taken[owner] == listed % len(patterns)  # no change at all, beside which another is one alone
        together[(owner[:, None] == owner[None]) & ~(stays[:, None] | stays[None])] = 0.0  # a partnership changes once
        one, other = np.unravel_index(int(together.argmin()), together.shape)
        if together[one, other] > -_DECIMAL:
            raised: Integers = patterns[taken]
            return raised
        for change in (one, other):
            if not stays[change]:
                taken[owner[change]] = listed[change] % len(patterns)


def _costs(down: Floats, remainder: Floats, patterns: Integers, limits: GrantLimits, before: Floats | None) -> Floats:
    """Give what each pattern of ups and downs costs, [p, k]: limits that are passed, then pounds from the plan."""
    values = down[:, None] + patterns  # [p, k, t]
    cost: Floats = np.abs(patterns - remainder[:, None]).sum(axis=-1)
    least, most = (side[:, None].repeat(len(patterns), axis=1) for side in (limits.least, limits.most))
    last = (
        values[:, :, :-1]
        if before is None
        else np.concatenate([np.broadcast_to(before[:, None, None], (*values.shape[:2], 1)), values[:, :, :-1]], axis=2)
    )
    following = slice(values.shape[2] - last.shape[2], None)
    least[:, :, following] = np.maximum(least[:, :, following], limits.fall[:, None, following] * last)
    with np.errstate(invalid="ignore"):  # no pounds times no limit is no limit
        rise = limits.rise[:, None, following] * last
    most[:, :, following] = np.minimum(most[:, :, following], np.where(np.isnan(rise), np.inf, rise))
    cost += _passed(np.maximum(least - values, values - most)).sum(axis=-1)
    for one in limits.sums:
        if one.of_one:
            cost[one.members] += one.passed(values[one.members] @ one.by_year)
    # a whole pound stays as it is
    cost[((patterns == 1) & (remainder == 0)[:, None]).any(axis=-1)] = np.inf
    return cost


def _cheapest_two(moves: Integers, worth: Floats, patterns: int, within: Flags) -> Integers:
    """Give the numbers of the changes worth looking at: of those that do the same to the sums two of two partnerships.

    within: [limit, p] whose grants the limits on sums add up.
    """
    alike = (moves + 1) @ 3 ** np.arange(moves.shape[1])
    if len(within):
        kinds = np.unique(within, axis=1, return_inverse=True)[1].ravel()
        alike = alike + 3 ** moves.shape[1] * kinds[np.arange(len(moves)) // patterns]
    order = np.lexsort((worth, alike))
    listed: list[int] = []
    for group in np.split(order, np.flatnonzero(np.diff(alike[order])) + 1):
        others = group[group // patterns != group[0] // patterns]
        listed += [int(group[0]), *map(int, others[:1])]
    return np.array(listed)
