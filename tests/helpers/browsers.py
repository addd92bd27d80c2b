"""A browser in which pages are tried, and the page's own modules in it."""

import contextlib
import os
import shutil

import pytest

from allocator.outputs.browser import program

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The rules of axe-core that a page has to keep: WCAG 2.2, levels A and AA.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
REQUIRED = os.environ.get("ALLOCATOR_REQUIRE_BROWSER") == "1"
HINT = "no browser: apt-get install chromium"


@contextlib.contextmanager
def launched():
    """A Chromium; where there is none the test is skipped, or fails where one is required."""
    found = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if found is None:
        if REQUIRED:
            pytest.fail(HINT)
        pytest.skip(HINT)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


def with_modules(browser):
    """A blank page that has what the worker runs, function by function."""
    page = browser.new_page()
    page.add_script_tag(content=program.joined(program.WORKER))
    return page


def take(page, packed):
    """Open a bundle in such a page, under the name B."""
    page.evaluate("async (text) => { globalThis.B = opened(await unpacked(text)); }", packed)
