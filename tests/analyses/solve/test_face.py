"""The summary as it is read: what stands where, at each width, and the unwelcome said unprompted."""

import io
import re
from dataclasses import replace

import pytest

from allocator.analyses.solve.face import (
    NOT_WORKED_OUT,
    SECTIONS,
    _offer,
    advisers,
    headline,
    money,
    money_sentences,
    proved,
    reduction_sentences,
    reductions,
    summary_lines,
    write,
    write_first,
)
from allocator.analyses.solve.face_of_gains import movers_lines
from allocator.analyses.solve.face_of_soft_rules import kept_sentence, soft_lines
from allocator.analyses.solve.face_of_worth import sentences, spared, worth_lines
from allocator.analyses.solve.summary import SoftRow, SoftRule, summarise
from allocator.api import solve
from allocator.outputs import goal_amounts as amounts
from allocator.runs.findings import Fixed, GivenUpOtherwise, GoalChange, Price, Reasons, Worth
from allocator.runs.plan import AS_BEFORE, REASONS
from allocator.solving.solution import GivenUp
from allocator.units import pounds, pounds_short
from tests.helpers.builders import tiny_data, tiny_scenario, tiny_tables
from tests.helpers.paper_plan import SETTINGS, TARGETS, paper_plan


def text(plan, width=100):
    return "\n".join(line.plain.rstrip() for line in summary_lines(plan, summarise(plan), width))


def words(plan, width=100):
    return " ".join(text(plan, width).split())


@pytest.fixture
def plan(tmp_path):
    return paper_plan(tmp_path)


def test_the_sections_in_the_order_of_reading(plan):
    shown = text(plan)
    order = [
        "A plan on paper",
        "NEET REDUCTION",
        "MONEY, £m",
        "ADVISERS, FTE",
        "WHO GAINS, WHO LOSES",
        "SOFT RULES",
        "RULES NAMED",
        "EVIDENCE",
    ]
    assert [shown.index(heading) for heading in order] == sorted(shown.index(heading) for heading in order)
    # the worth of more stands only where a plan was asked again, the price of caution only where a plan is cautious
    assert len(SECTIONS) == len(order) + 2


def test_a_plan_without_a_certificate_says_so_first(plan):
    assert "NOT CERTIFIED: it was made by hand" in text(plan).split("NEET REDUCTION")[0]
    assert "Optimal" not in text(plan)


def test_reductions_and_the_target(plan):
    assert "NEET REDUCTION 16 young person-years (ypy) over three years, one of them without new places" in words(plan)
    # 7.5 of 180 NEET; 7.2 were required
    assert "2004-05 5.0 2.8 % – 2005-06 7.5 4.2 % 7.2 met" in words(plan)


def test_without_shares_as_before_nothing_is_compared_with_them(plan):
    assert "difference" not in text(plan)
    assert "With shares as before no plan keeps the rules." in words(plan)


def test_what_is_not_spent_never_stands_without_its_holders(plan):
    fixed = Fixed("north", "2004-05", ("max_rise",), "<=", 10_000.0, GoalChange(0.1, 0.0))
    reasons = Reasons(Worth("cumulative", 1.0, (), 0.0, None), (), fixed=(fixed,))
    said = words(replace(plan, reasons=reasons))
    assert "Carried into the next year: £6k (North £6k). max_rise fixed their grants of those years." in said
    assert "Given back: £114k (North £68k; South £46k)." in said


def test_posts_lost_and_redundancies_are_said(tmp_path):
    plan = paper_plan(tmp_path)
    plan.solution.figures.redundancies[1, 1, 0] = 1.2  # few are told as the table has them
    assert "1.2 redundancies in 2005-06 cost" in words(plan)
    start, end = summarise(plan).advisers[0].in_post, summarise(plan).advisers[-1].in_post
    assert (start, end) == (5, pytest.approx(4.45))
    assert "! 0.5 fewer in post in 2005-06 than at the start" in words(plan)
    plan.solution.figures.redundancies[1, 1, 0] = 1
    assert "1 redundancy in 2005-06 costs" in words(plan)


def test_posts_are_not_called_plentiful_where_money_is_given_back(plan):
    assert "At most 4.5 posts are filled, 22 % of the limit." in words(plan)
    assert "money is short" not in words(plan)


