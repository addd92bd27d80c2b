"""The rolling horizon: each year planned on that year's budget alone, from what the years before leave behind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from allocator.errors import NoPlan
from allocator.programme.formulate import formulate
from allocator.programme.situation import Situation, at_the_start
from allocator.scenario.amounts import over_years
from allocator.scenario.settings import Settings
from allocator.solving.planned import Planned, plan_programme
from allocator.solving.solution import Figures
from allocator.tables.dataset import DataSet, Floats


def believed(d: DataSet, s: Settings, start: Situation, now: Situation, t: int) -> Situation:
    """Give the situation in which year t is planned: its own budget known, later ones taken to be a multiple of it.

    start: the situation at the start, with the money that really comes. now: what the years before t leave.
    """
    years = tuple(range(t, min(t + s.certainty.planning_horizon, len(d.years))))
    known = start.money_of(t)
    money = np.array([known if year == t else s.certainty.assumed_future * known for year in years])
    return replace(now, years=years, money=money, tail_years=s.goal.tail_years if s.certainty.sees_tail else 0)


def carried_out(d: DataSet, now: Situation, planned: Planned) -> Situation:
    """Give what a year leaves behind once it is carried out: advisers, trainees, money, grants, lasting reductions."""
    x, first = planned.stages.programme.decisions, planned.figures
    counted, lasting = now.counted_before.copy(), now.lasting_before.copy()
    t = now.years[0]
    gained = first.places[:, 0][(slice(None), *np.array(x.served).reshape(-1, 3).T)] * x.served_gain  # [p, n]
    for k in range(t, counted.shape[1]):
        counted[:, k] += d.effect_multiplier * (gained @ x.counted[k - t])
        lasting[:, k] += d.effect_multiplier * (gained @ x.lasts[k - t])
    return replace(
        now,
        grants_before=first.grant[:, 0],
        carried_in=first.carry[:, 0],
        advisers_before=first.fte[:, 0],
        trainees_before=first.training[:, 0],
        counted_before=counted,
        lasting_before=lasting,
    )


def solve_year_on_year(d: DataSet, s: Settings, given: Floats | None) -> tuple[Figures, tuple[Planned, ...]]:
    """Plan and carry out one year after another: the years as they came, joined, and each year's own plan.

    Raises NoPlan, with the year, where a year has no plan, and where a limit adds up several years.
    """
    for own in over_years(d, s):
        found = f"the limit {own.limit} adds up all years, which no plan made year on year can keep"
        raise NoPlan("rules", found, fix='Give it the year "every" in the table limits.')
    start = now = at_the_start(d, s)
    plans: list[Planned] = []
    for t, year in enumerate(d.years):
        now = believed(d, s, start, now, t)
        try:
            programme = formulate(d, s, now, given)
            planned = plan_programme(programme, s, year)
        except NoPlan as none:
            raise NoPlan(year, none.found, conflict=none.conflict, repairs=none.repairs, fix=none.fix) from none
        now = carried_out(d, now, planned)
        plans.append(planned)
    return joined([planned.figures for planned in plans]), tuple(plans)


def joined(years: list[Figures]) -> Figures:
    """Give the first year of each plan, one after another."""
    return Figures(
        **{
            name: np.concatenate([getattr(figures, name)[:, :1] for figures in years], axis=1)
            for name in Figures.__dataclass_fields__
        }
    )
