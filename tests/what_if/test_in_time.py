"""What is asked of a plan has a bound; what finds no answer in it is named, and never costs the plan."""

import math
from contextlib import ExitStack

import numpy as np
import pytest

from allocator import api
from allocator.analyses.solve import beside_the_plan
from allocator.errors import SolverError
from allocator.runs.plan import judge
from allocator.solving.session import Limit
from allocator.solving.settlement import plan_data
from allocator.time_left import within
from allocator.what_if import in_time
from allocator.what_if.in_time import InTime, bound
from allocator.what_if.questions import Change, what_if


@pytest.fixture(scope="module")
def reference():
    read, data = api.open_scenario("settlement")
    figures, plans = plan_data(data, read.settings)
    return data, read.settings, figures, plans


def test_a_question_after_the_time_has_run_out_is_late_and_has_no_answer(reference):
    data, settings, _, plans = reference
    question = InTime(what_if(data, settings, plans))
    with within(0.0):
        assert question.reached(Change(money=(1e6, 0.0, 0.0))) is None
        assert question.plan(Change(off="channel")) is None
    assert {change.named(data.years) for change in question.late} == {"money 2004-05 more", "without channel"}


def test_a_question_that_the_solver_cannot_answer_is_late_and_the_next_is_answered(reference):
    data, settings, _, plans = reference
    solved = what_if(data, settings, plans)
    question, more = InTime(solved), Change(money=(1e6, 1e6, 1e6))
    right, real = solved.reached(more), solved.reached

    def stuck(change):
        if change.off:
            raise SolverError("stage goal", "the solver ended stuck")
        return real(change)

    solved.reached = stuck
    assert question.reached(Change(off="channel")) is None
    assert question.reached(more).goal == pytest.approx(right.goal, rel=1e-9)
    assert {change.off for change in question.late} == {"channel"}


def test_reasons_name_what_was_not_found_in_time(reference, monkeypatch):
    data, settings, figures, plans = reference

    def in_no_time(*given):
        ready = what_if(*given)
        ends.enter_context(within(0.0))
        return ready

    monkeypatch.setattr(beside_the_plan, "what_if", in_no_time)
    with ExitStack() as ends:
        found = beside_the_plan.reasons_of(data, settings, plans, judge(data, settings, figures))
    late = found.worth.not_in_time
    assert {"money 2004-05 more", "money every year less", "without redundancies", "what fixes each grant"} <= set(late)
    assert found.worth.of("money")[0].more is None
    assert found.worth.why_none("money 2004-05 more") == "not found in time"
    assert found.worth.why_none("money 2004-05 twice") == "no plan"


def test_few_steps_are_no_reason_to_find_less(reference):
    *_, plans = reference
    session = plans[0].stages.session
    best = plans[0].stages.best().goal
    session.allowance = Limit(math.inf, 1)  # neither warm nor cold: interior point is left
    try:
        session.highs.clearSolver()
        session.set_costs(session.cost, maximise=True)
        answer = session.solve()
    finally:
        bound(plans)
    assert answer.outcome == "optimal"
    assert answer.objective == pytest.approx(best, rel=1e-7)


def test_the_bound_is_a_few_times_what_planning_took(reference):
    *_, plans = reference
    plans[0].stages.records[:] = [record for record in plans[0].stages.records if record.stage == "goal"][:1]
    (goal,) = plans[0].stages.records
    seconds = bound(plans)
    allowed = plans[0].stages.session.allowance
    assert seconds == max(in_time.LEAST_OF_ALL, in_time.ALL * goal.seconds)
    assert allowed.steps == max(in_time.LEAST_STEPS, 3 * goal.iterations)
    assert np.isfinite(allowed.seconds)
