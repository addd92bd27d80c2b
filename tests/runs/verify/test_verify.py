from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import shutil
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocator.errors import RunError
from allocator.runs.files import closing_line
from allocator.runs.verify import figures as verify_figures
from allocator.runs.verify.verify import verify
from allocator.runs.write import write_run
from tests.helpers.builders import make_plan
from tests.runs.conftest import SETTINGS, solved


def failed(run) -> dict[str, str]:
    """The checks that failed, with what they say."""
    found = verify(run)
    wrong = {check.check: check.detail for check in found.checks if not check.passed}
    assert found.certified == (not wrong)
    assert [check.check for check in found.checks] == ["files", "certificate", "recomputed", "totals"]
    return wrong


def reseal(run) -> None:
    """Write the manifest anew, as who wants to deceive would."""
    text = (run / "manifest.json").read_text()
    said = json.loads(text)
    files = {p.relative_to(run).as_posix(): p for p in run.rglob("*") if p.is_file() and p.name != "manifest.json"}
    said["files"] = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in sorted(files.items())}
    del said["digest"]
    body = json.dumps(said, indent=1).removesuffix("\n}") + ",\n"
    (run / "manifest.json").write_text(body + closing_line(body.encode()))


def change_cell(run, table, line, column, change) -> None:
    """Change one cell of plan/table.csv; the headings are line 1."""
    path = run / "plan" / f"{table}.csv"
    rows = list(csv.reader(io.StringIO(path.read_text())))
    at = rows[0].index(column)
    rows[line - 1][at] = change(rows[line - 1][at])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue())


def change_json(run, name, change) -> None:
    value = json.loads((run / name).read_text())
    change(value)
    (run / name).write_text(json.dumps(value))


def plus(amount):
    return lambda cell: repr(float(cell) + amount)


def test_a_run_as_it_was_written_is_certified(run):
    assert failed(run) == {}


def test_a_manifest_that_was_made_anew_for_the_same_files_is_taken(run):
    reseal(run)
    assert failed(run) == {}


def test_any_file_changed_missing_or_added_is_named(run, written):
    names = [p.relative_to(written).as_posix() for p in written.rglob("*") if p.is_file()]
    assert len(names) > 20
    for name in names:
        good = (run / name).read_bytes()
        (run / name).write_bytes(good[:-2] + bytes([good[-2] ^ 1]) + good[-1:])
        assert name in failed(run)["files"]
        (run / name).unlink()
        assert name in failed(run)["files"]
        (run / name).write_bytes(good)
    (run / "plan" / "more.csv").write_text("")
    assert "plan/more.csv" in failed(run)["files"]
    (run / "plan" / "more.csv").unlink()
    assert failed(run) == {}


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_bytes_in_any_file_are_a_failed_check_and_no_more(run, written, data):
    names = sorted(p.relative_to(written).as_posix() for p in written.rglob("*") if p.is_file())
    name = data.draw(st.sampled_from(names))
    good = (written / name).read_bytes()
    at = data.draw(st.integers(0, len(good) - 1))
    put, cut = data.draw(st.binary(max_size=8)), data.draw(st.integers(0, 8))
    bad = good[:at] + put + good[at + cut :]
    (run / name).write_bytes(bad)
    try:
        assert verify(run).certified == (bad == good)
        reseal(run) if name != "manifest.json" else None
        verify(run)  # whatever it says, it says it
    finally:
        (run / name).write_bytes(good)
        shutil.copy(written / "manifest.json", run / "manifest.json")


def test_two_files_swapped_are_named(run):
    one, two = run / "problem.mps.gz", run / "problem-soft.mps.gz"
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    assert {"files", "certificate"} <= set(failed(run))
    reseal(run)
    assert "certificate" in failed(run)


def test_a_grant_raised_by_a_pound_is_named_with_row_place_and_both_figures(run, plan):
    change_cell(run, "grants", 3, "grant", plus(1))
    reseal(run)
    wrong = failed(run)
    paid = plan.figures.grant[0, 1]
    assert "plan/grants.csv, row 3, north 2005-06" in wrong["recomputed"]
    assert f"£{paid + 1:,.0f}" in wrong["recomputed"]
    assert f"£{paid:,.0f}" in wrong["recomputed"]
    assert "money north 2005-06" in wrong["recomputed"]
    assert "national 2005-06" in wrong["recomputed"]
    assert "granted" in wrong["totals"] or "grant" in wrong["totals"]


