"""How firm a partnership's grant is: the range that good plans leave it, and what other amounts would cost."""

from __future__ import annotations

from contextlib import suppress

import numpy as np

from allocator.errors import NoPlan
from allocator.register import distributions
from allocator.register.distributions import FORMULA
from allocator.register.rules import RULES
from allocator.results import Result, doc
from allocator.scenario.distributions import formula_grants, grants_as_before
from allocator.solving.session import GRANT_HELD, INFINITE, from_pounds, pounds
from allocator.tables.dataset import Floats, Integers
from allocator.what_if.probe import Probe
from allocator.what_if.questions import gained

KEPT = 0.9  # of what moving grants brings on shares as before
WITHIN = 0.005  # of the best goal, where with shares as before there is no plan
ALIKE = 1000.0  # £: ranges whose ends are nearer are told as one
RANGE = "the range of a grant of all years, or of the one year planned; none where grants are set"


class Other(Result):
    """Another grant of the years together."""

    name: str = doc("lowest allowed, formula, shares as before, last year's, highest allowed")
    amount: float = doc("the amount", "£ cash")
    lost: float | None = doc("goal given up, all else at its best; null: not allowed", "goal.unit")
    soft: float = doc("by how much soft rules would fall further short, at the least", "shares added up", default=0.0)


class Firmness(Result):
    """The grant of some years together: its range in plans that keep KEPT of what moving grants brings, and in all."""

    partnership: str = doc("key of the partnership")
    year: str = doc("the one year planned, where planning is year on year; else blank")
    grant: float = doc("the plan's grant", "£ cash")
    smallest: float = doc("smallest in any plan that keeps nine tenths of what moving grants brings", "£ cash")
    largest: float = doc("largest in any such plan", "£ cash")
    lowest: float = doc("smallest in any plan that keeps the rules", "£ cash", name="lowest_allowed")
    highest: float = doc("largest in any plan that keeps the rules", "£ cash", name="highest_allowed")
    others: tuple[Other, ...] = doc("another amount and what it would lose; empty with --firmness")
    given_up: float | None = doc(
        "what such plans give up at most; null: with shares as before there is no plan, and smallest and largest are "
        "of plans within half a per cent of the best",
        "goal.unit",
        default=None,
    )
    shortfall: float = doc(
        "what soft rules fall short by, which none of the plans within the ranges exceeds",
        "shares added up",
        default=0.0,
    )

    @property
    def all_that_is_allowed(self) -> bool:
        """Whether the rules leave no grant that a good plan could not have."""
        return self.smallest - self.lowest < ALIKE and self.highest - self.largest < ALIKE


def firmness(probe: Probe, p: int, *, others: bool = True) -> Firmness | None:
    """Give the range of a partnership's grant and the cost of four other amounts; None where the distribution sets it.

    others: whether the four amounts are solved, too. The soft rules fall no further short than in the plan.
    Raises SolverError where the solver ends without an answer.
    """
    programme, session = probe.programme, probe.session
    d, s = programme.data, programme.settings
    if not distributions.of(s).free:
        return None
    years = probe.carried_out
    columns = probe.grant_columns(p, years)
    cost = np.zeros(len(session.cost))
    cost[columns] = 1.0

    def extreme(*, largest: bool) -> float:
        session.set_costs(cost, maximise=largest)
        return pounds(probe.stages.checked(session.solve(primal=True), "firmness").objective)

    brings = _worth_of_moving(probe)
    given_up = None if brings is None else (1 - KEPT) * brings
    try:
        _allow_goal(probe, given_up)
        smallest, largest = extreme(largest=False), extreme(largest=True)
        session.cut_back(*probe.stages.size)
        lowest, highest = extreme(largest=False), extreme(largest=True)
    finally:
        session.cut_back(*probe.stages.size)
        probe.restore()
    grant = pounds(float(probe.values[columns].sum()))
    told: list[Other] = []
    if others:
        known = [(name, float(by_year.sum())) for name, by_year in _known(probe, p)]
        for name, total in (("lowest allowed", lowest), *known, ("highest allowed", highest)):
            told.append(Other(name, total, *_lost(probe, columns, total)))
    year = "" if s.certainty.kind == "settlement" else d.years[years[0]]
    # The plan's own grant is in every range; the solver finds the ends of a narrow one only to its tolerance.
    ends = (min(smallest, grant), max(largest, grant), min(lowest, grant), max(highest, grant))
    return Firmness(d.partnerships[p], year, grant, *ends, tuple(told), given_up, probe.best.soft)


