"""Bridges: shares by hand, shares that add up, what differs, and mixtures without a plan."""

import numpy as np
import pytest

from allocator import api
from allocator.analyses.bridge.differences import differences, merged
from allocator.analyses.bridge.face import bridge_lines
from allocator.analyses.bridge.shares import bridge_sides, shapley
from allocator.errors import UsageError
from allocator.register.rules import names_in_force
from allocator.what_if.side import Side
from tests.helpers.builders import tiny_data, tiny_scenario, tiny_tables
from tests.helpers.paper_programme import FINAL_YEAR, two_partnerships
from tests.helpers.written_lp import limit


def values(**by_groups):
    """Mixtures by the letters of the groups brought in: values(a=1, ab=3) has groups a = 0, b = 1."""
    named = {frozenset("abcdef".index(letter) for letter in name.strip("_")): v for name, v in by_groups.items()}
    return {mixture: np.array([float(v)]) for mixture, v in named.items()}


def test_what_two_groups_do_only_together_is_shared_equally():
    assert shapley(values(_=10, a=10, b=10, ab=16), 2)[:, 0] == pytest.approx([3, 3])


def test_the_share_is_the_average_over_the_orders():
    # a first: 4, then b 2; b first: 3, then a 3
    assert shapley(values(_=0, a=4, b=3, ab=6), 2)[:, 0] == pytest.approx([3.5, 2.5])


def test_three_groups_by_hand():
    # a adds 6 alone; b and c add 6 only together; each order counts a sixth
    found = shapley(values(_=0, a=6, b=0, c=0, ab=6, ac=6, bc=6, abc=12), 3)[:, 0]
    assert found == pytest.approx([6, 3, 3])


def test_shares_add_up_to_the_last_digit():
    random = np.random.default_rng(1)
    mixtures = {frozenset(n for n in range(5) if code >> n & 1): random.normal(size=3) * 1e6 for code in range(32)}
    shares = shapley(mixtures, 5)
    whole = mixtures[frozenset(range(5))] - mixtures[frozenset()]
    assert np.abs(shares.sum(axis=0) - whole).max() <= 1e-9


def side(folder, settings="", *overrides, label="side", **changes):
    folder.mkdir(parents=True, exist_ok=True)
    data = tiny_data(folder, tiny_tables(**changes))
    return Side(label, tiny_scenario(folder, settings, *overrides).settings, data)


def test_equal_sides_differ_in_nothing(tmp_path):
    found = bridge_sides(side(tmp_path / "a"), side(tmp_path / "b"))
    assert (found.differences, found.groups, found.missing) == ((), (), ())
    assert found.before == found.after


FREE = "[grants]\nfloor = 0.9\nmax_rise = 0.1\nmax_fall = 0.1\n"
SET = '[grants]\ndistribution = "historical"\nfloor = 0.9\nmax_rise = 0.1\nmax_fall = 0.1\n'


def test_rules_come_into_force_with_grants_that_are_free(tmp_path):
    a, b = side(tmp_path / "a", SET), side(tmp_path / "b", FREE)
    assert {*names_in_force(b.settings)} - {*names_in_force(a.settings)} == {"floor", "max_fall", "max_rise"}
    found = {group.name: group for group in differences(a, b)}
    assert set(found) == {"grants.distribution", "floor", "damping"}
    assert found["floor"].kind == "rule"
    assert set(found["damping"].settings) == {("grants", "max_rise"), ("grants", "max_fall")}


def test_shares_of_goal_shortfall_and_every_grant_add_up_to_the_change(tmp_path):
    targets = [{"scope": "national", "name": "", "year": "2005-06", "max_neet": None, "reduction_share": 0.5}]
    a = side(tmp_path / "a", SET, targets=targets)
    b = side(tmp_path / "b", FREE, "budget.scale=1.1", targets=targets)
    found = bridge_sides(a, b)
    assert found.mixtures == 16
    assert found.missing == ()
    assert sum(group.goal for group in found.groups) == pytest.approx(found.after - found.before, rel=1e-12)
    short = found.shortfall_after - found.shortfall_before
    assert sum(group.shortfall for group in found.groups) == pytest.approx(short, abs=1e-12)
    for grant in found.grants:
        assert sum(grant.shares) == pytest.approx(grant.after - grant.before, abs=1e-6)
    for one in found.partnerships:
        assert sum(one.shares) == pytest.approx(one.change, abs=1e-6)
    assert [(grant.partnership, grant.year) for grant in found.grants] == [
        ("north", "2004-05"),
        ("north", "2005-06"),
        ("south", "2004-05"),
        ("south", "2005-06"),
    ]


