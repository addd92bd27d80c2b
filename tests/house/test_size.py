"""No module grows past what can be read at one sitting, and none is a place for leftovers."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = 400
LEFTOVERS = {"data", "model", "build", "utils", "util", "helpers", "misc", "common"}


@pytest.mark.parametrize("folder", ["allocator", "tests", "docs", "benchmarks"])
def test_no_file_is_longer_than_400_lines(folder):
    long = {
        str(path.relative_to(ROOT)): count
        for path in (ROOT / folder).rglob("*.py")
        if "_shipped" not in path.parts and (count := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert not long


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
