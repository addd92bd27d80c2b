"""A run folder that is changed and verified, as fast as may be: what rests on files left alone is worked out once.

A change is made with the manifest made anew for it, as who wants to deceive would. Then the checks of verify are made,
those first that the change should fail, until one does. One change in WHOLLY is verified from the folder alone as well,
with the manifest as it was and made anew, and has to come to the same.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import math
import os
import random
import re
import shutil
import zlib
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from allocator.runs.contents import MOST_ENTRIES
from allocator.runs.files import MANIFEST, SIGN_OFF, TABLES, WORTH, closing_line
from allocator.runs.read import RunFolder
from allocator.runs.verify.verify import CANNOT_BE_JUDGED, CHECKS, Judged, verify
from tests.helpers.mutate import mutated
from tests.helpers.sealed import reseal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHOLLY = 200
ASIDE = "aside"  # where a file lies that a link of the run leads to
DECISIONS = tuple(f"plan/{name}.csv" for name in ("grants", "advisers", "money", "places"))
PROOFS = ("solution.json", "problem")
FIRST = {"solution.json": "certificate", "problem": "certificate", MANIFEST: "files", SIGN_OFF: "files"}
# What a desktop leaves: it is named, and the run is what it was.
LITTER = (".DS_Store", "Thumbs.db", "~$grants.csv", ".~lock.grants.csv#", "plan/.DS_Store", "._plan", "desktop.ini")
STRANGERS = (
    *("grants_FINAL.csv", "plan/Grants.csv", "plan2/grants.csv", "plan/plan/grants.csv", "inputs/extra.csv"),
    *(
        "problem-extra.mps.gz",
        "problem.mps",
        "inputs/tables/Years.csv",
        "summary.json.bak",
        ".hidden",
        "plan/\u0430.csv",
    ),
    *("inputs/tables/young_people .csv", "manifest (1).json", "sign-off.md~", "re.py", "plan/grants.csv.", "PLAN/x"),
)


class FuzzedRun:
    """A run, to be changed. folder: where it lies; nothing else is written to."""

    def __init__(self, run: Path) -> None:
        """Read the sound run, and work out what it holds."""
        self.run = run
        paths = sorted(p for p in run.rglob("*") if p.is_file())
        self.sound = {p.relative_to(run).as_posix(): p.read_bytes() for p in paths}
        self.judged = Judged(RunFolder(run))
        assert all(self.judged.check(name).passed for name in CHECKS)
        self.not_judged: Counter[str] = Counter()  # what was refused for an error of Python's own, by kind
        self.count = 0

    def file(self, name: str, data: bytes) -> bool:
        """Verify the run with one file changed; whether it is still certified."""
        self.count += 1
        wholly = self.count % WHOLLY == 0
        with self._put_back([name]):
            (self.run / name).write_bytes(data)
            if wholly and verify(self.run).certified != (data == self.sound[name]):
                raise AssertionError(f"a run with another {name} is certified, or a sound one is not")
            if name == MANIFEST:
                return self._passes({name})
            self._seal(name, data)
            certified = self._passes({name})
            if wholly and verify(self.run).certified != certified:
                raise AssertionError(f"a run with another {name} is judged otherwise when it is judged wholly")
        if certified and not self._harmless(name, data):
            raise AssertionError(f"a run with another {name}, and a manifest for it, is certified")
        return certified

    def folder(self, data: bytes) -> bool:
        """Verify the run with another change than to the bytes of one file, drawn from data; whether certified."""
        draw = random.Random(data)
        way = draw.choice(WAYS)
        with self._put_back(self.sound):
            harmless = way(self, draw)
            certified = verify(self.run).certified
        if certified and not harmless:
            raise AssertionError(f"a run is certified after {way.__name__.strip('_')} of {data.hex()}")
        return certified

    # --- judging -----------------------------------------------------------------------------------------------------

    def _passes(self, changed: set[str]) -> bool:
        """Whether every check passes; nothing is read anew that rests on other files than those changed."""
        folder = RunFolder(self.run)
        judged = Judged(folder)
        for name in self._unmoved(changed):
            vars(folder)[name] = getattr(self.judged.folder, name)
        tables = vars(self.judged.folder)["_tables"]
        vars(folder)["_tables"] = {name: table for name, table in tables.items() if f"plan/{name}.csv" not in changed}
        for name in ("worked", "certificates"):
            if {"data", "settings", "given", "figures" if name == "worked" else "proofs"} <= set(vars(folder)):
                vars(judged)[name] = getattr(self.judged, name)
        first = next((check for start, check in FIRST.items() if next(iter(changed)).startswith(start)), "totals")
        for name in (first, *(check for check in CHECKS if check != first)):
            check = judged.check(name)
            if not check.passed:
                if check.detail.startswith(CANNOT_BE_JUDGED):
                    self.not_judged[check.detail] += 1
                return False
        return True

    def _unmoved(self, changed: set[str]) -> Iterator[str]:
        """The parts of a run folder that rest on none of the files changed."""
        tables = any(name.startswith(TABLES) for name in changed)
        yield "contents"
        if not tables:
            yield "data"
            yield "given"
            if not changed & set(DECISIONS):
                yield "figures"
        if "inputs/scenario.toml" not in changed:
            yield "settings"
        if not any(name.startswith(PROOFS) for name in changed):
            yield from ("proofs", "prices", "stages")

    def _harmless(self, name: str, data: bytes) -> bool:
        """Whether a run may be certified with this in place of a file, where its manifest is made for it.

        Another text of the same figures, or the same text packed otherwise; what verify says that it does not check;
        duals that prove as much; tables for which the plan is the best as well, as where a standard error is another.
        """
        if name == WORTH or name.startswith(f"{TABLES}/") or same_figures(self.sound[name], data):
            return True
        if name.endswith(".gz"):
            return _unpacked(self.sound[name]) == _unpacked(data)
        return name == "solution.json" and _without_duals(self.sound[name]) == _without_duals(data)

    # --- changing ----------------------------------------------------------------------------------------------------

    def _seal(self, name: str, data: bytes) -> None:
        """Make the manifest anew for one file changed."""
        old, new = (hashlib.sha256(one).hexdigest() for one in (self.sound[name], data))
        text = self.sound[MANIFEST].replace(old.encode(), new.encode())
        body = text[: text.rstrip(b"\n").rfind(b"\n") + 1]
        (self.run / MANIFEST).write_bytes(body + closing_line(body).encode())

    @contextmanager
    def _put_back(self, names: Any) -> Iterator[None]:
        try:
            yield
        finally:
            if len(names) == 1:
                for name in (*names, MANIFEST):
                    (self.run / name).write_bytes(self.sound[name])
            else:
                shutil.rmtree(self.run)
                self.run.with_name(ASIDE).unlink(missing_ok=True)
                for name, data in self.sound.items():
                    (self.run / name).parent.mkdir(parents=True, exist_ok=True)
                    (self.run / name).write_bytes(data)

    def _a_file(self, draw: random.Random) -> str:
        return draw.choice([name for name in self.sound if name != MANIFEST])


def _a_stranger(fuzzed: FuzzedRun, draw: random.Random) -> bool:
    """A file or folder that no run has."""
    name = draw.choice([*STRANGERS, f"{fuzzed._a_file(draw)}{draw.choice([' ', '.', '~', 'x'])}"])
    path = fuzzed.run / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if draw.random() < 0.2:
        path.mkdir()
    else:
        path.write_bytes(draw.choice([b"", b"x", fuzzed.sound["plan/grants.csv"]]))
    if draw.random() < 0.7:
        reseal(fuzzed.run)
    return False


def _many_folders(fuzzed: FuzzedRun, draw: random.Random) -> bool:
    """More empty folders than are looked through, with a file among them."""
    for number in range(draw.choice([1, 30, MOST_ENTRIES])):
        (fuzzed.run / draw.choice(["", "plan", "inputs"]) / f"folder-{number}").mkdir()
    reseal(fuzzed.run)
    return False


def _litter(fuzzed: FuzzedRun, draw: random.Random) -> bool:
    (fuzzed.run / draw.choice(LITTER)).write_bytes(draw.randbytes(draw.randrange(50)))
    return True


def _a_file_less(fuzzed: FuzzedRun, draw: random.Random) -> bool:
    name = fuzzed._a_file(draw)
    (fuzzed.run / name).unlink()
    reseal(fuzzed.run)
    return name == WORTH  # which verify says that it does not check


def _swapped(fuzzed: FuzzedRun, draw: random.Random) -> bool:
    one, other = fuzzed._a_file(draw), fuzzed._a_file(draw)
    (fuzzed.run / one).write_bytes(fuzzed.sound[other])
    (fuzzed.run / other).write_bytes(fuzzed.sound[one])
    reseal(fuzzed.run)
    return fuzzed._harmless(one, fuzzed.sound[other]) and fuzzed._harmless(other, fuzzed.sound[one])


def _another_name(fuzzed: FuzzedRun, draw: random.Random) -> bool:
    name = fuzzed._a_file(draw)
    path = fuzzed.run / name
    path.rename(path.with_name(draw.choice([path.name.upper(), f"{path.name} ", f"x{path.name}", path.stem])))
    reseal(fuzzed.run)
    return False


def _no_plain_file(fuzzed: FuzzedRun, draw: random.Random) -> bool:
    """A link, a pipe or a folder in a file's place."""
    name = fuzzed._a_file(draw)
    path, aside = fuzzed.run / name, fuzzed.run.with_name(ASIDE)
    way = draw.randrange(4)
    if way == 3:
        aside.unlink(missing_ok=True)
        os.link(path, aside)  # the file has a second name elsewhere
    else:
        path.unlink()
    if way == 0:
        aside.write_bytes(fuzzed.sound[name])
        path.symlink_to(aside)
    elif way == 1:
        os.mkfifo(path)
    elif way == 2:
        path.mkdir()
    return False


