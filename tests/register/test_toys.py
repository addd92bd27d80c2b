"""A rule, a goal and a distribution that are made here, by record and functions alone, and go through everything.

The instance is that of tests/helpers/builders.py: north has £120,000 in force and south £80,000 of £200,000 a year.
"""

import json

import numpy as np
import openpyxl
import pytest
from pulp import lpSum_vars

from allocator import api
from allocator.analyses.catalogue.rules import listed_rules
from allocator.analyses.explain.sentences import why_this_number
from allocator.analyses.solve.face import summary_lines
from allocator.analyses.solve.summary import summarise
from allocator.analyses.sweep.grid import parse_axis
from allocator.errors import InvalidInput, NoPlan, UsageError
from allocator.outputs import json as written
from allocator.programme.bounds import THOUSAND
from allocator.programme.builders import GOAL_BUILDERS, RULE_BUILDERS, goal, rule
from allocator.programme.terms import joined
from allocator.recompute.goals import GOAL_CHECKS, goal_check
from allocator.recompute.rules import CHECKS, check, rows_from
from allocator.register import DISTRIBUTIONS, GOALS, RULES, Distribution, Goal, GoalWords, Lever, Place, Rule, Words
from allocator.register import distributions as all_distributions
from allocator.register import goals as all_goals
from allocator.register import rules as all_rules
from allocator.runs.logs import assumptions_log, qa_log
from allocator.runs.verify.verify import verify
from allocator.runs.write import write_run
from allocator.scenario.distributions import SETTERS, sets
from allocator.what_if.in_the_page import solvable
from tests.helpers.builders import YEARS, tiny_data, tiny_scenario
from tests.helpers.paper_programme import two_partnerships
from tests.helpers.reports import read_page

# A setting that no goal of these scenarios uses stands for the rule's own.
SETTING = "goal.benefit_per_neet"


@pytest.fixture(autouse=True)
def registers(monkeypatch):
    """The registers as they are, put back afterwards."""
    for kept in (RULES, GOALS, DISTRIBUTIONS, RULE_BUILDERS, GOAL_BUILDERS, CHECKS, GOAL_CHECKS, SETTERS):
        for name in ("least_grant", "first_year", "at_last", "by_neet"):
            monkeypatch.setitem(kept, name, None)
            monkeypatch.delitem(kept, name)


@pytest.fixture
def least_grant():
    """No grant is less than so many pounds."""
    record = all_rules.add(
        Rule(
            name="least_grant",
            unit="£",
            over=("partnership", "year"),
            sense=">=",
            kind="limit",
            about="grants",
            set_by=(SETTING,),
            levers=(Lever(setting=SETTING, relax="down", furthest=0.0),),
            acts=lambda settings: settings.goal.benefit_per_neet > 0 and all_distributions.of(settings).free,
            leave_out=85,
            shorten=75,
            words=Words(fixes="the grant is £{times} at least", thing="minimum of £{times}"),
        )
    )

    @rule(record)
    def build(d, s, x):
        """No grant is less than an amount.

            grant[p, t]  >=  least

        for every partnership p and year t, where the distribution leaves the grants free.
        """
        if not record.acts(s):
            return
        for p, partnership in enumerate(d.partnerships):
            for t in x.now.years:
                yield Place(partnership, d.years[t]), 1.0 * x.grant[p, t] >= s.goal.benefit_per_neet / THOUSAND

    @check(record)
    def again(x):
        """Hold every grant against the amount."""
        if not record.acts(x.s):
            return None
        least = np.full_like(x.f.grant, x.s.goal.benefit_per_neet)
        return rows_from("£", x.everywhere(), (x.f.grant, ">=", least), x.f.grant, least)

    return record


