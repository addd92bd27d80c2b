"""A first basis for hundreds of partnerships: each solved apart, at the prices of what they share.

Partnerships meet in a dozen rows alone, such as the money in all. A sample of them, with its part of these rows, has
prices near the whole programme's. At those prices every other partnership is a small problem of its own. The bases of
all parts make one of the whole: no column could gain there, so that the dual simplex goes on from it, in a few hundred
steps in place of tens of thousands. Prices that are off cost steps; what is reached does not rest on them
(docs/decisions/0015-start-from-prices.md).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from allocator.cores import cores
from allocator.register.place import Place
from allocator.solving.session import Apart, scale_of, solve_apart, standard_output_closed
from allocator.solving.solution import LinearProblem
from allocator.tables.dataset import Floats, Integers

LEAST_PARTNERSHIPS = 500  # at 470 it takes as long as the simplex alone, at 940 two thirds, at 2,350 a third
MOST_SHARED = 100  # rows; with more, such as one each for the worst-off, there are no parts to speak of
SAMPLE = 100  # partnerships, of every size
WIDER = 4  # times as many, by which the prices are corrected
SOLVED_TOGETHER = 20  # partnerships: fewer take longer to hand over, more longer to solve
SHARED = -1


@dataclass(frozen=True, eq=False)
class Parts:
    """What of a problem is one partnership's alone: its number by column [n] and by row [m], else SHARED.

    count: of the partnerships.
    """

    count: int
    of_column: Integers
    of_row: Integers


@dataclass(frozen=True, eq=False)
class Start:
    """A basis to begin from, as HiGHS's numbers: of columns [n] and of rows [m]. steps: that it took to find it."""

    columns: Integers
    rows: Integers
    steps: int


class _NoAnswerError(Exception):
    """A part has no plan, or none in time: then the whole is solved without it."""


def separate(problem: LinearProblem, of_row: Integers) -> Parts:
    """Give what is each partnership's alone. of_row: [m] the partnership that a row is about, or SHARED.

    A row that counts a column of nobody, or of two partnerships, is shared, whoever it is about.
    """
    count = int(of_row.max(initial=SHARED)) + 1
    row = np.repeat(np.arange(len(of_row)), np.diff(problem.starts))
    about = of_row[row] >= 0
    first, last = _ends(problem.index[about], of_row[row][about], len(problem.cost), count)
    of_column = np.where(first == last, last, SHARED)
    first, last = _ends(row, of_column[problem.index], len(of_row), count)
    return Parts(count, of_column, np.where(first == last, last, SHARED))


def _ends(where: Integers, numbers: Integers, size: int, above: int) -> tuple[Integers, Integers]:
    """Give the smallest and the largest of the numbers at each place; without any, two that differ."""
    first, last = np.full(size, above), np.full(size, SHARED)
    np.minimum.at(first, where, numbers)
    np.maximum.at(last, where, numbers)
    return first, last


def about(rows: Iterable[tuple[str, Place]], partnerships: Sequence[str]) -> Integers:
    """Give the number of the partnership that each row of a programme is about, or SHARED."""
    numbers = {name: number for number, name in enumerate(partnerships)}
    return np.array([numbers.get(place.partnership, SHARED) for _, place in rows], dtype=np.int64)


