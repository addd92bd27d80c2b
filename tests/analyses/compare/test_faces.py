"""The faces of approaches, score, compare, bridge and sweep: facts that have to be said, at every width."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from allocator import api
from allocator.analyses.approaches import face as approaches
from allocator.analyses.approaches.every_approach import Approach, Approaches, Gain, YearGain
from allocator.analyses.bridge import face as bridge
from allocator.analyses.bridge.shares import bridge_sides
from allocator.analyses.compare import face as compare
from allocator.analyses.compare.comparison import compare_sides
from allocator.analyses.score import face as score
from allocator.analyses.score.scored import score_grants
from allocator.analyses.sweep import face as sweep
from allocator.analyses.sweep.grid import parse_axis, sweep_scenario
from allocator.outputs import progress
from allocator.tables.sources import InputStatus
from allocator.what_if.side import side_of_scenario
from tests.helpers.builders import tiny_scenario, tiny_tables, write_tables

WIDTHS = (80, 100, 160)
INPUTS = InputStatus(("effects.effect", "years.budget"), ("returns.width",), ())


def text(lines):
    return "\n".join(line.plain.rstrip() for line in lines)


def words(lines):
    """The text as one line, so that wrapping does not matter."""
    return " ".join(text(lines).split())


def opened(folder, settings="", **changes):
    folder.mkdir(parents=True, exist_ok=True)
    tables = tiny_tables(**changes)
    tables["interventions"][0]["unit_cost"] = 3_000  # money is short
    write_tables(folder / "tables", tables)
    return api.open_scenario(tiny_scenario(folder, settings))


def fits(lines_of):
    """No line is wider than what it is laid out for."""
    for width in WIDTHS:
        wide = [line.plain for line in lines_of(width) if len(line.plain.rstrip()) > width]
        assert not wide, (width, wide)


def grid(measure="cumulative", gains=()):
    goals = {
        ("optimised", "settlement"): 87_360.6,
        ("optimised", "year_on_year"): 78_456.7,
        ("historical", "settlement"): 86_972.6,
    }
    found = [
        Approach("optimal", "", goal, 0.0, distribution=pair[0], certainty=pair[1], share_of_best=goal / 87_360.6)
        for pair, goal in goals.items()
    ]
    why = "2005-06: no plan keeps all the rules"
    found.append(Approach("infeasible", why, distribution="historical", certainty="year_on_year"))
    return Approaches("settlement", "Settled", measure, "young person-years", tuple(found), tuple(gains), INPUTS)


def test_goals_stand_by_distribution_and_certainty_with_their_share_of_the_best():
    said = text(approaches.approach_lines(grid(), 100))
    assert "87,361 (100.0)" in said
    assert "78,457  (89.8)" in said
    assert "86,973  (99.6)" in said
    assert "historical (shares as before)" in said
    narrow = text(approaches.approach_lines(grid(), 80))
    assert "87,361" in narrow
    assert "Left out at this width: the share of the best." in narrow
    assert "Left out" not in said
    assert "(100.0)" not in narrow


def test_an_approach_without_a_plan_says_so_in_its_cell_and_why_below():
    said = words(approaches.approach_lines(grid(), 100))
    assert "no plan" in said
    assert "historical, year_on_year: 2005-06: no plan keeps all the rules" in said


@pytest.mark.parametrize(("rolling", "said"), [(87_100.0, True), (86_900.0, False), (87_000.0, False)])
def test_a_blend_that_reaches_more_when_planned_each_year_has_its_reason(rolling, said):
    goals = (("settlement", 87_000.0), ("rolling", rolling))
    found = [Approach("optimal", "", goal, 0.0, distribution="blend", certainty=certainty) for certainty, goal in goals]
    lines = approaches.approach_lines(replace(grid(), approaches=tuple(found)), 100)
    assert ("blend reaches more with rolling than with settlement" in words(lines)) is said


REDUCTIONS = (YearGain("2004-05", -942.0), YearGain("2006-07", 2054.0))


def gain(certainty, total, by_certainty):
    return Gain(certainty, "optimised", total, total / 78_100, by_certainty, total - by_certainty, REDUCTIONS, 0.0)


def test_the_gain_names_what_a_yearly_planner_is_taken_to_believe_and_the_range():
    gains = (gain("year_on_year", 9_260.4, 8_888.2), gain("rolling", 407.4, 18.3))
    said = words(approaches.approach_lines(grid(gains=gains), 100))
    assert "9,260 ypy (11.9 %) more than the approach as before" in said
    assert "+8,888 by certainty and +372 by distribution" in said
    assert "count only the year that is funded" in said
    assert "on money not promised" in said
    assert "certainty is worth 0.02 % to 11.4 %" in said
    assert "starts slower: 942 fewer helped at the end of 2004-05, and is 2,054 ahead at the end of 2006-07" in said
    assert "2 of 3 kinds of input are assumed" in said
    assert "no finding" in said


def test_a_lead_is_the_difference_of_the_numbers_printed_by_year():
    reached = {("optimised", "settlement"): (11_849.4, 22_717.4), ("historical", "year_on_year"): (12_791.4, 20_482.6)}
    found = grid(gains=(gain("year_on_year", 9_260.4, 8_888.2),))
    with_years = [
        replace(approach, years=tuple(SimpleNamespace(reduction=people) for people in reached[pair]))
        for approach in found.approaches
        if (pair := (approach.distribution, approach.certainty)) in reached
    ]
    said = approaches._over_time(replace(found, approaches=tuple(with_years)), found.gains[0])
    assert said.endswith("942 fewer helped at the end of 2004-05, and is 2,234 ahead at the end of 2006-07.")


def test_one_belief_alone_is_said_to_be_one_of_several():
    said = words(approaches.approach_lines(grid(gains=(gain("year_on_year", 9_260.4, 8_888.2),)), 100))
    assert "depends on what a yearly planner is taken to believe" in said
    every = tuple(gain(name, 400.0, 10.0) for name in ("year_on_year", "year_on_year_lasting", "rolling"))
    assert "without --only" not in words(approaches.approach_lines(grid(gains=every), 100))


@pytest.mark.parametrize("settings", ["", '[goal]\nmeasure = "least_cost"', '[goal]\nmeasure = "fairest"'])
def test_approaches_fit_every_width_whatever_the_goal(tmp_path, settings):
    targets = [{"scope": "national", "name": "", "year": "2005-06", "max_neet": None, "reduction_share": 0.05}]
    scenario, data = opened(tmp_path, settings, targets=targets)
    from allocator.analyses.approaches.every_approach import compare_approaches

    found = compare_approaches(scenario, data, leverage=True, only=["historical", "equal"])
    fits(lambda width: approaches.approach_lines(found, width))
    fits(lambda width: approaches.approach_lines(found, width, every=True))
    every = text(approaches.approach_lines(found, 100, every=True))
    for certainty in ("settlement", "rolling", "year_on_year_lasting", "year_on_year"):
        assert f"\n{certainty}\n" in every


def test_a_score_says_what_is_broken_what_is_lost_and_what_is_nearest(tmp_path):
    scenario, data = opened(tmp_path, "[grants]\nfloor = 0.9\ncap = 1.2")
    found = score_grants(scenario, data, np.array([[150_000.0] * 2, [50_000.0] * 2]), file="mine.csv")
    said = words(score.score_lines(found, 100))
    assert "mine.csv" in said
    floor = "floor (No grant is less than a share of the baseline grant)"
    assert f"{floor} is broken in 2 places: South 2004-05 by £22,000 (£50,000, limit £72,000)" in said
    cap = "cap (No grant is more than a multiple of the baseline grant)"
    assert f"{cap} is broken in 2 places: North" in said
    assert "changes 4 grants by £88k in all" in said
    fits(lambda width: score.score_lines(found, width))


def test_a_score_of_grants_within_the_rules_says_so(tmp_path):
    scenario, data = opened(tmp_path, "[grants]\nfloor = 0.9")
    found = score_grants(scenario, data, np.array([[120_000.0] * 2, [80_000.0] * 2]))
    said = words(score.score_lines(found, 100))
    assert "every rule of the scenario is kept" in said
    assert "within the rules as they are" in said


def test_a_score_of_whole_pounds_says_what_is_kept_to_the_pound(tmp_path):
    scenario, data = opened(tmp_path, "[grants]\nfloor = 0.900123")  # £72,009.84 of £80,000
    found = score_grants(scenario, data, np.array([[120_000.0] * 2, [72_009.0] * 2]))
    said = words(score.score_lines(found, 100))
    assert "every rule of the scenario is kept, floor to the pound (£0.84 at most, in 2 places" in said
    assert "within the rules as they are" in said


def test_a_comparison_has_a_column_a_side_and_the_changes_of_grants(tmp_path):
    settings = '[grants]\ndistribution = "historical"\n'
    first = side_of_scenario(*opened(tmp_path / "a", settings), None)
    second = side_of_scenario(*opened(tmp_path / "b", settings + "[budget]\nscale = 1.1"), None)
    third = side_of_scenario(*opened(tmp_path / "c", settings + "[budget]\nscale = 0.01"), None)
    found = compare_sides([first, second, third])
    said = text(compare.compare_lines(found, 100))
    assert "granted, £m" in said
    assert "+0.0" in said or "+0.02" in said or "North" in said
    assert "has no plan" in said
    assert said.count("WHO GAINS") == 1
    fits(lambda width: compare.compare_lines(found, width))


def test_the_worst_draws_have_a_row_where_some_side_is_cautious_and_it_is_said_which_draws(tmp_path):
    settings = '[grants]\ndistribution = "historical"\n'
    caution = settings + '[risk]\nattitude = "cvar"\ncvar_level = 0.8\ndraws = '
    a, b, c = (
        side_of_scenario(*opened(tmp_path / name, of), None)
        for name, of in (("a", settings), ("b", f"{caution}50"), ("c", f"{caution}20"))
    )
    sides = [replace(one, label=label) for one, label in ((a, "a"), (b, "b"), (c, "c"))]
    found = compare_sides(sides[:2])
    lines = compare.compare_lines(found, 100)
    assert row_of(lines, "in the worst draws, on average") == [f"{one.worst:.0f}" for one in found.sides]
    assert "In the worst draws: the worst 20 % of 50 draws of the effects (seed 1, common part 0.3), for" in words(
        lines
    )
    said = words(compare.compare_lines(compare_sides(sides), 100))
    assert "not the same on all sides" in said
    assert "of 50 draws of the effects (seed 1, common part 0.3) for a and b; the worst 20 % of 20 draws" in said
    assert "worst" not in words(compare.compare_lines(compare_sides([a, a]), 100))
    fits(lambda width: compare.compare_lines(found, width))


def row_of(lines, label):
    """The cells of the row that a label begins, as words."""
    return next(line.plain.split(label)[1].split() for line in lines if line.plain.strip().startswith(label))


def test_plans_of_different_goals_stand_side_by_side_in_rows_that_all_have(tmp_path):
    settings = '[grants]\ndistribution = "historical"\n[goal]\nmeasure = '
    sides = [
        side_of_scenario(*opened(tmp_path / measure, f'{settings}"{measure}"\n'), None)
        for measure in ("fairest", "least_cost", "cumulative")
    ]
    found = compare_sides(sides)
    lines = compare.compare_lines(found, 100)
    fairest, cheapest, cumulative = found.sides
    assert cheapest.goal < 50_000  # 0 in £m with one decimal
    assert row_of(lines, "goal") == [
        f"{100 * fairest.goal:.2f}", "%", "0", "£m", f"{cumulative.goal:.0f}", "ypy",
    ]  # fmt: skip
    assert row_of(lines, "young person-years")[2] == f"{cumulative.goal:.0f}"
    assert row_of(lines, "given back, £m")[1] == "0.351"  # the cheapest plan spends no more than it must
    fits(lambda width: compare.compare_lines(found, width))
    other = side_of_scenario(*opened(tmp_path / "rate", f'{settings}"fairest"\ndiscount_rate = 0.1'), None)
    said = text(compare.compare_lines(compare_sides([*sides, other]), 100))
    assert "young person-years" not in said  # discounted at two rates they are two things


def test_a_goal_of_one_measure_is_said_in_the_unit_of_its_figures(tmp_path):
    settings = '[grants]\ndistribution = "historical"\n[goal]\nmeasure = "fairest"\n'
    sides = [side_of_scenario(*opened(tmp_path / name, settings), None) for name in "ab"]
    found = compare_sides(sides)
    assert row_of(compare.compare_lines(found, 100), "goal, % of NEET young people")[0] == (
        f"{100 * found.sides[0].goal:.2f}"
    )


def test_grants_that_all_fall_are_said_to_and_labels_stay_whole_beside_many_sides(tmp_path):
    settings = '[grants]\ndistribution = "historical"\n'
    names = ["first", *(f"a_side_with_a_name_that_is_long_{n}" for n in range(6))]
    sides = []
    for n, name in enumerate(names):
        scenario, data = opened(tmp_path / name, settings + f"[budget]\nscale = {1 - n / 20}\n")
        sides.append(replace(side_of_scenario(scenario, data, None), label=name))
    found = compare_sides(sides)
    said = words(compare.compare_lines(found, 100))
    assert f"{names[1]} against first: all together get £20k less" in said  # a twentieth of twice £200,000
    assert "moves" not in said
    for width in WIDTHS:
        lines = compare.compare_lines(found, width)
        assert any("lose over 5 % on last year in a year" in line.plain for line in lines)
    fits(lambda width: compare.compare_lines(found, width))


def test_a_bridge_lists_each_difference_and_the_whole(tmp_path):
    first = side_of_scenario(*opened(tmp_path / "a", '[grants]\ndistribution = "historical"\nfloor = 0.9'), None)
    second = side_of_scenario(*opened(tmp_path / "b", "[grants]\nfloor = 0.9\n[budget]\nscale = 1.1"), None)
    found = bridge_sides(first, second)
    said = text(bridge.bridge_lines(found, 100))
    for name in ("grants.distribution", "budget.scale", "floor", "together", "historical → optimised"):
        assert name in said
    assert "8 mixtures" in " ".join(said.split())
    fits(lambda width: bridge.bridge_lines(found, width))


def test_differences_taken_together_keep_their_names_whole_and_what_differs_is_said_below(tmp_path):
    first = side_of_scenario(*opened(tmp_path / "a", "[grants]\nfloor = 0.9\nmax_fall = 0.4\ncap = 1.5"), None)
    settings = "[grants]\nfloor = 0.8\nmax_fall = 0.5\ncap = 1.6\n[budget]\nscale = 0.9"
    second = side_of_scenario(*opened(tmp_path / "b", settings), None)
    found = bridge_sides(first, second, together=["budget.scale+grants.max_fall+grants.floor"])
    for width in (80, 100):
        lines = bridge.bridge_lines(found, width)
        said = words(lines)
        for name in ("budget.scale", "grants.max_fall", "grants.floor"):
            assert any(name in line.plain for line in lines)
        assert "grants.floor 0.9 → 0.8" in said
        assert "grants.cap: 1.5 → 1.6" in said
    fits(lambda width: bridge.bridge_lines(found, width))


def test_a_bridge_with_a_mixture_without_a_plan_says_which_and_what_to_merge(tmp_path):
    first = side_of_scenario(*opened(tmp_path / "a", "[grants]\nfloor = 0.95"), None)
    second = side_of_scenario(*opened(tmp_path / "b", "[grants]\nfloor = 0.8\n[budget]\nscale = 0.9"), None)
    found = bridge_sides(first, second)
    said = words(bridge.bridge_lines(found, 100))
    assert "1 of 4 mixtures" in said
    assert "with budget.scale: " in said
    assert f"--group '{found.merge}'" in said
    assert "WHOSE POUNDS" not in said


def test_a_sweep_has_a_line_a_case_and_says_how_many_have_no_plan(tmp_path):
    scenario, data = opened(tmp_path, "[grants]\nfloor = 1.0")
    axes = [parse_axis("budget.scale=0.9,1.0,1.1"), parse_axis("goal.discount_rate=0,0.1")]
    found = sweep_scenario(scenario, data, axes)
    said = text(sweep.sweep_lines(found, 100))
    assert said.count("no plan") == 3  # two cells and the reason
    assert (
        "2 cases of 6 (budget.scale=0.9 with goal.discount_rate=0, budget.scale=0.9 with goal.discount_rate=0.1): "
        in " ".join(said.split())
    )
    fits(lambda width: sweep.sweep_lines(found, width))


def test_a_sweep_over_many_settings_heads_every_column_and_names_those_it_leaves_out(tmp_path):
    scenario, data = opened(tmp_path)
    texts = ("budget.scale=1,2", "workforce.headcount_scale=1,2", "goal.discount_rate=0,1", "grants.floor=0,0.5")
    found = sweep_scenario(scenario, data, [parse_axis(text) for text in texts])
    lines = sweep.sweep_lines(found, 100)
    head = [line.plain for line in lines[1:5]]
    assert sum(line.count("NEET") for line in head) == 2  # one a year
    assert not any("Left out" in line.plain for line in lines)
    rows = [replace(row, values=(*row.values, 100_000)) for row in found.rows]
    more = replace(found, rows=tuple(rows), axes=(*found.axes, parse_axis("budget.reserve=1,2")))
    narrow = sweep.sweep_lines(more, 80)
    assert "Columns left out at this width: fewer NEET 2004-05; spent £m all years." in words(narrow)
    fits(lambda width: sweep.sweep_lines(more, width))


def test_no_bar_is_drawn_where_standard_error_is_no_terminal(capsys):
    with progress.bar("work") as done:
        done(1, 2)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")


def test_a_small_gain_is_told_with_decimals_that_add_up():
    def years(first, last):
        return YearGain("2004-05", first), YearGain("2005-06", last)

    for first, last, said in (
        (-0.31, 12.4, "It starts slower: 0.3 fewer helped at the end of 2004-05, and is 12 ahead at the end of"),
        (0.01, -1.26, "It is level at the end of 2004-05 and 1.3 behind at the end of 2005-06."),
    ):
        gain = Gain("year_on_year", "optimised", 3.36, 0.011, 0.244, 3.116, years(first, last), 0.0)
        assert said in approaches._over_time(grid(gains=(gain,)), gain)
        assert approaches._split(gain, "cumulative") == "+0.2 by certainty and +3.2 by distribution"  # of 3.4
