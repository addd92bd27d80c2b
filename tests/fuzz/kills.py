"""Commands that are killed: `uv run python -m tests.fuzz.kills --kills 1000 [--seed 1]`.

Every command that writes is begun on small data in a process of its own and killed at a moment drawn at random, from
before it reads to after it has ended. Some of them are written by two at once, some meet a disk that is full after so
many bytes, some a clock that jumps at every look. What then lies under the name that was asked for is whole, and is
verified, or it is not there. Ends with status 1 at the first thing that is neither, with the command and the folder.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

from allocator import api
from allocator.cli import app
from allocator.runs import files
from allocator.runs.read import RunFolder
from allocator.runs.verify import sign as signing
from allocator.runs.verify.sign_offs import sign_offs
from allocator.runs.verify.verify import verify
from tests.helpers.builders import tiny_data, tiny_scenario
from tests.helpers.paper_dfe import all_rows, write
from tests.runs.conftest import SETTINGS

VARY = ["--vary", "budget.scale=0.98:1.02:5", "--jobs", "1"]
# Each command that writes: what is typed, what is asked for, and how often of a hundred times it is tried.
COMMANDS = {
    "solve": (["solve", "mine.toml", "-o", "new"], "new", 25),
    "solve --force": (["solve", "mine.toml", "-o", "run", "--force"], "run", 15),
    "sweep": (["sweep", "mine.toml", *VARY, "-o", "cases.csv"], "cases.csv", 12),
    "approaches": (["approaches", "mine.toml", "--jobs", "1", "-o", "approaches.csv"], "approaches.csv", 8),
    "report": (["report", "run", "-o", "plan.html"], "plan.html", 6),
    "export": (["export", "run", "-o", "plan.xlsx"], "plan.xlsx", 8),
    "import": (["import", "dfe-neet", "neet.csv", "-o", "imported"], "imported", 8),
    "init": (["init", "begun", "--data", "small"], "begun", 5),
    "init --excel": (["init", "book", "--data", "small", "--excel"], "book", 5),
    "sign": (["sign", "run", "--as", "analyst", "--name", "A. Nobody"], "run", 8),
}


def prepared(folder: Path) -> Path:
    """A folder with all that the commands read: tables, a scenario, a run of it, the Department's figures."""
    tiny_data(folder)
    tiny_scenario(folder, SETTINGS).source.rename(folder / "mine.toml")  # type: ignore[union-attr] # it is a file
    write(folder / "neet.csv", all_rows())
    begin(folder, COMMANDS["solve"][0]).wait()
    (folder / "new").rename(folder / "run")
    return folder


class Child:
    """A command in a process of its own, forked from this one, which has imported everything already."""

    def __init__(self, folder: Path, words: list[str], *, bytes_left: int | None, jumps: bool) -> None:
        """Begin it. bytes_left: after which every file is full. jumps: whether the clock does."""
        self._said, self._says = os.pipe()  # no file, which a full disk would stop; what is said fits into a pipe
        self.pid = os.fork()
        if not self.pid:
            self._run(folder, words, bytes_left, jumps=jumps)

    def _run(self, folder: Path, words: list[str], bytes_left: int | None, *, jumps: bool) -> None:
        os.chdir(folder)
        os.dup2(self._says, 1)
        os.dup2(self._says, 2)
        if bytes_left is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_left, bytes_left))
        if jumps:
            for module in (api, files, signing):
                module.datetime = Jumping  # type: ignore[attr-defined] # each takes the clock by that name
        status = 1
        with contextlib.suppress(BaseException):
            status = app.run(words)
            sys.stdout.flush()
        os._exit(status)

    def wait(self) -> int:
        """Its exit status, once it has ended; -9 where it was killed."""
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self._says)
        with os.fdopen(self._said, encoding="utf-8", errors="replace") as said:
            self.said = said.read()
        return status

    def kill(self) -> int:
        """End it here and now; its status, which is its own where it had ended before."""
        os.kill(self.pid, signal.SIGKILL)
        return self.wait()


