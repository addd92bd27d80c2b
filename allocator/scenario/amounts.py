"""The amounts that a plan is made with: what the scenario says where it does, else what the tables say; and draws.

Draws of what is uncertain hang together and are the same for the same seed. Effects of different interventions share a
part of their error: corr = `risk.common`. One intervention's effects on its groups move together: one standardised draw
serves them all. Inputs of another kind err by themselves, likewise with a part in common.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from allocator.register import distributions
from allocator.register.place import NATIONAL
from allocator.register.quantities import QUANTITIES
from allocator.register.rules import LIMIT
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet, Floats, Limit, Target


def money(data: DataSet, settings: Settings) -> Floats:
    """Give the money of each year, £ cash [T]: budget · budget.scale − budget.reserve.

    A budget in `budget.by_year` stands in place of the years table's.
    """
    budget = settings.budget
    return np.array(
        [
            budget.by_year.get(year, float(data.budget[t])) * budget.scale_of(year) - budget.reserve
            for t, year in enumerate(data.years)
        ]
    )


def with_money(data: DataSet, settings: Settings, there: Floats) -> Settings:
    """Give the settings with other money, [t] £ cash, of which nothing is kept back."""
    by_year = dict(zip(data.years, there.tolist(), strict=True))
    return settings.changed(budget={"by_year": by_year, "scale": 1.0, "reserve": 0.0})


def price_index(data: DataSet, settings: Settings) -> Floats:
    """Give prices of each year as a multiple of the base year's, [T]: by `prices.inflation` where that is set."""
    inflation = settings.prices.inflation
    return data.price_index if inflation is None else (1.0 + inflation) ** _years_on(data)


def pay_index(data: DataSet, settings: Settings) -> Floats:
    """Give the salaries of each year as a multiple of the base year's, [T]: by `prices.pay` where that is set.

    Else the years table's, and where it has none as prices go.
    """
    if settings.prices.pay is not None:
        return (1.0 + settings.prices.pay) ** _years_on(data)
    return np.where(np.isnan(data.pay_index), price_index(data, settings), data.pay_index)


def effect_times(data: DataSet, settings: Settings) -> Floats:
    """Give what each intervention's effects are multiplied by, [I]: 1 where `effects.times` does not name it."""
    return np.array([settings.effects.times.get(name, 1.0) for name in data.interventions])


def planned_effects(data: DataSet, settings: Settings) -> Floats:
    """Give the effects that a plan is made with, [I, G], nan where nothing is offered: the table's, `effects.times`
    over.
    """
    return data.effect * effect_times(data, settings)[:, None]


def planned_errors(data: DataSet, settings: Settings) -> Floats:
    """Give the standard errors of those effects, [I, G]."""
    return data.standard_error * effect_times(data, settings)[:, None]


def formula_share(settings: Settings, year: str) -> float:
    """Give the least share of the formula's grant in a year; 0 where none is named."""
    share = settings.grants.formula_share
    return (share.get(year, 0.0) if isinstance(share, dict) else share) or 0.0


def base_year(data: DataSet) -> int | None:
    """Give the year whose prices the tables' costs are in: the first with a price_index of 1; None where none has."""
    return next((t for t, index in enumerate(data.price_index.tolist()) if index == 1), None)


def _years_on(data: DataSet) -> Floats:
    """Give how many years each year is after the base year, [T]; after the first where there is no base year."""
    return np.arange(len(data.years), dtype=np.float64) - (base_year(data) or 0)


def limits(data: DataSet, settings: Settings) -> tuple[Limit, ...]:
    """Give the limits of the planner's own that act: those on grants only where the distribution leaves grants free."""
    free = distributions.of(settings).free
    acting = data.limits if LIMIT.in_force(settings) else ()
    return tuple(own for own in acting if free or not QUANTITIES[own.of].of_grants)


def over_years(data: DataSet, settings: Settings) -> tuple[Limit, ...]:
    """Give those of them that add up several years, which planning year on year cannot keep."""
    return tuple(own for own in limits(data, settings) if any(len(years) > 1 for years in own.periods))


def targets(data: DataSet, settings: Settings) -> tuple[Target, ...]:
    """Give every target, in canonical order: the table's, with `targets.national` in place of its national rows."""
    named = settings.targets.national
    national = tuple(
        Target(NATIONAL, "", t, None, named[year], tuple(range(len(data.partnerships))))
        for t, year in enumerate(data.years)
        if year in named
    )
    kept = tuple(aim for aim in data.targets if aim.scope != NATIONAL or data.years[aim.year] not in named)
    return tuple(sorted((*kept, *national), key=lambda aim: (aim.scope, aim.name, aim.year)))


# --- draws ----------------------------------------------------------------------------------------------------------

Kind = Literal["effects", "persistence", "effect_multiplier", "unit_cost", "neet"]
KINDS: tuple[Kind, ...] = ("effects", "persistence", "effect_multiplier", "unit_cost", "neet")


def standardised(draws: int, count: int, common: float, seed: int, kind: Kind = "effects") -> Floats:
    """Give standard normal errors of inputs of one kind, [draw, input], any two with correlation `common`.

    The random numbers do not depend on `common`, so that answers at 0, as set and 1 differ by it alone, nor on the
    inputs of other kinds.
    """
    number = KINDS.index(kind)
    random = np.random.Generator(np.random.PCG64([seed, number] if number else seed))
    shared, own = random.standard_normal((draws, 1)), random.standard_normal((draws, count))
    errors: Floats = np.sqrt(common) * shared + np.sqrt(1.0 - common) * own
    return errors


def drawn_effects(d: DataSet, s: Settings) -> Floats:
    """Draw effects as a cautious plan takes them, [draw, pair of DataSet.offers]: risk.draws of them, none beyond
    ±1.
    """
    i, g = np.array(d.offers).T
    errors = standardised(s.risk.draws, len(d.interventions), s.risk.common, s.risk.seed)
    drawn: Floats = np.clip(planned_effects(d, s)[i, g] + planned_errors(d, s)[i, g] * errors[:, i], -1.0, 1.0)
    return drawn
