"""What is published works on its own: the wheel, in a fresh environment, in an empty folder."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """An environment that holds the wheel, with the dependencies of this one; gives its folder of programs."""
    made = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(made), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = made.glob("*.whl")
    environment = made / "environment"
    venv.create(environment, with_pip=True)
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    install = [programs / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    # Only the libraries are taken from here: a .pth file adds their folder after the environment's own, and files of
    # the same kind in that folder, which would bring in this checkout, are not followed.
    asked = [programs / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    own = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    Path(own, "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return programs


def call(programs, folder, *words):
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [programs / "allocator", *words]
    return subprocess.run(command, check=False, cwd=folder, env=clean, capture_output=True, text=True)


@pytest.mark.slow
def test_the_package_comes_from_the_wheel(installed, tmp_path):
    asked = [installed / "python", "-c", "import allocator, allocator.shipped as s; print(s.models_folder())"]
    found = subprocess.run(asked, cwd=tmp_path, check=True, capture_output=True, text=True).stdout.strip()
    assert Path(found).is_relative_to(installed.parent)


@pytest.mark.slow
def test_it_solves_in_an_empty_folder(installed, tmp_path):
    done = call(installed, tmp_path, "solve", "--json")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["certified"]
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]
    assert (tmp_path / summary["run"] / "manifest.json").is_file()


@pytest.mark.slow
def test_every_shipped_scenario_is_sound_there(installed, tmp_path):
    listed = json.loads(call(installed, tmp_path, "models", "--json").stdout)["models"]
    assert len(listed) >= 10
    names = [model["name"] for model in listed]
    every = f"import allocator; print(*(allocator.check(name).status for name in {names!r}))"
    asked = [installed / "python", "-c", every]
    found = subprocess.run(asked, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert found.split() == ["valid"] * len(names)


@pytest.mark.slow
def test_a_working_folder_can_be_made_and_solved_there(installed, tmp_path):
    assert call(installed, tmp_path, "init", "mine", "--data", "small", "--excel").returncode == 0
    done = call(installed, tmp_path, "solve", "mine/small.xlsx", "-o", "run")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "run" / "plan" / "grants.csv").is_file()
    assert call(installed, tmp_path, "report", "run", "-o", "plan.html").returncode == 0
    assert "</html>" in (tmp_path / "plan.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_its_types_come_with_it(installed):
    (marker,) = installed.parent.rglob("site-packages/allocator/py.typed")
    assert marker.is_file()
