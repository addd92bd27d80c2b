"""Figures in another unit than their column's: thousands or millions of pounds, per cents, days, minutes.

Every column says within which range its figures lie in any programme that has been heard of. One outside of it that
lies inside after a change of unit is asked about. Money is also compared: budgets, grants, pay and fixed costs with
each other, and all of it with the number of young people.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from allocator.faults import FaultList, shown_number
from allocator.tables.columns import TABLES, Column
from allocator.tables.reading.typed import TypedTables

# Money this many times smaller than what it has to pay for is taken to be in thousands of pounds.
THOUSANDS_FROM = 100
# Fixed costs are tens of per cent of the grants, sometimes a few; given in thousands, less than this part of them.
FIXED_COST_FROM = 1000
FIXED_COST_TO = 20  # times the grants, and more: no programme could pay them
MANY_PEOPLE = 10  # of a group of which less than one is NEET
# A year's grants and budget for each young person, £: real ones are some tens to some hundreds.
PER_HEAD = (2.0, 20_000.0)
# A year's money that is more than so many times the last year's, or less than that part of it, is asked about.
LEAP = 5
# A grant for each young person of less than this part, or more than so many times, of what half of the partnerships
# have, where there are enough of them to compare. Real ones in England lie between a tenth and seven times.
FAR, FEWEST_COMPARED = (1 / 15, 8), 4
# Single cells of a column that are told; more are the column's.
MOST_CELLS = 3
# So many columns of money in the same other unit are one slip.
MANY_COLUMNS = 4
NEARLY_ALL = 0.9  # of a sum, in one cell: it is that cell which is odd
TOO_FEW_PLACES = 500  # times as many who could take them up: no channel is built for so few
TOO_FEW = 50  # times as many in post as there may be: no programme dismisses so many


@dataclass(frozen=True)
class Unit:
    """Another unit that figures may be in. times: what one of it is in the column's own."""

    code: str
    words: str
    times: float
    fix: str
    plus: float = 0.0  # what is to be added then

    def turned(self, value: float) -> float:
        """Give a figure in the column's own unit."""
        return value * self.times + self.plus


THOUSANDS = Unit("looks-like-thousands", "thousands of pounds", 1_000, "Give pounds: 1,000 times as much.")
MILLIONS = Unit("looks-like-millions", "millions of pounds", 1_000_000, "Give pounds: 1,000,000 times as much.")
PLACES = Unit("looks-like-thousands", "thousands", 1_000, "Give single places.")
POSTS = Unit("looks-like-thousands", "thousands", 1_000, "Give single posts.")
NOUGHTS = Unit(
    "looks-like-too-much", "pounds with three noughts too many, or pence", 0.001, "Divide by 1,000, or pence by 100."
)
PENCE = replace(NOUGHTS, times=0.01)
PERSONS = Unit("looks-like-thousands", "thousands", 1_000, "Give single young people: 1,000 times as many.")
MONTHLY = Unit("looks-like-months", "pay of a month", 12, "Give the pay of a year: 12 times as much.")
WEEKLY = Unit("looks-like-months", "pay of a week", 52, "Give the pay of a year: 52 times as much.")
RATE = Unit("looks-like-rate", "a rate of growth, or an uplift", 1, "Add 1: write 1.04 for 4 per cent more.", 1.0)
RATE_PER_CENT = Unit("looks-like-rate", "a rate in per cent", 0.01, "Write 1.04 for 4 per cent more.", 1.0)
SHARE = Unit("looks-like-rate", "a share of the young people", 1, "Give the number of young people NEET.")
WORKED_HOURS = Unit("looks-like-too-much", "hours, or something else than FTE", 1, "Give full-time equivalents.")
PER_CENT = Unit("looks-like-per-cent", "per cents, or an index of 100", 0.01, "Divide by 100.")
DAYS = Unit("looks-like-days", "days, or hours a week", 7.4, "Give hours.")
A_WEEK = Unit("looks-like-days", "hours a week", 44, "Give the hours of a year.")
A_DAY = Unit("looks-like-days", "hours a day", 220, "Give the hours of a year.")
MINUTES = Unit("looks-like-minutes", "minutes", 1 / 60, "Give hours.")
ODD = Unit("looks-odd", "a slip", 1, "Look whether a digit, or the unit, is another.")


