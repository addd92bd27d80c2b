"""The checks that look at several rows or tables together, on paper tables."""

import pytest

from allocator.tables.checking.all_checks import check_tables
from tests.helpers.builders import write_tables
from tests.helpers.paper_tables import looked_at, paper_tables, said


def test_the_paper_tables_have_no_fault(tmp_path):
    checked = check_tables(write_tables(tmp_path, paper_tables()), {})
    assert checked.faults == ()
    assert checked.data is not None
    # 2 partnerships, 8 young_people, 1 client group, 2 interventions, 2 effects, 2 returns, 2 grades, 4 workforce,
    # 2 years, 1 capacity, 1 guarantee, 2 targets, 1 study, 1 source
    assert (checked.rows_read, len(checked.tables_read)) == (31, 14)


def test_a_key_that_stands_twice_names_both_rows(tmp_path):
    tables = paper_tables()
    tables["workforce"].append(dict(tables["workforce"][1]))
    assert looked_at(tmp_path, tables) == [("fault", "duplicate-key", "workforce.csv", "3 and 6", "")]
    (fault,) = check_tables(tmp_path, {}).faults
    assert "row 6" in fault.fix


def test_the_order_of_interventions_makes_no_other_guarantee(tmp_path):
    tables = paper_tables()
    tables["effects"].append({**tables["effects"][1], "client_group": "neet"})
    first = tables["guarantees"][0]
    tables["guarantees"] = [
        {**first, "interventions": names} for names in ("coaching+group_work", "group_work+coaching")
    ]
    assert looked_at(tmp_path, tables) == [("fault", "duplicate-key", "guarantees.csv", "2 and 3", "")]


def test_every_intervention_needs_bands_from_one_on(tmp_path):
    tables = paper_tables()
    tables["returns"][1]["band"] = 3
    assert looked_at(tmp_path, tables) == [("fault", "bands", "returns.csv", "2 and 3", "band")]


@pytest.mark.parametrize(("width", "right"), [(0.55, False), (0.65, False), (0.6000005, True)])
def test_widths_add_up_to_one_but_for_rounding(tmp_path, width, right):
    tables = paper_tables()
    tables["returns"][1]["width"] = width
    expected = [] if right else [("fault", "widths", "returns.csv", "2 and 3", "width")]
    assert looked_at(tmp_path, tables) == expected


def test_bands_may_be_equally_good(tmp_path):
    tables = paper_tables()
    tables["returns"][1]["relative_effect"] = 1
    assert looked_at(tmp_path, tables) == []


def test_grades_of_one_rank_are_refused(tmp_path):
    tables = paper_tables()
    tables["grades"][0]["rank"] = 2
    assert looked_at(tmp_path, tables) == [("fault", "equal-ranks", "grades.csv", "2 and 3", "rank")]


def test_a_partnership_without_young_people_in_a_year_is_named(tmp_path):
    tables = paper_tables()
    tables["young_people"] = [
        line for line in tables["young_people"] if (line["partnership"], line["year"]) != ("south", "2005-06")
    ]
    assert looked_at(tmp_path, tables) == [("fault", "missing-row", "young_people.csv", "", "")]
    (fault,) = check_tables(tmp_path, {}).faults
    assert "south" in fault.found
    assert "2005-06" in fault.found


def test_a_partnership_without_a_row_for_a_grade_is_named(tmp_path):
    tables = paper_tables()
    del tables["workforce"][3]
    assert looked_at(tmp_path, tables) == [("fault", "missing-row", "workforce.csv", "", "")]
    (fault,) = check_tables(tmp_path, {}).faults
    assert "south" in fault.found
    assert "adviser" in fault.found


def test_a_partnership_without_advisers_gets_a_note(tmp_path):
    tables = paper_tables()
    tables["workforce"][2]["fte"] = tables["workforce"][3]["fte"] = 0
    assert looked_at(tmp_path, tables) == [("note", "no-advisers", "workforce.csv", "", "")]


def test_a_partnership_that_may_begin_with_posts_gets_none(tmp_path):
    tables = paper_tables()
    tables["workforce"][2]["fte"] = tables["workforce"][3]["fte"] = 0
    for line in tables["partnerships"]:
        line["start_up_posts"] = 2 if line["partnership"] == "south" else ""
    assert looked_at(tmp_path, tables) == []


def test_an_intervention_offered_to_nobody_gets_a_note(tmp_path):
    tables = paper_tables()
    tables["interventions"].append({**tables["interventions"][1], "intervention": "helpline"})
    assert looked_at(tmp_path, tables) == [("note", "no-effect", "interventions.csv", "4", "intervention")]