def first_basis(
    read: Callable[[], LinearProblem],
    of_row: Integers,
    *,
    seconds: float,
    least: int = LEAST_PARTNERSHIPS,
    sample: int = SAMPLE,
) -> Start | None:
    """Give a basis next to the problem's optimum; None where there are too few partnerships or a part has no answer.

    read: gives the problem; it is not read for too few. of_row: [m] as about gives it for a programme's own rows, those
    after them being SHARED. seconds: for all parts. least: partnerships. sample: how many of them.
    """
    if of_row.max(initial=SHARED) + 1 < least:
        return None
    problem = read()
    more = np.full(len(problem.row_lower) - len(of_row), SHARED)
    parts = separate(problem, np.concatenate([of_row, more]))
    if (parts.of_row == SHARED).sum() > MOST_SHARED:
        return None
    joined = _Joined(problem, parts, seconds)
    by_size, apart = np.argsort(joined.use.sum(axis=0), kind="stable"), max(parts.count // sample, 1)
    chosen = np.zeros(parts.count, dtype=bool)
    try:
        with standard_output_closed():
            for step in (apart, max(apart // WIDER, 1)):
                chosen[by_size[apart // 2 % step :: step]] = True
                joined.price(~chosen, joined.balance(chosen))
    except _NoAnswerError:
        return None
    return Start(joined.columns, joined.rows, joined.steps)


class _Joined:
    """What is known of the whole, part by part: values, and whether each column and row is in the basis.

    use: [shared rows, partnerships] the most that a partnership could count there.
    """

    def __init__(self, problem: LinearProblem, parts: Parts, seconds: float) -> None:
        scale = scale_of(problem.cost)
        cost = problem.cost * (-scale if problem.maximise else scale)
        self.problem = replace(problem, maximise=False, cost=cost)
        self.parts, self.ends = parts, time.perf_counter() + seconds
        self.shared_rows = np.flatnonzero(parts.of_row == SHARED)
        self.shared = self.problem.part(self.shared_rows, np.arange(len(cost)))
        self.values = np.zeros(len(cost))
        self.columns, self.rows = np.zeros(len(cost), dtype=np.int64), np.zeros(len(parts.of_row), dtype=np.int64)
        self.solved, self.steps = False, 0
        self.use = self._used(np.maximum(np.abs(problem.lower), np.abs(problem.upper)), sizes=True)

    def _used(self, values: Floats, *, sizes: bool = False) -> Floats:
        """Give what each partnership counts in each shared row, [shared rows, partnerships], at values [n].

        sizes: whatever its sign.
        """
        shared, count = self.shared, self.parts.count
        row = np.repeat(np.arange(len(self.shared_rows)), np.diff(shared.starts))
        terms, owner = shared.value * values[shared.index], self.parts.of_column[shared.index]
        own = (owner >= 0) & np.isfinite(terms)
        weights = np.abs(terms[own]) if sizes else terms[own]
        used = np.bincount(row[own] * count + owner[own], weights, minlength=len(self.shared_rows) * count)
        return used.reshape(-1, count)

    def balance(self, chosen: NDArray[np.bool_]) -> Floats:
        """Solve some partnerships together with their part of the shared rows, and give the prices of these, [m].

        Once all have values, the part is what those chosen use now, and of what is amiss in all as much as is theirs:
        a sample that uses more or less than its share then moves no price.
        """
        all_use = self.use.sum(axis=1)
        share = np.full(len(all_use), chosen.mean())
        np.divide(self.use[:, chosen].sum(axis=1), all_use, out=share, where=all_use > 0)
        used = self._used(self.values)
        theirs = used[:, chosen].sum(axis=1) - share * used.sum(axis=1)
        parts = self.parts
        taken = np.append(chosen, True)  # the last is that of SHARED
        columns, rows = np.flatnonzero(taken[parts.of_column]), np.flatnonzero(taken[parts.of_row])
        of_shared, nobodys = parts.of_row[rows] == SHARED, parts.of_column[columns] == SHARED
        part = self.problem.part(rows, columns)
        for sides in (part.row_lower, part.row_upper):
            finite = of_shared & np.isfinite(sides)
            at = finite[of_shared]
            sides[finite] = share[at] * sides[finite] + theirs[at]
        for bounds in (part.lower, part.upper):
            bounds[nobodys] *= chosen.mean()
        found = self._take(rows, columns, self._solve(part, rows, columns))
        prices = np.zeros(len(self.rows))
        prices[rows[of_shared]] = found.duals[of_shared]
        return prices

    def price(self, chosen: NDArray[np.bool_], prices: Floats) -> None:
        """Solve some partnerships, each for itself, where what is shared has a price: over the cores of the machine."""
        parts, shared = self.parts, self.shared
        of_entry = np.repeat(prices[self.shared_rows], np.diff(shared.starts))
        cost = self.problem.cost - np.bincount(shared.index, shared.value * of_entry, minlength=len(self.values))
        priced = replace(self.problem, cost=cost)
        group_of = np.full(parts.count + 1, SHARED)  # the last is that of SHARED
        group_of[:-1][chosen] = np.arange(chosen.sum()) // SOLVED_TOGETHER
        count = int(group_of.max()) + 1
        groups = zip(*(_members(group_of[of], count) for of in (parts.of_row, parts.of_column)), strict=True)

        def solve(group: tuple[Integers, Integers]) -> tuple[Integers, Integers, Apart | None]:
            return *group, self._solve(priced.part(*group), *group)

        with ThreadPoolExecutor(cores()) as threads:  # the solver lets other threads work meanwhile
            for rows, columns, found in threads.map(solve, groups):
                self._take(rows, columns, found)
        self.solved = True

    def _solve(self, part: LinearProblem, rows: Integers, columns: Integers) -> Apart | None:
        start = (self.columns[columns], self.rows[rows]) if self.solved else None
        return solve_apart(part, start, max(0.0, self.ends - time.perf_counter()))

    def _take(self, rows: Integers, columns: Integers, found: Apart | None) -> Apart:
        if found is None:
            raise _NoAnswerError
        self.values[columns] = found.values
        self.columns[columns], self.rows[rows] = found.columns, found.rows
        self.steps += found.steps
        return found


def _members(of: Integers, count: int) -> list[Integers]:
    """Give where each number from 0 to count stands."""
    order = np.argsort(of, kind="stable")
    return np.split(order, np.searchsorted(of[order], np.arange(count)))[1:]
