"""From "no plan" to its reasons: the conflict, the sum in one sentence, and repairs that were solved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from allocator import units
from allocator.errors import CELL, ConflictTerm, NoPlan, Repair, SettingValue, SolverError, UsageError
from allocator.no_plan.conflict import Conflict, find_conflict, least_more_grants, least_share
from allocator.no_plan.reach import Reach
from allocator.no_plan.repairs import (
    BELIEF,
    POUND,
    SHARE,
    Trial,
    changed,
    least_change,
    most_money,
    nearest,
    switches,
    trial_of_belief,
    trials,
    trials_of_scale,
    with_limit,
)
from allocator.no_plan.targets_in_words import aims_in_words, without_in_words
from allocator.no_plan.words import believed_money
from allocator.programme.formulate import formulate
from allocator.programme.situation import Situation, at_the_start
from allocator.register import goals
from allocator.register.rules import DISTRIBUTION, NATIONAL, RULES, TARGET
from allocator.scenario.distributions import formula_grants, set_grants
from allocator.scenario.settings import Settings
from allocator.solving.planned import figures_of, plan_programme
from allocator.solving.solution import Figures
from allocator.solving.stages import Stages
from allocator.solving.year_on_year import believed, carried_out, solve_year_on_year
from allocator.tables.dataset import DataSet, Floats

GoalOf = Callable[[Settings, Figures], float]

MOST_TOLD = 5  # grants of a file, or rules in the way of a target, that are named one by one
MOST_TERMS = 5  # of a sum told in a sentence; a longer one is told where the rule is switched off
MOST_ALONE = 2  # of them rules without which a target goes further and still is not met


def with_reasons(
    none: NoPlan,
    d: DataSet,
    s: Settings,
    given: Floats | None,
    goal_of: GoalOf,
    done: Callable[[int, int], None] | None = None,
) -> NoPlan:
    """Give the same refusal with its conflict, repairs and what to do. goal_of: a plan's goal, constants included.

    given: as in solve_data. done: called with how many solves have ended, and 0 since nobody knows of how many.
    Takes about as long as several solves. That there is no plan stands also where the solver
    cannot say which rules are the reason.
    """
    if len(none.conflict) == 1:
        return none  # nothing is set against what is missing, so there is no amount to move: it says what to do itself
    asked = (_FormulaMinimums if none.conflict else _Rules)(none, d, s, given, goal_of, done)
    try:
        return asked.refusal()
    except SolverError as error:
        fix = f"Which rules cannot hold together was not found: {error.found}. {error.fix}".strip()
        return NoPlan(none.stage, none.found, conflict=none.conflict, fix=fix)


class _NoPlan:
    """What both kinds of "no plan" share: settings tried by degrees, each repair solved as a whole."""

    def __init__(
        self,
        none: NoPlan,
        d: DataSet,
        s: Settings,
        given: Floats | None,
        goal_of: GoalOf,
        done: Callable[[int, int], None] | None = None,
    ) -> None:
        self.none, self.d, self.s, self.given, self.goal_of = none, d, s, given, goal_of
        self.done, self.ended = done, 0

    def step(self) -> None:
        """Tell that one more solve has ended."""
        self.ended += 1
        if self.done is not None:
            self.done(self.ended, 0)

    def with_change(self, setting: str, value: Any) -> tuple[DataSet, Settings]:
        """Give the data and settings with one setting, or one cell of limits, changed."""
        if setting.startswith(CELL):
            return with_limit(self.d, setting, value), self.s
        return self.d, changed(self.s, setting, None if value == "none" else value)

    def solved(self, d: DataSet, s: Settings) -> float | None:
        """Give the goal of the best plan with other data or settings, from the start; None where there is none."""
        self.step()
        try:
            if s.certainty.kind != "settlement":
                return self.goal_of(s, solve_year_on_year(d, s, self.given)[0])
            stages = Stages(formulate(d, s, given=self.given), s.solver.name, s.solver.time_limit)
            values = stages.best().answer.values
            return self.goal_of(s, figures_of(stages, np.maximum(values[: stages.size[1]], 0.0)))
        except NoPlan:
            return None

    def by_degrees(self, trial: Trial, works: Callable[[float], bool]) -> Repair | None:
        """Find the least change of a setting that works, solved; where its rounding was too fine a step further."""
        value = least_change(trial, works)
        return None if value is None else self.repair(trial.setting, trial.before, value)

    def repair(self, setting: str, before: SettingValue, to: SettingValue) -> Repair | None:
        """Try a change, solved; None where it makes no plan possible."""
        goal = self.solved(*self.with_change(setting, to))
        return None if goal is None else Repair(setting, before, to, goal, goals.told(self.s))


class _Rules(_NoPlan):
    """Rules that cannot hold together in the settlement, or in one year of a plan made year on year."""

    def refusal(self) -> NoPlan:
        """Give the refusal with its reasons."""
        self.now = self._situation()
        programme = formulate(self.d, self.s, self.now, self.given)
        self.stages = Stages(programme, "HiGHS", self.s.solver.time_limit, self.none.stage)
        conflict = find_conflict(self.stages)
        self.step()
        if conflict is None:
            return self.none
        reached = self._reached() if TARGET.name in conflict.families else None
        repairs, beside, tried = [], "", []
        planned = "" if self.s.certainty.kind == "settlement" else self.none.stage
        for trial in trials(self.d, self.s, conflict, planned):
            tried.append(trial.as_tried)
            if reached is not None and not reached.may_help(trial):
                continue
            repair = (
                self._at_once(trial) if trial.in_proportion else self.by_degrees(trial, partial(self._works, trial))
            )
            if repair is not None:
                repairs.append(repair)
            elif reached is None and not beside and not trial.setting.startswith(("budget.", BELIEF)):
                beside = self._what_bites_next(trial)
        for setting, before, to in switches(self.s, conflict.families):
            tried.append(f"{setting} with {to[-1]}" if isinstance(to, list) else f"{setting} {to}")
            repair = self.repair(setting, before, to)
            if repair is not None:
                repairs.append(repair)
        again = "Solved again without presolve: the same answer."
        said = [beside, _alike(conflict), self._given(), _scaled(self.s, repairs), _none_found(repairs, tried)]
        more = " ".join(filter(None, [*said, again]))
        return NoPlan(
            self.none.stage,
            sentence(conflict),
            conflict=conflict.terms,
            repairs=tuple(repairs),
            reached=reached.told if reached is not None else (),
            fix=more,
        )

    def _reached(self) -> _Reached | None:
        """Find how far targets that have to be met can be reached, and without which rules they are met, or go
        further.
        """
        if self.s.certainty.kind != "settlement":
            return None
        try:
            reach = Reach(self.d, self.s, self.given)
        except (NoPlan, UsageError):  # other rules alone have no plan, or the target is met already
            return None
        aims = reach.most()
        self.step()
        if aims is None or all(aim.met for aim in aims):
            return None
        told = [f"{aims_in_words(aims)} can be reached, all other rules kept"]
        alone = reach.without_one(self.step)
        further = [without for without in alone if reach.brings_more(without, aims)]
        if not any(without.met for without in alone):
            pairs = [without for without in reach.without_two(self.step) if without.met]
            further = [*further[:MOST_ALONE], *pairs]
        told += [without_in_words(without) for without in further[:MOST_TOLD]]
        met = frozenset(without.rules[0] for without in alone if without.met)
        money_does = reach.least_money(self.step) is not None
        return _Reached(tuple(f"{said[0].upper()}{said[1:]}." for said in told), met, money_does)

    def _at_once(self, trial: Trial) -> Repair | None:
        """Find the least change of a setting that moves sides in proportion: one solve says how far it has to go."""
        try:
            self.stages.restate(trial.families, settings=changed(self.s, trial.setting, trial.furthest))
            furthest = self.stages.session.problem()
        finally:
            self._restore(trial.families)
        now = self.stages.session.problem()
        both = ((now.row_lower, furthest.row_lower), (now.row_upper, furthest.row_upper))
        if any((np.isfinite(side) & ~np.isfinite(there)).any() for side, there in both):
            return self.by_degrees(trial, partial(self._works, trial))  # rows are gone there: nothing is in proportion
        share = least_share(self.stages, furthest.row_lower, furthest.row_upper)
        if share is None:
            return None
        found = (self.repair(trial.setting, trial.before, value) for value in nearest(trial, share))
        return next((repair for repair in found if repair is not None), None)

    def _situation(self) -> Situation:
        """Give the situation that has no plan: the start, or the year that failed after the years before it."""
        start = now = at_the_start(self.d, self.s)
        if self.s.certainty.kind == "settlement":
            return start
        for t, year in enumerate(self.d.years):
            now = believed(self.d, self.s, start, now, t)
            if year == self.none.stage:
                break
            now = carried_out(self.d, now, plan_programme(formulate(self.d, self.s, now, self.given), self.s, year))
        return now

    def _works(self, trial: Trial, value: float) -> bool:
        self.step()
        d, s = self.with_change(trial.setting, value)
        start = at_the_start(d, s)
        now = self.now
        if s.certainty.kind == "settlement":
            now = replace(now, money=start.money)
        else:
            now = believed(d, s, start, now, now.years[0])
        if now.money.min() < 0:
            return False
        try:
            granted = set_grants(d, s, now.money, now.grants_before, now.years, self.given)
            self.stages.restate(trial.families, data=d, settings=s, now=now, grants_set=granted, coefficients=True)
            self.stages.allow_any_shortfall()
            return self.stages.session.can_be_kept()
        except NoPlan:
            return False
        finally:
            self._restore(trial.families)

    def _restore(self, families: tuple[str, ...]) -> None:
        granted = set_grants(self.d, self.s, self.now.money, self.now.grants_before, self.now.years, self.given)
        self.stages.restate(families, data=self.d, settings=self.s, now=self.now, grants_set=granted, coefficients=True)

    def _what_bites_next(self, trial: Trial) -> str:
        """Say why changing a rule's setting is no repair: what cannot hold together without the rule."""
        family = trial.families[0]
        if not RULES[family].can_be_off:
            return ""
        off = self.s.changed(rules={"off": (*self.s.rules.off, family)})
        try:
            self.stages.restate((family,), settings=off)
            next_one = find_conflict(self.stages)
        finally:
            self._restore((family,))
        if next_one is None:
            return ""
        said = sentence(next_one)
        if len(next_one.terms) > MOST_TERMS:
            said = (
                f"even without {family}, {units.listed(list(next_one.families))} cannot hold together, short by "
                f"{units.with_unit(next_one.short, next_one.unit)}; with {family} in rules.off the sum is told"
            )
        return f"Changing {trial.setting} alone is no repair: {said}."

    def _given(self) -> str:
        """Give grants of a file that are too low or high.

        By how much to change them at least, where that was solved.
        """
        if self.given is None:
            return ""
        changes = least_more_grants(self.stages)
        other, told = self.given.copy(), []
        for place, exact in changes.items():
            p, t = self.d.partnerships.index(place.partnership), self.d.years.index(place.year)
            more = float(np.ceil(exact - 1e-3) if exact > 0 else np.floor(exact + 1e-3))
            other[p, t] += more
            verb = "raise" if more > 0 else "lower"
            told.append(f"{verb} {self.d.partnership_names[p]}'s for {place.year} by {units.pounds(abs(more))}")
        kept, self.given = self.given, other
        works = bool(told) and len(told) <= MOST_TOLD and self.solved(self.d, self.s) is not None
        self.given = kept
        return f"In the file of grants {units.listed(told)}: that was solved." if works else ""


