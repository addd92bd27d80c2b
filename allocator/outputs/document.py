"""A page as a document for Word, for who has to edit it: the same sections, sentences and tables, by python-docx."""

from __future__ import annotations

import io
from importlib.util import find_spec
from typing import Any

from allocator.errors import UsageError
from allocator.outputs.page import Command, Fact, Page, Table

TEXT_WIDTH = 174  # mm between the margins
MOST_LETTERS = 60  # of a column that set its width; a longer text wraps


def require_documents(option: str) -> None:
    """Raise UsageError, before any work is done, where what writes documents is not installed."""
    if not find_spec("docx"):
        raise UsageError(
            option, "python-docx is not installed", "the extra `report`", "pip install 'neet-allocator[report]'"
        )


def docx(page: Page) -> bytes:
    """Give the page as the bytes of a .docx file. Charts and maps are left out: statements have none."""
    from docx import Document
    from docx.shared import Mm, Pt, RGBColor

    document = Document()
    for section in document.sections:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(18)
        section.footer.paragraphs[0].text = page.running
    document.styles["Normal"].font.name = "Arial"
    document.styles["Normal"].font.size = Pt(10)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    for level in (1, 2, 3):
        style = document.styles[f"Heading {level}"]
        style.font.name, style.font.color.rgb = "Arial", RGBColor(0x0B, 0x0C, 0x0C)
        fonts = style.element.rPr.rFonts  # the theme's fonts, which headings have beside their own, would win
        for key in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[key]
        style.paragraph_format.space_before = Pt((0, 10, 6)[level - 1])
    document.core_properties.title = page.title
    document.core_properties.author = "allocator"
    document.core_properties.language = "en-GB"
    document.add_heading(page.title, level=1)
    for sentence in (page.kicker, *page.lead):
        document.add_paragraph(sentence)
    for part in page.sections:
        document.add_heading(part.heading, level=2)
        for one in part.parts:
            _add(document, one)
    for sentence in page.foot:
        document.add_paragraph(sentence)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _add(document: Any, part: object) -> None:
    if isinstance(part, str):
        document.add_paragraph(part)
    elif isinstance(part, Command):
        document.add_paragraph().add_run(part.text).font.name = "Courier New"
    elif isinstance(part, Table):
        _add_table(document, part)
    elif isinstance(part, tuple):
        for one in part:
            said = f"{one.of}: {one.figure}. {one.note}" if isinstance(one, Fact) else str(one)
            document.add_paragraph(said, style="List Bullet")


def _add_table(document: Any, table: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Mm, Pt

    document.add_heading(table.caption, level=3)
    made = document.add_table(rows=1, cols=len(table.headings), style="Light Shading")
    heads = [f"{head.name} ({head.unit})" if head.unit else head.name for head in table.headings]
    # a screen reader says the first row with each cell, and it is repeated on each page
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - python-docx has no name for it
    rows = [heads, *([cell.shown for cell in row] for row in (*table.rows, *table.totals))]
    longest = [min(max(len(text) for text in column), MOST_LETTERS) for column in zip(*rows, strict=True)]
    widths = [Mm(TEXT_WIDTH * (letters + 4) / sum(letters + 4 for letters in longest)) for letters in longest]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width  # some programs read the columns' widths, some the cells'
    for r, texts in enumerate(rows):
        cells = made.rows[0].cells if r == 0 else made.add_row().cells
        for cell, text, head, width in zip(cells, texts, table.headings, widths, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(text)
            run.font.size = Pt(9)
            run.bold = r == 0 or r > len(table.rows)
            if head.align == "right":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
