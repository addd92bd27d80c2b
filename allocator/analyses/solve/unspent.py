"""Why money is carried on, given back or not granted, and why nothing moves: the rule that, off alone, ends it."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from allocator.recompute.figures import Recomputed
from allocator.register import RULES, distributions
from allocator.register.rules import ELIGIBLE, several_of, with_rows
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
MOST_GRANTS = 300  # for which every rule that binds is switched off in turn: with more it takes too long
MOST_TRIED = 3  # rules that are switched off with more grants than that, those that bind in most of the places first
WORTH_LESS = 0.1  # share of the amount that has to go without a rule that does not end it for a word on it


def reasons(
    what_if: WhatIf, worked: Recomputed, *, has_use: bool = True, first: Collection[str] = ()
) -> tuple[Why, ...]:
    """Give the reason for every kind of unspent money there is, and for grants that do not move though they may.

    first: rules that are tried before all others, such as those that were changed for this run.
    has_use: whether the goal has a use for money; where it has none, no rule is why it is unspent.
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
            rules = _binding(what_if, worked, kind, first) if has_use else []
            if what_if.figures.grant.size > MOST_GRANTS:
                rules = rules[:MOST_TRIED]
            found.append(_ending(kind, amount, rules, without, amount_of, first))
    moves = moved(what_if.data, what_if.settings, what_if.figures)
    if distributions.of(what_if.settings).free and moves < WORTH_A_WORD:
        acting = with_rows(what_if.data, what_if.settings)
        rules = [rule for rule in acting if RULES[rule].on_single_grants or RULES[rule].by_quantity]
        rules.sort(key=lambda rule: rule not in first)
        alone = next(filter(without.moves, [*rules, *several_of(rules)]), "")
        found.append(Why("nothing_moves", 0.0, alone or _together(rules, without.moves)))
    return tuple(found)


def _together(rules: list[str], moves: Callable[[str], bool]) -> str:
    """Give as few rules as hold together what no one of them holds alone, joined by +; blank where all do not."""
    if len(rules) < 2 or not moves("+".join(rules)):
        return ""
    held = list(rules)
    for rule in rules:
        others = [other for other in held if other != rule]
        if others and moves("+".join(others)):
            held = others
    return "+".join(held)


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
    kind: Kind,
    amount: float,
    rules: list[str],
    without: _Without,
    amount_of: Callable[[Figures], float],
    changed: Collection[str],
) -> Why:
    """Give the first rule without which next to nothing of the amount is left, the others of which that is true, and
    one that leaves less of it: a changed one, or the one that leaves least where none ends it.
    """
    tried = [(rule, amount_of(figures)) for rule in rules if (figures := without.plan(rule)) is not None]
    ending = [rule for rule, left in tried if left <= max(WORTH_A_WORD, ENDED * amount)]
    less = [(rule, left) for rule, left in tried if rule not in ending and left <= (1 - WORTH_LESS) * amount]
    less = [(rule, left) for rule, left in less if rule != ELIGIBLE.name]  # nobody is in two places at once
    if any(rule in changed for rule, _ in less):
        less = [(rule, left) for rule, left in less if rule in changed]
    elif ending:
        less = []
    left_without = {rule: left if left >= WORTH_A_WORD else 0.0 for rule, left in tried}
    rule, *also = ending or [""]
    least = min(less, key=lambda one: one[1], default=("", 0.0))
    return Why(kind, amount, rule, left_without.get(rule, 0.0), tuple(also), *least)


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
    # That nobody is in two places at once is nothing to be changed, so it is named last.
    return sorted(
        rules,
        key=lambda rule: (
            rule == ELIGIBLE.name,
            rule not in first,
            -len(bound[rule]),
            not RULES[rule].on_single_grants,
        ),
    )


def moved(d: DataSet, s: Settings, figures: Figures) -> float:
    """Give the pounds that one partnership gains and another loses on shares as before."""
    as_before = grants_as_before(d, money(d, s), range(len(d.years)))
    change = (figures.grant - as_before).sum(axis=1)
    return min(float(change[change > 0].sum()), -float(change[change < 0].sum()))
