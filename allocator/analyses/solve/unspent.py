"""Why money is carried on, given back or not granted, and why nothing moves: the rule that, off alone, ends it."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from allocator.recompute.figures import Recomputed
from allocator.register import RULES, distributions
from allocator.register.rules import several_of, with_rows
from allocator.runs.findings import Kind, Why
from allocator.scenario.amounts import money
from allocator.scenario.distributions import grants_as_before
from allocator.scenario.settings import Settings
from allocator.solving.solution import Figures
from allocator.tables.dataset import DataSet
from allocator.tolerances import NOTHING
from allocator.what_if.questions import Change, WhatIf

WORTH_A_WORD = 1.0  # £: what is less is rounding
ENDED = 1e-3  # share of the amount that may be left where a rule is said to be the reason
MOST_TRIED = 3  # rules that are switched off in turn, those that bind in most of the places first


def reasons(
    what_if: WhatIf, worked: Recomputed, *, money_counts: bool = True, first: Collection[str] = ()
) -> tuple[Why, ...]:
    """Give the reason for every kind of unspent money there is, and for grants that do not move though they may.

    first: rules that are tried before all others, such as those that were changed for this run.

    money_counts: whether more or less money would change the goal; where it would not, no rule is why it is unspent.
    worked: the plan worked out again, whose rows say which rules bind where. Leaves what_if as it was.
    """
    kinds: dict[Kind, Callable[[Figures], float]] = {
        "carried": lambda figures: float(figures.carry.sum()),
        "lapsed": lambda figures: float(figures.lapse.sum()),
        "not_granted": lambda figures: float((money(what_if.data, what_if.settings) - figures.grant.sum(axis=0)).sum()),
    }
    found = []
    without = _Without(what_if)
    for kind, amount_of in kinds.items():
        amount = amount_of(what_if.figures)
        if amount >= WORTH_A_WORD:
            rules = _binding(what_if, worked, kind, first)[:MOST_TRIED] if money_counts else []
            found.append(_ending(kind, amount, rules, without, amount_of))
    moves = moved(what_if.data, what_if.settings, what_if.figures)
    if distributions.of(what_if.settings).free and moves < WORTH_A_WORD:
        acting = with_rows(what_if.data, what_if.settings)
        rules = [rule for rule in acting if RULES[rule].on_single_grants or RULES[rule].by_quantity]
        rules += several_of(rules)
        found.append(Why("nothing_moves", 0.0, next(filter(without.moves, rules), "")))
    return tuple(found)


class _Without:
    """Plans with one rule off, each made once."""

    def __init__(self, what_if: WhatIf) -> None:
        self.what_if = what_if
        self.plans: dict[str, Figures | None] = {}

    def moves(self, rule: str) -> bool:
        figures = self.plan(rule)
        return figures is not None and moved(self.what_if.data, self.what_if.settings, figures) >= WORTH_A_WORD

    def plan(self, rule: str) -> Figures | None:
        if rule not in self.plans:
            self.plans[rule] = self.what_if.plan(Change(off=rule))
        return self.plans[rule]


def _ending(
    kind: Kind, amount: float, rules: list[str], without: _Without, amount_of: Callable[[Figures], float]
) -> Why:
    """Give the first rule without which next to nothing of the amount is left, and the others of which that is true."""
    ending: list[tuple[str, float]] = []
    for rule in rules:
        figures = without.plan(rule)
        if figures is not None and (left := amount_of(figures)) <= max(WORTH_A_WORD, ENDED * amount):
            ending.append((rule, left if left >= WORTH_A_WORD else 0.0))
    if not ending:
        return Why(kind, amount, "")
    (rule, left), *others = ending
    return Why(kind, amount, rule, left, tuple(other for other, _ in others))


def _binding(what_if: WhatIf, worked: Recomputed, kind: Kind, first: Collection[str]) -> list[str]:
    """Give the rules that can be off and bind where money is unspent, those of first, then those that bind in most.

    Where as many do, those on the grants themselves come first: mostly they are the reason.
    """
    d = what_if.data
    unspent = {"carried": what_if.figures.carry, "lapsed": what_if.figures.lapse}.get(kind)
    concerned = unspent > WORTH_A_WORD / 2 if unspent is not None else np.isfinite(what_if.figures.grant)
    places = {(d.partnerships[p], d.years[t]) for p, t in np.argwhere(concerned).tolist()}
    region_of = dict(zip(d.partnerships, d.regions, strict=True))
    bound: dict[str, set[tuple[str, str]]] = {}
    for row in worked.rows:
        at = row.place
        if (at.of_one or RULES[row.rule].by_quantity) and row.slack <= NOTHING * max(1.0, abs(row.right)):
            there = {(p, year) for p, year in places if at.covers(p, region_of[p]) and at.year in ("", year)}
            bound.setdefault(row.rule, set()).update(there)
    bound = {rule: there for rule, there in bound.items() if there}
    rules = [rule for rule in with_rows(what_if.data, what_if.settings) if rule in bound]
    return sorted(rules, key=lambda rule: (rule not in first, -len(bound[rule]), not RULES[rule].on_single_grants))


def moved(d: DataSet, s: Settings, figures: Figures) -> float:
    """Give the pounds that one partnership gains and another loses on shares as before."""
    as_before = grants_as_before(d, money(d, s), range(len(d.years)))
    change = (figures.grant - as_before).sum(axis=1)
    return min(float(change[change > 0].sum()), -float(change[change < 0].sum()))
