"""All tables at paper size, and what a look at them finds."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allocator.tables.checking.all_checks import check_tables
from tests.helpers.builders import Tables, tiny_tables, write_tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from allocator.faults import Fault

ROOT = Path(__file__).parents[2]
CONNEXIONS = ROOT / "data" / "connexions"
DRAWN = ROOT / "tests" / "drawn"


def paper_tables() -> Tables:
    """The tiny tables and a row or two of each optional one; the first row of each is row 2 of its file."""
    return {
        **tiny_tables(),
        "client_groups": [
            {"client_group": "neet", "name": "Known to be NEET", "stays": 0.75},
        ],
        "returns": [
            {"intervention": "coaching", "band": 1, "width": 0.4, "relative_effect": 1},
            {"intervention": "coaching", "band": 2, "width": 0.6, "relative_effect": 0.5},
        ],
        "capacities": [{"partnership": "north", "channel": "centre", "year": "2004-05", "places": 30}],
        "guarantees": [
            {"year": "2004-05", "client_group": "neet", "interventions": "coaching", "min_share": 0.1},
        ],
        "targets": [
            {"scope": "national", "name": "", "year": "2005-06", "max_neet": "", "reduction_share": 0.05},
            {"scope": "region", "name": "Upland", "year": "2005-06", "max_neet": 119, "reduction_share": ""},
        ],
        "studies": [
            {
                "study": "first",
                "intervention": "coaching",
                "client_group": "neet",
                "effect": 0.1,
                "standard_error": 0.02,
                "ci_low": "",
                "ci_high": "",
                "sample": 400,
                "design": "trial",
                "year": 2001,
                "country": "England",
                "cost_per_place": "",
                "relevance": 0.5,
                "source": "made for a test",
            },
        ],
        "sources": [
            {
                "table": "effects",
                "column": "effect",
                "part": "",
                "status": "assumed",
                "source": "",
                "note": "made for a test",
                "quality": "low",
            },
        ],
    }


def said(faults: tuple[Fault, ...]) -> list[tuple[str, str, str, str, str]]:
    """Severity, code, table, row and column of each fault."""
    return [(fault.severity, fault.code, fault.table, fault.row, fault.column) for fault in faults]


def looked_at(folder: Path, tables: Tables) -> list[tuple[str, str, str, str, str]]:
    """What a look at these tables, written into the folder, finds."""
    return said(check_tables(write_tables(folder, tables), {}).faults)


def copy_of_connexions(folder: Path) -> Path:
    """A copy of the reference data that can be damaged."""
    return Path(shutil.copytree(CONNEXIONS, folder / "connexions"))


def edit(folder: Path, table: str, change: Callable[[list[list[str]]], Any]) -> None:
    """Reads a table's rows, headings first, lets them be changed in place, and writes them back."""
    file = folder / f"{table}.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    change(rows)
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows(rows)
