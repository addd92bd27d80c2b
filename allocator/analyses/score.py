"""A plan that is brought: the rules it breaks, what it reaches and gives up, and the nearest that keeps them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from allocator.analyses.cases import NOTHING, Solved, Status, Unsolved, light, solve_case, unsolved
from allocator.analyses.inputs import InputStatus, input_status
from allocator.analyses.measures import Measures, YearMeasures, measures_of, years_of
from allocator.errors import NoPlan, SolverError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from allocator.plan.recompute import RuleRow
    from allocator.scenario.load import Scenario
    from allocator.scenario.settings import Settings
    from allocator.solving.solution import Figures
    from allocator.tables.dataset import DataSet, Floats

GRANT_RULES = ("national", "floor", "cap", "damping", "distribution", "formula_floor")
HALF_A_POUND = 0.5  # a rule in money that is broken by less is kept: grants are brought in whole pounds
FIRST_STEP = 0.002  # share of the money by which the search for the gap in pounds begins
MOST_STEPS = 20
CLOSE = 1e-6  # relative: the goal that the search for the gap in pounds has to meet


@dataclass(frozen=True)
class Broken:
    """A row of a rule that the plan brought does not keep. by: how far, in unit; found and limit likewise."""

    rule: str
    place: str
    year: str
    detail: str
    found: float
    limit: float
    by: float
    unit: str


@dataclass(frozen=True)
class GrantMoved:
    """A grant that the nearest plan changes. £ cash."""

    partnership: str
    name: str
    year: str
    brought: float
    nearest: float


@dataclass(frozen=True)
class Nearest:
    """The plan that keeps every rule with the smallest sum of changes of single grants.

    moved: that sum, £, all years. goal, shortfall: what it reaches; None where the solver gave no answer.
    """

    moved: float
    grants: tuple[GrantMoved, ...]  # those that change, the largest change first
    goal: float | None
    shortfall: float | None


@dataclass(frozen=True)
class Score:
    """A plan brought, against the scenario. status, reason: whether partnerships can work within its grants at all.

    goal, shortfall, years, measures: with partnerships doing their best within the grants.
    gap: what it gives up against the best plan of the scenario, in the goal's unit, above 0 for worse;
    gap_pounds: the money, £ over all years, with which less the best plan would still reach as much;
    least_pounds: where no plan has so little money, at least this. nearest: None where no plan keeps the rules.
    """

    scenario: str
    title: str
    file: str
    measure: str
    unit: str
    status: Status
    reason: str
    broken: tuple[Broken, ...]
    goal: float | None
    shortfall: float | None
    years: tuple[YearMeasures, ...]
    measures: Measures | None
    best_goal: float | None
    best_shortfall: float | None
    gap: float | None
    gap_person_years: float | None
    gap_pounds: float | None
    least_pounds: float | None
    nearest: Nearest | None
    inputs: InputStatus

    def as_dict(self) -> dict[str, Any]:
        """The score with its documented keys, for JSON."""
        gap = {"goal": self.gap, "person_years": self.gap_person_years, "pounds": self.gap_pounds}
        return {
            "scenario": {"name": self.scenario, "title": self.title},
            "file": self.file,
            "status": self.status,
            "reason": self.reason,
            "goal": {"measure": self.measure, "value": self.goal, "unit": self.unit},
            "shortfall": self.shortfall,
            "broken": [asdict(row) for row in self.broken],
            "years": [asdict(year) for year in self.years],
            "measures": self.measures.as_dict() if self.measures is not None else None,
            "best": {"goal": self.best_goal, "shortfall": self.best_shortfall},
            "gap": gap | {"pounds_at_least": self.least_pounds},
            "nearest": asdict(self.nearest) if self.nearest is not None else None,
            "inputs": self.inputs.as_dict(),
        }


def score_grants(scenario: Scenario, data: DataSet, grants: Floats, *, file: str = "") -> Score:
    """Score grants that are brought, [p, t] £, against a scenario.

    The scenario's own distribution says which grants its rules ask for and what its best plan is; one whose grants
    are given themselves is scored against optimised grants. Where more is brought than the money of a year, the
    rule `national` is broken, and partnerships are taken to have what was brought.
    """
    from allocator.plan.plan import judge
    from allocator.plan.recompute import GOAL_UNITS

    d, s = light(data), _judged_by(scenario.settings)
    brought = solve_case(d, _with_grants(d, s, grants), grants)
    best = solve_case(d, s)
    years: tuple[YearMeasures, ...] = ()
    measures = None
    if isinstance(brought, Solved):
        years = years_of(d, s, brought.figures, brought.worked)
        measures = measures_of(d, s, brought.figures, brought.worked, years)
        rows = judge(d, s, brought.figures).rows
    else:
        rows = tuple(row for row in judge(d, s, _grants_alone(d, grants)).rows if row.rule in GRANT_RULES)
    broken = tuple(_broken(data, rows))
    if not isinstance(brought, Solved):
        broken += tuple(_below_fixed_cost(data, s, grants))
    gap = gap_person_years = pounds = least = None
    if isinstance(brought, Solved) and isinstance(best, Solved) and measures is not None:
        gap = (brought.goal - best.goal) * (1.0 if s.goal.measure == "least_cost" else -1.0)
        best_years = years_of(d, s, best.figures, best.worked)
        best_measures = measures_of(d, s, best.figures, best.worked, best_years)
        gap_person_years = best_measures.person_years - measures.person_years
        pounds, least = _gap_in_pounds(d, s, gap, brought, best)
    return Score(
        scenario=scenario.name,
        title=scenario.settings.title,
        file=file,
        measure=s.goal.measure,
        unit=GOAL_UNITS[s.goal.measure],
        status="optimal" if isinstance(brought, Solved) else brought.status,
        reason="" if isinstance(brought, Solved) else _why(d, s, grants, brought),
        broken=broken,
        goal=_goal(brought),
        shortfall=_shortfall(brought),
        years=years,
        measures=measures,
        best_goal=_goal(best),
        best_shortfall=_shortfall(best),
        gap=gap,
        gap_person_years=gap_person_years,
        gap_pounds=pounds,
        least_pounds=least,
        nearest=_nearest(d, s, grants),
        inputs=input_status(data.tables),
    )


def _goal(found: Solved | Unsolved) -> float | None:
    return found.goal if isinstance(found, Solved) else None


def _shortfall(found: Solved | Unsolved) -> float | None:
    return found.shortfall if isinstance(found, Solved) else None


def _judged_by(s: Settings) -> Settings:
    if s.grants.distribution != "given":
        return s
    return s.model_copy(update={"grants": s.grants.model_copy(update={"distribution": "optimised"})})


def _with_grants(d: DataSet, s: Settings, grants: Floats) -> Settings:
    """The settings under which partnerships work within the grants brought, with as much money as those take."""
    from allocator.plan.recompute import money_available

    money = np.maximum(money_available(d, s), grants.sum(axis=0))
    budget = s.budget.model_copy(
        update={"by_year": dict(zip(d.years, money.tolist(), strict=True)), "scale": 1.0, "reserve": 0.0}
    )
    return s.model_copy(update={"budget": budget, "grants": s.grants.model_copy(update={"distribution": "given"})})


def _grants_alone(d: DataSet, grants: Floats) -> Figures:
    """Figures of which only the grants say something, to judge the rules on grants by."""
    from allocator.solving.solution import Figures

    pt, pta = grants.shape, (*grants.shape, len(d.grades))
    return Figures(
        places=np.zeros((*pt, len(d.interventions), len(d.client_groups), d.width.shape[1])),
        fte=np.zeros(pta),
        recruits=np.zeros(pta),
        redundancies=np.zeros(pta),
        training=np.zeros(pta),
        grant=grants,
        carry=np.zeros(pt),
        lapse=np.zeros(pt),
    )


def _broken(d: DataSet, rows: tuple[RuleRow, ...]) -> Iterator[Broken]:
    """Every row of a hard rule that is not kept, in the order of the rules."""
    from allocator.plan.frames import place_of

    names = dict(zip(d.partnerships, d.partnership_names, strict=True))
    for row in rows:
        allowed = HALF_A_POUND if row.unit == "£" else NOTHING * max(1.0, abs(row.right))
        if row.soft or row.slack >= -allowed:
            continue
        partnership, year, detail = place_of(row.rule, row.key)
        place = names.get(partnership, partnership)
        yield Broken(row.rule, place, year, detail, row.left, row.right, -row.slack, row.unit)


def _why(d: DataSet, s: Settings, grants: Floats, brought: Unsolved) -> str:
    """Which rules cannot hold together within the grants, as a sum; of planning year on year only where it ends."""
    if brought.status != "infeasible" or s.certainty.kind != "settlement":
        return brought.reason
    from allocator.programme.formulate import formulate
    from allocator.solving.conflict import find_conflict
    from allocator.solving.no_plan import sentence
    from allocator.solving.stages import Stages

    programme = formulate(d, _with_grants(d, s, grants), given=grants)
    conflict = find_conflict(Stages(programme, "HiGHS", s.solver.time_limit))
    if conflict is None:
        return brought.reason
    names = dict(zip(d.partnerships, d.partnership_names, strict=True))
    alone = {names[term.partnership] for term in conflict.terms if term.partnership}
    return f"{alone.pop()}: {sentence(conflict)}" if len(alone) == 1 else sentence(conflict)


def _below_fixed_cost(d: DataSet, s: Settings, grants: Floats) -> Iterator[Broken]:
    """Where a grant, with all that may be carried into the year, does not even pay for the fixed cost."""
    for p, partnership in enumerate(d.partnership_names):
        carried = 0.0
        for t, year in enumerate(d.years):
            fixed = float(d.fixed_cost[p] * d.price_index[t])
            there = float(grants[p, t]) + carried
            if there < fixed - HALF_A_POUND:
                yield Broken("money", partnership, year, "fixed cost", there, fixed, fixed - there, "£")
            share = s.budget.carry_forward_limit if "carry_forward" not in s.rules.off else 1.0
            carried = min(share * float(grants[p, t]), max(there - fixed, 0.0))


# --- the gap in pounds -----------------------------------------------------------------------------------------------


def _gap_in_pounds(
    d: DataSet, s: Settings, gap: float, brought: Solved, best: Solved
) -> tuple[float | None, float | None]:
    """How much less money would still reach what the plan brought reaches, £; or at least how much.

    Where the goal is in pounds, the gap itself. None where the plan brought keeps the soft rules less, or is better.
    """
    if s.goal.measure in ("benefit", "least_cost"):
        return gap, None
    if gap <= CLOSE * max(1.0, abs(best.goal)) or abs(brought.shortfall - best.shortfall) > NOTHING:
        return (0.0, None) if abs(gap) <= CLOSE * max(1.0, abs(best.goal)) else (None, None)
    from allocator.plan.recompute import money_available

    total = float(money_available(d, s).sum())
    cut, reached = _cut_to(_goal_with_less(d, s), brought.goal, best.goal)
    return (cut * total, None) if reached else (None, cut * total)


def _goal_with_less(d: DataSet, s: Settings) -> Callable[[float], float | None]:
    """The best goal with a share less of every year's money, solved on from the last answer; None without a plan."""
    from allocator.analyses.sweep import solve_row

    warm = "less money" if s.certainty.kind == "settlement" and s.grants.distribution != "blend" else ""
    shared = (d, None, ("national",))

    def goal(cut: float) -> float | None:
        budget = s.budget.model_copy(
            update={"scale": s.budget.scale * (1 - cut), "reserve": s.budget.reserve * (1 - cut)}
        )
        return solve_row(shared, ((cut,), s.model_copy(update={"budget": budget}), warm)).goal

    return goal


