"""Every guard of the door holds in every format: CSV with commas, CSV with semicolons, .xlsx and .ods."""

import pytest

from allocator.tables.checking.all_checks import check_tables
from tests.helpers.formats import FORMATS, Error, Uncalculated, grids, label, save
from tests.helpers.paper_tables import paper_tables


def put(table, row, column, cell):
    """Puts a cell; row as the planner counts, the headings being row 1."""

    def change(cells):
        at = cells[table][0].index(column)
        cells[table][row - 1][at] = cell

    return change


def put_rows(table, at, *rows):
    """Puts rows before the one that is at now, filled with blanks to the width of the table."""

    def change(cells):
        width = len(cells[table][0])
        cells[table][at - 1 : at - 1] = [[*row, *[""] * (width - len(row))] for row in rows]

    return change


def put_column(table, heading, *values):
    def change(cells):
        for number, row in enumerate(cells[table]):
            row.append(heading if number == 0 else values[(number - 1) % len(values)])

    return change


def rename(table, column, heading):
    return put(table, 1, column, heading)


def write_everywhere(table, column, change_one):
    def change(cells):
        at = cells[table][0].index(column)
        for row in cells[table][1:]:
            row[at] = change_one(row[at])

    return change


def without_rows(table, column, value):
    def change(cells):
        at = cells[table][0].index(column)
        cells[table] = [row for number, row in enumerate(cells[table]) if number == 0 or row[at] != value]

    return change


def together(*changes):
    return lambda cells: [change(cells) for change in changes]


def regions(one, other):
    """Two partnerships in regions of these names; what is meant by the region's target is the first."""
    return together(
        put("partnerships", 2, "region", one), put("partnerships", 3, "region", other), put("targets", 3, "name", one)
    )


def in_every_table(cells):
    """Puts England, the sum of all partnerships, into each table that has to have it."""
    for table, keys in (("partnerships", 0), ("young_people", 2), ("workforce", 1)):
        headings, *rows = cells[table]
        sums = {}
        for row in rows:
            sums.setdefault(tuple(row[1 : 1 + keys]), []).append(row)
        for key, same in sums.items():
            added = [
                sum(of_one) if all(isinstance(cell, int | float) for cell in of_one) else "England"
                for of_one in zip(*same, strict=True)
            ]
            cells[table].append(["England", *key, *added[1 + keys :]])
        at = headings.index("area_cost_factor") if table == "partnerships" else None
        if at is not None:
            cells[table][-1][at : at + 2] = [1, 1]
            for column in ("map_column", "map_row"):
                cells[table][-1][headings.index(column)] = ""