@pytest.fixture
def first_year():
    """As few NEET young people as can be at the end of the first year planned, less a thousandth an adviser then."""
    record = all_goals.add(
        Goal(
            name="first_year",
            unit="young people",
            sense="max",
            of_people=True,
            words=GoalWords(
                heading="Young people fewer NEET at the end of the first year",
                column="young people",
                short="young people",
                mark="",
                fewer="fewer",
                reached="{amount} young people fewer NEET at once",
            ),
        )
    )

    @goal(record)
    def build(d, s, x):
        """As few NEET young people as can be at the end of the first year.

        maximise  sum[p] counted[p, 1] - 0.001 * sum[p, a] fte[p, 1, a]
        """
        t, partnerships, grades = x.now.years[0], range(len(d.partnerships)), range(len(d.grades))
        reached = x.total(joined(x.reduction(d, p, t) for p in partnerships))
        return reached - 0.001 * lpSum_vars(x.fte[p, t, a] for p in partnerships for a in grades)

    @goal_check(record)
    def again(x):
        """Add up who is not NEET, and who advises."""
        return float(x.counted[:, x.years[0]].sum() - 0.001 * x.f.fte[:, x.years[0]].sum())

    return record


@pytest.fixture
def at_last():
    """As few NEET young people as can be at the end of the last year planned: what its record says that it counts."""
    words = GOALS["final_year"].words
    record = all_goals.add(
        Goal(name="at_last", unit="young people", sense="max", of_people=True, counts="last_year", words=words)
    )

    @goal(record)
    def build(d, s, x):
        """As few NEET young people as can be at the end of the last year.

        maximise  sum[p] counted[p, T]
        """
        return x.total(joined(x.reduction(d, p, x.now.last) for p in range(len(d.partnerships))))

    @goal_check(record)
    def again(x):
        """Add up who is not NEET."""
        return float(x.counted[:, x.years[-1]].sum())

    return record


@pytest.fixture
def by_neet():
    """Each year's money by the NEET young people there are: two thirds and one third."""
    record = all_distributions.add(Distribution(name="by_neet"))

    @sets(record)
    def granted(x):
        """Share each year's money out by the NEET young people there would be."""
        shares = [x.data.neet[:, t].sum(axis=1) / x.data.neet[:, t].sum() for t in x.years]
        return np.column_stack(shares) * x.money

    return record


def solved_and_verified(folder, scenario):
    plan = api.solve(scenario, reasons=True)
    run = write_run(plan, folder / "run")
    assert [made.detail for made in verify(run).checks if not made.passed] == []
    return plan


BUDGET = "budget.scale,0.9,1.1"


def ranges_of(folder, *lines):
    """A file of the ranges in which inputs are moved: the rule's setting, where no other is named."""
    file = folder / "ranges.csv"
    file.write_text("\n".join(("input,low,high", *(lines or (f"{SETTING},20000,30000",)), "")), encoding="utf-8")
    return file


def everything_told(plan, partnership="north"):
    """What a planner reads of a plan: summary, logs, explanation, JSON."""
    summary = "\n".join(line.plain for line in summary_lines(plan, summarise(plan), 120))
    found = api.explain(plan, partnership)
    explained = " ".join(said for _, said in why_this_number(found))
    as_json = json.loads(written.text(found.to_dict()))
    return summary, assumptions_log(plan, ()) + qa_log(plan), explained, as_json


def reported(plan, folder):
    """The texts of the page, of every sheet of the workbook and of each partnership's statement."""
    for output, each in (("plan.html", False), ("plan.xlsx", False), ("statements", True)):
        api.report(plan, folder / output, each=each)
    book = openpyxl.load_workbook(folder / "plan.xlsx", read_only=True)
    cells = [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    ]
    statements = [" ".join(read_page(path).texts) for path in sorted((folder / "statements").glob("*.html"))]
    return " ".join(read_page(folder / "plan.html").texts), " ".join(cells), " ".join(statements)


