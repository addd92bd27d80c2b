"""Gains, losses and the rule that fixed each number."""

import pytest

from allocator.analyses.solve.gains import Mover, class_counts, in_few_words, movers, rules_at_the_limit
from allocator.recompute.rules import RuleRow
from tests.helpers.paper_plan import paper_plan

YEARS = ("2004-05", "2005-06", "2006-07")


def mover(change, in_force=100.0):
    grant = in_force + change
    return Mover(grant, in_force, partnership="p", name="P", region="R", by_year=(grant,), fixed_by="the margin")


def test_the_paper_plan(tmp_path):
    found = movers(paper_plan(tmp_path))
    north, south = found.movers  # equal changes: by key
    assert (north.name, north.grant, north.in_force, north.change) == ("North", 250_000, 240_000, 10_000)
    assert south.change == pytest.approx(-10_000)
    assert north.relative_change == pytest.approx(1 / 24)
    assert south.relative_change == pytest.approx(-1 / 16)
    assert north.fixed_by == "max_rise 2004-05"
    assert south.fixed_by == "floor 2004-05"
    assert found.classes == (1, 0, 0, 1, 0)
    assert found.moved == pytest.approx(10_000)
    assert found.moved_share == pytest.approx(10_000 / 400_000)


@pytest.mark.parametrize(
    ("change", "position"), [(-5.1, 0), (-5, 1), (-1.1, 1), (-1, 2), (0, 2), (1, 2), (1.1, 3), (5, 3), (5.1, 4)]
)
def test_classes_end_at_one_and_five_per_cent(change, position):
    counts = [0] * 5
    counts[position] = 1
    assert class_counts([mover(change)]) == tuple(counts)


def test_a_partnership_without_a_grant_in_force_is_in_no_class():
    new = mover(100.0, in_force=0.0)
    assert new.relative_change is None
    assert class_counts([new]) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("by_year", "words"),
    [
        ([(), (), ()], "the margin"),
        ([("max_rise",), (), ()], "max_rise 2004-05"),
        ([("max_fall",), ("max_fall",), ()], "max_fall 2 years"),
        ([("floor",), ("floor",), ("floor",)], "floor"),
        ([("max_fall",), ("floor",), ()], "max_fall, floor"),
        ([("formula",), ("formula",), ("formula",)], "formula"),
    ],
)
def test_what_fixed_a_number_in_few_words(by_year, words):
    assert in_few_words(YEARS, by_year) == words


def row(rule, key, slack):
    return RuleRow(rule, key, 0.0, "<=", 0.0, slack, "£", 0.0, soft=False)


def test_rules_at_the_limit():
    rows = [
        row("floor", ("north", "2004-05"), 0.2),
        row("cap", ("north", "2004-05"), 0.6),
        row("damping", ("north", "2005-06", "max_fall"), 0.0),
        row("damping", ("north", "2005-06", "max_rise"), 9_000.0),
        row("channel", ("north", "2005-06", "school"), 0.0),
        row("distribution", ("south", "2004-05"), 0.0),
    ]
    assert rules_at_the_limit(rows, "equal") == {
        ("north", "2004-05"): ("floor",),
        ("north", "2005-06"): ("max_fall",),
        ("south", "2004-05"): ("equal",),
    }
