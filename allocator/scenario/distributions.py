"""The money of each year and the grants that a distribution sets, in pounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from allocator.errors import ConflictTerm, NoPlan
from allocator.register import Distribution, distributions
from allocator.register.distributions import EQUAL, FORMULA, GIVEN, HISTORICAL
from allocator.register.rules import DISTRIBUTION, FORMULA_FLOOR, NATIONAL
from allocator.scenario.grants_file import read_given
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet, Floats

__all__ = [
    "baseline_shares",
    "formula_grants",
    "formula_of_blend",
    "formula_shares",
    "grants_as_before",
    "read_given",
    "set_grants",
]

# Grants paid before come from a solver, to about this share: what differs by less is equal.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Sharing:
    """What a distribution sets grants by: the arguments of set_grants."""

    data: DataSet
    settings: Settings
    money: Floats  # [len(years)] £
    grants_before: Floats  # [P] £
    years: Sequence[int]
    given: Floats | None  # [P, T] £


Setter = Callable[[Sharing], "Floats"]
SETTERS: dict[str, Setter] = {}


def sets(record: Distribution) -> Callable[[Setter], Setter]:
    """Let a function set the grants of a distribution, £ [P, len(years)]."""

    def register(setter: Setter) -> Setter:
        SETTERS[record.name] = setter
        return setter

    return register


def set_grants(
    data: DataSet,
    settings: Settings,
    money: Floats,
    grants_before: Floats,
    years: Sequence[int],
    given: Floats | None = None,
) -> Floats | None:
    """Give the grants that the distribution sets, £ [P, len(years)]; None where it leaves them free.

    years: consecutive indices into DataSet.years. money: £ of those years. grants_before: £ paid to each
    partnership in the year before the first of them. given: £ [P, T], needed where grants are given.
    Raises NoPlan where a formula's minimum funding guarantee asks for more than the money, or where grants are
    historical and all partnerships are new, without an entry_grant.
    """
    distribution = distributions.of(settings)
    if distribution.free:
        return None
    return SETTERS[distribution.name](Sharing(data, settings, money, grants_before, years, given))


@sets(FORMULA)
def _formula(x: Sharing) -> Floats:
    """Share each year's money out by the needs formula."""
    return formula_grants(x.data, x.settings, x.money, x.grants_before, x.years)


@sets(HISTORICAL)
def _historical(x: Sharing) -> Floats:
    """Share each year's money out as before; raises NoPlan where all partnerships are new, without an entry_grant."""
    if not _baselines(x.data).any():
        first = x.data.years[x.years[0]]
        raise NoPlan(
            "rules",
            "no partnership has a baseline_grant or an entry_grant, so no grants are known to go by",
            conflict=(
                ConflictTerm(
                    rule=DISTRIBUTION.name, place=first, year=first, amount=0.0, unit="£", asked=True, said=""
                ),
            ),
            fix="Give each new partnership an entry_grant, or choose another grants.distribution.",
        )
    return grants_as_before(x.data, x.money, x.years)


@sets(EQUAL)
def _equal(x: Sharing) -> Floats:
    """Give each young person of a year the same amount."""
    return np.column_stack([_shares(x.data.young_people[:, t].sum(axis=1)) for t in x.years]) * x.money


@sets(GIVEN)
def _given(x: Sharing) -> Floats:
    """Give what a file says."""
    if x.given is None:
        raise ValueError(f"the distribution '{GIVEN.name}' needs the grants that are given")
    return x.given[:, list(x.years)]


def grants_as_before(data: DataSet, money: Floats, years: Sequence[int]) -> Floats:
    """Share as before: each year's money by baseline_shares, £ [P, len(years)]. money: £ of those years."""
    return np.column_stack([baseline_shares(data, t) for t in years]) * money


