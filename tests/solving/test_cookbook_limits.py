"""The limits of the cookbook, each row as the page has it, on the reference problem: kept, by arithmetic of its own."""

import csv
import re
from pathlib import Path

import pytest

from allocator.scenario.load import read_scenario
from allocator.solving.settlement import solve_data
from allocator.tables import read_data

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
COLUMNS = "limit,scope,name,each,year,of,intervention,client_group,least,most"
PAGE = (ROOT / "docs" / "how-to" / "cookbook.md").read_text(encoding="utf-8")
ROWS = [next(csv.reader([row])) for row in re.findall(r"^\| .*\? \| `(.*)` \|$", PAGE, re.MULTILINE)]
CLOSE = 1 + 2e-6


def test_the_page_has_the_rows_that_are_tried():
    assert COLUMNS in PAGE
    assert {row[0] for row in ROWS} == set(KEPT)


def london(d):
    return [p for p, region in enumerate(d.regions) if region == "London"]


# What each asks for: from the data set, the decisions and the money of each year, £.
KEPT = {
    "protect_london": lambda d, f, _money: all(
        f.grant[london(d), t].sum() * CLOSE >= d.baseline_grant[london(d)].sum() for t in range(3)
    ),
    "protect_each": lambda d, f, _money: all(
        f.grant[p, t] * CLOSE >= d.baseline_grant[p] for p in london(d) for t in range(3)
    ),
    "nobody_loses": lambda d, f, money: all(
        f.grant[p, t] * CLOSE >= 0.99 * money[t] * d.baseline_grant[p] / d.baseline_grant.sum()
        for p in range(47)
        for t in range(3)
    ),
    "per_head": lambda d, f, _money: all(
        f.grant[p, t] * CLOSE >= 85 * d.young_people[p, t].sum() for p in range(47) for t in range(3)
    ),
    "cumbria_exact": lambda d, f, _money: f.grant[d.partnerships.index("cumbria")] == pytest.approx(4_200_000),
    "ring_fence": lambda d, f, _money: all(
        f.places[:, t, d.interventions.index("adviser_support")].sum() * 90 * d.price_index[t] * CLOSE >= 10_000_000
        for t in range(3)
    ),
    "no_redundancies": lambda _d, f, _money: f.redundancies.sum() < 1e-5,
    "hiring_freeze": lambda _d, f, _money: f.recruits[:, 1].sum() < 1e-5 < f.recruits[:, 0].sum(),
    "london_share": lambda d, f, money: all(f.grant[london(d), t].sum() <= 0.155 * money[t] * CLOSE for t in range(3)),
}


@pytest.fixture(scope="module")
def loose():
    """The plan of the scenario without a limit of the planner's own."""
    scenario = read_scenario("settlement")
    d = read_data(scenario.data)
    return d, solve_data(d, scenario.settings)[0].figures


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_limit_of_the_cookbook_is_kept_and_would_not_be_without(row, loose, tmp_path):
    (tmp_path / "limits.csv").write_text(f"{COLUMNS}\n{','.join(row)}\n", encoding="utf-8")
    scenario = tmp_path / "mine.toml"
    scenario.write_text('title = "Mine"\nextends = "settlement"\n[tables]\nlimits = "limits.csv"\n', encoding="utf-8")
    read = read_scenario(scenario)
    d = read_data(read.data, read.table_files)
    figures = solve_data(d, read.settings)[0].figures
    money = [float(budget) for budget in d.budget]
    assert KEPT[row[0]](d, figures, money)
    assert not KEPT[row[0]](loose[0], loose[1], money)
