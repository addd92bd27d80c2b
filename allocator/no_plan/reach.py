"""How far the targets can be reached, for how little more money, and which rules stand in the way.

One programme is asked again and again: its targets may fall short, so that "as far as they can be reached" is a
question with an answer where keeping them is not. Every answer is a solve of the programme, not one dual; duals only
say which rules need not be tried, since a rule without a price, off which no limit hangs, cannot be what is in the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np

from allocator.errors import NoPlan, UsageError
from allocator.no_plan.repairs import most_money
from allocator.programme.formulate import formulate
from allocator.programme.situation import at_the_start
from allocator.register import distributions
from allocator.register.place import NATIONAL as NATION
from allocator.register.place import Place
from allocator.register.rules import DISTRIBUTION, NATIONAL, RULES, TARGET, moves_with_money
from allocator.results import Result, doc
from allocator.scenario.amounts import money, with_money
from allocator.scenario.distributions import set_grants
from allocator.scenario.settings import Settings
from allocator.solving.session import Answer, from_pounds, pounds
from allocator.solving.stages import Stages
from allocator.tables.dataset import DataSet, Floats
from allocator.tolerances import NOTHING

SLACK = 1e-6  # by which other soft rules, as a sum of shares, may fall further short than they have to
STEPS = 24  # halvings with which the money of grants that are set is found
PRICED = 1e-9  # of the largest price: what is less is none


class Aim(Result):
    """A target, and how far it can be reached: young people fewer NEET, at most what is required."""

    scope: str = doc("national, region or partnership")
    name: str = doc("the region or partnership; blank where national")
    year: str = doc("the year at whose end it is asked for")
    required: float = doc("fewer NEET that it asks for", "young people")
    reached: float = doc("what can be reached at most, no more than is required", "young people")

    @property
    def met(self) -> bool:
        """Whether it can be met."""
        return self.reached >= self.required - NOTHING * max(1.0, self.required)


class Without(Result):
    """What some rules switched off together bring. added: £ more with which all targets are met; None: not asked."""

    rules: tuple[str, ...] = doc("a rule, or one of two that are in the way together")
    aims: tuple[Aim, ...]
    added: float | None = doc(
        "the least added money without them, all years; null: not asked", "£ cash", name="total", default=None
    )

    @property
    def met(self) -> bool:
        """Whether every target can be met without these rules."""
        return all(aim.met for aim in self.aims)


class Reach:
    """The programme of a settlement whose targets may fall short, ready to be asked. All other hard rules are kept.

    Other soft rules fall no further short than they have to without the targets.
    """

    def __init__(self, d: DataSet, s: Settings, given: Floats | None = None) -> None:
        """Take what is to be reached.

        given: as solve_data takes it. Raises UsageError where no target acts, NoPlan where other rules have none.
        """
        soft = s.changed(rules={"soft": tuple(dict.fromkeys((*s.rules.soft, TARGET.name)))})
        self.d, self.s, self.given = d, soft, given
        self.stages = Stages(formulate(d, soft, given=given), "HiGHS", s.solver.time_limit)
        shortfalls = self.stages.programme.shortfalls
        self.aims = [n for n, short in enumerate(shortfalls) if short.rule == TARGET.name]
        if not self.aims or TARGET.name in s.rules.off:
            raise UsageError("meet", "found no target that acts", "one in the table targets, and the rule target on")
        self.last = max(d.years.index(shortfalls[n].place.year) for n in self.aims)
        self._off: tuple[str, ...] = ()
        self._furthest = money(d, soft)
        self.stages.allow_any_shortfall()
        self._keep_the_others()

    def _keep_the_others(self) -> None:
        """Give a row by which the other soft rules fall no further short than they must."""
        session, stages = self.stages.session, self.stages
        others = [n for n in range(len(stages.short)) if n not in self.aims]
        if not others:
            stages.checked(self._solve(np.zeros(0)), "targets")
            return
        cost = np.zeros(stages.size[1])
        cost[stages.short[others]] = stages.share[others]
        least = max(stages.checked(self._solve(cost), "targets").objective, 0.0)
        unit = 1.0 / float(stages.share[others].max())
        session.add_row(stages.short[others], stages.share[others] * unit, -np.inf, (least + SLACK) * unit)

    def _solve(self, cost: Floats) -> Answer:
        self.stages.session.set_costs(cost, maximise=False)
        return self.stages.session.solve(primal=True)

    def most(self) -> tuple[Aim, ...] | None:
        """Give how far the targets can be reached as rules and money stand; None where there is no plan."""
        return self._aims(self._most())

    def _most(self) -> Answer:
        cost = np.zeros(self.stages.size[1])
        cost[self.stages.short[self.aims]] = self.stages.share[self.aims]
        return self._solve(cost)

    def _aims(self, answer: Answer) -> tuple[Aim, ...] | None:
        if answer.outcome != "optimal":
            return None
        found = []
        for n in self.aims:
            short = self.stages.programme.shortfalls[n]
            missing = max(float(answer.values[self.stages.short[n]]), 0.0)
            place = short.place
            name = place.partnership or "|".join(place.detail)
            found.append(Aim(place.scope or NATION, name, place.year, short.required, short.required - missing))
        return tuple(found)

    # --- money -------------------------------------------------------------------------------------------------------

    def any_money(self) -> None:
        """Let the years up to the last target have as much money as is ever tried."""
        now = money(self.d, self.s)
        for t in range(self.last + 1):
            self._furthest[t] = max(most_money(self.d, float(now[t]), t), float(now[t]))
        self._restate(self._furthest, self._off)

    def least_money(self, done: Callable[[], None] | None = None) -> Floats | None:
        """Find the least added money, in all, in the years up to the last target, with which all targets are met, [t]
        £.

        None where no money does it. done: called after every solve. Leaves the money as it found it.
        """
        there, kept = money(self.d, self.s), self._furthest.copy()
        try:
            self.any_money()
            if distributions.of(self.s).free and not moves_with_money(self.d, self.s):
                found = self._least_sum(there)
            else:
                found = self._least_scale(there, done)
            if done is not None:
                done()
            return found
        finally:
            self._furthest = kept
            self._restate(kept, self._off)

    def _least_sum(self, there: Floats) -> Floats | None:
        """Make the grants of these years as small as can be, and no less than the money there is: where grants are
        free.
        """
        session, stages = self.stages.session, self.stages
        years = range(self.last + 1)
        rows = [stages.row_of[NATIONAL.name, Place(year=self.d.years[t])] for t in years]
        session.set_rows(rows, from_pounds(there[: self.last + 1]), from_pounds(self._furthest[: self.last + 1]))
        self._meet()
        x = stages.programme.decisions
        columns = session.column_of[[x.grant[p, t].id for p in range(len(self.d.partnerships)) for t in years]]
        cost = np.zeros(stages.size[1])
        cost[columns] = 1.0
        answer = self._solve(cost)
        stages.allow_any_shortfall()
        if answer.outcome != "optimal":
            return None
        granted = pounds(answer.values[columns].reshape(len(self.d.partnerships), -1).sum(axis=0))
        added = np.zeros(len(self.d.years))
        added[: self.last + 1] = np.maximum(granted - there[: self.last + 1], 0.0)
        return added

    def _least_scale(self, there: Floats, done: Callable[[], None] | None) -> Floats | None:
        """Raise every year's money by one share: where money decides what grants are set, or may at least be."""

        def added(share: float) -> Floats:
            more = np.zeros(len(self.d.years))
            more[: self.last + 1] = share * there[: self.last + 1]
            return more

        def works(share: float) -> bool:
            if done is not None:
                done()
            try:
                self._restate(there + added(share), self._off)
            except NoPlan:
                return False
            self._meet()
            kept = self.stages.session.can_be_kept()
            self.stages.allow_any_shortfall()
            return kept

        low, high = 0.0, max(float((self._furthest / np.maximum(there, 1.0)).max()) - 1.0, 0.0)
        if works(0.0):
            return added(0.0)
        if not works(high):
            return None
        for _ in range(STEPS):
            middle = (low + high) / 2
            low, high = (low, middle) if works(middle) else (middle, high)
        return added(high)

    def _meet(self) -> None:
        columns = self.stages.short[self.aims]
        self.stages.session.set_bounds(columns, np.zeros(len(columns)), np.zeros(len(columns)))

    # --- rules -------------------------------------------------------------------------------------------------------

    def without_one(self, done: Callable[[], None] | None = None, *, add: bool = False) -> tuple[Without, ...]:
        """Find what every rule that can be in the way brings, switched off alone; those that bring most first.

        add: also the least money with which the targets are then met. done: called after each rule.
        """
        return self._tried([(rule,) for rule in self._suspects(())], done, add=add)

    def without_two(self, done: Callable[[], None] | None = None, *, add: bool = False) -> tuple[Without, ...]:
        """Find the same for every two rules that can be in the way together."""
        first = list(self._suspects(()))
        pairs = {tuple(sorted((one, other))) for one in first for other in self._suspects((one,))}
        pairs |= {tuple(sorted(pair)) for pair in combinations(first, 2)}
        return self._tried(sorted(pairs), done, add=add)

    def _tried(self, off: list[tuple[str, ...]], done: Callable[[], None] | None, *, add: bool) -> tuple[Without, ...]:
        found = []
        for rules in off:
            with_rules = self._off
            self._restate(self._furthest, rules)
            self._off = rules
            aims = self.most()
            added = None
            if aims is not None and add and all(aim.met for aim in aims):
                more = self.least_money()
                added = None if more is None else float(more.sum())
            self._off = with_rules
            self._restate(self._furthest, with_rules)
            if aims is not None:
                found.append(Without(rules, aims, added))
            if done is not None:
                done()
        return tuple(sorted(found, key=lambda one: (-self._share(one.aims), one.added or 0.0, one.rules)))

    def brings_more(self, without: Without, aims: tuple[Aim, ...]) -> bool:
        """Say whether targets go further without some rules, by a young person or more."""
        return sum(aim.reached for aim in without.aims) >= sum(aim.reached for aim in aims) + 1

    @staticmethod
    def _share(aims: tuple[Aim, ...]) -> float:
        return round(sum(aim.reached / aim.required for aim in aims), 9)

    def _suspects(self, off: tuple[str, ...]) -> Iterator[str]:
        """Give the rules that can be in the way with others off: those that have a price, or on which a limit hangs."""
        self._restate(self._furthest, off)
        answer = self._most()
        rows = self.stages.programme.rows
        priced: set[str] = set()
        if len(answer.duals):
            duals = np.abs(answer.duals[: len(rows)])
            least = PRICED * float(duals.max(initial=0.0))
            priced = {rows[row][0] for row in np.flatnonzero(duals > least).tolist()}
        self._restate(self._furthest, self._off)
        for rule in dict.fromkeys(rule for rule, _ in rows):
            if rule not in RULES or not RULES[rule].can_be_off or rule in (*off, *self.s.rules.soft):
                continue
            if rule in priced or RULES[rule].tightens:
                yield rule

    def _restate(self, there: Floats, off: tuple[str, ...]) -> None:
        """Put money, £ by year, into the programme, with some rules off and all others on."""
        s = with_money(self.d, self.s, there).changed(rules={"off": (*self.s.rules.off, *off)})
        now = at_the_start(self.d, s)
        granted = set_grants(self.d, s, now.money, now.grants_before, now.years, self.given)
        every = dict.fromkeys(rule for rule, _ in self.stages.programme.rows if rule not in self.s.rules.soft)
        families = [
            rule for rule in every if rule in RULES and RULES[rule].can_be_off
        ]  # a goal's own rows go by its name
        self.stages.restate((NATIONAL.name, DISTRIBUTION.name, *families), settings=s, now=now, grants_set=granted)
