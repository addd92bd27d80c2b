"""Whether what a later stage adds to the goal's problem is what the tables and the scenario state.

A later stage's problem is the goal's, held against the tables already, with an objective of its own and rows that hold
what earlier stages reached. A row that holds more than was proved would leave out plans that may be better.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from allocator.recompute.certificate import StageCertificate, certify
from allocator.recompute.figures import money_available
from allocator.recompute.goals import compared
from allocator.recompute.rules import THOUSAND
from allocator.register import distributions, goals
from allocator.register.goals import FAIREST
from allocator.runs.read import RunFolder
from allocator.solving.solution import Added, GivenUp, Row, StageProof
from allocator.tables.dataset import Floats

if TYPE_CHECKING:
    from allocator.runs.verify.problem import DrawnPlan

ALL_ROUNDS = 1e-4  # of a share: how exactly `fairest` holds it in all its rounds
PROVED = 1e-6  # relative to the larger of 1 and the optimum: how exactly it is known
AGREES = 1e-9  # relative: two ways to work out the same number
SMALLEST_SCALE = 0.01  # of the mean of the grants as before


def stages_due(folder: RunFolder, goal: StageProof) -> list[str]:
    """Give the stages beside the goal's that a plan of the run has to be certified in."""
    s = folder.settings
    soft = ["soft"] if any(key[0] == "shortfall" for key in goal.columns) else []
    then = ["then"] if goals.of(s).then else []
    years = {key[2] for key in goal.columns if key[0] == "grant"}
    money = money_available(folder.data, s)
    counted = any(money[t] > 0 for t, year in enumerate(folder.data.years) if year in years)
    grants = ["grants"] if distributions.of(s).free and counted else []
    return [*soft, *then, "redundancies", *grants]


def may_be_given_up(folder: RunFolder, proof: StageProof, bound: float) -> float:
    """Give by how much a plan may be worse than a stage's bound, since the scenario gives it up: goal.give_up.

    A goal that counts money is taken with the fixed costs of the years planned in it.
    """
    goal = folder.settings.goal
    if proof.stage == "then":
        return goal.give_up * abs(bound)
    if proof.stage != "goal":
        return 0.0
    rounded = ALL_ROUNDS * abs(bound) if _all_rounds(folder) else 0.0
    sought = goals.of(folder.settings)
    if not sought.in_pounds or not goal.give_up:
        return goal.give_up * abs(bound) + rounded
    years = {key[2] for key in proof.columns if key[0] == "grant"}
    factors = [(1.0 + goal.discount_rate) ** -t for t, year in enumerate(folder.data.years) if year in years]
    fixed = float(folder.data.fixed_cost.sum()) * sum(factors)
    return goal.give_up * abs(bound + (fixed if sought.less_is_better else -fixed))


def _all_rounds(folder: RunFolder) -> bool:
    """Say whether every share is held to a part of itself, so that the smallest is lower by that much."""
    goal = folder.settings.goal
    return goal.measure == FAIREST.name and goal.rounds == "all"


def certified(folder: RunFolder, proof: StageProof) -> tuple[StageProof, StageCertificate]:
    """Give a stage's proof and certificate, with what the scenario lets the plan give up of what is proved to be the
    best.

    A run does not hold what is given up, which is worked out from the bound that the proof gives.
    """
    goal = folder.settings.goal
    told = (proof.stage in ("soft", "then") and goal.give_up > 0) or (proof.stage == "soft" and _all_rounds(folder))

    def gives(bound: Fraction) -> float | None:
        given_up = may_be_given_up(folder, proof, float(bound))
        return given_up if told or given_up > 0 else proof.given_up

    found = certify(proof, gives)
    return proof if found.bound is None else replace(proof, given_up=gives(found.bound)), found


def given_up(folder: RunFolder, certificates: Sequence[StageCertificate]) -> tuple[GivenUp, ...]:
    """Give what each plan of a run gives up of its goal; none where the scenario lets none be given up."""
    if not folder.settings.goal.give_up:
        return ()
    best = {stage.year: stage.value for stage in folder.stages if stage.stage == "goal"}
    goals = {proof.year: proof for proof in folder.proofs if proof.stage == "goal"}
    found = []
    for one in certificates:
        if one.stage == "goal" and one.bound is not None and one.goal is not None:
            allowed = may_be_given_up(folder, goals[one.year], float(one.bound))
            found.append(GivenUp(one.year, best.get(one.year) or 0.0, allowed, abs(float(one.bound - one.goal))))
    return tuple(found)


