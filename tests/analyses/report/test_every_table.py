"""No table goes unread: each of the page, the statements and the workbook is held against the run's own files."""

import json
import tomllib

import openpyxl
import pytest

from allocator import api
from tests.helpers.reports import figure, read_csv, read_input, read_page

NOTHING = 1e-6
# Tables that other tests of this folder read back.
ELSEWHERE = {"allocations-table", "year-1", "year-2", "reduction", "money"}
STATEMENT_ELSEWHERE = {"steps", "places"}
SHEETS_ELSEWHERE = {"Cover", "Contents", "Notes", "Grants", "Chart of grants", "Regions"}


def total(rows, column, **same):
    return sum(float(row[column] or 0) for row in rows if all(row[name] == value for name, value in same.items()))


def years_of(run):
    return list(dict.fromkeys(row["year"] for row in read_csv(run, "grants")))


def names_of(run):
    return {row["partnership"]: row["name"] for row in read_csv(run, "grants")}


def of_json(run, name):
    return json.loads((run / name).read_text(encoding="utf-8"))


def class_of(change):
    """Which of five classes a change falls into; what is a bound to five decimals belongs to the milder one."""
    size = sum(abs(change) > bound + 1e-5 for bound in (0.01, 0.05))
    return 2 - size if change < 0 else 2 + size


def classes(run):
    grants = read_csv(run, "grants")
    on_shares = [0] * 5
    for key in names_of(run):
        before = total(grants, "shares_as_before", partnership=key)
        on_shares[class_of(total(grants, "grant", partnership=key) / before - 1)] += 1
    by_year = {year: [0] * 5 for year in years_of(run)}
    for row in grants:
        by_year[row["year"]][class_of(float(row["on_last_year"]))] += 1
    return [on_shares, *by_year.values()]


def uses(run):
    money, index = read_csv(run, "money"), {row["year"]: float(row["price_index"]) for row in read_input(run, "years")}
    of = {
        "salaries": ["salaries"],
        "places": ["places"],
        "fixed costs": ["fixed"],
        "joining, leaving, training": ["recruitment", "redundancy", "training"],
    }
    return {
        name: [sum(total(money, part, year=year) for part in parts) / index[year] for year in index]
        for name, parts in of.items()
    }


def formula_grants(run):
    """The needs formula's grants, from the tables and the scenario alone: [year][partnership]."""
    settings = tomllib.loads((run / "inputs" / "scenario.toml").read_text(encoding="utf-8"))["grants"]["formula"]
    people, partnerships = read_input(run, "young_people"), read_input(run, "partnerships")
    base = {row["partnership"]: float(row["baseline_grant"]) for row in partnerships}
    area = {row["partnership"]: float(row["area_cost_factor"]) for row in partnerships}
    found = {}
    for row in of_json(run, "summary.json")["years"]:
        year = row["year"]
        parts = [
            (settings["young_people"], {p: total(people, "young_people", partnership=p, year=year) for p in base}),
            (settings["neet"], {p: total(people, "neet", partnership=p, year=year) for p in base}),
            (settings["baseline"], base),
        ]
        need = {p: sum(weight * part[p] / sum(part.values()) for weight, part in parts) for p in base}
        if settings["area_costs"]:
            need = {p: need[p] * area[p] for p in base}
        found[year] = {p: row["money"] * need[p] / sum(need.values()) for p in base}
    return found


# --- the page -------------------------------------------------------------------------------------------------------


def classes_on_the_page(run, table):
    columns = list(zip(*(map(int, row[1:]) for row in table[1:]), strict=True))
    assert [list(column) for column in columns] == classes(run)


def uses_on_the_page(run, table):
    shown = {row[0]: [figure(cell) for cell in row[1:]] for row in table[1:-1]}
    for name, by_year in uses(run).items():
        assert shown[name] == pytest.approx([amount / 1e6 for amount in by_year], abs=0.0501)


