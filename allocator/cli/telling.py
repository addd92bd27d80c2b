"""How every command tells what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from allocator.errors import NotWritten
from allocator.results import Result


def tell[Found: Result](found: Found, face: Callable[[Found], None], *, as_json: bool) -> None:
    """Print a result: as JSON and nothing else where that was asked for, else as its face prints it."""
    from allocator.outputs import json

    if as_json:
        json.write(found.to_dict())
    else:
        face(found)


@contextmanager
def told_anyway(face: Callable[[Any], None], *, as_json: bool) -> Iterator[None]:
    """Print a result all the same where its file cannot be written, and then raise the error."""
    try:
        yield
    except NotWritten as error:
        tell(error.result, face, as_json=as_json)
        raise
