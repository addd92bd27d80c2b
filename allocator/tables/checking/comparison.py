"""Figures that are compared with others: money with what it has to pay for, and a year's with the year's before.

Budgets, grants, pay and fixed costs are compared with each other and with the number of young people; posts, places,
targets and limits with what there is; a group's young people, and an index, from year to year.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median

from allocator.faults import shown_number
from allocator.register.quantities import GRANT, QUANTITIES, SHARE_OF_MONEY
from allocator.tables.checking.other_units import (
    MILLIONS,
    MOST_CELLS,
    NOUGHTS,
    ODD,
    PER_CENT,
    PERSONS,
    PLACES,
    POSTS,
    RATE_PER_CENT,
    SHARE,
    THOUSANDS,
    WORKED_HOURS,
    Doubt,
    Unit,
)
from allocator.tables.columns import TABLES
from allocator.tables.reading.typed import TypedTables

# Money this many times smaller than what it has to pay for is taken to be in thousands of pounds.
THOUSANDS_FROM = 100
# Fixed costs are tens of per cent of the grants, sometimes a few; given in thousands, less than this part of them.
FIXED_COST_FROM = 1000
FIXED_COST_TO = 2  # times the grants, and more: no programme could pay them
MANY_PEOPLE = 10  # of a group of which less than one is NEET
# A year's grants and budget for each young person, £: real ones are some tens to some hundreds.
PER_HEAD = (2.0, 20_000.0)
# A year's money that is more than so many times the last year's, or less than that part of it, is asked about.
LEAP = 5
# A grant for each young person of less than this part, or more than so many times, of what half of the partnerships
# have, where there are enough of them to compare. Real ones in England lie between a tenth and seven times.
FAR, FEWEST_COMPARED = (1 / 15, 8), 4
NEARLY_ALL = 0.9  # of a sum, in one cell: it is that cell which is odd
# Of the grants, the budgets and the pay, two that agree lie within so many times each other; the third is far above.
AGREE, AT_ODDS = 10, 50
LARGEST_MULTIPLE = 20  # of a grant
# An index of prices moves by less in a year, and the last year's limit on NEET young people is no smaller part of them.
INDEX_MOVES = (0.85, 1.25)
INDEX_AT_FIRST = 1.45  # from there it may be a per cent, where it stays the same
LOWEST_TARGET = 0.1
# The young people of a group in one partnership, from one year to the next.
GROUP_MOVES, MANY_IN_GROUP = 5, 40
PAY_TO_GRANTS = 2  # times: no partnership pays so much more than it gets
TOO_FEW_PLACES = 500  # times as many who could take them up: no channel is built for so few
TOO_FEW = 50  # times as many in post as there may be: no programme dismisses so many


def by_comparison(tables: TypedTables) -> Iterator[Doubt]:
    """Raise doubts about money a hundredth or less of what it has to pay for, or of what there is for each young
    person.

    A budget is compared with the sum of the baseline grants and with the pay of those in post; the baseline
    grants with the budgets, and each with the pay of its own advisers; fixed costs with the grants. Real ones
    differ by tens of per cent; pounds and thousands differ a thousandfold.
    """
    grants = sum(grant for _, grant in tables["partnerships"].rows("baseline_grant"))
    pay_of = _pay(tables)
    if any(salary > _paid()[1] for _, salary in tables["grades"].rows("salary")):
        pay_of = {}  # it is the salaries that are odd, which is told of their column
    pay = sum(pay_of.values())
    budgets = list(tables["years"].rows("budget"))
    pay_is_odd = _pay_is_odd(tables, pay, (grants, *(budget for _, budget in budgets)))
    if pay_is_odd:
        cells = list(tables["workforce"].rows("fte"))
        posts = sum(fte for _, fte in cells)
        row, most = max(cells, key=lambda cell: cell[1])
        alone = most >= NEARLY_ALL * posts
        said = shown_number(most) if alone else f"a sum of {shown_number(posts)}"
        found = f"{said}, whose pay is {pay / grants:,.0f} times the grants, looks like {WORKED_HOURS.words}"
        yield Doubt("workforce", (row,) if alone else (), "fte", WORKED_HOURS, found)
        pay, pay_of = 0.0, {}
    if (odd := _odd_one_out(grants, budgets, pay)) is not None:
        yield odd
        return
    due = max(grants, pay)
    small = [(row, budget) for row, budget in budgets if 0 < budget * THOUSANDS_FROM <= due]
    for row, budget in small[:1] if len(small) == len(budgets) else small:
        unit = nearest_unit(budget, due)
        rows = () if len(small) == len(budgets) else (row,)
        yield Doubt("years", rows, "budget", unit, f"{shown_number(budget)} looks like {unit.words}")
    smallest = min((budget for _, budget in budgets), default=0)
    if 0 < grants * THOUSANDS_FROM <= (due := max(smallest, pay)):
        unit = nearest_unit(grants, due)
        yield Doubt(
            "partnerships", (), "baseline_grant", unit, f"a sum of {shown_number(grants)} looks like {unit.words}"
        )
        return
    for row, partnership, grant in tables["partnerships"].rows("partnership", "baseline_grant"):
        if 0 < grant * THOUSANDS_FROM <= (due := pay_of.get(partnership, 0)):
            unit = nearest_unit(grant, due)
            found = f"{shown_number(grant)} for {partnership} looks like {unit.words} beside the pay of its advisers"
            yield Doubt("partnerships", (row,), "baseline_grant", unit, found)
    yield from _more_pay_than_grant(tables, pay_of)
    fixed = sum(cost for _, cost in tables["partnerships"].rows("fixed_cost"))
    if 0 < fixed * FIXED_COST_FROM <= grants:
        unit = nearest_unit(fixed, grants / 5)
        found = f"a sum of {shown_number(fixed)} looks like {unit.words} beside the grants"
        yield Doubt("partnerships", (), "fixed_cost", unit, found)
    elif grants and fixed >= max(grants, smallest) * FIXED_COST_TO:
        found = f"a sum of {shown_number(fixed)} looks like {NOUGHTS.words} beside the grants"
        yield Doubt("partnerships", (), "fixed_cost", NOUGHTS, found)
    largest = max((budget for _, budget in budgets), default=0.0)
    yield from _per_head(tables, (("partnerships", "baseline_grant", grants), ("years", "budget", largest)))
    if not pay_is_odd:
        yield from _few_posts(tables)
        yield from _few_advisers(tables, pay, grants)
    if PER_HEAD[0] <= largest / max(1.0, _most_people(tables)):
        yield from _few_places(tables)  # else it is the young people who may be in another unit
    yield from _neet_as_a_share(tables)
    yield from _all_in_hundred(tables)
    yield from _leaps(tables, budgets, grants)
    yield from _far_from_others(tables)
    yield from _group_moves(tables)
    yield from _index_moves(tables)
    yield from _low_targets(tables)
    yield from _limits(tables)


def _more_pay_than_grant(tables: TypedTables, pay_of: Mapping[str, float]) -> Iterator[Doubt]:
    """Doubt the most of one partnership's advisers, whose pay is more than it can have had."""
    grants = [row[1:] for row in tables["partnerships"].rows("partnership", "baseline_grant")]
    odd = {
        partnership: pay_of[partnership] / grant
        for partnership, grant in grants
        if grant and grant * PAY_TO_GRANTS <= pay_of.get(partnership, 0) < grant * THOUSANDS_FROM
    }
    if len(odd) > MOST_CELLS:
        return
    for partnership, times in odd.items():
        posts = [(fte, row) for row, one, fte in tables["workforce"].rows("partnership", "fte") if one == partnership]
        most, row = max(posts)
        found = f"{shown_number(most)}: the pay of those in post in {partnership} is {times:.1f} times its grant"
        yield Doubt("workforce", (row,), "fte", ODD, found)


