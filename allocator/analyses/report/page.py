"""The page of a plan: headline, what it achieves, who gains and loses, what it costs, and how to check it.

Every figure is of Facts; here they become sentences, tables, charts and a map. Sections that a run has nothing for are
left out.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from allocator import units
from allocator.analyses.catalogue.rules import listed_rules
from allocator.analyses.report import charts
from allocator.analyses.report.facts import Facts, losers_and_gainers
from allocator.analyses.solve.face import (
    adviser_sentences,
    goal_in_words,
    money_sentences,
    proved,
    reduction_sentences,
    target_in_words,
)
from allocator.analyses.solve.face_of_gains import moved_sentence
from allocator.analyses.solve.face_of_soft_rules import kept_sentence, short_sentences, what_closeness_costs
from allocator.analyses.solve.face_of_worth import noun, still
from allocator.analyses.solve.face_of_worth import sentences as worth_sentences
from allocator.analyses.solve.gains import MARGIN, in_few_words
from allocator.analyses.solve.summary import ReductionYear
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.page import (
    Cell,
    Chart,
    Command,
    Fact,
    Page,
    PageColumn,
    Section,
    Table,
    Tile,
    TileMap,
    by_columns,
    codes_of,
    words,
)
from allocator.register import RULES, goals
from allocator.register.rules import of_group
from allocator.runs.findings import GoalChange, Price
from allocator.runs.grant_change import CLASSES, together
from allocator.runs.plan import Plan
from allocator.scenario.amounts import base_year as base_year_of
from allocator.tables.dataset import Floats
from allocator.tolerances import NOTHING

MOVED_IN_TENTHS = 1e6  # £: where less moves in all, changes are told in hundredths of a million
MOST_DRAWN = 50  # partnerships in the chart of grants: the largest changes
FURTHEST = 5  # partnerships that are named as furthest from the formula
MAP = "Where grants rise and fall"
# The map's seven classes, cut at 1, 5 and 10 per cent.
CUTS = (0.01, 0.05, 0.10)
LEGEND = (
    (1, "over 10 % less"),
    (2, "5 to 10 % less"),
    (3, "1 to 5 % less"),
    (4, "within 1 %"),
    (5, "1 to 5 % more"),
    (6, "5 to 10 % more"),
    (7, "over 10 % more"),
)


BOTH_YARDSTICKS = (
    "On shares as before: against the same year's money by baseline share. On last year: against the grant of the year "
    "before, in cash; for the first year the baseline."
)


def page_of(facts: Facts, *, name: str, made: str, more: Sequence[Section] = (), check: Sequence[Any] = ()) -> Page:
    """Give the page. name: of the run, as readers know it. made: the date, as text. more: sections of other analyses.

    check: further parts of the section on checking the plan.
    """
    plan = facts.plan
    sections = [
        make(facts)
        for make in (
            _key_facts,
            _achieves,
            _gains,
            _allocations,
            _pounds_and_people,
            _next_pound,
            _rule_costs,
            _binding,
            _soft,
            _formula,
            _assumptions,
        )
    ]
    checked = _check_it(facts, name, check)
    return Page(
        title=plan.scenario.settings.title,
        kicker=f"{name} · {units.horizon(facts.years)} · made {made}",
        lead=tuple(said for said in (plan.scenario.settings.question, claim(facts), assumed(facts)) if said),
        sections=(*(section for section in sections if section is not None), *more, checked),
        foot=(
            f"Made by allocator from the run {name}. Figures are of that run; what is rounded is rounded for reading.",
        ),
        running=f"{plan.scenario.settings.title} · {name} · {'certified' if plan.certified else 'NOT CERTIFIED'}",
    )


def charts_of(facts: Facts, *, name: str, made: str, more: Sequence[Section] = ()) -> tuple[Chart, ...]:
    """Give every chart of the page, and the map as one, where partnerships have places on it. Arguments as page_of."""
    page = page_of(facts, name=name, made=made, more=more)
    found = [part for section in page.sections for part in section.parts if isinstance(part, Chart)]
    drawn = map_chart(facts)
    return (*found, drawn) if drawn is not None else tuple(found)


def map_chart(facts: Facts) -> Chart | None:
    """Give the map as a picture; None where a partnership has no place on it."""
    tiles = tiles_of(facts)
    if not tiles:
        return None
    rows = [
        {"code": t.code, "name": t.name, "said": t.shown, "shade": t.shade, "column": t.column, "row": t.row}
        for t in tiles
    ]
    picture = charts.tile_map(rows, [said for _, said in LEGEND])
    return Chart("map", MAP, "Change of all years' grants on shares as before, per cent", picture, None)


def claim(facts: Facts) -> str:
    """Give how good the plan is known to be: as wide as what was proved."""
    plan = facts.plan
    return f"{proved(plan, facts.summary)}." if plan.certified else f"Not certified: {plan.why_uncertified}."


def assumed(facts: Facts) -> str:
    """Give how much of what the plan rests on is assumed."""
    inputs = facts.summary.inputs
    return amounts.assumed(len(inputs.assumed), inputs.total)


def goal_sentence(facts: Facts) -> str:
    """Give what the goal comes to, in its own words."""
    return goal_in_words(facts.plan, facts.summary)


def measure_of(facts: Facts) -> str:
    """Give the goal's measure as it is told: weighted where weights count."""
    return goals.told(facts.plan.scenario.settings)


