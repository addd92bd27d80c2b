"""What an explanation says of the reference problem, goal by goal: figures worked out again, and units of the goal.

Grants and advisers are those of the plan; what is said of them is worked out from the tables by plain arithmetic. What
a set grant's pounds are worth is found by a second way: the same scenario with that grant given.
"""

import csv
import re
from functools import cache
from math import fsum
from pathlib import Path

import pytest

from allocator import api
from allocator.analyses.explain.face import explain_lines
from allocator.units import millions, number, pounds_short, signed_share

pytestmark = pytest.mark.slow
DATA = Path(__file__).parents[3] / "data" / "connexions"

# What is explained: the unit of what is lost and brought, and what must be said and must not.
CASES = {
    "settlement": ("black_country", "ypy", ("Without max_rise you would get more",), ("soft", "points")),
    "settlement goal.measure=final_year": ("surrey", "young people", ("WHY THIS NUMBER",), ("ypy", "points")),
    "settlement goal.measure=least_cost": (
        "black_country",
        "£",
        ("as on shares as before", "the goal, least_cost, has no use for it here", "that of shares as before"),
        ("ypy", "points", "It stays a gain", "It is not always a gain"),
    ),
    # the limit holds the goal no lower: what it costs is in all, among plans that are as fair
    "fairest": (
        "surrey",
        "ypy in all",
        ("bring nothing to the goal and, at first,", "ypy in all elsewhere"),
        ("soft",),
    ),
    "settlement local.min_reduction=0.15": (
        "black_country",
        "points",
        ("Soft rules come first: points are hundredths", "points further short", "less short"),
        ("not allowed",),
    ),
    "equal_share": ("black_country", "ypy", ("equal fixed it", "the plan has no choice in it"), ("points", "margin")),
    "settlement goal.weights.black_country=2": ("black_country", "weighted ypy", ("weighted: times",), ("points",)),
    "in_force": ("black_country", "ypy", ("historical fixed it", "as on shares as before"), ("lose soft",)),
}
NEVER = ("in force", "None", "nan", "NaN", " neet", "−0 ", "+0 ", "soft 0 points")


def partnership(key):
    with (DATA / "partnerships.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    mine = next(line for line in lines if line["partnership"] == key)
    return mine, float(mine["baseline_grant"]) / fsum(float(line["baseline_grant"]) for line in lines)


@cache
def plan_and_explanation(said, key):
    """A plan of the reference problem and what explains a partnership's grants in it, worked out once."""
    name, *overrides = said.split()
    plan = api.solve(name, overrides, reasons=False)
    return plan, api.explain(plan, key)


def told(found, width=100):
    return " ".join(" ".join(line.plain for line in explain_lines(found, width)).split())


@pytest.mark.parametrize("case", CASES)
def test_an_explanation_says_what_the_tables_and_the_plan_give(case):
    key, unit, there, absent = CASES[case]
    plan, found = plan_and_explanation(case, key)
    said = told(found)
    p = plan.data.partnerships.index(key)
    grants = plan.figures.grant[p].tolist()
    mine, share = partnership(key)
    before = [share * amount for amount in plan.recomputed.money.tolist()]
    baseline = float(mine["baseline_grant"])

    assert said.startswith(f"{mine['name']}, {mine['region']}: £{millions(fsum(grants))}m over three years")
    change = fsum(grants) - fsum(before)
    if abs(change) >= 0.5:
        way = "more" if change > 0 else "less"
        relative = number(100 * abs(change) / fsum(before), 1)
        assert f"{pounds_short(abs(change), 2)} ({relative} %) {way} than on shares as before" in said
    assert f"to {pounds_short(grants[-1], 2)} in 2006-07 ({signed_share(grants[-1] / baseline - 1)} in cash)" in said
    for year, grant, was, reduced in zip(
        plan.data.years, grants, before, plan.recomputed.reduction[p].tolist(), strict=False
    ):
        row = next(line.plain for line in explain_lines(found, 160) if line.plain.startswith(f"  {year} "))
        assert number(grant) in row
        assert number(was) in row
        assert number(reduced) in row
    assert f" {unit}" in said or (unit == "£" and re.search(r"£\d", said))
    assert [words for words in there if words not in said] == []
    assert [words for words in (*absent, *NEVER) if words in said] == []
    assert max(len(line.plain.rstrip()) for line in explain_lines(found, 80)) <= 80


def test_the_pounds_of_a_set_grant_are_worth_what_giving_it_so_brings(tmp_path):
    plan, found = plan_and_explanation("equal_share", "black_country")
    for year, sign in (("2004-05", 1), ("2006-07", -1)):
        t, p = plan.data.years.index(year), plan.data.partnerships.index("black_country")
        lines = ["partnership,year,grant"]
        for q, name in enumerate(plan.data.partnerships):
            for u, when in enumerate(plan.data.years):
                grant = float(plan.figures.grant[q, u]) + (sign * 100_000 if (q, u) == (p, t) else 0.0)
                lines.append(f"{name},{when},{grant!r}")
        (tmp_path / "grants.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        money = float(plan.recomputed.money[t]) + sign * 100_000
        changed = [f'budget.by_year."{year}"={money!r}', "grants.distribution=given"]
        given = api.solve("equal_share", [*changed, f"grants.file={tmp_path / 'grants.csv'}"], reasons=False)
        (limit,) = found.years[t].limits
        side = limit.more_room if sign > 0 else limit.less_room
        assert side.goal == pytest.approx(given.recomputed.goal - plan.recomputed.goal, rel=1e-3)
        verb = "more of it and of the money it would bring" if sign > 0 else "less it would lose"
        assert f"{verb} {number(abs(side.goal), 1)} ypy" in told(found)
