"""What each setting takes, in words, read from the settings' own types."""

from __future__ import annotations

import math
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeGuard, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from allocator.scenario.settings import NameIn, Section, Settings
from allocator.tables.columns import TABLES

_PLAIN = {bool: "true or false", int: "a whole number", float: "a number", str: "text in quotes"}


@cache
def setting_names() -> tuple[str, ...]:
    """Give the dotted name of every setting that has a value of its own, in the order of the file."""
    return tuple(_names(Settings, ""))


@cache
def section_names() -> tuple[str, ...]:
    """Give the name of every section of the file, in its order; nested ones have their own."""
    return tuple(dict.fromkeys(name.rpartition(".")[0] for name in setting_names() if "." in name))


def wanted(key: tuple[str, ...]) -> str:
    """Give what a setting takes: "a number from 0 to 1, or "none"". A key of no setting takes what its table does."""
    return _in_words(_annotation(key))


def names_cells(path: tuple[str, ...]) -> bool:
    """Say whether a dotted key names cells of a table; a setting goes before a table of its section's name."""
    section = getattr(Settings.model_fields.get(path[0]), "annotation", None) if path else None
    is_setting = len(path) > 1 and path[1] in getattr(section, "model_fields", ())
    return bool(path) and path[0] in TABLES and not is_setting


def choices(key: tuple[str, ...]) -> tuple[str, ...]:
    """Give the words that a setting takes, where it takes one of a few."""
    annotation = _annotation(key)
    return _named_in(annotation) or get_args(annotation)


def kind(key: tuple[str, ...]) -> str:
    """Give what a setting's value is: "text", "list", "true/false", or "other" for numbers, tables and no settings."""
    return _kind(_annotation(key))


def greatest(key: tuple[str, ...]) -> float:
    """Give the largest number that a setting takes; infinite where its type names none."""
    return min(_upper_ends(_annotation(key)), default=math.inf)


def _upper_ends(annotation: Any) -> list[float]:
    parts = get_args(annotation)
    bounds = [bound for about in parts if isinstance(about, FieldInfo) for bound in about.metadata]
    here = [float(bound.le) for bound in bounds if hasattr(bound, "le")]
    return here + [end for part in parts if get_args(part) for end in _upper_ends(part)]


def _kind(annotation: Any) -> str:
    if annotation is str or get_origin(annotation) is Literal:
        return "text"
    if annotation is bool:
        return "true/false"
    if get_origin(annotation) is tuple:
        return "list"
    kinds = {_kind(part) for part in get_args(annotation) if isinstance(part, type) or get_origin(part) is not None}
    return kinds.pop() if len(kinds) == 1 and get_origin(annotation) is not dict else "other"


def _names(section: type[Section], before: str) -> list[str]:
    names = []
    for name, field in section.model_fields.items():
        nested: Any = field.annotation
        if _is_section(nested):
            names += _names(nested, f"{before}{name}.")
        else:
            names.append(f"{before}{name}")
    return names


def _is_section(annotation: Any) -> TypeGuard[type[Section]]:
    return isinstance(annotation, type) and issubclass(annotation, Section)


def _annotation(key: tuple[str, ...]) -> Any:
    """Give the type that a key's value has to have; a name within a table of names has that of its entries."""
    found: Any = Settings
    for name in key:
        if _is_section(found):
            found = get_type_hints(found, include_extras=True).get(name, found)
        elif (entries := _entries(found)) is not None:
            found = entries
    return found


def _entries(annotation: Any) -> Any:
    """Give the type of the entries of a table of names, or of what may be one; None where it is neither."""
    if get_origin(annotation) is dict:
        return get_args(annotation)[1]
    if get_origin(annotation) in (Annotated, Union, UnionType):
        return next((entries for part in get_args(annotation) if (entries := _entries(part)) is not None), None)
    return None


def _named_in(annotation: Any) -> tuple[str, ...]:
    """Give the names of the records that a setting may name; none where it takes anything else."""
    return tuple(name for about in get_args(annotation) if isinstance(about, NameIn) for name in about.records)


def _in_words(annotation: Any) -> str:
    names = _named_in(annotation)
    if names:
        return f"{', '.join(names[:-1])} or {names[-1]}"
    parts = get_args(annotation)
    if NoneType in parts:
        return f'{_in_words(parts[0])}, or "none"'
    origin = get_origin(annotation)
    if origin is Annotated:
        bounds = [bound for about in parts[1:] if isinstance(about, FieldInfo) for bound in about.metadata]
        return _in_words(parts[0]) + _range(bounds)
    if origin in (Union, UnionType):
        return f"{_in_words(parts[0])}, or one by year"
    if origin is Literal:
        return f"{', '.join(parts[:-1])} or {parts[-1]}"
    if origin is dict:
        return f"a table of names, each with {_in_words(parts[1])}"
    if origin is tuple:
        return 'a list of names, such as ["target"]'
    return _PLAIN.get(annotation, "a table")


def _range(bounds: list[Any]) -> str:
    """Give the range in words; the lengths of texts are no range."""
    sides = (("ge", "from {:,}"), ("gt", "above {:,}"), ("le", "to {:,}"), ("lt", "and below {:,}"))
    return "".join(
        f" {words.format(getattr(bound, side))}" for side, words in sides for bound in bounds if hasattr(bound, side)
    )