# --- sections -------------------------------------------------------------------------------------------------------


def _key_facts(facts: Facts) -> Section:
    return Section("key-facts", "Key facts", (f"The plan reaches {goal_sentence(facts)}.", key_facts(facts)))


def key_facts(facts: Facts) -> tuple[Fact, ...]:
    """Give the figures that stand first: reduction, targets, money, advisers, who gains and loses."""
    rows, adviser_years = facts.summary.reductions, facts.summary.advisers
    last = rows[-1]
    lose, gain = losers_and_gainers(facts.movers)
    found = [
        Fact(
            units.people(last.reduction),
            f"fewer NEET at the end of {last.year}",
            f"{units.share(last.share)} of those without the programme" if last.share is not None else "",
        )
    ]
    for row in rows:
        if row.required is not None:
            by = units.people(abs(row.reduction - row.required))
            found.append(
                Fact(
                    "met exactly" if row.met and by == "0" else f"{'met' if row.met else 'missed'} by {by}",
                    f"target of {row.year}",
                    f"{units.people(row.required)} fewer NEET are asked for",
                )
            )
    granted = sum(row.granted for row in facts.summary.money)
    unspent = sum(row.lapsed for row in facts.summary.money)
    found.append(
        Fact(
            units.pounds_short(granted),
            f"granted, {units.horizon(facts.years)}",
            "nothing is given back" if unspent < 1 else f"{units.pounds_short(unspent)} of it is given back",
        )
    )
    start, end = adviser_years[0], adviser_years[-1]
    change = end.in_post - start.in_post
    cut = sum(row.redundant for row in adviser_years[1:])
    note = f"{units.number(abs(change))} {'fewer' if change < 0 else 'more'} than at the start"
    if round(cut) >= 1:
        note += f"; {units.counted(round(cut), 'redundancy', 'redundancies')}"
    found.append(Fact(units.number(end.in_post), f"advisers in post, {end.year} (FTE)", note))
    found.append(
        Fact(
            f"{lose} lose, {gain} gain",
            "over 1 % on shares as before",
            "of three-year grants" if len(facts.years) == 3 else "of all years' grants",
        )
    )
    return tuple(found)


def _achieves(facts: Facts) -> Section:
    said = reduction_sentences(facts.plan, facts.summary)
    return Section("achieves", "What it achieves", (" ".join(said), achieves_chart(facts)))


def achieves_chart(facts: Facts, *, table: bool = True) -> Chart:
    """Draw who is fewer NEET at the end of each year, beside shares as before and targets.

    table: with the figures behind it.
    """
    rows = facts.summary.reductions
    drawn = []
    for row in rows:
        drawn.append({"year": row.year, "series": "the plan", "people": row.reduction})
        if row.as_before is not None:
            drawn.append({"year": row.year, "series": "shares as before", "people": row.as_before})
        if row.required is not None:
            drawn.append({"year": row.year, "series": "target", "people": row.required})
    behind = by_columns(
        "reduction",
        "Young people fewer NEET at the end of each year",
        words("year", [row.year for row in rows]),
        PageColumn("without the programme", "NEET", [units.people(float(neet)) for neet in facts.neet.sum(axis=0)]),
        PageColumn("the plan", "fewer NEET", [units.people(row.reduction) for row in rows]),
        PageColumn("share", "of those without", [units.or_dash(units.share, row.share) for row in rows]),
        PageColumn("shares as before", "fewer NEET", [units.or_dash(units.people, row.as_before) for row in rows]),
        PageColumn("difference", "", [units.or_dash(units.signed, _on_as_before(row)) for row in rows]),
        PageColumn("target", "fewer NEET", map(target_in_words, rows)),
    )
    message = f"{units.people(rows[-1].reduction)} fewer NEET by the end of {rows[-1].year}"
    return Chart(
        "achieves-chart",
        message,
        f"Young people of the ages counted, {units.horizon(facts.years)}",
        charts.reduction(drawn),
        behind if table else None,
        assumed(facts),
    )


