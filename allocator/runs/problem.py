"""Reads the problem files that HiGHS writes, exactly: the text of every number to the double nearest to it.

Only what HiGHS's own writer puts is taken (docs: MPS, one objective, continuous columns), so that there is one way
to read a file; anything else is refused. The objective's constant, if there is one, is left out of the problem.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Iterator
from typing import NoReturn

import numpy as np

from allocator.errors import RunError
from allocator.solving.solution import Added, LinearProblem, Row, StageProof
from allocator.tables.dataset import Integers

Keys = tuple[tuple[str, ...], ...]

# fifty times the reference problem, which has 4 MB of text and 56,000 coefficients; more would be no problem of ours
MOST_BYTES = 250_000_000
MOST_NAMES = 1_000_000  # of rows, and of columns
MOST_COEFFICIENTS = 4_000_000
LONGEST_LINE = 300  # characters
_SECTIONS = ("NAME", "OBJSENSE", "ROWS", "COLUMNS", "RHS", "RANGES", "BOUNDS", "ENDATA")
_OBJECTIVE = -1


def read_mps(text: bytes, place: str = "problem.mps") -> LinearProblem:
    """Give the problem that an MPS text states; columns and rows in the order in which they are named.

    Free rows (N after the objective) keep their place, with no sides. A range R makes of a row with side U the two
    sides U and U - R (or + R), as doubles. place: what to call the text in messages.
    Raises RunError, with the line, for anything that HiGHS's writer would not have written.
    """
    return _Reader(place).read(text)


def added_text(proof: StageProof) -> bytes:
    """Give what a later stage's problem is beside the goal stage's, as MPS: objective, further columns, further rows.

    Columns and rows have the numbers of the whole problem; those that are not named are as in the goal stage's.
    Numbers are written by repr, which reads back to the same double.
    """
    added = proof.added
    assert added is not None  # noqa: S101 - the caller's part
    columns, rows = len(added.cost) - len(added.columns), len(proof.rows) - len(added.rows)
    return "".join(f"{line}\n" for line in _added_lines(added, columns, rows)).encode()


def _added_lines(added: Added, columns: int, rows: int) -> Iterator[str]:
    yield "NAME stage"
    yield "OBJSENSE"
    yield "  MAX" if added.maximise else "  MIN"
    yield "ROWS"
    yield " N  Obj"
    asked = [row.lower if math.isfinite(row.lower) else row.upper for row in added.rows]
    for number, row in enumerate(added.rows, rows):
        yield f" {'G' if math.isfinite(row.lower) else 'L'}  r{number}"
    yield "COLUMNS"
    entries: dict[int, list[str]] = {int(j): [f"Obj {float(added.cost[j])!r}"] for j in np.flatnonzero(added.cost)}
    for number, row in enumerate(added.rows, rows):
        for column, value in zip(row.columns.tolist(), row.coefficients.tolist(), strict=True):
            entries.setdefault(column, []).append(f"r{number} {value!r}")
    for column in sorted(entries):
        for entry in entries[column]:
            yield f" c{column} {entry}"
    yield "RHS"
    for number, side in enumerate(asked, rows):
        yield f" RHS r{number} {float(side)!r}"
    yield "BOUNDS"
    for number, upper in enumerate(added.upper.tolist(), columns):
        yield f" UP BND c{number} {upper!r}"
    yield "ENDATA"


def read_added(text: bytes, place: str, columns: int, rows: int, more_columns: Keys, more_rows: Keys) -> Added:
    """Give what added_text wrote. columns, rows: of the goal stage's problem. more_*: the keys of what is added.

    Raises RunError for anything that it would not have written.
    """
    reader = _Reader(place)
    part = reader.read(text)
    where = _numbers(reader, "c", reader.columns, columns + len(more_columns))
    new_rows = _numbers(reader, "r", [name for name in reader.rows if name != "Obj"], rows + len(more_rows))
    if new_rows.tolist() != list(range(rows, rows + len(more_rows))):
        reader.refuse("found other rows than are named", f"r{rows} to r{rows + len(more_rows) - 1}")
    known = where < columns
    if part.lower.any() or np.isfinite(part.upper[known]).any() or not np.isfinite(part.upper[~known]).all():
        reader.refuse("found other bounds than a stage adds", "an upper bound of each column added")
    if np.isfinite(part.row_lower).astype(int).sum() + np.isfinite(part.row_upper).astype(int).sum() != len(new_rows):
        reader.refuse("found a row with two sides", "one")
    cost, upper = np.zeros(columns + len(more_columns)), np.zeros(len(more_columns))
    cost[where] = part.cost
    upper[where[~known] - columns] = part.upper[~known]
    ends = [slice(int(part.starts[n]), int(part.starts[n + 1])) for n in range(len(new_rows))]
    added = tuple(
        Row(key, where[part.index[end]], part.value[end], float(low), float(high))
        for key, end, low, high in zip(more_rows, ends, part.row_lower, part.row_upper, strict=True)
    )
    return Added(part.maximise, cost, more_columns, upper, added)


def _numbers(reader: _Reader, letter: str, names: Iterable[str], count: int) -> Integers:
    """Give the numbers that names stand for: c17 for 17; below count, and in order."""
    found: list[int] = []
    for name in names:
        number = int(name[1:]) if name[:1] == letter and name[1:].isdecimal() and len(name) < 12 else -1
        if not (found[-1] if found else -1) < number < count:
            reader.refuse(f"found {name[:40]!r}", f"names from {letter}0 to {letter}{count - 1}, in order")
        found.append(number)
    return np.array(found, dtype=np.int64)


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
            self.refuse(f"found {len(text):,} bytes", f"at most {MOST_BYTES:,}")
        if not text.isascii():
            self.refuse("found bytes that are no ASCII text", "a problem file as HiGHS writes it")
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
                self.refuse("found a line that is blank, or very long", "lines as HiGHS writes them")
            if line[0] != " ":
                section = words[0]
                if section not in _SECTIONS or _SECTIONS.index(section) <= reached:
                    self.refuse(f"found {section[:40]!r}", f"the sections {', '.join(_SECTIONS)} in this order")
                reached = _SECTIONS.index(section)
                handler = handlers.get(section)
                if section == "COLUMNS":
                    self._rows_are_complete()
                if section == "ENDATA":
                    break
            elif handler is not None:
                handler(words)
            else:
                self.refuse(f"found {line.strip()[:40]!r} outside of a section", "one of the sections")
        if section != "ENDATA":
            self.refuse("found no end of the problem", "ENDATA")
        return self._problem()

    # --- one line of each section ----------------------------------------------------------------------------------

    def _sense(self, words: list[str]) -> None:
        if words not in (["MAX"], ["MIN"]):
            self.refuse(f"found {words[0][:40]!r}", "MAX or MIN")
        self.maximise = words == ["MAX"]

    def _row(self, words: list[str]) -> None:
        if len(words) != 2 or words[0] not in ("N", "L", "G", "E"):
            self.refuse("found no row", "a kind (N, L, G, E) and a name")
        kind, name = words
        if name in self.rows:
            self.refuse(f"found row {name[:40]!r} twice", "each row once")
        if not self.rows:
            if kind != "N":
                self.refuse(f"found {kind}", "the objective (N) as the first row")
            self.rows[name] = _OBJECTIVE
        else:
            self.rows[name] = len(self.kinds)
            self.kinds.append(kind)
            self._bounded()

    def _bounded(self) -> None:
        if max(len(self.rows), len(self.columns)) > MOST_NAMES or len(self.values) > MOST_COEFFICIENTS:
            wanted = f"at most {MOST_NAMES:,} rows and columns and {MOST_COEFFICIENTS:,} coefficients"
            self.refuse("found a problem that is too large", wanted)

    def _rows_are_complete(self) -> None:
        if not self.rows:
            self.refuse("found no objective", "the section ROWS before COLUMNS")

    def _coefficient(self, words: list[str]) -> None:
        column, last = self.columns.get(words[0]), len(self.columns) - 1
        if column is None:
            column = self.columns[words[0]] = last + 1
            self.cost.append(0.0)
            self._bounded()
        elif column != last:
            self.refuse(f"found column {words[0][:40]!r} in two places", "all of a column together")
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
                self.refuse("found a range of a row without sides", "a range of a row of kind L, G or E")
            self._once(self.ranges, row, value)

    def _once(self, held: dict[int, float], row: int, value: float) -> None:
        if row in held:
            self.refuse("found a side of one row twice", "it once")
        held[row] = value

    def _bound(self, words: list[str]) -> None:
        if not self.lower:
            self.lower, self.upper = [0.0] * len(self.columns), [math.inf] * len(self.columns)
        kind = words[0]
        if kind not in ("UP", "LO", "FX", "FR", "MI", "PL") or len(words) != (3 if kind in ("FR", "MI", "PL") else 4):
            self.refuse("found no bound", "a kind (UP, LO, FX, FR, MI, PL), a name, a column and a number")
        column = self.columns.get(words[2])
        if column is None:
            self.refuse(f"found column {words[2][:40]!r}", "a column of the section COLUMNS")
        value = self._double(words[3]) if len(words) == 4 else math.inf
        if kind in ("LO", "FX"):
            self.lower[column] = value
        if kind in ("UP", "FX", "PL", "FR"):
            self.upper[column] = value
        if kind in ("MI", "FR"):
            self.lower[column] = -math.inf

    def _entries(self, words: list[str]) -> list[tuple[int, float]]:
        """Give the rows and numbers that follow the first word of a line."""
        if len(words) % 2 == 0 or len(words) < 3:
            self.refuse("found an incomplete line", "names of rows, each with a number")
        entries = []
        for at in range(1, len(words), 2):
            row = self.rows.get(words[at])
            if row is None:
                self.refuse(f"found row {words[at][:40]!r}", "a row of the section ROWS")
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
            self.refuse(f"found {word[:40]!r}", "a finite number")
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
            self.refuse("found two coefficients of one column in one row", "one")
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

    def refuse(self, found: str, wanted: str) -> NoReturn:
        where = f"{self.place}, line {self.number}" if self.number else self.place
        raise RunError(where, found, wanted, "Restore the file, or solve again.")