def test_a_new_rule_goes_through_everything(tmp_path, least_grant):
    # £60,000 for two partnerships; south's work counts double. Worked out as for the floor in rule_cases.py: £10,000
    # are fixed costs, £40,000 pay an adviser who keeps 10 (in south 20) from being NEET
    tiny_data(tmp_path, two_partnerships())

    def asking(pounds, more=""):
        return tiny_scenario(tmp_path, f'[goal]\nmeasure = "final_year"\nbenefit_per_neet = {pounds}\n{more}')

    plan = solved_and_verified(tmp_path, asking(27_000))
    assert plan.recomputed.goal == pytest.approx(4.25 + 11.5, rel=1e-6)
    assert plan.figures.grant[:, 0] == pytest.approx([27_000, 33_000])
    rows = [row for row in plan.recomputed.rows if row.rule == "least_grant"]
    assert [(row.place, row.unit) for row in rows] == [(Place(p, YEARS[0]), "£") for p in ("north", "south")]

    summary, logs, explained, as_json = everything_told(plan)
    assert "16 young people fewer NEET" in summary
    assert "least_grant" in logs.replace("\\", "")
    assert "Without least_grant you would get less: it holds your grant up at" in explained
    assert "(the grant is £27000 at least)" in explained
    assert {limit["rule"] for year in as_json["years"] for limit in year["limits"]} == {"least_grant"}
    costs = {row.rule: row.without.goal for row in api.rule_costs(plan).rows if row.without is not None}
    assert costs["least_grant"] == pytest.approx(20 - 15.75, rel=1e-6)
    assert [listed.sentence for listed in listed_rules("least_grant").rules] == ["No grant is less than an amount."]

    page, book, statements = reported(plan, tmp_path / "reports")
    assert "least_grant" in page
    assert "least_grant" in book
    assert "the grant is £27000 at least" in statements
    assert api.evidence(asking(27_000), draws=2).goal.measure == "final_year"

    # a sweep changes its lever in the programme that is solved
    vary = f"{SETTING}=20000,27000,30000"
    assert parse_axis(vary).rule == "least_grant"
    swept = api.sweep(asking(27_000), [vary])
    assert [row.goal for row in swept.rows] == pytest.approx([2.5 + 15, 4.25 + 11.5, 5 + 10], rel=1e-6)

    # a bridge tells the rule and its setting as one difference
    found = api.bridge(asking(0), asking(27_000))
    assert [(group.name, group.said) for group in found.groups] == [
        ("least_grant", "comes in (benefit_per_neet 27000.0)")
    ]
    assert found.groups[0].goal == pytest.approx(15.75 - 20, rel=1e-6)

    # it stands beside shares as before, in every approach that leaves grants free, and is no rule of the others
    sides = api.compare(asking(0), plan).sides
    assert [side.goal for side in sides] == pytest.approx([20, 15.75], rel=1e-6)
    every = api.approaches(asking(27_000), only=["optimised", "historical", "settlement"])
    reached = {one.distribution: one.goal for one in every.approaches}
    assert reached["optimised"] == pytest.approx(15.75, rel=1e-6)
    assert reached["historical"] < 15.75

    # grants that are brought and miss it are told so, and the nearest plan moves no more than that
    brought = {"partnership": ["north", "south"], "year": [YEARS[0]] * 2, "grant": [25_000, 35_000]}
    scored = api.score(asking(27_000), brought)
    assert [(row.rule, row.place, row.found, row.limit) for row in scored.broken] == [
        ("least_grant", "North", 25_000, 27_000)
    ]
    assert scored.nearest.moved == pytest.approx(4_000, rel=1e-6)

    # how sure the plan is and what it rests on are found with the rule in force
    moved = {one.input: one for one in api.sensitivity(asking(27_000), ranges=ranges_of(tmp_path)).moved}
    assert moved[SETTING].low.best == pytest.approx(2.5 + 15, rel=1e-6)
    assert moved[SETTING].high.best == pytest.approx(5 + 10, rel=1e-6)
    assert api.risk(plan, draws=50).goal.value == pytest.approx(15.75, rel=1e-6)
    lowest = {row.partnership: row.lowest for row in api.firmness(plan).rows}
    assert lowest == pytest.approx({"north": 27_000, "south": 27_000})

    # in whole pounds the least is not missed by pence
    pence = asking(27_000.4)
    assert api.solve(pence).tables["grants"]["grant_rounded"] == [27_001, 32_999]

    # a reader of the page moves its lever
    problem = solvable(plan)
    assert (SETTING, "least_grant") in {(slider.setting, slider.rule) for slider in problem.sliders}

    # where it asks for more than there is, it is named and repaired
    with pytest.raises(NoPlan) as none:
        api.solve(asking(40_000))
    assert "2 minimums of £40000, 2004-05, add up to £80,000" in none.value.found
    assert {part.rule for part in none.value.conflict} == {"least_grant", "national"}
    repairs = {repair.setting: (repair.to, repair.goal) for repair in none.value.repairs}
    assert repairs[SETTING] == (30_000, pytest.approx(15, rel=1e-6))
    assert repairs["rules.off"] == (["least_grant"], pytest.approx(20, rel=1e-6))
    off = api.solve(asking(40_000, '[rules]\noff = ["least_grant"]'))
    assert off.recomputed.goal == pytest.approx(20, rel=1e-6)


