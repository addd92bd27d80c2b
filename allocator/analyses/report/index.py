"""The list of all statements, by region and name."""

from __future__ import annotations

from allocator import units
from allocator.analyses.report.facts import Facts
from allocator.analyses.report.page import claim
from allocator.outputs.page import Cell, Page, PageColumn, Section, by_columns, words
from allocator.outputs.yardsticks import signed
from allocator.runs.grant_change import together


def index_of(facts: Facts, addresses: tuple[str, ...], *, name: str, made: str) -> Page:
    """Give the page. addresses: of each partnership's statement, in the order of the data."""
    data, order = facts.plan.data, facts.order
    whole = [together(facts.grants[p]) for p in order]
    changes = [one.relative_change for one in whole]
    regions = tuple(data.regions[p] for p in order)
    names = [(data.partnership_names[p], addresses[p]) for p in order]
    table = by_columns(
        "statements",
        f"Grants, {units.horizon(facts.years)}",
        words("partnership", [Cell(name, name, href=address) for name, address in names]),
        words("region", [Cell(region, region, mark="text") for region in regions]),
        PageColumn("grant", "£, all years", [Cell(units.number(one.grant), round(one.grant)) for one in whole]),
        PageColumn("on shares as before", "£", [Cell(units.signed(one.change), round(one.change, 2)) for one in whole]),
        PageColumn("on shares as before", "%", [Cell(signed(change), change) for change in changes]),
        live=True,
        group_name="region",
        groups=regions,
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
