"""What each rule costs: the best plan with one family of rules off at a time."""

from __future__ import annotations

from collections.abc import Callable

from allocator.analyses.solve.worth import side_of
from allocator.register import goals
from allocator.register.rules import several_of, with_rows
from allocator.results import Result, doc
from allocator.runs.findings import GoalChange
from allocator.what_if.questions import Change, WhatIf


class RuleCost(Result):
    """What a rule costs: the plan without it less the plan with it."""

    rule: str = doc("the rule")
    without: GoalChange | None = doc("what switching it off alone changes; null: no plan was found")


class RuleCosts(Result):
    """What every rule that acts costs, as the goal's measure counts it."""

    measure: str
    rows: tuple[RuleCost, ...] = doc("a rule that acts, the dearest first", name="rules")


def rule_costs(what_if: WhatIf, done: Callable[[int, int], None] | None = None) -> RuleCosts:
    """Switch every rule that acts off alone, and those of a group together.

    done: called with how many of how many have ended.
    """
    rules, costs = with_rows(what_if.data, what_if.settings), []
    rules = (*rules, *several_of(rules))
    for rule in rules:
        costs.append(RuleCost(rule, side_of(what_if, what_if.reached(Change(off=rule)))))
        if done is not None:
            done(len(costs), len(rules))
    return RuleCosts(goals.told(what_if.settings), tuple(sorted(costs, key=_dearest_first)))


def _dearest_first(cost: RuleCost) -> tuple[float, float, str]:
    side = cost.without
    return (side.soft, -abs(side.goal), cost.rule) if side is not None else (0.0, 0.0, cost.rule)
