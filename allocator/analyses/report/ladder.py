"""How grants come about rule by rule: the best plan with no rule on grants, then each rule put on in turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from allocator.register import RULES, distributions
from allocator.register.rules import with_rows
from allocator.runs.plan import Plan
from allocator.solving.settlement import plan_data
from allocator.tables.dataset import Floats


@dataclass(frozen=True, eq=False)
class Ladder:
    """Grants with more and more of the rules on grants.

    rules: in the order in which they are put on. grants: [p, t] £, one more than the rules: without any of them, and
    with each put on, the last of which is the plan. Both are empty where a distribution sets the grants.
    """

    rules: tuple[str, ...] = ()
    grants: tuple[Floats, ...] = ()


def ladder_of(plan: Plan, done: Callable[[int, int], None] | None = None) -> Ladder:
    """Solve a plan's scenario without the rules on grants, and with them one more at a time.

    What a rule adds or takes depends on which are on already: the order is that of the register, for all alike.
    done: called with how many of how many have been solved. Raises NoPlan and SolverError as solving does.
    """
    settings = plan.scenario.settings
    if not distributions.of(settings).free:
        return Ladder()
    rules = tuple(rule for rule in with_rows(plan.data, settings) if _on_grants(plan, rule))
    grants = []
    for n in range(len(rules)):
        without = settings.changed(rules={"off": (*settings.rules.off, *rules[n:])})
        grants.append(plan_data(plan.data, without, plan.given)[0].grant)
        if done is not None:
            done(n + 1, len(rules))
    return Ladder(rules, (*grants, plan.figures.grant))


def _on_grants(plan: Plan, rule: str) -> bool:
    """Say whether a rule is on grants: on single ones, or one of the planner's own limits on one, a region's or all."""
    record = RULES[rule]
    if not record.by_quantity:
        return record.on_single_grants
    return any(row.rule == rule and record.is_on_grants(row.place) for row in plan.recomputed.rows)
