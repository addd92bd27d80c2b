"""Every number of page, workbook and statement is the run's: read back out of what was written, held against CSV."""

import itertools

import docx
import openpyxl
import pytest

from tests.helpers.reports import figure, read_csv, read_page


def by_name(run, table, *columns):
    """Of each partnership's name and year, some columns as numbers."""
    names = {row["partnership"]: row["name"] for row in read_csv(run, "grants")}
    return {
        (names[row["partnership"]], row["year"]): tuple(float(row[column] or "nan") for column in columns)
        for row in read_csv(run, table)
    }


def years_of(run):
    return list(dict.fromkeys(row["year"] for row in read_csv(run, "grants")))


def body(table):
    """The rows of a table between its head and its total."""
    return table[1:-1]


def test_the_table_of_each_year_has_the_runs_grants_advisers_and_reductions(written):
    page, years = read_page(written.page), years_of(written.run)
    grants = by_name(written.run, "grants", "grant_rounded")
    reductions = by_name(written.run, "reductions", "reduction")
    advisers = {}
    for row in read_csv(written.run, "advisers"):
        key = row["partnership"], row["year"]
        advisers[key] = advisers.get(key, 0.0) + float(row["fte"])
    keys = {row["name"]: row["partnership"] for row in read_csv(written.run, "grants")}
    for t, year in enumerate(years, start=1):
        rows = body(page.tables[f"year-{t}"])
        assert sorted(row[0] for row in rows) == sorted(keys)
        for row in rows:
            assert figure(row[2]) == grants[row[0], year][0]
            assert figure(row[-3]) == pytest.approx(advisers[keys[row[0]], year], abs=0.051)
            assert figure(row[-2]) == pytest.approx(reductions[row[0], year][0], abs=0.51)


def test_a_column_that_nothing_is_known_for_is_left_out(written):
    page = read_page(written.page)
    real = [
        any("real" in heading for heading in page.tables[f"year-{t}"][0])
        for t, _ in enumerate(years_of(written.run), start=1)
    ]
    assert real == [False, True]  # prices before the first year are not in the tables


def test_totals_of_a_year_are_the_sums_of_its_rows(written):
    page = read_page(written.page)
    for t, _ in enumerate(years_of(written.run), start=1):
        table = page.tables[f"year-{t}"]
        for column in (2, 3, -6):  # whole pounds that add up as they are printed, but for prices of another year
            printed = sum(figure(row[column]) for row in body(table))
            assert figure(table[-1][column]) == pytest.approx(printed, abs=0 if column > 0 else len(table))


def test_changes_on_last_year_are_differences_of_what_is_printed(written):
    page = read_page(written.page)
    tables = [
        {row[0]: row for row in body(page.tables[f"year-{t}"])} for t, _ in enumerate(years_of(written.run), start=1)
    ]
    for before, now in itertools.pairwise(tables):
        for name, row in now.items():
            assert figure(row[3]) == figure(row[2]) - figure(before[name][2])


def test_grants_of_all_years_are_the_sums_of_the_years(written):
    rows = body(read_page(written.page).tables["allocations-table"])
    grants = by_name(written.run, "grants", "grant_rounded")
    for row in rows:
        assert figure(row[2]) == sum(grants[row[0], year][0] for year in years_of(written.run))


def test_the_headline_is_the_last_years_reduction(written):
    last = years_of(written.run)[-1]
    reached = sum(float(row["reduction"]) for row in read_csv(written.run, "reductions") if row["year"] == last)
    page = read_page(written.page)
    assert f"{reached:,.0f}" in page.texts
    assert figure(page.tables["reduction"][-1][2]) == pytest.approx(reached, abs=0.51)


def test_money_and_its_uses_add_up_to_what_is_spent(written):
    page, rows = read_page(written.page), read_csv(written.run, "money")
    for shown in page.tables["money"][1:]:
        of_year = [row for row in rows if row["year"] == shown[0]]
        for position, column in ((2, "grant"), (3, "spent"), (4, "carried"), (5, "lapsed")):
            assert figure(shown[position]) == pytest.approx(sum(float(r[column]) for r in of_year) / 1e6, abs=0.0051)
    uses = page.tables["uses"]
    for position in range(1, len(uses[0])):
        parts = sum(figure(row[position]) for row in body(uses))
        assert figure(uses[-1][position]) == pytest.approx(parts, abs=0.051 * len(uses))


def test_a_statements_steps_add_up_to_the_pound_that_is_paid(written):
    grants = {(row["partnership"], row["year"]): float(row["grant_rounded"]) for row in read_csv(written.run, "grants")}
    years = years_of(written.run)
    for partnership in dict.fromkeys(key for key, _ in grants):
        table = read_page(written.statements / f"{partnership}.html").tables["steps"]
        for t, year in enumerate(years, start=1):
            assert sum(figure(row[t]) for row in body(table)) == figure(table[-1][t]) == grants[partnership, year]
            if t > 1:
                assert figure(table[1][t]) == grants[partnership, years[t - 2]]


