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


SALARY = ("grades", "salary")
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
    *((table, column, 1000, "looks-like-too-much") for table, column in (("partnerships", "fixed_cost"), SALARY)),
    ("grades", "salary", 100, "looks-like-too-much"),
    ("grades", "salary", 1 / 12, "looks-like-months"),
    ("grades", "salary", 1 / 52, "looks-like-months"),
    ("years", "price_index", 1 / 40, "looks-like-rate"),
    ("partnerships", "area_cost_factor", 1 / 25, "looks-like-rate"),
    ("grades", "productive_hours", 1 / 7.4, "looks-like-days"),
    ("grades", "productive_hours", 1 / 44, "looks-like-days"),
    ("grades", "productive_hours", 1 / 220, "looks-like-days"),
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


def told(folder):
    return [(one.severity, one.code, one.table, one.column) for one in check_tables(folder).faults]


def test_posts_in_hours_are_told_of_the_posts_and_not_of_the_money(tmp_path):
    folder = copy_of_connexions(tmp_path)
    edit(folder, "workforce", times("fte", 1500))
    assert told(folder) == [("warning", "looks-like-too-much", "workforce.csv", "fte")]


def test_young_people_in_thousands_are_told_of_the_young_people(tmp_path):
    folder = copy_of_connexions(tmp_path)
    edit(folder, "young_people", times("young_people", 1 / 1000))
    edit(folder, "young_people", times("neet", 1 / 1000))
    assert told(folder) == [("warning", "looks-like-thousands", "young_people.csv", "young_people")]


def test_neet_as_a_share_of_the_group_is_asked_about(tmp_path):
    folder = copy_of_connexions(tmp_path)

    def shares(rows):
        people, neet = rows[0].index("young_people"), rows[0].index("neet")
        for row in rows[1:]:
            row[neet] = f"{float(row[neet]) / float(row[people]):.6g}"

    edit(folder, "young_people", shares)
    assert ("warning", "looks-like-rate", "young_people.csv", "neet") in told(folder)


def test_all_pay_in_pence_is_one_warning(tmp_path):
    folder = copy_of_connexions(tmp_path)
    for column in ("salary", "recruitment_cost", "redundancy_cost", "training_cost"):
        edit(folder, "grades", times(column, 100))
    assert told(folder) == [("warning", "looks-like-too-much", "grades.csv", "salary")]


def test_a_grant_of_pence_for_each_young_person_is_asked_about(tmp_path):
    tables = paper_tables()
    for row in tables["young_people"]:  # £200,000 for 750,000 young people: 27p each
        row["young_people"] *= 1000
        row["neet"] *= 1000
    for row in tables["targets"]:
        row["max_neet"] = row["max_neet"] and row["max_neet"] * 1000
    found = [(one.code, one.table) for one in check_tables(write_tables(tmp_path, tables)).faults]
    assert found == [("looks-like-thousands", "partnerships.csv"), ("looks-like-thousands", "years.csv")]


def test_nothing_is_asked_about_figures_that_are_right():
    for data in (CONNEXIONS, CONNEXIONS.parent / "england"):
        assert check_tables(data).faults == ()
