"""Checks of sense: one small function a check, looking at rows and tables together; they add faults, never raise."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from allocator.faults import shown, shown_number
from allocator.tables.checking.references import joined

if TYPE_CHECKING:
    from collections.abc import Callable

    from allocator.faults import FaultList
    from allocator.tables.reading.typed import TypedTables

# How far widths may be from adding up to 1, as a share: what is lost when thirds are written with seven digits.
WIDTHS_WITHIN = 1e-6
# No array of the data set may have more places than this: 200 times those of 2,350 partnerships' young people.
LARGEST_GRID = 20_000_000
# Money this many times smaller than what it has to pay for is taken to be in thousands of pounds.
THOUSANDS_FROM = 100
START_UP = ("partnership", "start_up_posts")
# Fixed costs are tens of per cent of the grants, sometimes a few; given in thousands, less than this part of them.
FIXED_COST_FROM = 1000


def neet_within_people(tables: TypedTables, faults: FaultList) -> None:
    """neet-over-people: more young people NEET than there are in the group."""
    columns = ("partnership", "client_group", "year", "young_people", "neet")
    for row, partnership, group, year, people, neet in tables["young_people"].rows(*columns):
        if neet > people:
            wanted = f"at most {shown_number(people)}, the young people of {partnership}, {group}, {year}"
            faults.add("neet-over-people", "young_people", [row], "neet", found=shown_number(neet), wanted=wanted)


def bounded(tables: TypedTables, faults: FaultList) -> None:
    """too-many-names: so many names that the arrays over them would not fit into memory."""
    for axes in GRIDS:
        size = _size(tables, axes)
        if size > LARGEST_GRID:
            names = ", ".join(f"{column} ({len(tables.names(table, column) or ()):,})" for table, column in axes)
            fix = "Look for rows that do not belong there."
            wanted = f"at most {LARGEST_GRID:,} combinations"
            faults.add("too-many-names", axes[0][0], found=f"{size:,} combinations of {names}", wanted=wanted, fix=fix)


def _size(tables: TypedTables, axes: tuple[tuple[str, str], ...]) -> int:
    return math.prod(len(tables.names(table, column) or ()) for table, column in axes)


def young_people_complete(tables: TypedTables, faults: FaultList) -> None:
    """missing-row: a partnership without young people of some group in some year."""
    partnerships = tables.names("partnerships", "partnership")
    years = tables.names("years", "year")
    groups = tables.client_groups()
    if partnerships is None or years is None or groups is None or _size(tables, PEOPLE) > LARGEST_GRID:
        return
    if not tables["young_people"].is_whole:
        return  # a row with a cell too many or too few may be the missing one
    near = tables.rare_groups
    keys = list(tables["young_people"].rows("partnership", "year", "client_group"))
    if len(keys) < len(tables["young_people"].numbers):
        return  # rows whose key has a fault may be the missing ones
    there = {(partnership, year, near.get(group, group)) for _, partnership, year, group in keys}
    if any(partnership not in partnerships or year not in years for partnership, year, _ in there):
        return  # likewise the rows of unknown names, which are said already
    due = (
        tables.names_of_whole_rows("partnerships", "partnership") or (),
        tables.names_of_whole_rows("years", "year") or (),
    )
    for partnership, year in product(*map(sorted, due)):
        if missing := sorted(group for group in groups if (partnership, year, group) not in there):
            found = f"no row for {partnership} in {year} of {', '.join(missing[:10])}"
            wanted = "a row for each partnership, client group and year"
            faults.add("missing-row", "young_people", found=found, wanted=wanted, fix="Add it; 0 is a value too.")


def workforce_complete(tables: TypedTables, faults: FaultList) -> None:
    """missing-row: a partnership without a row for some grade. no-advisers: one with none, nor start-up posts."""
    partnerships = tables.names("partnerships", "partnership")
    grades = tables.names("grades", "grade")
    if partnerships is None or grades is None or _size(tables, POSTS) > LARGEST_GRID:
        return
    if not tables["workforce"].numbers or not tables["workforce"].is_whole:
        return  # a missing or empty table, or rows with a cell too many or too few, which are said already
    there: dict[str, dict[str, float]] = defaultdict(dict)
    for _, partnership, grade, fte in tables["workforce"].rows("partnership", "grade", "fte"):
        there[partnership][grade] = fte
    if len(tables["workforce"].numbers) > sum(1 for _ in tables["workforce"].rows("partnership", "grade", "fte")):
        return  # rows with a fault may be the missing ones
    if there.keys() - partnerships or any(of_one.keys() - grades for of_one in there.values()):
        return  # likewise the rows of unknown names, which are said already
    starting = {partnership for _, partnership, posts in tables["partnerships"].rows(*START_UP) if posts}
    due = tables.names_of_whole_rows("grades", "grade") or set()
    for partnership in sorted(tables.names_of_whole_rows("partnerships", "partnership") or ()):
        if missing := sorted(due - there[partnership].keys()):
            found = f"no row for {partnership} of {', '.join(missing[:10])}"
            wanted = "a row for each partnership and grade"
            faults.add("missing-row", "workforce", found=found, wanted=wanted, fix="Add it; 0 is a value too.")
        elif not any(there[partnership].values()) and partnership not in starting:
            found = f"neither advisers in post nor start_up_posts in {partnership}"
            fix = "Under max_recruitment it can recruit none; give it start_up_posts if it is to begin work."
            faults.add("no-advisers", "workforce", found=found, fix=fix)


def something_to_share(tables: TypedTables, faults: FaultList) -> None:
    """nothing-to-share: all young people of a year are zero."""
    people: dict[str, float] = defaultdict(float)
    for _, year, count in tables["young_people"].rows("year", "young_people"):
        people[year] += count
    for year, total in people.items():
        if not total:
            found = f"0 everywhere in {year}"
            faults.add("nothing-to-share", "young_people", (), "young_people", found=found, wanted="a sum above 0")


def offers(tables: TypedTables, faults: FaultList) -> None:
    """no-effect: an intervention that is offered to no client group."""
    offered = tables.names("effects", "intervention")
    if offered is not None:
        for row, intervention in tables["interventions"].rows("intervention"):
            if intervention not in offered:
                fix = f"Give it a row in {faults.label('effects')}, or leave it out."
                found = f"{intervention}, which is offered to no client group"
                faults.add("no-effect", "interventions", [row], "intervention", found=found, fix=fix)


def returns(tables: TypedTables, faults: FaultList) -> None:
    """bands, widths, rising-returns: the bands of each intervention."""
    bands: dict[str, list[tuple[int, int, float, float]]] = defaultdict(list)
    if not tables["returns"].is_whole:
        return  # whose bands they are that have a cell too many or too few is not sure
    faulty = set()
    for name, values in zip(
        tables["returns"].columns["intervention"],
        zip(
            tables["returns"].columns["band"],
            tables["returns"].numbers,
            tables["returns"].columns["width"],
            tables["returns"].columns["relative_effect"],
            strict=True,
        ),
        strict=True,
    ):
        if all(isinstance(value, int | float) for value in values):
            bands[name].append(values)
        else:
            faulty.add(name)
    for name, of_one in bands.items():
        if name not in faulty and isinstance(name, str):
            _returns_of(name, sorted(of_one), faults)


def _returns_of(name: str, bands: list[tuple[int, int, float, float]], faults: FaultList) -> None:
    rows = [row for _, row, _, _ in bands]
    numbers = [band for band, _, _, _ in bands]
    if len(set(numbers)) < len(numbers):
        return  # a duplicate key, which is said already
    if numbers != list(range(1, len(numbers) + 1)):
        found = f"bands {', '.join(map(str, numbers))} for {name}"
        wanted = "1, 2, … without gaps"
        faults.add("bands", "returns", rows, "band", found=found, wanted=wanted, fix="Number them anew.")
    total = math.fsum(width for _, _, width, _ in bands)
    if abs(total - 1) > WIDTHS_WITHIN:
        fix = f"{'Raise' if total < 1 else 'Lower'} one band by {shown_number(abs(1 - total))}."
        found = f"{shown_number(total)} for {name}"
        faults.add("widths", "returns", rows, "width", found=found, wanted="widths that add up to 1", fix=fix)
    for (_, _, _, before), (band, row, _, after) in pairwise(bands):
        if after > before:
            found = f"{shown_number(after)} for {name}, band {band}"
            wanted = f"at most {shown_number(before)}, that of the band before"
            fix = "Put the bands with the larger effects first."
            faults.add("rising-returns", "returns", [row], "relative_effect", found=found, wanted=wanted, fix=fix)


def grades(tables: TypedTables, faults: FaultList) -> None:
    """equal-ranks, training-terms, top-grade-training: the ladder of grades."""
    ranked = list(tables["grades"].rows("rank", "grade"))
    by_rank: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row, rank, grade in ranked:
        by_rank[rank].append((row, grade))
    for rank, same in by_rank.items():
        names = {grade for _, grade in same}
        if len(names) > 1:
            found = f"rank {rank} for {' and '.join(sorted(names))}"
            faults.add(
                "equal-ranks", "grades", [row for row, _ in same], "rank", found=found, wanted="one rank a grade"
            )
    if len(ranked) < len(tables["grades"].numbers) or len(by_rank) < len(ranked) or not tables["grades"].is_whole:
        return  # which grade is the top one is not known
    top = max(by_rank, default=0)
    for column in ("training_cost", "training_hours"):
        for row, rank, grade, value in tables["grades"].rows("rank", "grade", column):
            if value is None and rank != top:
                found = f"a blank cell for {grade}"
                wanted = "a number for each grade below the top"
                faults.add("training-terms", "grades", [row], column, found=found, wanted=wanted)
            elif value and rank == top:
                found = f"{shown_number(value)} for {grade}, the top grade, which trains no further"
                faults.add("top-grade-training", "grades", [row], column, found=found, fix="It is not used.")


def year_order(tables: TypedTables, faults: FaultList) -> None:
    """year-order: a year that comes before the one above it, numbers in names compared as numbers."""
    for (_, before), (row, year) in pairwise(tables["years"].rows("year")):
        one, other = _numbered(before), _numbered(year)
        if len(one) > 1 and len(other) > 1 and other < one:
            fix = "List the years from first to last, with all four digits."
            found = f"{shown(year)} after {shown(before)}"
            faults.add("year-order", "years", [row], "year", found=found, wanted="ascending order", fix=fix)


def _numbered(name: str) -> list[tuple[int, int, str]]:
    """A name in parts that compare as a person would: FY9 before FY10."""
    parts = re.split(r"([0-9]{1,18})", name)
    return [(0, 0, part) if position % 2 == 0 else (1, int(part), "") for position, part in enumerate(parts)]


def target_measures(tables: TypedTables, faults: FaultList) -> None:
    """target-measure: a target with both measures or none."""
    for row, most, share in tables["targets"].rows("max_neet", "reduction_share"):
        if (most is None) == (share is None):
            found = "neither max_neet nor reduction_share" if most is None else "both max_neet and reduction_share"
            faults.add("target-measure", "targets", [row], found=found, wanted="one of the two", fix="Blank the other.")


def offered(tables: TypedTables, faults: FaultList) -> None:
    """not-offered: guarantees and studies that name an intervention which effects does not offer to the group."""
    interventions, groups = tables.names("interventions", "intervention"), tables.client_groups()
    named, served = tables.names("effects", "intervention"), tables.names("effects", "client_group")
    if interventions is None or groups is None or named is None or served is None:
        return
    if named - interventions or served - groups or not tables["effects"].is_whole:
        return  # effects names what is not known, which may be what is missed here
    pairs = {(intervention, group) for _, intervention, group in tables["effects"].rows("intervention", "client_group")}
    for row, group, cell in tables["guarantees"].rows("client_group", "interventions"):
        counted = [name for name in joined(cell) if name in interventions]
        not_offered = [name for name in counted if (name, group) not in pairs]
        if not_offered and group in groups:
            none = len(not_offered) == len(counted)
            said = f"none of {cell}" if none else ", ".join(not_offered)
            found = f"{said} is offered to {group}" if none else f"{said}, not offered to {group}"
            fix = "The guarantee cannot be kept unless min_share is 0." if none else "It does not count."
            faults.add("not-offered", "guarantees", [row], "interventions", found=found, fix=fix)
    for row, intervention, group in tables["studies"].rows("intervention", "client_group"):
        if intervention in interventions and group in groups and (intervention, group) not in pairs:
            found = f"{intervention}, not offered to {group}"
            faults.add("not-offered", "studies", [row], "intervention", found=found, fix="The study is not used.")


def study_errors(tables: TypedTables, faults: FaultList) -> None:
    """study-error: no standard error and no whole interval, or an interval the wrong way round."""
    for row, error, low, high in tables["studies"].rows("standard_error", "ci_low", "ci_high"):
        if error is None and (low is None or high is None):
            wanted = "standard_error, or ci_low and ci_high"
            faults.add("study-error", "studies", [row], "standard_error", found="blank cells", wanted=wanted)
        elif low is not None and high is not None and low >= high:
            found = f"an interval from {shown_number(low)} to {shown_number(high)}"
            faults.add("study-error", "studies", [row], "ci_high", found=found, wanted="ci_high above ci_low")


def pounds_not_thousands(tables: TypedTables, faults: FaultList) -> None:
    """looks-like-thousands: money a hundredth or less of what it has to pay for, or a hundred times as much.

    A budget is compared with the sum of the baseline grants and with the pay of those in post; the baseline
    grants with the budgets, and each with the pay of its own advisers; fixed costs with the grants. Real ones
    differ by tens of per cent; pounds and thousands differ a thousandfold.
    """
    grants = sum(grant for _, grant in tables["partnerships"].rows("baseline_grant"))
    pay_of = _pay(tables)
    pay = sum(pay_of.values())
    budgets = list(tables["years"].rows("budget"))
    for row, budget in budgets:
        if 0 < budget * THOUSANDS_FROM <= max(grants, pay):
            found = f"{shown_number(budget)} looks like thousands of pounds"
            faults.add("looks-like-thousands", "years", [row], "budget", found=found, fix="Give pounds.")
    smallest = min((budget for _, budget in budgets), default=0)
    if 0 < grants * THOUSANDS_FROM <= max(smallest, pay):
        found = f"a sum of {shown_number(grants)} looks like thousands of pounds"
        faults.add("looks-like-thousands", "partnerships", (), "baseline_grant", found=found, fix="Give pounds.")
        return
    for row, partnership, grant in tables["partnerships"].rows("partnership", "baseline_grant"):
        if 0 < grant * THOUSANDS_FROM <= pay_of.get(partnership, 0):
            found = (
                f"{shown_number(grant)} for {partnership} looks like thousands of pounds beside the pay of its advisers"
            )
            faults.add("looks-like-thousands", "partnerships", [row], "baseline_grant", found=found, fix="Give pounds.")
    fixed = sum(cost for _, cost in tables["partnerships"].rows("fixed_cost"))
    if 0 < fixed * FIXED_COST_FROM <= grants:
        found = f"a sum of {shown_number(fixed)} looks like thousands of pounds beside the grants"
        faults.add("looks-like-thousands", "partnerships", (), "fixed_cost", found=found, fix="Give pounds.")


def pay_in_pounds(tables: TypedTables, faults: FaultList) -> None:
    """looks-like-thousands: a salary of less than a pound an hour, which no pay in pounds is."""
    for row, grade, salary, hours in tables["grades"].rows("grade", "salary", "productive_hours"):
        if 0 < salary < hours:
            found = f"{shown_number(salary)} for {shown_number(hours)} hours of {grade} looks like thousands of pounds"
            faults.add("looks-like-thousands", "grades", [row], "salary", found=found, fix="Give pounds a year.")


def _pay(tables: TypedTables) -> dict[str, float]:
    """The pay of each partnership's advisers in post, £ a year."""
    salaries = {grade: salary for _, grade, salary in tables["grades"].rows("grade", "salary")}
    pay: dict[str, float] = defaultdict(float)
    for _, partnership, grade, fte in tables["workforce"].rows("partnership", "grade", "fte"):
        pay[partnership] += fte * salaries.get(grade, 0)
    return pay


