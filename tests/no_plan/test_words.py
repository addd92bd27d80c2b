"""What the lines of a conflict's sum say: amounts that are what they are called, on the data of tests/builders.py."""

import pytest

from allocator.errors import NoPlan
from allocator.register import RULES
from tests.helpers.builders import YEARS, row, tiny_tables
from tests.no_plan.test_conflict import amounts, reached, refusal, repairs, typed


def too_few_places(**places):
    """Channels of the north with so many places in each year."""
    return tiny_tables(
        capacities=[
            {"partnership": "north", "channel": channel, "year": year, "places": count}
            for channel, count in places.items()
            for year in YEARS
        ]
    )


def lines(none):
    """Each line of the sum by its rule, year and the channel it speaks of, if any: its amount and its words."""
    found = {}
    for part in none.conflict:
        assert part.bound == (part.rule not in RULES)
        assert set(part.to_dict()) >= {"rule", "place", "amount", "unit", "asked", "said", "year"}
        channel = next((name for name in ("centre", "school") if name in part.said), "")
        found[part.rule, part.year, channel] = part
    return found


HARD_MINIMUM = "[local]\nmin_reduction = 0.08\n[rules]\nsoft = []\n"


def test_places_are_told_with_what_each_brings(tmp_path):
    # north has 120 neet in 2005-06, 8 % are 9.6. 30 places at 0.1 bring 3, and 200 that are taken up at 0.01 bring 2;
    # what 2004-05 leaves is half of that: 7.5 in all. Without a limit on places it would be 10.5.
    none = refusal(tmp_path, HARD_MINIMUM, too_few_places(centre=30))
    found = lines(none)
    assert {key: part.amount for key, part in found.items()} == pytest.approx(
        {
            ("local_minimum", "2005-06", ""): 9.6,
            ("channel", "2005-06", "centre"): 3,
            ("channel", "2004-05", "centre"): 1.5,
            ("limits of uptake", "2005-06", ""): 2,
            ("limits of uptake", "2004-05", ""): 1,
        }
    )
    assert {part.unit for part in none.conflict} == {"fewer NEET"}
    assert {part.asked for part in none.conflict if part.rule == "local_minimum"} == {True}
    assert "30 places" in found["channel", "2004-05", "centre"].said
    assert "0.05 fewer NEET each" in found["channel", "2004-05", "centre"].said
    assert "200 places" in found["limits of uptake", "2005-06", ""].said
    assert "0.01 fewer NEET each" in found["limits of uptake", "2005-06", ""].said


def test_each_channel_is_a_line_of_its_own(tmp_path):
    # the school's 100 places at 0.01 bring 1, and a half of that a year later
    found = lines(refusal(tmp_path, HARD_MINIMUM, too_few_places(centre=30, school=100)))
    assert {key: part.amount for key, part in found.items()} == pytest.approx(
        {
            ("local_minimum", "2005-06", ""): 9.6,
            ("channel", "2005-06", "centre"): 3,
            ("channel", "2004-05", "centre"): 1.5,
            ("channel", "2005-06", "school"): 1,
            ("channel", "2004-05", "school"): 0.5,
        }
    )
    assert "100 places" in found["channel", "2005-06", "school"].said


def test_what_uptake_brings_beyond_a_channels_places_is_not_told_as_theirs(tmp_path):
    # Both go through the centre: 50 of its 100 places at 0.1 and 50 at 0.01 bring 5.5 in 2005-06. The last place
    # brings 0.01, all of them 1 at that; the 50 taken up at 0.1 bring 0.09 more each, 4.5.
    tables = too_few_places(centre=100)
    row(tables, "interventions", intervention="group_work")["channel"] = "centre"
    found = lines(refusal(tmp_path, HARD_MINIMUM, tables))
    assert found["channel", "2005-06", "centre"].amount == pytest.approx(1)
    assert found["limits of uptake", "2005-06", ""].amount == pytest.approx(4.5)
    assert "beyond" in found["limits of uptake", "2005-06", ""].said
    assert "50 places" in found["limits of uptake", "2005-06", ""].said


def test_falls_of_two_years_are_told_with_both(tmp_path):
    # 200,000 in force may fall to 180,000 and then to 162,000; the money of 2005-06 is 160,000
    none = refusal(tmp_path, '[grants]\nmax_fall = 0.1\n[budget.by_year]\n"2005-06" = 160000\n')
    assert amounts(none, asked=True) == pytest.approx({"max_fall": 162_000})
    assert amounts(none, asked=False) == pytest.approx({"national": 160_000})
    falls, money = none.conflict
    assert falls.year == "2004-05 and 2005-06"
    assert all(year in falls.said for year in YEARS)
    assert money.year == "2005-06"
    assert dict(repairs(none))["grants.max_fall"] == pytest.approx(0.1056)  # 0.8944² of 200,000 are 159,990


BELIEVED = '[certainty]\nkind = "year_on_year"\nplanning_horizon = 2\nassumed_future = 0.9\n'


