"""What a planner did once is told once, with what it was: columns changed about, noughts lost, rows pasted again."""

import datetime as dt

import pytest
import xlsxwriter

from allocator.tables.checking.all_checks import check_tables
from tests.helpers.builders import write_tables
from tests.helpers.formats import FORMATS, grids, label, save
from tests.helpers.paper_tables import copy_of_connexions, edit, paper_tables, said

CODES = {"north": "007", "south": "0031"}


def found_in(folder):
    return check_tables(folder, {}).faults


def the_one(folder, code):
    """The one thing found, which has that code."""
    (fault,) = found_in(folder)
    assert fault.code == code
    return fault


def changed(tmp_path, table, change):
    data = copy_of_connexions(tmp_path)
    edit(data, table, change)
    return data


def headings_changed_about(one, other):
    def change(rows):
        at, beside = rows[0].index(one), rows[0].index(other)
        rows[0][at], rows[0][beside] = other, one

    return change


def test_young_people_and_neet_changed_about_are_one_fault(tmp_path):
    data = changed(tmp_path, "young_people", headings_changed_about("young_people", "neet"))
    (fault,) = [fault for fault in found_in(data) if fault.severity == "fault"]
    assert (fault.code, fault.column) == ("neet-over-people", "neet")
    assert "changed about" in fault.fix


def test_single_groups_with_more_neet_than_people_are_told_each(tmp_path):
    def change(rows):
        at = rows[0].index("neet")
        for row in (rows[3], rows[7], rows[11], rows[15], rows[19]):
            row[at] = "999999"

    codes = [one[1] for one in said(found_in(changed(tmp_path, "young_people", change)))]
    assert codes.count("neet-over-people") == 5


@pytest.mark.parametrize(
    ("table", "column", "larger"),
    [("partnerships", "fixed_cost", "baseline_grant"), ("effects", "standard_error", "effect")],
)
def test_a_column_above_the_one_that_is_larger_by_nature_is_asked_about(tmp_path, table, column, larger):
    data = changed(tmp_path, table, headings_changed_about(column, larger))
    odd = [fault for fault in found_in(data) if fault.code == "looks-odd" and fault.column == column]
    assert [(fault.severity, fault.table, fault.row) for fault in odd] == [("warning", f"{table}.csv", "2")]
    assert odd[0].fix == f"Look whether the columns {column} and {larger} are changed about."


@pytest.mark.parametrize("same", [True, False])
def test_rows_that_all_stand_twice_are_one_fault(tmp_path, same):
    def change(rows):
        again = [list(row) for row in rows[1:]]
        for row in again if not same else ():
            row[rows[0].index("young_people")] += "1"
        rows += again

    data = changed(tmp_path, "young_people", change)
    (fault,) = [fault for fault in found_in(data) if fault.severity == "fault"]
    assert fault.code == "duplicate-key"
    assert fault.found.endswith(" more keys")
    assert ("say the same" in fault.fix) is same


def with_codes(tables):
    for rows in tables.values():
        for row in rows:
            row.update({column: CODES.get(cell, cell) for column, cell in row.items()})
    return tables


@pytest.mark.parametrize("table", ["workforce", "partnerships", "young_people"])
def test_noughts_that_a_spreadsheet_took_off_codes_are_one_fault_that_says_so(tmp_path, table):
    tables = with_codes(paper_tables())
    for row in tables[table]:
        row["partnership"] = row["partnership"].lstrip("0")
    first = tables[table][0]["partnership"]
    assert first in ("7", "31")
    fault = the_one(write_tables(tmp_path, tables), "unknown-name")
    assert (fault.table, fault.row, fault.column) == (f"{table}.csv", "2", "partnership")
    assert fault.found.startswith(f"'{first}'")
    assert "Spreadsheet programs take noughts" in fault.fix
    assert "'007'" in fault.fix


def test_codes_that_are_the_same_number_to_two_known_ones_are_no_lost_noughts(tmp_path):
    tables = with_codes(paper_tables())
    for rows in tables.values():
        for row in rows:
            row.update({column: "07" if cell == "0031" else cell for column, cell in row.items()})
    for row in tables["workforce"]:
        row["partnership"] = row["partnership"].lstrip("0") if row["partnership"] == "007" else row["partnership"]
    faults = [fault for fault in found_in(write_tables(tmp_path, tables)) if fault.code == "unknown-name"]
    assert [fault.found[:3] for fault in faults] == ["'7'"] or "noughts" not in faults[0].fix


@pytest.mark.parametrize("table", ["years", "young_people"])
def test_years_called_by_their_ends_are_one_fault_with_the_year_in_the_same_place(tmp_path, table):
    tables = paper_tables()
    for row in tables[table]:
        row["year"] = {"2004-05": "FY2005", "2005-06": "FY2006"}[row["year"]]
    fault = the_one(write_tables(tmp_path, tables), "unknown-name")
    assert (fault.table, fault.column, fault.fix) == (f"{table}.csv", "year", "Did you mean '2004-05'?")


