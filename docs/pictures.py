"""Makes the pictures of the tutorials from what the program makes: a page, a statement, a map, a sheet of the workbook.

    python docs/pictures.py            writes docs/pictures/*.png, map.svg and shown.json
    python docs/pictures.py --check    writes nothing; exit status 1 where a picture shows other words than are made now

Photographs need Chromium (by way of Playwright), LibreOffice and poppler: apt-get install chromium libreoffice-calc
poppler-utils. The check needs none of them: shown.json keeps the words that each picture shows.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from allocator import api
from allocator.analyses.report.facts import Facts
from allocator.analyses.report.ladder import ladder_of
from allocator.analyses.report.loaded import facts_of
from allocator.analyses.report.page import map_chart, page_of
from allocator.analyses.report.statement import statement_of
from allocator.analyses.report.workbook import workbook_of
from allocator.outputs.page import Fact, Page, Table, html

PICTURES = Path(__file__).resolve().parent / "pictures"
SHOWN = PICTURES / "shown.json"
MADE = f"{datetime.now().astimezone():%-d %B %Y}"
WHOSE = "surrey"  # the statement that is shown
NAME, CONTACT = "runs/plan", "The funding team"
SHEET = "Calculator"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Write the pictures, or check what they show."""
    facts = facts_of(api.solve("settlement"), costs=False)
    page = page_of(facts, name=NAME, made=MADE)
    statement = _statement(facts)
    shown = {
        "page.png": _words(page, sections=2),
        "statement.png": _words(statement, sections=2),
        "calculator.png": _of_sheet(facts),
        "map.svg": re.findall(r"<text[^>]*>([^<]+)</text>", _map(facts)),
    }
    if "--check" in sys.argv:
        kept = json.loads(SHOWN.read_text(encoding="utf-8"))
        old = [name for name, words in shown.items() if kept.get(name) != words]
        for name in old:
            sys.stderr.write(f"docs/pictures/{name} shows other words than are made now: run python docs/pictures.py\n")
        return 1 if old else 0
    PICTURES.joinpath("map.svg").write_text(_map(facts), encoding="utf-8")
    with TemporaryDirectory() as folder:
        _photograph(page, Path(folder) / "page.html", "page.png", (1000, 1040))
        _photograph(statement, Path(folder) / "statement.html", "statement.png", (900, 1180))
        _sheet(facts, Path(folder))
    SHOWN.write_text(json.dumps(shown, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def _statement(facts: Facts) -> Page:
    p = facts.plan.data.partnerships.index(WHOSE)
    return statement_of(facts, ladder_of(facts.plan), p, name=NAME, made=MADE, contact=CONTACT)


def _map(facts: Facts) -> str:
    found = map_chart(facts)
    assert found is not None  # noqa: S101 - the data set has places for all
    return found.alone


def _words(page: Page, sections: int) -> list[str]:
    """The title, the leading sentences, and what the first sections say."""
    words = [page.title, *page.lead]
    for section in page.sections[:sections]:
        words.append(section.heading)
        for part in section.parts:
            if isinstance(part, str):
                words.append(part)
            elif isinstance(part, Table):
                words += [" | ".join(cell.shown for cell in row) for row in (*part.rows, *part.totals)]
            elif isinstance(part, tuple):
                words += [f"{one.of}: {one.figure}" if isinstance(one, Fact) else str(one) for one in part]
    return words


def _of_sheet(facts: Facts) -> list[str]:
    """The first rows of the sheet that is shown."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(workbook_of(facts, name=NAME, made=MADE)), data_only=True)
    rows = book[SHEET].iter_rows(min_row=1, max_row=20, values_only=True)
    return [" | ".join(f"{cell:.4g}" if isinstance(cell, float) else str(cell or "") for cell in row) for row in rows]


def _photograph(page: Page, path: Path, name: str, size: tuple[int, int]) -> None:
    """Take a picture of the beginning of a page."""
    from playwright.sync_api import sync_playwright

    path.write_text(html(page), encoding="utf-8")
    program = next(found for name in BROWSERS if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": size[0], "height": size[1]})
        opened.goto(path.as_uri())
        opened.screenshot(path=PICTURES / name)
        browser.close()


def _sheet(facts: Facts, folder: Path) -> None:
    """Take a picture of the upper part of a sheet, as an office program lays it out."""
    book = folder / "plan.xlsx"
    book.write_bytes(workbook_of(facts, name=NAME, made=MADE))
    office, pages = shutil.which("soffice"), shutil.which("pdftoppm")
    assert office is not None  # noqa: S101 - the head of this file says what is needed
    assert pages is not None  # noqa: S101 - the head of this file says what is needed
    subprocess.run([office, "--headless", "--convert-to", "pdf", "--outdir", folder, book], check=True)  # noqa: S603 - our own file
    found = subprocess.run(["pdftotext", folder / "plan.pdf", "-"], check=True, capture_output=True, text=True)  # noqa: S603, S607 - our own file
    number = next(n for n, text in enumerate(found.stdout.split("\f"), start=1) if "Change the weights" in text)
    crop = ["-x", "60", "-y", "60", "-W", "1050", "-H", "620"]
    whole = ["-png", "-r", "100", "-f", str(number), "-l", str(number), "-singlefile", *crop]
    subprocess.run([pages, *whole, folder / "plan.pdf", PICTURES / "calculator"], check=True)  # noqa: S603 - our own file


if __name__ == "__main__":
    sys.exit(main())