def test_with_grants_set_by_history_money_alone_moves_them(tmp_path):
    settings = '[grants]\ndistribution = "historical"\n'
    a = side(tmp_path / "a", settings)
    b = side(tmp_path / "b", settings, "budget.scale=1.1", "workforce.headcount_scale=0.9")
    found = bridge_sides(a, b)
    place = [group.name for group in found.groups].index("budget.scale")
    moved = {one.partnership: one.shares for one in found.partnerships}
    assert moved["north"][place] == pytest.approx(24_000)  # a tenth of twice £120,000
    assert moved["south"][place] == pytest.approx(16_000)
    assert moved["north"][1 - place] == pytest.approx(0, abs=1e-6)


def test_a_mixture_without_a_plan_is_named_and_no_shares_are_given(tmp_path):
    # With 10 % less money, floors of 0.95 cannot be paid: they have to go down first.
    a = side(tmp_path / "a", "[grants]\nfloor = 0.95\n", label="a")
    b = side(tmp_path / "b", "[grants]\nfloor = 0.8\n", "budget.scale=0.9", label="b")
    found = bridge_sides(a, b)
    assert [mixture.groups for mixture in found.missing] == [("budget.scale",)]
    assert (found.groups, found.grants, found.partnerships) == ((), (), ())
    assert set(found.merge.split("+")) == {"budget.scale", "grants.floor"}
    together = bridge_sides(a, b, together=[found.merge])
    assert together.missing == ()
    (group,) = together.groups
    assert group.goal == pytest.approx(together.after - together.before)


def test_more_than_six_differences_are_asked_to_be_merged(tmp_path):
    changes = ["budget.scale=1.01", "budget.reserve=100", "workforce.headcount_scale=0.9", "goal.discount_rate=0.05"]
    changes += ["goal.tail_years=2", "local.max_reduction=0.9", "budget.carry_forward_limit=0.1"]
    a, b = side(tmp_path / "a"), side(tmp_path / "b", "", *changes)
    with pytest.raises(UsageError) as refused:
        bridge_sides(a, b)
    said = refused.value.sentence()
    assert said.startswith("bridge: found 7 differences, wanted 6 at most. ")
    suggested = said.split("together=")[1].split("`")[0]
    assert len(suggested.split("+")) == 2  # two of seven together leave six
    assert bridge_sides(a, b, together=[suggested]).mixtures == 64
    assert bridge_sides(a, b, together=["goal.discount_rate+goal.tail_years"]).mixtures == 64


def test_a_group_that_is_not_there_is_refused_with_the_nearest_name(tmp_path):
    found = differences(side(tmp_path / "a"), side(tmp_path / "b", "", "budget.scale=1.1"))
    with pytest.raises(UsageError) as refused:
        merged(found, ["budget.scal"])
    assert "budget.scale" in refused.value.fix


def test_goals_of_different_measures_have_no_bridge(tmp_path):
    a, b = side(tmp_path / "a"), side(tmp_path / "b", "", 'goal.measure="final_year"')
    with pytest.raises(UsageError) as refused:
        bridge_sides(a, b)
    assert refused.value.place == "goal.measure"


def test_settings_that_no_plan_rests_on_do_not_count(tmp_path):
    settings = '[grants]\ndistribution = "historical"\n'
    changes = ["grants.floor=0.5", "certainty.planning_horizon=2", "grants.formula.neet=1.0", "risk.seed=9"]
    assert differences(side(tmp_path / "a", settings), side(tmp_path / "b", settings, *changes)) == ()


