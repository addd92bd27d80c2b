from __future__ import annotations

import csv
import gzip
import hashlib
import json
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from allocator.errors import RunError
from allocator.runs import write as run_folder
from allocator.runs.files import problem_file
from allocator.runs.read import RunFolder
from allocator.runs.verify.verify import verify
from allocator.runs.write import check_target, write_run
from allocator.solving.settlement import solve_data
from allocator.tables import read_data
from tests.helpers.builders import make_plan, tiny_data, tiny_scenario

LISTED = {
    "assumptions.md", "inputs/scenario.toml", "manifest.json", "plan/advisers.csv", "plan/columns.csv",
    "plan/grants.csv", "plan/money.csv", "plan/places.csv", "plan/reductions.csv", "plan/rules.csv",
    "problem-grants.mps.gz", "problem-redundancies.mps.gz", "problem-soft.mps.gz", "problem.mps.gz",
    "qa-log.md", "solution.json", "summary.json",
}  # fmt: skip


def contents(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def beside(target):
    return sorted(p.name for p in target.parent.iterdir())


def test_a_run_holds_what_it_should_and_verifies(written):
    files = set(contents(written))
    assert files >= LISTED
    assert {f for f in files if f.startswith("inputs/tables/")} == files - LISTED
    assert verify(written).certified


def test_the_manifest_holds_every_files_digest_and_ends_with_its_own(written):
    text = (written / "manifest.json").read_bytes()
    said = json.loads(text)
    body, last = text.rsplit(b"\n", 2)[0] + b"\n", text.rsplit(b"\n", 2)[1]
    assert json.loads(b"{" + last) == {"digest": hashlib.sha256(body).hexdigest()}
    expected = {name: hashlib.sha256(content).hexdigest() for name, content in contents(written).items()}
    del expected["manifest.json"]
    assert said["files"] == expected
    assert said["command"] == "allocator solve tiny"
    assert {"program", "python", "pulp", "solver", "settings_sha256", "times"} <= set(said)


def test_the_same_plan_is_the_same_bytes_but_for_the_manifests_time_lines(plan, written, tmp_path):
    again = contents(write_run(plan, tmp_path / "again", command="allocator solve tiny"))
    first = contents(written)
    one, two = first.pop("manifest.json").splitlines(), again.pop("manifest.json").splitlines()
    assert first == again
    assert [a for a, b in zip(one, two, strict=True) if a != b and not a.startswith((b'"times"', b'"digest"'))] == []


def test_inputs_read_back_to_the_same_data_and_settings(plan, written):
    data = read_data(written / "inputs" / "tables")
    assert data.tables == plan.data.tables
    assert RunFolder(written).settings == plan.scenario.settings


def test_figures_read_back_to_the_last_bit(plan, written):
    found = RunFolder(written).figures
    for name in ("places", "fte", "recruits", "redundancies", "training", "grant", "carry", "lapse"):
        assert (getattr(found, name) == getattr(plan.figures, name)).all()


def test_the_problem_is_the_solvers_to_the_last_bit(plan, written):
    stages = [proof.stage for proof in plan.solution.proofs]
    assert stages == ["soft", "goal", "redundancies", "grants"]
    for proof, read in zip(plan.solution.proofs, RunFolder(written).proofs, strict=True):
        for name in ("cost", "lower", "upper", "row_lower", "row_upper", "starts"):
            assert (getattr(read.problem, name) == getattr(proof.problem, name)).all()
        assert read.problem.maximise == proof.problem.maximise
        # a file holds the columns of a row in order, whatever order a stage has them in
        assert terms(read) == terms(proof)
        assert (read.columns, read.rows) == (proof.columns, proof.rows)
        assert (read.plan == proof.plan).all()


def terms(proof):
    row = np.repeat(np.arange(len(proof.rows)), np.diff(proof.problem.starts))
    return set(zip(row.tolist(), proof.problem.index.tolist(), proof.problem.value.tolist(), strict=True))


def test_a_later_stages_file_is_small_and_names_its_rows_by_number(plan, written):
    text = gzip.decompress((written / problem_file("redundancies", "")).read_bytes()).decode()
    goal = next(proof for proof in plan.solution.proofs if proof.stage == "goal")
    assert f" G  r{len(goal.rows)}" in text.splitlines()
    assert "r0 " not in text


def test_cells_that_look_like_formulas_are_text(written):
    with (written / "plan" / "grants.csv").open(encoding="utf-8") as file:
        assert next(r for r in csv.DictReader(file) if r["partnership"] == "south")["name"] == "'=SUM(A1)"
    with (written / "plan" / "rules.csv").open(encoding="utf-8") as file:
        assert {r["sense"] for r in csv.DictReader(file)} == {"<=", ">=", "'="}


def test_planned_year_on_year_each_year_has_its_own_problem(yearly_plan, tmp_path):
    run = write_run(yearly_plan, tmp_path / "yearly")
    assert {f for f in contents(run) if f.startswith("problem")} == {
        f"problem{stage}-{year}.mps.gz"
        for year in yearly_plan.data.years
        for stage in ("", "-soft", "-redundancies", "-grants")
    }
    found = verify(run)
    assert found.certified, found


def test_names_of_years_never_become_paths():
    name = problem_file("soft", "../../2004/05")
    assert "/" not in name
    assert ".." not in name
    assert name != problem_file("soft", "../../2004_05")


def test_no_time_and_no_negative_zero_anywhere(written):
    for name, content in contents(written).items():
        if name.startswith("plan/") or name.endswith(".json"):
            assert b"-0.0," not in content
            assert b"-0," not in content


# --- whole or not at all ---------------------------------------------------------------------------------------


def test_a_run_that_is_there_stays_unless_forced(plan, tmp_path):
    target = write_run(plan, tmp_path / "run")
    before = contents(target)
    with pytest.raises(RunError):
        write_run(plan, target)
    assert contents(target) == before
    write_run(plan, target, force=True, command="again")
    assert json.loads((target / "manifest.json").read_text())["command"] == "again"
    assert beside(target) == ["run"]


def test_what_would_be_refused_can_be_asked_before_there_is_a_plan(written, tmp_path):
    check_target(tmp_path / "new")
    check_target(written, force=True)
    for target, force in (
        (written, False),
        (written.parent, True),
        (tmp_path / ("n" * 300), False),
        (tmp_path / "..", False),
    ):
        with pytest.raises(RunError):
            check_target(target, force=force)


def test_force_does_not_replace_what_is_no_run(plan, tmp_path):
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "thesis.txt").write_text("years of work")
    with pytest.raises(RunError):
        write_run(plan, tmp_path / "papers", force=True)
    assert beside(tmp_path / "papers") == ["papers"]
    assert (tmp_path / "papers" / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize("name", ["a/..", "..", "run\0", ""])
def test_names_that_lead_elsewhere_are_refused(plan, tmp_path, name, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RunError):
        write_run(plan, Path(name))
    assert list(tmp_path.iterdir()) == []


def test_a_path_may_go_up_and_down(plan, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert write_run(plan, Path("../runs/one")) == Path("../runs/one")
    assert {entry.name for entry in tmp_path.iterdir()} == {"here", "runs"}
    assert (tmp_path / "runs" / "one" / "manifest.json").is_file()


def test_symbolic_links_are_refused(plan, tmp_path, monkeypatch):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(RunError):
        write_run(plan, tmp_path / "link", force=True)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RunError):
        write_run(plan, Path("link/run"))
    assert list((tmp_path / "real").iterdir()) == []


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a/../../x", "summary.json", "a\\..\\x", ""])
def test_extra_files_stay_inside_and_replace_nothing(plan, tmp_path, name):
    with pytest.raises(RunError):
        write_run(plan, tmp_path / "run", extra={name: b"x"})
    assert list(tmp_path.iterdir()) == []


def test_extra_files_are_part_of_the_run(plan, tmp_path):
    run = write_run(plan, tmp_path / "run", extra={"worth.json": b"{}\n"})
    assert verify(run).certified
    assert "worth.json" in verify(run).unchecked
    (run / "worth.json").write_bytes(b"[]\n")
    assert not verify(run).certified


def test_a_place_that_cannot_be_written_is_said_and_leaves_nothing(plan, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(RunError):
        write_run(plan, tmp_path / "file" / "run")
    with pytest.raises(RunError):
        write_run(plan, tmp_path / ("n" * 300))
    assert beside(tmp_path / "x") == ["file"]


def test_a_disk_that_is_full_leaves_nothing(plan, tmp_path):
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, limit[1]))
        with pytest.raises(RunError):
            write_run(plan, tmp_path / "run")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    assert list(tmp_path.iterdir()) == []


