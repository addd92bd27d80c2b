"""The two registers: every rule and every goal of the model, once, under the name by which all else calls it."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pulp import LpAffineExpression

    from allocator.programme.variables import Decisions
    from allocator.scenario.settings import Settings
    from allocator.tables.dataset import DataSet

Key = tuple[str, ...]
Rows = Iterator[tuple[Key, "LpAffineExpression"]]
RuleFunction = Callable[["DataSet", "Settings", "Decisions"], Rows]
GoalFunction = Callable[["DataSet", "Settings", "Decisions"], "LpAffineExpression"]


@dataclass(frozen=True)
class Rule:
    """A rule as an auditor reads it and as the programme builds it.

    name: the name of its rows, its setting in rules.off, its word in explanations. unit: of its two sides.
    settings: the settings and tables it takes its amounts from. sentence, formula, note: from its docstring.
    requirement: whether it asks for at least an amount, and so has no row where nothing is asked.
    """

    name: str
    unit: str
    settings: tuple[str, ...]
    sentence: str
    formula: str
    note: str
    requirement: bool
    build: RuleFunction


@dataclass(frozen=True)
class Goal:
    """A goal: what is made as large (or small) as it can be, in which unit."""

    name: str
    unit: str
    sense: Literal["max", "min"]
    sentence: str
    formula: str
    note: str
    build: GoalFunction


RULES: dict[str, Rule] = {}
GOALS: dict[str, Goal] = {}


def rule(
    name: str, *, unit: str, settings: str | tuple[str, ...], requirement: bool = False
) -> Callable[[RuleFunction], RuleFunction]:
    """Put a generator of (key, row) into the register of rules under its name."""

    def register(build: RuleFunction) -> RuleFunction:
        sentence, formula, note = _docstring_parts(build)
        named = (settings,) if isinstance(settings, str) else settings
        RULES[name] = Rule(name, unit, named, sentence, formula, note, requirement, build)
        return build

    return register


def goal(name: str, *, unit: str, sense: Literal["max", "min"]) -> Callable[[GoalFunction], GoalFunction]:
    """Put a function that gives the goal's expression, without constants, into the register of goals."""

    def register(build: GoalFunction) -> GoalFunction:
        GOALS[name] = Goal(name, unit, sense, *_docstring_parts(build), build)
        return build

    return register


def _docstring_parts(function: RuleFunction | GoalFunction) -> tuple[str, str, str]:
    """Split a docstring into its first sentence, its indented formula and the rest."""
    paragraphs = inspect.cleandoc(function.__doc__ or "").split("\n\n")
    formula = [p for p in paragraphs[1:] if p.startswith("    ")]
    note = [p for p in paragraphs[1:] if not p.startswith("    ")]
    return (
        " ".join(paragraphs[0].split()),
        textwrap.dedent("\n".join(formula)).strip(),
        " ".join(" ".join(note).split()),
    )
