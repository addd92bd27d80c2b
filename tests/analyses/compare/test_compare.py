"""Sides beside each other: scenarios solved, runs as they are."""

from dataclasses import replace

import numpy as np
import pytest

from allocator import api
from allocator.analyses.compare.comparison import compare_sides
from allocator.errors import UsageError
from allocator.runs.plan import judge
from allocator.scenario.amounts import drawn_effects
from allocator.what_if.side import Side, is_run, side_of
from tests.helpers.builders import tiny_data, tiny_scenario, tiny_tables, write_tables


def side(folder, label, settings="", *overrides, **changes):
    folder.mkdir(parents=True, exist_ok=True)
    data = tiny_data(folder, tiny_tables(**changes))
    return Side(label, tiny_scenario(folder, settings, *overrides, title=label).settings, data)


HISTORICAL = '[grants]\ndistribution = "historical"\n'


def test_each_side_is_measured_and_each_but_the_first_set_against_it(tmp_path):
    costs = tiny_tables()["interventions"]
    costs[0]["unit_cost"] = 3_000  # money is short
    first = side(tmp_path / "a", "a", HISTORICAL, interventions=costs)
    second = side(tmp_path / "b", "b", HISTORICAL, "budget.scale=1.1", interventions=costs)
    third = side(tmp_path / "c", "c", HISTORICAL, "budget.scale=0.5", interventions=costs)
    found = compare_sides([first, second, third])
    assert [one.label for one in found.sides] == ["a", "b", "c"]
    assert found.sides[1].goal > found.sides[0].goal > found.sides[2].goal
    b, c = found.against
    assert [(mover.partnership, mover.change) for mover in b.changes] == [
        ("north", pytest.approx(24_000)),  # a tenth of twice £120,000
        ("south", pytest.approx(16_000)),
    ]
    assert b.classes == (0, 0, 0, 0, 2)
    assert c.classes == (2, 0, 0, 0, 0)
    assert b.moved == 0  # nobody loses
    assert (b.more, c.more) == (pytest.approx(40_000), pytest.approx(-200_000))


CAUTIOUS = '[risk]\nattitude = "cvar"\ncvar_level = 0.8\ndraws = 50\n'


def uncertain():
    """Effects that are known to a third of themselves, and money that is short."""
    tables = tiny_tables()
    tables["interventions"][0]["unit_cost"] = 3_000
    return {
        "interventions": tables["interventions"],
        "effects": [{**row, "standard_error": row["effect"] / 3} for row in tables["effects"]],
    }


def mean_of_worst(one, drawn, worst):
    """The plan recomputed with each draw of the effects as if it were what the table says, and the worst of these."""
    neutral = one.settings.model_copy(update={"risk": type(one.settings.risk)()})
    figures, yields = one.solved().figures, []
    for effects in drawn:
        effect = one.data.effect.copy()
        effect[tuple(np.array(one.data.offers).T)] = effects
        yields.append(judge(replace(one.data, effect=effect), neutral, figures, one.given).goal)
    return np.sort(yields)[:worst].mean()


def test_what_sides_reach_in_the_worst_draws_is_worked_out_from_the_draws(tmp_path):
    neutral = side(tmp_path / "a", "a", HISTORICAL, **uncertain())
    cautious = side(tmp_path / "b", "b", HISTORICAL + CAUTIOUS, **uncertain())
    other = side(tmp_path / "c", "c", HISTORICAL + CAUTIOUS, "risk.draws=20", "budget.scale=0.9", **uncertain())
    found = compare_sides([neutral, cautious, other])
    fifty, twenty = (drawn_effects(one.data, one.settings) for one in (cautious, other))
    assert (len(fifty), len(twenty)) == (50, 20)
    # the neutral plan in the draws of the first that looks at draws
    expected = [mean_of_worst(neutral, fifty, 10), mean_of_worst(cautious, fifty, 10), mean_of_worst(other, twenty, 4)]
    assert [one.worst for one in found.sides] == pytest.approx(expected)
    assert all(one.worst < 0.9 * one.goal for one in found.sides)
    assert [(one.draws.count, one.draws.level) for one in found.sides] == [(50, 0.8), (50, 0.8), (20, 0.8)]


def test_no_side_has_worst_draws_where_none_is_cautious_or_the_goal_is_not_one_of_effects(tmp_path):
    plain = side(tmp_path / "a", "a", HISTORICAL, **uncertain())
    assert [one.worst for one in compare_sides([plain, plain]).sides] == [None, None]
    fairest = side(tmp_path / "b", "b", HISTORICAL + '[goal]\nmeasure = "fairest"\n', **uncertain())
    cautious = side(tmp_path / "c", "c", HISTORICAL + CAUTIOUS, **uncertain())
    first, second = compare_sides([fairest, cautious]).sides
    assert (first.worst, first.draws) == (None, None)
    assert second.worst is not None


def test_a_side_without_a_plan_is_named_and_not_set_against_others(tmp_path):
    a = side(tmp_path / "a", "a", HISTORICAL)
    b = side(tmp_path / "b", "b", HISTORICAL, "budget.scale=0.01")
    found = compare_sides([a, b])
    assert (found.sides[1].status, found.sides[1].goal) == ("infeasible", None)
    assert found.sides[1].reason
    assert found.against == ()


def test_a_partnership_that_one_side_alone_has_is_named(tmp_path):
    more = tiny_tables()
    for table in ("partnerships", "young_people", "workforce"):
        extra = [{**row, "partnership": "west"} for row in more[table] if row["partnership"] == "south"]
        more[table] = [*more[table], *extra]
    more["partnerships"][-1]["name"] = "West"
    found = compare_sides([side(tmp_path / "a", "a"), side(tmp_path / "b", "b", **more)])
    (against,) = found.against
    assert (against.only_first, against.only_other) == ((), ("West",))
    assert {change.name for change in against.changes} == {"North", "South", "West"}


def test_one_side_is_no_comparison(tmp_path):
    with pytest.raises(UsageError):
        compare_sides([side(tmp_path / "a", "a")])


def test_a_run_is_taken_as_it_is_and_equals_its_scenario(tmp_path):
    write_tables(tmp_path / "tables", tiny_tables())
    tiny_scenario(tmp_path)
    file = tmp_path / "scenario.toml"
    plan, run = api.solve_and_write(file, folder=tmp_path / "run")
    assert is_run(run)
    assert not is_run(tmp_path)
    found = api.compare(run, file)
    assert found.sides[0].goal == pytest.approx(plan.recomputed.goal, rel=1e-12)
    assert found.sides[1].goal == pytest.approx(plan.recomputed.goal, rel=1e-9)
    assert max(abs(mover.change) for mover in found.against[0].changes) < 1
    assert side_of(run).figures.grant == pytest.approx(plan.figures.grant)
    moved = [api.compare(one, run).against[0].moved for one in (plan, run)]
    assert moved == [pytest.approx(0, abs=0.01)] * 2


def test_scenarios_of_one_name_are_told_apart(tmp_path):
    for name in ("a", "b"):
        write_tables(tmp_path / name / "tables", tiny_tables())
        tiny_scenario(tmp_path / name)
    files = [tmp_path / name / "scenario.toml" for name in "aab"]
    one, other = api.compare(files[0], files[2]).sides
    assert (one.label, other.label) == (f"{tmp_path}/a/scenario", f"{tmp_path}/b/scenario")
    labels = [side.label for side in api.compare(*files).sides]
    assert labels == [f"{tmp_path}/a/scenario (1)", f"{tmp_path}/a/scenario (2)", f"{tmp_path}/b/scenario"]
