"""The cautious goal: against another linear programme, the published closed form, and the plan it is made of."""

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest

from allocator import api
from allocator.errors import InvalidInput
from allocator.recompute.caution import mean_of_worst
from allocator.runs.verify.verify import verify
from allocator.scenario.amounts import drawn_effects
from allocator.solving.settlement import plan_data, solve_data
from tests.helpers.builders import make_plan, tiny_data, tiny_scenario, tiny_tables, write_tables
from tests.helpers.sealed import reseal

CAUTIOUS = '[risk]\nattitude = "cvar"\ncvar_weight = {weight}\ncvar_level = {level}\ndraws = {draws}\ncommon = 0.0\n'


def options(folder, weight=0.5, level=0.8, draws=50, goal="", errors=(0.03, 0.01, 0.02)):
    """Three interventions that cost and do nearly alike, of which one pound buys either; data and settings."""
    tables = tiny_tables()
    coaching, effect = {**tables["interventions"][0], "unit_cost": 30_000}, {**tables["effects"][0]}
    tables["interventions"] = [{**coaching, "intervention": name, "name": name.title()} for name in "abc"]
    tables["effects"] = [
        {**effect, "intervention": name, "effect": mean, "standard_error": error}
        for name, mean, error in zip("abc", (0.11, 0.10, 0.105), errors, strict=True)
    ]
    settings = goal + CAUTIOUS.format(weight=weight, level=level, draws=draws)
    return tiny_data(folder, tables), tiny_scenario(folder, settings)


@pytest.mark.parametrize(("weight", "level"), [(0.3, 0.8), (0.5, 0.9), (1.0, 0.75)])
def test_the_share_of_each_option_is_that_of_another_linear_programme(tmp_path, weight, level):
    linprog = pytest.importorskip("scipy.optimize").linprog
    data, scenario = options(tmp_path, weight, level, goal="[goal]\ndiscount_rate = 0.0\n")
    s = scenario.settings
    plan = make_plan(scenario, data, solve_data(data, s, None)[0])
    assert plan.certified
    # what a unit of effect counts for: a place of the first year half as much again in the second
    exposed = np.array([1.5, 1.0]) @ plan.figures.places.sum(axis=(0, 3, 4))
    drawn = drawn_effects(data, s)
    # By itself: shares of what is bought, the tail, and what each draw falls below it. Where money is short and
    # nothing else, whichever option is bought, as much is bought.
    n, count = len(drawn), 3
    each = weight / ((1 - level) * n)
    mean = data.effect[:, data.client_groups.index("neet")]
    cost = np.concatenate([-(1 - weight) * mean, [-weight], np.full(n, each)])
    below = np.hstack([-drawn, np.ones((n, 1)), -np.eye(n)])
    found = linprog(cost, A_ub=below, b_ub=np.zeros(n), A_eq=np.array([[1.0] * count + [0.0] * (n + 1)]), b_eq=[1.0],
                    bounds=[(0, 1)] * count + [(None, None)] + [(0, None)] * n)  # fmt: skip
    assert plan.recomputed.goal == pytest.approx(exposed @ mean)
    assert plan.recomputed.sought == pytest.approx(-found.fun * exposed.sum(), rel=1e-6)
    assert exposed / exposed.sum() == pytest.approx(found.x[:count], abs=2e-3)


def test_the_published_portfolio():
    # Rockafellar and Uryasev 2000: the least variance at a return of .011, whose losses are normal
    means = np.array([0.0101110, 0.0043532, 0.0137058])
    spread = np.array(
        [
            [0.00324625, 0.00022983, 0.00420395],
            [0.00022983, 0.00049937, 0.00019247],
            [0.00420395, 0.00019247, 0.00764097],
        ]
    )
    rows = np.stack([np.ones(3), means])
    whole = np.block([[2 * spread, rows.T], [rows, np.zeros((2, 2))]])
    shares = np.linalg.solve(whole, [0, 0, 0, 1, 0.011])[:3]
    returns = NormalDist(0.011, math.sqrt(shares @ spread @ shares))
    count = 200_000
    draws = np.array([returns.inv_cdf((k + 0.5) / count) for k in range(count)])  # evenly over the curve
    for level, published in ((0.90, 0.096975), (0.95, 0.115908), (0.99, 0.152977)):
        assert -mean_of_worst(draws, level) == pytest.approx(published, abs=2e-5)


def test_the_mean_of_the_worst_takes_only_what_is_in_it():
    yields = np.array([5.0, 1.0, 4.0, 2.0, 3.0])
    assert mean_of_worst(yields, 0.8) == pytest.approx(1.0)
    assert mean_of_worst(yields, 0.7) == pytest.approx((1 * 1 + 0.5 * 2) / 1.5)
    assert mean_of_worst(yields, 0.01) == pytest.approx((1 + 2 + 3 + 4 + 0.95 * 5) / 4.95)


