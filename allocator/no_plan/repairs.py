"""The cheapest changes of one setting, or one rule, that make a plan possible; each is solved before it is told."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from allocator import units
from allocator.errors import CELL
from allocator.no_plan.conflict import Conflict
from allocator.register.distributions import OPTIMISED
from allocator.register.quantities import EXACT, LEAST, MOST, QUANTITIES
from allocator.register.records import value_of
from allocator.register.rules import DISTRIBUTION, LIMIT, MONEY, NATIONAL, RULES, TENFOLD, moved_by, names, rule_of
from allocator.scenario.amounts import money
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet

SHARE = 1e-4  # to which a repair by a share is rounded, towards what works
POUND = 1.0
BELIEF = "certainty.assumed_future"
CENTI = 0.01  # of an adviser
STEPS = (1.02, 1.05, 1.1, 1.2, 1.35, 1.5, 2.0, 3.0, 5.0)  # times an amount, where a window is looked for


@dataclass(frozen=True)
class Trial:
    """A setting that may be changed by degrees.

    grid: what it is rounded to. furthest: the most that is tried. guess: where the repair is likely to lie. window:
    whether what lies further away than what works may not work, as of an amount that is fixed.
    """

    setting: str
    before: float
    furthest: float
    grid: float
    guess: float | None = None
    window: bool = False

    @property
    def as_tried(self) -> str:
        """The setting and the furthest it was taken: ``grants.floor down to 0``."""
        way, furthest = "up" if self.furthest > self.before else "down", self.furthest
        many = units.number(furthest) if abs(furthest) >= 1000 else f"{furthest:g}"
        return f"{self.setting} {way} to {many}"

    @property
    def families(self) -> tuple[str, ...]:
        """The rules whose rows the setting changes."""
        if self.setting.startswith(CELL):
            return (LIMIT.name,)
        moved = moved_by(self.setting.split('."')[0])
        if self.setting == BELIEF or NATIONAL.name in moved:
            return names(lambda rule: rule.rests_on_money)
        return moved

    @property
    def in_proportion(self) -> bool:
        """Whether it moves the sides of its rows in proportion, and no coefficient."""
        levers = [lever for name in self.families for lever in RULES[name].levers if lever.setting == self.setting]
        return bool(levers) and all(lever.moves == "sides" and lever.furthest is not None for lever in levers)


def changed(s: Settings, setting: str, value: Any) -> Settings:
    """Give settings with one key changed: section.key, section.section.key or section.key."year", as an override has
    it.
    """
    value = tuple(value) if isinstance(value, list) else value
    section, _, rest = setting.partition(".")
    part = getattr(s, section)
    key, _, inner = rest.partition(".")
    held = getattr(part, key)
    if inner:
        entry = inner.strip('"')
        value = {**held, entry: value} if isinstance(held, dict) else held.model_copy(update={entry: value})
    return s.changed(**{section: {key: value}})


def trials(d: DataSet, s: Settings, conflict: Conflict, planned: str = "") -> Iterator[Trial]:
    """Give the settings by which a conflict may be repaired by degrees, the rules' own first, then the money.

    planned: the year that has no plan, where planning is year on year: what later years have rests on its money.
    """
    for family in conflict.families:
        yield from _limits(d, s, family)
    for lever in (lever for family in conflict.families if family in RULES for lever in RULES[family].levers):
        if lever.furthest is None:
            continue
        before, rises = value_of(s, lever.setting), lever.relax == "up"
        if isinstance(before, dict):
            for year in conflict.years:
                if year in before:
                    yield Trial(f'{lever.setting}."{year}"', before[year], lever.furthest, SHARE)
        elif before is not None and (before > 0 or rises):
            yield Trial(lever.setting, before, before * lever.furthest if lever.times else lever.furthest, SHARE)
    if any(rule.name in conflict.families for rule in (NATIONAL, DISTRIBUTION, MONEY)):
        yield from _money(d, s, conflict, planned)


def _limits(d: DataSet, s: Settings, family: str) -> Iterator[Trial]:
    """Give the sides of a limit of the planner's own, each towards more room; both at once where it is fixed."""
    name = family.removeprefix(f"{LIMIT.name} ")
    own = next((own for own in d.limits if family != LIMIT.name and own.limit == name), None)
    if own is None:
        return
    quantity = QUANTITIES[own.of]
    grid = SHARE if quantity.multiple else CENTI if quantity.unit == "FTE" else POUND
    of_all = {"£": money(d, s), "FTE": d.headcount_limit, "places": d.young_people}[quantity.unit]
    most = TENFOLD * max(own.most or 0.0, own.least or 0.0, 1.0 if quantity.multiple else float(of_all.sum()))
    if own.least is not None and own.least == own.most:
        yield Trial(f"{CELL}{name}.{EXACT}", own.least, 0.0, grid, window=True)
        yield Trial(f"{CELL}{name}.{EXACT}", own.least, most, grid, window=True)
        return
    if own.least:
        yield Trial(f"{CELL}{name}.{LEAST}", own.least, 0.0, grid)
    if own.most is not None:
        yield Trial(f"{CELL}{name}.{MOST}", own.most, most, grid)


def with_limit(d: DataSet, cell: str, value: float) -> DataSet:
    """Give the data with a limit of the planner's own changed. cell: as in a repair, limits.NAME.SIDE."""
    name, _, side = cell.removeprefix(CELL).rpartition(".")
    changes: dict[str, Any] = dict.fromkeys((LEAST, MOST) if side == EXACT else (side,), value)
    return replace(d, limits=tuple(replace(own, **changes) if own.limit == name else own for own in d.limits))


