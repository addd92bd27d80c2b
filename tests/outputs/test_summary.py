"""The summary as it is read: what stands where, at each width, and the unwelcome said unprompted."""

import pytest

from allocator.analyses.summary import summarise
from allocator.outputs.summary import SECTIONS, summary_lines
from tests.outputs.paper_plan import SETTINGS, TARGETS, paper_plan


def text(plan, width=100):
    return "\n".join(line.plain.rstrip() for line in summary_lines(plan, summarise(plan), width))


def words(plan, width=100):
    return " ".join(text(plan, width).split())


@pytest.fixture
def plan(tmp_path):
    return paper_plan(tmp_path)


def test_the_sections_in_the_order_of_reading(plan):
    shown = text(plan)
    order = [
        "A plan on paper",
        "NEET REDUCTION",
        "MONEY, £m",
        "ADVISERS, FTE",
        "WHO GAINS, WHO LOSES",
        "SOFT RULES",
        "EVIDENCE",
    ]
    assert [shown.index(heading) for heading in order] == sorted(shown.index(heading) for heading in order)
    assert len(SECTIONS) == len(order) + 1  # the worth of more stands only where a plan was asked again


def test_a_plan_without_a_certificate_says_so_first(plan):
    assert "NOT CERTIFIED: it was made by hand" in text(plan).split("NEET REDUCTION")[0]
    assert "Optimal" not in text(plan)


def test_reductions_and_the_target(plan):
    assert "NEET REDUCTION 16 young person-years (ypy) over three years, one of them without new places" in words(plan)
    # 7.5 of 180 NEET; 7.2 were required
    assert "2004-05 5 2.8 % – 2005-06 8 4.2 % 7 met" in words(plan)


def test_without_grants_in_force_nothing_is_compared_with_them(plan):
    assert "difference" not in text(plan)
    assert "With the grants in force no plan keeps the rules." in words(plan)


def test_what_is_not_spent_never_stands_without_its_holders(plan):
    said = words(plan)
    assert "Carried into the next year: £6k (North £6k). max_rise fixed their grants of those years." in said
    assert "Given back: £114k (North £68k; South £46k)." in said


def test_posts_lost_and_redundancies_are_said(tmp_path):
    plan = paper_plan(tmp_path)
    plan.solution.figures.redundancies[1, 1, 0] = 1.2  # whole ones are told
    assert "1 redundancy in 2005-06 costs" in words(plan)
    assert "! 1 fewer in post in 2005-06 than at the start" in words(plan)  # 5 at the start, 4.45 at the end


def test_posts_are_not_called_plentiful_where_money_is_given_back(plan):
    assert "At most 4 posts are filled, 22 % of the limit." in words(plan)
    assert "money is short" not in words(plan)


def test_gains_and_losses(plan):
    assert "two-year grants against those in force; £10k moves (2.5 %)" in words(plan)
    assert "over 5 % less: 1 1–5 % less: 0 within 1 %: 0 1–5 % more: 1 over 5 % more: 0" in words(plan)


def test_soft_rules_that_fall_short_come_first_and_by_name(plan):
    said = words(plan)
    assert "SOFT RULES local_minimum: 1 of 2 falls short, by 3 young people: South 3 of 3. kept: target 2005-06" in said


def test_soft_rules_all_kept(tmp_path):
    plan = paper_plan(tmp_path, SETTINGS.replace("min_reduction = 0.05", "min_reduction = 0.0"))
    # a requirement of nothing has no row to tell of
    assert "SOFT RULES all kept: target 2005-06" in words(plan)
    assert "local_minimum" not in words(plan)


def test_a_missed_target_is_called_missed(tmp_path):
    plan = paper_plan(tmp_path, targets=[{**TARGETS[0], "reduction_share": 0.05}])
    assert "9 missed" in text(plan)
    assert "target: 1 of 1 falls short, by 2 young people: nation 2 of 9" in words(plan)  # 7.5 of 9: 1.5


def test_evidence_counts_what_is_assumed(plan):
    assert (
        "2 of 4 kinds of input are assumed in whole or in part, the effects among them; 1 derived, 1 published."
        in words(plan)
    )


def test_without_sources_that_is_said(tmp_path):
    assert "which inputs are assumed is not known" in words(paper_plan(tmp_path, sources=None))


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ("final_year", "8 young people fewer NEET at the end of 2005-06"),
        ("fairest", "0 fewer NEET at the end of 2005-06 in the partnership with the least"),
        # 142,000 + 144,000
        ("least_cost", "£286k spent, as little as can be (base-year prices)"),
        # 16.25 x 10,000 - 286,000
        ("benefit", "−£124k net present value (base-year prices)"),
    ],
)
def test_each_goal_has_its_words(tmp_path, measure, said):
    settings = SETTINGS.replace("[goal]", f'[goal]\nmeasure = "{measure}"\nbenefit_per_neet = 10_000')
    assert said in words(paper_plan(tmp_path, settings))


def test_averages_name_their_prices_and_rate(tmp_path):
    settings = SETTINGS.replace("discount_rate = 0.0", "discount_rate = 0.25")
    # (142,000 + 0.8 x 144,000) / (5 + 0.8 x 7.5 + 0.64 x 3.75) = 257,200 / 13.4
    assert "On average one ypy costs £19,194 (2004-05 prices, discounted at 25 %)." in words(
        paper_plan(tmp_path, settings)
    )


@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_line_is_wider_than_its_terminal(plan, width):
    assert max(len(line) for line in text(plan, width).splitlines()) <= width


def test_what_gives_way_at_80_columns(plan):
    wide, narrow = text(plan, 160), text(plan, 80)
    assert "│" in wide
    assert "2004-05 £m" in wide  # the grants by year, where there is room
    assert "2004-05 £m" not in text(plan, 100)
    for section in ("NEET REDUCTION", "MONEY, £m", "ADVISERS, FTE", "fixed by", "SOFT RULES"):
        assert section in narrow


def test_long_names_take_a_second_line(tmp_path):
    name = "Milton Keynes, Oxfordshire, Buckinghamshire and Northamptonshire"
    tables = [
        {"partnership": key, "name": shown, "region": "R", "baseline_grant": grant, "fixed_cost": 10_000}
        | {"area_cost_factor": 1, "effect_multiplier": 1, "map_column": None, "map_row": None}
        for key, shown, grant in (("north", name, 120_000), ("south", "South", 80_000))
    ]
    narrow = " ".join(text(paper_plan(tmp_path, partnerships=tables), 80).partition("fixed by")[2].split())
    for word in name.split():
        assert word in narrow
