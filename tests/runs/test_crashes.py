"""Killed at any moment, a full disk, a disk that may not be written: a whole run or nothing, and a clear message."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time

import pytest

from allocator.analyses.init.starter import start_folder
from allocator.cli import app
from allocator.errors import RunError
from allocator.runs.verify.verify import verify
from allocator.runs.write import write_run

ROUNDS = 100


def program(*words, **named):
    return [sys.executable, "-m", "allocator", *words]


@pytest.mark.slow
def test_killed_at_a_hundred_random_moments_every_run_that_is_there_is_whole(tmp_path, pytestconfig):
    words = [sys.executable, "-m", "tests.helpers.killed_writers", str(tmp_path), str(ROUNDS), "1"]
    subprocess.run(words, check=True, cwd=pytestconfig.rootpath, timeout=300)
    cut_off = 0
    for number in range(ROUNDS):
        place = tmp_path / f"round-{number}"
        names = sorted(path.name for path in place.iterdir())
        finished = [name for name in names if not name.startswith(".")]
        if number % 2:
            assert finished == ["run"]  # a run that is replaced is there at every moment
        for name in finished[-2:]:
            assert verify(place / name).certified, (number, name)
        for name in set(names) - set(finished):
            cut_off += 1
            with pytest.raises(RunError):
                verify(place / name)
    assert cut_off > ROUNDS / 4  # the kills did hit the writing


@pytest.mark.slow
def test_the_whole_command_killed_at_random_moments_leaves_a_whole_run_or_none(tmp_path_factory, tmp_path):
    scenario = start_folder(tmp_path_factory.mktemp("begun") / "mine", "small", workbook=False)
    words = program("solve", str(scenario.folder / scenario.scenario), "-o", "run")
    began = time.perf_counter()
    subprocess.run(words, check=True, cwd=tmp_path, capture_output=True, timeout=120)
    takes = time.perf_counter() - began
    shutil.rmtree(tmp_path / "run")
    draw = random.Random(2)
    for _ in range(10):
        with subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(draw.uniform(0.5, 1.05) * takes)
            process.kill()
        if (tmp_path / "run").exists():
            assert verify(tmp_path / "run").certified
            shutil.rmtree(tmp_path / "run")
        assert all(path.name.startswith(".run.writing-") for path in tmp_path.iterdir())


@pytest.fixture
def small_disk(tmp_path):
    """A function that mounts a small file system of given options at a folder."""
    mounted = []

    def mount(options):
        place = tmp_path / f"disk-{len(mounted)}"
        place.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip("file systems cannot be mounted here")
        mounted.append(place)
        return place

    if os.name != "posix" or os.geteuid() or shutil.which("mount") is None:
        pytest.skip("only who may mount a file system can make a full one")
    yield mount
    for place in mounted:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize(
    "options", ["size=4k", "size=32k", "size=64k", "size=96k", "nr_inodes=2", "nr_inodes=5", "nr_inodes=20"]
)
def test_a_disk_that_is_full_is_said_and_left_as_it_was(plan, small_disk, options):
    disk = small_disk(options)
    with pytest.raises(RunError) as refused:
        write_run(plan, disk / "run")
    assert "No space left" in refused.value.found
    assert list(disk.iterdir()) == []


def test_where_there_is_no_room_for_the_new_run_the_old_one_stays(plan, small_disk, written):
    size = sum(-(-path.stat().st_size // 4096) * 4096 for path in written.rglob("*") if path.is_file())
    disk = small_disk(f"size={size * 3 // 2}")
    write_run(plan, disk / "run")
    with pytest.raises(RunError):
        write_run(plan, disk / "run", force=True)
    assert [path.name for path in disk.iterdir()] == ["run"]
    assert verify(disk / "run").certified


def test_a_disk_that_may_not_be_written_is_status_2_and_a_sentence(small_disk, capsys):
    disk = small_disk("ro")
    assert app.run(["solve", "-o", str(disk / "run")]) == 2
    said = capsys.readouterr()
    assert "Optimal and certified" in said.out  # what was found is said though nothing can be written
    assert "Read-only" in said.err
    assert "Traceback" not in said.err