@pytest.mark.parametrize("joint", [", ", " and ", " / ", "; ", " & "])
def test_interventions_joined_otherwise_are_told_the_plus(tmp_path, joint):
    tables = paper_tables()
    names = [row["intervention"] for row in tables["interventions"]][:2]
    tables["guarantees"][0]["interventions"] = joint.join(names)
    fault = the_one(write_tables(tmp_path, tables), "unknown-name")
    assert fault.fix == f"Write '{'+'.join(names)}': a plus joins them."


@pytest.mark.parametrize("scope", ["England", "country", "UK"])
def test_the_country_as_a_scope_is_national(tmp_path, scope):
    tables = paper_tables()
    tables["targets"][0]["scope"] = scope
    fault = the_one(write_tables(tmp_path, tables), "not-a-choice")
    assert fault.fix == "Did you mean 'national'?"


def test_a_fall_with_a_minus_is_told_to_be_without(tmp_path):
    tables = paper_tables()
    tables["targets"][0]["reduction_share"] = -0.05
    fault = the_one(write_tables(tmp_path, tables), "out-of-range")
    assert fault.fix == "Write 0.05, without the minus, if that is meant."


@pytest.mark.parametrize("kind", FORMATS)
def test_a_heading_in_per_cent_above_shares_is_not_told_to_divide(tmp_path, kind):
    cells = grids(paper_tables())
    cells["effects"][0][cells["effects"][0].index("max_uptake")] = "max_uptake (%)"
    fault = the_one(save(tmp_path, cells, kind), "heading-unit")
    assert fault.table == label(kind, "effects")
    assert fault.fix.startswith("Write 'max_uptake' alone if they are shares")


@pytest.mark.parametrize("kind", FORMATS)
def test_years_over_columns_of_their_own_are_one_fault(tmp_path, kind):
    cells = grids(paper_tables())
    rows = {}
    for partnership, group, year, people, neet in cells["young_people"][1:]:
        rows.setdefault((partnership, group), {})[year] = [people, neet]
    years = ["2004-05", "2005-06"]
    cells["young_people"] = [
        ["", "", years[0], "", years[1], ""],
        ["partnership", "client_group", "young_people", "neet", "young_people", "neet"],
        *([*key, *of[years[0]], *of[years[1]]] for key, of in rows.items()),
    ]
    (fault,) = [fault for fault in found_in(save(tmp_path, cells, kind)) if fault.severity == "fault"]
    assert (fault.code, fault.row, fault.column) == ("missing-column", "2", "year")
    assert fault.found == "a column for each of '2004-05', '2005-06'"


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_another_table_beside_the_first_is_one_fault_that_names_it(tmp_path, kind):
    cells = grids(paper_tables())
    width, beside = len(cells["workforce"][0]), cells["grades"]
    for number, row in enumerate(cells["workforce"]):
        row += ["", *(beside[number] if number < len(beside) else [])]
    (fault,) = [fault for fault in found_in(save(tmp_path, cells, kind)) if fault.severity == "fault"]
    assert (fault.code, fault.column) == ("duplicate-column", chr(ord("A") + width + 1))
    assert fault.found.startswith("the headings of grades beside its own")


def test_a_date_that_was_a_band_says_what_makes_dates_of_bands(tmp_path):
    cells = grids(paper_tables())
    save(tmp_path, {name: rows for name, rows in cells.items() if name != "effects"}, ",")
    with xlsxwriter.Workbook(str(tmp_path / "effects.xlsx")) as book:
        sheet = book.add_worksheet("effects")
        for number, row in enumerate(cells["effects"]):
            sheet.write_row(number, 0, row)
        sheet.write_datetime(1, 1, dt.datetime(2026, 12, 10), book.add_format({"num_format": "d-mmm"}))  # noqa: DTZ001 - a cell has no zone
    (fault,) = check_tables(tmp_path, {"effects": tmp_path / "effects.xlsx"}).faults
    assert fault.code == "date-cell"
    assert fault.found == "the date 10 Dec 2026, which spreadsheet programs make of 10-12 and the like"


@pytest.mark.parametrize("other", ["years.xlsx", "Years.tsv", "years.ods"])
def test_a_table_that_stands_there_in_another_form_is_named(tmp_path, other):
    folder = write_tables(tmp_path, paper_tables())
    (folder / "years.csv").rename(folder / other)
    fault = the_one(folder, "missing-table")
    assert fault.found == f"not there, but {other}, which is not read"
    assert ("[tables]" in fault.fix) is not other.endswith("tsv")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<html><table><tr><td>year</td></tr></table></html>", "a web page or XML"),
        (b"\xef\xbb\xbfyear,budget\r\n2026-27,1\r\n", "text, such as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a workbook of the old form (.xls)"),
        (b"PK\x03\x04 cut off", "a file that is no readable workbook"),
    ],
)
def test_what_is_no_workbook_is_said_to_be_what_it_is(tmp_path, data, said):
    path = tmp_path / "mine.xlsx"
    path.write_bytes(data)
    assert the_one(path, "not-a-workbook").found.startswith(said)


