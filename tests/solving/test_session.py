"""The programme in the solver: what PuLP and HiGHS do without a word is watched, refused or undone."""

import json
import subprocess
import sys

import highspy
import numpy as np
import pytest

from allocator.errors import NoPlan, SolverError, UsageError
from allocator.programme.formulate import formulate
from allocator.runs.problem import read_mps
from allocator.solving.session import LARGEST_COST, Session
from allocator.solving.settlement import solve_data
from allocator.solving.stages import Stages
from tests.helpers.builders import tiny_data, tiny_scenario
from tests.helpers.paper_programme import FINAL_YEAR, paper_tables, solved, two_partnerships
from tests.helpers.rule_cases import money
from tests.helpers.written_lp import SETTINGS, written_tables


@pytest.fixture
def loaded(tmp_path):
    """The paper instance of scarce money in a session: 36,000 = 10,000 + 40,000 f + 2,000 (1 - f), f = 24/38."""
    data = tiny_data(tmp_path, money())
    return Session(formulate(data, tiny_scenario(tmp_path, FINAL_YEAR).settings))


def with_target(required_share=0.05):
    tables = paper_tables()
    aim = {"scope": "national", "name": "", "year": "2004-05", "max_neet": None, "reduction_share": required_share}
    tables["targets"] = [aim]
    return tables


# standard output

SOLVES = """
from pathlib import Path
from tests.helpers.paper_programme import paper_tables, solved
from allocator.programme.formulate import formulate
from allocator.solving.session import Session
data, s, solution = solved(Path({folder!r}), paper_tables())
session = Session(formulate(data, s))
session.solve(), session.solve_without_presolve(), session.write()
"""


LOUD = """
import pulp
problem = pulp.LpProblem()
problem += 1.0 * problem.add_variable("a", 0, 1) <= 5
problem.solve(pulp.HiGHS(msg=False))
"""


def test_the_solver_prints_though_told_to_be_silent():
    done = subprocess.run([sys.executable, "-c", LOUD], capture_output=True, check=True)
    assert b"HiGHS" in done.stdout


def test_nothing_of_a_solver_reaches_standard_output(tmp_path):
    # at the level of file descriptors: the banner comes from compiled code, past sys.stdout
    done = subprocess.run([sys.executable, "-c", SOLVES.format(folder=str(tmp_path))], capture_output=True, check=True)
    assert done.stdout == b""


COMMAND = "from allocator.__main__ import main; main()"


def test_json_is_all_that_the_command_prints(tmp_path):
    tiny_data(tmp_path, paper_tables())
    tiny_scenario(tmp_path, FINAL_YEAR)
    words = ["solve", str(tmp_path / "scenario.toml"), "--json", "-o", str(tmp_path / "run")]
    done = subprocess.run([sys.executable, "-c", COMMAND, *words], capture_output=True, check=True)
    assert done.stdout.startswith(b"{")
    assert json.loads(done.stdout)["goal"]["value"] == pytest.approx(10, rel=1e-6)


def test_a_program_without_a_standard_output_solves_as_well(tmp_path):
    code = SOLVES.format(folder=str(tmp_path))
    done = subprocess.run(["sh", "-c", '"$1" -c "$2" >&-', "sh", sys.executable, code], check=False)
    assert done.returncode == 0


# options


@pytest.mark.parametrize(("name", "value"), [("hipo", "on"), ("presolve", "perhaps"), ("time_limit", -1.0)])
def test_an_option_that_the_solver_does_not_take_is_refused(loaded, name, value):
    with pytest.raises(UsageError):
        loaded._option(name, value)


def test_the_options_given_through_pulp_have_arrived(tmp_path):
    data = tiny_data(tmp_path, paper_tables())
    session = Session(formulate(data, tiny_scenario(tmp_path, FINAL_YEAR).settings), time_limit=77.0)
    taken = {name: session.highs.getOptionValue(name)[1] for name in ("time_limit", "threads", "log_to_console")}
    assert taken == {"time_limit": 77.0, "threads": 1, "log_to_console": False}