def _on_as_before(row: ReductionYear) -> int | None:
    return None if row.as_before is None else round(row.reduction) - round(row.as_before)


def _gains(facts: Facts) -> Section:
    found = facts.movers
    table = by_columns(
        "classes",
        "How many partnerships gain and lose",
        words("change", CLASSES),
        PageColumn("on shares as before", "all years", map(str, found.on_shares)),
        *(PageColumn("on last year", of.year, map(str, of.cash)) for of in found.on_last_year),
    )
    parts: list[object] = [
        " ".join((moved_sentence(found, facts.years), *still(facts.plan))),
        table,
        BOTH_YARDSTICKS,
    ]
    tile_map = _map(facts)
    if tile_map is not None:
        parts.append(tile_map)
    changed = [
        {
            "name": mover.name,
            "region": mover.region,
            "change": mover.relative_change,
            "said": units.signed_share(mover.relative_change),
        }
        for mover in sorted(found.movers, key=lambda mover: (mover.region, mover.name))
        if mover.relative_change is not None
    ]
    over = found.on_shares[0]
    many = "No partnership" if not over else units.counted(over, "partnership")
    message = f"{many} {'lose' if over > 1 else 'loses'} more than 5 per cent"
    if changed:
        parts.append(
            Chart(
                "gains-chart",
                message,
                f"Change of all years' grants on shares as before, per cent, {units.horizon(facts.years)}",
                charts.changes(changed, "change on shares as before"),
                None,
                "The figures stand in the table of allocations.",
                charts.changes_by_region(changed, "change on shares as before"),
            )
        )
        paid = [
            {
                "name": m.name,
                "before": m.shares_as_before / 1e6,
                "plan": m.grant / 1e6,
                "said": units.signed_millions(m.change, 1 if found.moved >= MOVED_IN_TENTHS else 2),
            }
            for m in sorted(found.movers[:MOST_DRAWN], key=lambda mover: -mover.change)
        ]
        few = f"the {MOST_DRAWN} that change most of {len(found.movers)}; " if len(found.movers) > MOST_DRAWN else ""
        moved = f"{units.pounds_short(found.moved)} moves, {units.share(found.moved_share)} of the money"
        if round(found.moved) < 1:
            moved = "No money moves between partnerships"
        parts.append(
            Chart(
                "grants-chart",
                moved,
                f"Grants of all years, {few}£ million in cash, {units.horizon(facts.years)}",
                charts.grants(paid),
                None,
                "The figures stand in the table of allocations.",
            )
        )
    return Section("gains", "Who gains and who loses", tuple(parts))


def shade_of(change: float) -> int:
    """Give the class of a change on the map, 1 to 7; a change of exactly a bound belongs to the milder class."""
    size = sum(abs(change) > cut + 1e-5 for cut in CUTS)
    return 4 + size if change > 0 else 4 - size


def tiles_of(facts: Facts) -> tuple[Tile, ...]:
    """Give the squares of the map in reading order; none where a partnership has no place on it."""
    data = facts.plan.data
    if any(place is None for place in (*data.map_column, *data.map_row)):
        return ()
    codes = codes_of(data.partnership_names)
    columns, rows = [int(c or 0) for c in data.map_column], [int(r or 0) for r in data.map_row]
    left, top = min(columns), min(rows)
    tiles = []
    for p in sorted(range(len(codes)), key=lambda p: (rows[p], columns[p])):
        change = together(facts.grants[p]).relative_change
        shown = units.DASH if change is None else units.signed(change * 100)
        shade = 4 if change is None else shade_of(change)
        name, leads_to = data.partnership_names[p], f"#p-{data.partnerships[p]}"
        tiles.append(Tile(codes[p], name, shown, shade, columns[p] - left, rows[p] - top, leads_to))
    return tuple(tiles)


