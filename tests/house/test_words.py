"""One word, one meaning: the words of docs/words.md, and names of classes that each stand for one thing."""

import ast
import re
from pathlib import Path

import pytest

from tests.helpers.trees import PACKAGE, modules, tree_of

ROOT = Path(__file__).parents[2]
WORDS = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
# A word that was given up, as a name in code, and what to say; docs/words.md lists the same.
GIVEN_UP = dict(re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", WORDS, flags=re.MULTILINE))
# Classes that had one name for several things: each has its own now, and the bare name belongs to one module.
ONE_HOME = {
    "Side": "what_if/side.py",
    "Column": "tables/columns.py",
    "Target": "tables/dataset.py",
    "Plan": "runs/plan.py",
}

# What a function does, as the first word of its docstring. A property says what it is; the builder of a rule or a
# goal has its record's sentence.
VERBS = """
    Accept Add Apply Ask Average Begin Bound Break Build Call Carry Certify Change Check Choose Clear Close
    Collect Combine Come Compare Convert Copy Correct Count Create Cut Decide Describe Divide Do Doubt Draw
    Drop End Expect Explain Fill Filter Find Fit Follow Format Give Group Help Hide Hold Import Integrate Join
    Judge Keep Lay Leave Let Lift List Load Look Loosen Lower Make Map Mark Match Measure Mend Merge Move
    Multiply Name Note Number Offer Open Order Pack Parse Plan Point Pool Prepare Price Print Prove Put Raise
    Reach Read Recompute Record Refuse Remove Replace Report Restore Round Run Say Scale Score Search Send Set
    Share Show Sign Solve Sort Split Spread Start State Stop Strip Switch Take Tell Test Tie Translate Trim
    Try Turn Type Update Use Verify Wait Weigh Word Work Wrap Write
"""


def defined(tree):
    """The names that a module makes: classes, functions, arguments, variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def test_the_page_lists_words():
    assert {"as_dict", "damping"} <= set(GIVEN_UP)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_name_is_a_word_that_was_given_up(path):
    tree = tree_of(path)
    parts = {word: name for name in defined(tree) for word in (name, *name.split("_"))}
    assert {parts[word] for word in GIVEN_UP if word in parts} == set()


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_docstring_of_a_function_begins_with_a_verb(path):
    functions = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef)]
    others = [
        f"{function.name}: {docstring[:60]}"
        for function in functions
        if (docstring := ast.get_docstring(function))
        and not any(re.search(r"property|^(rule|goal)\(", ast.unparse(made)) for made in function.decorator_list)
        and docstring.split()[0].rstrip(".,:;") not in VERBS.split()
    ]
    assert others == []


@pytest.mark.parametrize("name", ONE_HOME)
def test_the_bare_name_of_a_class_has_one_home(name):
    homes = {
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        for node in ast.walk(tree_of(path))
        # the library's Plan is the run's, with what a notebook does with it
        if isinstance(node, ast.ClassDef) and node.name == name and not any("plans" in ast.dump(b) for b in node.bases)
    }
    assert homes == {ONE_HOME[name]}


def test_the_library_speaks_of_no_option_of_the_command_line():
    """An error names arguments; the command makes options of them. Faces, and pages for a user's folder, may."""
    told = re.compile(r"(?:^|[\s'(`])--[a-z]|(?:^|\s)-o(?:\s|\.|$)")
    # what prints, what is written for a user's folder, and what keeps the command that was typed
    exempt = (
        "cli/",
        "outputs/",
        "analyses/init/",
        "analyses/report/page.py",
        "imports/dfe/readme.py",
        "runs/files.py",
        "runs/logs.py",
    )
    found = []
    for path in modules():
        at = path.relative_to(PACKAGE).as_posix()
        if at.startswith(exempt) or path.name.startswith("face"):
            continue
        tree = tree_of(path)
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        found += [
            f"{at}: {node.value[:60]}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if id(node) not in docstrings and told.search(node.value) and "empty with --firmness" not in node.value
        ]
    assert found == []
