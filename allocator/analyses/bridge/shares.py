"""Which difference between two scenarios or runs moved whose pounds: shares that add up to the whole change.

Each group of differences gets its average over all orders in which the groups can be brought in (Shapley 1953),
exactly: every mixture of the two sides is solved.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import factorial, fsum
from pathlib import Path
from typing import Any

import numpy as np

from allocator.analyses.bridge.differences import (
    DISTRIBUTION_PATH,
    LIMITS,
    Group,
    differences,
    limit_named,
    merged,
    mixed_settings,
)
from allocator.analyses.named import INPUTS, GoalName
from allocator.errors import InvalidInput, UsageError
from allocator.register import distributions, goals
from allocator.results import Result, doc, documented
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet, Floats
from allocator.tables.sources import InputStatus, input_status
from allocator.what_if.cases import Solved, Unsolved, light, solve_case
from allocator.what_if.side import Side

MOST_GROUPS = 6

Mixture = frozenset[int]  # the groups that are brought in


class GroupShare(Result):
    """What one group of differences moved."""

    name: str = doc("as in differences")
    kind: str = doc("as in differences")
    said: str = doc("as in differences")
    goal: float = doc("its share of the change of the goal", "goal.unit")
    shortfall: float = doc("its share of the change of the shortfall", "shares added up")


class GrantShare(Result):
    """One grant on both sides, and what each group moved of it."""

    partnership: str = doc("key of the partnership")
    name: str = doc("its name")
    year: str = doc("the year")
    before: float = doc("on the first side", "£ cash")
    after: float = doc("on the second side", "£ cash")
    shares: tuple[float, ...] = doc("what each group moved, in the order of groups", "£ cash")


class PartnershipShare(Result):
    """One partnership's grants over all years, as GrantShare."""

    partnership: str = doc("key of the partnership")
    name: str = doc("its name")
    before: float = doc("on the first side", "£ cash, all years")
    after: float = doc("on the second side", "£ cash, all years")
    shares: tuple[float, ...] = doc("what each group moved, in the order of groups", "£ cash, all years")

    @property
    @documented("after less before", "£ cash, all years")
    def change(self) -> float:
        """The whole change, £."""
        return self.after - self.before


class NoMixture(Result):
    """A mixture of the two sides that has no plan."""

    groups: tuple[str, ...] = doc("a difference that was brought in")
    reason: str = doc("why there is no plan")


class GoalBetween(GoalName):
    """The goal on both sides."""

    before: float | None = doc("on the first side; null: no plan", "goal.unit")
    after: float | None = doc("on the second side; null: no plan", "goal.unit")


class ShortfallBetween(Result):
    """What soft rules fall short by on both sides."""

    before: float | None = doc("on the first side; null: no plan", "shares added up")
    after: float | None = doc("on the second side; null: no plan", "shares added up")


class Bridge(Result):
    """From one side to another; where a mixture has no plan, no shares are given."""

    first: str = doc("what the one side was named by")
    second: str = doc("what the other was named by")
    measure: str
    unit: str
    before: float | None
    after: float | None
    shortfall_before: float | None
    shortfall_after: float | None
    groups: tuple[GroupShare, ...] = doc("what a difference moved; none where a mixture has no plan")
    differences: tuple[Group, ...] = doc("a difference between the two")
    partnerships: tuple[PartnershipShare, ...] = doc("a partnership's grants over all years, the largest change first")
    grants: tuple[GrantShare, ...] = doc("a grant")
    missing: tuple[NoMixture, ...] = doc("a mixture of the two sides that has no plan")
    mixtures: int
    merge: str = doc(
        "differences that, taken together as one group, leave no mixture without a plan; blank: none do, or none need"
    )
    inputs: InputStatus = doc(f"of the second side: {INPUTS}")

    @property
    @documented("the goal")
    def goal(self) -> GoalBetween:
        """The goal on both sides."""
        return GoalBetween(self.measure, self.unit, self.before, self.after)

    @property
    @documented("of the soft rules")
    def shortfall(self) -> ShortfallBetween:
        """What soft rules fall short by on both sides."""
        return ShortfallBetween(self.shortfall_before, self.shortfall_after)

    def main_table(self) -> dict[str, list[Any]]:
        """Give one row a grant and group, as columns: what the group moved of the grant, £ cash."""
        rows = [(g, group.name, share) for g in self.grants for group, share in zip(self.groups, g.shares, strict=True)]
        return {
            "partnership": [grant.partnership for grant, _, _ in rows],
            "year": [grant.year for grant, _, _ in rows],
            "group": [group for _, group, _ in rows],
            "moved": [share for _, _, share in rows],
            "before": [grant.before for grant, _, _ in rows],
            "after": [grant.after for grant, _, _ in rows],
        }


