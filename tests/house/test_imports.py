"""The way of the data is one direction; the imports are read, not run."""

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.helpers.trees import PACKAGE, modules, tree_of

ORDER = (
    *("register", "tables", "scenario", "programme", "solving", "no_plan", "recompute", "runs", "what_if"),
    *("outputs", "analyses", "imports", "cli"),
)
# Neither rests on the other: one asks the solver why there is no plan, the other knows no solver.
APART = {frozenset(("no_plan", "recompute"))}
FOR_ALL = (
    "errors",
    "faults",
    "units",
    "tolerances",
    "time_left",
    "cores",
    "delayed",
    "shipped",
    "results",
    "key_lines",
)
# api.py ties the stages together for the library and the command line; __init__.py hands its names on, and
# __main__.py is the process.
ABOVE = ("api", "__init__", "__main__")
# What checks a plan.
CHECKERS = (
    *sorted((PACKAGE / "recompute").glob("*.py")),
    PACKAGE / "runs" / "problem.py",
    *sorted((PACKAGE / "runs" / "verify").glob("*.py")),
)
# Calls that are no code of ours and draw in a solver.
SOLVERS = ("pulp", "highspy")


def named(path, *, types=False):
    """Every module that a file imports, at any depth; those for types alone only if asked."""
    tree = tree_of(path)
    for_types = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            for_types |= set(map(id, ast.walk(node)))
    for node in ast.walk(tree):
        if id(node) in for_types and not types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(module):
    """The top-level part of the package that a module belongs to: tables, scenario, errors …"""
    return module.split(".")[1] if module.startswith("allocator.") else None


def test_there_are_modules_to_look_at():
    assert len(modules()) > 20
    assert len(CHECKERS) > 8


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_from_its_left_only(path):
    place = path.relative_to(PACKAGE).parts
    own = place[0] if len(place) > 1 else path.stem
    if own in ABOVE:
        return
    reached = {part(module) for module in named(path, types=own not in FOR_ALL)} - {None, own}
    if own in FOR_ALL:
        # errors name the faults that they carry, for types alone
        assert reached <= set(FOR_ALL)
        return
    allowed = {*ORDER[: ORDER.index(own)], *FOR_ALL}
    allowed -= {other for other in allowed if frozenset((own, other)) in APART}
    if own == "cli":
        allowed.add("api")
    assert reached <= allowed, f"{own} imports {reached - allowed}"


def test_every_part_of_the_package_has_its_place_in_the_order():
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert folders <= set(ORDER)


def test_no_module_imports_itself_by_way_of_others():
    names = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__") for path in modules()
    }
    imports = {}
    for path in modules():
        own = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        found = set(named(path)) & names
        # `from a.b import c` names a.b as well as a.b.c: where c is a module, c alone is meant
        deeper = {".".join(module.split(".")[:-1]) for module in found}
        imports[own] = found - (deeper if path.name != "__init__.py" else set()) - {own}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as cycle:
        pytest.fail(" imports ".join(reversed(cycle.args[1])))


@pytest.mark.parametrize("path", CHECKERS, ids=lambda path: path.stem)
def test_what_checks_a_plan_shares_nothing_with_what_makes_it(path):
    for module in named(path):
        assert module.split(".")[0] not in SOLVERS
        assert part(module) not in ("programme", "no_plan", "what_if")
        assert part(module) != "solving" or module.startswith("allocator.solving.solution")


def test_one_module_alone_imports_the_solver():
    importing = {
        str(path.relative_to(PACKAGE)) for path in modules() if any(m.split(".")[0] == "highspy" for m in named(path))
    }
    assert importing == {"solving/session.py"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_faces_print(path):
    prints = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not prints or path.relative_to(PACKAGE).parts[0] in ("outputs", "cli"), prints


def test_the_tables_are_read_without_pandas():
    own = PACKAGE / "tables" / "frames.py"  # for who brings frames, or asks for them
    for path in set((PACKAGE / "tables").rglob("*.py")) - {own}:
        assert "pandas" not in {module.split(".")[0] for module in named(path)}
