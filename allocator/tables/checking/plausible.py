"""Checks of sense: one small function a check, looking at rows and tables together; they add faults, never raise."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any

from allocator.faults import FaultList, Severity, shown, shown_number
from allocator.register.quantities import EVERY, QUANTITIES, TO_LAST_YEAR, TOTAL
from allocator.tables.checking.presence import (
    GROUPS,
    LARGEST_GRID,
    PARTNERSHIPS,
    PEOPLE,
    POSTS,
    YEARS,
    date_made_of,
    joined,
    size_of,
)
from allocator.tables.checking.scale import looks_like_another_unit
from allocator.tables.names import did_you_mean
from allocator.tables.reading.typed import TypedTables

# How far widths may be from adding up to 1, as a share: what is lost when thirds are written with seven digits.
WIDTHS_WITHIN = 1e-6
SUMS_WITHIN = 1e-3  # of a figure, so far as rounded parts may be from their sum
LEAST_FIGURES = 4  # that have to be sums, for two may be by chance
MOST_TOLD = 3
START_UP = ("partnership", "start_up_posts")
FEWEST_COMPARED = 3  # rows, for fewer may be so by chance
MOST_TIMES = 30
# A column, the one beside it that is larger by nature, and what it would mean were it not: table, key, both, words.
LARGER_BY_NATURE = (
    ("partnerships", "partnership", "fixed_cost", "baseline_grant", "no grant pays for the fixed costs"),
    ("effects", "intervention", "standard_error", "effect", "nothing is known of any effect, not even its direction"),
)


def neet_within_people(tables: TypedTables, faults: FaultList) -> None:
    """Report neet-over-people: more young people NEET than there are in the group."""
    columns = ("partnership", "client_group", "year", "young_people", "neet")
    rows = list(tables["young_people"].rows(*columns))
    over = [one for one in rows if one[5] > one[4]]
    # of a group all of whom are NEET the two are equal
    changed_about = len(over) > MOST_TOLD and all(neet >= people for *_, people, neet in rows)
    for row, partnership, group, year, people, neet in over[:1] if changed_about else over:
        found, fix = shown_number(neet), ""
        wanted = f"at most {shown_number(people)}, the young people of {partnership}, {group}, {year}"
        if changed_about:
            found += f", and in {len(over) - 1:,} more rows; nowhere is it the smaller"
            fix = "The columns young_people and neet are changed about: name each by what stands in it."
        faults.add("neet-over-people", "young_people", [row], "neet", found=found, wanted=wanted, fix=fix)


def bounded(tables: TypedTables, faults: FaultList) -> None:
    """Report too-many-names: so many names that the arrays over them would not fit into memory."""
    for axes in GRIDS:
        size = size_of(tables, axes)
        if size > LARGEST_GRID:
            names = ", ".join(f"{column} ({len(tables.names(table, column) or ()):,})" for table, column in axes)
            fix = "Look for rows that do not belong there."
            wanted = f"at most {LARGEST_GRID:,} combinations"
            faults.add("too-many-names", axes[0][0], found=f"{size:,} combinations of {names}", wanted=wanted, fix=fix)


def advisers_in_post(tables: TypedTables, faults: FaultList) -> None:
    """Report no-advisers: a partnership with no advisers in post, nor start-up posts."""
    posts = tables["workforce"].sums("partnership", "fte")
    starting = {partnership for _, partnership, posts in tables["partnerships"].rows(*START_UP) if posts}
    whole = len(tables["workforce"].numbers) == sum(1 for _ in tables["workforce"].rows("partnership", "fte"))
    for partnership in sorted(tables.names_of_whole_rows("partnerships", "partnership") or ()):
        if whole and tables["workforce"].is_whole and posts.get(partnership) == 0 and partnership not in starting:
            found = f"neither advisers in post nor start_up_posts in {partnership}"
            fix = "Under max_recruitment it can recruit none; give it start_up_posts if it is to begin work."
            faults.add("no-advisers", "workforce", found=found, fix=fix)


def totals(tables: TypedTables, faults: FaultList) -> None:
    """Report total-row: a partnership whose money, young people and advisers are all the sums of others'.

    Such a row, for England or a region, would count everybody twice.
    """
    if not all(tables[name].is_whole for name in ("young_people", "workforce")):
        return
    figures = _figures(tables)
    left = {
        name: (row, region, figures[name])
        for row, name, region in tables["partnerships"].rows("partnership", "region")
        if len(figures[name]) >= LEAST_FIGURES
    }
    told: list[tuple[int, str, str]] = []
    for of_region in (True, False):  # regions first, whose totals are none of what the country's adds up
        groups: dict[str, list[str]] = defaultdict(list)
        for name, (_, region, _) in left.items():
            groups[region if of_region else ""].append(name)
        for region, members in groups.items():
            whole = _sums(left[name][2] for name in members)
            above = sum(not _close(0.0, both) for both in whole.values())
            halves = [name for name in members if len(members) > 2 and _is_half(left[name][2], whole, above)]
            for name in halves[:1]:
                told.append((left[name][0], name, f"the others in {region}" if of_region else "all others"))
                del left[name]
    for row, name, whose in told[:MOST_TOLD]:
        found = f"{shown(name)}, whose money, young people and advisers are the sums of those of {whose}"
        fix = "Delete its rows in all tables if it is a total: everybody is counted twice."
        faults.add("total-row", "partnerships", [row], "partnership", found=found, fix=fix, severity="warning")


Amounts = dict[tuple[Any, ...], float]  # those that are not 0, by table, column and what else names them


def _sums(parts: Iterable[Amounts]) -> Amounts:
    """Add up the amounts of several partnerships."""
    found: dict[tuple[Any, ...], list[float]] = defaultdict(list)
    for part in parts:
        for at, value in part.items():
            found[at].append(value)
    return {at: math.fsum(values) for at, values in found.items()}


def _is_half(part: Amounts, whole: Amounts, above: int) -> bool:
    """Say whether each amount is half of the whole, and so the sum of the others in it. above: those of it above 0."""
    mine = sum(not _close(0.0, whole[at]) for at in part)
    return mine == above and all(_close(2 * amount, whole[at]) for at, amount in part.items())


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=SUMS_WITHIN, abs_tol=SUMS_WITHIN)


def _figures(tables: TypedTables) -> Mapping[str, Amounts]:
    """Give the amounts of each partnership that are not 0: money, young people by group and year, advisers.

    A table may name as many grades as it has rows: what is not there is no entry, so that the work is that of its rows.
    """
    amounts = (
        ("partnerships", (), ("baseline_grant", "fixed_cost")),
        ("young_people", ("client_group", "year"), ("young_people", "neet")),
        ("workforce", ("grade",), ("fte",)),
    )
    found: dict[str, Amounts] = defaultdict(dict)
    for table, keys, columns in amounts:
        for _, name, *cells in tables[table].rows("partnership", *keys, *columns):
            for column, value in zip(columns, cells[len(keys) :], strict=True):
                if value:
                    found[name][table, column, *cells[: len(keys)]] = value
    return found


def something_to_share(tables: TypedTables, faults: FaultList) -> None:
    """Report nothing-to-share: all young people of a year are zero."""
    for year, total in tables["young_people"].sums("year", "young_people").items():
        if not total:
            found = f"0 everywhere in {year}"
            faults.add("nothing-to-share", "young_people", (), "young_people", found=found, wanted="a sum above 0")


def something_to_do(tables: TypedTables, faults: FaultList) -> None:
    """Report nothing-to-do: a column that is 0 throughout, without which no plan can bring anything."""
    without = (
        ("young_people", "neet", "no young people NEET, whose number could fall"),
        ("years", "budget", "no money"),
        ("years", "headcount_limit", "no advisers, who deliver all places"),
        ("effects", "max_uptake", "no place that anybody takes up"),
        ("partnerships", "effect_multiplier", "no place that anybody gains by"),
    )
    for table, column, said in without:
        cells = [value for _, value in tables[table].rows(column)]
        said_already = column == "neet" and not any(people for _, people in tables[table].rows("young_people"))
        if cells and len(cells) == len(tables[table].numbers) and not any(cells) and not said_already:
            fix = "Write the figures, unless that is meant."
            faults.add("nothing-to-do", table, (), column, found=f"0 everywhere: {said}", fix=fix)
    multiples = list(tables["partnerships"].rows("partnership", "effect_multiplier"))
    without_any = [(row, name) for row, name, times in multiples if times == 0]
    if 0 < len(without_any) < len(multiples):
        more = f", and {len(without_any) - 1:,} more" if len(without_any) > 1 else ""
        found = f"0 for {without_any[0][1]}{more}: no place brings anything there"
        fix = "Write 1 where effects are those of the table."
        place = [without_any[0][0]]
        faults.add("nothing-to-do", "partnerships", place, "effect_multiplier", found=found, fix=fix, severity="note")
    hours = [value for _, value in tables["effects"].rows("adviser_hours")]
    if hours and len(hours) == len(tables["effects"].numbers) and not any(hours):
        fix = "Write the hours that a place takes, unless no adviser is needed."
        found = "0 everywhere: no place takes an adviser's time"
        faults.add("nothing-to-do", "effects", (), "adviser_hours", found=found, fix=fix)


def offers(tables: TypedTables, faults: FaultList) -> None:
    """Report no-effect: an intervention that is offered to no client group."""
    offered = tables.names("effects", "intervention")
    if offered is not None:
        for row, intervention in tables["interventions"].rows("intervention"):
            if intervention not in offered:
                fix = f"Give it a row in {faults.label('effects')}, or leave it out."
                found = f"{intervention}, which is offered to no client group"
                faults.add("no-effect", "interventions", [row], "intervention", found=found, fix=fix)


def returns(tables: TypedTables, faults: FaultList) -> None:
    """Report bands, widths, rising-returns: the bands of each intervention."""
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
    """Report equal-ranks, training-terms, top-grade-training: the ladder of grades."""
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
    """Report year-order: a year that comes before the one above it, numbers in names compared as numbers."""
    for (_, before), (row, year) in pairwise(tables["years"].rows("year")):
        one, other = _numbered(before), _numbered(year)
        if date_made_of(before) or date_made_of(year):
            continue  # which is said already
        if len(one) > 1 and len(other) > 1 and other < one:
            fix = "List the years from first to last, with all four digits."
            found = f"{shown(year)} after {shown(before)}"
            faults.add("year-order", "years", [row], "year", found=found, wanted="ascending order", fix=fix)


def _numbered(name: str) -> list[tuple[int, int, str]]:
    """Give a name in parts that compare as a person would: FY9 before FY10."""
    parts = re.split(r"([0-9]{1,18})", name)
    return [(0, 0, part) if position % 2 == 0 else (1, int(part), "") for position, part in enumerate(parts)]


def target_measures(tables: TypedTables, faults: FaultList) -> None:
    """Report target-measure: a target with both measures or none."""
    for row, most, share in tables["targets"].rows("max_neet", "reduction_share"):
        if (most is None) == (share is None):
            found = "neither max_neet nor reduction_share" if most is None else "both max_neet and reduction_share"
            faults.add("target-measure", "targets", [row], found=found, wanted="one of the two", fix="Blank the other.")


def limits(tables: TypedTables, faults: FaultList) -> None:
    """Report limit-sides, limit-columns: what a limit says beside its names."""
    for row, least, most in tables["limits"].rows("least", "most"):
        if least is None and most is None:
            faults.add("limit-sides", "limits", [row], "least", found="neither least nor most", wanted="one or both")
        elif least is not None and most is not None and least > most:
            found = f"{shown_number(least)} at least and {shown_number(most)} at most"
            faults.add("limit-sides", "limits", [row], "least", found=found, wanted="least no more than most")
    for row, of, year in tables["limits"].rows("of", "year"):
        if of == TO_LAST_YEAR.name and year == TOTAL:
            found = f"{of} in {TOTAL}"
            fix = f"Write {EVERY}, or one year."
            faults.add("limit-columns", "limits", [row], "year", found=found, wanted="years one by one", fix=fix)
    for column in ("intervention", "client_group"):
        taken_by = [name for name, quantity in QUANTITIES.items() if column in quantity.takes]
        for row, of, name in tables["limits"].rows("of", column):
            if name is not None and of not in taken_by:
                found = f"{shown(name)} in a limit on {of}"
                wanted = f"a blank cell: {' and '.join(taken_by)} alone have one"
                faults.add("limit-columns", "limits", [row], column, found=found, wanted=wanted)


def offered(tables: TypedTables, faults: FaultList) -> None:
    """Report not-offered: guarantees, limits and studies that name what effects does not offer to the group."""
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
    _above_uptake(tables, faults)
    for table, fix in (("limits", "There are no places to limit."), ("studies", "The study is not used.")):
        for row, intervention, group in tables[table].rows("intervention", "client_group"):
            if intervention in interventions and group in groups and (intervention, group) not in pairs:
                found = f"{intervention}, not offered to {group}"
                faults.add("not-offered", table, [row], "intervention", found=found, fix=fix)


def _above_uptake(tables: TypedTables, faults: FaultList) -> None:
    """Report cannot-be-kept: a guarantee of more places than all its interventions together can fill."""
    rows = tables["effects"].rows("intervention", "client_group", "max_uptake")
    uptake = {(intervention, group): share for _, intervention, group, share in rows}
    for row, group, cell, least in tables["guarantees"].rows("client_group", "interventions", "min_share"):
        most = math.fsum(uptake.get((name, group), 0.0) for name in joined(cell))
        if 0 < most < least:
            found = (
                f"{shown_number(least)} of {group}, of whom {cell} can serve {shown_number(most)}, as max_uptake says"
            )
            fix = "No plan can keep it: lower min_share, or raise max_uptake."
            faults.add("cannot-be-kept", "guarantees", [row], "min_share", found=found, fix=fix)


def study_errors(tables: TypedTables, faults: FaultList) -> None:
    """Report study-error: no standard error and no whole interval, or an interval the wrong way round."""
    for row, error, low, high in tables["studies"].rows("standard_error", "ci_low", "ci_high"):
        if error is None and (low is None or high is None):
            wanted = "standard_error, or ci_low and ci_high"
            faults.add("study-error", "studies", [row], "standard_error", found="blank cells", wanted=wanted)
        elif low is not None and high is not None and low >= high:
            found = f"an interval from {shown_number(low)} to {shown_number(high)}"
            faults.add("study-error", "studies", [row], "ci_high", found=found, wanted="ci_high above ci_low")


def changed_about(tables: TypedTables, faults: FaultList) -> None:
    """Report looks-odd: a column that is above another in every row, where the other is the larger by nature."""
    for table, key, column, larger, said in LARGER_BY_NATURE:
        rows = [one for one in tables[table].rows(key, column, larger) if one[2] or one[3]]
        # figures many times the others are in another unit, which is told as such
        if len(rows) >= FEWEST_COMPARED and all(0 < other <= value <= MOST_TIMES * other for *_, value, other in rows):
            if 2 * sum(value > other for *_, value, other in rows) <= len(rows):
                continue
            row, name, value, other = rows[0]
            found = f"{shown_number(value)} of {name}, where {larger} is {shown_number(other)}; so in every row: {said}"
            fix = f"Look whether the columns {column} and {larger} are changed about."
            faults.add("looks-odd", table, [row], column, found=found, fix=fix)


def no_good_effect(tables: TypedTables, faults: FaultList) -> None:
    """Report no-good-effect: no effect is above 0, so that nothing could be gained; a note of one that is below it."""
    effects = [(row, effect) for row, effect in tables["effects"].rows("effect")]
    harmful = [(row, effect) for row, effect in effects if effect < 0]
    if harmful and any(effect > 0 for _, effect in effects):
        (row, effect), more = harmful[0], len(harmful) - 1
        also = f", and {more:,} more below 0" if more else ""
        found = f"{shown_number(effect)}{also}: places by which more young people are NEET"
        fix = "Effects are falls: write it without a minus if it helps."
        faults.add("no-good-effect", "effects", [row], "effect", found=found, fix=fix, severity="note")
    if effects and len(effects) == len(tables["effects"].numbers) and all(effect <= 0 for _, effect in effects):
        found = "no effect above 0: nothing that can be bought makes fewer young people NEET"
        fix = "Effects are falls: write one that helps without a minus."
        faults.add("no-good-effect", "effects", [effects[0][0]], "effect", found=found, fix=fix)


def channels_used(tables: TypedTables, faults: FaultList) -> None:
    """Report unused-channel: capacities of a channel that no intervention uses; one note a channel."""
    used = tables.names("interventions", "channel")
    if used is None:
        return
    rows: dict[Any, list[int]] = defaultdict(list)
    named = set(tables["capacities"].columns["channel"])
    for row, channel in tables["capacities"].rows("channel"):
        if channel not in used:
            rows[channel].append(row)
    for channel, places in rows.items():
        found = f"{shown(channel)} in {len(places):,} row{'s' if len(places) > 1 else ''}"
        wanted = f"a channel of {faults.label('interventions')}"
        unlike = sorted(used - set(tables["capacities"].columns["channel"]))
        meant = did_you_mean(str(channel), unlike)  # of a channel that the table does not have by its own name
        fix = f"It limits nothing. {meant}".strip()
        severity: Severity = "warning" if meant or len(rows) == len(named) else "note"
        faults.add(
            "unused-channel",
            "capacities",
            places[:1],
            "channel",
            found=found,
            wanted=wanted,
            fix=fix,
            severity=severity,
        )


INTERVENTIONS = ("interventions", "intervention")
GRIDS = (
    PEOPLE,
    POSTS,
    (PARTNERSHIPS, YEARS, ("interventions", "channel")),
    (PARTNERSHIPS, ("targets", "name"), ("targets", "year")),
    (PARTNERSHIPS, YEARS, ("limits", "limit")),
    (INTERVENTIONS, GROUPS),
    (INTERVENTIONS, ("returns", "band")),
)

CHECKS: tuple[Callable[[TypedTables, FaultList], None], ...] = (
    bounded,
    neet_within_people,
    advisers_in_post,
    totals,
    something_to_share,
    something_to_do,
    offers,
    returns,
    grades,
    year_order,
    target_measures,
    limits,
    offered,
    study_errors,
    looks_like_another_unit,
    changed_about,
    no_good_effect,
    channels_used,
)