def test_where_the_new_run_cannot_take_the_place_the_old_one_stays(plan, tmp_path, monkeypatch):
    target = write_run(plan, tmp_path / "run")
    before = contents(target)
    rename = run_folder.Path.rename

    def failing(self, other):
        if ".writing-" in self.name:
            raise OSError(5, "the disk is gone")
        return rename(self, other)

    monkeypatch.setattr(run_folder, "exchange", lambda one, other: False)  # as on a system that has none
    write_run(plan, target, force=True)
    assert beside(target) == ["run"]
    before = contents(target)
    monkeypatch.setattr(run_folder.Path, "rename", failing)
    with pytest.raises(RunError):
        write_run(plan, target, force=True)
    monkeypatch.undo()
    assert contents(target) == before
    assert beside(target) == ["run"]


KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.runs.conftest import solved
from allocator.runs import write as run_folder
target, at = Path(sys.argv[1]), int(sys.argv[2])
made = solved(target.parent)
calls = 0
def counted(function):
    def call(*arguments, **named):
        global calls
        calls += 1
        if calls == at:
            os.kill(os.getpid(), 9)
        return function(*arguments, **named)
    return call
for name in ("_write", "_flush", "_put_in_place"):
    setattr(run_folder, name, counted(getattr(run_folder, name)))