def test_tables_that_differ_are_groups_of_their_own(tmp_path):
    dearer = tiny_tables()
    dearer["grades"][0]["salary"] = 21_000
    dearer["grades"][1]["salary"] = 31_000
    dearer["years"][1]["budget"] = 210_000
    dearer["interventions"][0]["unit_cost"] = 3_000  # on both sides, so that money is short
    costs = dearer["interventions"]
    b = side(tmp_path / "b", grades=dearer["grades"], years=dearer["years"], interventions=costs)
    a = side(tmp_path / "a", interventions=costs)
    assert [(group.name, group.tables) for group in differences(a, b)] == [
        ("grades", ("grades",)),
        ("years", ("years",)),
    ]
    found = bridge_sides(a, b)
    assert found.missing == ()
    by_name = {group.name: group.goal for group in found.groups}
    assert by_name["grades"] < 0 < by_name["years"]


def test_tables_that_share_keys_which_differ_are_one_group(tmp_path):
    more = tiny_tables()
    for table in ("partnerships", "young_people", "workforce"):
        more[table] = [
            *more[table],
            *[{**row, "partnership": "west"} for row in more[table] if row["partnership"] == "south"],
        ]
    a, b = side(tmp_path / "a"), side(tmp_path / "b", **{name: more[name] for name in more})
    (group,) = differences(a, b)
    assert set(group.tables) == {"partnerships", "young_people", "workforce"}
    found = bridge_sides(a, b)
    west = next(one for one in found.partnerships if one.partnership == "west")
    assert (west.before, west.shares[0]) == (0, pytest.approx(west.after))


def test_tables_that_fit_each_other_in_every_mixture_have_shares(tmp_path):
    fewer = tiny_tables()
    for row in fewer["young_people"]:
        row["young_people"], row["neet"] = row["young_people"] / 2, row["neet"] / 2
    band = [{"intervention": "coaching", "band": 1, "width": 1, "relative_effect": 0.5}]
    b = side(tmp_path / "b", young_people=fewer["young_people"], returns=band)
    found = bridge_sides(side(tmp_path / "a"), b)
    assert [group.name for group in found.differences] == ["young_people", "returns"]
    assert found.missing == ()
    assert all(group.goal < 0 for group in found.groups)


def test_mixtures_of_tables_that_do_not_fit_each_other_are_named(tmp_path):
    def tables(region):
        renamed = tiny_tables()
        renamed["partnerships"][0]["region"] = region
        aim = {"scope": "region", "name": region, "year": "2005-06", "max_neet": None, "reduction_share": 0.001}
        return {"partnerships": renamed["partnerships"], "targets": [aim]}

    found = bridge_sides(side(tmp_path / "a", **tables("Upland")), side(tmp_path / "b", **tables("Highland")))
    assert {mixture.groups for mixture in found.missing} == {("partnerships",), ("targets",)}
    assert all("targets.csv" in mixture.reason for mixture in found.missing)
    assert found.groups == ()


def test_a_mixture_whose_settings_name_what_its_tables_do_not_have_is_named(tmp_path):
    other = tiny_tables(years=[{**row, "year": f"{row['year']} plan"} for row in tiny_tables()["years"]])
    for row in other["young_people"]:
        row["year"] += " plan"
    settings = '[budget.by_year]\n"2005-06 plan" = 150000\n'
    b = side(tmp_path / "b", settings, **other)
    found = bridge_sides(side(tmp_path / "a"), b)
    names = {group.name for group in found.differences}
    assert names == {"young_people+years", "budget.by_year.2005-06 plan"}
    ((missing,),) = [mixture.groups for mixture in found.missing]
    assert missing == "budget.by_year.2005-06 plan"
    assert "2005-06 plan" in found.missing[0].reason


@pytest.mark.slow
def test_from_needs_formula_to_settlement_the_price_of_each_policy():
    found = api.bridge("needs_formula", "settlement")
    by_name = {group.name: group.goal for group in found.groups}
    assert set(by_name) == {"grants.distribution", "floor", "cap", "damping"}
    # 87,361 − 86,873, and what limits the grants costs
    assert found.after - found.before == pytest.approx(488, abs=2)
    assert sum(by_name.values()) == pytest.approx(found.after - found.before, rel=1e-9)
    assert by_name["grants.distribution"] > 488
    assert by_name["damping"] < by_name["floor"] < 0


