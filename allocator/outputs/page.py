"""Pages that open by a double click: one file, no network, a strict policy, and all that is shown escaped.

A page is a list of sections, each with its heading, paragraphs, tables and charts; the template lays them out. Style
and script stand in the page and are named by their digest in its Content-Security-Policy, so that nothing else runs.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

from allocator.errors import UsageError
from allocator.outputs.browser import program
from allocator.outputs.browser.as_written import as_written
from allocator.outputs.browser.bundle import packed
from allocator.outputs.browser.part import CheckHere, WhatIf
from allocator.outputs.charts import png_of, svg_of, titled

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = "allocator.outputs"
YEAR = re.compile(r"\b(\d{4}-\d\d)\b")
WRITTEN = "@written@"  # where what a page says stands in it, packed, once the page is made
Align = Literal["left", "right"]


@dataclass(frozen=True)
class Cell:
    """One cell of a table. shown: as a person reads it. value: what it is sorted by; None sorts last. href: a place
    in the page that it leads to. mark: a class that says what kind of figure it is, beside its words.
    """

    shown: str
    value: float | str | None = None
    href: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Heading:
    """The head of a column: what it holds, in which unit, and on which side it stands."""

    name: str
    unit: str = ""
    align: Align = "right"


@dataclass(frozen=True)
class Table:
    """A table of a page: a caption that says what it shows, heads with units, one head a row.

    key: unlike any other in the page. live: whether readers may sort it, search it and take it away as CSV.
    groups: the value of each row by which a reader may filter, such as its region. totals: rows that stay below.
    anchors: an id for each row, to which the map leads.
    """

    key: str
    caption: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[tuple[Cell, ...], ...] = ()
    live: bool = False
    group_name: str = ""
    groups: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    wide: bool = False

    @property
    def group_values(self) -> list[str]:
        """The values of groups, each once, in order."""
        return sorted(set(self.groups))


@dataclass(frozen=True)
class PageColumn:
    """A column of a table to be made: its head, a cell a row (its text, where that is all), and what stands below."""

    name: str
    unit: str
    cells: Iterable[Cell | str]
    total: Cell | str = ""
    align: Align = "right"
    mark: str = ""  # of cells that are text


def words(name: str, cells: Iterable[Cell | str], unit: str = "", *, total: str = "", mark: str = "") -> PageColumn:
    """Give a column of words, which stand on the left."""
    return PageColumn(name, unit, cells, total, "left", mark)


def by_columns(key: str, caption: str, *columns: PageColumn, **more: Any) -> Table:
    """Give a table of some columns, all of one length, with a row of totals where one has any. more: as Table."""
    cells = ([one if isinstance(one, Cell) else Cell(one, mark=of.mark) for one in of.cells] for of in columns)
    totals = tuple(of.total if isinstance(of.total, Cell) else Cell(of.total) for of in columns)
    return Table(
        key,
        caption,
        tuple(Heading(of.name, of.unit, of.align) for of in columns),
        tuple(zip(*cells, strict=True)),
        totals=(totals,) if any(of.total for of in columns) else (),
        **more,
    )


@dataclass(frozen=True)
class Chart:
    """A chart of a page: its message, what it measures, the picture, and the figures behind it as a table.

    drawn: an Altair chart. pieces: the same in several charts, each with its name, where a printed page has no room
    for it whole; only pages show these.
    """

    key: str
    message: str  # at most ten words, made from the figures
    subtitle: str  # measure, unit, place, period
    drawn: Any
    table: Table | None
    source: str = ""
    pieces: tuple[tuple[str, Any], ...] = ()

    @property
    def svg(self) -> str:
        """The picture as it stands in a page."""
        if not self.pieces:
            return svg_of(self.drawn, self.key, self.message, self.subtitle)
        return "".join(
            svg_of(drawn, f"{self.key}-{n}", f"{self.message}: {name}", self.subtitle)
            for n, (name, drawn) in enumerate(self.pieces, start=1)
        )

    @property
    def alone(self) -> str:
        """The picture as a file of its own, its message and what it measures above it."""
        return svg_of(
            titled(self.drawn, self.message, self.subtitle), self.key, self.message, self.subtitle, in_page=False
        )

    @property
    def png(self) -> bytes:
        """The picture as PNG, likewise."""
        return png_of(titled(self.drawn, self.message, self.subtitle))


@dataclass(frozen=True)
class Tile:
    """A square of a tile map: a code of a few letters, the figure as text, its class from 1 to 7, where it leads."""

    code: str
    name: str
    shown: str
    shade: int
    column: int
    row: int
    href: str


@dataclass(frozen=True)
class TileMap:
    """A map of squares, one a partnership, in reading order. legend: what each shade stands for."""

    key: str
    message: str
    subtitle: str
    tiles: tuple[Tile, ...]
    columns: int
    legend: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Fact:
    """A key fact: a figure, what it counts, and a line below it."""

    figure: str
    of: str
    note: str = ""


@dataclass(frozen=True)
class Command:
    """A command that can be pasted into a terminal."""

    text: str


@dataclass(frozen=True)
class Section:
    """A section of a page. parts, in order: paragraphs (text), lists (tuples of text), facts, tables, charts, maps,
    commands.
    """

    key: str
    heading: str
    parts: tuple[Any, ...]
    page_break: bool = False


@dataclass(frozen=True)
class Page:
    """A page as a reader sees it: title, lead sentences, sections, and what stands at its foot."""

    title: str
    kicker: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...]
    running: str  # what stands at the foot of every printed page
    contents: bool = True
    links: tuple[tuple[str, str], ...] = field(default=())  # text and address, above the title


def require_pages(option: str) -> None:
    """Raise UsageError, before any work is done, where what lays pages out is not installed."""
    if not find_spec("jinja2"):
        raise UsageError(
            option, "Jinja2 is not installed", "the extra `report`", "pip install 'neet-allocator[report]'"
        )


def html(page: Page) -> str:
    """Give the page as one HTML file."""
    parts = (part for section in page.sections for part in section.parts)
    solver = next((part for part in parts if isinstance(part, WhatIf)), None)
    fixed, printed = _fixed(solves=solver is not None), _at_the_foot(page.running)
    policy = (
        f"default-src 'none'; style-src {fixed['style_digest']} {_digest(printed)}; "
        f"script-src {fixed['allowed']}; base-uri 'none'; form-action 'none'"
    )
    template = _environment().get_template("page.html.j2")
    made = template.render(page=page, policy=policy, printed=printed, solver=solver, written=WRITTEN, **fixed)
    if solver is None:
        return made
    before, _, after = made.rpartition(WRITTEN)
    return f"{before}{packed(as_written(made).encode())}{after}"


def _at_the_foot(text: str) -> str:
    """Give the style that puts a text, and the page's number, at the foot of every printed page."""
    # whatever is no plain letter is written as its number, so that no text ends the string or the style
    safe = "".join(c if c.isascii() and (c.isalnum() or c == " ") else f"\\{ord(c):x} " for c in text)
    look = "font: 8pt Arial, Helvetica, sans-serif; color: #505a5f;"
    return (
        f'@page {{ @bottom-left {{ content: "{safe}"; {look} }} '
        f'@bottom-right {{ content: counter(page) " of " counter(pages); {look} }} }}'
    )


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _fixed(*, solves: bool) -> dict[str, str]:
    """Give style, scripts and policy. solves: whether the page solves again.

    Then its policy lets WebAssembly be made, which no other word of it allows, and a worker of what the page holds;
    text is never run as a script, and nothing is let out or in, whatever the page does.
    """
    folder = files(TEMPLATES) / "templates"
    # a text node of <style> and <script> is hashed as it stands between the tags
    style, script, more = (
        folder.joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "page.js", "what_if.css")
    )
    solving = program.page_script() if solves else ""
    style += more if solves else ""
    allowed = (
        f"{_digest(script)} {_digest(solving)} 'wasm-unsafe-eval'; worker-src blob:" if solves else _digest(script)
    )
    return {"style": style, "script": script, "solving": solving, "style_digest": _digest(style), "allowed": allowed}


