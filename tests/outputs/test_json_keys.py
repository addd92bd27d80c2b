"""Every command prints with --json the keys that docs/reference/json.md names, of the types it says, and no others.

All is run on the tiny data set, in cases that between them show every key.
"""

import contextlib
import io
import json
import re

import pytest

from allocator.cli import app
from allocator.cli.json_keys import keys_of_commands
from tests.analyses.evidence.conftest import study
from tests.helpers import paper_dfe as dfe_paper
from tests.helpers.builders import tiny_tables, write_tables
from tests.helpers.paper_plan import SOURCES, TARGETS

SETTINGS = """title = "Tiny"
data = "tables"
[goal]
tail_years = 0
benefit_per_neet = 10000
[grants]
floor = 0.9
max_rise = 0.05
max_fall = 0.1
[grants.formula]
neet = 1.0
[workforce]
qualified_grade = "adviser"
[workforce.qualified_share]
"2005-06" = 0.5
[local]
min_reduction = 0.01
max_reduction = 0.03
[rules]
soft = ["target", "local_minimum"]
"""
HISTORICAL = 'extends = "scenario.toml"\n[grants]\ndistribution = "historical"\n'
KEYS = keys_of_commands()
EMPTY = object()
TYPES = {
    "text": str,
    "number": (int, float),
    "whole number": int,
    "true or false": bool,
    "object": dict,
    "list": list,
    "null": type(None),
}


def grants_csv(north, south):
    rows = [f"{p},{year},{amount}" for p, amount in (("north", north), ("south", south)) for year in YEARS]
    return "partnership,year,grant\n" + "\n".join(rows) + "\n"


