"""Whether the problem, for which a run's plan is proved to be the best, is the one that the tables and scenario state.

Every row and the goal are sums. Two sums that agree in a plan drawn at random agree in every plan: so each row of
the problem is worked out for such a plan, from its file and from the tables, and the two must be the same. With
limits on each decision no narrower than the tables give, no plan that keeps the rules is left out, and the proof of
the problem is a proof for the tables. Rows that must hold and that the problem lacks only leave it more plans: the
proof still holds. Rows that may fall short have to be there.
The plans are drawn anew each time, so that nobody can prepare a problem for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from allocator.recompute.caution import exposures, sought
from allocator.recompute.certificate import StageCertificate
from allocator.recompute.figures import TOLERANCE, indexes, money_available, spend_by_use
from allocator.recompute.goals import SMALLEST_EFFECT, Reached, compared, goal_of
from allocator.recompute.reductions import reductions
from allocator.recompute.rules import THOUSAND, RuleRows, rule_rows
from allocator.register import GOALS, goals
from allocator.register.rules import CEILING
from allocator.runs.read import RunFolder
from allocator.runs.verify.bounds import View, most
from allocator.runs.verify.figures import MONEY, PUBLISHED, apart
from allocator.runs.verify.later import later_differences
from allocator.scenario.amounts import drawn_effects, planned_effects
from allocator.scenario.distributions import formula_of_blend, set_grants
from allocator.scenario.settings import Settings
from allocator.solving.solution import Figures, StageProof
from allocator.tables.dataset import DataSet, Floats

Place = tuple[str, tuple[int, ...]]  # name of a figure, index of one of its decisions

AGREES = 1e-11  # of the sum of a row's terms: two ways to add up the same
LIMITS_AGREE = 1e-9  # relative: two ways to work out the same limit
OF_CAUTION = ("exposure", "spending", "tail", "below")  # columns of a cautious goal
AXES = {
    "places": ("partnerships", "years", "interventions", "client_groups", "bands"),
    **dict.fromkeys(("fte", "recruits", "redundancies", "training"), ("partnerships", "years", "grades")),
    **dict.fromkeys(("grant", "carry", "lapse"), ("partnerships", "years")),
}


def problem_differences(folder: RunFolder, certificates: Sequence[StageCertificate]) -> list[str]:
    """Find everything in which a run's problems are not those of its tables and its scenario.

    certificates: of the run's stages, whose bounds say what a later stage may hold.
    """
    wrong: list[str] = []
    of_year: dict[str, DrawnPlan] = {}
    costs = {proof.year: proof.problem.cost for proof in folder.proofs if proof.stage == "goal"}
    bounds = {(c.stage, c.year): float(c.bound) for c in certificates if c.bound is not None}
    for proof in folder.proofs:
        if proof.added is None:
            drawn = DrawnPlan(folder, proof, view_of(folder, proof.year), costs[proof.year])
            wrong += drawn.differences()
            if proof.stage == "goal":
                of_year[proof.year] = drawn
        else:
            wrong += later_differences(folder, proof, of_year[proof.year], bounds)
    return wrong


def view_of(folder: RunFolder, year: str) -> View:
    """Give what was planned at once: all years, or, year on year, those that the planner of one year looked at."""
    d, s, done = folder.data, folder.settings, folder.figures
    money = money_available(d, s)
    years, tail = range(len(d.years)), s.goal.tail_years
    if s.certainty.kind == "year_on_year":
        first = d.years.index(year)
        years = range(first, min(first + s.certainty.planning_horizon, len(d.years)))
        later = np.arange(len(d.years)) > first
        money = np.where(later, s.certainty.assumed_future * money[first], money)
        tail = tail if s.certainty.sees_tail else 0
    planned = money[years.start : years.stop]
    before = done.grant[:, years.start - 1] if years.start else d.baseline_grant

    def whole(grants: Floats | None) -> Floats | None:
        if grants is None:
            return None
        every = np.zeros_like(done.grant)
        every[:, years.start : years.stop] = grants
        return every

    paid = whole(set_grants(d, s, planned, before, years, folder.given))
    formula = whole(formula_of_blend(d, s, planned, before, years))
    return View(years, np.where(np.isin(np.arange(len(d.years)), years), money, 0.0), tail, paid, formula)


class DrawnPlan:
    """One stage's problem, and a plan drawn at random in which it is held against the tables."""

    def __init__(self, folder: RunFolder, proof: StageProof, view: View, goal_cost: Floats) -> None:
        """Draw a plan. goal_cost: the costs of the goal stage's problem, which is held against the tables as well."""
        self.goal_cost = goal_cost
        self.d, self.s, self.proof, self.view = folder.data, folder.settings, proof, view
        self.most = most(self.d, self.s, view, folder.figures)
        self.stage = f"the {proof.stage} stage's problem {proof.year}".strip()
        draw = np.random.default_rng()
        drawn = {
            name: np.where(limit > 0, draw.uniform(0.5, 1.5, limit.shape), 0.0) * (THOUSAND if name in MONEY else 1.0)
            for name, limit in self.most.items()
        }
        self.places, self.unknown = _placed(proof, self.d, view)
        self.x = draw.uniform(0.5, 1.5, len(proof.columns))  # what is no figure stays as drawn
        for column, (name, index) in self.places.items():
            self.x[column] = drawn[name][index] / (THOUSAND if name in MONEY else 1.0)
        self.alone = Figures(**drawn)
        earlier = {name: getattr(folder.figures, name)[:, : view.years.start] for name in drawn}
        self.figures = Figures(
            **{name: np.concatenate([earlier[name], drawn[name][:, view.years.start :]], axis=1) for name in drawn}
        )
        nothing = {name: np.zeros_like(drawn[name][:, view.years.start :]) for name in drawn}
        self.earlier = Figures(**{name: np.concatenate([earlier[name], nothing[name]], axis=1) for name in drawn})
        self.short = {key[1:]: j for j, key in enumerate(proof.columns) if key[:1] == ("shortfall",)}
        share = [j for j, key in enumerate(proof.columns) if key == ("smallest_share",)]
        self.share = share[0] if len(share) == 1 else None
        self.caution = Caution(self) if goals.is_cautious(self.s) else None
        problem = proof.problem
        self.row = np.repeat(np.arange(len(proof.rows)), np.diff(problem.starts))
        terms = problem.value * self.x[problem.index]
        self.activity = np.bincount(self.row, terms, minlength=len(proof.rows))
        self.size = np.bincount(self.row, np.abs(terms), minlength=len(proof.rows))
        self.unnoticed = _unnoticed(self.d, self.s, self.alone)

    def differences(self) -> Iterator[str]:
        """Find everything in which the problem is another than the tables and the scenario state."""
        for key in self.unknown:
            yield f"{self.stage}: column {' '.join(key)} is no decision of the tables, or stands there twice"
        yield from self._rows()
        yield from self._limits()
        if self.caution is not None:
            yield from self.caution.limits()
        yield from self._goal()

    # --- rows --------------------------------------------------------------------------------------------------------

    def _rows(self) -> Iterator[str]:
        """Check every row for the plan drawn, and how many sides it has."""
        families, reduction = self._families(self.figures)
        before, _ = self._families(self.earlier)
        yield from self._soft_rows_left_out(families, before)
        lower, upper = self.proof.problem.row_lower, self.proof.problem.row_upper
        for r, key in enumerate(self.proof.rows):
            sides = int(np.isfinite(lower[r])) + int(np.isfinite(upper[r]))
            if sides == 0:
                continue  # it says nothing
            if key and key[0] in GOALS and self.caution is not None:
                yield from self.caution.row(r, key)
            elif key and key[0] in GOALS:
                yield from self._fairest(r, key, reduction)
            elif key == ("hold", "soft"):
                yield from self._hold(r)
            elif key == ("hold", "goal") and self.proof.stage == "soft" and self.s.rules.soft_may_cost is not None:
                yield from self._kept_goal(r)
            elif key not in families:
                yield f"{self.stage}: row {' '.join(key)} is no row of the tables and the scenario"
            else:
                family, n = families[key]
                unit = THOUSAND if family.unit == "£" else 1.0
                wanted = float(family.slack[n]) / unit
                if family.soft and key not in self.short:
                    yield f"{self.stage}: row {' '.join(key)} may not fall short, by the scenario it may"
                elif key in self.short:
                    wanted += self.x[self.short[key]]
                elif family.rule == CEILING.name:
                    there, at = before[key]
                    passed = max(-float(there.slack[at]), 0.0)  # what rounding passed a ceiling by, its row leaves it
                    wanted += passed if passed <= self._rounding(there, at) else 0.0
                both = bool(np.isfinite(lower[r]) and np.isfinite(upper[r]))
                if both != (family.sense == "=") or (both and lower[r] != upper[r]):
                    yield f"{self.stage}: row {' '.join(key)} has other sides than the tables give"
                    continue
                yield from self.same(r, key, wanted, float(family.largest[n]) / unit, family.unit)

    def _families(self, figures: Figures) -> tuple[dict[tuple[str, ...], tuple[RuleRows, int]], Floats]:
        """Give every row of the tables for a plan, by rule and key: its rule's rows, its number there; and the
        reduction.
        """
        d, s, view = self.d, self.s, self.view
        fallen = reductions(d, s, figures, view.tail)
        spend = spend_by_use(d, s, figures)
        grants = {"set_grants": view.paid, "formula": view.formula}
        families = rule_rows(d, s, figures, view.money, indexes(d, s), spend, fallen.counted, fallen.largest, **grants)
        found = {
            (family.rule, *place.words): (family, n) for family in families for n, place in enumerate(family.places)
        }
        return found, fallen.counted

    def _soft_rows_left_out(
        self,
        families: dict[tuple[str, ...], tuple[RuleRows, int]],
        before: dict[tuple[str, ...], tuple[RuleRows, int]],
    ) -> Iterator[str]:
        """Find rows that may fall short and are not there: what they ask for would not be made the most of.

        A hard row that is left out only leaves more plans; one of these changes what is best. What is met by what
        earlier years left behind, to the tolerance, has no row. before: the rows for that alone.
        """
        asked = np.isfinite(self.proof.problem.row_lower)
        stated = {key for key, says in zip(self.proof.rows, asked, strict=True) if says}
        planned = {self.d.years[t] for t in self.view.years}
        for key, (family, at) in families.items():
            if not family.soft or key in stated or family.places[at].year not in planned:
                continue
            there, n = before[key]
            if -float(there.slack[n]) > self._rounding(there, n):
                yield f"{self.stage}: {' '.join(key)} is asked for by the scenario and left out"

    def _rounding(self, there: RuleRows, n: int) -> float:
        """Give how exactly what earlier years left behind is known; where there were none, it is nothing."""
        return (TOLERANCE if self.view.years.start else AGREES) * max(1.0, abs(float(there.right[n])))

    def _room(self, r: int) -> float:
        problem = self.proof.problem
        return float(min(problem.row_upper[r] - self.activity[r], self.activity[r] - problem.row_lower[r]))

    def same(self, r: int, key: tuple[str, ...], wanted: float, size: float, unit: str) -> Iterator[str]:
        """Say whether what a row leaves in the plan drawn is what the tables give. size: of its largest terms."""
        problem = self.proof.problem
        side = max(abs(v) for v in (problem.row_lower[r], problem.row_upper[r]) if np.isfinite(v))
        if abs(self._room(r) - wanted) > AGREES * (self.size[r] + side + size + 1.0) + self.unnoticed:
            left, by_tables = _amounts(self._room(r), wanted, unit)
            yield (
                f"{self.stage}: row {' '.join(key)} is another than the tables give "
                f"(in a plan drawn at random {left} are left, by the tables {by_tables})"
            )

    def _fairest(self, r: int, key: tuple[str, ...], reduction: Floats) -> Iterator[str]:
        """Check that the smallest share is tied to a partnership: reduction - share * neet >= 0, by the end of the last
        year.
        """
        d, last = self.d, self.view.years[-1]
        goal = goals.of(self.s)
        known = key[0] == goal.name and key[2:] == (d.years[last],) and key[1] in d.partnerships
        if not goal.smallest_of_all or self.share is None or not known:
            yield f"{self.stage}: row {' '.join(key)} is no row of the tables and the scenario"
            return
        p = d.partnerships.index(key[1])
        neet = float(d.neet[p, last].sum())
        if np.isfinite(self.proof.problem.row_upper[r]):
            yield f"{self.stage}: row {' '.join(key)} has other sides than the tables give"
        room = float(reduction[p, last]) - float(self.x[self.share]) * neet
        yield from self.same(r, key, room, neet, "young people")

    def _hold(self, r: int) -> Iterator[str]:
        """Check the row that holds the soft stage: the sum of shortfalls, each a share of what is required, at most a
        limit.

        It may count in any unit. Any limit will do: one below what the plan falls short by is a row that the plan
        breaks.
        """
        problem, required = self.proof.problem, self._required()
        part = slice(problem.starts[r], problem.starts[r + 1])
        held = dict(zip(problem.index[part].tolist(), problem.value[part].tolist(), strict=True))
        units = [value * required.get(j, 0.0) for j, value in held.items()]
        alike = bool(units) and max(units) - min(units) <= LIMITS_AGREE * max(units) and min(units) > 0
        if np.isfinite(problem.row_lower[r]) or held.keys() != required.keys() or not alike:
            yield f"{self.stage}: the row that holds the soft rules is not the sum of their shortfalls"

    def _kept_goal(self, r: int) -> Iterator[str]:
        """Check the row that keeps the goal from falling far for the soft rules: the goal itself, in any unit."""
        problem, maximise = self.proof.problem, not goals.of(self.s).less_is_better
        part = slice(problem.starts[r], problem.starts[r + 1])
        row = np.zeros(len(problem.cost))
        row[problem.index[part]] = problem.value[part]
        if not self.goal_cost.any() and not row.any():
            return  # a goal that no decision changes: a row without terms holds back nothing
        unit = float(np.abs(row).max() / np.abs(self.goal_cost).max()) if self.goal_cost.any() else 0.0
        same = bool((np.abs(row - unit * self.goal_cost) <= LIMITS_AGREE * np.abs(row)).all())
        sides = (bool(np.isfinite(problem.row_lower[r])), bool(np.isfinite(problem.row_upper[r])))
        if not unit or not same or sides != (maximise, not maximise):
            yield f"{self.stage}: the row that keeps the goal is not the goal"

    def _required(self) -> dict[int, float]:
        """Give what is required by each row that may fall short, by the column of its shortfall."""
        lower = self.proof.problem.row_lower
        found = {self.short[key]: float(lower[r]) for r, key in enumerate(self.proof.rows) if key in self.short}
        return {j: required for j, required in found.items() if np.isfinite(required) and required > 0}

    # --- limits of the decisions -------------------------------------------------------------------------------------

    def _limits(self) -> Iterator[str]:
        """Check that no decision is held above 0, or below what it could be."""
        problem = self.proof.problem
        for j, (name, index) in self.places.items():
            unit = THOUSAND if name in MONEY else 1.0
            limit = float(self.most[name][index]) / unit
            set_one = name == "grant" and self.view.paid is not None
            least = limit if set_one else 0.0
            if problem.upper[j] < limit - LIMITS_AGREE * max(1.0, limit):
                found, wanted = apart(float(problem.upper[j]), limit, 6)
                yield (
                    f"{self.stage}: {' '.join(self.proof.columns[j])} can be {found} at most, by the tables {wanted}"
                )
            if problem.lower[j] > least + (LIMITS_AGREE * max(1.0, limit) if set_one else 0.0):
                yield f"{self.stage}: {' '.join(self.proof.columns[j])} must be {problem.lower[j]:,.9g} at least"
        yield from self._limits_of_shortfalls()
        if self.share is not None:
            rows = [r for r, key in enumerate(self.proof.rows) if key and key[0] in GOALS]
            reach = min((self._reach(r, self.share, upwards=True) for r in rows), default=0.0)
            if not rows and compared(self.d, self.s, self.view.years).any():
                yield f"{self.stage}: no row ties the smallest share to a partnership"
            if problem.upper[self.share] < reach - LIMITS_AGREE * max(1.0, abs(reach)):
                found, wanted = apart(float(problem.upper[self.share]), reach, 6)
                yield f"{self.stage}: the smallest share can be {found}, not {wanted}"
            if problem.lower[self.share] > self.proof.plan[self.share]:
                yield f"{self.stage}: the smallest share is held above the plan's"

    def _limits_of_shortfalls(self) -> Iterator[str]:
        """Check that a shortfall may be as large as its row needs.

        Or all are held at 0 where none is needed, as in the plan.
        """
        problem, plan = self.proof.problem, self.proof.plan
        none_needed = self.proof.stage == "goal" and not any(plan[j] for j in self.short.values())
        required = self._required()
        for r, key in enumerate(self.proof.rows):
            j = self.short.get(key)
            if j is None:
                continue
            if j not in required:
                yield f"{self.stage}: {' '.join(key)} asks for nothing and may fall short"
            elif problem.lower[j] > 0:
                yield f"{self.stage}: {' '.join(key)} must fall short"
            elif not none_needed:
                needed = self._reach(r, j, upwards=False)
                if problem.upper[j] < needed - LIMITS_AGREE * max(1.0, needed):
                    found, wanted = apart(float(problem.upper[j]), needed, 6)
                    yield f"{self.stage}: {' '.join(key)} may fall short by {found}, not {wanted}"

    def _reach(self, r: int, column: int, *, upwards: bool) -> float:
        """Give how large a shortfall, or the smallest share (upwards), row r lets it be, all else at its best or
        worst.
        """
        problem = self.proof.problem
        part = slice(problem.starts[r], problem.starts[r + 1])
        value, index = problem.value[part], problem.index[part]
        others = index != column
        ends = np.stack([value[others] * problem.lower[index[others]], value[others] * problem.upper[index[others]]])
        if upwards:
            per_unit = -float(value[~others].sum())
            return float((ends.max(axis=0).sum() - problem.row_lower[r]) / per_unit) if per_unit > 0 else np.inf
        return float(problem.row_lower[r] - ends.min(axis=0).sum())

    # --- the goal ----------------------------------------------------------------------------------------------------

    def _goal(self) -> Iterator[str]:
        """Check what is made as large, or as small, as can be."""
        problem, proof = self.proof.problem, self.proof
        terms = problem.cost * self.x
        if proof.stage == "soft":
            wanted, maximise = sum(self.x[j] / required for j, required in self._required().items()), False
        else:
            wanted, maximise = self.goal_of_the_tables(), not goals.of(self.s).less_is_better
        if problem.maximise != maximise:
            yield f"{self.stage}: the goal is made {'larger' if problem.maximise else 'smaller'}, not the other way"
        # the weights, up to a million each, count what a row leaves out
        unnoticed = self.unnoticed * max([1.0, *self.s.goal.weights.values()])
        if abs(float(terms.sum()) - wanted) > AGREES * (float(np.abs(terms).sum()) + abs(wanted) + 1.0) + unnoticed:
            yield (
                f"{self.stage}: the goal is another than the tables give "
                "(for a plan drawn at random {}, by the tables {})".format(*apart(float(terms.sum()), wanted, 6))
            )

    def goal_of_the_tables(self) -> float:
        """Give the goal of the plan drawn, without what no decision changes."""
        if goals.of(self.s).smallest_of_all:
            return float(self.x[self.share]) if self.share is not None else np.nan
        goal = goal_of(self.reached)
        return goal if self.caution is None else self.caution.sought(goal)

    @cached_property
    def reached(self) -> Reached:
        """What the goal of the plan drawn is worked out from, without what no decision changes."""
        d, s, view = self.d, self.s, self.view
        fallen = reductions(d, s, self.alone, view.tail)
        by_use = spend_by_use(d, s, self.alone)
        spend = sum((amount for use, amount in by_use.items() if use != "fixed"), np.zeros_like(self.alone.grant))
        return Reached(d, s, self.alone, fallen.counted, fallen.lasting, spend, indexes(d, s)[0], view.years, view.tail)

    def cumulative(self) -> float:
        """Give the cumulative reduction of the plan drawn, discounted and weighted, without what earlier years left."""
        return self.reached.person_years


