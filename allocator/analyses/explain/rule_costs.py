"""What each rule costs: the best plan with one family of rules off at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allocator.analyses.solve.worth import side_of
from allocator.register.rules import several_of, with_rows
from allocator.what_if.questions import Change

if TYPE_CHECKING:
    from collections.abc import Callable

    from allocator.runs.findings import Side
    from allocator.what_if.questions import Asked


@dataclass(frozen=True)
class RuleCost:
    """What a rule costs: the plan without it less the plan with it, None where no plan was found without it."""

    rule: str
    without: Side | None

    def as_dict(self) -> dict[str, Any]:
        """The rule and what switching it off would change, for JSON."""
        return {"rule": self.rule, "without": None if self.without is None else self.without.as_dict()}


@dataclass(frozen=True)
class RuleCosts:
    """What every rule that acts costs, the dearest first, as the goal's measure counts it."""

    measure: str
    rows: tuple[RuleCost, ...]

    def as_dict(self) -> dict[str, Any]:
        """The costs with their documented keys, for JSON."""
        return {"rules": [row.as_dict() for row in self.rows]}


def rule_costs(asked: Asked, done: Callable[[int, int], None] | None = None) -> RuleCosts:
    """Every rule that acts switched off alone, and those of a group together.

    done: called with how many of how many have ended.
    """
    rules, costs = with_rows(asked.data, asked.settings), []
    rules = (*rules, *several_of(rules))
    for rule in rules:
        costs.append(RuleCost(rule, side_of(asked, asked.reached(Change(off=rule)))))
        if done is not None:
            done(len(costs), len(rules))
    return RuleCosts(asked.settings.goal.measure, tuple(sorted(costs, key=_dearest_first)))


def _dearest_first(cost: RuleCost) -> tuple[float, float, str]:
    side = cost.without
    return (side.soft, -abs(side.goal), cost.rule) if side is not None else (0.0, 0.0, cost.rule)
