"""Why money is unspent and why nothing moves, by hand (tests/builders.py has the two partnerships)."""

from dataclasses import replace

import pytest

from allocator.analyses.solve.beside_the_plan import reasons_of
from allocator.analyses.solve.face_of_worth import ended_by, sentences, spared, still, worth_lines
from allocator.solving.settlement import solve_data
from tests.helpers.builders import make_plan, row, tiny_data, tiny_scenario, tiny_tables


def poor_year(**changes):
    """2004-05 alone, £40,000 in all and no advisers at the start: a place of coaching costs £410, of group work £31."""
    tables = tiny_tables(workforce={"fte": 0}, **changes)
    for table in ("young_people", "years"):
        tables[table] = [line for line in tables[table] if line["year"] == "2004-05"]
    row(tables, "years", year="2004-05")["budget"] = 40_000
    return tables


def plan(folder, tables, settings):
    d = tiny_data(folder, tables)
    scenario = tiny_scenario(folder, settings)
    solution, plans = solve_data(d, scenario.settings)
    made = make_plan(scenario, d, solution)
    return made, reasons_of(d, scenario.settings, plans, made.recomputed)


def test_full_channels_are_why_money_is_given_back(tmp_path):
    # north has 60 %, £24,000, less £10,000 fixed. Ten places of coaching cost 4,100, group work for half of 400 6,200:
    # 3,700 are left. Without the limit on the centre coaching for half of 100 would take all.
    places = [
        {"partnership": name, "channel": "centre", "year": "2004-05", "places": 10} for name in ("north", "south")
    ]
    made, found = plan(tmp_path, poor_year(capacities=places), '[grants]\ndistribution = "historical"\n')
    (why,) = found.why
    assert (why.kind, why.rule) == ("lapsed", "channel")
    assert why.amount == pytest.approx(3_700, abs=0.5)
    assert float(made.figures.lapse.sum()) == pytest.approx(3_700, abs=0.5)
    assert why.left == 0


def test_damping_is_why_nothing_moves(tmp_path):
    # a pound reaches twice as much in north, but no grant may rise or fall from 24,000 and 16,000
    tables = poor_year()
    row(tables, "partnerships", partnership="north").update(effect_multiplier=2, baseline_grant=24_000)
    row(tables, "partnerships", partnership="south")["baseline_grant"] = 16_000
    _, found = plan(tmp_path, tables, "[grants]\nmax_rise = 0\nmax_fall = 0\n")
    assert [(why.kind, why.rule) for why in found.why] == [("nothing_moves", "damping")]


def test_there_is_no_reason_for_what_does_not_arise(tmp_path):
    tables = poor_year()
    row(tables, "partnerships", partnership="north")["effect_multiplier"] = 2
    _, found = plan(tmp_path, tables, "")
    assert found.why == ()
    assert found.of("lapsed") is None


def test_the_reasons_are_said(tmp_path):
    places = [
        {"partnership": name, "channel": "centre", "year": "2004-05", "places": 10} for name in ("north", "south")
    ]
    made, found = plan(tmp_path, poor_year(capacities=places), '[grants]\ndistribution = "historical"\n')
    asked = replace(made, reasons=found)
    assert "channel" in ended_by(asked, "lapsed", "given back")
    assert ended_by(asked, "carried", "carried") == ""
    assert still(asked) == []
    assert spared(found.worth, short=False) == ""  # nobody is made redundant
    table = "\n".join(line.plain for line in worth_lines(asked, None, 100))
    assert "money of 2004-05" in table
    assert "20" in " ".join(sentences(found.worth))  # of 20 posts few are used: the zero is explained
