"""Interventions that a partnership does not use: the effect from which they would be bought there, checked by solving.

An effect stands in the goal and in every row that counts reductions; both are linear in it, so that the reduced cost
of a place says at which effect it is worth what it takes. A dual may be one of many, so the plan is solved again just
below and just above.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from allocator.errors import UsageError
from allocator.programme.builders import GOAL_BUILDERS
from allocator.programme.caution import EXPOSURE
from allocator.programme.terms import Terms
from allocator.register import GOALS, RULES
from allocator.results import Result, doc
from allocator.scenario.amounts import planned_effects
from allocator.solving.session import INFINITE
from allocator.tables.dataset import Floats
from allocator.what_if.probe import Probe

if TYPE_CHECKING:
    from pulp import LpAffineExpression


BESIDE = 0.005  # of an effect: how far below and above the break-even is solved
FURTHER = (1.0, 4.0, 10.0, 20.0, 50.0, 100.0)  # times BESIDE above, where the duals were too hopeful
BOUGHT = 1e-6  # places that count as bought, and nothing below


class BreakEven(Result):
    """An intervention that is not bought for a client group, and the effect from which it would be."""

    intervention: str = doc("the intervention")
    client_group: str = doc("the client group")
    year: str = doc("the year, where it is bought in others or each is planned by itself; else blank")
    now: float = doc("the effect there is", "fewer NEET a place", name="effect")
    needed: float | None = doc("from which effect it is bought; null: at none up to 1", "fewer NEET a place")
    elsewhere: Mapping[str, float] = doc(
        "places bought in other years, by year",
        name="bought_in",
        entry="<year> | young people | places bought in one year",
    )
    checked: bool = doc("whether none is bought just below needed and some just above, both solved")


class Effects:
    """Where a partnership's effects stand in its programme: what one unit of effect is worth in each column and row."""

    def __init__(self, probe: Probe, p: int) -> None:
        """Take the partnership's index, p. Raises UsageError where the solver gives no duals to begin from."""
        if not len(probe.best.answer.duals):
            found = f"{probe.session.solver}, which gives no duals"
            raise UsageError("solver.name", found, "a solver that does", "Solve again without it, with HiGHS.")
        self.probe, self.p = probe, p
        programme = probe.programme
        self.d, x = programme.data, programme.decisions
        self.column_of = probe.session.column_of
        unit, none = copy.copy(x), copy.copy(x)
        bands = np.array([b for _, _, b in x.served], dtype=np.int64)
        kept = 1.0 - self.d.displacement[x.served_intervention]
        unit.served_gain = kept * self.d.relative_effect[x.served_intervention, bands]
        none.served_gain = np.zeros_like(x.served_gain)
        # of a cautious goal its worst draws count the rest, by way of rows of exposures
        weight = 1.0 if x.caution is None else 1.0 - programme.settings.risk.cvar_weight
        self.rest = weight * self._goal(none)  # the goal's costs without any effect: spending, where that counts
        self.unit = weight * self._goal(unit) - self.rest
        self.rows = {row: self._columns(unit.reduction(self.d, p, t)) for row, t in self._counting()}
        self.rows |= dict(self._exposed())

    def _goal(self, x: Any) -> Floats:
        """Give costs of the goal by column; fairest has none on places, since it stands in rows."""
        costs = np.zeros(len(self.probe.session.cost))
        programme = self.probe.programme
        if programme.goal.smallest_of_all:
            return costs
        goal: LpAffineExpression = GOAL_BUILDERS[programme.goal.name].build(self.d, programme.settings, x)
        for variable, value in goal.items():
            if self.column_of[variable.id] >= 0:
                costs[self.column_of[variable.id]] = value
        return costs

    def _counting(self) -> Iterator[tuple[int, int]]:
        """Give the rows that count this partnership's reductions, with the year at whose end they count them."""
        for (rule, place), row in self.probe.stages.row_of.items():
            of_reductions = RULES[rule].of_reductions if rule in RULES else not place.detail  # else of a cautious goal
            if of_reductions and place.covers(self.d.partnerships[self.p], self.d.regions[self.p]):
                yield row, self.d.years.index(place.year)

    def _exposed(self) -> Iterator[tuple[int, dict[int, float]]]:
        """Give the rows of a cautious goal in which this partnership's places stand, with what a unit of effect is.

        A draw of an effect goes up and down with the effect, so that what a place counts in all draws does, too.
        """
        programme = self.probe.programme
        if programme.decisions.caution is None:
            return
        effects = planned_effects(self.d, programme.settings)
        for (rule, place), row in self.probe.stages.row_of.items():
            if rule not in GOALS or place.detail[:1] != (EXPOSURE,):
                continue
            i, g = self.d.interventions.index(place.detail[1]), self.d.client_groups.index(place.detail[2])
            there = set(self.columns(i, g, programme.now.years))
            if effects[i, g]:
                yield row, {column: value / float(effects[i, g]) for _, column, value in self._of_row(row, there)}

    def _columns(self, terms: Terms) -> dict[int, float]:
        return dict(zip(self.column_of[terms.ids].tolist(), terms.coefficients.tolist(), strict=True))

    def columns(self, i: int, g: int, years: Sequence[int]) -> list[int]:
        """Give the columns of an intervention's places for a group in some years, every band."""
        x = self.probe.programme.decisions
        bands = range(int(self.d.bands[i]))
        return [int(self.column_of[x.places[self.p, t, i, g, b].id]) for t in years for b in bands]

    def needed(self, column: int) -> float | None:
        """Give the effect at which a place that is not bought is worth what it takes.

        None where at no effect up to 1.
        """
        problem, duals = self.probe.problem, self.probe.best.answer.duals
        rows = np.searchsorted(problem.starts, np.flatnonzero(problem.index == column), side="right") - 1
        values = problem.value[problem.index == column]
        takes = sum(
            float(value * duals[row]) for row, value in zip(rows.tolist(), values, strict=True) if row not in self.rows
        )
        gives = float(self.unit[column]) - sum(
            by_column.get(column, 0.0) * float(duals[row]) for row, by_column in self.rows.items()
        )
        sign = 1.0 if self.probe.session.maximise else -1.0
        if sign * gives <= 0:
            return None
        effect = (takes - float(self.rest[column])) / gives
        return effect if effect <= 1 else None

    @contextmanager
    def put(self, columns: Sequence[int], effect: float) -> Iterator[None]:
        """Let places of these columns have an effect in band 1, the further bands in proportion."""
        there = list(columns)
        with self._changed(there, self.rest[there] + effect * self.unit[there]):
            for row, by_column in self.rows.items():
                for column in there:
                    if column in by_column:
                        self.probe.session.set_coefficient(row, column, effect * by_column[column])
            yield

    @contextmanager
    def times(self, factor: float) -> Iterator[None]:
        """Let every effect of the partnership count so many times."""
        x, cost = self.probe.programme.decisions, self.probe.session.cost
        there = [int(self.column_of[variable.id]) for index, variable in x.places.items() if index[0] == self.p]
        there = [column for column in there if column >= 0]
        then = self.probe.stages.then_costs() if self.probe.programme.goal.then else np.zeros(len(cost))
        kept = then[there]
        with self._changed(there, self.rest[there] + factor * (cost[there] - self.rest[there])):
            for row, column, value in self._held(there):
                self.probe.session.set_coefficient(row, column, factor * value)
            then[there] = factor * kept
            try:
                yield
            finally:
                then[there] = kept

    @contextmanager
    def _changed(self, columns: list[int], cost: Floats) -> Iterator[None]:
        """Put in other costs of some columns, and afterwards their costs and coefficients as they were."""
        session, kept = self.probe.session, self.probe.session.cost[columns].copy()
        try:
            session.cost[columns] = cost
            self._loosen()
            yield
        finally:
            session.cost[columns] = kept
            for row, by_column in self.rows.items():
                for column in columns:
                    if column in by_column:
                        session.set_coefficient(row, column, 0.0)
            for row, column, value in self._held(columns):
                session.set_coefficient(row, column, value)
            self.probe.restore()

    def _loosen(self) -> None:
        """Loosen the bounds of the smallest share, of exposures and of draws: they rest on the effects as they are."""
        x = self.probe.programme.decisions
        loose = [] if x.smallest_share is None else [(x.smallest_share, -INFINITE)]
        if x.caution is not None:
            loose += [(variable, -INFINITE) for variable in (*x.caution.exposures, x.caution.tail)]
            loose += [(variable, 0.0) for variable in x.caution.below]
        there = [int(self.column_of[variable.id]) for variable, _ in loose]
        lower = np.array([low for _, low in loose])
        self.probe.session.set_bounds(there, lower, np.full(len(there), INFINITE))

    def _held(self, columns: list[int]) -> Iterator[tuple[int, int, float]]:
        """Give the coefficients that some columns have in the rows that count reductions: row, column, value."""
        wanted = set(columns)
        for row in self.rows:
            yield from self._of_row(row, wanted)

    def _of_row(self, row: int, wanted: set[int]) -> Iterator[tuple[int, int, float]]:
        """Give the coefficients of a row in some columns: row, column, value."""
        problem = self.probe.problem
        for k in range(int(problem.starts[row]), int(problem.starts[row + 1])):
            if int(problem.index[k]) in wanted:
                yield row, int(problem.index[k]), float(problem.value[k])


