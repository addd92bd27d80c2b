"""The workbook of a plan: for who lives in Excel. One table a sheet, totals as formulas, and a calculator that is live.

After the Government Analysis Function's guidance on spreadsheets: a cover, contents and notes; a title and the units
above every table; no merged and no blank cells in a table; one table a sheet; text, never colour alone. What begins
like a formula is written as text.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from allocator import units
from allocator.analyses.report.facts import Facts
from allocator.analyses.report.page import assumed, base_year, claim, goal_sentence
from allocator.analyses.solve.face_of_worth import noun
from allocator.analyses.solve.gains import in_few_words
from allocator.outputs import goal_amounts as amounts
from allocator.runs.findings import GoalChange
from allocator.runs.grant_change import CLASSES, YearGrant, together

FIRST = 3  # rows above a table: its title, its note, an empty row of words
POUNDS, CHANGE, SHARE, PEOPLE, ONE, PLAIN = (
    "#,##0",
    "+#,##0;−#,##0;0",
    "+0.0%;−0.0%;0.0%",
    "#,##0",
    "#,##0.0",
    "General",
)
SHARE_OF = "0.0%"
OF_GOAL = "+#,##0.0;−#,##0.0;0"
MET = {True: "met", False: "missed"}
OF_A_SOURCE = ("status", "quality", "source", "note")
MOST_WIDTH = 44
COLUMNS_A_PAGE = 16  # of A4 across: with more the figures of a page cannot be read


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet: heading with its unit, a value a row, number format, whether its total is a sum."""

    heading: str
    values: Iterable[str | float | None]
    form: str = PLAIN
    total: bool = False


