"""What is fuzzed: the door of the tables, of a workbook, of the scenario, of brought grants, and of a run folder.

Each target takes bytes and puts them where a planner's file stands. Whatever they are, there is an answer or an
error of the program's own; anything else is raised and is a finding.
"""

from __future__ import annotations

import contextlib
import csv
import math
import shutil
from functools import partial
from typing import TYPE_CHECKING, Any

from allocator.errors import AllocatorError
from allocator.imports.dfe.data_set import import_dfe_neet
from allocator.runs.write import write_run
from allocator.scenario.distributions import read_given
from allocator.scenario.load import read_scenario
from allocator.tables.checking.all_checks import check_tables
from allocator.tables.columns import TABLES
from allocator.tables.write import write_workbook
from tests.helpers.builders import tiny_data, write_tables
from tests.helpers.formats import save
from tests.helpers.fuzzed_run import FuzzedRun
from tests.helpers.paper_dfe import all_rows, write, write_spending
from tests.helpers.written_lp import written_tables
from tests.runs.conftest import SETTINGS, solved

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCENARIO = f"""title = "Fuzzed"
data = "tables"
{SETTINGS}
[goal.weights]
north = 1.5
[budget.by_year]
"2005-06" = 190000
[prices]
inflation = 0.04
[targets.national]
"2005-06" = 0.12
"""
SAVED = (";", "xlsx", "ods")  # what else than CSV with commas a table is saved as
SHEET = """setting,value,what it does
title,Fuzzed,
goal.measure,cumulative,
budget.by_year.2005-06,190000,
grants.floor,0.9,share
grants.cap,1.1,
rules.soft,"target, guarantee",
"""
SPENDING = dict.fromkeys(("E1", "E2", "E3"), ("1000000", "1100000", "1200000", "1300000"))
STUDY = {"study": "one", "intervention": "coaching", "client_group": "neet", "effect": 0.04, "standard_error": None}
INTERVAL = {"ci_low": 0.01, "ci_high": 0.07, "sample": 400, "design": "trial", "year": 2017, "country": "England"}
STUDIES = [{**STUDY, **INTERVAL, "cost_per_place": 2200, "relevance": 0.5, "source": "made for a test"}]
SOURCE = {"table": "effects", "column": "effect", "part": "", "status": "assumed", "source": "", "note": "a guess"}
SOURCES = [{**SOURCE, "quality": "low", "owner": "the analysts", "date": "2004-11-30"}]
CLIENT_GROUPS = [{"client_group": "neet", "name": "Known to be NEET", "stays": 0.7}]


