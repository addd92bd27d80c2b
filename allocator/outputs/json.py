"""What a command prints as JSON: compact, keys in their documented order, no NaN, no infinity, no -0.0."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any, TextIO


def text(value: Any) -> str:
    """Give a result as one line of JSON.

    Takes dicts, sequences, text, numbers (numpy's too), booleans and None; keys keep their order.
    Raises ValueError for NaN and infinities, TypeError for anything else.
    """
    return json.dumps(_plain(value), allow_nan=False, separators=(",", ":"))


def write(value: Any, stream: TextIO | None = None) -> None:
    """Write a result as one line of JSON, to standard output unless a stream is given."""
    print(text(value), file=stream if stream is not None else sys.stdout)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        # A lone surrogate (from undecodable bytes in a file name) cannot be encoded as UTF-8.
        return value.encode("utf-8", "replace").decode("utf-8")
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value + 0.0  # turns -0.0 into 0.0 and nothing else
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    raise TypeError(f"{type(value).__name__} has no place in JSON")