class Caution:
    """What a cautious goal adds to a problem: exposures tied to the places, and a row a draw; see recompute/caution.

    A row that is missing lets the goal be larger than it is, which the plan's own figures show.
    """

    def __init__(self, probe: DrawnPlan) -> None:
        """Work out what the plan drawn is exposed to, from the tables."""
        self.probe = probe
        d, proof = probe.d, probe.proof
        self.column = {key: j for j, key in enumerate(proof.columns) if key[:1] and key[0] in OF_CAUTION}
        self.pairs = [("exposure", d.interventions[i], d.client_groups[g]) for i, g in d.offers]
        self.drawn = drawn_effects(d, probe.s)
        # a draw counts young person-years where the goal counts pounds
        pounds = goals.of(probe.s).in_pounds
        self.unit = probe.s.goal.benefit_per_neet or 1.0 if pounds else 1.0
        self.exposures = exposures(probe.reached) / self.unit
        i, g = np.array(d.offers).T
        effects = planned_effects(d, probe.s)[i, g]
        goal = goal_of(probe.reached) / self.unit
        self.spending = goal - float(effects @ self.exposures) if pounds else 0.0
        self.size = float(np.abs(effects) @ np.abs(self.exposures)) + abs(goal)

    def _value(self, *key: str) -> float:
        return float(self.probe.x[self.column[key]]) if key in self.column else np.nan

    def row(self, r: int, key: tuple[str, ...]) -> Iterator[str]:
        """Check a row that ties an exposure, the spending, or a draw."""
        problem, known = self.probe.proof.problem, key[1:]
        unknown = f"{self.probe.stage}: row {' '.join(key)} is no row of the tables and the scenario"
        if key[0] != self.probe.s.goal.measure:
            yield unknown
            return
        both = known[:1] != ("draw",)
        if known in self.pairs and known in self.column:
            room = -abs(float(self.exposures[self.pairs.index(known)]) - self._value(*known))
        elif known == ("spending",) and known in self.column:
            room = -abs(self.spending - self._value(*known))
        elif not both and known[1].isdecimal() and 0 < int(known[1]) <= len(self.drawn) and len(known) == 2:
            each = np.array([self._value(*pair) for pair in self.pairs])
            spent = self._value("spending") if goals.of(self.probe.s).in_pounds else 0.0
            yields = float(self.drawn[int(known[1]) - 1] @ each) + spent
            room = self._value("below", known[1]) + yields - self._value("tail")
        else:
            yield unknown
            return
        sides = bool(np.isfinite(problem.row_lower[r])), bool(np.isfinite(problem.row_upper[r]))
        if sides != (True, both):
            yield f"{self.probe.stage}: row {' '.join(key)} has other sides than the tables give"
            return
        yield from self.probe.same(r, key, room, self.size, "")

    def limits(self) -> Iterator[str]:
        """Check that no exposure, tail or shortfall below it is held closer than the places let it be."""
        problem = self.probe.proof.problem
        rows = {key[1:]: r for r, key in enumerate(self.probe.proof.rows) if key and key[0] in GOALS}
        most, least = np.zeros(len(self.drawn)), np.zeros(len(self.drawn))
        for pair in [*self.pairs, *([("spending",)] if ("spending",) in rows else [])]:
            if pair not in rows or pair not in self.column:
                yield f"{self.probe.stage}: {' '.join(pair)} is not tied to the places"
                return
            j = self.column[pair]
            low, high = self._span(rows[pair], j)
            if problem.lower[j] > low + LIMITS_AGREE * (1.0 + abs(low)):
                yield f"{self.probe.stage}: {' '.join(pair)} is held above what it can be"
            if problem.upper[j] < high - LIMITS_AGREE * (1.0 + abs(high)):
                yield f"{self.probe.stage}: {' '.join(pair)} is held below what it can be"
            effects = self.drawn[:, self.pairs.index(pair)] if pair in self.pairs else np.ones(len(self.drawn))
            least += np.minimum(effects * low, effects * high)
            most += np.maximum(effects * low, effects * high)
        tail = self.column.get(("tail",))
        allowed = LIMITS_AGREE * (1.0 + float(np.abs(most).max()))
        if tail is None or problem.lower[tail] > least.min() + allowed or problem.upper[tail] < most.max() - allowed:
            yield f"{self.probe.stage}: the tail of the draws is held where it need not be"
        for k in range(len(self.drawn)):
            below = self.column.get(("below", str(k + 1)))
            needed = most.max() - least[k] - allowed
            if below is None or problem.lower[below] > 0 or problem.upper[below] < needed:
                yield f"{self.probe.stage}: what draw {k + 1} falls below the tail is held where it need not be"

    def _span(self, r: int, column: int) -> tuple[float, float]:
        """Give from where to where a row lets one of its columns be, all else within its own limits."""
        problem = self.probe.proof.problem
        part = slice(problem.starts[r], problem.starts[r + 1])
        value, index = problem.value[part], problem.index[part]
        own = float(value[index == column].sum())
        others = index != column
        ends = np.stack([value[others] * problem.lower[index[others]], value[others] * problem.upper[index[others]]])
        low, high = -float(ends.max(axis=0).sum()) / own, -float(ends.min(axis=0).sum()) / own
        return min(low, high), max(low, high)

    def sought(self, goal: float) -> float:
        """Give what is made as large as can be in the plan drawn."""
        risk = self.probe.s.risk
        below = sum(self._value("below", str(k + 1)) for k in range(len(self.drawn)))
        tail = self.unit * (self._value("tail") - below / ((1.0 - risk.cvar_level) * len(self.drawn)))
        return sought(self.probe.s, goal, tail)


