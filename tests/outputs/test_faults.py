"""Faults, refusals and "no plan", as text and as JSON."""

import pytest

from allocator.analyses.check.face import report_lines
from allocator.analyses.check.report import Report
from allocator.errors import ConflictTerm, InvalidInput, NoPlan, Repair, RunError, SolverError, UsageError
from allocator.faults import Fault
from allocator.outputs.faults import error_result, fault_lines, no_plan_lines
from allocator.tables.sources import InputStatus

UNKNOWN = Fault(
    "unknown-name",
    "effects.csv",
    "14",
    "client_group",
    "'atrisk'",
    "a client group of young_people.csv",
    "Did you mean 'at_risk'?",
)
WIDTHS = Fault("widths", "returns.csv", "23–25", "width", "0.95 for mentoring", "widths that add up to 1", "")
THOUSANDS = Fault(
    "looks-like-thousands", "years.csv", "3", "budget", "457,800 looks like thousands", "", "Give pounds.", "warning"
)
NOTE = Fault("unused-channel", "capacities.csv", "2", "channel", "a channel nobody uses", "", "", "note")


def report(faults=(), remarks=(), inputs=None):
    return Report("mine.toml", "tables", tuple(faults), tuple(remarks), ("effects", "returns", "years"), 1150, inputs)


def plain(lines):
    return [line.plain for line in lines]


def test_a_fault_is_a_place_and_a_sentence():
    assert plain(fault_lines([UNKNOWN, WIDTHS], 100)) == [
        "1  unknown-name  effects.csv, row 14, column client_group",
        "   found 'atrisk', wanted a client group of young_people.csv. Did you mean 'at_risk'?",
        "2  widths        returns.csv, rows 23–25, column width",
        "   found 0.95 for mentoring, wanted widths that add up to 1.",
    ]


def test_the_eleventh_of_a_code_becomes_a_count():
    faults = [UNKNOWN] * 13 + [WIDTHS]
    shown = plain(fault_lines(faults, 100))
    assert sum("unknown-name  effects.csv" in line for line in shown) == 10
    assert sum("returns.csv" in line for line in shown) == 1
    assert shown[-1].strip() == "and 3 more of unknown-name; --json gives all."
    assert len(plain(fault_lines(faults, 100, every=True))) == 28


def test_the_closing_line_says_what_was_looked_at():
    closing = plain(report_lines(report([UNKNOWN, WIDTHS], [THOUSANDS]), 100))[-1]
    assert closing == "2 faults, 1 warning in 3 tables, 1,150 rows and the scenario; 1 table has no fault."


def test_warnings_and_notes_stand_between_the_faults_and_the_closing_line():
    shown = plain(report_lines(report([UNKNOWN], [THOUSANDS, NOTE]), 100))
    assert shown[2].startswith("Warning: years.csv, row 3, column budget: 457,800 looks like thousands.")
    assert shown[3].startswith("Note: capacities.csv, row 2")


def test_a_clean_check_ends_with_what_is_assumed():
    inputs = InputStatus(("a.b", "a.c", "a.d"), ("a.e",), ())
    shown = plain(report_lines(report(inputs=inputs), 100))
    assert shown == [
        "No fault in 3 tables, 1,150 rows and the scenario.",
        "Of 4 kinds of input 3 are assumed in whole or in part (75 %), 1 derived and 0 published.",
    ]


def test_a_fault_is_in_a_sheet_as_in_a_file():
    sheet = Fault("widths", "mine.xlsx, sheet returns", "3", "width", "1", "2", "")
    assert report([sheet]).tables_without_fault == 2


