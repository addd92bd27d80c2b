"""What a run folder holds: a closed list. Whatever else lies in it is no part of the run, and is named."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from allocator.errors import RunError
from allocator.runs.files import GIVEN, OUTSIDE, SCENARIO, TABLES, WORTH
from allocator.runs.frames import COLUMNS
from allocator.tables.columns import TABLES as INPUT_TABLES
from allocator.units import number

# A run of every table, of five stages of a hundred years planned one by one, has some 550 files; more is no run.
MOST_ENTRIES = 1_000
MOST_SIZE = 1_000_000_000  # bytes of all files together; twenty times the reference run at ten times its size
FOLDERS = frozenset({"plan", "inputs", TABLES})
ALWAYS = frozenset(
    {
        *(f"plan/{name}.csv" for name in (*COLUMNS, "columns")),
        *("summary.json", "solution.json", "assumptions.md", "qa-log.md"),
        SCENARIO,
    }
)
SOMETIMES = frozenset({GIVEN, WORTH, *(f"{TABLES}/{name}.csv" for name in INPUT_TABLES)})
_PROBLEM = re.compile(r"problem(-[A-Za-z0-9_-]+)?\.mps\.gz", re.ASCII)
# What desktops and office programs leave wherever somebody looks.
_LITTER = re.compile(r"\.DS_Store|\._.+|Thumbs\.db|desktop\.ini|~\$.+|\.~lock\..+#", re.ASCII | re.DOTALL)


@dataclass(frozen=True)
class Contents:
    """What was found in a run folder.

    files: of the run, by their path in it, sorted, the manifest and what was added to the run among them. litter:
    what a desktop left there, which is no part of it. strangers: a sentence for each thing that has no place in a run.
    """

    files: tuple[str, ...]
    litter: tuple[str, ...]
    strangers: tuple[str, ...]


def contents_of(run: Path) -> Contents:
    """Look through a run folder without opening a file.

    Raises RunError for a link or whatever else is no plain file under a name of the run's, and for more entries or
    more bytes than a run has. OSError where the folder cannot be read.
    """
    files: list[str] = []
    litter: list[str] = []
    strangers: list[str] = []
    size = 0
    for count, entry in enumerate(_entries(run), 1):
        if count > MOST_ENTRIES:
            raise RunError(str(run), f"found more than {number(MOST_ENTRIES)} files and folders", "a run folder", _FIX)
        path = Path(entry.path).relative_to(run).as_posix()
        found = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(found.st_mode):
            if path not in FOLDERS:
                strangers.append(f"{path} is no folder of a run")
        elif not stat.S_ISREG(found.st_mode):
            raise RunError(path, "found something that is no plain file", "files and folders alone", _FIX)
        elif _LITTER.fullmatch(entry.name):
            litter.append(path)
        elif not _may_be_there(path):
            strangers.append(f"{path} is no file of a run")
        else:
            if found.st_nlink > 1:
                strangers.append(f"{path} is a second name of a file elsewhere (a hard link)")
            size += found.st_size
            files.append(path)
        if size > MOST_SIZE:
            raise RunError(str(run), f"found more than {number(MOST_SIZE)} bytes", "a run folder", _FIX)
    return Contents(tuple(sorted(files)), tuple(sorted(litter)), tuple(sorted(strangers)))


def not_its_own(there: Collection[str], problems: Collection[str], *, given: bool) -> list[str]:
    """Give what a run of these problem files lacks, or holds beside what it may. given: whether its grants were
    brought.
    """
    wrong = [f"{path} is missing" for path in sorted((ALWAYS | set(problems)) - set(there))]
    if given != (GIVEN in there):
        wrong.append(f"{GIVEN} {'is missing' if given else 'is no file of this run: its grants were not brought'}")
    unknown = {path for path in there if _PROBLEM.fullmatch(path)} - set(problems)
    return wrong + [f"{path} is no problem of this run's stages and years" for path in sorted(unknown)]


_FIX = "Take out what is not the run's, or solve again."


def _may_be_there(path: str) -> bool:
    return path in ALWAYS or path in SOMETIMES or path in OUTSIDE or bool(_PROBLEM.fullmatch(path))


def _entries(run: Path) -> Iterator[os.DirEntry[str]]:
    """Give everything in the folders of a run, as it is found; what lies in other folders is not looked at."""
    waiting = [run]
    while waiting:
        with os.scandir(waiting.pop()) as found:
            for entry in found:
                yield entry
                if Path(entry.path).relative_to(run).as_posix() in FOLDERS and entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
