"""The face of `allocator verify`: the verdict first, each check a paragraph, what the verdict is worth last."""

from pathlib import Path

import pytest

from allocator.analyses.verify.face import CLAIMS, INPUTS, PROVES, REFUSES, verification_lines
from allocator.runs.verify.verify import Check, Verification

GOOD = (
    Check("files", True, "27 of 27 as in the manifest"),
    Check("certificate", True, "no plan exceeds 5"),
    Check("recomputed", True, "15 rules"),
    Check("totals", True, "every published total agrees"),
)
BAD = (Check("files", False, "plan/grants.csv is not the file that was written"), *GOOD[1:])


def shown(checks, width=100, **said):
    said = {"unchecked": "worth.json", **said}
    return [line.plain for line in verification_lines(Verification(Path("runs/a"), checks, **said), width)]


def test_a_certified_run_says_what_was_found_and_what_it_proves():
    lines = shown(GOOD)
    assert lines[0] == "Certified: runs/a"
    assert lines[1] == "  1 files        27 of 27 as in the manifest"
    assert lines[4] == "  4 totals       every published total agrees"
    assert " ".join(" ".join(lines[5:]).split()) == f"{PROVES}. {INPUTS} Not checked: worth.json."


@pytest.mark.parametrize("claim", CLAIMS)
def test_the_claim_is_no_wider_than_the_proof(claim):
    said = " ".join(" ".join(shown(GOOD, claims=(claim,))[5:]).split())
    assert said.startswith(f"{PROVES}; {CLAIMS[claim]}. {INPUTS}")


def test_who_signed_is_told_and_nothing_is_claimed_where_a_check_failed():
    said = " ".join(" ".join(shown(GOOD, signed=("signed by A as analyst",))[5:]).split())
    assert said.endswith("Signed by A as analyst.")
    assert "Signed" not in " ".join(shown(BAD, signed=("signed by A as analyst",)))


def test_one_failed_check_is_enough_and_the_others_say_only_that_they_passed():
    lines = shown(BAD)
    assert lines[0] == "NOT CERTIFIED: runs/a"
    assert lines[1] == "  1 files        FAILED  plan/grants.csv is not the file that was written"
    assert lines[2] == "  2 certificate  passed"
    assert " ".join(lines[5:]) == REFUSES


def test_a_long_finding_hangs_under_itself_and_none_of_it_is_lost():
    words = " ".join(f"word{n}" for n in range(60))
    lines = shown((Check("files", False, words), *GOOD[1:]), 80)
    assert all(len(line) <= 80 for line in lines)
    found = lines[1 : lines.index("  2 certificate  passed")]
    assert all(line.startswith(" " * 17) for line in found[1:])
    assert " ".join(" ".join(line.split()) for line in found) == f"1 files FAILED {words}"
