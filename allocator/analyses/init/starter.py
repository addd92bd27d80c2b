"""A working folder to begin with: tables to edit, a commented scenario, and a page that says what to edit."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from allocator.analyses.init.workbook import write_starter
from allocator.errors import UsageError
from allocator.results import Result, doc
from allocator.scenario.invalid import dotted_key
from allocator.scenario.toml import nested_keys, parse
from allocator.shipped import shipped_data_sets, shipped_scenarios
from allocator.tables import read_data
from allocator.tables.columns import TABLES
from allocator.tables.dictionary import dictionary
from allocator.tables.names import did_you_mean
from allocator.tables.new_folder import new_folder
from allocator.tables.write import write_folder

SCENARIO = "scenario.toml"
README = "README.md"
BLANK = "blank"  # a data set of headings alone
COMMENTS_FROM = 35  # the column in which the comments of the shipped scenarios begin
_DATA_LINE = re.compile(r'^data = "[^"\n]*" *', re.MULTILINE)
_TITLE_COMMENT = re.compile(r"\A(#[^\n]*\n)+\n")


class Started(Result):
    """A working folder that was made, and what it holds."""

    folder: Path = doc("the folder made")
    data: str = doc("folder or workbook of the tables, in the folder")
    scenario: str = doc("file of the scenario, in the folder")
    readme: str = doc("page that says what to edit, in the folder")


def start_folder(folder: str | Path, data_set: str = "connexions", *, workbook: bool = False) -> Started:
    """Make a working folder from a data set that comes with the program, or from headings alone: "blank".

    workbook: one .xlsx with a sheet a table and the scenario as a sheet, instead of CSV files and a scenario file. The
    folder is whole or not there. Raises UsageError where the folder holds something already, or there is no such data
    set.
    """
    names = [*shipped_data_sets(), BLANK]
    if data_set not in names:
        wanted = f"one of {', '.join(names)}"
        raise UsageError("data_set", f"no data set '{data_set}'", wanted, did_you_mean(data_set, names))
    with new_folder(Path(folder)) as partial:
        if workbook:
            data = scenario = f"{data_set}.xlsx"
            write_starter(partial / data, _tables(data_set), scenario_text(data_set, data))
        else:
            data, scenario = "data", SCENARIO
            _copy_tables(data_set, partial / data)
            (partial / scenario).write_text(scenario_text(data_set, data), encoding="utf-8")
        (partial / README).write_text(_readme_text(data, scenario, blank=data_set == BLANK), encoding="utf-8")
    return Started(Path(folder), data, scenario, README)


def _tables(data_set: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Give the rows of every table; of the blank data set none."""
    return dict.fromkeys(TABLES, ()) if data_set == BLANK else read_data(shipped_data_sets()[data_set]).tables


def _copy_tables(data_set: str, folder: Path) -> None:
    if data_set == BLANK:
        write_folder(_tables(BLANK), folder)
        return
    # The scenario that stands beside a data set is the working folder's own, in full and with comments.
    beside = shutil.ignore_patterns(SCENARIO)
    shutil.copytree(shipped_data_sets()[data_set], folder, ignore=beside, copy_function=shutil.copyfile)


def scenario_text(data_set: str, data: str) -> str:
    """Give the commented scenario: the one named as the data set where there is one, else the default, on these tables.

    Where the data set has other years than the default scenario, what its own scenario file says stands in it.
    """
    shipped = shipped_scenarios()
    text = shipped.get(data_set, shipped["settlement"]).read_text(encoding="utf-8")
    text = _TITLE_COMMENT.sub("", text)
    if data_set not in shipped:
        text = _edited(text, _own_settings(data_set))
    line = f'data = "{data}"'.ljust(COMMENTS_FROM)
    # Without such a line it goes to the top: the keys of the file itself stand before its first section.
    text = _DATA_LINE.sub(line, text, count=1) if _DATA_LINE.search(text) else f"{line}\n{text}"
    opening = (
        "# Your scenario: what you decide. `allocator check` says what is wrong with it, `allocator solve` plans.\n"
        '# A limit that is left out, or "none", is no limit.\n\n'
    )
    return opening + text


def _own_settings(data_set: str) -> dict[str, Any]:
    """Give what a data set's scenario changes; of the blank one, all that names years and grades that are not there
    yet.
    """
    if data_set == BLANK:
        default = tomllib.loads(shipped_scenarios()["settlement"].read_text(encoding="utf-8"))
        workforce = {"qualified_grade": "none", "adviser_grade": "none"}
        shares = dict.fromkeys(default["workforce"]["qualified_share"], "none")
        return {"title": "My allocation", "workforce": {**workforce, "qualified_share": shares}}
    file = shipped_data_sets()[data_set] / SCENARIO
    own = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return {name: value for name, value in own.items() if name not in ("extends", "data")}


def _edited(text: str, changes: dict[str, Any]) -> str:
    """Give the text of a scenario file with other values in their lines; "none" makes a line a comment."""
    lines = text.split("\n")
    at = parse(text.encode(), SCENARIO).lines
    added: dict[int, list[str]] = {}
    for key in nested_keys(changes):
        value: Any = changes
        for part in key:
            value = value[part]
        if isinstance(value, dict):
            continue
        if key not in at:
            added.setdefault(at[key[:-1]], []).append(f"{dotted_key(key[-1:])} = {json.dumps(value)}")
            continue
        line = lines[at[key] - 1]
        if value == "none":
            lines[at[key] - 1] = f"# {line}"
        else:
            before, mark, comment = line.partition(" # ")
            changed = f"{before.partition('=')[0]}= {json.dumps(value)}"
            lines[at[key] - 1] = f"{changed.ljust(COMMENTS_FROM - 1)}{mark}{comment}".rstrip()
    for number, more in sorted(added.items(), reverse=True):
        lines[number:number] = more
    return "\n".join(lines)


def _readme_text(data: str, scenario: str, *, blank: bool) -> str:
    """Give what to edit, in which order, and how to go on. blank: the tables are headings alone."""
    rows = "\n".join(f"| {table.name} | {table.meaning} |" for table in dictionary().tables)
    if data == scenario:
        first = f"1. Edit `{data}`: one sheet a table. Its first sheet says how, the notes in the headings what."
        second = "2. Edit its sheet `scenario`: the goal, the money, the limits on grants and advisers."
    else:
        first = f"1. Edit `{data}`: one file a table."
        second = f"2. Edit `{scenario}`: the goal, the money, the limits on grants and advisers."
    figures = (
        "The figures in it\n   are a starting point, and many are assumed; the table `sources` says of each where "
        "it is from. Change a source when\n   you change a figure."
    )
    if blank:
        figures = (
            "There are headings\n   alone: the tables below say what goes where, and those for returns, capacities, "
            "guarantees, targets, limits, studies and\n   client_groups may stay empty. Say in `sources` where each "
            "figure is from."
        )
    return f"""# Your allocation

{first} {figures}
{second}
3. `allocator check {scenario}` lists everything that is wrong, with its row, and what to do.
4. `allocator solve {scenario}` finds the plan and writes it to `runs/`.

`allocator check --dictionary` says what every column means and in which unit.

| table | what it holds |
|---|---|
{rows}
"""
