"""Inputs moved one at a time: changes that follow on paper, plans solved a second way, and what is refused."""

from dataclasses import replace

import pytest

from allocator import api
from allocator.analyses.sensitivity.face import about_worse, change_in_words, far_in_words, sensitivity_lines
from allocator.analyses.sensitivity.inputs import inputs_of, read_ranges
from allocator.analyses.sensitivity.sensitivity import Switch, sensitivity_of
from allocator.analyses.sensitivity.switching import crossing
from allocator.errors import InvalidInput, UsageError
from allocator.tables import read_data
from allocator.what_if.cases import solve_case
from allocator.what_if.side import side_of_scenario
from tests.helpers.builders import tiny_data, tiny_scenario, tiny_tables, write_tables

TARGET = [{"scope": "national", "name": None, "year": "2005-06", "max_neet": None, "reduction_share": 0.05}]
# Room is short: a place of coaching costs an adviser's time and £3,000, so that the plan stops short of its uptake.
DEAR = [
    {**line, "unit_cost": 3_000 if line["intervention"] == "coaching" else 10}
    for line in tiny_tables()["interventions"]
]


def source(column, status="assumed"):
    table, _, name = column.partition(".")
    return {"table": table, "column": name, "part": None, "status": status, "source": None, "note": None,
            "quality": "low"}  # fmt: skip


def moved(folder, *columns, ranges="", settings="", **changes):
    """Gives the inputs of some columns moved, by name."""
    if columns:
        changes["sources"] = [source(column) for column in columns]
    data = tiny_data(folder, tiny_tables(interventions=DEAR, **changes))
    scenario = tiny_scenario(folder, settings)
    asked = ()
    if ranges:
        (folder / "ranges.csv").write_text(f"input,low,high\n{ranges}\n", encoding="utf-8")
        asked = read_ranges(folder / "ranges.csv", data, scenario.settings)
    found = sensitivity_of(side_of_scenario(scenario, data, None), asked)
    return found, {one.name: one for one in found.moved}


@pytest.fixture
def effects(tmp_path):
    tables = tiny_tables(interventions=DEAR, sources=[source("effects.effect")])
    return moved(tmp_path, "effects.effect"), tables


def test_a_plan_as_it_stands_changes_by_what_its_effects_do(effects):
    (found, by_name), _ = effects
    assert set(by_name) == {"effect of Coaching", "effect of Group work"}
    for one in found.moved:
        assert (one.measured_in, one.low.to, one.high.to, one.low.kept) == ("standard errors", -1, 1, "as it is")
        assert one.high.stands - found.value == pytest.approx(found.value - one.low.stands)
    # both standard errors are a fifth of their effect, so that together they move a fifth of the goal
    assert sum(one.high.stands - found.value for one in found.moved) == pytest.approx(found.value / 5)
    assert by_name["effect of Coaching"].high.stands > found.value


def test_the_best_plan_at_an_end_is_the_plan_of_tables_that_say_so(effects, tmp_path):
    (_found, by_name), tables = effects
    other = tiny_tables(interventions=DEAR)
    other["effects"][0]["effect"] = 0.08
    solved = solve_case(read_data(write_tables(tmp_path / "other", other)), tiny_scenario(tmp_path).settings)
    low = by_name["effect of Coaching"].low
    assert low.best == pytest.approx(solved.goal, rel=1e-6)
    assert low.best >= low.stands - 1e-6
    base = solve_case(tiny_data(tmp_path, tables), tiny_scenario(tmp_path).settings)
    apart = (solved.figures.grant - base.figures.grant).sum(axis=1)
    assert low.pounds == pytest.approx(abs(apart).sum() / 2, abs=1)


def test_where_costs_rise_partnerships_do_their_best_within_their_grants(tmp_path):
    found, by_name = moved(tmp_path, "grades.salary", "years.budget")
    salary = by_name["salary (grades)"]
    assert (salary.low.kept, salary.high.kept) == ("within its grants", "within its grants")
    assert salary.low.stands > found.value > salary.high.stands
    assert salary.high.best >= salary.high.stands * (1 - 1e-6)  # to the slack that stages hold
    # with less money the grants that were decided cannot be paid
    budget = by_name["budget (years)"]
    assert (budget.low.kept, budget.low.stands) == ("not possible", None)
    without = replace(budget, low=replace(budget.low, best=None))  # no plan at all at that end
    assert without.swing == pytest.approx(budget.high.best - found.value)


def test_a_target_is_missed_where_what_is_reached_falls_to_it(tmp_path):
    found, by_name = moved(tmp_path, ranges="effects.*.effect,0.9,1.1", targets=TARGET)
    one = by_name["effects.*.effect"]
    base = solve_case(
        tiny_data(tmp_path, tiny_tables(interventions=DEAR, targets=TARGET)), tiny_scenario(tmp_path).settings
    )
    reached, required = base.worked.reduction[:, 1].sum(), 0.05 * 180
    assert reached > required
    (target,) = [switch for switch in one.switches if switch.of.startswith("target")]
    assert target.of == "target 2005-06"
    assert target.at == pytest.approx(required / reached, rel=1e-3)
    assert (one.low.met, one.measured_in, one.centre) == (0.9 * reached >= required, "multiple", 1.0)
    assert "WHERE SOMETHING TURNS" in "\n".join(line.plain for line in sensitivity_lines(found, 100))


