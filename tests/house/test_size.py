"""No folder holds more files than can be taken in at a glance, and none is a place for leftovers."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_FILES = 13
LEFTOVERS = {"data", "model", "build", "utils", "util", "helpers", "misc", "common"}


def folders():
    return sorted({path.parent for path in (ROOT / "allocator").rglob("*.py") if "_shipped" not in path.parts})


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: str(folder.relative_to(ROOT)))
def test_a_folder_is_taken_in_at_a_glance(folder):
    # a command has a file of its own, however many there are
    most = MOST_FILES if folder.name != "commands" else 30
    assert len([path for path in folder.glob("*.py") if path.name != "__init__.py"]) <= most


def test_no_package_is_named_for_leftovers():
    folders = {path.name for path in (ROOT / "allocator").rglob("*") if path.is_dir() and "_shipped" not in path.parts}
    assert not folders & LEFTOVERS


def test_every_exception_to_a_lint_rule_or_a_type_says_why():
    silent = []
    for path in [*(ROOT / "allocator").rglob("*.py"), *(ROOT / "docs").rglob("*.py")]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for mark in ("# noqa", "# type: ignore"):
                if mark in line:
                    reason = line.split(mark, 1)[1].lstrip(": ")
                    after = reason.split("]", 1)[1] if mark == "# type: ignore" and "]" in reason else reason
                    if len(after.split()) < 4:
                        silent.append(f"{path.relative_to(ROOT)}:{number}")
    assert not silent