def _two_files(fuzzed: FuzzedRun, draw: random.Random) -> bool:
    """Two files changed at once, each as one is."""
    names = {fuzzed._a_file(draw), fuzzed._a_file(draw)}
    return _put(fuzzed, {name: mutated(fuzzed.sound[name], draw) for name in sorted(names)})


def _one_figure(fuzzed: FuzzedRun, draw: random.Random) -> bool:
    """A figure changed wherever it stands in the plan and the summary, as who forges with care would."""
    text = fuzzed.sound[draw.choice([*DECISIONS, "plan/reductions.csv", "plan/rules.csv", "summary.json"])]
    figures = [word for word in re.findall(rb"\d+\.?\d*", text) if len(word) > 2]
    old = draw.choice(figures)
    new = repr(float(old) * draw.choice([0.5, 0.9, 0.999, 1.001, 1.01, 2.0]) + draw.choice([0, 1])).encode()
    word = re.compile(rb"(?<![\d.])" + re.escape(old) + rb"(?![\d.])")
    everywhere = {
        name: word.sub(new, data)
        for name, data in fuzzed.sound.items()
        if name.startswith(("plan/", "summary", "qa-log", "assumptions", "solution"))
    }
    return _put(fuzzed, {name: data for name, data in everywhere.items() if data != fuzzed.sound[name]})