def bridge_sides(
    first: Side,
    second: Side,
    *,
    together: Sequence[str] = (),
    jobs: int | None = 1,
    done: Callable[[int, int], None] | None = None,
) -> Bridge:
    """Solve every mixture of the two sides and share out the change.

    Both sides are solved anew, so that every figure comes of the same solver. together: groups to be merged, names
    joined by +. jobs: processes, None for one a core. done: called with how many of how many solves have ended.
    Raises UsageError for goals that differ in measure, unknown names in together, or more than six groups.
    """
    from allocator.what_if.pool import run_cases

    found = differences(first, second)
    groups = merged(found, together)
    if len(groups) > MOST_GROUPS:
        some = "+".join(group.name for group in groups[: len(groups) - MOST_GROUPS + 1])
        names = ", ".join(group.name for group in groups)
        fix = f"Take some together, for example `together={some}`. They are {names}."
        raise UsageError("bridge", f"found {len(groups)} differences", f"{MOST_GROUPS} at most", fix)
    mixtures = [
        frozenset(chosen) for size in range(len(groups) + 1) for chosen in combinations(range(len(groups)), size)
    ]
    data, places = _data_sets(first.data, second.data, groups, mixtures)
    cases: list[_Case] = []
    for mixture in mixtures:
        s = mixed_settings(first.settings, second.settings, groups, set(mixture))
        cases.append((places[mixture], s, _given(first, second, groups, mixture, s)))
    solved = dict(zip(mixtures, run_cases(_solve, tuple(data), cases, jobs=jobs, done=done), strict=True))
    missing = tuple(
        NoMixture(tuple(groups[n].name for n in sorted(mixture)), result.reason)
        for mixture, result in solved.items()
        if isinstance(result, Unsolved)
    )
    ends = [solved[frozenset()], solved[frozenset(range(len(groups)))]]
    before, after = (None if isinstance(end, Unsolved) else end for end in ends)
    shares: tuple[GroupShare, ...] = ()
    grants: tuple[GrantShare, ...] = ()
    if not missing:
        values = {mixture: result for mixture, result in solved.items() if not isinstance(result, Unsolved)}
        shares, grants = _shares(first.data, second.data, groups, values)
    return Bridge(
        first=first.label,
        second=second.label,
        measure=goals.told(first.settings),
        unit=goals.named(goals.told(first.settings)).unit,
        before=before.goal if before else None,
        after=after.goal if after else None,
        shortfall_before=before.shortfall if before else None,
        shortfall_after=after.shortfall if after else None,
        groups=shares,
        differences=found,
        partnerships=_by_partnership(grants),
        grants=grants,
        missing=missing,
        mixtures=len(mixtures),
        merge=_merge(groups, [mixture for mixture, result in solved.items() if isinstance(result, Unsolved)]),
        inputs=input_status(second.data.tables),
    )


# --- mixtures --------------------------------------------------------------------------------------------------------

_Case = tuple[int, "Settings", "Floats | None"]
_Part = tuple[str, str]  # a table whole, or a limit of the limits table by its name