def channels_used(tables: TypedTables, faults: FaultList) -> None:
    """unused-channel: capacities of a channel that no intervention uses; one note a channel."""
    used = tables.names("interventions", "channel")
    if used is None:
        return
    rows: dict[Any, list[int]] = defaultdict(list)
    for row, channel in tables["capacities"].rows("channel"):
        if channel not in used:
            rows[channel].append(row)
    for channel, places in rows.items():
        found = f"{shown(channel)} in {len(places):,} row{'s' if len(places) > 1 else ''}"
        wanted = f"a channel of {faults.label('interventions')}"
        fix = "It limits nothing."
        faults.add("unused-channel", "capacities", places[:1], "channel", found=found, wanted=wanted, fix=fix)


PARTNERSHIPS, YEARS = ("partnerships", "partnership"), ("years", "year")
INTERVENTIONS, GROUPS = ("interventions", "intervention"), ("young_people", "client_group")
PEOPLE = (PARTNERSHIPS, YEARS, GROUPS)
POSTS = (PARTNERSHIPS, ("grades", "grade"))
GRIDS = (
    PEOPLE,
    POSTS,
    (PARTNERSHIPS, YEARS, ("interventions", "channel")),
    (PARTNERSHIPS, ("targets", "name"), ("targets", "year")),
    (INTERVENTIONS, GROUPS),
    (INTERVENTIONS, ("returns", "band")),
)

CHECKS: tuple[Callable[[TypedTables, FaultList], None], ...] = (
    bounded,
    neet_within_people,
    young_people_complete,
    workforce_complete,
    something_to_share,
    offers,
    returns,
    grades,
    year_order,
    target_measures,
    offered,
    study_errors,
    pounds_not_thousands,
    pay_in_pounds,
    channels_used,
)
