"""Leverage: how much a partnership's own grant grows when it alone reports 10 % more NEET young people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from allocator.recompute.figures import money_available
from allocator.register import DISTRIBUTIONS
from allocator.scenario.distributions import set_grants
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet, Floats
from allocator.what_if.cases import Solved, solve_case

MORE = 1.1


def reporting_more(d: DataSet, p: int) -> DataSet:
    """Give the data set in which partnership p reports 10 % more NEET young people in every group and year.

    Only the column `neet` changes, not who is there to be served: it is what a report moves.
    """
    neet = d.neet.copy()
    neet[p] *= MORE
    return replace(d, neet=neet)


def solves_needed(d: DataSet, distribution: str) -> int:
    """Count the solves that the leverage of one approach takes: none where the distribution sets the grants."""
    return len(d.partnerships) if DISTRIBUTIONS[distribution].free else 0


def leverages(
    d: DataSet,
    settings: Mapping[tuple[str, str], Settings],
    grants: Mapping[tuple[str, str], Floats],
    given: Floats | None,
    *,
    jobs: int | None,
    done: Callable[[int, int], None],
) -> dict[tuple[str, str], float]:
    """Give the mean relative change of a partnership's own grant over all years, of each approach that has a plan.

    grants: [p, t] £, of each approach that has a plan. A partnership for which there is no
    plan once it reports more leaves its approach without a leverage; one without a grant has no relative change.
    """
    from allocator.what_if.pool import run_cases

    rates: dict[tuple[str, str], float] = {}
    cases: list[tuple[tuple[str, str], Settings, int]] = []
    for pair, s in settings.items():
        if pair not in grants:
            continue
        if DISTRIBUTIONS[s.grants.distribution].free:
            cases += [(pair, s, p) for p in range(len(d.partnerships))]
        else:
            rates[pair] = _mean(grants[pair], np.array([_set_one(d, s, p, given) for p in _every(d)]))
    own = run_cases(_own_grant, d, cases, jobs=jobs, done=done)
    by_pair: dict[tuple[str, str], list[float | None]] = {}
    for (pair, _, _), grant in zip(cases, own, strict=True):
        by_pair.setdefault(pair, []).append(grant)
    for pair, every in by_pair.items():
        known = [grant for grant in every if grant is not None]
        if len(known) == len(every):
            rates[pair] = _mean(grants[pair], np.array(known))
    return rates


def _every(d: DataSet) -> range:
    return range(len(d.partnerships))


def _mean(before: Floats, own: Floats) -> float:
    """Give the mean of own grant over grant before, less 1. before: [p, t] £. own: [p] £ over all years."""
    total = before.sum(axis=1)
    return float((own[total > 0] / total[total > 0] - 1).mean()) + 0.0


def _set_one(d: DataSet, s: Settings, p: int, given: Floats | None) -> float:
    """Give what partnership p gets over all years where the distribution sets it and p reports more, £."""
    more = reporting_more(d, p)
    money, years = money_available(d, s), range(len(d.years))
    spans = [[t] for t in years] if s.certainty.kind == "year_on_year" else [list(years)]
    before, total = d.baseline_grant, 0.0
    for span in spans:
        granted = set_grants(more, s, money[span], before, span, given)
        assert granted is not None  # noqa: S101 - only distributions that set the grants come here
        before = granted[:, -1]
        total += float(granted[p].sum())
    return total


def _own_grant(d: DataSet, case: tuple[tuple[str, str], Settings, int]) -> float | None:
    """Give what partnership p gets over all years, £, once it reports more: the work of one case."""
    _, s, p = case
    solved = solve_case(reporting_more(d, p), s)
    return float(solved.figures.grant[p].sum()) if isinstance(solved, Solved) else None