def test_gains_and_losses(plan):
    said = words(plan)
    # north 126 of 120 and 124 of 126, south 74 of 80 and 76 of 74 (£ thousand); both years 250 of 240 and 150 of 160
    assert "on last year, 2004-05 1 0 0 1 0 on last year, 2005-06 0 1 0 1 0 in real terms 0 1 0 1 0" in said
    assert "on shares as before 1 0 0 1 0" in said
    assert "On shares as before, each year's money by baseline grant, £10k (2.5 %) moves over two years." in said
    assert "The deepest cut on last year is 7.5 %: South in 2004-05." in said
    assert "in force" not in said


def test_the_columns_of_money_and_advisers_add_up_as_they_are_printed(plan):
    summary = summarise(plan)
    start, first = (replace(row, turnover=0.0) for row in summary.advisers[:2])
    # 10.04 + 0.04 - 0.98 - 0.04 = 9.06 would be printed 10.0 + 0 - 1.0 - 0 = 9.1: turnover is told as 0.9
    start = replace(start, in_post=10.04)
    first = replace(first, in_post=9.06, joining=0.04, turnover=0.98, redundant=0.04)
    shown = replace(summary, advisers=(start, first, *summary.advisers[2:]))
    told = [line.plain.split() for line in advisers(plan, shown, 100)]
    assert next(line for line in told if line[0] == "2004-05")[1:5] == ["9.1", "0", "0.9", "0"]
    # £1.004m = £0.996m + £0.008m would be printed 1.00 = 1.00 + 0.01: what is spent is told as 0.99
    year = replace(summary.money[0], available=1.004e6, granted=1.004e6, spent=0.996e6, carried=0.008e6, lapsed=0.0)
    line = next(line.plain.split() for line in money(plan, replace(summary, money=(year,)), 100) if year.year in line)
    assert float(line[-4]) == pytest.approx(float(line[-3]) + float(line[-2]) + float(line[-1]), abs=1e-9)
    # what is not rounding is told as it is
    year = replace(year, spent=0.9e6)
    line = next(line.plain.split() for line in money(plan, replace(summary, money=(year,)), 100) if year.year in line)
    assert line[-3] == "0.90"


def test_soft_rules_that_fall_short_come_first_and_by_name(plan):
    said = words(plan)
    assert (
        "SOFT RULES local_minimum: 1 of 2 falls short, by 3.0 young people: South 3.0 of 3.0. kept: target 2005-06"
        in said
    )


def test_soft_rules_all_kept(tmp_path):
    plan = paper_plan(tmp_path, SETTINGS.replace("min_reduction = 0.05", "min_reduction = 0.0"))
    # a requirement of nothing has no row to tell of
    assert "SOFT RULES all kept: target 2005-06" in words(plan)
    assert "local_minimum" not in words(plan)


def test_a_missed_target_is_called_missed(tmp_path):
    plan = paper_plan(tmp_path, targets=[{**TARGETS[0], "reduction_share": 0.05}])
    assert "9.0 missed" in text(plan)
    assert "target: 1 of 1 falls short, by 1.5 young people: the country 1.5 of 9.0" in words(plan)  # 7.5 of 9


def test_evidence_counts_what_is_assumed(plan):
    assert (
        "2 of 4 kinds of input are assumed in whole or in part, the effects among them; 1 derived, 1 published."
        in words(plan)
    )


def test_without_sources_that_is_said(tmp_path):
    assert "which inputs are assumed is not known" in words(paper_plan(tmp_path, sources=None))


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ("final_year", "7.5 young people fewer NEET at the end of 2005-06"),
        ("fairest", "0 fewer NEET at the end of 2005-06 in South, which gets least"),
        # 142,000 + 144,000
        ("least_cost", "£286k spent, as little as can be (base-year prices)"),
        # 16.25 x 10,000 - 286,000
        ("benefit", "−£124k net present value (base-year prices)"),
    ],
)
def test_each_goal_has_its_words(tmp_path, measure, said):
    settings = SETTINGS.replace("[goal]", f'[goal]\nmeasure = "{measure}"\nbenefit_per_neet = 10_000')
    assert said in words(paper_plan(tmp_path, settings))


def test_averages_name_their_prices_and_rate(tmp_path):
    settings = SETTINGS.replace("discount_rate = 0.0", "discount_rate = 0.25")
    # (142,000 + 0.8 x 144,000) / (5 + 0.8 x 7.5 + 0.64 x 3.75) = 257,200 / 13.4
    assert "On average one ypy costs £19,194 (2004-05 prices, discounted at 25 %)." in words(
        paper_plan(tmp_path, settings)
    )


