"""What evidence is worth to a plan small enough to be worked out on paper, and what holds for any."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from allocator.analyses.evidence.evidence import value_of_evidence
from allocator.analyses.evidence.face import evidence_lines, optimism
from allocator.analyses.evidence.revalued import Revalued
from allocator.errors import UsageError
from allocator.runs.plan import judge
from allocator.solving.settlement import plan_data, solve_data
from tests.analyses.evidence.conftest import study
from tests.helpers.builders import tiny_data, tiny_scenario, tiny_tables

ERROR = 0.02
CURSE = 0.8462844  # the mean of the largest of three standard normal errors
NO_TAIL = "[goal]\ntail_years = 0\n"


def three_alike(folder, common, error=ERROR):
    """Three interventions that differ in nothing but their name, so dear that money is short: data and settings."""
    tables = tiny_tables()
    coaching, effect = {**tables["interventions"][0], "unit_cost": 30_000}, {**tables["effects"][0]}
    tables["interventions"] = [{**coaching, "intervention": name, "name": name.title()} for name in "abc"]
    tables["effects"] = [{**effect, "intervention": name, "standard_error": error} for name in "abc"]
    settings = f"{NO_TAIL}[risk]\ncommon = {common}\n"
    return tiny_data(folder, tables), tiny_scenario(folder, settings).settings


def test_three_options_alike(tmp_path):
    # All money goes to the one with the largest effect: a plan counts 0.1 C whichever is taken, C fixed by the money.
    found = value_of_evidence(*three_alike(tmp_path, 0), draws=200)
    count = found.value / 0.1
    assert count > 1
    assert abs(found.optimism.value - CURSE * ERROR * count) < 3 * found.optimism.standard_error
    assert abs(found.perfect.value - CURSE * ERROR * count) < 3 * found.perfect.standard_error
    assert found.perfect.standard_error < 0.1 * found.perfect.value
    # of one alone: E[max(0, z)] = 1/√(2π)
    assert len(found.interventions) == 3
    for one in found.interventions:
        assert one.value == pytest.approx(ERROR * count / math.sqrt(2 * math.pi), rel=1e-6)
        assert [study.sample for study in one.studies] == [500, 2_000, 10_000]
        rising = [0.0, *(study.value for study in one.studies), one.value, found.perfect.value]
        assert all(less < more for less, more in pairwise(rising))
        assert one.client_group == "neet"
        assert one.share == pytest.approx(0.8)  # 40 of 50, of whom coaching leaves 35
        scale = math.sqrt(1 / (1 + (0.8 * 0.2 + 0.7 * 0.3) / 1_000 / ERROR**2))
        assert one.studies[1].value == pytest.approx(scale * one.value, rel=1e-6)


DRAWN = 100  # by the test itself


def two_that_compete(folder, common):
    """Two interventions of different effects, money for a part of either: nothing but places hangs on effects."""
    tables = tiny_tables()
    for line, cost in zip(tables["interventions"], (9_000, 1_000), strict=True):
        line["unit_cost"] = cost
    for line, error in zip(tables["effects"], (0.05, 0.008), strict=True):
        line["standard_error"] = error
    settings = f'{NO_TAIL}[rules]\noff = ["ceiling"]\n[risk]\ncommon = {common}\n'
    return tiny_data(folder, tables), tiny_scenario(folder, settings).settings


def ahead(data, settings, central, moved):
    """How much the best plan, solved anew, is ahead of that for the central effects with effects moved by so much."""
    i, g = np.array(data.offers).T
    effect = data.effect.copy()
    effect[i, g] += moved
    other = replace(data, effect=effect)
    best, standing = (judge(other, settings, f).goal for f in (plan_data(other, settings, None)[0], central))
    return best - standing


@pytest.mark.slow
@pytest.mark.parametrize("common", [0.0, 0.3])
def test_draws_of_the_test_s_own_agree(tmp_path, common):
    data, settings = two_that_compete(tmp_path, common)
    found = value_of_evidence(data, settings, draws=50)
    random = np.random.default_rng(11)
    shared, own = random.normal(size=(DRAWN, 1)), random.normal(size=(DRAWN, 2))
    errors = math.sqrt(common) * shared + math.sqrt(1 - common) * own
    central = plan_data(data, settings, None)[0]
    apart = [ahead(data, settings, central, e * [0.05, 0.008]) for e in errors]
    error = np.std(apart, ddof=1) / math.sqrt(DRAWN)
    assert np.mean(apart) > 10 * found.perfect.standard_error  # else the test would say nothing
    assert abs(np.mean(apart) - found.perfect.value) < 3 * math.hypot(error, found.perfect.standard_error)
    # knowing the first alone: the second is then expected to be off by what they have in common
    coaching = next(one for one in found.interventions if one.intervention == "coaching")
    known = [ahead(data, settings, central, e * [0.05, common * 0.008]) for e in errors[:, :1]]
    assert abs(np.mean(known) - coaching.value) < 3 * np.std(known, ddof=1) / math.sqrt(DRAWN) + coaching.within


@pytest.mark.parametrize("draws", [2, 20])
@pytest.mark.parametrize("common", [0.0, 0.3])
def test_to_know_all_is_worth_no_less_than_to_know_one(tmp_path, common, draws):
    found = value_of_evidence(*two_that_compete(tmp_path, common), draws=draws)
    assert 0 < max(one.value for one in found.interventions) <= found.perfect.value


def test_where_one_effect_is_uncertain_to_know_it_is_to_know_all(tmp_path):
    data, settings = two_that_compete(tmp_path, 0.0)
    error = data.standard_error.copy()
    error[data.interventions.index("group_work")] = 0.0
    found = value_of_evidence(replace(data, standard_error=error), settings, draws=5)
    (one,) = found.interventions
    assert found.perfect.value == pytest.approx(one.value, abs=one.within + 3 * found.perfect.standard_error)


def test_a_headline_of_which_something_is_given_up_says_so(tmp_path):
    data, settings = three_alike(tmp_path, 0)
    assert "given up" not in optimism(value_of_evidence(data, settings, draws=2))
    goal = settings.goal.model_copy(update={"give_up": 0.01})
    found = value_of_evidence(data, settings.model_copy(update={"goal": goal}), draws=2)
    assert "before any of it is given up (goal.give_up, 1 %)" in optimism(found)


def test_errors_wholly_in_common_are_worth_nothing_to_know(tmp_path):
    found = value_of_evidence(*three_alike(tmp_path, 1), draws=4)
    assert found.perfect.value == pytest.approx(0.0, abs=1e-6)
    assert all(one.value == pytest.approx(0.0, abs=1e-6) for one in found.interventions)


def test_nothing_uncertain_is_worth_nothing(tmp_path):
    found = value_of_evidence(*three_alike(tmp_path, 0, error=0), draws=4)
    assert (found.perfect.value, found.optimism.value, found.interventions, found.draws) == (0.0, 0.0, (), 0)
    said = " ".join(line.plain for line in evidence_lines(found, 100))
    assert "No effect has a standard error" in said
    assert "HEADLINE" not in said


def test_the_same_seed_draws_the_same_and_over_two_processes(tmp_path):
    data, settings = three_alike(tmp_path, 0)
    once, twice = (value_of_evidence(data, settings, draws=12, jobs=jobs) for jobs in (1, 2))
    assert once.to_dict() == twice.to_dict()
    other = settings.model_copy(update={"risk": settings.risk.model_copy(update={"seed": 2})})
    assert value_of_evidence(data, other, draws=12).perfect != once.perfect


def test_the_plan_under_other_effects_is_the_plan_of_a_data_set_with_those(tmp_path):
    data, settings = three_alike(tmp_path, 0)
    asked = Revalued(data, settings)
    moved = asked.effects + np.array([0.03, -0.01, 0.05])
    effect = data.effect.copy()
    effect[asked.pairs[:, 0], asked.pairs[:, 1]] = moved
    other = replace(data, effect=effect)
    solved = judge(other, settings, solve_data(other, settings, None)[0].figures, None).goal
    for near in (True, False):
        found = asked.best(moved, near=near)
        assert found.value == pytest.approx(solved, rel=1e-6)
        # its goal at the central effects, by its counts alone
        assert found.value + (asked.effects - moved) @ found.counts == pytest.approx(asked.base.value, rel=1e-6)


def test_a_goal_that_is_no_sum_of_effects_is_refused(tmp_path):
    data = tiny_data(tmp_path)
    with pytest.raises(UsageError, match="cumulative"):
        value_of_evidence(data, tiny_scenario(tmp_path, '[goal]\nmeasure = "fairest"\n').settings)
    with pytest.raises(UsageError, match="settlement"):
        value_of_evidence(data, tiny_scenario(tmp_path, '[certainty]\nkind = "year_on_year"\n').settings)


@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_line_is_wider_than_the_terminal(tmp_path, tiny_evidence, width):
    found, _ = tiny_evidence(
        effects={"standard_error": 0.02}, studies=[study("a"), study("b")], interventions={"unit_cost": 3_000}
    )
    lines = evidence_lines(found, width)
    assert max(line.cell_len for line in lines) <= width
    said = " ".join(" ".join(line.plain for line in lines).split())
    for heading in ("KNOW ALL", "WHICH EVALUATION FIRST", "HEADLINE", "WHAT STUDIES SAY", "EVIDENCE"):
        assert heading in said
    assert "itself assumed" not in said
    assumed = replace(found, inputs=replace(found.inputs, assumed=("effects.standard_error",)))
    assert "itself assumed" in " ".join(" ".join(line.plain for line in evidence_lines(assumed, width)).split())