def _years_whole(text: str) -> str:
    """Give a text as HTML in which no financial year is broken at its hyphen."""
    from markupsafe import Markup

    year = Markup('<span class="year">{}</span>')
    return Markup("").join(year.format(part) if at % 2 else part for at, part in enumerate(YEAR.split(text)))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=PackageLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["as_it_is"] = Markup  # for what is made here: the style, the script and the charts
    made.filters["years_whole"] = _years_whole
    made.tests["paragraph"] = lambda part: isinstance(part, str)
    made.tests["bullets"] = lambda part: isinstance(part, tuple) and all(isinstance(one, str) for one in part)
    made.tests["facts"] = lambda part: isinstance(part, tuple) and all(isinstance(one, Fact) for one in part)
    made.tests["chart"] = lambda part: isinstance(part, Chart)
    made.tests["command"] = lambda part: isinstance(part, Command)
    made.tests["table"] = lambda part: isinstance(part, Table)
    made.tests["what_if"] = lambda part: isinstance(part, WhatIf)
    made.tests["check_here"] = lambda part: isinstance(part, CheckHere)
    made.tests["tile_map"] = lambda part: isinstance(part, TileMap)
    return made


def codes_of(names: Sequence[str]) -> tuple[str, ...]:
    """Give a code of four letters for each name, unlike all others: the first letters of its words, longer where alike.

    A single word gives its first four letters; of several, the first two of each of the first two.
    """
    found: dict[str, str] = {}
    for name in names:
        words = [word for word in name.replace("-", " ").replace("'", "").split() if word.lower() not in _SMALL_WORDS]
        words = words or [name]
        if len(words) == 1:
            tries = [words[0][:4], *(words[0][:3] + letter for letter in words[0][4:])]
        else:
            first, second, last = words[0], words[1], words[-1]
            tries = [first[:2] + second[:2], first[:2] + last[:2], first[:3] + second[:1], first[:1] + second[:3]]
            tries += [first[:2] + second[:1] + letter for letter in second[2:]]
        tries += [f"{words[0][:2]}{number:02}" for number in range(1, 100)]
        code = next(one for one in tries if one not in found)
        found[code] = name
    return tuple(found)


_SMALL_WORDS = {"and", "of", "the", "upon", "with"}
