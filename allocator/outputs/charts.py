"""Charts that everybody can read: drawn by Altair without a browser, with a name and a description in the picture.

Colours are the Analysis Function's; each series has a shape or a dash of its own, so that none is told by colour alone.
"""

from __future__ import annotations

import re
from html import escape
from importlib.util import find_spec
from typing import Any

from allocator.errors import UsageError

PLANNED, BEFORE, TARGET, THIRD, FOURTH = "#12436D", "#F46A25", "#0B0C0C", "#28A197", "#801650"
SERIES = (PLANNED, BEFORE, THIRD, FOURTH)
DASHES = ([1, 0], [8, 3], [2, 2], [8, 3, 2, 3])
SHAPES = ("circle", "square", "triangle-up", "diamond")
TEXT, NOTE, GRID = "#0B0C0C", "#505A5F", "#D5D8DA"
# What is written on a bar: on dark colours and on the light one (THIRD). In the dark all bars are light.
ON_DARK, ON_LIGHT = "#FFFFFF", "#0B0C0D"
FONT = "Arial, Helvetica, sans-serif"
# Colours that a page may show otherwise, in the dark: each becomes a class beside the attribute.
_NAMED = {
    PLANNED: "planned",
    BEFORE: "before",
    THIRD: "third",
    FOURTH: "fourth",
    TEXT: "text",
    NOTE: "note",
    GRID: "grid",
    ON_DARK: "on-dark",
    ON_LIGHT: "on-light",
}


def require_charts(option: str) -> None:
    """Raise UsageError, before any work is done, where what draws charts is not installed."""
    if not (find_spec("altair") and find_spec("vl_convert")):
        fix = "pip install 'neet-allocator[report]'"
        raise UsageError(option, "Altair and vl-convert are not installed", "the extra `report`", fix)


def dressed(chart: Any) -> Any:
    """Give an Altair chart with the fonts and colours that all charts share; the page's heading is its title."""
    return (
        chart.configure(background="transparent", font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=TEXT,
            titleColor=TEXT,
            gridColor=GRID,
            domainColor=NOTE,
            tickColor=NOTE,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelLimit=320,
        )
        .configure_legend(labelColor=TEXT, titleColor=TEXT, labelFontSize=12, labelLimit=320, orient="top", title=None)
        .configure_header(labelColor=TEXT, labelFontSize=13, labelFontWeight="bold", labelLimit=320)
    )


def titled(chart: Any, message: str, subtitle: str) -> Any:
    """Give the chart with its message and what it measures above it, for a picture that stands alone."""
    title = {"text": message, "subtitle": subtitle, "anchor": "start", "fontSize": 16, "subtitleFontSize": 12}
    return chart.properties(title={**title, "color": TEXT, "subtitleColor": NOTE})


def png_of(chart: Any, scale: float = 2.0) -> bytes:
    """Give a dressed chart as PNG, on white."""
    import vl_convert

    return bytes(
        vl_convert.vegalite_to_png(dressed(chart).configure(background="white", font=FONT).to_dict(), scale=scale)
    )


def svg_of(chart: Any, key: str, title: str, description: str, *, in_page: bool = True) -> str:
    """Give a dressed chart as SVG: one picture with a title and a description, its inner parts silent.

    vl-convert gives every mark a role and a label of its own and the picture none: a screen reader would read hundreds
    of numbers without a sentence. The figures stand in the table beside the chart. key: unlike any other in the page.
    in_page: with classes in place of colours that the page may change, and as wide as there is room.
    """
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(dressed(chart).to_dict())
    drawn = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", drawn)
    named = f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(description)}</desc>'
    opened = re.match(r"<svg[^>]*>", drawn)
    assert opened is not None  # noqa: S101 - vl-convert gives one picture
    width, height = re.findall(r'(?:width|height)="([\d.]+)"', opened[0])[:2]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" aria-labelledby="{key}-title {key}-desc">{named}'
    )
    body = drawn[opened.end() :]
    if in_page:
        body = re.sub(r'\bid="([^"]+)"', rf'id="{key}-\1"', body)
        body = re.sub(r"url\(#([^)]+)\)", rf"url(#{key}-\1)", body)
        for colour, name in _NAMED.items():
            for kind in ("fill", "stroke"):
                body = re.sub(
                    rf'{kind}="{colour}"', f'{kind}="{colour}" data-{kind}="{name}"', body, flags=re.IGNORECASE
                )
    return head + body
