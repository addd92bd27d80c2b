"""Signs a run: a line in sign-off.md, outside the manifest, with the digest that is signed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from allocator.errors import RunError, UsageError
from allocator.runs.files import SIGN_OFF
from allocator.runs.logs import ROLES
from allocator.runs.read import RunFolder
from allocator.runs.verify.added import digest_of, put_beside
from allocator.runs.verify.sign_offs import HEAD, LONGEST, MOST, SignOff, sign_offs
from allocator.runs.verify.verify import verify


def sign(run: str | Path, role: str, name: str, note: str = "", *, today: date | None = None) -> SignOff:
    """Add a line to a certified run's sign-off.md, which is written whole or not at all.

    role: one of ROLES. today: the day that is written; None for the clock's.
    Raises UsageError for an unknown role or a name that is none, RunError where the run is not certified or cannot be
    written.
    """
    if role not in ROLES:
        raise UsageError("role", f"found {role[:40]!r}", f"one of {', '.join(ROLES)}")
    for option, text in (("name", name), ("note", note)):
        if len(text) > LONGEST or not text.isprintable() or "|" in text:
            wanted = f"text of at most {LONGEST} characters, without | and line ends"
            raise UsageError(option, f"found {text[:40]!r}", wanted)
    if not name.strip():
        raise UsageError("name", "found no name", "who signs")
    folder = RunFolder(run)
    verification = verify(run)
    if not verification.certified:
        fix = f"`allocator verify {run}` says why."
        raise RunError(str(run), "found a run that is not certified", "one that is, to be signed", fix)
    before = tuple(sign_offs(folder))
    if len(before) >= MOST:
        raise RunError(SIGN_OFF, f"found {MOST} lines", "fewer", "Take out the lines of runs that are no more.")
    day = (today or datetime.now().astimezone().date()).isoformat()
    made = SignOff(role, " ".join(name.split()), day, digest_of(folder), " ".join(note.split()), of_this_run=True)
    put_beside(folder.run, SIGN_OFF, HEAD + "".join(_line(one) for one in (*before, made)))
    return made


def _line(one: SignOff) -> str:
    return f"| {one.role} | {one.name} | {one.date} | {one.digest} | {one.note} |\n"
