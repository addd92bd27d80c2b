"""Every error ends in words or in JSON, with its exit status; nobody sees a traceback unless they ask for it."""

import json
from datetime import datetime

import pytest

from allocator import api
from allocator.cli import app
from allocator.errors import InvalidInput, NoPlan, RunError, SolverError, UsageError
from allocator.faults import Fault
from tests.helpers.builders import tiny_scenario, tiny_tables, write_tables

FAULT = Fault("unknown-name", "effects.csv", "14", "client_group", "'a'", "b", "")
CASES = [
    (UsageError("here", "a thing", "another", "Change it."), 2),
    (InvalidInput((FAULT,), in_scenario=True), 2),
    (InvalidInput((FAULT,), in_scenario=False), 1),
    (NoPlan("rules", "no plan keeps all the rules"), 1),
    (SolverError("goal", "out of time"), 1),
    (RunError("runs/a", "something there"), 2),
    (PermissionError(13, "Permission denied", "runs"), 2),
]


@pytest.fixture
def failing(monkeypatch):
    """Makes `models` raise an error."""

    def fail(error):
        def raises():
            raise error

        monkeypatch.setattr("allocator.analyses.catalogue.scenarios.shipped_models", raises)

    return fail


@pytest.mark.parametrize(("error", "status"), CASES)
def test_an_error_is_told_on_standard_error(failing, capsys, error, status):
    failing(error)
    assert app.run(["models"]) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert err
    assert "Traceback" not in err


@pytest.mark.parametrize(("error", "status"), CASES)
def test_with_json_it_is_told_on_standard_output(failing, capsys, error, status):
    failing(error)
    assert app.run(["models", "--json"]) == status
    out, err = capsys.readouterr()
    assert json.loads(out)["status"] in ("invalid", "infeasible", "unsolved")
    assert err == ""


def test_all_four_parts_are_told(failing, capsys):
    failing(UsageError("mine.toml", "found this", "that", "Write that."))
    app.run(["models"])
    told = " ".join(capsys.readouterr().err.split())
    assert told == "mine.toml: found this, wanted that. Write that."


def test_a_defect_is_called_one_without_a_traceback(failing, capsys):
    failing(KeyError("x"))
    assert app.run(["models"]) == 1
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert "--debug" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("error", [KeyError("x"), UsageError("a", "b")])
def test_debug_shows_where_it_arose(failing, capsys, error):
    failing(error)
    app.run(["models", "--debug"])
    assert "Traceback" in capsys.readouterr().err


def test_the_user_can_stop_it(failing, capsys):
    failing(KeyboardInterrupt())
    assert app.run(["models"]) == 130
    assert capsys.readouterr().err == "stopped, nothing was written\n"


def test_an_error_that_a_library_makes_of_ctrl_c_is_no_defect(failing, capsys, monkeypatch):
    monkeypatch.setattr("allocator.cli.stop.asked", lambda: True)
    failing(SystemError("initialization of _core raised"))
    assert app.run(["models"]) == 130
    assert capsys.readouterr().err == "stopped, nothing was written\n"


def test_the_fault_of_a_varied_setting_is_not_that_of_set(capsys):
    assert app.run(["sweep", "settlement", "--vary", "budget.scal=0.9:1:2"]) == 2
    err = capsys.readouterr().err
    assert "--vary" in err
    assert "--set" not in err
    assert "'budget.scale'" in err


def test_warnings_are_told_on_standard_error_before_there_is_a_plan_or_none(capsys, tmp_path, monkeypatch):
    write_tables(tmp_path / "tables", tiny_tables())
    tiny_scenario(tmp_path, "[grants]\nfloor = 0.9\n")
    monkeypatch.chdir(tmp_path)
    words = ["solve", "scenario.toml", "--set", "budget.by_year.2004-05=200"]
    assert app.run([*words, "--json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["status"] == "infeasible"
    assert "budget.by_year.2004-05" in err
    assert app.run(words) == 1
    assert capsys.readouterr().err.startswith(err)


def test_runs_of_one_second_get_names_of_their_own(tmp_path, monkeypatch):
    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 1, 2, 3, 4, 5, tzinfo=tz)

    monkeypatch.setattr("allocator.api.datetime", Stopped)
    write_tables(tmp_path / "tables", tiny_tables())
    tiny_scenario(tmp_path)
    monkeypatch.chdir(tmp_path)
    folders = [api.solve_and_write("scenario.toml")[1] for _ in range(3)]
    assert [folder.name for folder in folders] == [f"scenario-20260102-030405{end}" for end in ("", "-2", "-3")]
    assert all((folder / "manifest.json").is_file() for folder in folders)


@pytest.mark.parametrize(
    "words",
    [
        ["sovle"],
        ["solve", "--nope"],
        ["show"],
        ["show", "a", "b"],
        ["solve", "--set"],
        ["init", "--data"],
        ["--nope"],
        ["rules", "nosuch"],
        ["solve", "nosuch"],
        ["show", "nosuch"],
    ],
)
def test_wrong_usage_is_status_2(capsys, words):
    assert app.run(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err


def test_wrong_usage_with_json(capsys):
    assert app.run(["solve", "--nope", "--json"]) == 2
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert fault["code"] == "usage"


def test_without_a_command_the_help_is_shown(capsys):
    assert app.run([]) == 0
    assert "solve" in capsys.readouterr().out