def test_one_cell_is_measured_in_its_own_value_and_a_setting_too(tmp_path):
    ranges = "effects.coaching.neet.effect,0.06,0.16\ngoal.discount_rate,0.0,0.1"
    found, by_name = moved(tmp_path, ranges=ranges, settings="[goal]\ndiscount_rate = 0.035\n")
    cell, rate = by_name["effects.coaching.neet.effect"], by_name["goal.discount_rate"]
    assert (cell.measured_in, cell.low.to, cell.centre, cell.high.to) == ("value", 0.06, 0.1, 0.16)
    # what is below the effect now is 2/3 of what is above it
    assert (found.value - cell.low.stands) / (cell.high.stands - found.value) == pytest.approx(2 / 3)
    assert (rate.centre, rate.low.stands > found.value > rate.high.stands) == (0.035, True)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("effects.coaching.neet.effect,0.2,0.1", "low no larger than high. Swap the two."),
        ("effects.coaching.neet.effect,0.2,0.3", "a range about 0.1"),
        ("effects.coaching.neet.effect,0.05,1.5", "from −1 to 1"),
        ("effects.choaching.neet.effect,0.05,0.2", "Did you mean 'coaching'"),
        ("effect.coaching.neet.effect,0.05,0.2", "Did you mean 'effects'"),
        ("partnerships.west.effect_multiplier,0.9,1.1", "row 2, partnerships.west.effect_multiplier: found 'west'"),
        ("effects.*.effect,-0.1,0.1", "0.9 and 1.1 are a tenth less and more"),
        ("goal.discount,0.05,0.2", "a setting that has a number"),
        ("goal.discount_rate,-0.1,0.2", "goal.discount_rate"),
        ("grants.distribution,0,1", "found 'grants.distribution', which is no number, wanted a setting that has a"),
    ],
)
def test_a_range_that_cannot_be_is_refused(tmp_path, line, said):
    with pytest.raises(UsageError) as refused:
        moved(tmp_path, ranges=line)
    assert said in refused.value.sentence()
    assert refused.value.place.startswith("ranges.csv, row 2")


def test_a_file_of_ranges_without_its_columns_is_a_fault(tmp_path):
    with pytest.raises(InvalidInput):
        moved(tmp_path, ranges="effects.coaching.neet.effect,much,0.2")


def test_what_is_assumed_is_moved_and_what_cannot_be_is_named(tmp_path):
    columns = ("interventions.name", "interventions.lag", "grades.salary", "effects.standard_error", "returns.width")
    data = tiny_data(tmp_path, tiny_tables(sources=[*map(source, columns), source("years.budget", "published")]))
    found, still = inputs_of(data)
    assert [one.key for one in found] == ["grades.*.salary"]
    assert set(still) == {"interventions.name", "interventions.lag", "returns.width"}
    everything, _ = inputs_of(tiny_data(tmp_path / "other"))
    assert {"effects.coaching.*.effect", "years.*.budget", "young_people.*.*.*.neet"} <= {one.key for one in everything}


def test_an_input_with_a_standard_error_of_its_own_is_moved_by_it(tmp_path):
    dear = [{**line, "persistence_se": 0.1} for line in DEAR]
    data = tiny_data(tmp_path, tiny_tables(interventions=dear, sources=[source("interventions.persistence")]))
    ((one,), _) = inputs_of(data)
    assert (one.scale, one.low, one.high) == ("standard errors", -1, 1)
    low, _ = one.at(data, tiny_scenario(tmp_path).settings, -1.0)
    assert low.persistence.tolist() == pytest.approx([0.4, 0.4])


def test_neet_ends_at_the_young_people_there_are(tmp_path):
    data = tiny_data(tmp_path, tiny_tables(sources=[source("young_people.neet")]))
    ((one,), _) = inputs_of(data)
    most, _ = one.at(data, tiny_scenario(tmp_path).settings, 2.0)
    assert (most.neet <= most.young_people).all()
    assert (most.neet > data.neet).all()


def test_where_a_margin_comes_to_nothing():
    assert crossing(lambda x: 3 * (x - 0.25), 1.0, 0.0, -5.0) == pytest.approx(0.25, abs=1e-4)
    assert crossing(lambda x: x**3 - 8, 1.0, 1.1, 10.0) == pytest.approx(2.0, rel=1e-3)  # past the end
    assert crossing(lambda x: x**3 - 8, 1.0, 1.1, 1.5) is None  # past the limit
    assert crossing(lambda x: x, 1.0, 0.5, 0.0) is None  # nothing at the limit is no turn
    assert crossing(lambda _: None, 1.0, 0.0, -1.0) is None


