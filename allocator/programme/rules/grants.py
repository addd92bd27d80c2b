"""Rules on single grants: what the distribution sets, and the limits within which it leaves them free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocator.programme.bounds import THOUSAND
from allocator.programme.register import rule

if TYPE_CHECKING:
    from allocator.programme.register import Rows
    from allocator.programme.variables import Decisions
    from allocator.scenario.settings import Settings
    from allocator.tables.dataset import DataSet


@rule("floor", unit="£ thousand", settings="grants.floor")
def floor(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """No grant is less than a share of the grant in force.

        grant[p, t]  >=  floor * baseline_grant[p]

    for every partnership p and year t, where the distribution leaves the grants free.
    """
    if s.grants.floor is None or x.grants_set is not None:
        return
    for p, partnership in enumerate(d.partnerships):
        for t in x.now.years:
            least = s.grants.floor * float(d.baseline_grant[p]) / THOUSAND
            yield (partnership, d.years[t]), 1.0 * x.grant[p, t] >= least


@rule("cap", unit="£ thousand", settings="grants.cap")
def cap(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """No grant is more than a multiple of the grant in force.

        grant[p, t]  <=  cap * baseline_grant[p]

    for every partnership p and year t, where the distribution leaves the grants free.
    """
    if s.grants.cap is None or x.grants_set is not None:
        return
    for p, partnership in enumerate(d.partnerships):
        for t in x.now.years:
            most = s.grants.cap * float(d.baseline_grant[p]) / THOUSAND
            yield (partnership, d.years[t]), 1.0 * x.grant[p, t] <= most


@rule("damping", unit="£ thousand", settings=("grants.max_fall", "grants.max_rise"))
def damping(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """From one year to the next a grant falls and rises by no more than a share.

        (1 - max_fall) * grant[p, t-1]  <=  grant[p, t]  <=  (1 + max_rise) * grant[p, t-1]

    for every partnership p and year t, where the distribution leaves the grants free;
    grant[p, 0] = baseline_grant[p].
    """
    if x.grants_set is not None:
        return
    for p, partnership in enumerate(d.partnerships):
        for t in x.now.years:
            key, before = (partnership, d.years[t]), x.grant_before(p, t)
            if s.grants.max_fall is not None:
                yield (*key, "max_fall"), x.grant[p, t] - (1.0 - s.grants.max_fall) * before >= 0.0
            if s.grants.max_rise is not None:
                yield (*key, "max_rise"), x.grant[p, t] - (1.0 + s.grants.max_rise) * before <= 0.0


@rule("distribution", unit="£ thousand", settings=("grants.distribution", "grants.formula", "grants.file"))
def distribution(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """Each grant is what the distribution sets.

        grant[p, t]  =  the amount set

    for every partnership p and year t, where the distribution is historical, formula, equal or given.
    """
    if x.grants_set is None:
        return
    for p, partnership in enumerate(d.partnerships):
        for y, t in enumerate(x.now.years):
            yield (partnership, d.years[t]), 1.0 * x.grant[p, t] == float(x.grants_set[p, y]) / THOUSAND


@rule("formula_floor", unit="£ thousand", settings=("grants.formula_share", "grants.formula"))
def formula_floor(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """No grant is less than a share of what the formula would give.

        grant[p, t]  >=  formula_share * the formula's grant

    for every partnership p and year t, where the distribution is blend.
    """
    if x.formula is None or s.grants.formula_share is None:
        return
    for p, partnership in enumerate(d.partnerships):
        for y, t in enumerate(x.now.years):
            least = s.grants.formula_share * float(x.formula[p, y]) / THOUSAND
            yield (partnership, d.years[t]), 1.0 * x.grant[p, t] >= least