def test_a_plus_in_the_name_of_an_intervention_is_refused(tmp_path):
    tables = paper_tables()
    tables["interventions"][1]["intervention"] = tables["effects"][1]["intervention"] = "group+work"
    assert looked_at(tmp_path, tables) == [("fault", "plus-in-name", "interventions.csv", "3", "intervention")]


def test_shares_of_no_young_people_are_refused(tmp_path):
    tables = paper_tables()
    for line in tables["young_people"]:
        line["neet"] = line["young_people"] = 0
    fault = ("fault", "nothing-to-share", "young_people.csv", "", "young_people")
    assert looked_at(tmp_path, tables) == [fault] * 2


def test_a_programme_in_which_every_partnership_is_new_is_no_fault(tmp_path):
    tables = paper_tables()
    for line in tables["partnerships"]:
        line["baseline_grant"] = 0
    assert looked_at(tmp_path, tables) == []


def test_baseline_grants_in_thousands_are_seen_by_their_sum(tmp_path):
    tables = paper_tables()
    for line in tables["partnerships"]:
        line["baseline_grant"] /= 1000
    assert looked_at(tmp_path, tables) == [
        ("warning", "looks-like-thousands", "partnerships.csv", "", "baseline_grant")
    ]


def test_budgets_half_or_twice_the_grants_are_no_thousands(tmp_path):
    tables = paper_tables()
    tables["years"][0]["budget"], tables["years"][1]["budget"] = 100_000, 400_000
    assert looked_at(tmp_path, tables) == []


def test_years_compare_by_the_numbers_in_them(tmp_path):
    tables = paper_tables()
    for rows in tables.values():
        for line in rows:
            if "year" in line and line["year"] != 2001:
                line["year"] = {"2004-05": "FY9", "2005-06": "FY10"}[line["year"]]
    assert looked_at(tmp_path, tables) == []


def test_a_group_that_few_have_and_that_is_like_no_other_is_missing_elsewhere(tmp_path):
    tables = paper_tables()
    tables["young_people"].append({**tables["young_people"][0], "client_group": "care leavers"})
    found = looked_at(tmp_path, tables)
    assert found == [("fault", "missing-row", "young_people.csv", "10", "client_group")]  # one for the three it lacks


def test_a_fault_in_a_key_column_is_not_repeated_by_all_who_use_it(tmp_path):
    tables = paper_tables()
    tables["partnerships"][0]["partnership"] = ""
    assert looked_at(tmp_path, tables) == [("fault", "blank-cell", "partnerships.csv", "2", "partnership")]


def test_more_names_than_arrays_can_hold_are_refused(tmp_path):
    tables = paper_tables()
    template = tables["interventions"][0]
    # 5,000 interventions each through a channel of its own, offered to 5,001 groups: 25 million pairs
    tables["interventions"] += [{**template, "intervention": f"i{n}"} for n in range(5000)]
    tables["young_people"] += [{**tables["young_people"][0], "client_group": f"{n:05d}x"} for n in range(5001)]
    codes = {code for _, code, *_ in looked_at(tmp_path, tables)}
    assert "too-many-names" in codes


def test_faults_stand_in_the_order_of_the_tables_then_by_row(tmp_path):
    tables = paper_tables()
    tables["years"][0]["budget"] = "x"
    tables["effects"][1]["effect"] = "x"
    tables["effects"][0]["max_uptake"] = "x"
    tables["effects"][0]["effect"] = "x"
    tables["partnerships"][1]["fixed_cost"] = "x"
    places = [(table, row, column) for _, _, table, row, column in looked_at(tmp_path, tables)]
    assert places == [
        ("partnerships.csv", "3", "fixed_cost"),
        ("effects.csv", "2", "effect"),
        ("effects.csv", "2", "max_uptake"),
        ("effects.csv", "3", "effect"),
        ("years.csv", "2", "budget"),
    ]


def test_the_same_fault_all_down_a_column_is_told_once_with_its_count(tmp_path):
    tables = paper_tables()
    tables["workforce"] += [{"partnership": "north", "grade": "support", "fte": "x"} for _ in range(1500)]
    assert ("fault", "not-a-number", "workforce.csv", "6", "fte") in looked_at(tmp_path, tables)
    (one,) = [fault for fault in check_tables(tmp_path, {}).faults if fault.code == "not-a-number"]
    assert "1,499 more like it" in one.found


