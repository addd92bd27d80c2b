"""Ctrl-C: whatever the program is doing, it ends with one sentence and status 130, never with a traceback.

Imports nothing heavy, since it is there before all else.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

STATUS = 130  # as shells have it
# A terminal, and programs such as timeout, may send the same Ctrl-C twice: what comes so soon is no second one.
SAME_WITHIN = 0.5  # seconds


class _State:
    at_once = False  # whether there is nothing to tidy up yet
    asked_at: float | None = None  # when the first Ctrl-C came, on the monotonic clock
    journal: Path | None = None
    written: Path | None = None
    status: int | None = None  # with which the process is about to end


def asked() -> bool:
    """Say whether Ctrl-C was pressed.

    Libraries turn it into errors of their own when it comes while they are imported.
    """
    return _State.asked_at is not None


def goes_on_from(journal: Path | None) -> None:
    """Name the file that keeps what is finished, so that the closing sentence can say how to go on; None: none."""
    _State.journal = journal


def has_written(target: Path | None) -> None:
    """Name what the command has written, so that the closing sentence does not deny it; None: nothing yet."""
    _State.written = target


def sentence() -> str:
    """Give what is said when the user stops the program."""
    if _State.written is not None:
        return f"stopped; {_State.written} was written before that"
    journal = _State.journal
    if journal is not None and journal.exists():
        return f"stopped; {journal} keeps the cases that are finished: the same command with --resume goes on from it"
    return "stopped, nothing was written"


@contextlib.contextmanager
def ends_at_once() -> Iterator[None]:
    """Let Ctrl-C end the process at once: while the program's own modules are imported there is nothing to tidy up."""
    _State.at_once = True
    try:
        yield
    finally:
        _State.at_once = False


@contextlib.contextmanager
def answered() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt once, so that what is half-written is taken away; a second one ends at once.

    Where Python would ignore the first with a traceback (in the tidying up of an object), the process ends there.
    """
    atexit.register(_keep_status)
    report = sys.unraisablehook

    def unraisable(raised: Any) -> None:
        if asked():
            _end()
        report(raised)

    sys.unraisablehook = unraisable
    try:
        # Where Ctrl-C is ignored, as in a job in the background, it stays so. It may come while it is taken over.
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _interrupt)
        yield
    except KeyboardInterrupt:
        _end()
    # The answer is given: what is left is Python's own end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def end(status: int) -> NoReturn:
    """End the process in Python's usual way, with this status in any case (see _keep_status)."""
    _State.status = status
    sys.exit(status)


def _keep_status() -> None:
    """End with the status that was meant: the last of the process's tidying up, since it was registered first.

    Python remembers an interrupt that passed through code compiled from a string (how named tuples and data classes
    are made, so any import), though it was caught, and would end by the signal itself.
    """
    if asked() and _State.status is not None:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(_State.status)


def _interrupt(*_: Any) -> None:
    if _State.at_once:
        _end()
    now = time.monotonic()
    if _State.asked_at is None:
        _State.asked_at = now
        raise KeyboardInterrupt
    if now - _State.asked_at > SAME_WITHIN:
        _end()


def _end() -> None:
    """End this process and those that it began, here and now."""
    processes = sys.modules.get("multiprocessing.process")
    for process in processes.active_children() if processes is not None else ():
        process.kill()
    with contextlib.suppress(OSError):
        os.write(2, f"{sentence()}\n".encode(errors="replace"))
    os._exit(STATUS)
