from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocator.errors import InvalidInput
from allocator.faults import Fault
from allocator.scenario.distributions import read_given
from allocator.tables.dataset import DataSet
from tests.helpers.builders import tiny_data

GOOD = "partnership,year,grant\nnorth,2004-05,120000\nnorth,2005-06,110000.5\nsouth,2004-05,0\nsouth,2005-06,90000\n"


@pytest.fixture
def data(tmp_path: Path) -> DataSet:
    return tiny_data(tmp_path)


def faults_of(folder: Path, data: DataSet, text: str | bytes) -> list[tuple[str, str, str]]:
    file = folder / "grants.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InvalidInput) as refused:
        read_given(file, data)
    assert refused.value.exit_status == 1
    assert all(fault.table == "grants.csv" for fault in refused.value.faults)
    return [(fault.code, fault.row, fault.column) for fault in refused.value.faults]


@pytest.mark.parametrize("text", [GOOD, "\ufeff" + GOOD.replace("\n", "\r\n"), GOOD.replace(",", ";")])
def test_grants_are_read_by_name(tmp_path: Path, data: DataSet, text: str) -> None:
    file = tmp_path / "grants.csv"
    file.write_bytes(text.encode())
    assert read_given(file, data).tolist() == [[120_000, 110_000.5], [0, 90_000]]


def test_neither_the_order_of_rows_nor_of_columns_matters(tmp_path: Path, data: DataSet) -> None:
    file = tmp_path / "grants.csv"
    rows = ["90000,2005-06,south", "0,2004-05,south", "110000.5,2005-06,north", "120000,2004-05,north"]
    file.write_text("\n".join(["grant,year,partnership", *rows, ""]))
    assert read_given(file, data).tolist() == [[120_000, 110_000.5], [0, 90_000]]


def test_all_faults_are_found_at_once(tmp_path: Path, data: DataSet) -> None:
    text = (
        "partnership,year,grant\nnorht,2004-05,1\nnorth,2004-05,1\nnorth,2004-05,2\nsouth,2004,1\n"
        "south,2005-06,-1\nsouth,2004-05,much\nnorth,2005-06\n"
    )
    assert faults_of(tmp_path, data, text) == [
        ("unknown-name", "2", "partnership"),
        ("duplicate-key", "3 and 4", ""),
        ("unknown-name", "5", "year"),
        ("negative-money", "6", "grant"),
        ("not-a-number", "7", "grant"),
        ("ragged-row", "8", ""),
    ]


def test_a_ragged_row_is_not_missing_as_well(tmp_path: Path, data: DataSet) -> None:
    text = GOOD.replace("2005-06,110000.5", "2005-06,110000.5,x")
    assert text.count(",x") == 1
    assert faults_of(tmp_path, data, text) == [("ragged-row", "3", "")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-table"),
        ("partnership,year\n", "missing-column"),
        (b"\xff\xfe", "encoding"),
        (b"partnership,year,grant\nnorth,caf\xe9,1", "encoding"),
        ('partnership,year,grant\n"north,2004-05,1', "broken-csv"),
        ("partnership,year,grant\n" + "x" * 2000, "ragged-row"),
        ("partnership,year,grant\n", "missing-row"),
    ],
)
def test_a_file_that_is_no_table_of_grants_is_refused(
    tmp_path: Path, data: DataSet, text: str | bytes, code: str
) -> None:
    assert {found for found, _, _ in faults_of(tmp_path, data, text)} == {code}


@pytest.mark.parametrize("header", ["partnership,name,year,grant,change", "name,grant,change,year,partnership"])
def test_columns_beside_the_three_are_not_read(tmp_path: Path, data: DataSet, header: str) -> None:
    cells = {"name": "North, upper", "change": "n/a"}
    lines = [",".join(f'"{title}"' for title in header.split(","))]
    for partnership in data.partnerships:
        for year, grant in zip(data.years, (1, 2), strict=True):
            row = {**cells, "partnership": partnership, "year": year, "grant": str(grant)}
            lines.append(",".join(f'"{row[title]}"' for title in header.split(",")))
    (tmp_path / "grants.csv").write_text("\n".join(lines))
    assert read_given(tmp_path / "grants.csv", data).tolist() == [[1, 2], [1, 2]]


def test_a_column_that_is_named_otherwise_is_to_be_renamed(tmp_path: Path, data: DataSet) -> None:
    (tmp_path / "grants.csv").write_text(GOOD.replace("year,grant", "when,grant"))
    with pytest.raises(InvalidInput) as refused:
        read_given(tmp_path / "grants.csv", data)
    (fault,) = [fault for fault in refused.value.faults if fault.code == "missing-column"]
    assert len(refused.value.faults) <= 2
    assert (fault.row, fault.column) == ("1", "year")
    assert fault.fix == "If it stands under 'when', call that column year."


