"""A solved scenario asked again with something changed: more money, fewer posts, a rule off.

Settled stays in the solver and is asked from where it stands; what is planned year on year is planned again from
the first year that the change concerns, since each year rests on the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from allocator.errors import NoPlan
from allocator.programme.formulate import formulate
from allocator.programme.situation import Situation, at_the_start
from allocator.register import Place, distributions
from allocator.register.rules import HEADCOUNT, NATIONAL, TRAINING_PLACES, moves_with_money, names, of_group
from allocator.runs.findings import GoalChange
from allocator.runs.plan import judge
from allocator.scenario.amounts import money, with_money
from allocator.scenario.distributions import set_grants
from allocator.scenario.settings import Settings
from allocator.solving.planned import Planned, plan_as_it_stands, plan_programme
from allocator.solving.session import from_pounds
from allocator.solving.solution import Figures
from allocator.solving.stages import Best
from allocator.solving.year_on_year import believed, carried_out, joined
from allocator.tables.dataset import DataSet, Floats
from allocator.tolerances import SOLVED_TO
from allocator.what_if.cases import shortfall_of


@dataclass(frozen=True)
class Change:
    """What is asked: amounts added by year of the data, none where left out, and whether something is ruled out.

    money: £. posts: FTE, on the headcount limit. training: training places. off: the name of a rule, or
    of a group, that is switched off; several joined by +.
    """

    money: tuple[float, ...] = ()
    posts: tuple[float, ...] = ()
    training: tuple[float, ...] = ()
    no_redundancies: bool = False
    off: str = ""

    def named(self, years: Sequence[str]) -> str:
        """Give the question in words: ``money 2004-05 more``, ``posts every year less``, ``without channel``."""
        if self.no_redundancies or self.off:
            return f"without {self.off or 'redundancies'}"
        for of, amounts in (("money", self.money), ("posts", self.posts), ("training", self.training)):
            changed = [t for t, amount in enumerate(amounts) if amount]
            if changed:
                when = years[changed[0]] if len(changed) == 1 else "every year"
                return f"{of} {when} {'more' if amounts[changed[0]] > 0 else 'less'}"
        return "nothing"

    def first_year(self, planning_horizon: int) -> int:
        """Give the first year of the data whose plan it concerns, planned year on year over so many years.

        Money becomes known in its own year; limits on posts and training are known to every plan that reaches them.
        """
        if self.no_redundancies or self.off:
            return 0
        seen = ((self.money, 1), (self.posts, planning_horizon), (self.training, planning_horizon))
        first = [max(0, t - ahead + 1) for added, ahead in seen for t, amount in enumerate(added) if amount]
        return min(first, default=0)


@dataclass(frozen=True)
class Reached:
    """What a plan reaches. soft: the sum of shortfalls, each a share of its requirement. goal: in its own unit.

    prices: what one pound more of each year's money is worth there, from the duals; empty where they do not say.
    """

    soft: float
    goal: float
    prices: tuple[float, ...] = ()


def gained(base: Reached | Best, reached: Reached | Best) -> GoalChange:
    """Give what one plan reaches more than another, goal and shortfall; what is below the solver's precision is 0."""
    goal, soft = reached.goal - base.goal, reached.soft - base.soft
    least = SOLVED_TO * max(1.0, abs(base.goal))
    return GoalChange(goal if abs(goal) > least else 0.0, soft if abs(soft) > SOLVED_TO else 0.0)


class WhatIf(Protocol):
    """A solved scenario that answers what a change would bring."""

    data: DataSet
    settings: Settings
    figures: Figures
    base: Reached
    late: set[Change]  # what found no answer in the time there was

    def reached(self, change: Change) -> Reached | None:
        """Give what the best plan reaches with the change; None where there is none."""

    def plan(self, change: Change) -> Figures | None:
        """Give the plan itself with the change, in pounds; None where there is none."""


def changed_data(d: DataSet, s: Settings, change: Change) -> tuple[DataSet, Settings]:
    """Give the data and settings with a change put in. Amounts below zero raise NoPlan."""
    if change.money:
        there = money(d, s) + np.array(change.money)
        _not_below_zero(there, "money")
        s = with_money(d, s, there)
    if change.posts:
        limit = d.headcount_limit * s.workforce.headcount_scale + np.array(change.posts)
        _not_below_zero(limit, "posts")
        d = replace(d, headcount_limit=limit)
        s = s.changed(workforce={"headcount_scale": 1.0})
    if change.training:
        places = d.training_places + np.array(change.training)
        _not_below_zero(places, "training places")
        d = replace(d, training_places=places)
    if change.off:
        s = s.changed(rules={"off": (*s.rules.off, *_rules_off(change))})
    return d, s


def _rules_off(change: Change) -> tuple[str, ...]:
    return tuple(rule for name in change.off.split("+") for rule in of_group(name))


def _not_below_zero(amounts: Floats, what: str) -> None:
    if amounts.min(initial=0.0) < 0:
        raise NoPlan("rules", f"there would be less than no {what}")


