"""Why a partnership gets what it gets: by hand on small instances, and the figures of the reference problem."""

import json
import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from allocator import api
from allocator.analyses.explain import sentences as words
from allocator.analyses.explain.break_even import Effects, break_evens
from allocator.analyses.explain.explanation import Limit, step_within
from allocator.analyses.explain.face import explain_lines
from allocator.analyses.explain.facts import _changed
from allocator.analyses.explain.firmness import _lost, firmness
from allocator.cli import app
from allocator.errors import NoPlan, RunError, UsageError
from allocator.programme.formulate import formulate
from allocator.register import Place
from allocator.register.rules import NATIONAL
from allocator.runs.findings import GoalChange
from allocator.runs.verify.verify import verify
from allocator.runs.write import write_run
from allocator.scenario.settings import Settings
from allocator.solving.planned import plan_programme
from allocator.solving.settlement import plan_data
from allocator.what_if.probe import Probe
from allocator.what_if.side import side_of
from tests.helpers.builders import row, tiny_data, tiny_scenario, tiny_tables
from tests.helpers.paper_programme import FINAL_YEAR, two_partnerships
from tests.helpers.written_lp import limit


def one_year(**changes):
    """The tiny tables for 2004-05 alone."""
    tables = tiny_tables(**changes)
    for table in ("young_people", "years"):
        tables[table] = [line for line in tables[table] if line["year"] == "2004-05"]
    return tables


def probe(folder, tables, settings="", partnership="north"):
    d = tiny_data(folder, tables)
    s = tiny_scenario(folder, settings).settings
    return Probe(plan_programme(formulate(d, s), s), partnership)


def test_the_effect_from_which_an_intervention_is_bought(tmp_path):
    # No advisers at the start. A place of coaching takes 10 hours of an adviser, 0.01 of 31,000 with recruitment, and
    # £100: £410 for 0.1. One of group work takes £21 + £10 = £31. Money is short of coaching's uptake, so that group
    # work is bought from 0.1 * 31 / 410.
    tables = one_year(workforce={"fte": 0})
    row(tables, "effects", intervention="group_work")["effect"] = 0.005
    row(tables, "years", year="2004-05")["budget"] = 40_000
    asked = probe(tmp_path, tables)
    (found,) = break_evens(Effects(asked, 0))
    assert (found.intervention, found.client_group, found.year) == ("group_work", "at_risk", "")
    assert found.needed == pytest.approx(0.1 * 31 / 410, rel=1e-6)
    assert found.now == 0.005
    assert found.checked


def test_what_may_never_be_bought_says_so(tmp_path):
    tables = one_year(workforce={"fte": 0})
    row(tables, "effects", intervention="group_work")["effect"] = 0.005
    row(tables, "interventions", intervention="group_work")["unit_cost"] = 1_000_000
    row(tables, "years", year="2004-05")["budget"] = 40_000
    (found,) = break_evens(Effects(probe(tmp_path, tables), 0))
    assert found.needed is None


def test_the_range_of_a_grant_by_hand(tmp_path):
    # north between 0.9 and 1.1 of 120,000, south of 80,000; 200,000 together. South takes 72,000 at least, so that
    # north has 128,000 at most; money may stay ungranted, so that north may have 108,000.
    asked = probe(tmp_path, one_year(), "[grants]\nfloor = 0.9\ncap = 1.1\n")
    found = firmness(asked, 0)
    assert found.lowest == pytest.approx(108_000, abs=0.01)
    assert found.highest == pytest.approx(128_000, abs=0.01)
    assert found.lowest <= found.smallest <= found.grant <= found.largest <= found.highest
    amounts = {other.name: other.amount for other in found.others}
    assert amounts["shares as before"] == pytest.approx(120_000)
    assert all(other.lost is not None and other.lost >= 0 for other in found.others)


