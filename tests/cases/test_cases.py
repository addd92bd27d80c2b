"""Small inputs as people save them: each is refused, asked about or read right, and the cause comes first."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from allocator import api
from allocator.analyses.check.report import check_scenario
from allocator.cli.app import app

HERE = Path(__file__).parent
SOUND = 1035  # young person-years of the best plan where nothing is wrong


def told(scenario, overrides=()):
    """Severity, code, table, row and column of everything that a look finds."""
    report = check_scenario(HERE / scenario, overrides)
    return [(one.severity, one.code, one.table, one.row, one.column) for one in (*report.faults, *report.remarks)]


def reached(scenario):
    """Young person-years of the best plan."""
    plan = api.solve(HERE / scenario)
    return round(plan.summary().goal.value)


@pytest.mark.parametrize(
    ("scenario", "places"),
    [
        ("01/scenario.toml", {("tables.ods, sheet interventions", "2")}),
        ("01/formula.toml", {("formula.ods, sheet interventions", "2")}),
        ("01/rows.toml", {("rows.ods, sheet targets", "3"), ("rows.ods, sheet capacities", "3")}),
    ],
)
def test_an_error_in_an_opendocument_cell_is_no_blank(scenario, places):
    found = told(scenario)
    assert {code for _, code, *_ in found} == {"error-cell"}
    assert {(table, row) for _, _, table, row, _ in found} == places


def test_a_sound_opendocument_workbook_is_read_as_it_is():
    assert told("01/sound.toml") == []


def test_a_label_written_in_two_ways_is_a_fault_that_names_both():
    report = check_scenario(HERE / "03" / "scenario.toml")
    (fault,) = report.faults
    assert (fault.code, fault.table, fault.row, fault.column) == ("near-twin", "partnerships.csv", "5", "region")
    assert "no-break space" in fault.found
    assert "row 4" in fault.found
    labels = told("03/labels/scenario.toml")
    assert [(code, column) for _, code, _, _, column in labels] == [
        ("near-twin", "channel"),
        ("near-twin", "exclusive_set"),
    ]


@pytest.mark.parametrize(
    ("file", "code", "line", "write"),
    [
        ("bom.toml", None, "", ""),
        ("smart.toml", "scenario-syntax", "1", 'title = "tiny"'),
        ("backslash.toml", "scenario-syntax", "2", r"'C:\Users\me\data'"),
        ("utf16.toml", "scenario-encoding", "1", "UTF-8"),
    ],
)
def test_a_scenario_as_windows_saves_it_is_taken_or_told_what_to_type(file, code, line, write):
    faults = check_scenario(HERE / "06" / file).faults
    if code is None:
        assert faults == ()
    else:
        assert (faults[0].code, faults[0].row) == (code, line)
        assert write in faults[0].fix


def test_a_separator_line_above_the_headings_is_read():
    assert told("19/scenario.toml") == []


def test_what_is_hidden_counts_and_is_said():
    assert told("20/hidden.toml") == [
        ("note", "hidden", "hidden.xlsx, sheet capacities", "", ""),
        ("note", "hidden", "hidden.xlsx, sheet capacities", "3", ""),
    ]


def test_a_comma_that_can_be_read_in_two_ways_is_refused_with_both():
    faults = check_scenario(HERE / "22" / "scenario.toml").faults
    assert [(one.code, one.table, one.row) for one in faults] == [
        ("decimal-comma", "partnerships.csv", "3"),
        ("decimal-comma", "years.csv", "3"),
    ]
    assert "1025" in faults[1].fix
    assert "1.025" in faults[1].fix


def test_grants_by_name_are_taken():
    score = api.score(HERE / "23" / "scenario.toml", HERE / "23" / "names.csv")
    assert round(score.goal) == SOUND


@pytest.mark.parametrize(("file", "code"), [("thousands.csv", "looks-like-thousands"), ("total.csv", "total-row")])
def test_a_unit_or_a_total_in_brought_grants_is_said_first(file, code):
    seen = []
    scenario, grants = HERE / "23" / "scenario.toml", HERE / "23" / file
    api.score(scenario, grants, warn=lambda found: seen.extend(one.code for one in found))
    assert seen == [code]
    said = CliRunner().invoke(app, ["score", str(scenario), str(grants)])
    assert said.stderr.startswith(f"Warning: {file}")


def test_years_taken_for_dates_are_one_fault_that_says_how_to_get_back():
    (fault,) = check_scenario(HERE / "24" / "scenario.toml").faults
    assert (fault.code, fault.table, fault.row, fault.column) == ("date-cell", "years.csv", "2", "year")
    assert "2004-05" in fault.fix
    assert "young_people.csv" in fault.found


def test_a_lag_that_can_never_count_is_noted():
    assert [(severity, code) for severity, code, *_ in told("35/scenario.toml")] == [("note", "never-counts")]
    assert told("35/scenario.toml", ["goal.tail_years=12"]) == []


@pytest.mark.parametrize(
    "overrides",
    [["grants.floor=1.1", "grants.cap=1.05"], ["local.min_reduction=0.95", "local.max_reduction=0.9"]],
)
def test_a_limit_from_below_above_the_one_from_above_is_named_with_it(overrides):
    (found,) = told("19/scenario.toml", overrides)
    assert found[:2] == ("warning", "contradiction")
    rule = "floor" if "floor" in overrides[0] else "local_minimum"
    assert told("19/scenario.toml", [*overrides, f'rules.off=["{rule}"]']) == []


@pytest.mark.parametrize("scenario", ["19/scenario.toml", "01/sound.toml", "06/bom.toml"])
def test_the_best_plan_is_that_of_the_sound_data(scenario):
    assert reached(scenario) == SOUND
