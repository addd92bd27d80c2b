"""The journal of a sweep: each case on the disk as soon as it ends, so that a sweep that was cut off goes on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from allocator.errors import UsageError

PARTS = 8  # of a case's line


def journal_of(file: Path) -> Path:
    """Give the journal beside the file that a sweep is written to."""
    return file.with_name(f"{file.name}.part")


class Journal:
    """A file of lines: the fingerprint of the sweep, then number and line of each case that has ended.

    lines: what it held when it was opened. A last line that was cut off is left out and written again.
    """

    def __init__(self, path: Path, fingerprint: str, *, resume: bool) -> None:
        """Open it, or begin it; raises UsageError where it is there and is not to be, or is of another sweep."""
        self.path = path
        self.lines: dict[int, Any] = {}
        if path.exists():
            if not resume:
                fix = "Go on with `resume`, or delete the file to begin again."
                raise UsageError(str(path), "found a sweep that was cut off", "", fix)
            self.lines = self._read(fingerprint)
        path.parent.mkdir(parents=True, exist_ok=True)
        begun = path.with_name(f"{path.name}.new")  # what was kept is never without a whole file
        with begun.open("w", encoding="utf-8") as file:
            file.write(json.dumps({"sweep": fingerprint}) + "\n")
            file.writelines(json.dumps([number, line]) + "\n" for number, line in self.lines.items())
        begun.replace(path)

    def _read(self, fingerprint: str) -> dict[int, Any]:
        first, *rest = self.path.read_text(encoding="utf-8", errors="replace").split("\n")
        try:
            head = json.loads(first)
        except ValueError:
            head = None
        if head != {"sweep": fingerprint}:
            fix = "Settings, tables or values varied have changed since: delete the file to begin again."
            raise UsageError(str(self.path), "found the cases of another sweep", "cases of this one", fix)
        lines = {}
        for text in rest:
            try:
                number, line = json.loads(text)
            except (ValueError, TypeError):
                continue  # cut off while it was written
            if isinstance(number, int) and isinstance(line, list) and len(line) == PARTS:
                lines[number] = line
        return lines

    def keep(self, number: int, line: Any) -> None:
        """Write down one case that has ended."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([number, line]) + "\n")

    @staticmethod
    def finish(path: Path) -> None:
        """Take a journal away, once what it kept is written elsewhere."""
        path.unlink(missing_ok=True)