def baseline_shares(data: DataSet, year: int) -> Floats:
    """Give each partnership's share of the money as before, [P], adding up to 1.

    Of baseline grants, and of the entry grants of new partnerships; where all of these are 0 of young people.
    """
    grants = _baselines(data)
    return _shares(grants if grants.any() else data.young_people[:, year].sum(axis=1))


def baseline_in_words(data: DataSet) -> str:
    """Give what baseline_shares go by: ``baseline grant``, and what a new partnership's are reckoned from."""
    if not _baselines(data).any():
        return "young people, since no partnership has a grant to go by"
    if data.baseline_grant.all():
        return "baseline grant"
    return "baseline grant, a new one's by its entry grant" if data.baseline_grant.any() else "entry grant"


def _baselines(data: DataSet) -> Floats:
    """Give what a partnership's share as before is reckoned from, £ [P]: its baseline grant, or a new one's entry
    grant.
    """
    return np.where(data.baseline_grant > 0, data.baseline_grant, data.entry_grant)


def formula_grants(
    data: DataSet, settings: Settings, money: Floats, grants_before: Floats, years: Sequence[int]
) -> Floats:
    """Give the needs formula's grants, £ [P, len(years)], with its minimum funding guarantee where that is in force.

    Arguments as in set_grants. Raises NoPlan where the guaranteed minimums alone exceed a year's money.
    """
    minimum_change = settings.grants.formula.minimum_change
    grants = np.empty((len(data.partnerships), len(years)))
    last = grants_before
    for column, (t, available) in enumerate(zip(years, money, strict=True)):
        grant = available * formula_shares(data, settings, t)
        if minimum_change is not None:
            grant = _at_least((1 + minimum_change) * last, grant, available, data.years[t])
        grants[:, column] = last = grant
    return grants


def formula_of_blend(
    data: DataSet, settings: Settings, money: Floats, grants_before: Floats, years: Sequence[int]
) -> Floats | None:
    """Give the formula's grants where the rule formula_floor rests on them, £ [P, len(years)]; else None.

    Arguments as in set_grants. Raises NoPlan as formula_grants.
    """
    if not FORMULA_FLOOR.in_force(settings):
        return None
    return formula_grants(data, settings, money, grants_before, years)


def formula_shares(data: DataSet, settings: Settings, year: int) -> Floats:
    """Give each partnership's share of the money by the needs formula alone, [P], adding up to 1."""
    formula = settings.grants.formula
    parts = (
        (formula.young_people, data.young_people[:, year].sum(axis=1)),
        (formula.neet, data.neet[:, year].sum(axis=1)),
    )
    need = np.zeros(len(data.partnerships))
    if formula.baseline > 0:
        need += formula.baseline * baseline_shares(data, year)
    for weight, numbers in parts:
        if weight > 0:
            need += weight * _shares(numbers)
    return _shares(need * data.area_cost_factor if formula.area_costs else need)


def _shares(numbers: Floats) -> Floats:
    return numbers / numbers.sum()


def _at_least(low: Floats, grant: Floats, available: float, year: str) -> Floats:
    """Give the formula's grants of one year with none below its low, adding up to the money available.

    A grant below its low becomes the low; every other keeps the same share of what it stands above its low.
    """
    lows = float(low.sum())
    if lows > available * (1 + _ROUNDING):
        raise NoPlan(
            "rules",
            f"the formula's guaranteed minimums of {year} add up to £{lows:,.2f}, its money is £{available:,.2f}",
            conflict=tuple(
                ConflictTerm(rule=rule.name, place=year, year=year, amount=amount, unit="£", asked=asked, said="")
                for rule, amount, asked in ((DISTRIBUTION, lows, True), (NATIONAL, float(available), False))
            ),
            fix='Lower grants.formula.minimum_change, take it away with "none", or raise the year\'s budget.',
        )
    above = grant > low
    if not above.any():
        return low
    # What is left for those above their lows, as a share of what they stand above them: between 0 and 1.
    kept = (available - lows) / float((grant - low)[above].sum())
    return np.where(above, low + kept * (grant - low), low)