@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_line_is_wider_than_the_terminal(effects, width):
    (found, _), _ = effects
    lines = sensitivity_lines(found, width, every=True)
    assert max(line.cell_len for line in lines) <= width


def said(found, width=100):
    return " ".join(" ".join(line.plain for line in sensitivity_lines(found, width, every=True)).split())


def test_what_moving_grants_costs_is_told_as_a_cost(effects):
    (found, _), _ = effects
    costs = replace(found, measure="least_cost", unit="£", value=16e6, moving_grants=-1.8e6, certainty=2.4e6)
    told = said(costs)
    assert "Moving grants costs £1.8m against shares as before" in told
    assert "Certainty saves £2.4m against planning year on year" in told
    assert "may keep them more closely" in told
    assert "Moving grants brings 9 ypy more" in said(replace(found, moving_grants=9.0, certainty=None))
    assert "may keep them more closely" not in said(replace(found, moving_grants=9.0, certainty=None))


def test_ranges_asked_for_are_told_as_such(effects, tmp_path):
    (found, _), _ = effects
    assert "moved by a standard error" in said(found)
    other, _ = moved(tmp_path / "other", ranges="effects.*.effect,0.9,1.1")
    assert "moved to the ends of the ranges asked for" in said(other)
    assert "moved by a standard error" not in said(other)


def test_small_goals_are_told_to_a_thousandth(effects):
    (found, _), _ = effects
    assert change_in_words(replace(found, value=87_361.0), 87_348.0) == "\N{MINUS SIGN}13"
    assert change_in_words(replace(found, value=16.04), 16.06) == "+0.02"
    assert change_in_words(replace(found, measure="least_cost", value=16.04e6), 16.06e6) == "+0.02"


def test_a_star_is_told_where_there_is_one(effects, tmp_path):
    (found, _), _ = effects
    assert "All of them are assumed" in said(found)
    (one, *others) = found.moved
    assert "* derived; others are assumed" in said(replace(found, moved=(replace(one, status="derived"), *others)))
    unsaid = tuple(replace(one, status="") for one in found.moved)
    assert "assumed." not in said(replace(found, moved=unsaid)).partition("EVIDENCE")[0]


def test_a_target_is_named_without_gaps(tmp_path):
    regional = [{**TARGET[0], "scope": "region", "name": "Upland"}]
    _, by_name = moved(tmp_path, ranges="effects.*.effect,0.5,1.5", targets=regional)
    (one,) = [switch for switch in by_name["effects.*.effect"].switches if switch.of.startswith("target")]
    assert one.of == "target Upland 2005-06"


def test_by_the_library_and_over_two_processes(tmp_path):
    write_tables(tmp_path / "tables", tiny_tables(interventions=DEAR, sources=[source("effects.effect")]))
    scenario = tiny_scenario(tmp_path)
    assert api.sensitivity(scenario, jobs=2).to_dict() == api.sensitivity(scenario).to_dict()


def test_more_money_turns_nothing_of_how_the_same_money_is_shared_out(tmp_path):
    partnerships = [
        {**row, "effect_multiplier": times}
        for row, times in zip(tiny_tables()["partnerships"], (1.0, 1.05), strict=True)
    ]
    settings = "[grants]\nmax_fall = 0.05\nmax_rise = 0.05\n"
    ranges = "years.*.budget,1.0,1.5"
    found, by_name = moved(tmp_path, ranges=ranges, settings=settings, partnerships=partnerships)
    assert found.moving_grants > 1e-3 * found.value
    budget = by_name["years.*.budget"]
    # half as much money again would buy shares as before more than moving grants brings
    assert budget.high.best - found.value > found.moving_grants
    assert [switch.of for switch in budget.switches] == []
    assert budget.high.pounds == pytest.approx(0, abs=1)  # all get more, and nobody gets it from another


def test_a_best_plan_that_does_worse_is_explained(effects, tmp_path):
    (found, _), _ = effects
    assert "does worse" not in about_worse(found, found.moved)
    first = found.moved[0]
    low = replace(first.low, best=first.low.stands - 0.1 * found.value)
    said = about_worse(found, [replace(first, low=low)])
    assert "keeps soft rules more closely" in said
    shown = "\n".join(line.plain for line in sensitivity_lines(replace(found, moved=(replace(first, low=low),)), 100))
    assert "does worse" in shown
    assert about_worse(replace(found, measure="least_cost"), [replace(first, low=low)]) == ""


def test_what_turns_close_by_is_not_told_as_nothing(effects):
    (found, _), _ = effects
    one = replace(found.moved[0], switches=(Switch("target", -0.004), Switch("target", -0.05), Switch("target", 1.5)))
    assert [far_in_words(one, at.at) for at in one.switches] == ["under 0.01", "0.05", "1.5"]
    assert "0 times" not in "\n".join(line.plain for line in sensitivity_lines(replace(found, moved=(one,)), 100))
