"""Rules on what is reached: no more than there is to reach, and what must be reached where."""

from __future__ import annotations

from allocator.programme.builders import Rows, rule
from allocator.programme.terms import joined
from allocator.programme.variables import Decisions
from allocator.register.place import Place
from allocator.register.rules import CEILING, LOCAL_MINIMUM, TARGET
from allocator.scenario.amounts import targets
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet

ROUNDING = 1e-6  # relative to the larger of 1 and the amount: how exactly earlier years were solved


def _is_rounding(left: float, amount: float, earlier: float) -> bool:
    """Say whether what earlier years' reductions leave of an amount, or pass it by, is but the rounding of their
    solution.

    Taken at its word it would be a row that nothing can keep, or a share of next to nothing that outweighs all else.
    """
    return earlier != 0.0 and abs(left) <= ROUNDING * max(1.0, abs(amount))


@rule(CEILING)
def ceiling(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """No more NEET young people are counted as helped than a share of those there would be.

        counted[p, t]  <=  max_reduction * neet[p, t]

        counted[p, t]  =  sum[s <= t, i, g, b] gain[p, i, g, b] * (persistence[i] * stays[g])^(t - s - lag[i])
                          * places[p, s, i, g, b],  terms with t - s >= lag[i]
        gain[p, i, g, b]  =  times[i] * effect[i, g] * (1 - displacement[i]) * effect_multiplier[p]
                             * relative_effect[i, b]

    for every partnership p and year t: those helped who are still of the ages counted; times[i] from effects.times.
    """
    if s.local.max_reduction is None:
        return
    neet = d.neet.sum(axis=2)
    for p, partnership in enumerate(d.partnerships):
        for t in x.now.years:
            limit, earlier = s.local.max_reduction * float(neet[p, t]), float(x.now.counted_before[p, t])
            most = limit - earlier
            if most < 0 and _is_rounding(most, limit, earlier):
                most = 0.0
            yield Place(partnership, d.years[t]), x.total(x.reduction(d, p, t)) <= most


@rule(LOCAL_MINIMUM)
def local_minimum(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """In the last year every partnership has reduced its NEET young people by a share at least.

        counted[p, T]  >=  min_reduction * neet[p, T]

    for every partnership p, T the last year of the data; counted as in the rule ceiling.
    """
    t = len(d.years) - 1
    if s.local.min_reduction is None or t not in x.now.years:
        return
    neet = d.neet.sum(axis=2)
    for p, partnership in enumerate(d.partnerships):
        required, earlier = s.local.min_reduction * float(neet[p, t]), float(x.now.counted_before[p, t])
        least = required - earlier
        if not _is_rounding(least, required, earlier):
            yield Place(partnership, d.years[t]), x.total(x.reduction(d, p, t)) >= least


@rule(TARGET)
def target(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """In a year that a target names, the NEET young people of its scope have fallen to it.

        sum[p in scope] counted[p, t]  >=  required

        required  =  sum[p in scope] neet[p, t] - max_neet,  or  reduction_share * sum[p in scope] neet[p, t]

    for every row of the targets table: the nation, a region or a partnership; targets.national stands in place of
    the table's national row of its year; counted as in the rule ceiling.
    """
    neet = d.neet.sum(axis=2)
    for aim in targets(d, s):
        t = aim.year
        if t not in x.now.years:
            continue
        scope = list(aim.partnerships)
        without = float(neet[scope, t].sum())
        required = without - aim.max_neet if aim.max_neet is not None else (aim.reduction_share or 0.0) * without
        earlier = float(x.now.counted_before[scope, t].sum())
        least = required - earlier
        if not _is_rounding(least, required, earlier):
            terms = joined(x.reduction(d, p, t) for p in scope)
            yield Place.of_scope(aim.scope, aim.name, d.years[t]), x.total(terms) >= least
