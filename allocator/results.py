"""A result: a frozen record whose fields say, once, what they hold.

From them come the keys of ``--json`` and the page that lists them, the frames of a notebook, and what a notebook shows.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, dataclass_transform

if TYPE_CHECKING:
    import pandas as pd

LINES = 6  # of a repr
WIDTH = 100
TEXT = 40  # characters of a text that are shown
FEW = 3  # items of a list that are shown themselves
ROWS_SHOWN = 10  # of each frame in a notebook
WHOLE = 1e5  # from which a number is shown without decimals

_order = count()


@dataclass(frozen=True)
class Documented:
    """What is said of one key. name: in JSON; a part in <> stands for the keys of a mapping, which are spread.

    attribute: of the class. unit: blank where it is no number; `.unit` is the key `unit` beside it. entry: of a list
    that may be missing, or of a mapping (`<grade> | FTE | of one grade`), what one entry is. inline: whether the keys
    of the record stand where the record would.
    """

    name: str
    attribute: str
    meaning: str
    unit: str
    entry: str
    inline: bool
    order: int


def doc(meaning: str, unit: str = "", *, name: str = "", entry: str = "", inline: bool = False, **more: Any) -> Any:
    """Give a field that is a key: arguments as Documented; more as dataclasses.field takes it, such as a default."""
    return field(metadata={"said": (meaning, unit, name, entry, inline, next(_order))}, **more)


def documented[Get: Callable[..., Any]](
    meaning: str, unit: str = "", *, name: str = "", entry: str = "", inline: bool = False
) -> Callable[[Get], Get]:
    """Give a property that is a key, beside the fields: stands below @property. Arguments as Documented."""

    def said(get: Get) -> Get:
        get.__dict__["said"] = (meaning, unit, name, entry, inline, next(_order))
        return get

    return said


class Brief:
    """A record that is shown in a few lines, whatever arrays it holds; its class is a dataclass without a repr."""

    def __repr__(self) -> str:
        """Say in a few lines what it holds."""
        said = (f"{name}={_short(getattr(self, name))}" for name in getattr(self, "__dataclass_fields__", {}))
        return few_lines(f"{type(self).__name__}({', '.join(said)})")


@dataclass_transform(frozen_default=True, field_specifiers=(doc, field))
class Result:
    """What the program found out. Each class of results is a frozen dataclass; doc and documented make its keys."""

    def __init_subclass__(cls, *, eq: bool = True, kw_only: bool = False) -> None:
        """Make the class a frozen dataclass. eq: False where it holds arrays. kw_only: as dataclass takes it."""
        super().__init_subclass__()
        dataclass(frozen=True, repr=False, eq=eq, kw_only=kw_only)(cls)

    def to_dict(self) -> dict[str, Any]:
        """Give the result under its documented keys: text, numbers, lists and dicts, as ``--json`` prints it."""
        found: dict[str, Any] = {}
        for said in keys_of(type(self)):
            value = getattr(self, said.attribute)
            if said.inline:
                found |= value.to_dict()
            elif "<" in said.name:
                before, after = re.split("<.*>", said.name)
                found |= {f"{before}{name}{after}": plain(item) for name, item in value.items()}
            else:
                found[said.name] = plain(value)
        return found

    def main_table(self) -> dict[str, list[Any]]:
        """Give its main table as columns of one length; None is a blank."""
        found = self.to_dict()
        rows = next(iter(_tables(found).values()), [_flat(found)])
        return {column: [row.get(column) for row in rows] for column in dict.fromkeys(c for row in rows for c in row)}

    @property
    def frame(self) -> pd.DataFrame:
        """Its main table as a pandas frame."""
        import pandas as pd

        return pd.DataFrame(self.main_table())

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """Every list of its keys as a pandas frame, by the name of the key; a list within a list has both names."""
        import pandas as pd

        return {name: pd.DataFrame(rows) for name, rows in _tables(self.to_dict()).items()}

    def __repr__(self) -> str:
        """Say in a few lines what it holds."""
        said = (f"{key.attribute}={_short(getattr(self, key.attribute))}" for key in keys_of(type(self)))
        return few_lines(f"{type(self).__name__}({', '.join(said)})")

    def _repr_html_(self) -> str:
        """Give what a notebook shows: single values with their units, then the first rows of each table."""
        units = {said.name: said.unit for said in keys_of(type(self))}
        single = [(name, value, units.get(name, "")) for name, value in _flat(self.to_dict()).items()]
        return in_html(type(self).__name__, single, self.frames)


_keys: dict[type, tuple[Documented, ...]] = {}


def keys_of(kind: type[Result]) -> tuple[Documented, ...]:
    """Give the keys of a class as they were written; one that is said again takes the place of the old."""
    if kind in _keys:
        return _keys[kind]
    found: dict[str, Documented] = {}
    for base in reversed(kind.__mro__):
        own = [(name, made.metadata.get("said")) for name, made in getattr(base, "__dataclass_fields__", {}).items()]
        own += [(name, getattr(value.fget, "said", None)) for name, value in vars(base).items() if _is_property(value)]
        for attribute, said in own:
            if said is not None:
                meaning, unit, name, entry, inline, order = said
                name = name or attribute
                order = found[name].order if name in found else order
                found[name] = Documented(name, attribute, meaning, unit, entry, inline, order)
    return _keys.setdefault(kind, tuple(sorted(found.values(), key=lambda one: one.order)))


def _is_property(value: object) -> bool:
    return isinstance(value, property)


def plain(value: Any) -> Any:
    """Give a value as JSON has it: records and mappings as dicts, sequences as lists, a path as its text."""
    if isinstance(value, Result):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value


def few_lines(said: str) -> str:
    """Give a text in at most a few lines."""
    return "\n".join(textwrap.wrap(said, WIDTH, subsequent_indent="    ", max_lines=LINES, placeholder=" …)"))


def in_html(title: str, single: list[tuple[str, Any, str]], frames: Mapping[str, pd.DataFrame]) -> str:
    """Give a heading, single values as (name, value, unit), and the first rows of some frames."""
    rows = "".join(
        f"<tr><th scope='row'>{escape(name)}</th><td>{escape(_shown(value))}</td><td>{escape(unit)}</td></tr>"
        for name, value, unit in single
    )
    parts = [f"<p><b>{escape(title)}</b></p>", f"<table><tbody>{rows}</tbody></table>" if rows else ""]
    for name, frame in frames.items():
        more = f", the first {ROWS_SHOWN} of {len(frame)} rows" if len(frame) > ROWS_SHOWN else ""
        table = frame.head(ROWS_SHOWN).to_html(index=False, border=0, na_rep="", float_format=_number)
        parts.append(f"<p>{escape(name)}{more}</p>{table}")
    return "".join(parts)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "–" if value is None or value == "" else str(value)


def _number(value: float) -> str:
    """Give a number with six digits, but whole ones with all, and no power of ten where it is large."""
    return f"{value:,.0f}" if abs(value) >= WHOLE or value == round(value) else f"{value:,.6g}"


def _short(value: Any) -> str:
    if isinstance(value, str | Path):
        return repr(textwrap.shorten(str(value), TEXT, placeholder=" …"))
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, Result):
        return f"{type(value).__name__}(…)" if len(keys_of(type(value))) > 3 else " ".join(repr(value).split())
    if isinstance(value, Brief):
        return f"{type(value).__name__}(…)"
    if hasattr(value, "shape"):
        return f"array{list(value.shape)}"
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, Mapping):
        return f"{{{len(value)} keys}}" if value else "{}"
    if isinstance(value, tuple | list):
        if 0 < len(value) <= FEW and all(isinstance(item, str | int | float) for item in value):
            return f"[{', '.join(map(_short, value))}]"
        return f"[{len(value)} {type(value[0]).__name__}]" if value else "[]"
    return repr(value)


def _flat(found: Mapping[str, Any], at: str = "") -> dict[str, Any]:
    """Give single values, also those of records within; lists of rows are left out."""
    row: dict[str, Any] = {}
    for name, value in found.items():
        if isinstance(value, Mapping):
            row |= _flat(value, f"{at}{name}.")
        elif not _is_table(value):
            row[f"{at}{name}"] = value
    return row


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _tables(found: Mapping[str, Any], at: str = "", above: Mapping[str, Any] | None = None) -> dict[str, list[Any]]:
    """Give every list of rows by its dotted name; each row begins with the names of the row that it stands in."""
    tables: dict[str, list[Any]] = {}
    for name, value in found.items():
        path = f"{at}{name}"
        if isinstance(value, Mapping):
            tables |= _tables(value, f"{path}.", above)
        elif _is_table(value):
            for row in value:
                flat = _flat(row)
                tables.setdefault(path, []).append(
                    {(f"{at}{k}" if k in flat else k): v for k, v in (above or {}).items()} | flat
                )
                names = {k: v for k, v in flat.items() if isinstance(v, str)}
                for inner, rows in _tables(row, f"{path}.", names).items():
                    tables.setdefault(inner, []).extend(rows)
    return tables
