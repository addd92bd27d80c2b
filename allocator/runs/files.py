"""What a run folder holds, as bytes: the plan's tables, its problem and proof, the logs, the manifest."""

from __future__ import annotations

import gzip
import hashlib
import json
import platform
import re
import shlex
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from allocator.runs.frames import COLUMNS, Table
from allocator.runs.logs import assumptions_log, qa_log
from allocator.runs.plan import Plan
from allocator.runs.problem import added_text
from allocator.scenario.canonical import base_name
from allocator.solving.solution import StageProof
from allocator.tables.dataset import DataSet, Floats
from allocator.tables.write import csv_bytes

MANIFEST = "manifest.json"
SCENARIO = "inputs/scenario.toml"
TABLES = "inputs/tables"
GIVEN = "inputs/grants.csv"
WORTH = "worth.json"  # what more would be worth, as solved again: verify cannot make it again
SIGN_OFF = "sign-off.md"  # signed after the run was written
EFFECTS_LOG = "sensitivity.md"  # what the answer does when an input moves, where that was asked later
OUTSIDE = (MANIFEST, SIGN_OFF, EFFECTS_LOG)  # which no manifest lists


def run_files(plan: Plan) -> dict[str, bytes]:
    """Give every file of a run but the input tables and the manifest, by its path in the folder.

    The same plan gives the same bytes; nothing here bears a time.
    """
    files = {f"plan/{name}.csv": csv_bytes(table) for name, table in plan.tables.items()}
    files["plan/columns.csv"] = csv_bytes(columns_table())
    files["summary.json"] = json_bytes(plan.summary().to_dict())
    files[SCENARIO] = plan.scenario.canonical_toml().encode()
    if plan.given is not None:
        files[GIVEN] = csv_bytes(given_table(plan.data, plan.given))
    files["solution.json"] = json_bytes(_solution(plan))
    for proof in plan.solution.proofs:
        text = proof.text if proof.added is None else added_text(proof)
        files[problem_file(proof.stage, proof.year)] = gzip.compress(text, 1, mtime=0)
    files["assumptions.md"] = assumptions_log(plan, changes_of(plan)).encode()
    files["qa-log.md"] = qa_log(plan).encode()
    return files


def columns_table() -> Table:
    """Give unit and meaning of every column of every table of a plan."""
    every = [(table, column) for table, columns in COLUMNS.items() for column in columns]
    return {
        "table": [table for table, _ in every],
        "column": [column.name for _, column in every],
        "unit": [column.unit for _, column in every],
        "meaning": [column.meaning for _, column in every],
    }


def given_table(d: DataSet, given: Floats) -> Table:
    """Give grants that were brought, as the table that the distribution `given` reads."""
    return {
        "partnership": [p for p in d.partnerships for _ in d.years],
        "year": list(d.years) * len(d.partnerships),
        "grant": given.ravel().tolist(),
    }


def problem_file(stage: str, year: str) -> str:
    """Give the name of a stage's problem file.

    A year planned stands in it in letters that are safe in a file's name.
    """
    of_stage = "" if stage == "goal" else f"-{stage}"
    if not year:
        return f"problem{of_stage}.mps.gz"
    safe = re.sub(r"[^A-Za-z0-9_-]", "_", year)[:40]
    # names that differ only in letters that a file's name cannot hold still get two files
    tail = "" if safe == year else f"-{hashlib.sha256(year.encode()).hexdigest()[:8]}"
    return f"problem{of_stage}-{safe}{tail}.mps.gz"


