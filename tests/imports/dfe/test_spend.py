"""Grants in force from what authorities spent: three years' mean, gaps, and those that reported nothing."""

import pytest

from allocator.errors import InvalidInput
from allocator.imports.dfe.spend import Baseline, baselines, read_spending
from tests.helpers import paper_dfe as paper


def read(tmp_path, amounts):
    return read_spending(paper.write_spending(tmp_path / "spend.csv", amounts))


def test_the_mean_is_of_the_last_three_years(tmp_path):
    spending = read(tmp_path, {"E1": ("9000", "100", "200", "600")})
    assert spending.years == ("2022-23", "2023-24", "2024-25")
    assert baselines({"E1": 10}, spending, 0) == {"E1": Baseline(300, "reported", (100, 200, 600))}


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
        read(tmp_path, {"E1": ("1", "£5", "6", "7"), "E2": ("1", "-5", "6", "7")})
    assert [(fault.code, fault.row, fault.column) for fault in error.value.faults] == [
        ("not-a-number", "2", "spend_2022_23"),
        ("negative-money", "3", "spend_2022_23"),
    ]


def test_a_file_without_its_columns_is_refused(tmp_path):
    path = tmp_path / "spend.csv"
    path.write_text("la_name,spend\nAlder,5\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as error:
        read_spending(path)
    assert [fault.code for fault in error.value.faults] == ["missing-column", "missing-column"]