@pytest.mark.parametrize(
    ("rule", "section", "key", "other"),
    [
        ("headcount", "workforce", "headcount_scale", 0.9),
        ("carry_forward", "budget", "carry_forward_limit", 0.1),
    ],
)
def test_a_limit_that_is_given_up_is_one_difference_whatever_it_was(tmp_path, rule, section, key, other):
    a = side(tmp_path / "a", f"[{section}]\n{key} = {other}\n")
    b = side(tmp_path / "b", f'[rules]\noff = ["{rule}"]\n')
    (found,) = differences(a, b)
    assert (found.name, found.rules, found.settings) == (rule, (rule,), ((section, key),))
    assert found.said == f"is given up ({key} {other})"


def test_a_number_against_one_by_year_is_one_difference_and_has_shares(tmp_path):
    a, b = side(tmp_path / "a"), side(tmp_path / "b", "", 'budget.scale."2005-06"=0.9')
    (found,) = differences(a, b)
    assert (found.name, found.said) == ("budget.scale", "1.0 → 0.9 in 2005-06")
    bridged = bridge_sides(a, b)
    assert [share.name for share in bridged.groups] == ["budget.scale"]
    assert bridged.groups[0].goal == pytest.approx(bridged.after - bridged.before)


def own(called, side, amount, **more):
    """A limit of the planner's own on the grant of north in the first year."""
    at = {"scope": "partnership", "name": "north", "year": "2004-05"}
    return {**limit(called, "grant", **at), side: amount, **more}


def test_each_limit_of_the_planners_own_is_a_difference_under_its_own_name(tmp_path):
    kept = own("kept", "least", 1)
    a = side(tmp_path / "a", FREE, limits=[kept, own("raised", "least", 2), own("gone", "most", 4e5)])
    b = side(tmp_path / "b", FREE, limits=[kept, own("raised", "least", 3), own("new", "most", 5e5)])
    told = {group.name: group.said for group in differences(a, b)}
    assert told == {
        "limit gone": "is given up (£400,000 at most)",
        "limit raised": "£2 at least → £3 at least",
        "limit new": "comes in (£500,000 at most)",
    }


def test_each_limit_is_brought_in_by_itself_and_shares_what_either_does(tmp_path):
    # Of £60,000 South has £50,000 and brings 20; with £33,000 at most, or £27,000 at least for North, South's £23,000
    # beside its fixed costs bring 11.5 and North's £17,000 bring 4.25, and with both no less: each takes half of 4.25.
    held = [own("north_up", "least", 27_000), own("south_down", "most", 33_000, name="south")]
    data = [tiny_data(tmp_path, two_partnerships(**tables)) for tables in ({}, {"limits": held})]
    settings = tiny_scenario(tmp_path, FINAL_YEAR).settings
    found = bridge_sides(Side("without", settings, data[0]), Side("with", settings, data[1]))
    assert (found.before, found.after) == pytest.approx((20, 15.75))
    assert {group.name: group.goal for group in found.groups} == {
        "limit north_up": pytest.approx(-2.125),
        "limit south_down": pytest.approx(-2.125),
    }
    moved = {one.partnership: one.shares for one in found.partnerships}
    assert moved["north"] == pytest.approx((8_500, 8_500), abs=1)


def test_the_difference_that_moved_least_gives_way_first_and_is_named_in_whole_words(tmp_path):
    many = [own(f"limit_of_one_partnership_{n}", "least", 27_000 if n == 3 else 1) for n in range(5)]
    data = [tiny_data(tmp_path, two_partnerships(**tables)) for tables in ({}, {"limits": many})]
    settings = tiny_scenario(tmp_path, FINAL_YEAR).settings
    found = bridge_sides(Side("without", settings, data[0]), Side("with", settings, data[1]))
    shown = "\n".join(line.plain for line in bridge_lines(found, 80)).partition("WHOSE POUNDS")[2]
    gone = " ".join(shown.partition("left out at this width: ")[2].partition(".")[0].split())
    assert "limit limit_of_one_partnership_0" in gone
    assert "limit_of_one_partnership_3" not in gone
