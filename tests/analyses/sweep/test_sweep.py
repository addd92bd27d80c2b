"""Sweeps: grids as typed, warm rows that equal cold ones, what is kept on the disk, and what is refused."""

import csv
import json
from pathlib import Path

import pytest

from allocator import api
from allocator.analyses.sweep.grid import Axis, parse_axis, sweep_scenario
from allocator.analyses.sweep.journal import journal_of
from allocator.errors import InvalidInput, UsageError
from allocator.register import RULES
from allocator.register.rules import changed_in_place
from allocator.scenario.load import read_scenario
from allocator.what_if.cases import Solved, solve_case
from tests.helpers.builders import tiny_scenario, tiny_tables, write_tables
from tests.helpers.written_lp import limit
from tests.solving.test_drawn import DRAWN, EXPECTED


def test_a_grid_is_read_as_it_would_be_typed():
    assert parse_axis("budget.scale=0.8:1.2:5") == Axis("budget.scale", ("budget", "scale"), (0.8, 0.9, 1.0, 1.1, 1.2))
    assert parse_axis("budget.scale=0.8:0.84:3").values == (0.8, 0.82, 0.84)
    assert parse_axis("goal.tail_years=0:6:4").values == (0, 2, 4, 6)
    assert all(isinstance(value, int) for value in parse_axis("goal.tail_years=0:6:4").values)
    assert parse_axis("grants.floor=0.8,0.9,1.0").values == (0.8, 0.9, 1.0)
    assert parse_axis("budget.by_year.2005-06=1e8,2e8").path == ("budget", "by_year", "2005-06")


@pytest.mark.parametrize(
    "text",
    ["", "budget.scale", "budget.scale=", "=1:2:3", "a=1:2", "a=1:2:1", "a=1:2:x", "a=x:2:3", "a=1,x", "a=nan,1",
     "a=inf,1", "a=1:2:3:4", "a=1,,2", "a=1,1", "a=true,1", "a=1:2:1000000000"],
)  # fmt: skip
def test_what_is_no_grid_is_refused(text):
    with pytest.raises(UsageError) as refused:
        parse_axis(text)
    assert refused.value.place == "vary"


def opened(folder, settings="", **changes):
    write_tables(folder / "tables", tiny_tables(**changes))
    return api.open_scenario(tiny_scenario(folder, settings))


def swept(scenario, data, *vary, **named):
    return sweep_scenario(scenario, data, [parse_axis(text) for text in vary], **named)


def test_rows_stand_in_the_order_of_the_grid_the_first_setting_slowest(tmp_path):
    found = swept(*opened(tmp_path), "goal.discount_rate=0,0.1", "budget.scale=0.9,1.0,1.1")
    assert [row.values for row in found.rows] == [(0, 0.9), (0, 1.0), (0, 1.1), (0.1, 0.9), (0.1, 1.0), (0.1, 1.1)]
    assert list(found.main_table())[:4] == ["goal.discount_rate", "budget.scale", "status", "goal"]
    assert {row.status for row in found.rows} == {"optimal"}


def test_a_case_without_a_plan_is_a_row_with_its_reason_and_the_next_case_is_right(tmp_path):
    scenario, data = opened(tmp_path, "[grants]\nfloor = 1.0")
    found = swept(scenario, data, "budget.scale=1.1,0.9,1.0")
    assert [row.status for row in found.rows] == ["optimal", "infeasible", "optimal"]
    none = found.rows[1]
    assert (none.goal, none.reductions, none.spent, none.shortfall) == (None, (), (), None)
    # in both years alike; one of them is named
    assert none.reason.startswith("no plan keeps all the rules; floor and national cannot hold together in 200")
    assert found.rows[2].goal == pytest.approx(solve_case(data, scenario.settings).goal, rel=1e-7)


def test_a_reserve_above_the_money_is_a_case_without_a_plan(tmp_path):
    found = swept(*opened(tmp_path), "budget.reserve=0,100000,300000")
    assert [row.status for row in found.rows] == ["optimal", "optimal", "infeasible"]
    assert "reserve" in found.rows[2].reason


