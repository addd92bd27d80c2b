"""Draws of what is uncertain: spreads that follow on paper, outcomes worked out a second way, and how it is told."""

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest

from allocator import api
from allocator.analyses.risk.face import about_cases, about_chances, beyond_bars, chance_in_words, risk_lines
from allocator.analyses.risk.outcomes import Uncertain
from allocator.analyses.risk.risk import IN_COMMON, risk_of
from allocator.runs.plan import judge
from allocator.solving.settlement import plan_data
from allocator.what_if.side import side_of_scenario
from tests.helpers.builders import tiny_data, tiny_scenario, tiny_tables, write_tables

DRAWS = 20_000
TARGET = [{"scope": "national", "name": None, "year": "2005-06", "max_neet": None, "reduction_share": 0.08}]


def opened(folder, settings="", **changes):
    """Gives data and settings; both standard errors of effects are a fifth of them."""
    data = tiny_data(folder, tiny_tables(targets=TARGET, **changes))
    return data, tiny_scenario(folder, settings)


def everything_uncertain(folder, settings=""):
    tables = tiny_tables()
    return opened(
        folder,
        settings,
        interventions=[
            {**line, "persistence_se": 0.1, "unit_cost_se": line["unit_cost"] / 5} for line in tables["interventions"]
        ],
        partnerships=[{**line, "effect_multiplier_se": 0.2} for line in tables["partnerships"]],
        young_people=[{**line, "neet_se": line["neet"] / 10} for line in tables["young_people"]],
    )


def judged(data, settings):
    figures = plan_data(data, settings, None)[0]
    return figures, judge(data, settings, figures)


@pytest.fixture
def drawn(tmp_path):
    data, scenario = opened(tmp_path)
    return data, scenario.settings, risk_of(side_of_scenario(scenario, data, None), draws=DRAWS)


def parts(data, settings):
    """What each intervention brings to the goal, and in all to the target, with the other's effect at nothing."""
    figures, worked = judged(data, settings)
    alone = []
    for i in range(len(data.interventions)):
        effect = data.effect.copy()
        effect[[n for n in range(len(data.interventions)) if n != i]] *= 0.0
        alone.append(judge(replace(data, effect=effect), settings, figures).goal)
    return alone, worked.reduction[:, 1].sum()


def test_the_spread_is_what_errors_of_a_fifth_come_to(drawn):
    data, settings, found = drawn
    alone, _ = parts(data, settings)
    assert sum(alone) == pytest.approx(found.value)
    apart, as_set, together = found.cases
    # apart, variances add up; wholly in common, standard deviations do
    for case, exact in (
        (apart, math.hypot(*alone) / 5),
        (as_set, math.sqrt(0.7 * math.hypot(*alone) ** 2 + 0.3 * sum(alone) ** 2) / 5),
        (together, sum(alone) / 5),
    ):
        assert case.deviation == pytest.approx(exact, rel=4 / math.sqrt(2 * DRAWS))
        assert abs(case.mean - found.value) < 4 * case.standard_error
        assert case.standard_error == pytest.approx(exact / math.sqrt(DRAWS), rel=0.05)
        assert case.high - case.low == pytest.approx(2 * 1.6448536 * exact, rel=0.05)
    assert [case.common for case in found.cases] == [0.0, 0.3, 1.0]


def test_the_chance_of_a_target_is_that_of_the_normal_curve(drawn):
    data, settings, found = drawn
    _, reached = parts(data, settings)
    required = 0.08 * 180
    exact = 1 - NormalDist(reached, reached / 5).cdf(required)
    (chance,) = found.cases[2].chances
    assert (chance.scope, chance.year) == ("national", "2005-06")
    assert abs(chance.chance - exact) < 3 * math.sqrt(exact * (1 - exact) / DRAWS)
    assert 0.01 < chance.chance < 0.99


def test_drivers_are_exact_and_add_up(drawn):
    data, settings, found = drawn
    alone, _ = parts(data, settings)
    variance = 0.7 * math.hypot(*alone) ** 2 + 0.3 * sum(alone) ** 2
    shares = {one.name: one.share for one in found.drivers}
    assert shares[IN_COMMON] == pytest.approx(0.3 * sum(alone) ** 2 / variance)
    assert shares["Coaching"] == pytest.approx(0.7 * alone[0] ** 2 / variance)
    assert sum(shares.values()) == pytest.approx(1)


def test_the_worst_draws_are_the_worst_and_say_why(drawn):
    data, settings, found = drawn
    plan = Uncertain(data, settings, plan_data(data, settings, None)[0])
    goal = plan.outcomes(plan.drawn(DRAWS, 0.3)).goal
    assert [draw.goal for draw in found.worst] == pytest.approx(sorted(goal)[:10])
    assert all(goal[draw.draw - 1] == pytest.approx(draw.goal) for draw in found.worst)
    for draw in found.worst:
        # effects act on the goal one beside the other, so that the causes add up to the whole
        assert sum(one.goal for one in draw.causes) == pytest.approx(draw.goal - found.value)
        assert draw.causes[0].errors < 0
    assert sum(one.share for one in found.histogram) == pytest.approx(1)


