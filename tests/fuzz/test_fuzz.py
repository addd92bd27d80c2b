"""A bounded share of the fuzzing, and that the fuzzing would find something."""

import os
import random
import subprocess
import sys

import pytest

from tests.fuzz.long import fuzz
from tests.helpers import fuzz_targets as fuzzed
from tests.helpers.mutate import mutated

INPUTS = 1_000


@pytest.mark.slow
def test_mutated_files_are_taken_or_refused_in_words(tmp_path):
    seen, longest = fuzz(tmp_path, INPUTS, seed=7)
    assert sum(seen.values()) == INPUTS
    kinds = {"table", "saved", "workbook", "sheet", "scenario", "override", "grants", "dfe", "run"}
    assert {kind for kind, taken in seen if not taken} == kinds
    assert any(taken for _, taken in seen)
    assert longest < 10


def test_an_error_of_pythons_own_is_a_finding_and_its_input_is_kept(tmp_path, monkeypatch):
    def broken(*_):
        raise IndexError("list index out of range")

    made = fuzzed.Targets(tmp_path / "made")
    monkeypatch.setattr(fuzzed, "Targets", lambda _: made)
    monkeypatch.setattr("tests.fuzz.long.Targets", lambda _: made)
    monkeypatch.setattr(fuzzed, "check_tables", broken)
    with pytest.raises(AssertionError, match="IndexError"):
        fuzz(tmp_path, 100, seed=1)
    kept = [path for path in tmp_path.iterdir() if path.is_file()]
    assert len(kept) == 1


def test_a_file_left_behind_is_a_finding(tmp_path):
    made = fuzzed.Targets(tmp_path / "files")
    assert made.intruders() == set()
    (tmp_path / "x").touch()
    assert made.intruders() == {f"{tmp_path.name}/x"} or made.intruders() == {"x"}


def test_a_changed_run_that_were_certified_is_a_finding(tmp_path, monkeypatch):
    made = fuzzed.Targets(tmp_path / "files")
    monkeypatch.setattr("tests.helpers.fuzzed_run.Judged.check", lambda *_: type("Check", (), {"passed": True}))
    with pytest.raises(AssertionError, match="is certified"):
        made.call("run summary.json", b"{}")


def test_the_same_seed_is_the_same_input_and_each_change_can_come():
    seed = b"partnership,year,grant\nnorth,2004-05,1\n" * 3
    draws = [random.Random(3), random.Random(3)]
    first, second = ([mutated(seed, draw) for _ in range(3000)] for draw in draws)
    assert first == second
    assert len(set(first)) > 2000
    for wanted in (b"=cmd()", b"\x00", b";", b"\xff\xfe", b"../x"):
        assert any(wanted in data for data in first), wanted


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="processes are forked and killed there alone")
def test_commands_that_are_stopped_leave_what_is_whole_or_nothing(pytestconfig):
    words = [sys.executable, "-m", "tests.fuzz.kills", "--kills", "40", "--seed", "3"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=pytestconfig.rootpath, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("40 commands stopped, seed 3: everything is whole or not there")
    assert "killed" in done.stdout


def test_half_a_file_is_not_whole(tmp_path):
    from tests.fuzz.kills import whole

    (tmp_path / "sound.csv").write_text("a,b\n1,2\n3,4\n")
    (tmp_path / "cut.csv").write_text("a,b\n1,2\n3,")
    (tmp_path / "less.csv").write_text("a,b\n3,4\n")
    assert whole(tmp_path / "sound.csv", tmp_path / "sound.csv")
    assert not whole(tmp_path / "cut.csv", tmp_path / "sound.csv")
    assert not whole(tmp_path / "less.csv", tmp_path / "sound.csv")
    (tmp_path / "folder").mkdir()
    (tmp_path / "part").mkdir()
    (tmp_path / "folder" / "x").write_text("x")
    assert not whole(tmp_path / "part", tmp_path / "folder")
