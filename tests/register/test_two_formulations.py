"""A rule's record, its builder and its independent check say the same: rows, unit, sense, and what they read."""

from functools import cache

import numpy as np
import pulp
import pytest
from pydantic import BaseModel

from allocator.no_plan.limits_in_words import limit_at
from allocator.programme.builders import RULE_BUILDERS
from allocator.programme.formulate import formulate, rows_of
from allocator.recompute.figures import indexes, money_available, spend_by_use
from allocator.recompute.reductions import reductions
from allocator.recompute.rules import CHECKS, Judged
from allocator.register import RULES
from allocator.scenario.distributions import formula_of_blend, set_grants
from allocator.solving.solution import Figures
from tests.helpers.builders import tiny_data, tiny_scenario
from tests.helpers.written_lp import OTHER_SETTINGS, SETTINGS, written_tables

# Where the columns that rules read stand in a DataSet. What is offered to whom, names and bands are no amounts.
COLUMNS = {
    "baseline_grant": "partnerships.baseline_grant",
    "regions": "partnerships.region",
    "fixed_cost": "partnerships.fixed_cost",
    "area_cost_factor": "partnerships.area_cost_factor",
    "effect_multiplier": "partnerships.effect_multiplier",
    "headcount_limit": "years.headcount_limit",
    "training_places": "years.training_places",
    "price_index": "years.price_index",
    "budget": "years.budget",
    "young_people": "young_people.young_people",
    "neet": "young_people.neet",
    "unit_cost": "interventions.unit_cost",
    "min_grade": "interventions.min_grade",
    "channel": "interventions.channel",
    "exclusive_sets": "interventions.exclusive_set",
    "adviser_hours": "effects.adviser_hours",
    "salary": "grades.salary",
    "productive_hours": "grades.productive_hours",
    "attrition": "grades.attrition",
    "recruitment_cost": "grades.recruitment_cost",
    "redundancy_cost": "grades.redundancy_cost",
    "training_cost": "grades.training_cost",
    "training_hours": "grades.training_hours",
    "recruitable": "grades.recruitable",
    "workforce": "workforce.fte",
    "capacity": "capacities.places",
    "guarantees": "guarantees.min_share",
    "targets": "targets.max_neet",
    "limits": "limits.least",
}
SENSES = {pulp.LpConstraintLE: "<=", pulp.LpConstraintGE: ">=", pulp.LpConstraintEQ: "="}


class Recording:
    """Something of which every part that is read is written down; sections of settings by their dotted name."""

    def __init__(self, of, seen, before=""):
        self._of, self._seen, self._before = of, seen, before

    def __getattr__(self, name):
        value = getattr(self._of, name)
        if isinstance(value, BaseModel):
            return Recording(value, self._seen, f"{self._before}{name}.")
        self._seen.add(f"{self._before}{name}")
        return value


@cache
def instance(folder, rule):
    data = tiny_data(folder, written_tables())
    settings = tiny_scenario(folder, OTHER_SETTINGS.get(rule, SETTINGS)).settings
    return data, settings, formulate(data, settings)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("written")


def judged(programme, d, s, *, d_seen=None, s_seen=None):
    """A plan of nothing, ready for the checks."""
    x, now = programme.decisions, programme.now
    pt, pta = (len(d.partnerships), len(d.years)), (len(d.partnerships), len(d.years), len(d.grades))
    places = np.zeros((*pt, len(d.interventions), len(d.client_groups), d.width.shape[1]))
    f = Figures(places, *(np.zeros(pta) for _ in range(4)), *(np.zeros(pt) for _ in range(3)))
    fallen = reductions(d, s, f, s.goal.tail_years)
    grants = set_grants(d, s, now.money, now.grants_before, now.years)
    formula = formula_of_blend(d, s, now.money, now.grants_before, now.years)
    years = len(d.years)
    by_use, money = spend_by_use(d, s, f), money_available(d, s)
    assert x is not None
    return Judged(
        d_seen or d,
        s_seen or s,
        f,
        money,
        indexes(d, s),
        by_use,
        fallen.counted[:, :years],
        fallen.largest[:, :years],
        grants,
        formula,
    )


@pytest.mark.parametrize("rule", RULES)
def test_both_have_the_same_rows_and_the_senses_and_the_unit_of_the_record(folder, rule):
    d, s, programme = instance(folder, rule)
    built = list(rows_of(RULE_BUILDERS[rule], d, s, programme.decisions, and_met=True))
    found = CHECKS[rule](judged(programme, d, s))
    families = found if isinstance(found, tuple) else (found,)
    checked = {place: (family.sense, family.unit) for family in families for place in family.places}
    # a row without terms that holds is left out of the problem, one that is met already of the check
    asked = {place for place, row in built if RULES[rule].kind != "requirement" or -row.constant > 0}
    # nothing is carried out of the last year: its bound says so, and the check sees that it does
    last = {place for place in checked if place.year == d.years[-1]} if rule == "carry_forward" else set()
    assert asked == set(checked) - last
    senses = {place: SENSES[row.sense] for place, row in built}
    for place, (sense, unit) in checked.items():
        assert place in last or sense == senses.get(place, sense) == (RULES[rule].sense or sense)
        assert unit == RULES[rule].unit_at(place)


@pytest.mark.parametrize("rule", RULES)
def test_a_row_has_in_its_place_what_the_record_says_it_is_over(folder, rule):
    _, _, programme = instance(folder, rule)
    (*_, place) = (place for name, place in programme.rows if name == rule)
    over = RULES[rule].over
    assert bool(place.scope) == ("scope" in over)
    if RULES[rule].by_quantity:  # its scope may be one partnership, and its year all of them
        assert place.year or limit_at(programme.data, place).year == "total"
        return
    assert bool(place.partnership) == ("partnership" in over)
    assert place.year
    if "scope" not in over:
        assert len(place.detail) == len(set(over) - {"partnership", "year"})


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_reads_what_its_record_says_and_nothing_else(folder, rule):
    d, s, programme = instance(folder, rule)
    columns, settings = set(), set()
    seen = (Recording(d, columns), Recording(s, settings))
    list(RULE_BUILDERS[rule].build(*seen, programme.decisions))
    CHECKS[rule](judged(programme, d, s, d_seen=seen[0], s_seen=seen[1]))
    record = RULES[rule]
    assert {COLUMNS[name] for name in columns if name in COLUMNS} - set(record.entered_by) == set()
    assert settings - {"rules.off", "grants.distribution"} - set(record.entered_by) == set()
    if not record.rests_on_money:  # their amounts come to the rule worked out
        own = {name for name in record.set_by if name.split(".")[0] in ("grants", "budget", "local")}
        own |= {name for name in record.set_by if name.startswith("workforce.") and name != "workforce.fte"}
        assert own - settings == set()


def test_the_lowest_and_the_highest_grant_are_of_the_baseline_grant():
    for name in ("floor", "cap"):
        assert "of the baseline grant" in RULE_BUILDERS[name].sentence
        assert "baseline_grant[p]" in RULE_BUILDERS[name].formula
