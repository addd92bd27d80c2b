"""The facts of rules, goals and distributions as they were once kept by hand, a table a use: the records give the same.

`max_fall` and `max_rise` stand where `damping` stood for both. docs/model.md has the order of the rules. What came
after those tables were given up had none: it is left out here, so that a new record opens no file of this folder.
"""

from types import SimpleNamespace

import pytest

from allocator.analyses.explain.explanation import step_within
from allocator.register import DISTRIBUTIONS, GOALS, RULES
from allocator.register.rules import (
    changed_in_place,
    entered_by,
    fall_short_first,
    give_the_unit,
    groups,
    left_out_first,
    moved_by,
    names,
    of_group,
)
from allocator.runs.impact import bears_on

IN_ORDER = [
    *("eligible", "channel", "hours", "workforce", "trainees", "recruitment", "training_places", "headcount"),
    *("qualified", "money", "carry_forward", "national", "floor", "cap", "max_fall", "max_rise", "distribution"),
    *("formula_floor", "guarantee", "ceiling", "local_minimum", "target", "limit"),
]
DAMPING = ("max_fall", "max_rise")


GOALS_THEN = ("cumulative", "final_year", "benefit", "least_cost", "fairest")
DISTRIBUTIONS_THEN = ("optimised", "blend", "historical", "formula", "equal", "given")


@pytest.fixture(autouse=True)
def as_they_were():
    """The records of what there was when the tables were given up; afterwards all, in their order."""
    registers = ((RULES, IN_ORDER), (GOALS, GOALS_THEN), (DISTRIBUTIONS, DISTRIBUTIONS_THEN))
    kept = [dict(records) for records, _ in registers]
    for records, then in registers:
        for name in set(records) - set(then):
            del records[name]
    yield
    for (records, _), all_of_them in zip(registers, kept, strict=True):
        records.clear()
        records.update(all_of_them)


def test_the_rules_stand_in_the_order_of_the_model():
    assert list(RULES) == IN_ORDER


def test_what_may_be_soft_and_what_is_never_off():
    assert set(names(lambda rule: rule.may_be_soft)) == {"guarantee", "target", "local_minimum"}
    never_off = {"workforce", "trainees", "hours", "money", "national", "distribution"}
    assert set(names(lambda rule: not rule.can_be_off)) == never_off


def test_one_name_stands_for_both_limits_on_change():
    assert groups() == ("damping",)
    assert of_group("damping") == DAMPING
    assert of_group("floor") == ("floor",)


def test_the_rules_on_single_grants_where_they_are_free():
    assert set(names(lambda rule: rule.on_single_grants)) == {"floor", "cap", *DAMPING, "formula_floor"}


def test_the_rules_on_change_from_last_year():
    assert {name: rule.last_year for name, rule in RULES.items() if rule.last_year} == {"max_fall": -1, "max_rise": 1}


def test_the_rules_that_grants_alone_can_break():
    on_grants = {"national", "distribution", "floor", "cap", *DAMPING, "formula_floor", "limit"}
    assert set(names(lambda rule: rule.about == "grants")) == on_grants


def test_the_order_in_which_a_search_for_a_conflict_leaves_rules_out():
    assert left_out_first() == (
        *("headcount", "training_places", "national", "cap", "ceiling", "carry_forward", "max_rise", "max_fall"),
        *("floor", "formula_floor", "limit", "local_minimum", "target", "qualified", "guarantee", "eligible"),
        *("channel", "recruitment", "trainees", "hours", "money", "workforce", "distribution"),
    )


def test_which_rule_a_search_for_a_conflict_lets_fall_short():
    assert fall_short_first() == (
        *("target", "local_minimum", "guarantee", "limit", "qualified", "national", "distribution", "floor"),
        *("max_fall", "max_rise", "money"),
    )


def test_which_rules_give_a_sum_its_unit():
    wanted = ("target", "local_minimum", "guarantee", "limit", "national", "distribution", "floor", "money")
    assert give_the_unit() == wanted


def test_the_rules_of_the_whole_country():
    assert set(names(lambda rule: not rule.of_each)) == {"national", "headcount", "training_places", "target", "limit"}
    assert names(lambda rule: rule.by_channel) == ("channel",)
    assert names(lambda rule: rule.of_the_country) == ("training_places", "headcount", "national")


def test_the_rules_that_are_in_force_or_not_and_from_which_bounds_follow():
    wanted = {"cap", "max_rise", "carry_forward", "headcount", "recruitment", "training_places"}
    assert set(names(lambda rule: rule.can_be_off and bool(rule.tightens))) == wanted


def test_the_rules_whose_sides_are_reductions():
    assert set(names(lambda rule: rule.of_reductions)) == {"target", "local_minimum", "ceiling"}


def test_the_rules_whose_sides_follow_from_the_money():
    assert names(lambda rule: rule.rests_on_money) == ("national", "distribution", "formula_floor", "limit")


