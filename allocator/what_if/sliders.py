"""The settings that a reader of a plan may move, and what of the programme each of them moves.

Every side of a row and every coefficient is a straight line in each of these settings, since rules are linear. So two
further programmes of the same rules tell the line, and a third whether it is one: a setting for which it is not (money
under a formula with a guaranteed minimum) is left out. The bounds of decisions bend, and are worked out from amounts.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pulp

from allocator.errors import NoPlan
from allocator.no_plan.repairs import changed
from allocator.programme.builders import RULE_BUILDERS
from allocator.programme.formulate import Programme, rows_of
from allocator.programme.situation import at_the_start
from allocator.register import RULES, Lever, Place, Rule
from allocator.register.records import value_of
from allocator.register.rules import NATIONAL, names
from allocator.scenario.amounts import money
from allocator.scenario.describe import greatest
from allocator.scenario.distributions import formula_of_blend, set_grants
from allocator.scenario.settings import Settings
from allocator.tables.dataset import Floats, Integers

Kind = Literal["budget", "rule", "effect", "give_up"]

INFINITE = math.inf
STRAIGHT = 1e-9  # relative: how far the third programme may be from the line through the other two
EFFECT = "effects.effect"  # the column that the times of an intervention multiply
GIVE_UP = "goal.give_up"
BY_YEAR = "budget.by_year"
TIMES = "effects.times"


@dataclass(frozen=True, eq=False)
class Moves:
    """What one unit of a setting adds to the sides of rows and to coefficients; a side that there is not moves by 0.

    Sides stand at `rows`, coefficients at (entry_rows, entry_columns). Numbers are those of the programme's rows and
    of its keys. An entry may be 0 at the setting's own value, and so be missing from the problem as it was solved.
    """

    rows: Integers  # [n]
    lower: Floats  # [n]
    upper: Floats  # [n]
    entry_rows: Integers  # [k]
    entry_columns: Integers  # [k]
    entries: Floats  # [k]


NOTHING: Floats = np.zeros(0)
NOWHERE: Integers = np.zeros(0, dtype=np.int64)
NO_MOVES = Moves(NOWHERE, NOTHING, NOTHING, NOWHERE, NOWHERE, NOTHING)


@dataclass(frozen=True, eq=False)
class Slider:
    """A setting that a reader may move.

    setting: its dotted name, as `--set` takes it. kind: money of a year, a rule's limit, the effects of an
    intervention, or what may be given up. rule: whose limit it is, else blank. part: the year or the intervention.
    value: at which the plan was made. most: the largest that the setting takes; the least is 0. moves: see Moves; of
    effects, whose lines are their own multiples, none.
    """

    setting: str
    kind: Kind
    rule: str
    part: str
    value: float
    most: float
    moves: Moves = NO_MOVES


def sliders_of(programme: Programme) -> tuple[Slider, ...]:
    """Give every setting that may be moved: money of each year, limits, effects of interventions, what may be given up.

    Only for a programme that plans the whole horizon at once.
    """
    found = [*_money(programme), *_limits(programme), *_effects(programme)]
    s = programme.settings
    return (*found, Slider(GIVE_UP, "give_up", "", "", s.goal.give_up, 1.0))


def effect_rows(programme: Programme) -> Integers:
    """Give the rows whose coefficients of places are multiples of effects: of every rule that reads them."""
    read = {rule.name for rule in RULES.values() if EFFECT in rule.entered_by}
    numbers = [n for n, (rule, _) in enumerate(programme.rows) if rule in read or rule == programme.goal.name]
    return np.array(numbers, dtype=np.int64)


def _money(programme: Programme) -> Iterator[Slider]:
    d, s = programme.data, programme.settings
    families = names(lambda rule: rule.rests_on_money)
    for t, year in enumerate(d.years):
        value = s.budget.by_year.get(year, float(d.budget[t]))

        def changed(value: float, year: str = year) -> Settings:
            return s.changed(budget={"by_year": {**s.budget.by_year, year: value}})

        steps = (value, value * 1.01 + 1.0, value * 1.07 + 3.0)
        moves = _moves(programme, families, steps, changed)
        if moves is not None and money(d, s)[t] > 0:
            yield Slider(f"{BY_YEAR}.{year}", "budget", NATIONAL.name, year, value, 1e13, moves)


def _limits(programme: Programme) -> Iterator[Slider]:
    s = programme.settings
    for rule in RULES.values():
        if not rule.in_force(s) or rule.rests_on_money:
            continue
        for lever in rule.levers:
            value = value_of(s, lever.setting)
            if not isinstance(value, float) or not lever.in_place:
                continue
            most = _most(lever)

            def moved(value: float, lever: Lever = lever) -> Settings:
                return changed(s, lever.setting, value)

            steps = (value, value + 0.5, value + 0.25) if value + 0.5 <= most else (value, value / 2, value / 4)
            moves = _moves(programme, _families(rule, lever), steps, moved)
            if moves is not None:
                yield Slider(lever.setting, "rule", rule.name, "", value, most, moves)


def _families(rule: Rule, lever: Lever) -> tuple[str, ...]:
    """Give the rules whose rows a lever moves: its own, and whichever read the setting besides."""
    return names(lambda other: other is rule or lever.setting in other.entered_by)


def _effects(programme: Programme) -> Iterator[Slider]:
    d, s = programme.data, programme.settings
    for intervention in d.interventions:
        value = s.effects.times.get(intervention, 1.0)
        if value > 0:
            yield Slider(f"{TIMES}.{intervention}", "effect", "", intervention, value, 1e6)


def _most(lever: Lever) -> float:
    """Give the largest value of a setting: what its type says."""
    return greatest(tuple(lever.setting.split(".")))


# --- the lines -------------------------------------------------------------------------------------------------------

_Stated = tuple[dict[int, tuple[float, float]], dict[tuple[int, int], float]]


def _moves(
    programme: Programme,
    families: tuple[str, ...],
    steps: tuple[float, float, float],
    changed: Callable[[float], Settings],
) -> Moves | None:
    """Give what a unit of a setting adds; None where some amount is no straight line in it, or rows come and go."""
    numbers = {key: number for number, key in enumerate(programme.rows)}
    try:
        first, second, third = (_stated(programme, changed(step), families, numbers) for step in steps)
    except (NoPlan, KeyError):
        return None
    if not first[0].keys() == second[0].keys() == third[0].keys():
        return None
    run, part = steps[1] - steps[0], (steps[2] - steps[0]) / (steps[1] - steps[0])

    def slope(of: float, at: float, then: float) -> float:
        if not math.isfinite(of):
            if of != at or of != then:
                raise ValueError
            return 0.0
        if abs(of + (at - of) * part - then) > STRAIGHT * max(1.0, abs(of), abs(at)):
            raise ValueError
        return (at - of) / run

    try:
        sides = {
            n: tuple(slope(*three) for three in zip(first[0][n], second[0][n], third[0][n], strict=True))
            for n in first[0]
        }
        places = sorted({*first[1], *second[1], *third[1]})
        entries = {at: slope(*(stated[1].get(at, 0.0) for stated in (first, second, third))) for at in places}
    except ValueError:
        return None
    moved = [n for n, both in sides.items() if any(both)]
    there = [at for at, by in entries.items() if by]
    return Moves(
        np.array(moved, dtype=np.int64),
        np.array([sides[n][0] for n in moved]),
        np.array([sides[n][1] for n in moved]),
        np.array([row for row, _ in there], dtype=np.int64),
        np.array([column for _, column in there], dtype=np.int64),
        np.array([entries[at] for at in there]),
    )


def _stated(
    programme: Programme, s: Settings, families: tuple[str, ...], numbers: Mapping[tuple[str, Place], int]
) -> _Stated:
    """Give the sides and coefficients of the rows of some rules as other settings give them.

    Raises KeyError for a row that the programme was built without, NoPlan where a formula can set no grants.
    """
    d, now = programme.data, at_the_start(programme.data, s)
    granted = None
    if programme.grants_set is not None:
        granted = set_grants(d, s, now.money, now.grants_before, now.years, programme.grants_set)
    formula = formula_of_blend(d, s, now.money, now.grants_before, now.years) if granted is None else None
    x = programme.decisions.seen_with(d, s, now, granted, formula)
    sides, entries = {}, {}
    for name in families:
        for place, row in rows_of(RULE_BUILDERS[name], d, s, x, and_met=True):
            right = -row.constant
            if (name, place) not in numbers and RULES[name].kind == "requirement" and right <= 0:
                continue  # nothing is asked there, as in the programme
            number = numbers[name, place]
            sides[number] = (
                -INFINITE if row.sense == pulp.LpConstraintLE else right,
                INFINITE if row.sense == pulp.LpConstraintGE else right,
            )
            for variable, value in row.items():
                entries[number, int(variable.id)] = float(value)
    return sides, entries