class _Book:
    def __init__(self, stream: io.BytesIO) -> None:
        # what begins with = + - @ in a name stays text: no string is taken for a formula, a link or a number
        self.book = Workbook(
            stream,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        self._forms: dict[tuple[Any, ...], Any] = {}
        self.sheets: list[tuple[str, str]] = []

    def form(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._forms:
            self._forms[key] = self.book.add_format({"font_name": "Arial", "font_size": 11, **properties})
        return self._forms[key]

    def sheet(self, name: str, title: str, note: str) -> Any:
        made = self.book.add_worksheet(name)
        made.write_string(0, 0, title, self.form(bold=True, font_size=14))
        made.write_string(1, 0, note, self.form(font_color="#505A5F"))
        self.sheets.append((name, title))
        print_on_one_width(made)
        return made

    def table(
        self,
        name: str,
        title: str,
        note: str,
        columns: Iterable[SheetColumn],
    ) -> Any:
        """Give one table on a sheet of its own, with a frozen head, a filter, and a row of totals as formulas."""
        sheet = self.sheet(name, title, note)
        columns = [replace(column, values=list(column.values)) for column in columns]
        rows = list(zip(*(column.values for column in columns), strict=True))
        for c, column in enumerate(columns):
            side = "left" if column.form == PLAIN else "right"  # as what stands below it
            head = self.form(bold=True, bottom=2, text_wrap=True, valign="bottom", align=side)
            sheet.write_string(FIRST, c, column.heading, head)
        for r, row in enumerate(rows, start=FIRST + 1):
            for c, (column, value) in enumerate(zip(columns, row, strict=True)):
                self.put(sheet, r, c, value, column.form)
        last = FIRST + len(rows)
        if rows and any(column.total for column in columns):
            bold = {"bold": True, "top": 1}
            sheet.write_string(last + 1, 0, "Total", self.form(**bold))
            for c, column in enumerate(columns[1:], start=1):
                if column.total:
                    where = f"{xl_rowcol_to_cell(FIRST + 1, c)}:{xl_rowcol_to_cell(last, c)}"
                    value = sum(row[c] or 0.0 for row in rows)
                    sheet.write_formula(last + 1, c, f"=SUM({where})", self.form(num_format=column.form, **bold), value)
                else:
                    sheet.write_string(last + 1, c, "–", self.form(**bold))
        sheet.freeze_panes(FIRST + 1, 1)
        if rows:
            sheet.autofilter(FIRST, 0, last, len(columns) - 1)
        for c, column in enumerate(columns):
            longest = max(
                [len(str(row[c])) if isinstance(row[c], str) else 12 for row in rows]
                + [max(len(word) for word in column.heading.split())]
            )
            sheet.set_column(c, c, min(longest + 2, MOST_WIDTH))
        sheet.set_row(FIRST, 45)
        sheet.repeat_rows(FIRST)
        sheet.repeat_columns(0)
        sheet.fit_to_pages(-(-len(columns) // COLUMNS_A_PAGE), 0)
        return sheet

    def put(self, sheet: Any, row: int, column: int, value: Any, form: str) -> None:
        if value is None or value == "":
            sheet.write_string(row, column, "–", self.form())
        elif isinstance(value, str):
            sheet.write_string(row, column, value, self.form(text_wrap=len(value) > MOST_WIDTH, valign="top"))
        else:
            sheet.write_number(row, column, float(value), self.form(num_format=form, valign="top"))


def print_on_one_width(sheet: Any) -> None:
    """Lay a sheet out for A4 across, as wide as one page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def workbook_of(facts: Facts, *, name: str, made: str) -> bytes:
    """Give the workbook as bytes of an .xlsx file. name: of the run. made: the date, as text."""
    stream = io.BytesIO()
    book = _Book(stream)
    cover, contents = book.book.add_worksheet("Cover"), book.book.add_worksheet("Contents")
    for sheet in (cover, contents):
        print_on_one_width(sheet)
    _notes(book)
    _grants(book, facts)
    _by_region(book, facts)
    _years(book, facts)
    _money(book, facts)
    _next_pound(book, facts)
    _advisers(book, facts)
    _places(book, facts)
    _reductions(book, facts)
    _classes(book, facts)
    if facts.formula is not None:
        _calculator(book, facts)
    _sources(book, facts)
    _cover(book, cover, facts, name, made)
    _contents(book, contents)
    cover.activate()
    book.book.set_properties(
        {
            "title": facts.plan.scenario.settings.title,
            "subject": "Grants and what they are to reach",
            "comments": f"Made by allocator from the run {name}.",
        }
    )
    book.book.close()
    return stream.getvalue()


def _cover(book: _Book, sheet: Any, facts: Facts, name: str, made: str) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 110)
    sheet.set_row(0, 26)
    said = [
        facts.plan.scenario.settings.title,
        facts.plan.scenario.settings.question,
        f"Run {name}, made {made}.",
        f"The plan reaches {goal_sentence(facts)}.",
        claim(facts),
        assumed(facts),
        "Cash pounds unless a heading names prices.",
        "“Shares as before”: the same year's money by baseline share.",
        "“Last year”: the grant of the year before, for the first year the baseline.",
        f"To check every figure: allocator verify {name}",
    ]
    for r, sentence in enumerate(one for one in said if one):
        sheet.write_string(
            r, 0, sentence, book.form(bold=r == 0, font_size=16 if r == 0 else 11, text_wrap=True, valign="top")
        )


def _contents(book: _Book, sheet: Any) -> None:
    sheet.write_string(0, 0, "Contents", book.form(bold=True, font_size=14))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    for r, (name, title) in enumerate(book.sheets, start=2):
        sheet.write_url(r, 0, f"internal:'{name}'!A1", book.form(font_color="#1D70B8", underline=1), string=name)
        sheet.write_string(r, 1, title, book.form())


def _notes(book: _Book) -> None:
    sheet = book.sheet("Notes", "Notes", "What the words mean.")
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 100)
    words = (
        ("grant", "£ paid in the year, as certified; whole pounds are in the column that says so."),
        ("last year", "The grant of the year before, in cash; for the first year the baseline grant."),
        ("shares as before", "The same year's money shared out by baseline grant."),
        (
            "fixed by",
            "Rules that leave the grant no room. “The margin”: none does; a pound brings as much there as elsewhere.",
        ),
        (
            "fewer NEET",
            "Young people of the ages counted, standing at the end of the year, less than without the programme.",
        ),
        ("–", "Nothing to show: there is no such figure."),
    )
    for r, (word, said) in enumerate(words, start=FIRST):
        sheet.write_string(r, 0, word, book.form(bold=True, valign="top"))
        sheet.write_string(r, 1, said, book.form(text_wrap=True))


def _grants(book: _Book, facts: Facts) -> None:
    data, base, order = facts.plan.data, base_year(facts.plan), facts.order
    whole = [together(facts.grants[p]) for p in order]
    columns = [
        SheetColumn("Partnership", [data.partnership_names[p] for p in order]),
        SheetColumn("Region", [data.regions[p] for p in order]),
        SheetColumn("Grant, all years, £", [one.grant for one in whole], POUNDS, total=True),
        SheetColumn("Shares as before, all years, £", [one.shares_as_before for one in whole], POUNDS, total=True),
        SheetColumn("Change on shares as before, £", [one.change for one in whole], CHANGE, total=True),
        SheetColumn("Change on shares as before, %", [one.relative_change for one in whole], SHARE),
    ]
    for t, year in enumerate(facts.years):
        of = [facts.grants[p][t] for p in order]
        real, people, neet = (by[order, t].tolist() for by in (facts.real, facts.young_people, facts.neet))
        columns += [
            SheetColumn(f"Grant {year}, £", [one.grant for one in of], POUNDS, total=True),
            SheetColumn(f"On last year {year}, £", [one.change_on_last_year for one in of], CHANGE, total=True),
            SheetColumn(f"On last year {year}, %", [one.relative_on_last_year for one in of], SHARE),
            SheetColumn(f"On last year {year}, real, %", [one.real_on_last_year for one in of], SHARE),
            SheetColumn(f"On shares as before {year}, £", [one.change for one in of], CHANGE, total=True),
            SheetColumn(f"Grant {year}, £, {base} prices", real, POUNDS, total=True),
            SheetColumn(f"{year}, £ a young person", _per(of, people), ONE),
            SheetColumn(f"{year}, £ a NEET young person", _per(of, neet), ONE),
        ]
    fixed_by = [in_few_words(facts.years, facts.fixed_by, data.partnerships[p]) for p in order]
    book.table(
        "Grants",
        f"Grants of every partnership, {units.horizon(facts.years)}",
        "£ cash unless a heading names prices. Totals are formulas.",
        [*columns, SheetColumn("Fixed by", fixed_by)],
    )
    chart = book.book.add_chart({"type": "bar"})
    last = FIRST + len(order)
    chart.add_series(
        {
            "name": "Change on shares as before, %",
            "categories": ["Grants", FIRST + 1, 0, last, 0],
            "values": ["Grants", FIRST + 1, 5, last, 5],
            "fill": {"color": "#12436D"},
            "invert_if_negative": True,
            "invert_if_negative_color": "#F46A25",
            "gap": 40,
        }
    )
    chart.set_title({"name": "Change of grants on shares as before", "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "label_position": "low", "num_font": {"size": 8}})
    chart.set_x_axis({"num_format": "0%", "major_gridlines": {"visible": True, "line": {"color": "#D5D8DA"}}})
    chart.set_size({"width": 760, "height": max(320, 17 * len(order) + 100)})
    drawn = book.sheet(
        "Chart of grants",
        "Change of grants on shares as before",
        "Per cent of shares as before, all years. The figures are on the sheet Grants.",
    )
    drawn.insert_chart(
        FIRST,
        0,
        chart,
        {"description": "Bars: the change of each partnership's grants on shares as before, in per cent."},
    )


def _per(grants: Sequence[YearGrant], counts: Sequence[float]) -> list[float | None]:
    """Give grants by a count of people; nothing where there are none."""
    return [one.grant / count if count > 0 else None for one, count in zip(grants, counts, strict=True)]


def _by_region(book: _Book, facts: Facts) -> None:
    data = facts.plan.data
    regions = sorted(set(data.regions))
    count = len(data.partnerships)
    members = [[p for p in range(count) if data.regions[p] == region] for region in regions]
    grant, before = (
        [sum(getattr(together(facts.grants[p]), of) for p in here) for here in members]
        for of in ("grant", "shares_as_before")
    )
    moved = [is_now - was for is_now, was in zip(grant, before, strict=True)]
    relative = [is_now / was - 1 if was > 0 else None for is_now, was in zip(grant, before, strict=True)]
    sheet = book.table(
        "Regions",
        "Grants by region",
        "Subtotals of the sheet Grants, as formulas.",
        [
            SheetColumn("Region", regions),
            SheetColumn("Partnerships", map(len, members), PEOPLE, total=True),
            SheetColumn("Grant, all years, £", grant, POUNDS, total=True),
            SheetColumn("Shares as before, all years, £", before, POUNDS, total=True),
            SheetColumn("Change on shares as before, £", moved, CHANGE, total=True),
            SheetColumn("Change on shares as before, %", relative, SHARE),
        ],
    )
    first, last = FIRST + 2, FIRST + 1 + count  # of the sheet Grants, as its own numbers
    sums = f"Grants!$B${first}:$B${last}"
    for k in range(len(regions)):
        r = FIRST + 1 + k
        row, here = r + 1, xl_rowcol_to_cell(r, 0)
        formulas: list[tuple[str, str, float | None]] = [
            (f"=COUNTIF({sums},{here})", PEOPLE, len(members[k])),
            (f"=SUMIF({sums},{here},Grants!$C${first}:$C${last})", POUNDS, grant[k]),
            (f"=SUMIF({sums},{here},Grants!$D${first}:$D${last})", POUNDS, before[k]),
            (f"=C{row}-D{row}", CHANGE, moved[k]),
            (f"=C{row}/D{row}-1", SHARE, relative[k]),
        ]
        for c, (formula, form, value) in enumerate(formulas, start=1):
            if value is not None:
                sheet.write_formula(r, c, formula, book.form(num_format=form), value)


def _years(book: _Book, facts: Facts) -> None:
    rows = facts.summary.reductions
    book.table(
        "What it achieves",
        "Young people fewer NEET at the end of each year",
        "Young people of the ages counted.",
        [
            SheetColumn("Year", [row.year for row in rows]),
            SheetColumn("NEET without the programme", facts.neet.sum(axis=0).tolist(), PEOPLE),
            SheetColumn("Fewer NEET, the plan", [row.reduction for row in rows], PEOPLE),
            SheetColumn("Of those without, %", [row.share for row in rows], SHARE_OF),
            SheetColumn("Fewer NEET, shares as before", [row.as_before for row in rows], PEOPLE),
            SheetColumn("Target, fewer NEET", [row.required for row in rows], PEOPLE),
            SheetColumn("Target met?", [None if row.required is None else MET[row.met] for row in rows]),
        ],
    )
    chart = book.book.add_chart({"type": "column"})
    last = FIRST + len(rows)
    for column, name, colour in ((2, "the plan", "#12436D"), (4, "shares as before", "#F46A25")):
        chart.add_series(
            {
                "name": name,
                "categories": ["What it achieves", FIRST + 1, 0, last, 0],
                "values": ["What it achieves", FIRST + 1, column, last, column],
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": "Fewer NEET at the end of each year", "name_font": {"size": 12}})
    chart.set_y_axis(
        {"min": 0, "num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D5D8DA"}}}
    )
    chart.set_legend({"position": "bottom"})
    book.book.get_worksheet_by_name("What it achieves").insert_chart(
        last + 3,
        0,
        chart,
        {"description": "Columns: fewer NEET at the end of each year, the plan and shares as before."},
    )


def _money(book: _Book, facts: Facts) -> None:
    rows, base = facts.summary.money, base_year(facts.plan)
    book.table(
        "Money",
        "The money of each year",
        "£ cash.",
        [
            SheetColumn("Year", [row.year for row in rows]),
            SheetColumn("Available, £", [row.available for row in rows], POUNDS, total=True),
            SheetColumn("Granted, £", [row.granted for row in rows], POUNDS, total=True),
            SheetColumn("Spent, £", [row.spent for row in rows], POUNDS, total=True),
            SheetColumn("Carried on, £", [row.carried for row in rows], POUNDS),
            SheetColumn("Given back, £", [row.lapsed for row in rows], POUNDS, total=True),
        ],
    )
    by_year = [
        SheetColumn(f"{year}, £", [used[t] for _, used in facts.uses], POUNDS, total=True)
        for t, year in enumerate(facts.years)
    ]
    book.table(
        "Uses",
        f"What the money is spent on, {base} prices",
        f"£, {base} prices.",
        [SheetColumn("Use", [name for name, _ in facts.uses]), *by_year],
    )


def _next_pound(book: _Book, facts: Facts) -> None:
    """Give what a step more and a step less of the money, posts and training places change, where the run has it."""
    if facts.plan.reasons is None:
        return
    worth = facts.plan.reasons.worth
    heading, prices = amounts.heading(worth.measure), worth.prices
    unit = f"{heading[0].lower()}{heading[1:]}"

    def changes(sides: Iterable[GoalChange | None]) -> list[float | None]:
        return [None if side is None else amounts.scaled(side.goal, worth.measure) for side in sides]

    book.table(
        "Next pound",
        "What a step more and a step less would change",
        f"Changes: {unit}. Steps, use and limits in £, FTE and places.",
        [
            SheetColumn("Of", [noun(price).capitalize() for price in prices]),
            SheetColumn("Year", [price.year or "every year" for price in prices]),
            SheetColumn("Step, £, FTE or places", [price.step for price in prices], POUNDS),
            SheetColumn(f"A step more changes, {unit}", changes(price.more for price in prices), OF_GOAL),
            SheetColumn(f"A step less changes, {unit}", changes(price.less for price in prices), OF_GOAL),
            SheetColumn("Used, £, FTE or places", [price.used for price in prices], POUNDS),
            SheetColumn("Limit, £, FTE or places", [price.limit for price in prices], POUNDS),
        ],
    )


def _advisers(book: _Book, facts: Facts) -> None:
    table = facts.plan.tables["advisers"]
    names = dict(zip(facts.plan.data.partnerships, facts.plan.data.partnership_names, strict=True))
    moves = {
        "In post": "fte",
        "Joining": "recruits",
        "Redundant": "redundancies",
        "Training": "training",
        "Leaving by themselves": "turnover",
    }
    book.table(
        "Advisers",
        "Advisers by partnership, year and grade",
        "FTE, average over the year; totals run over all years.",
        [
            SheetColumn("Partnership", [names[key] for key in table["partnership"]]),
            SheetColumn("Year", table["year"]),
            SheetColumn("Grade", table["grade"]),
            *(SheetColumn(f"{name}, FTE", table[of], ONE, total=True) for name, of in moves.items()),
        ],
    )


def _places(book: _Book, facts: Facts) -> None:
    d, places = facts.plan.data, facts.plan.figures.places.sum(axis=4)
    offered = [(p, t, i, g) for p in facts.order for t, i, g in zip(*np.nonzero(places[p] > 1e-6), strict=True)]
    book.table(
        "Places",
        "Young people served by partnership, year, intervention and group",
        "Only what is above nothing.",
        [
            SheetColumn("Partnership", [d.partnership_names[p] for p, *_ in offered]),
            SheetColumn("Year", [d.years[t] for _, t, _, _ in offered]),
            SheetColumn("Intervention", [d.intervention_names[i] for *_, i, _ in offered]),
            SheetColumn("Client group", [d.client_groups[g] for *_, g in offered]),
            SheetColumn("Young people served", [float(places[one]) for one in offered], ONE, total=True),
        ],
    )


def _reductions(book: _Book, facts: Facts) -> None:
    d = facts.plan.data
    neet, fewer = (of[list(facts.order)].ravel().tolist() for of in (facts.neet, facts.reduction))
    book.table(
        "Reductions",
        "Young people fewer NEET at the end of each year, by partnership",
        "Of the ages counted.",
        [
            SheetColumn("Partnership", [d.partnership_names[p] for p in facts.order for _ in d.years]),
            SheetColumn("Year", [year for _ in facts.order for year in d.years]),
            SheetColumn("NEET without the programme", neet, PEOPLE),
            SheetColumn("Fewer NEET", fewer, ONE),
            SheetColumn(
                "Of those without, %",
                [part / of if of > 0 else None for part, of in zip(fewer, neet, strict=True)],
                SHARE_OF,
            ),
        ],
    )


def _classes(book: _Book, facts: Facts) -> None:
    found = facts.movers
    columns = [
        SheetColumn("Change", CLASSES),
        SheetColumn("On shares as before, all years", found.on_shares, PEOPLE, total=True),
        *(SheetColumn(f"On last year, {of.year}", of.cash, PEOPLE, total=True) for of in found.on_last_year),
    ]
    book.table("Gainers and losers", "How many partnerships gain and lose", "Partnerships.", columns)


def _calculator(book: _Book, facts: Facts) -> None:
    """Give the needs formula, live: change a weight and every formula grant follows.

    It is no plan: what follows from it is a starting point, and a scenario with these weights gives the plan.
    """
    d, formula = facts.plan.data, facts.plan.scenario.settings.grants.formula
    sheet = book.sheet(
        "Calculator",
        "Formula grants of the last year, live",
        "Change the weights in B4 to B6, or whether area costs count (1 or 0) in B7: every formula grant follows. "
        "The plan's grants stand beside it.",
    )
    given = book.form(bg_color="#FFF2CC", border=1, num_format="0.00")
    t = len(facts.years) - 1
    money = float(facts.plan.recomputed.money[t])
    for r, (name, value) in enumerate(
        (
            ("weight of young people", formula.young_people),
            ("weight of NEET", formula.neet),
            ("weight of the baseline grant", formula.baseline),
            ("area costs count (1 or 0)", float(formula.area_costs)),
            (f"money of {facts.years[t]}, £", money),
        ),
        start=3,
    ):
        sheet.write_string(r, 0, name, book.form())
        sheet.write_number(r, 1, float(value), given if r < 7 else book.form(num_format=POUNDS))
    top = 10
    heads = (
        "Partnership",
        "Young people",
        "NEET",
        "Baseline grant, £",
        "Area cost factor",
        "Need",
        f"Formula grant {facts.years[t]}, £",
        f"Plan's grant {facts.years[t]}, £",
        "Plan less formula, £",
    )
    for c, text in enumerate(heads):
        side = "right" if c else "left"
        head = book.form(bold=True, bottom=2, text_wrap=True, valign="bottom", align=side)
        sheet.write_string(top - 1, c, text, head)
    last = top + len(facts.order)
    area = {c: f"{xl_col_to_name(c)}${top + 1}:{xl_col_to_name(c)}${last}" for c in range(9)}
    shares = (facts.young_people[:, t], facts.neet[:, t], d.baseline_grant)
    weights = (formula.young_people, formula.neet, formula.baseline)
    need = np.zeros(len(d.partnerships))
    for weight, part in zip(weights, shares, strict=True):
        need = need + weight * part / max(float(part.sum()), 1e-9)
    need = need * (d.area_cost_factor if formula.area_costs else 1.0)
    for k, p in enumerate(facts.order):
        r = top + k
        row = r + 1
        sheet.write_string(r, 0, d.partnership_names[p], book.form())
        for c, value in enumerate((shares[0][p], shares[1][p], shares[2][p]), start=1):
            sheet.write_number(r, c, float(value), book.form(num_format=POUNDS))
        sheet.write_number(r, 4, float(d.area_cost_factor[p]), book.form(num_format="0.00"))
        parts = "+".join(
            f"$B${w}*{c}{row}/MAX(SUM(${area[i]}),1E-9)" for w, c, i in ((4, "B", 1), (5, "C", 2), (6, "D", 3))
        )
        sheet.write_formula(r, 5, f"=({parts})*IF($B$7=1,E{row},1)", book.form(num_format="0.000000"), float(need[p]))
        sheet.write_formula(
            r, 6, f"=$B$8*F{row}/SUM(${area[5]})", book.form(num_format=POUNDS), float(money * need[p] / need.sum())
        )
        sheet.write_number(r, 7, float(facts.plan.figures.grant[p, t]), book.form(num_format=POUNDS))
        sheet.write_formula(
            r,
            8,
            f"=H{row}-G{row}",
            book.form(num_format=CHANGE),
            float(facts.plan.figures.grant[p, t] - money * need[p] / need.sum()),
        )
    bold = book.form(bold=True, top=1, num_format=POUNDS)
    sheet.write_string(last, 0, "Total", bold)
    totals: tuple[float | None, ...] = (
        shares[0].sum(),
        shares[1].sum(),
        shares[2].sum(),
        None,
        need.sum(),
        money,
        float(facts.plan.figures.grant[:, t].sum()),
        float(facts.plan.figures.grant[:, t].sum() - money),
    )
    for c, of_column in enumerate(totals, start=1):
        if of_column is None:
            sheet.write_string(last, c, "–", bold)
        else:
            sheet.write_formula(
                last,
                c,
                f"=SUM({area[c].replace('$', '')})",
                bold if c != 5 else book.form(bold=True, top=1, num_format="0.000000"),
                float(of_column),
            )
    sheet.freeze_panes(top, 1)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 8, 17)


def _sources(book: _Book, facts: Facts) -> None:
    rows = facts.plan.data.tables.get("sources", ())
    book.table(
        "Assumptions",
        "Where each input is from",
        assumed(facts),
        [
            SheetColumn("Input", [f"{row['table']}.{row['column']}" for row in rows]),
            SheetColumn("Which rows", [row.get("part") or "all" for row in rows]),
            SheetColumn("Value", [facts.value_of(str(row["table"]), str(row["column"])) for row in rows]),
            *(SheetColumn(name.capitalize(), [row.get(name) for row in rows]) for name in OF_A_SOURCE),
        ],
    )