def cold(scenario, data, path, value):
    """The same case, solved by itself with the setting in the scenario."""
    said = ".".join(f'"{part}"' for part in path)
    changed = read_scenario(scenario.source, (*scenario.overrides, f"{said}={value!r}"))
    return solve_case(data, changed.settings)


# Values on both sides of what the scenarios have; some leave no plan.
VALUES = {
    ("budget", "scale"): (1.0, 0.7, 1.05, 1.5, 0.97),
    ("budget", "reserve"): (0, 1000, 20000),
    ("workforce", "headcount_scale"): (1.0, 0.3, 1.2, 0.9),
    ("grants", "floor"): (0.5, 0.95, 0.0, 0.8),
    ("grants", "cap"): (1.5, 1.02, 3.0, 1.1),
    ("local", "max_reduction"): (0.9, 0.05, 0.3, 1.0),
}
SETTLED = [row["case"] for row in EXPECTED if row["certainty"] == "settlement" and row["status"] == "optimal"]


@pytest.mark.parametrize("path", VALUES, ids=".".join)
@pytest.mark.parametrize("case", SETTLED[::3])
def test_a_warm_row_is_the_row_of_a_cold_solve(case, path):
    scenario, data = api.open_scenario(DRAWN / case / "scenario.toml")
    axis = Axis(".".join(path), path, VALUES[path])
    for row in sweep_scenario(scenario, data, [axis]).rows:
        alone = cold(scenario, data, path, row.values[0])
        if not isinstance(alone, Solved):
            assert row.status == alone.status
            continue
        assert row.status == "optimal"
        assert row.shortfall == pytest.approx(alone.shortfall, rel=1e-6, abs=1e-6)
        assert row.goal == pytest.approx(alone.goal, rel=3e-7, abs=3e-7)
        years = alone.worked.spend.shape[1]
        reductions = alone.worked.reduction[:, :years].sum(axis=0)
        assert row.reductions == pytest.approx(tuple(reductions), rel=1e-4, abs=1e-4)


def test_every_setting_on_a_right_hand_side_is_tested_warm():
    in_place = {
        tuple(lever.setting.split("."))
        for rule in RULES.values()
        for lever in rule.levers
        if changed_in_place(lever.setting)
    }
    assert set(VALUES) == in_place - {("budget", "by_year")}


@pytest.mark.slow
@pytest.mark.parametrize("text", ["budget.scale=0.97:1.05:5", "budget.by_year.2005-06=450000000,470000000"])
def test_warm_rows_of_the_reference_data_are_those_of_cold_solves(text):
    scenario, data = api.open_scenario("settlement")
    axis = parse_axis(text)
    for row in sweep_scenario(scenario, data, [axis]).rows:
        alone = cold(scenario, data, axis.path, row.values[0])
        assert row.goal == pytest.approx(alone.goal, rel=1e-7)
        assert row.reductions == pytest.approx(tuple(alone.worked.reduction[:, :3].sum(axis=0)), abs=1e-3)
        assert row.spent == pytest.approx(tuple(alone.worked.spend.sum(axis=0)), abs=1.0)


def test_two_processes_give_the_rows_of_one(tmp_path):
    scenario, data = opened(tmp_path)
    vary = ("workforce.max_recruitment=0.1,0.2", "budget.scale=0.5:1.0:3")
    one, two = swept(scenario, data, *vary), swept(scenario, data, *vary, jobs=2)
    for row, other in zip(one.rows, two.rows, strict=True):
        assert (row.values, row.status) == (other.values, other.status)
        assert row.goal == pytest.approx(other.goal, rel=1e-7)