def test_what_a_repair_may_move_which_way_and_how_far():
    found = {
        name: [(one.setting, one.relax == "up", one.furthest) for one in rule.levers if one.furthest is not None]
        for name, rule in RULES.items()
    }
    assert {name: levers for name, levers in found.items() if levers} == {
        "floor": [("grants.floor", False, 0.0)],
        "cap": [("grants.cap", True, 10.0)],
        "max_fall": [("grants.max_fall", True, 1.0)],
        "max_rise": [("grants.max_rise", True, 10.0)],
        "formula_floor": [("grants.formula_share", False, 0.0)],
        "recruitment": [("workforce.max_recruitment", True, 10.0)],
        "headcount": [("workforce.headcount_scale", True, 10.0)],
        "carry_forward": [("budget.carry_forward_limit", True, 1.0)],
        "ceiling": [("local.max_reduction", True, 1.0)],
        "local_minimum": [("local.min_reduction", False, 0.0)],
        "qualified": [("workforce.qualified_share", False, 0.0)],
    }
    times = [one.setting for rule in RULES.values() for one in rule.levers if one.times]
    assert times == ["workforce.headcount_scale"]


def test_which_repairs_move_sides_in_proportion():
    moved = {one.setting for rule in RULES.values() for one in rule.levers if one.furthest is not None}
    moved -= {one.setting for rule in RULES.values() for one in rule.levers if one.moves == "coefficients"}
    assert moved == {
        *("grants.floor", "grants.cap", "grants.formula_share", "workforce.headcount_scale"),
        *("local.max_reduction", "local.min_reduction"),
    }


def test_what_a_sweep_changes_in_a_programme_that_is_solved():
    levers = [one.setting for rule in RULES.values() for one in rule.levers]
    assert {setting: changed_in_place(setting) for setting in levers if changed_in_place(setting)} == {
        "budget.scale": "national",
        "budget.reserve": "national",
        "budget.by_year": "national",
        "workforce.headcount_scale": "headcount",
        "grants.floor": "floor",
        "grants.cap": "cap",
        "local.max_reduction": "ceiling",
    }
    assert changed_in_place("goal.tail_years") is None
    assert moved_by("grants.cap") == ("cap",)


def test_what_a_limit_is_moved_by_when_it_is_asked_what_that_brings():
    assert {name: rule.step for name, rule in RULES.items() if rule.step is not None} == {
        "eligible": 10,
        "channel": 10,
        "guarantee": 10,
        "recruitment": 1,
        "qualified": 1,
        "trainees": 1,
        "ceiling": 1,
        "local_minimum": 1,
        "target": 1,
        "carry_forward": 100_000,
    }
    assert step_within(RULES["carry_forward"].step, 20_000) == 1_000  # of £20,000 a fifth is £4,000


def test_the_rules_from_which_one_partnerships_bounds_follow():
    wanted = {"recruitment", "carry_forward", "floor", "cap", *DAMPING, "formula_floor", "distribution"}
    assert set(names(lambda rule: rule.bounds_one)) == wanted


def test_the_rules_that_limit_what_is_done_with_money():
    wanted = ("eligible", "channel", "recruitment", "qualified", "ceiling")
    assert names(lambda rule: rule.limits_use) == wanted


EFFECTS = {"goal", "ceiling", "local_minimum", "target"}


@pytest.mark.parametrize(
    ("column", "entered"),
    [
        ("partnerships.name", {"label"}),
        ("partnerships.region", {"label", "target", "limit"}),
        ("partnerships.baseline_grant", {"floor", "cap", *DAMPING, "distribution", "formula_floor", "limit"}),
        ("partnerships.fixed_cost", {"spend fixed", "money"}),
        # a needs formula shares the money out by NEET and by area costs as well
        ("partnerships.area_cost_factor", {"spend salaries", "money", "distribution", "formula_floor"}),
        ("partnerships.entry_grant", {"distribution", "formula_floor", "limit"}),
        ("partnerships.effect_multiplier", EFFECTS),
        ("young_people.young_people", {"eligible", "guarantee", "distribution", "formula_floor", "limit"}),
        ("young_people.neet", {"ceiling", "local_minimum", "target", "distribution", "formula_floor"}),
        ("interventions.unit_cost", {"spend places", "money", "limit"}),
        ("interventions.min_grade", {"hours"}),
        ("interventions.channel", {"channel"}),
        ("interventions.exclusive_set", {"eligible"}),
        ("interventions.persistence", EFFECTS),
        ("interventions.lag", EFFECTS),
        ("effects.effect", EFFECTS),
        ("effects.standard_error", set()),
        ("effects.adviser_hours", {"hours"}),
        ("effects.max_uptake", {"goal"}),
        ("returns.width", EFFECTS),
        ("returns.relative_effect", EFFECTS),
        ("grades.salary", {"spend salaries", "money"}),
        ("grades.productive_hours", {"hours"}),
        ("grades.attrition", {"workforce"}),
        ("grades.recruitment_cost", {"spend recruitment", "money"}),
        ("grades.redundancy_cost", {"spend redundancy", "money"}),
        ("grades.training_cost", {"spend training", "money"}),
        ("grades.training_hours", {"hours"}),
        ("grades.recruitable", {"workforce"}),
        ("workforce.fte", {"workforce", "recruitment"}),
        ("years.budget", {"national", "distribution", "formula_floor", "limit"}),
        ("years.headcount_limit", {"headcount"}),
        ("years.training_places", {"training_places"}),
        ("capacities.places", {"channel"}),
        ("guarantees.min_share", {"guarantee"}),
        ("targets.max_neet", {"target"}),
        ("targets.reduction_share", {"target"}),
        ("limits.least", {"limit"}),
        ("limits.most", {"limit"}),
    ],
)
def test_what_a_column_enters(column, entered):
    assert set(bears_on(column)) == entered