SLASHES = write_everywhere("young_people", "year", lambda year: year.replace("-", "/"))
ONLY_WORKBOOKS = ("xlsx", "ods")
# What is changed, and what is then found: severity, code, table, row, column.
GUARDS = {
    "an error": (put("workforce", 3, "fte", Error("#N/A")), [("fault", "error-cell", "workforce", "3", "fte")]),
    "an error where a blank may be": (
        put("interventions", 2, "exclusive_set", Error("#REF!")),
        [("fault", "error-cell", "interventions", "2", "exclusive_set")],
    ),
    "a row of errors": (
        put_rows("capacities", 3, [Error("#N/A")] * 4),
        [("fault", "error-cell", "capacities", "3", "partnership")],
    ),
    "an error in the last row and column": (
        put("targets", 3, "reduction_share", Error("#VALUE!")),
        [("fault", "error-cell", "targets", "3", "reduction_share")],
    ),
    "an error as a heading": (put("years", 1, "budget", Error("#NAME?")), [("fault", "error-cell", "years", "1", "B")]),
    "another table under the name": (
        lambda cells: cells.update(years=cells["grades"]),
        [("fault", "missing-column", "years", "1", "")],
    ),
    "a row with one cell filled": (
        put_rows("workforce", 3, ["# mine"]),
        [("fault", "blank-cell", "workforce", "3", "")],
    ),
    "a grade by another name": (
        write_everywhere("workforce", "grade", lambda grade: "front_line" if grade == "support" else grade),
        [("fault", "unknown-name", "workforce", "2", "grade")],
    ),
    "what a partnership is called": (
        together(put("partnerships", 2, "name", "The Dales"), put("workforce", 2, "partnership", "the dales")),
        [("note", "spelling", "workforce", "2", "partnership")],
    ),
    "places in thousands": (
        write_everywhere("capacities", "places", lambda places: places / 1000),
        [("warning", "looks-like-thousands", "capacities", "", "places")],
    ),
    "posts in thousands": (
        write_everywhere("workforce", "fte", lambda fte: fte / 1000),
        [("warning", "looks-like-thousands", "workforce", "", "fte")],
    ),
    "no uptake": (
        write_everywhere("effects", "max_uptake", lambda _: 0),
        [("warning", "nothing-to-do", "effects", "", "max_uptake")],
    ),
    "a column too narrow": (put("years", 2, "budget", "#####"), [("fault", "error-cell", "years", "2", "budget")]),
    "yes for true": (put("grades", 3, "recruitable", "Yes"), []),
    "n for false": (put("grades", 2, "recruitable", "n"), []),
    "1 for true": (put("grades", 3, "recruitable", 1), []),
    "0 for false": (put("grades", 2, "recruitable", 0), []),
    "a blank": (put("years", 2, "budget", ""), [("fault", "blank-cell", "years", "2", "budget")]),
    "a region's double space": (
        together(
            put("partnerships", 2, "region", "Up land"),
            put("partnerships", 3, "region", "Up  land"),
            put("targets", 3, "name", "Up land"),
        ),
        [("fault", "near-twin", "partnerships", "3", "region")],
    ),
    "a channel in capitals": (
        put("capacities", 2, "channel", "Centre"),
        [("fault", "near-twin", "capacities", "2", "channel")],
    ),
    "a client group in capitals": (
        put("young_people", 4, "client_group", "At_Risk"),
        [("fault", "near-twin", "young_people", "4", "client_group")],
    ),
    "a scope's name in capitals": (
        put("targets", 3, "name", "UPLAND"),
        [("fault", "near-twin", "targets", "3", "name")],
    ),
    "a scope in capitals": (put("targets", 3, "scope", "Region "), []),
    "a key in capitals": (
        put("workforce", 2, "partnership", "North"),
        [("note", "spelling", "workforce", "2", "partnership")],
    ),
    "a heading in capitals and spaces": (rename("years", "headcount_limit", " Headcount Limit"), []),
    "a heading with its unit": (rename("years", "budget", "Budget (£)"), []),
    "a heading in thousands": (
        rename("years", "budget", "budget (£000)"),
        [("fault", "heading-unit", "years", "1", "budget")],
    ),
    "an index of 100": (
        write_everywhere("years", "price_index", lambda _: 102.5),
        [("warning", "looks-like-per-cent", "years", "", "price_index")],
    ),
    "a multiple in per cent": (
        put("partnerships", 2, "area_cost_factor", 104),
        [("warning", "looks-like-per-cent", "partnerships", "2", "area_cost_factor")],
    ),
    "a share in per cent": (put("grades", 2, "attrition", 10), [("fault", "out-of-range", "grades", "2", "attrition")]),
    "salaries in thousands": (
        write_everywhere("grades", "salary", lambda pounds: pounds / 1000),
        [("warning", "looks-like-thousands", "grades", "", "salary")],
    ),
    "budgets in millions": (
        write_everywhere("years", "budget", lambda pounds: pounds / 1_000_000),
        [("warning", "looks-like-millions", "years", "", "budget")],
    ),
    "hours in days": (
        write_everywhere("grades", "productive_hours", lambda _: 200),
        [("warning", "looks-like-days", "grades", "", "productive_hours")],
    ),
    "a typographic minus": (
        put("effects", 3, "effect", "−0.01"),
        [("note", "number-format", "effects", "3", "effect"), ("note", "no-good-effect", "effects", "3", "effect")],
    ),
    "an amount as accounts write it": (
        put("effects", 3, "effect", "(0.01)"),
        [("fault", "not-a-number", "effects", "3", "effect")],
    ),
    "a suppressed figure": (put("workforce", 2, "fte", "[c]"), [("fault", "not-a-number", "workforce", "2", "fte")]),
    "no-break spaces": (
        put("years", 2, "budget", "200\u00a0000"),
        [("note", "number-format", "years", "2", "budget")],
    ),
    "a title above": (
        put_rows("years", 1, ["Budgets of the programme"], [""]),
        [("note", "left-out", "years", "1", "")],
    ),
    "a source below": (
        put_rows("workforce", 6, [""], ["Source: returns of the year"]),
        [("note", "left-out", "workforce", "7", "")],
    ),
    "a total below": (put_rows("workforce", 6, ["Total", "", 5]), [("warning", "total-row", "workforce", "6", "")]),
    "a total without a name": (put_rows("workforce", 6, ["", "", 5]), [("warning", "total-row", "workforce", "6", "")]),
    "a total that is none": (
        put_rows("workforce", 6, ["Total", "", 6]),
        [("fault", "total-row", "workforce", "6", "")],
    ),
    "a total by the name of the whole": (
        put_rows("workforce", 6, ["England", "", 5]),
        [("warning", "total-row", "workforce", "6", "")],
    ),
    "a row of units": (
        put_rows("years", 2, ["", "£", "FTE", "persons", "1 = base year"]),
        [("note", "left-out", "years", "2", "")],
    ),
    "a table turned": (
        lambda cells: cells.update(grades=[list(row) for row in zip(*cells["grades"], strict=True)]),
        [("fault", "missing-column", "grades", "1", "")],
    ),
    "a letter of another alphabet": (
        put("capacities", 2, "channel", "\u0441entre"),
        [("fault", "near-twin", "capacities", "2", "channel")],
    ),
    "an accent": (
        together(
            put("partnerships", 2, "region", "Ynys M\u00f4n"),
            put("partnerships", 3, "region", "Ynys Mon"),
            put("targets", 3, "name", "Ynys Mon"),
        ),
        [("fault", "near-twin", "partnerships", "2", "region")],
    ),
    "an ampersand": (
        together(
            put("partnerships", 2, "region", "Yorkshire & the Humber"),
            put("partnerships", 3, "region", "Yorkshire and the Humber"),
            put("targets", 3, "name", "Yorkshire and the Humber"),
        ),
        [("fault", "near-twin", "partnerships", "2", "region")],
    ),
    "a check column": (put_column("years", "check", "ok"), [("note", "left-out", "years", "1", "")]),
    "figures beside": (
        together(put_column("years", "", "", ""), put_column("years", "", 5, 7)),
        [("note", "left-out", "years", "1", "")],
    ),
    "a section heading": (
        put_rows("effects", 3, ["For those at risk"]),
        [("fault", "blank-cell", "effects", "3", "")],
    ),
    "headings again": (
        lambda cells: put_rows("workforce", 4, list(cells["workforce"][0]))(cells),
        [("note", "left-out", "workforce", "4", "")],
    ),
    "a year that only others have": (
        without_rows("years", "year", "2005-06"),
        [("fault", "missing-row", "years", "", "year")],
    ),
    "a partnership that only others have": (
        without_rows("partnerships", "partnership", "south"),
        [("fault", "missing-row", "partnerships", "", "partnership")],
    ),
    "a partnership that no other has": (
        lambda cells: put_rows("partnerships", 4, ["west", *cells["partnerships"][1][1:]])(cells),
        [("fault", "missing-row", "partnerships", "4", "partnership")],
    ),
    "years another way in one table": (
        SLASHES,
        [("fault", "unknown-name", "young_people", "2", "year")],
    ),
    "years another way in their own": (
        write_everywhere("years", "year", lambda year: year.replace("-", "/")),
        [("fault", "unknown-name", "years", "2", "year")],
    ),
    "years taken for months": (
        lambda cells: [
            write_everywhere(table, "year", lambda year: {"2004-05": "May-04", "2005-06": "Jun-05"}[year])(cells)
            for table in ("young_people", "years", "capacities", "guarantees", "targets")
        ],
        [("fault", "date-cell", "years", "2", "year")],
    ),
    "no good effect": (
        write_everywhere("effects", "effect", lambda effect: -effect),
        [("warning", "no-good-effect", "effects", "2", "effect")],
    ),
    "a dotless i": (regions("Isle", "\u0131sle"), [("fault", "near-twin", "partnerships", "3", "region")]),
    "an article": (regions("North East", "The North East"), [("fault", "near-twin", "partnerships", "3", "region")]),
    "a comma": (regions("York North", "York, North"), [("fault", "near-twin", "partnerships", "3", "region")]),
    "a nought before": (regions("Zone 1", "Zone 01"), [("fault", "near-twin", "partnerships", "3", "region")]),
    "two zones": (regions("Zone 1", "Zone 2"), []),
    "t for true": (put("grades", 3, "recruitable", "t"), []),
    "true in another language": (
        put("grades", 3, "recruitable", "VRAI"),
        [("fault", "not-true-false", "grades", "3", "recruitable")],
    ),
    "a ditto mark": (
        put("workforce", 3, "partnership", '"'),
        [("fault", "blank-cell", "workforce", "3", "partnership")],
    ),
    "a character that cannot be seen in a number": (
        put("years", 2, "budget", "200000\u200b"),
        [("fault", "not-a-number", "years", "2", "budget")],
    ),
    "a heading in thousands, without brackets": (
        rename("years", "budget", "budget_k"),
        [("fault", "heading-unit", "years", "1", "budget")],
    ),
    "a heading in pence": (
        rename("years", "budget", "Budget (pence)"),
        [("fault", "heading-unit", "years", "1", "budget")],
    ),
    "a heading of a month's pay": (
        rename("grades", "salary", "Salary (per month)"),
        [("fault", "heading-unit", "grades", "1", "salary")],
    ),
    "a heading of an index of 100": (
        rename("years", "price_index", "Price index (2004-05 = 100)"),
        [("fault", "heading-unit", "years", "1", "price_index")],
    ),
    "a heading in prices of a year where cash is due": (
        rename("years", "budget", "Budget (2004-05 prices)"),
        [("warning", "heading-unit", "years", "1", "budget")],
    ),
    "headings in other words": (
        together(
            rename("years", "year", "Financial year"),
            rename("years", "budget", "Budgets*"),
            rename("partnerships", "partnership", "Partnership code"),
            rename("partnerships", "name", "Partnership name"),
        ),
        [],
    ),
    "another unit below the headings": (
        put_rows("years", 2, ["", "£m", "FTE", "persons", "1 = base"]),
        [("note", "left-out", "years", "2", ""), ("fault", "heading-unit", "years", "2", "budget")],
    ),
    "a line below the headings": (
        put_rows("years", 2, ["---"] * 5),
        [("note", "left-out", "years", "2", "")],
    ),
    "columns that are numbered": (
        put_rows("years", 2, [1, 2, 3, 4, 5]),
        [("note", "left-out", "years", "2", "")],
    ),
    "noughts copied too far": (
        put_rows("workforce", 6, ["", "", 0], ["", "", 0]),
        [("note", "left-out", "workforce", "6 and 7", "")],
    ),
    "a heading for each region": (
        put_rows("workforce", 3, ["Dales"], ["Moors"], ["Coast"], ["Isles"]),
        [("fault", "blank-cell", "workforce", "3", "")],
    ),
    "a total of all grades": (
        put_rows("workforce", 4, ["north", "All grades", 3]),
        [("warning", "total-row", "workforce", "4", "")],
    ),
    "a total called one that is none": (
        put_rows("years", 4, ["Total (£k)", 5000]),
        [("fault", "total-row", "years", "4", "")],
    ),
    "the country in every table": (
        in_every_table,
        [("warning", "total-row", "partnerships", "4", "partnership")],
    ),
    "rows of the country in one": (
        put_rows("workforce", 6, ["England", "support", 2], ["England", "adviser", 3]),
        [("fault", "unknown-name", "workforce", "6", "partnership")],
    ),
    "a column a year": (
        lambda cells: cells.update(
            capacities=[["partnership", "channel", "2004-05", "2005-06"], ["north", "centre", 30, 30]]
        ),
        [("note", "left-out", "capacities", "1", ""), ("fault", "missing-column", "capacities", "1", "year")],
    ),
    "an index that doubles": (
        put("years", 3, "price_index", 2),
        [("warning", "looks-like-rate", "years", "3", "price_index")],
    ),
    "a target in thousands": (
        put("targets", 3, "max_neet", 0.119),
        [("warning", "looks-like-thousands", "targets", "3", "max_neet")],
    ),
    "a guarantee of more than can be taken up": (
        put("guarantees", 2, "min_share", 1),
        [("warning", "cannot-be-kept", "guarantees", "2", "min_share")],
    ),
    "a channel by a slip": (
        put("capacities", 2, "channel", "centres"),
        [("warning", "unused-channel", "capacities", "2", "channel")],
    ),
    "days for years": (
        write_everywhere("years", "year", lambda year: f"01/04/{year[:4]}"),
        [("fault", "unknown-name", "years", "2", "year")],
    ),
    "a group by what it is called": (
        put("effects", 2, "client_group", "Known to be NEET"),
        [("note", "spelling", "effects", "2", "client_group")],
    ),
    "a standard error in per cent": (
        put("effects", 2, "standard_error", 2.5),
        [("warning", "looks-like-per-cent", "effects", "2", "standard_error")],
    ),
}