def _worth_of_moving(probe: Probe) -> float | None:
    """Give what the best plan reaches more than one with shares as before, all else at its best; None where that has
    none.

    Rules on single grants say nothing to grants that are set.
    """
    session, programme = probe.session, probe.programme
    now, d = programme.now, programme.data
    grants = session.column_of[programme.decisions.ids["grant"]]
    held = from_pounds(grants_as_before(d, now.money, now.years).ravel())
    rows = [row for (rule, _), row in probe.stages.row_of.items() if rule in RULES and RULES[rule].on_single_grants]
    try:
        session.set_rows(rows, np.full(len(rows), -INFINITE), np.full(len(rows), INFINITE))
        session.set_bounds(grants, np.maximum(held - GRANT_HELD, 0.0), held + GRANT_HELD)
        answer = session.solve()
        if answer.outcome != "optimal":
            return None
        more = probe.best.goal - answer.objective
        return max(more if session.maximise else -more, 0.0)
    finally:
        probe.restore()


def _allow_goal(probe: Probe, give: float | None) -> None:
    """Give a row that keeps the goal within what may be given up of the best, scaled as the stages' own.

    give: in the goal's unit; None for WITHIN of the best, constants included.
    """
    session, programme, best = probe.session, probe.programme, probe.best.goal
    used = np.flatnonzero(session.cost)
    largest = float(np.abs(session.cost).max(initial=0.0))
    if not largest:
        return
    if give is None:
        give = WITHIN * abs(best + programme.goal_constant)
    if session.maximise:
        session.add_row(used, session.cost[used] / largest, (best - give) / largest, INFINITE)
    else:
        session.add_row(used, session.cost[used] / largest, -INFINITE, (best + give) / largest)


def _known(probe: Probe, p: int) -> list[tuple[str, Floats]]:
    """Give the formula's grants, where there is one, shares as before, and last year's each year, where it was
    something: £ by year carried out.
    """
    programme = probe.programme
    d, s, now = programme.data, programme.settings, programme.now
    count = len(probe.carried_out)
    known = []
    if s.grants.formula.young_people + s.grants.formula.neet + s.grants.formula.baseline > 0:
        with suppress(NoPlan):  # where its guaranteed minimums are more than the money there is no formula's grant
            known.append((FORMULA.name, formula_grants(d, s, now.money, now.grants_before, now.years)[p, :count]))
    last_year = np.full(count, now.grants_before[p])
    as_before = grants_as_before(d, now.money[:count], now.years[:count])[p]
    known.append(("shares as before", as_before))
    return [*known, ("last year's", last_year)] if last_year.any() else known  # a new one had none


def _lost(probe: Probe, columns: Integers, amount: float) -> tuple[float | None, float]:
    """Give what the goal gives up with another sum of these grants, £, its years left free and all else at its best,
    and by how much soft rules then fall further short; None where no plan has it.
    """
    session, held = probe.session, float(from_pounds(np.array([amount]))[0])
    row = columns, np.ones(len(columns)), held - GRANT_HELD, held + GRANT_HELD
    try:
        with probe.stages.with_a_row(*row):
            answer = session.solve()
            if answer.outcome == "infeasible":
                best = probe.solved() if probe.best.soft > 0 else None
                if best is None:
                    return None, 0.0
                change = gained(probe.best, best)
                return (-change.goal if session.maximise else change.goal), max(change.soft, 0.0)
            lost = probe.stages.checked(answer, "firmness").objective - probe.best.goal
            return max(-lost if session.maximise else lost, 0.0), 0.0
    finally:
        probe.restore()
