"""The section of a page on approaches: what each reaches by what is known, and what the gain is made of."""

from __future__ import annotations

from allocator import units
from allocator.analyses.approaches.every_approach import CERTAINTIES, Approach, Approaches
from allocator.analyses.approaches.face import NO_PLAN, gain_sentences
from allocator.analyses.report import charts
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.page import Cell, Chart, Heading, Section, Table
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
    return Table(
        "approaches-table",
        "Every way of sharing out, judged on the budgets that really come",
        (
            Heading("grants", align="left"),
            Heading("known when planned", align="left"),
            Heading(amounts.heading(found.measure)),
            Heading("of the best", "%"),
            *(Heading("fewer NEET", year.year) for year in years),
            Heading("cost", "£ a young person-year"),
            Heading("redundancies", "FTE"),
            Heading("lose over 5 %", "in a year"),
        ),
        tuple(
            (
                Cell(distribution_in_words(one.distribution)),
                Cell(TOLD[one.certainty], mark="text"),
                *_cells(one, found.measure, len(years)),
            )
            for one in found.approaches
        ),
        wide=True,
    )


def _cells(one: Approach, measure: str, years: int) -> tuple[Cell, ...]:
    if one.goal is None or one.measures is None:
        return (Cell(NO_PLAN[one.status]), *(Cell(units.DASH) for _ in range(years + 4)))
    cost = one.measures.cost_per_person_year
    return (
        Cell(amounts.figure(one.goal, measure)),
        Cell(units.or_dash(None if one.share_of_best is None else units.number(100 * one.share_of_best, 1))),
        *(Cell(units.people(year.reduction)) for year in one.years),
        Cell(units.or_dash(None if cost is None else units.number(cost))),
        Cell(units.people(one.measures.redundancies)),
        Cell(units.number(one.measures.large_falls)),
    )