def _map(facts: Facts) -> TileMap | None:
    tiles = tiles_of(facts)
    if not tiles:
        return None
    return TileMap(
        "map",
        MAP,
        "A square a partnership: change of all years' grants on shares as before, per cent. Each leads to its line.",
        tiles,
        max(tile.column for tile in tiles) + 1,
        LEGEND,
    )


def _allocations(facts: Facts) -> Section:
    said = (
        f"“{MARGIN.capitalize()}”: no rule fixed the grant; a pound brings as much there as elsewhere. Cash unless "
        "prices are named. Every table can be sorted, searched and saved."
    )
    by_year = (_year_table(facts, t) for t in range(len(facts.years)))
    return Section("allocations", "Allocations", (said, _all_years_table(facts), *by_year), page_break=True)


def _live(facts: Facts, key: str, caption: str, *columns: PageColumn, anchor: str = "") -> Table:
    """Give a table with a row a partnership, by region and name, and their total below. anchor: before a row's id."""
    data = facts.plan.data
    return by_columns(
        key,
        caption,
        words("partnership", [Cell(name, name) for name in _in_order(facts, data.partnership_names)], total="all"),
        words("region", [_words(region) for region in _in_order(facts, data.regions)]),
        *(replace(column, cells=_in_order(facts, tuple(column.cells))) for column in columns),
        live=True,
        group_name="region",
        groups=tuple(_in_order(facts, data.regions)),
        anchors=tuple(f"{anchor}{key}" for key in _in_order(facts, data.partnerships)) if anchor else (),
        wide=True,
    )


def _in_order[Of](facts: Facts, by_partnership: Sequence[Of]) -> list[Of]:
    return [by_partnership[p] for p in facts.order]


def _all_years_table(facts: Facts) -> Table:
    everyone = together([one for years in facts.grants for one in years])
    whole = [together(years) for years in facts.grants]
    relative = [_relative(one.relative_change) for one in whole]
    columns = [
        PageColumn("grant", "£, all years", [_pounds(one.grant) for one in whole], _pounds(everyone.grant)),
        PageColumn("on shares as before", "£", [_signed(one.change) for one in whole], _signed(everyone.change)),
        PageColumn("on shares as before", "%", relative, _relative(everyone.relative_change)),
    ]
    for t, year in enumerate(facts.years):
        of_year = [years[t] for years in facts.grants]
        grant, last = sum(one.grant for one in of_year), sum(one.last_year for one in of_year)
        on_last_year = [_relative(one.relative_on_last_year) for one in of_year]
        columns += [
            PageColumn(year, "£", [_pounds(one.grant) for one in of_year], _pounds(grant)),
            PageColumn(f"{year} on last year", "%", on_last_year, _relative(grant / last - 1 if last > 0 else None)),
        ]
    columns.append(_fixed_by(facts, facts.years))
    if tiles_of(facts):
        codes = codes_of(facts.plan.data.partnership_names)
        columns.append(words("on the map", [Cell(code, code, mark="word") for code in codes]))
    caption = f"Grants of all years, {units.horizon(facts.years)}"
    return _live(facts, "allocations-table", caption, *columns, anchor="p-")


def _fixed_by(facts: Facts, years: Sequence[str]) -> PageColumn:
    keys = facts.plan.data.partnerships
    return words("fixed by", [_words(in_few_words(years, facts.fixed_by, key)) for key in keys])


def _words(text: str) -> Cell:
    return Cell(text, text, mark="text")


