"""What is said where the reference problem has no plan: sums by hand from the tables, and repairs that were solved.

What can be reached at most is that of an independent formulation: it falls 0.11666 of a target of 12 % short.
"""

import csv
from functools import cache
from math import fsum
from pathlib import Path

import pytest

from allocator import api
from allocator.errors import NoPlan
from allocator.outputs.no_plan import no_plan_lines
from allocator.units import pounds

pytestmark = pytest.mark.slow
DATA = Path(__file__).parents[2] / "data" / "connexions"
TARGET = 'targets.national."2005-06"=0.12'


def table(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def baseline():
    return fsum(float(line["baseline_grant"]) for line in table("partnerships"))


def budget(year):
    return next(float(line["budget"]) for line in table("years") if line["year"] == year)


def people(year, column="young_people"):
    return fsum(float(line[column]) for line in table("young_people") if line["year"] == year)


@cache
def no_plan(scenario, *overrides):
    """Why a scenario has no plan, asked once."""
    with pytest.raises(NoPlan) as caught:
        api.solve(scenario, overrides)
    return caught.value


def told(error, width=80):
    return " ".join(" ".join(line.plain for line in no_plan_lines(error, width)).split())


def limited(folder, line):
    """A scenario with one limit of the planner's own."""
    columns = "limit,scope,name,each,year,of,intervention,client_group,least,most"
    (folder / "limits.csv").write_text(f"{columns}\n{line}\n", encoding="utf-8")
    scenario = folder / "own.toml"
    scenario.write_text('title = "Own"\nextends = "settlement"\n[tables]\nlimits = "limits.csv"\n', encoding="utf-8")
    return scenario


def test_floors_that_the_money_does_not_pay():
    said = told(no_plan("settlement", "grants.floor=1.02"))
    asked, there = 1.02 * baseline(), budget("2004-05")
    for part in (
        f"floor 47 floors of 1.02 × the baseline grant, 2004-05, add up to {pounds(asked)}",
        f"national the money of 2004-05 is {pounds(there)}",
        f"short by {pounds(asked - there)}",
    ):
        assert part in said
    assert f"--set 'budget.by_year.\"2004-05\"={-int(-asked // 1)}'" in said  # whole pounds, upwards
    assert "Nothing was written." in said


def test_less_money_than_falls_of_five_per_cent_leave():
    error = no_plan("settlement", "budget.scale=0.95")
    asked, there = 0.95 * baseline(), 0.95 * budget("2004-05")
    said = told(error)
    assert f"47 grants that may fall 5 % at most, 2004-05, add up to {pounds(asked)}" in said
    assert f"short by {pounds(asked - there)}" in said
    assert "floor" not in {part.rule for part in error.conflict}  # 0.90 asks for less
    # each repair is what leaves enough: the money that is short, and falls of a little more
    repairs = {repair.setting: float(repair.to) for repair in error.repairs if repair.setting != "rules.off"}
    assert repairs["grants.max_fall"] >= 1 - there / baseline()
    assert repairs["budget.scale"] >= asked / budget("2004-05")


def test_a_target_that_has_to_be_met_says_first_the_most_that_can_be_reached():
    error = no_plan("settlement", "rules.soft=[]", TARGET)
    wanted = 0.12 * people("2005-06", "neet")
    most = (1 - 0.116660) * wanted
    (first, *_) = error.reached
    assert f"At most {most:,.0f} of {wanted:,.0f} fewer NEET at the end of 2005-06 can be reached" in first
    said = told(error)
    assert "Without eligible at most " in said
    assert said.index("At most") < said.index("Any one of these makes a plan possible")
    # what a repair reaches is the plan with a soft target of the same size, and the one without it
    assert "target may fall short 83,774 ypy" in said
    assert "target off; the other rules still hold 87,361 ypy" in said


def test_so_much_a_young_person_as_the_money_does_not_pay(tmp_path):
    error = no_plan(limited(tmp_path, "per_head,national,,true,every,per_young_person,,,130,"))
    asked, there = 130 * people("2004-05"), budget("2004-05")
    said = told(error)
    assert f"limit per_head 47 grants of at least £130 a young person, 2004-05, add up to {pounds(asked)}" in said
    assert f"short by {pounds(asked - there)}" in said
    assert "In the table limits: row per_head, column least: 89" in said


def test_two_limits_that_cannot_both_be_are_named_by_their_own_names(tmp_path):
    scenario = limited(
        tmp_path,
        "londons_least,region,London,false,2004-05,grant,,,80000000,\n"
        "londons_most,region,London,false,2004-05,share_of_money,,,,0.15",
    )
    error = no_plan(scenario)
    said = told(error)
    assert {part.rule for part in error.conflict} == {"limit londons_least", "limit londons_most"}
    assert f"short by {pounds(80_000_000 - 0.15 * budget('2004-05'))}" in said


@pytest.mark.parametrize("width", [80, 100, 160])
def test_it_fits_the_terminal(width):
    lines = no_plan_lines(no_plan("settlement", "grants.floor=1.02"), width)
    assert max(len(line.plain.rstrip()) for line in lines) <= width
