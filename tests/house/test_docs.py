"""What the documentation shows is what the program prints, and what can be made from the code is up to date."""

import doctest
import importlib.util
import re
import shlex
import shutil
from pathlib import Path

import pytest

from allocator.cli import app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SHOWN = [page for page in PAGES if "```console" in page.read_text(encoding="utf-8")]
# What differs from one machine, or one minute, to the next.
VARYING = [
    (re.compile(r"solved in [\d.]+ s|solved in \d+ min \d+ s"), "solved in N s"),
    (re.compile(r"\(largest violation \S+, gap \S+\)"), "(largest violation N, gap N)"),
]


def name(page):
    return str(page.relative_to(ROOT))


def generator():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", generator().PAGES)
def test_a_reference_page_is_what_would_be_made_now(page):
    made = generator().PAGES[page]()
    assert (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8") == made, "run python docs/generate.py"


def alike(text):
    for varying, constant in VARYING:
        text = varying.sub(constant, text)
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def as_shown(shown, printed):
    """Whether the printed lines are those shown, where a line of … stands for any number of lines."""
    pattern = "\n".join(r"(?s:.*)" if line == "…" else re.escape(line) for line in shown)
    return re.fullmatch(pattern, "\n".join(printed)) is not None


def test_the_comparison_can_tell_a_difference():
    assert as_shown(["a", "…", "d"], ["a", "b", "c", "d"])
    assert not as_shown(["a", "…", "d"], ["a", "b", "c"])
    assert not as_shown(["a"], ["a", "b"])


# What commands print that two pages show, and the run that some write: solved for the first of them.
printed_before, run_before = {}, {}
A_RUN = re.compile(r"solve (?:\w+ )?-o (runs/\w+)(?: --set \S+)*")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.mark.slow
@pytest.mark.parametrize("page", SHOWN, ids=name)
def test_every_output_shown_is_printed(page, runs, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```console\n\$ allocator (.*?)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for typed, shown in blocks:
        a_run = A_RUN.fullmatch(typed)
        if typed in printed_before:
            if a_run:
                shutil.copytree(run_before[typed], tmp_path / a_run[1])
        else:
            app.run(shlex.split(typed))
            said = capsys.readouterr()
            printed_before[typed] = alike(said.out + said.err)  # a refusal is said on standard error
            if a_run:
                run_before[typed] = shutil.copytree(tmp_path / a_run[1], runs / str(len(run_before)))
        printed = printed_before[typed]
        if not a_run and any(option in typed for option in ("-o", "runs/", "mine", "init")):
            del printed_before[typed]  # it goes by what lies in the folder, or puts something there
        assert as_shown(alike(shown), printed), f"allocator {typed} prints\n" + "\n".join(printed)


@pytest.mark.slow
def test_what_the_readme_shows_of_a_notebook_is_so():
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    shown = doctest.DocTestParser().get_doctest(block, {}, "README.md", None, None)
    assert doctest.DocTestRunner().run(shown).failed == 0


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial.md"])
def test_how_to_come_by_the_command_is_said_before_it_is_typed(page):
    # what the printed install makes lies in .venv and is on nobody's path
    before = (ROOT / page).read_text(encoding="utf-8").split("```console")[0]
    assert "`uv run allocator …`" in before
    assert "\nsource .venv/bin/activate" in before


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_a_decision_can_be_read_at_once():
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert len(decisions) >= 4
    for number, decision in enumerate(decisions, start=1):
        assert decision.name.startswith(f"{number:04}-")
        text = decision.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 40
        assert "**Context.**" in text
        assert "**Decision.**" in text
        assert "gave up" in text


def test_no_page_knows_a_machine():
    for page in [*PAGES, ROOT / "requirements.txt", ROOT / ".ci" / "run", ROOT / "pyproject.toml"]:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"(/home/|/root/|/work/|/tmp/|index-url|extra-index|\blocalhost\b)", text), page
