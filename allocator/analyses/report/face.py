"""What `report`, `export` and `open` print: what was written, and how it is opened."""

from __future__ import annotations

import sys

from allocator import units
from allocator.analyses.report.written import Opened, Written
from allocator.outputs import console

SAID = {
    "page": "a page, for a browser",
    "brief": "a submission, for a browser or to print",
    "workbook": "a workbook",
    "charts": "of charts, SVG and PNG",
    "statements": "of statements: begin with index.html",
}


def write(report: Written) -> None:
    """Print what was written."""
    said = SAID[report.kind]
    if report.kind in ("charts", "statements"):
        said = f"{units.counted(report.files, 'file')} {said}"
    console.write(console.labelled("WRITTEN", f"{report.path}   {said}", console.width_of(sys.stdout)))


def write_opened(opened: Opened) -> None:
    """Print where the page is, and what to do where no browser was found."""
    said = "shown in the browser" if opened.shown else "no browser was found: open it in one"
    label = "OPENED" if opened.shown else "WRITTEN"
    console.write(console.labelled(label, f"{opened.path}   {said}", console.width_of(sys.stdout)))
