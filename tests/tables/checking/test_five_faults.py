"""The reference data are clean; four faults and a warning put into a copy are found at once, each at its place."""

from allocator.tables.checking.all_checks import check_tables
from tests.helpers.paper_tables import CONNEXIONS, copy_of_connexions, edit, said


def put(row, column, cell):
    def change(rows):
        rows[row - 1][rows[0].index(column)] = cell

    return change


def test_the_reference_data_have_no_fault():
    checked = check_tables(CONNEXIONS, {})
    assert checked.faults == ()
    assert len(checked.tables_read) == 14
    assert checked.rows_read == sum(
        len(file.read_text(encoding="utf-8").splitlines()) - 1 for file in CONNEXIONS.glob("*.csv")
    )


def test_all_faults_of_a_damaged_copy_are_found_at_once(tmp_path):
    folder = copy_of_connexions(tmp_path)
    rows = {}
    edit(folder, "young_people", lambda lines: rows.update(young_people=lines[230]))
    people = float(rows["young_people"][3])
    edit(folder, "effects", put(14, "client_group", "atrisk"))
    edit(folder, "young_people", put(231, "neet", f"{people + 18:g}"))
    edit(folder, "returns", put(25, "width", "0.25"))
    edit(folder, "workforce", lambda lines: lines.append(list(lines[61])))
    edit(folder, "years", put(3, "budget", "457800"))
    checked = check_tables(folder, {})
    assert checked.data is None
    assert said(checked.faults) == [
        ("fault", "neet-over-people", "young_people.csv", "231", "neet"),
        ("fault", "unknown-name", "effects.csv", "14", "client_group"),
        ("fault", "widths", "returns.csv", "23–25", "width"),
        ("fault", "duplicate-key", "workforce.csv", "62 and 143", ""),
        ("warning", "looks-like-thousands", "years.csv", "3", "budget"),
    ]
    by_code = {fault.code: fault for fault in checked.faults}
    assert by_code["unknown-name"].place == "effects.csv, row 14, column client_group"
    assert by_code["unknown-name"].found == "'atrisk'"
    assert by_code["unknown-name"].fix == "Did you mean 'at_risk'?"
    assert by_code["widths"].place == "returns.csv, rows 23–25, column width"
    assert "0.95" in by_code["widths"].found
    assert "0.05" in by_code["widths"].fix
    assert "row 143" in by_code["duplicate-key"].fix
    assert f"{people + 18:,.0f}" in by_code["neet-over-people"].found
    assert f"{people:,.0f}" in by_code["neet-over-people"].wanted


def test_a_fault_as_json_has_the_documented_keys(tmp_path):
    folder = copy_of_connexions(tmp_path)
    edit(folder, "effects", put(14, "client_group", "atrisk"))
    (fault,) = check_tables(folder, {}).faults
    assert fault.to_dict() == {
        "code": "unknown-name",
        "table": "effects.csv",
        "row": "14",
        "column": "client_group",
        "found": "'atrisk'",
        "wanted": "a client group of young_people.csv",
        "fix": "Did you mean 'at_risk'?",
        "severity": "fault",
    }