def test_each_solve_has_the_whole_time_limit(loaded):
    # the solver's clock runs on from one solve to the next, and so would the limit be used up
    loaded.solve()
    ran = loaded.highs.getRunTime()
    assert ran > 0
    loaded.solve()
    assert loaded.highs.getOptionValue("time_limit")[1] == ran + loaded.time_limit > loaded.time_limit


def test_the_solver_is_left_with_the_options_that_it_had(loaded, monkeypatch):
    before = {name: loaded.highs.getOptionValue(name)[1] for name in ("solver", "presolve", "simplex_strategy")}
    outcomes = iter(["stuck", "stuck", "optimal", "optimal"])
    monkeypatch.setattr(loaded, "_outcome", lambda: next(outcomes))
    loaded.solve()
    loaded.solve_without_presolve()
    assert {name: loaded.highs.getOptionValue(name)[1] for name in before} == before


def test_another_use_of_the_solver_in_the_same_process_does_not_stop_ours(loaded):
    # one pool of threads serves a process, and a run that asks for another number of them is refused
    other = highspy.Highs()
    other.setOptionValue("output_flag", False)
    other.setOptionValue("threads", 2)
    other.resetGlobalScheduler(True)
    other.addVar(0.0, 1.0)
    other.addRow(0.0, 1.0, 1, [0], [1.0])
    assert other.run() == highspy.HighsStatus.kOk
    assert loaded.solve().objective == pytest.approx(240 / 38)


# what is said of a solve


def test_a_solve_that_ends_without_an_answer_is_tried_cold_then_loosely_then_by_interior_point(loaded, monkeypatch):
    tried = []
    real = loaded._outcome

    def outcome():
        options = ("solver", "primal_feasibility_tolerance")
        tried.append(tuple(loaded.highs.getOptionValue(option)[1] for option in options))
        return "stuck" if len(tried) < 4 else real()

    monkeypatch.setattr(loaded, "_outcome", outcome)
    answer = loaded.solve()
    assert tried == [("choose", 1e-7), ("choose", 1e-7), ("choose", 1e-6), ("ipm", 1e-7)]
    assert answer.outcome == "optimal"
    assert answer.objective == pytest.approx(240 / 38)


@pytest.mark.parametrize("outcome", ["out of time", "stuck"])
def test_a_solve_without_an_answer_is_an_error_and_no_plan(tmp_path, monkeypatch, outcome):
    monkeypatch.setattr(Session, "_outcome", lambda self: outcome)
    with pytest.raises(SolverError) as failed:
        solved(tmp_path, paper_tables())
    assert failed.value.place == "stage goal"


def test_values_that_stand_in_the_solver_after_an_infeasible_solve_are_never_a_plan(tmp_path):
    # a floor of 1.2 x 30,000 for money of 20,000
    tables = money(20_000)
    data = tiny_data(tmp_path, tables)
    s = tiny_scenario(tmp_path, FINAL_YEAR + "[grants]\nfloor = 1.2").settings
    answer = Session(formulate(data, s)).solve()
    assert answer.outcome == "infeasible"
    assert len(answer.values)  # there are values all the same
    with pytest.raises(NoPlan) as none:
        solve_data(data, s)
    assert none.value.stage == "rules"


def test_that_there_is_no_plan_is_said_only_after_solving_without_presolve(tmp_path, monkeypatch):
    real = Session.solve
    lies = iter([highspy.HighsModelStatus.kInfeasible])

    def lying(session, **how):
        answer = real(session, **how)
        return answer if next(lies, None) is None else type(answer)("infeasible", *list(vars(answer).values())[1:])

    monkeypatch.setattr(Session, "solve", lying)
    solution = solved(tmp_path, paper_tables())[2]
    assert solution.figures.places.sum() == pytest.approx(100, abs=1e-4)


# signs and scales


def prices(solution, rule):
    return {price.key: price.price for price in solution.prices if price.rule == rule}


def test_the_price_of_a_limit_of_a_maximisation_is_what_the_goal_gains_with_a_unit_more(tmp_path):
    # £50,000 pay three quarters of an adviser in south: £1,000 more pay 1/40 of one, 2.5 places, 0.5 young people;
    # £1,000 more of fixed cost in either takes as much away
    tables = two_partnerships()
    tables["years"][0]["budget"] = 50_000
    solution = solved(tmp_path, tables)[2]
    assert prices(solution, "national") == {("2004-05",): pytest.approx(0.5)}
    assert prices(solution, "money") == {(p, "2004-05"): pytest.approx(-0.5) for p in ("north", "south")}


