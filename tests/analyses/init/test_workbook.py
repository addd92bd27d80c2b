"""The workbook to begin with: it reads back to what went in, also after a spreadsheet program has saved it."""

import re
import shutil
import subprocess
import zipfile

import openpyxl
import pytest

from allocator.analyses.check.report import check_scenario
from allocator.analyses.init.starter import start_folder
from allocator.analyses.init.workbook import write_starter
from allocator.cli import app
from allocator.scenario.describe import setting_names
from allocator.scenario.load import read_scenario
from allocator.scenario.toml import parse_override
from allocator.shipped import shipped_data_sets
from allocator.tables import read_data
from allocator.tables.checking.all_checks import check_tables
from allocator.tables.columns import TABLES

NAMES = sorted(shipped_data_sets())
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def converted(file, ending, folder):
    """The workbook as LibreOffice saves it."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    words = [OFFICE, profile, "--headless", "--convert-to", ending, "--outdir", str(folder), str(file)]
    subprocess.run(words, check=True, capture_output=True, timeout=300)
    return folder / f"{file.stem}.{ending}"


def saved_by_openpyxl(file, folder):
    """The workbook as openpyxl saves it."""
    book = openpyxl.load_workbook(file)
    book.save(folder / "saved.xlsx")
    return folder / "saved.xlsx"


def width_of(sheet, position):
    """The width of a column, in characters; openpyxl keeps like columns that stand side by side as one."""
    return next(of.width for of in sheet.column_dimensions.values() if of.min <= position <= of.max)


def same_as(file, tables, settings):
    mine = read_scenario(file)
    assert mine.data == file
    assert read_data(file).tables == tables
    assert mine.settings.model_copy(update={"data": ""}) == settings.model_copy(update={"data": ""})


@pytest.fixture(scope="module", params=NAMES)
def started(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    workbook = start_folder(folder / "workbook", request.param, workbook=True)
    files = start_folder(folder / "files", request.param)
    in_files = read_scenario(files.folder / files.scenario)
    return workbook.folder / workbook.scenario, read_data(in_files.data).tables, in_files.settings


def test_the_workbook_says_what_the_files_say(started):
    same_as(*started)


def test_nothing_is_said_of_the_sheets_that_stand_beside_the_tables(started):
    file, *_ = started
    assert not [fault for fault in check_tables(file).faults if fault.code == "unknown-table"]


def test_what_openpyxl_saves_is_the_same(started, tmp_path):
    file, tables, settings = started
    same_as(saved_by_openpyxl(file, tmp_path), tables, settings)


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed: its files are not tried")
def test_what_libreoffice_saves_is_the_same_as_ods_and_as_xlsx_again(started, tmp_path):
    file, tables, settings = started
    (tmp_path / "again").mkdir()
    ods = converted(file, "ods", tmp_path)
    same_as(ods, tables, settings)
    same_as(converted(ods, "xlsx", tmp_path / "again"), tables, settings)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    made = start_folder(tmp_path_factory.mktemp("small") / "mine", "small", workbook=True)
    return made.folder / made.scenario


def test_what_a_planner_edits_in_it_is_heeded(small, tmp_path):
    book = openpyxl.load_workbook(small)
    rows = {row[0].value: row[1] for row in book["scenario"].iter_rows(min_row=2)}
    rows["grants.floor"].value = 0.8
    rows["budget.by_year.2027-28"].value = 2_500_000
    rows["rules.soft"].value = "target"
    book["partnerships"]["B2"].value = "Eastern moor"
    book.create_sheet("my notes").append(["whatever"])
    book.save(tmp_path / "mine.xlsx")
    settings = read_scenario(tmp_path / "mine.xlsx").settings
    assert settings.grants.floor == 0.8
    assert settings.budget.by_year == {"2027-28": 2_500_000}
    assert settings.rules.soft == ("target",)
    assert read_data(tmp_path / "mine.xlsx").partnership_names[0] == "Eastern moor"


def test_the_first_sheet_says_what_to_edit_and_the_last_what_columns_mean(small):
    book = openpyxl.load_workbook(small)
    assert book.sheetnames[:3] == ["read me", "scenario", "partnerships"]
    assert book.sheetnames[-1] == "dictionary"
    assert book.active.title == "read me"
    said = [cell.value for row in book["read me"].iter_rows() for cell in row if cell.value]
    assert "allocator solve small.xlsx" in said
    linked = {
        cell.hyperlink.location.partition("!")[0].strip("'")
        for cell in book["read me"]._cells.values()
        if cell.hyperlink
    }
    assert linked == set(book.sheetnames) - {"read me"}
    columns = {(row[0].value, row[1].value) for row in book["dictionary"].iter_rows(min_row=2)}
    assert columns == {(table.name, name) for table in TABLES.values() for name in table.column_names}


def test_a_file_that_names_the_workbook_as_its_data_does_not_read_its_sheet_of_settings_and_says_so(small, tmp_path):
    shutil.copy(small, tmp_path / "mine.xlsx")
    (tmp_path / "mine.toml").write_text('title = "Mine"\ndata = "mine.xlsx"\n')
    (note,) = check_scenario(tmp_path / "mine.toml").remarks
    assert (note.severity, note.code, note.table, note.row) == ("note", "sheet-not-read", "mine.toml", "2")
    assert "sheet scenario is not read" in note.found
    assert not check_scenario(tmp_path / "mine.xlsx").remarks


def test_every_setting_has_a_row_with_what_it_takes_and_does(small):
    sheet = openpyxl.load_workbook(small)["scenario"]
    keys = [parse_override(f"{row[0].value}=0")[0] for row in sheet.iter_rows(min_row=2)]
    named = {".".join(key[:length]) for key in keys for length in range(1, len(key) + 1)}
    assert set(setting_names()) <= named
    assert all(row[2].value and row[3].value for row in sheet.iter_rows(min_row=2))
    does = {row[0].value: row[3].value for row in sheet.iter_rows(min_row=2)}
    assert does["grants.floor"] == "No grant below this share of the baseline grant."
    assert does["grants.file"].startswith("Used by given alone")  # in the default scenario it stands in a comment
    assert [row[0].value for row in sheet.iter_rows(min_row=2) if row[0].value.startswith("budget.by_year")] == [
        "budget.by_year.2026-27",
        "budget.by_year.2027-28",
    ]


def test_headings_are_explained_frozen_and_filtered_and_cells_offer_what_they_take(small):
    book = openpyxl.load_workbook(small)
    for name in (name for name in book.sheetnames if name in TABLES):
        sheet = book[name]
        assert sheet.freeze_panes.endswith("2")
        assert sheet.auto_filter.ref.startswith("A1:")
        for position, column in enumerate(TABLES[name].columns, start=1):
            note = sheet.cell(1, position).comment.text
            assert column.meaning[1:] in note
            assert column.unit in note
            longest = max(len(str(cell.value)) for (cell,) in sheet.iter_rows(min_col=position, max_col=position))
            assert width_of(sheet, position) >= min(longest, 60)
    offered = {
        (name, str(rule.sqref).partition("2:")[0]): (rule.type, rule.formula1)
        for name in ("grades", "targets", "workforce", "effects", "interventions")
        for rule in book[name].data_validations.dataValidation
    }
    assert offered["grades", "K"] == ("list", '"TRUE,FALSE"')
    assert offered["targets", "A"] == ("list", '"national,region,partnership"')
    assert offered["workforce", "A"][1].startswith("partnerships!$A$2:")
    assert offered["effects", "B"] == ("list", '"at_risk,neet,universal"')
    assert offered["interventions", "G"][0] == "decimal"
    grants = book["partnerships"]["D2"]
    assert (grants.value, grants.number_format) == (640_000, "#,##0")
    assert book["years"]["A2"].number_format == "@"  # typed into it, 2028-29 stays what it is
    assert book["years"].column_dimensions["A"].number_format == "@"


def test_names_that_look_like_formulas_run_nowhere(small, tmp_path):
    hostile = '=HYPERLINK("http://x","y")'
    tables = {name: [dict(row) for row in rows] for name, rows in read_data(small).tables.items()}
    for name in ("young_people", "client_groups", "effects", "guarantees"):
        for row in tables[name]:
            row["client_group"] = {"universal": hostile}.get(row["client_group"], row["client_group"])
    write_starter(tmp_path / "x.xlsx", tables, 'title = "Mine"\n[goal.weights]\n"=1+1" = 1\n')
    with zipfile.ZipFile(tmp_path / "x.xlsx") as book:
        names = [name for name in book.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
        text = "".join(book.read(name).decode() for name in names)
    assert not re.search(r"<f[ >]", text)
    assert not [found for found in re.findall(r"<formula\d>(.*?)</formula", text) if "HYPER" in found]
    assert hostile in read_data(tmp_path / "x.xlsx").client_groups


def test_the_same_data_make_the_same_bytes(small, tmp_path):
    again = start_folder(tmp_path / "again", "small", workbook=True)
    assert (again.folder / again.scenario).read_bytes() == small.read_bytes()


@pytest.mark.parametrize("workbook", [False, True])
def test_the_blank_data_set_has_headings_and_settings_that_name_nothing(tmp_path, workbook):
    made = start_folder(tmp_path / "mine", "blank", workbook=workbook)
    scenario = read_scenario(made.folder / made.scenario)
    checked = check_tables(scenario.data)
    assert {fault.code for fault in checked.faults} == {"empty-table"}
    assert scenario.settings.workforce.qualified_share == {}
    assert scenario.settings.workforce.qualified_grade is None
    assert scenario.settings.grants.floor == 0.9


def test_solve_works_on_it_at_once(small, tmp_path, capsys):
    assert app.run(["solve", str(small), "-o", str(tmp_path / "run"), "--json"]) == 0
    assert '"status":"optimal"' in capsys.readouterr().out
