"""Reads the bytes of a file within limits; what a blank cell is."""

from __future__ import annotations

import stat
from pathlib import Path

from allocator.faults import FaultList

LARGEST_FILE = 50_000_000  # bytes; the reference data have 60,000


def read_bytes(path: Path, table: str, faults: FaultList) -> bytes | None:
    """Give a file's bytes, or None and a fault where it cannot be read or is larger than LARGEST_FILE."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            faults.add("unreadable-file", table, found="no ordinary file", wanted="a file")
            return None
        if status.st_size > LARGEST_FILE:
            too_large(table, f"{status.st_size:,} bytes", f"at most {LARGEST_FILE:,} bytes", faults)
            return None
        with path.open("rb") as file:
            return file.read(LARGEST_FILE)
    except (OSError, ValueError) as error:
        faults.add("unreadable-file", table, found=reason(error), wanted="a file that can be read")
        return None


def too_large(table: str, found: str, wanted: str, faults: FaultList) -> None:
    """Give the fault of a file, a sheet or a line that is larger than a table's can be."""
    faults.add("file-too-large", table, found=found, wanted=wanted, fix="Take out what is not part of the table.")


def reason(error: Exception) -> str:
    """Say why the operating system refused, without the path."""
    return (getattr(error, "strerror", None) or "a name that no file can have").lower()


def is_blank(cell: object) -> bool:
    """Say whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
