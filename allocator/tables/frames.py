"""Tables that come as frames: written as the CSV that they would be, so that they pass through the same door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from allocator.errors import UsageError
from allocator.tables.columns import TABLES
from allocator.tables.names import did_you_mean

if TYPE_CHECKING:
    import pandas as pd


@contextmanager
def as_files(frames: Mapping[str, pd.DataFrame | Any]) -> Iterator[tuple[Path, dict[str, Path]]]:
    """Give a folder with some tables as files, and the files, for as long as the context lasts.

    frames: by table; a pandas frame, or what makes one (a list of rows, columns by name). Raises UsageError for a
    table that there is not.
    """
    for name in frames:
        if name not in TABLES:
            raise UsageError("data", f"no table '{name}'", f"some of {', '.join(TABLES)}", did_you_mean(name, TABLES))
    with TemporaryDirectory() as folder:
        files = {name: Path(folder) / f"{name}.csv" for name in frames}
        for name, frame in frames.items():
            write_frame(frame, files[name])
        yield Path(folder), files


def write_frame(frame: pd.DataFrame | Any, path: Path) -> None:
    """Write a frame as CSV: blanks for what is missing, whole numbers without a point."""
    import pandas as pd

    pd.DataFrame(frame).convert_dtypes().to_csv(path, index=False, encoding="utf-8")


def frames_of(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, pd.DataFrame]:
    """Give the rows of each table as a frame."""
    import pandas as pd

    return {name: pd.DataFrame([dict(row) for row in rows]) for name, rows in tables.items()}