def advisers_on_the_page(run, table):
    rows = read_csv(run, "advisers")
    assert figure(table[1][1]) == pytest.approx(total(read_input(run, "workforce"), "fte"), abs=0.051)
    for shown in table[2:]:
        for cell, column in zip(shown[1:6], ("fte", "recruits", "turnover", "redundancies", "training"), strict=True):
            assert figure(cell) == pytest.approx(total(rows, column, year=shown[0]), abs=0.051)


def worth_on_the_page(run, table):
    prices = of_json(run, "worth.json")["prices"]
    assert len(table) - 1 == len(prices)
    for shown, price in zip(table[1:], prices, strict=True):
        assert (price["year"] or "every year") in shown[0]
        for cell, side in ((shown[2], "more"), (shown[3], "less")):
            assert figure(cell) == pytest.approx(price[side]["goal"], abs=0.0501)
        assert figure(shown[4]) == pytest.approx(100 * price["used"] / price["limit"], abs=0.51)


def costs_on_the_page(run, table):
    scenario = str(run.parent / "mine" / "scenario.toml")
    goal = api.load(run).recomputed.goal
    for shown in table[1:3]:
        without = api.solve(scenario, [f'rules.off=["{shown[0]}"]']).recomputed.goal
        assert figure(shown[1]) == pytest.approx(without - goal, abs=0.0501)
    amounts = [figure(row[1]) for row in table[1:]]
    assert amounts == sorted(amounts, reverse=True)


def binding_on_the_page(run, table):
    rows = read_csv(run, "rules")
    bind, every = {}, {}
    for row in rows:
        every[row["rule"]] = every.get(row["rule"], 0) + 1
        right = float(row["right"])
        if row["sense"].lstrip("'") != "=" and right and float(row["slack"]) <= NOTHING * max(1.0, abs(right)):
            bind[row["rule"]] = bind.get(row["rule"], 0) + 1
    assert {row[0]: (int(row[1]), int(row[2])) for row in table[1:]} == {
        rule: (count, every[rule]) for rule, count in bind.items()
    }


def soft_on_the_page(run, table):
    rules, names = read_csv(run, "rules"), {**names_of(run), "": "the country"}
    for shown in table[1:]:
        row = next(
            row
            for row in rules
            if row["rule"] == shown[0] and names[row["partnership"]] == shown[1] and row["year"] == shown[2]
        )
        assert figure(shown[3]) == round(float(row["right"]))
        assert figure(shown[4]) == round(float(row["left"]))


def distance_on_the_page(run, table):
    grants = read_csv(run, "grants")
    for shown, (year, formula) in zip(table[1:], formula_grants(run).items(), strict=True):
        apart = {p: abs(total(grants, "grant", partnership=p, year=year) - formula[p]) for p in formula}
        assert shown[0] == year
        assert figure(shown[1].removesuffix("k")) == pytest.approx(sum(apart.values()) / 2 / 1e3, abs=0.51)
        assert figure(shown[2]) == pytest.approx(50 * sum(apart.values()) / sum(formula.values()), abs=0.051)
        assert int(shown[3]) == sum(apart[p] <= 0.05 * formula[p] for p in formula)


def furthest_on_the_page(run, table):
    grants, names, formula = read_csv(run, "grants"), names_of(run), formula_grants(run)
    apart = {names[p]: total(grants, "grant", partnership=p) - sum(f[p] for f in formula.values()) for p in names}
    assert [row[0] for row in table[1:]] == sorted(apart, key=lambda name: -abs(apart[name]))[:5]
    for row in table[1:]:
        assert figure(row[3]) == pytest.approx(apart[row[0]] / 1e6, abs=0.0101)
        assert figure(row[1]) - figure(row[2]) == pytest.approx(figure(row[3]))


def sources_on_the_page(run, table):
    rows = read_input(run, "sources")
    assert [row[0] for row in table[1:]] == [f"{row['table']}.{row['column']}" for row in rows]
    assert [row[3] for row in table[1:]] == [row["status"] for row in rows]
    shown = {row[0]: row[2] for row in table[1:]}
    grants = [float(row["baseline_grant"]) for row in read_input(run, "partnerships")]
    assert shown["partnerships.baseline_grant"] == f"{min(grants):,.0f} to {max(grants):,.0f}"