def _year_table(facts: Facts, t: int) -> Table:
    year, base = facts.years[t], base_year(facts.plan)
    of = [years[t] for years in facts.grants]
    people, neet = facts.young_people[:, t], facts.neet[:, t]
    grant, last, before = (sum(getattr(one, name) for one in of) for name in ("grant", "last_year", "shares_as_before"))
    inflation = None if t == 0 or not last else facts.price_index[t] / facts.price_index[t - 1]

    def summed(name: str, unit: str, amounts: Floats, cell: Callable[[float], Cell]) -> PageColumn:
        return PageColumn(name, unit, [cell(float(one)) for one in amounts], cell(float(amounts.sum())))

    def relative(name: str, changes: Iterable[float | None], of_all: float | None) -> PageColumn:
        return PageColumn(name, "%", map(_relative, changes), _relative(of_all))

    def per(unit: str, counts: Floats) -> PageColumn:
        cells = [_per(one.grant, float(count)) for one, count in zip(of, counts, strict=True)]
        return PageColumn("grant", unit, cells, _per(grant, float(counts.sum())))

    on_last_year = grant / last - 1 if last > 0 else None
    real = None if inflation is None else grant / (last * inflation) - 1
    in_real_terms = [relative("on last year, real", [one.real_on_last_year for one in of], real)]
    if all(one.real_on_last_year is None for one in of):
        in_real_terms = []  # prices before the first year are not in the tables
    return _live(
        facts,
        f"year-{t + 1}",
        f"Grants, advisers and what they are to reach, {year}",
        PageColumn("grant", "£", [_pounds(one.grant) for one in of], _pounds(grant)),
        PageColumn("on last year", "£", [_signed(one.change_on_last_year) for one in of], _signed(grant - last)),
        relative("on last year", [one.relative_on_last_year for one in of], on_last_year),
        *in_real_terms,
        PageColumn("on shares as before", "£", [_signed(one.change) for one in of], _signed(grant - before)),
        relative(
            "on shares as before", [one.relative_change for one in of], grant / before - 1 if before > 0 else None
        ),
        summed("grant", f"£, {base} prices", facts.real[:, t], _pounds),
        per("£ a young person", people),
        per("£ a NEET young person", neet),
        summed("advisers", "FTE", facts.plan.figures.fte[:, t].sum(axis=1), lambda fte: _figure(fte, units.fte)),
        summed("fewer NEET", "at year's end", facts.reduction[:, t], lambda fewer: _figure(fewer, units.people)),
        _fixed_by(facts, (year,)),
    )


def _pounds_and_people(facts: Facts) -> Section:
    base, used = base_year(facts.plan), [by_year for _, by_year in facts.uses]
    all_uses = [sum(by_year[t] for by_year in used) for t in range(len(facts.years))]
    spent = [
        {
            "year": year,
            "use": name,
            "million": by_year[t] / 1e6,
            "said": units.number(by_year[t] / 1e6) if by_year[t] / max(all_uses[t], 1.0) > 0.07 else "",
        }
        for name, by_year in facts.uses
        for t, year in enumerate(facts.years)
    ]
    table = by_columns(
        "uses",
        f"What the money is spent on, £ million, {base} prices",
        words("use", [name for name, _ in facts.uses], total="all uses"),
        *(
            PageColumn(year, "£m", [units.millions(by_year[t], 1) for by_year in used], units.millions(all_uses[t], 1))
            for t, year in enumerate(facts.years)
        ),
    )
    largest = max(facts.uses, key=lambda of: sum(of[1]))
    whole = sum(all_uses)
    message = (
        f"{largest[0].capitalize()} take {units.share(sum(largest[1]) / whole, 0)} of the money"
        if whole > 0
        else "Nothing is spent"
    )
    parts: list[object] = [
        Chart(
            "uses-chart",
            message,
            f"Spending by use, £ million, {base} prices",
            charts.uses(spent, f"£ million, {base} prices"),
            table,
        )
    ]
    parts += [_money_table(facts), " ".join(money_sentences(facts.plan, facts.summary))]
    parts += [*_adviser_parts(facts)]
    return Section("pounds-and-people", "Pounds and people", tuple(parts))


def _money_table(facts: Facts) -> Table:
    rows = facts.summary.money

    def millions(name: str, amounts: Iterable[float]) -> PageColumn:
        return PageColumn(name, "£m", map(units.millions, amounts))

    return by_columns(
        "money",
        "The money of each year, £ million in cash",
        words("year", [row.year for row in rows]),
        millions("available", [row.available for row in rows]),
        millions("granted", [row.granted for row in rows]),
        millions("spent", [row.spent for row in rows]),
        millions("carried on", [row.carried for row in rows]),
        millions("given back", [row.lapsed for row in rows]),
    )


