from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from allocator.runs.write import write_run
from allocator.solving.settlement import solve_data
from tests.helpers.builders import make_plan, row, tiny_data, tiny_scenario, tiny_tables

if TYPE_CHECKING:
    from pathlib import Path

    from allocator.runs.plan import Plan

SETTINGS = """
[goal]
tail_years = 1
[budget]
carry_forward_limit = 0.05
[grants]
floor = 0.9
cap = 1.1
[workforce]
max_recruitment = 0.5
[rules]
soft = ["target", "guarantee"]
"""


def solved(folder: Path, settings: str = SETTINGS, *overrides: str) -> Plan:
    """A plan for the tiny data set: a target that is not reached, a guarantee, a name that looks like a formula."""
    tables = tiny_tables(
        guarantees=[{"year": "2004-05", "client_group": "at_risk", "interventions": "group_work", "min_share": 0.1}],
        targets=[{"scope": "national", "name": "", "year": "2005-06", "max_neet": None, "reduction_share": 0.5}],
    )
    row(tables, "partnerships", partnership="south")["name"] = "'=SUM(A1)"
    data = tiny_data(folder, tables)
    scenario = tiny_scenario(folder, settings, *overrides)
    solution, _ = solve_data(data, scenario.settings)
    return make_plan(scenario, data, solution)


@pytest.fixture(scope="session")
def plan(tmp_path_factory) -> Plan:
    return solved(tmp_path_factory.mktemp("settlement"))


@pytest.fixture(scope="session")
def yearly_plan(tmp_path_factory) -> Plan:
    return solved(tmp_path_factory.mktemp("yearly"), SETTINGS, 'certainty.kind="year_on_year"')


@pytest.fixture(scope="session")
def written(plan, tmp_path_factory) -> Path:
    return write_run(plan, tmp_path_factory.mktemp("runs") / "tiny", command="allocator solve tiny")


@pytest.fixture
def run(written, tmp_path) -> Path:
    """A run folder of one's own, to be damaged."""
    return shutil.copytree(written, tmp_path / "run")
