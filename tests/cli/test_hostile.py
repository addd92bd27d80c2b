"""Hostile names and files along the whole path: check, solve, the run folder, verify, show."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from allocator.cli import app
from tests.helpers.builders import tiny_tables, write_tables

SCENARIO = 'title = "Hostile"\ndata = "tables"\n'
NAMES = [
    "=cmd()",
    "@SUM(A1)",
    "-1+1",
    "'=1",
    "../x",
    "..",
    "/etc/passwd",
    "C:\\x",
    "<script>alert(1)</script>",
    "|",
    "a|b",
    "a,b",
    'a"b',
    "none",
    "NaN",
    "١٢",
    "\U0001d54f",
]
# kinds of name: the one that is replaced, and the columns in which it stands
KINDS = {
    "partnership": ("south", ("partnership",)),
    "name": ("South", ("name",)),
    "region": ("Lowland", ("region",)),
    "year": ("2005-06", ("year",)),
    "intervention": ("coaching", ("intervention",)),
    "client_group": ("at_risk", ("client_group",)),
    "grade": ("adviser", ("grade", "min_grade")),
    "channel": ("school", ("channel",)),
}


def named(folder, kinds, name):
    """The tiny data set with one name of each kind replaced, and a scenario."""
    tables = tiny_tables()
    for kind in kinds:
        old, columns = KINDS[kind]
        for line in (line for rows in tables.values() for line in rows):
            line.update({column: name for column in columns if line.get(column) == old})
    folder.mkdir()
    write_tables(folder / "tables", tables)
    (folder / "scenario.toml").write_text(SCENARIO)
    return str(folder / "scenario.toml")


def run(capsys, *words):
    status = app.run(list(map(str, words)))
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert "defect" not in said.err
    return status, said.out, said.err


def everything(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_a_name_and_nothing_else(capsys, tmp_path, name):
    kinds = list(KINDS)
    if "+" in name:  # in guarantees it joins interventions
        kinds.remove("intervention")
    scenario = named(tmp_path / "in", kinds, name)
    before = everything(tmp_path)
    status, out, err = run(capsys, "solve", scenario, "-o", tmp_path / "run", "--json")
    assert (status, err) == (0, "")
    name = name.removeprefix("'")  # which is how a name that looks like a formula is written as text
    assert name in {p["partnership"] for p in json.loads(out)["partnerships"]}
    assert name in {year["year"] for year in json.loads(out)["years"]}
    added = everything(tmp_path) - before
    assert all(path == "run" or path.startswith("run/") for path in added)
    status, out, _ = run(capsys, "verify", tmp_path / "run")
    assert status == 0, out
    for words in (("show",), ("show", "--table", "places"), ("show", "--partnership", name), ("show", "--json")):
        status, out, err = run(capsys, words[0], tmp_path / "run", *words[1:])
        assert (status, err) == (0, "")
        assert "--json" not in words or json.loads(out)
    for file in (tmp_path / "run").rglob("*.csv"):
        for cell in (cell for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8"))) for cell in row):
            assert not cell.startswith(("=", "+", "@", "\t", "\r")), (file, cell)
            assert not cell.startswith("-") or re.fullmatch(r"-[0-9.e+-]+", cell), (file, cell)


def test_a_workbook_of_hostile_names_holds_no_formula(capsys, tmp_path):
    from allocator.tables.checking.all_checks import check_tables
    from allocator.tables.write import write_workbook

    scenario = named(tmp_path / "in", ("partnership", "name"), "=cmd()")
    data = check_tables(Path(scenario).parent / "tables").data
    write_workbook(data.tables, tmp_path / "book.xlsx")
    with zipfile.ZipFile(tmp_path / "book.xlsx") as packed:
        sheets = [packed.read(name) for name in packed.namelist() if name.startswith("xl/worksheets/")]
    assert sheets
    assert not any(re.search(rb"<f[ >/]", sheet) for sheet in sheets)
    assert check_tables(tmp_path / "book.xlsx").data.partnerships == data.partnerships


UNSEEN = ["\u202egpj", "a\x1b[2Kb", "a\tb", "a\nb", "\x07", "\u2066a", "\ufeffa", "\x85", "\u2028"]


@pytest.mark.parametrize("name", UNSEEN, ids=ascii)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_what_cannot_be_seen_is_refused_and_shown_safely(capsys, tmp_path, name, form):
    scenario = named(tmp_path / "in", ("partnership", "name"), name)
    status, out, err = run(capsys, "check", scenario, *form)
    assert status == 1
    if not form:
        assert (out + err).replace("\n", "").isprintable()


TABLE = "young_people.csv"
# how the planner's file was saved
SAVED = {
    "with a byte-order mark": lambda text: text.encode("utf-8-sig"),
    "with the line ends of Windows": lambda text: text.replace("\n", "\r\n").encode(),
    "with semicolons": lambda text: text.replace(",", ";").encode(),
    "with decimal commas": lambda text: text.replace(",80\n", ',"80,5"\n').encode(),
    "in UTF-16": lambda text: text.encode("utf-16"),
    "in Latin-1": lambda text: text.replace("north", "n\xf6rth").encode("latin-1"),
    "with NUL bytes": lambda text: text.replace("north", "no\0rth").encode(),
    "with a quote that is not closed": lambda text: text.replace("north", '"north', 1).encode(),
    "with one cell of a million characters": lambda text: text.replace("north", "x" * 1_000_000, 1).encode(),
    "empty": lambda _: b"",
    "as a program": lambda _: b"\x7fELF" + bytes(range(256)) * 40,
}


@pytest.mark.parametrize("saved", SAVED)
def test_a_file_saved_another_way_is_read_or_refused_in_words(capsys, tmp_path, saved):
    scenario = named(tmp_path / "in", (), "")
    path = Path(scenario).parent / "tables" / TABLE
    path.write_bytes(SAVED[saved](path.read_text()))
    status, out, err = run(capsys, "check", scenario, "--json")
    faults = json.loads(out)["faults"]
    if saved in ("with a byte-order mark", "with the line ends of Windows", "with semicolons"):
        assert (status, faults) == (0, [])
        return
    assert status == 1
    assert any(fault["table"] == TABLE for fault in faults)
    assert all(fault["fix"] or fault["wanted"] for fault in faults)
    assert len(out) < 200_000
    status, _, err = run(capsys, "solve", scenario, "-o", tmp_path / "run")
    assert status in (1, 2)
    assert err
    assert not (tmp_path / "run").exists()


def sparse(path):
    with path.open("wb") as file:
        os.truncate(file.fileno(), 2_000_000_000)


LARGE = ["tables/young_people.csv", "scenario.toml", "book.xlsx"]


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_a_file_of_2_gb_is_refused_in_bounded_memory(tmp_path, name):
    scenario = Path(named(tmp_path / "in", (), ""))
    sparse(scenario.parent / name)
    if name == "book.xlsx":
        scenario.write_text(SCENARIO.replace("tables", "book.xlsx"))
    done = subprocess.run(
        [sys.executable, "-m", "allocator", "check", str(scenario)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000)),
    )
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stdout + done.stderr
    assert "defect" not in done.stdout + done.stderr
    assert Path(name).name in done.stdout + done.stderr


def test_a_run_without_a_name_or_that_is_not_there_is_refused(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in (("solve", "-o", ".."), ("verify", "../x"), ("show", "a/../../x"), ("solve", "-o", "")):
        status, out, err = run(capsys, *words)
        assert (status, out) == (2, "")
        assert err
    assert list(tmp_path.iterdir()) == []
