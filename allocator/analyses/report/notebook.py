"""The charts of a plan in a notebook: Altair charts, which a notebook shows by itself and which can be changed."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from allocator.analyses.report import page
from allocator.analyses.report.facts import Facts
from allocator.analyses.report.loaded import facts_of
from allocator.errors import UsageError
from allocator.outputs.charts import dressed, require_charts, titled
from allocator.outputs.page import Chart
from allocator.runs.plan import Plan


class Charts:
    """A plan's charts, each with its message and what it measures above it.

    Every method gives an Altair chart. Raises UsageError where Altair is not installed, or the plan has nothing for
    the chart: no places on a map, no prices.
    """

    def __init__(self, plan: Plan) -> None:
        """Take the plan; nothing is drawn or asked before a chart is."""
        require_charts("chart")
        self._plan = plan

    def reduction(self) -> Any:
        """Show young people fewer NEET at the end of each year, beside shares as before and targets."""
        return _shown(page.achieves_chart(self._facts))

    def map(self) -> Any:
        """Show a square a partnership: how its grant changes on shares as before."""
        return _shown(page.map_chart(self._facts), "partnerships with map_column and map_row in their table")

    def changes(self) -> Any:
        """Show who gains and who loses on shares as before, by region."""
        return self._of("gains-chart")

    def grants(self) -> Any:
        """Show grants of all years and shares as before, £ million."""
        return self._of("grants-chart")

    def uses(self) -> Any:
        """Show what the money is spent on, by year."""
        return self._of("uses-chart")

    def advisers(self) -> Any:
        """Show advisers in post and how they come and go."""
        return self._of("advisers-chart")

    def next_pound(self) -> Any:
        """Show what a step more of each year's money brings, and a step less loses. Solves the scenario again."""
        return self._of("worth-chart")

    def rule_costs(self) -> Any:
        """Show what each rule costs, switched off alone. Solves the scenario again."""
        return self._of("costs-chart")

    @cached_property
    def _facts(self) -> Facts:
        return Facts(self._plan)

    @cached_property
    def _asked(self) -> dict[str, Chart]:
        return _charts_of(facts_of(self._plan))

    @cached_property
    def _known(self) -> dict[str, Chart]:
        return _charts_of(self._facts)

    def _of(self, key: str) -> Any:
        if key not in self._known:
            return _shown(self._asked.get(key), "a plan of a scenario that HiGHS can be asked again")
        return _shown(self._known[key])


def _charts_of(facts: Facts) -> dict[str, Chart]:
    found = page.page_of(facts, name="", made="")
    return {part.key: part for section in found.sections for part in section.parts if isinstance(part, Chart)}


def _shown(chart: Chart | None, wanted: str = "") -> Any:
    if chart is None:
        raise UsageError("chart", "found nothing to draw", wanted)
    return dressed(titled(chart.drawn, chart.message, chart.subtitle))
