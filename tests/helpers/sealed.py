"""A run folder changed as who wants to deceive would: with the manifest made anew, so that every digest is right."""

from __future__ import annotations

import hashlib
import json

from allocator.runs.files import closing_line


def reseal(run, change=None) -> None:
    """Write the manifest anew for the files that are there. change: what else to change of what it says."""
    said = json.loads((run / "manifest.json").read_text())
    names = {p.relative_to(run).as_posix(): p for p in run.rglob("*") if p.is_file()}
    outside = ("manifest.json", "sign-off.md", "sensitivity.md")
    said["files"] = {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in sorted(names.items())
        if name not in outside
    }
    if change is not None:
        change(said)
    del said["digest"]
    body = json.dumps(said, indent=1, ensure_ascii=False).removesuffix("\n}") + ",\n"
    (run / "manifest.json").write_text(body + closing_line(body.encode()), encoding="utf-8")
