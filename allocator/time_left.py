"""How long solves that are asked for together may take: one bound on all of them, whoever asks and whatever is solved.

A solve has its own time limit as well; the smaller of the two counts.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from allocator.errors import SolverError

_ends: ContextVar[float] = ContextVar("ends", default=math.inf)  # on the monotonic clock, which nobody can set


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Bound all solves of this thread that begin in here; where one is bounded already, the earlier end counts."""
    token = _ends.set(min(_ends.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _ends.reset(token)


def seconds_left() -> float:
    """Give how long a solve that begins now may take; infinite where nothing bounds it.

    Raises SolverError where the time is over.
    """
    left = _ends.get() - time.monotonic()
    if left <= 0:
        raise SolverError("solver", "found no answer in the time for all that was asked", "one")
    return left