def found_in(location):
    return [(one.severity, one.code, one.table, one.row, one.column) for one in check_tables(location).faults]


@pytest.mark.parametrize("kind", FORMATS)
def test_each_guard_holds_in_each_format(tmp_path, kind):
    wrong = {}
    for number, (guard, (change, expected)) in enumerate(GUARDS.items()):
        cells = grids(paper_tables())
        change(cells)
        folder = tmp_path / str(number)
        folder.mkdir()
        found = found_in(save(folder, cells, kind))
        wanted = [(severity, code, label(kind, table), row, column) for severity, code, table, row, column in expected]
        if found != wanted:
            wrong[guard] = found
    assert wrong == {}


@pytest.mark.parametrize("kind", ONLY_WORKBOOKS)
def test_what_only_workbooks_have_is_seen_in_both(tmp_path, kind):
    cells = grids(paper_tables())
    put("workforce", 3, "fte", Uncalculated())(cells)
    path = save(
        tmp_path,
        cells,
        kind,
        hidden_rows={"young_people": [4, 5]},
        hidden_sheets=["capacities"],
        merged={"partnerships": [((2, 2), (3, 2))]},
    )
    found = found_in(path)
    assert found == [
        ("fault", "merged-cells", label(kind, "partnerships"), "2", "region"),
        ("note", "hidden", label(kind, "young_people"), "4 and 5", ""),
        ("fault", "error-cell", label(kind, "workforce"), "3", "fte"),
        ("note", "hidden", label(kind, "capacities"), "", ""),
    ]


def test_dots_between_thousands_are_asked_about_where_semicolons_part_the_cells(tmp_path):
    cells = grids(paper_tables())
    put("young_people", 2, "young_people", "1.400")(cells)
    save(tmp_path, cells, ";")
    assert found_in(tmp_path)[0] == ("warning", "dots", "young_people.csv", "2", "young_people")
    put("young_people", 3, "young_people", "100,5")(cells)
    save(tmp_path, cells, ";")
    codes = [(severity, code) for severity, code, *_ in found_in(tmp_path)]
    assert ("fault", "dots") in codes
    assert ("fault", "decimal-comma") in codes
