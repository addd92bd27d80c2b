from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocator.errors import InvalidInput
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
        ("partnership,year,grant\n" + "x" * 2000, "broken-csv"),
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
    (tmp_path / "grants.csv").write_text(GOOD.replace("year,grant", "financial_year,grant"))
    with pytest.raises(InvalidInput) as refused:
        read_given(tmp_path / "grants.csv", data)
    (fault,) = refused.value.faults
    assert (fault.code, fault.row, fault.column) == ("missing-column", "1", "year")
    assert "'financial_year'" in fault.fix


def test_the_key_is_told_to_who_brings_names_and_each_slip_is_one_fault(tmp_path: Path, data: DataSet) -> None:
    north, _ = data.partnership_names
    text = GOOD.replace("north", north.upper()).replace("2005-06", "2009-10")
    assert faults_of(tmp_path, data, text) == [("unknown-name", "2", "partnership"), ("unknown-name", "3", "year")]
    with pytest.raises(InvalidInput) as refused:
        read_given(tmp_path / "grants.csv", data)
    name, year = refused.value.faults
    assert "'north'" in name.fix
    assert "2 rows" in name.found
    assert year.wanted == "one of 2004-05, 2005-06"


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
