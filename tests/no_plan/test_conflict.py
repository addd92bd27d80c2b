"""Why there is no plan, on instances small enough to add up by hand (tests/builders.py has the two partnerships)."""

import pytest

from allocator.api import solve
from allocator.errors import NoPlan, SolverError
from allocator.programme.formulate import formulate
from allocator.solving.session import Session
from allocator.tables import read_data
from tests.helpers.builders import YEARS, row, tiny_data, tiny_scenario, tiny_tables
from tests.helpers.paper_programme import paper_tables
from tests.helpers.written_lp import limit

GOAL = "[goal]\ntail_years = 1\n"


def refusal(folder, settings="", tables=None, *overrides):
    tiny_data(folder, tables)
    with pytest.raises(NoPlan) as caught:
        solve(tiny_scenario(folder, GOAL + settings, *overrides))
    return caught.value


def reached(folder, settings="", *overrides):
    return solve(tiny_scenario(folder, GOAL + settings, *overrides)).recomputed.goal


def amounts(none, *, asked):
    return {part.rule: part.amount for part in none.conflict if part.asked is asked and part.amount}


def repairs(none):
    return [(repair.setting, repair.to) for repair in none.repairs]


def typed(repair):
    to = repair.to
    return f"{repair.setting}={to if not isinstance(to, list) else str(to).replace(chr(39), chr(34))}"


def test_floors_above_the_money_of_a_settlement(tmp_path):
    # floors of 1.1 times 120,000 and 80,000 are 220,000; the money of 2005-06 is 230,000, of 2004-05 200,000
    tables = tiny_tables()
    row(tables, "years", year="2005-06")["budget"] = 230_000
    none = refusal(tmp_path, "[grants]\nfloor = 1.1\n", tables)
    assert none.stage == "rules"
    assert amounts(none, asked=True) == pytest.approx({"floor": 220_000})
    assert amounts(none, asked=False) == pytest.approx({"national": 200_000})
    assert {part.year for part in none.conflict} == {"2004-05"}
    assert ("grants.floor", 1.0) in repairs(none)
    assert ('budget.by_year."2004-05"', 220_000) in repairs(none)
    assert ("budget.scale", 1.1) in repairs(none)
    assert ("rules.off", ["floor"]) in repairs(none)


def test_every_repair_gives_a_plan_that_reaches_what_is_said(tmp_path):
    tables = tiny_tables()
    row(tables, "years", year="2005-06")["budget"] = 230_000
    settings = "[grants]\nfloor = 1.1\n"
    none = refusal(tmp_path, settings, tables)
    assert len(none.repairs) >= 4
    for repair in none.repairs:
        assert reached(tmp_path, settings, typed(repair)) == pytest.approx(repair.goal, rel=1e-6)


@pytest.mark.parametrize("change", ["grants.floor=1.0001", 'budget.by_year."2004-05"=219999', "budget.scale=1.0999"])
def test_a_repair_is_the_least_that_works(tmp_path, change):
    tables = tiny_tables()
    row(tables, "years", year="2005-06")["budget"] = 230_000
    assert refusal(tmp_path, "[grants]\nfloor = 1.1\n", tables, change).stage == "rules"


def test_two_years_with_the_same_conflict_are_told_apart(tmp_path):
    none = refusal(tmp_path, "[grants]\nfloor = 1.1\n")
    assert amounts(none, asked=True) == pytest.approx({"floor": 220_000})
    assert len({part.year for part in none.conflict}) == 1
    # one year's money does not help the other
    assert not [setting for setting, _ in repairs(none) if setting.startswith("budget.by_year")]
    assert ("budget.scale", 1.1) in repairs(none)


def test_a_rule_that_would_bite_next_is_named(tmp_path):
    # with 0.95 of the money, floors of 0.96 and falls of 4 % ask for the same 192,000 of 190,000
    none = refusal(tmp_path, "[grants]\nfloor = 0.96\nmax_fall = 0.04\n", None, "budget.scale=0.95")
    assert amounts(none, asked=True) == pytest.approx({"floor": 192_000})
    assert "grants.floor" not in dict(repairs(none))
    assert "grants.floor" in none.fix
    assert "£192,000" in none.fix
    assert ("budget.scale", 0.96) in repairs(none)


