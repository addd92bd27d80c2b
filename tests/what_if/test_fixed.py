"""Which rules fix a grant, on instances where it can be worked out on paper, and told alike everywhere.

Two partnerships with a baseline of £30,000 each; £1,000 above the fixed £10,000 helps 0.25 young people in north and,
since work in south counts double, 0.5 there. So south takes what it may, and £1,000 of room is worth 0.25.
"""

import pytest

from allocator import api
from allocator.analyses.explain import sentences
from allocator.analyses.solve.gains import fixed_by, movers
from allocator.solving.settlement import plan_data
from allocator.what_if.fixed import fixed_grants
from tests.helpers.builders import row, tiny_data, tiny_scenario
from tests.helpers.paper_programme import FINAL_YEAR, paper_tables, two_partnerships
from tests.helpers.written_lp import limit

YEAR = "2004-05"


def told(folder, settings="", tables=None, goal=FINAL_YEAR):
    """What fixes which grant: rules, side, what £1,000 of room brings, and whether only together."""
    d = tiny_data(folder, two_partnerships() if tables is None else tables)
    s = tiny_scenario(folder, goal + settings).settings
    _, plans = plan_data(d, s)
    return {
        (one.partnership, one.year): (
            one.rules,
            one.side,
            None if one.more_room is None else round(one.more_room.goal / one.step * 1_000, 6),
            one.together,
        )
        for planned in plans
        for one in fixed_grants(planned)
    }


@pytest.mark.parametrize(
    ("settings", "who", "rules", "side", "together"),
    [
        ("max_rise = 0.1", "south", ("max_rise",), "<=", False),  # 33,000 at most: its bound is as tight as the rule
        ("cap = 1.1", "south", ("cap",), "<=", False),
        ("cap = 1.1\nmax_rise = 0.1", "south", ("cap", "max_rise"), "<=", True),  # neither alone lets it rise
        ("cap = 1.1\nmax_rise = 0.2", "south", ("cap",), "<=", False),
        ("floor = 0.9", "north", ("floor",), ">=", False),  # 27,000 at least, so that 33,000 are left for south
        ("max_fall = 0.1", "north", ("max_fall",), ">=", False),
        ("floor = 0.9\nmax_fall = 0.1", "north", ("floor", "max_fall"), ">=", True),
        ("floor = 0.9\nmax_fall = 0.2", "north", ("floor",), ">=", False),
        ("floor = 0.8\nmax_rise = 0.1", "south", ("max_rise",), "<=", False),
    ],
)
def test_the_rule_at_whose_limit_a_grant_stands_fixes_it(tmp_path, settings, who, rules, side, together):
    assert told(tmp_path, f"[grants]\n{settings}\n") == {(who, YEAR): (rules, side, 0.25, together)}


def test_a_grant_that_stands_at_a_limit_by_chance_is_at_the_margin(tmp_path):
    # alike, both keep their £30,000, which is the floor, the cap and last year's: no room there would bring anything
    tables = two_partnerships()
    row(tables, "partnerships", partnership="south")["effect_multiplier"] = 1
    assert told(tmp_path, "[grants]\nfloor = 1\n", tables) == {}
    assert told(tmp_path, "[grants]\ncap = 1\nmax_fall = 0\n", tables) == {}


@pytest.mark.parametrize(
    ("line", "who", "side", "worth"),
    [
        ({"of": "to_shares_as_before", "each": True, "least": 0.9}, "north", ">=", 0.25),
        ({"of": "grant", "scope": "partnership", "name": "south", "most": 33_000}, "south", "<=", 0.25),
        ({"of": "share_of_money", "scope": "region", "name": "Upland", "least": 0.45}, "north", ">=", 0.25),
        ({"of": "grant", "scope": "partnership", "name": "south", "most": 33_000, "year": "total"}, "south", "<=",
         0.25),
        ({"of": "grant", "scope": "partnership", "name": "north", "least": 28_000, "most": 28_000}, "north", "=", None),
    ],
)  # fmt: skip
def test_a_limit_of_the_planners_own_fixes_a_grant_alone_or_with_others(tmp_path, line, who, side, worth):
    own = {**limit("own", line["of"]), **line}
    expected = {(who, YEAR): (("limit own",), side, worth, False)}
    assert told(tmp_path, "", two_partnerships(limits=[own])) == expected


def two_years():
    """The two partnerships for two years, in which advisers come and go at no cost."""
    tables = paper_tables(("north", "south"), years=2)
    row(tables, "partnerships", partnership="south")["effect_multiplier"] = 2
    for line in tables["grades"]:
        line.update(recruitable="true", recruitment_cost=0, redundancy_cost=0)
    for line in tables["years"]:
        line["budget"] = 60_000
    return tables


