"""Files that are missing, misnamed, damaged or too large; headings and rows that do not fit."""

import os

import pytest

from allocator.errors import InvalidInput
from allocator.tables import read_data
from allocator.tables.checking.all_checks import check_tables
from allocator.tables.reading import csv_file as read
from allocator.tables.reading import files
from tests.helpers.builders import write_tables
from tests.helpers.paper_tables import looked_at, paper_tables, said

PEOPLE = "young_people.csv"


@pytest.fixture
def folder(tmp_path):
    return write_tables(tmp_path / "mine", paper_tables())


def found(folder, replaced=None):
    return said(check_tables(folder, replaced or {}).faults)


def rewrite(file, change):
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")


def test_a_place_that_is_not_there_is_a_fault(tmp_path):
    assert found(tmp_path / "nowhere") == [("fault", "no-data-set", "nowhere", "", "")]


@pytest.mark.parametrize("name", ["years.csv", "mine.xls", "years"])
def test_a_file_that_is_no_workbook_is_no_data_set(tmp_path, name):
    (tmp_path / name).write_text("year\n")
    assert found(tmp_path / name) == [("fault", "no-data-set", name, "", "")]


def test_a_wrong_folder_is_one_fault_that_names_the_tables_it_misses(tmp_path):
    assert found(tmp_path) == [("fault", "missing-table", "partnerships.csv", "", "")]
    (fault,) = check_tables(tmp_path, {}).faults
    for name in ("young_people", "interventions", "effects", "grades", "workforce", "years"):
        assert f"{name}.csv" in fault.found


def test_files_saved_in_another_encoding_are_one_fault(folder):
    for file in folder.glob("*.csv"):
        file.write_bytes(file.read_text(encoding="utf-8").encode("utf-16"))
    (fault,) = check_tables(folder, {}).faults
    assert (fault.code, fault.table) == ("encoding", "partnerships.csv")
    assert "years.csv" in fault.found


def test_a_table_that_stands_there_twice_is_said(folder):
    (folder / "Years.csv").write_text((folder / "years.csv").read_text())
    assert found(folder) == [("warning", "unknown-table", "Years.csv", "", "")]


def test_notes_with_a_name_like_a_missing_table_are_no_fault(folder):
    (folder / "targets.csv").unlink()
    (folder / "target_notes.csv").write_text("to do\nask the regions\n")
    assert found(folder) == [("warning", "unknown-table", "target_notes.csv", "", "")]


def test_optional_tables_may_be_missing(folder):
    for name in ("returns", "capacities", "guarantees", "targets", "studies", "sources"):
        (folder / f"{name}.csv").unlink()
    assert found(folder) == []


def test_a_table_under_a_name_like_its_own_is_not_left_out_silently(folder):
    (folder / "capacities.csv").rename(folder / "capacity.csv")
    assert found(folder) == [("fault", "unknown-table", "capacity.csv", "", "")]
    (fault,) = check_tables(folder, {}).faults
    assert "'capacities.csv'" in fault.fix


def test_another_csv_file_in_the_folder_is_a_note(folder):
    (folder / "grants.csv").write_text("partnership,year,grant\n")
    assert found(folder) == [("note", "unknown-table", "grants.csv", "", "")]


def test_a_file_that_has_the_headings_of_a_table_that_is_not_there_is_a_warning(folder):
    (folder / "mine.csv").write_text((folder / "capacities.csv").read_text())
    (folder / "capacities.csv").unlink()
    assert found(folder) == [("warning", "unknown-table", "mine.csv", "", "")]


def test_other_files_in_the_folder_do_not_matter(folder):
    (folder / "README.md").write_text("mine")
    (folder / ".effects.csv").write_text("hidden")
    assert found(folder) == []


@pytest.mark.parametrize("name", ["years", "targets"])
def test_a_file_without_a_line_is_a_fault_also_where_the_table_is_optional(folder, name):
    (folder / f"{name}.csv").write_text("\n \n,,\n")
    assert found(folder) == [("fault", "empty-table", f"{name}.csv", "", "")]


def test_headings_alone_are_enough_for_an_optional_table_only(folder):
    for name in ("years", "targets"):
        rewrite(folder / f"{name}.csv", lambda text: text.splitlines()[0] + "\n")
    assert found(folder) == [("fault", "empty-table", "years.csv", "", "")]


def test_a_missing_column_is_named_once(folder):
    tables = paper_tables()
    for line in tables["workforce"]:
        del line["fte"]
    assert looked_at(folder, tables) == [("fault", "missing-column", "workforce.csv", "1", "fte")]


def test_a_misspelt_column_is_one_fault_with_what_is_meant(folder):
    rewrite(folder / "years.csv", lambda text: text.replace("price_index", "price_idx"))
    assert found(folder) == [("fault", "unknown-column", "years.csv", "1", "price_idx")]
    fixes = {fault.code: fault.fix for fault in check_tables(folder, {}).faults}
    assert "'price_index'" in fixes["unknown-column"]


def test_a_column_that_stands_twice_is_a_fault(folder):
    rewrite(folder / "years.csv", lambda text: "\n".join(f"{line},{line.split(',')[1]}" for line in text.splitlines()))
    assert found(folder) == [("fault", "duplicate-column", "years.csv", "1", "budget")]


