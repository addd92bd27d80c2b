"""A question beside the plan never costs the plan: whatever ends it, the plan that was found is written."""

from __future__ import annotations

import pytest

from allocator import api
from allocator.analyses.solve import beside_the_plan
from allocator.errors import SolverError
from allocator.runs.verify.verify import verify
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
        api.solve_and_write(scenario, folder=tmp_path / "run", found=found.append, written=written.append)
    assert [plan.certified for plan in found] == [True]  # it was told before anything was asked
    assert written == [tmp_path / "run"]
    assert verify(tmp_path / "run").certified
    assert not (tmp_path / "run" / "worth.json").exists()


def test_a_question_without_an_answer_in_time_is_left_out(monkeypatch, tmp_path, scenario):
    monkeypatch.setattr(beside_the_plan, "reasons_of", raising(SolverError("worth", "found no answer in time")))
    plan, run = api.solve_and_write(scenario, folder=tmp_path / "run")
    assert plan.reasons is None
    assert plan.as_before is not None
    assert verify(run).certified


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