YEARS = ("2004-05", "2005-06")
# Money enough, too few who may join, and a local minimum that nobody can reach.
SHORT = [
    *("--set", "local.max_reduction=0.3", "--set", "local.min_reduction=0.2"),
    *("--set", "workforce.max_recruitment=0.01", "--set", "budget.scale=3", "--set", "grants.max_rise=3"),
]
# Soft rules that may cost next to nothing where coming close costs much, and some of the goal given up.
HELD = ["--set", "goal.weights.north=100", "--set", "local.min_reduction=0.5", "--set", "rules.soft_may_cost=0.0001"]
QUIET = ["--set", "goal.give_up=0.05"]
CAUTIOUS = ["--set", "risk.attitude=cvar", "--set", "risk.draws=20"]
# What is typed, by the heading of the page; run, yearly, bounded and margin are runs that were written before.
TYPED = {
    "solve": [
        ["solve", "scenario.toml", "-o", "again"],
        ["solve", "few.toml", "-o", "short", *SHORT],
        ["solve", "national.toml", "-o", "national"],
        ["solve", "margin.toml", "-o", "held", *HELD],
        ["solve", "margin.toml", "-o", "quiet", *QUIET],
        ["solve", "margin.toml", "-o", "cautious", *CAUTIOUS],
    ],
    "solve --meet target": [
        ["solve", "few.toml", "--meet", "target", *SHORT, "--set", "workforce.max_recruitment=1", "-o", "met"],
        ["solve", "scenario.toml", "--meet", "target", "-o", "missed"],
        ["solve", "margin.toml", "--meet", "target", "-o", "held-met", *HELD],
        ["solve", "margin.toml", "--meet", "target", "-o", "quiet-met", *QUIET],
        ["solve", "margin.toml", "--meet", "target", "-o", "careful", *CAUTIOUS],
    ],
    "show": [["show", "run"], ["show", "run", "--partnership", "north"]],
    **{
        f"show --table {table}": [["show", "run", "--table", table]]
        for table in ("grants", "advisers", "places", "reductions", "money", "rules")
    },
    "explain PARTNERSHIP": [
        ["explain", run, p] for run in ("run", "yearly", "bounded", "margin") for p in ("north", "south")
    ],
    "explain --firmness": [["explain", "run", "--firmness", "--jobs", "1"]],
    "explain --rules": [["explain", "run", "--rules"]],
    "approaches": [
        ["approaches", "scenario.toml", "--jobs", "1", "--leverage", "--only", "optimised", "--only", "historical"]
    ],
    "score": [
        ["score", "scenario.toml", "kept.csv"],
        ["score", "scenario.toml", "broken.csv"],
        ["score", "scenario.toml", "pound.csv"],
    ],
    "compare": [
        ["compare", "scenario.toml", "historical.toml", "--jobs", "1"],
        ["compare", "scenario.toml", "historical.toml", "--jobs", "1", "--set", "risk.attitude=cvar"],
    ],
    "bridge": [
        ["bridge", "scenario.toml", "historical.toml", "--jobs", "1"],
        ["bridge", "scenario.toml", "scarce.toml", "--jobs", "1"],
    ],
    "sweep": [["sweep", "scenario.toml", "--vary", "budget.scale=0.1,1", "--jobs", "1"]],
    "sensitivity": [
        ["sensitivity", "scenario.toml", "--jobs", "1"],
        ["sensitivity", "dear.toml", "--ranges", "ranges.csv", "--jobs", "1"],
    ],
    "risk": [["risk", "uncertain.toml", "--draws", "100"]],
    "evidence": [
        ["evidence", "scenario.toml", "--draws", "2", "--jobs", "1"],
        ["evidence", "studied.toml", "--draws", "2", "--jobs", "1"],
    ],
    "verify": [["verify", "run"]],
    "sign": [["sign", "run", "--as", "analyst", "--name", "Ann Other"]],
    "check": [
        ["check", "scenario.toml"],
        ["check", "faulty.toml"],
        ["check", "scenario.toml", "--set", "budget.by_year.2004-05=200"],
    ],
    "check --dictionary": [["check", "--dictionary"]],
    "report": [["report", "run", "-o", "plan.html"], ["report", "run", "-o", "statements", "--each"]],
    "export": [["export", "run"]],
    "open": [["open", "run"]],
    "init": [["init", "begun"]],
    "import dfe-neet": [["import", "dfe-neet", "figures.csv", "-o", "imported"]],
    "models": [["models"]],
    "rules": [["rules"]],
    "No plan keeps the rules": [
        ["solve", "scenario.toml", "--set", "grants.floor=1.04", "--set", 'rules.off=["ceiling"]'],
    ],
    "Any other refusal": [["solve", "nosuch"], ["solve", "scenario.toml", "--set", "grants.flor=1"]],
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("place")
    tables = tiny_tables(targets=TARGETS, sources=SOURCES)
    tables["interventions"][0]["unit_cost"] = 3_000  # money is short
    tables["interventions"][1]["lag"] = 1  # what is served in the last year comes too late to count
    dear = {**tables["interventions"][0], "intervention": "dear", "name": "Dear", "unit_cost": 90_000}
    tables["interventions"].append(dear)
    tables["effects"].append({**tables["effects"][0], "intervention": "dear"})
    write_tables(folder / "tables", tables)
    write_tables(folder / "other", tiny_tables(years={"budget": -1}))
    few = [{**line, "fte": 0.1} for line in tables["workforce"]]
    write_tables(folder / "few", {**tables, "workforce": few})
    write_tables(folder / "studied", {**tables, **studied(tables)})
    dearer = [{**line, "unit_cost": 30_000} for line in tables["interventions"]]
    write_tables(folder / "dear", {**tables, "interventions": dearer})
    uncertain = [{**line, "unit_cost_se": 100} for line in tables["interventions"]]
    write_tables(folder / "uncertain", {**tables, "interventions": uncertain})
    texts = {
        "uncertain.toml": 'title = "Tiny"\ndata = "uncertain"\n',
        "dear.toml": 'title = "Tiny"\ndata = "dear"\n',
        "ranges.csv": "input,low,high\neffects.*.effect,0.5,1.5\n",
        "studied.toml": SETTINGS.replace('"tables"', '"studied"'),
        "few.toml": SETTINGS.replace('"tables"', '"few"'),
        "scenario.toml": SETTINGS,
        "historical.toml": HISTORICAL,
        "national.toml": SETTINGS.replace("[workforce]", "[workforce]\nmax_recruitment = 0.0"),
        "scarce.toml": SETTINGS.replace("floor = 0.9", "floor = 1.04"),
        "yearly.toml": 'extends = "scenario.toml"\n[certainty]\nkind = "year_on_year"\n',
        "bounded.toml": 'title = "Tiny"\ndata = "tables"\n[budget]\nscale = 3.0\n[grants]\nmax_rise = 0.05\n',
        "margin.toml": 'title = "Tiny"\ndata = "tables"\n',
        "faulty.toml": SETTINGS.replace('"tables"', '"other"'),
        "kept.csv": grants_csv(120_000, 80_000),
        "broken.csv": grants_csv(190_000, 5_000),
        "pound.csv": grants_csv(126_000.4, 73_999.6),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    dfe_paper.write(folder / "figures.csv", dfe_paper.all_rows())
    with contextlib.chdir(folder):
        for name, run in (("scenario", "run"), ("yearly", "yearly"), ("bounded", "bounded"), ("margin", "margin")):
            assert app.run(["solve", f"{name}.toml", "-o", run]) == 0
        yield folder


def studied(tables):
    """Effects with standard errors, and three studies of one of them."""
    effects = [{**line, "standard_error": 0.02} for line in tables["effects"]]
    return {"effects": effects, "studies": [study(f"s{n}", effect=0.05 * n, source="x") for n in (1, 2, 3)]}


def printed(words):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        app.run([*words, "--json"])
    return json.loads(out.getvalue())


def keys_of(value, at=""):
    """Every key with its value: a list goes by the key of its entries, which is EMPTY where it has none."""
    if isinstance(value, dict):
        for key, item in value.items():
            path = f"{at}.{key}" if at else key
            if not isinstance(item, list):
                yield path, item
            elif not item:
                yield f"{path}[]", EMPTY
            yield from keys_of(item, path)
    elif isinstance(value, list):
        for item in value:
            yield f"{at}[]", item
            yield from keys_of(item, f"{at}[]")


def pattern(path):
    return re.compile(re.sub(r"<\w+>", r"(?:.+)", re.escape(path).replace(r"\<", "<").replace(r"\>", ">")))


def is_of(value, kind):
    kinds = [part for name in kind.split(" or null") for part in re.split(", | or (?!false)", name) if part]
    allowed = [TYPES[name] for name in kinds] + ([type(None)] if kind.endswith("or null") else [])
    if isinstance(value, bool):
        return bool in allowed
    return any(isinstance(value, one) for one in allowed)


@pytest.mark.parametrize("command", KEYS)
def test_the_keys_found_are_those_documented(command, place):
    documented = {key.path: (pattern(key.path), key.kind) for key in KEYS[command]}
    seen = set()
    for words in TYPED[command]:
        for path, value in keys_of(printed(words)):
            names = [path] if path in documented else [n for n, (of, _) in documented.items() if of.fullmatch(path)]
            assert names, f"{path} is not documented"
            assert value is EMPTY or any(is_of(value, documented[name][1]) for name in names), (path, value)
            seen.update(names)
    # a list that is said to be empty here has entries elsewhere
    empty = tuple(f"{key.path}." for key in KEYS[command] if f"empty with {command.partition(' ')[2]}" in key.meaning)
    missing = {path for path in documented if path not in seen and "list" not in documented[path][1]}
    missing = {path for path in missing if not (empty and path.startswith(empty))}
    assert not missing


def test_every_command_with_json_is_documented():
    import typer

    from allocator.cli.app import app as program

    group = typer.main.get_command(program)
    leaves = {name: command for name, command in group.commands.items() if not hasattr(command, "commands")}
    for name, command in group.commands.items():
        leaves |= {f"{name} {part}": one for part, one in getattr(command, "commands", {}).items()}
    with_json = {name for name, command in leaves.items() if any("--json" in p.opts for p in command.params)}
    assert with_json == {
        name for name in leaves if any(title.split(" ")[: len(name.split())] == name.split() for title in KEYS)
    }


def test_an_undocumented_key_and_another_type_are_found():
    assert pattern("years[].places.<intervention>").fullmatch("years[].places.coaching")
    assert not pattern("years[].grant").fullmatch("years[].grants")
    assert dict(keys_of({"a": [{"b": 1}], "c": {"d": None}})) == {
        "a[]": {"b": 1},
        "a[].b": 1,
        "c": {"d": None},
        "c.d": None,
    }
    assert is_of(None, "number or null")
    assert not is_of(None, "number")
    assert not is_of(True, "number")
    assert is_of(True, "true or false")
    assert is_of("x", "number, text or list")
    assert not is_of("x", "whole number")
