"""No plan: a smallest set of rules that cannot hold together, and the sum that shows it.

Whole families (a rule, or one limit of the planner's own) are left out, one after another, for as long as the rest
still cannot hold. Of what remains one family is let fall short, by as little as can be: what it falls short by, and
the multipliers of all other rows, are the sum.
(The solver's own irreducible subsystem takes rows as they come: 45 of 47 floors, or 46 and a limit on falls, which
nobody can add up, and it takes seconds where a national target is in it.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from allocator.errors import ConflictTerm
from allocator.no_plan.terms import called, terms_of
from allocator.register import Place
from allocator.register.rules import DISTRIBUTION, fall_short_first, left_out_first
from allocator.solving.session import INFINITE, pounds
from allocator.solving.solution import LinearProblem
from allocator.solving.stages import Stages
from allocator.tables.dataset import Floats, Integers

LOOSE = ("grant", "carry", "lapse", "fte", "recruits", "redundancies", "training")


@dataclass(frozen=True)
class Conflict:
    """Rules that cannot hold together, none of which can be left out.

    terms: the sum that shows it, what is asked first. short: by how much, in unit. families: the rules, by name.
    years: those of its rows. alike: how many other conflicts of the same rules there are, in other places or years.
    """

    terms: tuple[ConflictTerm, ...]
    short: float
    unit: str
    families: tuple[str, ...]
    years: tuple[str, ...]
    alike: int


def find_conflict(stages: Stages) -> Conflict | None:
    """Find what cannot hold together in a programme that has no plan; None where its rules alone can.

    Every bound that rests on a rule is loosened for the search, so that the rule is found, not the bound: only uptake,
    and what is nobody's to decide, stays. Leaves the programme as it was, but for its costs and basis.
    """
    session = stages.session
    stages.allow_any_shortfall()
    before = session.bounds()
    lower, upper = _loosened(stages, *before)
    problem = session.problem()
    search = _Search(stages, problem)
    everywhere = np.arange(len(upper))
    try:
        session.set_bounds(everywhere, lower, upper)
        families = search.smallest()
        if not families:
            return None
        asked = next(iter(_in_order_of(families, fall_short_first())), families[0])
        multipliers, _ = search.fall_short(families, asked)
        found = []
        for rows in _apart(problem, np.flatnonzero(multipliers)):
            terms, short, unit = terms_of(stages.programme, problem, session.columns, rows, multipliers, lower, upper)
            found.append((short, rows.tolist(), terms, unit))
        if not found:
            return None  # by so little that the solver does not see it again
        short, rows_told, terms, unit = max(found, key=lambda one: (one[0], one[1]))
        named = {stages.programme.rows[row][1].year for row in rows_told}
        years = tuple(year for year in stages.programme.data.years if year in named)
        return Conflict(terms, short, unit, families, years, len(found) - 1)
    finally:
        session.cut_back(*stages.size)
        session.set_rows(np.arange(len(problem.row_lower)), problem.row_lower, problem.row_upper)
        session.set_bounds(everywhere, *before)


class _Search:
    """The rows of a programme in the solver, some families of them left out."""

    def __init__(self, stages: Stages, problem: LinearProblem) -> None:
        self.stages, self.problem = stages, problem
        self.rows_of: dict[str, list[int]] = {}
        for row, (rule, place) in enumerate(stages.programme.rows):
            self.rows_of.setdefault(called(rule, place), []).append(row)

    def keep(self, families: Iterable[str]) -> bool:
        """Leave out all other families, and say whether these can be kept together."""
        session, problem = self.stages.session, self.problem
        lower, upper = np.full(len(problem.row_lower), -INFINITE), np.full(len(problem.row_lower), INFINITE)
        for family in families:
            rows = self.rows_of[family]
            lower[rows], upper[rows] = problem.row_lower[rows], problem.row_upper[rows]
        session.set_rows(np.arange(len(lower)), lower, upper)
        return session.can_be_kept()

    def smallest(self) -> tuple[str, ...]:
        """Find families that cannot be kept together and of which none can be left out; none where all can be kept."""
        families = list(self.rows_of)
        if self.keep(families):
            return ()
        used = np.flatnonzero(self.stages.session.contradiction())
        rows = self.stages.programme.rows
        in_use = {called(*rows[row]) for row in used.tolist() if row < len(rows)}
        families = [family for family in families if family in in_use] or families
        for family in _in_order_of(families, left_out_first()):
            rest = [other for other in families if other != family]
            if not self.keep(rest):
                families = rest
        return tuple(families)

    def fall_short(self, families: Iterable[str], asked: str) -> tuple[Floats, Floats]:
        """Let every row of one family fall short, by as little as can be in all.

        Gives the multipliers of all rows, and by how much more each of the family's has to be than it is.
        """
        session, problem = self.stages.session, self.problem
        self.keep(families)
        rows = self.rows_of[asked]
        short = session.add_columns(np.full(2 * len(rows), INFINITE))
        for number, row in enumerate(rows):
            session.set_coefficient(row, int(short[2 * number]), 1.0)
            session.set_coefficient(row, int(short[2 * number + 1]), -1.0)
        cost = np.zeros(session.size[1])
        cost[short] = 1.0
        session.set_costs(cost, maximise=False)
        answer = session.solve()
        multipliers = answer.duals[: len(problem.row_lower)].copy()
        multipliers[np.abs(multipliers) <= 1e-9 * float(np.abs(multipliers).max(initial=0.0))] = 0.0
        added = answer.values[short].reshape(-1, 2)
        return multipliers, added[:, 1] - added[:, 0]


def _in_order_of(families: Iterable[str], rules: Iterable[str]) -> list[str]:
    """Give the families of some rules, in the rules' order: limits of a planner's own one by one."""
    there = list(families)
    return [family for rule in rules for family in there if family.partition(" ")[0] == rule]


def least_more_grants(stages: Stages) -> dict[Place, float]:
    """Find by how much grants that are set have to be others for the rules to be kept, in all as little as can be.

    £ by partnership and year; none where no grants would do. Leaves the programme as find_conflict does.
    """
    session = stages.session
    stages.allow_any_shortfall()
    before, problem = session.bounds(), session.problem()
    search = _Search(stages, problem)
    everywhere = np.arange(len(before[0]))
    try:
        session.set_bounds(everywhere, *_loosened(stages, *before))
        if not search.keep(family for family in search.rows_of if family != DISTRIBUTION.name):
            return {}
        _, added = search.fall_short(search.rows_of, DISTRIBUTION.name)
        rows = search.rows_of[DISTRIBUTION.name]
        return {
            stages.programme.rows[row][1]: pounds(float(more))
            for row, more in zip(rows, added, strict=True)
            if abs(more) > 1e-6
        }
    finally:
        session.cut_back(*stages.size)
        session.set_rows(np.arange(len(problem.row_lower)), problem.row_lower, problem.row_upper)
        session.set_bounds(everywhere, *before)


def least_share(stages: Stages, lower: Floats, upper: Floats) -> float | None:
    """Give how much of the way from the sides that its rows have to others a programme has to go to have a plan.

    lower, upper: the other sides of every row. Between 0 and 1; None where not even all of the way does it, or the
    solver does not say. Leaves the programme as find_conflict does.
    """
    session = stages.session
    stages.allow_any_shortfall()
    before, problem = session.bounds(), session.problem()
    everywhere = np.arange(len(before[0]))
    bounded_above = np.isfinite(problem.row_upper)
    bounded_below = np.isfinite(problem.row_lower) & ~bounded_above
    further = np.zeros(len(bounded_above))
    further[bounded_above] = upper[bounded_above] - problem.row_upper[bounded_above]
    further[bounded_below] = lower[bounded_below] - problem.row_lower[bounded_below]
    try:
        session.set_bounds(everywhere, *_loosened(stages, *before))
        (share,) = session.add_columns(np.ones(1))
        for row in np.flatnonzero(further).tolist():
            session.set_coefficient(row, int(share), -float(further[row]))
        cost = np.zeros(session.size[1])
        cost[share] = 1.0
        session.set_costs(cost, maximise=False)
        answer = session.solve()
        return float(answer.values[share]) if answer.outcome == "optimal" else None
    finally:
        session.cut_back(*stages.size)
        session.set_bounds(everywhere, *before)


def _apart(problem: LinearProblem, rows: Integers) -> list[Integers]:
    """Give rows in groups that have no column in common, so that each is a conflict of its own."""
    group = {row: row for row in rows.tolist()}

    def head(row: int) -> int:
        while group[row] != row:
            row = group[row]
        return row

    first: dict[int, int] = {}
    for row in group:
        for column in problem.index[problem.starts[row] : problem.starts[row + 1]].tolist():
            group[head(row)] = head(first.setdefault(column, row))
    found: dict[int, list[int]] = {}
    for row in group:
        found.setdefault(head(row), []).append(row)
    return [np.array(members, dtype=np.int64) for members in found.values()]


def _loosened(stages: Stages, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    lower, upper = lower.copy(), upper.copy()
    loosened = loose_columns(stages)
    lower[loosened], upper[loosened] = 0.0, INFINITE
    return lower, upper


def loose_columns(stages: Stages, partnership: str = "") -> Integers:
    """Give the columns whose bounds follow from the rules, of all partnerships or of one."""
    found = [
        column
        for column, key in enumerate(stages.session.columns)
        if key[0] in LOOSE and partnership in ("", key[1]) and not nobodys(stages, key)
    ]
    return np.array(found, dtype=np.int64)


def nobodys(stages: Stages, key: tuple[str, ...]) -> bool:
    """Say whether a decision is no decision.

    Joiners in a grade not recruited, training in the top grade, a last carry.
    """
    d, years = stages.programme.data, stages.programme.decisions.now.years
    if key[0] == "recruits":
        return not bool(d.recruitable[d.grades.index(key[3])])
    if key[0] == "training":
        return key[3] == d.grades[-1]
    return key[0] == "carry" and key[2] == d.years[years[-1]]
