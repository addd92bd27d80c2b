"""Writes a tidy table as a CSV file: whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allocator.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


def refuse_occupied(path: Path | None, *, force: bool) -> None:
    """Raise UsageError before any work is done, where a file is there already and is not to be replaced."""
    if path is not None and path.exists() and not (force and path.is_file()):
        raise UsageError(str(path), "found something there already", "a new file", "Name another, or use --force.")


def write_table(path: Path, table: dict[str, list[Any]]) -> None:
    """Write columns of one length as CSV: UTF-8, numbers unrounded, None as a blank. Raises OSError."""
    from allocator.plan.run_files import csv_bytes

    path.parent.mkdir(parents=True, exist_ok=True)
    begun = path.with_name(f"{path.name}.new")
    try:
        begun.write_bytes(csv_bytes(table))
        begun.replace(path)
    finally:
        begun.unlink(missing_ok=True)
