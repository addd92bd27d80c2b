"""The page of a run, shown in whatever browser there is."""

import pytest

from allocator import api
from tests.helpers.reports import read_page


@pytest.mark.parametrize("there", [True, False])
def test_the_page_is_written_and_a_browser_asked(written, monkeypatch, there):
    asked = []
    monkeypatch.setattr("webbrowser.open", lambda address: asked.append(address) or there)
    opened = api.open_report(written.run, static=True)
    assert asked == [opened.path.as_uri()]
    assert opened.shown is there
    assert "allocations-table" in read_page(opened.path).tables
    opened.path.unlink()
    opened.path.parent.rmdir()