@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_line_is_wider_than_its_terminal(plan, width):
    assert max(len(line) for line in text(plan, width).splitlines()) <= width


def test_what_gives_way_at_80_columns(plan):
    wide, narrow = text(plan, 160), text(plan, 80)
    assert "│" in wide
    grants = [line.plain for line in movers_lines(plan, summarise(plan), 160)]
    assert " ".join(grants[-3].split()).startswith("£m £m £m £m")  # and the grants by year, where there is room
    for section in ("NEET REDUCTION", "MONEY, £m", "ADVISERS, FTE", "fixed by", "SOFT RULES"):
        assert section in narrow


def test_long_names_take_a_second_line(tmp_path):
    name = "Milton Keynes, Oxfordshire, Buckinghamshire and Northamptonshire"
    tables = [
        {"partnership": key, "name": shown, "region": "R", "baseline_grant": grant, "fixed_cost": 10_000}
        | {"area_cost_factor": 1, "effect_multiplier": 1, "map_column": None, "map_row": None}
        for key, shown, grant in (("north", name, 120_000), ("south", "South", 80_000))
    ]
    narrow = " ".join(text(paper_plan(tmp_path, partnerships=tables), 80).partition("fixed by")[2].split())
    for word in name.split():
        assert word in narrow


def with_shares_as_before(plan):
    """The plan beside one with shares as before that reaches ten times as much."""
    worked = plan.recomputed
    return replace(
        plan,
        as_before=replace(worked, goal=10 * worked.goal, reduction=10 * worked.reduction, lasting=10 * worked.lasting),
    )


def test_shares_as_before_that_no_plan_may_give_are_called_so(tmp_path):
    # with 1.2 times the money every share is 1.2 times the baseline grant in the first year, 5 % are allowed
    plan = with_shares_as_before(paper_plan(tmp_path, SETTINGS.replace("[budget]", "[budget]\nscale = 1.2")))
    said = words(plan)
    assert "fewer than shares as before. But no plan of this scenario may keep to shares as before" in said
    assert "they would break max_rise in 2 partnerships." in said


def test_shares_as_before_that_keep_the_rules_are_not_called_impossible(tmp_path):
    plan = with_shares_as_before(paper_plan(tmp_path))
    assert summarise(plan).broken_as_before == ()
    assert "may keep to shares as before" not in words(plan)


def test_the_fairest_plan_says_what_the_country_reaches(tmp_path):
    settings = SETTINGS.replace("[goal]", '[goal]\nmeasure = "fairest"')
    plan = with_shares_as_before(paper_plan(tmp_path, settings))
    # 5 + 7.5 + 3.75, and ten times as much
    said = "In all the plan reaches 16 young person-years over three years, 146 fewer than with shares as before."
    assert said in words(plan)


def test_targets_of_places_are_counted_beside_those_of_the_nation(tmp_path):
    # South serves nobody
    own = {"scope": "partnership", "name": "south", "year": "2005-06", "max_neet": None, "reduction_share": 0.01}
    plan = paper_plan(tmp_path, targets=[TARGETS[0], own])
    assert "1 of 1 target of regions and partnerships is missed: SOFT RULES names them." in words(plan)
    assert "of regions and partnerships" not in words(paper_plan(tmp_path))


def test_young_people_who_count_for_nothing_are_pointed_out(tmp_path):
    for benefit, told in ((0, True), (10_000, False)):
        settings = SETTINGS.replace("[goal]", f'[goal]\nmeasure = "benefit"\nbenefit_per_neet = {benefit}')
        assert ("goal.benefit_per_neet is 0" in words(paper_plan(tmp_path, settings))) is told


def test_kept_guarantees_name_their_unit_and_their_number(plan):
    rows = tuple(SoftRow(f"Place {n}", "2004-05", 139.0, 180.0 + n, None) for n in range(1350))
    shown = replace(summarise(plan), soft=(SoftRule("guarantee", rows, ()),))
    said = " ".join(" ".join(line.plain for line in soft_lines(plan, shown, 100)).split())
    assert said == (
        "SOFT RULES all kept: guarantee by all 1,350, the closest Place 0 2004-05 with 180 places of 139 asked for."
    )