def test_json_of_a_report():
    record = report([UNKNOWN], [THOUSANDS]).to_dict()
    assert record["status"] == "invalid"
    assert [fault["code"] for fault in record["faults"]] == ["unknown-name"]
    keys = {"code", "table", "row", "column", "found", "wanted", "fix"}
    assert keys <= set(record["faults"][0])
    assert [remark["severity"] for remark in record["remarks"]] == ["warning"]
    assert report().status == "valid"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (InvalidInput((UNKNOWN,), in_scenario=True), "invalid", "unknown-name"),
        (UsageError("mine.toml", "no such file", "a file", "Look again."), "invalid", "usage"),
        (RunError("runs/a", "it is there"), "invalid", "run"),
        (SolverError("goal", "out of time"), "unsolved", "solver"),
    ],
)
def test_json_of_an_error(error, status, code):
    record = error_result(error).to_dict()
    assert record["status"] == status
    assert [fault["code"] for fault in record["faults"]] == [code]
    assert set(record["faults"][0]) >= {"code", "table", "row", "column", "found", "wanted", "fix"}


CONFLICT = (
    ConflictTerm(
        rule="floor",
        place="47 partnerships, 2004-05",
        amount=455_533_857.0,
        unit="£",
        asked=True,
        said="47 floors add up to",
        year="2004-05",
    ),
    ConflictTerm(
        rule="national",
        place="2004-05",
        amount=446_600_000.0,
        unit="£",
        asked=False,
        said="the money is",
        year="2004-05",
    ),
)
REPAIRS = (
    Repair("grants.floor", 1.02, 0.9999, 87_116.0, ""),
    Repair("rules.off", [], ["floor"], 87_361.0, ""),
)


def test_no_plan_as_json():
    error = NoPlan("rules", "no plan keeps all the rules", conflict=CONFLICT, repairs=REPAIRS)
    record = error_result(error).to_dict()
    assert record["status"] == "infeasible"
    assert record["conflict"][0] == {
        "rule": "floor",
        "place": "47 partnerships, 2004-05",
        "amount": 455_533_857.0,
        "unit": "£",
        "asked": True,
        "said": "47 floors add up to",
        "year": "2004-05",
        "bound": False,
    }
    assert record["repairs"][1] == {
        "setting": "rules.off",
        "from": [],
        "to": ["floor"],
        "goal": 87_361.0,
        "measure": "",
    }


def test_no_plan_names_the_stage_the_rules_and_repairs_to_paste():
    error = NoPlan("2005-06", "no plan keeps all the rules", conflict=CONFLICT, repairs=REPAIRS)
    shown = "\n".join(plain(no_plan_lines(error, 100)))
    assert "2005-06" in shown.splitlines()[0]
    assert "£455,533,857" in shown
    assert "£8,933,857" in shown  # what is asked less what there is
    assert "--set grants.floor=0.9999" in shown
    assert """--set 'rules.off=["floor"]'""" in shown
    assert "[grants]  floor = 0.9999" in shown
    assert "Nothing was written." in shown


def test_what_the_heading_says_is_not_said_again():
    error = NoPlan("rules", "no plan keeps all the rules", fix="Which rules cannot hold together was not found.")
    shown = "\n".join(plain(no_plan_lines(error, 100)))
    assert shown.count("No plan keeps all the rules") == 1
    assert "was not found" in shown


@pytest.mark.parametrize("width", [80, 100])
def test_no_plan_says_what_a_repair_does_at_every_width(width):
    budget = Repair('budget.by_year."2004-05"', 446_600_000, 455_533_858, 87_468.0, "")
    error = NoPlan("rules", "no plan keeps all the rules", conflict=CONFLICT, repairs=(*REPAIRS, budget))
    shown = [line.rstrip() for line in plain(no_plan_lines(error, width))]
    assert max(map(len, shown)) <= width
    assert any("floor down by 2.01 points" in line for line in shown)
    assert any("£8,933,858 more in 2004-05" in line for line in shown)
    assert any(line.endswith("87,116") for line in shown)


def test_a_repair_far_from_what_was_written_is_told_as_it_stands():
    repairs = (
        Repair("grants.floor", 90.0, 0.9999, 1.0, ""),
        Repair("budget.scale", 1.0, 950.0, 1.0, ""),
    )
    shown = "\n".join(plain(no_plan_lines(NoPlan("rules", "", conflict=CONFLICT, repairs=repairs), 100)))
    assert "floor 0.9999 instead of 90" in shown
    assert "950.00 times as much in every year" in shown
