"""A plan's charts in a notebook: Altair charts, each with its message, made of the plan's own figures."""

import csv
import itertools

import altair as alt
import pytest

from allocator import api
from allocator.analyses.init.starter import start_folder
from allocator.errors import UsageError

CHARTS = ("reduction", "map", "changes", "grants", "uses", "advisers", "next_pound", "rule_costs")


def small(folder, *, places=True):
    started = start_folder(folder / "mine", "small", workbook=False)
    if not places:
        table = next((folder / "mine").rglob("partnerships.csv"))
        with table.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        rows[0]["map_column"] = rows[0]["map_row"] = ""
        with table.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    return api.solve(str(started.folder / started.scenario))


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return small(tmp_path_factory.mktemp("notebook"))


def rows_of(chart):
    """Every row that a chart draws."""
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


@pytest.mark.parametrize("name", CHARTS)
def test_each_is_an_altair_chart_with_its_message_above_it(plan, name):
    chart = getattr(plan.chart, name)()
    assert isinstance(chart, alt.TopLevelMixin)
    title = chart.to_dict()["title"]
    assert len(title["text"].split()) <= 10
    assert title["subtitle"]
    assert rows_of(chart)


def test_the_dots_are_the_plans_reductions(plan):
    drawn = {row["year"]: row["people"] for row in rows_of(plan.chart.reduction()) if row["series"] == "the plan"}
    assert drawn == pytest.approx(plan.reductions.groupby("year")["reduction"].sum().to_dict())


def test_the_bars_and_the_dumbbells_are_the_plans_grants(plan):
    whole = plan.grants.groupby("name")[["grant", "shares_as_before"]].sum()
    drawn = {row["name"]: row["change"] for row in rows_of(plan.chart.changes())}
    assert drawn == pytest.approx((whole["grant"] / whole["shares_as_before"] - 1).to_dict())
    drawn = {row["name"]: (row["plan"], row["before"]) for row in rows_of(plan.chart.grants())}
    for name, (grant, before) in drawn.items():
        assert (grant, before) == pytest.approx(tuple(whole.loc[name] / 1e6))


def test_each_square_of_the_map_says_its_change(plan):
    whole = plan.grants.groupby("name")[["grant", "shares_as_before"]].sum()
    change = 100 * (whole["grant"] / whole["shares_as_before"] - 1)
    said = {row["name"]: row["said"] for row in rows_of(plan.chart.map())}
    assert {name: float(text.replace("−", "-")) for name, text in said.items()} == pytest.approx(
        change.to_dict(), abs=0.501
    )


def test_the_waterfall_ends_where_the_years_do(plan):
    drawn = rows_of(plan.chart.advisers())
    ends = [row["high"] for row in drawn if row["step"].startswith("in post")]
    assert ends == pytest.approx(list(plan.advisers.groupby("year")["fte"].sum()))
    for before, after in itertools.pairwise(drawn):
        if "in post" not in (before["kind"], after["kind"]):
            assert {before["low"], before["high"]} & {after["low"], after["high"]}


def test_a_chart_can_be_changed_and_saved(plan, tmp_path):
    plan.chart.changes().properties(background="white").save(str(tmp_path / "changes.html"))
    assert "vega" in (tmp_path / "changes.html").read_text(encoding="utf-8")


def test_without_places_for_all_there_is_no_map(tmp_path):
    with pytest.raises(UsageError, match="map_column"):
        small(tmp_path, places=False).chart.map()
