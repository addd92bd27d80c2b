"""The face of `allocator verify`: the verdict first, each check a paragraph, what the verdict is worth last."""

from pathlib import Path

from allocator.analyses.verify.face import PROVES, PROVES_EACH_YEAR, REFUSES, verification_lines
from allocator.runs.verify.verify import Check, Verification

GOOD = (
    Check("files", True, "27 of 27 as in the manifest"),
    Check("certificate", True, "no plan exceeds 5"),
    Check("recomputed", True, "15 rules"),
    Check("totals", True, "every published total agrees"),
)
BAD = (Check("files", False, "plan/grants.csv is not the file that was written"), *GOOD[1:])


def shown(checks, width=100):
    return [line.plain for line in verification_lines(Verification(Path("runs/a"), checks), width)]


def test_a_certified_run_says_what_was_found_and_what_it_proves():
    lines = shown(GOOD)
    assert lines[0] == "Certified: runs/a"
    assert lines[1] == "  1 files        27 of 27 as in the manifest"
    assert lines[4] == "  4 totals       every published total agrees"
    assert " ".join(lines[5:]) == PROVES


def test_a_plan_made_year_on_year_is_proved_for_each_year_by_itself():
    lines = [line.plain for line in verification_lines(Verification(Path("runs/a"), GOOD, year_on_year=True), 100)]
    assert " ".join(" ".join(lines[5:]).split()) == PROVES_EACH_YEAR
    assert PROVES not in " ".join(lines)


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
