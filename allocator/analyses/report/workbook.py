"""The workbook of a plan: for who lives in Excel. One table a sheet, totals as formulas, and a calculator that is live.

After the Government Analysis Function's guidance on spreadsheets: a cover, contents and notes; a title and the units
above every table; no merged and no blank cells in a table; one table a sheet; text, never colour alone. What begins
like a formula is written as text.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
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
from allocator.runs.grant_change import CLASSES, together

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
MOST_WIDTH = 44


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet: heading with its unit, number format, whether its total is a sum."""

    heading: str
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
        columns: Sequence[SheetColumn],
        rows: Sequence[Sequence[Any]],
        *,
        totals: str = "",
    ) -> Any:
        """Give one table on a sheet of its own, with a frozen head, a filter, and a row of totals as formulas."""
        sheet = self.sheet(name, title, note)
        for c, column in enumerate(columns):
            side = "left" if column.form == PLAIN else "right"  # as what stands below it
            head = self.form(bold=True, bottom=2, text_wrap=True, valign="bottom", align=side)
            sheet.write_string(FIRST, c, column.heading, head)
        for r, row in enumerate(rows, start=FIRST + 1):
            for c, (column, value) in enumerate(zip(columns, row, strict=True)):
                self.put(sheet, r, c, value, column.form)
        last = FIRST + len(rows)
        if totals and rows:
            bold = {"bold": True, "top": 1}
            sheet.write_string(last + 1, 0, totals, self.form(**bold))
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
    data, base = facts.plan.data, base_year(facts.plan)
    columns = [
        SheetColumn("Partnership"),
        SheetColumn("Region"),
        SheetColumn("Grant, all years, £", POUNDS, total=True),
        SheetColumn("Shares as before, all years, £", POUNDS, total=True),
        SheetColumn("Change on shares as before, £", CHANGE, total=True),
        SheetColumn("Change on shares as before, %", SHARE),
    ]
    for year in facts.years:
        columns += [
            SheetColumn(f"Grant {year}, £", POUNDS, total=True),
            SheetColumn(f"On last year {year}, £", CHANGE, total=True),
            SheetColumn(f"On last year {year}, %", SHARE),
            SheetColumn(f"On last year {year}, real, %", SHARE),
            SheetColumn(f"On shares as before {year}, £", CHANGE, total=True),
            SheetColumn(f"Grant {year}, £, {base} prices", POUNDS, total=True),
            SheetColumn(f"{year}, £ a young person", ONE),
            SheetColumn(f"{year}, £ a NEET young person", ONE),
        ]
    columns.append(SheetColumn("Fixed by"))
    rows = []
    for p in facts.order:
        key, years = data.partnerships[p], facts.grants[p]
        whole = together(years)
        row: list[Any] = [
            data.partnership_names[p],
            data.regions[p],
            whole.grant,
            whole.shares_as_before,
            whole.change,
            whole.relative_change,
        ]
        for t, one in enumerate(years):
            people, neet = float(facts.young_people[p, t]), float(facts.neet[p, t])
            row += [
                one.grant,
                one.change_on_last_year,
                one.relative_on_last_year,
                one.real_on_last_year,
                one.change,
                float(facts.real[p, t]),
                one.grant / people if people > 0 else None,
                one.grant / neet if neet > 0 else None,
            ]
        row.append(in_few_words(facts.years, facts.fixed_by, key))
        rows.append(row)
    sheet = book.table(
        "Grants",
        f"Grants of every partnership, {units.horizon(facts.years)}",
        "£ cash unless a heading names prices. Totals are formulas.",
        columns,
        rows,
        totals="Total",
    )
    chart = book.book.add_chart({"type": "bar"})
    last = FIRST + len(rows)
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
    chart.set_size({"width": 760, "height": max(320, 17 * len(rows) + 100)})
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
    del sheet