@dataclass(frozen=True)
class Doubt:
    """Figures that look like another unit's. rows: those of the cells meant, none where it is the whole column."""

    table: str
    rows: tuple[int, ...]
    column: str
    unit: Unit
    found: str


def looks_like_another_unit(tables: TypedTables, faults: FaultList) -> None:
    """Report looks-like-thousands, -millions, -per-cent, -days, -minutes: figures that lie where another unit's
    would.
    """
    doubts: dict[tuple[str, str], list[Doubt]] = {}
    for doubt in (*_by_comparison(tables), *_by_range(tables)):  # what is compared tells millions from thousands
        before = doubts.setdefault((doubt.table, doubt.column), [])
        told = {row for one in before for row in one.rows}
        if any(not one.rows for one in before) or told.intersection(doubt.rows):
            continue
        before.append(doubt)
    of_money: dict[Unit, list[Doubt]] = defaultdict(list)
    for same in doubts.values():
        for doubt in same:
            if not doubt.rows and doubt.unit in (THOUSANDS, MILLIONS, NOUGHTS):
                of_money[doubt.unit].append(doubt)
    together = {unit: of_unit for unit, of_unit in of_money.items() if len(of_unit) >= MANY_COLUMNS}
    for unit, of_unit in together.items():
        columns = ", ".join(f"{doubt.table}.{doubt.column}" for doubt in of_unit)
        found = f"{of_unit[0].found}, and so do the other amounts: {columns}"
        faults.add(unit.code, of_unit[0].table, (), of_unit[0].column, found=found, fix=unit.fix)
    for same in doubts.values():
        for doubt in same:
            if doubt.unit not in together:
                faults.add(
                    doubt.unit.code, doubt.table, doubt.rows, doubt.column, found=doubt.found, fix=doubt.unit.fix
                )


def _units(column: Column) -> tuple[Unit, ...]:
    """Give the units that a column's figures may be in by mistake."""
    if column.name == "salary":
        return (THOUSANDS, MONTHLY, WEEKLY, MILLIONS, PENCE, NOUGHTS)
    if column.is_money:
        return (THOUSANDS, MILLIONS, PENCE, NOUGHTS)
    if column.unit == "hours a year":
        return (DAYS, A_WEEK, A_DAY)
    if column.unit == "hours":
        return (DAYS, MINUTES)
    if column.unit.startswith("hours"):
        return (MINUTES,)
    if column.unit in ("1 = none", "1 = base year"):
        return (PER_CENT, RATE, RATE_PER_CENT)
    return (PER_CENT,)


def _by_range(tables: TypedTables) -> Iterator[Doubt]:
    """Raise doubts about the figures of each column that says what is plausible."""
    for name in tables.there:
        for column in TABLES[name].columns:
            if column.plausible is None:
                continue
            cells = [(row, value) for row, value in tables[name].rows(column.name) if value]
            strange = [(row, value, unit) for row, value in cells if (unit := _unit_of(value, column)) is not None]
            yield from _doubts(name, column, strange, len(cells))


def _unit_of(value: float, column: Column) -> Unit | None:
    """Give the unit in which a figure outside its column's range would lie inside; None where none helps or none is
    due.
    """
    low, high = column.plausible or (-math.inf, math.inf)
    if low <= abs(value) <= high:
        return None
    found = next((unit for unit in _units(column) if low <= unit.turned(abs(value)) <= high), ODD)
    return NOUGHTS if found == PENCE else found  # which of the two it is, nobody can tell


def _doubts(table: str, column: Column, strange: list[tuple[int, float, Unit]], cells: int) -> Iterator[Doubt]:
    if not strange:
        return
    unit = strange[0][2]
    if len(strange) * 2 > cells or len(strange) > MOST_CELLS:
        value = strange[0][1]
        many = f"{shown_number(value)} and the like" if len(strange) > 1 else shown_number(value)
        rows = () if len(strange) * 2 > cells and cells > 1 else (strange[0][0],)
        yield Doubt(table, rows, column.name, unit, f"{many} ({column.unit}) looks like {unit.words}")
        return
    if column.unit == "hours":
        return  # a short training among long ones is no slip
    for row, value, other in strange:
        yield Doubt(
            table, (row,), column.name, other, f"{shown_number(value)} ({column.unit}) looks like {other.words}"
        )