def _odd_one_out(grants: float, budgets: Sequence[tuple[int, float]], pay: float) -> Doubt | None:
    """Doubt the grants, or the budgets, where they are many times the two that agree: the other, and the pay."""
    budget = median(budget for _, budget in budgets) if budgets else 0.0
    for table, column, odd, other in (
        ("partnerships", "baseline_grant", grants, budget),
        ("years", "budget", budget, grants),
    ):
        agree = other > 0 and pay > 0 and 1 / AGREE <= other / pay <= AGREE
        if agree and odd >= AT_ODDS * max(other, pay):
            what = "budgets" if table == "partnerships" else "grants"
            said = f"a sum of {shown_number(odd)}" if table == "partnerships" else shown_number(odd)
            found = f"{said} beside {what} of {shown_number(other)} looks like {NOUGHTS.words}"
            return Doubt(table, (), column, NOUGHTS, found)
    return None


def _group_moves(tables: TypedTables) -> Iterator[Doubt]:
    """Doubt young people of a group in one partnership who are many times those of the year before, or after."""
    order = {year: at for at, (_, year) in enumerate(tables["years"].rows("year"))}
    for column in ("young_people", "neet"):
        rows = tables["young_people"].rows("partnership", "client_group", "year", "young_people", column)
        of_group: dict[tuple[str, str], list[tuple[int, int, float, str]]] = defaultdict(list)
        for row, partnership, group, year, people, count in rows:
            if year in order and count <= people:  # more than there are is a fault already
                of_group[partnership, group].append((order[year], row, count, year))
        far = [found for key, cells in of_group.items() if (found := _moved(*key, sorted(cells))) is not None]
        for row, said in far[:MOST_CELLS] if len(far) <= MOST_CELLS else ():  # many are how it is
            yield Doubt("young_people", (row,), column, ODD, said)


