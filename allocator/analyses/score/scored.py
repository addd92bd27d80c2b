"""A plan that is brought: the rules it breaks, what it reaches and gives up, and the nearest that keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from allocator.analyses.approaches.measures import Outcome, outcome_of
from allocator.analyses.named import INPUTS, GoalReached, OfScenario
from allocator.analyses.score.gap_in_pounds import gap_in_pounds
from allocator.errors import NoPlan, SolverError
from allocator.programme.formulate import formulate
from allocator.recompute.figures import RuleRow, money_available
from allocator.register import RULES, distributions, goals
from allocator.register.distributions import OPTIMISED
from allocator.register.quantities import TO_LAST_YEAR, limit_of, quantity_of
from allocator.register.rules import CARRY_FORWARD, MONEY
from allocator.results import Result, doc, documented
from allocator.runs.plan import judge
from allocator.runs.rounding import grant_limits, whole_pounds
from allocator.scenario.amounts import price_index, with_money
from allocator.scenario.load import Scenario
from allocator.scenario.settings import Settings
from allocator.solving.session import from_pounds, pounds
from allocator.solving.solution import Figures
from allocator.solving.squares import least_squares, squares_of
from allocator.solving.stages import Stages
from allocator.tables.dataset import DataSet, Floats
from allocator.tables.sources import InputStatus, input_status
from allocator.tolerances import NOTHING
from allocator.what_if.cases import Solved, Unsolved, light, solve_case, unsolved
from allocator.what_if.shares_as_before import with_given_grants

ROUNDING = 1.0  # £: what a grant in whole pounds may lie from the plan's own, by largest remainder
PENNY = 0.01  # £: a rule on money that is broken by less is kept


class Broken(Result):
    """A row of a rule that the plan brought does not keep exactly."""

    rule: str = doc("the rule")
    place: str = doc("the partnership, region or channel; blank where national")
    year: str = doc("the year")
    detail: str = doc("what else names the row")
    found: float = doc("what the grants brought come to", "unit of the row")
    limit: float = doc("what the rule allows", "unit of the row")
    by: float = doc("how far beyond", "unit of the row")
    unit: str = doc("unit of the three")


class GrantMoved(Result):
    """A grant that the nearest plan changes."""

    partnership: str = doc("key of the partnership")
    name: str = doc("its name")
    year: str = doc("the year")
    brought: float = doc("the grant brought", "£ cash")
    nearest: float = doc("the grant in the nearest plan", "£ cash")


class Nearest(Result):
    """The plan that keeps every rule with the smallest sum of changes of single grants; in whole pounds, to the pound,
    where the grants brought are.
    """

    moved: float = doc("the sum of the changes", "£ cash, all years")
    grants: tuple[GrantMoved, ...] = doc("a grant that it changes, the largest change first")
    goal: float | None = doc("what it reaches; null: the solver gave no answer", "goal.unit")
    shortfall: float | None = doc("of its soft rules; null likewise", "shares added up")


class BestPlan(Result):
    """The best plan of the scenario."""

    goal: float | None = doc("what it reaches; null: no plan", "goal.unit")
    shortfall: float | None = doc("of its soft rules; null: no plan", "shares added up")


class Gap(Result):
    """What the grants brought give up against the best plan of the scenario, above 0 for worse."""

    goal: float | None = doc("above 0 for worse", "goal.unit")
    person_years: float | None = doc("the same in young person-years", "young person-years")
    pounds: float | None = doc(
        "the money with which less the best plan would reach as much; null where no such amount is known",
        "£ cash, all years",
    )
    pounds_at_least: float | None = doc(
        "where no plan has so little money, at least this; else null", "£ cash, all years"
    )


class Score(Outcome, OfScenario, kw_only=True):
    """A plan brought, against the scenario. status, reason: whether partnerships can work within its grants at all.

    goal, shortfall, years, measures: with partnerships doing their best within the grants. gap, gap_person_years,
    gap_pounds, least_pounds: as Gap.
    """

    file: str = doc("the file of grants; blank where they were brought as a table")
    broken: tuple[Broken, ...] = doc("a row of a hard rule that is not kept")
    to_the_pound: tuple[Broken, ...] = doc("a row on money that is kept but for the rounding of whole pounds")
    best_goal: float | None
    best_shortfall: float | None
    gap: float | None
    gap_person_years: float | None
    gap_pounds: float | None
    least_pounds: float | None
    nearest: Nearest | None = doc(
        "the plan that keeps the rules with the smallest changes of grants; null: none keeps them"
    )
    inputs: InputStatus = doc(INPUTS)

    @property
    @documented("the goal", name="goal")
    def goal_reached(self) -> GoalReached:
        """The goal and what is reached of it."""
        return GoalReached(self.measure, self.unit, self.goal)

    @property
    @documented("the best plan of the scenario")
    def best(self) -> BestPlan:
        """What the best plan of the scenario reaches."""
        return BestPlan(self.best_goal, self.best_shortfall)

    @property
    @documented("what the grants brought give up against it", name="gap")
    def gap_to_best(self) -> Gap:
        """What the grants brought give up against the best plan."""
        return Gap(self.gap, self.gap_person_years, self.gap_pounds, self.least_pounds)


def score_grants(scenario: Scenario, data: DataSet, grants: Floats, *, file: str = "") -> Score:
    """Score grants that are brought, [p, t] £, against a scenario.

    The scenario's own distribution says which grants its rules ask for and what its best plan is; one whose grants
    are given themselves is scored against optimised grants. Where more is brought than the money of a year, the
    rule `national` is broken, and partnerships are taken to have what was brought.
    """
    d, s = light(data), _judged_by(scenario.settings)
    brought = solve_case(d, _with_grants(d, s, grants), grants)
    best = solve_case(d, s)
    reached, reachable = outcome_of(d, s, brought), outcome_of(d, s, best)
    if isinstance(brought, Solved):
        rows = judge(d, s, brought.figures).rows
    else:
        reached = replace(reached, reason=_why(d, s, grants, brought))
        judged = judge(d, s, _grants_alone(d, grants)).rows
        rows = tuple(row for row in judged if RULES[row.rule].is_on_grants(row.place))
    broken, to_the_pound = _broken(data, s, rows)
    if not isinstance(brought, Solved):
        broken += tuple(_below_fixed_cost(data, s, grants))
    as_brought = isinstance(brought, Solved) and not broken
    gap = gap_person_years = pounds = least = None
    if isinstance(brought, Solved) and isinstance(best, Solved) and reached.measures and reachable.measures:
        gap = (brought.goal - best.goal) * (1.0 if goals.of(s).less_is_better else -1.0)
        gap_person_years = reachable.measures.person_years - reached.measures.person_years
        pounds, least = gap_in_pounds(d, s, gap, brought, best)
    return Score(
        **vars(reached),
        scenario=scenario.name,
        title=scenario.settings.title,
        file=file,
        measure=goals.told(s),
        unit=goals.named(goals.told(s)).unit,
        broken=broken,
        to_the_pound=to_the_pound,
        best_goal=reachable.goal,
        best_shortfall=reachable.shortfall,
        gap=gap,
        gap_person_years=gap_person_years,
        gap_pounds=pounds,
        least_pounds=least,
        nearest=Nearest(0.0, (), reached.goal, reached.shortfall) if as_brought else _nearest(d, s, grants),
        inputs=input_status(data.tables),
    )


def _judged_by(s: Settings) -> Settings:
    return s.changed(grants={"distribution": OPTIMISED.name}) if distributions.of(s).from_file else s


def _with_grants(d: DataSet, s: Settings, grants: Floats) -> Settings:
    """Give the settings under which partnerships work within the grants brought, with as much money as those take."""
    return with_given_grants(with_money(d, s, np.maximum(money_available(d, s), grants.sum(axis=0))))


def _grants_alone(d: DataSet, grants: Floats) -> Figures:
    """Give figures of which only the grants say something, to judge the rules on grants by."""
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


def _broken(d: DataSet, s: Settings, rows: tuple[RuleRow, ...]) -> tuple[tuple[Broken, ...], tuple[Broken, ...]]:
    """Give rows of hard rules that are broken, and those kept but for the rounding of whole pounds, in the rules'
    order.
    """
    names = dict(zip(d.partnerships, d.partnership_names, strict=True))
    broken: list[Broken] = []
    to_the_pound: list[Broken] = []
    for row in rows:
        kept = PENNY if row.unit == "£" else NOTHING * max(1.0, abs(row.right))
        if row.soft or row.slack >= -kept:
            continue
        at = row.place
        place = names.get(at.partnership, at.partnership)
        called = RULES[row.rule].called(at)
        rest = " ".join(at.region) if RULES[row.rule].by_quantity else at.rest  # its name says the rest of a limit
        found = Broken(called, place, at.year, rest, row.left, row.right, -row.slack, row.unit)
        (to_the_pound if row.unit == "£" and -row.slack <= _rounding(d, s, row) + PENNY else broken).append(found)
    return tuple(broken), tuple(to_the_pound)


def _rounding(d: DataSet, s: Settings, row: RuleRow) -> float:
    """Give how far whole pounds may take a row on money from its limit, £: a pound for each grant of one partnership in
    it.

    From the second year a limit on change has last year's grant on its other side, and a pound of that tells by as
    much as the grant may rise or fall.
    """
    rule, at = RULES[row.rule], row.place
    grants, times = 1, rule.of_last_year(s)
    if rule.by_quantity:
        grants = sum(at.covers(p, region) for p, region in zip(d.partnerships, d.regions, strict=True))
        grants *= 1 if at.year else len(d.years)
        own = next(own for own in d.limits if own.limit == limit_of(at))
        times = (own.least if row.sense == ">=" else own.most) or 0.0
    of_last_year = rule.last_year or (rule.by_quantity and quantity_of(at) is TO_LAST_YEAR)
    if not of_last_year or at.year == d.years[0]:
        return ROUNDING * grants
    return ROUNDING * grants * (1 + times)


def _why(d: DataSet, s: Settings, grants: Floats, brought: Unsolved) -> str:
    """Give which rules cannot hold together within the grants, as a sum.

    Of planning year on year only where it ends.
    """
    if brought.status != "infeasible" or s.certainty.kind != "settlement":
        return brought.reason
    from allocator.no_plan.conflict import find_conflict
    from allocator.no_plan.diagnosis import sentence

    programme = formulate(d, _with_grants(d, s, grants), given=grants)
    conflict = find_conflict(Stages(programme, "HiGHS", s.solver.time_limit))
    if conflict is None:
        return brought.reason
    names = dict(zip(d.partnerships, d.partnership_names, strict=True))
    alone = {names[term.partnership] for term in conflict.terms if term.partnership}
    return f"{alone.pop()}: {sentence(conflict)}" if len(alone) == 1 else sentence(conflict)


def _below_fixed_cost(d: DataSet, s: Settings, grants: Floats) -> Iterator[Broken]:
    """Give where a grant, with all that may be carried into the year, does not even pay for the fixed cost."""
    prices = price_index(d, s)
    for p, partnership in enumerate(d.partnership_names):
        carried = 0.0
        for t, year in enumerate(d.years):
            fixed = float(d.fixed_cost[p] * prices[t])
            there = float(grants[p, t]) + carried
            if there < fixed - ROUNDING:
                yield Broken(MONEY.name, partnership, year, "fixed cost", there, fixed, fixed - there, "£")
            share = s.budget.carry_forward_limit if CARRY_FORWARD.in_force(s) else 1.0
            carried = min(share * float(grants[p, t]), max(there - fixed, 0.0))


# --- the nearest plan ------------------------------------------------------------------------------------------------


def _nearest(d: DataSet, s: Settings, grants: Floats) -> Nearest | None:
    """Give the plan that keeps every rule nearest to the grants; None where no plan does."""
    try:
        nearest = nearest_grants(d, s, grants)
    except (NoPlan, SolverError) as failure:
        if unsolved(failure).status == "infeasible":
            return None
        raise
    if (grants == np.rint(grants)).all():
        nearest = np.maximum(nearest, 0.0)
        rules = judge(d, s, _grants_alone(d, nearest)).rules
        nearest = whole_pounds(nearest, money_available(d, s), grant_limits(d, nearest, rules)).astype(np.float64)
    change = np.abs(nearest - grants)
    changed = sorted(zip(*np.nonzero(change > PENNY), strict=True), key=lambda pt: -change[pt])
    reached = outcome_of(d, s, solve_case(d, _with_grants(d, s, nearest), nearest))
    return Nearest(
        moved=float(sum(change[pt] for pt in changed)),
        grants=tuple(
            GrantMoved(d.partnerships[p], d.partnership_names[p], d.years[t], float(grants[p, t]), float(nearest[p, t]))
            for p, t in changed
        ),
        goal=reached.goal,
        shortfall=reached.shortfall,
    )


def nearest_grants(d: DataSet, s: Settings, grants: Floats) -> Floats:
    """Find the grants of a plan that keeps every hard rule, nearest by squares, [p, t] £. Raises NoPlan.

    Grants that the distribution sets are the only ones. All budgets are taken as known: what is asked is whether
    rules are kept, not what a planner believes.
    """
    programme = formulate(d, s)
    if programme.grants_set is not None:
        return programme.grants_set
    stages = Stages(programme, s.solver.name, s.solver.time_limit)
    best, x = stages.best(), programme.decisions
    stages.allow_any_shortfall()
    columns = stages.session.column_of[x.ids["grant"]]
    answer = least_squares(stages.session, squares_of(columns, from_pounds(grants)), best.answer).answer
    if answer.outcome != "optimal":
        raise SolverError("nearest plan", f"the solver ended {answer.outcome}", "an answer")
    found: Floats = pounds(answer.values[columns].reshape(grants.shape))
    return np.where(np.abs(found - grants) <= PENNY, grants, found)
