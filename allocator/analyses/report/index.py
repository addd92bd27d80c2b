"""The list of all statements, by region and name."""

from __future__ import annotations

from allocator import units
from allocator.analyses.report.facts import Facts
from allocator.analyses.report.page import claim
from allocator.outputs.page import Cell, Heading, Page, Section, Table
from allocator.runs.grant_change import together


def index_of(facts: Facts, addresses: tuple[str, ...], *, name: str, made: str) -> Page:
    """Give the page. addresses: of each partnership's statement, in the order of the data."""
    data, rows = facts.plan.data, []
    for p in facts.order:
        whole, partnership = together(facts.grants[p]), data.partnership_names[p]
        change = whole.relative_change
        rows.append(
            (
                Cell(partnership, partnership, href=addresses[p]),
                Cell(data.regions[p], data.regions[p], mark="text"),
                Cell(units.number(whole.grant), round(whole.grant)),
                Cell(units.signed(whole.change), round(whole.change, 2)),
                Cell(units.DASH if change is None else units.signed_share(change), change),
            )
        )
    heads = (
        Heading("partnership", align="left"),
        Heading("region", align="left"),
        Heading("grant", "£, all years"),
        Heading("on shares as before", "£"),
        Heading("on shares as before", "%"),
    )
    table = Table(
        "statements",
        f"Grants, {units.horizon(facts.years)}",
        heads,
        tuple(rows),
        live=True,
        group_name="region",
        groups=tuple(data.regions[p] for p in facts.order),
    )
    title = facts.plan.scenario.settings.title
    return Page(
        f"Statements: {title}",
        f"{name} · {units.horizon(facts.years)} · made {made}",
        (claim(facts),),
        (Section("all", "All partnerships", (table,)),),
        (f"Made by allocator from the run {name}.",),
        f"Statements · {title} · {name}",
        contents=False,
    )
