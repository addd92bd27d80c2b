"""A question beside the plan never costs the plan: whatever ends it, the plan that was found is written."""

from __future__ import annotations

import json

import pytest

from allocator import api
from allocator.analyses.solve import beside_the_plan
from allocator.cli import app
from allocator.errors import RunError, SolverError
from allocator.runs.plan import AS_BEFORE, REASONS
from allocator.runs.verify.verify import verify
from allocator.what_if import in_time
from allocator.what_if.questions import Settled
from tests.helpers.builders import tiny_data, tiny_scenario


@pytest.fixture
def scenario(tmp_path):
    tiny_data(tmp_path)
    return tiny_scenario(tmp_path)


def raising(error):
    def ask(*_, **__):
        raise error

    return ask


def test_ctrl_c_while_more_is_asked_keeps_the_run(monkeypatch, tmp_path, scenario):
    monkeypatch.setattr(beside_the_plan, "reasons_of", raising(KeyboardInterrupt))
    found, written = [], []
    with pytest.raises(KeyboardInterrupt):
        api.solve_and_write(
            scenario, folder=tmp_path / "run", found=found.append, tell=lambda *told: written.append(told)
        )
    assert [plan.certified for plan in found] == [True]  # it was told before anything was asked
    ((plan, folder),) = written
    assert folder == tmp_path / "run"
    assert plan.unanswered == (AS_BEFORE, REASONS)
    assert verify(tmp_path / "run").certified
    assert not (tmp_path / "run" / "worth.json").exists()


def test_a_question_without_an_answer_in_time_is_left_out(monkeypatch, tmp_path, scenario):
    monkeypatch.setattr(beside_the_plan, "reasons_of", raising(SolverError("worth", "found no answer in time")))
    plan, run = api.solve_and_write(scenario, folder=tmp_path / "run")
    assert plan.reasons is None
    assert plan.unanswered == (REASONS,)
    assert plan.as_before is not None
    assert verify(run).certified


def test_shares_as_before_that_are_not_found_in_time_end_nothing(monkeypatch, capsys, tmp_path, scenario):
    monkeypatch.setattr(api, "figures_as_before", raising(SolverError("stage goal", "found no answer in time")))
    assert app.run(["solve", str(tmp_path / "scenario.toml"), "-o", str(tmp_path / "run")]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "What shares as before would bring was not worked out" in said
    assert "no plan keeps the rules." not in said
    assert "WRITTEN" in said


def test_all_reasons_together_have_so_much_time_and_no_more(monkeypatch, tmp_path, scenario):
    monkeypatch.setattr(in_time, "LEAST_OF_ALL", 0.0)
    monkeypatch.setattr(in_time, "ALL", 0.0)
    plan, run = api.solve_and_write(scenario, folder=tmp_path / "run")
    assert plan.unanswered == (REASONS, AS_BEFORE)
    assert verify(run).certified


def test_one_reason_that_takes_too_long_costs_no_other(monkeypatch, tmp_path, scenario):
    monkeypatch.setattr(Settled, "plan", raising(SolverError("goal", "found no answer in time")))
    plan, _ = api.solve_and_write(scenario, folder=tmp_path / "run")
    assert not any(why.rule for why in plan.reasons.why)
    assert all(price.more is not None for price in plan.reasons.worth.of("money"))
    assert plan.unanswered == ()


def test_the_plan_is_printed_before_ctrl_c_ends_what_is_asked_of_it(monkeypatch, capsys, tmp_path, scenario):
    monkeypatch.setattr(beside_the_plan, "reasons_of", raising(KeyboardInterrupt))
    assert app.run(["solve", str(tmp_path / "scenario.toml"), "-o", str(tmp_path / "run")]) == 130
    said = capsys.readouterr()
    for heading in ("Optimal and certified", "NEET REDUCTION", "MONEY", "ADVISERS", "WHO GAINS", "WRITTEN"):
        assert heading in said.out
    assert "was written before that" in said.err


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_what_was_found_is_printed_where_it_cannot_be_written(monkeypatch, capsys, tmp_path, scenario, form):
    from allocator.runs import write

    monkeypatch.setattr(write, "write_run", raising(RunError("run", "the run cannot be written: No space left")))
    assert app.run(["solve", str(tmp_path / "scenario.toml"), "-o", str(tmp_path / "run"), *form]) == 2
    said = capsys.readouterr()
    assert "No space left" in said.err
    if form:
        assert json.loads(said.out)["run"] is None
    else:
        assert "WHO GAINS" in said.out
        assert "WRITTEN" not in said.out


def test_ctrl_c_while_the_run_is_written_writes_it_again(monkeypatch, tmp_path, scenario):
    from allocator.runs import write

    real, pressed = write.write_run, []

    def once(*given, **named):
        if not pressed:
            pressed.append(True)
            raise KeyboardInterrupt
        return real(*given, **named)

    monkeypatch.setattr(write, "write_run", once)
    with pytest.raises(KeyboardInterrupt):
        api.solve_and_write(scenario, folder=tmp_path / "run")
    assert verify(tmp_path / "run").certified