def test_what_a_setting_does_not_take_is_said_before_anything_is_solved(tmp_path):
    scenario, data = opened(tmp_path)
    for text, code in (
        ("budget.scael=1,2", "unknown-setting"),
        ("grants.max_fall=0.5,1.5", "setting-range"),
        ("goal.tail_years=0.5,1", "setting-type"),
        ("budget.by_year.1999-00=1,2", "unknown-name"),
    ):
        with pytest.raises(InvalidInput) as refused:
            swept(scenario, data, text)
        assert refused.value.faults[0].code == code


def test_one_setting_twice_none_and_too_many_cases_are_refused(tmp_path):
    scenario, data = opened(tmp_path)
    for vary in (["budget.scale=1,2", "budget.scale=3,4"], [], ["budget.scale=1:2:999", "budget.reserve=0:1:999"]):
        with pytest.raises(UsageError):
            swept(scenario, data, *vary)


def test_the_file_is_tidy_and_holds_what_the_rows_do(tmp_path):
    opened(tmp_path, "[grants]\nfloor = 1.0")
    file = tmp_path / "out" / "sweep.csv"
    found = api.sweep(tmp_path / "scenario.toml", ["budget.scale=0.9,1.0"], output=file)
    with file.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == [
        "budget.scale", "status", "goal", "reduction_2004-05", "reduction_2005-06", "spent_2004-05", "spent_2005-06",
        "shortfall", "reason", "tail",
    ]  # fmt: skip
    assert [row["status"] for row in rows] == ["infeasible", "optimal"]
    assert (rows[0]["goal"], rows[0]["shortfall"]) == ("", "")
    assert float(rows[1]["goal"]) == found.rows[1].goal
    assert not journal_of(file).exists()
    record = found.to_dict()["rows"][1]
    assert (record["budget.scale"], record["status"], record["goal"]) == (1.0, "optimal", found.rows[1].goal)


class CutOffError(Exception):
    pass


def interrupted(folder, file, after):
    """A sweep of four cases that is cut off once so many have ended."""

    def done(ended, _total):
        if ended == after:
            raise CutOffError

    with pytest.raises(CutOffError):
        api.sweep(folder / "scenario.toml", ["budget.scale=0.5:0.8:4"], output=file, done=done)


def test_a_sweep_that_was_cut_off_goes_on_from_what_is_on_the_disk(tmp_path):
    opened(tmp_path)
    file, scenario = tmp_path / "sweep.csv", tmp_path / "scenario.toml"
    interrupted(tmp_path, file, after=2)
    assert not file.exists()
    kept = journal_of(file).read_text().splitlines()
    assert len(kept) == 3  # the fingerprint and two cases
    number, line = json.loads(kept[1])
    line[2] = 123.0  # a goal that no solve gives shows that the case is not solved again
    journal_of(file).write_text("\n".join([kept[0], json.dumps([number, line]), kept[2], kept[2][:20]]))
    with pytest.raises(UsageError) as refused:
        api.sweep(scenario, ["budget.scale=0.5:0.8:4"], output=file)
    assert "`resume`" in refused.value.fix
    told = []
    found = api.sweep(
        scenario, ["budget.scale=0.5:0.8:4"], output=file, resume=True, done=lambda *pair: told.append(pair)
    )
    assert told == [(2, 4), (3, 4), (4, 4)]
    assert found.rows[number].goal == 123.0
    whole = api.sweep(scenario, ["budget.scale=0.5:0.8:4"])
    assert [row.values for row in found.rows] == [row.values for row in whole.rows]
    for place in {0, 1, 2, 3} - {number}:
        assert found.rows[place].goal == pytest.approx(whole.rows[place].goal, rel=1e-7)
    assert file.exists()
    assert not journal_of(file).exists()


