"""Numbers far from any real programme: certified, or refused with a reason; never a wrong plan, never a traceback.

That a plan is right is not this program's word alone: its run is written and verified, which proves it in exact
arithmetic for the problem that the tables state.
"""

from __future__ import annotations

import random

import pytest

from allocator import api
from allocator.errors import InvalidInput, NoPlan, SolverError
from allocator.runs.verify.verify import verify
from allocator.runs.write import write_run
from tests.helpers.builders import tiny_tables, write_tables

TIGHT = """
[budget]
carry_forward_limit = 0.05
[grants]
floor = 0.9
cap = 1.1
max_fall = 0.1
max_rise = 0.1
[workforce]
max_recruitment = 0.5
"""
SOFT = '[rules]\nsoft = ["target", "guarantee"]\n'
HALF_OF_ALL = {"scope": "national", "name": "", "year": "2005-06", "max_neet": None, "reduction_share": 0.5}
A_THIRD_SERVED = {"year": "2004-05", "client_group": "at_risk", "interventions": "group_work", "min_share": 0.3}


def outcome(folder, tables, settings):
    """Solve, write and verify: "certified", or the name of the refusal."""
    empty = [name for name, rows in tables.items() if not rows]
    write_tables(folder / "tables", {name: rows for name, rows in tables.items() if rows})
    for name in empty:
        headings = list({**tiny_tables(), "targets": [HALF_OF_ALL], "guarantees": [A_THIRD_SERVED]}[name][0])
        (folder / "tables" / f"{name}.csv").write_text(",".join(headings) + "\n")
    (folder / "scenario.toml").write_text(f'title = "Stress"\ndata = "tables"\n{settings}')
    try:
        plan = api.solve(folder / "scenario.toml")
    except (InvalidInput, NoPlan, SolverError) as refused:
        assert refused.found
        return type(refused).__name__
    found = verify(write_run(plan, folder / "run"))
    assert found.certified == plan.certified, found
    return "certified" if plan.certified else plan.why_uncertified


def scaled(money=1.0, people=1.0, posts=1.0, effect=1.0, hours=1.0):
    """The tiny data set in other units: the same plan, so many times as large."""
    t = tiny_tables()
    factors = {
        "partnerships": {"baseline_grant": money, "fixed_cost": money},
        "young_people": {"young_people": people, "neet": people},
        "interventions": {"unit_cost": money / people},
        "effects": {"effect": effect, "standard_error": effect, "adviser_hours": hours * posts / people},
        "grades": dict.fromkeys(("salary", "recruitment_cost", "redundancy_cost", "training_cost"), money / posts),
        "workforce": {"fte": posts},
        "years": {"budget": money, "headcount_limit": posts, "training_places": posts},
    }
    for table, columns in factors.items():
        for line in t[table]:
            line.update({name: line[name] * by for name, by in columns.items() if line[name] is not None})
    return t


UNITS = [
    *({"money": by} for by in (1e-5, 1e-3, 1e3, 1e6, 1e7)),  # of £200,000 a year: from £2 to £2,000,000,000,000
    *({"people": by} for by in (1e-2, 10, 1e3, 1e5)),
    *({"posts": by} for by in (1e-6, 1e-3, 100)),
    *({"effect": by} for by in (1e-8, 1e-5, 1e-3, 10)),
    *({"hours": by} for by in (1e-6, 1e-3)),
]


@pytest.mark.parametrize("units", UNITS, ids=str)
def test_a_plan_is_certified_in_any_units(tmp_path, units):
    assert outcome(tmp_path, scaled(**units), TIGHT) == "certified"


@pytest.mark.parametrize("measure", ["final_year", "benefit", "least_cost", "fairest"])
@pytest.mark.parametrize("units", [{"money": 1e-5}, {"money": 1e6}, {"effect": 1e-6}], ids=str)
def test_every_goal_is_certified_in_any_units(tmp_path, measure, units):
    worth = 1000 * units.get("money", 1.0)
    goal = f'[goal]\nmeasure = "{measure}"\nbenefit_per_neet = {worth}\n'
    assert outcome(tmp_path, scaled(**units), TIGHT + goal) == "certified"