def _moved(partnership: str, group: str, cells: Sequence[tuple[int, int, float, str]]) -> tuple[int, str] | None:
    for (_, row, one, year), (_, next_row, other, next_year) in pairwise(cells):
        if max(one, other) >= MANY_IN_GROUP and min(one, other) > 0:
            times = max(one, other) / min(one, other)
            if times >= GROUP_MOVES:
                (at, said, when), (beside, then) = (
                    ((row, one, year), (other, next_year))
                    if one > other
                    else ((next_row, other, next_year), (one, year))
                )
                found = (
                    f"{shown_number(said)} of {group} in {partnership}, {when}, beside {shown_number(beside)} in {then}"
                )
                return at, found
    return None


def _index_moves(tables: TypedTables) -> Iterator[Doubt]:
    """Doubt an index that leaps from one year to the next, or stands still where it may be a per cent."""
    for column in ("price_index", "pay_index"):
        cells = [(row, value) for row, value in tables["years"].rows(column) if value]
        if any(not 0.5 <= value <= 2.4 for _, value in cells):
            continue  # which is told by its range
        for (_, before), (row, value) in pairwise(cells):
            if not INDEX_MOVES[0] <= value / before <= INDEX_MOVES[1]:
                found = f"{shown_number(value)} after {shown_number(before)}, which may be {RATE_PER_CENT.words}"
                yield Doubt("years", (row,), column, RATE_PER_CENT, found)
                break
        else:
            if len(cells) > 1 and len({value for _, value in cells}) == 1 and cells[0][1] >= INDEX_AT_FIRST:
                found = f"{shown_number(cells[0][1])} in every year looks like {RATE_PER_CENT.words}"
                yield Doubt("years", (), column, RATE_PER_CENT, found)


def _low_targets(tables: TypedTables) -> Iterator[Doubt]:
    """Doubt targets of so few young people NEET beside those there are that they are thousands or per cents."""
    regions = {name: region for _, name, region in tables["partnerships"].rows("partnership", "region")}
    there: dict[tuple[str, str, str], float] = defaultdict(float)
    for _, partnership, year, neet in tables["young_people"].rows("partnership", "year", "neet"):
        for scope in (("national", ""), ("region", regions.get(partnership, "")), ("partnership", partnership)):
            there[(*scope, year)] += neet
    for row, scope, name, year, most in tables["targets"].rows("scope", "name", "year", "max_neet"):
        due = there.get((scope, name or "", year), 0.0)
        if most and 0 < due <= most:
            found = (
                f"{shown_number(most)}, where {shown_number(due)} would be NEET without the programme: it asks nothing"
            )
            yield Doubt("targets", (row,), "max_neet", ODD, found)
        if most and most < LOWEST_TARGET * due:
            unit = PERSONS if LOWEST_TARGET < most * PERSONS.times / due < 2 else SHARE if most <= 100 else ODD
            words = {PERSONS: "thousands", SHARE: "a per cent", ODD: "a slip"}[unit]
            found = f"{shown_number(most)} beside {shown_number(due)} NEET without the programme looks like {words}"
            yield Doubt("targets", (row,), "max_neet", unit, found)


