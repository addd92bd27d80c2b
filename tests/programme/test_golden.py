"""The rows of every rule, and every goal, as they stand in the LP, against files that were checked by hand.

HAND says for each file how its numbers follow from docs/model.md on the instance of written.py. A file may change
only with the model, and then this has to be gone through again. Amounts of money are in £ thousand.
Money of a year: 200,000 x 0.9 - 10,000 = £170,000. NEET: 80 + 40 = 120 in north, 60 in south.
"""

from pathlib import Path

import pytest

from allocator.register import GOALS, RULES
from tests.helpers.written_lp import lp_text, newer_tables, objective_of, rows_of

GOLDEN = Path(__file__).parents[1] / "golden"
NEWER = GOLDEN / "newer"

HAND = {
    "eligible": "neet: both bands of coaching and group work, at most the 100 (50) there are; at_risk: only the latter",
    "channel": "the one row of capacities: coaching, which goes through the centre, 30 places",
    "hours": "rank of adviser: 10 hours a place of coaching, 1,000 of an adviser; of support and above: also 1 hour a "
    "place of group work, 1,000 of support, less 100 for who trains",
    "workforce": "attrition 0.1. First year: 0.9 x 2 (south 0.9 x 1) advisers and 0.9 x 1 support stay, the right-hand "
    "side. Second: 0.9 of last year's, less who trained, and for advisers more by the support workers who did",
    "trainees": "for support alone, since the top grade does not train",
    "recruitment": "a fifth of 2 + 1 = 0.6 in north, of 1 + 1 = 0.4 in south; then of last year's advisers",
    "training_places": "10 a year for both partnerships together",
    "headcount": "half of 20 a year, all grades, both partnerships",
    "qualified": "adviser >= 0.4 (adviser + support), so 0.6 adviser - 0.4 support >= 0, in the second year alone",
    "money": "grant + carried in - carried - given back - spending = fixed cost, 10, at the second year's prices 11. "
    "An adviser 30 (33), in south 45 (49.5); support 20 (22), in south 30 (33); coaching 0.1 (0.11), "
    "group work 0.01 (0.011), recruiting 1 (1.1), laying off 2 (2.2), training support 1 (1.1), advisers 0",
    "carry_forward": "a twentieth of the grant, out of the first year alone",
    "national": "170 a year",
    "floor": "0.9 x 120 = 108 and 0.9 x 80 = 72",
    "cap": "1.25 x 120 = 150 and 1.25 x 80 = 100",
    "max_fall": "first year 0.95 x 120 = 114 and 0.95 x 80 = 76; then of last year's",
    "max_rise": "first year 1.1 x 120 = 132 and 1.1 x 80 = 88; then of last year's",
    "distribution": "170 by 120 : 80 is 102 and 68",
    "formula_floor": "shares 0.6 and 0.4 of the baseline, times area costs 1 and 1.5, are equal: 0.95 x 85 each",
    "guarantee": "0.3 x 100 = 30 and 0.3 x 50 = 15, coaching and group work for neet, second year; not soft",
    "ceiling": "0.6 x 120 = 72 and 0.6 x 60 = 36. Coaching 0.1, second band half; a year on half, 0.05 and 0.025. "
    "Group work counts a year late, whole then: 0.01, and for neet -0.02. South doubled",
    "local_minimum": "0.08 x 120 = 9.6 and 0.08 x 60 = 4.8 in the second year, the terms as in ceiling; soft",
    "target": "national 0.1 x 180 = 18 in the second year; Upland 120 - 100 = 20 in the first; south has 60, not 70, "
    "already, and so no row; soft",
    "limit": "hold 0.95 x 102 = 96.9 and 0.95 x 68 = 64.6; ring_fence 0.1 x 1.1 a place of coaching, at most 4; freeze "
    "no recruits in the first year; south 150 over both years, fixed; upland 0.5 x 170 = 85 to 0.7 x 170 = 119; change "
    "1.05 x 120 = 126, then of last year's; base 1.75 x (120 + 80) x 2 years = 700; head 0.6 x 400 = 240 and 0.6 x 200 "
    "= 120 in the second year; served places for neet, both years; posts in Lowland; peace all redundancies",
    "goal_cumulative": "discount 0.8 and, in the tail, 0.64. Coaching 0.1 (1 + 0.5 x 0.8 + 0.25 x 0.64) = 0.156, then "
    "0.1 (0.8 + 0.5 x 0.64) = 0.112. Group work 0.01 (0.8 + 0.8 x 0.64) = 0.01312, then 0.01 x 0.64. "
    "South twice the effect and weighs 3: six times",
    "goal_final_year": "the terms of ceiling in the second year, south times 3",
    "goal_benefit": "10,000 x cumulative less costs in base prices: 1,560 - 100 = 1,460; second year 1,120 - 0.8 x 100 "
    "= 1,040. An adviser 30,000 and 24,000, in south 45,000 and 36,000",
    "goal_least_cost": "the costs of benefit, prices taken off again: second year 0.8 x the first",
    "goal_fairest": "reduction of the second year less 120 (60) times the share is at least 0",
}


