"""Ctrl-C: whatever the program is doing, it ends with one sentence and status 130, never with a traceback.

Imports nothing heavy, since it is there before all else.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STATUS = 130  # as shells have it
# A terminal, and programs such as timeout, may send the same Ctrl-C twice: what comes so soon is no second one.
SAME_WITHIN = 0.5  # seconds


class _State:
    asked_at: float | None = None  # when the first Ctrl-C came, on the monotonic clock
    journal: Path | None = None


def asked() -> bool:
    """Whether Ctrl-C was pressed: libraries turn it into errors of their own when it comes while they are imported."""
    return _State.asked_at is not None


def goes_on_from(journal: Path | None) -> None:
    """Name the file that keeps what is finished, so that the closing sentence can say how to go on; None: none."""
    _State.journal = journal


def sentence() -> str:
    """What is said when the user stops the program."""
    journal = _State.journal
    if journal is not None and journal.exists():
        return f"stopped; {journal} keeps the cases that are finished: the same command with --resume goes on from it"
    return "stopped, nothing was written"


@contextlib.contextmanager
def ends_at_once() -> Iterator[None]:
    """While the program's own modules are imported there is nothing to tidy up: Ctrl-C ends the process there."""
    before = _handle(lambda *_: _end())
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def answered() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt once, so that what is half-written is taken away; a second one ends at once.

    Where Python would ignore the first with a traceback (in the tidying up of an object), the process ends there.
    """
    report = sys.unraisablehook

    def unraisable(raised: Any) -> None:
        if asked():
            _end()
        report(raised)

    _handle(_interrupt)
    sys.unraisablehook = unraisable
    try:
        yield
    except KeyboardInterrupt:
        _end()
    # The answer is given: what is left is Python's own end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _handle(handler: Any) -> Any:
    """Take Ctrl-C over and give what had it; None where it is ignored, as in a job in the background, or not ours."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return None
    try:
        return signal.signal(signal.SIGINT, handler)
    except ValueError:  # no main thread
        return None


def _interrupt(*_: Any) -> None:
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