def _limits(tables: TypedTables) -> Iterator[Doubt]:
    """Doubt limits that are multiples in per cents, and limits on grants in thousands of pounds."""
    rows = list(tables["partnerships"].rows("partnership", "region", "baseline_grant"))
    for row, of, scope, name, each, *sides in tables["limits"].rows("of", "scope", "name", "each", "least", "most"):
        quantity = QUANTITIES[of]
        within = [grant for _, one, region, grant in rows if scope == "national" or name in (one, region)]
        due = (
            (min((grant for grant in within if grant), default=0.0) if each else sum(within)) if of == GRANT.name else 0
        )
        for column, value in zip(("least", "most"), sides, strict=True):
            if value and quantity.multiple and (1 if quantity is SHARE_OF_MONEY else LARGEST_MULTIPLE) < value < 1000:
                yield Doubt(
                    "limits", (row,), column, PER_CENT, f"{shown_number(value)} of {of} looks like {PER_CENT.words}"
                )
            elif value and value * THOUSANDS_FROM <= due:
                found = f"{shown_number(value)} beside grants of {shown_number(due)} looks like {THOUSANDS.words}"
                yield Doubt("limits", (row,), column, nearest_unit(value, due), found)


def _pay_is_odd(tables: TypedTables, pay: float, of_money: Iterable[float]) -> bool:
    """Say whether grants and budgets agree with each other and with the young people, and the pay of those in post
    not.
    """
    amounts = [amount for amount in of_money if amount > 0]
    most = _most_people(tables)
    if not amounts or not most or pay < PAY_TO_GRANTS * max(amounts) or max(amounts) > THOUSANDS_FROM * min(amounts):
        return False
    within = [low <= salary <= high for _, salary in tables["grades"].rows("salary") for low, high in [_paid()]]
    return all(within) and PER_HEAD[0] * 5 <= min(amounts) / most <= PER_HEAD[1]


def _most_people(tables: TypedTables) -> float:
    """Give the young people of the year that has most of them."""
    return max(tables["young_people"].sums("year", "young_people").values(), default=0.0)


def _paid() -> tuple[float, float]:
    """Give from where to where a year's pay lies."""
    (salary,) = (column for column in TABLES["grades"].columns if column.name == "salary")
    return salary.plausible or (0.0, math.inf)


def _neet_as_a_share(tables: TypedTables) -> Iterator[Doubt]:
    """Doubt numbers of young people NEET of which none is above 1, beside groups of tens or more."""
    both = [(people, neet) for _, people, neet in tables["young_people"].rows("young_people", "neet")]
    if both and all(0 <= neet <= 1 for _, neet in both) and all(people >= MANY_PEOPLE for people, _ in both):
        largest = max(neet for _, neet in both)
        if largest > 0:
            found = f"{shown_number(largest)} at most, which looks like {SHARE.words}"
            yield Doubt("young_people", (), "neet", SHARE, found)


def _all_in_hundred(tables: TypedTables) -> Iterator[Doubt]:
    """Doubt young people who are NEET in per cents: a group of whom all are NEET has 100 of them wherever it is."""
    cells = list(tables["young_people"].rows("client_group", "young_people", "neet"))
    groups: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for _, group, people, neet in cells:
        groups[group].append((people, neet))
    if max((neet for *_, neet in cells), default=0) != 100:
        return
    for group, of_one in groups.items():
        if {neet for _, neet in of_one} == {100} and len({people for people, _ in of_one}) > 1:
            yield Doubt("young_people", (), "neet", SHARE, f"100 of {group} everywhere, and none above it: per cents")
            return


def _leaps(tables: TypedTables, budgets: Sequence[tuple[int, float]], grants: float) -> Iterator[Doubt]:
    """Doubt a year's money that is several times, or a small part of, the year's before.

    The first beside last year's.
    """
    years = dict(tables["years"].rows("year"))
    before, said = grants, "the grants of the year before"
    for row, budget in budgets:
        if before and budget and not 1 / LEAP <= budget / before <= LEAP:
            found = f"{shown_number(budget)} is {budget / before:,.3g} times {said}"
            yield Doubt("years", (row,), "budget", ODD, found)
            return
        before, said = budget, f"the money of {years.get(row, 'the year before')}"


def _far_from_others(tables: TypedTables) -> Iterator[Doubt]:
    """Doubt a partnership's grant that is many times, or a small part of, what others have for each young person."""
    counted = tables["young_people"]
    if not counted.is_whole or sum(1 for _ in counted.rows("partnership", "young_people")) < len(counted.numbers):
        return  # the young people of a row with a fault are in no sum
    people = counted.sums("partnership", "young_people")
    grants = [
        (row, partnership, grant, grant / people[partnership])
        for row, partnership, grant in tables["partnerships"].rows("partnership", "baseline_grant")
        if grant and people.get(partnership)
    ]
    if len(grants) < FEWEST_COMPARED:
        return
    middle = median(each for *_, each in grants)
    far = [one for one in grants if not FAR[0] <= one[3] / middle <= FAR[1]]
    for row, partnership, grant, each in far[:MOST_CELLS]:
        found = (
            f"{shown_number(grant)} for {partnership} is £{each:,.4g} for each young person; half of the others have "
            f"£{middle:,.4g} or more"
        )
        yield Doubt("partnerships", (row,), "baseline_grant", ODD, found)