def test_an_amount_that_the_rules_do_not_allow_is_not_priced(tmp_path):
    # the formula would give north two thirds of 200,000 by young people, 133,333; the cap allows 132,000
    settings = "[grants]\nfloor = 0.8\ncap = 1.1\n[grants.formula]\nyoung_people = 1\narea_costs = false\n"
    found = firmness(probe(tmp_path, one_year(), settings), 0)
    (formula,) = [other for other in found.others if other.name == "formula"]
    assert formula.amount == pytest.approx(200_000 * 2 / 3)
    assert formula.lost is None


def test_a_grant_that_is_set_has_no_range(tmp_path):
    assert firmness(probe(tmp_path, one_year(), '[grants]\ndistribution = "historical"\n'), 0) is None


def test_moving_a_limit_leaves_the_programme_as_it_was(tmp_path):
    asked = probe(tmp_path, one_year(), "[grants]\nfloor = 0.9\ncap = 1.1\n")
    before = asked.best.goal
    asked.side({asked.row(NATIONAL, Place(year="2004-05")): -10_000.0})
    firmness(asked, 0)
    with Effects(asked, 0).times(1.5):
        assert asked.solved().goal > before
    assert asked.solved().goal == pytest.approx(before, rel=1e-9)


CAUTIOUS = '[risk]\nattitude = "cvar"\ncvar_weight = 0.5\ndraws = 50\n'


@pytest.mark.parametrize("settings", ["", CAUTIOUS], ids=["neutral", "cautious"])
def test_effects_that_count_more_give_what_a_programme_made_anew_does(tmp_path, settings):
    asked = probe(tmp_path, one_year(), settings)
    d, s = asked.programme.data, asked.programme.settings
    more = d.effect_multiplier.copy()
    more[0] *= 1.3
    anew = plan_programme(formulate(replace(d, effect_multiplier=more), s), s).best.goal
    with Effects(asked, 0).times(1.3):
        assert asked.solved().goal == pytest.approx(anew, rel=1e-9)


def test_the_effect_from_which_a_cautious_plan_buys(tmp_path):
    # as by hand above: all effects err alike, so that in every draw a place of either is worth the same share of what
    # it is worth at the central effects
    tables = one_year(workforce={"fte": 0})
    row(tables, "effects", intervention="group_work").update(effect=0.005, standard_error=0.001)
    row(tables, "years", year="2004-05")["budget"] = 40_000
    (found,) = break_evens(Effects(probe(tmp_path, tables, f"{CAUTIOUS}common = 1.0\n"), 0))
    assert found.needed == pytest.approx(0.1 * 31 / 410, rel=1e-6)
    assert found.checked


def test_a_cautious_plan_is_explained_and_says_what_its_amounts_count(tmp_path):
    tiny_data(tmp_path, tiny_tables(interventions={"unit_cost": 2_000}))
    plan = api.solve(tiny_scenario(tmp_path, CAUTIOUS))
    found = api.explain(plan, "north")
    assert [year.year for year in found.years] == ["2004-05", "2005-06"]
    said = " ".join(" ".join(line.plain for line in explain_lines(found, 80)).split())
    assert "counts 50 % as at the central effects and 50 % as in the worst draws" in said
    neutral = api.explain(api.solve(tiny_scenario(tmp_path)), "north")
    assert "cautious" not in " ".join(line.plain for line in explain_lines(neutral, 80))


def test_the_smallest_share_rises_with_effects_above_what_uptake_left_it(tmp_path):
    # half of north's 100 take up coaching at 0.1, half of its 400 group work at 0.01: 7 of the 120 who would be NEET;
    # south is left out, and money and posts are no limit
    tables = one_year(partnerships=[tiny_tables()["partnerships"][0]], workforce=tiny_tables()["workforce"][:2])
    tables["young_people"] = [line for line in tables["young_people"] if line["partnership"] == "north"]
    asked = probe(tmp_path, tables, '[goal]\nmeasure = "fairest"\n')
    assert asked.best.goal == pytest.approx(7 / 120, rel=1e-6)
    with Effects(asked, 0).times(2.0):
        assert asked.solved().goal == pytest.approx(14 / 120, rel=1e-6)


