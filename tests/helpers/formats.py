"""The same rows saved as a planner's programs save them: CSV with either separator, .xlsx, .ods."""

from __future__ import annotations

import csv
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from pathlib import Path

    from tests.helpers.builders import Tables

FORMATS = (",", ";", "xlsx", "ods")
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


@dataclass(frozen=True)
class Error:
    """A cell whose formula has this error; in a CSV file its text."""

    text: str


@dataclass(frozen=True)
class Uncalculated:
    """A formula that no program has worked out; nothing in a CSV file."""


def grids(tables: Tables) -> dict[str, list[list[Any]]]:
    """The tables as rows of cells, headings first."""
    return {name: [list(rows[0]), *(list(row.values()) for row in rows)] for name, rows in tables.items()}


def save(folder: Path, cells: dict[str, list[list[Any]]], kind: str, **look: Any) -> Path:
    """The rows in a format; returns the folder of CSV files, or the workbook.

    look: hidden_rows, hidden_sheets and merged of workbooks, as name to rows from 1, names, and name to ranges.
    """
    if kind == "xlsx":
        return _xlsx(folder / "mine.xlsx", cells, **look)
    if kind == "ods":
        return _ods(folder / "mine.ods", cells, **look)
    for name, rows in cells.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=kind).writerows([[_text(cell) for cell in row] for row in rows])
    return folder


def label(kind: str, table: str) -> str:
    """The table as faults name it."""
    return f"mine.{kind}, sheet {table}" if kind in ("xlsx", "ods") else f"{table}.csv"


def _text(cell: Any) -> Any:
    if isinstance(cell, Error):
        return cell.text
    return "" if isinstance(cell, Uncalculated) else cell


def _xlsx(path: Path, cells: dict[str, list[list[Any]]], **look: Any) -> Path:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in cells.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for position, cell in enumerate(row):
                    if isinstance(cell, Error):
                        sheet.write_formula(number, position, "=1/0", None, cell.text)
                    elif isinstance(cell, Uncalculated):
                        sheet.write_formula(number, position, "=A1", None, "")
                    elif cell is not None and cell != "":
                        sheet.write(number, position, cell)
            for row in look.get("hidden_rows", {}).get(name, ()):
                sheet.set_row(row - 1, None, None, {"hidden": True})
            if name in look.get("hidden_sheets", ()):
                sheet.hide()
            for first, last in look.get("merged", {}).get(name, ()):
                top, left = first
                sheet.merge_range(top - 1, left, last[0] - 1, last[1], rows[top - 1][left])
    return path


def _ods(path: Path, cells: dict[str, list[list[Any]]], **look: Any) -> Path:
    sheets = "".join(_ods_sheet(name, rows, look) for name, rows in cells.items())
    styles = (
        '<office:automatic-styles><style:style style:name="gone" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMESPACES} {CALC} office:version="1.2">'
        f"{styles}<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        book.writestr("content.xml", content)
        book.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest '
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
            'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            "</manifest:manifest>",
        )
    return path


def _ods_sheet(name: str, rows: list[list[Any]], look: Any) -> str:
    hidden = set(look.get("hidden_rows", {}).get(name, ()))
    merged = dict(look.get("merged", {}).get(name, ()))
    style = ' table:style-name="gone"' if name in look.get("hidden_sheets", ()) else ""
    lines = []
    for number, row in enumerate(rows, start=1):
        said = ' table:visibility="collapse"' if number in hidden else ""
        found = "".join(_ods_cell(cell, (number, position), merged) for position, cell in enumerate(row))
        lines.append(f"<table:table-row{said}>{found}</table:table-row>")
    return f"<table:table table:name={quoteattr(name)}{style}>{''.join(lines)}</table:table>"


def _ods_cell(cell: Any, place: tuple[int, int], merged: dict[tuple[int, int], tuple[int, int]]) -> str:
    span = ""
    if place in merged:
        down, across = merged[place][0] - place[0] + 1, merged[place][1] - place[1] + 1
        span = f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
    if isinstance(cell, Error):
        return (
            '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
            f'calcext:value-type="error"><text:p>{escape(cell.text)}</text:p></table:table-cell>'
        )
    if isinstance(cell, Uncalculated):
        return '<table:table-cell table:formula="of:=[.A1]"/>'
    if isinstance(cell, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(cell).lower()}"/>'
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
    if cell is None or cell == "":
        return "<table:table-cell/>"
    return f'<table:table-cell{span} office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
