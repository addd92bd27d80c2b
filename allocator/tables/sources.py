"""How far the inputs of a data set are published, derived or assumed, from its table of sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from allocator.results import Result, doc

Status = Literal["published", "derived", "assumed"]
WEAKEST_FIRST: tuple[Status, ...] = ("assumed", "derived", "published")


class InputStatus(Result):
    """Input columns by the weakest status of any of their parts; all empty where the data set has no sources.

    A column of which a part is assumed counts as assumed, so no column is counted twice.
    """

    assumed: tuple[str, ...] = doc("an input column, as table.column, that is assumed, in whole or in part")
    derived: tuple[str, ...] = doc("one that is derived, and in no part assumed")
    published: tuple[str, ...] = doc("one that is published throughout")

    @property
    def total(self) -> int:
        """How many input columns have a source named."""
        return len(self.assumed) + len(self.derived) + len(self.published)


def input_status(tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> InputStatus:
    """Give the status of every input column that the sources table names.

    tables: as DataSet.tables. Rows of sources: table, column, part (blank: all), status.
    """
    found: dict[str, set[str]] = {}
    for row in tables.get("sources", ()):
        found.setdefault(f"{row['table']}.{row['column']}", set()).add(row["status"])
    weakest = {
        column: next(status for status in WEAKEST_FIRST if status in statuses) for column, statuses in found.items()
    }
    lists = {status: tuple(column for column, of in weakest.items() if of == status) for status in WEAKEST_FIRST}
    return InputStatus(lists["assumed"], lists["derived"], lists["published"])
