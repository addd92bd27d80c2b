"""`verify --again`: the run's own tables and settings solved once more, and the grants compared."""

import json
import shutil

import pytest

from allocator.analyses.verify.verification import verify
from allocator.cli import app
from allocator.errors import SolverError
from allocator.runs.write import write_run
from tests.helpers.builders import make_plan
from tests.runs.conftest import SETTINGS, solved

CHECKS = ["files", "certificate", "recomputed", "totals"]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("again")
    return write_run(solved(folder), folder / "run")


def test_it_is_one_check_more_where_it_is_asked_for(written):
    assert [check.check for check in verify(written).checks] == CHECKS
    found = verify(written, again=True)
    assert [check.check for check in found.checks] == [*CHECKS, "again"]
    assert found.certified
    assert found.claims == verify(written).claims
    assert found.checks[-1].detail == "solved once more: every grant is the same to the penny"


@pytest.mark.parametrize("override", ['certainty.kind="year_on_year"', 'grants.distribution="historical"'])
def test_plans_of_other_kinds_are_solved_once_more_as_they_were(tmp_path, override):
    assert verify(write_run(solved(tmp_path, SETTINGS, override), tmp_path / "run"), again=True).certified


def test_the_command_prints_it_and_its_status_is_that_of_all_checks(written, tmp_path, capsys):
    assert app.run(["verify", str(written), "--again"]) == 0
    assert "  5 again        solved once more: every grant is the same to the penny" in capsys.readouterr().out
    run = shutil.copytree(written, tmp_path / "run")
    grants = run / "plan" / "grants.csv"
    grants.write_text(grants.read_text().replace("north,", "nowhere,"))
    assert app.run(["verify", str(run), "--again", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert [check["passed"] for check in said["checks"] if check["check"] == "again"] == [False]


def test_what_stops_the_solver_is_a_check_that_failed(written, monkeypatch):
    def stopped(*_):
        raise SolverError("solver", "it ran out of time")

    monkeypatch.setattr("allocator.solving.settlement.solve_data", stopped)
    found = verify(written, again=True)
    assert not found.certified
    assert "ran out of time" in found.checks[-1].detail
    assert found.gap is None


def test_in_a_notebook_a_plan_is_solved_once_more_too(tmp_path):
    from allocator.api import load

    plan = solved(tmp_path)
    run = write_run(make_plan(plan.scenario, plan.data, plan.solution), tmp_path / "run")
    assert load(run).verify(again=True).checks[-1].passed
