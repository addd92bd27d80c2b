"""The section of a page on approaches: what each reaches by what is known, and what the gain is made of."""

from __future__ import annotations

from collections.abc import Callable

from allocator import units
from allocator.analyses.approaches.every_approach import CERTAINTIES, Approach, Approaches
from allocator.analyses.approaches.face import gain_sentences, reached
from allocator.analyses.approaches.measures import Measures
from allocator.analyses.report import charts
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.page import Chart, PageColumn, Section, Table, by_columns, words
from allocator.register import DISTRIBUTIONS

TOLD = {
    "settlement": "settled for all years",
    "rolling": "planned for all years, each year anew",
    "year_on_year_lasting": "a year at a time, counting what lasts",
    "year_on_year": "a year at a time, counting that year",
}


def section_of(found: Approaches) -> Section:
    """Give the section: a dot for each approach on one scale, its measures as a table, and the split of the gain."""
    parts: list[object] = list(gain_sentences(found))
    drawn = [
        {
            "grants": distribution_in_words(one.distribution),
            "known": TOLD[one.certainty],
            "amount": amounts.scaled(one.goal, found.measure),
            "said": amounts.figure(one.goal, found.measure),
        }
        for one in found.approaches
        if one.goal is not None
    ]
    table = _table(found)
    if not drawn:
        return Section("approaches", "Other ways of sharing out grants", (*parts, table))
    best = found.best
    message = (
        f"{distribution_in_words(best.distribution).capitalize()} grants, {TOLD[best.certainty]}, come first"
        if best is not None
        else "What each way of sharing out reaches"
    )
    unit = amounts.heading(found.measure)
    subtitle = f"{unit}, by how grants are shared out and what is known when years are planned"
    known = [TOLD[name] for name in CERTAINTIES]
    parts.append(Chart("approaches-chart", message, subtitle, charts.approaches(drawn, unit, known), table))
    return Section("approaches", "Other ways of sharing out grants", tuple(parts))


def distribution_in_words(distribution: str) -> str:
    """Give a distribution as readers of a page know it."""
    return "shares as before" if DISTRIBUTIONS[distribution].as_before else distribution


def _table(found: Approaches) -> Table:
    years = next((one.years for one in found.approaches if one.years), ())
    rows = found.approaches

    def column(name: str, unit: str, of: Callable[[Approach, Measures], str]) -> PageColumn:
        """Give a column of which nothing is known where there is no plan."""
        return PageColumn(name, unit, [units.DASH if one.measures is None else of(one, one.measures) for one in rows])

    return by_columns(
        "approaches-table",
        "Every way of sharing out, judged on the budgets that really come",
        words("grants", [distribution_in_words(one.distribution) for one in rows]),
        words("known when planned", [TOLD[one.certainty] for one in rows], mark="text"),
        PageColumn(amounts.heading(found.measure), "", [reached(one, found.measure) for one in rows]),
        column("of the best", "%", lambda one, _: units.or_dash(_per_cent, one.share_of_best)),
        *(
            PageColumn(
                "fewer NEET",
                year.year,
                [units.people(one.years[t].reduction) if one.years else units.DASH for one in rows],
            )
            for t, year in enumerate(years)
        ),
        column("cost", "£ a young person-year", lambda _, m: units.or_dash(units.number, m.cost_per_person_year)),
        column("redundancies", "FTE", lambda _, m: units.people(m.redundancies)),
        column("lose over 5 %", "in a year", lambda _, m: units.number(m.large_falls)),
        wide=True,
    )


def _per_cent(part: float) -> str:
    return units.number(100 * part, 1)
