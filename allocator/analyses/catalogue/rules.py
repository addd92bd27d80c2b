"""The register of rules as a list to read."""

from __future__ import annotations

from allocator.errors import UsageError
from allocator.results import Result, doc


class ListedRule(Result):
    """A rule in words."""

    name: str = doc("its name")
    sentence: str = doc("what it says")
    formula: str = doc("its formula")
    note: str = doc("where it holds and what its letters mean")
    unit: str = doc("unit in which every command shows its sides")
    settings: tuple[str, ...] = doc("a setting or table column that gives its amounts")


class RuleList(Result):
    """Rules in the order of the model."""

    rules: tuple[ListedRule, ...] = doc("a rule")


def listed_rules(name: str | None = None) -> RuleList:
    """Give all rules in the order of the model, or the one named, or those of a group.

    Raises UsageError, with the nearest name, where there is no such rule.
    """
    import allocator.programme.rules  # noqa: F401 - importing the rules gives each its builder
    from allocator.programme.builders import RULE_BUILDERS
    from allocator.register import RULES
    from allocator.register.rules import groups, of_group
    from allocator.tables.names import did_you_mean

    if name is not None and name not in (*RULES, *groups()):
        fix = did_you_mean(name, RULES) or "`allocator rules` lists them."
        raise UsageError("", f"no rule '{name}'", "", fix)
    found = [RULE_BUILDERS[known] for known in (RULES if name is None else of_group(name))]
    return RuleList(
        tuple(
            ListedRule(rule.record.name, rule.sentence, rule.formula, rule.note, rule.record.unit, rule.record.set_by)
            for rule in found
        )
    )
