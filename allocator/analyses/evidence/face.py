"""What `allocator evidence` prints: which evaluation to commission, what is claimed too much, and what studies say."""

from __future__ import annotations

import sys
from itertools import zip_longest

from rich.text import Text

from allocator import units
from allocator.analyses.evidence.evidence import SAMPLES, Evidence
from allocator.analyses.evidence.pooling import EXTRA, NORMAL, Pool
from allocator.outputs import console
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.console import TextColumn
from allocator.register import goals

NOTHING_UNCERTAIN = (
    "No effect has a standard error: to the data every effect is certain, and knowing more brings nothing."
)
POOL_NOTE = (
    "What the tables say is planned with. Both together: each weighed by how sure it is, as if neither rested on the "
    "other. A study of half the relevance counts as one with twice the variance. Two "
    "or three studies that differ say little: the pool's interval (Hartung–Knapp) is wide."
)
HALF = 14  # columns either side of nought in the forest


def write(found: Evidence) -> None:
    """Print what evidence is worth."""
    console.write(evidence_lines(found, console.width_of(sys.stdout)))


def evidence_lines(found: Evidence, width: int) -> list[Text]:
    """Give the value of knowing all, of each intervention, the headline's optimism, firmness, and the studies."""
    lines = [console.between("What better evidence would bring", found.side, width)]
    if not found.interventions:
        lines += console.paragraph(NOTHING_UNCERTAIN, width, indent=0)
    else:
        lines += [*console.labelled("KNOW ALL", know_all(found), width), Text("")]
        lines += [*_each(found, width), Text(""), *console.labelled("HEADLINE", optimism(found), width)]
        lines += _firmness(found, width)
    if found.pools:
        lines += [Text(""), *_pools(found.pools, width)]
    if found.not_pooled:
        said = (
            f"{units.counted(found.not_pooled, 'study', 'studies')} of effects are not pooled, since statsmodels is "
            f"not installed: {console.kept_together(EXTRA)}"
        )
        lines += [Text(""), *console.labelled("STUDIES", said, width)]
    rests = f"{amounts.assumed(len(found.inputs.assumed), found.inputs.total)} {errors_assumed(found)}".rstrip()
    return [*lines, Text(""), *console.labelled("EVIDENCE", rests, width)]


def errors_assumed(found: Evidence) -> str:
    """Give that the spread of effects is assumed; blank where it is not, or there is none."""
    return amounts.errors_assumed(found.inputs.assumed) if found.interventions else ""


def in_pounds(found: Evidence, value: float) -> str:
    """Give an amount of the goal in pounds, at what the next pound brings; a dash where money brings nothing."""
    if goals.named(found.measure).in_pounds:
        return units.pounds_short(value)
    return units.DASH if found.pounds_a_unit is None else units.pounds_short(value * found.pounds_a_unit)


def know_all(found: Evidence) -> str:
    """Give what knowing every effect would bring, and how sure that is."""
    worth, error = (amounts.said(value, found.measure) for value in (found.perfect.value, found.perfect.standard_error))
    priced = ""
    if found.pounds_a_unit is not None and not goals.named(found.measure).in_pounds:
        unit = f"{amounts.said(1, found.measure)} for {units.pounds(found.pounds_a_unit)}"
        priced = f", {in_pounds(found, found.perfect.value)} at what the next pound brings ({unit})"
    return (
        f"Knowing every effect before deciding would bring {worth}{priced}: the most that any research can be worth to "
        f"this plan. From {units.counted(found.draws, 'draw')} of the effects, seed {found.seed}; standard error "
        f"{error}."
    )


def _each(found: Evidence, width: int) -> list[Text]:
    rows = found.interventions
    columns = [
        TextColumn("knowing it", tuple(amounts.figure(row.value, found.measure) for row in rows)),
        TextColumn("in pounds", tuple(in_pounds(found, row.value) for row in rows), drop=3),
        *(
            TextColumn(
                f"a study\nof {units.number(sample)}",
                tuple(amounts.figure(row.studies[n].value, found.measure) for row in rows),
                drop=drop,
            )
            for n, (sample, drop) in enumerate(zip(SAMPLES, (2, 0, 1), strict=True))
        ),
        TextColumn("points\n±", tuple(units.number(100 * row.standard_error, 2) for row in rows), drop=4),
    ]
    title = "WHICH EVALUATION FIRST"
    lines = console.table(title, [row.name for row in rows], columns, width)
    return lines + console.paragraph(study_note(found), width, style="dim")