def _per_head(tables: TypedTables, sums: Sequence[tuple[str, str, float]]) -> Iterator[Doubt]:
    most = _most_people(tables)
    heads = [pounds / most if most else 0.0 for _, _, pounds in sums]
    if all(PER_HEAD[1] < amount <= PER_HEAD[1] * 1_000 for amount in heads):
        found = f"{shown_number(most)} in the largest year, £{heads[0]:,.0f} for each, looks like {PERSONS.words}"
        yield Doubt("young_people", (), "young_people", PERSONS, found)
    for table, column, pounds in sums:
        each = pounds / most if most else 0.0
        unit = next((unit for unit in (THOUSANDS, MILLIONS) if PER_HEAD[0] * 5 <= each * unit.times), None)
        if 0 < each < PER_HEAD[0] and unit is not None and each * unit.times <= PER_HEAD[1]:
            said = f"£{each:,.2f}" if each >= 0.005 else f"£{each:.1g}"
            found = f"{said} a year for each young person, which looks like {unit.words}"
            yield Doubt(table, (), column, unit, found)


def _few_posts(tables: TypedTables) -> Iterator[Doubt]:
    """Doubt a headcount limit in thousands beside the advisers in post."""
    posts = sum(fte for _, fte in tables["workforce"].rows("fte"))
    limits = list(tables["years"].rows("headcount_limit"))
    small = [(row, limit) for row, limit in limits if 0 < limit * TOO_FEW <= posts]
    for row, limit in small[:1] if len(small) == len(limits) else small:
        found = f"{shown_number(limit)} beside {shown_number(posts)} FTE in post looks like thousands"
        yield Doubt("years", () if len(small) == len(limits) else (row,), "headcount_limit", POSTS, found)


def _few_advisers(tables: TypedTables, pay: float, grants: float) -> Iterator[Doubt]:
    """Give advisers in post in thousands: pay that is next to nothing beside the grants that are to pay it."""
    posts = sum(fte for _, fte in tables["workforce"].rows("fte"))
    low, high = _paid()
    if 0 < pay * THOUSANDS_FROM <= grants and all(low <= one <= high for _, one in tables["grades"].rows("salary")):
        found = f"a sum of {shown_number(posts)}, whose pay is {pay / grants:.2%} of the grants, looks like thousands"
        yield Doubt("workforce", (), "fte", POSTS, found)


def _few_places(tables: TypedTables) -> Iterator[Doubt]:
    """Give room in a channel in thousands of places, beside those who could take them up."""
    of_channel: dict[str, set[str]] = defaultdict(set)
    for _, intervention, channel in tables["interventions"].rows("intervention", "channel"):
        of_channel[channel].add(intervention)
    people = tables["young_people"].sums("client_group", "young_people")
    for channel, room in tables["capacities"].sums("channel", "places").items():
        uses = tables["effects"].rows("intervention", "client_group", "max_uptake")
        due = sum(people[group] * share for _, one, group, share in uses if one in of_channel[channel])
        if 0 < room * TOO_FEW_PLACES <= due:
            found = f"{shown_number(room)} of {channel} in all, for {shown_number(due)} who could take them up"
            yield Doubt("capacities", (), "places", PLACES, f"{found}, looks like thousands")
            return


def nearest_unit(value: float, due: float) -> Unit:
    """Choose thousands or millions of pounds, whichever brings a figure nearer to what is due."""
    return min((THOUSANDS, MILLIONS), key=lambda unit: abs(math.log(value * unit.times / due)))


def _pay(tables: TypedTables) -> Mapping[str, float]:
    """Give the pay of each partnership's advisers in post, £ a year."""
    salaries = {grade: salary for _, grade, salary in tables["grades"].rows("grade", "salary")}
    pay: dict[str, float] = defaultdict(float)
    for _, partnership, grade, fte in tables["workforce"].rows("partnership", "grade", "fte"):
        pay[partnership] += fte * salaries.get(grade, 0)
    return pay
