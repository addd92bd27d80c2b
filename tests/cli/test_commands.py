"""Each command makes one call with what was typed, and one output call with what came back."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from allocator.analyses.check.report import Report
from allocator.cli import app
from allocator.faults import Fault

FAULT = Fault("widths", "returns.csv", "3", "width", "0.9", "1", "")


class Called:
    """Stands in for a library function: remembers what it was called with and gives back one thing."""

    def __init__(self, gives):
        self.gives = gives
        self.calls = []

    def __call__(self, *given, **named):
        self.calls.append((given, named))
        if "tell" in named:
            named["tell"](*self.gives)  # what was found is told as soon as it is written
        return self.gives


class PaperPlan:
    def __init__(self, *, certified=True):
        self.certified = certified

    def to_dict(self):
        return {"status": "optimal", "gap": 0.0}


def test_solve_passes_on_scenario_settings_and_folder(monkeypatch, capsys):
    called = Called((PaperPlan(), Path("runs/a")))
    monkeypatch.setattr("allocator.api.solve_and_write", called)
    words = ["solve", "cut", "-o", "runs/a", "--force", "--set", "budget.scale=0.9", "--set", "a=b", "--json"]
    assert app.run(words) == 0
    ((given, named),) = called.calls
    assert given == ("cut", ["budget.scale=0.9", "a=b"])
    assert (named["folder"], named["force"]) == (Path("runs/a"), True)
    printed = json.loads(capsys.readouterr().out)
    assert (printed["status"], printed["gap"], printed["run"]) == ("optimal", 0.0, "runs/a")


def test_solve_without_words_takes_the_default_scenario(monkeypatch, capsys):
    called = Called((PaperPlan(), Path("runs/a")))
    monkeypatch.setattr("allocator.api.solve_and_write", called)
    assert app.run(["solve", "--json"]) == 0
    ((given, named),) = called.calls
    assert given[0] == "settlement"
    assert not list(given[1])
    assert (named["folder"], named["force"]) == (None, False)
    capsys.readouterr()


def test_solve_is_status_1_where_the_plan_is_not_certified(monkeypatch, capsys):
    monkeypatch.setattr("allocator.api.solve_and_write", Called((PaperPlan(certified=False), Path("runs/a"))))
    assert app.run(["solve", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["run"] == "runs/a"  # it is written all the same


def test_solve_records_what_was_typed(monkeypatch, capsys):
    called = Called((PaperPlan(), Path("runs/a")))
    monkeypatch.setattr("allocator.api.solve_and_write", called)
    app.run(["solve", "--set", "title='a b'", "--json"])
    assert called.calls[0][1]["command"] == """allocator solve --set 'title='"'"'a b'"'"'' --json"""
    capsys.readouterr()


@pytest.mark.parametrize(("faults", "status"), [((), 0), ((FAULT,), 1)])
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_check_is_status_1_where_there_are_faults(monkeypatch, capsys, faults, status, form):
    called = Called(Report("mine", "tables", faults, (), ("returns",), 3, None))
    monkeypatch.setattr("allocator.analyses.check.report.check_scenario", called)
    assert app.run(["check", "mine", "--set", "a=1", *form]) == status
    assert called.calls == [(("mine", ["a=1"]), {})]
    assert capsys.readouterr().out


def test_show_passes_on_what_is_asked_for(monkeypatch, capsys):
    class Result:
        def to_dict(self):
            return {"run": "r"}

    called = Called(Result())
    monkeypatch.setattr("allocator.analyses.show.allocation.allocation", called)
    assert app.run(["show", "r", "--partnership", "p", "--region", "q", "--table", "grants", "--json"]) == 0
    assert called.calls == [((Path("r"),), {"partnership": "p", "region": "q", "table": "grants"})]
    assert json.loads(capsys.readouterr().out) == {"run": "r"}


def test_init_passes_on_what_is_asked_for(monkeypatch, capsys):
    class Started:
        def to_dict(self):
            return {"folder": "f"}

    called = Called(Started())
    monkeypatch.setattr("allocator.analyses.init.starter.start_folder", called)
    assert app.run(["init", "f", "--excel", "--data", "d", "--json"]) == 0
    assert called.calls == [((Path("f"), "d"), {"workbook": True})]
    capsys.readouterr()


def test_models_are_listed_with_their_questions(capsys):
    assert app.run(["models", "--json"]) == 0
    models = json.loads(capsys.readouterr().out)["models"]
    assert models[0]["name"] == "settlement"
    assert {"in_force", "needs_formula", "equal_share", "blend", "fairest", "least_cost"} <= {m["name"] for m in models}
    assert all(model["question"].endswith("?") for model in models)
    assert app.run(["models"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for model in models:
        assert model["question"] in shown


def test_rules_are_listed_in_the_order_of_the_model_and_one_in_full(capsys):
    assert app.run(["rules", "--json"]) == 0
    rules = json.loads(capsys.readouterr().out)["rules"]
    assert [rule["name"] for rule in rules][:4] == ["eligible", "channel", "hours", "workforce"]
    assert all(rule["sentence"] and rule["formula"] and rule["unit"] for rule in rules)
    assert [rule["name"] for rule in rules if not rule["settings"]] == ["trainees"]  # nobody sets it
    # as in rules.csv of a run; thousands are the problem file's alone
    assert {"floor": "£", "national": "£", "hours": "hours"}.items() <= {r["name"]: r["unit"] for r in rules}.items()
    assert not [rule["name"] for rule in rules if "thousand" in rule["unit"]]
    assert app.run(["rules", "damping"]) == 0
    shown = capsys.readouterr().out
    assert {"max_fall", "max_rise"} <= set(shown.split())  # one name for both, as in rules.off
    assert "<=" in shown
    assert ">=" in shown


def test_the_dictionary_names_every_table(capsys):
    assert app.run(["check", "--dictionary", "--json"]) == 0
    tables = json.loads(capsys.readouterr().out)["tables"]
    assert len(tables) == 15
    assert app.run(["check", "--dictionary"]) == 0
    shown = capsys.readouterr().out
    for table in tables:
        assert table["table"] in shown
    assert "may be blank: none]" in " ".join(shown.split())


def test_the_version_is_that_of_the_package(capsys):
    from importlib.metadata import version

    assert app.run(["--version"]) == 0
    assert capsys.readouterr().out == f"allocator {version('neet-allocator')}\n"


def test_what_a_command_does_is_said_in_one_line():
    # A process of its own: the width of a pipe holds, whatever COLUMNS the tests were started with.
    clean = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    command = [sys.executable, "-m", "allocator", "--help"]
    done = subprocess.run(command, check=True, env=clean, capture_output=True, text=True)
    assert "..." not in done.stdout.partition("Commands:")[2]


def test_report_passes_on_what_is_asked_for(monkeypatch, capsys):
    class Written:
        def to_dict(self):
            return {"kind": "statements"}

    called = Called(Written())
    monkeypatch.setattr("allocator.api.report", called)
    words = ["report", "r", "-o", "d", "--each", "--docx", "--contact", "us", "--force", "--json"]
    assert app.run(words) == 0
    ((args, options),) = called.calls
    assert args == (Path("r"), Path("d"))
    options.pop("done")
    asked = {"each": True, "docx": True, "contact": "us", "force": True}
    assert options == {**asked, "more": (), "jobs": None, "static": False}
    capsys.readouterr()


def test_open_passes_on_what_is_asked_for(monkeypatch, capsys):
    class Opened:
        def to_dict(self):
            return {"shown": True}

    called = Called(Opened())
    monkeypatch.setattr("allocator.api.open_report", called)
    assert app.run(["open", "r", "--static", "--json"]) == 0
    ((args, options),) = called.calls
    assert args == (Path("r"),)
    options.pop("done")
    assert options == {"static": True}
    capsys.readouterr()


def test_export_makes_a_workbook_beside_the_run(monkeypatch, capsys, tmp_path):
    class Written:
        def to_dict(self):
            return {"kind": "workbook"}

    called = Called(Written())
    monkeypatch.setattr("allocator.api.report", called)
    assert app.run(["export", str(tmp_path / "r"), "--json"]) == 0
    assert called.calls[0][0] == (tmp_path / "r", tmp_path / "r.xlsx")
    capsys.readouterr()


@pytest.mark.parametrize("command", ["solve", "score", "compare", "bridge", "explain"])
def test_usage_names_arguments_as_they_are_typed_without_braces(command, capsys):
    assert app.run([command, "--help"]) == 0
    usage = capsys.readouterr().out.partition("\n\n")[0]
    assert usage.startswith(f"Usage: allocator {command} [OPTIONS]")
    assert not {"{", "}"} & set(usage)
