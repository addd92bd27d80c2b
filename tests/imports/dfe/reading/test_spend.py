"""Grants in force from what authorities spent: three years' mean, gaps, and those that reported nothing."""

import pytest

from allocator.errors import InvalidInput
from allocator.imports.dfe.grants import Baseline
from allocator.imports.dfe.grants import baselines as baselines_of
from allocator.imports.dfe.reading.spend import Spent, read_spending
from tests.helpers import paper_dfe as paper


def read(tmp_path, amounts):
    return read_spending(paper.write_spending(tmp_path / "spend.csv", amounts))


def test_the_mean_is_of_the_last_three_years(tmp_path):
    spending = read(tmp_path, {"E1": ("9000", "100", "200", "600")})
    assert spending.years == ("2022-23", "2023-24", "2024-25")
    assert baselines({"E1": 10}, spending, 0) == {"E1": Baseline(300, "reported", (100, 200, 600))}


def baselines(cohorts, spending, per_head):
    """The grants of authorities that have these codes and no number."""
    if spending is None:
        return baselines_of(cohorts, None, per_head)
    areas = [Spent(code, "", code, {}) for code in cohorts]
    return baselines_of(cohorts, spending.of(areas), per_head, spending.years)


@pytest.mark.parametrize(
    ("amounts", "grant", "how"),
    [
        (("", "", "200", "600"), 400, "in part"),
        (("", "", "", "600"), 600, "in part"),
        (("", "c", "200", "400"), 300, "in part"),
        (("5", "0", "0", "600"), 200, "reported"),
    ],
)
def test_a_blank_is_left_out_of_the_mean_and_a_zero_is_not(tmp_path, amounts, grant, how):
    spending = read(tmp_path, {"E1": amounts})
    found = baselines({"E1": 10}, spending, 0)["E1"]
    assert (found.grant, found.how) == (grant, how)


@pytest.mark.parametrize("amounts", [("7", "", "", ""), ("7", "0", "0", "0")])
def test_who_reported_nothing_or_only_zeros_gets_the_rate_of_the_others(tmp_path, amounts):
    # E2 and E3 spend 900 for 30 young people: 30 a head; E1 has 5.
    spending = read(tmp_path, {"E1": amounts, "E2": ("0", "300", "300", "300"), "E3": ("0", "600", "", "")})
    found = baselines({"E1": 5, "E2": 10, "E3": 20}, spending, 1)["E1"]
    assert (found.grant, found.how) == (150, "per head")


def test_an_authority_that_the_file_does_not_have_gets_the_rate_too(tmp_path):
    spending = read(tmp_path, {"E2": ("0", "300", "300", "300")})
    assert baselines({"E1": 5, "E2": 10}, spending, 1)["E1"].grant == 150


def test_without_a_file_every_head_counts_the_same():
    assert baselines({"E1": 5, "E2": 10}, None, 330.0) == {
        "E1": Baseline(1650, "per head"),
        "E2": Baseline(3300, "per head"),
    }


def test_faults_of_the_file_are_all_listed(tmp_path):
    with pytest.raises(InvalidInput) as error:
        read(tmp_path, {"E1": ("1", "5k", "6", "7"), "E2": ("1", "-5", "6", "7")})
    assert [(fault.code, fault.row, fault.column) for fault in error.value.faults] == [
        ("not-a-number", "2", "spend_2022_23"),
        ("negative-money", "3", "spend_2022_23"),
    ]


