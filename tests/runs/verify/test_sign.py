"""Sign-offs stand outside what is signed, and say when the run is another than the one that was signed."""

from __future__ import annotations

import json
from datetime import date

import pytest

from allocator.cli import app
from allocator.errors import RunError, UsageError
from allocator.runs.verify.sign import sign
from allocator.runs.verify.verify import verify
from tests.helpers.sealed import reseal

DAY = date(2026, 4, 1)


def test_a_run_that_is_signed_is_certified_as_before_and_says_by_whom(run):
    before = (run / "manifest.json").read_bytes()
    sign(run, "analyst", "Ann Other", today=DAY)
    sign(run, "assurer", "Bob  Other", "Effects are weak", today=DAY)
    assert (run / "manifest.json").read_bytes() == before
    found = verify(run)
    assert found.certified
    assert found.signed == (
        "signed by Ann Other as analyst on 2026-04-01",
        "signed by Bob Other as assurer on 2026-04-01",
    )
    digest = json.loads(before)["digest"]
    assert (run / "sign-off.md").read_text().count(digest) == 2
    assert [path.name for path in run.parent.iterdir()] == ["run"]


def test_a_sign_off_of_another_run_is_said_to_be_one(run):
    sign(run, "approver", "Ann Other", today=DAY)
    (run / "worth.json").write_text("{}\n")
    reseal(run)
    found = verify(run)
    assert found.certified
    assert "FOR ANOTHER RUN" in found.signed[0]


def test_what_is_not_certified_is_not_signed(run):
    (run / "summary.json").write_text("{}")
    with pytest.raises(RunError, match="not certified"):
        sign(run, "analyst", "Ann Other")
    assert not (run / "sign-off.md").exists()


@pytest.mark.parametrize(
    ("role", "name", "note"),
    [
        ("treasurer", "Ann", ""),
        ("analyst", "", ""),
        ("analyst", "Ann | Other", ""),
        ("analyst", "Ann\nOther", ""),
        ("analyst", "Ann", "\x1b[2K"),
        ("analyst", "A" * 500, ""),
    ],
)
def test_words_that_would_break_the_table_are_refused(run, role, name, note):
    with pytest.raises(UsageError):
        sign(run, role, name, note)


@pytest.mark.parametrize("text", ["", "# Sign-off\n", "\xff", "| analyst | A |\n"])
def test_a_sign_off_that_was_not_written_by_the_program_is_a_failed_check(run, text):
    (run / "sign-off.md").write_text(text, encoding="latin-1")
    found = verify(run)
    assert not found.certified
    assert not found.checks[0].passed


def test_the_command_prints_the_digest_to_keep(capsys, run):
    assert app.run(["sign", str(run), "--as", "analyst", "--name", "Ann Other", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["digest"] == json.loads((run / "manifest.json").read_text())["digest"]
    assert said["matches"] is True
    assert app.run(["sign", str(run), "--as", "nobody", "--name", "Ann Other"]) == 2