class Jumping(dt.datetime):
    """A clock that is years early or late at every look."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Jumping:
        """Any second of forty years."""
        return cls.fromtimestamp(random.uniform(1e9, 2.2e9), tz)


def begin(folder: Path, words: list[str], *, bytes_left: int | None = None, jumps: bool = False) -> Child:
    """Begin a command in a folder."""
    return Child(folder, words, bytes_left=bytes_left, jumps=jumps)


def whole(path: Path, sound: Path) -> bool:
    """Whether what lies there is as whole as what a command leaves that nothing stopped."""
    if (sound / "manifest.json").is_file():
        return verify(path).certified and tuple(sign_offs(RunFolder(path))) is not None
    if path.is_dir():
        made, wanted = ({p.relative_to(top): p for top in (place,) for p in top.rglob("*")} for place in (path, sound))
        return made.keys() == wanted.keys() and all(
            made[name].read_bytes() == wanted[name].read_bytes() for name in made if made[name].is_file()
        )
    found, wanted_bytes = path.read_bytes(), sound.read_bytes()
    if path.suffix == ".xlsx":
        return zipfile.is_zipfile(path) and zipfile.ZipFile(path).testzip() is None
    return (
        found.count(b"\n") == wanted_bytes.count(b"\n") and found[-20:].split()[-1:] == wanted_bytes[-20:].split()[-1:]
    )


def tried(place: Path, words: list[str], takes: float, draw: random.Random) -> str:
    """Begin a command, or two at once, and stop it in one of the ways; how it ended, in a word."""
    way = draw.choices(("killed", "two", "full", "jumps"), (70, 12, 12, 6))[0]
    random.seed(draw.random())
    if way == "full":
        child = begin(place, words, bytes_left=draw.choice([0, 100, 1_000, 4_096, 20_000, draw.randrange(300_000)]))
        status = child.wait()
        if status not in (0, 2) or "Traceback" in child.said:
            raise AssertionError(f"a full disk ended {words} with {status}: {child.said}")
        return "a full disk" if status else "room enough"
    children = [begin(place, words, jumps=way == "jumps") for _ in range(2 if way == "two" else 1)]
    time.sleep(draw.uniform(0, 1.15 * takes * len(children)))
    statuses = [children[0].kill(), *(child.wait() for child in children[1:])]
    if any(status not in (0, 1, 2, -9) for status in statuses):
        raise AssertionError(f"{words} ended with {statuses}")
    return {"two": "two at once", "jumps": "a clock that jumps"}.get(way, "killed") if -9 in statuses else "too late"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=0.0, help="how long at most")
    chosen = parser.parse_args()
    folder, draw = Path(tempfile.mkdtemp(prefix="kills-")), random.Random(chosen.seed)
    (folder / "sound").mkdir()
    sound = prepared(folder / "sound")
    takes: dict[str, float] = {}
    for name, (words, _, _) in COMMANDS.items():
        began = time.perf_counter()
        child = begin(sound, words)
        if child.wait():
            print(child.said)
            return 1
        takes[name] = time.perf_counter() - began
    inputs = [sound / name for name in ("tables", "mine.toml", "neet.csv", "run")]
    seen: Counter[tuple[str, str]] = Counter()
    ends = time.monotonic() + 60 * chosen.minutes
    for number in range(chosen.kills):
        if chosen.minutes and time.monotonic() > ends:
            break
        name = draw.choices(list(COMMANDS), [share for _, _, share in COMMANDS.values()])[0]
        words, target, _ = COMMANDS[name]
        place = folder / f"round-{number}"
        place.mkdir()
        for path in inputs:
            (shutil.copytree if path.is_dir() else shutil.copyfile)(path, place / path.name)
        (place / "run" / files.SIGN_OFF).unlink(missing_ok=True)
        ended = tried(place, words, takes[name], draw)
        found = place / target
        if found.exists():
            if not whole(found, sound / target):
                print(f"{name}, {ended}: {found} is neither whole nor absent")
                return 1
            ended += ", whole"
        elif target == "run":
            print(f"{name}, {ended}: {found} is gone")
            return 1
        seen[name, ended] += 1
        shutil.rmtree(place)
        if number % 100 == 99:
            print(f"{number + 1:,}", file=sys.stderr, flush=True)
    print(f"{sum(seen.values()):,} commands stopped, seed {chosen.seed}: everything is whole or not there")
    for (name, ended), count in sorted(seen.items()):
        print(f"  {name:<14} {ended:<28} {count:>5}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