@pytest.mark.parametrize("change", ["grid", "settings", "tables"])
def test_a_journal_of_another_sweep_is_refused(tmp_path, change):
    opened(tmp_path)
    file, vary, overrides = tmp_path / "sweep.csv", ["budget.scale=0.5:0.8:4"], []
    interrupted(tmp_path, file, after=1)
    if change == "grid":
        vary = ["budget.scale=0.5:0.9:5"]
    elif change == "settings":
        overrides = ["goal.discount_rate=0.1"]
    else:
        years = tiny_tables()["years"]
        years[0]["budget"] = 1
        write_tables(tmp_path / "tables", tiny_tables(years=years))
    with pytest.raises(UsageError) as refused:
        api.sweep(tmp_path / "scenario.toml", vary, overrides, output=file, resume=True)
    assert refused.value.place == str(journal_of(file))


def test_a_file_that_is_there_is_replaced_only_when_asked(tmp_path):
    opened(tmp_path)
    file, scenario = tmp_path / "sweep.csv", tmp_path / "scenario.toml"
    file.write_text("mine")
    with pytest.raises(UsageError):
        api.sweep(scenario, ["budget.scale=0.5,1.0"], output=file)
    assert file.read_text() == "mine"
    api.sweep(scenario, ["budget.scale=0.5,1.0"], output=file, force=True)
    assert file.read_text().startswith("budget.scale,status")


def test_a_sweep_that_is_finished_has_nothing_to_go_on_from_and_force_begins_it_anew(tmp_path):
    opened(tmp_path)
    file, scenario, vary = tmp_path / "sweep.csv", tmp_path / "scenario.toml", ["budget.scale=0.5,1.0"]
    api.sweep(scenario, vary, output=file)
    before = file.read_bytes()
    with pytest.raises(UsageError) as refused:
        api.sweep(scenario, vary, output=file, resume=True)
    assert (refused.value.place, "`force`" in refused.value.fix) == (str(file), True)
    assert "finished" in refused.value.sentence()
    api.sweep(scenario, vary, output=file, resume=True, force=True)
    assert file.read_bytes() == before


def test_planned_year_on_year_each_case_is_that_of_a_solve_by_itself(tmp_path):
    scenario, data = opened(tmp_path, '[certainty]\nkind = "year_on_year"')
    for row in swept(scenario, data, "budget.scale=0.5,0.8").rows:
        alone = cold(scenario, data, ("budget", "scale"), row.values[0])
        assert row.goal == pytest.approx(alone.goal, rel=1e-9)


