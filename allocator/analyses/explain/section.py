"""The section of a page on firmness: from where to where each grant may lie in plans that are nearly as good."""

from __future__ import annotations

from allocator import units
from allocator.analyses.explain.firmness import KEPT
from allocator.analyses.explain.firmness_of_all import Ranges
from allocator.outputs.page import Cell, PageColumn, Section, by_columns, words

SAID = (
    f"Each grant may lie anywhere between the two ends in some plan that keeps {units.percentage(KEPT)} of what moving "
    "grants brings, all other grants at their best. Not all may lie at an end at once."
)
NO_RANGES = "The distribution sets the grants: there is no range to look for."


def section_of(found: Ranges) -> Section:
    """Give the section: a row for each grant, or for each of each year planned."""
    if not found.rows:
        return Section("firmness", "How firm each grant is", (NO_RANGES,))
    names = [found.names[row.partnership] for row in found.rows]
    by_year = any(row.year for row in found.rows)

    def column(name: str, pounds: list[float]) -> PageColumn:
        return PageColumn(name, "£m", [Cell(units.millions(one), round(one)) for one in pounds])

    table = by_columns(
        "firmness-table",
        "Grants of all years together",
        words("partnership", [Cell(name, name) for name in names]),
        *([words("year", [row.year for row in found.rows])] if by_year else []),
        column("this plan", [row.grant for row in found.rows]),
        column("from", [row.smallest for row in found.rows]),
        column("to", [row.largest for row in found.rows]),
        column("rules allow from", [row.lowest for row in found.rows]),
        column("rules allow to", [row.highest for row in found.rows]),
        live=True,
    )
    return Section("firmness", "How firm each grant is", (SAID, table))
