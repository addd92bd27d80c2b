"""The program as a process: what goes where, what a closed pipe, a full disk and Ctrl-C do, and terminals."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from allocator.analyses.init.starter import start_folder

PROGRAM = [sys.executable, "-m", "allocator"]
posix = pytest.mark.skipif(os.name == "nt", reason="pipes, signals and terminals of POSIX")


def call(*words, cwd=None, **environment):
    inherited = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    command = [*PROGRAM, *words]
    return subprocess.run(command, check=False, cwd=cwd, env=inherited | environment, capture_output=True, text=True)


@pytest.fixture
def place(tmp_path):
    """A working folder with a scenario on the small data set."""
    return start_folder(tmp_path / "mine", "small").folder


@pytest.mark.slow
def test_solve_writes_json_alone_to_standard_output(place):
    done = call("solve", "scenario.toml", "--json", "-o", "run", cwd=place)
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    summary = json.loads(done.stdout)
    documented = ["status", "certified", "gap", "violation", "scenario", "goal"]
    documented += ["stages", "shortfalls", "years", "partnerships"]
    assert list(summary)[: len(documented)] == documented
    assert summary["run"] == "run"
    assert summary["certified"]
    assert json.loads((place / "run" / "summary.json").read_text(encoding="utf-8"))["goal"] == summary["goal"]


@pytest.mark.slow
def test_no_plan_is_status_1_and_writes_nothing(place):
    there = sorted(place.iterdir())
    done = call("solve", "scenario.toml", "--set", "grants.floor=1.2", "--json", cwd=place)
    assert done.returncode == 1
    assert json.loads(done.stdout)["status"] == "infeasible"
    assert sorted(place.iterdir()) == there


@pytest.mark.slow
def test_a_run_is_not_written_over_without_being_told_to(place):
    assert call("solve", "scenario.toml", "-o", "run", cwd=place).returncode == 0
    before = (place / "run" / "manifest.json").read_bytes()
    assert call("solve", "scenario.toml", "-o", "run", cwd=place).returncode == 2
    assert (place / "run" / "manifest.json").read_bytes() == before
    assert call("solve", "scenario.toml", "-o", "run", "--force", cwd=place).returncode == 0


@posix
def test_a_reader_that_stops_is_no_error():
    command = " ".join(f"'{word}'" for word in PROGRAM) + " check --dictionary | head -n 1; echo ${PIPESTATUS[0]}"
    done = subprocess.run(["bash", "-c", command], check=True, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "0"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_cannot_be_written_is_told():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*PROGRAM, "models"], check=False, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


# Says when Ctrl-C is the program's own: before that, while Python itself begins, no program can answer it.
BEGINS = """
import os, signal, sys
ready = int(sys.argv.pop(1))
signal.signal(signal.SIGINT, signal.default_int_handler)  # as from a terminal: what runs in the background ignores it
take_over = signal.signal
def told(number, handler):
    before = take_over(number, handler)
    if number == signal.SIGINT and handler is not signal.SIG_IGN:
        os.write(ready, b"!")
    return before
signal.signal = told
from allocator.__main__ import main
main()
"""


def stopped_after(seconds, folder, *words):
    """What a terminal's Ctrl-C, which goes to all processes of a command, makes of it so long after its beginning."""
    begun, ready = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", BEGINS, str(ready), *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        pass_fds=[ready],
    )
    os.close(ready)
    assert os.read(begun, 1) == b"!"
    os.close(begun)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)  # it is not waited for yet, so the number is still its own
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


SWEEP = ("sweep", "settlement", "--vary", "budget.scale=0.96:1.04:200", "--jobs", "2", "-o", "cases.csv")


@posix
@pytest.mark.slow
@pytest.mark.parametrize("words", [("solve",), ("bridge", "needs_formula", "settlement"), SWEEP], ids=lambda w: w[0])
def test_ctrl_c_is_answered_with_one_sentence_at_any_moment(tmp_path, words):
    def stopped(seconds):
        folder = tmp_path / str(seconds)
        folder.mkdir()
        return folder, *stopped_after(seconds, folder, *words)

    with ThreadPoolExecutor(max_workers=4) as pool:
        found = list(pool.map(stopped, [0, 0.1, 0.3, 0.4, 0.5, 0.8, 1.3, 2.0]))
    for folder, status, out, err in found:
        if status == 0:  # it was quicker
            continue
        assert status == 130
        runs = list((folder / "runs").glob("*"))
        if runs:  # it was stopped while it told the result
            assert err == f"stopped; {runs[0].relative_to(folder)} was written before that\n"
            assert call("verify", str(runs[0])).returncode == 0
            continue
        assert out == ""
        left = sorted(path.name for path in folder.iterdir() if path.name != "runs")
        if left:
            assert left == ["cases.csv.part"]
            assert "cases.csv.part" in err
            assert "--resume" in err
            assert err.count("\n") == 1
        else:
            assert err == "stopped, nothing was written\n"


def in_a_terminal(columns, *words, **environment):
    """What a terminal of so many columns shows."""
    import fcntl
    import pty
    import struct
    import termios

    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    keep = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "FORCE_COLOR")}
    process = subprocess.Popen(
        [*PROGRAM, *words], stdin=side, stdout=side, stderr=side, env=keep | {"TERM": "xterm-256color"} | environment
    )
    os.close(side)
    shown = b""
    try:
        while chunk := os.read(main, 65536):
            shown += chunk
    except OSError:
        pass  # the other side is closed
    process.wait()
    os.close(main)
    return shown.decode().replace("\r\n", "\n")


COLOUR = re.compile("\x1b\\[[0-9;]*m")


@posix
@pytest.mark.parametrize("columns", [80, 100, 160])
def test_a_terminal_gets_its_own_width(columns):
    shown = COLOUR.sub("", in_a_terminal(columns, "check", "--dictionary"))
    longest = max(len(line) for line in shown.splitlines())
    assert longest <= columns
    assert longest > min(columns, 110) - 15


@posix
def test_colour_on_a_terminal_only_and_not_against_the_user_s_will():
    assert COLOUR.search(in_a_terminal(100, "models"))
    assert not re.search("\x1b\\[[0-9;]*3[0-9]", in_a_terminal(100, "rules", "nosuch", NO_COLOR="1"))
    assert not COLOUR.search(call("models").stdout)


@posix
def test_an_output_without_unicode_still_gets_everything():
    done = call("check", "--dictionary", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert "young_people" in done.stdout