class Targets:
    """The targets, by name, in a folder of their own; seeds are the files that a planner would have."""

    def __init__(self, folder: Path) -> None:
        """Make the files to begin with. folder: an empty one, which alone is written to."""
        self.folder = folder
        tables = {**written_tables(), "studies": STUDIES, "sources": SOURCES, "client_groups": CLIENT_GROUPS}
        self.tables = write_tables(folder / "tables", tables)
        self.data = tiny_data(folder / "given")
        self.run = FuzzedRun(write_run(solved(folder / "solved"), folder / "run") if self._made("solved") else folder)
        write_workbook(check_tables(self.tables).data.tables, folder / "book.xlsx")  # type: ignore[union-attr] # sound
        (folder / "saved").mkdir()
        neet = write(folder / "neet.csv", all_rows()).read_bytes()
        spend = write_spending(folder / "spend.csv", SPENDING).read_bytes()
        pairs = [(p, t) for p in self.data.partnerships for t in self.data.years]
        given = "partnership,year,grant\n" + "".join(f"{p},{t},90000\n" for p, t in pairs)
        self.calls: dict[str, tuple[Callable[[bytes], object], bytes]] = {
            **{
                f"table {name}": (self._table(name), (self.tables / f"{name}.csv").read_bytes())
                for name in sorted(TABLES)
                if (self.tables / f"{name}.csv").is_file()
            },
            **{
                f"saved {name} {kind}": (partial(self._saved, name, kind), (self.tables / f"{name}.csv").read_bytes())
                for name in sorted(tables)
                for kind in SAVED
            },
            "workbook": (self._workbook, (folder / "book.xlsx").read_bytes()),
            "scenario": (self._scenario, SCENARIO.encode()),
            "override": (self._override, b"grants.formula.neet=0.5"),
            "grants": (self._grants, given.encode()),
            "sheet": (self._sheet, SHEET.encode()),
            "dfe neet": (partial(self._dfe, "neet.csv", neet), neet),
            "dfe spend": (partial(self._dfe, "spend.csv", spend), spend),
            **{f"run {name}": (partial(self.run.file, name), data) for name, data in sorted(self.run.sound.items())},
            "run": (self.run.folder, b"seed"),
        }
        self.before = self._everything()

    def call(self, name: str, data: bytes) -> bool:
        """Put bytes where a target's file stands; whether they were taken. Raises whatever is no answer."""
        try:
            return bool(self.calls[name][0](data))
        except AllocatorError as error:
            if not error.sentence():
                raise AssertionError("an error without a word") from error
            return False

    def intruders(self) -> set[str]:
        """Files that are there now and were not before: none should be."""
        return self._everything() - self.before

    def _made(self, name: str) -> bool:
        (self.folder / name).mkdir()
        return True

    def _everything(self) -> set[str]:
        return {p.relative_to(self.folder.parent).as_posix() for p in self.folder.parent.rglob("*")}

    def _table(self, name: str) -> Callable[[bytes], object]:
        file = self.tables / f"{name}.csv"
        sound = file.read_bytes() if file.is_file() else None

        def look(data: bytes) -> bool:
            file.write_bytes(data)
            try:
                return check_tables(self.tables).data is not None
            finally:
                file.write_bytes(sound) if sound is not None else file.unlink()

        return look

    def _workbook(self, data: bytes) -> bool:
        (self.folder / "book.xlsx").write_bytes(data)
        return check_tables(self.folder / "book.xlsx").data is not None

    def _saved(self, name: str, kind: str, data: bytes) -> bool:
        """The tables in another format, the changed one among them."""
        folder = self.folder / "saved"
        try:
            cells = {**{path.stem: _cells(path.read_bytes()) for path in self.tables.glob("*.csv")}, name: _cells(data)}
            return check_tables(save(folder, cells, kind)).data is not None
        finally:
            shutil.rmtree(folder)
            folder.mkdir()

    def _sheet(self, data: bytes) -> object:
        folder = self.folder / "saved"
        try:
            return read_scenario(save(folder, {"scenario": _cells(data)}, "ods" if len(data) % 2 else "xlsx"))
        finally:
            shutil.rmtree(folder)
            folder.mkdir()

    def _dfe(self, name: str, sound: bytes, data: bytes) -> object:
        """A data set from the Department's files, one of them changed."""
        made = self.folder / "imported"
        (self.folder / name).write_bytes(data)
        try:
            return import_dfe_neet([self.folder / "neet.csv"], made, spend=self.folder / "spend.csv")
        finally:
            (self.folder / name).write_bytes(sound)
            shutil.rmtree(made, ignore_errors=True)

    def _scenario(self, data: bytes) -> object:
        (self.folder / "tables" / "scenario.toml").write_bytes(data)
        try:
            return read_scenario(self.folder / "tables" / "scenario.toml")
        finally:
            (self.folder / "tables" / "scenario.toml").unlink()

    def _override(self, data: bytes) -> object:
        return read_scenario("settlement", [data.decode("utf-8", "surrogateescape")])

    def _grants(self, data: bytes) -> bool:
        file = self.folder / "given" / "grants.csv"
        file.write_bytes(data)
        try:
            return bool(read_given(file, self.data).size)
        finally:
            file.unlink()


def _cells(data: bytes) -> list[list[Any]]:
    """A table's text as cells, numbers as numbers; without what no cell of a workbook can hold."""
    text = "".join(c for c in data.decode("utf-8", "replace") if c.isprintable() or c in "\r\n\t\u00a0\u202e")
    with contextlib.suppress(csv.Error):
        return [[_cell(cell[:30_000]) for cell in row] for row in csv.reader(text.splitlines())] or [[]]
    return [[text[:30_000]]]


def _cell(text: str) -> Any:
    try:
        return float(text) if math.isfinite(float(text)) and not text.startswith("0") else text
    except ValueError:
        return text
