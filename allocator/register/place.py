"""Where a row of a rule stands: its key, with a name for every part of it."""

from __future__ import annotations

from dataclasses import dataclass

PARTNERSHIP, REGION, NATIONAL = "partnership", "region", "national"  # the scopes that a table may name


@dataclass(frozen=True, slots=True)
class Place:
    """The key of a row. Blank where a part says nothing.

    partnership: key of the partnership whose row it is. year: the financial year. scope: national, region or
    partnership, of a rule whose table says for whom it holds. detail: what else names the row, such as a grade, a
    channel or, after the scope region, the region.
    """

    partnership: str = ""
    year: str = ""
    scope: str = ""
    detail: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The parts that say something, in order: what the row goes by in the problem's files."""
        return tuple(filter(None, (self.partnership, self.year, self.scope, *self.detail)))

    @property
    def rest(self) -> str:
        """What names the row beside partnership and year, as the table of rules shows it."""
        return "|".join(filter(None, (self.scope, *self.detail)))

    @property
    def region(self) -> tuple[str, ...]:
        """The region that the row is of, where it is of one."""
        return self.detail[:1] if self.scope == REGION else ()

    @property
    def of_one(self) -> bool:
        """Whether the row is one partnership's."""
        return bool(self.partnership)

    def covers(self, partnership: str, region: str) -> bool:
        """Say whether the row is of a partnership, in its region, alone or among others."""
        if self.partnership:
            return self.partnership == partnership
        return self.scope != REGION or self.region == (region,)

    def __str__(self) -> str:
        """Give its words, as messages show them."""
        return "|".join(self.words)

    @classmethod
    def of_scope(cls, scope: str, name: str, year: str, more: tuple[str, ...] = ()) -> Place:
        """Give the place of a row that a table asks of a scope: the nation, a region, or a partnership.

        more: what else names the row.
        """
        if scope == PARTNERSHIP:
            return cls(name, year, scope, more)
        return cls("", year, scope, (name, *more) if name else more)
