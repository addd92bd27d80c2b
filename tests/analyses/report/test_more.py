"""Results of other analyses on the page of a plan: each a section of its own, asked for by name or brought."""

import pytest

from allocator import api, units
from allocator.analyses.init.starter import start_folder
from allocator.errors import UsageError
from tests.helpers.reports import figure, read_page


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    started = start_folder(tmp_path_factory.mktemp("more") / "mine", "small", workbook=False)
    return api.solve(str(started.folder / started.scenario))


@pytest.fixture(scope="module")
def results(plan, tmp_path_factory):
    ranges = tmp_path_factory.mktemp("more") / "ranges.csv"
    ranges.write_text("input,low,high\neffects.*.effect,0.8,1.2\nyears.*.price_index,0.98,1.03\n", encoding="utf-8")
    only = ("optimised", "historical", "settlement", "year_on_year")
    return (
        api.approaches(plan.scenario, data=plan.data, only=only),
        api.evidence(plan, draws=20),
        api.risk(plan, draws=2_000),
        api.sensitivity(plan, ranges=ranges),
    )


@pytest.fixture(scope="module")
def page(plan, results, tmp_path_factory):
    written = plan.report(tmp_path_factory.mktemp("more") / "plan.html", more=results)
    return read_page(written.path)


def test_the_table_of_approaches_has_what_each_reaches(page, results):
    found = results[0]
    rows = page.tables["approaches-table"][1:]
    assert [figure(row[2]) for row in rows] == [round(one.goal) for one in found.approaches]
    reached = [[round(year.reduction) for year in one.years] for one in found.approaches]
    assert [[figure(cell) for cell in row[4 : 4 + len(reached[0])]] for row in rows] == reached
    assert {row[0] for row in rows} == {"optimised", "shares as before"}


def test_the_table_of_evaluations_has_what_knowing_each_would_bring(page, results):
    found = results[1]
    rows = {row[0]: row for row in page.tables["evidence-values"][1:]}
    assert {name: figure(row[1]) for name, row in rows.items()} == {
        one.name: round(one.value) for one in found.interventions
    }
    shares = {row[0]: (row[1], row[2]) for row in page.tables["evidence-firmness"][1:]}
    for one in found.firmness:
        assert figure(shares[one.name][0]) == pytest.approx(100 * one.above, abs=0.51)
        assert figure(shares[one.name][1]) == pytest.approx(100 * one.below, abs=0.51)


def test_the_tables_of_risk_have_its_cases_and_its_draws(page, results):
    found = results[2]
    rows = page.tables["risk-cases"][1:]
    tenth = found.as_set.deviation / 10  # as closely as amounts are told
    assert [figure(row[1]) for row in rows] == pytest.approx([case.mean for case in found.cases], abs=tenth)
    (chances,) = page.tables["risk-chances"][1:]
    assert [figure(cell) for cell in chances[1:]] == [round(100 * case.chances[0].chance) for case in found.cases]
    assert sum(figure(row[2]) for row in page.tables["risk-draws"][1:]) == pytest.approx(100, abs=1)
    assert len(page.tables["risk-worst"]) == 11


def test_the_table_of_inputs_has_what_moving_each_does(page, results):
    found = results[3]
    rows = {row[0]: row for row in page.tables["sensitivity-inputs"][1:]}
    assert set(rows) == {one.name for one in found.moved}
    for one in found.moved:
        changes = [end.stands - found.value for end in (one.low, one.high)]
        assert [figure(cell) for cell in rows[one.name][2:4]] == pytest.approx(changes, abs=0.051)


def test_sections_stand_in_their_order_before_how_to_check(page):
    sections = [found["id"] for tag, found in page.tags if tag == "section"]
    order = ["approaches", "sensitivity", "risk", "evidence", "check"]
    assert [one for one in sections if one in order] == order


def test_a_page_has_no_section_that_was_not_asked_for(plan, tmp_path):
    sections = {found["id"] for tag, found in read_page(plan.report(tmp_path / "p.html").path).tags if tag == "section"}
    assert sections.isdisjoint({"approaches", "sensitivity", "risk", "evidence"})


def test_a_section_is_asked_for_by_its_name(plan, tmp_path):
    written = plan.report(tmp_path / "charts", more=["evidence"])
    assert (written.path / "evidence-chart.svg").is_file()


@pytest.mark.parametrize(
    ("more", "output", "wanted"),
    [
        (["evidense"], "p.html", "Did you mean 'evidence'?"),
        (["evidence"], "p.xlsx", "Leave it out."),
    ],
)
def test_what_makes_no_section_is_refused_before_any_work(plan, tmp_path, more, output, wanted):
    with pytest.raises(UsageError, match="more") as refused:
        plan.report(tmp_path / output, more=more)
    assert wanted in str(refused.value)


def test_a_result_that_makes_no_section_is_refused(plan, tmp_path):
    with pytest.raises(UsageError, match="RuleCosts"):
        plan.report(tmp_path / "p.html", more=[plan.rule_costs()])


def test_how_firm_grants_are_is_told_on_the_page_and_in_each_statement(plan, tmp_path):
    found = api.firmness(plan)
    page = read_page(plan.report(tmp_path / "plan.html", more=[found]).path)
    rows = {row[0]: row for row in page.tables["firmness-table"][1:]}
    for one in found.rows:
        said = [figure(cell) for cell in rows[found.names[one.partnership]][1:]]
        assert said == pytest.approx(
            [amount / 1e6 for amount in (one.grant, one.smallest, one.largest, one.lowest, one.highest)], abs=0.0051
        )
    plan.report(tmp_path / "each", each=True, more=[found])
    for one in found.rows:
        text = " ".join((tmp_path / "each" / f"{one.partnership}.html").read_text(encoding="utf-8").split())
        ends = [units.pounds_short(amount, 2) for amount in (one.smallest, one.largest)]
        assert f"lies from {ends[0]} to {ends[1]}" in text


def test_a_statement_lists_what_is_guaranteed(plan, tmp_path):
    plan.report(tmp_path / "each", each=True)
    page = read_page(tmp_path / "each" / "westvale.html")
    rows = page.tables["guaranteed"][1:]
    data, p = plan.data, plan.data.partnerships.index("westvale")
    for row, promise in zip(rows, data.guarantees, strict=True):
        t, g = promise.year, promise.client_group
        served = plan.figures.places[p, t, list(promise.interventions), g].sum()
        assert figure(row[2]) == round(served)
        assert figure(row[3]) == round(promise.min_share * data.young_people[p, t, g])
