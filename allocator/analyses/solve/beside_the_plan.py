"""What `solve` says unprompted beside the plan: what more would be worth, and why money is unspent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from allocator.analyses.solve.gains import FIXED
from allocator.analyses.solve.unspent import MOST_GRANTS, moved, reasons
from allocator.analyses.solve.worth import side_of, worth
from allocator.errors import NoPlan, SolverError
from allocator.programme.goals import earlier_reduction
from allocator.recompute.figures import Recomputed
from allocator.register import goals
from allocator.register.rules import ELIGIBLE, RECRUITMENT, set_by, with_rows
from allocator.runs.findings import AtLimit, Dearest, GivenUpOtherwise, GoalChange, PriceOfCaution, Reasons
from allocator.runs.plan import judge
from allocator.scenario.settings import Settings
from allocator.solving.later_stages import settle
from allocator.solving.planned import Planned, figures_of
from allocator.solving.settlement import plan_data
from allocator.solving.solution import ENDED_WELL
from allocator.tables.dataset import DataSet, Floats
from allocator.tolerances import NOTHING, SOLVED_TO
from allocator.what_if.fixed import fixed_grants
from allocator.what_if.in_time import InTime
from allocator.what_if.questions import Change, Settled, WhatIf, gained, what_if

OFFERED = 0.01  # of the goal: the part that is offered to be given up
WORTH_ENDING = 0.5  # FTE: fewer redundancies are told as none


def reasons_of(
    d: DataSet,
    s: Settings,
    plans: tuple[Planned, ...],
    worked: Recomputed,
    given: Floats | None = None,
    overrides: Sequence[str] = (),
) -> Reasons:
    """Ask a solved scenario again for its reasons. What finds no answer in time is named in worth.not_in_time.

    plans: as solve_data gave them, with nothing changed since; they are left so. worked: the plan worked out again.
    given: [p, t] £, where the distribution is given. overrides: settings changed for this run, as --set takes them.
    """
    asked = what_if(d, s, plans, given)
    fixed = _in_time(lambda: tuple(one for planned in plans for one in fixed_grants(planned)), None)
    solved = InTime(asked)
    prices = worth(solved, worked.goal)
    goal = goals.of(s)
    has_use = not goal.in_pounds or not all(price.worth_nothing for price in prices.of("money"))
    changed = {rule for text in overrides for rule in set_by(text.partition("=")[0])}
    why = reasons(solved, worked, has_use=has_use, first=changed)
    closeness, recruiting = _closeness(solved, worked), _recruiting(solved, worked)
    dearest = _dearest(solved, worked, recruiting) if _posts_are_empty(d, s, solved) else None
    late = {change.named(d.years) for change in solved.late} | ({FIXED} if fixed is None else set())
    prices = replace(prices, not_in_time=tuple(sorted(late)))
    tail = worked.tail
    caution = None if tail is None else _price_of_caution(d, s, tail, given)
    found = Reasons(prices, why, closeness, recruiting, fixed or (), dearest=dearest, caution=caution)
    settlement = solved.solved
    if not isinstance(settlement, Settled):
        return found
    more: dict[str, Any] = _in_time(lambda: _of_a_settlement(settlement, plans[0], found), {})
    return replace(found, **more)


def _of_a_settlement(solved: Settled, planned: Planned, found: Reasons) -> dict[str, Any]:
    """Give what is asked where all years are one plan: what else giving up, fairness and soft rules would come to."""
    goal, close = solved.settings.goal, found.closeness
    spared = found.worth.no_redundancies
    ends_all = spared is not None and spared.soft <= 0 and abs(spared.goal) < OFFERED * abs(found.worth.goal)
    told: dict[str, Any] = {}
    if goal.give_up:
        told["otherwise"] = _given_up(planned, 0.0) if solved.figures.grant.size <= MOST_GRANTS else None
    elif ends_all and found.worth.redundancies >= WORTH_ENDING:
        few = solved.figures.grant.size <= MOST_GRANTS
        told["otherwise"] = _given_up(planned, OFFERED) if few else GivenUpOtherwise(OFFERED, 0.0, None)
    if goals.of(solved.settings).smallest_of_all:
        told["most_in_all"] = _most_in_all(solved)
    if close is not None and solved.settings.rules.soft_may_cost is not None:
        told["held_back"] = _with_soft_rules_at(solved, None)
    elif close is not None and close.goal and abs(close.goal) > OFFERED * abs(found.worth.goal + close.goal):
        told["bounded"] = _with_soft_rules_at(solved, OFFERED)
    return told


def _given_up(planned: Planned, share: float) -> GivenUpOtherwise | None:
    """Give the same scenario with another part of the goal given up; None where a stage finds no answer."""
    stages = planned.stages
    programme, known = stages.programme, len(stages.records)
    try:
        stages.programme = replace(programme, settings=programme.settings.changed(goal={"give_up": share}))
        settled = settle(stages, planned.best, to_grants=True)
    except SolverError:
        return None
    finally:
        stages.programme = programme
    if any(record.outcome not in ENDED_WELL for record in stages.records[known:]):
        return None
    figures = figures_of(stages, settled.values)
    redundancies = float(figures.redundancies.sum())
    nobody = redundancies <= SOLVED_TO * max(1.0, float(figures.fte.sum()))
    return GivenUpOtherwise(share, 0.0 if nobody else redundancies, moved(programme.data, programme.settings, figures))


def _most_in_all(solved: Settled) -> float | None:
    """Give the most that any plan reaches in all, whatever the smallest share; soft rules fall no further short."""
    stages = solved.stages
    programme = stages.programme
    try:
        stages.session.set_costs(stages.then_costs(), maximise=True)
        answer = stages.session.solve(primal=True, has_plan=True)
    finally:
        solved.restore()
    if answer.outcome != "optimal":
        return None
    return answer.objective + earlier_reduction(programme.data, programme.settings, programme.now)


def _with_soft_rules_at(solved: Settled, cost: float | None) -> GoalChange | None:
    """Give what soft rules that might cost another share of the goal would change; None where that is nothing.

    cost: a share of 1; None for whatever it takes.
    """
    stages = solved.stages
    programme = stages.programme
    try:
        stages.programme = replace(programme, settings=programme.settings.changed(rules={"soft_may_cost": cost}))
        change = gained(solved.best, stages.best())
    finally:
        stages.programme = programme
        solved.restore()
    return change if change.soft else None


def _price_of_caution(d: DataSet, s: Settings, tail: float, given: Floats | None) -> PriceOfCaution | None:
    """Give the neutral plan of the same scenario, at the central effects and in its worst draws; None where it has
    none.
    """
    neutral = s.changed(risk={"attitude": "neutral"})
    try:
        worked = judge(d, s, plan_data(d, neutral, given)[0], given)  # by the cautious settings, which look at draws
    except (NoPlan, SolverError):
        return None
    return None if worked.tail is None else PriceOfCaution(worked.goal, worked.tail, tail)


def _in_time[T](ask: Callable[[], T], otherwise: T) -> T:
    """Give what is asked; otherwise, where the solver finds no answer in time. What was found before stays found."""
    try:
        return ask()
    except SolverError:
        return otherwise


def _closeness(question: WhatIf, worked: Recomputed) -> GoalChange | None:
    """Give what coming as close as can be to the soft rules that fall short costs; None where all are kept."""
    short = dict.fromkeys(row.rule for row in worked.shortfalls if row.shortfall > NOTHING * max(1.0, row.required))
    return side_of(question, question.reached(Change(off="+".join(short)))) if short else None


def _recruiting(question: WhatIf, worked: Recomputed) -> AtLimit | None:
    """Say in how many partnerships recruits stand at their limit, and what that costs; None where in none."""
    full = {
        row.place.partnership
        for row in worked.rows
        if row.rule == RECRUITMENT.name and row.slack <= NOTHING * max(1.0, row.right)
    }
    if not full:
        return None
    without = side_of(question, question.reached(Change(off=RECRUITMENT.name)))
    return AtLimit(len(full), len(question.data.partnerships), without)


def _posts_are_empty(d: DataSet, s: Settings, question: InTime) -> bool:
    """Say whether posts are left in every year, of few enough partnerships to ask each rule what it costs."""
    limits = d.headcount_limit * s.workforce.headcount_scale
    filled = question.figures.fte.sum(axis=(0, 2)) >= limits * (1 - NOTHING)
    return question.figures.grant.size <= MOST_GRANTS and not filled.any()


def _dearest(question: WhatIf, worked: Recomputed, recruiting: AtLimit | None) -> Dearest | None:
    """Give the rule that costs most of those that bind; None where none costs anything.

    recruiting: what was found of recruits at their limit, which is not asked again.
    Left out are eligible, which says no more than that nobody is in two places at once, and soft rules that fall short,
    of which it is said what coming close costs.
    """
    short = {row.rule for row in worked.shortfalls if row.shortfall > NOTHING * max(1.0, row.required)}
    bound = {row.rule for row in worked.rows if row.slack <= NOTHING * max(1.0, abs(row.right))}
    found = []
    for rule in with_rows(question.data, question.settings):
        if rule in bound - short - {ELIGIBLE.name}:
            if recruiting is not None and rule == RECRUITMENT.name:
                side = recruiting.without
            else:
                side = side_of(question, question.reached(Change(off=rule)))
            better = 0.0 if side is None else -side.goal if goals.of(question.settings).less_is_better else side.goal
            if side is not None and (side.soft < 0 or (side.soft == 0 and better > 0)):
                found.append((side.soft, -better, Dearest(rule, side)))
    return min(found, key=lambda one: one[:2])[2] if found else None
