"""The section of a page on firmness: from where to where each grant may lie in plans that are nearly as good."""

from __future__ import annotations

from allocator import units
from allocator.analyses.explain.firmness import KEPT, Firmness
from allocator.analyses.explain.firmness_of_all import Ranges
from allocator.outputs.page import Cell, Heading, Section, Table

SAID = (
    f"Each grant may lie anywhere between the two ends in some plan that keeps {units.percentage(KEPT)} of what moving "
    "grants brings, all other grants at their best. Not all may lie at an end at once."
)
NO_RANGES = "The distribution sets the grants: there is no range to look for."


def section_of(found: Ranges) -> Section:
    """Give the section: a row for each grant, or for each of each year planned."""
    if not found.rows:
        return Section("firmness", "How firm each grant is", (NO_RANGES,))
    heads = (
        Heading("partnership", align="left"),
        *((Heading("year", align="left"),) if any(row.year for row in found.rows) else ()),
        *(Heading(said, "£m") for said in ("this plan", "from", "to", "rules allow from", "rules allow to")),
    )
    rows = tuple(_row(found, row) for row in found.rows)
    table = Table("firmness-table", "Grants of all years together", heads, rows, live=True)
    return Section("firmness", "How firm each grant is", (SAID, table))


def _row(found: Ranges, row: Firmness) -> tuple[Cell, ...]:
    name = found.names[row.partnership]
    amounts = (row.grant, row.smallest, row.largest, row.lowest, row.highest)
    year = (Cell(row.year),) if row.year else ()
    return Cell(name, name), *year, *(Cell(units.millions(amount), round(amount)) for amount in amounts)
