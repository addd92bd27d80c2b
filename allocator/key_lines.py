"""The keys of a result as a page lists them: path, type, unit and meaning, from the fields of its classes alone."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from allocator.results import Documented, Result, keys_of

KINDS = {bool: "true or false", int: "whole number", float: "number", str: "text", Path: "text"}


@dataclass(frozen=True)
class KeyLine:
    """One key. path: from the top, dotted; [] stands for the entries of a list, a name in <> for names themselves.

    kind: text, number, whole number, true or false, object, list; `or null` added. unit: of numbers.
    """

    path: str
    kind: str
    unit: str
    meaning: str


def key_lines(kind: type[Result], at: str = "") -> Iterator[KeyLine]:
    """Give every key of a class of results and of the records within. at: what the paths begin with, `years[].`."""
    for said in keys_of(kind):
        value = getattr(kind, said.attribute, None)
        of = value.fget if isinstance(value, property) else kind
        hint = typing.get_type_hints(of)["return" if isinstance(value, property) else said.attribute]
        yield from _lines_of(said, hint, at)


def _lines_of(said: Documented, hint: object, at: str) -> Iterator[KeyLine]:
    kinds, null = _without_none(hint)
    path, unit = f"{at}{said.name}", f"{at}{said.unit[1:]}" if said.unit.startswith(".") else said.unit
    or_null = " or null" if null else ""
    (first, *more) = kinds
    if said.inline:
        yield from key_lines(_record(first), at)
    elif not more and _is(first, Mapping):
        entries = typing.get_args(first)[1]
        if "<" in said.name:
            value, value_null = _without_none(entries)
            yield KeyLine(path, _words(value) + (" or null" if value_null else ""), unit, said.meaning)
            return
        yield KeyLine(path, f"object{or_null}", "", said.meaning)
        name, its_unit, meaning = (part.strip() for part in said.entry.split("|"))
        value, value_null = _without_none(entries)
        yield KeyLine(f"{path}.{name}", _words(value) + (" or null" if value_null else ""), its_unit, meaning)
        yield from _within(value, f"{path}.{name}.")
    elif not more and _is(first, Sequence):
        entries, _ = _without_none(typing.get_args(first)[0])
        if null or said.entry:
            yield KeyLine(path, f"list{or_null}", "", said.meaning)
        yield KeyLine(f"{path}[]", _words(entries), unit, said.entry or said.meaning)
        yield from _within(entries, f"{path}[].")
    else:
        yield KeyLine(path, _words(kinds) + or_null, unit, said.meaning)
        if more and any(_is(one, Sequence) for one in kinds):
            yield KeyLine(f"{path}[]", "text", "", said.entry)
        yield from _within(kinds, f"{path}.")


def _within(kinds: tuple[object, ...], at: str) -> Iterator[KeyLine]:
    """Give the keys of records, each once where several may stand in a place."""
    seen: set[str] = set()
    for kind in kinds:
        if _is(kind, Result):
            for line in key_lines(_record(kind), at):
                if line.path not in seen:
                    seen.add(line.path)
                    yield line


def _without_none(hint: object) -> tuple[tuple[object, ...], bool]:
    """Give the members of a union, and whether None is one of them."""
    if isinstance(hint, typing.TypeAliasType):
        return _without_none(hint.__value__)
    members = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return tuple(one for one in members if one is not type(None)), type(None) in members


def _words(kinds: tuple[object, ...]) -> str:
    """Type in words: `number, text or list`; numbers of both kinds are numbers."""
    words = list(dict.fromkeys(_word(kind) for kind in kinds))
    if "number" in words and "whole number" in words:
        words.remove("whole number")
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def _word(kind: object) -> str:
    if typing.get_origin(kind) is typing.Literal:
        return "text"
    if _is(kind, Result) or _is(kind, Mapping):
        return "object"
    if isinstance(kind, type) and kind in KINDS:
        return KINDS[kind]
    if _is(kind, Sequence):
        return "list"
    raise TypeError(f"{kind} has no place in JSON")


def _is(kind: object, wanted: type) -> bool:
    origin = typing.get_origin(kind) or kind
    return isinstance(origin, type) and issubclass(origin, wanted) and origin is not str


def _record(kind: object) -> type[Result]:
    if not (isinstance(kind, type) and issubclass(kind, Result)):
        raise TypeError(f"{kind} is no record")
    return kind