ON_THE_PAGE = {
    "classes": classes_on_the_page,
    "uses": uses_on_the_page,
    "advisers": advisers_on_the_page,
    "worth": worth_on_the_page,
    "costs": costs_on_the_page,
    "binding-rules": binding_on_the_page,
    "soft": soft_on_the_page,
    "distance": distance_on_the_page,
    "furthest": furthest_on_the_page,
    "sources": sources_on_the_page,
}


def test_every_table_of_the_page_is_read_back(written):
    assert set(read_page(written.page).tables) == {*ON_THE_PAGE, *ELSEWHERE}


@pytest.mark.parametrize("table", ON_THE_PAGE)
def test_a_table_of_the_page_has_the_runs_figures(written, table):
    ON_THE_PAGE[table](written.run, read_page(written.page).tables[table])


# --- statements -----------------------------------------------------------------------------------------------------


def test_every_table_of_a_statement_has_the_runs_figures(written):
    run, names = written.run, names_of(written.run)
    grants, advisers, people = read_csv(run, "grants"), read_csv(run, "advisers"), read_input(run, "young_people")
    reductions, partnerships = read_csv(run, "reductions"), read_input(run, "partnerships")
    index = {row["year"]: float(row["price_index"]) for row in read_input(run, "years")}
    grades = {row["name"]: row["grade"] for row in read_input(run, "grades")}
    years = years_of(run)
    for key, name in names.items():
        tables = read_page(written.statements / f"{key}.html").tables
        assert set(tables) == {
            *("get-table", "posts", "guaranteed", "taken-table", "neighbours-table"),
            *STATEMENT_ELSEWHERE,
        }
        for shown, year in zip(tables["get-table"][1:], years, strict=True):
            one = {"partnership": key, "year": year}
            grant, last = total(grants, "grant_rounded", **one), total(grants, "last_year", **one)
            assert figure(shown[2]) == pytest.approx(grant - last, abs=1)
            assert figure(shown[3]) == pytest.approx(100 * (grant / last - 1), abs=0.051)
            assert figure(shown[5]) == pytest.approx(grant - total(grants, "shares_as_before", **one), abs=0.51)
            assert figure(shown[6]) == pytest.approx(grant / index[year], abs=0.51)
            assert figure(shown[7]) == pytest.approx(total(advisers, "fte", **one), abs=0.051)
            assert figure(shown[8]) == pytest.approx(total(reductions, "reduction", **one), abs=0.51)
        for shown in tables["posts"][1:]:
            for cell, year in zip(shown[2:], years, strict=True):
                fte = total(advisers, "fte", partnership=key, year=year, grade=grades[shown[0]])
                assert figure(cell) == pytest.approx(fte, abs=0.051)
        for shown, promise in zip(tables["guaranteed"][1:], read_input(run, "guarantees"), strict=True):
            one = {"partnership": key, "year": promise["year"], "client_group": promise["client_group"]}
            served = sum(
                total(read_csv(run, "places"), "places", intervention=intervention, **one)
                for intervention in promise["interventions"].split("+")
            )
            assert figure(shown[2]) == pytest.approx(served, abs=0.51)
            due = float(promise["min_share"]) * total(people, "young_people", **one)
            assert figure(shown[3]) == pytest.approx(due, abs=0.51)
        taken = {row[0]: row[1] for row in tables["taken-table"][1:]}
        neet = [f"{total(people, 'neet', partnership=key, year=year):,.0f} in {year}" for year in years]
        assert taken["NEET without the programme"] == " and ".join(neet)
        assert taken["fixed costs"] == f"£{total(partnerships, 'fixed_cost', partnership=key):,.0f} a year"
        for shown in tables["neighbours-table"][1:]:
            other = next(p for p, called in names.items() if called == shown[0].removesuffix(" (you)"))
            all_neet = total(people, "neet", partnership=other)
            granted = total(grants, "grant_rounded", partnership=other)
            assert figure(shown[2]) == pytest.approx(
                100 * all_neet / total(people, "young_people", partnership=other), abs=0.051
            )
            assert figure(shown[3]) == pytest.approx(granted / all_neet, abs=0.51)
        assert f"{name} (you)" in {row[0] for row in tables["neighbours-table"]}