# a published figure changed, with the manifest made anew: file, row, column, change, the check that says so and where
CHANGED = [
    ("advisers", 2, "fte", plus(0.001), "recomputed", "plan/advisers.csv, row 2"),
    ("advisers", 2, "turnover", plus(0.001), "totals", "plan/advisers.csv, row 2"),
    ("advisers", 3, "recruits", plus(-5), "recomputed", "plan/advisers.csv, row 3"),
    ("places", 2, "places", plus(0.01), "recomputed", "plan/places.csv, row 2"),
    ("places", 2, "places", plus(1000), "recomputed", "places north"),
    ("reductions", 4, "reduction", plus(0.01), "totals", "plan/reductions.csv, row 4"),
    ("reductions", 4, "share", lambda _: "", "totals", "plan/reductions.csv, row 4"),
    ("grants", 2, "grant_rounded", plus(1), "totals", "plan/grants.csv, row 2"),
    ("grants", 2, "name", lambda _: "South", "totals", "plan/grants.csv, row 2"),
    ("money", 5, "salaries", plus(0.02), "totals", "plan/money.csv, row 5"),
    ("money", 5, "carried", plus(0.02), "recomputed", "plan/money.csv, row 5"),
    ("rules", 2, "slack", plus(0.02), "totals", "plan/rules.csv, row 2"),
    ("rules", 2, "price", plus(0.02), "totals", "plan/rules.csv, row 2"),
    ("rules", 2, "right", lambda _: "a", "totals", "plan/rules.csv, row 2"),
    ("columns", 6, "unit", lambda _: "$", "totals", "plan/columns.csv"),
]


@pytest.mark.parametrize(("table", "line", "column", "change", "check", "place"), CHANGED)
def test_a_published_figure_that_is_not_the_plans_is_named(run, table, line, column, change, check, place):
    change_cell(run, table, line, column, change)
    reseal(run)
    wrong = failed(run)
    assert place in wrong[check]
    assert "files" not in wrong


def test_a_row_of_places_taken_away_is_missed(run):
    path = run / "plan" / "places.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]))
    reseal(run)
    assert "has no row" in failed(run)["recomputed"]


SUMMARY = {
    "granted": lambda s: s["years"][1].update(granted=s["years"][1]["granted"] + 1),
    "a partnership's grant": lambda s: s["partnerships"][0]["years"][0].update(grant=1.0),
    "the goal": lambda s: s["goal"].update(value=s["goal"]["value"] + 0.001),
    "certified": lambda s: s.update(certified=1),
    "a shortfall": lambda s: s["shortfalls"].pop(),
    "a key": lambda s: s.pop("gap"),
    "not a number": lambda s: s["goal"].update(value=float("nan")),
    "text": lambda s: s.update(years="none"),
}


@pytest.mark.parametrize("change", SUMMARY.values(), ids=SUMMARY)
def test_a_summary_that_is_not_the_rows_is_named(run, change):
    change_json(run, "summary.json", change)
    reseal(run)
    assert set(failed(run)) == {"totals"}
    assert "summary.json" in failed(run)["totals"]


@pytest.mark.parametrize(
    "change",
    [lambda s: s.update(gap=s["gap"] + 3e-7), lambda s: s.update(violation=s["violation"] + 3e-8)],
    ids=["gap", "violation"],
)
def test_two_small_figures_that_differ_are_not_told_as_the_same(run, change):
    change_json(run, "summary.json", change)
    reseal(run)
    found, given = failed(run)["totals"].split(": ", 1)[1].split(", the rows give ")
    assert found != given
    assert "e-" in found


@pytest.mark.parametrize(
    ("name", "found", "expected", "shown"),
    [
        ("grant", 100.009, 99.994, ("£100.01", "£99.99")),  # in whole pounds both are £100
        ("grant", 5_009_351.0, 5_009_350.0, ("£5,009,351", "£5,009,350")),
        ("fte", 1.0 + 2e-9, 1.0, ("1.000000002", "1.000000000")),
        ("places", float("inf"), 2.0, ("inf", "2")),
    ],
)
def test_a_decision_and_the_solutions_are_shown_by_what_tells_them_apart(name, found, expected, shown):
    assert verify_figures._both(name, found, expected) == shown


def _no_duals(solution):
    for stage in solution["planned"][0]["stages"]:
        stage["duals"] = [0.0] * len(stage["duals"])


def _worse_plan(solution):
    at = [key[0] for key in solution["planned"][0]["columns"]].index("places")
    solution["planned"][0]["plan"][at] = 0.0


SOLUTION = {
    "no duals": (_no_duals, "certificate"),
    "no goal stage": (lambda s: s["planned"][0]["stages"].pop(), "certificate"),
    "no soft stage": (lambda s: s["planned"][0]["stages"].pop(0), "certificate"),
    "nothing planned": (lambda s: s["planned"].clear(), "certificate"),
    "another plan": (_worse_plan, "recomputed"),
    "columns of another name": (lambda s: s["planned"][0]["columns"].reverse(), "recomputed"),
    "rows of another name": (lambda s: s["planned"][0]["rows"].reverse(), "recomputed"),
    "a file elsewhere": (
        lambda s: s["planned"][0]["stages"][0].update(file="../../other/problem.mps.gz"),
        "certificate",
    ),
    "of another shape": (lambda s: s["planned"][0].update(plan=[[1.0]]), "certificate"),
    "text": (lambda s: s.update(planned="none"), "certificate"),
}


