"""Folders for a user to work in: made whole, in a place where nothing is yet, or not at all."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from allocator.errors import UsageError


def refuse_folder(folder: Path) -> None:
    """Raise UsageError where `new_folder` would: to be asked before there is work that could be lost."""
    if folder.is_symlink() or folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        found = "it is there and holds something" if folder.is_dir() else "it is no folder"
        raise UsageError(str(folder), found, "a new folder, or an empty one", "Nothing was overwritten.")
    parent = folder.absolute().parent
    if not parent.is_dir():
        raise UsageError(str(folder), f"there is no folder {parent}", "a folder to make it in", "Make that one first.")


@contextlib.contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder beside the one wanted, to be filled; filled without an error, it gets the name wanted.

    Raises UsageError where the folder holds something already, or has no folder to stand in.
    """
    refuse_folder(folder)
    partial = Path(tempfile.mkdtemp(prefix=".allocator-", dir=folder.absolute().parent))
    try:
        yield partial
        partial.chmod(0o755)
        if folder.is_dir():
            folder.rmdir()
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
