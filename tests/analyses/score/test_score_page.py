"""The how-to page on scoring shows what its own file makes the program print."""

import re
from pathlib import Path

import pytest

from allocator.cli import app
from tests.house.test_docs import alike, as_shown

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "score.md"


@pytest.mark.slow
def test_what_the_page_shows_is_printed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    exec(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], {})
    typed, shown = re.search(r"```text\n\$ allocator (.*?)\n(.*?)```", text, re.DOTALL).groups()
    assert app.run(typed.split()) == 0
    printed = alike(capsys.readouterr().out)
    assert as_shown(alike(shown), printed), "\n".join(printed)