def test_the_price_of_a_requirement_of_a_minimisation_is_what_a_unit_more_costs(tmp_path):
    # one young person more: 10 places for £1,000, 0.1 of an adviser for £3,000, who is not laid off for £200
    solution = solved(tmp_path, with_target(), '[goal]\nmeasure = "least_cost"')[2]
    assert prices(solution, "target")[("2004-05", "national")] == pytest.approx(3_800)


def test_duals_bound_the_goal_exactly(tmp_path, loaded):
    """By strong duality: sum y.r + sum (c - A'y) x at the side of its box that each reduced cost points to."""
    least = tiny_data(tmp_path / "least", with_target())
    hard = tiny_scenario(tmp_path / "least", '[goal]\nmeasure = "least_cost"\n[rules]\nsoft = []').settings
    minimum = Session(formulate(least, hard))
    for session, value in ((loaded, 240 / 38), (minimum, 17_200)):  # 27,200 less the fixed cost
        answer, problem = session.solve(), session.problem()
        sign = 1 if problem.maximise else -1
        rows = np.repeat(np.arange(len(answer.duals)), np.diff(problem.starts))
        reduced = problem.cost - np.bincount(
            problem.index, answer.duals[rows] * problem.value, minlength=len(problem.cost)
        )
        side = np.where(sign * answer.duals > 0, problem.row_upper, problem.row_lower)
        box = np.where(sign * reduced > 0, problem.upper, problem.lower)
        used = answer.duals != 0
        assert answer.objective == pytest.approx(value)
        assert answer.duals[used] @ side[used] + reduced @ box == pytest.approx(value)


def test_costs_are_scaled_for_the_solver_and_for_nobody_else(loaded):
    loaded.set_costs(loaded.cost, maximise=True)
    assert max(loaded.highs.getLp().col_cost_) == pytest.approx(LARGEST_COST)
    assert loaded.problem().cost.max() == pytest.approx(0.1)
    assert loaded.solve().objective == pytest.approx(240 / 38)


def test_a_goal_without_any_cost_is_solved(loaded):
    loaded.set_costs(np.zeros_like(loaded.cost), maximise=False)
    assert loaded.solve().objective == 0


def test_what_is_written_reads_back_exactly_and_leaves_the_session_as_it_was(tmp_path):
    data = tiny_data(tmp_path, written_tables())
    session = Session(formulate(data, tiny_scenario(tmp_path, SETTINGS).settings))
    session.set_costs(session.cost / 3, maximise=True)
    held = list(session.highs.getLp().col_cost_)
    text = session.write()
    assert b" c0 " in text  # PuLP hands over no names
    assert b" r0 " in text
    read, stands = read_mps(text), session.problem()
    for name in ("maximise", "cost", "lower", "upper", "row_lower", "row_upper", "starts"):
        assert np.array_equal(getattr(read, name), getattr(stands, name)), name
    assert list(session.highs.getLp().col_cost_) == held


def test_rows_and_columns_added_are_taken_away_again(loaded):
    size = loaded.size
    columns = loaded.add_columns(np.array([1.0, 2.0]))
    loaded.add_row(columns, np.array([1.0, 1.0]), 0.0, 1.0)
    assert loaded.size == (size[0] + 1, size[1] + 2)
    loaded.cut_back(*size)
    assert loaded.size == size
    assert loaded.solve().objective == pytest.approx(240 / 38)


def test_the_solver_s_columns_are_named_by_the_programme_s_keys(tmp_path):
    data = tiny_data(tmp_path, paper_tables())
    stages = Stages(formulate(data, tiny_scenario(tmp_path, FINAL_YEAR).settings), "HiGHS", 60.0)
    session = stages.session
    answer = session.solve()
    by_key = dict(zip(session.columns, answer.values, strict=True))
    assert by_key["places", "north", "2004-05", "coaching", "neet", "1"] == pytest.approx(100)
    assert stages.values_by_key(answer.values)[session.programme.decisions.places[0, 0, 0, 0, 0].id] == pytest.approx(
        100
    )