def test_every_rule_and_goal_has_a_file_and_a_check_by_hand_and_nothing_else_has():
    wanted = {*RULES, *(f"goal_{name}" for name in GOALS)}
    assert set(HAND) == wanted
    assert {path.stem for path in GOLDEN.glob("*.lp")} == wanted


@pytest.mark.parametrize("rule", RULES)
def test_the_rows_of_a_rule_are_those_checked_by_hand(tmp_path, rule):
    written = rows_of(lp_text(tmp_path, rule), rule)
    assert written.strip()
    assert written == (GOLDEN / f"{rule}.lp").read_text(encoding="utf-8")


@pytest.mark.parametrize("goal", GOALS)
def test_a_goal_is_the_one_checked_by_hand(tmp_path, goal):
    text = lp_text(tmp_path, goal)
    written = objective_of(text) + (rows_of(text, "fairest") if goal == "fairest" else "")
    assert written == (GOLDEN / f"goal_{goal}.lp").read_text(encoding="utf-8")


# On newer_tables(): what is otherwise than above.
HAND_OF_NEWER = {
    "floor": "north alone: south is new",
    "cap": "north alone",
    "max_fall": "south not in the first year, in which it had no grant before",
    "max_rise": "as max_fall",
    "recruitment": "1.5 more in south: 0.4 + 1.5 = 1.9, and 1.5 beside a fifth of last year's",
    "money": "salaries of the second year by 1.2: 36 and 24, in south 54 and 36; all else by 1.1 as before",
    "distribution": "the entry grant counts: 120 : 80 as before",
    "formula_floor": "the entry grant counts: 85 each as before",
    "limit": "base counts south's grants on the left and no baseline of it: 1.75 x 120 x 2 years = 420; hold has the "
    "entry grant in the shares as before: 96.9 and 64.6",
    "ceiling": "coaching 0.1 x 0.8 = 0.08, second band 0.04; a year on 0.5 x 0.5 of it, 0.02 and 0.01. Group work "
    "comes a year late and whole: who has grown up by then is not reckoned before. South doubled",
    "goal_cumulative": "coaching 0.8 of what it was, 0.1248 and 0.0896: whatever the age of those helped",
}


def test_every_file_of_the_newer_instance_has_a_check_by_hand():
    assert {path.stem for path in NEWER.glob("*.lp")} == set(HAND_OF_NEWER)


@pytest.mark.parametrize("name", HAND_OF_NEWER)
def test_the_newer_instance_is_the_one_checked_by_hand(tmp_path, name):
    text = lp_text(tmp_path, name.removeprefix("goal_"), newer_tables())
    written = objective_of(text) if name.startswith("goal_") else rows_of(text, name)
    assert written == (NEWER / f"{name}.lp").read_text(encoding="utf-8")