run_folder.write_run(made, target)
"""


@pytest.mark.parametrize("at", [2, 20, 40])
def test_a_run_that_is_killed_leaves_nothing_that_looks_finished(tmp_path, at, pytestconfig):
    code = KILLED.format(root=str(pytestconfig.rootpath))
    target = tmp_path / "run"
    done = subprocess.run([sys.executable, "-c", code, str(target), str(at)], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not target.exists()
    (left,) = [p for p in tmp_path.iterdir() if p.name.startswith(".run")]
    with pytest.raises(RunError):
        verify(left)


def _write_at_once(plan, target, start, answers):
    start.wait()
    try:
        write_run(plan, target, command=str(os.getpid()))
        answers.put("won")
    except RunError:
        answers.put("lost")


def test_of_two_processes_on_one_target_one_wins_and_the_other_is_told(plan, tmp_path):
    context = multiprocessing.get_context("fork")
    start, answers = context.Barrier(3), context.Queue()
    both = [context.Process(target=_write_at_once, args=(plan, tmp_path / "run", start, answers)) for _ in range(2)]
    for process in both:
        process.start()
    start.wait()
    said = sorted(answers.get(timeout=60) for _ in both)
    for process in both:
        process.join()
    assert said == ["lost", "won"]
    assert verify(tmp_path / "run").certified
    assert beside(tmp_path / "run") == ["run"]


def test_grants_that_were_brought_are_kept_with_the_run_and_verified(tmp_path):
    data = tiny_data(tmp_path)
    (tmp_path / "grants.csv").write_text("partnership,year,grant\n")
    settings = '[grants]\ndistribution = "given"\nfile = "grants.csv"'
    scenario = tiny_scenario(tmp_path, settings)
    brought = np.array([[110_000.25, 111_000.0], [85_000.0, 86_000.5]])
    solution, _ = solve_data(data, scenario.settings, brought)
    run = write_run(make_plan(scenario, data, solution, given=brought), tmp_path / "run")
    assert (RunFolder(run).given == brought).all()
    assert verify(run).certified
    grants = run / "inputs" / "grants.csv"
    grants.write_text(grants.read_text().replace("111000", "111001"))
    assert "recomputed" in {check.check for check in verify(run).checks if not check.passed}
