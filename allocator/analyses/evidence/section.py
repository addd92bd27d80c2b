"""The section of a page on evidence: what knowing more would bring, what is claimed too much, and what studies say."""

from __future__ import annotations

from collections.abc import Iterable

from allocator import units
from allocator.analyses.evidence.evidence import SAMPLES, Evidence
from allocator.analyses.evidence.face import (
    NOTHING_UNCERTAIN,
    POOL_NOTE,
    errors_assumed,
    firm_grants,
    forest,
    in_pounds,
    know_all,
    optimism,
    study_note,
)
from allocator.analyses.evidence.pooling import Pool
from allocator.analyses.report import charts
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.page import Cell, Chart, PageColumn, Section, Table, by_columns, words


def section_of(found: Evidence) -> Section:
    """Give the section: the headline's optimism, a bar for what knowing each effect would bring, and a forest a
    pool.
    """
    parts: list[object] = []
    if not found.interventions:
        parts.append(NOTHING_UNCERTAIN)
    else:
        parts += [f"The headline is {optimism(found)}", know_all(found), *_values(found), study_note(found)]
    if found.firmness:
        parts += [firm_grants(found), _firmness(found)]
    parts += _forests(found.pools)
    parts += filter(None, [errors_assumed(found)])
    return Section("evidence", "What better evidence would bring", tuple(parts))


def _values(found: Evidence) -> Iterable[object]:
    first, unit = found.interventions[0], amounts.heading(found.measure)
    rows, measure = found.interventions, found.measure
    drawn = [
        {
            "name": row.name,
            "amount": amounts.scaled(row.value, measure),
            "said": amounts.figure(row.value, measure),
        }
        for row in rows
    ]
    table = by_columns(
        "evidence-values",
        "What knowing the effects of each intervention would bring",
        words("intervention", [row.name for row in rows]),
        PageColumn("knowing it", unit, [amounts.figure(row.value, measure) for row in rows]),
        PageColumn("in pounds", "", [in_pounds(found, row.value) for row in rows]),
        *(
            PageColumn(
                f"a study of {units.number(sample)}",
                unit,
                [amounts.figure(row.studies[n].value, measure) for row in rows],
            )
            for n, sample in enumerate(SAMPLES)
        ),
        PageColumn("standard error", "points", [units.number(100 * row.standard_error, 2) for row in rows]),
    )
    message = f"{first.name} is most worth evaluating: {amounts.said(first.value, found.measure)}"
    subtitle = f"{unit} more, were the effects of one intervention known before deciding"
    yield Chart("evidence-chart", message, subtitle, charts.costs(drawn, unit), table)


def _firmness(found: Evidence) -> Table:
    def column(name: str, shares: list[float]) -> PageColumn:
        return PageColumn(name, "of draws", [Cell(units.share(share, 0), round(share, 6)) for share in shares])

    return by_columns(
        "evidence-firmness",
        f"How often each grant is above shares as before, in {units.counted(found.draws, 'draw')} of the effects",
        words("partnership", [Cell(row.name, row.name) for row in found.firmness]),
        column("more", [row.above for row in found.firmness]),
        column("less", [row.below for row in found.firmness]),
        live=True,
    )


def _forests(pools: tuple[Pool, ...]) -> Iterable[object]:
    for n, pool in enumerate(pools):
        rows = forest(pool)
        drawn = [
            {"name": name, "low": 100 * low, "middle": 100 * middle, "high": 100 * high}
            for name, middle, low, high in rows
        ]
        table = by_columns(
            f"evidence-pool-{n + 1}",
            f"Studies of {pool.name}, {pool.client_group}",
            words("study", [name for name, *_ in rows]),
            PageColumn("effect", "points", [units.signed(100 * middle, 1) for _, middle, _, _ in rows]),
            PageColumn("from", "points", [units.signed(100 * low, 1) for _, _, low, _ in rows]),
            PageColumn("to", "points", [units.signed(100 * high, 1) for *_, high in rows]),
        )
        apart = units.number(100 * abs(pool.assumed - pool.effect), 1)
        more = "more" if pool.assumed > pool.effect else "less"
        message = f"{pool.name}: assumed as the studies say together"
        if apart != "0":
            message = f"{pool.name}: {apart} points {more} assumed than the studies say together ({pool.method})"
        yield Chart(
            f"evidence-forest-{n + 1}",
            message,
            f"Effect on {pool.client_group}, points fewer NEET, with 95 % intervals",
            charts.ranges(drawn, "points"),
            table,
            "; ".join(f"{study.study}: {study.source}" for study in pool.studies if study.source),
        )
    if pools:
        yield POOL_NOTE