class Settled:
    """A settlement in the solver. Every question leaves it as it was."""

    def __init__(self, d: DataSet, s: Settings, planned: Planned, given: Floats | None = None) -> None:
        """Take a plan as solve_data gave it, with nothing changed since. given: [p, t] £ where the grants are given."""
        self.data, self.settings, self.given, self.figures = d, s, given, planned.figures
        self.late: set[Change] = set()
        self.stages = planned.stages
        self.best = self.stages.best()
        self.base = self._reached(self.best)
        self._basis = self.stages.session.basis()
        self._starts = self.stages.starts

    def reached(self, change: Change) -> Reached | None:
        """Give what the best plan reaches with the change; None where there is none."""
        families = self._families(change)
        try:
            self._put(change, families)
            return self._reached(self.stages.best())
        except NoPlan:
            return None
        finally:
            self.restore(families)

    def plan(self, change: Change) -> Figures | None:
        """Give the plan itself with the change, in pounds; None where there is none."""
        families = self._families(change)
        try:
            self._put(change, families)
            return plan_as_it_stands(self.stages).figures
        except NoPlan:
            return None
        finally:
            self.restore(families)

    def restore(self, families: tuple[str, ...] = ()) -> None:
        """Put back the amounts of some rules and all bounds, and the basis of the plan."""
        start = at_the_start(self.data, self.settings)
        granted = set_grants(self.data, self.settings, start.money, start.grants_before, start.years, self.given)
        self.stages.restate(families, data=self.data, settings=self.settings, now=start, grants_set=granted)
        self.stages.session.start_from(self._basis)
        self.stages.starts = self._starts

    def _families(self, change: Change) -> tuple[str, ...]:
        limited = ((HEADCOUNT.name, change.posts), (TRAINING_PLACES.name, change.training))
        families = [name for name, added in limited if added]
        if change.money:
            families += names(lambda rule: rule.rests_on_money)
        if change.off:
            families += _rules_off(change)
        return tuple(families)

    def _put(self, change: Change, families: tuple[str, ...]) -> None:
        d, s = changed_data(self.data, self.settings, change)
        now = at_the_start(d, s)
        granted = set_grants(d, s, now.money, now.grants_before, now.years, self.given)
        self.stages.restate(families, data=d, settings=s, now=now, grants_set=granted)
        if change.no_redundancies:
            variables = self.stages.programme.decisions.redundancies.values()
            columns = self.stages.session.column_of[[variable.id for variable in variables]]
            nobody = np.zeros(len(columns))
            self.stages.session.keep_bounds(columns, nobody, nobody)

    def _reached(self, best: Best) -> Reached:
        """Give what a best plan reaches; its duals are the worth of money only where grants are free and no shortfall
        comes before the goal.

        Some solvers give none.
        """
        if (
            best.soft > 0
            or not distributions.of(self.settings).free
            or moves_with_money(self.data, self.settings)
            or not len(best.answer.duals)
        ):
            return Reached(best.soft, best.goal)
        rows = [self.stages.row_of[NATIONAL.name, Place(year=year)] for year in self.data.years]
        return Reached(best.soft, best.goal, tuple(from_pounds(best.answer.duals[rows]).tolist()))


class YearByYear:
    """A plan made year on year, made again from the first year that a change concerns."""

    def __init__(self, d: DataSet, s: Settings, plans: tuple[Planned, ...], given: Floats | None = None) -> None:
        """Take the plans, one a year, as solve_data gave them. given: [p, t] £ where the grants are given."""
        self.data, self.settings, self.given, self.plans = d, s, given, plans
        self.late: set[Change] = set()
        self.figures = joined([planned.figures for planned in plans])
        self.base = self._judged(d, s, self.figures)

    def reached(self, change: Change) -> Reached | None:
        """Give what the plans of all years reach together with the change; None where a year has none."""
        figures = self.plan(change)
        if figures is None:
            return None
        return self._judged(*changed_data(self.data, self.settings, change), figures)

    def plan(self, change: Change) -> Figures | None:
        """Give the years as they would come with the change, in pounds; None where a year has no plan."""
        first = change.first_year(self.settings.certainty.planning_horizon)
        kept = [planned.figures for planned in self.plans[:first]]
        try:
            d, s = changed_data(self.data, self.settings, change)
            start = at_the_start(d, s)
            now = start if first == 0 else carried_out(d, self._situation(first - 1), self.plans[first - 1])
            for t in range(first, len(d.years)):
                now = believed(d, s, start, now, t)
                programme = formulate(d, s, now, self.given)
                if change.no_redundancies:
                    for variable in programme.decisions.redundancies.values():
                        variable.upBound = 0.0
                planned = plan_programme(programme, s, d.years[t])
                kept.append(planned.figures)
                now = carried_out(d, now, planned)
        except NoPlan:
            return None
        return joined(kept)

    def _situation(self, t: int) -> Situation:
        return self.plans[t].stages.programme.now

    def _judged(self, d: DataSet, s: Settings, figures: Figures) -> Reached:
        worked = judge(d, s, figures, self.given)
        return Reached(shortfall_of(worked), worked.sought)


def what_if(d: DataSet, s: Settings, plans: tuple[Planned, ...], given: Floats | None = None) -> WhatIf:
    """Make a solved scenario ready to be asked what would be if. Arguments as solve_data takes and gives them."""
    if s.certainty.kind == "settlement":
        return Settled(d, s, plans[0], given)
    return YearByYear(d, within(s, plans), plans, given)


def within(s: Settings, plans: tuple[Planned, ...]) -> Settings:
    """Give the settings with the time that solved programmes are allowed for what is asked of them, where it is
    less.
    """
    seconds = min([s.solver.time_limit, *(plan.stages.session.allowance.seconds for plan in plans)])
    return s.changed(solver={"time_limit": seconds})