def test_the_year_of_a_plan_made_year_on_year(tmp_path):
    settings = '[grants]\nfloor = 1.0\n[budget.by_year]\n"2005-06" = 190000\n[certainty]\nkind = "year_on_year"\n'
    none = refusal(tmp_path, settings)
    assert none.stage == "2005-06"
    assert amounts(none, asked=True) == pytest.approx({"floor": 200_000})
    assert amounts(none, asked=False) == pytest.approx({"national": 190_000})
    assert ("grants.floor", 0.95) in repairs(none)
    assert ('budget.by_year."2005-06"', 200_000) in repairs(none)
    for repair in none.repairs:
        assert reached(tmp_path, settings, typed(repair)) == pytest.approx(repair.goal, rel=1e-6)


def hard_guarantee():
    """Half of those neet are to be coached in 2004-05, which takes 100 hours of an adviser each."""
    tables = tiny_tables(
        guarantees=[{"year": "2004-05", "client_group": "neet", "interventions": "coaching", "min_share": 0.5}]
    )
    row(tables, "effects", intervention="coaching")["adviser_hours"] = 100
    return tables


def test_a_guarantee_that_the_workforce_cannot_serve(tmp_path):
    # north: 50 places asked. 2 advisers less a tenth have 1,800 hours: 18 places. It may recruit 0.15 of 3: 0.45
    # advisers, 4.5 places. Short by 27.5; south is short by 25 - 9 - 3 = 13.
    none = refusal(tmp_path, "[workforce]\nmax_recruitment = 0.15\n", hard_guarantee())
    assert amounts(none, asked=True) == pytest.approx({"guarantee": 50})
    assert amounts(none, asked=False) == pytest.approx({"workforce": 18, "recruitment": 4.5})
    own = {part.rule: part.said for part in none.conflict}
    assert "1.80 FTE" in own["workforce"]
    assert "0.45 FTE" in own["recruitment"]
    assert all(part.place.startswith("North") for part in none.conflict)
    assert ("rules.soft", ["target", "local_minimum", "guarantee"]) in repairs(none)
    assert ("rules.off", ["guarantee"]) in repairs(none)
    # the advisers to be recruited would cost more than the money there is
    assert "workforce.max_recruitment" not in dict(repairs(none))


def test_a_soft_guarantee_falls_short_and_there_is_a_plan(tmp_path):
    tiny_data(tmp_path, hard_guarantee())
    settings = '[workforce]\nmax_recruitment = 0.15\n[rules]\nsoft = ["guarantee"]\n'
    plan = solve(tiny_scenario(tmp_path, GOAL + settings))
    short = {shortfall.name.split("|")[0]: shortfall.shortfall for shortfall in plan.recomputed.shortfalls}
    assert short == pytest.approx({"north": 27.5, "south": 13})


def test_a_hard_target_beyond_what_young_people_take_up(tmp_path):
    # 180 are neet in 2005-06; half would be 90. Coached each year half of 150 at 0.1: 7.5; at risk half of 600 at
    # 0.01: 3. What 2004-05 leaves is half of that: 10.5 + 5.25 = 15.75.
    tables = tiny_tables(
        targets=[{"scope": "national", "name": None, "year": "2005-06", "max_neet": None, "reduction_share": 0.5}]
    )
    none = refusal(tmp_path, "[rules]\nsoft = []\n", tables)
    assert amounts(none, asked=True) == pytest.approx({"target": 90})
    there = sum(part.amount for part in none.conflict if not part.asked)
    assert there == pytest.approx(15.75)
    assert {part.unit for part in none.conflict} == {"fewer NEET"}
    assert {part.bound for part in none.conflict if not part.asked} == {True}
    # 50 + 200 places in the north, half as many in the south
    assert all("375 places" in part.said for part in none.conflict if not part.asked)
    assert repairs(none) == [("rules.soft", ["target"]), ("rules.off", ["target"])]


def test_a_soft_target_beyond_reach_leaves_a_plan(tmp_path):
    tables = tiny_tables(
        targets=[{"scope": "national", "name": None, "year": "2005-06", "max_neet": None, "reduction_share": 0.5}]
    )
    tiny_data(tmp_path, tables)
    plan = solve(tiny_scenario(tmp_path, GOAL))
    (short,) = plan.recomputed.shortfalls
    assert short.shortfall >= 90 - 15.75 - 1e-6