def test_a_chart_is_drawn_as_its_file_ends(tmp_path):
    from allocator.analyses.sweep import chart as sweep_chart

    opened(tmp_path, "[grants]\nfloor = 1.0")
    found = api.sweep(tmp_path / "scenario.toml", ["budget.scale=0.9,1.0,1.1", "goal.discount_rate=0,0.1"])
    for name, begins in (("a.svg", b"<svg"), ("a.png", b"\x89PNG")):
        sweep_chart.draw(found, tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(begins)
    drawn = (tmp_path / "a.svg").read_text()
    assert "2 of 6 cases" in drawn
    assert "goal.discount_rate = 0.1" in drawn


@pytest.mark.parametrize(
    ("name", "vary"),
    [
        ("a.pdf", ["budget.scale=1,2"]),
        ("a.svg", ["budget.scale=1,2", "grants.floor=1:5:5"]),
        ("a.svg", ["budget.scale=1,2", "grants.floor=1,2", "grants.cap=1,2"]),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_refused_before_anything_is_solved(name, vary):
    from allocator.analyses.sweep import chart as sweep_chart

    with pytest.raises(UsageError):
        sweep_chart.refuse(Path(name), vary, force=False)


def test_one_year_of_a_setting_that_is_one_number_for_all(tmp_path):
    # scale is 1.0 for every year; a value for one year alone leaves the others at 1, as --set does
    write_tables(tmp_path / "tables", tiny_tables())
    scenario = tiny_scenario(tmp_path)
    found = api.sweep(scenario, ["budget.scale.2005-06=0.9,1.1"])
    for row, factor in zip(found.rows, (0.9, 1.1), strict=True):
        alone = api.solve(tiny_scenario(tmp_path, "", f'budget.scale."2005-06"={factor}'))
        assert row.goal == pytest.approx(alone.recomputed.goal, rel=1e-6)


# --- cells of the tables ---------------------------------------------------------------------------------------------


def test_a_cell_of_a_table_is_varied_as_if_the_table_said_so(tmp_path):
    scenario, data = opened(tmp_path)
    found = swept(scenario, data, "effects.coaching.neet.effect=0.05,0.1", "budget.scale=0.9,1.0")
    other = tiny_tables()
    other["effects"][0]["effect"] = 0.05
    changed = api.read_data(write_tables(tmp_path / "other", other))
    for number, scale in ((0, 0.9), (1, 1.0)):
        s = scenario.with_({"budget.scale": scale}).settings
        solved = solve_case(changed, s)
        assert found.rows[number].values == (0.05, scale)
        assert found.rows[number].goal == pytest.approx(solved.goal, rel=1e-6)
    assert next(iter(found.main_table())) == "effects.coaching.neet.effect"


def test_a_star_multiplies_what_stands_in_every_row(tmp_path):
    found = swept(*opened(tmp_path), "effects.*.effect=0.5,1.0")
    # the rules do not act on effects here but for the ceiling, which is far: half the effects, half the goal
    assert found.rows[0].goal == pytest.approx(found.rows[1].goal / 2, rel=1e-6)
    same = swept(*opened(tmp_path), "effects.effect=0.5,1.0", "effects.coaching.*.max_uptake=1")
    assert [row.goal for row in same.rows] == pytest.approx([row.goal for row in found.rows], rel=1e-6)


def test_a_limit_of_the_planners_own_is_varied_and_may_leave_no_plan(tmp_path):
    own = limit("own", "grant", scope="partnership", name="south", least=90_000)
    found = swept(*opened(tmp_path, limits=[own]), "limits.own.least=90000,110000,210000")
    # there are £200,000 a year
    assert [row.status for row in found.rows] == ["optimal", "optimal", "infeasible"]
    write_tables(tmp_path / "other", tiny_tables(limits=[{**own, "least": 110_000}]))
    changed = api.read_data(tmp_path / "other")
    assert found.rows[1].goal == pytest.approx(solve_case(changed, tiny_scenario(tmp_path, "").settings).goal, rel=1e-6)
    assert "limit own" in found.rows[2].reason


def test_tables_that_do_not_fit_each_other_are_a_row_with_its_reason(tmp_path):
    vary = ("young_people.*.young_people=0.9,1.0", "young_people.*.neet=1.0,1.2")
    found = swept(*opened(tmp_path), *vary)
    assert [row.status for row in found.rows] == ["optimal", "infeasible", "optimal", "optimal"]
    assert "do not fit each other" in found.rows[1].reason


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ("effects.choaching.neet.effect=0.1,0.2", "Did you mean 'coaching'"),
        ("effects.coaching.neet.efect=0.1,0.2", "Did you mean 'effect'"),
        ("effects.coaching.effect=0.1,0.2", "effects.INTERVENTION.CLIENT_GROUP.COLUMN"),
        ("interventions.coaching.name=1,2", "a column of numbers"),
        ("effects.coaching.neet.effect=0.1,2", "from −1 to 1"),
        ("interventions.coaching.lag=1,1.5", "whole number"),
    ],
)
def test_cells_that_are_not_there_or_values_that_they_do_not_take_are_refused(tmp_path, vary, said):
    with pytest.raises(UsageError) as refused:
        swept(*opened(tmp_path), vary)
    assert said in refused.value.sentence()


def test_a_setting_goes_before_a_table_of_its_section(tmp_path):
    found = swept(*opened(tmp_path), "workforce.max_recruitment=0.1,0.2", "workforce.north.adviser.fte=2,3")
    assert [row.status for row in found.rows] == ["optimal"] * 4


def test_a_share_in_per_cent_is_refused_with_how_to_write_it():
    with pytest.raises(UsageError, match=r"0\.9, not 90 %"):
        parse_axis("interventions.*.unit_cost=90%,110%")