def test_a_file_without_its_columns_is_refused(tmp_path):
    path = tmp_path / "spend.csv"
    path.write_text("la_name,spend\nAlder,5\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as error:
        read_spending(path)
    assert {(fault.code, fault.column) for fault in error.value.faults} == {
        ("missing-column", "la_code"),
        ("missing-column", "spend_2024_25"),
    }
    assert all("a row a year with time_period and gross_expenditure" in fault.wanted for fault in error.value.faults)


def spending_file(tmp_path, text):
    path = tmp_path / "spend.csv"
    path.write_text(text, encoding="utf-8")
    return path


LONG = "time_period,geographic_level,old_la_code,new_la_code,la_name,category_of_expenditure,gross_expenditure,income\n"


def test_a_row_a_year_is_taken_of_all_services_for_young_people_alone(tmp_path):
    text = LONG + (
        "202425,Local authority,831,E06000015,Derby,Total services for young people,300,20\n"
        "202324,Local authority,831,E06000015,Derby,Total services for young people,100,20\n"
        "202425,Local authority,831,E06000015,Derby,Universal services for young people,7,0\n"
        "202425,Local authority,831,E06000015,Derby,Schools,900,0\n"
        "202425,Regional,z,z,East Midlands,Total services for young people,5000,0\n"
    )
    spending = read_spending(spending_file(tmp_path, text))
    assert spending.years == ("2023-24", "2024-25")
    assert spending.authorities == (Spent("E06000015", "831", "Derby", {"2023-24": 100, "2024-25": 300}),)
    assert sorted(spending.dropped) == [
        "1 row of level Regional in spend.csv",
        "2 rows of other spending in spend.csv",
    ]


def test_categories_among_which_that_of_young_people_cannot_be_told_are_listed(tmp_path):
    text = LONG + "202425,Local authority,831,E06000015,Derby,Youth work,300,20\n"
    with pytest.raises(InvalidInput) as error:
        read_spending(spending_file(tmp_path, text))
    (fault,) = error.value.faults
    assert (fault.code, fault.column) == ("out-of-range", "category_of_expenditure")
    assert "Youth work" in fault.found


def test_other_headings_pound_signs_and_commas_are_taken_and_said(tmp_path):
    text = 'new_la_code,old_la_code,la_name,spend_2023_24,spend_2024_25\nE06000015,831,Derby,"1,930,910","£1,943,329"\n'
    spending = read_spending(spending_file(tmp_path, text))
    assert spending.authorities == (Spent("E06000015", "831", "Derby", {"2023-24": 1930910, "2024-25": 1943329}),)
    assert len(spending.taken) == 1


@pytest.mark.parametrize("number", ["z", "x", "c", ":", "", "n/a", "..", "1", "0831"])
def test_a_placeholder_for_a_number_joins_nobody(tmp_path, number):
    text = f"la_code,la_number,la_name,spend_2024_25\nE9,{number},Elm,500\n"
    spending = read_spending(spending_file(tmp_path, text))
    assert spending.of([Spent("E1", number, "Alder", {})]) == {}


@pytest.mark.parametrize("code", ["z", "x", "c", ":", "..", "[z]"])
def test_a_placeholder_for_a_code_joins_nobody_and_the_number_does(tmp_path, code):
    text = f"la_code,la_number,la_name,spend_2024_25\n{code},831,Derby,500\n{code},832,Elm,700\n"
    spending = read_spending(spending_file(tmp_path, text))
    found = spending.of([Spent("E1", "831", "Derby", {}), Spent(code, "", "Nobody", {})])
    assert {of: one.by_year["2024-25"] for of, one in found.items()} == {"E1": 500}


def test_two_authorities_never_get_the_same_row(tmp_path):
    text = "la_code,la_number,la_name,spend_2024_25\nE1,832,Alder,500\n"
    spending = read_spending(spending_file(tmp_path, text))
    found = spending.of([Spent("E1", "831", "Alder", {}), Spent("E2", "832", "Birch", {})])
    assert set(found) == {"E1"}  # by its code; Birch's number stands in the row of another
    text = "la_code,la_number,la_name,spend_2024_25\nE9,831,Alder,500\n"
    spending = read_spending(spending_file(tmp_path, text))
    assert spending.of([Spent("E1", "831", "Alder", {}), Spent("E2", "831", "Birch", {})]) == {}


def test_an_authority_whose_code_changed_between_two_rows_is_one(tmp_path):
    text = "la_code,la_number,la_name,spend_2023_24,spend_2024_25\nE8,815,N Yorks,700,\nE9,815,N Yorks,,800\n"
    spending = read_spending(spending_file(tmp_path, text))
    assert [one.by_year for one in spending.authorities] == [{"2023-24": 700, "2024-25": 800}]
    assert set(spending.of([Spent("E9", "815", "North Yorkshire", {})])) == {"E9"}


@pytest.mark.parametrize("second", ["E1,831,Alder,7", "E2,831,Birch,7"])
def test_two_amounts_for_one_authority_and_year_are_refused_once(tmp_path, second):
    text = f"la_code,la_number,la_name,spend_2023_24,spend_2024_25\nE1,831,Alder,5,5\n{second},7\n"
    with pytest.raises(InvalidInput) as error:
        read_spending(spending_file(tmp_path, text))
    assert [(fault.code, fault.row) for fault in error.value.faults] == [("duplicate-key", "3")]


def test_a_total_row_is_left_out_and_said_and_an_authority_without_any_code_is_refused(tmp_path):
    text = "la_code,la_number,la_name,spend_2024_25\nE1,831,Alder,5\n,,England,5\n"
    assert len(read_spending(spending_file(tmp_path, text)).dropped) == 1
    with pytest.raises(InvalidInput) as error:
        read_spending(spending_file(tmp_path, text + ",,Birch,5\n"))
    assert [(fault.code, fault.row) for fault in error.value.faults] == [("blank-cell", "4")]


def test_a_file_with_semicolons_or_tabs_is_read_too(tmp_path):
    for mark in ";\t":
        text = "la_code,la_number,la_name,spend_2024_25\nE1,831,Alder,5\n".replace(",", mark)
        assert read_spending(spending_file(tmp_path, text)).authorities[0].by_year == {"2024-25": 5}


def test_a_workbook_is_told_as_one(tmp_path):
    path = tmp_path / "spend.xlsx"
    path.write_bytes(b"PK\x03\x04 and so on")
    with pytest.raises(InvalidInput) as error:
        read_spending(path)
    assert [(fault.code, fault.found) for fault in error.value.faults] == [("encoding", "a workbook")]
