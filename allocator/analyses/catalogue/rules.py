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
    """All rules in the order of the model, or the one named.

    Raises UsageError, with the nearest name, where there is no such rule.
    """
    import allocator.programme.rules  # noqa: F401 - importing the rules fills the register
    from allocator.programme.register import RULES
    from allocator.scenario.settings import RULE_NAMES
    from allocator.tables.names import did_you_mean

    if name is not None and name not in RULES:
        fix = did_you_mean(name, RULE_NAMES) or "`allocator rules` lists them."
        raise UsageError("", f"no rule '{name}'", "", fix)
    names = RULE_NAMES if name is None else (name,)
    return tuple(
        ListedRule(rule.name, rule.sentence, rule.formula, rule.note, _shown_in(rule.unit), rule.settings)
        for rule in (RULES[known] for known in names)
    )


def _shown_in(unit: str) -> str:
    return "£" if unit == "£ thousand" else unit  # the register's unit is that of the problem