def test_money_that_a_plan_counts_on_is_not_told_as_there(tmp_path):
    # floors are 190,000 a year; the plan of 2004-05 takes 2005-06 to have 0.9 of its own 200,000
    settings = "[grants]\nfloor = 0.95\n" + BELIEVED
    none = refusal(tmp_path, settings)
    assert none.stage == "2004-05"
    assert amounts(none, asked=True) == pytest.approx({"floor": 190_000})
    assert amounts(none, asked=False) == pytest.approx({"national": 180_000})
    (money,) = [part for part in none.conflict if part.rule == "national"]
    assert money.year == "2005-06"
    assert "2004-05" in money.said
    assert "0.9 " in money.said
    assert ("certainty.assumed_future", 0.95) in repairs(none)
    assert ('budget.by_year."2004-05"', 211_112) in repairs(none)  # of which 0.9 are 190,000.80
    assert 'budget.by_year."2005-06"' not in dict(repairs(none))
    for repair in none.repairs:
        assert reached(tmp_path, settings, typed(repair)) == pytest.approx(repair.goal, rel=1e-6)
    with pytest.raises(NoPlan):
        reached(tmp_path, settings, "certainty.assumed_future=0.9499")


def test_what_a_plan_counts_on_is_no_repair_where_its_own_money_is_too_little(tmp_path):
    none = refusal(
        tmp_path,
        '[grants]\nfloor = 1.0\n[budget.by_year]\n"2004-05" = 190000\n' + BELIEVED,
        None,
        "certainty.assumed_future=1.2",
    )
    assert none.stage == "2004-05"
    assert amounts(none, asked=False) == pytest.approx({"national": 190_000})
    assert "certainty.assumed_future" not in dict(repairs(none))
    assert "certainty.assumed_future" not in none.fix
    assert ('budget.by_year."2004-05"', 200_000) in repairs(none)


def test_formula_minimums_above_the_money_that_a_plan_counts_on(tmp_path):
    # 0.95 of the 200,000 shared out in 2004-05 are 190,000; counted on are 180,000, 0.9 of 200,000
    settings = '[grants]\ndistribution = "formula"\n[grants.formula]\nneet = 1\nminimum_change = -0.05\n' + BELIEVED
    none = refusal(tmp_path, settings)
    assert none.stage == "2004-05"
    assert amounts(none, asked=True) == pytest.approx({"distribution": 190_000})
    assert amounts(none, asked=False) == pytest.approx({"national": 180_000})
    assert "2004-05" in none.conflict[1].said
    assert repairs(none) == [
        ("grants.formula.minimum_change", -0.1),
        ("certainty.assumed_future", 0.95),
        ("grants.formula.minimum_change", "none"),
    ]


def test_falls_held_against_the_money_of_both_years_are_told_with_their_factor(tmp_path):
    # at least 180,000 in 2004-05 and 162,000 in 2005-06, together 1.9 times the 180,000
    none = refusal(tmp_path, '[grants]\nmax_fall = 0.1\n[budget.by_year]\n"2004-05" = 20000\n"2005-06" = 18500\n')
    assert amounts(none, asked=True) == pytest.approx({"max_fall": 342_000})
    (falls,) = [part for part in none.conflict if part.rule == "max_fall"]
    assert "£180,000" in falls.said
    assert "times 1.9" in falls.said
    assert sum(part.amount for part in none.conflict if part.rule == "national") == pytest.approx(38_500)


def test_a_minimum_is_told_less_what_earlier_years_bring(tmp_path):
    # north is to reduce its 120 by 12; all that is taken up, 50 at 0.1 and 200 at 0.01, brings 7 in a year. Planned
    # year on year, 2004-05 leaves 3.5 of its 7, and 2005-06 is asked for the other 8.5.
    minimum = "[local]\nmin_reduction = 0.1\n[rules]\nsoft = []\n[certainty]\nkind = 'year_on_year'\n"
    none = refusal(tmp_path, minimum)
    assert none.stage == "2005-06"
    assert amounts(none, asked=True) == pytest.approx({"local_minimum": 8.5})
    assert amounts(none, asked=False) == pytest.approx({"limits of uptake": 7})
    (asked,) = [part for part in none.conflict if part.asked]
    assert "less what places of earlier years bring" in asked.said


def test_grants_shared_out_of_what_a_plan_counts_on_are_told_as_that(tmp_path):
    # 2004-05 takes 2005-06 to have 0.11 of 200,000: 13,200 for north and 8,800 for south, whose fixed cost is 10,000
    settings = '[grants]\ndistribution = "historical"\n' + BELIEVED
    none = refusal(tmp_path, settings, None, "certainty.assumed_future=0.11")
    assert none.stage == "2004-05"
    told = [part for part in none.conflict if part.rule == "distribution" and part.amount]
    assert [(part.place, part.amount) for part in told] == [("South, 2005-06", pytest.approx(8_800))]
    assert "2004-05" in told[0].said
    assert "certainty.assumed_future" in dict(repairs(none))
