"""Which of the rules that can be switched off are in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocator.programme.bounds import FREE
from allocator.scenario.settings import NEVER_OFF, RULE_NAMES

if TYPE_CHECKING:
    from allocator.scenario.settings import Settings
    from allocator.tables.dataset import DataSet


def rules_in_force(s: Settings) -> tuple[str, ...]:
    """The rules that are on, have a limit and act on the grants there are, whatever the tables hold; in order."""
    free = s.grants.distribution in FREE
    acts = {
        "recruitment": s.workforce.max_recruitment is not None,
        "qualified": s.workforce.qualified_grade is not None and bool(s.workforce.qualified_share),
        "floor": free and s.grants.floor is not None,
        "cap": free and s.grants.cap is not None,
        "damping": free and (s.grants.max_fall is not None or s.grants.max_rise is not None),
        "formula_floor": s.grants.distribution == "blend",
        "ceiling": s.local.max_reduction is not None,
        "local_minimum": s.local.min_reduction is not None,
    }
    return tuple(rule for rule in RULE_NAMES if rule not in (*NEVER_OFF, *s.rules.off) and acts.get(rule, True))


def rules_with_rows(d: DataSet, s: Settings) -> tuple[str, ...]:
    """The rules in force that have rows on these tables, in the order of the model."""
    there = {
        "eligible": bool(d.exclusive_sets),
        "channel": bool((d.capacity < float("inf")).any()),
        "guarantee": bool(d.guarantees),
        "target": bool(d.targets),
    }
    return tuple(rule for rule in rules_in_force(s) if there.get(rule, True))