def _placed(proof: StageProof, d: DataSet, view: View) -> tuple[dict[int, Place], list[tuple[str, ...]]]:
    """Give where each column stands among the figures, and the keys of those that stand nowhere."""
    words_of = {axis: getattr(d, axis) for axis in ("partnerships", "interventions", "client_groups", "grades")}
    words_of["bands"] = tuple(str(b + 1) for b in range(d.width.shape[1]))
    numbers = {axis: {word: n for n, word in enumerate(words)} for axis, words in words_of.items()}
    numbers["years"] = {d.years[t]: t for t in view.years}
    places: dict[int, Place] = {}
    taken: set[tuple[str, ...]] = set()
    unknown = []
    rows = set(proof.rows)
    for column, key in enumerate(proof.columns):
        name, words = (key[0], key[1:]) if key else ("", ())
        index = tuple(numbers[axis].get(word, -1) for axis, word in zip(AXES.get(name, ()), words, strict=False))
        if key not in taken and name in PUBLISHED and len(words) == len(AXES[name]) and min(index) >= 0:
            places[column] = (name, index)
        elif key in taken or not (
            key == ("smallest_share",) or (name == "shortfall" and words in rows) or name in OF_CAUTION
        ):
            unknown.append(key)
        taken.add(key)
    return places, unknown


