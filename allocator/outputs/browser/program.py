"""The scripts of a page that solves again, joined: of the page itself, and of the worker beside it.

The modules are plain ES modules, to be read and tried one by one. A page that opens from a disk can load no modules,
so they are put one after another, each before those that import it, without their imports and exports.
"""

import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from allocator.outputs.browser.bundle import packed

WORKER = ("bundle", "bounds", "problem", "solver", "stages", "certificate", "conflict", "figures", "worker")
PAGE = ("bundle", "as_written", "words", "scenario", "drawing", "kept", "engine", "what_if")
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./[a-z_]+\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(async )?function|class|const|let)", re.MULTILINE)


def _folder() -> Any:
    return files("allocator.outputs.browser")


def joined(modules: tuple[str, ...]) -> str:
    """Give some modules as one script, in order."""
    folder = _folder()
    return "\n".join(
        _EXPORT.sub("", _IMPORT.sub("", folder.joinpath(f"{module}.js").read_text(encoding="utf-8")))
        for module in modules
    )


@cache
def page_script() -> str:
    """Give what the page runs, in a scope of its own."""
    return f'"use strict";\n{{\n{joined(PAGE)}\n}}\n'


@cache
def worker_script() -> str:
    """Give what the worker runs, packed: the solver's loader and the modules."""
    loader = _vendored("highs.js").decode()
    return packed(f"{loader}\n{joined(WORKER)}".encode())


@cache
def solver_binary() -> str:
    """Give the solver as WebAssembly, packed."""
    return packed(_vendored("highs.wasm"))


def versions() -> dict[str, Any]:
    """Give which solver it is: package, version, licence, and the SHA-256 of each file, as pinned."""
    found: dict[str, Any] = json.loads(_folder().joinpath("vendor", "vendored.json").read_text(encoding="utf-8"))
    return found


def _vendored(name: str) -> bytes:
    """Give a file of the solver. Raises ValueError where it is not the one that is pinned."""
    content: bytes = _folder().joinpath("vendor", name).read_bytes()
    if hashlib.sha256(content).hexdigest() != versions()["files"][name]:
        raise ValueError(f"vendor/{name} is not the file that is pinned in vendor/vendored.json")
    return content
