"""The pictures of the tutorials show what the program makes now."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"


@pytest.mark.slow
def test_every_picture_shows_what_would_be_made_now():
    command = [sys.executable, "docs/pictures.py", "--check"]
    found = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr


def test_every_picture_is_shown_somewhere_and_is_there():
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = {
        Path(target).name for page in pages for target in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text("utf-8"))
    }
    there = {path.name for path in PICTURES.iterdir() if path.suffix in (".png", ".svg")}
    assert shown == there
    assert set(json.loads((PICTURES / "shown.json").read_text("utf-8"))) == there - {"summary.svg"}
