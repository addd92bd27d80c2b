"""The least money for a target, on an instance of one year that is worked out on paper.

Nobody is in post at the start. A place of group work takes an hour of support, a thousandth of £20,000 and of £1,000
for joining, and £10: £31 for 0.01; 300 may be served: 3 for £9,300. One of coaching takes ten hours of an adviser,
£310, and £100: £410 for 0.1; 75 may be served: 7.5 for £30,750. Fixed costs are £20,000. 180 would be NEET.
"""

import pytest

from allocator.analyses.solve.face_of_least_money import least_money_lines
from allocator.analyses.solve.least_money import least_money
from allocator.errors import NoPlan, UsageError
from allocator.no_plan.diagnosis import with_reasons
from allocator.no_plan.reach import Reach
from allocator.outputs.no_plan import no_plan_lines
from allocator.solving.settlement import solve_data
from tests.helpers.builders import row, tiny_data, tiny_scenario, tiny_tables

NINE = [{"scope": "national", "name": None, "year": "2004-05", "max_neet": None, "reduction_share": 0.05}]


def paper(folder, settings="", *, budget=40_000, headcount=20, centre=None, targets=NINE):
    folder.mkdir(exist_ok=True)
    tables = tiny_tables(workforce={"fte": 0}, targets=targets)
    for table in ("young_people", "years"):
        tables[table] = [line for line in tables[table] if line["year"] == "2004-05"]
    row(tables, "years", year="2004-05").update(budget=budget, headcount_limit=headcount)
    if centre is not None:
        tables["capacities"] = [
            {"partnership": p, "channel": "centre", "year": "2004-05", "places": centre} for p in ("north", "south")
        ]
    return tiny_data(folder, tables), tiny_scenario(folder, settings).settings


def words(found, *overrides):
    return " ".join(" ".join(line.plain for line in least_money_lines(found, "tiny", overrides, 100)).split())


def test_the_least_added_money_by_hand(tmp_path):
    # 9 are asked for: 3 by group work and 6 by 60 places of coaching, 9,300 + 24,600 + 20,000 = 53,900
    found = least_money(*paper(tmp_path))
    assert found.total == pytest.approx(13_900, abs=1.5)
    # with 40,000: 3 for 9,300 and 10,700 / 4,100 more
    assert found.aims[0].reached == pytest.approx(3 + 10_700 / 4_100, rel=1e-6)
    assert not found.aims[0].met
    assert found.settings == (f'budget.by_year."2004-05"={40_000 + round(found.total)}',)
    assert found.goal == pytest.approx(9, rel=1e-3)
    said = words(found, "goal.tail_years=0")
    assert (
        "With the money there is at most 5 of 9 fewer NEET at the end of 2004-05 can be reached, all rules kept."
        in said
    )
    assert f"£{found.total:,.0f} more is the least with which it is met: £{found.total:,.0f} in 2004-05" in said
    assert 'allocator solve tiny --set goal.tail_years=0 --set \'budget.by_year."2004-05"=539' in said


@pytest.mark.parametrize("distribution", ["historical", "equal"])
def test_grants_that_are_set_need_more(tmp_path, distribution):
    # North has 6/10 of the money as before, 2/3 of it by young people. Both can spend alike a young person, twice as
    # much in North: all the money but fixed costs works at the same price until a place has served all it may.
    data, s = paper(tmp_path, f'[grants]\ndistribution = "{distribution}"\n')
    free = least_money(*paper(tmp_path)).total
    found = least_money(data, s)
    assert found.total >= free - 1
    budget = 40_000 + found.total
    north = budget * (0.6 if distribution == "historical" else 2 / 3)
    reached = 0.0
    for grant, size in ((north, 2), (budget - north, 1)):
        there = grant - 10_000
        first = min(there, 3_100 * size)
        second = min(there - first, 10_250 * size)
        reached += first / 3_100 + second / 4_100
    assert reached == pytest.approx(9, abs=1e-3)


def test_a_target_that_is_met_needs_no_money(tmp_path):
    found = least_money(*paper(tmp_path, budget=60_000))
    assert (found.total, found.settings) == (0, ())
    assert "All targets can be met as it is, and no money need be added." in words(found)
    assert "can be reached" not in words(found)  # how far is not what was asked


