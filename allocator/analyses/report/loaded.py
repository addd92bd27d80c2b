"""A plan as a report tells it, asked what its run does not hold."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from allocator.analyses.explain.rule_costs import RuleCost, RuleCosts
from allocator.analyses.report.facts import Facts
from allocator.analyses.solve.beside_the_plan import reasons_of
from allocator.analyses.solve.worth import side_of
from allocator.register import goals
from allocator.runs.plan import Plan, judge
from allocator.solving.session import Session
from allocator.solving.settlement import plan_data
from allocator.what_if.questions import Change, WhatIf, what_if
from allocator.what_if.shares_as_before import figures_as_before, with_historical_grants

MOST_SECONDS = 60.0  # for what the rules cost: rules that are not reached in it are named as not asked


def facts_of(plan: Plan, done: Callable[[int, int], None] | None = None, *, costs: bool = True) -> Facts:
    """Give the facts of a plan, with what its run does not hold.

    That is what shares as before would bring and, where costs says so, what a step more would bring and what rules
    cost. Where there is anything to ask, the scenario is solved once more and asked from there, which only HiGHS can:
    with another solver there are neither prices nor costs. done: called with how many of how many rules have been
    asked. Raises NoPlan and SolverError where the scenario cannot be solved again.
    """
    data, settings = plan.data, plan.scenario.settings
    asks = costs and settings.solver.name == Session.solver
    if not asks and plan.as_before is not None:
        return Facts(plan)
    _, planned = plan_data(data, settings, plan.given)
    found = None
    if asks:
        solved = what_if(data, settings, planned, plan.given)
        found = _costs(plan, solved, done)
        if plan.reasons is None:
            plan = replace(plan, reasons=reasons_of(data, settings, planned, plan.recomputed, plan.given))
    if plan.as_before is None:
        figures = figures_as_before(data, settings, planned)  # last, since it leaves the programmes changed
        if figures is not None:
            plan = replace(plan, as_before=judge(data, with_historical_grants(settings), figures))
    return Facts(plan, found)


def _costs(plan: Plan, solved: WhatIf, done: Callable[[int, int], None] | None) -> RuleCosts:
    """Give what each rule costs that leaves no room somewhere: one that leaves room everywhere costs nothing."""
    rules = Facts(plan).tight_rules
    until, costs = time.monotonic() + MOST_SECONDS, []
    for n, rule in enumerate(rules, start=1):
        if time.monotonic() > until:
            break
        costs.append(RuleCost(rule, side_of(solved, solved.reached(Change(off=rule)))))
        if done is not None:
            done(n, len(rules))
    return RuleCosts(goals.told(plan.scenario.settings), tuple(costs))
