"""The workbook to begin with: what to edit, the settings, the tables, and what every column means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from allocator.scenario.describe import choices, kind, setting_names, wanted
from allocator.scenario.invalid import Key
from allocator.scenario.sheet import KEY, SHEET, VALUE
from allocator.scenario.toml import parse
from allocator.shipped import shipped_scenarios
from allocator.tables.columns import TABLES
from allocator.tables.dictionary import dictionary
from allocator.tables.sheets import FILL, KEY_FILL, OPTIONAL_FILL, TRUTH, Book, write_sheets
from allocator.tables.write import workbook_at

READ_ME, DICTIONARY = "read me", "dictionary"
# Settings that are tables of years: a row a year is offered, to be filled or left blank.
BY_YEAR = ("budget.by_year", "workforce.qualified_share", "targets.national")
GREY = "#7F7F7F"
EXAMPLE = re.compile(r'^# (?=[\w"-]+ = )', re.MULTILINE)  # before a setting that stands in a comment, to be tried
NO_LIMIT = re.compile(r"from (\S+) to [\d,]{8,}\d")  # a range whose end is far beyond any real programme


def write_starter(path: Path, tables: Mapping[str, Sequence[Mapping[str, Any]]], scenario: str) -> None:
    """Write the workbook. tables: rows as in DataSet.tables. scenario: the text of a commented scenario file.

    Raises AllocatorError where a cell is longer than a workbook can hold.
    """
    with workbook_at(path) as book:
        first = book.book.add_worksheet(READ_ME)
        settings = book.book.add_worksheet(SHEET)
        write_sheets(book, tables)
        meanings = book.book.add_worksheet(DICTIONARY)
        _read_me(book, first, path.name, tables)
        _scenario(book, settings, scenario, [row["year"] for row in tables["years"]])
        _dictionary(book, meanings)
        first.activate()


def _read_me(book: Book, sheet: Any, name: str, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Give what the workbook is, what to edit in which order, and how to go on."""
    title, bold, plain = book.format(bold=True, font_size=16), book.format(bold=True), book.format()
    code = book.format(font_name="Consolas")
    sheet.hide_gridlines(2)
    for column, width in enumerate((24, 14, 90)):
        sheet.set_column(column, column, width)
    steps = (
        ("What you decide", SHEET, "the goal, the money, the limits on grants and advisers: a row a setting"),
        ("What you know", "partnerships", "the tables, a sheet each, listed below"),
        (
            "Where it is from",
            "sources",
            "when you change a figure, change its row here too: published, derived or assumed",
        ),
    )
    sheet.write_string(0, 0, "Your allocation", title)
    sheet.write_string(
        1, 0, "Many figures in here are assumed, as a starting point. What follows from them is no finding."
    )
    sheet.write_string(3, 0, "Edit", bold)
    row = 4
    for what, where, said in steps:
        sheet.write_string(row, 0, what, plain)
        _link(book, sheet, row, 1, where)
        sheet.write_string(row, 2, said, plain)
        row += 1
    sheet.write_string(row + 1, 0, "Save it (as .xlsx or .ods), then", bold)
    for number, (command, said) in enumerate(
        (
            (f"allocator check {name}", "lists everything that is wrong, with its sheet and row, and what to do"),
            (f"allocator solve {name}", "finds the plan, proves it, and writes it to runs/"),
        ),
        start=row + 2,
    ):
        sheet.merge_range(number, 0, number, 1, command, code)
        sheet.write_string(number, 2, said, plain)
    row += 5
    sheet.write_string(row, 0, "Sheet", bold)
    sheet.write_string(row, 1, "Rows", bold)
    sheet.write_string(row, 2, "What it holds", bold)
    for name_of_table, rows in tables.items():
        row += 1
        table = TABLES[name_of_table]
        _link(book, sheet, row, 0, name_of_table)
        sheet.write_number(row, 1, len(rows), book.format(num_format="#,##0", align="left"))
        sheet.write_string(row, 2, table.meaning + (" May be left out." if table.optional else ""), plain)
    row += 1
    _link(book, sheet, row, 0, DICTIONARY)
    sheet.write_string(row, 2, "What every column means, its unit and range. Nothing is read from it.", plain)
    row += 2
    sheet.write_string(row, 0, "Colours and notes", bold)
    legend = (
        (KEY_FILL, "key", "no two rows of the sheet are alike in its dark columns"),
        (FILL, "needed", "may not be blank"),
        (OPTIONAL_FILL, "may be blank", "the note says what a blank means"),
    )
    for fill, word, said in legend:
        row += 1
        colour = "#FFFFFF" if fill == KEY_FILL else "#000000"
        sheet.write_string(row, 0, word, book.format(bg_color=fill, font_color=colour, bold=True, border=1))
        sheet.write_string(row, 2, said, plain)
    lines = (
        "Point at a heading: its note gives meaning, unit, range and what a blank means.",
        "Money is in pounds, shares are of 1 (0.05 is 5 per cent), codes and years are text.",
        "Sheets of your own may stand beside these; they are not read. A formula counts with the value it shows.",
    )
    for line in lines:
        row += 1
        sheet.write_string(row + 1, 0, line)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _link(book: Book, sheet: Any, row: int, column: int, name: str) -> None:
    look = book.format(font_color="#0563C1", underline=1)
    sheet.write_url(row, column, f"internal:'{name}'!A1", look, name)


