"""Every command of the how-to pages works as it stands there.

They are typed on few, larger partnerships of the reference data; on the data as they are where
ALLOCATOR_FULL_SIZE is set.
"""

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from allocator import shipped
from allocator.cli import app
from allocator.scenario.load import read_scenario
from allocator.what_if import pool
from tests.helpers.few import few_partnerships

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
# the page on notebooks is of Python, and has its own test
PAGES = sorted(page for page in HOW_TO.glob("*.md") if page.stem != "notebook")


def typed_on(page):
    """The lines of a page that are typed, and not what they print: of those the names are others from time to time."""
    blocks = re.findall(r"```(?:sh|python)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.fixture(scope="module", autouse=True)
def data(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        if not os.environ.get("ALLOCATOR_FULL_SIZE"):
            typed = "\n".join(line for page in HOW_TO.glob("*.md") for line in typed_on(page))
            folder = few_partnerships(tmp_path_factory.mktemp("few") / "data", typed)
            patch.setattr(shipped, "data_folder", lambda: folder)
            # in this process, since the others would take longer to begin than the solves do
            patch.setattr(pool, "cores", lambda: 1)
        yield


@pytest.fixture(scope="module")
def run(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "RUN"
    assert app.run(["solve", "-o", str(folder)]) == 0
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_a_how_to_page_works(page, run, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    commands = [shlex.split(line, comments=True)[1:] for line in typed_on(page) if line.startswith("allocator ")]
    assert commands
    shutil.copytree(run, tmp_path / "RUN")
    for words in commands:
        assert app.run(words) == 0, words
    capsys.readouterr()


@pytest.mark.slow
def test_what_the_page_on_notebooks_shows_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = (HOW_TO / "notebook.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    assert len(blocks) == 3
    names = {}
    for block in blocks:
        exec(block, names)  # the page's own lines
    assert names["repaired"].settings.grants.floor < 1.02


def test_the_scenario_of_the_how_to_page_is_whole(tmp_path):
    text = (HOW_TO / "write-a-scenario.md").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(re.search(r"```toml\n(.*?)```", text, re.DOTALL)[1], encoding="utf-8")
    assert read_scenario(tmp_path / "mine.toml").settings.grants.floor == 0.95