def test_one_baseline_grant_in_thousands_is_seen_beside_the_pay_of_its_advisers(tmp_path):
    tables = paper_tables()
    tables["partnerships"][1]["baseline_grant"] /= 1000
    assert looked_at(tmp_path, tables) == [
        ("warning", "looks-like-thousands", "partnerships.csv", "3", "baseline_grant")
    ]


@pytest.mark.parametrize(("rows", "seen"), [((0,), ("2",)), ((0, 1), ("",))])
def test_salaries_in_thousands_are_seen_by_the_pound_an_hour(tmp_path, rows, seen):
    tables = paper_tables()
    for row in rows:
        tables["grades"][row]["salary"] /= 1000
    assert looked_at(tmp_path, tables) == [
        ("warning", "looks-like-thousands", "grades.csv", row, "salary") for row in seen
    ]


def test_fixed_costs_in_thousands_are_seen_by_their_sum(tmp_path):
    tables = paper_tables()
    for line in tables["partnerships"]:
        line["fixed_cost"] /= 1000
    assert looked_at(tmp_path, tables) == [("warning", "looks-like-thousands", "partnerships.csv", "", "fixed_cost")]
    for line in tables["partnerships"]:
        line["fixed_cost"] = 0
    assert looked_at(tmp_path, tables) == []


def test_a_heading_with_a_word_left_out_is_to_be_renamed(tmp_path):
    tables = paper_tables()
    for line in tables["partnerships"]:
        line["grant"] = line.pop("baseline_grant")
    found = check_tables(write_tables(tmp_path, tables), {}).faults
    (fault,) = [fault for fault in found if fault.code == "unknown-column"]
    assert fault.fix == "Did you mean 'baseline_grant'? Rename the column."


def with_a_cell_more(folder, table, row, cell="x"):
    """What is found where a row of a table has one cell more."""
    file = write_tables(folder, paper_tables()) / f"{table}.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[row - 1] += f",{cell}"
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return said(check_tables(folder, {}).faults)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("partnerships", 3),
        ("young_people", 4),
        ("interventions", 2),
        ("effects", 2),
        ("returns", 3),
        ("grades", 2),
        ("grades", 3),
        ("workforce", 4),
        ("years", 2),
        ("years", 3),
    ],
)
def test_a_row_with_a_cell_too_many_is_one_fault_wherever_its_key_is_used(tmp_path, table, row):
    assert with_a_cell_more(tmp_path, table, row) == [("fault", "ragged-row", f"{table}.csv", str(row), "")]


def test_a_footnote_under_a_table_is_no_partnership_that_others_lack(tmp_path):
    file = write_tables(tmp_path, paper_tables()) / "partnerships.csv"
    file.write_text(file.read_text(encoding="utf-8") + "Source: a survey\n", encoding="utf-8")
    checked = check_tables(tmp_path, {})
    assert said(checked.faults) == [("note", "left-out", "partnerships.csv", "4", "")]
    assert checked.data is not None


def test_names_beside_that_of_a_ragged_row_are_checked_all_the_same(tmp_path):
    tables = paper_tables()
    tables["capacities"][0]["year"] = "2003-04"
    file = write_tables(tmp_path, tables) / "years.csv"
    file.write_text(file.read_text(encoding="utf-8").rstrip("\n") + ",x\n", encoding="utf-8")
    assert said(check_tables(tmp_path, {}).faults) == [
        ("fault", "ragged-row", "years.csv", "3", ""),
        ("fault", "unknown-name", "capacities.csv", "2", "year"),
    ]


def test_two_unknown_names_of_a_column_are_two_faults(tmp_path):
    tables = paper_tables()
    for line, partnership in zip(tables["workforce"], ("nroth", "nroth", "suoth", "suoth"), strict=True):
        line["partnership"] = partnership
    assert looked_at(tmp_path, tables) == [
        ("fault", "unknown-name", "workforce.csv", "2", "partnership"),
        ("fault", "unknown-name", "workforce.csv", "4", "partnership"),
    ]


def test_of_a_million_like_faults_a_thousand_are_kept_and_the_rest_counted(tmp_path):
    tables = paper_tables()
    names = [*(f"p{n // 2}" for n in range(3000)), *(f"q{n}" for n in range(2000))]
    tables["partnerships"] += [{**tables["partnerships"][0], "partnership": name} for name in names]
    found = check_tables(write_tables(tmp_path, tables), {}).faults
    assert [fault.code for fault in found].count("duplicate-key") == 1000
    (more,) = [fault for fault in found if fault.code == "more-faults"]
    assert more.found.startswith("500 more")
