"""No command, and no process that one begins, takes a module from the working folder, where a planner's files lie."""

import csv
import os
import shutil
import subprocess
import sys
import sysconfig
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import typer

from allocator.cli.app import app
from tests.helpers.builders import tiny_tables, write_tables
from tests.helpers.paper_dfe import all_rows, write
from tests.runs.conftest import SETTINGS

# modules that libraries would take if they were there
SOUGHT = ("numexpr", "bottleneck", "pyarrow", "psutil", "scipy", "gmpy2", "orjson", "sitecustomize", "usercustomize")
HOSTILE = 'open({marks!r}, "a").write({name!r} + "\\n")\nraise ImportError("hostile")\n'
COMMAND = Path(sysconfig.get_path("scripts")) / "allocator"
# every command, and each that can begin other processes does so
WORDS = {
    "solve": ["solve", "scenario.toml", "-o", "new"],
    "show": ["show", "run"],
    "explain": ["explain", "run", "--firmness", "--jobs", "2"],
    "approaches": ["approaches", "scenario.toml", "--jobs", "2"],
    "score": ["score", "scenario.toml", "grants.csv"],
    "compare": ["compare", "run", "scenario.toml", "--jobs", "2"],
    "bridge": ["bridge", "run", "scenario.toml", "--jobs", "2"],
    "evidence": ["evidence", "scenario.toml", "--draws", "4", "--jobs", "2"],
    "sweep": ["sweep", "scenario.toml", "--vary", "budget.scale=0.98,1,1.02", "--jobs", "2", "-o", "cases.csv"],
    "verify": ["verify", "run"],
    "sign": ["sign", "run", "--as", "analyst", "--name", "A. Nobody"],
    "check": ["check", "scenario.toml"],
    "report": ["report", "run", "-o", "plan.html"],
    "export": ["export", "run", "-o", "plan.xlsx"],
    "open": ["open", "run"],
    "risk": ["risk", "run", "--draws", "1000"],
    "sensitivity": ["sensitivity", "run", "--jobs", "2"],
    "init": ["init", "begun", "--excel", "--data", "small"],
    "import": ["import", "dfe-neet", "neet.csv", "-o", "imported"],
    "models": ["models"],
    "rules": ["rules"],
}
MADE = ("new", "begun", "cases.csv", "plan.html", "plan.xlsx", "imported")


def hostile_names():
    return {*sys.stdlib_module_names, *packages_distributions(), *SOUGHT} - {"allocator", "__main__"}


@cache
def imported_by_python_itself():
    """What `python -m` needs before it has begun any program: no program can keep these out."""
    asked = "import runpy, sys; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A working folder with a scenario, a run, grants to score, and a file of every name that Python might import."""
    folder = tmp_path_factory.mktemp("hostile")
    targets = [{"scope": "national", "name": "", "year": "2005-06", "max_neet": None, "reduction_share": 0.5}]
    write_tables(folder / "tables", tiny_tables(targets=targets))
    (folder / "scenario.toml").write_text(f'title = "Tiny"\ndata = "tables"\n{SETTINGS.replace(', "guarantee"', "")}')
    subprocess.run([COMMAND, "solve", "scenario.toml", "-o", "run"], cwd=folder, check=True, capture_output=True)
    with (folder / "run" / "plan" / "grants.csv").open() as file:
        grants = [[row["partnership"], row["year"], row["grant"]] for row in csv.DictReader(file)]
    with (folder / "grants.csv").open("w") as file:
        csv.writer(file).writerows([["partnership", "year", "grant"], *grants])
    write(folder / "neet.csv", all_rows())
    for name in hostile_names():
        if "/" not in name and name.isidentifier():
            (folder / f"{name}.py").write_text(HOSTILE.format(marks=str(folder / "marks"), name=name))
    return folder


def ran_from(place, *command, **environment):
    """The names of the hostile files that ran, and the exit status."""
    marks = place / "marks"
    marks.unlink(missing_ok=True)
    for made in MADE:
        target = place / made
        shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
    env = {**os.environ, "BROWSER": "true", **environment}  # a browser that shows nothing
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False, env=env, timeout=120)
    return set(marks.read_text().split()) if marks.exists() else set(), done


def commands():
    return sorted(typer.main.get_command(app).commands)


def test_every_command_is_tried():
    assert set(WORDS) == set(commands())


@pytest.mark.slow
@pytest.mark.skipif(not COMMAND.exists(), reason="the program is not installed as a command")
@pytest.mark.parametrize("name", commands())
def test_no_command_runs_a_file_of_the_working_folder(place, name):
    ran, done = ran_from(place, COMMAND, *WORDS[name])
    assert ran == set()
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", commands())
def test_python_m_allocator_runs_none_either_but_what_python_itself_takes_first(place, name):
    kept = {path: path.read_text() for path in place.glob("*.py") if path.stem in imported_by_python_itself()}
    for path in kept:
        path.unlink()
    try:
        ran, done = ran_from(place, sys.executable, "-m", "allocator", *WORDS[name])
    finally:
        for path, text in kept.items():
            path.write_text(text)
    assert ran == set()
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["sweep", "verify"])
def test_with_p_python_itself_takes_none_from_there_either(place, name):
    ran, done = ran_from(place, sys.executable, "-P", "-m", "allocator", *WORDS[name])
    assert ran == set()
    assert done.returncode == 0, done.stderr