def study_note(found: Evidence) -> str:
    """Give what the table of evaluations shows."""
    return (
        f"What deciding after it adds, in {goals.named(found.measure).words.column}. A study is of so many young "
        "people, half of them in a comparison group; it is worth having where it costs less than it brings. ±: "
        "standard error of the effect now, as the tables have it. Errors that effects have in common count: "
        "knowing one tells of the others."
    )


def optimism(found: Evidence) -> str:
    """Give what the headline is likely to claim too much."""
    part = f" ({units.share(found.optimism.value / found.value)})" if found.value > 0 else ""
    before = (
        f", before any of it is given up (goal.give_up, {units.percentage(found.give_up)})" if found.give_up else ""
    )
    return (
        f"{amounts.said(found.value, found.measure)}{before}. The best plan for what was estimated is likely to claim "
        f"{amounts.said(found.optimism.value, found.measure)}{part} more than it yields: what was estimated too high "
        f"is chosen more often. Standard error {amounts.said(found.optimism.standard_error, found.measure)}."
    )


def _firmness(found: Evidence, width: int) -> list[Text]:
    if not found.firmness:
        return []
    lines = console.labelled("GRANTS", firm_grants(found), width)
    unsure = sorted(found.firmness, key=lambda row: max(row.above, row.below))[:5]
    open_ones = [
        console.kept_together(f"{row.name} (up in {units.share(row.above, 0)})")
        for row in unsure
        if max(row.above, row.below) < 0.9
    ]
    if open_ones:
        lines += console.paragraph(f"Least sure: {units.listed(open_ones)}.", width, indent=12)
    return lines


def firm_grants(found: Evidence) -> str:
    """Give how many grants stand on the same side of shares as before whatever the effects."""
    sure = [row for row in found.firmness if max(row.above, row.below) >= 0.9]
    return (
        f"{units.counted(len(sure), 'partnership')} of {units.number(len(found.firmness))} "
        f"{'is' if len(sure) == 1 else 'are'} on the same side of shares as before in nine of ten draws."
    )


def _pools(pools: tuple[Pool, ...], width: int) -> list[Text]:
    """Give a forest: each study with its interval, the pool, and what is assumed."""
    lines = [Text("WHAT STUDIES SAY, points with 95 % intervals", style="bold")]
    for pool in pools:
        lines += console.paragraph(f"{pool.name}, {pool.client_group} ({pool.method})", width)
        relevance = [units.number(study.relevance, 1) for study in pool.studies]
        rows = [(*row, note) for row, note in zip_longest(forest(pool), relevance, fillvalue="")]
        wide = max(abs(end) for _, _, low, high, _ in rows for end in (low, high)) or 1.0
        columns = [
            TextColumn("", tuple(_span(low, effect, high, wide) for _, effect, low, high, _ in rows), left=True),
            TextColumn("effect", tuple(units.signed(100 * effect, 1) for _, effect, _, _, _ in rows)),
            TextColumn("from", tuple(units.signed(100 * low, 1) for _, _, low, _, _ in rows)),
            TextColumn("to", tuple(units.signed(100 * high, 1) for _, _, _, high, _ in rows)),
            TextColumn("relevance", tuple(note for *_, note in rows), drop=1),
        ]
        lines += console.table("", [name for name, *_ in rows], columns, width, bold=False)
        if pool.next_low is not None and pool.next_high is not None:
            low, high = units.signed(100 * pool.next_low, 1), units.signed(100 * pool.next_high, 1)
            said = f"In one more setting the effect would lie between {low} and {high} points, 95 times of 100."
            lines += console.paragraph(said, width, indent=4)
    return lines + console.paragraph(POOL_NOTE, width, style="dim")


def forest(pool: Pool) -> list[tuple[str, float, float, float]]:
    """Give the rows of a forest, each with effect and 95 per cent interval: the studies, the pool, the tables, both."""
    around = ((pool.assumed, pool.assumed_error), (pool.shrunken, pool.shrunken_error))
    tables, together = ((middle, middle - NORMAL * error, middle + NORMAL * error) for middle, error in around)
    return [
        *((study.study, study.effect, *study.interval) for study in pool.studies),
        ("pooled", pool.effect, pool.low, pool.high),
        ("in the tables", *tables),
        ("both together", *together),
    ]


def _span(low: float, middle: float, high: float, wide: float) -> str:
    """Give an interval as characters, nought in the middle."""

    def place(value: float) -> int:
        return round(HALF + max(min(value / wide, 1.0), -1.0) * HALF)

    marks = [" "] * (2 * HALF + 1)
    marks[HALF] = "|"
    for at in range(place(low), place(high) + 1):
        marks[at] = "-"
    marks[place(middle)] = "o"
    return "".join(marks)
