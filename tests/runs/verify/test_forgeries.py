"""What an auditor would try: a run changed in a few lines, every digest made right again, is not certified.

Each forgery gives the check that finds it and words of what it says.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import shutil
import time

import pytest

from allocator.runs.verify.verify import verify
from tests.helpers.sealed import reseal


def replaced(run, name, old, new):
    text = (run / name).read_text(encoding="utf-8")
    assert old in text, (name, old)
    (run / name).write_text(text.replace(old, new), encoding="utf-8")


def in_json(run, name, change):
    said = json.loads((run / name).read_text(encoding="utf-8"))
    change(said)
    (run / name).write_text(json.dumps(said), encoding="utf-8")


def copied(name, new):
    def forge(run):
        (run / new).parent.mkdir(exist_ok=True)
        shutil.copy(run / name, run / new)

    return forge


def hard_link(run):
    os.link(run / "plan" / "grants.csv", run.parent / "outside.csv")


def empty_folders(run):
    for number in range(3_000):
        (run / f"empty-{number}").mkdir()


def hidden_below(run):
    place = run / "plan" / "old"
    place.mkdir()
    shutil.copy(run / "plan" / "grants.csv", place / "grants.csv")


def whole_pound_more(run):
    """A pound more than there is, told everywhere that it is told."""
    path = run / "plan" / "grants.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    at = rows[0].index("grant_rounded")
    rows[1][at] = str(int(rows[1][at]) + 1)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def other_name(run):
    in_json(run, "summary.json", lambda s: s["scenario"].update(name="approved_by_treasury"))


def ended_otherwise(run):
    in_json(run, "solution.json", lambda s: s["stages"][-2].update(outcome="stopped by the minister"))


def left_out_stage(run):
    in_json(run, "solution.json", lambda s: s.update(stages=[x for x in s["stages"] if x["stage"] != "goal"]))


def packed_with_a_note(run):
    """The gzip header of a problem names a file: nothing reads it, and it says what it likes."""
    path = run / "problem.mps.gz"
    text = gzip.decompress(path.read_bytes())
    with path.open("wb") as file, gzip.GzipFile("approved by the Treasury", "wb", fileobj=file) as packed:
        packed.write(text)


def in_another_encoding(run):
    path = run / "summary.json"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))


def a_column_more(run):
    """A column of one's own, which reading leaves out."""
    path = run / "inputs" / "tables" / "years.csv"
    heading, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{heading},note", *(f"{row},approved" for row in rows), ""]), encoding="utf-8")


FORGERIES = {
    "a note in a packed problem": (packed_with_a_note, "certificate", "problem.mps.gz"),
    "a file in another encoding": (in_another_encoding, "totals", "summary.json"),
    "another spelling of a file": (copied("plan/grants.csv", "plan/Grants.csv"), "files", "plan/Grants.csv"),
    "a letter that looks the same": (copied("plan/grants.csv", "plan/gr\u0430nts.csv"), "files", "no file of a run"),
    "a later version": (copied("plan/grants.csv", "grants_FINAL.csv"), "files", "grants_FINAL.csv"),
    "a second plan": (copied("plan/grants.csv", "plan2/grants.csv"), "files", "plan2"),
    "a table that no run has": (copied("plan/grants.csv", "inputs/tables/x.csv"), "files", "inputs/tables/x.csv"),
    "grants that were not brought": (copied("plan/grants.csv", "inputs/grants.csv"), "files", "inputs/grants.csv"),
    "a problem of no stage": (copied("problem.mps.gz", "problem-2009-10.mps.gz"), "files", "problem-2009-10.mps.gz"),
    "a file in a folder below": (hidden_below, "files", "plan/old"),
    "a hard link": (hard_link, "files", "hard link"),
    "thousands of empty folders": (empty_folders, "files", "more than 1,000"),
    "an assumption called published": (
        lambda run: replaced(run, "assumptions.md", "| assumed |", "| published |"),
        "totals",
        "assumptions.md, line",
    ),
    "a setting in the log": (
        lambda run: replaced(run, "assumptions.md", "| grants.floor | 0.9 |", "| grants.floor | 0.5 |"),
        "totals",
        "assumptions.md, line",
    ),
    "a signature in the log": (
        lambda run: replaced(run, "qa-log.md", "- approver\n", "- approver: the Treasury, signed\n"),
        "totals",
        "qa-log.md, line",
    ),
    "a line more in the log": (
        lambda run: replaced(run, "qa-log.md", "- approver\n", "- approver\n- reviewed by the NAO\n"),
        "totals",
        "qa-log.md has",
    ),
    "a scenario's name in the summary": (other_name, "totals", "approved_by_treasury"),
    "how a stage ended": (ended_otherwise, "totals", "stopped by the minister"),
    "a stage that is not told of": (left_out_stage, "totals", "solution.json says nothing of goal"),
    "a pound more than the money": (whole_pound_more, "totals", "whole pounds of 2004-05 add up to"),
    "a word more in the solution": (
        lambda run: in_json(run, "solution.json", lambda s: s.update(approved_by="the Treasury")),
        "totals",
        "solution.json does not say",
    ),
    "a word more of a stage": (
        lambda run: in_json(run, "solution.json", lambda s: s["stages"][0].update(note="approved")),
        "totals",
        "solution.json, stage goal does not say",
    ),
    "a number written another way": (
        lambda run: replaced(run, "inputs/tables/years.csv", "200000,", "200000.0,"),
        "totals",
        "inputs/tables/years.csv is not as tables are written",
    ),
    "a column that is not read": (a_column_more, "totals", "inputs/tables/years.csv is not as tables are written"),
    "settings written another way": (
        lambda run: replaced(run, "inputs/scenario.toml", "floor = 0.9", "floor = 0.90"),
        "totals",
        "inputs/scenario.toml is not as settings are written",
    ),
}
SOURCES = [
    {"table": "partnerships", "column": "fixed_cost", "part": None, "status": "assumed", "source": "a guess",
     "quality": "low", "note": None},
]  # fmt: skip


