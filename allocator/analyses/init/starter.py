"""A working folder to begin with: tables to edit, a commented scenario, and a page that says what to edit."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allocator.errors import UsageError
from allocator.shipped import shipped_data_sets, shipped_scenarios
from allocator.tables.names import did_you_mean
from allocator.tables.new_folder import new_folder

if TYPE_CHECKING:
    from pathlib import Path

SCENARIO = "scenario.toml"
README = "README.md"
COMMENTS_FROM = 35  # the column in which the comments of the shipped scenarios begin
_DATA_LINE = re.compile(r'^data = "[^"\n]*" *', re.MULTILINE)
_TITLE_COMMENT = re.compile(r"\A(#[^\n]*\n)+\n")


@dataclass(frozen=True)
class Started:
    """A working folder that was made, and what it holds."""

    folder: Path
    data: str  # folder or workbook of the tables, relative to the folder
    scenario: str
    readme: str

    def as_dict(self) -> dict[str, Any]:
        """The folder and its files, for JSON."""
        return {"folder": str(self.folder), "data": self.data, "scenario": self.scenario, "readme": self.readme}


def start_folder(folder: Path, data_set: str = "connexions", *, workbook: bool = False) -> Started:
    """Makes a working folder from a data set that comes with the program.

    workbook: one .xlsx with a sheet a table, instead of a folder of CSV files. The folder is whole or not there.
    Raises UsageError where the folder holds something already, or there is no such data set.
    """
    from allocator.tables import read_data
    from allocator.tables.write import write_workbook

    source = shipped_data_sets().get(data_set)
    if source is None:
        wanted = f"one of {', '.join(shipped_data_sets())}"
        raise UsageError("--data", f"no data set '{data_set}'", wanted, did_you_mean(data_set, shipped_data_sets()))
    data = f"{data_set}.xlsx" if workbook else "data"
    with new_folder(folder) as partial:
        if workbook:
            write_workbook(read_data(source).tables, partial / data)
        else:
            shutil.copytree(source, partial / data, copy_function=shutil.copyfile)
        (partial / SCENARIO).write_text(_scenario_text(data_set, data), encoding="utf-8")
        (partial / README).write_text(_readme_text(data, workbook=workbook), encoding="utf-8")
    return Started(folder, data, SCENARIO, README)


def _scenario_text(data_set: str, data: str) -> str:
    """The commented scenario: the one named as the data set where there is one, else the default, on these tables."""
    shipped = shipped_scenarios()
    text = shipped.get(data_set, shipped["settlement"]).read_text(encoding="utf-8")
    text = _TITLE_COMMENT.sub("", text)
    line = f'data = "{data}"'.ljust(COMMENTS_FROM)
    # Without such a line it goes to the top: the keys of the file itself stand before its first section.
    text = _DATA_LINE.sub(line, text, count=1) if _DATA_LINE.search(text) else f"{line}\n{text}"
    opening = (
        "# Your scenario: what you decide. `allocator check` says what is wrong with it, `allocator solve` plans.\n"
        '# A limit that is left out, or "none", is no limit.\n\n'
    )
    return opening + text


def _readme_text(data: str, *, workbook: bool) -> str:
    """What to edit, in which order, and how to go on."""
    from allocator.tables.dictionary import dictionary

    unit = "sheet" if workbook else "file"
    rows = "\n".join(f"| {table.name} | {table.meaning} |" for table in dictionary())
    return f"""# Your allocation

1. Edit `{data}`: one {unit} a table. The figures in it are a starting point, and many are assumed; the table
   `sources` says of each where it is from. Change a source when you change a figure.
2. Edit `{SCENARIO}`: the goal, the money, the limits on grants and advisers.
3. `allocator check {SCENARIO}` lists everything that is wrong, with its row, and what to do.
4. `allocator solve {SCENARIO}` finds the plan and writes it to `runs/`.

`allocator check --dictionary` says what every column means and in which unit.

| table | what it holds |
|---|---|
{rows}
"""
