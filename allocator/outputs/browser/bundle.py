"""Numbers as a page carries them: typed arrays one after another, their places in a header, packed and as text.

bundle.js reads it back. A double stays the same double.
"""

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

ALIGNED = 8  # bytes: where an array of doubles may begin
_KINDS = {"f": "<f8", "i": "<i4"}  # as JavaScript's typed arrays have them


def bundled(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Give the bytes of a header and of arrays by name: the header's length, the header with each array's place,
    arrays.
    """
    places: dict[str, tuple[str, int, int]] = {}
    parts: list[bytes] = []
    at = 0
    for name, array in arrays.items():
        kind = "f" if array.dtype.kind == "f" else "i"
        content = np.ascontiguousarray(array, dtype=_KINDS[kind]).tobytes()
        places[name] = (kind, at, array.size)
        content += b"\0" * (-len(content) % ALIGNED)
        parts.append(content)
        at += len(content)
    head = json.dumps({**header, "arrays": places}, ensure_ascii=False, separators=(",", ":")).encode()
    head += b" " * (-(len(head) + 4) % ALIGNED)
    return len(head).to_bytes(4, "little") + head + b"".join(parts)


def packed(content: bytes) -> str:
    """Pack bytes as a page holds them: gzip, then base64. The same bytes give the same text."""
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()


def as_json(value: Any) -> str:
    """Give a value as JSON that may stand in a script element: no text in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
