"""The least added money with which the targets are met, all rules kept; or how far any money goes, and what is in
the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from allocator.errors import NoPlan, UsageError
from allocator.no_plan.reach import Aim, Reach, Without
from allocator.programme.formulate import formulate
from allocator.register import goals
from allocator.register.rules import TARGET
from allocator.results import Result, doc, documented
from allocator.runs.findings import SolvedPlan
from allocator.runs.plan import judge
from allocator.scenario.amounts import money, with_money
from allocator.scenario.settings import Settings
from allocator.solving.planned import figures_of
from allocator.solving.stages import Stages
from allocator.tables.dataset import DataSet, Floats

ROUNDINGS = (1.0, 1e2, 1e4)  # £ to which the added money is rounded up, until a plan made anew meets the targets


class LeastMoney(Result):
    """What meeting the targets takes. measure: the goal's.

    years, there: the years of the data and their money, £ cash. added: by year, £ cash; nothing where the targets are
    met as it is, None where no money does it.
    """

    aims: tuple[Aim, ...] = doc("a target, and how far it can be reached with the money there is", name="targets")
    years: tuple[str, ...]
    there: tuple[float, ...]
    added: tuple[float, ...] | None

    @property
    @documented(
        "the least added money by year; null: no money does it", name="added", entry="<year> | £ cash | of one year"
    )
    def added_by_year(self) -> dict[str, float] | None:
        """The least added money by year, £ cash; None where no money does it."""
        return None if self.added is None else dict(zip(self.years, self.added, strict=True))

    @property
    @documented("of all years; null: no money does it", "£ cash")
    def total(self) -> float | None:
        """£ cash, all years."""
        return None if self.added is None else sum(self.added)

    settings: tuple[str, ...] = doc("the settings for it, as overrides", name="set")
    goal: float | None = doc("what the plan with it reaches; null: not asked, or no money does it", "goal.unit")
    measure: str
    with_any: tuple[Aim, ...] = doc(
        "as targets, with ten times the money; empty where money does it", name="with_any_money", default=()
    )
    in_the_way: tuple[Without, ...] = doc(
        "rules that, beside money, stand in the way; empty where money does it", default=()
    )


class SolvedToMeet(SolvedPlan):
    """A plan with the least added money that meets the targets."""

    meet: LeastMoney = doc("what meeting the targets takes")


def least_money(
    d: DataSet, s: Settings, given: Floats | None = None, *, done: Callable[[int, int], None] | None = None
) -> LeastMoney:
    """Find the least added money, in the years up to the last target, with which all targets are met.

    Where grants are free the sum is least, and each year's part of it is free, too; where the distribution sets them,
    or a formula sets what they may not fall below, every year's money grows by one share. done: called with how many
    of how many solves have ended. Raises UsageError where no target acts or planning is year on year, NoPlan where the
    other rules alone have no plan.
    """
    if s.certainty.kind != "settlement":
        fix = "`overrides=certainty.kind=settlement` says what it would take if the money were known at the start."
        raise UsageError("meet", f"certainty.kind is {s.certainty.kind}", "settlement", fix)
    count = _Count(done)
    reach = Reach(d, s, given)
    count.one()
    aims = reach.most() or ()
    there = money(d, s)
    found = LeastMoney(aims, d.years, tuple(there.tolist()), None, (), None, goals.told(s))
    if aims and all(aim.met for aim in aims):
        return replace(found, added=tuple(np.zeros(len(d.years)).tolist()))
    count.one()
    more = reach.least_money(count.one)
    if more is not None:
        for to in ROUNDINGS:
            rounded = np.where(more > 0.5, np.ceil((more + 0.01) / to) * to, 0.0)
            goal = _goal_with(d, s, given, there + rounded)
            if goal is not None:
                return replace(
                    found, added=tuple(rounded.tolist()), settings=_typed(d, s, there + rounded, rounded), goal=goal
                )
    reach.any_money()
    with_any = reach.most() or ()
    one = reach.without_one(count.one, add=True)
    in_the_way = [without for without in one if without.met]
    if not in_the_way:
        in_the_way = [without for without in reach.without_two(count.one, add=True) if without.met]
    in_the_way.sort(key=lambda without: (without.added is None, without.added, without.rules))
    return replace(found, with_any=with_any, in_the_way=tuple(in_the_way))


class _Count:
    """How many solves have ended, told as they end; how many are to come is not known before."""

    def __init__(self, done: Callable[[int, int], None] | None) -> None:
        self.done, self.ended = done, 0

    def one(self) -> None:
        """Tell that one more has ended."""
        self.ended += 1
        if self.done is not None:
            self.done(self.ended, 0)


def _goal_with(d: DataSet, s: Settings, given: Floats | None, there: Floats) -> float | None:
    """Give what the best plan reaches with other money and the targets kept, constants included; None where it has
    none.
    """
    hard = tuple(rule for rule in s.rules.soft if rule != TARGET.name)
    kept = with_money(d, s, there).changed(rules={"soft": hard})
    try:
        stages = Stages(formulate(d, kept, given=given), "HiGHS", s.solver.time_limit)
        values = stages.best().answer.values
        return judge(d, kept, figures_of(stages, np.maximum(values[: stages.size[1]], 0.0)), given).goal
    except NoPlan:
        return None


def _typed(d: DataSet, s: Settings, there: Floats, added: Floats) -> tuple[str, ...]:
    """Give what --set takes for the money of the years that get more; of every year where a scale or reserve changes
    it.
    """
    plain = s.budget.scale == 1 and not s.budget.reserve
    of_years = tuple(
        f'budget.by_year."{year}"={there[t]:.2f}'.removesuffix(".00")
        for t, year in enumerate(d.years)
        if added[t] > 0 or not plain
    )
    return of_years if plain else (*of_years, "budget.scale=1", "budget.reserve=0")