def _by_region(book: _Book, facts: Facts) -> None:
    data = facts.plan.data
    regions = sorted(set(data.regions))
    count = len(data.partnerships)
    columns = [
        SheetColumn("Region"),
        SheetColumn("Partnerships", PEOPLE, total=True),
        SheetColumn("Grant, all years, £", POUNDS, total=True),
        SheetColumn("Shares as before, all years, £", POUNDS, total=True),
        SheetColumn("Change on shares as before, £", CHANGE, total=True),
        SheetColumn("Change on shares as before, %", SHARE),
    ]
    rows = []
    for region in regions:
        members = [p for p in range(count) if data.regions[p] == region]
        grant = sum(together(facts.grants[p]).grant for p in members)
        before = sum(together(facts.grants[p]).shares_as_before for p in members)
        rows.append([region, len(members), grant, before, grant - before, grant / before - 1 if before > 0 else None])
    sheet = book.table(
        "Regions", "Grants by region", "Subtotals of the sheet Grants, as formulas.", columns, rows, totals="Total"
    )
    first, last = FIRST + 2, FIRST + 1 + count  # of the sheet Grants, as its own numbers
    for r, row in enumerate(rows, start=FIRST + 1):
        here = xl_rowcol_to_cell(r, 0)
        sheet.write_formula(r, 1, f"=COUNTIF(Grants!$B${first}:$B${last},{here})", book.form(num_format=PEOPLE), row[1])
        for c, source in ((2, "C"), (3, "D")):
            sheet.write_formula(
                r,
                c,
                f"=SUMIF(Grants!$B${first}:$B${last},{here},Grants!${source}${first}:${source}${last})",
                book.form(num_format=POUNDS),
                row[c],
            )
        sheet.write_formula(r, 4, f"=C{r + 1}-D{r + 1}", book.form(num_format=CHANGE), row[4])
        if row[5] is not None:
            sheet.write_formula(r, 5, f"=C{r + 1}/D{r + 1}-1", book.form(num_format=SHARE), row[5])