def price(less, more, soft=0.0, goal=0.0):
    return Price("money", "2004-05", 1e6, GoalChange(goal, soft), GoalChange(-goal, soft), (less, more), 2e6, 2e6)


def test_a_price_that_holds_nowhere_is_said_in_words(plan):
    prices = (price(0.0, 0.0, goal=1.5), price(-2e6, 0.0, goal=1.5))
    told = text(replace(plan, reasons=Reasons(Worth("cumulative", 1.0, prices, 0.0, None), ())))
    assert "not for £1m" in told
    assert "−£2m to £0" in told
    assert "£0 to £0" not in told


def test_a_shortfall_that_changes_is_never_told_as_nothing():
    tiny = Worth("cumulative", 1.0, (price(0.0, 0.0, 1e-6),), 5.0, GoalChange(0.0, 1e-6))
    assert "by less than 0.01 points more" in " ".join(sentences(tiny))
    without = "Without any redundancy soft rules would fall short by less than 0.01 points"
    assert spared(tiny, short=False) == f"{without} of what they ask."
    assert spared(tiny, short=True) == f"{without} more of what they ask."


@pytest.mark.parametrize(("certainty", "together"), [("settlement", True), ("year_on_year", False)])
def test_only_years_planned_together_are_said_to_be_the_best_together(tmp_path, certainty, together):
    tiny_data(tmp_path)
    plan = solve(tiny_scenario(tmp_path, "", f"certainty.kind={certainty}"))
    assert plan.certified
    said = " ".join(line.plain.strip() for line in headline(plan, summarise(plan), 100))
    assert ("no plan that keeps the rules does better" in said) is together
    assert ("each year's plan by itself" in said) is not together


def test_what_was_changed_for_a_run_is_said_at_its_head(tmp_path):
    tiny_data(tmp_path)
    changed = solve(tiny_scenario(tmp_path, "", "budget.scale=0.97", "goal.tail_years=1"))
    head = " ".join(line.plain.strip() for line in headline(changed, summarise(changed), 100))
    assert "Changed for this run: budget.scale=0.97, goal.tail_years=1." in head


def test_a_weighted_goal_says_so_beside_every_amount_and_what_it_is_unweighted(tmp_path):
    settings = SETTINGS.replace("[goal]", "[goal]\nweights = {north = 2.0}")
    shown = words(paper_plan(tmp_path, settings))
    assert "weighted young person-years (weighted ypy) over three years" in shown
    assert "; unweighted 16 " in shown  # as without weights
    assert "On average one young person-year, unweighted, costs" in shown
    (line,) = sentences(
        Worth(
            "weighted cumulative",
            9.0,
            (Price("money", "", 1e6, GoalChange(1.5, 0.0), GoalChange(-1.6, 0.0), None, 9e6, 9e6),),
            0.0,
            None,
        )
    )
    assert (
        line
        == "The next £1m in every year brings 1.5 weighted ypy; £1m less in every year would lose 1.6 weighted ypy."
    )


def test_weights_of_one_are_no_weights(tmp_path):
    assert "weighted" not in words(paper_plan(tmp_path, SETTINGS.replace("[goal]", "[goal]\nweights = {north = 1.0}")))


def test_a_plan_under_which_more_are_neet_says_what_below_zero_is(plan):
    summary = summarise(plan)
    worse = replace(summary, reductions=tuple(replace(row, reduction=-3.0) for row in summary.reductions))
    shown = " ".join(line.plain for line in reductions(plan, worse, 100))
    assert "Below zero is a rise" in shown
    assert "No effect of the tables is above 0" not in shown
    harmful = replace(plan, data=replace(plan.data, effect=-plan.data.effect))
    shown = " ".join(" ".join(line.plain for line in reductions(harmful, worse, 100)).split())
    assert "No effect of the tables is above 0" in shown


def test_the_money_of_one_year_that_is_worth_nothing_says_why():
    def price(year, goal, used):
        return Price("money", year, 1e6, GoalChange(goal, 0.0), GoalChange(-goal, 0.0), (-1e6, 1e6), 9e6, used)

    said = sentences(Worth("benefit", 9.0, (price("2004-05", 2e5, 9e6), price("2005-06", 0.0, 5e6)), 0.0, None))
    assert said == ["Money of 2005-06 is worth nothing more or less: £4.00m of it is not used."]