def test_prices_enter_every_use_of_money():
    uses = {"fixed", "places", "salaries", "recruitment", "redundancy", "training"}
    assert set(bears_on("years.price_index")) == {"money", "limit", *(f"spend {use}" for use in uses)}


def test_the_trainees_rule_takes_no_amount_from_anywhere():
    assert RULES["trainees"].entered_by == ()
    assert "trainees" not in entered_by("grades.training_hours")


def test_after_which_goals_the_best_plan_that_reduces_most_in_all_is_sought():
    assert {name for name, goal in GOALS.items() if goal.then} == {"final_year", "least_cost", "fairest"}


def test_what_goals_count_and_which_have_draws_to_be_cautious_about():
    assert {name: goal.counts for name, goal in GOALS.items()} == {
        "cumulative": "person_years",
        "final_year": "last_year",
        "benefit": "person_years",
        "least_cost": "spending",
        "fairest": "smallest_share",
    }
    assert [name for name, goal in GOALS.items() if goal.of_effects] == ["cumulative", "final_year", "benefit"]
    assert [name for name, goal in GOALS.items() if goal.smallest_of_all] == ["fairest"]


def test_the_units_of_goals_and_which_way_they_go():
    assert {name: (goal.unit, goal.sense) for name, goal in GOALS.items()} == {
        "cumulative": ("young person-years", "max"),
        "final_year": ("young people", "max"),
        "benefit": ("£", "max"),
        "least_cost": ("£", "min"),
        "fairest": ("share of NEET young people", "max"),
    }


def test_which_distributions_leave_grants_free_and_which_rest_on_a_formula():
    assert [name for name, one in DISTRIBUTIONS.items() if one.free] == ["optimised", "blend"]
    assert [name for name, one in DISTRIBUTIONS.items() if one.of_formula] == ["blend", "formula"]
    assert [name for name, one in DISTRIBUTIONS.items() if one.moves_with_money] == ["blend"]
    assert [name for name, one in DISTRIBUTIONS.items() if one.as_before] == ["historical"]
    assert [name for name, one in DISTRIBUTIONS.items() if not one.of_money] == ["given"]


@pytest.mark.parametrize(
    ("rule", "settings", "acts"),
    [
        ("recruitment", {"workforce.max_recruitment": None}, False),
        ("recruitment", {"workforce.max_recruitment": 0.0}, True),
        ("qualified", {"workforce.qualified_grade": "adviser", "workforce.qualified_share": {}}, False),
        ("qualified", {"workforce.qualified_grade": None, "workforce.qualified_share": {"2005-06": 0.5}}, False),
        ("qualified", {"workforce.qualified_grade": "adviser", "workforce.qualified_share": {"2005-06": 0.5}}, True),
        ("floor", {"grants.distribution": "optimised", "grants.floor": 0.9}, True),
        ("floor", {"grants.distribution": "equal", "grants.floor": 0.9}, False),
        ("cap", {"grants.distribution": "blend", "grants.cap": None}, False),
        ("max_fall", {"grants.distribution": "blend", "grants.max_fall": 0.0}, True),
        ("max_rise", {"grants.distribution": "given", "grants.max_rise": 0.1}, False),
        ("formula_floor", {"grants.distribution": "blend"}, True),
        ("formula_floor", {"grants.distribution": "optimised"}, False),
        ("distribution", {"grants.distribution": "given"}, True),
        ("ceiling", {"local.max_reduction": 1.0}, True),
        ("local_minimum", {"local.min_reduction": None}, False),
        ("headcount", {}, True),
        ("limit", {"grants.distribution": "historical"}, True),
    ],
)
def test_when_a_rule_acts(rule, settings, acts):
    sections = {}
    for setting, value in {"rules.off": (), **settings}.items():
        section, key = setting.split(".")
        sections.setdefault(section, {})[key] = value
    s = SimpleNamespace(**{name: SimpleNamespace(**values) for name, values in sections.items()})
    assert RULES[rule].in_force(s) is acts
    s.rules.off = (rule,)
    assert not RULES[rule].in_force(s)
