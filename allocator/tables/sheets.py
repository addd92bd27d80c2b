"""The sheets of a workbook as a planner edits them: a sheet a table, each cell shown, explained and checked by column.

What is written reads back to the same tables: numbers with all their digits, whatever a format shows of them, and text
as text, which no program runs as a formula.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from allocator.errors import AllocatorError
from allocator.tables.columns import LARGEST, TABLES, Column
from allocator.tables.dictionary import dictionary
from allocator.tables.reading.cells import ESCAPED, RISKY

LONGEST_IN_WORKBOOK = 32_767  # characters a cell of a workbook can hold
NARROWEST, WIDEST = 9, 60  # characters
ROOM = 1_000  # rows below the last in which choices and ranges are offered too
LONGEST_CHOICES = 255  # characters of a list of choices
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_ -]*")
FONT = "Calibri"
SIZE = 11
LINE = 15  # points: the height of a line of that size

# How numbers of a unit are shown, where whole and where not. What a cell holds is not rounded.
TEXT, WHOLE, PENCE, ONE_PLACE, PARTS = "@", "#,##0", "#,##0.00", "#,##0.0##", "0.0#####"
TRUTH = '"TRUE";"TRUE";"FALSE"'  # LibreOffice holds truth values as 1 and 0, and would show them so
KEY_FILL, FILL, OPTIONAL_FILL = "#1F4E79", "#DDEBF7", "#F2F2F2"


class Exactly(float):
    """A number that is written with all its digits: XlsxWriter formats to 16, which loses the last bit."""

    def __format__(self, specification: str) -> str:
        """Give the shortest text that reads back to the same number, whatever is asked for."""
        return repr(float(self))


class Book:
    """A workbook being written, with the formats that its sheets share."""

    def __init__(self, book: Any) -> None:
        """Take the book, of XlsxWriter, which has no types."""
        self.book = book
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, **properties: Any) -> Any:
        """Give the format of these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"font_name": FONT, "font_size": SIZE, **properties})
        return self._formats[key]

    def text(self, sheet: Any, row: int, column: int, text: str, **properties: Any) -> None:
        """Write text as text: shown as it is, and still text after a planner has edited and left the cell."""
        prefix = {"quote_prefix": True} if RISKY.match(text) else {}
        # A cell of text is never run as a formula; only apostrophes that reading would take off get one more.
        sheet.write_string(
            row, column, f"'{text}" if ESCAPED.match(text) else text, self.format(**properties, **prefix)
        )

    def tall(self, sheet: Any, row: int, *texts: tuple[str, int]) -> None:
        """Make a row as high as its wrapped texts need, each with the width of its column in characters.

        Programs differ in whether they do so by themselves when they open a workbook.
        """
        lines = max(1 + sum(len(part) // width for part in text.split("\n")) for text, width in texts)
        if lines > 1:
            sheet.set_row(row, LINE * lines)

    def headings(self, sheet: Any, titles: Sequence[str], widths: Sequence[int], frozen_columns: int = 0) -> None:
        """Give a first row of headings that stays in sight, with a filter, over columns of these widths."""
        for position, (title, width) in enumerate(zip(titles, widths, strict=True)):
            sheet.write_string(0, position, title, self.format(bold=True, bg_color=FILL, border=1))
            sheet.set_column(position, position, width)
        sheet.freeze_panes(1, frozen_columns)


def write_sheets(book: Book, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Write a sheet for each of the tables given, in their order.

    Raises AllocatorError where a cell is longer than a workbook can hold.
    """
    explained = {entry.name: {column.name: column for column in entry.columns} for entry in dictionary().tables}
    lengths = {name: len(rows) for name, rows in tables.items()}
    for name, rows in tables.items():
        sheet = book.book.add_worksheet(name)
        sheet.set_tab_color(KEY_FILL)
        for position, column in enumerate(TABLES[name].columns):
            values = [row[column.name] for row in rows]
            _heading(book, sheet, position, column, _note(column, explained[name][column.name].blank))
            shown = _shown_as(column, values)
            sheet.set_column(position, position, _width(column, values, shown), book.format(**_look(shown)))
            for number, value in enumerate(values, start=1):
                if column.may_be_left_out and value == column.left_out:
                    continue  # a blank says the same, and what nobody has set is not in the way
                _cell(book, sheet, number, position, value, shown, f"{name}, row {number + 1}, column {column.name}")
            if choice := _choice(column, tables, lengths):
                sheet.data_validation(1, position, len(rows) + ROOM, position, choice)
        keys = len(TABLES[name].keys)
        sheet.freeze_panes(1, keys if keys < len(TABLES[name].columns) else 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(TABLES[name].columns) - 1)
        _for_printing(sheet)


def _for_printing(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _heading(book: Book, sheet: Any, position: int, column: Column, note: str) -> None:
    """Give a column's title with its unit and meaning as a note; keys are dark, what may be blank is grey."""
    look = {"bold": True, "border": 1, "valign": "vcenter", "bg_color": FILL}
    if column.key:
        look |= {"bg_color": KEY_FILL, "font_color": "#FFFFFF"}
    elif column.may_be_blank:
        look |= {"bg_color": OPTIONAL_FILL}
    sheet.write_string(0, position, column.name, book.format(**look))
    height = 18 * (2 + sum(1 + len(line) // 44 for line in note.split("\n")))
    sheet.write_comment(0, position, note, {"width": 300, "height": height, "author": "allocator", "font_size": 9})


def _note(column: Column, blank: str) -> str:
    """Give what a column holds, as a note: meaning, unit, what is taken, what a blank means."""
    kinds = {"name": "text", "true/false": "TRUE or FALSE", "choice": "one of"}
    within = ", ".join(column.choices) if column.choices else column.range_in_words()
    lines = [f"{column.meaning[0].upper()}{column.meaning[1:]}."]
    if column.unit:
        lines.append(f"Unit: {column.unit}")
    lines.append(f"Takes: {kinds.get(column.kind, f'a {column.kind}')} {within}".rstrip())
    if column.refers:
        lines.append(f"A name of the sheet {column.refers}")
    if column.key:
        lines.append("Part of the key: no two rows are alike in it")
    lines.append(f"Blank: {blank}" if blank else "May not be blank")
    return "\n".join(lines)


def _shown_as(column: Column, values: Sequence[Any]) -> str:
    """Give the number format of a column, which shows all that its values hold as far as that can be read."""
    if column.kind in ("name", "text", "choice"):
        return TEXT
    if column.kind == "true/false":
        return TRUTH
    whole = all(float(value).is_integer() for value in values if value is not None)
    if column.is_money:
        return WHOLE if whole else PENCE
    if column.kind == "whole number":
        return "0"  # ranks, bands, years: numbers that are no amounts
    if (column.high is not None and column.high <= 1) or column.unit.startswith("1 ="):
        return PARTS
    return WHOLE if whole and values else ONE_PLACE


def _width(column: Column, values: Sequence[Any], shown: str) -> int:
    """Make a column wide enough for the heading with its filter and for every code, up to what fits on a screen."""
    longest = len(column.name) + 4
    for value in values:
        if isinstance(value, str):
            longest = max(longest, len(value) + 2)
        elif value is not None and not isinstance(value, bool):
            longest = max(longest, len(f"{value:,.2f}" if shown != PARTS else f"{value:.6g}") + 2)
    return min(max(longest, NARROWEST), WIDEST)


def _cell(book: Book, sheet: Any, row: int, position: int, value: Any, shown: str, place: str) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, position, value, book.format(**_look(shown)))
    elif isinstance(value, int | float):
        sheet.write_number(row, position, Exactly(value), book.format(**_look(shown)))
    elif len(value) >= LONGEST_IN_WORKBOOK:
        raise AllocatorError(place, f"{len(value):,} characters", f"at most {LONGEST_IN_WORKBOOK:,}", "Use CSV files.")
    else:
        book.text(sheet, row, position, value, **_look(shown))


def _look(shown: str) -> dict[str, Any]:
    """Give how cells of a number format stand: text a little away from the number before it."""
    return {"num_format": shown, "indent": 1, "align": "left"} if shown == TEXT else {"num_format": shown}


def _choice(
    column: Column, tables: Mapping[str, Sequence[Mapping[str, Any]]], lengths: Mapping[str, int]
) -> dict[str, Any] | None:
    """Give what a cell offers and takes: a list of choices, the names of another sheet, or a range of numbers.

    A name that is not there yet may be typed all the same, since the other sheet may get it later; a number outside of
    its range may not.
    """
    if column.kind == "choice":
        return {"validate": "list", "source": list(column.choices), **_refused(f"One of {', '.join(column.choices)}.")}
    if column.kind == "true/false":
        return {"validate": "list", "source": ["TRUE", "FALSE"], **_refused("TRUE or FALSE.")}
    if column.refers in tables and column.name != "interventions":
        return _names(column, tables[column.refers], lengths[column.refers])
    if column.low is None or column.kind not in ("number", "whole number"):
        return None
    kind = "integer" if column.kind == "whole number" else "decimal"
    wanted = f"A {column.kind} {column.range_in_words()}; {column.unit}.".replace("; .", ".")
    if column.above_low or column.high == LARGEST:
        return {
            "validate": kind,
            "criteria": ">" if column.above_low else ">=",
            "value": column.low,
            **_refused(wanted),
        }
    limits = {"minimum": column.low, "maximum": column.high}
    return {"validate": kind, "criteria": "between", **limits, **_refused(wanted)}


def _names(column: Column, rows: Sequence[Mapping[str, Any]], length: int) -> dict[str, Any] | None:
    """Give the names of the sheet that the column refers to: its key where that is theirs alone, else those in use."""
    key = column.name if column.name in TABLES[column.refers].column_names else TABLES[column.refers].keys[0]
    said = {
        "error_type": "warning",
        "error_title": "Not in the list",
        "error_message": f"There is no such row in the sheet {column.refers} yet. Keep it?",
    }
    if TABLES[column.refers].keys == (key,):
        letter = chr(ord("A") + TABLES[column.refers].column_names.index(key))
        return {"validate": "list", "source": f"={column.refers}!${letter}$2:${letter}${length + ROOM}", **said}
    names = list(dict.fromkeys(row[key] for row in rows))
    usable = names and all(PLAIN_NAME.fullmatch(name) for name in names)
    if not usable or len(",".join(names)) > LONGEST_CHOICES:
        return None
    return {"validate": "list", "source": names, **said}


def _refused(wanted: str) -> dict[str, str]:
    return {"error_title": "Not taken", "error_message": wanted[:250]}