def json_bytes(value: Any) -> bytes:
    """Give a value as JSON: keys in their order, numbers unrounded, no infinity and no not-a-number."""
    return (json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _solution(plan: Plan) -> dict[str, Any]:
    """Give what verify reads: of each year planned the names of columns and rows, the plan, and each stage's duals."""
    planned: dict[str, list[StageProof]] = {}
    for proof in plan.solution.proofs:
        planned.setdefault(proof.year, []).append(proof)
    goals = {proof.year: proof for proof in plan.solution.proofs if proof.stage == "goal"}
    return {
        "solver": plan.solution.solver,
        "why_uncertified": plan.solution.why_uncertified,
        "stages": [
            {
                "year": s.year,
                "stage": s.stage,
                "outcome": s.outcome,
                "value": s.value,
                "iterations": s.iterations,
            }
            for s in plan.solution.stages
        ],
        "planned": [
            {
                "year": year,
                **_shared(goals[year]),
                "stages": [_stage(proof, goals[year]) for proof in proofs],
            }
            for year, proofs in planned.items()
        ],
    }


def _shared(goal: StageProof) -> dict[str, Any]:
    """Give what every stage's problem of one plan has: that of the goal stage."""
    return {"columns": goal.columns, "rows": goal.rows, "plan": goal.plan.tolist()}


def _stage(proof: StageProof, goal: StageProof) -> dict[str, Any]:
    """Give a stage, with the columns and rows that its problem has beside the goal stage's."""
    columns, rows = len(goal.columns), len(goal.rows)
    return {
        "stage": proof.stage,
        "file": problem_file(proof.stage, proof.year),
        "duals": (proof.duals + 0.0).tolist(),
        "columns": proof.columns[columns:],
        "rows": proof.rows[rows:],
        "plan": proof.plan[columns:].tolist(),
    }


def manifest(plan: Plan, digests: Mapping[str, str], command: str) -> bytes:
    """Give the manifest: what made the run, and the SHA-256 of every file; its last line is its own digest.

    Only the line `times` differs between two runs of the same inputs with the same programs and command. It names
    no folder, user or machine: of the command, and of what --set was given, the last part of a path is kept.
    """
    said: dict[str, Any] = {
        "program": f"neet-allocator {_version('neet-allocator')}",
        "code_sha256": code_digest(),
        "python": platform.python_version(),
        "pulp": _version("pulp"),
        "solver": plan.solution.solver,
        "command": command_without_folders(command),
        "scenario": plan.scenario.name,
        "settings_sha256": plan.scenario.sha256,
        "overrides": changes_of(plan),
        "data": base_name(plan.scenario.settings.data),
        "times": {
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(plan.solution.seconds, 3),
            "stages": [round(stage.seconds, 3) for stage in plan.solution.stages],
        },
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}," for key, value in said.items()]
    files = [f" {json.dumps(path)}: {json.dumps(digests[path])}" for path in sorted(digests)]
    body = "{\n" + "\n".join(lines) + '\n"files": {\n' + ",\n".join(files) + "\n},\n"
    return (body + closing_line(body.encode())).encode()


@cache
def code_digest() -> str:
    """Give the SHA-256 over every module of the program, by its path in it: which code it was, whatever its version
    says.
    """
    package = Path(__file__).parents[1]
    found = hashlib.sha256()
    for path in sorted(package.rglob("*.py"), key=lambda path: path.relative_to(package).as_posix()):
        found.update(path.relative_to(package).as_posix().encode() + b"\0")
        found.update(hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).digest())
    return found.hexdigest()


def changes_of(plan: Plan) -> list[str]:
    """Give what --set changed, without the folders that it names."""
    return [setting_without_folders(change) for change in plan.scenario.overrides]


def command_without_folders(command: str) -> str:
    """Give a command with the last part of every path in it; settings that are no path stay as they were given."""
    words = shlex.split(command)
    after_set = [False, *(word == "--set" for word in words)]
    kept = []
    for word, setting in zip(words, after_set, strict=False):
        option, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
        setting = setting or option == "--set"  # noqa: PLW2901 - --set=KEY=VALUE, beside --set KEY=VALUE
        kept.append(f"{option}{equals}{setting_without_folders(value) if setting else base_name(value)}")
    return shlex.join(kept)


def setting_without_folders(change: str) -> str:
    """Give KEY=VALUE as --set takes it; where the value is a path, its last part."""
    key, equals, value = change.partition("=")
    if key.strip() not in ("data", "grants.file") and not key.strip().startswith("tables"):
        return change
    quote = value[:1] if value[:1] in "\"'" and value[-1:] == value[:1] else ""
    return f"{key}{equals}{quote}{base_name(value.strip(quote) if quote else value)}{quote}"


def closing_line(body: bytes) -> str:
    """Give the manifest's last line: the digest of all the lines before it."""
    return f'"digest": "{hashlib.sha256(body).hexdigest()}"}}\n'


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"
