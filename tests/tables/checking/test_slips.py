"""Slips that are no fault of form: a letter, a nought too many, shares for numbers, sums under another name."""

import pytest

from allocator.tables.checking.all_checks import check_tables
from allocator.tables.names import one_letter_apart
from tests.helpers.paper_tables import copy_of_connexions, edit, said

MENTORING = {"intervention": "mentoring"}


def found(folder, *changes):
    data = copy_of_connexions(folder)
    for table, change in changes:
        edit(data, table, change)
    return said(check_tables(data, {}).faults)


def cells(column, change, only=lambda row: True):
    """Changes the figures of a column, in the rows meant."""

    def changed(rows):
        at = rows[0].index(column)
        for row in rows[1:]:
            if row[at] and only(dict(zip(rows[0], row, strict=True))):
                row[at] = change(row[at])

    return changed


def by(factor):
    return lambda cell: f"{float(cell) * factor:.10g}"


@pytest.mark.parametrize(
    ("table", "column", "change", "only", "expected"),
    [
        ("young_people", "young_people", by(1 / 1000), None, ("looks-like-thousands", "young_people", "")),
        ("grades", "recruitment_cost", by(1000), None, ("looks-like-too-much", "recruitment_cost", "")),
        (
            "interventions",
            "unit_cost",
            by(1000),
            {"intervention": "mentoring"},
            ("looks-like-too-much", "unit_cost", "9"),
        ),
        ("years", "budget", by(10), {"year": "2005-06"}, ("looks-odd", "budget", "3")),
        ("years", "budget", by(0.1), {"year": "2004-05"}, ("looks-odd", "budget", "2")),
        ("partnerships", "baseline_grant", by(10), {"partnership": "humber"}, ("looks-odd", "baseline_grant", "14")),
    ],
)
def test_a_nought_too_many_or_too_few_is_asked_about(tmp_path, table, column, change, only, expected):
    some = (lambda row: True) if only is None else lambda row: only.items() <= row.items()
    changes = [(table, cells(column, change, some))]
    if column == "young_people":
        changes.append((table, cells("neet", change, some)))
    code, where, row = expected
    warnings = [one for one in found(tmp_path, *changes) if one[0] == "warning"]
    assert [(one[1], one[4]) for one in warnings] == [(code, where)]
    assert row in ("", warnings[0][3])


@pytest.mark.parametrize("hundred", [1, 100])
def test_shares_and_per_cents_of_a_group_are_no_numbers_of_young_people(tmp_path, hundred):
    def as_shares(rows):
        people, neet = rows[0].index("young_people"), rows[0].index("neet")
        for row in rows[1:]:
            row[neet] = f"{hundred * float(row[neet]) / float(row[people]):.6g}"

    assert [one[:3] for one in found(tmp_path, ("young_people", as_shares))] == [
        ("warning", "looks-like-rate", "young_people.csv")
    ]


def test_a_label_beside_another_that_differs_in_a_letter_is_asked_about(tmp_path):
    rows = cells("region", lambda _: "Yorkshire and the Humbre", lambda row: row["partnership"] == "humber")
    assert [one[:3] for one in found(tmp_path, ("partnerships", rows))] == [
        ("warning", "one-letter", "partnerships.csv")
    ]


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("Yorkshire", "Yorksire", True),
        ("Yorkshire", "Yorkhsire", True),
        ("school", "schools", True),
        ("outreach", "outraech", True),
        ("North East", "North West", False),
        ("Zone 11", "Zone 12", False),
        ("zone_a", "zone_b", False),
        ("East", "West", False),
        ("Cohort 2004", "Cohort 2005", False),
        ("Yorkshire", "Yorkshire ", False),  # the same to a reader, which is told otherwise
    ],
)
def test_names_one_letter_apart(one, other, apart):
    assert one_letter_apart(one, other) is apart
    assert one_letter_apart(other, one) is apart


def total_row(code, region, rows):
    """A row with the amounts of some partnerships added up and nothing else."""
    heads = rows[0]
    meant = [row for row in rows[1:] if not region or row[heads.index("region")] == region]
    row = [""] * len(heads)
    row[heads.index("partnership")] = row[heads.index("name")] = code
    row[heads.index("region")] = region
    for column in ("baseline_grant", "fixed_cost"):
        row[heads.index(column)] = f"{sum(float(one[heads.index(column)]) for one in meant):.0f}"
    rows.append(row)


@pytest.mark.parametrize(("code", "region"), [("england", ""), ("All areas together", ""), ("london", "London")])
def test_the_sum_of_other_rows_is_left_out_whatever_it_is_called(tmp_path, code, region):
    changed = found(tmp_path, ("partnerships", lambda rows: total_row(code, region, rows)))
    assert changed == [("warning", "total-row", "partnerships.csv", "49", "")]


def test_a_partnership_of_which_figures_are_left_blank_is_one_fault_and_its_name(tmp_path):
    def added(rows):
        total_row("somewhere", "", rows)
        rows[-1][rows[0].index("baseline_grant")] = "12345678"

    faults = found(tmp_path, ("partnerships", added))
    assert [one[:2] for one in faults if one[0] == "fault"][:1] == [("fault", "blank-cell")]
    assert len(faults) <= 3


@pytest.mark.parametrize("region", ["London", "LONDON", "Lon\u00a0don", "Lon  don"])
def test_of_two_ways_of_writing_a_label_once_each_the_plain_one_is_proposed(tmp_path, region):
    def two(rows):
        at = rows[0].index("region")
        rows[1][at], rows[2][at] = f"NEW {region}" if region.isupper() else f"New {region}", "New London"

    data = copy_of_connexions(tmp_path)
    edit(data, "partnerships", two)
    faults = check_tables(data, {}).faults
    if region == "London":
        assert faults == ()
    else:
        assert [fault.code for fault in faults] == ["near-twin"]
        assert "Write 'New London' everywhere" in str(faults[0])


def test_a_year_written_another_way_in_its_own_table_is_one_fault(tmp_path):
    def fiscal(rows):
        for row in rows[1:]:
            row[0] = "FY" + row[0][2:].replace("-", "/")

    assert [one[:3] for one in found(tmp_path, ("years", fiscal))] == [("fault", "unknown-name", "years.csv")]
