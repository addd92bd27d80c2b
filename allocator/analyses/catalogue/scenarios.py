"""The scenarios that come with the program, with the question that each answers. Imports nothing heavy."""

from __future__ import annotations

import tomllib

from allocator.results import Result, doc
from allocator.shipped import shipped_scenarios

FIRST = "settlement"  # the one that is used where none is named


class Model(Result):
    """A scenario that comes with the program."""

    name: str = doc("its name")
    title: str = doc("its title")
    question: str = doc("the question that it answers")


class ModelList(Result):
    """The scenarios that come with the program."""

    models: tuple[Model, ...] = doc("a scenario that comes with the program")


def shipped_models() -> ModelList:
    """Give all scenarios that come with the program: the default one first, then by name."""
    found = []
    for name, path in shipped_scenarios().items():
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        found.append(Model(name, values["title"], values["question"]))
    return ModelList(tuple(sorted(found, key=lambda model: (model.name != FIRST, model.name))))
