"""Reads the problem files that HiGHS writes, exactly: the text of every number to the double nearest to it.

Only what HiGHS's own writer puts is taken (docs: MPS, one objective, continuous columns), so that there is one way
to read a file; anything else is refused. The objective's constant, if there is one, is left out of the problem.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from allocator.errors import RunError
from allocator.solving.solution import LinearProblem

if TYPE_CHECKING:
    from collections.abc import Callable

# fifty times the reference problem, which has 4 MB of text and 56,000 coefficients; more would be no problem of ours
MOST_BYTES = 250_000_000
MOST_NAMES = 1_000_000  # of rows, and of columns
MOST_COEFFICIENTS = 4_000_000
LONGEST_LINE = 300  # characters
_SECTIONS = ("NAME", "OBJSENSE", "ROWS", "COLUMNS", "RHS", "RANGES", "BOUNDS", "ENDATA")
_OBJECTIVE = -1


def read_mps(text: bytes, place: str = "problem.mps") -> LinearProblem:
    """The problem that an MPS text states; columns and rows in the order in which they are named.

    Free rows (N after the objective) keep their place, with no sides. A range R makes of a row with side U the two
    sides U and U - R (or + R), as doubles. place: what to call the text in messages.
    Raises RunError, with the line, for anything that HiGHS's writer would not have written.
    """
    return _Reader(place).read(text)


class _Reader:
    def __init__(self, place: str) -> None:
        self.place, self.number = place, 0
        self.maximise = False
        self.rows: dict[str, int] = {}
        self.kinds: list[str] = []
        self.columns: dict[str, int] = {}
        self.cost: list[float] = []
        self.row_of: list[int] = []
        self.column_of: list[int] = []
        self.values: list[float] = []
        self.doubles: dict[str, float] = {}
        self.sides: dict[int, float] = {}
        self.ranges: dict[int, float] = {}
        self.lower: list[float] = []
        self.upper: list[float] = []

    def read(self, text: bytes) -> LinearProblem:
        if len(text) > MOST_BYTES:
            self._refuse(f"found {len(text):,} bytes", f"at most {MOST_BYTES:,}")
        if not text.isascii():
            self._refuse("found bytes that are no ASCII text", "a problem file as HiGHS writes it")
        section, reached = "", -1
        handler: Callable[[list[str]], None] | None = None
        handlers = {
            "OBJSENSE": self._sense,
            "ROWS": self._row,
            "COLUMNS": self._coefficient,
            "RHS": self._side,
            "RANGES": self._range,
            "BOUNDS": self._bound,
        }
        for self.number, raw in enumerate(io.BytesIO(text), 1):
            line = raw[: LONGEST_LINE + 1].decode("ascii")
            words = line.split()
            if not words or len(line) > LONGEST_LINE:
                self._refuse("found a line that is blank, or very long", "lines as HiGHS writes them")
            if line[0] != " ":
                section = words[0]
                if section not in _SECTIONS or _SECTIONS.index(section) <= reached:
                    self._refuse(f"found {section[:40]!r}", f"the sections {', '.join(_SECTIONS)} in this order")
                reached = _SECTIONS.index(section)
                handler = handlers.get(section)
                if section == "COLUMNS":
                    self._rows_are_complete()
                if section == "ENDATA":
                    break
            elif handler is not None:
                handler(words)
            else:
                self._refuse(f"found {line.strip()[:40]!r} outside of a section", "one of the sections")
        if section != "ENDATA":
            self._refuse("found no end of the problem", "ENDATA")
        return self._problem()

    # --- one line of each section ----------------------------------------------------------------------------------

    def _sense(self, words: list[str]) -> None:
        if words not in (["MAX"], ["MIN"]):
            self._refuse(f"found {words[0][:40]!r}", "MAX or MIN")
        self.maximise = words == ["MAX"]

    def _row(self, words: list[str]) -> None:
        if len(words) != 2 or words[0] not in ("N", "L", "G", "E"):
            self._refuse("found no row", "a kind (N, L, G, E) and a name")
        kind, name = words
        if name in self.rows:
            self._refuse(f"found row {name[:40]!r} twice", "each row once")
        if not self.rows:
            if kind != "N":
                self._refuse(f"found {kind}", "the objective (N) as the first row")
            self.rows[name] = _OBJECTIVE
        else:
            self.rows[name] = len(self.kinds)
            self.kinds.append(kind)
            self._bounded()

    def _bounded(self) -> None:
        if max(len(self.rows), len(self.columns)) > MOST_NAMES or len(self.values) > MOST_COEFFICIENTS:
            wanted = f"at most {MOST_NAMES:,} rows and columns and {MOST_COEFFICIENTS:,} coefficients"
            self._refuse("found a problem that is too large", wanted)

    def _rows_are_complete(self) -> None:
        if not self.rows:
            self._refuse("found no objective", "the section ROWS before COLUMNS")

    def _coefficient(self, words: list[str]) -> None:
        column, last = self.columns.get(words[0]), len(self.columns) - 1
        if column is None:
            column = self.columns[words[0]] = last + 1
            self.cost.append(0.0)
            self._bounded()
        elif column != last:
            self._refuse(f"found column {words[0][:40]!r} in two places", "all of a column together")
        for row, value in self._entries(words):
            if row == _OBJECTIVE:
                self.cost[column] = value
            else:
                self.row_of.append(row)
                self.column_of.append(column)
                self.values.append(value)

    def _side(self, words: list[str]) -> None:
        for row, value in self._entries(words):
            if row != _OBJECTIVE:
                self._once(self.sides, row, value)

    def _range(self, words: list[str]) -> None:
        for row, value in self._entries(words):
            if row == _OBJECTIVE or self.kinds[row] == "N":
                self._refuse("found a range of a row without sides", "a range of a row of kind L, G or E")
            self._once(self.ranges, row, value)

    def _once(self, held: dict[int, float], row: int, value: float) -> None:
        if row in held:
            self._refuse("found a side of one row twice", "it once")
        held[row] = value

    def _bound(self, words: list[str]) -> None:
        if not self.lower:
            self.lower, self.upper = [0.0] * len(self.columns), [math.inf] * len(self.columns)
        kind = words[0]
        if kind not in ("UP", "LO", "FX", "FR", "MI", "PL") or len(words) != (3 if kind in ("FR", "MI", "PL") else 4):
            self._refuse("found no bound", "a kind (UP, LO, FX, FR, MI, PL), a name, a column and a number")
        column = self.columns.get(words[2])
        if column is None:
            self._refuse(f"found column {words[2][:40]!r}", "a column of the section COLUMNS")
        value = self._double(words[3]) if len(words) == 4 else math.inf
        if kind in ("LO", "FX"):
            self.lower[column] = value
        if kind in ("UP", "FX", "PL", "FR"):
            self.upper[column] = value
        if kind in ("MI", "FR"):
            self.lower[column] = -math.inf

    def _entries(self, words: list[str]) -> list[tuple[int, float]]:
        """The rows and numbers that follow the first word of a line."""
        if len(words) % 2 == 0 or len(words) < 3:
            self._refuse("found an incomplete line", "names of rows, each with a number")
        entries = []
        for at in range(1, len(words), 2):
            row = self.rows.get(words[at])
            if row is None:
                self._refuse(f"found row {words[at][:40]!r}", "a row of the section ROWS")
            entries.append((row, self._double(words[at + 1])))
        return entries

    def _double(self, word: str) -> float:
        value = self.doubles.get(word)  # the same numbers come again and again
        if value is not None:
            return value
        try:
            value = float(word) if len(word) <= 40 and "_" not in word else math.nan
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self._refuse(f"found {word[:40]!r}", "a finite number")
        self.doubles[word] = value
        return value

    # --- all of it --------------------------------------------------------------------------------------------------

    def _problem(self) -> LinearProblem:
        rows, columns = len(self.kinds), len(self.columns)
        if not self.lower:
            self.lower, self.upper = [0.0] * columns, [math.inf] * columns
        low, high = [-math.inf] * rows, [math.inf] * rows
        for row, kind in enumerate(self.kinds):
            side = self.sides.get(row, 0.0)  # the format: a side that is not given is 0
            if kind in ("L", "E"):
                high[row] = side
            if kind in ("G", "E"):
                low[row] = side
            if row in self.ranges:
                width = self.ranges[row]
                if kind == "G" or (kind == "E" and width > 0):
                    high[row] = side + abs(width)
                else:
                    low[row] = side - abs(width)
        row_of = np.array(self.row_of, dtype=np.int64)
        order = np.argsort(row_of, kind="stable")
        index, sorted_rows = np.array(self.column_of, dtype=np.int64)[order], row_of[order]
        again = (sorted_rows[1:] == sorted_rows[:-1]) & (index[1:] == index[:-1])
        if again.any():
            self._refuse("found two coefficients of one column in one row", "one")
        return LinearProblem(
            maximise=self.maximise,
            cost=np.array(self.cost, dtype=np.float64),
            lower=np.array(self.lower, dtype=np.float64),
            upper=np.array(self.upper, dtype=np.float64),
            row_lower=np.array(low, dtype=np.float64),
            row_upper=np.array(high, dtype=np.float64),
            starts=np.concatenate([[0], np.cumsum(np.bincount(row_of, minlength=rows))]).astype(np.int64),
            index=index,
            value=np.array(self.values, dtype=np.float64)[order],
        )

    def _refuse(self, found: str, wanted: str) -> NoReturn:
        where = f"{self.place}, line {self.number}" if self.number else self.place
        raise RunError(where, found, wanted, "Restore the file, or solve again.")