# --- the workbook ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(written):
    return openpyxl.load_workbook(written.workbook, data_only=True)


def body_of(sheet):
    return [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[0] not in (None, "Total")]


def test_every_sheet_is_read_back(book):
    read = {
        *("What it achieves", "Money", "Uses", "Next pound", "Advisers", "Places", "Reductions", "Gainers and losers"),
        *("Calculator", "Assumptions"),
    }
    assert set(book.sheetnames) == read | SHEETS_ELSEWHERE


def test_the_sheets_by_year_have_the_runs_figures(written, book):
    run, summary = written.run, {row["year"]: row for row in of_json(written.run, "summary.json")["years"]}
    for row in body_of(book["What it achieves"]):
        assert row[1:4] == pytest.approx(
            (
                summary[row[0]]["neet_without"],
                summary[row[0]]["reduction"],
                summary[row[0]]["reduction"] / summary[row[0]]["neet_without"],
            )
        )
    money = read_csv(run, "money")
    for row in body_of(book["Money"]):
        parts = [total(money, column, year=row[0]) for column in ("grant", "spent", "carried", "lapsed")]
        assert row[1:6] == pytest.approx((summary[row[0]]["money"], *parts), abs=1e-3)
    assert {row[0]: list(row[1:]) for row in body_of(book["Uses"])} == {
        name: pytest.approx(by_year) for name, by_year in uses(run).items()
    }
    assert [list(column) for column in zip(*(row[1:] for row in body_of(book["Gainers and losers"])), strict=True)] == (
        classes(run)
    )


def test_the_sheets_by_partnership_have_the_runs_figures(written, book):
    run, names = written.run, names_of(written.run)
    columns = ("fte", "recruits", "redundancies", "training", "turnover")
    advisers = {
        (names[r["partnership"]], r["year"], r["grade"]): tuple(float(r[column]) for column in columns)
        for r in read_csv(run, "advisers")
    }
    shown = {row[:3]: row[3:8] for row in body_of(book["Advisers"])}
    assert shown.keys() == advisers.keys()
    for key, numbers in advisers.items():
        assert shown[key] == pytest.approx(numbers)
    interventions = {r["intervention"]: r["name"] for r in read_input(run, "interventions")}
    places = {}
    for r in read_csv(run, "places"):
        key = names[r["partnership"]], r["year"], interventions[r["intervention"]], r["client_group"]
        places[key] = places.get(key, 0.0) + float(r["places"])
    shown = {row[:4]: row[4] for row in body_of(book["Places"])}
    assert shown == pytest.approx({key: served for key, served in places.items() if served > 1e-6})
    reductions = {(names[r["partnership"]], r["year"]): r for r in read_csv(run, "reductions")}
    for row in body_of(book["Reductions"]):
        of = reductions[row[0], row[1]]
        assert row[2:5] == pytest.approx(tuple(float(of[c]) for c in ("neet_without", "reduction", "share")))


def test_prices_and_assumptions_of_the_workbook_are_the_runs(written, book):
    prices = of_json(written.run, "worth.json")["prices"]
    shown = [(row[3], row[4], row[5], row[6]) for row in body_of(book["Next pound"])]
    told = [(p["more"]["goal"], p["less"]["goal"], p["used"], p["limit"]) for p in prices]
    assert shown == [pytest.approx(one) for one in told]
    rows = read_input(written.run, "sources")
    assert [(row[0], row[3]) for row in body_of(book["Assumptions"])] == [
        (f"{row['table']}.{row['column']}", row["status"]) for row in rows
    ]


def test_the_calculator_gives_the_needs_formulas_grants(written, book):
    names, formula = names_of(written.run), list(formula_grants(written.run).values())[-1]
    sheet, found = book["Calculator"], {}
    for row in sheet.iter_rows(min_row=11, values_only=True):
        if row[0] in names.values():
            found[row[0]] = row[6]
    assert found == pytest.approx({names[p]: grant for p, grant in formula.items()})