def given(folder, amounts):
    lines = [f"{p},{year},{amount}" for (p, year), amount in amounts.items()]
    (folder / "grants.csv").write_text("partnership,year,grant\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return '[grants]\ndistribution = "given"\nfile = "grants.csv"\n'


def test_a_given_grant_below_fixed_costs(tmp_path):
    # north's fixed cost is 10,000, and letting go its 1.8 advisers and 0.9 support workers costs 2,000 each
    grants = {("north", YEARS[0]): 5_000, ("north", YEARS[1]): 120_000}
    grants |= {("south", year): 80_000 for year in YEARS}
    none = refusal(tmp_path, given(tmp_path, grants))
    assert amounts(none, asked=True) == pytest.approx({"money": 10_000})
    assert amounts(none, asked=False) == pytest.approx({"distribution": 5_000})
    assert all(part.place == "North, 2004-05" for part in none.conflict)
    assert "10,400" in none.fix  # 10,000 + 2.7 * 2,000 less the 5,000 given
    assert "grants.distribution" in dict(repairs(none))


def test_given_grants_above_the_money(tmp_path):
    grants = {("north", year): 120_000 for year in YEARS} | {("south", year): 80_000 for year in YEARS}
    grants["south", YEARS[1]] = 90_000
    none = refusal(tmp_path, given(tmp_path, grants))
    assert amounts(none, asked=True) == pytest.approx({"distribution": 210_000})
    assert amounts(none, asked=False) == pytest.approx({"national": 200_000})
    assert ('budget.by_year."2005-06"', 210_000) in repairs(none)


def test_formula_minimums_above_the_money(tmp_path):
    # last year's 200,000 and 5 % are 210,000 of 200,000; more money in 2004-05 raises the minimums of 2005-06 as well
    settings = '[grants]\ndistribution = "formula"\n[grants.formula]\nneet = 1\nminimum_change = 0.05\n'
    none = refusal(tmp_path, settings)
    assert amounts(none, asked=True) == pytest.approx({"distribution": 210_000})
    assert amounts(none, asked=False) == pytest.approx({"national": 200_000})
    assert repairs(none) == [("grants.formula.minimum_change", 0.0), ("grants.formula.minimum_change", "none")]


def test_posts_fewer_than_a_hard_guarantee_takes(tmp_path):
    # 75 places of 10 hours take 750 hours, 0.75 advisers of 1,000 hours each; the limit is 0.6
    tables = hard_guarantee()
    row(tables, "effects", intervention="coaching")["adviser_hours"] = 10
    none = refusal(tmp_path, "", tables, "workforce.headcount_scale=0.03")
    assert amounts(none, asked=True) == pytest.approx({"guarantee": 75})
    assert amounts(none, asked=False) == pytest.approx({"headcount": 60})
    assert ("workforce.headcount_scale", 0.0375) in repairs(none)


def test_a_budget_in_thousands_is_no_bound_to_its_own_repair(tmp_path):
    # fixed costs are 20,000; with 200 in 2004-05 there is no plan, and more than ten times as much is needed
    settings = '[budget.by_year]\n"2004-05" = 200\n'
    none = refusal(tmp_path, settings)
    (to,) = [to for setting, to in repairs(none) if setting == 'budget.by_year."2004-05"']
    assert to >= 20_000
    assert reached(tmp_path, settings, f'budget.by_year."2004-05"={to}') > 0
    with pytest.raises(NoPlan):
        reached(tmp_path, settings, f'budget.by_year."2004-05"={to - 1}')


def test_budgets_all_in_thousands_are_repaired_by_the_scale(tmp_path):
    none = refusal(tmp_path, '[budget.by_year]\n"2004-05" = 200\n"2005-06" = 200\n')
    assert dict(repairs(none))["budget.scale"] >= 100  # fixed costs are 20,000 a year


def test_where_no_repair_is_found_what_was_tried_is_said(tmp_path):
    # without money in either year neither year's money alone, nor nothing times a scale, pays the fixed costs
    none = refusal(tmp_path, '[budget.by_year]\n"2004-05" = 0\n"2005-06" = 0\n')
    assert not none.repairs
    assert "No repair was found. Tried, each alone:" in none.fix
    assert "budget.scale" in none.fix
    assert 'budget.by_year."2004-05"' in none.fix


def test_only_the_limit_that_acts_is_tried(tmp_path):
    # the floor asks for 1.2 times 120,000 and 80,000 where each may rise by 10 %
    none = refusal(tmp_path, "[grants]\nfloor = 1.2\nmax_rise = 0.1\nmax_fall = 0.05\n", None, "budget.scale=2")
    assert {part.rule for part in none.conflict} == {"floor", "max_rise"}
    assert "grants.max_fall" not in none.fix
    assert "grants.max_fall" not in dict(repairs(none))
    assert dict(repairs(none))["grants.max_rise"] == pytest.approx(0.2)


def test_a_repair_of_a_budget_that_is_scaled_says_so(tmp_path):
    # floors ask for 200,000 a year; 0.95 of 200,000 is 190,000 in 2004-05, and 10,000 / 0.95 are missing before that
    tables = tiny_tables()
    row(tables, "years", year="2005-06")["budget"] = 230_000
    none = refusal(tmp_path, "[grants]\nfloor = 1.0\n", tables, "budget.scale=0.95")
    assert dict(repairs(none))['budget.by_year."2004-05"'] == 210_527
    assert "0.95" in none.fix


def test_where_the_solver_cannot_say_which_rules_there_is_no_plan_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(Session, "can_be_kept", lambda _: out_of_time())
    none = refusal(tmp_path, "[grants]\nfloor = 1.1\n")
    assert none.stage == "rules"
    assert none.conflict == none.repairs == ()
    assert "out of time" in none.fix


def out_of_time():
    raise SolverError("rules", "the solver ended out of time", "an answer", "Raise solver.time_limit.")


def test_a_solver_stuck_twice_is_asked_by_another_method(tmp_path, monkeypatch):
    tiny_data(tmp_path)
    scenario = tiny_scenario(tmp_path)
    session = Session(formulate(read_data(scenario.data), scenario.settings), 60.0)
    said, told = iter(("stuck", "stuck")), session._outcome
    monkeypatch.setattr(session, "_outcome", lambda: next(said, None) or told())
    assert session.can_be_kept()


def test_a_solver_that_ends_without_an_answer_says_neither_yes_nor_no(tmp_path, monkeypatch):
    tiny_data(tmp_path)
    scenario = tiny_scenario(tmp_path)
    session = Session(formulate(read_data(scenario.data), scenario.settings), 60.0)
    assert session.can_be_kept()
    monkeypatch.setattr(session, "_outcome", lambda: "out of time")
    with pytest.raises(SolverError):
        session.can_be_kept()


def test_a_hard_minimum_is_lowered_to_what_can_be_reached(tmp_path):
    # one adviser reaches 10 of 80, an eighth; a fifth is asked
    settings = "[local]\nmin_reduction = 0.2\n[rules]\nsoft = []\n"
    none = refusal(tmp_path, settings, paper_tables())
    found = dict(repairs(none))
    assert found["local.min_reduction"] == pytest.approx(0.125, abs=1e-4)
    assert found["local.min_reduction"] <= 0.125


def test_shares_as_before_of_nothing_are_refused_with_what_to_do(tmp_path):
    # both partnerships are new and name no entry_grant: there is nothing to share the money out by
    tables = tiny_tables()
    for partnership in tables["partnerships"]:
        partnership["baseline_grant"] = 0
    none = refusal(tmp_path, '[grants]\ndistribution = "historical"\n', tables)
    assert "entry_grant" in none.fix
    assert [term.rule for term in none.conflict] == ["distribution"]
    assert none.repairs == ()


def test_a_limit_of_the_planners_own_is_named_and_the_amount_to_which_it_must_move(tmp_path):
    # twice £110,000 are £220,000, there are £200,000 a year: £100,000 for each is all there is
    each = limit("at_least", "grant", each=True, least=110_000)
    none = refusal(tmp_path, "", tiny_tables(limits=[each]))
    assert amounts(none, asked=True) == pytest.approx({"limit at_least": 220_000})
    assert amounts(none, asked=False) == pytest.approx({"national": 200_000})
    assert ("limits.at_least.least", 100_000) in repairs(none)
    solved = refusal_mended(tmp_path, {**each, "least": 100_000})
    reaches = next(repair.goal for repair in none.repairs if repair.setting == "limits.at_least.least")
    assert reaches == pytest.approx(solved, rel=1e-6)


def test_a_fixed_limit_is_fixed_at_the_nearest_amount_that_works(tmp_path):
    # of £200,000 south cannot have £250,000, nor all of it: north has costs of its own
    fixed = limit("exactly", "grant", scope="partnership", name="south", least=250_000, most=250_000)
    none = refusal(tmp_path, "", tiny_tables(limits=[fixed]))
    to = next(repair.to for repair in none.repairs if repair.setting == "limits.exactly.exact")
    assert 0 < to < 190_000  # north's fixed cost is £10,000
    assert refusal_mended(tmp_path, {**fixed, "least": to, "most": to}) > 0
    with pytest.raises(NoPlan):
        refusal_mended(tmp_path, {**fixed, "least": to + 1, "most": to + 1})


def refusal_mended(folder, line):
    """What the plan reaches with this row of limits."""
    tiny_data(folder, tiny_tables(limits=[line]))
    return reached(folder)