def test_what_is_given_up_is_said_and_the_certificate_claims_no_more(plan):
    given = replace(plan.solution, given_up=(GivenUp("", 20.0, 0.2, 0.1),), left_out=("south",))
    settings = plan.scenario.settings
    goal = settings.goal.model_copy(update={"give_up": 0.01})
    scenario = replace(plan.scenario, settings=settings.model_copy(update={"goal": goal}))
    quiet = replace(plan, solution=given, scenario=scenario)
    shown = " ".join(" ".join(line.plain for line in reductions(quiet, summarise(quiet), 100)).split())
    assert "Given up: 0 ypy (0.50 % of 20 ypy), of 1 % that goal.give_up allows" in shown
    assert "Left out of the smallest share, since nothing that is offered can help them: " in shown
    said = proved(quiet, replace(summarise(quiet), soft=()))
    assert said.startswith(
        "Certified: no plan that keeps the rules reaches more than 20 ypy; of that this one gives up"
    )
    assert "Optimal" not in said


def test_one_per_cent_is_offered_where_it_ends_all_redundancies(plan):
    def offered(redundancies, moves, **changes):
        worth = Worth("cumulative", 1_000.0, (), 5.0, GoalChange(-6.0, 0.0))
        other = GivenUpOtherwise(0.01, redundancies, moves)
        return _offer(replace(plan, reasons=Reasons(worth, (), otherwise=other), **changes))

    # north's grants are £10,000 more over both years than its shares as before, £240,000
    ended = "So one per cent of the goal buys an end to all redundancies"
    assert offered(0.0, None) == f"{ended}: --set goal.give_up=0.01."
    assert offered(0.0, 4_000.0) == f"{ended}, and grants that hardly move (£4k and not £10k): --set goal.give_up=0.01."
    assert offered(0.0, 8_000.0) == f"{ended}, and grants that move less (£8k and not £10k): --set goal.give_up=0.01."
    assert offered(0.0, 9_500.0) == f"{ended}: --set goal.give_up=0.01."
    assert offered(2.0, 4_000.0) == ""
    near = replace(plan.recomputed, goal=plan.recomputed.goal * 0.9995)
    assert offered(0.0, 4_000.0, as_before=near) == ""  # moving grants brings next to nothing here


class Terminal(io.StringIO):
    """Somebody who waits."""

    def isatty(self):
        return True


def test_on_a_terminal_the_plan_itself_stands_there_before_more_is_asked(plan, monkeypatch):
    unasked = replace(plan, reasons=None, as_before=None, unanswered=(AS_BEFORE, REASONS))
    first, rest = Terminal(), Terminal()
    monkeypatch.setattr("sys.stdout", first)
    write_first(unasked)
    monkeypatch.setattr("sys.stdout", rest)
    write(plan, None)
    early, late = (re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue()) for stream in (first, rest))
    assert ["NEET REDUCTION" in early, "MONEY, £m" in early, "ADVISERS, FTE" in early] == [True] * 3
    assert "shares as before" not in early.replace("with shares", "")
    assert ["MONEY, £m" in late, "ADVISERS, FTE" in late] == [False, False]
    assert "WHO GAINS, WHO LOSES" in late
    summary = summarise(plan)
    told = " ".join(f"{early} {late}".split())
    for sentence in (*reduction_sentences(plan, summary), *money_sentences(plan, summary)):
        assert " ".join(sentence.split()) in told
    monkeypatch.setattr("sys.stdout", rest := Terminal())
    write(unasked, None)  # as where Ctrl-C ended what was asked
    assert NOT_WORKED_OUT in " ".join(rest.getvalue().split())


def test_pounds_in_which_people_are_weighted_say_so():
    assert amounts.said(4.9e6, "weighted benefit") == "£4.9m weighted"
    assert amounts.told(4.9e6, "benefit") == "£4.9m"
    prices = tuple(
        Price("money", year, 1e6, GoalChange(88e3, 0.0), GoalChange(-101e3, 0.0), None, 2e6, 2e6) for year in ("a", "")
    )
    assert sentences(Worth("weighted benefit", 1e6, prices, 0.0, None))[0] == (
        "The next £1m in every year brings £88k weighted; £1m less in every year would lose £101k weighted."
    )