def _years(book: _Book, facts: Facts) -> None:
    columns = [
        SheetColumn("Year"),
        SheetColumn("NEET without the programme", PEOPLE),
        SheetColumn("Fewer NEET, the plan", PEOPLE),
        SheetColumn("Of those without, %", SHARE_OF),
        SheetColumn("Fewer NEET, shares as before", PEOPLE),
        SheetColumn("Target, fewer NEET", PEOPLE),
        SheetColumn("Target met?"),
    ]
    rows = [
        [
            row.year,
            float(facts.neet[:, t].sum()),
            row.reduction,
            row.share,
            row.as_before,
            row.required,
            None if row.required is None else "met" if row.met else "missed",
        ]
        for t, row in enumerate(facts.summary.reductions)
    ]
    book.table(
        "What it achieves",
        "Young people fewer NEET at the end of each year",
        "Young people of the ages counted.",
        columns,
        rows,
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
    columns = [
        SheetColumn("Year"),
        *(SheetColumn(f"{name}, £", POUNDS, total=True) for name in ("Available", "Granted", "Spent")),
        SheetColumn("Carried on, £", POUNDS),
        SheetColumn("Given back, £", POUNDS, total=True),
    ]
    rows = [[row.year, row.available, row.granted, row.spent, row.carried, row.lapsed] for row in facts.summary.money]
    book.table("Money", "The money of each year", "£ cash.", columns, rows, totals="Total")
    base = base_year(facts.plan)
    uses = [[name, *by_year] for name, by_year in facts.uses]
    book.table(
        "Uses",
        f"What the money is spent on, {base} prices",
        f"£, {base} prices.",
        [SheetColumn("Use"), *(SheetColumn(f"{year}, £", POUNDS, total=True) for year in facts.years)],
        uses,
        totals="Total",
    )


def _next_pound(book: _Book, facts: Facts) -> None:
    """Give what a step more and a step less of the money, posts and training places change, where the run has it."""
    if facts.plan.reasons is None:
        return
    worth = facts.plan.reasons.worth
    unit = amounts.heading(worth.measure)
    rows = [
        [
            noun(price).capitalize(),
            price.year or "every year",
            price.step,
            None if price.more is None else amounts.scaled(price.more.goal, worth.measure),
            None if price.less is None else amounts.scaled(price.less.goal, worth.measure),
            price.used,
            price.limit,
        ]
        for price in worth.prices
    ]
    book.table(
        "Next pound",
        "What a step more and a step less would change",
        f"Changes: {unit[0].lower()}{unit[1:]}. Steps, use and limits in £, FTE and places.",
        [
            SheetColumn("Of"),
            SheetColumn("Year"),
            SheetColumn("Step, £, FTE or places", POUNDS),
            SheetColumn(f"A step more changes, {unit[0].lower()}{unit[1:]}", "+#,##0.0;−#,##0.0;0"),
            SheetColumn(f"A step less changes, {unit[0].lower()}{unit[1:]}", "+#,##0.0;−#,##0.0;0"),
            SheetColumn("Used, £, FTE or places", POUNDS),
            SheetColumn("Limit, £, FTE or places", POUNDS),
        ],
        rows,
    )


def _advisers(book: _Book, facts: Facts) -> None:
    table = facts.plan.tables["advisers"]
    names = dict(zip(facts.plan.data.partnerships, facts.plan.data.partnership_names, strict=True))
    columns = [
        SheetColumn("Partnership"),
        SheetColumn("Year"),
        SheetColumn("Grade"),
        *(
            SheetColumn(f"{name}, FTE", ONE, total=True)
            for name in ("In post", "Joining", "Redundant", "Training", "Leaving by themselves")
        ),
    ]
    rows = [
        [names[p], y, g, *numbers]
        for p, y, g, *numbers in zip(
            *(
                table[c]
                for c in ("partnership", "year", "grade", "fte", "recruits", "redundancies", "training", "turnover")
            ),
            strict=True,
        )
    ]
    book.table(
        "Advisers",
        "Advisers by partnership, year and grade",
        "FTE, average over the year; totals run over all years.",
        columns,
        rows,
        totals="Total",
    )


def _places(book: _Book, facts: Facts) -> None:
    d, places = facts.plan.data, facts.plan.figures.places.sum(axis=4)
    rows = [
        [d.partnership_names[p], d.years[t], d.intervention_names[i], d.client_groups[g], float(places[p, t, i, g])]
        for p in facts.order
        for t in range(len(d.years))
        for i in range(len(d.interventions))
        for g in range(len(d.client_groups))
        if places[p, t, i, g] > 1e-6
    ]
    columns = [
        SheetColumn("Partnership"),
        SheetColumn("Year"),
        SheetColumn("Intervention"),
        SheetColumn("Client group"),
        SheetColumn("Young people served", ONE, total=True),
    ]
    book.table(
        "Places",
        "Young people served by partnership, year, intervention and group",
        "Only what is above nothing.",
        columns,
        rows,
        totals="Total",
    )


def _reductions(book: _Book, facts: Facts) -> None:
    d = facts.plan.data
    rows = [
        [
            d.partnership_names[p],
            d.years[t],
            float(facts.neet[p, t]),
            float(facts.reduction[p, t]),
            float(facts.reduction[p, t] / facts.neet[p, t]) if facts.neet[p, t] > 0 else None,
        ]
        for p in facts.order
        for t in range(len(d.years))
    ]
    book.table(
        "Reductions",
        "Young people fewer NEET at the end of each year, by partnership",
        "Of the ages counted.",
        [
            SheetColumn("Partnership"),
            SheetColumn("Year"),
            SheetColumn("NEET without the programme", PEOPLE),
            SheetColumn("Fewer NEET", ONE),
            SheetColumn("Of those without, %", SHARE_OF),
        ],
        rows,
    )


def _classes(book: _Book, facts: Facts) -> None:
    found = facts.movers
    rows = [[name, found.on_shares[k], *(of.cash[k] for of in found.on_last_year)] for k, name in enumerate(CLASSES)]
    columns = [
        SheetColumn("Change"),
        SheetColumn("On shares as before, all years", PEOPLE, total=True),
        *(SheetColumn(f"On last year, {of.year}", PEOPLE, total=True) for of in found.on_last_year),
    ]
    book.table(
        "Gainers and losers", "How many partnerships gain and lose", "Partnerships.", columns, rows, totals="Total"
    )


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
    rows = [
        [
            f"{row['table']}.{row['column']}",
            row.get("part") or "all",
            facts.value_of(str(row["table"]), str(row["column"])),
            row["status"],
            row.get("quality"),
            row.get("source"),
            row.get("note"),
        ]
        for row in facts.plan.data.tables.get("sources", ())
    ]
    book.table(
        "Assumptions",
        "Where each input is from",
        assumed(facts),
        [SheetColumn(name) for name in ("Input", "Which rows", "Value", "Status", "Quality", "Source", "Note")],
        rows,
    )
