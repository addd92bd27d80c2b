"""What the rules say that a summary names, in the words of their own sentences."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from allocator.analyses.catalogue.rules import listed_rules
from allocator.analyses.solve.face_of_gains import shown_movers
from allocator.analyses.solve.gains import fixed_by
from allocator.analyses.solve.summary import Summary
from allocator.outputs import console
from allocator.register.rules import of_group, rule_of
from allocator.runs.plan import Plan


def rules_lines(plan: Plan, summary: Summary, width: int) -> list[Text]:
    """Give each rule that the sections above name, with its sentence, in the order of the model; none where none is."""
    told = {rule for called in _named(plan, summary) if called for rule in of_group(called)}
    named = {record.name for called in told if (record := rule_of(called)) is not None}
    lines: list[Text] = []
    for rule in listed_rules().rules:
        if rule.name in named:
            lines += console.labelled("" if lines else "RULES NAMED", f"{rule.name}: {rule.sentence}", width, hang=13)
    return lines


def _named(plan: Plan, summary: Summary) -> Iterator[str]:
    fixed = fixed_by(plan) or {}
    for mover in shown_movers(summary.movers):
        for year in plan.data.years:
            yield from fixed.get((mover.partnership, year), ())
    ends = {why.kind: why for why in plan.reasons.why} if plan.reasons is not None else {}
    for why in ends.values():
        yield from (why.rule, *why.also)
    for kind, unspent in (("carried", summary.carried), ("lapsed", summary.lapsed)):
        if unspent.total >= 1:
            yield from unspent.grant_rules
            yield from () if kind in ends and ends[kind].rule else unspent.full
    yield from (rule.rule for rule in summary.soft)
    yield from (rule for rule, _ in summary.broken_as_before)
