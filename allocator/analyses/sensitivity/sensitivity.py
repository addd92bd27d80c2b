"""Which inputs a plan rests on: each moved both ways by itself, with what the plan and the best plan then reach.

The plan as it stands is carried out as it is where an input changes only what comes of it. Where an input changes what
it costs or may do, its grants stand and partnerships do their best within them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from allocator.analyses.named import INPUTS, OfSide
from allocator.analyses.sensitivity.inputs import Input, inputs_of
from allocator.analyses.sensitivity.switching import crossing
from allocator.errors import NoPlan, SolverError
from allocator.programme.formulate import formulate
from allocator.recompute.figures import TOLERANCE, Recomputed, indexes, spend_by_use
from allocator.recompute.goals import Reached, goal_of
from allocator.recompute.reductions import reductions
from allocator.recompute.rules import CHECKS, Judged, RuleRows
from allocator.register import distributions, goals
from allocator.register.rules import TARGET
from allocator.results import Result, doc, documented
from allocator.runs.plan import judge
from allocator.scenario.amounts import money
from allocator.scenario.distributions import grants_as_before
from allocator.scenario.settings import Settings
from allocator.solving.planned import figures_of, plan_as_it_stands
from allocator.solving.settlement import plan_data
from allocator.solving.solution import Figures
from allocator.solving.stages import Stages
from allocator.tables.dataset import DataSet, Floats
from allocator.tables.sources import InputStatus, input_status
from allocator.what_if.cases import Unsolved, unsolved
from allocator.what_if.pool import run_cases
from allocator.what_if.shares_as_before import rules_on_grants, with_given_grants, with_historical_grants
from allocator.what_if.side import Side

Kept = Literal["as it is", "within its grants", "not possible"]
GRANTS_MOVED, CERTAINTY = "moving grants", "certainty"
NEXT_TO_NOTHING = 1e-3  # of the goal: what is less is no headline
A_HAIR = 1e-6  # of the money: what grants may add up to more than it
A_TURN = 1e-3  # of shares as before: a grant nearer to them is neither a gain nor a loss


class Moved(Result):
    """What comes of an input at one end of its range."""

    to: float = doc("where it is moved to", "as measured_in says")
    kept: Kept = doc(
        "how the plan as it stands is carried out: as it is; within its grants, where it costs or may do otherwise; "
        "not possible, where not even its grants can be kept"
    )
    stands: float | None = doc("what the plan as it stands then reaches; null: not possible", "goal.unit")
    best: float | None = doc("what the best plan then reaches; null: no plan", "goal.unit")
    reason: str = doc("why there is no best plan; blank where there is one")
    pounds: float | None = doc(
        "what the best plan then gives to other partnerships than the plan as it stands; null: no plan",
        "£ cash, all years",
    )
    turned: tuple[str, ...] = doc(
        "key of a partnership whose grant of all years turns from a gain on shares as before to a loss, or back"
    )
    met: bool | None = doc(
        "whether the plan as it stands then meets every target; null: there are none, or it is not possible"
    )


class Switch(Result):
    """Where something that the plan is recommended for turns."""

    of: str = doc(
        "moving grants, where shares as before begin to reach more; certainty, where planning year on year does; or "
        "the target, by its scope, name and year, that begins to be met or missed"
    )
    at: float = doc("the input there", "as measured_in says")


class InputMoved(Result):
    """One input, moved both ways with all else as it is."""

    input: str = doc("the input, as a sweep names it, or its column")
    name: str = doc("in words")
    status: str = doc("assumed, derived or published; blank where the data set does not say")
    measured_in: str = doc("value: of the input itself; multiple: of what stands there; standard errors: from there")
    centre: float = doc("where it stands in the plan", "as measured_in says")
    low: Moved = doc("at the low end of its range")
    high: Moved = doc("at the high end")
    switches: tuple[Switch, ...] = doc("where something turns, the nearest on either side; none: nowhere looked at")

    value: float  # of the goal, as inputs stand

    @property
    @documented(
        "how far what is reached differs between the two ends, or from an end to where the input stands, of the plan "
        "or of the best plan; an end without a plan is left out",
        "goal.unit",
    )
    def swing(self) -> float:
        """The larger of the two spans."""
        stands = (self.low.stands, self.value, self.high.stands)
        best = (self.low.best, self.value, self.high.best)
        known = ([reached for reached in ends if reached is not None] for ends in (stands, best))
        return max(max(reached) - min(reached) for reached in known)


class Sensitivity(OfSide):
    """Every input that is assumed or derived, those on which most rests first."""

    moving_grants: float | None = doc(
        "what the plan reaches more than shares as before; null: grants are set, or those have no plan", "goal.unit"
    )
    certainty: float | None = doc(
        "what it reaches more than planning year on year, where yearly plans count what lasts; null: not a settlement, "
        "or those have no plan",
        "goal.unit",
    )
    moved: tuple[InputMoved, ...] = doc("an input, the largest swing first", name="moved")
    names: Mapping[str, str]  # of the partnerships, by key
    still: tuple[str, ...] = doc(
        "a column that is assumed or derived and not moved: names, whole numbers, shares of 1, nothing"
    )
    inputs: InputStatus = doc(INPUTS)


@dataclass(frozen=True, eq=False)
class Standing:
    """The plan as it stands, and what it is held against; None where there is no such plan."""

    data: DataSet
    settings: Settings
    given: Floats | None
    figures: Figures
    value: float  # of the goal
    before: Figures | None  # with shares as before
    yearly: Figures | None  # planned year on year
    margins: Mapping[str, float]  # what it is ahead of these by, and what it exceeds targets by
    gains: Floats  # [p] 1 for a gain on shares as before, -1 for a loss, 0 for neither
    asked: tuple[Input, ...]


def sensitivity_of(
    side: Side,
    asked: Sequence[Input] = (),
    *,
    jobs: int | None = 1,
    done: Callable[[int, int], None] | None = None,
) -> Sensitivity:
    """Move every input of a run or a scenario both ways, one at a time.

    asked: the inputs and their ranges; every one that is assumed or derived where there are none. jobs: as run_cases
    takes it. done: called with how many of how many inputs have ended. Raises NoPlan and SolverError where the plan
    itself has to be solved and cannot be.
    """
    d, s = side.data, side.settings
    figures = side.figures if side.figures is not None else plan_data(d, s, side.given)[0]
    found, still = (tuple(asked), ()) if asked else inputs_of(d)
    value = _judged(d, s, figures).goal
    compared = _compared(d, s)
    margins = _margins_of(d, s, figures, *compared)
    shared = Standing(d, s, side.given, figures, value, *compared, margins, _gains(d, s, figures), found)
    moved = list(run_cases(_moved, shared, range(len(found)), jobs=jobs, done=done))
    moved.sort(key=lambda one: -one.swing)
    before, yearly = (None if one is None else _judged(d, s, one).goal for one in (shared.before, shared.yearly))
    lower = goals.of(s).less_is_better
    return Sensitivity(
        side.label,
        goals.told(s),
        goals.named(goals.told(s)).unit,
        value,
        _ahead(value, before, lower=lower),
        _ahead(value, yearly, lower=lower),
        tuple(moved),
        dict(zip(d.partnerships, d.partnership_names, strict=True)),
        still,
        input_status(d.tables),
    )


def _ahead(stands: float, other: float | None, *, lower: bool) -> float | None:
    if other is None:
        return None
    return other - stands if lower else stands - other


def _compared(d: DataSet, s: Settings) -> tuple[Figures | None, Figures | None]:
    """Give the plans that the headline is held against: with shares as before, and planned year on year."""
    before = _plan(d, with_historical_grants(s)) if distributions.of(s).free else None
    yearly = None
    if s.certainty.kind == "settlement" and not distributions.of(s).from_file and len(d.years) > 1:
        certainty = {"kind": "year_on_year", "planning_horizon": 1, "sees_tail": True, "assumed_future": 1.0}
        yearly = _plan(d, s.changed(certainty=certainty))
    return before, yearly


def _plan(d: DataSet, s: Settings, given: Floats | None = None) -> Figures | None:
    try:
        return plan_data(d, s, given)[0]
    except (NoPlan, SolverError):
        return None


def _judged(d: DataSet, s: Settings, figures: Figures) -> Recomputed:
    """Give what a plan whose grants are decided comes to."""
    return judge(d, with_given_grants(s), figures, figures.grant)


# --- one input -------------------------------------------------------------------------------------------------------


def _moved(x: Standing, number: int) -> InputMoved:
    one = x.asked[number]
    at_low, at_high = (one.at(x.data, x.settings, to) for to in (one.low, one.high))
    low, high = _at(x, one, one.low, *at_low, best=True), _at(x, one, one.high, *at_high, best=True)
    as_it_is = low.kept == high.kept == "as it is"
    margins = _Margins(x, one, as_it_is=as_it_is, known=(low, high))
    return InputMoved(
        one.key,
        one.label,
        one.status,
        one.scale,
        one.centre,
        _told(x, *at_low, low),
        _told(x, *at_high, high),
        tuple(_switches(x, one, margins)),
        x.value,
    )


@dataclass(frozen=True, eq=False)
class _Point:
    """Plans with an input somewhere: the best one, the plan as it stands, and the one with shares as before.

    best: None where it was not asked for. before: None where there is no such plan, or the plan stands as it is.
    """

    to: float
    kept: Kept
    stands: Recomputed | None
    before: Recomputed | None
    best: tuple[Figures, float] | Unsolved | None


def _at(x: Standing, one: Input, to: float, d: DataSet, s: Settings, *, best: bool) -> _Point:
    """Solve what has to be solved with an input somewhere, all from one programme.

    d, s: tables and settings with the input there. best: whether for the best plan as well.
    """
    as_it_is = _judged(d, s, x.figures) if one.only_counts else None
    if as_it_is is not None and not as_it_is.kept:
        as_it_is = None
    if s.certainty.kind != "settlement":
        return _year_on_year(x, d, s, to, as_it_is, best=best)
    found: tuple[Figures, float] | Unsolved | None = None
    free = s if best else with_given_grants(s)
    try:
        given = x.given if best else _payable(d, s, x.figures.grant)
        stages = Stages(formulate(d, free, given=given), s.solver.name, s.solver.time_limit)
    except NoPlan as failure:  # a formula that can set no grants
        return _Point(to, "not possible" if as_it_is is None else "as it is", as_it_is, None, unsolved(failure))
    if best:
        try:
            figures = plan_as_it_stands(stages).figures
            found = figures, judge(d, s, figures, x.given).goal
        except (NoPlan, SolverError) as failure:
            found = unsolved(failure)
    if as_it_is is not None:
        return _Point(to, "as it is", as_it_is, None, found)
    stands = _within(stages, d, s, x.figures.grant)
    before = None
    if x.before is not None:
        before = _within(stages, d, s, _as_before(x, d))
    return _Point(to, "not possible" if stands is None else "within its grants", stands, before, found)


def _within(stages: Stages, d: DataSet, s: Settings, grant: Floats) -> Recomputed | None:
    """Give what partnerships do best within grants.

    None where no plan keeps the rules. Leaves the programme changed.
    """
    try:
        stages.restate(rules_on_grants(), settings=with_given_grants(s), grants_set=_payable(d, s, grant))
        figures = figures_of(stages, stages.best().answer.values)  # what comes after the goal changes nothing of it
    except (NoPlan, SolverError):
        return None
    return _judged(d, s, figures)


def _year_on_year(
    x: Standing, d: DataSet, s: Settings, to: float, as_it_is: Recomputed | None, *, best: bool
) -> _Point:
    """Give the same where each year rests on the one before, so that every plan is made anew."""
    found: tuple[Figures, float] | Unsolved | None = None
    if best:
        try:
            figures = plan_data(d, s, x.given)[0]
            found = figures, judge(d, s, figures, x.given).goal
        except (NoPlan, SolverError) as failure:
            found = unsolved(failure)
    if as_it_is is not None:
        return _Point(to, "as it is", as_it_is, None, found)
    other = _plan(d, with_given_grants(s), _payable(d, s, x.figures.grant))
    stands = None if other is None else _judged(d, s, other)
    as_before = _plan(d, with_given_grants(s), _payable(d, s, _as_before(x, d))) if x.before is not None else None
    before = None if as_before is None else _judged(d, s, as_before)
    return _Point(to, "not possible" if stands is None else "within its grants", stands, before, found)


def _as_before(x: Standing, d: DataSet) -> Floats:
    """Give shares as before of the money that the plan shares out, [p, t] £.

    Where the input is that money, the plan's grants stand, and what is more of it is left by both.
    """
    return grants_as_before(d, money(x.data, x.settings), range(len(d.years)))


def _payable(d: DataSet, s: Settings, grant: Floats) -> Floats:
    """Give grants that use up all money, less the hair by which they exceed it.

    They are known to a tenth of a penny.
    """
    total, available = grant.sum(axis=0), money(d, s)
    close = total <= available * (1 + A_HAIR)
    less = np.where(close & (total > 0), np.minimum(available / np.where(total > 0, total, 1.0), 1.0) - 1e-9, 1.0)
    payable: Floats = grant * less
    return payable


def _told(x: Standing, d: DataSet, s: Settings, end: _Point) -> Moved:
    goal = None if end.stands is None else end.stands.goal
    met = None if end.stands is None else _all_met(end.stands)
    if isinstance(end.best, Unsolved) or end.best is None:
        reason = "" if end.best is None else end.best.reason
        return Moved(end.to, end.kept, goal, None, reason, None, (), met)
    figures, best = end.best
    change = (figures.grant - x.figures.grant).sum(axis=1)
    moves = float(min(change[change > 0].sum(), abs(change[change < 0].sum())))  # not what all get more, or less
    turned = x.gains * _gains(d, s, figures) < 0
    others = tuple(p for p, turns in zip(x.data.partnerships, turned, strict=True) if turns)
    return Moved(end.to, end.kept, goal, best, "", moves, others, met)


def _gains(d: DataSet, s: Settings, figures: Figures) -> Floats:
    """Say whose grants of all years are a gain on shares as before (1), a loss (-1) or neither (0), [p]."""
    before = grants_as_before(d, money(d, s), range(len(d.years))).sum(axis=1)
    change = figures.grant.sum(axis=1) - before
    gains: Floats = np.where(np.abs(change) > A_TURN * before, np.sign(change), 0.0)
    return gains


def _all_met(worked: Recomputed) -> bool | None:
    targets = [family for family in worked.rules if family.rule == TARGET.name]
    if not targets:
        return None
    return all(bool((family.violation <= A_TURN).all()) for family in targets)


# --- switching values ------------------------------------------------------------------------------------------------


def _switches(x: Standing, one: Input, margins: _Margins) -> list[Switch]:
    """Give where a headline or a target turns: beyond the range too where plans are carried out as they are."""
    found = []
    for name, ahead in margins.at(one.centre).items():
        if name in (GRANTS_MOVED, CERTAINTY) and abs(ahead) < NEXT_TO_NOTHING * abs(x.value):
            continue  # it brings next to nothing: where that turns is no news
        for end in (one.low, one.high):
            if end == one.centre:
                continue
            limit = one.limits[0 if end < one.centre else 1] if margins.as_it_is else end
            at = crossing(partial(margins.of, name), one.centre, end, limit)
            if at is not None:
                found.append(Switch(name, at))
    return found


class _Margins:
    """What a headline is ahead by, and a target exceeded by, wherever one input is moved to.

    known: what was solved already. Certainty is held against only where plans are carried out as they are.
    """

    def __init__(self, x: Standing, one: Input, *, as_it_is: bool, known: tuple[_Point, ...]) -> None:
        self.x, self.one, self.as_it_is = x, one, as_it_is
        self._known = {one.centre: {name: by for name, by in x.margins.items() if as_it_is or name != CERTAINTY}}
        if not as_it_is:
            self._known |= {point.to: self._of_point(point) for point in known}

    def of(self, name: str, to: float) -> float | None:
        """Give one of them; None where it cannot be said."""
        return self.at(to).get(name)

    def at(self, to: float) -> dict[str, float]:
        """Give them by name; what cannot be said is left out."""
        if to not in self._known:
            x, (d, s) = self.x, self.one.at(self.x.data, self.x.settings, to)
            if self.as_it_is:
                self._known[to] = _margins_of(d, s, x.figures, x.before, x.yearly)
            else:
                self._known[to] = self._of_point(_at(x, self.one, to, d, s, best=False))
        return self._known[to]

    def _of_point(self, point: _Point) -> dict[str, float]:
        if point.stands is None:
            return {}
        found = {}
        if point.before is not None:
            lower = goals.of(self.x.settings).less_is_better
            found[GRANTS_MOVED] = _ahead(point.stands.goal, point.before.goal, lower=lower) or 0.0
        targets = [family for family in point.stands.rules if family.rule == TARGET.name]
        return found | {name: slack for family in targets for name, slack in _slack(family)}


def _margins_of(
    d: DataSet, s: Settings, figures: Figures, before: Figures | None, yearly: Figures | None
) -> dict[str, float]:
    """Give what a plan is ahead of others by, each carried out as it is, and what it exceeds targets by."""
    stands = _reached(d, s, figures)
    lower = goals.of(s).less_is_better
    found = {}
    for name, other in ((GRANTS_MOVED, before), (CERTAINTY, yearly)):
        if other is not None:
            found[name] = _ahead(goal_of(stands), goal_of(_reached(d, s, other)), lower=lower) or 0.0
    rows = CHECKS[TARGET.name](_as_judged(stands)) if TARGET.name not in s.rules.off else None
    for family in rows if isinstance(rows, tuple) else (rows,):
        if family is not None:
            found |= dict(_slack(family))
    return found


def _slack(family: RuleRows) -> Iterator[tuple[str, float]]:
    """Give by how much each target is exceeded; one that is met to the solver's tolerance is met by next to nothing."""
    met = family.slack >= -TOLERANCE * np.maximum(1.0, np.abs(family.right))
    over = np.where(met, np.maximum(family.slack, TOLERANCE), family.slack)
    for place, slack in zip(family.places, over.tolist(), strict=True):
        yield " ".join(filter(None, (TARGET.name, *place.detail, place.partnership, place.year))), slack


def _reached(d: DataSet, s: Settings, figures: Figures) -> Reached:
    """Give what a plan comes to, without what its rules do: a tenth of the time."""
    fallen, spend = reductions(d, s, figures, s.goal.tail_years), spend_by_use(d, s, figures)
    total = sum(spend.values(), np.zeros_like(figures.grant))
    prices = indexes(d, s)[0]
    return Reached(d, s, figures, fallen.counted, fallen.lasting, total, prices, range(len(d.years)), s.goal.tail_years)


def _as_judged(x: Reached) -> Judged:
    """Give what targets are checked on."""
    years = len(x.d.years)
    counted = x.counted[:, :years]
    return Judged(x.d, x.s, x.f, np.zeros(years), indexes(x.d, x.s), {}, counted, np.abs(counted), None, None)