def test_the_same_seed_draws_the_same(drawn, tmp_path):
    data, settings, found = drawn
    side = side_of_scenario(tiny_scenario(tmp_path), data, None)
    assert risk_of(side, draws=DRAWS) == found
    other = side_of_scenario(tiny_scenario(tmp_path, "[risk]\nseed = 2\n"), data, None)
    assert risk_of(other, draws=DRAWS).cases != found.cases
    assert settings.risk.seed == 1


@pytest.mark.parametrize("measure", ["cumulative", "final_year", "benefit", "least_cost", "fairest"])
def test_every_outcome_is_that_of_tables_that_say_so(tmp_path, measure):
    goal = f'[goal]\nmeasure = "{measure}"\ntail_years = 2\nbenefit_per_neet = 5000\ndiscount_rate = 0.035\n'
    data, scenario = everything_uncertain(tmp_path, goal)
    s = scenario.settings
    figures, worked = judged(data, s)
    plan = Uncertain(data, s, figures)
    assert list(plan.counts) == ["effects", "persistence", "effect_multiplier", "unit_cost", "neet"]
    errors = np.random.default_rng(7).normal(size=(6, sum(plan.counts.values())))  # the test's own draws
    found = plan.outcomes(errors)
    for n, (e1, e2, q1, q2, m1, m2, c1, c2, n1, n2) in enumerate(errors.tolist()):
        other = replace(
            data,
            effect=data.effect + data.standard_error * np.array([[e1], [e2]]),
            persistence=np.clip(data.persistence + 0.1 * np.array([q1, q2]), 0, 1),
            effect_multiplier=data.effect_multiplier + 0.2 * np.array([m1, m2]),
            unit_cost=data.unit_cost * (1 + np.array([c1, c2]) / 5),
            neet=np.clip(data.neet * (1 + np.array([n1, n2])[:, None, None] / 10), 0, data.young_people),
        )
        again = judge(other, s, figures)
        assert found.goal[n] == pytest.approx(again.goal, rel=1e-9)
        assert found.spend[n] == pytest.approx(again.spend.sum())
        assert found.last[n] == pytest.approx(again.reduction[:, 1].sum())
        (target,) = [family for family in again.rules if family.rule == "target"]
        assert found.targets[n, 0] == pytest.approx(target.slack[0])
    assert plan.outcomes(np.zeros_like(errors[:1])).goal[0] == pytest.approx(worked.goal)


def test_one_product_and_the_long_way_agree(tmp_path):
    data, scenario = opened(tmp_path, "[goal]\ntail_years = 3\n")
    plan = Uncertain(data, scenario.settings, judged(data, scenario.settings)[0])
    errors = plan.drawn(50, 0.3) * 4  # some are cut off at ±1
    assert plan.linear
    quick, slow = plan.outcomes(errors), plan._worked(errors)
    for name in ("goal", "targets", "spend", "last"):
        np.testing.assert_allclose(getattr(quick, name), getattr(slow, name), rtol=1e-12)


def test_uncertain_costs_are_told_beside_the_goal(tmp_path):
    data, scenario = everything_uncertain(tmp_path)
    found = risk_of(side_of_scenario(scenario, data, None), draws=2_000)
    assert found.overspend is not None
    # places as they are: a fifth of what each costs, two interventions, 0.3 in common
    figures, _ = judged(data, scenario.settings)
    by = figures.places.sum(axis=(0, 1, 3, 4)) * data.unit_cost / 5
    exact = math.sqrt(0.7 * (by**2).sum() + 0.3 * by.sum() ** 2)
    assert found.overspend.high == pytest.approx(1.6448536 * exact, rel=0.1)
    said = "\n".join(line.plain for line in risk_lines(found, 100))
    assert "COSTS" in said
    assert "all partnerships, effect multipliers" in said.casefold()


def test_nothing_uncertain_is_said(tmp_path):
    data, scenario = opened(tmp_path, effects=[{**line, "standard_error": 0} for line in tiny_tables()["effects"]])
    found = risk_of(side_of_scenario(scenario, data, None))
    assert (found.draws, found.cases, found.kinds) == (0, (), ())
    assert "Nothing has a standard error" in " ".join(line.plain for line in risk_lines(found, 100))


def told(data, scenario, width=80, draws=500):
    """Gives what is found, and what is printed of it, in one line."""
    found = risk_of(side_of_scenario(scenario, data, None), draws=draws)
    lines = risk_lines(found, width)
    assert max(line.cell_len for line in lines) <= width
    return found, " ".join(" ".join(line.plain for line in lines).split())


def test_what_no_draw_changes_is_said_and_not_drawn(tmp_path):
    # effects change nothing of what a plan costs, but they do of whether its target is met
    found, said = told(*opened(tmp_path, '[goal]\nmeasure = "least_cost"\n'))
    assert (found.histogram, found.drivers, found.worst) == ((), (), ())
    assert "in every one of 500 draws of effects (seed 1): they change nothing of what the plan costs" in said
    assert "CHANCE OF A TARGET" in said
    assert "WHAT IT COSTS" not in said
    assert 0 < found.as_set.chances[0].chance < 1


