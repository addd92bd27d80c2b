"""Fault: one thing that is wrong, with its place; the catalogue of the codes of tables; the list that gathers them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal

from allocator.results import Result, doc

Severity = Literal["fault", "warning", "note"]

# Of one code in one table this many are kept: a hostile file may hold millions, and nobody reads on after a few.
MOST_OF_A_CODE = 1000
# Slips of how files were saved, or of the wrong folder: in more tables than MOST_TABLES they are one.
ONE_CAUSE = (
    "missing-table",
    "encoding",
    "nul-byte",
    "separator",
    "decimal-comma",
    "error-cell",
    "number-format",
    "spelling",
)
MOST_TABLES = 3
# A cell longer than this is cut where it is shown.
LONGEST_SHOWN = 60


class Refusal(Result):
    """What is wrong, and where: in a table, a scenario, an option or a run."""

    code: str = doc("kind of fault, as in faults.md; usage, run, solver or refused where it is no fault of the input")
    table: str = doc("the file, sheet or option; blank where it is none")
    row: str = doc("the row; blank where it is none")
    column: str = doc("the column or setting; blank where it is none")
    found: str = doc("what was found")
    wanted: str = doc("what is wanted; blank where found says it")
    fix: str = doc("what to do; blank where that follows")


class Fault(Refusal):
    """One thing that was found wrong, or worth a word, in a table or a scenario.

    table: file or sheet as the user sees it ("effects.csv"; "mine.xlsx, sheet effects"; "mine.toml").
    row: as the user's program numbers it ("14", "23–25", "62 and 143"), a line number in a scenario, or "".
    column: the column, or the dotted key of a setting, or "". found, wanted, fix: clauses to be shown.
    severity: a "fault" stops the work; a "warning" and a "note" do not.
    """

    severity: Severity = doc("fault, warning or note; of faults of the tables and the scenario alone", default="fault")

    @property
    def place(self) -> str:
        """Where it is, as one phrase: "effects.csv, row 14, column client_group"; "mine.toml, line 14"."""
        parts = [self.table]
        in_scenario = self.table.endswith(".toml") or self.table == "overrides" or self.table.startswith("-")
        if self.row:
            word = "line" if in_scenario else "row"
            several = "–" in self.row or " and " in self.row
            parts.append(f"{word}{'s' if several else ''} {self.row}")
        if self.column and not in_scenario:
            parts.append(f"column {self.column}")
        elif self.column and self.column not in self.found:
            parts.append(self.column)
        return ", ".join(parts)


@dataclass(frozen=True)
class Code:
    """An entry of the catalogue: how grave it is, and what it says in one sentence."""

    severity: Severity
    meaning: str


def _fault(meaning: str) -> Code:
    return Code("fault", meaning)


CODES: Mapping[str, Code] = {
    # files
    "no-data-set": _fault("The place given is neither a folder of tables nor an .xlsx or .ods workbook."),
    "missing-table": _fault("A table that is needed has no file or sheet."),
    "unknown-table": _fault(
        "A CSV file of the folder, or a sheet of the workbook, is none of the tables: a fault where it looks like one "
        "that is missing, a warning where it may be one, else a note."
    ),
    "unreadable-file": _fault("The file cannot be opened, or is no ordinary file."),
    "file-too-large": _fault("The file, a sheet of it or a line of it is larger than any table should be."),
    "not-a-workbook": _fault("The workbook is damaged, locked with a password, or something else under its name."),
    "workbook-bomb": _fault("The workbook unpacks to far more than its size."),
    "encoding": _fault("The file is not UTF-8 text."),
    "nul-byte": _fault("The file holds NUL bytes, which no table does."),
    "broken-csv": _fault("Quotation marks in the CSV file do not pair up."),
    "separator": _fault("The columns are not parted by commas or semicolons, or whole lines are in quotation marks."),
    "empty-table": _fault("The file is empty, or a table that is needed has no rows."),
    # columns, rows and cells
    "missing-column": _fault("A column is not there."),
    "unknown-column": _fault("A column's heading is like that of a column which is missing."),
    "heading-unit": _fault("A heading says that its figures are in another unit than the column's."),
    "left-out": Code("note", "Rows or columns that are none of the table: titles, notes, columns of one's own."),
    "total-row": _fault("A row is called a total: left out, with a warning, if it is a sum; else a fault."),
    "merged-cells": _fault("Cells of the table are merged, so that only the first of them holds a value."),
    "hidden": Code("note", "Rows, or a sheet, are hidden or filtered out; they count all the same."),
    "duplicate-column": _fault("A column stands twice."),
    "ragged-row": _fault("A row has more or fewer cells than the header."),
    "cell-too-long": _fault("A cell has more than a million characters, or a name more than 200."),
    "control-character": _fault("A cell holds characters that cannot be seen or printed."),
    "blank-cell": _fault("A cell is blank where a value is needed."),
    "error-cell": _fault("A cell of the workbook holds an error, such as #REF!, or a formula without its value."),
    "date-cell": _fault("A cell of the workbook is a date where text or a number is needed."),
    "not-a-number": _fault("A cell is no number."),
    "not-finite": _fault("A cell is infinite or not-a-number."),
    "decimal-comma": _fault("A number is written with a decimal comma, or a comma in it can be read in two ways."),
    "dots": _fault("In a file with semicolons a dot may stand between thousands; a warning where it need not."),
    "not-whole": _fault("A number is not whole where it has to be."),
    "out-of-range": _fault("A number lies outside its column's range."),
    "negative-money": _fault("An amount of money is negative."),
    "not-true-false": _fault("A cell is neither true nor false."),
    "not-a-choice": _fault("A cell is none of the words that its column takes."),
    "number-format": Code(
        "note", "Thousands separators or pound signs were taken off numbers; a warning where digits may be lost."
    ),
    "spelling": Code(
        "note", "Names differ from their key in capitals or spaces alone, or are what it is called; taken as the key."
    ),
    "near-twin": _fault("A name is written in two ways that a reader takes for one."),
    "one-letter": Code("warning", "Two labels differ in one letter, so that they are two and may be meant as one."),
    # across rows and tables
    "duplicate-key": _fault("A key stands twice."),
    "unknown-name": _fault("A name is used that its own table does not have."),
    "plus-in-name": _fault("The name of an intervention holds a +, which joins names in guarantees."),
    "missing-row": _fault("Rows that are needed are not there."),
    "too-many-names": _fault("The tables name so many things that no plan over all of them can be made."),
    "nothing-to-do": Code(
        "warning", "All figures of a column are 0, so that nothing can be bought or gained; a note where one is."
    ),
    "nothing-to-share": _fault("All amounts that shares are formed of are zero."),
    "neet-over-people": _fault("More young people are NEET than there are."),
    "bands": _fault("The bands of an intervention are not numbered 1, 2, … without gaps."),
    "widths": _fault("The widths of an intervention's bands do not add up to 1."),
    "rising-returns": _fault("The relative effect rises from one band to the next."),
    "equal-ranks": _fault("Two grades have the same rank."),
    "training-terms": _fault("A grade below the top has no training cost or training hours."),
    "year-order": _fault("The years are not in ascending order."),
    "target-measure": _fault("A target has both max_neet and reduction_share, or neither."),
    "target-name": _fault("A national target has a name, or another has none."),
    "limit-name": _fault("A national limit has a name, or another has none."),
    "limit-sides": _fault("A limit has neither least nor most, or a least above its most."),
    "limit-columns": _fault("A limit names what it does not take: a group, an intervention, or all years together."),
    "study-error": _fault("A study has no standard error and no interval, or an interval the wrong way round."),
    "looks-like-thousands": Code("warning", "An amount looks like thousands of pounds where pounds are due."),
    "looks-like-millions": Code("warning", "An amount looks like millions of pounds where pounds are due."),
    "looks-like-rate": Code("warning", "A multiple looks like a rate or an uplift, a number like a share or per cent."),
    "looks-like-too-much": Code("warning", "An amount looks like pence, or has three noughts too many."),
    "looks-like-per-cent": Code("warning", "A multiple or share looks like a per cent, or an index of 100."),
    "looks-like-days": Code("warning", "Hours a year look like days, or like hours a week or a day."),
    "looks-like-months": Code("warning", "Pay looks like that of a month or a week, where a year's is due."),
    "looks-like-minutes": Code("warning", "Hours look like minutes."),
    "looks-odd": Code("warning", "A figure lies far outside of any programme's, or far from the others of its column."),
    "cannot-be-kept": Code("warning", "A guarantee is of more places than its interventions can fill."),
    "no-good-effect": Code(
        "warning", "No effect is above 0, so that nothing can be gained; a note where one is below 0."
    ),
    "no-effect": Code("note", "An intervention is offered to no client group, so it is never bought."),
    "unused-channel": Code("note", "Capacities name a channel that no intervention uses."),
    "not-offered": Code("note", "A guarantee, limit or study names an intervention that is not offered to its group."),
    "no-advisers": Code(
        "note", "A partnership has no advisers and no start_up_posts, so max_recruitment lets it recruit none."
    ),
    "top-grade-training": Code("note", "The top grade has training cost or hours, which are not used."),
    "more-faults": _fault("More of the same were found than are kept."),
}


def shown(value: object) -> str:
    """Give a cell's value as a fault shows it.

    Text in quotation marks, cut where long, unprintable characters escaped.
    """
    if not isinstance(value, str):
        return shown_number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
    return f"'{printable(value)}'"


def printable(text: str) -> str:
    """Give a text cut where long, with characters that cannot be printed escaped."""
    return _escaped(text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…")


def _escaped(text: str) -> str:
    """Give a text with characters that cannot be printed escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def shown_number(value: float) -> str:
    """Give a number as a fault shows it: 6,764; 0.95; at most six digits after the point."""
    if abs(value) >= 1e15 or (value and abs(value) < 1e-6):
        return f"{value:g}"
    return f"{value:,.6f}".rstrip("0").rstrip(".")