def _adviser_parts(facts: Facts) -> Iterable[object]:
    start, *rows = facts.summary.advisers
    steps = [_step("at the start", "in post", 0.0, start.in_post, units.number(start.in_post))]
    now = start.in_post
    for row in rows:
        for name, amount in (("joining", row.joining), ("leaving", -row.turnover), ("redundant", -row.redundant)):
            if round(abs(amount)) >= 1:
                kind = "more" if amount > 0 else "fewer"
                steps.append(_step(f"{name} {row.year}", kind, now, now + amount, units.signed(amount)))
            now += amount
        steps.append(_step(f"in post {row.year}", "in post", 0.0, row.in_post, units.number(row.in_post)))
        now = row.in_post

    def moves(name: str, amounts: Iterable[float]) -> PageColumn:
        return PageColumn(name, "FTE", [units.DASH, *map(units.fte, amounts)])  # at the start nobody has moved yet

    table = by_columns(
        "advisers",
        "Advisers, FTE",
        words("year", ["at the start", *(row.year for row in rows)]),
        PageColumn("in post", "FTE", [units.fte(row.in_post) for row in (start, *rows)]),
        moves("joining", [row.joining for row in rows]),
        moves("leaving by themselves", [row.turnover for row in rows]),
        moves("redundant", [row.redundant for row in rows]),
        moves("training", [row.training for row in rows]),
        PageColumn("qualified", "share", [units.or_dash(units.share, row.qualified) for row in (start, *rows)]),
    )
    change = rows[-1].in_post - start.in_post
    message = (
        f"{units.number(abs(change))} {'fewer' if change < 0 else 'more'} advisers in {rows[-1].year} than at the start"
    )
    yield Chart(
        "advisers-chart",
        message,
        f"Advisers in post and how they come and go, FTE, {units.horizon(facts.years)}",
        charts.advisers(steps),
        table,
    )
    yield " ".join(said.removeprefix("! ") for said in adviser_sentences(facts.plan, facts.summary))


def _step(name: str, kind: str, one: float, other: float, said: str) -> dict[str, object]:
    return {"step": name, "kind": kind, "low": min(one, other), "high": max(one, other), "said": said}


def _next_pound(facts: Facts) -> Section | None:
    reasons = facts.plan.reasons
    if reasons is None:
        return None
    worth, measure = reasons.worth, reasons.worth.measure
    drawn = [
        {"of": _of_price(price), "side": side, "amount": amount, "said": units.number(amount, 1)}
        for price in worth.prices
        if price.of == "money"
        for side, changed, sign in (("a step more brings", price.more, 1), ("a step less loses", price.less, -1))
        if changed is not None
        for amount in [sign * amounts.scaled(changed.goal, measure)]
    ]

    def changed(price: Price, way: str, side: GoalChange | None) -> str:
        return worth.why_none(f"{price.question} {way}") if side is None else amounts.change(side.goal, measure, 1)

    unit = amounts.heading(measure)
    table = by_columns(
        "worth",
        f"What a step more and a step less changes: {unit[0].lower()}{unit[1:]}",
        words("of", map(_of_price, worth.prices)),
        PageColumn("step", "", map(_step_in_words, worth.prices)),
        PageColumn("a step more", "", [changed(price, "more", price.more) for price in worth.prices]),
        PageColumn("a step less", "", [changed(price, "less", price.less) for price in worth.prices]),
        PageColumn(
            "used",
            "of what there is",
            [units.share(price.used / price.limit, 0) if price.limit else units.DASH for price in worth.prices],
        ),
    )
    parts: list[object] = []
    every = next(
        (price for price in worth.prices if price.of == "money" and not price.year and price.more is not None),
        None,
    )
    if any(row["amount"] for row in drawn):
        message = (
            f"{units.pounds_short(every.step, 0)} more a year brings {amounts.said(every.more.goal, measure)}"
            if every is not None and every.more is not None
            else "What the next pound brings"
        )
        parts.append(
            Chart(
                "worth-chart",
                message,
                f"{unit}, by the year in which a step more or less is granted; solved again on both sides",
                charts.next_step(drawn, unit),
                table,
            )
        )
    else:
        parts.append(table)
    parts.append(" ".join(worth_sentences(worth)))
    return Section("next-pound", "The next pound", tuple(parts))


def _of_price(price: Price) -> str:
    return f"{noun(price)}, {price.year or 'every year'}"


def _step_in_words(price: Price) -> str:
    if price.unit == "£":
        return units.pounds_short(price.step, 0)
    return units.counted(round(price.step), "post" if price.of == "posts" else "training place")


def _rule_costs(facts: Facts) -> Section | None:
    if facts.costs is None:
        return None
    measure = facts.costs.measure
    said = _rules_without_a_cost(facts)
    if not facts.rules_by_cost:
        return Section("rule-costs", "What the rules cost", tuple(said)) if said else None
    drawn = []
    for rule, goal in facts.rules_by_cost:
        amount = amounts.scaled(goal, measure)
        drawn.append({"name": rule, "amount": amount, "said": units.number(amount, 1 if amount < 10 else 0)})
    table = by_columns(
        "costs",
        "What each rule costs, switched off alone",
        words("rule", [rule for rule, _ in facts.rules_by_cost]),
        PageColumn("more without it", amounts.heading(measure), [str(row["said"]) for row in drawn]),
        _says(rule for rule, _ in facts.rules_by_cost),
    )
    dearest, goal = facts.rules_by_cost[0]
    message = f"{dearest} costs most: {amounts.said(goal, measure)}"
    unit = amounts.heading(measure)
    chart = Chart("costs-chart", message, f"{unit} more with one rule off at a time", charts.costs(drawn, unit), table)
    return Section("rule-costs", "What the rules cost", (chart, *said))


