"""Money that a scenario scales, in one number or by year, beside tables that have the money so."""

import numpy as np
import pytest

from allocator.runs.plan import judge
from allocator.solving.settlement import solve_data
from tests.helpers.builders import row, tiny_data, tiny_scenario, tiny_tables

SETTINGS = "[budget]\nreserve = 5000\ncarry_forward_limit = 0.1\n[grants]\nfloor = 0.3\ncap = 2.0\n"


def planned(folder, tables, *overrides):
    """The plan of tables in which money is short, by its grants, its goal and its money."""
    folder.mkdir()
    tables["interventions"][0]["unit_cost"] = 3_000
    d = tiny_data(folder, tables)
    s = tiny_scenario(folder, SETTINGS, *overrides).settings
    solution, _ = solve_data(d, s)
    worked = judge(d, s, solution.figures)
    return solution.figures.grant, worked.goal, worked.money


@pytest.mark.parametrize("certainty", ["settlement", "year_on_year"])
@pytest.mark.parametrize(
    ("overrides", "times"),
    [
        (['budget.scale."2005-06"=0.94'], (1.0, 0.94)),
        (["budget.scale=0.9"], (0.9, 0.9)),
        (['budget.scale={"2004-05" = 1.1, "2005-06" = 0.8}'], (1.1, 0.8)),
        # a year's own money is scaled as the table's is
        (['budget.by_year."2005-06"=100000', 'budget.scale."2005-06"=0.94'], (1.0, 0.47)),
    ],
)
def test_scaled_money_is_that_of_tables_that_have_it_so(tmp_path, overrides, times, certainty):
    tables = tiny_tables()
    for year, part in zip(("2004-05", "2005-06"), times, strict=True):
        row(tables, "years", year=year)["budget"] *= part
    kind = f"certainty.kind={certainty}"
    grants, goal, money = planned(tmp_path / "scaled", tiny_tables(), kind, *overrides)
    other_grants, other_goal, other_money = planned(tmp_path / "tables", tables, kind)
    assert money == pytest.approx(other_money)
    assert money == pytest.approx(np.array([200_000 * part - 5_000 for part in times]))
    assert goal == pytest.approx(other_goal, rel=1e-9)
    assert grants == pytest.approx(other_grants, abs=1e-2)
    unscaled = planned(tmp_path / "unscaled", tiny_tables(), kind)[1]
    assert abs(goal - unscaled) > 1e-3 * unscaled  # so that the money counts here
