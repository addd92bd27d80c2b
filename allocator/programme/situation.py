"""Where planning stands: the years planned, the money counted on, and what earlier years leave behind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.scenario.amounts import money
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet, Floats


@dataclass(frozen=True, eq=False)
class Situation:
    """The start of a plan: all of it where the whole horizon is planned at once, else one year's view.

    years: indices of the consecutive years planned. money: £ by planned year, known or believed.
    tail_years: years after the last planned in which reductions only persist and still count.
    """

    years: tuple[int, ...]
    money: Floats  # [len(years)] £
    tail_years: int
    grants_before: Floats  # [p] £ paid in the year before the first planned
    carried_in: Floats  # [p] £ carried into the first year planned
    advisers_before: Floats  # [p, a] FTE in post in the year before
    trainees_before: Floats  # [p, a] FTE who trained in the year before
    # reductions from places of earlier years at the end of each year, [p, T + tail]: of those still counted, and of all
    counted_before: Floats
    lasting_before: Floats

    @property
    def last(self) -> int:
        """The last year planned."""
        return self.years[-1]

    def money_of(self, t: int) -> float:
        """Give money of the year t, in pounds."""
        return float(self.money[t - self.years[0]])


def at_the_start(d: DataSet, s: Settings) -> Situation:
    """Give the situation in which the whole horizon is planned at once, from the tables alone."""
    return Situation(
        years=tuple(range(len(d.years))),
        money=money(d, s),
        tail_years=s.goal.tail_years,
        grants_before=d.baseline_grant,
        carried_in=np.zeros(len(d.partnerships)),
        advisers_before=d.workforce,
        trainees_before=np.zeros_like(d.workforce),
        counted_before=np.zeros((len(d.partnerships), len(d.years) + s.goal.tail_years)),
        lasting_before=np.zeros((len(d.partnerships), len(d.years) + s.goal.tail_years)),
    )