def _rules_without_a_cost(facts: Facts) -> list[str]:
    """Say which of the rules in force cost nothing, which soft rules gain by, and which were not asked."""
    costs = facts.costs
    said: list[str] = []
    if costs is None:
        return said
    softer = [row.rule for row in costs.rows if row.without is not None and row.without.soft < 0]
    no_plan = [row.rule for row in costs.rows if row.without is None]
    dear = {rule for rule, _ in facts.rules_by_cost} | set(softer) | set(no_plan)
    free = [row.rule for row in costs.rows if row.rule not in dear] + list(facts.rules_with_room)
    if softer:
        said.append(f"Without {units.listed(softer, 'or')} soft rules would fall less short, which comes first.")
    if free:
        said.append(f"Switched off alone these cost nothing: {units.listed(free)}.")
    if no_plan:
        said.append(f"Without {units.listed(no_plan, 'or')} no plan was found.")
    if facts.rules_not_asked:
        said.append(
            f"Not asked, since the time for it was over: {units.listed(facts.rules_not_asked)}. "
            "What they cost is not known."
        )
    return said


@cache
def _sentences() -> dict[str, str]:
    return {rule.name: rule.sentence for rule in listed_rules().rules}


def _says(rules: Iterable[str]) -> PageColumn:
    """Give what rules, or each of a group, say."""
    said = (
        " ".join(_sentences().get(name, "") for name in ((rule,) if rule in RULES else of_group(rule)))
        for rule in rules
    )
    return words("what it says", said, mark="text")


def _binding(facts: Facts) -> Section | None:
    counts: dict[str, int] = {}
    totals: dict[str, int] = {}
    for row in facts.plan.recomputed.rows:
        totals[row.rule] = totals.get(row.rule, 0) + 1
        if row.sense != "=" and row.slack <= NOTHING * max(1.0, abs(row.right)) and row.right:
            counts[row.rule] = counts.get(row.rule, 0) + 1
    if not counts:
        return None
    binding = sorted(counts, key=lambda rule: -counts[rule])
    return Section(
        "binding",
        "Rules that bind",
        (
            "A rule has rows for the partnerships and years that it speaks of, and binds where one leaves no room.",
            by_columns(
                "binding-rules",
                "Rows of each rule that leave no room",
                words("rule", binding),
                PageColumn("leave no room", "rows", [units.number(counts[rule]) for rule in binding]),
                PageColumn("in all", "rows", [units.number(totals[rule]) for rule in binding]),
                _says(binding),
            ),
        ),
    )


def _soft(facts: Facts) -> Section | None:
    if not facts.summary.soft:
        return None
    rows = [(rule, row) for rule in facts.summary.soft for row in (rule.short or (rule.closest,))]
    summary = facts.summary
    said = [*short_sentences(summary), what_closeness_costs(facts.plan, summary), kept_sentence(summary)]
    table = by_columns(
        "soft",
        "Rules that may fall short",
        words("rule", [rule.rule for rule, _ in rows]),
        words("place", [row.place or "the country" for _, row in rows], mark="text"),
        PageColumn("year", "", [row.year for _, row in rows]),
        PageColumn("asked for", "", [units.number(row.required) for _, row in rows]),
        PageColumn("reached", "", [units.number(row.reached) for _, row in rows]),
        words(
            "kept?",
            [
                f"short by {units.number(row.shortfall, 1 if row.shortfall < 10 else 0)}"
                if row in rule.short
                else "kept, the closest of them"
                for rule, row in rows
            ],
            mark="text",
        ),
    )
    return Section("soft-rules", "Rules that may fall short", (*filter(None, said), table))


