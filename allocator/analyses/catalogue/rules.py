"""The register of rules as a list to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allocator.errors import UsageError


@dataclass(frozen=True)
class ListedRule:
    """A rule in words: its name, sentence, formula, unit, and the settings and tables that give its amounts.

    unit: in which a run and every command show its sides; money in £, which the problem alone holds in thousands.
    """

    name: str
    sentence: str
    formula: str
    note: str
    unit: str
    settings: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The rule with its documented keys, for JSON."""
        return {
            "name": self.name,
            "sentence": self.sentence,
            "formula": self.formula,
            "note": self.note,
            "unit": self.unit,
            "settings": list(self.settings),
        }


def listed_rules(name: str | None = None) -> tuple[ListedRule, ...]:
    """All rules in the order of the model, or the one named, or those of a group.

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
    return tuple(
        ListedRule(rule.record.name, rule.sentence, rule.formula, rule.note, rule.record.unit, rule.record.set_by)
        for rule in found
    )
