"""Any other solver that PuLP finds: the same answers, certified where it gives duals, and plain words where not.

Always run with a stand-in (HiGHS under another name, which can be made to lie or fail), and with the real ones that
are found on the machine.
"""

import math
from typing import ClassVar

import pulp
import pytest

from allocator.cli.app import run
from allocator.errors import NoPlan, SolverError, UsageError
from allocator.programme.formulate import formulate
from allocator.register import Place
from allocator.scenario.load import read_scenario
from allocator.solving.other_solver import OtherSession
from allocator.solving.session import INFINITE, Session
from allocator.solving.settlement import solve_data
from allocator.tables import read_data
from tests.helpers.builders import make_plan, tiny_data, tiny_scenario
from tests.helpers.paper_programme import FINAL_YEAR, paper_tables, two_partnerships
from tests.helpers.rule_cases import CASES

CANDIDATES = ("COIN_CMD", "GLPK_CMD", "CyLP", "PYGLPK", "SCIP_PY", "HiGHS_CMD")
REAL = [name for name in CANDIDATES if name in pulp.listSolvers(onlyAvailable=True)]
Status = pulp.LpSolveStatus


class StandIn(pulp.HiGHS):
    """HiGHS under another name. duals: what its duals are multiplied by. says: the status that it claims."""

    name = "STAND_IN"
    duals, says, fails = 1.0, None, False
    asked: ClassVar[list] = []

    def actualSolve(self, lp, **kwargs):  # noqa: N802 - PuLP's own name for it
        self.asked.append(self.timeLimit)
        if self.fails:
            raise pulp.PulpSolverError("no licence")
        stats = super().actualSolve(lp, **kwargs)
        for row in lp.constraints():
            row.pi = self.duals * row.pi
        if self.says is not None:
            stats.status = self.says
        return stats


@pytest.fixture
def stand_in(monkeypatch):
    """The stand-in among PuLP's solvers, with the ways of it that are given."""

    def registered(**ways):
        solver = type("StandIn", (StandIn,), {"asked": [], **ways})
        monkeypatch.setattr(pulp.apis, "_all_solvers", [*pulp.apis._all_solvers, solver])
        return solver

    return registered


def planned(folder, tables, settings=FINAL_YEAR, solver="STAND_IN"):
    folder.mkdir(exist_ok=True)
    data = tiny_data(folder, tables)
    scenario = tiny_scenario(folder, settings, f"solver.name={solver}")
    return make_plan(scenario, data, solve_data(data, scenario.settings)[0])


def out_of_reach():
    tables = paper_tables()
    tables["targets"] = [
        {"scope": "national", "name": "", "year": "2004-05", "max_neet": None, "reduction_share": 0.25}
    ]
    return tables


# the stand-in


@pytest.mark.parametrize("rule", ["money", "floor", "guarantee", "recruitment"])
def test_another_solver_gives_the_same_answers_certified_by_its_own_duals(tmp_path, stand_in, rule):
    stand_in()
    case = CASES[rule]
    plan = planned(tmp_path, case.tables(), case.settings)
    assert plan.recomputed.goal == pytest.approx(case.goal, rel=2e-7)
    assert plan.certified
    assert plan.solution.solver == "STAND_IN"


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("settings", [FINAL_YEAR, '[goal]\nmeasure = "least_cost"'])
def test_whichever_sign_a_solver_gives_its_duals_they_certify(tmp_path, stand_in, sign, settings):
    stand_in(duals=sign)
    plan = planned(tmp_path, out_of_reach(), settings)
    assert plan.certified
    (short,) = plan.recomputed.shortfalls
    assert short.shortfall == pytest.approx(10, abs=1e-5)  # a quarter of 80 asked, 10 reached


def test_without_duals_a_plan_is_not_certified_and_the_reason_is_the_solver(tmp_path, stand_in):
    stand_in(duals=0.0)
    plan = planned(tmp_path, CASES["money"].tables())
    assert plan.recomputed.goal == pytest.approx(CASES["money"].goal, rel=2e-7)
    assert plan.recomputed.kept
    assert not plan.certified
    assert "STAND_IN" in plan.why_uncertified
    assert (plan.solution.proofs, plan.solution.prices, plan.gap) == ((), (), None)
    assert set(plan.tables["rules"]["price"]) == {None}


def test_duals_that_are_nought_because_no_row_binds_certify(tmp_path, stand_in):
    # 100 young people are coached and could not be more: each is worth its 0.1, and no row anything
    stand_in()
    plan = planned(tmp_path, {**paper_tables(), "workforce": CASES["eligible"].tables()["workforce"]})
    assert plan.certified
    proof = next(proof for proof in plan.solution.proofs if proof.stage == "goal")
    assert not proof.duals.any()


def test_duals_that_are_too_inexact_do_not_certify(tmp_path, stand_in):
    stand_in(duals=1.001)
    plan = planned(tmp_path, CASES["money"].tables())
    assert not plan.certified
    assert plan.why_uncertified


def test_that_there_is_no_plan_is_found_by_another_solver_as_well(tmp_path, stand_in):
    stand_in()
    with pytest.raises(NoPlan):
        planned(tmp_path, two_partnerships(), FINAL_YEAR + "[grants]\nfloor = 1.2")


