"""The pinned requirements are those of the package, each with the fingerprint of what was tried."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def requirements():
    """Name and lines of each requirement."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    return {found[1]: found[0] for found in re.finditer(r"^([a-z0-9._-]+)==[^\n]*(?:\n +[^\n]*)*", text, re.MULTILINE)}


def test_every_dependency_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {re.match(r"[A-Za-z0-9._-]+", dependency)[0] for dependency in project["dependencies"]}
    assert named <= set(requirements())


def test_every_pin_has_a_fingerprint():
    assert len(requirements()) > 10
    assert all("--hash=sha256:" in lines for lines in requirements().values())


def test_they_name_no_place_to_fetch_from():
    assert "://" not in (ROOT / "requirements.txt").read_text(encoding="utf-8")