def test_a_weighted_benefit_is_told_unweighted_beside_it_in_its_own_unit(tmp_path):
    goal = '[goal]\nmeasure = "benefit"\nbenefit_per_neet = 20000'
    settings = SETTINGS.replace("[goal]", goal) + "[goal.weights]\nnorth = 2\n"
    plan = paper_plan(tmp_path, settings)
    # 5 + 7.5 + 3.75 young person-years at £20,000, all of north, less £142,000 and £144,000 spent
    assert summarise(plan).person_years == pytest.approx(16.25)
    spent = summarise(plan).spending
    assert f"unweighted {pounds_short(16.25 * 20_000 - spent)}" in words(plan)
    assert pounds_short(2 * 16.25 * 20_000 - spent) in words(plan)


def test_the_average_cost_stands_beside_that_of_the_next(plan):
    def priced(year, more):
        return Price("money", year, 10_000.0, GoalChange(more, 0.0), GoalChange(-more, 0.0), None, 1e6, 1e6)

    prices = (priced("2004-05", 0.3), priced("2005-06", 0.2), priced("", 0.5))
    asked = replace(plan, reasons=Reasons(Worth("cumulative", 16.25, prices, 0.0, None), ()))
    summary = summarise(asked)
    spent = replace(summary, lapsed=replace(summary.lapsed, total=0.0))
    average = pounds(summary.spending / 16.25)
    # £10,000 in each of two years, prices the same and nothing discounted, bring half a year
    said = f"On average one ypy costs {average}, and the next £40,000 (2004-05 prices)."
    assert said in reduction_sentences(asked, spent)
    # some of the money is given back as it is, so that less than all of a step would be spent
    assert f"On average one ypy costs {average} (2004-05 prices)." in reduction_sentences(asked, summary)


def test_of_targets_of_several_years_the_closest_is_named_with_its_year(plan):
    rows = (SoftRow("", "2004-05", 5.0, 6.0, 180.0), SoftRow("", "2005-06", 7.0, 7.5, 180.0))
    said = kept_sentence(replace(summarise(plan), soft=(SoftRule("target", rows, ()),)))
    assert said == "all kept: target by all 2, the closest the country 2005-06 at 4.2 %."


def test_the_prices_of_a_very_small_programme_are_not_told_as_nothing(plan):
    def priced(year, more):
        return Price("money", year, 100.0, GoalChange(more, 0.0), GoalChange(-more, 0.0), None, 1e6, 1e6)

    worth = Worth(
        "cumulative", 16.25, (priced("2004-05", 0.0036), priced("2005-06", 0.0014), priced("", 0.005)), 0, None
    )
    asked = replace(plan, reasons=Reasons(worth, ()))
    said = " ".join(" ".join(line.plain for line in worth_lines(asked, summarise(asked), 100)).split())
    assert "money of 2004-05 +0.004 ypy −0.004 ypy" in said
    assert "money of 2005-06 +0.001 ypy −0.001 ypy" in said
    assert "The next £100 in every year brings 0.005 ypy" in said


def test_posts_of_a_very_small_programme_are_told_with_a_decimal(plan):
    posts = Price("posts", "2004-05", 0.001, GoalChange(0.0, 0.0), GoalChange(0.0, 0.0), None, 0.88, 0.73)
    assert "0.7 of 0.9 posts are used at most" in " ".join(sentences(Worth("cumulative", 6.0, (posts,), 0.0, None)))


def test_what_helps_nobody_is_said_where_nothing_is_reached(tmp_path):
    plan = paper_plan(tmp_path)
    plan = replace(plan, data=replace(plan.data, effect=plan.data.effect * 0))
    nobody = tuple(replace(row, reduction=0.0) for row in summarise(plan).reductions)
    told = " ".join(line.plain.strip() for line in reductions(plan, replace(summarise(plan), reductions=nobody), 100))
    assert "! No effect of the tables is above 0: nothing that can be bought helps anybody." in told
    assert "Below zero is a rise" not in told


def test_of_a_limit_on_posts_that_is_off_nothing_is_filled(tmp_path):
    off = SETTINGS.replace("[rules]", '[rules]\noff = ["headcount"]')
    said = words(paper_plan(tmp_path, off))
    assert "At most 4.5 posts are filled, and no limit on posts is on." in said
    assert "of the limit" not in said
    scarce = tiny_tables()["years"]
    scarce = [{**line, "headcount_limit": 1} for line in scarce]
    assert "The limit on posts is reached" not in words(paper_plan(tmp_path / "scarce", off, years=scarce))
    assert "The limit on posts is reached" in words(paper_plan(tmp_path / "on", years=scarce))