def test_values_under_no_heading_are_left_out_with_a_note_and_empty_columns_without(folder):
    rewrite(folder / "years.csv", lambda text: "".join(f",{line},,\n" for line in text.splitlines()))
    assert found(folder) == []
    rewrite(folder / "years.csv", lambda text: text.replace(",2004-05", "x,2004-05"))
    assert found(folder) == [("note", "left-out", "years.csv", "1", "")]


@pytest.mark.parametrize(
    ("row", "right"), [("2004-05,1,2,3", False), ("a,1,2,3,1,x", False), ("", True), (",,,,", True)]
)
def test_rows_have_as_many_cells_as_the_headings(folder, row, right):
    rewrite(folder / "years.csv", lambda text: text + row + "\n")
    assert found(folder) == ([] if right else [("fault", "ragged-row", "years.csv", "4", "")])


def test_lines_are_counted_where_a_cell_has_several(folder):
    tables = paper_tables()
    tables["sources"] = [
        {**tables["sources"][0], "note": "one\ntwo\nthree"},
        {**tables["sources"][0], "part": "others", "quality": "middling"},
    ]
    # the headings are line 1, the first row lines 2 to 4
    assert looked_at(folder, tables) == [("fault", "not-a-choice", "sources.csv", "5", "quality")]


@pytest.mark.parametrize(
    ("data", "code", "row"),
    [
        ("name\n£".encode("cp1252"), "encoding", "2"),
        ("year,budget\n".encode("utf-16"), "encoding", ""),
        ("year,budget\n".encode("utf-16-be"), "nul-byte", "1"),
        (b"year,budget\n2004,\0\n", "nul-byte", "2"),
        (b'year,budget\n"2004,5\n', "broken-csv", "2"),
        (b'year,budget\n"2004"x,5\n', "broken-csv", "2"),
        (b"year\tbudget\n2004\t5\n", "separator", "1"),
        (b"year,budget\n" + b"x" * 1_000_001 + b",5\n", "cell-too-long", "2"),
        (b"year,budget\n" + b"," * 2_000_000 + b"\n", "file-too-large", ""),
        (b"\n" * 10, "empty-table", ""),
        (b"", "empty-table", ""),
    ],
)
def test_a_file_that_is_no_table_is_one_fault(folder, data, code, row):
    (folder / "years.csv").write_bytes(data)
    assert found(folder) == [("fault", code, "years.csv", row, "")]


def test_a_large_file_is_refused_by_its_size_before_it_is_read(folder, monkeypatch):
    with (folder / "years.csv").open("wb") as file:
        file.truncate(files.LARGEST_FILE + 1)  # takes no room on the disk
    decoded = read.decoded
    monkeypatch.setattr(
        read, "decoded", lambda name, *rest: pytest.fail("read") if name == "years" else decoded(name, *rest)
    )
    assert ("fault", "file-too-large", "years.csv", "", "") in found(folder)


def test_too_many_rows_are_refused(folder, monkeypatch):
    monkeypatch.setattr(read, "MOST_ROWS", 7)
    assert found(folder) == [("fault", "file-too-large", PEOPLE, "", "")]


def test_a_folder_or_a_pipe_under_a_tables_name_is_refused(folder):
    (folder / "years.csv").unlink()
    (folder / "years.csv").mkdir()
    (folder / "targets.csv").unlink()
    os.mkfifo(folder / "targets.csv")
    assert found(folder) == [
        ("fault", "unreadable-file", "years.csv", "", ""),
        ("fault", "unreadable-file", "targets.csv", "", ""),
    ]


def test_a_table_can_be_read_from_another_file(folder, tmp_path):
    other = tmp_path / "regional.csv"
    other.write_text((folder / "targets.csv").read_text().replace("0.05", "0.06"))
    (folder / "targets.csv").write_bytes(b"\0")  # not looked at
    checked = check_tables(folder, {"targets": other})
    assert checked.faults == ()
    assert [target.reduction_share for target in checked.data.targets] == [0.06, None]


def test_a_fault_in_another_file_names_that_file(folder, tmp_path):
    other = folder / "regional.csv"
    other.write_text((folder / "targets.csv").read_text().replace("Upland", "Uplands"))
    assert found(folder, {"targets": other}) == [("fault", "unknown-name", "regional.csv", "3", "name")]
    assert found(folder, {"targets": folder / "none.csv"})[0][1:3] == ("unreadable-file", "none.csv")
    assert found(folder, {"targets": folder / "no\0ne.csv"})[0][:2] == ("fault", "unreadable-file")
    other.unlink()
    assert found(folder, {"goals": folder / "years.csv"}) == [("fault", "unknown-table", "goals", "", "")]


def test_read_data_raises_with_every_fault_and_without_remarks(folder):
    (folder / "grants.csv").write_text("x\n")
    rewrite(folder / "years.csv", lambda text: text.replace("200000", "x"))
    with pytest.raises(InvalidInput) as raised:
        read_data(folder)
    assert said(raised.value.faults) == [("fault", "not-a-number", "years.csv", row, "budget") for row in ("2", "3")]
    assert raised.value.exit_status == 1