def test_a_statement_says_what_the_run_grants_and_asks_for(written):
    places = {}
    for row in read_csv(written.run, "places"):
        key = row["partnership"], row["year"]
        places[key] = places.get(key, 0) + float(row["places"])
    grants = {(row["partnership"], row["year"]): float(row["grant_rounded"]) for row in read_csv(written.run, "grants")}
    for path in written.statements.glob("*.html"):
        if path.stem == "index":
            continue
        page = read_page(path)
        for t, year in enumerate(years_of(written.run)):
            assert figure(page.tables["get-table"][1 + t][1]) == grants[path.stem, year]
            served = sum(figure(row[1 + t]) for row in page.tables["places"][1:])
            assert served == pytest.approx(places.get((path.stem, year), 0), abs=len(page.tables["places"]))
        assert "The funding team, room 4." in page.texts


def test_the_word_document_has_the_statements_tables(written):
    for path in written.statements.glob("*.docx"):
        tables = docx.Document(str(path)).tables
        page = read_page(path.with_suffix(".html"))
        assert len(tables) == len(page.tables)
        shown = [[cell.text for cell in row.cells] for row in tables[0].rows][1:]
        assert shown == [list(row) for row in page.tables["get-table"][1:]]


def test_the_list_of_statements_leads_to_each(written):
    links = {found.get("href") for tag, found in read_page(written.statements / "index.html").tags if tag == "a"}
    others = {path.name for path in written.statements.glob("*.html")} - {"index.html"}
    assert others
    assert others <= links


def columns_of(sheet):
    heads = [cell.value for cell in sheet[4]]
    return {head: number for number, head in enumerate(heads)}


def test_the_workbooks_grants_are_the_runs(written):
    sheet = openpyxl.load_workbook(written.workbook, data_only=True)["Grants"]
    at, grants = columns_of(sheet), by_name(written.run, "grants", "grant_rounded")
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    assert rows[-1][0] == "Total"
    assert len(rows) - 1 == len({name for name, _ in grants})
    for year in years_of(written.run):
        for row in rows[:-1]:
            assert row[at[f"Grant {year}, £"]] == grants[row[0], year][0]


def test_totals_of_the_workbook_are_formulas_that_agree_with_their_rows(written):
    formulas = openpyxl.load_workbook(written.workbook)
    values = openpyxl.load_workbook(written.workbook, data_only=True)
    seen = 0
    for sheet in formulas.worksheets:
        if sheet.cell(sheet.max_row, 1).value != "Total" or sheet.title == "Calculator":
            continue
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str) and cell.value.startswith("=SUM("):
                column = cell.column
                rows = [values[sheet.title].cell(row, column).value for row in range(5, sheet.max_row)]
                total = values[sheet.title].cell(sheet.max_row, column).value
                assert total == pytest.approx(sum(value for value in rows if not isinstance(value, str)))
                assert cell.value == f"=SUM({cell.column_letter}5:{cell.column_letter}{sheet.max_row - 1})"
                seen += 1
    assert seen > 10


def test_regions_add_up_from_the_sheet_of_grants(written):
    values = openpyxl.load_workbook(written.workbook, data_only=True)
    formulas = openpyxl.load_workbook(written.workbook)["Regions"]
    grants = [row for row in values["Grants"].iter_rows(min_row=5, values_only=True) if row[0] != "Total"]
    for row in values["Regions"].iter_rows(min_row=5, values_only=True):
        if row[0] != "Total":
            assert row[2] == pytest.approx(sum(one[2] for one in grants if one[1] == row[0]))
    last = len(grants) + 4
    assert formulas["C5"].value == f"=SUMIF(Grants!$B$5:$B${last},A5,Grants!$C$5:$C${last})"


def test_no_table_of_the_workbook_has_a_blank_or_merged_cell(written):
    book = openpyxl.load_workbook(written.workbook)
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges
        if sheet.title in ("Cover", "Contents", "Notes", "Calculator", "Chart of grants"):
            continue
        width = len([cell for cell in sheet[4] if cell.value is not None])
        rows = sum(1 for number in range(5, sheet.max_row + 1) if sheet.cell(number, 1).value)
        for row in sheet.iter_rows(min_row=4, max_row=4 + rows):
            assert all(cell.value not in (None, "") for cell in row[:width]), (sheet.title, row[0].row)


def test_a_wide_sheet_is_printed_over_several_pages_with_its_names_on_each(written):
    wide = openpyxl.load_workbook(written.workbook)["Grants"]
    assert 16 < wide.max_column <= 32
    assert (wide.page_setup.fitToWidth, wide.page_setup.fitToHeight) == (2, 0)
    assert wide.print_title_cols == "$A:$A"
