"""Reads a run folder back: every file bounded in size, none that leads out of the folder."""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from allocator.errors import RunError, UsageError
from allocator.register import goals
from allocator.runs.contents import Contents, contents_of
from allocator.runs.files import GIVEN, MANIFEST, OUTSIDE, SCENARIO, TABLES, WORTH, closing_line
from allocator.runs.findings import (
    AtLimit,
    Dearest,
    Fixed,
    GivenUpOtherwise,
    GoalChange,
    Price,
    PriceOfCaution,
    Reasons,
    StageOfPlan,
    Why,
    Worth,
)
from allocator.runs.frames import COLUMNS, PlanColumn, Table
from allocator.runs.problem import MOST_BYTES, Keys, read_added, read_mps
from allocator.runs.write import WRITING, refuse_name
from allocator.scenario.canonical import settings_from_toml
from allocator.scenario.load import Scenario
from allocator.scenario.settings import Settings
from allocator.solving.solution import (
    CERTIFIED,
    Figures,
    LinearProblem,
    RowPrice,
    Solution,
    StageProof,
    StageRecord,
    extended,
)
from allocator.tables import read_data
from allocator.tables.dataset import DataSet, Floats
from allocator.tables.reading.cells import ESCAPED
from allocator.tables.reading.csv_file import BrokenCsvError, rows_of_text

MOST_TEXT = 50_000_000  # bytes of a table or a JSON file: the reference run's largest has 1 MB
PLAIN_HEADER = slice(3, 8)  # of a gzip file: what else the header holds, and a time; 0 as runs are written
MOST_PLANNED = 100  # years planned one by one
_FIX = "Restore the file, or solve again."


