"""The frontier of a sweep as a chart: the goal over the first setting varied, a line for each value of the second.

Where the weight of the worst draws is varied, the goal stands over what is reached in these.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from allocator.analyses.sweep.grid import Sweep, parse_axis
from allocator.errors import UsageError
from allocator.outputs import goal_amounts as amounts
from allocator.outputs.charts import DASHES, NOTE, SERIES, SHAPES, TEXT, require_charts

WEIGHT_OF_WORST = ("risk", "cvar_weight")
ENDINGS = (".svg", ".png")
HEIGHT = 340


def refuse(path: Path | None, vary: Sequence[str], *, force: bool) -> None:
    """Raise UsageError before any work is done for a chart that cannot be drawn."""
    if path is None:
        return
    from allocator.outputs.table_file import refuse_occupied

    if path.suffix not in ENDINGS:
        raise UsageError("chart", f"found '{path.name}'", f"a file that ends in {' or '.join(ENDINGS)}")
    refuse_occupied(path, force=force)
    axes = [parse_axis(text) for text in vary]
    if len(axes) > 2 or (len(axes) == 2 and len(axes[1].values) > len(SERIES)):
        wanted = f"one setting, or a second of at most {len(SERIES)} values"
        raise UsageError("chart", "found more lines than can be told apart", wanted)
    require_charts("chart")


def draw(found: Sweep, path: Path) -> None:
    """Draw the frontier as SVG or PNG, by the file's ending. Cases without a plan are crosses at the foot.

    Raises NotWritten, with the sweep, where the file cannot be written.
    """
    import altair as alt

    from allocator.outputs.table_file import keeping

    chart = chart_of(found, alt)
    with keeping(found, path, "The cases are printed. Make room, or name another file with `chart`."):
        path.parent.mkdir(parents=True, exist_ok=True)
        chart.save(str(path), format=path.suffix[1:], scale_factor=2)


def chart_of(found: Sweep, alt: Any) -> Any:
    """Give the chart itself. alt: the module altair."""
    first, *others = found.axes
    of_caution = first.path == WEIGHT_OF_WORST and all(row.tail is not None or row.goal is None for row in found.rows)
    series = others[0] if others else None
    rows = [
        {
            "x": row.values[0]
            if not of_caution
            else None
            if row.tail is None
            else amounts.scaled(row.tail, found.measure),
            "goal": None if row.goal is None else amounts.scaled(row.goal, found.measure),
            "line": f"{series.key} = {row.values[1]}" if series is not None else found.unit,
        }
        for row in found.rows
    ]
    planned = [row for row in rows if row["goal"] is not None]
    missing = [row for row in rows if row["goal"] is None]
    names = list(dict.fromkeys(row["line"] for row in rows))
    legend = alt.Legend(title=None, orient="top") if series is not None else None
    over = f"{amounts.heading(found.measure)}, mean of the worst draws" if of_caution else first.key
    x = alt.X("x:Q", title=over, scale=alt.Scale(zero=False))
    title = amounts.heading(found.measure)
    axis = alt.Axis(format=amounts.axis_format(found.measure))

    def told_apart(values: Sequence[Any]) -> Any:
        return alt.Scale(domain=names, range=list(values[: len(names)]))

    base = alt.Chart(alt.Data(values=planned)).encode(
        x=x,
        y=alt.Y("goal:Q", title=title, scale=alt.Scale(zero=False), axis=axis),
        color=alt.Color("line:N", legend=legend, scale=told_apart(SERIES)),
    )
    layers = [
        base.mark_line(strokeWidth=2).encode(
            strokeDash=alt.StrokeDash("line:N", legend=None, scale=told_apart(DASHES))
        ),
        base.mark_point(filled=True, size=44, opacity=1).encode(
            shape=alt.Shape("line:N", legend=legend, scale=told_apart(SHAPES))
        ),
    ]
    subtitle = found.title
    if missing:
        foot = alt.Chart(alt.Data(values=missing)).mark_point(
            shape="cross", size=60, color=NOTE, filled=True, opacity=1
        )
        layers.append(foot.encode(x=x, y=alt.value(HEIGHT - 10)))
        subtitle += f"; {len(missing)} of {len(rows)} cases, marked + at the foot, have no plan"
    heading = alt.TitleParams(_message(found), subtitle=subtitle, anchor="start", color=TEXT, subtitleColor=NOTE)
    return (
        alt.layer(*layers)
        .properties(width=560, height=HEIGHT, title=heading, background="white")
        .configure_axis(labelColor=TEXT, titleColor=TEXT, gridColor="#E5E5E5", labelFontSize=12, titleFontSize=12)
        .configure_title(fontSize=16, subtitleFontSize=12)
    )


def _message(found: Sweep) -> str:
    """Give what the chart says, in a few words: the ends of the line, or of the first of several."""
    alike = [row for row in found.rows if row.goal is not None and row.values[1:] == found.rows[0].values[1:]]
    goals = [(row.values[0], row.goal) for row in alike if row.goal is not None]
    if len(goals) < 2:
        return f"{found.axes[0].key} and what is reached"
    (low, at_low), (high, at_high) = min(goals), max(goals)
    low_said, high_said = amounts.figure(at_low, found.measure), amounts.figure(at_high, found.measure)
    return f"{found.axes[0].key}: {low_said} at {low}, {high_said} at {high}"