def shown_rows(rows: Sequence[int]) -> str:
    """Give row numbers as a fault shows them: "14", "23–25", "62 and 143", "3, 7 and 9"."""
    if not rows:
        return ""
    ordered = sorted(rows)
    if len(ordered) > 2 and all(after - before == 1 for before, after in pairwise(ordered)):
        return f"{ordered[0]}–{ordered[-1]}"
    first, last = [str(row) for row in ordered[:-1]], str(ordered[-1])
    return f"{', '.join(first)} and {last}" if first else last


@dataclass
class FaultList:
    """Gathers faults while tables are read and checked, and puts them in order.

    labels: each table's file or sheet as the user sees it. order: the columns of each table, tables in their order.
    """

    order: Mapping[str, Sequence[str]]
    labels: dict[str, str] = field(default_factory=dict)
    stops: bool = False  # whether any is a fault proper
    _kept: list[tuple[tuple[Any, ...], Fault]] = field(default_factory=list)
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def label(self, table: str) -> str:
        """Give the table as the user sees it; its name alone where it has not been found."""
        return self.labels.get(table, table)

    def add(
        self,
        code: str,
        table: str,
        rows: Sequence[int] = (),
        column: str = "",
        *,
        found: str,
        wanted: str = "",
        fix: str = "",
        severity: Severity | None = None,
    ) -> None:
        """Add a fault, as grave as the catalogue says if not told; beyond MOST_OF_A_CODE of a table it is only counted.

        A count.
        """
        severity = severity or CODES[code].severity
        self.stops = self.stops or severity == "fault"
        self._counts[table, code] += 1
        if self._counts[table, code] > MOST_OF_A_CODE:
            return
        found, wanted, fix = _escaped(found), _escaped(wanted), _escaped(fix)
        fault = Fault(code, self.label(table), shown_rows(rows), column, found, wanted, fix, severity)
        self._kept.append((self._place(table, min(rows, default=0), column), fault))

    def _place(self, table: str, row: int, column: str) -> tuple[Any, ...]:
        tables = list(self.order)
        known = table in self.order
        columns = list(self.order[table]) if known else []
        return (
            tables.index(table) if known else len(tables),
            "" if known else table,
            row,
            columns.index(column) if column in columns else -1,
        )

    def _one_of_a_cause(self, kept: list[tuple[tuple[Any, ...], Fault]]) -> list[tuple[tuple[Any, ...], Fault]]:
        """Give the faults, those that most tables have alike told once, at the first with the names of the others."""
        tables: dict[str, dict[str, Fault]] = {}
        for _, fault in kept:
            tables.setdefault(fault.code, {}).setdefault(fault.table, fault)
        for code in ONE_CAUSE:
            first, *others = tables.get(code, {}).values() or (None,)
            if first is not None and len(others) >= MOST_TABLES:
                also = f"{first.found}; and the same in {', '.join(other.table for other in others)}"
                place = next(place for place, fault in kept if fault is first)
                kept = [(at, fault) for at, fault in kept if fault.code != code]
                kept.append((place, replace(first, found=also)))
        return kept

    def in_order(self) -> tuple[Fault, ...]:
        """Give all faults in the order of the tables, then by row, then by column."""
        kept = self._one_of_a_cause(sorted(self._kept, key=lambda pair: pair[0]))
        for (table, code), count in self._counts.items():
            if count > MOST_OF_A_CODE:
                more = f"{count - MOST_OF_A_CODE:,} more of {code}"
                fault = Fault("more-faults", self.label(table), "", "", more, "", "", CODES[code].severity)
                kept.append((self._place(table, 1 << 60, ""), fault))
        return tuple(fault for _, fault in sorted(kept, key=lambda pair: pair[0]))
