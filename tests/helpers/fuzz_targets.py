"""What is fuzzed: the door of the tables, of a workbook, of the scenario, of brought grants, and of a run folder.

Each target takes bytes and puts them where a planner's file stands. Whatever they are, there is an answer or an
error of the program's own; anything else is raised and is a finding.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from allocator.errors import AllocatorError
from allocator.runs.files import MANIFEST, WORTH
from allocator.runs.files import TABLES as TABLES_OF_RUN
from allocator.runs.verify.verify import verify
from allocator.runs.write import write_run
from allocator.scenario.distributions import read_given
from allocator.scenario.load import read_scenario
from allocator.tables.checking.all_checks import check_tables
from allocator.tables.columns import TABLES
from allocator.tables.write import write_workbook
from tests.helpers.builders import tiny_data, tiny_tables, write_tables
from tests.helpers.sealed import reseal
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
"""
# What may be another and the run still certified, where its manifest is made anew: what verify says is not checked;
# duals that prove as much; tables for which the plan is the best as well, as where a standard error is another.
HARMLESS = (WORTH, "solution.json")
GUARANTEES = [{"year": "2004-05", "client_group": "at_risk", "interventions": "group_work", "min_share": 0.1}]
TARGETS = [{"scope": "national", "name": "", "year": "2005-06", "max_neet": None, "reduction_share": 0.5}]


class Targets:
    """The targets, by name, in a folder of their own; seeds are the files that a planner would have."""

    def __init__(self, folder: Path) -> None:
        """Make the files to begin with. folder: an empty one, which alone is written to."""
        self.folder = folder
        tables = tiny_tables(guarantees=GUARANTEES, targets=TARGETS)
        self.tables = write_tables(folder / "tables", tables)
        self.data = tiny_data(folder / "given")
        self.run = write_run(solved(folder / "solved"), folder / "run") if self._made("solved") else folder
        write_workbook(check_tables(self.tables).data.tables, folder / "book.xlsx")  # type: ignore[union-attr] # sound
        run_files = [p.relative_to(self.run).as_posix() for p in self.run.rglob("*") if p.is_file()]
        pairs = [(p, t) for p in self.data.partnerships for t in self.data.years]
        given = "partnership,year,grant\n" + "".join(f"{p},{t},90000\n" for p, t in pairs)
        self.calls: dict[str, tuple[Callable[[bytes], object], bytes]] = {
            **{
                f"table {name}": (self._table(name), (self.tables / f"{name}.csv").read_bytes())
                for name in sorted(TABLES)
                if (self.tables / f"{name}.csv").is_file()
            },
            "workbook": (self._workbook, (folder / "book.xlsx").read_bytes()),
            "scenario": (self._scenario, SCENARIO.encode()),
            "override": (self._override, b"grants.formula.neet=0.5"),
            "grants": (self._grants, given.encode()),
            **{f"run {name}": (self._run_file(name), (self.run / name).read_bytes()) for name in sorted(run_files)},
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

    def _run_file(self, name: str) -> Callable[[bytes], object]:
        """Verify the run with one file changed, as it is and, where the change is found, with the manifest made anew.

        Made anew it may pass where the change is harmless: another text of the same figures, or one of HARMLESS.
        """
        file, manifest = self.run / name, self.run / MANIFEST
        sound, listed = file.read_bytes(), manifest.read_bytes()

        def look(data: bytes) -> bool:
            file.write_bytes(data)
            try:
                certified = verify(self.run).certified
                if certified != (data == sound):
                    raise AssertionError(f"a run with another {name} is certified: {certified}")
                if name != MANIFEST and not certified:
                    reseal(self.run)
                    harmless = name in HARMLESS or name.startswith(f"{TABLES_OF_RUN}/") or _same_figures(sound, data)
                    if verify(self.run).certified and not harmless:
                        raise AssertionError(f"a run with another {name}, and a manifest for it, is certified")
            finally:
                file.write_bytes(sound)
                manifest.write_bytes(listed)
            return certified

        return look


def _same_figures(one: bytes, other: bytes) -> bool:
    """Whether two files say the same but for how numbers, blanks and line ends are written."""

    def figures(data: bytes) -> list[object]:
        words = re.split(r"[\s,;:\"'\[\]{}|]+", data.decode("utf-8", "replace").strip("\ufeff"))
        return [_number(word) for word in words if word]

    a, b = figures(one), figures(other)
    return len(a) == len(b) and all(
        x == y or (isinstance(x, float) and isinstance(y, float) and math.isclose(x, y, rel_tol=1e-6, abs_tol=0.01))
        for x, y in zip(a, b, strict=True)
    )


def _number(word: str) -> object:
    try:
        return float(word)
    except ValueError:
        return word