def test_the_range_keeps_nine_tenths_of_what_moving_grants_brings(tmp_path):
    # a pound reaches twice as much in north; what moving brings is the best plan less that of a programme made anew
    # with the money of the year, £60,000, shared 120 to 80
    tables = one_year(workforce={"fte": 0})
    row(tables, "partnerships", partnership="north")["effect_multiplier"] = 2
    row(tables, "years", year="2004-05")["budget"] = 60_000
    asked = probe(tmp_path, tables)
    d, s = asked.programme.data, asked.programme.settings
    historical = s.model_copy(update={"grants": s.grants.model_copy(update={"distribution": "historical"})})
    brings = asked.best.goal - plan_programme(formulate(d, historical), historical).best.goal
    assert brings > 0.3
    found = firmness(asked, 0, others=False)
    assert found.given_up == pytest.approx(0.1 * brings, rel=1e-5)  # grants are held to a penny
    assert found.lowest < found.smallest < found.grant
    columns = asked.grant_columns(0, asked.carried_out)
    asked.session.set_bounds(columns, np.zeros(1), np.full(1, found.smallest / 1_000))
    assert asked.solved().goal == pytest.approx(asked.best.goal - 0.1 * brings, rel=1e-6)


@pytest.mark.parametrize(
    ("usual", "limit", "step"),
    [(100_000, 12e6, 100_000), (100_000, 500_000, 100_000), (100_000, 499_000, 10_000), (10, 61, 10), (10, 24, 1),
     (10, 5, 1), (10, 2, 0.1), (10, 0, 10)],
)  # fmt: skip
def test_a_step_is_a_part_of_its_limit(usual, limit, step):
    assert step_within(usual, limit) == pytest.approx(step)


# --- the reference problem -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return api.solve_and_write("settlement", folder=tmp_path_factory.mktemp("explained") / "run")[1]


@pytest.fixture(scope="module")
def black_country(run):
    return api.explain(run, "black_country")


def test_the_grants_of_black_country(black_country):
    grants = [round(year.grant) for year in black_country.years]
    assert grants == pytest.approx([12_239_700, 13_112_378, 13_453_093], abs=1)
    assert [round(year.shares_as_before) for year in black_country.years] == [11_126_955, 11_406_001, 11_690_029]
    assert [round(year.reduction) for year in black_country.years] == [382, 619, 742]
    assert [round(year.reduction_as_before) for year in black_country.years] == [351, 589, 698]
    assert [round(year.grant_real / 1e6, 2) for year in black_country.years] == [12.24, 12.79, 12.81]


def test_what_fixed_them(black_country):
    first, second, third = black_country.years
    (limit,) = first.limits
    assert limit.rule == "max_rise"
    assert (round(limit.more_room.goal, 1), round(limit.less_room.goal, 1)) == (1.3, -1.5)
    for year, worth in ((second, 3.5), (third, 2.9)):
        assert not year.limits
        assert year.elsewhere.goal == pytest.approx(worth, abs=0.05)
        assert 0.9 * worth < year.here.goal <= year.elsewhere.goal  # more is not worth more than where it would go


def test_what_else_binds_there(black_country):
    found = {(row.rule, row.year, row.detail): row for row in black_country.binding}
    qualified, provider = found["qualified", "2006-07", ""], found["channel", "2005-06", "provider"]
    assert (round(qualified.more.goal, 2), round(qualified.less.goal, 2)) == (-0.25, 0.25)
    assert (round(provider.more.goal, 2), round(provider.less.goal, 2)) == (0.26, -0.26)
    assert (provider.limit, provider.step) == (705, 10)


def test_what_is_not_bought_there(black_country):
    found = {(row.intervention, row.client_group, row.year): row for row in black_country.not_bought}
    assert round(found["helpline", "universal", ""].needed, 5) == 0.00023
    assert round(found["work_taster", "at_risk", ""].needed, 4) == 0.0147
    activity = found["activity_agreement", "neet", "2004-05"]
    assert round(activity.needed, 3) == 0.062
    assert round(dict(activity.elsewhere)["2005-06"]) == 312
    assert all(row.checked for row in found.values())


