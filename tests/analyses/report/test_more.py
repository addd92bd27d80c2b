"""Results of other analyses on the page of a plan: each a section of its own, asked for by name or brought."""

import pytest

from allocator import api
from allocator.analyses.init.starter import start_folder
from allocator.errors import UsageError
from tests.helpers.reports import figure, read_page


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    started = start_folder(tmp_path_factory.mktemp("more") / "mine", "small", workbook=False)
    return api.solve(str(started.folder / started.scenario))


@pytest.fixture(scope="module")
def results(plan):
    only = ("optimised", "historical", "settlement", "year_on_year")
    return api.approaches(plan.scenario, data=plan.data, only=only), api.evidence(plan, draws=20)


@pytest.fixture(scope="module")
def page(plan, results, tmp_path_factory):
    written = plan.report(tmp_path_factory.mktemp("more") / "plan.html", more=results)
    return read_page(written.path)


def test_the_table_of_approaches_has_what_each_reaches(page, results):
    found, _ = results
    rows = page.tables["approaches-table"][1:]
    assert [figure(row[2]) for row in rows] == [round(one.goal) for one in found.approaches]
    reached = [[round(year.reduction) for year in one.years] for one in found.approaches]
    assert [[figure(cell) for cell in row[4 : 4 + len(reached[0])]] for row in rows] == reached
    assert {row[0] for row in rows} == {"optimised", "shares as before"}


def test_the_table_of_evaluations_has_what_knowing_each_would_bring(page, results):
    _, found = results
    rows = {row[0]: row for row in page.tables["evidence-values"][1:]}
    assert {name: figure(row[1]) for name, row in rows.items()} == {
        one.name: round(one.value) for one in found.interventions
    }
    shares = {row[0]: (row[1], row[2]) for row in page.tables["evidence-firmness"][1:]}
    for one in found.firmness:
        assert figure(shares[one.name][0]) == pytest.approx(100 * one.above, abs=0.51)
        assert figure(shares[one.name][1]) == pytest.approx(100 * one.below, abs=0.51)


def test_sections_stand_in_their_order_before_how_to_check(page):
    sections = [found["id"] for tag, found in page.tags if tag == "section"]
    assert [one for one in sections if one in ("approaches", "evidence", "check")] == [
        "approaches",
        "evidence",
        "check",
    ]


def test_a_page_has_no_section_that_was_not_asked_for(plan, tmp_path):
    sections = {found["id"] for tag, found in read_page(plan.report(tmp_path / "p.html").path).tags if tag == "section"}
    assert sections.isdisjoint({"approaches", "evidence"})


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
    with pytest.raises(UsageError, match="with") as refused:
        plan.report(tmp_path / output, more=more)
    assert wanted in str(refused.value)


def test_a_result_that_makes_no_section_is_refused(plan, tmp_path):
    with pytest.raises(UsageError, match="RuleCosts"):
        plan.report(tmp_path / "p.html", more=[plan.rule_costs()])
