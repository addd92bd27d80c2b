"""How many kinds of input are assumed: a kind is a column of a table, and counts by the weakest of its parts."""

from allocator.tables.sources import input_status


def source(table, column, status, part=""):
    return {"table": table, "column": column, "part": part, "status": status}


def test_a_column_counts_once_by_the_weakest_of_its_parts_in_any_order():
    sources = [
        source("interventions", "unit_cost", "published", "mentoring"),
        source("interventions", "unit_cost", "assumed", "outreach"),
        source("interventions", "unit_cost", "derived", "helpline"),
        source("years", "budget", "published"),
        source("grades", "salary", "derived", "adviser"),
        source("grades", "salary", "published", "support"),
        source("effects", "source", "assumed"),
        source("returns", "width", "published"),
    ]
    for rows in (sources, sources[::-1]):
        found = input_status({"sources": rows})
        assert set(found.assumed) == {"interventions.unit_cost", "effects.source"}
        assert found.derived == ("grades.salary",)
        assert set(found.published) == {"years.budget", "returns.width"}
        assert found.total == 5


def test_columns_of_one_name_in_two_tables_are_two_kinds():
    found = input_status({"sources": [source("years", "name", "assumed"), source("grades", "name", "published")]})
    assert (found.assumed, found.published) == (("years.name",), ("grades.name",))


def test_data_without_sources_have_no_kinds():
    assert input_status({}).total == 0
