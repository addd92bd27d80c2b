"""How every command tells what it found."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from allocator.errors import NotWritten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Found(Protocol):
    """A result that has documented keys."""

    def as_dict(self) -> dict[str, Any]:
        """The result with its documented keys, for JSON."""


def tell[Result: Found](found: Result, face: Callable[[Result], None], *, as_json: bool) -> None:
    """Prints a result: as JSON and nothing else where that was asked for, else as its face prints it."""
    from allocator.outputs import json

    if as_json:
        json.write(found.as_dict())
    else:
        face(found)


@contextmanager
def told_anyway(face: Callable[[Any], None], *, as_json: bool) -> Iterator[None]:
    """Where the file of a result cannot be written, the result is printed all the same, and then the error."""
    try:
        yield
    except NotWritten as error:
        tell(error.result, face, as_json=as_json)
        raise
