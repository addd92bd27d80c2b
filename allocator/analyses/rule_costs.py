"""What each rule costs: the best plan with one family of rules off at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allocator.analyses.asked import Change
from allocator.analyses.worth import side_of
from allocator.programme.boxes import FREE
from allocator.scenario.settings import NEVER_OFF, RULE_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from allocator.analyses.asked import Asked
    from allocator.plan.reasons import Side
    from allocator.scenario.settings import Settings
    from allocator.tables.dataset import DataSet


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
    """What every rule in force costs, the dearest first, as the goal's measure counts it."""

    measure: str
    rows: tuple[RuleCost, ...]


def rules_in_force(d: DataSet, s: Settings) -> Iterator[str]:
    """The rules that have rows in this scenario and that rules.off can take, in the order of the model."""
    free = s.grants.distribution in FREE
    has_rows = {
        "eligible": bool(d.exclusive_sets),
        "channel": bool((d.capacity < float("inf")).any()),
        "recruitment": s.workforce.max_recruitment is not None,
        "qualified": s.workforce.qualified_grade is not None and bool(s.workforce.qualified_share),
        "floor": free and s.grants.floor is not None,
        "cap": free and s.grants.cap is not None,
        "damping": free and (s.grants.max_fall is not None or s.grants.max_rise is not None),
        "formula_floor": s.grants.distribution == "blend",
        "guarantee": bool(d.guarantees),
        "ceiling": s.local.max_reduction is not None,
        "local_minimum": s.local.min_reduction is not None,
        "target": bool(d.targets),
    }
    for rule in RULE_NAMES:
        if rule not in NEVER_OFF and rule not in s.rules.off and has_rows.get(rule, True):
            yield rule


def rule_costs(asked: Asked, done: Callable[[int, int], None] | None = None) -> RuleCosts:
    """Every rule in force switched off alone. done: called with how many of how many have ended."""
    rules, costs = list(rules_in_force(asked.data, asked.settings)), []
    for rule in rules:
        costs.append(RuleCost(rule, side_of(asked, asked.reached(Change(off=rule)))))
        if done is not None:
            done(len(costs), len(rules))
    return RuleCosts(asked.settings.goal.measure, tuple(sorted(costs, key=_dearest_first)))


def _dearest_first(cost: RuleCost) -> tuple[float, float, str]:
    side = cost.without
    return (side.soft, -abs(side.goal), cost.rule) if side is not None else (0.0, 0.0, cost.rule)