def left_out(folder: RunFolder) -> tuple[str, ...]:
    """Give the partnerships with NEET young people whom nothing offered can help: those that `fairest` leaves out."""
    d, s = folder.data, folder.settings
    if s.goal.measure != FAIREST.name:
        return ()
    count = len(d.years)
    ahead = count if s.certainty.kind == "settlement" else s.certainty.planning_horizon
    first = (0,) if s.certainty.kind == "settlement" else range(count)
    spans = [range(t, min(t + ahead, count)) for t in first]
    out = [p for span in spans for p in np.flatnonzero(~compared(d, s, span) & (d.neet[:, span[-1]].sum(axis=1) > 0))]
    return tuple(dict.fromkeys(d.partnerships[p] for p in out))


def later_differences(
    folder: RunFolder, proof: StageProof, drawn: DrawnPlan, bounds: Mapping[tuple[str, str], float]
) -> Iterator[str]:
    """Find everything in which a later stage's problem is another than it should be.

    drawn: the goal's problem, with a plan drawn at random. bounds: what is proved of each stage and year.
    """
    added = proof.added
    assert added is not None  # noqa: S101 - the caller's part
    stage = _Later(folder, proof, added, drawn, bounds)
    yield from stage.objective()
    for row in added.rows:
        yield from stage.row(row)
    if proof.stage == "grants":
        yield from stage.squares()
    elif added.columns:
        yield f"{stage.name}: it has columns that are none of its own"


