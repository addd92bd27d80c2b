"""Tables and scenario are checked together, and each other's faults hide none."""

import pytest

from allocator.analyses.check.report import check_scenario
from allocator.errors import UsageError
from tests.helpers.builders import row, tiny_tables, write_tables


def scenario(folder, text, **tables):
    write_tables(folder / "tables", tiny_tables(**tables))
    file = folder / "mine.toml"
    file.write_text(f'title = "Mine"\ndata = "tables"\n{text}', encoding="utf-8")
    return file


def codes(report):
    return [fault.code for fault in report.faults]


def test_what_is_sound_has_no_fault(tmp_path):
    report = check_scenario(scenario(tmp_path, ""))
    assert report.faults == ()
    assert report.tables == (
        "partnerships",
        "young_people",
        "interventions",
        "effects",
        "grades",
        "workforce",
        "years",
    )
    # 2 partnerships, 8 of young people, 2 interventions, 2 effects, 2 grades, 4 of workforce, 2 years
    assert report.rows == 22
    assert report.tables_without_fault == 7


def test_faults_of_the_tables_come_before_those_of_the_scenario(tmp_path):
    tables = tiny_tables()
    row(tables, "effects", intervention="coaching")["client_group"] = "neeet"
    report = check_scenario(scenario(tmp_path, "[grants]\nflor = 0.9\n", effects=tables["effects"]))
    assert codes(report) == ["unknown-name", "unknown-setting"]
    assert report.tables_without_fault == 6
    assert report.inputs is None


def test_names_in_the_scenario_are_checked_against_sound_tables(tmp_path):
    report = check_scenario(scenario(tmp_path, "[goal.weights]\nnorht = 2.0\n"))
    (fault,) = report.faults
    assert fault.code == "unknown-name"
    assert "north" in fault.fix


def test_a_table_read_from_elsewhere_is_checked_too(tmp_path):
    file = scenario(tmp_path, '[tables]\nyears = "other.csv"\n[grants]\nflor = 0.9\n')
    (tmp_path / "other.csv").write_text("year,budget\n", encoding="utf-8")
    found = {(fault.table, fault.code) for fault in check_scenario(file).faults}
    assert ("mine.toml", "unknown-setting") in found
    assert {table for table, _ in found} == {"mine.toml", "other.csv"}


@pytest.mark.parametrize("text", ["[grants\n", "[grants]\nfloor = \n"])
def test_a_scenario_that_is_no_toml_is_reported_alone(tmp_path, text):
    report = check_scenario(scenario(tmp_path, text))
    assert codes(report) == ["scenario-syntax"]
    assert report.tables == ()


def test_tables_that_are_not_there_are_a_fault_of_the_scenario(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('title = "Mine"\ndata = "nowhere"\n', encoding="utf-8")
    assert codes(check_scenario(file)) == ["setting-file"]


def test_a_scenario_that_is_not_there_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError):
        check_scenario(tmp_path / "nothing.toml")


def test_the_default_scenario_is_sound_and_says_what_is_assumed():
    report = check_scenario("settlement")
    assert report.faults == ()
    assert report.inputs is not None
    assert "effects.effect" in report.inputs.assumed
    assert "partnerships.name" in report.inputs.published