def _cut_to(goal_with: Callable[[float], float | None], wanted: float, without: float) -> tuple[float, bool]:
    """The share less of the money at which the best goal falls to wanted, and whether it does before plans end.

    The goal falls ever faster as money goes, so that secants close in from one side.
    """
    low, goal_low = 0.0, without  # a plan, still better than wanted
    high: float | None = None  # too little for a plan, or worse than wanted
    goal_high: float | None = None
    step = FIRST_STEP
    for _ in range(MOST_STEPS):
        if goal_high is not None and high is not None:
            cut = low + (high - low) * (goal_low - wanted) / (goal_low - goal_high)
        else:
            cut = (low + high) / 2 if high is not None else low + step
        goal = goal_with(cut)
        if goal is not None and abs(goal - wanted) <= CLOSE * max(1.0, abs(wanted)):
            return cut, True
        if goal is not None and goal > wanted:
            rate = (goal_low - goal) / (cut - low)
            low, goal_low = cut, goal
            step = 1.2 * (goal - wanted) / rate if rate > 0 else 2 * step
        else:
            high, goal_high = cut, goal
    return low, goal_high is not None


# --- the nearest plan ------------------------------------------------------------------------------------------------


def _nearest(d: DataSet, s: Settings, grants: Floats) -> Nearest | None:
    """The plan that keeps every rule nearest to the grants; None where no plan does."""
    try:
        nearest = nearest_grants(d, s, grants)
    except (NoPlan, SolverError) as failure:
        if unsolved(failure).status == "infeasible":
            return None
        raise
    change = np.abs(nearest - grants)
    changed = sorted(zip(*np.nonzero(change > HALF_A_POUND), strict=True), key=lambda pt: -change[pt])
    reached = solve_case(d, _with_grants(d, s, nearest), nearest)
    return Nearest(
        moved=float(change.sum()) if changed else 0.0,
        grants=tuple(
            GrantMoved(d.partnerships[p], d.partnership_names[p], d.years[t], float(grants[p, t]), float(nearest[p, t]))
            for p, t in changed
        ),
        goal=_goal(reached),
        shortfall=_shortfall(reached),
    )


