"""What one table has and others lack, in the reference data: one fault, at the table that is odd."""

import pytest

from allocator.tables.checking.all_checks import check_tables
from tests.helpers.builders import write_tables
from tests.helpers.paper_tables import copy_of_connexions, edit, looked_at, paper_tables


def without(column, value):
    def change(rows):
        at = rows[0].index(column)
        rows[:] = [row for number, row in enumerate(rows) if number == 0 or row[at] != value]

    return change


def added(name):
    return lambda rows: rows.append([name, *rows[-1][1:]])


def rewritten(column, one, other):
    def change(rows):
        at = rows[0].index(column)
        for row in rows[1:]:
            row[at] = row[at].replace(one, other)

    return change


ODD = [
    ("partnerships", without("partnership", "cheshire_and_warrington"), "partnerships.csv", "cheshire_and_warrington"),
    ("partnerships", added("western_isles"), "partnerships.csv", "western_isles"),
    ("young_people", without("partnership", "black_country"), "young_people.csv", "black_country"),
    ("workforce", without("partnership", "black_country"), "workforce.csv", "black_country"),
    ("years", without("year", "2005-06"), "years.csv", "2005-06"),
    ("years", added("2007-08"), "years.csv", "2007-08"),
    ("years", rewritten("year", "-", "/"), "years.csv", "2004/05"),
    ("young_people", without("year", "2006-07"), "young_people.csv", "2006-07"),
    ("young_people", without("client_group", "at_risk"), "young_people.csv", "at_risk"),
    ("grades", without("grade", "adviser"), "grades.csv", "adviser"),
    ("workforce", without("grade", "adviser"), "workforce.csv", "adviser"),
    ("interventions", without("intervention", "helpline"), "interventions.csv", "helpline"),
    ("partnerships", rewritten("partnership", "black_country", "black_lands"), "partnerships.csv", "black_lands"),
    ("effects", rewritten("client_group", "at_risk", "vulnerable"), "effects.csv", "vulnerable"),
]


@pytest.mark.parametrize(("table", "change", "odd", "name"), ODD)
def test_the_odd_table_is_named_once(tmp_path, table, change, odd, name):
    folder = copy_of_connexions(tmp_path)
    edit(folder, table, change)
    found = [fault for fault in check_tables(folder).faults if fault.severity == "fault"]
    assert len(found) <= 3
    assert found[0].table == odd
    assert name in found[0].found
    assert "Did you mean 'cheshire_and_warrington'" not in found[0].fix


def test_a_year_left_out_is_one_fault_that_names_who_has_it(tmp_path):
    tables = paper_tables()
    del tables["years"][1]
    assert looked_at(tmp_path, tables) == [("fault", "missing-row", "years.csv", "", "year")]
    (fault,) = check_tables(tmp_path, {}).faults
    assert "'2005-06'" in fault.found
    assert "young_people.csv (row 3)" in fault.found
    assert "targets.csv (row 2)" in fault.found


def test_many_unknown_names_of_a_column_are_one_fault(tmp_path):
    tables = paper_tables()
    tables["capacities"] = [{**tables["capacities"][0], "partnership": f"elsewhere {n}"} for n in range(9)]
    (fault,) = check_tables(write_tables(tmp_path, tables), {}).faults
    assert (fault.code, fault.table, fault.row) == ("unknown-name", "capacities.csv", "2")
    assert "8 more names" in fault.found


@pytest.mark.parametrize(
    ("table", "column", "one", "other"),
    [
        ("workforce", "grade", "adviser", "front_line"),
        ("workforce", "partnership", "black_country", "walsall"),
        ("young_people", "partnership", "black_country", "walsall"),
        ("returns", "intervention", "mentoring", "coaching"),
        ("client_groups", "client_group", "at_risk", "vulnerable"),
    ],
)
def test_a_name_in_the_place_of_another_is_told_with_that_other(tmp_path, table, column, one, other):
    folder = copy_of_connexions(tmp_path)

    def renamed(rows):
        at = rows[0].index(column)
        for row in rows[1:]:
            row[at] = other if row[at] == one else row[at]

    edit(folder, table, renamed)
    (fault,) = [fault for fault in check_tables(folder).faults if fault.severity == "fault"]
    assert (fault.code, fault.table, fault.column) == ("unknown-name", f"{table}.csv", column)
    assert f"'{other}'" in fault.found
    assert f"'{one}'" in fault.fix


def test_a_year_is_never_meant_for_another(tmp_path):
    folder = copy_of_connexions(tmp_path)
    edit(folder, "targets", rewritten("year", "2005-06", "2009-10"))
    (fault,) = [fault for fault in check_tables(folder).faults if fault.severity == "fault"]
    assert (fault.table, fault.fix) == ("targets.csv", "")


def test_a_partnership_that_is_the_sum_of_the_others_is_told_as_a_total(tmp_path):
    folder = copy_of_connexions(tmp_path)

    def with_a_total(rows):
        sums = [f"{sum(float(row[at]) for row in rows[1:]):.2f}" for at in (3, 4)]
        rows.append(["england", "England", "England", *sums, *rows[-1][5:]])

    edit(folder, "partnerships", with_a_total)
    (fault,) = [fault for fault in check_tables(folder).faults if fault.severity == "fault"]
    assert "the sum of the others: a total" in fault.found
    assert fault.fix == "Delete the row."


def test_years_that_only_rows_not_whole_have_are_told_beside_those_of_the_others(tmp_path):
    folder = write_tables(tmp_path, paper_tables())
    text = "year,budget,'=1nt_limit,training_places,price_index\nTotal,200000,\n.,200000,"
    (folder / "years.csv").write_text(text, encoding="utf-8")
    found = check_tables(folder)
    assert found.data is None
    assert any(f.code == "unknown-name" and "of which no other table has any" in f.found for f in found.faults)
