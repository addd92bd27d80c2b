"""The least change of grants: the smallest sum of squares, found with the linear programme alone.

Squares are taken as lines between break points around the last answer, closer together in each round. Every round
begins from a basis in which its plan stands already, so that the primal simplex takes a few steps. What a round proves
is known without a solve of its own: its dual on a grant is the slope of the one tangent that the bound rests on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from allocator.scenario.distributions import grants_as_before
from allocator.solving.session import BY_LARGEST, INFINITE, Answer, Limit, Session, from_pounds
from allocator.solving.solution import Row
from allocator.tables.dataset import DataSet, Floats, Integers

SMALLEST_SCALE = 0.01  # of the mean of the grants as before: what a change is measured against at least
WITHIN = 1e-6  # of the sum of squares: how near to the bound it has to be
ENOUGH = 2e-8  # the same, at which no further round is asked for
# Fewer and longer pieces take more rounds, and with hundreds of partnerships each is one more that may end stuck; with
# these the second round is within WITHIN there.
PIECES = 12  # on either side of the last answer; each is twice as long as the one nearer to it
FIRST_PIECE = 0.0025  # length of the nearest in the first round, as a share of the scale
CLOSER = 16.0  # how many times closer the break points stand in the next round
REACHED_BY = 1024.0  # of the nearest piece, at least: how far a grant has just gone, it may have to go once more
ROUNDS = 25  # after six in which no grant goes far the nearest piece is shorter than a penny
LEAST_STEPS, STEPS_A_GRANT = 5_000, 5  # of the simplex, after which a round counts as stuck
LEAST_SECONDS = 5.0  # the same, where the stages before took less, or the other way to scale is still to be tried


@dataclass(frozen=True, eq=False)
class Squares:
    """sum (grant - wanted)^2 / scale, £ thousand. A grant whose scale is 0 does not count and is not in it.

    columns: of the grants in the solver. which: their places among all grants, [p, y] laid flat.
    """

    columns: Integers
    which: Integers
    wanted: Floats  # £ thousand
    scale: Floats  # £ thousand

    def each(self, grants: Floats) -> Floats:
        """Give the square of each grant, over its scale."""
        squares: Floats = (grants - self.wanted) ** 2 / self.scale
        return squares

    def total(self, values: Floats) -> float:
        """Give the sum for a plan's value of every column."""
        return float(self.each(values[self.columns]).sum())


def change_of_grants(d: DataSet, years: tuple[int, ...], money: Floats, columns: Integers) -> Squares:
    """Give how far grants are from shares as before. money: £ of the years. columns.

    Of the grants, [p, y] laid flat.
    """
    return squares_of(columns, from_pounds(grants_as_before(d, money, years)))


def squares_of(columns: Integers, wanted: Floats) -> Squares:
    """Give the distance from grants wanted, [p, y] in £ thousand, each against its own size, or a hundredth of the
    mean.
    """
    scale = np.maximum(wanted, SMALLEST_SCALE * wanted.mean(axis=0)).ravel()
    which = np.flatnonzero(scale > 0)
    return Squares(columns[which], which, wanted.ravel()[which], scale[which])


@dataclass(frozen=True, eq=False)
class Quietest:
    """The plan whose grants change least, with what proves it.

    answer: of the last round that ended well, or where none did of the first. value: its sum of squares.
    at: the grant at which each tangent touches, £ thousand. duals: of the rows that were there before.
    gap: how much smaller the sum could be at most.
    """

    answer: Answer
    value: float
    at: Floats
    duals: Floats
    gap: float

    @property
    def outcome(self) -> str:
        """Of the stage: "optimal", or why the plan of the stage before stands."""
        return self.answer.outcome


def least_squares(session: Session, squares: Squares, start: Answer, seconds: float = math.inf) -> Quietest:
    """Find the plan with the smallest sum of squares that the rows allow; adds columns and rows to the session.

    start: an answer that keeps every row, whose basis is the solver's now. seconds: after which a round counts as
    stuck, and the one before stands.
    """
    found: Quietest | None = None
    pieces = _Pieces(session, squares, max(LEAST_SECONDS, seconds))
    grants = start.values[squares.columns]
    taken, iterations = 0.0, 0
    by_largest = False
    for number in range(ROUNDS):
        before = session.basis(), pieces.length, pieces.centre
        pieces.lay(grants, number)
        answer = pieces.solve(first=number == 0, by_largest=by_largest, quick=True)
        if answer.outcome != "optimal" and found is not None and found.gap > WITHIN * max(1.0, found.value):
            # 940 partnerships: a plan that keeps every row lost it after 23 steps; scaled otherwise it takes 5
            pieces.lay_again(*before, grants, number)
            by_largest = not by_largest
            answer = pieces.solve(first=False, by_largest=by_largest)
        taken, iterations = taken + answer.seconds, iterations + answer.iterations
        if answer.outcome != "optimal":
            if found is None:
                return Quietest(answer, np.nan, grants, np.zeros(0), np.inf)
            pieces.lay_again(*before, grants, number)  # what comes after goes on from the plan that stands
            break
        grants = answer.values[squares.columns]
        found = pieces.proved(answer)
        if not len(answer.duals) or found.gap <= ENOUGH * max(1.0, found.value):
            break
    assert found is not None  # noqa: S101 - the first round either ended well or was given back
    return replace(found, answer=replace(found.answer, seconds=taken, iterations=iterations))