def nearest_grants(d: DataSet, s: Settings, grants: Floats) -> Floats:
    """[p, t] £: grants of a plan that keeps every hard rule, with the smallest sum of |change|. Raises NoPlan.

    Grants that the distribution sets are the only ones. All budgets are taken as known: what is asked is whether
    rules are kept, not what a planner believes.
    """
    from allocator.programme.boxes import THOUSAND
    from allocator.programme.formulate import formulate
    from allocator.solving.stages import Stages
    from allocator.solving.ties import least_distance, tie_breaks

    programme = formulate(d, s)
    if programme.grants_set is not None:
        return programme.grants_set
    stages = Stages(programme, s.solver.name, s.solver.time_limit)
    best, x, years = stages.best(), programme.decisions, programme.now.years
    stages.allow_any_shortfall()
    columns = stages.session.column_of[x.ids["grant"]]
    answer = least_distance(
        stages.session, columns, grants.ravel() / THOUSAND, tie_breaks(d, years).ravel(), best.answer
    )
    if answer.outcome != "optimal":
        raise SolverError("nearest plan", f"the solver ended {answer.outcome}", "an answer")
    found: Floats = answer.values[columns].reshape(grants.shape) * THOUSAND
    return np.where(np.abs(found - grants) <= HALF_A_POUND / 100, grants, found)
