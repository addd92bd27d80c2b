"""What is added to a run after it was written: outside the manifest, each with the digest of the run that it is of."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from allocator.errors import RunError
from allocator.runs.files import EFFECTS_LOG
from allocator.runs.read import RunFolder

HEAD = """# What the answer does when an input moves

Part of the assumptions log, added by `allocator sensitivity` after the run was written. It stands outside the manifest,
and no check of `allocator verify` makes it again.

"""
LONGEST_LINE = 2_000  # characters
_OF_RUN = re.compile(r"Digest of the run: ([0-9a-f]{64})")


def digest_of(folder: RunFolder) -> str:
    """Give the digest in the last line of a run's manifest."""
    return str(folder.manifest["digest"])


def effects_log(folder: RunFolder, lines: list[str]) -> str:
    """Give the text of the log of effects on the answer, with the digest of the run that it is of."""
    return "\n".join([f"{HEAD}Digest of the run: {digest_of(folder)}", "", *lines]) + "\n"


def said_of_effects(folder: RunFolder) -> str:
    """Give what the log of effects is worth, in a clause; blank where there is none.

    Raises RunError where the file holds what `allocator sensitivity` does not write.
    """
    if EFFECTS_LOG not in folder.paths:
        return ""
    text = folder.content(EFFECTS_LOG).decode("utf-8", "replace")
    lines = text.removeprefix(HEAD).splitlines()
    of_run = _OF_RUN.fullmatch(lines[0]) if lines else None
    as_written = all(line.isprintable() and len(line) <= LONGEST_LINE for line in lines)
    if not text.startswith(HEAD) or of_run is None or not as_written:
        fix = "Take it out and run it again."
        raise RunError(EFFECTS_LOG, "found a text that `allocator sensitivity` did not write", "its table", fix)
    return EFFECTS_LOG if of_run[1] == digest_of(folder) else f"{EFFECTS_LOG}, which is of ANOTHER RUN"


def put_beside(run: Path, name: str, text: str) -> Path:
    """Write a file into a run, whole or not at all, and give its path. Raises RunError where it cannot be written."""
    begun = run.with_name(f".{run.name[:100]}.adding-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with begun.open("xb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        begun.replace(run / name)
    except OSError as error:
        raise RunError(str(run / name), f"it cannot be written: {error.strerror or error}", "", "") from error
    finally:
        begun.unlink(missing_ok=True)
    return run / name
