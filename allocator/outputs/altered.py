"""The line on standard error that a run's files are not those that were written, before anything is told from them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from allocator import units
from allocator.errors import AllocatorError
from allocator.outputs import console


def warn(named: Iterable[str | Path]) -> None:
    """Print a line for each run folder among what is named whose files are not as its manifest says.

    Where a folder is no run, or cannot be read at all, the command itself says so.
    """
    from allocator.runs.read import RunFolder

    width = console.width_of(sys.stderr)
    for name in dict.fromkeys(map(str, named)):
        if not Path(name).is_dir():
            continue
        try:
            altered = RunFolder(name).altered
        except (AllocatorError, OSError):
            continue
        if altered:
            more = f" (and {units.counted(len(altered) - 1, 'more', 'more')})" if len(altered) > 1 else ""
            said = f"! {name}: {altered[0]}{more}; run `allocator verify {name}`."
            console.write(console.paragraph(said, width, indent=0, hang=2, style="yellow"), sys.stderr)
