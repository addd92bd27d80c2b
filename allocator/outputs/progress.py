"""A bar with the time left, on standard error and on a terminal alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Done = Callable[[int, int], None]


@contextmanager
def bar(what: str) -> Iterator[Done]:
    """Give what is called with how many of how many (0: not known) have ended; the bar goes when the work does."""
    if not sys.stderr.isatty():
        yield lambda _ended, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what, total=None)
        yield lambda ended, total: shown.update(task, completed=ended, total=total or None)