def test_names_are_taken_for_keys_whatever_their_capitals(tmp_path: Path, data: DataSet) -> None:
    north, south = data.partnership_names
    for written in (north, north.upper(), "North ", "NORTH"):
        (tmp_path / "grants.csv").write_text(GOOD.replace("north", written).replace("south", south))
        assert read_given(tmp_path / "grants.csv", data).tolist() == [[120_000, 110_000.5], [0, 90_000]]


def test_a_slip_is_one_fault_however_often_it_stands(tmp_path: Path, data: DataSet) -> None:
    assert faults_of(tmp_path, data, GOOD.replace("2005-06", "2009-10")) == [("unknown-name", "3", "year")]
    with pytest.raises(InvalidInput) as refused:
        read_given(tmp_path / "grants.csv", data)
    (year,) = refused.value.faults
    assert "2 rows" in year.found
    assert year.wanted == "one of 2004-05, 2005-06"


def asked(folder: Path, data: DataSet, name: str, text: str) -> tuple[list[list[float]], list[tuple[str, str]]]:
    """The grants that are read, and the code and row of each warning."""
    (folder / name).write_text(text)
    warned: list[tuple[str, str]] = []
    grants = read_given(folder / name, data, warn=lambda found: warned.extend((one.code, one.row) for one in found))
    return grants.tolist(), warned


def test_a_total_below_the_grants_is_left_out_and_said(tmp_path: Path, data: DataSet) -> None:
    for total in ("Total,2004-05,120000\nTotal,2005-06,200000.5\n", "Grand total,,320000.5\n", ",,320000.5\n"):
        grants, warned = asked(tmp_path, data, "grants.csv", GOOD + total)
        assert grants == [[120_000, 110_000.5], [0, 90_000]]
        assert warned == [("total-row", "6")]
    assert faults_of(tmp_path, data, GOOD + "Total,2004-05,130000\n")[0] == ("total-row", "6", "")


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (GOOD.replace("120000", "120").replace("110000.5", "110").replace("90000", "90"), ""),
        (GOOD.replace("110000.5", "110"), "3"),
    ],
)
def test_grants_in_thousands_are_asked_about_all_together_or_one_cell(
    tmp_path: Path, data: DataSet, text: str, row: str
) -> None:
    _, warned = asked(tmp_path, data, "grants.csv", text)
    assert warned == [("looks-like-thousands", row)]


@pytest.mark.parametrize("sheet", ["grants", "Grants ", "our bid"])
def test_a_workbook_of_grants_is_read(tmp_path: Path, data: DataSet, sheet: str) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "grants.xlsx")) as book:
        book.add_worksheet("notes").write_string(0, 0, "what this is")
        page = book.add_worksheet(sheet)
        for number, line in enumerate(GOOD.splitlines()):
            for position, cell in enumerate(line.split(",")):
                page.write(number, position, float(cell) if number and position == 2 else cell)
    assert read_given(tmp_path / "grants.xlsx", data).tolist() == [[120_000, 110_000.5], [0, 90_000]]


def test_a_folder_in_its_place_is_refused(tmp_path: Path, data: DataSet) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_given(tmp_path, data)
    assert [fault.code for fault in refused.value.faults] == ["unreadable-file"]


@settings(
    max_examples=100, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=60), st.integers(0, len(GOOD)))
def test_whatever_the_bytes_are_there_are_grants_or_faults(tmp_path: Path, data: DataSet, raw: bytes, at: int) -> None:
    file = tmp_path / "grants.csv"
    file.write_bytes(GOOD.encode()[:at] + raw + GOOD.encode()[at:])
    try:
        read_given(file, data)
    except InvalidInput as error:
        assert error.faults


WIDE = "Partnership,2004-05,2005-06\nNorth,120000,110000.5\nsouth,0,90000\n"


@pytest.mark.parametrize("text", [WIDE, "Grants\n\n" + WIDE, WIDE.replace(",", ";"), WIDE + "Total,120000,200000.5\n"])
def test_years_may_stand_side_by_side(tmp_path: Path, data: DataSet, text: str) -> None:
    file = tmp_path / "grants.csv"
    file.write_text(text)
    assert read_given(file, data).tolist() == [[120_000, 110_000.5], [0, 90_000]]


def test_the_unit_above_years_side_by_side_counts(tmp_path: Path, data: DataSet) -> None:
    text = WIDE.replace("2004-05", "2004-05 (£000)").replace("2005-06", "2005-06 (£000)")
    assert faults_of(tmp_path, data, text) == [("heading-unit", "1", "grant")]
    file = tmp_path / "grants.csv"
    file.write_text(WIDE.replace("2004-05", "2004-05 (£)"))
    assert read_given(file, data).tolist() == [[120_000, 110_000.5], [0, 90_000]]


