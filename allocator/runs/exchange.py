"""Two folders that take each other's name in one step, so that there is no moment without either."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

_HERE = -100  # AT_FDCWD: paths are taken from the working folder (Linux, fcntl.h)
_EXCHANGE = 2  # RENAME_EXCHANGE (Linux, rename(2))


def exchange(one: Path, other: Path) -> bool:
    """Give each of two folders the other's name; False, with nothing done, where the system cannot.

    Raises OSError where it can and is not allowed to.
    """
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(number, os.strerror(number), str(other))