def test_how_firm_it_is(black_country):
    (found,) = black_country.firmness
    assert [round(amount / 1e6, 1) for amount in (found.smallest, found.largest)] == [
        33.3,
        39.6,
    ]  # last year's £33.4m loses 39, a tenth of the 388 that moving brings
    assert not found.all_that_is_allowed  # the lowest allowed is £30.6m
    priced = {other.name: (round(other.amount / 1e6, 1), round(other.lost)) for other in found.others}
    assert priced == {
        "lowest allowed": (30.6, 94),
        # with each year's amount held, too, 46, 30 and 39
        "formula": (33.0, 45),
        "shares as before": (34.2, 24),
        "last year's": (33.4, 37),  # 3 x £11.127m; between the formula's and shares as before
        "highest allowed": (39.6, 2),
    }


def test_what_would_change_it(black_country):
    grants = {at.multiplier: at.grant for at in black_country.at_multiplier}
    assert grants[1.1] == pytest.approx(36.9e6, abs=0.1e6)
    assert grants[0.9] == pytest.approx(35.0e6, abs=0.1e6)
    assert all(grant > black_country.shares_as_before for grant in grants.values())


def test_each_sentence_has_its_number_and_unit(black_country):
    assert "£38.81m" in words.headline(black_country)
    assert "13.4 %" in words.headline(black_country)
    why = dict(words.why_this_number(black_country))
    assert "max_rise" in why["2004-05"]
    assert "£11,127,000" in why["2004-05"]
    assert "1.3 ypy" in why["2004-05"]
    assert "£100,000" in why["2005-06"]
    assert "458" in words.about_the_place(black_country)
    assert "424" in words.about_the_place(black_country)
    assert "36.2" in " ".join(words.redundancies(black_country))
    assert "94 ypy" in " ".join(words.how_firm(black_country))
    said = [words.headline(black_country), *why.values(), *words.how_firm(black_country)[1:]]
    assert all(any(sign.isdigit() for sign in sentence) for sentence in said)  # a line without a number is cut


def test_a_slip_is_met_with_a_suggestion(run, capsys):
    with pytest.raises(UsageError) as caught:
        api.explain(run, "blackcountry")
    assert "black_country" in caught.value.fix
    assert app.run(["explain", str(run), "blackcountry"]) == 2
    assert "black_country" in capsys.readouterr().err


def test_a_run_whose_plan_is_not_what_its_inputs_give_is_refused(run, tmp_path):
    other = tmp_path / "run"
    shutil.copytree(run, other)
    grants = other / "plan" / "grants.csv"
    lines = grants.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if line.startswith("black_country,"))
    cells = lines[number].split(",")
    cells[4] = str(float(cells[4]) + 5)
    lines[number] = ",".join(cells)
    grants.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(RunError):
        api.explain(other, "black_country")


