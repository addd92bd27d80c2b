"""Who gains and who loses against the grants in force, and which rule fixed each number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocator.runs.grant_change import Grant
from allocator.scenario.distributions import GRANT_RULES, in_force_grants
from allocator.tolerances import AT_THE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from allocator.recompute.figures import RuleRow
    from allocator.runs.plan import Plan

CLASSES = ("over 5 % less", "1–5 % less", "within 1 %", "1–5 % more", "over 5 % more")
MARGIN = "the margin"


@dataclass(frozen=True, kw_only=True)
class Mover(Grant):
    """One partnership's grant over the whole horizon against the one in force. Pounds, cash."""

    partnership: str
    name: str
    region: str
    by_year: tuple[float, ...]
    fixed_by: str  # the rules that leave no room, in a few words


@dataclass(frozen=True)
class Movers:
    """All partnerships, those whose grant changes most first, and how they fall into five classes."""

    movers: tuple[Mover, ...]
    classes: tuple[int, ...]  # as CLASSES; partnerships without a grant in force are in none
    moved: float  # £ that one partnership gains and another loses
    moved_share: float  # of all grants in force


def movers(plan: Plan) -> Movers:
    """Every partnership's grant against the one in force: the same year's money by baseline_grant."""
    data, grant = plan.data, plan.solution.figures.grant
    in_force = in_force_grants(data, plan.recomputed.money)
    distribution = plan.scenario.settings.grants.distribution
    fixed = rules_at_the_limit(plan.recomputed.rows, distribution)
    found = []
    for p, partnership in enumerate(data.partnerships):
        by_year = tuple(grant[p].tolist())
        found.append(
            Mover(
                sum(by_year),
                sum(in_force[p].tolist()),
                partnership=partnership,
                name=data.partnership_names[p],
                region=data.regions[p],
                by_year=by_year,
                fixed_by=in_few_words(data.years, [fixed.get((partnership, year), ()) for year in data.years]),
            )
        )
    found.sort(key=lambda mover: (-abs(mover.change), mover.partnership))
    total = float(in_force.sum())
    gained = sum(mover.change for mover in found if mover.change > 0)
    lost = -sum(mover.change for mover in found if mover.change < 0)
    moved = min(gained, lost)
    return Movers(tuple(found), class_counts(found), moved, moved / total if total > 0 else 0.0)


def class_counts(found: Iterable[Mover]) -> tuple[int, ...]:
    """How many lose over 5 per cent, 1 to 5, stay within 1, gain 1 to 5, and over 5."""
    counts = [0] * len(CLASSES)
    for mover in found:
        change = mover.relative_change
        if change is not None:
            counts[_class_of(change)] += 1
    return tuple(counts)


def rules_at_the_limit(rows: Iterable[RuleRow], distribution: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """The rules that leave a grant no room, by (partnership, year); a pair without any stands at the margin.

    Damping goes by the setting that acts, max_fall or max_rise; grants that are set go by their distribution.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.rule == "distribution":
            found.setdefault((row.key[0], row.key[1]), []).append(distribution)
        elif row.rule in GRANT_RULES and row.slack <= AT_THE_LIMIT:
            name = row.key[2] if row.rule == "damping" else row.rule
            found.setdefault((row.key[0], row.key[1]), []).append(name)
    return {place: tuple(names) for place, names in found.items()}


def in_few_words(years: Sequence[str], by_year: Sequence[tuple[str, ...]]) -> str:
    """What fixed a grant, in a few words: ``max_rise 2004-05``, ``max_fall 2 years``, ``max_fall, floor``."""
    names: dict[str, list[str]] = {}
    for year, rules in zip(years, by_year, strict=True):
        for rule in rules:
            names.setdefault(rule, []).append(year)
    if not names:
        return MARGIN
    if len(names) > 1:
        return ", ".join(names)
    ((rule, when),) = names.items()
    if len(when) == len(years):
        return rule
    return f"{rule} {when[0]}" if len(when) == 1 else f"{rule} {len(when)} years"


def _class_of(change: float) -> int:
    if change < -0.01:
        return 0 if change < -0.05 else 1
    if change <= 0.01:
        return 2
    return 3 if change <= 0.05 else 4