def test_a_new_goal_goes_through_everything(tmp_path, first_year):
    # one adviser, in south: 20 young people, less a thousandth
    tiny_data(tmp_path, two_partnerships())

    def with_it(*overrides):
        return tiny_scenario(tmp_path, '[goal]\nmeasure = "first_year"\n', *overrides)

    plan = solved_and_verified(tmp_path, with_it())
    assert plan.recomputed.goal == pytest.approx(20 - 0.001, rel=1e-6)
    summary, logs, explained, _ = everything_told(plan, "south")
    assert "first_year" in logs.replace("\\", "")
    assert plan.to_dict()["goal"]["measure"] == "first_year"
    assert "20 young people fewer NEET at once" in summary
    assert "0.2 young people elsewhere" in explained
    page, book, _ = reported(plan, tmp_path / "reports")
    assert "20 young people fewer NEET at once" in page
    assert "20 young people fewer NEET at once" in book
    # what it counts besides, and of which year, no draws of the effects say: that is told and nothing is made up
    for asked in (lambda: api.evidence(with_it(), draws=2), lambda: api.risk(plan)):
        with pytest.raises(UsageError, match="cumulative"):
            asked()
    with pytest.raises(InvalidInput) as refused:
        with_it('risk.attitude="cvar"')
    assert {fault.code for fault in refused.value.faults} == {"no-draws"}
    moved = {one.input: one for one in api.sensitivity(plan, ranges=ranges_of(tmp_path, BUDGET)).moved}
    assert moved["budget.scale"].low.best == pytest.approx(0.85 * 19.999, rel=1e-6)
    assert [side.goal for side in api.compare(plan, with_it("budget.scale=0.9")).sides] == pytest.approx(
        [19.999, 0.85 * 19.999], rel=1e-6
    )
    every = api.approaches(with_it(), only=["optimised", "settlement"]).approaches
    assert [one.goal for one in every] == pytest.approx([19.999], rel=1e-6)
    without = [row.without.goal for row in api.rule_costs(plan).rows if row.without is not None]
    assert without == [pytest.approx(0, abs=1e-6)] * len(without)  # the money is spent, whatever else is allowed
    brought = {"partnership": ["north", "south"], "year": [YEARS[0]] * 2, "grant": [10_000, 50_000]}
    assert api.score(with_it(), brought).goal == pytest.approx(19.999, rel=1e-6)
    # a tenth less money is £6,000, 0.15 of an adviser
    swept = api.sweep(with_it(), ["budget.scale=0.9,1.0"])
    assert swept.unit == "young people"
    assert [row.goal for row in swept.rows] == pytest.approx([0.85 * 19.999, 19.999], rel=1e-6)
    found = api.bridge(with_it(), with_it("budget.scale=0.9"))
    assert found.groups[0].goal == pytest.approx(-0.15 * 19.999, rel=1e-6)
    with pytest.raises(NoPlan) as none:
        api.solve(with_it("grants.floor=1.5"))
    assert {repair.measure for repair in none.value.repairs} == {"first_year"}


