"""The modules of the package as syntax trees, each parsed once a process: several tests read them all."""

import ast
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "allocator"


@cache
def modules():
    return sorted(path for path in PACKAGE.rglob("*.py") if "_shipped" not in path.parts)


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))