def test_windows_text_shows_the_letter_that_is_meant(tmp_path):
    folder = write_tables(tmp_path, paper_tables())
    (folder / "effects.csv").write_bytes((folder / "effects.csv").read_bytes() + "# £5 a place\n".encode("cp1252"))
    assert the_one(folder, "encoding").found.startswith("'£' as Windows saves it (byte 0xA3)")


def test_a_character_that_cannot_be_seen_is_called_by_its_name(tmp_path):
    tables = paper_tables()
    tables["workforce"][0]["partnership"] = "no\u200brth"
    assert "a zero width space (U+200B)" in the_one(write_tables(tmp_path, tables), "control-character").found


def test_of_two_alphabets_the_one_that_all_others_have_is_advised(tmp_path):
    tables = paper_tables()
    regions = tables["partnerships"][0]["region"], tables["partnerships"][1]["region"]
    tables["partnerships"][0]["region"] = regions[1].replace("o", "\u043e").replace("a", "\u0430")  # Cyrillic
    tables["targets"] = tables["targets"][:1]
    fault = the_one(write_tables(tmp_path, tables), "near-twin")
    assert fault.fix.startswith(f"Write '{regions[1]}' everywhere")


def test_young_people_in_rows_with_a_fault_raise_no_doubt_of_the_grant(tmp_path):
    def change(rows):
        for row in [row for row in rows[1:] if row[0] == "humber"][:-1]:
            row[0] = '"'

    codes = {fault.code for fault in found_in(changed(tmp_path, "young_people", change))}
    assert codes == {"blank-cell"}


@pytest.mark.parametrize("word", ["none", "None", "-", "–", "n/a", "?"])
@pytest.mark.parametrize("kind", FORMATS)
def test_a_word_for_no_name_is_no_name(tmp_path, kind, word):
    cells = grids(paper_tables())
    cells["interventions"][1][cells["interventions"][0].index("exclusive_set")] = word
    fault = the_one(save(tmp_path, cells, kind), "blank-cell")
    assert (fault.table, fault.row, fault.column) == (label(kind, "interventions"), "2", "exclusive_set")
    assert fault.fix.startswith("Leave the cell blank for none")


@pytest.mark.parametrize("name", ["x", "c", "low", "one"])
def test_letters_that_stand_for_figures_elsewhere_are_names(tmp_path, name):
    tables = paper_tables()
    tables["interventions"][0]["exclusive_set"] = name
    assert not found_in(write_tables(tmp_path, tables))


@pytest.mark.parametrize("written", ["Home Visits", "home visits", "home-visits", "HOME_VISITS"])
def test_underscores_and_spaces_in_keys_are_the_same(tmp_path, written):
    tables = paper_tables()
    interventions, effects = tables["interventions"], tables["effects"]
    interventions.append({**interventions[0], "intervention": "home_visits", "name": "Visiting"})
    effects.append({**effects[0], "intervention": written})
    fault = the_one(write_tables(tmp_path, tables), "spelling")
    assert fault.found == f"'{written}', taken as 'home_visits'"


def test_a_name_that_may_be_two_keys_is_taken_as_neither(tmp_path):
    tables = paper_tables()
    interventions, effects = tables["interventions"], tables["effects"]
    for key in ("home_visits", "home-visits"):
        interventions.append({**interventions[0], "intervention": key, "name": f"A {key}"})
        effects.append({**effects[0], "intervention": key})
    effects.append({**effects[0], "intervention": "homevisits"})
    (fault,) = found_in(write_tables(tmp_path, tables))
    assert fault.severity == "fault"
    assert "'homevisits'" in fault.found


def test_a_multiplier_of_nought_is_noted(tmp_path):
    tables = paper_tables()
    tables["partnerships"][1]["effect_multiplier"] = 0
    fault = the_one(write_tables(tmp_path, tables), "nothing-to-do")
    assert (fault.severity, fault.row, fault.column) == ("note", "3", "effect_multiplier")


def test_a_target_that_asks_for_nothing_is_asked_about(tmp_path):
    tables = paper_tables()
    neet = sum(float(row["neet"]) for row in tables["young_people"] if row["year"] == "2005-06")
    tables["targets"] = [{**tables["targets"][0], "max_neet": neet, "reduction_share": ""}]
    fault = the_one(write_tables(tmp_path, tables), "looks-odd")
    assert (fault.table, fault.row, fault.column) == ("targets.csv", "2", "max_neet")
    tables["targets"][0]["max_neet"] = 0.9 * neet
    assert not found_in(write_tables(tmp_path, tables))


def test_a_letter_that_was_lost_is_a_fault(tmp_path):
    tables = paper_tables()
    tables["partnerships"][0]["name"] = "No\ufffdth"
    assert "a replacement character (U+FFFD)" in the_one(write_tables(tmp_path, tables), "control-character").found


def test_spaces_between_quoted_cells_are_no_part_of_them(tmp_path):
    folder = write_tables(tmp_path, paper_tables())
    years = folder / "years.csv"
    rows = [line.split(",") for line in years.read_text().splitlines()]
    years.write_text("".join(", ".join(f'"{cell}"' for cell in row) + "\n" for row in rows))
    assert not found_in(folder)
