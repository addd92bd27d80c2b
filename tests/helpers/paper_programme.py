"""Instances small enough for paper, on which each rule and each goal is worked out by hand.

One partnership, north, and one year unless more are asked for; 100 young people known to be neet (80 will be).
Coaching reaches all of them if there are the means: effect 0.1, £100 and 10 hours of an adviser a place.
An adviser costs £30,000 and works 1,000 hours, so that 100 places take one adviser and one adviser's worth of
coaching costs £40,000 and yields 10 young people. One adviser is in post; nobody leaves and nobody is recruited.
Fixed costs are £10,000, laying an adviser off costs £2,000, and nothing that was done lasts into the next year.
"""

from dataclasses import replace

from allocator.runs.plan import judge
from allocator.solving.settlement import solve_data
from tests.helpers.builders import YEARS, row, tiny_data, tiny_scenario, tiny_tables

FINAL_YEAR = '[goal]\nmeasure = "final_year"\n'


def paper_tables(partnerships=("north",), years=1):
    """The tables of the instance that the module describes, for these partnerships and so many years."""
    named = YEARS[:years]
    tables = tiny_tables()
    tables["partnerships"] = [
        {**line, "baseline_grant": 30_000} for line in tables["partnerships"] if line["partnership"] in partnerships
    ]
    tables["young_people"] = [
        {"partnership": p, "client_group": "neet", "year": y, "young_people": 100, "neet": 80}
        for p in partnerships
        for y in named
    ]
    tables["interventions"] = [{**row(tables, "interventions", intervention="coaching"), "persistence": 0}]
    tables["effects"] = [{**row(tables, "effects", intervention="coaching"), "max_uptake": 1}]
    tables["grades"] = [{**line, "attrition": 0, "recruitable": "false"} for line in tables["grades"]]
    tables["workforce"] = [
        {"partnership": p, "grade": grade, "fte": fte}
        for p in partnerships
        for grade, fte in (("support", 0), ("adviser", 1))
    ]
    tables["years"] = [{**line, "budget": 120_000} for line in tables["years"][:years]]
    return tables


def second_intervention(tables, effect, **changes):
    """Adds mentoring, like coaching but for its effect."""
    tables["interventions"].append({**tables["interventions"][0], "intervention": "mentoring", **changes})
    tables["effects"].append({**tables["effects"][0], "intervention": "mentoring", "effect": effect})
    return tables


def two_partnerships(**changes):
    """North and south alike, but work in south counts double; £60,000 for both; laying off costs nothing."""
    tables = paper_tables(("north", "south"))
    row(tables, "partnerships", partnership="south")["effect_multiplier"] = 2
    for line in tables["grades"]:
        line["redundancy_cost"] = 0
    tables["years"][0]["budget"] = 60_000
    for name, rows in changes.items():
        tables[name] = rows
    return tables


def solved(folder, tables, settings=FINAL_YEAR, *overrides):
    """The data, the settings and the solution of an instance."""
    folder.mkdir(parents=True, exist_ok=True)
    data = tiny_data(folder, tables)
    s = tiny_scenario(folder, settings, *overrides).settings
    return data, s, solve_data(data, s)[0]


def goal_of(folder, tables, settings=FINAL_YEAR, *overrides):
    """The goal of the best plan, worked out again from the tables."""
    data, s, solution = solved(folder, tables, settings, *overrides)
    return judge(data, s, solution.figures).goal


def moved(figures, family, index, by):
    """The same figures but for one, or for all at a slice, raised by an amount."""
    changed = getattr(figures, family).copy()
    changed[index] += by
    return replace(figures, **{family: changed})