@pytest.fixture(scope="module")
def sourced(tmp_path_factory):
    from allocator.runs.write import write_run
    from allocator.solving.settlement import solve_data
    from tests.helpers.builders import make_plan, tiny_data, tiny_scenario, tiny_tables
    from tests.runs.conftest import SETTINGS

    folder = tmp_path_factory.mktemp("sourced")
    data = tiny_data(folder, tiny_tables(sources=SOURCES))
    scenario = tiny_scenario(folder, SETTINGS.replace(', "guarantee"', ""))
    plan = make_plan(scenario, data, solve_data(data, scenario.settings)[0])
    return write_run(plan, folder / "run", command=f"allocator solve {folder}/scenario.toml -o {folder}/run")


@pytest.fixture
def run(sourced, tmp_path):
    return shutil.copytree(sourced, tmp_path / "run")


@pytest.mark.parametrize(("forge", "check", "says"), FORGERIES.values(), ids=FORGERIES)
def test_a_forged_run_is_not_certified(run, forge, check, says):
    forge(run)
    reseal(run)
    found = {one.check: one.detail for one in verify(run).checks if not one.passed}
    assert says in found[check]


MANIFEST = {
    "settings": (lambda said: said.update(settings_sha256="0" * 64), "settings_sha256"),
    "a scenario's name": (lambda said: said.update(scenario="approved_by_treasury"), "approved_by_treasury"),
    "the data": (lambda said: said.update(data="official"), "official"),
    "the solver": (lambda said: said.update(solver="Gurobi 12"), "Gurobi 12"),
    "changes": (lambda said: said.update(overrides=["budget.scale=2"]), "assumptions.md"),
    "words of one's own": (lambda said: said.update(approved_by="the Treasury"), "approved_by is nothing"),
    "a time that is none": (lambda said: said["times"].update(seconds="fast"), "times"),
    "a name beside the times": (lambda said: said["times"].update(by="the Treasury"), "times"),
    "a folder in the command": (
        lambda said: said.update(command="allocator solve /home/someone/x.toml"),
        "only the last part",
    ),
    "a fact less": (lambda said: said.pop("code_sha256"), "says no code_sha256"),
}


@pytest.mark.parametrize(("change", "says"), MANIFEST.values(), ids=MANIFEST)
def test_what_the_manifest_says_is_held_against_the_run(run, change, says):
    reseal(run, change)
    found = {one.check: one.detail for one in verify(run).checks if not one.passed}
    assert says in found["totals"]


def test_a_key_that_stands_twice_is_refused(run):
    replaced(run, "manifest.json", '"scenario":', '"scenario": "approved",\n"scenario":')
    from allocator.runs.files import closing_line

    body = (run / "manifest.json").read_text().rstrip("\n").rsplit("\n", 1)[0] + "\n"
    (run / "manifest.json").write_text(body + closing_line(body.encode()))
    found = {one.check: one.detail for one in verify(run).checks if not one.passed}
    assert "twice" in found["files"]


def test_a_run_too_large_to_be_one_is_refused_before_it_is_read(run):
    for name in ("worth.json", "inputs/tables/studies.csv"):
        with (run / name).open("ab") as file:
            file.truncate(600_000_000)
    began = time.process_time()
    found = verify(run)
    assert "bytes" in found.checks[0].detail
    assert not found.certified
    assert time.process_time() - began < 60  # not a time to keep, but far below what hashing them four times takes


@pytest.mark.parametrize("name", [".DS_Store", "plan/Thumbs.db", "plan/~$grants.csv", "plan/.~lock.grants.csv#"])
def test_what_a_desktop_leaves_is_named_and_no_reason_to_refuse(run, name):
    (run / name).write_text("litter")
    found = verify(run)
    assert found.certified
    assert found.litter == (name,)
    assert name in found.checks[0].detail


def test_no_folder_user_or_machine_stands_in_a_run(sourced):
    import getpass
    import socket

    told = {str(sourced.parent), str(sourced.parent.parent), socket.gethostname()}
    if len(getpass.getuser()) > 4:  # a short one is a part of other words
        told.add(getpass.getuser())
    for path in sourced.rglob("*"):
        if path.is_file() and path.suffix != ".gz":
            text = path.read_text(encoding="utf-8")
            assert not [word for word in told if word in text], path


def test_rounding_of_another_machine_is_no_forgery(run):
    path = run / "qa-log.md"
    text = path.read_text()
    small = re.search(r"\d(?:\.\d+)?e-1\d", text)
    assert small is not None
    path.write_text(text.replace(small[0], "3e-15"))
    reseal(run)
    assert verify(run).certified
