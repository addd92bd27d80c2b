"""A bar with the time left, on standard error and on a terminal alone."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from allocator import units

Done = Callable[[int, int], None]


@contextmanager
def bar(what: str) -> Iterator[Done]:
    """Give what is called with how many of how many (0: not known) have ended; the bar goes when the work does."""
    if not sys.stderr.isatty():
        yield lambda _ended, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
    from rich.text import Text

    class Ended(ProgressColumn):
        """How many of how many have ended and the time left; where that is not known, the time gone."""

        def render(self, task: Task) -> Text:
            return Text(said(task.completed, task.total, task.elapsed or 0.0, task.time_remaining))

    columns = (TextColumn("{task.description}"), BarColumn(), Ended())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what, total=None)
        yield lambda ended, total: shown.update(task, completed=ended, total=total or None)


def said(ended: float, total: float | None, elapsed: float, left: float | None) -> str:
    """Give what stands beside a bar: ``3 of 16, 12 s left``, or ``5 s`` gone where how many there are is not known."""
    if total is None:
        return f"{int(elapsed)} s"
    count = f"{units.number(ended)} of {units.number(total)}"
    seconds = math.ceil(left or 0.0)
    if not seconds:
        return count
    return f"{count}, {units.seconds(seconds) if seconds >= 60 else f'{seconds} s'} left"
