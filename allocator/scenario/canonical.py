"""Settings as TOML text: every effective setting, in one order, so that equal settings are equal text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from allocator.errors import InvalidInput
from allocator.scenario.settings import Section, Settings
from allocator.scenario.toml import parse


def canonical_toml(settings: Settings) -> str:
    """Give every effective setting as TOML, which settings_from_toml takes back; "none" for limits that are not in
    force.

    Of a path the last part alone stands in it: where a planner keeps files is nobody else's to know, and decides
    nothing.
    """
    return "\n".join(_table(settings, "")).lstrip("\n") + "\n"


def settings_from_toml(text: str) -> Settings:
    """Give the settings of canonical text, of which the paths are not looked for.

    Raises ValueError where it is none.
    """
    try:
        values = parse(text.encode(), "scenario.toml").values
    except InvalidInput as error:
        raise ValueError(str(error)) from None
    return Settings.model_validate(values)


_PATHS = ("data", "grants.file")


def base_name(path: str) -> str:
    """Give the last part of a path, however its folders are parted."""
    return path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1] or path


def _as_it_is(value: Any) -> Any:
    return value


def _table(section: Section, name: str) -> list[str]:
    lines = ["", f"[{name}]"] if name else []
    nested: list[str] = []
    for key, value in section:
        inner = f"{name}.{key}" if name else key
        if isinstance(value, Section):
            nested += _table(value, inner)
        elif isinstance(value, dict):
            kept = base_name if inner == "tables" else _as_it_is
            nested += [
                "",
                f"[{inner}]",
                *(f"{_text(entry)} = {toml_value(kept(value[entry]))}" for entry in sorted(value)),
            ]
        else:
            lines.append(f"{key} = {toml_value(base_name(value) if inner in _PATHS and value else value)}")
    return lines + nested


def toml_value(value: Any) -> str:
    """Give a value as TOML has it, None as "none"."""
    match value:
        case None:
            return '"none"'
        case bool():
            return str(value).lower()
        case str():
            return _text(value)
        case tuple():
            return f"[{', '.join(map(_text, value))}]"
        case _:
            # Adding 0 makes a negative zero a plain one, which is equal and so has to be the same text.
            return repr(value + 0)


def _text(text: str) -> str:
    """Give a TOML basic string; JSON's escapes are TOML's, but for the delete character, which TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# --- settings to be changed, in whichever way they are written, as the KEY=VALUE that a scenario records ---

Overrides = Sequence[str] | Mapping[str, Any]  # "grants.floor=0.95", or {"grants.floor": 0.95}


def as_texts(overrides: Overrides = (), named: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """Give settings as KEY=VALUE, in order, those named by keyword last.

    overrides: texts, or values by dotted key. named: values by key with `__` for the dot, `grants__floor`.
    """
    if isinstance(overrides, Mapping):
        texts = [f"{key}={override_text(value)}" for key, value in overrides.items()]
    else:
        texts = [overrides] if isinstance(overrides, str) else list(overrides)
    return (*texts, *(f"{key.replace('__', '.')}={override_text(value)}" for key, value in (named or {}).items()))


def override_text(value: Any) -> str:
    """Give a value as TOML has it: None as "none", numpy's numbers as Python's, a dict as an inline table."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{toml_value(str(key))} = {override_text(item)}' for key, item in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_text, value))}]"
    if hasattr(value, "item"):
        value = value.item()
    return toml_value(str(value) if isinstance(value, Path) else value)