def break_evens(effects: Effects) -> tuple[BreakEven, ...]:
    """Give every pair of intervention and group that the partnership does not buy, in all years or in one; nearest
    first.
    """
    probe, d = effects.probe, effects.d
    years = probe.carried_out
    by_itself = d.years[years[0]] if probe.programme.settings.certainty.kind != "settlement" else ""
    found = []
    for i, g in d.offers:
        bought = {t: float(probe.values[effects.columns(i, g, [t])].sum()) for t in years}
        without = [t for t in years if bought[t] <= BOUGHT and _can_be_bought(effects, i, g, t)]
        if not without:
            continue
        if all(places <= BOUGHT for places in bought.values()):
            found.append(_break_even(effects, i, g, without, by_itself, {}))
        else:
            elsewhere = {d.years[t]: places for t, places in bought.items() if places > BOUGHT}
            found += [_break_even(effects, i, g, [t], d.years[t], elsewhere) for t in without]
    return tuple(sorted(found, key=_nearest_first))


def _nearest_first(one: BreakEven) -> tuple[float, str, str, str]:
    ratio = one.needed / one.now if one.needed is not None and one.now > 0 else float("inf")
    return ratio, one.intervention, one.client_group, one.year


def _can_be_bought(effects: Effects, i: int, g: int, t: int) -> bool:
    return bool(effects.probe.problem.upper[effects.columns(i, g, [t])].sum() > BOUGHT)


