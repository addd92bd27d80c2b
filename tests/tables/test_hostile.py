"""Whatever the bytes are, a look at them gives faults: no traceback, no hang, no bomb goes off."""

import io
import struct
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocator.tables.checking.all_checks import check_tables
from allocator.tables.columns import TABLES
from allocator.tables.reading import workbook
from allocator.tables.write import table_bytes, write_workbook
from tests.helpers.builders import write_tables
from tests.helpers.paper_tables import paper_tables, said

MODEST = settings(
    max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_tables(tmp_path_factory.mktemp("hostile"), paper_tables())


@pytest.fixture(scope="module")
def book(tmp_path_factory, folder):
    path = tmp_path_factory.mktemp("book") / "mine.xlsx"
    write_workbook(check_tables(folder, {}).data.tables, path)
    return path.read_bytes()


def codes(location, replaced=None):
    checked = check_tables(location, replaced or {})
    assert (checked.data is None) == any(fault.severity == "fault" for fault in checked.faults)
    for fault in checked.faults:
        assert fault.place.isprintable()
        assert fault.found.isprintable()
        assert len(fault.found) < 2000
    return {fault.code for fault in checked.faults}


@MODEST
@given(name=st.sampled_from(list(TABLES)), data=st.binary(max_size=300))
def test_arbitrary_bytes_are_refused_as_any_table(folder, tmp_path, name, data):
    other = tmp_path / "other.csv"
    other.write_bytes(data)
    assert codes(folder, {name: other})


CELLS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["", "nan", "-inf", "1e400", "-0", "'=1", "£1,2", "1,234", '"', "\n", "north", "2004-05", "coaching"]
    ),
    st.floats().map(repr),
    st.integers().map(str),
)


@MODEST
@given(data=st.data(), name=st.sampled_from(list(TABLES)))
def test_cells_put_anywhere_give_faults_or_a_data_set(folder, tmp_path, data, name):
    there = folder / f"{name}.csv"
    text = there.read_text(encoding="utf-8") if there.exists() else ",".join(c.name for c in TABLES[name].columns)
    rows = [line.split(",") for line in text.splitlines()]
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.sampled_from(rows))
        if row:
            row[data.draw(st.integers(0, len(row) - 1))] = data.draw(CELLS)
        if data.draw(st.booleans()):
            rows.append(list(data.draw(st.sampled_from(rows))))
    other = tmp_path / "other.csv"
    other.write_text("\n".join(map(",".join, rows)), encoding="utf-8", errors="replace")
    codes(folder, {name: other})


@MODEST
@given(data=st.data())
def test_a_damaged_workbook_gives_faults_or_a_data_set(book, tmp_path, data):
    damaged = bytearray(book)
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "mine.xlsx"
    path.write_bytes(bytes(damaged[: data.draw(st.integers(0, len(damaged)))] if data.draw(st.booleans()) else damaged))
    codes(path)


def repacked(book, change, compression=zipfile.ZIP_DEFLATED):
    """The workbook with one part changed: change(name, content) gives the new content."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", compression) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def in_sheet_one(old, new):
    return lambda name, content: content.replace(old, new, 1) if name == "xl/worksheets/sheet1.xml" else content


@MODEST
@given(
    part=st.sampled_from(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"]),
    place=st.floats(0, 1),
    put=st.binary(max_size=6),
    cut=st.integers(0, 6),
)
def test_damaged_xml_inside_a_sound_workbook_gives_faults_or_a_data_set(book, tmp_path, part, place, put, cut):
    def change(name, content):
        at = int(place * len(content))
        return content[:at] + put + content[at + cut :] if name == part else content

    path = tmp_path / "mine.xlsx"
    path.write_bytes(repacked(book, change, zipfile.ZIP_STORED))
    codes(path)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"partnership,name\n", b"\xd0\xcf\x11\xe0" * 100])
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_what_is_no_workbook_is_one_fault(tmp_path, data, suffix):
    path = tmp_path / f"mine.{suffix}"
    path.write_bytes(data)
    assert said(check_tables(path, {}).faults) == [("fault", "not-a-workbook", path.name, "", "")]


def test_a_sound_zip_that_is_no_workbook_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "mine.xlsx", "w") as packed:
        packed.writestr("readme.txt", "hello")
    assert codes(tmp_path / "mine.xlsx") == {"not-a-workbook"}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(
            lambda name, content: content + b" " * 30_000_000 if "sheet1" in name else content, id="much of the same"
        ),
        pytest.param(in_sheet_one(b'<row r="2"', b'<row r="1048576"'), id="a far row"),
        pytest.param(in_sheet_one(b'<c r="A2"', b'<c r="XFD1000"'), id="a far column"),
        pytest.param(in_sheet_one(b'<c r="A2"', b"<c r='ZZZZZZ9'"), id="no such column"),
    ],
)
def test_a_workbook_that_unpacks_to_far_more_is_refused(book, tmp_path, data):
    path = tmp_path / "mine.xlsx"
    path.write_bytes(repacked(book, data))
    assert codes(path) == {"workbook-bomb"}


def test_a_workbook_that_lies_about_its_sizes_is_measured_not_believed(book, tmp_path):
    bomb = bytearray(repacked(book, lambda name, content: content + b" " * 30_000_000 if "sheet1" in name else content))
    directory = bomb.index(b"PK\x01\x02")
    while bomb[directory : directory + 4] == b"PK\x01\x02":  # uncompressed size, in the central directory
        struct.pack_into("<I", bomb, directory + 24, 100)
        lengths = struct.unpack_from("<HHH", bomb, directory + 28)
        directory += 46 + sum(lengths)
    path = tmp_path / "mine.xlsx"
    path.write_bytes(bytes(bomb))
    assert codes(path) <= {"workbook-bomb", "not-a-workbook"}


@pytest.mark.parametrize(
    "cells",
    [
        '<table:table-cell table:number-columns-repeated="900000000" office:value-type="float" office:value="1"/>',
        '<table:table-cell table:number-columns-repeated="900000000"/><table:table-cell office:value="1"/>',
    ],
)
@pytest.mark.parametrize("rows", ["1", "1000000"])
def test_an_opendocument_sheet_of_repeated_cells_is_refused(tmp_path, cells, rows):
    content = (
        '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>'
        f'<table:table table:name="years"><table:table-row table:number-rows-repeated="{rows}">{cells}'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "mine.ods"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
    assert codes(path) == {"workbook-bomb"}


def test_the_parts_of_a_workbook_are_few(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_MEMBERS", 2)
    with zipfile.ZipFile(tmp_path / "mine.xlsx", "w") as packed:
        for number in range(3):
            packed.writestr(str(number), "")
    assert codes(tmp_path / "mine.xlsx") == {"workbook-bomb"}


def test_a_table_of_many_wrong_names_is_looked_at_in_bounded_work(folder, tmp_path):
    other = tmp_path / "other.csv"
    rows = [{"partnership": f"p{number}", "grade": f"g{number}", "fte": 1.0} for number in range(20_000)]
    other.write_bytes(table_bytes("workforce", rows))
    faults = [fault for fault in check_tables(folder, {"workforce": other}).faults if fault.code == "unknown-name"]
    assert [(fault.column, "19,999 more names" in fault.found) for fault in faults] == [
        ("partnership", True),
        ("grade", True),
    ]
