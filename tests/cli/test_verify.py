"""`allocator verify` as an auditor runs it: its words, its JSON, its status, and that it trusts no solver."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from allocator.cli import app
from allocator.runs.write import write_run
from tests.runs.conftest import solved

ALONE = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        refused = ("pulp", "highspy", "allocator.programme", "allocator.solving.session", "allocator.solving.stages")
        if name in refused or name.startswith(("pulp.", "highspy.", "allocator.programme.")):
            raise ImportError(name)

sys.meta_path.insert(0, Blocked())
from allocator.cli.app import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("verify")
    return write_run(solved(folder), folder / "run")


@pytest.fixture
def run(written, tmp_path):
    return shutil.copytree(written, tmp_path / "run")


def verify(capsys, *words):
    status = app.run(["verify", *map(str, words)])
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    return status, said.out, said.err


def test_a_run_as_it_was_written_is_certified(capsys, run):
    status, out, err = verify(capsys, run)
    assert (status, err) == (0, "")
    assert out.startswith(f"Certified: {run}\n")


def test_json_has_the_documented_keys_and_nothing_else(capsys, run):
    status, out, err = verify(capsys, run, "--json")
    said = json.loads(out)
    assert (status, err) == (0, "")
    assert said["certified"] is True
    assert [check["check"] for check in said["checks"]] == ["files", "certificate", "recomputed", "totals"]
    assert all(set(check) == {"check", "passed", "detail"} and check["passed"] is True for check in said["checks"])


def test_a_changed_grant_is_status_1_and_says_which_line(capsys, run):
    path = run / "plan" / "grants.csv"
    lines = path.read_text().splitlines()
    cells = lines[2].split(",")
    cells[4] = str(float(cells[4]) + 1)
    path.write_text("\n".join([*lines[:2], ",".join(cells), *lines[3:]]) + "\n")
    status, out, _ = verify(capsys, run)
    assert status == 1
    assert out.startswith(f"NOT CERTIFIED: {run}\n")
    words = " ".join(out.split())
    assert "plan/grants.csv is not the file that was written" in words
    assert "plan/grants.csv, row 3, north 2005-06" in words
    status, out, _ = verify(capsys, run, "--json")
    assert status == 1
    assert json.loads(out)["certified"] is False


@pytest.mark.parametrize(
    "words", [["show"], ["show", "--json"], ["explain", "north"], ["compare"], ["bridge"], ["compare", "--json"]]
)
def test_what_is_told_from_files_that_were_changed_says_so_on_standard_error(capsys, run, words):
    command, *rest = words
    sides = [str(run)] * (2 if command in ("compare", "bridge") else 1)
    assert app.run([command, *sides, *rest]) == 0
    assert capsys.readouterr().err == ""
    years = run / "inputs" / "tables" / "years.csv"
    text = years.read_text()
    years.write_text(f"{text.rstrip()}\n\n")
    assert years.read_text() != text
    assert app.run([command, *sides, *rest]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert said.startswith(f"! {run}: inputs/tables/years.csv is not the file that was written; run `allocator verify")


def test_no_run_is_wrong_usage(capsys, tmp_path):
    status, out, err = verify(capsys, tmp_path / "none")
    assert (status, out) == (2, "")
    assert "none" in err
    (tmp_path / "run").symlink_to(tmp_path)
    assert verify(capsys, tmp_path / "run")[0] == 2


def test_it_imports_neither_a_solver_nor_pulp_nor_the_rules(run):
    for words in (["verify", str(run)], ["verify", str(run), "--json"]):
        done = subprocess.run(
            [sys.executable, "-c", ALONE, *words], capture_output=True, text=True, timeout=60, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
    done = subprocess.run(
        [sys.executable, "-c", ALONE.replace("run(sys.argv[1:])", "0 if __import__('pulp') else 1")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "ImportError" in done.stderr  # the block does block


def test_names_that_would_rewrite_a_terminal_are_shown_safely(capsys, run):
    (run / "plan" / "a\x1b[2K\u202egpj.csv").write_text("")
    status, out, _ = verify(capsys, run)
    assert status == 1
    assert not {"\x1b", "\u202e"} & set(out)


@pytest.mark.skipif(os.name == "nt", reason="names there are text")
def test_a_file_whose_name_is_no_text_is_a_failed_check(capsys, run):
    Path(os.fsdecode(os.fsencode(run) + b"/\xff.csv")).touch()
    for form in ([], ["--json"]):
        words = [sys.executable, "-m", "allocator", "verify", str(run), *form]
        strict = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
        done = subprocess.run(words, capture_output=True, timeout=60, check=False, env=strict)
        assert (done.returncode, done.stderr) == (1, b"")
