"""What can be made again is made again: the logs, the settings and names of the manifest, how each stage ended."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from allocator.recompute.certificate import StageCertificate
from allocator.recompute.figures import Recomputed
from allocator.runs.files import SCENARIO, TABLES, WORTH, command_without_folders, problem_file
from allocator.runs.logs import assumptions_log, qa_log
from allocator.runs.plan import Plan
from allocator.runs.read import RunFolder
from allocator.runs.rounding import more_than_the_money
from allocator.runs.verify.added import said_of_effects
from allocator.scenario.canonical import base_name, canonical_toml
from allocator.scenario.load import Scenario
from allocator.solving.solution import ENDED_WELL, Solution, StageRecord
from allocator.tables.write import table_bytes
from allocator.units import listed, number

KEYS = frozenset(
    {
        *("program", "code_sha256", "python", "pulp", "solver", "command", "scenario", "settings_sha256"),
        *("overrides", "data", "times", "files", "digest"),
    }
)
TIMES = frozenset({"written", "seconds", "stages"})
SOLUTION = frozenset({"solver", "why_uncertified", "stages", "planned"})
STAGE = frozenset({"year", "stage", "outcome", "value", "iterations"})
PLANNED = frozenset({"year", "columns", "rows", "plan", "stages"})
UNCHECKED = "the manifest's command, versions, digest of the code and times"  # which nothing in a run says again
_RESIDUE = 1e-6  # numbers below it are rounding, which other machines do in another order
_LAST_DIGIT = 1e-9  # relative: the same figure added up in another order
_NUMBER = re.compile(r"(?<![\w.])[-−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")


def not_as_made_again(folder: RunFolder, worked: Recomputed, certificates: Sequence[StageCertificate]) -> Iterator[str]:
    """Find everything in the manifest, the logs and the outcomes that the plan, the tables and the settings do not
    give.
    """
    manifest, solution = folder.manifest, folder.json("solution.json")
    unknown, missing = sorted(set(manifest) - KEYS), sorted(KEYS - set(manifest))
    yield from (f"manifest.json: {key} is nothing that a manifest says" for key in unknown)
    yield from (f"manifest.json says no {key}" for key in missing)
    if missing:
        return
    settings, text = folder.settings, folder.content(SCENARIO)
    if text != canonical_toml(settings).encode():
        yield f"{SCENARIO} is not as settings are written"
    for name, rows in folder.data.tables.items():
        if folder.content(f"{TABLES}/{name}.csv") != table_bytes(name, rows):
            yield f"{TABLES}/{name}.csv is not as tables are written"
    yield from _more_than_is_said(manifest, solution)
    said = {
        "scenario": str(folder.json("summary.json")["scenario"]["name"]),
        "settings_sha256": hashlib.sha256(text).hexdigest(),
        "data": base_name(settings.data),
        "solver": solution["solver"],
    }
    for key, expected in said.items():
        if manifest[key] != expected:
            yield f"manifest.json, {key}: {_shown(manifest[key])}, by the run's own files {_shown(expected)}"
    if str(solution["solver"]).split()[:1] != [settings.solver.name.split()[0]]:
        yield f"solution.json, solver: {_shown(solution['solver'])}, the scenario names {_shown(settings.solver.name)}"
    yield from _outcomes(certificates, solution)
    yield from more_than_the_money(folder.data, folder.table("grants")["grant_rounded"], worked)
    plan = _plan(folder, worked, certificates, solution)
    changes = [str(change) for change in manifest["overrides"]]
    for name, log in (("assumptions.md", assumptions_log(plan, changes)), ("qa-log.md", qa_log(plan))):
        yield from _log(name, folder.content(name).decode("utf-8", "replace"), log)


def _more_than_is_said(manifest: Any, solution: Any) -> Iterator[str]:
    """Find what a manifest and a solution do not say: other keys, times that are none, folders in the command."""
    parts = (
        ("manifest.json, times", manifest["times"], TIMES),
        ("solution.json", solution, SOLUTION),
        *((f"solution.json, stage {stage['stage']}", stage, STAGE) for stage in solution["stages"]),
        *(("solution.json, planned", planned, PLANNED) for planned in solution["planned"]),
    )
    for name, said, keys in parts:
        if not isinstance(said, dict) or set(said) != keys:
            yield f"{name} does not say {listed(sorted(keys))} alone"
            return
    seconds = [manifest["times"]["seconds"], *manifest["times"]["stages"]]
    if not all(isinstance(one, int | float) and not isinstance(one, bool) and one >= 0 for one in seconds):
        yield "manifest.json, times: what is no number of seconds"
    try:
        bare = command_without_folders(manifest["command"])
    except (ValueError, TypeError, AttributeError):
        bare = None
    if bare != manifest["command"]:
        yield f"manifest.json, command: {_shown(manifest['command'])}, of paths only the last part is kept"


def unchecked(folder: RunFolder) -> str:
    """Give what of the run no check says anything of, in a clause."""
    parts = [WORTH if WORTH in folder.paths else "", said_of_effects(folder), UNCHECKED]
    return listed([part for part in parts if part])


def own_problems(folder: RunFolder) -> list[str]:
    """Give the names of the problem files that the run's stages and years have."""
    return [problem_file(proof.stage, proof.year) for proof in folder.proofs]