def test_room_in_one_year_is_room_in_the_next(tmp_path):
    # 33,000 and 36,300 at most. £1,000 more in the first year allows £1,100 more in the second: 0.25 + 0.275.
    found = told(tmp_path, "[grants]\nmax_rise = 0.1\n", two_years(), "[goal]\ntail_years = 0\ndiscount_rate = 0.0\n")
    assert found == {
        ("south", "2004-05"): (("max_rise",), "<=", 0.525, False),
        ("south", "2005-06"): (("max_rise",), "<=", 0.25, False),
    }


def test_year_on_year_each_years_own_plan_is_asked(tmp_path):
    settings = '[grants]\nmax_rise = 0.1\n[certainty]\nkind = "year_on_year"\n'
    goal = "[goal]\ntail_years = 0\ndiscount_rate = 0.0\n"
    found = told(tmp_path, settings, two_years(), goal)
    assert found == {
        ("south", "2004-05"): (("max_rise",), "<=", 0.25, False),
        ("south", "2005-06"): (("max_rise",), "<=", 0.25, False),
    }


def test_where_soft_rules_fall_short_room_is_worth_what_brings_them_closer(tmp_path):
    # 80 of the 160 are asked for, and £1,000 moved helps 0.25 more of them
    tables = two_partnerships()
    tables["targets"] = [{"scope": "national", "name": None, "year": YEAR, "max_neet": None, "reduction_share": 0.5}]
    d = tiny_data(tmp_path, tables)
    s = tiny_scenario(tmp_path, f'{FINAL_YEAR}[grants]\nmax_rise = 0.1\n[rules]\nsoft = ["target"]\n').settings
    (one,) = fixed_grants(plan_data(d, s)[1][0])
    assert (one.partnership, one.rules, one.step) == ("south", ("max_rise",), 1_000)
    assert one.more_room.goal == pytest.approx(0.25, rel=1e-4)
    assert one.more_room.soft == pytest.approx(-0.25 / 80, rel=1e-4)


def test_asking_leaves_the_programme_as_it_was(tmp_path):
    d = tiny_data(tmp_path, two_partnerships())
    s = tiny_scenario(tmp_path, f"{FINAL_YEAR}[grants]\ncap = 1.1\nmax_rise = 0.1\n").settings
    planned = plan_data(d, s)[1][0]
    session = planned.stages.session
    before = (*session.bounds(), session.problem().row_upper)
    asked = fixed_grants(planned)
    assert [one.tolist() for one in (*session.bounds(), session.problem().row_upper)] == [
        one.tolist() for one in before
    ]
    assert fixed_grants(planned) == asked


def test_every_face_tells_the_same_of_a_run_written_and_read_again(tmp_path):
    tiny_data(tmp_path, two_partnerships())
    fresh = api.solve(tiny_scenario(tmp_path, f"{FINAL_YEAR}[grants]\nfloor = 0.9\nmax_fall = 0.1\n"), reasons=True)
    again = api.load(fresh.save(tmp_path / "run"))
    assert again.reasons.fixed == fresh.reasons.fixed
    for plan in (fresh, again):
        assert fixed_by(plan) == {("north", YEAR): ("floor", "max_fall")}
        assert {mover.partnership: mover.fixed_by for mover in movers(plan).movers} == {
            "north": "floor, max_fall",
            "south": "the margin",
        }
    (held,) = sentences.why_this_number(fresh.explain("north"))
    assert held[1] == (
        "Without floor and max_fall you would get less: they both hold your grant up at £27k, so that neither alone "
        "does (the grant is 0.9 times the baseline grant at least; the grant may fall 10 % from the baseline grant of "
        "£30,000); £1,000 less here would bring 0.2 young people elsewhere."
    )
    (margin,) = sentences.why_this_number(fresh.explain("south"))
    assert margin[1].startswith("The margin:")


def test_what_was_not_asked_is_not_told(tmp_path):
    tiny_data(tmp_path, two_partnerships())
    plan = api.solve(tiny_scenario(tmp_path, f"{FINAL_YEAR}[grants]\ncap = 1.1\n"))
    assert fixed_by(plan) is None
    assert {mover.fixed_by for mover in movers(plan).movers} == {"not known"}


def test_grants_that_are_set_go_by_their_distribution(tmp_path):
    tiny_data(tmp_path, two_partnerships())
    plan = api.solve(tiny_scenario(tmp_path, f'{FINAL_YEAR}[grants]\ndistribution = "equal"\n'))
    assert set(fixed_by(plan).values()) == {("equal",)}