def test_two_hundredths_of_a_pound_are_not_shared_out_in_silence(tmp_path):
    # group work at £10 then costs a ten-thousandth of a penny, £1e-6: below it a solver sees nothing
    assert outcome(tmp_path, scaled(money=0.9e-7), TIGHT) == "SolverError"


def of_years(count):
    t = tiny_tables()
    names = [f"year {number:02}" for number in range(count)]
    people = [line for line in t["young_people"] if line["year"] == "2004-05"]
    t["years"] = [
        {**t["years"][0], "year": name, "price_index": 1.02**k, "budget": 200_000 * 1.03**k}
        for k, name in enumerate(names)
    ]
    t["young_people"] = [{**line, "year": name} for line in people for name in names]
    return t


def of_one():
    t = of_years(1)
    for name in ("partnerships", "young_people", "workforce"):
        t[name] = [line for line in t[name] if line["partnership"] == "north"]
    return t


YEARLY = '[certainty]\nkind = "year_on_year"\nsees_tail = true\n[goal]\ntail_years = 10\n'


@pytest.mark.parametrize(
    ("tables", "settings"), [(of_one(), TIGHT), (of_years(20), TIGHT), (of_years(20), TIGHT + YEARLY)], ids=range(3)
)
def test_one_partnership_and_year_and_twenty_years_are_certified(tmp_path, tables, settings):
    assert outcome(tmp_path, tables, settings) == "certified"


def every(table, **values):
    def change(t):
        for line in t[table]:
            line.update(values)

    return change


def without_young_people(column, word):
    def change(t):
        for line in t["young_people"]:
            if line[column] == word:
                line.update(young_people=0, neet=0)

    return change


def all_of(*changes):
    def change(t):
        for one in changes:
            one(t)

    return change


# what is changed; how it ends with the limits loose: certified, or the refusal
EXTREMES = {
    "no money": (every("years", budget=0), "NoPlan"),
    "no money and no fixed costs": (
        all_of(every("years", budget=0), every("partnerships", fixed_cost=0)),
        "NoPlan",  # the advisers in post cannot be paid, nor paid off
    ),
    "no money, fixed costs or advisers": (
        all_of(every("years", budget=0), every("partnerships", fixed_cost=0), every("workforce", fte=0)),
        "certified",
    ),
    "every partnership is new": (every("partnerships", baseline_grant=0), "certified"),
    "a group without young people": (without_young_people("client_group", "neet"), "certified"),
    "a year without young people": (without_young_people("year", "2005-06"), "InvalidInput"),
    "no NEET at all": (every("young_people", neet=0), "certified"),
    "no effects": (every("effects", effect=0, standard_error=0), "certified"),
    "harm alone": (every("effects", effect=-0.1), "certified"),
    "everybody leaves": (every("grades", attrition=1), "certified"),
    "nobody leaves": (every("grades", attrition=0), "certified"),
    "prices a thousandfold": (every("years", price_index=1_000), "NoPlan"),
    "one offer": (lambda t: t["effects"].pop(), "certified"),
    "no offers": (lambda t: t["effects"].clear(), "InvalidInput"),
    "no posts": (every("years", headcount_limit=0), "certified"),
    "a millionth of a post": (every("years", headcount_limit=1e-6), "certified"),
    "salaries of a billion": (every("grades", salary=1e9), "certified"),
    "salaries of a tenth of a penny": (every("grades", salary=1e-3), "certified"),
    "hardly an hour a year": (every("grades", productive_hours=1e-3), "certified"),
    "places without hours": (every("effects", adviser_hours=0), "certified"),
    "places for nothing": (every("interventions", unit_cost=0), "certified"),
    "no uptake": (every("effects", max_uptake=0), "certified"),
    "nobody in post": (every("workforce", fte=0), "certified"),
    "effects for ever": (every("interventions", persistence=1), "certified"),
    "effects that are gone at once": (every("interventions", persistence=0), "certified"),
    "effects after the horizon": (every("interventions", lag=5), "certified"),
    "no training": (every("years", training_places=0), "certified"),
    "effects that do not count": (every("partnerships", effect_multiplier=0), "certified"),
    "effects that hardly count in one place": (
        lambda t: t["partnerships"][0].update(effect_multiplier=1e-9),
        "certified",
    ),
    "wages of a thousandth": (every("partnerships", area_cost_factor=1e-3), "certified"),
    "nobody can join": (every("grades", recruitable="false"), "certified"),
    "fixed costs above the money": (every("partnerships", fixed_cost=1e6), "NoPlan"),
    "joining for nothing": (every("grades", recruitment_cost=0), "certified"),
    "empty optional tables": (lambda t: t.update(targets=[], guarantees=[]), "certified"),
}


