"""What sensitivity adds to a run stands outside its manifest, says of which run it is, and is named as not checked."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from allocator import api
from allocator.analyses.sensitivity.log import keep
from allocator.runs.verify.verify import verify
from tests.helpers.sealed import reseal


@pytest.fixture(scope="module")
def found(written):
    return api.sensitivity(written)


def test_the_effect_of_each_input_is_added_to_the_assumptions_log(run, found):
    before = (run / "manifest.json").read_bytes()
    path = keep(run, found)
    assert path == run / "sensitivity.md"
    assert (run / "manifest.json").read_bytes() == before
    text = path.read_text(encoding="utf-8")
    assert json.loads(before)["digest"] in text
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")][2:]
    assert [row[0].removeprefix("| ").rpartition(" (")[0] for row in rows] == [one.name for one in found.moved]
    assert sorted(entry.name for entry in run.parent.iterdir()) == ["run"]
    seen = verify(run)
    assert seen.certified
    assert "sensitivity.md" in seen.unchecked
    assert "ANOTHER RUN" not in seen.unchecked


def test_that_of_another_run_is_told_as_such(run, found):
    keep(run, found)
    (run / "worth.json").write_text("{}\n", encoding="utf-8")
    reseal(run)
    seen = verify(run)
    assert seen.certified
    assert "sensitivity.md, which is of ANOTHER RUN" in seen.unchecked


@pytest.mark.parametrize("text", ["", "# Approved\n", "head and \x1b[2K", "head and more"])
def test_whatever_else_stands_under_its_name_is_refused(run, found, text):
    keep(run, found)
    path = run / "sensitivity.md"
    whole = path.read_text(encoding="utf-8")
    path.write_text(text.replace("head and ", whole[:230] + "\n"), encoding="utf-8")
    seen = verify(run)
    assert not seen.certified
    assert "sensitivity.md" in seen.checks[0].detail


def test_a_name_in_it_stays_text(run, found):
    hostile = replace(found.moved[0], name="| <img onerror=x> | `a`")
    path = keep(run, replace(found, moved=(hostile,)))
    line = next(line for line in path.read_text(encoding="utf-8").splitlines() if "onerror" in line)
    assert "&lt;img" in line
    assert line.count(" | ") == 5
