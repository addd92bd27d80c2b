"""A run on the small data set and everything that is reported of it; readers of what was written."""

import csv
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from allocator import api
from allocator.analyses.init.starter import start_folder

MARKUP = "<img src=x onerror=alert(1)> & Sons"
FORMULA = '=HYPERLINK("http://example.org","Go")'
LONG = "The Partnership of the Upper and Lower Valleys and the Coast"  # 60 letters


@dataclass(frozen=True)
class Written:
    """A run folder and what was made of it."""

    run: Path
    page: Path
    brief: Path
    workbook: Path
    charts: Path
    statements: Path


def write_all(folder, *, names=(), overrides=()):
    """Solve the small data set and write every kind of report. names: of the first partnerships, in place of theirs."""
    started = start_folder(folder / "mine", "small", workbook=False)
    table = next((folder / "mine").rglob("partnerships.csv"))
    with table.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for row, name in zip(rows, names, strict=False):
        row["name"] = name
    with table.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    _, run = api.solve_and_write(str(started.folder / started.scenario), overrides, folder=folder / "run")
    made = Written(run, *(folder / name for name in ("plan.html", "brief.html", "plan.xlsx", "charts", "statements")))
    for output in (made.page, made.brief, made.workbook, made.charts):
        api.report(run, output)
    api.report(run, made.statements, each=True, docx=True, contact="The funding team, room 4.")
    return made


def read_csv(run, name):
    """A table of the run's plan, as rows of text by column."""
    with (run / "plan" / f"{name}.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def read_input(run, name):
    """A table of the run's inputs, likewise."""
    with (run / "inputs" / "tables" / f"{name}.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tables, self.texts, self.tags = {}, [], []
        self._rows, self._row, self._cell, self._inside = None, None, None, ""

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append((tag, found))
        self._inside = tag
        if tag == "table":
            self._rows = self.tables[found["id"]] = []
        elif tag == "tr" and self._rows is not None:
            self._row = []
            self._rows.append(self._row)
        elif tag in ("td", "th") and self._row is not None:
            self._cell = []

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self._cell is not None:
            self._row.append(" ".join("".join(self._cell).split()))
            self._cell = None
        elif tag == "table":
            self._rows = None
        self._inside = ""

    def handle_data(self, data):
        if self._inside not in ("style", "script"):
            self.texts.append(data)
        if self._cell is not None:
            self._cell.append(data)


def read_page(path):
    """A page's tables by id, as rows of text, its texts, and its tags with their attributes."""
    reader = _Reader()
    reader.feed(Path(path).read_text(encoding="utf-8"))
    return reader


def figure(shown):
    """A figure as a reader sees it: 1,234, −5, +3.2 %, £7; None for a dash."""
    plain = shown.replace(",", "").replace("−", "-").replace("+", "").replace("%", "").replace("£", "").strip()
    return None if plain == "–" else float(plain)