@pytest.mark.parametrize(("change", "expected"), EXTREMES.values(), ids=EXTREMES)
def test_an_extreme_is_certified_or_refused_as_it_should_be(tmp_path, change, expected):
    tables = tiny_tables()
    change(tables)
    assert outcome(tmp_path, tables, "") == expected


@pytest.mark.parametrize("change", [change for change, _ in EXTREMES.values()], ids=EXTREMES)
@pytest.mark.parametrize("yearly", [False, True])
def test_an_extreme_with_every_rule_in_force_is_certified_or_refused(tmp_path, change, yearly):
    tables = tiny_tables(targets=[HALF_OF_ALL], guarantees=[A_THIRD_SERVED])
    change(tables)
    settings = SOFT + (YEARLY if yearly else TIGHT)
    assert outcome(tmp_path, tables, settings) in ("certified", "NoPlan", "InvalidInput")


WILD = 40


@pytest.mark.slow
def test_numbers_of_any_size_beside_each_other_are_certified_or_refused_with_a_reason(tmp_path):
    draw = random.Random(1)
    seen = []
    for number in range(WILD):
        (tmp_path / str(number)).mkdir()
        seen.append(outcome(tmp_path / str(number), *wild(draw)))
        assert seen[-1], number
    assert seen.count("certified") > WILD / 5  # the draws are not all nonsense


# columns drawn, with the most that the door takes
DRAWN = {
    "partnerships": {"baseline_grant": 1e12, "fixed_cost": 1e12},
    "young_people": {"young_people": 1e8},
    "interventions": {"unit_cost": 1e9},
    "effects": {"effect": 1, "adviser_hours": 1_000, "max_uptake": 1},
    "grades": {"recruitment_cost": 1e9, "redundancy_cost": 1e9},
    "workforce": {"fte": 1e6},
    "years": {"budget": 1e12, "headcount_limit": 1e9, "training_places": 1e9},
}


def wild(draw):
    """The tiny tables with two in five numbers up to a million times as large or small, and settings by chance."""
    spread = draw.choice([1, 2, 3, 4, 6])
    t = tiny_tables(targets=[{**HALF_OF_ALL, "reduction_share": draw.random()}], guarantees=[A_THIRD_SERVED])
    for table, columns in DRAWN.items():
        for line in t[table]:
            for name, most in columns.items():
                if draw.random() < 0.4:
                    line[name] = min(most, line[name] * 10 ** draw.uniform(-spread, spread))
                elif draw.random() < 0.05:
                    line[name] = 0
    for line in t["young_people"]:
        line["neet"] = draw.random() * line["young_people"]
    for line in t["grades"]:
        line["attrition"] = draw.choice([0, 0.1, 0.5, 1])
    needed = 2.5 * sum(line["fixed_cost"] for line in t["partnerships"])
    for line in t["years"]:  # else nearly every draw has fixed costs above the money
        line.update(budget=min(1e12, max(line["budget"], needed)), price_index=draw.uniform(0.5, 2))
    measure = draw.choice(["cumulative", "cumulative", "final_year", "benefit", "least_cost", "fairest"])
    distribution = draw.choice(["optimised", "optimised", "equal", "blend"])
    settings = f'[goal]\nmeasure = "{measure}"\nbenefit_per_neet = 1000\ntail_years = {draw.choice([0, 3])}\n'
    settings += f'[grants]\ndistribution = "{distribution}"\nformula_share = 0.5\nformula.young_people = 1\n'
    settings += f"[budget]\ncarry_forward_limit = {draw.choice([0, 0.1, 1])}\n" + SOFT
    if draw.random() < 0.3:
        settings += f'[certainty]\nkind = "year_on_year"\nplanning_horizon = {draw.choice([1, 2])}\n'
    return t, settings
