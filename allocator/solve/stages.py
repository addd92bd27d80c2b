"""The goals in order: keep the soft rules, reach the goal, disturb little, spend little."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from allocator.errors import NoPlan, SolverError
from allocator.programme.boxes import THOUSAND
from allocator.programme.rules.money import spend_terms
from allocator.solve.session import INFINITE, Answer, Session
from allocator.solve.solution import Figures, RowPrice, StageProof, StageRecord

if TYPE_CHECKING:
    from allocator.programme.formulate import Programme
    from allocator.solve.solution import LinearProblem
    from allocator.tables.dataset import DataSet, Floats, Integers

HOLD = 1e-7  # slack with which a stage's optimum is held, relative to the larger of 1 and the optimum
TIE_BREAK = 1e-3  # weight of the checksum that makes the least disturbed plan one plan
GRANT_HELD = 1e-6  # £ thousand: how exactly stage 4 keeps the grants of stage 3
BAND_ORDER = 1e-5  # £ thousand a place and band: bands fill in order among plans otherwise equal


@dataclass(frozen=True, eq=False)
class Staged:
    """A programme solved through all its stages.

    values: of every key of the programme, inside their boxes, money in £ thousand. goal: the stage's optimum.
    session: still loaded, with goal_basis, the basis at the goal's optimum.
    """

    programme: Programme
    values: Floats
    soft: float
    goal: float
    proofs: tuple[StageProof, ...]
    prices: tuple[RowPrice, ...]
    records: tuple[StageRecord, ...]
    session: Session
    goal_basis: Any


def tie_breaks(d: DataSet, years: tuple[int, ...]) -> Floats:
    """1 + 0.001 * h[p, y]; h is the CRC-32 of "partnership|year" over 2^32: one plan among equals, on any machine."""
    return np.array(
        [[1.0 + TIE_BREAK * zlib.crc32(f"{p}|{d.years[t]}".encode()) / 2.0**32 for t in years] for p in d.partnerships]
    )


def solve_programme(programme: Programme, solver: str, time_limit: float, year: str = "") -> Staged:
    """Solve a programme through all its stages.

    year: the year planned where planning is year on year, named in records and proofs.
    Raises NoPlan where no plan keeps the rules (said only after solving again without presolve), SolverError where
    the solver ends without an answer.
    """
    return _Stages(programme, Session(programme, solver, time_limit), year).run()


class _Stages:
    def __init__(self, programme: Programme, session: Session, year: str) -> None:
        self.programme, self.session, self.year = programme, session, year
        self.short: Integers = session.column_of[[s.variable.id for s in programme.shortfalls]]
        self.share: Floats = np.array([1.0 / s.required for s in programme.shortfalls])
        self.rows, self.columns = session.size
        self.records: list[StageRecord] = []

    def run(self) -> Staged:
        soft_problem, soft_text, soft_duals, soft = None, b"", np.zeros(0), 0.0
        goal = None
        if len(self.short):
            soft_problem, soft_text = self._problem_of(self._soft_costs(), maximise=False)
            soft_duals = np.zeros(self.rows)  # no shortfall is below 0: a bound that needs no duals
            goal = self._goal_without_shortfall()
        if goal is None:
            if len(self.short):
                answer = self._soft()
                soft, soft_duals = max(answer.objective, 0.0), answer.duals
            goal = self._checked(self._goal(), "goal")
        goal_optimum, goal_basis = goal.objective, self.session.basis()
        goal_problem, goal_text = self._problem_of(self.session.cost, maximise=self.session.maximise)
        final = self._settle_ties(goal)
        values = np.clip(final.values[: self.columns], goal_problem.lower, goal_problem.upper) + 0.0
        columns = self.session.columns
        keys = tuple((rule, *key) for rule, key in self.programme.rows)
        held = () if len(goal.duals) == len(keys) else (("hold", "soft"),)
        proofs = [StageProof("goal", self.year, goal_problem, values, goal.duals, columns, keys + held, goal_text)]
        if soft_problem is not None:
            soft_proof = StageProof("soft", self.year, soft_problem, values, soft_duals, columns, keys, soft_text)
            proofs.insert(0, soft_proof)
        whole = np.zeros(len(self.session.column_of))
        used = self.session.column_of >= 0
        whole[used] = values[self.session.column_of[used]]
        return Staged(self.programme, whole, soft, goal_optimum, tuple(proofs), self._prices(goal_problem, values, goal),
                      tuple(self.records), self.session, goal_basis)

    # --- stages 1 and 2 ------------------------------------------------------------------------------------------

    def _soft_costs(self) -> Floats:
        cost = np.zeros(self.columns)
        cost[self.short] = self.share
        return cost

    def _problem_of(self, cost: Floats, *, maximise: bool) -> tuple[LinearProblem, bytes]:
        """The programme as it stands, for the certificate, with a stage's costs."""
        self.session.set_costs(cost, maximise=maximise)
        return self.session.problem(), self.session.write()

    def _goal_without_shortfall(self) -> Answer | None:
        """Solve the goal with every shortfall fixed at 0; where that can be done, stage 1 needs no solve of its own."""
        nothing = np.zeros(len(self.short))
        self.session.set_bounds(self.short, nothing, nothing)
        answer = self._goal(note=False)
        if answer.outcome == "infeasible":
            self.session.set_bounds(self.short, nothing, self.session.upper[self.short])
            return None
        self._note("soft", "not needed", 0.0, 0.0, 0)
        self._note_answer("goal", answer)
        return self._checked(answer, "goal")

    def _soft(self) -> Answer:
        """Stage 1: the smallest sum of shortfalls, each as a share of its requirement; then hold it."""
        self.session.set_costs(self._soft_costs(), maximise=False)
        answer = self.session.solve()
        self._note_answer("soft", answer)
        self._checked(answer, "soft")
        limit = max(answer.objective, 0.0)
        self.session.add_row(self.short, self.share, -INFINITE, limit + HOLD * max(1.0, limit))
        return answer

    def _goal(self, *, note: bool = True) -> Answer:
        self.session.set_costs(self.session.cost, maximise=self.session.maximise)
        answer = self.session.solve()
        if note:
            self._note_answer("goal", answer)
        return answer

    def _checked(self, answer: Answer, stage: str) -> Answer:
        """The answer, where it is one."""
        if answer.outcome == "infeasible":
            answer = self.session.solve_without_presolve() if self.session.solver == "HiGHS" else answer
            if answer.outcome == "infeasible":
                raise NoPlan(self.year or "rules", "no plan keeps all the rules")
        if answer.outcome == "out of time":
            raise SolverError(
                f"stage {stage} {self.year}".strip(),
                f"found no answer within {self.session.time_limit:g} seconds",
                "an answer",
                "Raise solver.time_limit.",
            )
        if answer.outcome != "optimal":
            raise SolverError(
                f"stage {stage} {self.year}".strip(), f"the solver ended {answer.outcome}", "an answer",
                "Check the data for amounts of very different size."
            )
        return answer

    # --- stages 3 and 4 ------------------------------------------------------------------------------------------

    def _settle_ties(self, goal: Answer) -> Answer:
        """Stages 3 and 4: of all the best plans the least disturbed, and of those the one that spends least."""
        d, x, session = self.programme.data, self.programme.decisions, self.session
        self._hold_goal(goal)
        weights = tie_breaks(d, x.now.years)
        grants = np.array([session.column_of[x.grant[p, t].id] for p in range(len(d.partnerships)) for t in x.now.years])
        standing = goal
        if self.programme.grants_set is None:
            answer = self._least_disruption(grants, weights)
            self._note_answer("disruption", answer)
            if answer.outcome == "optimal":
                standing = answer
            held = standing.values[grants]
            session.set_bounds(
                grants,
                np.clip(held - GRANT_HELD, 0.0, session.upper[grants]),
                np.clip(held + GRANT_HELD, 0.0, session.upper[grants]),
            )
        session.set_costs(self._spending(weights), maximise=False)
        answer = session.solve()
        self._note_answer("spend", answer)
        return answer if answer.outcome == "optimal" else standing

    def _hold_goal(self, goal: Answer) -> None:
        """One row that keeps the goal's optimum, scaled so that the solver's tolerance is far below its slack."""
        cost = self.session.cost
        used = np.flatnonzero(cost)
        largest = float(np.abs(cost).max(initial=0.0))
        if not largest:
            return
        slack = HOLD * max(1.0, abs(goal.objective))
        if self.session.maximise:
            self.session.add_row(used, cost[used] / largest, (goal.objective - slack) / largest, INFINITE)
        else:
            self.session.add_row(used, cost[used] / largest, -INFINITE, (goal.objective + slack) / largest)

    def _least_disruption(self, grants: Integers, weights: Floats) -> Answer:
        """Stage 3: the smallest weighted distance of the grants from their baseline shares of each year's money."""
        d, now, session = self.programme.data, self.programme.now, self.session
        share = d.baseline_grant / d.baseline_grant.sum()
        reference = (share[:, None] * now.money[None, :]).ravel() / THOUSAND
        distance = session.add_columns(np.maximum(reference, session.upper[grants] - reference))
        for column, grant, kept in zip(distance, grants, reference, strict=True):
            session.add_row([column, grant], np.array([1.0, 1.0]), kept, INFINITE)
            session.add_row([column, grant], np.array([1.0, -1.0]), -kept, INFINITE)
        cost = np.zeros(session.size[1])
        cost[distance] = weights.ravel()
        session.set_costs(cost, maximise=False)
        return session.solve()

    def _spending(self, weights: Floats) -> Floats:
        """Costs of stage 4: spending, weighted, and a touch more for each further band."""
        d, x, column_of = self.programme.data, self.programme.decisions, self.session.column_of
        cost = np.zeros(self.session.size[1])
        for p in range(len(d.partnerships)):
            for y, t in enumerate(x.now.years):
                terms = spend_terms(d, x, p, t)
                columns = column_of[[variable.id for variable, _ in terms]]
                cost[columns] += weights[p, y] * np.array([amount for _, amount in terms])
        later = [(variable.id, b) for (_, _, _, _, b), variable in x.places.items() if b]
        if later:
            cost[column_of[[i for i, _ in later]]] += BAND_ORDER * np.array([b for _, b in later])
        return cost

    # --- what is kept --------------------------------------------------------------------------------------------

    def _prices(self, problem: LinearProblem, values: Floats, goal: Answer) -> tuple[RowPrice, ...]:
        """Room left and price of every row: the price in the goal's units a unit of the rule."""
        activity = np.add.reduceat(
            np.append(problem.value * values[problem.index], 0.0), problem.starts[:-1]
        ) if len(problem.starts) > 1 else np.zeros(0)
        activity = np.where(np.diff(problem.starts) > 0, activity, 0.0)
        room = np.minimum(problem.row_upper - activity, activity - problem.row_lower) + 0.0
        return tuple(
            RowPrice(rule, key, self.year, float(room[r]), float(goal.duals[r]) + 0.0)
            for r, (rule, key) in enumerate(self.programme.rows)
        )

    def _note_answer(self, stage: str, answer: Answer) -> None:
        self._note(stage, answer.outcome, answer.objective, answer.seconds, answer.iterations)

    def _note(self, stage: str, outcome: str, objective: float, seconds: float, iterations: int) -> None:
        self.records.append(StageRecord(self.year, stage, outcome, objective, seconds, iterations))


def figures_of(staged: Staged) -> Figures:
    """The plan of the planned years, in pounds, by index as in Figures but with only the planned years."""
    d, x, values = staged.programme.data, staged.programme.decisions, staged.values
    first = x.now.years[0]
    count = (len(d.partnerships), len(x.now.years))
    places = np.zeros((*count, len(d.interventions), len(d.client_groups), max(int(d.bands.max(initial=1)), 1)))
    if x.places:
        where = np.array(list(x.places)).T
        where[1] -= first
        places[tuple(where)] = values[[variable.id for variable in x.places.values()]]

    def read(family: dict[tuple[int, ...], Any], *shape: int) -> Floats:
        return values[[variable.id for variable in family.values()]].reshape(shape)

    grades = len(d.grades)
    return Figures(
        places=places,
        fte=read(x.fte, *count, grades),
        recruits=read(x.recruits, *count, grades),
        redundancies=read(x.redundancies, *count, grades),
        training=read(x.training, *count, grades),
        grant=read(x.grant, *count) * THOUSAND,
        carry=read(x.carry, *count) * THOUSAND,
        lapse=read(x.lapse, *count) * THOUSAND,
    )
