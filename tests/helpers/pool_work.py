"""Work for pools of processes, which can only do what a module has."""

import os
import signal
import sys
import time
from pathlib import Path

from allocator.errors import UsageError


def double(shared, case):
    return shared * case


def slow_first(_shared, case):
    """The first case ends last."""
    time.sleep(0.3 if case == 0 else 0.0)
    return case


def die_once(folder, case):
    """Case 2 takes its process with it, the first time that it is worked on."""
    mark = Path(folder) / "died"
    if case == 2 and not mark.exists():
        mark.touch()
        os._exit(9)
    (Path(folder) / f"done-{case}-{os.getpid()}-{time.monotonic_ns()}").touch()
    return case * 10


def always_die(_shared, case):
    os._exit(9)


def refuse(_shared, case):
    if case == 1:
        raise UsageError("case 1", "refused")
    return case


def interrupt_itself(_shared, case):
    """Whether the signal was held back when the process began, and the case, which it ends in spite of one."""
    os.kill(os.getpid(), signal.SIGINT)
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []), case


def refuse_or_sleep(_shared, case):
    """Case 0 fails while case 1 would go on for a minute."""
    if case == 0:
        raise UsageError("case 0", "refused")
    time.sleep(60)


def where_modules_are_sought(_shared, _case):
    """Whether Python was told to keep the working folder out, and the places where it looks for modules."""
    return sys.flags.safe_path, list(sys.path)