def _unnoticed(d: DataSet, s: Settings, drawn: Figures) -> float:
    """Give what the effects that are too small to be written down can add up to in the plan drawn: mostly nothing."""
    times = np.array([s.effects.times.get(name, 1.0) for name in d.interventions])
    effect = np.abs(np.where(np.isfinite(d.effect), times[:, None] * d.effect, 0.0)) * (1.0 - d.displacement)[:, None]
    each = effect[:, :, None] * np.maximum(d.relative_effect[:, None, :], 1.0 * (d.effect[:, :, None] < 0))
    ages = np.arange(len(d.years))
    age = np.maximum(ages - d.lag[:, None], 0)[:, None, :]
    stands = (d.persistence[:, None] * d.stays)[..., None] ** age * (ages >= d.lag[:, None])[:, None, :]  # [i, g, age]
    by_age = each[..., None] * stands[:, :, None, :]  # [i, g, b, age]
    smallest, largest = float(d.effect_multiplier.min()), float(d.effect_multiplier.max())
    small = (by_age * largest > 0) & (by_age * smallest < SMALLEST_EFFECT)
    return SMALLEST_EFFECT * float((drawn.places.sum(axis=(0, 1))[..., None] * small).sum())


def _amounts(room: float, by_tables: float, unit: str) -> tuple[str, str]:
    """Give what is left of a row and what should be, in a sentence. Both in the problem's unit, £ thousand for £."""
    if unit == "£":
        left, wanted = apart(room * THOUSAND, by_tables * THOUSAND, 2)
        return f"£{left}", f"£{wanted}"
    left, wanted = apart(room, by_tables, 6)
    return f"{left} {unit}", f"{wanted} {unit}"