def test_the_one_rule_that_is_in_the_way_with_any_money(tmp_path):
    # ten places a partnership: 2 by coaching, 3 by group work
    found = least_money(*paper(tmp_path, centre=10))
    assert found.added is None
    assert found.with_any[0].reached == pytest.approx(5, rel=1e-6)
    assert [one.rules for one in found.in_the_way] == [("channel",)]
    assert found.in_the_way[0].added == pytest.approx(13_900, abs=1)
    said = words(found)
    assert "with ten times as much at most 5 of 9 fewer NEET at the end of 2004-05 can be reached" in said
    assert "The rule that, beside money, stands in the way: without channel it can be met, for £14k more" in said


def test_the_two_rules_that_are_in_the_way_together(tmp_path):
    # half a post has 500 hours, 0.01 an hour either way: 5 at most, and 5 with ten places a partnership
    found = least_money(*paper(tmp_path, centre=10, headcount=0.5))
    assert found.added is None
    assert [one.rules for one in found.in_the_way] == [("channel", "headcount")]
    assert found.in_the_way[0].added == pytest.approx(13_900, abs=1)
    assert "without channel and headcount it can be met" in words(found)


def test_where_uptake_ends_nothing_is_in_the_way_that_could_go(tmp_path):
    more = [{**NINE[0], "reduction_share": 0.07}]  # 12.6; all that take part are 10.5
    found = least_money(*paper(tmp_path, targets=more))
    assert found.added is None
    assert found.in_the_way == ()
    assert "at most 10 of 13 fewer NEET at the end of 2004-05" in words(found)  # not 11: that is not reached
    assert "No one rule and no two" in words(found)


def test_other_soft_rules_fall_no_further_short_for_the_target(tmp_path):
    # without the target 3 of group work are shared 2 to 1; a local minimum of 5 % asks 6 of north and 3 of south
    data, s = paper(tmp_path, "[local]\nmin_reduction = 0.05\n")
    found = least_money(data, s)
    assert found.total == pytest.approx(13_900, abs=1.5)


def test_a_target_asked_of_one_place(tmp_path):
    own = [{"scope": "partnership", "name": "south", "year": "2004-05", "max_neet": None, "reduction_share": 0.05}]
    # South's 3 of 60: 1 by group work for £3,100, 2 by coaching for £8,200, and fixed costs; north's 10,000
    found = least_money(*paper(tmp_path, budget=25_000, targets=own))
    assert found.total == pytest.approx(6_300, abs=1.5)


def test_what_has_no_answer_is_refused(tmp_path):
    with pytest.raises(UsageError, match="year_on_year"):
        least_money(*paper(tmp_path, '[certainty]\nkind = "year_on_year"\n'))
    with pytest.raises(UsageError, match="no target"):
        Reach(*paper(tmp_path, '[rules]\noff = ["target"]\n'))


def test_progress_is_told(tmp_path):
    told = []
    least_money(*paper(tmp_path, centre=10, headcount=0.5), done=lambda ended, total: told.append((ended, total)))
    assert told == [(n, 0) for n in range(1, len(told) + 1)]
    assert len(told) > 4


def refusal(data, s):
    hard = s.model_copy(update={"rules": s.rules.model_copy(update={"soft": ("local_minimum",)})})
    with pytest.raises(NoPlan) as none:
        solve_data(data, hard)
    told = []
    found = with_reasons(none.value, data, hard, None, lambda *_: 1.0, lambda ended, _: told.append(ended))
    assert told == list(range(1, len(told) + 1))
    return found


def test_a_target_that_must_be_met_and_cannot_says_first_how_far_it_goes(tmp_path):
    found = refusal(*paper(tmp_path, centre=10, headcount=0.5))
    assert found.reached == (
        # with 40,000 and 500 hours: group work's 3 for 9,300 and 300 hours, and 20 places of coaching for 8,200
        "At most 5 of 9 fewer NEET at the end of 2004-05 can be reached, all other rules kept.",
    )
    shown = " ".join(" ".join(line.plain for line in no_plan_lines(found, 100)).split())
    assert "solve --sums shows the chain of sums behind it." in shown
    assert "short by" not in shown
    found.sums = True
    assert "short by" in " ".join(line.plain for line in no_plan_lines(found, 100))


def test_single_and_paired_rules_without_which_a_target_goes_further(tmp_path):
    one = refusal(*paper(tmp_path / "one", centre=10, budget=60_000))
    assert one.reached[1:] == ("Without channel it is met.",)
    both = refusal(*paper(tmp_path / "two", centre=10, headcount=0.5, budget=60_000))
    assert both.reached[1:] == ("Without channel and headcount it is met.",)
    settings = {repair.setting for repair in both.repairs}
    assert not any(setting.startswith(("budget", "workforce.headcount")) for setting in settings)
