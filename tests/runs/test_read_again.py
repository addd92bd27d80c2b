"""A run read again tells what the plan told when it was fresh."""

import pytest

from allocator import api
from allocator.analyses.solve.face import summary_lines
from allocator.analyses.solve.summary import summarise
from tests.helpers.builders import row, tiny_data, tiny_scenario
from tests.helpers.paper_programme import FINAL_YEAR, paper_tables, two_partnerships

QUIET = f"{FINAL_YEAR}give_up = 0.05\n"
FAIREST = '[goal]\nmeasure = "fairest"\n'
EVERY_ROUND = f'{FAIREST}rounds = "all"\n'
YEARLY = '[goal]\ngive_up = 0.05\ntail_years = 0\n[certainty]\nkind = "year_on_year"\n'
LEAST_COST = '[goal]\nmeasure = "least_cost"\ngive_up = 0.05\ntail_years = 0\n'


def helpless_south():
    """Nothing that is offered helps anybody in south."""
    tables = two_partnerships()
    row(tables, "partnerships", partnership="south")["effect_multiplier"] = 0
    return tables


@pytest.mark.parametrize(
    ("settings", "tables"),
    [
        (QUIET, two_partnerships()),
        (FAIREST, helpless_south()),
        (EVERY_ROUND, two_partnerships()),
        (YEARLY, paper_tables(("north", "south"), years=2)),
        (LEAST_COST, two_partnerships()),
    ],
)
def test_what_is_given_up_and_who_is_left_out_is_told_again(tmp_path, settings, tables):
    tiny_data(tmp_path, tables)
    fresh = api.solve(tiny_scenario(tmp_path, settings))
    again = api.load(fresh.save(tmp_path / "run"))
    assert fresh.certified
    assert again.certified
    assert again.solution.left_out == fresh.solution.left_out
    pairs = list(zip(again.solution.given_up, fresh.solution.given_up, strict=True))
    assert len(pairs) == (0 if "fairest" in settings else 2 if "year_on_year" in settings else 1)
    for one, other in pairs:
        assert one.year == other.year
        assert (one.best, one.allowed) == pytest.approx((other.best, other.allowed), rel=1e-6)
        assert one.given == pytest.approx(other.given, abs=1e-6 * abs(other.best))

    # what checks a plan in its page is told what may be given up, whether the plan is fresh or of a run
    for one, other in zip(again.solution.proofs, fresh.solution.proofs, strict=True):
        assert one.stage == other.stage
        assert (one.given_up or 0.0) == pytest.approx(other.given_up or 0.0, rel=1e-6, abs=1e-9)

    def said(plan):
        return [line.plain for line in summary_lines(plan, summarise(plan), 100)]

    told = [line for line in said(fresh) if "as before" not in line]  # which a run does not keep
    assert told[0] == said(again)[0]
    assert [line for line in told if "Given up" in line] == [line for line in said(again) if "Given up" in line]


def test_whom_nothing_helps_is_named_again(tmp_path):
    tiny_data(tmp_path, helpless_south())
    again = api.load(api.solve(tiny_scenario(tmp_path, FAIREST)).save(tmp_path / "run"))
    assert again.solution.left_out == ("south",)
