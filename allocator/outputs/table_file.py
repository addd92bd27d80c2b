"""The file of a result: refused before the work where that can be seen, and written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from allocator.errors import NotWritten, UsageError
from allocator.results import Result

FIX = "Name another file."


def refuse_occupied(path: str | Path | None, *, force: bool) -> None:
    """Raise UsageError before any work is done, where a file cannot be written, or is there and is to stay."""
    if path is None:
        return
    path = Path(path)
    if path.exists() and not (force and path.is_file()):
        raise UsageError(str(path), "found something there already", "a new file", "Name another, or use `force`.")
    there = next(folder for folder in (path.parent, *path.parent.parents) if folder.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(str(path), f"found that nothing can be written in {there}", "a folder to write in", FIX)


def write_result(found: Result, path: str | Path | None, fix: str) -> None:
    """Write a result's main table as CSV: UTF-8, numbers unrounded, None as a blank; nothing where no path is named.

    Raises NotWritten, which has the result, where it cannot be written. fix: what to do then.
    """
    from allocator.tables.write import csv_bytes

    if path is not None:
        with keeping(found, Path(path), fix):
            write_whole(Path(path), csv_bytes(found.main_table()))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, in place of one that is there; its folder is made. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    begun = path.with_name(f"{path.name}.new")
    try:
        begun.write_bytes(content)
        begun.replace(path)
    finally:
        begun.unlink(missing_ok=True)


@contextmanager
def keeping(result: Any, path: Path, fix: str) -> Iterator[None]:
    """Raise NotWritten, which has the result, where the file of a result cannot be written. fix: what to do."""
    try:
        yield
    except OSError as error:
        raise NotWritten(str(path), f"it cannot be written: {error.strerror or error}", fix, result) from error