@dataclass(frozen=True)
class _Reached:
    """How far targets go, told. met: the rules without one of which they are met. money: whether more of it does it."""

    told: tuple[str, ...]
    met: frozenset[str]
    money: bool

    def may_help(self, trial: Trial) -> bool:
        """Say whether a setting can meet the targets: not where all of its rule, or any money, does not."""
        if trial.setting.startswith("budget.") and trial.setting != "budget.carry_forward_limit":
            return self.money
        return bool(self.met & {*trial.families}) or not {*trial.families} - {TARGET.name}


class _FormulaMinimums(_NoPlan):
    """The formula's guaranteed minimums are more than the money, so that there are no grants to plan with."""

    def refusal(self) -> NoPlan:
        """Give the refusal with its repairs; it named the conflict itself."""
        formula, year = self.s.grants.formula, self.none.conflict[0].place
        lows, there = (part.amount for part in self.none.conflict)
        planned = year if self.s.certainty.kind == "settlement" else self.none.stage
        t, later = self.d.years.index(planned), planned != year
        now = self.s.budget.by_year.get(planned, float(self.d.budget[t]))
        per_pound = self.s.budget.scale_of(planned) * (self.s.certainty.assumed_future if later else 1.0)
        tried = list(trials_of_scale(self.d, self.s, (planned,)))
        if per_pound > 0:
            guess = now + (lows - there) / per_pound
            tried.insert(0, Trial(f'budget.by_year."{planned}"', now, most_money(self.d, now, t), POUND, guess))
        if later:
            tried.insert(0, trial_of_belief(self.d, self.s, planned, lows - there))
        repairs: list[Repair | None] = []
        if formula.minimum_change is not None:
            least = Trial("grants.formula.minimum_change", formula.minimum_change, -1.0, SHARE)
            tried.insert(0, least)
        repairs += [self.by_degrees(trial, partial(self._works, trial.setting)) for trial in tried]
        repairs.append(self.repair("grants.formula.minimum_change", formula.minimum_change or 0.0, "none"))
        solved = [repair for repair in repairs if repair is not None]
        told = [*(trial.as_tried for trial in tried), "grants.formula.minimum_change none"]
        fix = " ".join(filter(None, [_scaled(self.s, solved), _none_found(solved, told)]))
        minimums = f"the formula's guaranteed minimums, {year}, add up to"
        of_year = believed_money(planned, year, self.s) if later else f"the money of {year} is"
        sides = ((DISTRIBUTION, lows, True, minimums), (NATIONAL, there, False, of_year))
        conflict = tuple(
            ConflictTerm(rule=rule.name, place=year, year=year, amount=amount, unit="£", asked=asked, said=said)
            for rule, amount, asked, said in sides
        )
        return NoPlan(self.none.stage, self.none.found, conflict=conflict, repairs=tuple(solved), fix=fix)

    def _works(self, setting: str, value: float) -> bool:
        s = changed(self.s, setting, value)
        start = now = at_the_start(self.d, s)
        at_once = s.certainty.kind == "settlement"
        try:
            for t in range(1 if at_once else len(self.d.years)):
                now = now if at_once else believed(self.d, s, start, now, t)
                granted = formula_grants(self.d, s, now.money, now.grants_before, now.years)
                now = replace(now, grants_before=granted[:, 0])
        except NoPlan:
            return False
        return True


