"""Figures in another unit than their column's, one column at a time in the reference data, and all together."""

import pytest

from allocator.tables.checking.all_checks import check_tables
from tests.helpers.builders import write_tables
from tests.helpers.paper_tables import CONNEXIONS, copy_of_connexions, edit, paper_tables


def times(column, factor):
    def change(rows):
        at = rows[0].index(column)
        for row in rows[1:]:
            row[at] = f"{float(row[at]) * factor:.10g}" if row[at] else ""

    return change


ONE_COLUMN = [
    *(
        (table, column, 1 / 1000, "looks-like-thousands")
        for table, column in (
            ("partnerships", "baseline_grant"),
            ("partnerships", "fixed_cost"),
            ("years", "budget"),
            ("interventions", "unit_cost"),
            ("grades", "salary"),
            ("grades", "recruitment_cost"),
            ("grades", "redundancy_cost"),
            ("grades", "training_cost"),
        )
    ),
    ("years", "headcount_limit", 1 / 1000, "looks-like-thousands"),
    *(
        (table, column, 1 / 1_000_000, "looks-like-millions")
        for table, column in (
            ("partnerships", "baseline_grant"),
            ("partnerships", "fixed_cost"),
            ("years", "budget"),
        )
    ),
    *(
        (table, column, 100, "looks-like-per-cent")
        for table, column in (
            ("partnerships", "area_cost_factor"),
            ("partnerships", "effect_multiplier"),
            ("years", "price_index"),
            ("returns", "relative_effect"),
            ("effects", "standard_error"),
        )
    ),
    ("grades", "productive_hours", 1 / 7.4, "looks-like-days"),
    ("grades", "training_hours", 1 / 7.4, "looks-like-days"),
    ("effects", "adviser_hours", 60, "looks-like-minutes"),
]


@pytest.mark.parametrize(("table", "column", "factor", "code"), ONE_COLUMN)
def test_a_column_in_another_unit_is_asked_about_and_told_which(tmp_path, table, column, factor, code):
    folder = copy_of_connexions(tmp_path)
    edit(folder, table, times(column, factor))
    found = [fault for fault in check_tables(folder).faults if fault.column == column]
    assert {(fault.severity, fault.code, fault.table) for fault in found} == {("warning", code, f"{table}.csv")}
    assert len(found) <= 3


@pytest.mark.parametrize(("factor", "code"), [(1000, "looks-like-thousands"), (1_000_000, "looks-like-millions")])
def test_all_money_in_another_unit_is_one_warning(tmp_path, factor, code):
    folder = copy_of_connexions(tmp_path)
    for table, columns in (
        ("partnerships", ("baseline_grant", "fixed_cost")),
        ("years", ("budget",)),
        ("interventions", ("unit_cost",)),
        ("grades", ("salary", "recruitment_cost", "redundancy_cost", "training_cost")),
    ):
        for column in columns:
            edit(folder, table, times(column, 1 / factor))
    found = [fault for fault in check_tables(folder).faults if fault.code == code]
    assert len(found) == 1
    assert "years.budget" in found[0].found
    assert len(check_tables(folder).faults) <= 3


def test_a_grant_of_pence_for_each_young_person_is_asked_about(tmp_path):
    tables = paper_tables()
    for row in tables["young_people"]:  # £200,000 for 750,000 young people: 27p each
        row["young_people"] *= 1000
        row["neet"] *= 1000
    found = [(one.code, one.table) for one in check_tables(write_tables(tmp_path, tables)).faults]
    assert found == [("looks-like-thousands", "partnerships.csv"), ("looks-like-thousands", "years.csv")]


def test_nothing_is_asked_about_figures_that_are_right():
    for data in (CONNEXIONS, CONNEXIONS.parent / "england"):
        assert check_tables(data).faults == ()