def _outcomes(certificates: Sequence[StageCertificate], solution: Any) -> Iterator[str]:
    """Find stages that are said to have ended otherwise than their proofs show."""
    proved = {(c.stage, c.year): c for c in certificates}
    seen = {(str(stage["stage"]), str(stage["year"])) for stage in solution["stages"]}
    yield from (f"solution.json says nothing of {' '.join(key).strip()}" for key in sorted(set(proved) - seen))
    if solution["why_uncertified"] and certificates and all(c.certified for c in certificates):
        yield "solution.json says why there is no certificate, and there is one"
    for stage in solution["stages"]:
        certificate = proved.get((str(stage["stage"]), str(stage["year"])))
        name = f"solution.json, stage {stage['stage']} {stage['year']}".strip()
        if certificate is not None and stage["outcome"] not in ENDED_WELL:
            yield f"{name} is said to have ended {_shown(stage['outcome'])}, and is proved"


def _plan(folder: RunFolder, worked: Recomputed, certificates: Sequence[StageCertificate], solution: Any) -> Plan:
    """Give the plan that the run holds, with what its logs are made from."""
    scenario = Scenario(
        name=str(folder.json("summary.json")["scenario"]["name"]),
        settings=folder.settings,
        source=None,
        overrides=(),
        data=Path(folder.settings.data),
        data_label=folder.settings.data,
        table_files={},
        grants_file=None,
        sha256=hashlib.sha256(folder.content(SCENARIO)).hexdigest(),
        places={},
    )
    records = tuple(
        StageRecord(
            str(stage["year"]),
            str(stage["stage"]),
            str(stage["outcome"]),
            stage["value"],
            seconds=0.0,
            iterations=stage["iterations"],
        )
        for stage in solution["stages"]
    )
    solved = Solution(
        folder.figures, folder.proofs, folder.prices, records, str(solution["solver"]), 0.0, solution["why_uncertified"]
    )
    return Plan(scenario, folder.data, solved, worked, tuple(certificates), None, folder.given)


def _log(name: str, found: str, expected: str) -> Iterator[str]:
    """Find lines of a log that say something else than the plan; figures may differ as machines' rounding does."""
    there, made = found.split("\n"), expected.split("\n")
    if len(there) != len(made):
        yield f"{name} has {number(len(there))} lines, made again it has {number(len(made))}"
        return
    for line, (one, other) in enumerate(zip(there, made, strict=True), 1):
        if one != other and not _same_but_for_rounding(one, other):
            yield f"{name}, line {line}: {_where_they_part(one, other)}"


def _same_but_for_rounding(one: str, other: str) -> bool:
    if _NUMBER.sub("#", one) != _NUMBER.sub("#", other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    return all(_close(*(float(text.replace(",", "").replace("−", "-")) for text in pair)) for pair in pairs)


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= max(_RESIDUE if max(abs(one), abs(other)) <= _RESIDUE else 0.0, _LAST_DIGIT * abs(other))


def _where_they_part(found: str, expected: str) -> str:
    at = next((n for n, (a, b) in enumerate(zip(found, expected, strict=False)) if a != b), 0)
    begin = max(found.rfind(" ", 0, at) + 1, 0)
    return f"{found[begin : begin + 40]!r}, made again {expected[begin : begin + 40]!r}"


def _shown(value: Any) -> str:
    return repr(value)[:60]
