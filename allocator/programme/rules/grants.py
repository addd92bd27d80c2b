"""Rules on single grants: what the distribution sets, and the limits within which it leaves them free."""

from __future__ import annotations

from allocator.programme.bounds import THOUSAND
from allocator.programme.builders import Rows, rule
from allocator.programme.variables import Decisions
from allocator.register.place import Place
from allocator.register.rules import CAP, DISTRIBUTION, FLOOR, FORMULA_FLOOR, MAX_FALL, MAX_RISE
from allocator.scenario.amounts import formula_share
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet


@rule(FLOOR)
def floor(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """No grant is less than a share of the baseline grant.

        grant[p, t]  >=  floor * baseline_grant[p]

    for every partnership p and year t, where the distribution leaves the grants free; not for a new partnership,
    whose baseline_grant is 0.
    """
    if s.grants.floor is None or x.grants_set is not None:
        return
    for p, partnership in enumerate(d.partnerships):
        if d.baseline_grant[p] == 0:
            continue
        for t in x.now.years:
            least = s.grants.floor * float(d.baseline_grant[p]) / THOUSAND
            yield Place(partnership, d.years[t]), 1.0 * x.grant[p, t] >= least


@rule(CAP)
def cap(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """No grant is more than a multiple of the baseline grant.

        grant[p, t]  <=  cap * baseline_grant[p]

    for every partnership p and year t, where the distribution leaves the grants free; not for a new partnership,
    whose baseline_grant is 0.
    """
    if s.grants.cap is None or x.grants_set is not None:
        return
    for p, partnership in enumerate(d.partnerships):
        if d.baseline_grant[p] == 0:
            continue
        for t in x.now.years:
            most = s.grants.cap * float(d.baseline_grant[p]) / THOUSAND
            yield Place(partnership, d.years[t]), 1.0 * x.grant[p, t] <= most


@rule(MAX_FALL)
def max_fall(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """From one year to the next a grant falls by no more than a share.

        grant[p, t]  >=  (1 - max_fall) * grant[p, t-1]

    for every partnership p and year t, where the distribution leaves the grants free;
    grant[p, 0] = baseline_grant[p]. A new partnership, whose baseline_grant is 0, has no such limit in the first year
    of the data.
    """
    if s.grants.max_fall is None or x.grants_set is not None:
        return
    for p, partnership in enumerate(d.partnerships):
        for t in x.now.years:
            if t == 0 and d.baseline_grant[p] == 0:
                continue
            least = (1.0 - s.grants.max_fall) * x.grant_before(p, t)
            yield Place(partnership, d.years[t]), x.grant[p, t] - least >= 0.0


@rule(MAX_RISE)
def max_rise(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """From one year to the next a grant rises by no more than a share.

        grant[p, t]  <=  (1 + max_rise) * grant[p, t-1]

    for every partnership p and year t, where the distribution leaves the grants free;
    grant[p, 0] = baseline_grant[p]. A new partnership, whose baseline_grant is 0, has no such limit in the first year
    of the data.
    """
    if s.grants.max_rise is None or x.grants_set is not None:
        return
    for p, partnership in enumerate(d.partnerships):
        for t in x.now.years:
            if t == 0 and d.baseline_grant[p] == 0:
                continue
            most = (1.0 + s.grants.max_rise) * x.grant_before(p, t)
            yield Place(partnership, d.years[t]), x.grant[p, t] - most <= 0.0


@rule(DISTRIBUTION)
def distribution(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """Each grant is what the distribution sets.

        grant[p, t]  =  the amount set

    for every partnership p and year t, where the distribution is historical, formula, equal or given.
    """
    if x.grants_set is None:
        return
    for p, partnership in enumerate(d.partnerships):
        for y, t in enumerate(x.now.years):
            yield Place(partnership, d.years[t]), 1.0 * x.grant[p, t] == float(x.grants_set[p, y]) / THOUSAND


@rule(FORMULA_FLOOR)
def formula_floor(d: DataSet, s: Settings, x: Decisions) -> Rows:
    """No grant is less than a share of what the formula would give.

        grant[p, t]  >=  formula_share[t] * the formula's grant

    for every partnership p and year t, where the distribution is blend; formula_share is one number, or one a year and
    0 in a year left out, to phase a formula in.
    """
    if x.formula is None or s.grants.formula_share is None:
        return
    for p, partnership in enumerate(d.partnerships):
        for y, t in enumerate(x.now.years):
            least = formula_share(s, d.years[t]) * float(x.formula[p, y]) / THOUSAND
            yield Place(partnership, d.years[t]), 1.0 * x.grant[p, t] >= least
