"""Every goal by its own line of arithmetic: its value from what is reached and spent, constants included.

Nothing is shared with the functions that build the programme's objective.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.register import Goal
from allocator.register.goals import BENEFIT, CUMULATIVE, FAIREST, FINAL_YEAR, LEAST_COST
from allocator.scenario.settings import Settings
from allocator.solving.solution import Figures
from allocator.tables.dataset import DataSet, Floats


@dataclass(frozen=True, eq=False)
class Reached:
    """What a goal is worked out from.

    f: the plan's figures. counted, lasting: [p, T + tail] young people at the end of each year, those whom the
    targets count and all who were helped. spend: [p, T] £ cash. price_index: [T]. years: indices of the years
    planned. tail: years after them that count.
    """

    d: DataSet
    s: Settings
    f: Figures
    counted: Floats
    lasting: Floats
    spend: Floats
    price_index: Floats
    years: range
    tail: int

    @property
    def weights(self) -> Floats:
        """[p] the equity weight of each partnership."""
        return np.array([self.s.goal.weights.get(p, 1.0) for p in self.d.partnerships])

    @property
    def discount(self) -> Floats:
        """[T + tail] what a unit of each year counts for, seen from the first year of the data."""
        years: Floats = np.arange(self.lasting.shape[1], dtype=np.float64)
        return (1.0 + self.s.goal.discount_rate) ** -years

    @property
    def person_years(self) -> float:
        """Young person-years of the years planned and the tail, weighted and discounted."""
        which = slice(self.years[0], self.years[-1] + self.tail + 1)
        return float((self.weights @ self.lasting)[which] @ self.discount[which])

    @property
    def cost(self) -> float:
        """Spending of the years planned, £ of base-year prices, discounted."""
        real = (self.spend / self.price_index).sum(axis=0)
        return float(real @ self.discount[: len(self.d.years)])


SMALLEST_EFFECT = 1e-9  # fewer NEET a place: what is below is left out of the model

GoalCheck = Callable[[Reached], float]
GOAL_CHECKS: dict[str, GoalCheck] = {}


def goal_check(record: Goal) -> Callable[[GoalCheck], GoalCheck]:
    """Let a function work out the value of a goal."""

    def register(function: GoalCheck) -> GoalCheck:
        GOAL_CHECKS[record.name] = function
        return function

    return register


def goal_of(x: Reached) -> float:
    """Give the goal of a scenario in its own units, constants included."""
    return GOAL_CHECKS[x.s.goal.measure](x)


@goal_check(CUMULATIVE)
def cumulative(x: Reached) -> float:
    """Add up person-years."""
    return x.person_years


@goal_check(FINAL_YEAR)
def final_year(x: Reached) -> float:
    """Add up who is not NEET at the end of the last year planned."""
    return float(x.weights @ x.counted[:, x.years[-1]])


@goal_check(BENEFIT)
def benefit(x: Reached) -> float:
    """Take what is spent from what person-years are worth."""
    return x.s.goal.benefit_per_neet * x.person_years - x.cost


@goal_check(LEAST_COST)
def least_cost(x: Reached) -> float:
    """Add up what is spent."""
    return x.cost


@goal_check(FAIREST)
def fairest(x: Reached) -> float:
    """Find the smallest share of NEET young people by which they fall; nothing where nobody could be helped."""
    last, there = x.years[-1], compared(x.d, x.s, x.years)
    shares = x.counted[there, last] / x.d.neet[there, last].sum(axis=1)
    return float(shares.min()) if len(shares) else 0.0


def compared(d: DataSet, s: Settings, years: range) -> NDArray[np.bool_]:
    """Give the partnerships that `fairest` compares, [p]: with NEET young people whom some place can help by the last
    year.

    An effect too small to be written down helps nobody.
    """
    times = np.array([s.effects.times.get(name, 1.0) for name in d.interventions])
    effect = np.where(np.isnan(d.effect), 0.0, times[:, None] * d.effect)
    uptake = np.where(np.isnan(d.effect), 0.0, d.max_uptake)
    effect = effect * (1.0 - d.displacement)[:, None]
    best = np.maximum(effect[:, :, None] * d.relative_effect[:, None, :], 0.0)  # [i, g, b]
    still = d.persistence[:, None] * d.stays[None, :]  # [i, g]
    helped = np.zeros(len(d.partnerships), dtype=bool)
    for t in years:
        age = years[-1] - t - d.lag
        stands = np.where((age >= 0)[:, None], still ** np.maximum(age, 0)[:, None], 0.0)
        gain = d.effect_multiplier[:, None, None, None] * best * stands[:, :, None]
        most = d.young_people[:, t][:, None, :, None] * (d.width[:, None, :] * uptake[:, :, None])
        helped |= ((gain >= SMALLEST_EFFECT) & (most > 0)).any(axis=(1, 2, 3))
    there: NDArray[np.bool_] = helped & (d.neet[:, years[-1]].sum(axis=1) > 0)
    return there