def _scenario(book: Book, sheet: Any, text: str, years: Sequence[str]) -> None:
    """Give a row a setting: its key, its value, what it takes and what it does; sections are set apart."""
    sheet.set_tab_color("#C55A11")
    titles, widths = (KEY, VALUE, "takes", "what it does"), (40, 40, 46, 90)
    book.headings(sheet, titles, widths, frozen_columns=1)
    given, said = settings_of(text)
    before = ""
    for row, key in enumerate(_keys(given, years), start=1):
        edge = {"top": 1} if key[0] != before else {}
        before = key[0]
        look = {"valign": "top", **edge}
        sheet.write_string(row, 0, ".".join(key), book.format(bold=True, num_format="@", **look))
        takes, does = _takes(key), said.get(key) or said.get(key[:-1], "")
        _value(book, sheet, row, key, given.get(key), look)
        book.text(sheet, row, 2, takes, font_color=GREY, text_wrap=True, **look)
        book.text(sheet, row, 3, does, text_wrap=True, **look)
        book.tall(sheet, row, (str(given.get(key, "")), widths[1]), (takes, widths[2]), (does, widths[3]))
    sheet.autofilter(0, 0, row, len(titles) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _keys(given: Mapping[Key, Any], years: Sequence[str]) -> list[Key]:
    """Give the key of every row: each setting.

    Of tables of names those given, and a row a year where years are meant.
    """
    keys: list[Key] = [("title",), ("question",), ("extends",), ("data",)]
    for name in setting_names():
        key = tuple(name.split("."))
        within = [one for one in given if one[: len(key)] == key and len(one) > len(key)]
        if name in BY_YEAR:
            keys += [(*key, year) for year in dict.fromkeys([*years, *(one[-1] for one in within)])]
        elif key not in keys:
            keys += [key, *within]
    return keys


def settings_of(text: str) -> tuple[dict[Key, Any], dict[Key, str]]:
    """Give the values that a scenario file gives, and what its comments say, by key.

    What the file says nothing of has the comment of the default scenario.
    """
    values, said = _read(text)
    default = shipped_scenarios()["settlement"].read_text(encoding="utf-8")
    return values, {**_read(EXAMPLE.sub("", default))[1], **said, **BESIDE}


BESIDE = {
    ("title",): "Shown above every result.",
    ("question",): "What the plan is to answer.",
    ("extends",): "A scenario to start from: a blank value below is as there. Blank: what is left out is not in force.",
    ("data",): "Blank: the tables of this workbook.",
    ("tables",): "A table read from another file: a row of its own, such as tables.targets, with the file's name.",
    (
        "goal",
        "weights",
    ): "What a reduction counts for: a row of its own for each, such as goal.weights.harbour.",
}


def _read(text: str) -> tuple[dict[Key, Any], dict[Key, str]]:
    parsed = parse(text.encode(), "scenario.toml")
    lines = text.split("\n")
    values: dict[Key, Any] = {}
    said: dict[Key, str] = {}
    for key, line in parsed.lines.items():
        value: Any = parsed.values
        for part in key:
            value = value[part]
        if not isinstance(value, dict) and key != ("data",):
            values[key] = value
        if comment := lines[line - 1].rpartition(" # ")[2] if " # " in lines[line - 1] else "":
            said[key] = f"{comment[0].upper()}{comment[1:].rstrip(' .,;:')}."
    return values, said


def _takes(key: Key) -> str:
    """Give what the setting takes, as a cell: without the quotation marks that a file needs."""
    if key == ("extends",):
        return f"one of {', '.join(shipped_scenarios())}, or a file"
    words = wanted(key).replace("text in quotes", "text").replace('"none"', "none")
    if kind(key) == "list":
        return "names with commas between them"
    if kind(key) == "true/false":
        return "TRUE or FALSE"
    return NO_LIMIT.sub(r"of \1 or more", words)


def _value(book: Book, sheet: Any, row: int, key: Key, value: Any, look: Mapping[str, Any]) -> None:
    """Give the cell to edit, with what it offers."""
    cell = {"bg_color": "#FFF2CC", "border": 1, "align": "left", "text_wrap": True, **look}
    if value is None:
        sheet.write_blank(row, 1, None, book.format(**cell))
    elif isinstance(value, bool):
        sheet.write_boolean(row, 1, value, book.format(num_format=TRUTH, **cell))
    elif isinstance(value, int | float):
        shown = "#,##0" if float(value).is_integer() and abs(value) >= 10_000 else "General"
        sheet.write_number(row, 1, value, book.format(num_format=shown, **cell))
    else:
        book.text(sheet, row, 1, ", ".join(value) if isinstance(value, list) else value, num_format="@", **cell)
    offered = [word for word in choices(key) if isinstance(word, str)]
    if kind(key) == "text" and offered:
        sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": offered})
    elif kind(key) == "true/false":
        sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": ["TRUE", "FALSE"]})


def _dictionary(book: Book, sheet: Any) -> None:
    """Give every table and column in words."""
    sheet.set_tab_color(GREY)
    titles = ("sheet", "column", "holds", "unit", "range", "blank", "meaning")
    widths = (16, 20, 14, 30, 34, 12, 90)
    book.headings(sheet, titles, widths, frozen_columns=2)
    row = 0
    for table in dictionary().tables:
        for column in table.columns:
            row += 1
            cells = (table.name, column.name, column.kind, column.unit, column.range, column.blank, column.meaning)
            for position, cell in enumerate(cells):
                book.text(sheet, row, position, cell, text_wrap=position > 2, valign="top")
            book.tall(sheet, row, *zip(cells[3:], widths[3:], strict=True))
    sheet.autofilter(0, 0, row, len(titles) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