def test_costs_are_told_as_costs(tmp_path):
    _, said = told(*everything_uncertain(tmp_path, '[goal]\nmeasure = "least_cost"\n'))
    assert "the plan as it stands costs" in said
    assert "WHAT IT COSTS" in said
    assert "reache" not in said.replace("from what the plan reaches", "")


def test_small_spreads_are_told_with_the_decimals_they_take(tmp_path):
    found, said = told(*opened(tmp_path, effects={"standard_error": 0.0001}))
    at = found.as_set
    assert 0.01 < at.deviation < 0.1  # a tenth of it takes three decimals
    assert f"reaches {at.low:.3f} to {at.high:.3f}" in said
    assert f"{found.value:.3f} ypy at the central values" in said


def test_several_targets_have_a_table_of_their_own(tmp_path):
    some = [{**TARGET[0], "year": year, "reduction_share": share} for year, share in (("2004-05", 0.9), *AIMS)]
    regional = [
        {**TARGET[0], "scope": "region", "name": name, "reduction_share": 0.07} for name in ("Upland", "Lowland")
    ]
    write_tables(tmp_path / "tables", tiny_tables(targets=[*some, *regional]))
    scenario = tiny_scenario(tmp_path)
    found, said = told(api.open_scenario(scenario)[1], scenario)
    assert len(found.as_set.chances) == 4
    for one in found.as_set.chances:
        assert one.called in said
    assert "CHANCE OF A TARGET" in said


AIMS = (("2005-06", 0.08),)


def risk_with_chances(found, *chances):
    """A result whose one target has these chances in the three cases."""
    cases = [
        replace(case, chances=(replace(case.chances[0], chance=chance),))
        for case, chance in zip(found.cases, chances, strict=True)
    ]
    return replace(found, cases=tuple(cases))


def test_why_chances_differ_or_do_not(drawn):
    found = drawn[2]
    assert "both worked out exactly" in about_chances(risk_with_chances(found, 0.69, 0.62, 0.57))
    assert "69 %" in about_chances(risk_with_chances(found, 0.69, 0.62, 0.57))
    assert "close to what is asked" in about_chances(risk_with_chances(found, 0.51, 0.5, 0.5))
    far = about_chances(risk_with_chances(found, 1.0, 1.0, 0.995))
    assert "so far from what the plan reaches" in far
    assert "close to" not in far


def test_what_is_not_certain_is_not_told_as_certain():
    told = [chance_in_words(chance) for chance in (0.0, 0.0001, 0.2, 0.9999, 1.0)]
    assert told == ["0 %", "under 1 %", "20 %", "over 99 %", "100 %"]


def test_beside_shares_as_before_the_same_draws_are_held(tmp_path):
    write_tables(tmp_path / "tables", tiny_tables(targets=TARGET))
    free = api.risk(tiny_scenario(tmp_path), draws=500)
    assert 0 <= free.ahead.chance <= 1
    assert free.ahead.low <= free.ahead.mean <= free.ahead.high
    assert api.risk(tiny_scenario(tmp_path), ["grants.distribution=historical"], draws=500).ahead is None


@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_line_is_wider_than_the_terminal(drawn, width):
    lines = risk_lines(drawn[2], width)
    assert max(line.cell_len for line in lines) <= width
    said = " ".join(" ".join(line.plain for line in lines).split())
    assert "nobody has measured" in said or "it matters little" in said


def test_it_is_said_what_lies_beyond_the_bars_and_what_a_draw_below_nought_says(drawn):
    found = drawn[2]
    first = found.histogram[0]
    beyond = replace(found.worst[0], goal=first.low - 1)
    assert "first and the last" in beyond_bars(replace(found, worst=(beyond,)))
    within = replace(found.worst[0], goal=first.low)
    assert beyond_bars(replace(found, worst=(within,))) == ""
    below = replace(found.worst[0], goal=-1.0)
    assert "more young people NEET" in beyond_bars(replace(found, worst=(below,)))
    assert "more young people NEET" not in beyond_bars(replace(found, worst=(below,), measure="benefit"))


def test_a_spread_that_is_assumed_is_said_to_be(drawn):
    found = drawn[2]
    assert "itself assumed" not in words(found)
    inputs = replace(found.inputs, assumed=("effects.standard_error",))
    assert "(their standard errors) is itself assumed" in words(replace(found, inputs=inputs))
    assert "itself assumed" not in words(replace(found, inputs=inputs, kinds=("unit_cost",)))


def test_means_are_told_as_chance_only_where_they_are_near(drawn):
    found = drawn[2]
    near = " differ from the central value by no more than the chance of the draws."
    assert near in about_cases(found)
    far = replace(found.cases[0], mean=found.value + 5 * found.cases[0].deviation / math.sqrt(DRAWS))
    assert near not in about_cases(replace(found, cases=(far, *found.cases[1:])))


def words(found):
    return " ".join(" ".join(line.plain for line in risk_lines(found, 100)).split())