def test_a_new_goal_that_counts_as_another_does_is_as_sure_and_worth_as_much_evidence(tmp_path, at_last):
    tables = two_partnerships()
    tables["effects"][0]["standard_error"] = 0.02
    tiny_data(tmp_path, tables)

    def with_it(measure, *overrides):
        return tiny_scenario(tmp_path, f'[goal]\nmeasure = "{measure}"\n', *overrides)

    one, other = (api.risk(with_it(measure), draws=200) for measure in ("at_last", "final_year"))
    assert one.as_set == other.as_set
    assert one.as_set.deviation > 0
    one, other = (api.evidence(with_it(measure), draws=20) for measure in ("at_last", "final_year"))
    assert one.interventions == other.interventions
    cautious = ('risk.attitude="cvar"', "risk.cvar_weight=0.9")
    plan = solved_and_verified(tmp_path, with_it("at_last", *cautious))
    wanted = api.solve(with_it("final_year", *cautious))
    assert plan.recomputed.tail == pytest.approx(wanted.recomputed.tail, rel=1e-9)


def test_a_new_distribution_goes_through_everything(tmp_path, by_neet):
    tiny_data(tmp_path)
    scenario = tiny_scenario(tmp_path, '[grants]\ndistribution = "by_neet"\n')
    plan = solved_and_verified(tmp_path, scenario)
    # 120 of 180 NEET young people are in north
    assert plan.figures.grant == pytest.approx(np.array([[400_000 / 3] * 2, [200_000 / 3] * 2]))
    _, logs, explained, as_json = everything_told(plan)
    assert "by_neet" in logs.replace("\\", "")
    assert "by_neet fixed it: the distribution sets the grant" in explained
    assert {limit["rule"] for year in as_json["years"] for limit in year["limits"]} == {"by_neet"}
    page, book, statements = reported(plan, tmp_path / "reports")
    assert all("by_neet" in told for told in (page, book, statements))
    assert api.evidence(scenario, draws=2).measure == "cumulative"
    assert {a.distribution for a in api.approaches(scenario, only=["by_neet", "settlement"]).approaches} == {"by_neet"}
    assert api.risk(plan, draws=50).goal.value == pytest.approx(plan.recomputed.goal, rel=1e-6)
    assert [against.moved for against in api.compare(plan, scenario).against] == [pytest.approx(0, abs=1e-3)]
    brought = {name: list(plan.tables["grants"][name]) for name in ("partnership", "year", "grant")}
    assert api.score(scenario, brought).goal == pytest.approx(plan.recomputed.goal, rel=1e-6)
    (scale,) = api.sensitivity(plan, ranges=ranges_of(tmp_path, BUDGET)).moved
    swept = api.sweep(scenario, ["budget.scale=0.9,1.0"])
    assert scale.low.best == pytest.approx(swept.rows[0].goal, rel=1e-6)
    assert swept.rows[1].goal == pytest.approx(plan.recomputed.goal, rel=1e-6)
    found = api.bridge(tiny_scenario(tmp_path, ""), scenario)
    assert [group.name for group in found.groups] == ["grants.distribution"]
    with pytest.raises(NoPlan) as none:
        api.solve(tiny_scenario(tmp_path, '[grants]\ndistribution = "by_neet"\n[budget]\nscale = 0.01\n'))
    assert "grants.distribution" in {repair.setting for repair in none.value.repairs} or none.value.conflict


def test_a_name_that_is_gone_is_no_name(tmp_path):
    tiny_data(tmp_path)
    with pytest.raises(InvalidInput) as refused:
        tiny_scenario(tmp_path, '[goal]\nmeasure = "first_year"\n[grants]\ndistribution = "by_neet"\n')
    assert {fault.code for fault in refused.value.faults} == {"setting-choice"}


def test_a_name_is_taken_once():
    with pytest.raises(ValueError, match="two records"):
        all_rules.add(RULES["floor"])
