"""For every rule an instance on which it binds, worked out on paper, and a move that breaks it by a known amount.

`goal` is the best there is with the rule; `without` the best there is where it is off or, for the few rules that
cannot be switched off, where what it limits is there in plenty. The arithmetic is in the comments: 1 adviser = 1,000
hours = 100 places = 10 young people, and costs £40,000 with the coaching. The move changes the best plan, on which
the row at `key` is exactly kept, so that the row is broken by `broken`, in the rule's own unit in the recomputation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.helpers.builders import row
from tests.helpers.paper_programme import FINAL_YEAR, paper_tables, second_intervention, two_partnerships

YEAR, NEXT = "2004-05", "2005-06"
FIRST = (0, 0)  # partnership and year


@dataclass(frozen=True)
class Case:
    """An instance on which a rule binds. plenty: tables in which it does not, of a rule that cannot be off."""

    tables: Callable[[], Any]
    settings: str
    goal: float
    without: float
    key: tuple[str, ...]
    move: tuple[str, Any, float]  # figures, index, by
    broken: float
    plenty: Callable[[], Any] | None = None


def eligible():
    tables = second_intervention(paper_tables(), 0.1)
    for line in tables["interventions"]:
        line["exclusive_set"] = "one"
    return with_advisers(tables, 2)


def with_advisers(tables, fte, grade="adviser"):
    row(tables, "workforce", partnership="north", grade=grade)["fte"] = fte
    return tables


def channel():
    tables = paper_tables()
    tables["capacities"] = [{"partnership": "north", "channel": "centre", "year": YEAR, "places": 30}]
    return tables


def hours():
    # the support worker cannot do an adviser's work
    return with_advisers(with_advisers(paper_tables(), 0.5), 1, "support")


def workforce(attrition=0.4):
    tables = paper_tables()
    row(tables, "grades", grade="adviser")["attrition"] = attrition
    return tables


def all_support(fte=1.0, training_places=10.0):
    """Two years; nobody but support workers in post, who can train in the first year and advise in the second."""
    tables = with_advisers(with_advisers(paper_tables(years=2), 0), fte, "support")
    for line in tables["years"]:
        line["training_places"] = training_places
    return tables


def recruitment():
    tables = with_advisers(paper_tables(), 0.5)
    for line in tables["grades"]:
        line["recruitable"] = "true"
    return tables


def headcount():
    tables = paper_tables()
    tables["years"][0]["headcount_limit"] = 0.7
    return tables


def qualified():
    tables = with_advisers(with_advisers(paper_tables(), 0.3), 1, "support")
    tables["interventions"][0]["min_grade"] = "support"
    return tables


def money(budget=36_000):
    tables = paper_tables()
    tables["years"][0]["budget"] = budget
    return tables


def carry_forward():
    tables = paper_tables(years=2)
    tables["years"][0]["budget"], tables["years"][1]["budget"] = 100_000, 30_000
    return tables


def guarantee():
    tables = with_advisers(second_intervention(paper_tables(), 0.02), 0.5)
    tables["guarantees"] = [{"year": YEAR, "client_group": "neet", "interventions": "mentoring", "min_share": 0.2}]
    return tables


def target():
    aim = {"scope": "partnership", "name": "north", "year": YEAR, "max_neet": 76, "reduction_share": None}
    return two_partnerships(targets=[aim])


CASES = {
    # 2 advisers could give 200 places; the two exclude each other, and there are 100 young people
    "eligible": Case(eligible, FINAL_YEAR, 10, 20, ("north", YEAR, "one", "neet"), ("places", (*FIRST, 0, 0, 0), 1), 1),
    # the centre has room for 30
    "channel": Case(channel, FINAL_YEAR, 3, 10, ("north", YEAR, "centre"), ("places", (*FIRST, 0, 0, 0), 1), 1),
    # half an adviser: 500 hours, 50 places; a place more takes 10 hours
    "hours": Case(
        hours,
        FINAL_YEAR,
        5,
        10,
        ("north", YEAR, "adviser"),
        ("places", (*FIRST, 0, 0, 0), 1),
        10,
        paper_tables,
    ),
    # 0.6 of an adviser stays: 60 places
    "workforce": Case(
        workforce,
        FINAL_YEAR,
        6,
        10,
        ("north", YEAR, "adviser"),
        ("fte", (*FIRST, 1), 0.1),
        0.1,
        lambda: workforce(attrition=0),
    ),
    # 0.4 of a support worker can train, who is 0.4 of an adviser in the second year: 40 places
    "trainees": Case(
        lambda: all_support(fte=0.4),
        FINAL_YEAR,
        4,
        10,
        ("north", YEAR, "support"),
        ("training", (*FIRST, 0), 0.1),
        0.1,
        all_support,
    ),
    # 0.5 of an adviser and a fifth of that more: 60 places
    "recruitment": Case(
        recruitment,
        FINAL_YEAR + "[workforce]\nmax_recruitment = 0.2",
        6,
        10,
        ("north", YEAR),
        ("recruits", (*FIRST, 1), 0.1),
        0.1,
    ),
    # 0.3 of a support worker may train: 30 places in the second year
    "training_places": Case(
        lambda: all_support(training_places=0.3),
        FINAL_YEAR,
        3,
        10,
        (YEAR,),
        ("training", (*FIRST, 0), 0.1),
        0.1,
    ),
    # 0.7 of an adviser may be in post
    "headcount": Case(headcount, FINAL_YEAR, 7, 10, (YEAR,), ("fte", (*FIRST, 1), 0.1), 0.1),
    # half of them have to be advisers, and there are 0.3: 0.3 of support stays, 600 hours, 60 places;
    # 0.1 of support more asks for 0.05 of an adviser more
    "qualified": Case(
        qualified,
        FINAL_YEAR + f'[workforce]\nqualified_grade = "adviser"\nqualified_share = {{"{YEAR}" = 0.5}}',
        6,
        10,
        ("north", YEAR),
        ("fte", (*FIRST, 0), 0.1),
        0.05,
    ),
    # 36,000 = 10,000 + 40,000 f + 2,000 (1 - f), so f = 24/38
    "money": Case(
        money, FINAL_YEAR, 240 / 38, 10, ("north", YEAR), ("grant", FIRST, -1), 1, lambda: money(budget=120_000)
    ),
    # a tenth of £100,000 is carried into a year of £30,000: 40,000 = 10,000 + 40,000 f; who is laid off goes,
    # and is paid, in the first year
    "carry_forward": Case(
        carry_forward,
        FINAL_YEAR + '[grants]\ndistribution = "historical"\n[budget]\ncarry_forward_limit = 0.1',
        7.5,
        10,
        ("north", YEAR),
        ("carry", FIRST, 1),
        1,
    ),
    # £60,000 for two fixed costs of £10,000 and one adviser, who goes south, where work counts double
    "national": Case(
        two_partnerships,
        FINAL_YEAR,
        20,
        30,
        (YEAR,),
        ("grant", FIRST, 1),
        1,
        lambda: two_partnerships(years=[{**paper_tables()["years"][0], "budget": 200_000}]),
    ),
    # north keeps 0.9 of £30,000, which pays 17/40 of an adviser; £33,000 pay 23/40 of one in south, counted double
    "floor": Case(
        two_partnerships, FINAL_YEAR + "[grants]\nfloor = 0.9", 15.75, 20, ("north", YEAR), ("grant", FIRST, -1), 1
    ),
    # south gets at most 1.1 of £30,000: the same
    "cap": Case(
        two_partnerships, FINAL_YEAR + "[grants]\ncap = 1.1", 15.75, 20, ("south", YEAR), ("grant", (1, 0), 1), 1
    ),
    # north falls by a tenth at most: the same
    "max_fall": Case(
        two_partnerships, FINAL_YEAR + "[grants]\nmax_fall = 0.1", 15.75, 20, ("north", YEAR), ("grant", FIRST, -1), 1
    ),
    # south rises by a tenth at most: the same
    "max_rise": Case(
        two_partnerships, FINAL_YEAR + "[grants]\nmax_rise = 0.1", 15.75, 20, ("south", YEAR), ("grant", (1, 0), 1), 1
    ),
    # £30,000 each: half an adviser each, and twice that in south
    "distribution": Case(
        two_partnerships,
        FINAL_YEAR + '[grants]\ndistribution = "historical"',
        15,
        20,
        ("north", YEAR),
        ("grant", FIRST, 1),
        1,
        two_partnerships,
    ),
    # the formula would give £30,000 each, and 0.9 of it is the least: as the floor
    "formula_floor": Case(
        two_partnerships,
        FINAL_YEAR + '[grants]\ndistribution = "blend"\nformula_share = 0.9\n[grants.formula]\nbaseline = 1',
        15.75,
        20,
        ("north", YEAR),
        ("grant", FIRST, -1),
        1,
    ),
    # of 50 places 20 go to mentoring: 30 x 0.1 + 20 x 0.02
    "guarantee": Case(
        guarantee, FINAL_YEAR, 3.4, 5, ("north", YEAR, "neet", "mentoring"), ("places", (*FIRST, 1, 0, 0), -1), 1
    ),
    # a twentieth of 80; ten places more are one young person more
    "ceiling": Case(
        paper_tables,
        FINAL_YEAR + "[local]\nmax_reduction = 0.05",
        4,
        10,
        ("north", YEAR),
        ("places", (*FIRST, 0, 0, 0), 10),
        1,
    ),
    # a twentieth of 80 in north takes 0.4 of an adviser and £26,000; £34,000 give 0.6 in south: 4 + 12
    "local_minimum": Case(
        two_partnerships,
        FINAL_YEAR + "[local]\nmin_reduction = 0.05\n[rules]\nsoft = []",
        16,
        20,
        ("north", YEAR),
        ("places", (*FIRST, 0, 0, 0), -10),
        1,
    ),
    # from 80 to 76 in north: the same
    "target": Case(
        target,
        FINAL_YEAR + "[rules]\nsoft = []",
        16,
        20,
        ("north", YEAR, "partnership"),
        ("places", (*FIRST, 0, 0, 0), -10),
        1,
    ),
}