class RunFolder:
    """A run folder as found; each part is read when it is asked for, and then kept.

    Every part raises AllocatorError where it cannot be read or is not what a run holds.
    """

    def __init__(self, run: str | Path) -> None:
        """Raise RunError where there is no folder, or its name is refused; UsageError for what is no path."""
        if not isinstance(run, str | Path):
            raise UsageError("", f"found {type(run).__name__}", "a run folder", "A plan is written to one by its save.")
        self.run = Path(run)
        refuse_name(self.run)
        if not self.run.is_dir():
            raise RunError(str(run), "found no run folder", "a folder that `allocator solve` wrote")
        if WRITING in self.run.name:
            raise RunError(str(run), "found a run that was cut off while it was written", "a whole one", "Solve again.")

    @cached_property
    def contents(self) -> Contents:
        """What lies in the folder: the run's files, what a desktop left, and what has no place in a run."""
        try:
            return contents_of(self.run)
        except OSError as error:
            self._refuse("", f"the folder cannot be read: {error.strerror or error}", "a run folder")

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every file of the run, by its path in the folder, sorted; what is no part of it is left out."""
        return self.contents.files

    def content(self, path: str) -> bytes:
        """Give the bytes of one file, as many as a file of a run may have."""
        if path not in self.paths:
            self._refuse(path, "found no such file", "a whole run folder")
        with (self.run / path).open("rb") as stream:
            content = stream.read(MOST_TEXT + 1)
        if len(content) > MOST_TEXT:
            self._refuse(path, f"found more than {MOST_TEXT:,} bytes", "a file of a run")
        return content

    @cached_property
    def altered(self) -> tuple[str, ...]:
        """What is not as the manifest says, a sentence a file; empty for a run as it was written.

        Raises RunError where there is no manifest. Whoever changes a file can make the manifest anew: that the files
        agree with it is no proof, `allocator verify` is.
        """
        text = self.content(MANIFEST)
        body, last = text[: text.rstrip(b"\n").rfind(b"\n") + 1], text[text.rstrip(b"\n").rfind(b"\n") + 1 :]
        wrong = list(self.contents.strangers)
        if last != closing_line(body).encode():
            wrong.append(f"{MANIFEST} is not the file that was written")
        try:
            expected = {str(path): str(digest) for path, digest in self.manifest["files"].items()}
        except (KeyError, TypeError, AttributeError):
            return (*wrong, f"{MANIFEST} lists no files")
        there = [path for path in self.paths if path not in OUTSIDE]
        for path in sorted({*expected, *there}):
            if path not in expected:
                wrong.append(f"{path} is not in the manifest")
            elif path not in there:
                wrong.append(f"{path} is missing")
            elif hashlib.sha256(self.content(path)).hexdigest() != expected[path]:
                wrong.append(f"{path} is not the file that was written")
        return tuple(wrong)

    @cached_property
    def manifest(self) -> Any:
        """What the manifest says, whatever its digest."""
        return self.json(MANIFEST)

    def json(self, path: str) -> Any:
        """Give a JSON file; numbers that are not finite, and a key that stands twice, are refused."""

        def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            found = dict(pairs)
            if len(found) < len(pairs):
                self._refuse(path, "found a key that stands there twice", "each key once")
            return found

        def no_number(word: str) -> NoReturn:
            self._refuse(path, f"found {word}", "numbers alone")

        try:
            return json.loads(self.content(path).decode(), parse_constant=no_number, object_pairs_hook=once)
        except (ValueError, RecursionError):
            self._refuse(path, "found text that is not JSON", "the file that was written")

    @cached_property
    def settings(self) -> Settings:
        """The scenario's settings, from the run's own copy."""
        try:
            return settings_from_toml(self.content(SCENARIO).decode())
        except (ValueError, RecursionError):
            self._refuse(SCENARIO, "found settings that cannot be read", "the file that was written")

    @cached_property
    def data(self) -> DataSet:
        """The data set, from the run's own copy of the tables. Raises InvalidInput with every fault."""
        if not any(path.startswith(f"{TABLES}/") for path in self.paths):
            self._refuse(TABLES, "found no tables", "a whole run folder")
        return read_data(self.run / TABLES)

    @cached_property
    def given(self) -> Floats | None:
        """[p, t] £: the grants that were brought, where the distribution is given."""
        if GIVEN not in self.paths:
            return None
        pairs = [(p, t) for p in self.data.partnerships for t in self.data.years]
        columns = (PlanColumn("partnership", "", ""), PlanColumn("year", "", ""), PlanColumn("grant", "£", ""))
        table = self._table(GIVEN, columns)
        self._keys(GIVEN, table, ("partnership", "year"), pairs)
        return self._numbers(GIVEN, table, "grant", len(self.data.partnerships), len(self.data.years))

    def table(self, name: str) -> Table:
        """Give one of the plan's tables as columns: text, numbers, None where a cell is blank."""
        if name not in self._tables:
            self._tables[name] = self._table(f"plan/{name}.csv", COLUMNS[name])
        return self._tables[name]

    @cached_property
    def _tables(self) -> dict[str, Table]:
        return {}

    def _table(self, path: str, columns: tuple[PlanColumn, ...]) -> Table:
        names = [column.name for column in columns]
        rows: list[list[str]] = []
        try:
            for line, row in rows_of_text(self.content(path).decode()):
                if line == 1 and row != names:
                    self._refuse(f"{path}, row 1", "found other columns", ", ".join(names))
                if len(row) != len(names):
                    self._refuse(f"{path}, row {line}", f"found {len(row)} cells", f"{len(names)} cells")
                rows.append(row)
        except (UnicodeDecodeError, BrokenCsvError):
            self._refuse(path, "found text that is not CSV", "the file that was written")
        if not rows:
            self._refuse(f"{path}, row 1", "found no columns", ", ".join(names))
        cells = list(zip(*rows[1:], strict=True)) or [()] * len(names)
        return {
            column.name: list(self._typed(path, column, values)) for column, values in zip(columns, cells, strict=True)
        }

    def _typed(self, path: str, column: PlanColumn, cells: tuple[str, ...]) -> Iterator[str | float | None]:
        for line, cell in enumerate(cells, 2):
            if not column.unit:
                yield cell[1:] if ESCAPED.match(cell) else cell
            elif not cell:
                yield None
            else:
                try:
                    value = float(cell) if "_" not in cell else math.nan
                except ValueError:
                    value = math.nan
                if not math.isfinite(value):
                    self._refuse(f"{path}, row {line}, column {column.name}", f"found {cell[:40]!r}", "a number")
                yield value

    @cached_property
    def figures(self) -> Figures:
        """Every decision, as plan/*.csv state it."""
        d = self.data
        p, t, a = len(d.partnerships), len(d.years), len(d.grades)
        pairs = [(partnership, year) for partnership in d.partnerships for year in d.years]
        grants, advisers, money = self.table("grants"), self.table("advisers"), self.table("money")
        self._keys("plan/grants.csv", grants, ("partnership", "year"), pairs)
        self._keys("plan/money.csv", money, ("partnership", "year"), pairs)
        by_grade = [(*pair, grade) for pair in pairs for grade in d.grades]
        self._keys("plan/advisers.csv", advisers, ("partnership", "year", "grade"), by_grade)
        moves = {
            name: self._numbers("plan/advisers.csv", advisers, name, p, t, a)
            for name in ("fte", "recruits", "redundancies", "training")
        }
        return Figures(
            places=self._places(),
            grant=self._numbers("plan/grants.csv", grants, "grant", p, t),
            carry=self._numbers("plan/money.csv", money, "carried", p, t),
            lapse=self._numbers("plan/money.csv", money, "lapsed", p, t),
            **moves,
        )

    def _places(self) -> Floats:
        d, path, table = self.data, "plan/places.csv", self.table("places")
        places = np.zeros((len(d.partnerships), len(d.years), *d.effect.shape, d.width.shape[1]))
        axes = (d.partnerships, d.years, d.interventions, d.client_groups)
        where = [{name: number for number, name in enumerate(names)} for names in axes]
        keys = zip(*(table[name] for name in ("partnership", "year", "intervention", "client_group")), strict=True)
        for line, (key, band, amount) in enumerate(zip(keys, table["band"], table["places"], strict=True), 2):
            known = [index.get(word, -1) for index, word in zip(where, key, strict=True)]
            place = (*known, int(band or 0) - 1)
            if min(place) < 0 or place[4] >= places.shape[4] or amount is None or places[place]:
                self._refuse(f"{path}, row {line}", "found places that the tables do not offer, or twice", "a plan's")
            places[place] = amount
        return places

    def _keys(self, path: str, table: Table, names: tuple[str, ...], wanted: Sequence[tuple[str, ...]]) -> None:
        found = list(zip(*(table[name] for name in names), strict=True))
        if found != list(wanted):
            pairs = zip(found, wanted, strict=False)
            line = next(
                (n for n, (one, other) in enumerate(pairs, 2) if one != other), min(len(found), len(wanted)) + 2
            )
            self._refuse(f"{path}, row {line}", f"found {len(found)} rows that are not", "a row for each of the plan's")

    def _numbers(self, path: str, table: Table, name: str, *shape: int) -> Floats:
        values = table[name]
        if None in values:
            self._refuse(f"{path}, row {values.index(None) + 2}, column {name}", "found a blank", "a number")
        return np.array(values, dtype=np.float64).reshape(shape)

    @cached_property
    def proofs(self) -> tuple[StageProof, ...]:
        """What certifies the plan: of each stage the problem as its file states it, the plan and the duals."""
        try:
            return tuple(self._proofs(self.json("solution.json")["planned"]))
        except (KeyError, TypeError, ValueError):
            self._refuse("solution.json", "found a solution that is not whole", "the file that was written")

    def _proofs(self, planned: list[dict[str, Any]]) -> Iterator[StageProof]:
        bytes_left = MOST_BYTES  # of all problems together
        if len(planned) > MOST_PLANNED:
            self._refuse("solution.json", f"found {len(planned):,} years planned", f"at most {MOST_PLANNED}")
        for year in planned:
            named = [str(stage["stage"]) for stage in year["stages"]]
            if "goal" not in named or named != [stage for stage in CERTIFIED if stage in named]:
                wanted = f"goal, and of the others at most one each, in this order: {', '.join(CERTIFIED)}"
                self._refuse("solution.json", "found other stages than are proved", wanted)
            shared = _keys_of(year)
            plan = np.array(year["plan"], dtype=np.float64)
            goal: LinearProblem | None = None
            for stage in year["stages"]:
                text = self._unpacked(str(stage["file"]), bytes_left)
                bytes_left -= len(text)
                (columns, rows), added = _keys_of(stage), None
                if stage["stage"] in ("soft", "goal"):
                    problem = read_mps(text, str(stage["file"]))
                    goal = problem if stage["stage"] == "goal" else None
                else:
                    if goal is None:
                        self._refuse("solution.json", "found a later stage without a goal", "the goal before it")
                    sizes = (len(goal.cost), len(goal.row_lower))
                    added = read_added(text, str(stage["file"]), *sizes, columns, rows)
                    problem = extended(goal, added)
                columns, rows = shared[0] + columns, shared[1] + rows
                if len(columns) != len(problem.cost) or len(rows) != len(problem.row_lower):
                    self._refuse(str(stage["file"]), "found a problem of another size", "that of solution.json")
                values = np.concatenate([plan, np.array(stage["plan"], dtype=np.float64)])
                duals = np.array(stage["duals"], dtype=np.float64)
                yield StageProof(
                    str(stage["stage"]), str(year["year"]), problem, values, duals, columns, rows, text, added
                )

    @cached_property
    def stages(self) -> tuple[StageOfPlan, ...]:
        """How each stage ended and what it reached, as the summary has it."""
        try:
            return tuple(
                StageOfPlan(
                    str(stage["stage"]),
                    str(stage["year"]),
                    str(stage["outcome"]),
                    None if stage["value"] is None else float(stage["value"]),
                )
                for stage in self.json("solution.json")["stages"]
            )
        except (KeyError, TypeError, ValueError):
            self._refuse("solution.json", "found stages that are not whole", "the file that was written")

    def _unpacked(self, path: str, most: int) -> bytes:
        content, packed = self.content(path), zlib.decompressobj(wbits=31)
        if any(content[PLAIN_HEADER]):
            self._refuse(path, "found a gzip file with a name, a time or a text in its header", "none of them")
        try:
            text = packed.decompress(content, max(most, 1))  # 0 would be no limit
        except zlib.error:
            self._refuse(path, "found no gzip file", "the file that was written")
        if not packed.eof or packed.unused_data:
            self._refuse(path, "found a gzip file that is cut off, too large or longer than it says", "a whole one")
        return text

    @cached_property
    def solution(self) -> Solution:
        """What the solver found, as the run's files state it; how long each stage took is in the manifest."""
        said, times = self.json("solution.json"), self.json(MANIFEST).get("times", {})
        try:
            took = dict(enumerate(times.get("stages", ())))
            stages = tuple(StageRecord(**stage, seconds=took.get(n, 0.0)) for n, stage in enumerate(said["stages"]))
            return Solution(
                self.figures,
                self.proofs,
                self.prices,
                stages,
                str(said["solver"]),
                float(times.get("seconds", 0.0)),
                str(said["why_uncertified"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            self._refuse("solution.json", "found a solution that is not whole", "the file that was written")

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario of the run: its settings, with the run's own tables and grants."""
        said = self.json(MANIFEST)
        try:
            return Scenario(
                name=str(said["scenario"]),
                settings=self.settings,
                source=self.run / SCENARIO,
                overrides=tuple(map(str, said["overrides"])),
                data=self.run / TABLES,
                data_label=str(said["data"]),
                table_files={},
                grants_file=self.run / GIVEN if GIVEN in self.paths else None,
                sha256=str(said["settings_sha256"]),
                places={},
                of_run=True,
            )
        except (KeyError, TypeError):
            self._refuse(MANIFEST, "found a manifest that is not whole", "the file that was written")

    def reasons(self, goal: float) -> Reasons | None:
        """Give what more would be worth, where the run was asked; goal: what the plan reaches, constants included."""
        if WORTH not in self.paths:
            return None
        said = self.json(WORTH)
        try:
            prices = tuple(
                Price(
                    **{name: price[name] for name in ("of", "year", "step", "limit", "used")},
                    more=_change(price["more"]),
                    less=_change(price["less"]),
                    holds=None if price["holds"] is None else (float(price["holds"][0]), float(price["holds"][1])),
                )
                for price in said["prices"]
            )
            spared = _change(said["without_redundancies"])
            late = tuple(map(str, said["not_in_time"]))
            worth = Worth(goals.told(self.settings), goal, prices, float(said["redundancies"]), spared, late)
            why = tuple(Why(**{**one, "also": tuple(one["also"])}) for one in said["why"])
            full = said["recruiting"]
            recruiting = None if full is None else AtLimit(**{**full, "without": _change(full["without"])})
            fixed = tuple(
                Fixed(**{**one, "rules": tuple(one["rules"]), "more_room": _change(one["more_room"])})
                for one in said["fixed"]
            )
            cautious = said["caution"]
            other, dearest = said["otherwise"], said["dearest"]
            return Reasons(
                worth,
                why,
                _change(said["closeness"]),
                recruiting,
                fixed,
                None if other is None else GivenUpOtherwise(**other),
                None if said["most_in_all"] is None else float(said["most_in_all"]),
                _change(said["held_back"]),
                _change(said["bounded"]),
                None if dearest is None else _dearest(dearest),
                caution=None if cautious is None else PriceOfCaution(**{k: float(v) for k, v in cautious.items()}),
            )
        except (KeyError, TypeError, ValueError, IndexError):
            self._refuse(WORTH, "found reasons that are not whole", "the file that was written")

    @cached_property
    def prices(self) -> tuple[RowPrice, ...]:
        """The price of every row, from the goal stages' duals."""
        return tuple(
            RowPrice(key[0], key[1:], proof.year, dual)
            for proof in self.proofs
            if proof.stage == "goal" and len(proof.duals)  # a solver may give none
            for key, dual in zip(proof.rows, proof.duals.tolist(), strict=True)
        )

    def _refuse(self, path: str, found: str, wanted: str) -> NoReturn:
        raise RunError(path or str(self.run), found, wanted, _FIX)


def _keys_of(part: dict[str, Any]) -> tuple[Keys, Keys]:
    """Give the keys of the columns and of the rows that a part of solution.json names."""
    columns, rows = (tuple(tuple(map(str, key)) for key in part[name]) for name in ("columns", "rows"))
    return columns, rows


def _dearest(said: Any) -> Dearest:
    without = said["without"]
    return Dearest(str(said["rule"]), GoalChange(float(without["goal"]), float(without["shortfall"])))


def _change(said: Any) -> GoalChange | None:
    return None if said is None else GoalChange(float(said["goal"]), float(said["shortfall"]))