def tangents(squares: Squares, at: Floats, first_column: int, keys: list[tuple[str, ...]]) -> tuple[Row, ...]:
    """Give one row a grant: its square, a column of its own from first_column on, is at least the tangent that touches
    at.

    keys: the words of each grant, such as ("norfolk", "2004-05").
    """
    slope = 2.0 * (at - squares.wanted) / squares.scale
    least = squares.each(at) - slope * at
    return tuple(
        Row(("tangent", *key), np.array([grant, first_column + n]), np.array([-steep, 1.0]), float(side), INFINITE)
        for n, (key, grant, steep, side) in enumerate(zip(keys, squares.columns.tolist(), slope, least, strict=True))
    )


class _Pieces:
    """The squares as lines between break points: a row a grant that adds its pieces up, on either side of a centre.

    grant - sum of pieces above + sum of pieces below  =  centre
    """

    def __init__(self, session: Session, squares: Squares, seconds: float) -> None:
        self.session, self.squares, self.seconds = session, squares, seconds
        self.rows_before = session.size[0]
        count = (len(squares.columns), PIECES)
        self.most = session.bounds()[1][squares.columns]
        self.length: Floats = FIRST_PIECE * np.sqrt(squares.scale * squares.scale.mean())  # of the nearest pieces
        self.centre = squares.wanted
        self.above = session.add_columns(np.zeros(count[0] * PIECES)).reshape(count)
        self.below = session.add_columns(np.zeros(count[0] * PIECES)).reshape(count)
        signs = np.concatenate([[1.0], -np.ones(PIECES), np.ones(PIECES)])
        self.rows = session.add_rows(
            [
                Row(("pieces",), np.concatenate([[grant], above, below]), signs, wanted, wanted)
                for grant, above, below, wanted in zip(
                    squares.columns, self.above, self.below, squares.wanted, strict=True
                )
            ]
        )

    def lay(self, grants: Floats, number: int) -> None:
        """Put the break points of a round: the first around the grants wanted, later ones around the last answer.

        grants: the last answer. The basis is crafted so that they stand in it.
        """
        squares, session = self.squares, self.session
        if number:
            # where a grant has gone far it stands between distant break points: the next ones have to reach as far
            self.length = np.maximum(self.length / CLOSER, np.abs(grants - self.centre) / REACHED_BY)
            self.centre = grants
        centre = self.centre
        lengths = self.length[:, None] * 2.0 ** np.arange(PIECES)
        lengths[:, -1] = np.maximum(self.most, centre) + 1.0  # the last reaches as far as any grant can go
        ends = np.concatenate([np.zeros((len(grants), 1)), np.cumsum(lengths, axis=1)], axis=1)
        was_in = np.zeros(len(grants), dtype=bool)
        if number:
            both = np.concatenate([self.above, self.below], axis=1)
            was_in = session.are_basic(both.ravel()).reshape(both.shape).any(axis=1)
        cost = np.zeros(session.size[1])
        for columns, side in ((self.above, 1.0), (self.below, -1.0)):
            heights = (centre[:, None] + side * ends - squares.wanted[:, None]) ** 2 / squares.scale[:, None]
            cost[columns] = np.diff(heights, axis=1) / lengths
            session.set_bounds(columns.ravel(), np.zeros(columns.size), lengths.ravel())
        session.set_rows(self.rows, centre, centre)
        # The solver takes distances relative to the objective, and the pieces' is nearly nought around the answer.
        session.set_costs(cost, maximise=False, offset=float(squares.each(centre).sum()))
        if number == 0:
            self._fill(grants - centre, ends)
        else:
            session.start_with(at_lower=both.ravel(), basic=self.above[was_in, 0])

    def lay_again(self, basis: Any, length: Floats, centre: Floats, grants: Floats, number: int) -> None:
        """Put a round's break points as they were before it was solved, from the basis that was there."""
        self.session.start_from(basis)
        self.length, self.centre = length, centre
        self.lay(grants, number)

    def _fill(self, distance: Floats, ends: Floats) -> None:
        """Begin from the grants as they are: pieces up to them full, the one that reaches them in the basis."""
        side = np.where((distance >= 0)[:, None], self.above, self.below)
        reached = np.minimum((ends[:, 1:] <= np.abs(distance)[:, None]).sum(axis=1), PIECES - 1)
        full = side[np.arange(PIECES)[None, :] < reached[:, None]]
        self.session.start_with(
            at_lower=np.concatenate([self.above.ravel(), self.below.ravel()]),
            at_upper=full,
            basic=side[np.arange(len(side)), reached],
            rows=self.rows,
        )

    def solve(self, *, first: bool, by_largest: bool, quick: bool = False) -> Answer:
        """Solve a round. quick: within a little time, where another way to scale is still to be tried."""
        steps = max(LEAST_STEPS, STEPS_A_GRANT * len(self.rows))
        seconds = min(self.seconds, LEAST_SECONDS) if quick and not first else self.seconds
        with self.session.scaled(BY_LARGEST if by_largest else None):
            return self.session.solve(primal=True, has_plan=True, once=not first, limit=Limit(seconds, steps))

    def proved(self, answer: Answer) -> Quietest:
        """Give what an answer reaches and what its duals prove.

        The dual of a grant's row is the slope that all other rows hold against. The tangent of that slope lies below
        the squares, and the answer is the best for tangents of these slopes: so no plan's sum is smaller than theirs.
        """
        squares = self.squares
        grants, value = answer.values[squares.columns], squares.total(answer.values)
        if not len(answer.duals):
            return Quietest(answer, value, grants, answer.duals, np.inf)
        at = squares.wanted - squares.scale * answer.duals[self.rows] / 2.0
        gap = float(((grants - at) ** 2 / squares.scale).sum())
        return Quietest(answer, value, at, answer.duals[: self.rows_before], gap)