@dataclass(frozen=True, eq=False)
class _Reached:
    """What a mixture comes to. grants: £ by (partnership, year)."""

    goal: float
    shortfall: float
    grants: dict[tuple[str, str], float]


def _solve(data: tuple[DataSet | str, ...], case: _Case) -> _Reached | Unsolved:
    """Solve one mixture: the work of one case."""
    place, s, given = case
    d = data[place]
    if isinstance(d, str):
        return Unsolved("infeasible", d)
    unknown = _unknown(d, s)
    if unknown:
        return Unsolved("infeasible", unknown)
    solved = solve_case(d, s, given)
    if not isinstance(solved, Solved):
        return solved
    amounts = solved.figures.grant.ravel().tolist()
    keys = [(p, t) for p in d.partnerships for t in d.years]
    return _Reached(solved.goal, solved.shortfall, dict(zip(keys, amounts, strict=True)))


def _unknown(d: DataSet, s: Settings) -> str:
    """Give a name in the settings that the mixture's tables do not have; blank where there is none."""
    for kind, names, known in (
        ("year", tuple(year for named in _by_year(s) for year in named), d.years),
        ("partnership", tuple(s.goal.weights), d.partnerships),
        ("grade", tuple(filter(None, (s.workforce.qualified_grade, s.workforce.adviser_grade))), d.grades),
    ):
        for name in names:
            if name not in known:
                return f"its settings name the {kind} '{name}', which its tables do not have"
    return ""


def _by_year(s: Settings) -> Iterator[Mapping[str, Any]]:
    """Give every setting that says something of single years."""
    yield from (s.budget.by_year, s.workforce.qualified_share, s.targets.national)
    yield from (value for value in (s.budget.scale, s.grants.formula_share) if isinstance(value, dict))


def _data_sets(
    a: DataSet, b: DataSet, groups: Sequence[Group], mixtures: Sequence[Mixture]
) -> tuple[list[DataSet | str], dict[Mixture, int]]:
    """Give the data set of each mixture, or why its tables do not fit each other; alike ones once."""
    every = {part for group in groups for part in _parts(group)}
    made: dict[frozenset[_Part], int] = {}
    data: list[DataSet | str] = []
    places: dict[Mixture, int] = {}
    for mixture in mixtures:
        from_b = frozenset(part for n in mixture for part in _parts(groups[n]))
        if from_b not in made:
            made[from_b] = len(data)
            if not from_b:
                data.append(light(a))
            elif from_b == every:
                data.append(light(b))
            else:
                data.append(_mixed_data(a, b, from_b))
        places[mixture] = made[from_b]
    return data, places


def _parts(group: Group) -> tuple[_Part, ...]:
    """Give what of the tables comes with a group: whole tables, and single limits."""
    return (*((table, "") for table in group.tables), *((LIMITS, limit) for limit in group.limits))


def _mixed_data(a: DataSet, b: DataSet, from_b: frozenset[_Part]) -> DataSet | str:
    """Give the first side's tables with some of the second's, and single limits of it, read through the door like any
    others.
    """
    from allocator.tables import read_data
    from allocator.tables.write import write_folder

    whole = {name for name, limit in from_b if not limit}
    single = {limit for _, limit in from_b if limit}
    tables = {name: rows for name, rows in a.tables.items() if name not in whole}
    tables |= {name: b.tables[name] for name in whole if name in b.tables}
    if single:
        kept = (row for row in tables.get(LIMITS, ()) if limit_named(row) not in single)
        tables[LIMITS] = (*kept, *(row for row in b.tables.get(LIMITS, ()) if limit_named(row) in single))
    with tempfile.TemporaryDirectory() as folder:
        write_folder({name: rows for name, rows in tables.items() if rows}, Path(folder))
        try:
            return light(replace(read_data(Path(folder)), source=a.source))
        except InvalidInput as error:
            return f"its tables do not fit each other: {error.faults[0].place}: found {error.faults[0].found}"


