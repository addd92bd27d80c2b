"""The files of a report: a page, a submission, a workbook, a folder of charts, or a statement a partnership."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from allocator.analyses.report.facts import Facts
from allocator.analyses.report.ladder import ladder_of
from allocator.analyses.report.page import charts_of, page_of
from allocator.analyses.report.statement import Firm, statement_of
from allocator.errors import UsageError
from allocator.outputs.charts import require_charts
from allocator.outputs.page import Section, html, require_pages
from allocator.outputs.table_file import FIX, refuse_occupied, write_whole
from allocator.results import Result, doc

Kind = Literal["page", "brief", "workbook", "charts", "statements"]
BRIEF = "brief"  # the name of the file that is a submission and not the whole page
ENDINGS = {".html": "a page", ".xlsx": "a workbook"}


class Written(Result):
    """What was written of a run."""

    kind: Kind = doc("page, brief, workbook, charts or statements")
    path: Path = doc("the file, or the folder of charts or statements")
    files: int = doc("how many files were written")


class Opened(Result):
    """A page that was written to be looked at."""

    path: Path = doc("the page")
    shown: bool = doc("whether a browser was there to show it")


def kind_of(output: Path, *, each: bool, docx: bool, force: bool) -> Kind:
    """Give what a path asks for; raises UsageError, before any work, where it cannot be written or something is
    missing.
    """
    from allocator.outputs.document import require_documents

    ending = output.suffix.lower()
    if docx and not each:
        raise UsageError("docx", "found it without each", "each, too", "Word documents are made of statements.")
    if each or not ending:
        require_pages("each") if each else require_charts(str(output))
        if docx:
            require_documents("docx")
        _refuse_occupied_folder(output, force=force)
        return "statements" if each else "charts"
    if ending not in ENDINGS:
        wanted = "a name that ends in .html or .xlsx, or a folder"
        raise UsageError("output", f"found '{output.name}'", wanted, "A folder takes each chart as SVG and PNG.")
    refuse_occupied(output, force=force)
    if ending == ".xlsx":
        return "workbook"
    require_page(str(output))
    return "brief" if output.stem.lower() == BRIEF else "page"


def require_page(option: str) -> None:
    """Raise UsageError, before any work, where what makes a page is not installed."""
    require_pages(option)
    require_charts(option)


def write_report(
    facts: Facts,
    output: Path,
    kind: Kind,
    *,
    name: str,
    docx: bool = False,
    contact: str = "",
    static: bool = False,
    more: Sequence[Section] = (),
    firm: Mapping[str, Firm] | None = None,
    done: Callable[[int, int], None] | None = None,
) -> Written:
    """Write a report. output, kind: as kind_of took and gave them. name: of the run, as readers type it.

    docx: a Word document beside each statement. contact: who to ask, in statements.
    static: a page without the part that solves again. more: further sections of the
    page. firm: how firm each grant is, by partnership, for statements. done: called
    with how many of how many solves of the statements have ended.
    Raises UsageError where it cannot be written after all; then nothing half-made is left.
    """
    made = f"{datetime.now().astimezone():%-d %B %Y}"
    if kind == "statements":
        files = _statements(facts, name=name, made=made, docx=docx, contact=contact, firm=firm or {}, done=done)
    else:
        files = _files(facts, output, kind, name=name, made=made, static=static, more=more)
    try:
        if kind in ("charts", "statements"):
            _write_folder(output, files)
        else:
            write_whole(output, files[output.name])
    except OSError as error:
        raise UsageError(str(output), f"it cannot be written: {error.strerror or error}", "", FIX) from error
    return Written(kind, output, len(files))


def open_page(facts: Facts, *, name: str, static: bool = False) -> Opened:
    """Write the page to a new temporary folder, which stays, and let the system's browser show it.

    name: of the run. static: without the part that solves again. Raises UsageError where it cannot be written.
    """
    page = Path(tempfile.mkdtemp(prefix="allocator-")) / f"{name}.html"
    write_report(facts, page, "page", name=name, static=static)
    try:
        shown = webbrowser.open(page.as_uri())
    except webbrowser.Error:
        shown = False
    return Opened(page, shown)


def _files(
    facts: Facts,
    output: Path,
    kind: Kind,
    *,
    name: str,
    made: str,
    static: bool,
    more: Sequence[Section],
) -> dict[str, bytes]:
    """Give the bytes of every file that is no statement, by its name."""
    if kind == "workbook":
        from allocator.analyses.report.workbook import workbook_of

        return {output.name: workbook_of(facts, name=name, made=made)}

    if kind == "page":
        check: tuple[object, ...] = ()
        if not static:
            from allocator.analyses.report.in_browser.what_if import what_if_of

            section, check = what_if_of(facts, name)
            more = (*more, section)
        return {output.name: html(page_of(facts, name=name, made=made, more=more, check=check)).encode()}
    if kind == "brief":
        from allocator.analyses.report.brief import brief_of

        return {output.name: html(brief_of(facts, name=name, made=made)).encode()}
    return _charts(facts, name=name, made=made, more=more)


def _charts(facts: Facts, *, name: str, made: str, more: Sequence[Section]) -> dict[str, bytes]:
    """Give every chart of the page and the map, as SVG and PNG."""
    files: dict[str, bytes] = {}
    for chart in charts_of(facts, name=name, made=made, more=more):
        files[f"{chart.key}.svg"] = chart.alone.encode()
        files[f"{chart.key}.png"] = chart.png
    return files


def _statements(
    facts: Facts,
    *,
    name: str,
    made: str,
    docx: bool,
    contact: str,
    firm: Mapping[str, Firm],
    done: Callable[[int, int], None] | None,
) -> dict[str, bytes]:
    """Give a statement a partnership and the list of them all."""
    from allocator.analyses.report.index import index_of
    from allocator.outputs.document import docx as document

    ladder, stems = ladder_of(facts.plan, done), _stems(facts.plan.data.partnerships)
    files = {
        "index.html": html(index_of(facts, tuple(f"{stem}.html" for stem in stems), name=name, made=made)).encode()
    }
    for p, stem in enumerate(stems):
        page = statement_of(facts, ladder, p, name=name, made=made, contact=contact, firm=firm)
        files[f"{stem}.html"] = html(page).encode()
        if docx:
            files[f"{stem}.docx"] = document(page)
    return files


def _stems(keys: Sequence[str]) -> list[str]:
    """Give a file's name for each key, in letters that are safe in one, unlike all others and the list's."""
    taken, stems = {"index"}, []
    for key in keys:
        safe = re.sub(r"[^A-Za-z0-9_-]", "_", key)[:80].strip("_") or "partnership"
        stem = next(name for n in range(len(keys) + 2) if (name := f"{safe}-{n}" if n else safe).lower() not in taken)
        taken.add(stem.lower())
        stems.append(stem)
    return stems


def _refuse_occupied_folder(folder: Path, *, force: bool) -> None:
    """Raise UsageError where a folder cannot be made, or is there and is to stay."""
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.is_dir() and force and not _is_a_report(folder):
        found = "found a folder with other files than a report's"
        raise UsageError(str(folder), found, "a new folder, or a report's", "Name another.")
    if folder.is_dir() and force:
        return
    refuse_occupied(folder, force=False)


def _is_a_report(folder: Path) -> bool:
    """Say whether a folder holds nothing but pages, documents and pictures, so that nothing else is lost with it."""
    ours = {".html", ".docx", ".svg", ".png"}
    return all(path.is_file() and not path.is_symlink() and path.suffix in ours for path in folder.iterdir())


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder whole, or not at all; one that is there is put in its place at the end."""
    building = folder.with_name(f".{folder.name[:100]}.new-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        building.mkdir(parents=True)
        for name, content in files.items():
            (building / name).write_bytes(content)
        if folder.exists():
            shutil.rmtree(folder)
        building.replace(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
