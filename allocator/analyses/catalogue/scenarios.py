"""The scenarios that come with the program, with the question that each answers. Imports nothing heavy."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from allocator.shipped import shipped_scenarios

FIRST = "settlement"  # the one that is used where none is named


@dataclass(frozen=True)
class Model:
    """A scenario that comes with the program."""

    name: str
    title: str
    question: str

    def as_dict(self) -> dict[str, str]:
        """The model with its documented keys, for JSON."""
        return {"name": self.name, "title": self.title, "question": self.question}


def shipped_models() -> tuple[Model, ...]:
    """All scenarios that come with the program: the default one first, then by name."""
    found = []
    for name, path in shipped_scenarios().items():
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        found.append(Model(name, values["title"], values["question"]))
    return tuple(sorted(found, key=lambda model: (model.name != FIRST, model.name)))