def _given(a: Side, b: Side, groups: Sequence[Group], mixture: Mixture, s: Settings) -> Floats | None:
    """Give the grants that are given in a mixture: those of the side from which its distribution comes."""
    if not distributions.of(s).from_file:
        return None
    from_b = a.given is None or any(DISTRIBUTION_PATH in groups[n].settings for n in mixture)
    return b.given if from_b and b.given is not None else a.given


def _merge(groups: Sequence[Group], missing: Sequence[Mixture]) -> str:
    """Give the fewest groups that, brought in together, leave no mixture without a plan; blank where there are none."""
    for size in range(2, len(groups) + 1) if missing else ():
        for chosen in combinations(range(len(groups)), size):
            if all(0 < len(mixture & set(chosen)) < size for mixture in missing):
                return "+".join(groups[n].name for n in chosen)
    return ""


# --- shares ----------------------------------------------------------------------------------------------------------


def shapley(values: dict[Mixture, Floats], groups: int) -> Floats:
    """Average, over all orders, what each group adds when it comes in, [group, quantity].

    values: [quantity] of every mixture. The shares of each quantity add up to its whole change, to the last digit
    that a double holds.
    """
    shares = np.zeros((groups, len(values[frozenset()])))
    for mixture, value in values.items():
        size = len(mixture)
        for n in range(groups):
            if n in mixture:
                weight = factorial(size - 1) * factorial(groups - size) / factorial(groups)
                shares[n] += weight * (value - values[mixture - {n}])
    whole = values[frozenset(range(groups))] - values[frozenset()]
    for quantity in range(shares.shape[1]) if groups else ():
        column = shares[:, quantity]
        largest = int(np.abs(column).argmax())
        rest = fsum(share for n, share in enumerate(column.tolist()) if n != largest)
        shares[largest, quantity] = whole[quantity] - rest
    return shares + 0.0


def _shares(
    a: DataSet, b: DataSet, groups: Sequence[Group], solved: dict[Mixture, _Reached]
) -> tuple[tuple[GroupShare, ...], tuple[GrantShare, ...]]:
    """Share out the change of goal, shortfall and grants; in a year that a mixture does not have, nobody gets
    anything.
    """
    names = dict(zip(a.partnerships, a.partnership_names, strict=True))
    names |= dict(zip(b.partnerships, b.partnership_names, strict=True))
    years = tuple(dict.fromkeys((*a.years, *b.years)))
    keys = [(p, t) for p in names for t in years if any((p, t) in reached.grants for reached in solved.values())]
    values = {
        mixture: np.array([reached.goal, reached.shortfall, *(reached.grants.get(key, 0.0) for key in keys)])
        for mixture, reached in solved.items()
    }
    shares = shapley(values, len(groups))
    start, end = values[frozenset()], values[frozenset(range(len(groups)))]
    by_group = tuple(
        GroupShare(group.name, group.kind, group.said, float(shares[n, 0]), float(shares[n, 1]))
        for n, group in enumerate(groups)
    )
    grants = tuple(
        GrantShare(p, names[p], t, float(start[place]), float(end[place]), tuple(shares[:, place].tolist()))
        for place, (p, t) in enumerate(keys, 2)
    )
    return by_group, grants


def _by_partnership(grants: Sequence[GrantShare]) -> tuple[PartnershipShare, ...]:
    found: dict[str, list[GrantShare]] = {}
    for grant in grants:
        found.setdefault(grant.partnership, []).append(grant)
    partnerships = [
        PartnershipShare(
            key,
            of[0].name,
            fsum(grant.before for grant in of),
            fsum(grant.after for grant in of),
            tuple(fsum(shares) for shares in zip(*(grant.shares for grant in of), strict=True)),
        )
        for key, of in found.items()
    ]
    return tuple(sorted(partnerships, key=lambda one: (-abs(one.change), one.partnership)))
