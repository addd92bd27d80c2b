"""A file that cannot be written: refused before the work where that can be seen, else the result is printed first."""

import json
import os

import pytest

from allocator import api
from allocator.cli import app
from allocator.errors import UsageError
from allocator.outputs.table_file import refuse_occupied
from tests.helpers.builders import tiny_scenario, tiny_tables, write_tables


@pytest.fixture
def place(tmp_path, monkeypatch):
    write_tables(tmp_path / "tables", tiny_tables())
    tiny_scenario(tmp_path)
    (tmp_path / "other.toml").write_text('extends = "scenario.toml"\n[budget]\nscale = 0.9\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


TYPED = {
    "approaches": ["approaches", "scenario.toml", "--only", "optimised", "--only", "settlement"],
    "bridge": ["bridge", "scenario.toml", "other.toml"],
    "sweep": ["sweep", "scenario.toml", "--vary", "budget.scale=0.9,1.0"],
}


def typed(command, *more):
    return [*TYPED[command], "--jobs", "1", *more]


@pytest.mark.parametrize(("command", "option"), [*((command, "-o") for command in TYPED), ("sweep", "--chart")])
def test_where_no_file_can_be_made_nothing_is_solved(place, monkeypatch, capsys, command, option):
    monkeypatch.setattr(api, "open_scenario", lambda *_, **__: pytest.fail("work was begun"))
    (place / "file").write_text("mine")
    name = "a.svg" if option == "--chart" else "a.csv"
    assert app.run(typed(command, option, f"file/{name}")) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"file/{name}: ")
    assert "another file" in " ".join(said.err.split())


def test_a_folder_that_is_not_to_be_written_in_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda folder, _mode: folder != tmp_path)
    (tmp_path / "inner").mkdir()
    refuse_occupied(tmp_path / "inner" / "a.csv", force=False)
    for path in (tmp_path / "a.csv", tmp_path / "new" / "folder" / "a.csv"):
        with pytest.raises(UsageError) as refused:
            refuse_occupied(path, force=True)
        assert refused.value.place == str(path)


@pytest.fixture
def full(monkeypatch):
    """A disk on which there is no room for a table or a chart."""

    def no_room(path, *_):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("allocator.tables.write.csv_bytes", lambda *_: no_room("a.csv"))
    monkeypatch.setattr("allocator.analyses.sweep.chart.chart_of", lambda *_: Unwritable(no_room))


class Unwritable:
    def __init__(self, save):
        self._save = save

    def save(self, path, **_):
        self._save(path)


@pytest.mark.parametrize("command", TYPED)
def test_a_result_is_printed_before_it_is_said_that_its_file_is_not_written(place, full, capsys, command):
    assert app.run(typed(command, "-o", "a.csv", "--json")) == 2
    unwritten = capsys.readouterr()
    assert not (place / "a.csv").exists()
    assert "No space left" in unwritten.err
    # the next step
    assert ("--resume" if command == "sweep" else "another file with -o") in " ".join(unwritten.err.split())
    (place / "a.csv.part").unlink(missing_ok=True)
    assert app.run(typed(command, "--json")) == 0
    assert json.loads(unwritten.out) == json.loads(capsys.readouterr().out)
    assert app.run(typed(command, "-o", "a.csv")) == 2
    assert len(capsys.readouterr().out.splitlines()) > 5


def test_the_cases_of_a_sweep_are_printed_where_its_chart_is_not_drawn(place, full, capsys):
    assert app.run(typed("sweep", "--chart", "a.svg", "--json")) == 2
    said = capsys.readouterr()
    assert len(json.loads(said.out)["rows"]) == 2
    assert "--chart" in said.err


def test_what_was_kept_of_a_sweep_is_written_once_there_is_room(place, monkeypatch, capsys):
    with monkeypatch.context() as cramped:
        cramped.setattr("allocator.tables.write.csv_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
        assert app.run(typed("sweep", "-o", "a.csv")) == 2
    assert app.run(typed("sweep", "-o", "a.csv", "--resume")) == 0
    assert len((place / "a.csv").read_text().splitlines()) == 3
    capsys.readouterr()


def test_a_plan_in_the_place_of_a_scenario_is_told_what_to_take(place):
    plan = api.solve("scenario.toml")
    for ask in (lambda: api.solve(plan), lambda: api.score(plan, "a.csv"), lambda: api.approaches(plan)):
        with pytest.raises(UsageError) as refused:
            ask()
        assert "plan.scenario" in refused.value.fix
