"""Runs made to eat the memory or the time of who verifies them: status 1, within a bound of both."""

from __future__ import annotations

import gzip
import os
import resource
import shutil
import subprocess
import sys

import pytest

BYTES = 3_000_000_000  # of address space, two thirds of which numpy's threads and the like only reserve
SECONDS = 90  # far more than is needed, for a machine that does other things as well


def sparse(path):
    with path.open("wb") as file:
        os.truncate(file.fileno(), 2_000_000_000)


def problem_of(line, count):
    def write(path):
        head = b"NAME\nOBJSENSE\n MAX\nROWS\n N c\n"
        path.write_bytes(gzip.compress(head + b"".join(line % n for n in range(count)), 1))

    return write


BOMBS = {
    "a grants table of 2 GB": ("plan/grants.csv", sparse),
    "a summary of 2 GB": ("summary.json", sparse),
    "a manifest of 2 GB": ("manifest.json", sparse),
    "years of 2 GB": ("inputs/tables/years.csv", sparse),
    "a scenario of 2 GB": ("inputs/scenario.toml", sparse),
    "a packed problem of 2 GB": ("problem.mps.gz", sparse),
    "a table of blank lines": ("plan/places.csv", lambda path: path.write_bytes(b"\n" * 49_000_000)),
    "a table of commas": ("plan/places.csv", lambda path: path.write_bytes(b"," * 49_000_000)),
    "a solution of empty lists": ("solution.json", lambda path: path.write_bytes(b"[" + b"[]," * 9_000_000 + b"1]")),
    "a solution that is deep": ("solution.json", lambda path: path.write_bytes(b"[" * 40_000_000)),
    "a number of ten million digits": ("solution.json", lambda path: path.write_bytes(b"1" * 10_000_000)),
    "a problem of blank lines": (
        "problem.mps.gz",
        lambda path: path.write_bytes(gzip.compress(b"\n" * 240_000_000, 1)),
    ),
    "a problem of one line": ("problem.mps.gz", lambda path: path.write_bytes(gzip.compress(b"N " * 120_000_000, 1))),
    "a problem of too many rows": ("problem.mps.gz", problem_of(b" L r%d\n", 1_200_000)),
}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "write"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_in_a_run_is_status_1_within_bounds(written, tmp_path, name, write):
    run = shutil.copytree(written, tmp_path / "run")
    (run / name).unlink()
    write(run / name)
    done = subprocess.run(
        [sys.executable, "-m", "allocator", "verify", str(run)],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES)),
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("NOT CERTIFIED")
    assert "MemoryError" not in done.stdout


@pytest.mark.slow
def test_a_solution_that_names_one_problem_again_and_again_is_read_in_bounded_time(written, tmp_path):
    run = shutil.copytree(written, tmp_path / "run")
    text = (run / "solution.json").read_text()
    start = text.index('"planned":[') + len('"planned":[')
    one = text[start : text.rindex("]")]
    (run / "solution.json").write_text(text[:start] + ",".join([one] * 2_000) + "]}")
    words = [sys.executable, "-m", "allocator", "verify", str(run)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "years planned" in " ".join(done.stdout.split())
