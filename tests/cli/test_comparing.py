"""approaches, score, compare, bridge and sweep: what is typed becomes one call, what comes back one output."""

import json
from pathlib import Path

import pytest

from allocator.cli import app
from tests.cli.test_commands import Called


class Result:
    missing = ()
    status = "optimal"

    def to_dict(self):
        return {"answer": 42}


def called_with(monkeypatch, name, words, gives=None):
    called = Called(gives or Result())
    monkeypatch.setattr(f"allocator.api.{name}", called)
    assert app.run(words) == 0
    ((given, named),) = called.calls
    named.pop("done", None)
    return given, named


def test_approaches_passes_on_what_is_asked_for(monkeypatch, capsys):
    words = ["approaches", "cut", "--only", "formula", "--only", "rolling", "--leverage", "--jobs", "1", "-o", "a.csv"]
    words += ["--force", "--set", "budget.scale=0.9", "--json"]
    given, named = called_with(monkeypatch, "approaches", words)
    assert given == ("cut", ["budget.scale=0.9"])
    assert named == {
        "only": ["formula", "rolling"], "leverage": True, "jobs": 1, "output": Path("a.csv"), "force": True,
    }  # fmt: skip
    assert json.loads(capsys.readouterr().out) == {"answer": 42}


def test_approaches_without_words_takes_the_default_scenario_and_every_core(monkeypatch, capsys):
    given, named = called_with(monkeypatch, "approaches", ["approaches", "--json"])
    assert given == ("settlement", ())
    assert named == {"only": (), "leverage": False, "jobs": None, "output": None, "force": False}


@pytest.mark.parametrize(("words", "every"), [([], False), (["--all"], True), (["--leverage"], True)])
def test_every_measure_is_printed_when_asked(monkeypatch, words, every):
    shown = Called(None)
    monkeypatch.setattr("allocator.analyses.approaches.face.write", shown)
    called_with(monkeypatch, "approaches", ["approaches", *words])
    assert shown.calls[0][1] == {"every": every}


def test_score_passes_on_the_scenario_and_the_file(monkeypatch, capsys):
    given, named = called_with(monkeypatch, "score", ["score", "cut", "g.csv", "--set", "a.b=1", "--json"])
    assert (given, set(named)) == (("cut", Path("g.csv"), ["a.b=1"]), {"warn"})


def test_grants_within_which_partnerships_cannot_work_are_an_answer_that_is_no(monkeypatch, capsys):
    result = Result()
    result.status = "infeasible"
    monkeypatch.setattr("allocator.api.score", Called(result))
    assert app.run(["score", "cut", "g.csv", "--json"]) == 1


def test_compare_passes_on_every_side(monkeypatch, capsys):
    given, named = called_with(monkeypatch, "compare", ["compare", "a", "b", "runs/c", "--jobs", "2", "--json"])
    assert (given, named) == (("a", "b", "runs/c"), {"overrides": (), "same": (), "jobs": 2})


def test_bridge_passes_on_both_ends_and_what_is_merged(monkeypatch, capsys):
    words = ["bridge", "a", "b", "--group", "x+y", "--group", "u+v", "--jobs", "1", "--json"]
    given, named = called_with(monkeypatch, "bridge", words)
    assert given == ("a", "b", ())
    assert named == {"together": ["x+y", "u+v"], "jobs": 1, "output": None, "force": False}


def test_a_bridge_without_shares_is_an_answer_that_is_no(monkeypatch, capsys):
    result = Result()
    result.missing = ("one",)
    monkeypatch.setattr("allocator.api.bridge", Called(result))
    assert app.run(["bridge", "a", "b", "--json"]) == 1


def test_sweep_passes_on_the_grid_the_file_and_the_cluster(monkeypatch, capsys):
    words = ["sweep", "cut", "--vary", "budget.scale=0.8:1.2:5", "--vary", "grants.floor=0.8,0.9", "-o", "s.csv"]
    words += ["--resume", "--jobs", "1", "--scheduler", "tcp://127.0.0.1:1", "--set", "a.b=1", "--json"]
    given, named = called_with(monkeypatch, "sweep", words)
    assert given == ("cut", ["budget.scale=0.8:1.2:5", "grants.floor=0.8,0.9"], ["a.b=1"])
    assert named == {
        "jobs": 1, "scheduler": "tcp://127.0.0.1:1", "output": Path("s.csv"), "resume": True, "force": False,
    }  # fmt: skip


def test_a_sweep_is_drawn_where_a_chart_is_asked_for(monkeypatch, capsys, tmp_path):
    drawn = Called(None)
    monkeypatch.setattr("allocator.analyses.sweep.chart.draw", drawn)
    chart = str(tmp_path / "a.svg")
    words = ["sweep", "cut", "--vary", "budget.scale=1,2", "--chart", chart, "--json"]
    called_with(monkeypatch, "sweep", words)
    assert drawn.calls[0][0][1] == Path(chart)


@pytest.mark.parametrize(
    "words",
    [
        ["approaches", "--only", "optimized"],
        ["approaches", "--jobs", "0"],
        ["score", "settlement"],
        ["score", "settlement", "no_such_file.csv"],
        ["compare", "settlement"],
        ["bridge", "settlement"],
        ["sweep", "settlement"],
        ["sweep", "settlement", "--vary", "budget.scale"],
        ["sweep", "settlement", "--vary", "budget.scale=1,2", "--resume"],
        ["sweep", "settlement", "--vary", "budget.scale=1,2", "--chart", "a.pdf"],
    ],
)
def test_wrong_usage_ends_with_two_and_no_traceback(words, capsys):
    status = app.run(words)
    assert status == (1 if words[-1] == "no_such_file.csv" else 2)
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
