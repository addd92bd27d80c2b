"""What every face in the terminal is made of: paragraphs, tables whose columns give way, bars, and one writer.

Nothing here knows about plans. A face returns lines of Rich text for a width; ``write`` prints them. Colour only
repeats what signs and words say; control characters from names in the tables never reach a terminal.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from allocator.units import MINUS

PIPE_WIDTH = 100  # columns where the output is no terminal
NARROWEST = 80  # no face is laid out for less
WIDEST_TITLE = 28  # a longer title of a table stands on a line of its own
WIDEST_PROSE = 110  # longer lines of prose are hard to read

# Control characters, separators of lines, and the marks that turn the direction of text can all make a terminal
# show something else; halves of characters, from file names that are no text, cannot be printed at all.
_UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_PLAIN = {
    "−": "-", "–": "-", "…": "...", "█": "#", "▌": "#", "▐": "#", "│": "|", "≤": "<=", "≥": ">=", "·": "-", "£": "GBP "
}  # fmt: skip
LEFT_OUT = "Columns left out at this width: "
_KEEP = "\N{NO-BREAK SPACE}"  # textwrap does not break here; a plain space takes its place when that is done
_BEFORE_PER_CENT = re.compile(" (?=%)")
_LONGEST_CELL = 300  # characters of one value from a table that are shown


@dataclass(frozen=True)
class TextColumn:
    """A column of figures: its heading (one or more lines), its cells, and whether it can give way.

    drop: 0 stays at any width; among the others the lowest number goes first.
    left: aligned left, for words. signed: + and − are coloured. name: what it is called where it has given way, if
    the heading does not say it by itself. note: what has to be said below the table where the column is shown.
    """

    heading: str
    cells: tuple[str, ...]
    drop: int = 0
    left: bool = False
    signed: bool = False
    least: int = 0  # characters it takes even if its cells are shorter
    gap: int = 2  # spaces before it
    name: str = ""
    note: str = ""

    @cached_property
    def width(self) -> int:
        """Characters that the widest line of the column takes."""
        words = [*self.heading.split("\n"), *self.cells]
        return max(self.least, *(cell_len(word) for word in words))


def table(
    title: str,
    labels: Sequence[str],
    columns: Sequence[TextColumn],
    width: int,
    *,
    bold: bool = True,
) -> list[Text]:
    """Give a table without boxes: labels on the left, figures right-aligned, headings above.

    title: stands over the labels, on the last line of the headings, or above them where it is long.
    Columns give way until the table fits the width, and a line below names them; a
    label that is still too long takes a second line.
    """
    longest = max((cell_len(label) + 2 for label in labels), default=0)
    wanted = max(longest, cell_len(title) if cell_len(title) <= WIDEST_TITLE else 0)
    fitting = _fitting(list(columns), min(wanted, WIDEST_TITLE), width)
    shown = _spaced(fitting, wanted, width)
    room = max(width - sum(column.width + column.gap for column in shown), 12)
    label_width = min(wanted, room)
    lines = _headings(title, label_width, shown, bold=bold)
    for row, label in enumerate(labels):
        first, *rest = textwrap.wrap(label, max(label_width - 2, 8), subsequent_indent="  ") or [""]
        line = Text("  " + first + " " * (label_width - 2 - cell_len(first)))
        for column in shown:
            line.append(" " * column.gap)
            line.append_text(_cell(column, column.cells[row]))
        lines.append(line)
        lines += [Text("  " + more) for more in rest]
    for note in dict.fromkeys(column.note for column in fitting if column.note):
        lines += paragraph(note, width, style="dim")
    gone = [column.name or " ".join(column.heading.split()) or "bars" for column in columns if column not in fitting]
    if gone:
        lines += paragraph(f"{LEFT_OUT}{'; '.join(gone)}.", width, style="dim")
    return lines


def paragraph(text: str, width: int, *, indent: int = 2, hang: int | None = None, style: str = "") -> list[Text]:
    """Give a paragraph wrapped to the width; hang is the indent of the second line on (as the first, if left out)."""
    hanging = indent if hang is None else hang
    wrapped = textwrap.wrap(
        _BEFORE_PER_CENT.sub(_KEEP, text),
        min(width, WIDEST_PROSE),
        initial_indent=" " * indent,
        subsequent_indent=" " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [Text(line.replace(_KEEP, " "), style=style) for line in wrapped]


def kept_together(text: str) -> str:
    """Give words that a paragraph does not break apart."""
    return text.replace(" ", _KEEP)


def labelled(label: str, text: str, width: int, *, hang: int = 12, style: str = "bold") -> list[Text]:
    """Give a heading and a paragraph that begins beside it and hangs under itself."""
    hang = max(hang, len(label) + 2)
    wrapped = paragraph(f"{label:<{hang}}{text}".rstrip(), width, indent=0, hang=hang)
    # textwrap keeps the spaces between the label and the text, so the label is at the start of the first line.
    if wrapped:
        wrapped[0].stylize(style, 0, len(label))
    return wrapped


def commands(label: str, words: Iterable[Sequence[str]], *, hang: int = 12) -> list[Text]:
    """Give a heading and command lines beside it, one a line, whole, with the quotes that a shell needs.

    To be pasted.
    """
    lines = []
    for number, command in enumerate(words):
        line = Text(f"{label if number == 0 else '':<{hang}}{shlex.join(command)}")
        if number == 0:
            line.stylize("bold", 0, len(label))
        lines.append(line)
    return lines


def path_of(path: object) -> str:
    """Give a path as it can be pasted into a command: ./-x for -x, which would be taken for an option."""
    text = str(path)
    return f"./{text}" if text.startswith("-") else text


def between(left: str, right: str, width: int, *, style: str = "bold") -> Text:
    """Give one line with words at both ends; the right ones follow the left where the line is too short."""
    gap = max(width - cell_len(left) - cell_len(right), 2)
    line = Text(left, style=style)
    line.append(" " * gap)
    line.append(right, style="dim" if style else "")
    return line


def bar(value: float, largest: float, half: int) -> str:
    """Give a bar from a middle line, to the left where negative: half is the cells on each side, in steps of half a
    cell.
    """
    halves = round(min(abs(value) / largest, 1.0) * half * 2) if largest > 0 else 0
    full, rest = divmod(halves, 2)
    if value < 0:
        return ("▐" * rest + "█" * full).rjust(half) + "│" + " " * half
    return " " * half + "│" + ("█" * full + "▌" * rest).ljust(half)


def shortened(value: str) -> str:
    """Give a value from a table as a message shows it: the first 300 characters of one that is longer."""
    if len(value) <= _LONGEST_CELL:
        return value
    return f"{value[:_LONGEST_CELL]}… ({len(value):,} characters)"


def width_of(stream: TextIO) -> int:
    """Give the columns to lay out for: the terminal's (80 at least); where it is none, those of COLUMNS, or 100."""
    if not stream.isatty():
        wanted = os.environ.get("COLUMNS", "")
        return max(int(wanted), NARROWEST) if re.fullmatch(r"[1-9]\d{0,3}", wanted, re.ASCII) else PIPE_WIDTH
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except OSError:
        columns = PIPE_WIDTH
    return max(columns or PIPE_WIDTH, NARROWEST)