def _by_comparison(tables: TypedTables) -> Iterator[Doubt]:
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
    due = max(grants, pay)
    small = [(row, budget) for row, budget in budgets if 0 < budget * THOUSANDS_FROM <= due]
    for row, budget in small[:1] if len(small) == len(budgets) else small:
        unit = _nearest(budget, due)
        rows = () if len(small) == len(budgets) else (row,)
        yield Doubt("years", rows, "budget", unit, f"{shown_number(budget)} looks like {unit.words}")
    smallest = min((budget for _, budget in budgets), default=0)
    if 0 < grants * THOUSANDS_FROM <= (due := max(smallest, pay)):
        unit = _nearest(grants, due)
        yield Doubt(
            "partnerships", (), "baseline_grant", unit, f"a sum of {shown_number(grants)} looks like {unit.words}"
        )
        return
    for row, partnership, grant in tables["partnerships"].rows("partnership", "baseline_grant"):
        if 0 < grant * THOUSANDS_FROM <= (due := pay_of.get(partnership, 0)):
            unit = _nearest(grant, due)
            found = f"{shown_number(grant)} for {partnership} looks like {unit.words} beside the pay of its advisers"
            yield Doubt("partnerships", (row,), "baseline_grant", unit, found)
    fixed = sum(cost for _, cost in tables["partnerships"].rows("fixed_cost"))
    if 0 < fixed * FIXED_COST_FROM <= grants:
        unit = _nearest(fixed, grants / 5)
        found = f"a sum of {shown_number(fixed)} looks like {unit.words} beside the grants"
        yield Doubt("partnerships", (), "fixed_cost", unit, found)
    elif fixed >= grants * FIXED_COST_TO > 0:
        found = f"a sum of {shown_number(fixed)} looks like {NOUGHTS.words} beside the grants"
        yield Doubt("partnerships", (), "fixed_cost", NOUGHTS, found)
    largest = max((budget for _, budget in budgets), default=0.0)
    yield from _per_head(tables, (("partnerships", "baseline_grant", grants), ("years", "budget", largest)))
    if not pay_is_odd:
        yield from _few_posts(tables)
        yield from _few_advisers(tables, pay, grants)
    if PER_HEAD[0] <= largest / max((1.0, *tables["young_people"].sums("year", "young_people").values())):
        yield from _few_places(tables)  # else it is the young people who may be in another unit
    yield from _neet_as_a_share(tables)
    yield from _all_in_hundred(tables)
    yield from _leaps(tables, budgets, grants)
    yield from _far_from_others(tables)


def _pay_is_odd(tables: TypedTables, pay: float, of_money: Iterable[float]) -> bool:
    """Say whether grants and budgets agree with each other and with the young people, and the pay of those in post
    not.
    """
    amounts = [amount for amount in of_money if amount > 0]
    most = max(tables["young_people"].sums("year", "young_people").values(), default=0.0)
    if not amounts or not most or pay < THOUSANDS_FROM * max(amounts) or max(amounts) > THOUSANDS_FROM * min(amounts):
        return False
    within = [low <= salary <= high for _, salary in tables["grades"].rows("salary") for low, high in [_paid()]]
    return all(within) and PER_HEAD[0] * 5 <= min(amounts) / most <= PER_HEAD[1]


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
    people = tables["young_people"].sums("partnership", "young_people")
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
    most = max(tables["young_people"].sums("year", "young_people").values(), default=0.0)
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


def _nearest(value: float, due: float) -> Unit:
    """Choose thousands or millions of pounds, whichever brings a figure nearer to what is due."""
    return min((THOUSANDS, MILLIONS), key=lambda unit: abs(math.log(value * unit.times / due)))


def _pay(tables: TypedTables) -> Mapping[str, float]:
    """Give the pay of each partnership's advisers in post, £ a year."""
    salaries = {grade: salary for _, grade, salary in tables["grades"].rows("grade", "salary")}
    pay: dict[str, float] = defaultdict(float)
    for _, partnership, grade, fte in tables["workforce"].rows("partnership", "grade", "fte"):
        pay[partnership] += fte * salaries.get(grade, 0)
    return pay