def sentence(conflict: Conflict) -> str:
    """Give the sum in one sentence: what is asked, what there is, and what is short."""
    asked = [_line(term) for term in conflict.terms if term.asked]
    there = [_line(term) for term in conflict.terms if not term.asked and term.amount]
    if not asked:
        return f"{units.listed(list(conflict.families))} cannot hold together"
    short = f"short by {units.with_unit(conflict.short, conflict.unit)}"
    return f"{units.listed(asked)}; {units.listed(there) or 'there is nothing'}: {short}"


def _alike(conflict: Conflict) -> str:
    if not conflict.alike:
        return ""
    more = units.counted(conflict.alike, "other place or year", "other places or years")
    return f"The same rules cannot hold together in {more}."


def _none_found(repairs: list[Repair], tried: list[str]) -> str:
    """Give what was tried in vain; that it is all there is nobody has shown."""
    if repairs or not tried:
        return ""
    return f"No repair was found. Tried, each alone: {'; '.join(tried)}."


def _scaled(s: Settings, repairs: list[Repair]) -> str:
    """Say why the budget of a repair grows by another amount than what is short."""
    years = [repair.setting.split('"')[1] for repair in repairs if repair.setting.startswith("budget.by_year")]
    scales = {f"{s.budget.scale_of(year):g}" for year in years} - {"1"}
    if not scales:
        return ""
    return f"budget.by_year is told before budget.scale, which multiplies it by {units.listed(sorted(scales))}."


def _line(term: ConflictTerm) -> str:
    return f"{term.said} {units.with_unit(term.amount, term.unit)}"