def write(lines: Iterable[Text | str], stream: TextIO | None = None) -> None:
    """Print lines: in colour on a terminal only, in plain signs where the output's encoding has no others."""
    out = sys.stdout if stream is None else stream
    console = Console(file=out, width=10_000, highlight=False, markup=False, emoji=False, soft_wrap=True)
    unicode = (out.encoding or "utf-8").lower().replace("-", "").startswith("utf")
    for line in lines:
        shown = Text(line) if isinstance(line, str) else line.copy()
        safe = _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", shown.plain)
        if safe != shown.plain:
            shown.plain = safe
        shown.rstrip()
        if console.is_terminal and unicode:
            console.print(shown)
        else:
            print(shown.plain if unicode else _encodable(shown.plain, out.encoding), file=out)


def _encodable(text: str, encoding: str) -> str:
    """Give the text in signs that the encoding has: others in plain ones, so that no amount begins with a question
    mark.
    """
    for sign, plain in _PLAIN.items():
        if not sign.encode(encoding, "ignore"):
            text = text.replace(sign, plain)
    return text.encode(encoding, "replace").decode(encoding)


def _fitting(columns: list[TextColumn], label_width: int, width: int) -> list[TextColumn]:
    """Give the columns left when those that give way have gone, one by one, until the rest fits."""
    while label_width + sum(column.width + column.gap for column in columns) > width:
        leaving = sorted((column for column in columns if column.drop), key=lambda column: column.drop)
        if not leaving:
            break
        columns = [column for column in columns if column is not leaving[0]]
    return columns


def _spaced(columns: list[TextColumn], label_width: int, width: int) -> list[TextColumn]:
    """Give columns of figures moved apart where there is room, two spaces more at most."""
    spare = width - label_width - sum(column.width + column.gap for column in columns)
    more = max(0, min(spare // len(columns), 2)) if columns else 0
    return [column if column.left else replace(column, gap=column.gap + more) for column in columns]


def _headings(title: str, label_width: int, columns: Sequence[TextColumn], *, bold: bool) -> list[Text]:
    depth = max((column.heading.count("\n") + 1 for column in columns), default=1)
    lines = []
    if cell_len(title) > label_width:
        lines.append(Text(title, style="bold" if bold else ""))
        title = ""
    for level in range(depth):
        last = level == depth - 1
        line = Text((title if last else "").ljust(label_width), style="bold" if bold else "")
        for column in columns:
            words = column.heading.split("\n")
            words = [""] * (depth - len(words)) + words
            aligned = words[level].ljust(column.width) if column.left else words[level].rjust(column.width)
            line.append(" " * column.gap + aligned, style="not bold dim")
        lines.append(line)
    return lines


def _cell(column: TextColumn, cell: str) -> Text:
    pad = " " * (column.width - cell_len(cell))
    style = ""
    if column.signed and cell.startswith("+"):
        style = "cyan"
    elif column.signed and cell.startswith(MINUS):
        style = "yellow"
    shown = Text(cell, style=style)
    return shown + Text(pad) if column.left else Text(pad) + shown
