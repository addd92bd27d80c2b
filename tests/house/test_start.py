"""What is asked often answers at once: no heavy library is loaded for it."""

import subprocess
import sys

import pytest

HEAVY = ("numpy", "pandas", "pulp", "highspy", "altair", "dask", "distributed", "xlsxwriter", "python_calamine")


def loaded_by(words):
    code = (
        "import sys\n"
        "from allocator.cli.app import run\n"
        f"status = run({words!r})\n"
        "print('\\nLOADED', status, *sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    status, *names = done.stdout.rpartition("LOADED")[2].split()
    return int(status), set(names)


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["models"], ["models", "--json"], ["solve", "--help"]])
def test_nothing_heavy_is_loaded(words):
    status, names = loaded_by(words)
    assert status == 0
    assert not names & set(HEAVY)


def test_importing_the_library_loads_nothing_heavy():
    code = "import sys, allocator\nprint(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & set(HEAVY)