@pytest.mark.parametrize("says", [Status.Infeasible, Status.Undefined, Status.Unbounded])
def test_a_solver_that_finds_no_plan_where_there_is_one_is_not_believed(tmp_path, stand_in, says):
    stand_in(says=says)
    with pytest.raises(SolverError) as failed:
        planned(tmp_path, two_partnerships())
    assert failed.value.place == "stage goal"


@pytest.mark.parametrize("says", [Status.TimeLimit, Status.NotSolved, Status.NumericalError, Status.Interrupted])
def test_a_solver_that_ends_without_an_answer_gives_no_plan(tmp_path, stand_in, says):
    stand_in(says=says)
    with pytest.raises(SolverError) as failed:
        planned(tmp_path, two_partnerships())
    assert failed.value.place == "stage goal"


def test_a_solver_that_fails_is_named(tmp_path, stand_in):
    stand_in(fails=True)
    with pytest.raises(SolverError) as failed:
        planned(tmp_path, two_partnerships())
    assert failed.value.place == "solver STAND_IN"
    assert "no licence" in failed.value.found


def test_the_time_limit_is_given_in_whole_seconds(tmp_path, stand_in):
    asked = stand_in().asked
    planned(tmp_path, two_partnerships(), FINAL_YEAR + "[solver]\ntime_limit = 2.5\n")
    assert set(asked) == {3}
    assert {type(limit) for limit in asked} == {int}


def test_rows_that_say_nothing_and_rows_with_two_sides_are_handed_over_as_they_are(tmp_path, stand_in):
    # PuLP would read the first from a problem file as the goal, and the width of the second as its side
    stand_in()
    data = tiny_data(tmp_path, two_partnerships())
    programme = formulate(data, tiny_scenario(tmp_path, FINAL_YEAR).settings)
    ours, theirs = Session(programme), OtherSession(programme, "STAND_IN")
    for session in (ours, theirs):
        session.set_rows([programme.rows.index(("national", Place(year="2004-05")))], [-INFINITE], [INFINITE])
        grants = [session.column_of[variable.id] for variable in programme.decisions.grant.values()]
        session.add_row(grants, [1.0, 1.0], 20.0, 35.0)
    # £35,000 less two fixed costs pay 15/40 of an adviser in south: 7.5
    assert [session.solve().objective for session in (ours, theirs)] == pytest.approx([7.5, 7.5])


@pytest.mark.parametrize("name", ["CPSAT", "CHOCO_CMD", "no such solver", "", "highs"])
def test_a_solver_that_is_not_there_or_knows_whole_numbers_alone_is_refused(tmp_path, name):
    data = tiny_data(tmp_path, paper_tables())
    programme = formulate(data, tiny_scenario(tmp_path, FINAL_YEAR).settings)
    with pytest.raises(UsageError) as refused:
        OtherSession(programme, name)
    assert refused.value.place == "solver.name"


# real ones


@pytest.fixture(params=REAL or [""])
def real(request):
    if not request.param:
        pytest.skip(f"none of {', '.join(CANDIDATES)} is on this machine")
    return request.param


def test_a_real_other_solver_gives_the_same_answers(tmp_path, real):
    for rule in ("money", "floor", "guarantee", "recruitment", "target"):
        case = CASES[rule]
        plan = planned(tmp_path / rule, case.tables(), case.settings, real)
        assert plan.recomputed.goal == pytest.approx(case.goal, rel=1e-6), rule
        assert plan.recomputed.kept, rule
        assert plan.certified or real in plan.why_uncertified, rule
    plan = planned(tmp_path / "short", out_of_reach(), solver=real)
    assert [short.shortfall for short in plan.recomputed.shortfalls] == pytest.approx([10], abs=1e-4)
    with pytest.raises(NoPlan):
        planned(tmp_path / "none", two_partnerships(), FINAL_YEAR + "[grants]\nfloor = 1.2", real)


@pytest.mark.slow
def test_a_real_other_solver_reaches_the_reference_number(real):
    scenario = read_scenario("settlement", [f"solver.name={real}"])
    data = read_data(scenario.data)
    plan = make_plan(scenario, data, solve_data(data, scenario.settings)[0])
    assert plan.recomputed.goal == pytest.approx(87_360.53, rel=2e-6)
    # some hand their numbers on as text of eight digits or so: a pound or two of £6m, and then nothing is certified
    assert plan.recomputed.violation <= 1e-6
    assert plan.recomputed.pounds_out < 2
    assert plan.certified or real in plan.why_uncertified


def test_without_duals_more_is_not_priced_and_that_is_said(tmp_path, stand_in, capsys):
    # grants are free and every soft rule is kept: here the worth of money would be read from the duals
    stand_in(duals=math.nan)
    tiny_data(tmp_path)
    tiny_scenario(tmp_path)
    words = ["solve", str(tmp_path / "scenario.toml"), "--set", "solver.name=STAND_IN", "-o", str(tmp_path / "run")]
    assert run(words) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "gives no duals" in said
    assert "only HiGHS tells" in said
    assert "WORTH OF MORE" not in said
    assert run(["explain", str(tmp_path / "run"), "north"]) == 2
    assert "gives no duals" in capsys.readouterr().err
