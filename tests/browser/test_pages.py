"""Every page in a real browser: no violation that axe-core finds, nothing asked of the network, no name run."""

import csv

import pytest

from allocator import api
from allocator.analyses.init.starter import start_folder
from tests.helpers.browsers import TAGS, launched
from tests.helpers.reports import FORMULA, LONG, MARKUP, write_all


@pytest.fixture(scope="module")
def browser():
    with launched() as found:
        yield found


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Every kind of page of a plan with names that are hostile or long, and a rule that falls short."""
    short = ("local.min_reduction=0.5", 'rules.soft=["target", "local_minimum"]')
    written = write_all(tmp_path_factory.mktemp("pages"), names=(MARKUP, FORMULA, LONG), overrides=short)
    statements = sorted(path for path in written.statements.glob("*.html") if path.stem != "index")
    return {
        "page": written.page,
        "brief": written.brief,
        "index": written.statements / "index.html",
        "first": statements[0],
        "last": statements[-1],
    }


@pytest.fixture(scope="module")
def wide_map(tmp_path_factory):
    """A page whose map has more columns than a phone has room for."""
    folder = tmp_path_factory.mktemp("wide")
    started = start_folder(folder / "mine", "small", workbook=False)
    table = next((folder / "mine").rglob("partnerships.csv"))
    with table.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for number, row in enumerate(rows):
        row["map_column"] = 8 * number
    with table.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return api.solve(str(started.folder / started.scenario)).report(folder / "plan.html").path


KINDS = ("page", "brief", "index", "first", "last")


def opened(browser, path, **context):
    page = browser.new_page(**context)
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    return page, asked, said


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_no_violation(browser, pages, kind, scheme):
    from axe_playwright_python.sync_playwright import Axe

    # the page's own policy would keep axe out, as it keeps out every script that is not the page's
    page, _, _ = opened(browser, pages[kind], color_scheme=scheme, bypass_csp=True)
    found = Axe().run(page, options={"runOnly": TAGS})
    page.close()
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found.response["violations"]] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_asks_the_network_for_nothing_and_runs_nothing_but_its_own(browser, pages, kind):
    page, asked, said = opened(browser, pages[kind])
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith("blob:")] == [pages[kind].as_uri()]
    assert said == []
    assert page.evaluate("document.querySelectorAll('img').length") == 0
    policy = page.get_attribute("meta[http-equiv='Content-Security-Policy']", "content")
    page.close()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy.replace("'wasm-unsafe-eval'", "")  # which lets no text run


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_is_wider_than_a_phone(browser, pages, kind):
    page, _, _ = opened(browser, pages[kind], viewport={"width": 320, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert width <= 320


def test_a_wide_map_is_moved_within_its_frame(browser, wide_map):
    page, _, _ = opened(browser, wide_map, viewport={"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("document.querySelector('.map').scrollWidth") > 320
    page.close()


def test_names_are_shown_as_they_are(browser, pages):
    page, _, _ = opened(browser, pages["page"])
    names = page.locator("#allocations-table tbody th").all_inner_texts()
    page.close()
    assert {MARKUP, FORMULA, LONG} <= set(names)


def test_a_table_is_sorted_and_searched_by_keyboard(browser, pages):
    page, _, _ = opened(browser, pages["page"])
    heads = page.locator("#allocations-table thead th")
    button = heads.nth(2).locator("button")
    button.focus()
    page.keyboard.press("Enter")
    assert heads.nth(2).get_attribute("aria-sort") == "ascending"
    cells = page.locator("#allocations-table tbody tr").all()
    grants = [float(row.locator("td").nth(1).get_attribute("data-value")) for row in cells]
    assert grants == sorted(grants)
    page.keyboard.press("Enter")
    assert heads.nth(2).get_attribute("aria-sort") == "descending"
    assert page.locator("[aria-sort]").count() == 1
    page.fill("#allocations-table-find", "Upper and Lower")
    assert page.locator("#allocations-table tbody tr:visible").count() == 1
    status = page.locator(".tools[data-for=allocations-table] [role=status]").inner_text()
    assert status.startswith("1 of 4 rows shown")
    page.close()


def test_a_saved_table_holds_no_formula(browser, pages):
    page, _, _ = opened(browser, pages["page"])
    with page.expect_download() as saved:
        page.click("#allocations-table-csv")
    text = saved.value.path().read_text(encoding="utf-8-sig")
    page.close()
    assert "'=HYPERLINK" in text
    assert MARKUP in text


def test_a_statement_prints_on_two_pages(browser, pages, tmp_path):
    page, _, _ = opened(browser, pages["first"])
    page.pdf(path=tmp_path / "statement.pdf", prefer_css_page_size=True)
    page.close()
    printed = (tmp_path / "statement.pdf").read_bytes()
    assert 1 <= printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") <= 2