def _money(d: DataSet, s: Settings, conflict: Conflict, planned: str) -> Iterator[Trial]:
    short = conflict.short if conflict.unit == "£" else None
    # of which years the money, or what is formed of it, plays a part
    of_money = (NATIONAL.name, DISTRIBUTION.name)
    told = [term.year for term in conflict.terms if term.rule in of_money and term.amount]
    later = planned and any(d.years.index(year) > d.years.index(planned) for year in told)
    if later:
        yield trial_of_belief(d, s, planned, short)
    for year in (planned,) if planned else conflict.years:
        t, per_pound = d.years.index(year), s.budget.scale_of(year) * (s.certainty.assumed_future if later else 1.0)
        if s.budget.scale_of(year) > 0:
            now = s.budget.by_year.get(year, float(d.budget[t]))
            guess = now + short / per_pound if short is not None and per_pound > 0 else None
            yield Trial(f'budget.by_year."{year}"', now, most_money(d, now, t), POUND, guess)
    yield from trials_of_scale(d, s, (planned,) if planned else conflict.years)
    if s.budget.reserve > 0:
        yield Trial("budget.reserve", s.budget.reserve, 0.0, POUND)


def trial_of_belief(d: DataSet, s: Settings, planned: str, short: float | None) -> Trial:
    """Give what a year's plan takes later money to be, as a multiple of its own. short: £ of a later year, if known."""
    t, before = d.years.index(planned), s.certainty.assumed_future
    own = s.budget.by_year.get(planned, float(d.budget[t])) * s.budget.scale_of(planned) - s.budget.reserve
    guess = before + short / own if short is not None and own > 0 else None
    return Trial(BELIEF, before, TENFOLD * max(before, 1.0), SHARE, guess)


def most_money(d: DataSet, now: float, t: int) -> float:
    """Give the most of one year's budget that is tried, £: ten times what there is, or what the tables say of it.

    So an amount in thousands, or with a digit too few, is no bound to its own repair.
    """
    return TENFOLD * max(now, float(d.budget[t]), float(d.baseline_grant.sum()))


def trials_of_scale(d: DataSet, s: Settings, years: Iterable[str]) -> Iterator[Trial]:
    """Give the budgets' scale of all years, or where it goes by year that of each of these years."""
    if not isinstance(s.budget.scale, dict):
        yield Trial("budget.scale", s.budget.scale, most_scale(d, s), SHARE)
        return
    for year in years:
        yield Trial(f'budget.scale."{year}"', s.budget.scale_of(year), most_scale(d, s), SHARE)


def most_scale(d: DataSet, s: Settings) -> float:
    """Give the most of budget.scale that is tried: it takes every year that has money at least as far as most_money."""
    most = max(*(s.budget.scale_of(year) for year in d.years), 1.0) * TENFOLD
    for t, year in enumerate(d.years):
        now = s.budget.by_year.get(year, float(d.budget[t]))
        if now > 0:
            most = max(most, most_money(d, now, t) / now)
    return most


def nearest(trial: Trial, share: float) -> tuple[float, ...]:
    """Give the values on the trial's grid from a share of the way to its furthest on.

    The first, and the one beyond it.
    """
    sign, per = (1 if trial.furthest > trial.before else -1), round(1 / trial.grid)
    wanted = (trial.before + share * (trial.furthest - trial.before)) * per
    first = math.ceil(wanted - 1e-4) if sign > 0 else math.floor(wanted + 1e-4)
    return _value(first, per), _value(first + sign, per)


def least_change(trial: Trial, works: Callable[[float], bool]) -> float | None:
    """Find the value nearest to the one before at which `works` says yes, on the trial's grid; None where there is
    none.

    What works at a value has to work further away, too; of a window all values between two that work have to.
    """
    sign = 1 if trial.furthest > trial.before else -1
    per = round(1 / trial.grid)  # whole steps of the grid, so that no rounding comes in between
    near = math.floor(trial.before * per + 1e-9) if sign > 0 else math.ceil(trial.before * per - 1e-9)
    far = math.floor(trial.furthest * per) if sign > 0 else math.ceil(trial.furthest * per)

    def at(step: int) -> bool:
        return works(_value(step, per))

    if trial.guess is not None:
        guess = math.ceil(trial.guess * per - 1e-6) if sign > 0 else math.floor(trial.guess * per + 1e-6)
        if sign * (guess - near) > 0 and sign * (far - guess) > 0:
            if at(guess):
                far = guess
                if not at(guess - sign):
                    return _value(guess, per)
            else:
                near = guess
    if sign * (far - near) <= 0:
        return None
    if not at(far):
        steps = [round(trial.before * times**sign * per) for times in STEPS] if trial.window else []
        works_at = next((step for step in steps if sign * (step - near) > 0 < sign * (far - step) and at(step)), None)
        if works_at is None:
            return None
        far = works_at
    while abs(far - near) > 1:
        middle = (near + far) // 2
        if at(middle):
            far = middle
        else:
            near = middle
    return _value(far, per)


def _value(step: int, per: int) -> float:
    value = step / per
    return int(value) if per == 1 else value


def switches(s: Settings, families: tuple[str, ...]) -> Iterator[tuple[str, Any, Any]]:
    """Give the rules of a conflict that can be made soft or switched off: setting, before, to."""
    rules = dict.fromkeys(known.name for family in families if (known := rule_of(family)) is not None)
    for rule in rules:
        if RULES[rule].may_be_soft and rule not in s.rules.soft:
            yield "rules.soft", list(s.rules.soft), [*s.rules.soft, rule]
    for rule in rules:
        if RULES[rule].can_be_off:
            yield "rules.off", list(s.rules.off), [*s.rules.off, rule]
    if DISTRIBUTION.name in families:
        yield "grants.distribution", s.grants.distribution, OPTIMISED.name