def test_explain_as_json(tmp_path, capsys):
    _, run = api.solve_and_write(tiny_at_the_margin(tmp_path), folder=tmp_path / "run")
    assert app.run(["explain", str(run), "north", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["partnership"] == "north"
    assert {"years", "binding", "not_bought", "firmness", "grant_at_multiplier"} <= set(found)


@pytest.mark.parametrize("words_given", [[], ["norfolk", "--rules"], ["--firmness", "--rules"]])
def test_one_question_at_a_time(run, words_given, capsys):
    assert app.run(["explain", str(run), *words_given]) == 2
    capsys.readouterr()


def test_the_worth_of_more_is_kept_in_the_run(run):
    kept = json.loads((run / "worth.json").read_text(encoding="utf-8"))
    money = [price for price in kept["prices"] if price["of"] == "money" and price["year"]]
    assert [round(price["more"]["goal"], 1) for price in money] == [48.7, 35.4, 28.8]
    assert verify(run).certified  # what is kept beside the plan is in the manifest


def test_a_plan_made_year_on_year_is_explained_year_by_year(tmp_path):
    settings = '[grants]\nfloor = 0.9\nmax_rise = 0.05\n[certainty]\nkind = "year_on_year"\n'
    tiny_data(tmp_path)
    found = api.solve_and_write(tiny_scenario(tmp_path, settings), folder=tmp_path / "run")[1]
    explained = api.explain(found, "North")
    assert [firm.year for firm in explained.firmness] == ["2004-05", "2005-06"]
    assert len(explained.years) == 2


def test_all_partnerships_over_processes_as_in_one(tmp_path):
    tiny_data(tmp_path)
    scenario = tiny_scenario(tmp_path, "[grants]\nfloor = 0.9\ncap = 1.1\n")
    found = api.solve_and_write(scenario, folder=tmp_path / "run")[1]
    ended = []
    one = api.firmness(found, jobs=1, done=lambda n, of: ended.append((n, of)))
    two = api.firmness(found, jobs=2)
    assert ended == [(1, 2), (2, 2)]
    assert [row.partnership for row in one.rows] == ["north", "south"]
    for alone, among in zip(one.rows, two.rows, strict=True):
        assert (among.smallest, among.largest) == pytest.approx((alone.smallest, alone.largest))


def test_other_effects_are_told_by_the_number_by_which_they_count(black_country):
    said = words.what_would_change_it(black_country)
    assert "1.17 times those of the tables" in said
    assert "with 1.29 (10 % more)" in said
    assert "with 1.10;" in said


def test_a_limit_on_a_change_says_from_which_grant(black_country):
    assert "the baseline grant of £11,127,000" in dict(words.why_this_number(black_country))["2004-05"]


def test_where_no_other_amount_would_lose_anything_no_direction_is_firm(black_country):
    (firm,) = black_country.firmness
    nothing = replace(firm, others=tuple(replace(other, lost=0.0) for other in firm.others))
    indifferent = replace(black_country, firmness=(nothing,))
    assert "direction is firm" in words.how_firm(black_country)[0]
    assert "direction is firm" not in " ".join(words.how_firm(indifferent))
    assert "gain" in words.what_would_change_it(black_country)
    assert "gain" not in words.what_would_change_it(indifferent)


def test_an_effect_and_its_break_even_are_told_apart(black_country):
    def said(now, needed):
        one = replace(black_country.not_bought[0], now=now, needed=needed, elsewhere={}, checked=True)
        return words.not_bought(replace(black_country, not_bought=(one,)))[0][1]

    assert said(0.0002, 0.000204) == "0.000200 now, bought from 0.000204"
    assert said(0.0002, 0.0002 * (1 + 1e-9)) == "0.00020 now, at its margin already"
    assert said(0.006, 0.0147) == "0.0060 now, bought from 0.0147"
    assert said(0.0, 0.0) == "0 now, at its margin already"
    assert said(0.0, 2e-6) == "0 now, bought from 2e-6"
    assert said(-0.01, -0.01) == "−0.0100 now, at its margin already"


def test_groups_interventions_and_grades_go_by_their_names(black_country):
    shown = "\n".join(line.plain for line in explain_lines(black_country, 100))
    assert "Activity agreement, for 'Known to be NEET', 2004-05" in shown
    assert "young people of 'Known to be NEET' 2005-06" in shown
    assert "Support worker 29.6 and Personal adviser 6.6" in " ".join(shown.split())
    assert "neet" not in shown
    assert "An effect: young people fewer NEET for each one served" in shown
    assert "ypy: young person-years" in shown


def test_other_amounts_and_multipliers_stand_in_order(black_country):
    (line,) = (said for said in words.how_firm(black_country) if said.startswith("What other amounts"))
    told = [float(part.partition("£")[2].partition("m")[0]) for part in line.partition(": ")[2].split(" · ")]
    assert told == sorted(told)
    assert len(told) == 5
    multiples = [
        float(part.partition(" with ")[2][:4]) for part in words.what_would_change_it(black_country).split(";")
    ]
    assert multiples == sorted(multiples, reverse=True)


def test_what_makes_no_difference_is_told_once(black_country):
    same = tuple(replace(at, grant=black_country.grant) for at in black_country.at_multiplier)
    assert "the grant would be £38.8m still, from 0.90 to 1.29 times." in words.what_would_change_it(
        replace(black_country, at_multiplier=same)
    )
    facts = tuple(replace(fact, grant=black_country.grant) for fact in black_country.facts)
    said = words.about_the_place(replace(black_country, facts=facts))
    assert said.endswith("Were any one of these the country's, the grant would be £38.8m still.")


def test_where_soft_rules_fall_short_other_amounts_say_how_much_further(tmp_path):
    # Of £60,000 North's fixed costs take £10,000 and South's; a target of half the 160 NEET is far off, and South
    # brings 20 with £50,000, North 10: each £2,000 more for North, in place of South, is 1 - 0.5 fewer of 80 asked for
    target = {"scope": "national", "name": "", "year": "2004-05", "max_neet": None, "reduction_share": 0.5}
    tiny_data(tmp_path, two_partnerships(targets=[target]))
    found = api.explain(api.solve(tiny_scenario(tmp_path, FINAL_YEAR + '[rules]\nsoft = ["target"]\n')), "north")
    (firm,) = found.firmness
    assert firm.shortfall == pytest.approx((80 - 20) / 80)
    (before,) = (other for other in firm.others if other.name == "shares as before")
    assert before.amount == pytest.approx(30_000)  # 20,000 more, of which South loses 10 and North gains 5
    assert before.soft == pytest.approx(5 / 80, abs=1e-6)
    said = " ".join(words.how_firm(found))
    assert "shares as before £30k soft rules 6.25 points further short" in said
    assert "not allowed" not in said
    assert "Soft rules come first: points are hundredths" in words.points_explained(found)


def test_what_rounds_to_nothing_has_no_sign(black_country):
    one = replace(black_country.binding[0], more=GoalChange(4e-3, 0.0), less=GoalChange(-4e-3, 0.0))
    ((_, more, less),) = words.what_else_binds(replace(black_country, binding=(one,)))
    assert (more, less) == ("0", "0")


def test_an_explanation_fits_a_terminal_of_80_columns(black_country):
    assert max(len(line.plain.rstrip()) for line in explain_lines(black_country, 80)) <= 80


def test_a_plan_is_explained_as_its_run_is(run, tmp_path):
    plan = api.solve(tiny_at_the_margin(tmp_path))
    by_run = api.explain(write_run(plan, tmp_path / "run"), "north")
    assert api.explain(plan, "north").to_dict() == by_run.to_dict()
    assert api.firmness(plan, jobs=1).to_dict() == api.firmness(tmp_path / "run", jobs=1).to_dict()
    assert api.rule_costs(plan).to_dict() == api.rule_costs(tmp_path / "run").to_dict()


def tiny_at_the_margin(folder):
    tables = tiny_tables()
    tables["interventions"][0]["unit_cost"] = 3_000  # money is short
    tiny_data(folder, tables)
    return tiny_scenario(folder, "[grants]\nfloor = 0.9\n")


@pytest.mark.parametrize("ask", [api.firmness, api.rule_costs, lambda run: api.explain(run, "north")])
def test_what_is_neither_run_nor_plan_is_refused(ask):
    with pytest.raises(UsageError):
        ask(5)


def test_what_is_carried_on_is_told_in_pounds(tmp_path):
    # all grants are 0.9 of £100,000 a year, and of the first year's a tenth is carried into a dear second
    tables = tiny_tables()
    row(tables, "years", year="2005-06")["budget"] = 20_000
    tiny_data(tmp_path, tables)
    settings = '[grants]\ndistribution = "historical"\n[budget]\ncarry_forward_limit = 0.1\n'
    found = api.explain(api.solve(tiny_scenario(tmp_path, settings)), "north")
    (binding,) = [one for one in found.binding if one.rule == "carry_forward"]
    assert binding.unit == "£"
    assert binding.limit == 0  # carry - 0.1 * grant <= 0
    assert binding.step == 1_000  # of the £9,000 that may be carried
    assert any("carried into the next year 2004-05, £1,000" in what for what, _, _ in words.what_else_binds(found))


# --- what sets a partnership apart, and what would end a loss --------------------------------------------------------


def test_the_because_of_the_margin_names_what_is_not_as_in_the_country(black_country):
    found = {fact.fact: fact for fact in black_country.facts}
    # 5,100 NEET of the first year for a baseline grant of £11.127m; 188,969 for the £446.6m of all
    assert 1e6 * found["need"].here == pytest.approx(458, abs=0.5)
    assert 1e6 * found["need"].country == pytest.approx(424, abs=0.5)
    assert found["multiplier"].here == 1.17
    said = words.about_the_place(black_country)
    assert "458 young people are NEET here for each £1m of last year's grant (the country 424)" in said
    assert "Were one of these the country's, the grant would be" in said


def test_a_grant_with_the_countrys_multiplier_is_that_of_data_that_say_so(black_country, run):
    # by a second way: the tables with another multiplier, planned from nothing
    (fact,) = (fact for fact in black_country.facts if fact.fact == "multiplier")
    side = side_of(run)
    p = side.data.partnerships.index("black_country")
    multipliers = side.data.effect_multiplier.copy()
    multipliers[p] = fact.country
    figures, _ = plan_data(replace(side.data, effect_multiplier=multipliers), side.settings)
    assert fact.grant == pytest.approx(figures.grant[p].sum(), abs=2_000)


def test_no_loss_has_no_end(black_country):
    assert black_country.ends_of_loss == ()
    assert words.what_would_end_the_loss(black_country) == ""


def test_what_ends_a_loss_ends_it_and_a_step_less_does_not(run):
    loser = api.explain(run, "south_central")
    assert loser.grant < loser.shares_as_before
    side = side_of(run)
    p = side.data.partnerships.index("south_central")
    ends = {end.fact: end for end in loser.ends_of_loss}
    assert set(ends) == {"multiplier", "need", "fixed cost"}
    for fact, column in (("multiplier", "effect_multiplier"), ("fixed cost", "fixed_cost")):
        end = ends[fact]
        for needed, enough in ((end.needed, True), (end.needed - 0.01 * end.now, False)):
            changed = getattr(side.data, column).copy()
            changed[p] = needed
            figures, _ = plan_data(replace(side.data, **{column: changed}), side.settings)
            assert bool(figures.grant[p].sum() >= loser.shares_as_before - 500) is enough
    said = words.what_would_end_the_loss(loser)
    assert "Any one of these alone ends the loss on shares as before: effects that count" in said
    assert "NEET young people here (4,803 in the first year now)" in said


def test_need_grows_with_a_group_all_of_whom_are_neet_and_never_beyond_the_young_people(tmp_path):
    d = tiny_data(tmp_path, one_year())  # north: 80 of 100 known to be NEET, 40 of 400 at risk
    groups = [d.client_groups.index(group) for group in ("neet", "at_risk")]
    more = _changed(d, 0, "need", 2.0)
    assert more.neet[0, 0, groups].tolist() == [100, 80]
    assert more.young_people[0, 0, groups].tolist() == [100, 400]
    all_neet = _changed(replace(d, neet=d.young_people), 0, "need", 0.5)
    assert all_neet.neet[0, 0, groups].tolist() == all_neet.young_people[0, 0, groups].tolist() == [50, 200]


def test_a_limit_of_the_planners_own_holds_a_grant_up_or_down_under_its_own_name(tmp_path):
    # of £60,000; an adviser in south brings twice what one in north does
    for side, of_whom, said in (
        (
            "least",
            "north",
            "Without limit own you would get less: it holds your grant up at £27k (",
        ),
        (
            "most",
            "south",
            "Without limit own you would get more: it holds your grant down at £33k (",
        ),
    ):
        amount = {"least": 27_000, "most": 33_000}[side]
        line = {**limit("own", "grant", scope="partnership", name=of_whom), side: amount}
        tiny_data(tmp_path, two_partnerships(limits=[line]))
        found = api.explain(api.solve(tiny_scenario(tmp_path, FINAL_YEAR)), of_whom)
        assert [one.rule for one in found.years[0].limits] == ["limit own"]
        assert words.why_this_number(found)[0][1].startswith(said)


@pytest.mark.parametrize("amount", [0, 180_000, 200_000, 220_000, 240_000, 500_000])
def test_another_amount_costs_what_a_limit_to_it_costs_where_soft_rules_fall_short(tmp_path, amount):
    tables = tiny_tables()
    tables["interventions"][0]["unit_cost"] = 3_000  # money is short of the minimum
    settings = "[grants]\nfloor = 0.8\n[local]\nmin_reduction = 0.09\n"
    asked = probe(tmp_path / "plan", tables, settings)
    assert asked.best.soft > 0.01
    lost, soft = _lost(asked, asked.grant_columns(0, asked.carried_out), amount)
    held = {"limit": "held", "scope": "partnership", "name": "north", "each": "true", "year": "total", "of": "grant"}
    held |= {"intervention": None, "client_group": None, "least": amount, "most": amount}
    try:
        other = probe(tmp_path / "held", tables | {"limits": [held]}, settings).best
    except NoPlan:
        assert lost is None
        return
    assert lost is not None
    assert soft == pytest.approx(other.soft - asked.best.soft, abs=1e-6)
    assert lost == pytest.approx(asked.best.goal - other.goal, abs=1e-3)
    assert asked.stages.session.size == asked.stages.size  # nothing is left behind


def test_what_room_does_to_soft_rules_is_a_clause_of_its_own():
    def said(more, less, sense):
        limit = Limit("max_rise", 1e6, more, less, ("",), sense)
        year = SimpleNamespace(year="2005-06", step=10_000.0, last_year=9e5)
        e = SimpleNamespace(
            measure="cumulative", years=[SimpleNamespace(year="2004-05"), year], settings=Settings(title="Tiny")
        )
        return words._limit(e, year, limit)

    soft = said(GoalChange(2.0, -0.0116), GoalChange(-2.0, 0.0127), "<=")
    assert "with £10,000 more room soft rules would fall 1.16 points less short" in soft
    assert "with £10,000 less soft rules would fall 1.27 points more short" in soft
    assert "£10,000 more room would bring 2.0 ypy, £10,000 less would lose 3.0 ypy" in said(
        GoalChange(2.0, 0.0), GoalChange(-3.0, 0.0), "<="
    )
    assert "£10,000 less here would bring 2.0 ypy elsewhere" in said(GoalChange(2.0, 0.0), None, ">=")


def test_where_a_step_does_better_on_one_side_it_is_said_why_nothing_is_moved():
    def said(here, elsewhere):
        sides = {"here": GoalChange(here, 0.0), "elsewhere": GoalChange(elsewhere, 0.0)}
        year = SimpleNamespace(year="2004-05", step=10_000.0, limits=(), **sides)
        return words._why(SimpleNamespace(measure="cumulative"), year)

    assert words.NO_BETTER_MOVED in said(3.0, 2.0)
    assert words.NO_BETTER_MOVED in said(2.0, 3.0)
    assert words.NO_BETTER_MOVED not in said(2.0, 2.1)


def test_a_very_small_programme_has_amounts_that_lose_something(black_country):
    # What moving grants brings is 0.06 young person-years: a tenth of it is all that good plans give up.
    (firm,) = black_country.firmness
    others = tuple(replace(other, lost=0.004) for other in firm.others)
    small = replace(black_country, firmness=(replace(firm, others=others, given_up=0.006),))
    said = " ".join(words.how_firm(small))
    assert "Not at all" not in said
    assert "0.004 ypy" in said
    less = replace(firm, others=tuple(replace(other, lost=0.00004) for other in firm.others), given_up=0.006)
    assert "Not at all" in " ".join(words.how_firm(replace(black_country, firmness=(less,))))
