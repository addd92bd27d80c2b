"""Sign-offs of a run: outside what is signed, each with the digest that it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from allocator.errors import RunError
from allocator.results import Result, doc
from allocator.runs.files import SIGN_OFF
from allocator.runs.read import RunFolder
from allocator.runs.verify.added import digest_of

HEAD = """# Sign-off

Outside the manifest of the run, so that signing does not break what is signed. `allocator verify` says of each line
whether the run is still the one that was signed. A line here is no proof of who wrote it.

| role | name | date | digest of the run | note |
| --- | --- | --- | --- | --- |
"""
LONGEST = 200  # characters of a name or a note
MOST = 100  # lines
_LINE = re.compile(r"\| ([^|]*) \| ([^|]*) \| (\d{4}-\d\d-\d\d) \| ([0-9a-f]{64}) \| ([^|]*?) ?\|")


class SignOff(Result):
    """One line of a sign-off."""

    role: str = doc("commissioner, analyst, assurer or approver")
    name: str = doc("who signed")
    date: str = doc("the day, YYYY-MM-DD")
    digest: str = doc("SHA-256 of the run's manifest, which is signed")
    note: str = doc("what was judged; blank where nothing was said")
    of_this_run: bool = doc("whether the run still has that digest", name="matches")

    def sentence(self) -> str:
        """Give who signed what when, and whether it is this run."""
        said = f"signed by {self.name} as {self.role} on {self.date}"
        return said if self.of_this_run else f"{said}, FOR ANOTHER RUN: the digest signed is {self.digest[:12]}…"


def sign_offs(folder: RunFolder) -> Iterator[SignOff]:
    """Give every line of a run's sign-off, in order. Raises RunError where the file holds anything else."""
    if SIGN_OFF not in folder.paths:
        return
    text = folder.content(SIGN_OFF).decode("utf-8", "replace")
    lines = text.removeprefix(HEAD).splitlines()
    if not text.startswith(HEAD) or len(lines) > MOST:
        raise RunError(SIGN_OFF, "found a text that `allocator sign` did not write", "its table", _FIX)
    digest = digest_of(folder)
    for number, line in enumerate(lines, HEAD.count("\n") + 1):
        found = _LINE.fullmatch(line)
        if found is None or not line.isprintable() or len(line) > 3 * LONGEST:
            raise RunError(f"{SIGN_OFF}, line {number}", "found a line that is no sign-off", "one", _FIX)
        role, name, day, signed, note = found.groups()
        yield SignOff(role, name, day, signed, note, of_this_run=signed == digest)


_FIX = "Take it out and sign again."