def _break_even(
    effects: Effects, i: int, g: int, years: list[int], year: str, elsewhere: Mapping[str, float]
) -> BreakEven:
    d = effects.d
    columns = effects.columns(i, g, years)
    first = [effects.columns(i, g, [t])[0] for t in years]
    candidates = [effect for effect in map(effects.needed, first) if effect is not None]
    now = float(planned_effects(d, effects.probe.programme.settings)[i, g])
    names = (d.interventions[i], d.client_groups[g], year, now)
    if not candidates:
        return BreakEven(*names, None, elsewhere, checked=False)
    needed = max(min(candidates), now)
    if _places(effects, columns, needed * (1 - BESIDE)) > BOUGHT:
        return BreakEven(*names, needed, elsewhere, checked=False)
    low = needed
    for times in FURTHER:
        high = needed * (1 + times * BESIDE)
        if _places(effects, columns, high) > BOUGHT:
            if times > 1:
                needed = _between(effects, columns, low, high)
            return BreakEven(*names, needed, elsewhere, checked=True)
        low = high
    return BreakEven(*names, needed, elsewhere, checked=False)


def _between(effects: Effects, columns: Sequence[int], low: float, high: float) -> float:
    """Give the effect between one that buys nothing and one that buys something, to BESIDE of it."""
    while high - low > BESIDE * high:
        middle = (low + high) / 2
        if _places(effects, columns, middle) > BOUGHT:
            high = middle
        else:
            low = middle
    return high


def _places(effects: Effects, columns: Sequence[int], effect: float) -> float:
    """Give the places bought in the best plan where the effect is this."""
    with effects.put(columns, effect):
        best = effects.probe.solved()
    return 0.0 if best is None else float(best.answer.values[list(columns)].sum())