@pytest.mark.parametrize("measure", ["cumulative", "final_year", "benefit"])
def test_without_weight_it_is_the_neutral_plan_and_with_little_next_to_it(tmp_path, measure):
    goal = f'[goal]\nmeasure = "{measure}"\nbenefit_per_neet = 900000\ndiscount_rate = 0.035\n'
    data, scenario = options(tmp_path, 0.0, goal=goal)
    neutral = scenario.with_({"risk.attitude": "neutral"}).settings
    plain = plan_data(data, neutral, None)[0]
    nothing = plan_data(data, scenario.settings, None)[0]
    assert (nothing.grant == plain.grant).all()
    little = scenario.with_({"risk.cvar_weight": 1e-4})
    solved = make_plan(little, data, solve_data(data, little.settings, None)[0])
    assert solved.certified
    assert solved.figures.places == pytest.approx(plain.places, abs=1e-3)
    assert solved.recomputed.tail < solved.recomputed.goal


def test_the_more_caution_the_better_the_worst_and_the_less_the_middle(tmp_path):
    data, scenario = options(tmp_path)
    found = api.sweep(scenario, {"risk.cvar_weight": [0.0, 0.25, 0.5, 1.0]}, data=data)
    goals, tails = [row.goal for row in found.rows], [row.tail for row in found.rows]
    assert goals == sorted(goals, reverse=True)
    assert tails == sorted(tails)
    assert goals[0] > goals[-1]
    assert tails[0] < tails[-1]
    neutral = api.sweep(scenario, {"budget.scale": [0.9, 1.0]}, ["risk.attitude=neutral"], data=data)
    assert [row.tail for row in neutral.rows] == [None, None]


def test_what_a_cautious_plan_reaches_is_worked_out_from_the_draws(tmp_path):
    data, scenario = options(tmp_path)
    plan = make_plan(scenario, data, solve_data(data, scenario.settings, None)[0])
    yields = []
    for drawn in drawn_effects(data, scenario.settings):
        effect = data.effect.copy()
        effect[tuple(np.array(data.offers).T)] = drawn
        yields.append(make_plan(scenario, replace(data, effect=effect), plan.solution).recomputed.goal)
    worst = sorted(yields)[:10]  # a fifth of 50
    assert plan.recomputed.tail == pytest.approx(sum(worst) / 10)
    assert plan.recomputed.sought == pytest.approx(0.5 * plan.recomputed.goal + 0.5 * sum(worst) / 10)


def test_year_on_year_each_plan_is_cautious(tmp_path):
    data, scenario = options(tmp_path)
    yearly = scenario.with_({"certainty.kind": "year_on_year", "certainty.sees_tail": True})
    plan = make_plan(yearly, data, solve_data(data, yearly.settings, None)[0])
    assert plan.certified
    assert plan.recomputed.tail < plan.recomputed.goal


@pytest.fixture
def run(tmp_path):
    data, scenario = options(tmp_path)
    write_tables(tmp_path / "tables", tiny_tables())
    plan = api.solve(scenario, data=data, reasons=True)
    return plan, plan.save(tmp_path / "run")


def test_a_run_is_certified_for_the_draws_that_it_names_and_for_no_others(run):
    plan, folder = run
    found = verify(folder)
    assert found.certified, found.checks
    assert "cautious" in found.claims
    assert api.load(folder).reasons.caution == plan.reasons.caution
    scenario = folder / "inputs" / "scenario.toml"
    said = scenario.read_text(encoding="utf-8")
    assert "draws = 50" in said
    for old, new in (
        ("cvar_weight = 0.5", "cvar_weight = 0.4"),
        ("seed = 1", "seed = 2"),
        ("common = 0.0", "common = 0.5"),
    ):
        scenario.write_text(said.replace(old, new), encoding="utf-8")
        reseal(folder)
        forged = verify(folder)
        assert not forged.certified, old


def test_caution_costs_and_brings(run):
    plan, _ = run
    price = plan.reasons.caution
    assert price.neutral >= plan.recomputed.goal
    assert price.tail >= price.neutral_tail
    assert price.tail == plan.recomputed.tail


@pytest.mark.parametrize("measure", ["least_cost", "fairest"])
def test_a_goal_without_draws_is_refused(tmp_path, measure):
    with pytest.raises(InvalidInput) as refused:
        options(tmp_path, goal=f'[goal]\nmeasure = "{measure}"\n')
    assert [fault.code for fault in refused.value.faults] == ["no-draws"]