def _formula(facts: Facts) -> Section | None:
    if not facts.distances:
        return None
    distances, last = facts.distances, facts.distances[-1]
    return Section(
        "formula",
        "Distance from the needs formula",
        (
            (
                f"To pay the needs formula's grants {units.pounds_short(last.pounds)} of {last.year}, "
                f"{units.share(last.moved)} of the money, would have to move from one partnership to another."
            ),
            by_columns(
                "distance",
                "How far grants are from the needs formula",
                words("year", [one.year for one in distances]),
                PageColumn("would have to move", "£", [units.pounds_short(one.pounds) for one in distances]),
                PageColumn("would have to move", "of the money", [units.share(one.moved) for one in distances]),
                PageColumn("within 5 % of it", "partnerships", [units.number(one.within) for one in distances]),
            ),
            *_furthest(facts),
        ),
    )


def _furthest(facts: Facts) -> Iterable[Table]:
    """Give the partnerships furthest from the formula over all years."""
    if facts.formula is None:
        return
    names, plan, formula = facts.plan.data.partnership_names, facts.rounded.sum(axis=1), facts.formula.sum(axis=1)
    far = sorted(range(len(names)), key=lambda p: -abs(plan[p] - formula[p]))[:FURTHEST]
    apart = (units.shown(plan[p], 2, 1e6) - units.shown(formula[p], 2, 1e6) for p in far)
    yield by_columns(
        "furthest",
        f"Furthest from the formula, all years, £ million (the {units.in_words(len(far))} largest differences)",
        words("partnership", [names[p] for p in far]),
        PageColumn("the plan", "£m", [units.millions(float(plan[p])) for p in far]),
        PageColumn("formula", "£m", [units.millions(float(formula[p])) for p in far]),
        PageColumn("difference", "£m", map(units.signed_millions, apart)),
    )


def _assumptions(facts: Facts) -> Section | None:
    sources = facts.plan.data.tables.get("sources", ())
    if not sources:
        return Section(
            "assumptions", "Assumptions", ("The data set has no sources table: which inputs are assumed is not known.",)
        )
    table = by_columns(
        "sources",
        "Where each input is from",
        words("input", [f"{row['table']}.{row['column']}" for row in sources]),
        words("which rows", [str(row.get("part") or "all") for row in sources], mark="text"),
        words("value", [facts.value_of(str(row["table"]), str(row["column"])) for row in sources], mark="text"),
        words("status", [str(row["status"]) for row in sources], mark="word"),
        words("quality", [str(row.get("quality") or units.DASH) for row in sources], mark="word"),
        words("source", [str(row.get("source") or units.DASH) for row in sources], mark="text"),
        words("note", [str(row.get("note") or "") for row in sources], mark="text"),
        wide=True,
    )
    said = (
        f"{assumed(facts)} A plan is the best for these inputs; it does not make them right. Values are those of all "
        "rows of the column: the smallest to the largest where they differ."
    )
    return Section("assumptions", "Assumptions", (said, table), page_break=True)


def _check_it(facts: Facts, name: str, more: Sequence[Any]) -> Section:
    plan = facts.plan
    parts: list[object] = [claim(facts)]
    if plan.gap is not None and plan.violation is not None:
        parts.append(
            f"Largest violation of any rule {units.size(plan.violation)}, gap to the proved bound "
            f"{units.size(max(plan.gap, 0.0))}, both relative."
        )
    for said, command in (
        ("The certificate and every rule, worked out again from the run's files without a solver:", ("verify", name)),
        ("Solved once more, and the grants compared:", ("verify", name, "--again")),
        ("Why a grant is what it is:", ("explain", name, plan.data.partnerships[0])),
    ):
        parts += [said, Command(shlex.join(("allocator", *command)))]
    return Section("check", "Check it yourself", (*parts, *more))


# --- parts ----------------------------------------------------------------------------------------------------------


def base_year(plan: Plan) -> str:
    """Give the year whose prices are the base, or words for it where no year of the data is."""
    found = base_year_of(plan.data)
    return "base-year" if found is None else plan.data.years[found]


def _pounds(amount: float) -> Cell:
    return Cell(units.number(amount), round(amount, 2))


def _signed(amount: float) -> Cell:
    return Cell(units.signed(amount), round(amount, 2))


def _relative(change: float | None) -> Cell:
    return Cell(units.DASH) if change is None else Cell(units.signed_share(change), round(change, 6))


def _per(amount: float, count: float) -> Cell:
    return Cell(units.DASH) if count <= 0 else Cell(units.number(amount / count), round(amount / count, 2))


def _figure(amount: float, shown: Callable[[float], str]) -> Cell:
    return Cell(shown(amount), round(amount, 4))
