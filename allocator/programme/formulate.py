"""From tables and settings to the linear programme: the one place that adds rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulp

from allocator.errors import AllocatorError
from allocator.programme import caution, goals
from allocator.programme import rules as _rules  # noqa: F401 - importing it gives every rule its builder
from allocator.programme.bounds import upper_bounds
from allocator.programme.builders import GOAL_BUILDERS, RULE_BUILDERS, RuleBuilder
from allocator.programme.situation import Situation, at_the_start
from allocator.programme.variables import Decisions, plain
from allocator.register import Goal, Place, distributions
from allocator.register import goals as goal_records
from allocator.scenario.distributions import formula_of_blend, set_grants
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet, Floats

if TYPE_CHECKING:
    from pulp import LpAffineExpression, LpConstraint, LpProblem, LpVariable


@dataclass(frozen=True)
class Shortfall:
    """How far a row of a soft rule may fall short. required: what is still to be done, in the rule's unit."""

    rule: str
    place: Place
    required: float
    variable: LpVariable


@dataclass(frozen=True, eq=False)
class Programme:
    """The linear programme of one situation, built and named but not solved.

    rows: the rule and the place of each row, in the order of the problem's rows; a goal's own rows among them.
    """

    data: DataSet
    settings: Settings
    now: Situation
    problem: LpProblem
    decisions: Decisions
    goal: Goal
    goal_constant: float  # what no decision changes in the goal: fixed costs, and reductions of earlier years
    rows: tuple[tuple[str, Place], ...]
    shortfalls: tuple[Shortfall, ...]
    grants_set: Floats | None  # [p, y] £ where the distribution sets them


class _Builder:
    """Adds rows under safe, unique names and keeps the place of each."""

    def __init__(self, problem: LpProblem) -> None:
        self.problem = problem
        self.rows: list[tuple[str, Place]] = []
        self._taken: set[str] = set()
        self._there: set[tuple[str, Place]] = set()

    def add(self, rule: str, place: Place, row: LpAffineExpression) -> LpConstraint:
        """Add one row; raises AllocatorError where a rule yields one place twice: a defect of the rule."""
        if (rule, place) in self._there:
            raise AllocatorError(f"rule {rule}, {place}", "found it twice", "one row a place")
        self._there.add((rule, place))
        name = "|".join([plain(word) for word in (rule, *place.words)])
        count = 1
        unique = name
        while unique in self._taken:
            count += 1
            unique = f"{name}.{count}"
        self._taken.add(unique)
        self.rows.append((rule, place))
        return self.problem.addConstraint(row, unique)


def rows_of(
    rule: RuleBuilder, d: DataSet, s: Settings, x: Decisions, *, and_met: bool = False
) -> Iterator[tuple[Place, LpAffineExpression]]:
    """Give the rows of a rule that say something: not where it is off, what it asks is met, or a row without terms
    holds.

    and_met: rows that ask for what is met already as well.
    """
    if rule.record.name in s.rules.off:
        return
    asks = rule.record.kind == "requirement"
    for place, found in rule.build(d, s, x):
        row = _row(rule.record.name, place, found)
        if asks and -row.constant <= 0 and not and_met:
            continue
        if len(row) == 0 and _holds_without_terms(row):
            continue
        yield place, row


def _row(rule: str, place: Place, row: object) -> LpAffineExpression:
    """Give what a rule yielded, where it is a row: comparing two bare variables gives a truth value, and no row.

    Raises AllocatorError: a defect of the rule.
    """
    if not isinstance(row, pulp.LpAffineExpression) or row.sense is None:
        raise AllocatorError(f"rule {rule}, {place}", f"found {row!r}", "a row with <=, >= or ==")
    return row


def _holds_without_terms(row: LpAffineExpression) -> bool:
    """Say whether `0 sense right-hand side` is true."""
    right = -row.constant
    if row.sense == pulp.LpConstraintLE:
        return bool(right >= 0)
    if row.sense == pulp.LpConstraintGE:
        return bool(right <= 0)
    return bool(right == 0)


def formulate(d: DataSet, s: Settings, now: Situation | None = None, given: Floats | None = None) -> Programme:
    """Build the programme for a situation: by default the whole horizon, known from the start.

    given: [p, t] grants in pounds, for the distribution `given` alone.
    Raises NoPlan where the formula's lowest grants exceed the money.
    """
    now = at_the_start(d, s) if now is None else now
    grants_set = set_grants(d, s, now.money, now.grants_before, now.years, given)
    formula = formula_of_blend(d, s, now.money, now.grants_before, now.years)
    assert (grants_set is None) == distributions.of(s).free  # noqa: S101 - a record and its function say the same
    goal = GOAL_BUILDERS[s.goal.measure]
    problem = pulp.LpProblem("allocator", pulp.LpMaximize if goal.record.sense == "max" else pulp.LpMinimize)
    x = Decisions(problem, d, s, now, upper_bounds(d, s, now, grants_set), grants_set, formula)
    objective = goal.build(d, s, x)
    constant, objective.constant = float(objective.constant), 0.0
    if goal_records.is_cautious(s):
        objective = caution.cautious(d, s, x, objective)
    problem.setObjective(objective)
    builder = _Builder(problem)
    shortfalls = []
    for rule in RULE_BUILDERS.values():
        for place, row in rows_of(rule, d, s, x):
            added = builder.add(rule.record.name, place, row)
            if rule.record.name in s.rules.soft:
                shortfalls.append(_soften(x, rule.record.name, place, added, -row.constant))
    for place, row in (*goals.smallest_share_rows(d, x), *caution.rows(d, s, x)):
        builder.add(goal.record.name, place, _row(goal.record.name, place, row))
    return Programme(d, s, now, problem, x, goal.record, constant, tuple(builder.rows), tuple(shortfalls), grants_set)


def _soften(x: Decisions, rule: str, place: Place, row: LpConstraint, required: float) -> Shortfall:
    """Let a row fall short: by all that is required, and by what negative effects could take away besides."""
    against = sum(coefficient * variable.upBound for variable, coefficient in _negative(row.items()))
    variable = x.add("shortfall", (rule, *place.words), 0.0, required - against)
    row.set_coefficient(variable, 1.0)
    return Shortfall(rule, place, required, variable)


def _negative(terms: Iterable[tuple[LpVariable, float]]) -> list[tuple[LpVariable, float]]:
    return [(variable, coefficient) for variable, coefficient in terms if coefficient < 0]