class _Later:
    def __init__(
        self,
        folder: RunFolder,
        proof: StageProof,
        added: Added,
        drawn: DrawnPlan,
        bounds: Mapping[tuple[str, str], float],
    ) -> None:
        self.folder, self.proof, self.added, self.drawn, self.bounds = folder, proof, added, drawn, bounds
        self.name = f"the {proof.stage} stage's problem {proof.year}".strip()
        self.goal = drawn.proof
        self.first = len(self.goal.columns)
        self.of_family = {
            family: np.array([j for j, key in enumerate(self.goal.columns) if key[0] == family], dtype=np.int64)
            for family in ("redundancies", "grant")
        }
        self.column = {key: j for j, key in enumerate(proof.columns)}
        self.squared = self._squared() if proof.stage == "grants" else {}

    # --- the objective -----------------------------------------------------------------------------------------------

    def objective(self) -> Iterator[str]:
        """Check what the stage makes as large, or as small, as it can be."""
        stage, added = self.proof.stage, self.added
        if stage == "then":
            good = added.maximise and self._is_cumulative(added.cost)
        else:
            wanted = np.zeros(len(added.cost))
            counted = self.of_family["redundancies"] if stage == "redundancies" else np.arange(self.first, len(wanted))
            wanted[counted] = 1.0
            good = not added.maximise and bool(np.array_equal(added.cost, wanted))
        if not good:
            yield f"{self.name}: what it makes as {'large' if stage == 'then' else 'small'} as can be is another"

    def _is_cumulative(self, cost: Floats) -> bool:
        """Say whether a cost is the cumulative reduction of the tables: the two agree in the plan drawn."""
        terms = cost * self.drawn.x
        unnoticed = self.drawn.unnoticed * max([1.0, *self.folder.settings.goal.weights.values()])
        off = abs(float(terms.sum()) - self.drawn.cumulative())
        return bool(off <= 1e-11 * (float(np.abs(terms).sum()) + 1.0) + unnoticed)

    # --- rows --------------------------------------------------------------------------------------------------------

    def row(self, row: Row) -> Iterator[str]:
        """Check a row that holds what an earlier stage reached, or a tangent."""
        match row.key:
            case ("hold", "goal"):
                problem = self.goal.problem
                yield from self._held(row, "goal", problem.cost, maximise=problem.maximise)
            case ("hold", "then"):
                yield from self._held(row, "then", self._then_cost(), maximise=True)
            case ("hold", "redundancies"):
                cost = np.zeros(self.first)
                cost[self.of_family["redundancies"]] = 1.0
                yield from self._held(row, "redundancies", cost, maximise=False)
            case ("hold", "share", *key):
                yield from self._held_share(row, (FAIREST.name, *key))
            case ("tangent", *key) if tuple(key) in self.squared:
                yield from self._tangent(row, tuple(key))
            case _:
                yield f"{self.name}: row {' '.join(row.key)} is none that a stage adds"

    def _then_cost(self) -> Floats:
        for proof in self.folder.proofs:
            if (proof.stage, proof.year) == ("then", self.proof.year) and proof.added is not None:
                return proof.added.cost
        return np.zeros(self.first)

    def _held(self, row: Row, stage: str, cost: Floats, *, maximise: bool) -> Iterator[str]:
        """Check that a row is the stage's objective in some unit, and asks for no more than was proved and not given
        up.
        """
        of_row = np.zeros(len(self.added.cost))
        of_row[row.columns] = row.coefficients
        unit = float(np.abs(of_row).max() / np.abs(cost).max()) if cost.any() else 0.0
        same = np.abs(of_row[: self.first] - unit * cost) <= 1e-12 * np.abs(of_row[: self.first])
        if not unit or not same.all() or of_row[self.first :].any():
            yield f"{self.name}: the row that holds the {stage} stage is not what that stage sought"
            return
        side = row.lower if maximise else row.upper
        bound = self.bounds.get((stage, self.proof.year))
        if not np.isfinite(side) or np.isfinite(row.upper if maximise else row.lower):
            yield f"{self.name}: the row that holds the {stage} stage has other sides"
        if bound is None:  # that stage's certificate fails already
            return
        given_up = 0.0
        if self.proof.stage != "then":
            given_up = may_be_given_up(self.folder, self.goal if stage == "goal" else self._proof_of(stage), bound)
        limit = bound - given_up if maximise else bound + given_up
        more = side / unit - limit if maximise else limit - side / unit
        if more > PROVED * max(1.0, abs(bound)):
            yield f"{self.name}: the row that holds the {stage} stage asks for more than was proved"

    def _proof_of(self, stage: str) -> StageProof:
        return next(p for p in self.folder.proofs if (p.stage, p.year) == (stage, self.proof.year))

    def _held_share(self, row: Row, key: tuple[str, ...]) -> Iterator[str]:
        """Check that a row is that of a partnership's share, held from below."""
        goal = self.folder.settings.goal
        problem, rows = self.goal.problem, self.goal.rows
        wrong = f"{self.name}: row {' '.join(row.key)} is no share that is held"
        if goal.measure != FAIREST.name or goal.rounds != "all" or key not in rows or np.isfinite(row.upper):
            yield wrong
            return
        r = rows.index(key)
        part = slice(int(problem.starts[r]), int(problem.starts[r + 1]))
        held = dict(zip(row.columns.tolist(), row.coefficients.tolist(), strict=True))
        theirs = dict(zip(problem.index[part].tolist(), problem.value[part].tolist(), strict=True))
        theirs.pop(self.column[("smallest_share",)], None)
        if held != theirs:
            yield wrong

    # --- squares -----------------------------------------------------------------------------------------------------

    def _squared(self) -> dict[tuple[str, ...], tuple[float, float]]:
        """Give of every grant the grant as before and what its change is measured against, £ thousand."""
        d, view = self.folder.data, self.drawn.view
        shared = np.where(d.baseline_grant > 0, d.baseline_grant, d.entry_grant)  # a new partnership's counts as paid
        found: dict[tuple[str, ...], tuple[float, float]] = {}
        for t in view.years:
            weights = shared if shared.any() else d.young_people[:, t].sum(axis=1)
            before = float(view.money[t]) / THOUSAND * weights / weights.sum()
            scale = np.maximum(before, SMALLEST_SCALE * before.mean())
            for p, partnership in enumerate(d.partnerships):
                if scale[p] > 0:
                    found[partnership, d.years[t]] = (float(before[p]), float(scale[p]))
        return found

    def _tangent(self, row: Row, key: tuple[str, ...]) -> Iterator[str]:
        """Check that the row's line lies below the square everywhere: (grant - before)^2 / scale >= steep * grant +
        least.
        """
        before, scale = self.squared[key]
        terms = dict(zip(row.columns.tolist(), row.coefficients.tolist(), strict=True))
        square, grant = self.column.get(("change", *key)), self.column.get(("grant", *key))
        if square is None or grant is None or set(terms) != {square, grant} or terms[square] != 1.0:
            yield f"{self.name}: row {' '.join(row.key)} is no tangent of its grant's square"
            return
        steep, least = -terms[grant], row.lower
        above = steep * steep * scale / 4.0 + steep * before + least  # how far the line rises above the square
        size = max(1.0, abs(least), abs(steep * before))
        if not np.isfinite(least) or np.isfinite(row.upper) or above > AGREES * size:
            yield f"{self.name}: row {' '.join(row.key)} lies above its grant's square"

    def squares(self) -> Iterator[str]:
        """Check that each column is the square of its grant in the plan, and may be as large as that could be."""
        columns = self.added.columns
        if set(columns) != {("change", *key) for key in self.squared} or len(columns) != len(self.squared):
            yield f"{self.name}: it does not count the change of each grant once"
            return
        for number, key in enumerate(columns):
            before, scale = self.squared[key[1:]]
            grant = self.column[("grant", *key[1:])]
            square = (float(self.proof.plan[grant]) - before) ** 2 / scale
            most = max(before, float(self.goal.problem.upper[grant]) - before) ** 2 / scale
            if abs(float(self.proof.plan[self.first + number]) - square) > AGREES * max(1.0, square):
                yield f"{self.name}: {' '.join(key)} is not the square of the plan's grant"
            if self.added.upper[number] < most * (1.0 - AGREES):
                yield f"{self.name}: {' '.join(key)} could be larger than it may be"