def _manifest(fuzzed: FuzzedRun, draw: random.Random) -> bool:
    """A line of the manifest more, less, twice or another, and its own digest made for it."""
    text = fuzzed.sound[MANIFEST]
    lines = text[: text.rstrip(b"\n").rfind(b"\n") + 1].split(b"\n")
    at = draw.randrange(1, len(lines) - 1)
    way = draw.randrange(4)
    if way == 0:
        del lines[at]
    elif way == 1:
        lines.insert(at, lines[at])
    elif way == 2:
        lines.insert(1, draw.choice([b'"approved": true,', b'"note": "",', b'"files": {},', b'"digest": "",']))
    else:
        lines[at] = mutated(lines[at], draw)
    body = b"\n".join(lines)
    said = body + closing_line(body).encode()
    (fuzzed.run / MANIFEST).write_bytes(said)
    return _only_unchecked(text, said)


def _only_unchecked(one: bytes, other: bytes) -> bool:
    """Whether two manifests differ in nothing but what verify says that it does not check."""
    try:
        a, b = (json.loads(text, object_pairs_hook=list) for text in (one, other))
    except ValueError:
        return False
    said = ("command", "program", "python", "pulp", "code_sha256", "times", "digest", "overrides")
    return [pair for pair in a if pair[0] not in said] == [pair for pair in b if pair[0] not in said]


def _signed(fuzzed: FuzzedRun, draw: random.Random) -> bool:
    """A sign-off that is none."""
    (fuzzed.run / SIGN_OFF).write_bytes(mutated(fuzzed.sound["qa-log.md"], draw))
    return False


WAYS = [
    *(_a_stranger, _many_folders, _litter, _a_file_less, _swapped, _another_name, _no_plain_file),
    *(_two_files, _two_files, _one_figure, _one_figure, _one_figure, _manifest, _manifest, _signed),
]


def _put(fuzzed: FuzzedRun, changed: dict[str, bytes]) -> bool:
    for name, data in changed.items():
        (fuzzed.run / name).write_bytes(data)
    reseal(fuzzed.run)
    return all(fuzzed._harmless(name, data) for name, data in changed.items())


def _unpacked(data: bytes) -> bytes | None:
    with contextlib.suppress(OSError, EOFError, zlib.error):
        return gzip.decompress(data)
    return None


def _without_duals(data: bytes) -> Any:
    """What a solution says beside the duals; None where it says nothing that can be read."""
    try:
        said = json.loads(data)
        for year in said["planned"]:
            for stage in year["stages"]:
                stage["duals"] = len(stage["duals"])
    except (ValueError, KeyError, TypeError):
        return None
    return said


def same_figures(one: bytes, other: bytes) -> bool:
    """Whether two files say the same but for how numbers, blanks and line ends are written."""

    def figures(data: bytes) -> list[object]:
        words = re.split(r"[\s,;:\"'\[\]{}|]+", data.decode("utf-8", "replace").strip("\ufeff"))
        return [_number(word) for word in words if word]

    a, b = figures(one), figures(other)
    return len(a) == len(b) and all(
        x == y or (isinstance(x, float) and isinstance(y, float) and math.isclose(x, y, rel_tol=1e-6, abs_tol=0.01))
        for x, y in zip(a, b, strict=True)
    )


def _number(word: str) -> object:
    try:
        return float(word)
    except ValueError:
        return word
