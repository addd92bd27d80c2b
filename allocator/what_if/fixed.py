"""Which rules fix each grant: those at whose limit it stands, and whose limit is worth something.

One set of duals does not say so. At a degenerate plan there are many; a price may lie on the bound of a grant and not
on the rule from which the bound follows; and where two rules end at the same amount neither is worth anything alone. So
the bounds are taken off, and each limit is moved: along the basis as far as that holds, else by solving again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import floor, inf, log10

import numpy as np

from allocator.errors import NoPlan, SolverError
from allocator.no_plan.conflict import loose_columns
from allocator.register import RULES, Place, distributions
from allocator.runs.findings import Fixed, GoalChange
from allocator.solving.planned import Planned
from allocator.solving.session import INFINITE, NONE, from_pounds
from allocator.solving.stages import Best
from allocator.tables.dataset import Floats, Integers
from allocator.time_left import seconds_left
from allocator.tolerances import AT_THE_LIMIT, SOLVED_TO
from allocator.what_if.questions import gained

STEP = 100_000.0  # £: what a limit on a grant is moved by, or less where the grant is small
PART = 0.2  # of a limit that a step may be
FIRST = 0.01  # of a step: what is brought at a rate that holds so far is brought by the limit, whatever comes after it


def step_within(usual: float, limit: float) -> float:
    """Give the usual step, or the largest power of ten that is no more than PART of the limit, where that is
    smaller.
    """
    return min(usual, 10.0 ** floor(log10(PART * limit) + 1e-9)) if limit > 0 else usual


@dataclass(frozen=True)
class Holder:
    """A row at whose limit a grant stands. side: how the grant compares with it, as Rule.sense."""

    row: int
    place: Place
    called: str
    side: str
    of_table: bool = False  # whether it is of the table limits


def fixed_grants(planned: Planned, partnership: str = "") -> tuple[Fixed, ...]:
    """Find the grants that rules fix, of one partnership or of all, in the years whose plan is carried out.

    A grant that is not among them stands at the margin, or is set by the distribution. Leaves the programme as it was.
    planned: as solve_data gave it, with nothing changed since. Raises SolverError where a question gets no answer, or
    the time runs out.
    """
    programme, session = planned.stages.programme, planned.stages.session
    if not distributions.of(programme.settings).free:
        return ()
    held = holders(planned, partnership)
    if not held:
        return ()
    basis, lower, upper = session.basis(), *session.bounds()
    starts = planned.stages.starts
    try:
        loosened = _Loosened(planned)
        found = {place: _fixed(loosened, planned, place, rows) for place, rows in held.items()}
        if programme.goal.then and loosened.best.soft == 0:
            loosened.go_on_to_then()
            for place, rows in held.items():
                found[place] = found[place] or _fixed(loosened, planned, place, rows)
        return tuple(one for one in found.values() if one is not None)
    finally:
        session.cut_back(*planned.stages.size)
        session.set_costs(session.cost, maximise=session.maximise)
        session.set_bounds(np.arange(len(lower)), lower, upper)
        session.start_from(basis)
        planned.stages.starts = starts


def holders(planned: Planned, partnership: str = "") -> dict[tuple[int, int], list[Holder]]:
    """Give the rows on grants that leave a grant no room in the plan, by its partnership and year, as indices.

    Rows on several grants together are among them, in all these grants' places.
    """
    stages, values = planned.stages, planned.values
    d, now = stages.programme.data, stages.programme.now
    carried_out = now.years if stages.programme.settings.certainty.kind == "settlement" else now.years[:1]
    problem = stages.session.problem()
    room = problem.room(values) * stages.row_units[: len(problem.row_lower)]
    found: dict[tuple[int, int], list[Holder]] = {}
    of = {key: p for p, key in enumerate(d.partnerships)}
    for (name, at), row in stages.row_of.items():
        rule = RULES.get(name)
        if rule is None or not (rule.on_single_grants or rule.by_quantity) or room[row] > AT_THE_LIMIT:
            continue
        if not rule.is_on_grants(at):
            continue
        years = [t for t in carried_out if at.year in ("", d.years[t])]
        for key, p in [(at.partnership, of[at.partnership])] if at.of_one else of.items():
            if partnership in ("", key) and at.covers(key, d.regions[p]):
                for t in years:
                    found.setdefault((p, t), []).append(
                        Holder(row, at, rule.called(at), rule.sense_at(at), rule.by_quantity)
                    )
    return dict(sorted(found.items()))


def _fixed(loosened: _Loosened, planned: Planned, place: tuple[int, int], held: Sequence[Holder]) -> Fixed | None:
    """Give the rules that fix a grant: each that does alone, else those of one side that do together."""
    d, (p, t) = planned.stages.programme.data, place
    grant = float(planned.figures.grant[p, t - planned.stages.programme.now.years[0]])
    step = step_within(STEP, grant)
    where = (d.partnerships[p], d.years[t])
    exact = tuple(one.called for one in held if one.side == "=")
    if exact:
        return Fixed(*where, exact, "=", step, None)
    for side in ("<=", ">="):
        on_side = [one for one in held if one.side == side]
        alone = [(one, worth) for one in on_side if (worth := loosened.worth((one.row,), step)) is not None]
        if alone:
            names = tuple(dict.fromkeys(one.called for one, _ in alone))
            return loosened.told(Fixed(*where, names, side, step, max((worth for _, worth in alone), key=_size)))
        if len(on_side) > 1:
            worth = loosened.worth(tuple(one.row for one in on_side), step)
            if worth is not None:
                names = tuple(dict.fromkeys(one.called for one in on_side))
                return loosened.told(Fixed(*where, names, side, step, worth, together=True))
    return None


def _size(change: GoalChange) -> tuple[float, float]:
    return abs(change.soft), abs(change.goal)


class _Loosened:
    """A planned programme with the bounds off that follow from its rules, so that prices lie on the rules alone."""

    def __init__(self, planned: Planned) -> None:
        self.stages, self.session = planned.stages, planned.stages.session
        self.units = planned.stages.row_units
        self.known: dict[tuple[tuple[int, ...], float], GoalChange | None] = {}
        self.basic: Integers = NONE
        self._take_bounds_off(planned)
        self.best: Best = self.stages.best(primal=True)
        self.then = False
        self._stand_here()

    def go_on_to_then(self) -> None:
        """Ask from now on what is reached in all, the goal held at its best, where room brings that nothing."""
        session, best = self.session, self.best
        self.known.clear()
        cost = self.stages.then_costs()
        session.start_from(self.basis)
        if session.cost.any():
            session.add_rows([self.stages.held_goal(best.goal, best.goal)])
        session.set_costs(cost, maximise=True)
        answer = self.stages.checked(session.solve(primal=True, has_plan=True), "then")
        self.best, self.then = replace(best, goal=answer.objective, answer=answer), True
        self._stand_here()

    def told(self, found: Fixed) -> Fixed:
        """Give what was found, its worth where it was asked for: of the goal, or of what is reached in all."""
        if not self.then or found.more_room is None:
            return found
        return replace(found, more_room=GoalChange(0.0, 0.0), then=found.more_room.goal)

    def _stand_here(self) -> None:
        self.basis, self.starts = self.session.basis(), self.stages.starts
        self.gone_on = True  # whether the solver stands elsewhere than in this basis
        self.problem = self.session.problem()
        self.activity = self.problem.activity(self.best.answer.values)

    def _take_bounds_off(self, planned: Planned) -> None:
        """Put the basis on rows in place of bounds, then take off every bound that nothing rests on."""
        session, problem = self.session, self.session.problem()
        at_bound, basic = session.at_upper(), session.basic_rows()
        d, x = planned.stages.programme.data, planned.stages.programme.decisions
        grants = session.column_of[x.ids["grant"]]
        room = problem.room(planned.best.answer.values)
        tight = (room <= from_pounds(AT_THE_LIMIT) / 1e3) & np.isfinite(problem.row_upper)
        on: dict[int, int] = {}
        of = {key: p for p, key in enumerate(d.partnerships)}
        for (name, at), row in self.stages.row_of.items():
            if name in RULES and RULES[name].limits_one_grant(at) and tight[row] and basic[row]:
                p = of[at.partnership]
                column = int(session.column_of[x.grant[p, d.years.index(at.year)].id])
                on.setdefault(column, row)
        moved = [column for column in grants.tolist() if at_bound[column] and column in on]
        loose = loose_columns(self.stages)
        loose = loose[~at_bound[loose] | np.isin(loose, moved)]
        session.set_bounds(loose, np.zeros(len(loose)), np.full(len(loose), INFINITE))
        rows = np.array([on[column] for column in moved], dtype=np.int64)
        session.start_with(basic=np.array(moved, dtype=np.int64), rows_at_upper=rows)

    def worth(self, rows: tuple[int, ...], step: float) -> GoalChange | None:
        """Give what a step of room in all these rows would bring at the rate of the first pound; None where nothing.

        step: £. It is something where the whole step would bring more than a goal is solved to, and the basis holds for
        a hundredth of it; where it holds no further, what the whole step really brings is solved for.
        """
        seconds_left()  # what goes along the basis is no solve that would look at the time
        if (rows, step) not in self.known:
            self.known[rows, step] = self._worth(rows, step)
        return self.known[rows, step]

    def _worth(self, rows: tuple[int, ...], step: float) -> GoalChange | None:
        moved = from_pounds(step)
        if self.best.soft == 0 or self._rate(self.best.soft_duals, rows) * moved <= SOLVED_TO:
            least = SOLVED_TO * max(1.0, abs(self.best.goal))
            rate = self._rate(self.best.answer.duals, rows)
            if rate * moved <= least:
                return None  # the first pound brings most, so that no room brings more than this
            far = min(moved, self._as_far_as_the_basis_holds(rows))
            if far >= FIRST * moved or rate * far > least:
                better = self.then or self.session.maximise
                return GoalChange(rate * moved if better else -rate * moved, 0.0)
        change = gained(self.best, self._solved(rows, step))
        return change if change.goal or change.soft else None

    @staticmethod
    def _rate(duals: Floats, rows: tuple[int, ...]) -> float:
        """Give the most that a unit of room in all these rows can bring."""
        return sum(abs(float(duals[row])) for row in rows)

    def _as_far_as_the_basis_holds(self, rows: tuple[int, ...]) -> float:
        """Give how much room these rows can be given together before another limit is in the way, £ thousand."""
        if self.gone_on:
            self.session.start_from(self.basis)
            self.basic, self.gone_on = self.session.basic_variables(), False
        problem = self.problem
        ways = [self.session.moved_by(row, self.basic) for row in rows]
        columns, which = np.unique(np.concatenate([moved for moved, _ in ways]), return_inverse=True)
        by = [self._way(row) * moves for row, (_, moves) in zip(rows, ways, strict=True)]
        moves = np.bincount(which, np.concatenate(by), minlength=len(columns))
        moved, row_moves = problem.moved_by(columns, moves)
        asked = np.isin(moved, rows)
        due = np.array([self._way(row) for row in moved[asked].tolist()])
        if len(due) < len(rows) or (np.abs(row_moves[asked] - due) > 1e-6).any():
            return 0.0  # the rows do not move as they should: better solved
        others, other_moves = moved[~asked], row_moves[~asked]
        return min(
            _until(self.best.answer.values[columns], moves, problem.lower[columns], problem.upper[columns]),
            _until(self.activity[others], other_moves, problem.row_lower[others], problem.row_upper[others]),
        )

    def _way(self, row: int) -> float:
        """Give the way in which a row's side gives more room."""
        return 1.0 if np.isfinite(self.problem.row_upper[row]) else -1.0

    def _solved(self, rows: tuple[int, ...], step: float) -> Best:
        number, problem = list(rows), self.problem
        by = np.array([self._way(row) * step / float(self.units[row]) for row in rows])
        self.session.start_from(self.basis)
        self.gone_on = True
        try:
            self.session.set_rows(number, problem.row_lower[number] + by, problem.row_upper[number] + by)
            if self.then:
                answer = self.stages.checked(self.session.solve(has_plan=True), "then")
                return replace(self.best, goal=answer.objective, answer=answer)
            return self.stages.best()
        except NoPlan as none:  # more room leaves every plan there was
            raise SolverError("fixed", "more room ended without a plan", "one", "") from none
        finally:
            self.session.set_rows(number, problem.row_lower[number], problem.row_upper[number])
            self.stages.starts = self.starts


def _until(values: Floats, moves: Floats, lower: Floats, upper: Floats) -> float:
    """Give how far values can move before the first passes its limit."""
    tiny = 1e-9
    with np.errstate(divide="ignore", invalid="ignore"):
        up = np.where(moves > tiny, np.maximum(upper - values, 0.0) / moves, inf)
        down = np.where(moves < -tiny, np.maximum(values - lower, 0.0) / -moves, inf)
    return float(min(up.min(initial=inf), down.min(initial=inf)))