@pytest.mark.parametrize(("change", "check"), SOLUTION.values(), ids=SOLUTION)
def test_a_solution_that_does_not_certify_the_plan_is_refused(run, change, check):
    change_json(run, "solution.json", change)
    reseal(run)
    assert check in failed(run)


def test_other_tables_are_not_those_that_the_plan_was_made_for(run):
    path = run / "inputs" / "tables" / "years.csv"
    path.write_text(path.read_text().replace("200000", "190000"))
    reseal(run)
    wrong = failed(run)
    assert "national 2004-05" in wrong["recomputed"]
    assert "totals" in wrong


def test_tables_with_faults_are_a_failed_check(run):
    (run / "inputs" / "tables" / "years.csv").write_text("year,budget\n2004-05,lots\n")
    reseal(run)
    assert {"recomputed", "totals"} <= set(failed(run))


def test_a_plan_certified_for_another_problem_does_not_pass_for_this_one(run, tmp_path):
    # with 10 per cent more money in all: a plan, a problem and duals that certify each other
    (tmp_path / "other").mkdir()
    richer = solved(tmp_path / "other", SETTINGS, "budget.scale=1.1")
    other = write_run(richer, tmp_path / "richer")
    for path in other.rglob("*"):
        if path.is_file() and "inputs" not in path.parts:
            shutil.copy(path, run / path.relative_to(other))
    reseal(run)
    wrong = failed(run)
    assert "certificate" not in wrong
    assert "national" in wrong["recomputed"]


def test_settings_that_ask_for_less_are_not_those_of_the_problem(run):
    path = run / "inputs" / "scenario.toml"
    path.write_text(path.read_text().replace("floor = 0.9", "floor = 0.5"))
    reseal(run)
    wrong = failed(run)
    assert "row floor north 2004-05" in wrong["recomputed"]
    assert "sha256" in wrong["totals"]


def test_what_is_no_plain_file_is_refused_and_not_opened(run, tmp_path):
    grants = run / "plan" / "grants.csv"
    outside = tmp_path / "outside.csv"
    shutil.move(grants, outside)
    grants.symlink_to(outside)
    assert set(failed(run)) == {"files", "certificate", "recomputed", "totals"}
    grants.unlink()
    os.mkfifo(grants)
    assert "files" in failed(run)


def test_a_file_that_unpacks_to_far_more_than_it_holds_is_refused(run, monkeypatch):
    monkeypatch.setattr("allocator.runs.read.MOST_BYTES", 100_000)
    (run / "problem.mps.gz").write_bytes(gzip.compress(b" " * 10_000_000, 9))
    reseal(run)
    assert "problem.mps.gz" in failed(run)["certificate"]


@pytest.mark.parametrize("text", [b"[" * 100_000, b"\xff", b"{}", b"[]", b'{"planned": [{}]}', b"1" * 10_000])
@pytest.mark.parametrize("name", ["manifest.json", "summary.json", "solution.json"])
def test_hostile_json_is_a_failed_check(run, name, text):
    (run / name).write_bytes(text)
    assert not verify(run).certified


def test_where_there_is_no_run_it_says_so(tmp_path, written):
    for run in (tmp_path / "none", written / "summary.json", written / ".."):
        with pytest.raises(RunError):
            verify(run)
    (tmp_path / "empty").mkdir()
    assert set(failed(tmp_path / "empty")) == {"files", "certificate", "recomputed", "totals"}


def test_json_says_each_check(run):
    said = verify(run).to_dict()
    assert said["certified"] is True
    assert [set(check) for check in said["checks"]] == [{"check", "passed", "detail"}] * 4


def test_a_run_of_a_plan_without_duals_is_written_and_is_not_certified(plan, tmp_path):
    proofs = tuple(replace(proof, duals=np.zeros(0)) for proof in plan.solution.proofs)
    solution = replace(plan.solution, proofs=proofs, prices=(), why_uncertified="the solver gives no duals")
    uncertified = make_plan(plan.scenario, plan.data, solution)
    assert uncertified.summary().gap is None
    wrong = failed(write_run(uncertified, tmp_path / "run"))
    assert set(wrong) == {"certificate"}


def test_a_run_of_a_plan_without_proofs_is_written_and_is_not_certified(plan, tmp_path):
    solution = replace(plan.solution, proofs=(), prices=(), why_uncertified="the solver gives no problem")
    wrong = failed(write_run(make_plan(plan.scenario, plan.data, solution), tmp_path / "run"))
    assert "certificate" in wrong
    assert "files" not in wrong
