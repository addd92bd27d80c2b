"""How rules and goals are built: for every record the function that does it, found by the record's name."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocator.programme.variables import Decisions
from allocator.register import Goal, Place, Rule
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet

if TYPE_CHECKING:
    from pulp import LpAffineExpression


Rows = Iterator[tuple["Place", "LpAffineExpression"]]
RuleFunction = Callable[["DataSet", "Settings", "Decisions"], Rows]
GoalFunction = Callable[["DataSet", "Settings", "Decisions"], "LpAffineExpression"]


@dataclass(frozen=True)
class RuleBuilder:
    """A rule's record and the generator of its rows. sentence, formula, note: from the generator's docstring."""

    record: Rule
    sentence: str
    formula: str
    note: str
    build: RuleFunction


@dataclass(frozen=True)
class GoalBuilder:
    """A goal's record and the function that gives its expression, with what no decision changes as its constant."""

    record: Goal
    sentence: str
    formula: str
    note: str
    build: GoalFunction


RULE_BUILDERS: dict[str, RuleBuilder] = {}
GOAL_BUILDERS: dict[str, GoalBuilder] = {}


def rule(record: Rule) -> Callable[[RuleFunction], RuleFunction]:
    """Let a generator of (place, row) build the rows of a rule."""

    def register(build: RuleFunction) -> RuleFunction:
        RULE_BUILDERS[record.name] = RuleBuilder(record, *docstring_parts(build), build)
        return build

    return register


def goal(record: Goal) -> Callable[[GoalFunction], GoalFunction]:
    """Let a function give the expression of a goal."""

    def register(build: GoalFunction) -> GoalFunction:
        GOAL_BUILDERS[record.name] = GoalBuilder(record, *docstring_parts(build), build)
        return build

    return register


def docstring_parts(function: RuleFunction | GoalFunction) -> tuple[str, str, str]:
    """Split a docstring into its first sentence, its indented formula and the rest."""
    paragraphs = inspect.cleandoc(function.__doc__ or "").split("\n\n")
    formula = [p for p in paragraphs[1:] if p.startswith("    ")]
    note = [p for p in paragraphs[1:] if not p.startswith("    ")]
    return (
        " ".join(paragraphs[0].split()),
        textwrap.dedent("\n".join(formula)).strip(),
        " ".join(" ".join(note).split()),
    )