def test_a_region_among_partnerships_and_a_year_taken_for_a_month_are_told_as_such(
    tmp_path: Path, data: DataSet
) -> None:
    (tmp_path / "grants.csv").write_text(GOOD + f"{data.regions[0]},2004-05,125000\n")
    with pytest.raises(InvalidInput, match="a region"):
        read_given(tmp_path / "grants.csv", data)
    (tmp_path / "grants.csv").write_text(GOOD.replace("2004-05", "May-04"))
    with pytest.raises(InvalidInput, match="has made of 2004-05"):
        read_given(tmp_path / "grants.csv", data)


def test_a_fault_among_years_side_by_side_has_its_row(tmp_path: Path, data: DataSet) -> None:
    assert faults_of(tmp_path, data, WIDE.replace("90000", "much")) == [("not-a-number", "3", "grant")]
    assert faults_of(tmp_path, data, WIDE.replace(",2005-06", "").replace(",110000.5", "").replace(",90000", "")) == [
        ("missing-row", "", "")
    ]


@pytest.mark.parametrize(
    ("changes", "code", "row"),
    [
        ({"110000.5": "2400000"}, "looks-odd", "3"),
        ({"120000": "2400000"}, "looks-odd", "2"),
        ({"120000": "12000000", "110000.5": "11000050", "90000": "9000000"}, "looks-like-too-much", ""),
    ],
)
def test_grants_far_above_what_there_was_are_asked_about(
    tmp_path: Path, data: DataSet, changes: dict[str, str], code: str, row: str
) -> None:
    text, told = GOOD, []
    for old, new in changes.items():
        text = text.replace(old, new)
    (tmp_path / "grants.csv").write_text(text)
    read_given(tmp_path / "grants.csv", data, warn=told.extend)
    assert [(fault.code, fault.row) for fault in told] == [(code, row)]


def warned(folder: Path, data: DataSet, text: str) -> tuple[list[list[float]], list[tuple[str, str]]]:
    """The grants that are read, and the code and row of each warning."""
    (folder / "grants.csv").write_text(text, encoding="utf-8")
    seen: list[tuple[str, str]] = []

    def warn(found: tuple[Fault, ...]) -> None:
        seen.extend((one.code, one.row) for one in found)

    return read_given(folder / "grants.csv", data, warn=warn).tolist(), seen


GRANTS = [[120_000, 110_000.5], [100_000, 90_000]]
ROWS = GOOD.replace("2004-05,0", "2004-05,100000")


def test_rows_of_the_country_that_are_sums_are_left_out(tmp_path: Path, data: DataSet) -> None:
    more = ROWS + "England,2004-05,220000\nEngland,2005-06,200000.5\n"
    assert warned(tmp_path, data, more) == (GRANTS, [("total-row", "6")])


def test_rows_of_nobody_that_are_no_sums_are_unknown(tmp_path: Path, data: DataSet) -> None:
    more = ROWS + "England,2004-05,220000\nEngland,2005-06,200001.9\n"
    assert faults_of(tmp_path, data, more) == [("unknown-name", "6", "partnership")]


@pytest.mark.parametrize(
    "text",
    [
        ROWS.replace("partnership,", "name,"),
        ROWS.replace("partnership,year,grant", "Partnership name,Financial year,Grant (£)"),
        "name,Grant 2004-05,Grant 2005-06\nnorth,120000,110000.5\nsouth,100000,90000\n",
    ],
)
def test_headings_in_other_words_are_taken(tmp_path: Path, data: DataSet, text: str) -> None:
    assert warned(tmp_path, data, text) == (GRANTS, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ROWS.replace("110000.5", "1100005"), "looks-odd"),
        (ROWS.replace("110000.5", "0.11"), "looks-like-millions"),
        (ROWS.replace("110000.5", "110"), "looks-like-thousands"),
    ],
)
def test_one_grant_that_is_far_from_the_others_is_asked_about(
    tmp_path: Path, data: DataSet, text: str, code: str
) -> None:
    assert warned(tmp_path, data, text)[1] == [(code, "3")]


def test_shares_of_the_money_are_told_as_such(tmp_path: Path, data: DataSet) -> None:
    text = "partnership,year,grant\nnorth,2004-05,0.6\nnorth,2005-06,0.5\nsouth,2004-05,0.4\nsouth,2005-06,0.5\n"
    assert warned(tmp_path, data, text)[1] == [("looks-like-rate", "")]
