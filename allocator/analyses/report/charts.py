"""The charts of a plan, from plain rows: what the page shows, what `-o DIR` writes and what a notebook draws.

Every function takes rows of figures and gives an Altair chart without a title: the heading with the message stands
above it. A figure that is a position is drawn on an axis from zero, unless it is a change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allocator.outputs.charts import (
    BEFORE,
    FOURTH,
    GRID,
    NOTE,
    ON_DARK,
    ON_LIGHT,
    PLANNED,
    SERIES,
    SHAPES,
    TARGET,
    TEXT,
    THIRD,
)

Rows = "Sequence[dict[str, Any]]"
WIDTH = 600
LOSS, GAIN = BEFORE, PLANNED
LONGEST_LABEL = 320  # px of a name beside its bar
EVERY = 18  # height of a partnership's row, px
# Ticks of changes: few, nothing among them, the signs and spaces of all figures here.
PER_CENT: dict[str, Any] = {
    "tickCount": 6,
    "labelExpr": "datum.value == 0 ? '0' : replace(format(datum.value, '+.0%'), '%', ' %')",
}
BAR = "M-0.2,-1L0.2,-1L0.2,1L-0.2,1Z"  # an upright bar, as a path: it is filled as the other marks are
# Each use is told by its tone and by the figure and legend beside it.
USES = {"salaries": PLANNED, "places": THIRD, "fixed costs": NOTE, "joining, leaving, training": FOURTH}
ON_USES = {name: ON_LIGHT if colour == THIRD else ON_DARK for name, colour in USES.items()}


def _values(rows: Sequence[dict[str, Any]]) -> Any:
    import altair as alt

    return alt.Chart(alt.InlineData(values=list(rows))).data


def _dots(key: str, domain: Sequence[str], colours: Sequence[str], shapes: Sequence[str]) -> dict[str, Any]:
    import altair as alt

    return {
        "color": alt.Color(f"{key}:N", scale=alt.Scale(domain=list(domain), range=list(colours)), title=None),
        "shape": alt.Shape(f"{key}:N", scale=alt.Scale(domain=list(domain), range=list(shapes)), title=None),
    }


def reduction(rows: Sequence[dict[str, Any]]) -> Any:
    """Draw who is fewer NEET at the end of each year. rows: year, series (the plan, shares as before, target),
    people.
    """
    import altair as alt

    names = [name for name in ("the plan", "shares as before", "target") if any(row["series"] == name for row in rows)]
    looks = {"the plan": (PLANNED, "circle"), "shares as before": (BEFORE, "square"), "target": (TARGET, BAR)}
    colours, shapes = zip(*(looks[name] for name in names), strict=True)
    base = alt.Chart(_values(rows)).encode(
        x=alt.X(
            "people:Q",
            title="young people fewer NEET at the end of the year",
            scale=alt.Scale(domain=[0, 1.1 * max(row["people"] for row in rows) or 1]),
            axis=alt.Axis(format=",.0f"),
        ),
        y=alt.Y("year:N", title=None, sort=None),
        yOffset=alt.YOffset("series:N", sort=names, scale=alt.Scale(domain=names)),
    )
    marks = base.mark_point(size=110, filled=True, opacity=1).encode(**_dots("series", names, colours, shapes))
    labels = base.mark_text(dx=10, align="left", color=TEXT, fontSize=12).encode(
        text=alt.Text("people:Q", format=",.0f")
    )
    return (marks + labels).properties(width=WIDTH, height=80 * max(len({row["year"] for row in rows}), 1))


def changes(rows: Sequence[dict[str, Any]], axis: str) -> Any:
    """Draw who gains and who loses, by region: a bar from zero for each. rows: name, region, change (share), said.

    axis: its title.
    """
    import altair as alt

    drawn = _bars(alt.Chart(_values(rows)), rows, axis, sort=alt.EncodingSortField("change", order="descending"))
    return drawn.facet(
        row=alt.Row("region:N", title=None, header=alt.Header(labelOrient="top", labelAnchor="start", labelAngle=0))
    ).resolve_scale(y="independent")


def changes_by_region(rows: Sequence[dict[str, Any]], axis: str) -> tuple[tuple[str, Any], ...]:
    """Draw the same as a chart a region, by name, all to one scale. rows, axis: as changes takes them."""
    import altair as alt

    regions: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        regions.setdefault(row["region"], []).append(row)
    names = min(max(len(row["name"]) for row in rows) * 6.5, LONGEST_LABEL)
    drawn = []
    for region in sorted(regions):
        own = sorted(regions[region], key=lambda row: -row["change"])
        title = alt.TitleParams(region, anchor="start", color=TEXT, fontSize=13)
        bars = _bars(alt.Chart(_values(own)), rows, axis, sort=None, names=names)
        drawn.append((region, bars.properties(title=title)))
    return tuple(drawn)


def movers(rows: Sequence[dict[str, Any]], axis: str) -> Any:
    """Draw the largest changes alone: a bar from zero for each, in the order given. rows.

    Name, change (share), said.
    """
    import altair as alt

    return _bars(alt.Chart(_values(rows)), rows, axis, sort=None)


def _bars(chart: Any, scaled: Sequence[dict[str, Any]], axis: str, *, sort: Any, names: float | None = None) -> Any:
    """Draw a bar from zero for each, with its figure. scaled: the rows that set the scale. names.

    Room for labels, px.
    """
    import altair as alt

    room: dict[str, Any] = {} if names is None else {"minExtent": names, "maxExtent": names}
    base = chart.encode(
        y=alt.Y("name:N", title=None, sort=sort, axis=alt.Axis(domain=False, ticks=False, **room)),
        x=alt.X(
            "change:Q",
            title=axis,
            axis=alt.Axis(**PER_CENT),
            scale=alt.Scale(domain=_with_room([row["change"] for row in scaled]), nice=False),
        ),
    )
    bars = base.mark_bar(height=11).encode(color=alt.condition("datum.change < 0", alt.value(LOSS), alt.value(GAIN)))
    return (bars + _labels(base, "left", 4, ">= 0") + _labels(base, "right", -4, "< 0")).properties(
        width=420, height=alt.Step(EVERY)
    )


def _labels(base: Any, align: str, dx: int, side: str) -> Any:
    marks = base.transform_filter(f"datum.change {side}").mark_text(align=align, dx=dx, color=TEXT, fontSize=11)
    return marks.encode(text="said:N")


def _with_room(values: Sequence[float]) -> list[float]:
    """Give a scale's ends: the smallest and largest, nothing among them, and room for a label beyond each end that has
    bars.
    """
    low, high = min(0.0, *values), max(0.0, *values)
    room = 0.16 * ((high - low) or 1.0)
    return [low - room * (low < 0), high + room * (high > 0)]


def grants(rows: Sequence[dict[str, Any]]) -> Any:
    """Draw grants of all years: shares as before and the plan, joined, the largest gain first.

    rows: name, before, plan (£m), said, in the order of their changes.
    """
    import altair as alt

    base = alt.Chart(_values(rows)).encode(
        y=alt.Y("name:N", title=None, sort=None, axis=alt.Axis(domain=False, ticks=False, grid=True))
    )
    largest = max(max(row["before"], row["plan"]) for row in rows)
    x: dict[str, Any] = {
        "title": "£ million, all years, cash",
        "scale": alt.Scale(domain=[0, 1.15 * largest], nice=False),
    }
    joined = base.mark_rule(strokeWidth=3, color=NOTE).encode(x=alt.X("before:Q", **x), x2="plan:Q")
    names = ["the plan", "shares as before"]
    dots = base.transform_fold(["plan", "before"], as_=["which", "million"]).transform_calculate(
        series="datum.which == 'plan' ? 'the plan' : 'shares as before'"
    )
    marks = dots.mark_point(size=60, filled=True, opacity=1).encode(
        x=alt.X("million:Q", **x), **_dots("series", names, (PLANNED, BEFORE), ("circle", "square"))
    )
    labels = (
        base.transform_calculate(right="max(datum.before, datum.plan)")
        .mark_text(align="left", dx=9, color=TEXT, fontSize=11)
        .encode(x=alt.X("right:Q", **x), text="said:N")
    )
    return (joined + marks + labels).properties(width=480, height=alt.Step(EVERY))


# The squares of the map: class from 1 (over 10 % less) to 7 (over 10 % more); what is written on each.
SHADES = ("#A33F0B", "#F46A25", "#F9B493", "#F2F2F2", "#B9D8F2", "#2073BC", "#12436D")
ON_SHADES = (ON_DARK, TEXT, TEXT, TEXT, TEXT, ON_DARK, ON_DARK)


def tile_map(rows: Sequence[dict[str, Any]], legend: Sequence[str]) -> Any:
    """Draw a square a partnership.

    rows: code, name, said, shade (1 to 7), column, row (0 at the top). legend: of shades.
    """
    import altair as alt

    drawn = [{**row, "class": legend[row["shade"] - 1], "ink": ON_SHADES[row["shade"] - 1]} for row in rows]
    columns, deep = max(row["column"] for row in rows) + 1, max(row["row"] for row in rows) + 1
    base = alt.Chart(_values(drawn)).encode(
        x=alt.X("column:O", axis=None, scale=alt.Scale(domain=list(range(columns)), paddingInner=0.05)),
        y=alt.Y("row:O", axis=None, scale=alt.Scale(domain=list(range(deep)), paddingInner=0.05)),
        tooltip=[alt.Tooltip("name:N"), alt.Tooltip("said:N", title="change, per cent")],
    )
    squares = base.mark_rect(stroke=NOTE, strokeWidth=1).encode(
        color=alt.Color("class:N", scale=alt.Scale(domain=list(legend), range=list(SHADES)), title=None)
    )
    ink = alt.Color("ink:N", scale=None)
    codes = base.mark_text(dy=-7, fontSize=11, fontWeight="bold").encode(text="code:N", color=ink)
    said = base.mark_text(dy=8, fontSize=11).encode(text="said:N", color=ink)
    return (squares + codes + said).resolve_scale(color="independent").properties(width=columns * 52, height=deep * 42)


def uses(rows: Sequence[dict[str, Any]], axis: str) -> Any:
    """Draw what the money is spent on, stacked. rows: year, use, million, said."""
    import altair as alt

    names = [name for name in USES if any(row["use"] == name for row in rows)]
    base = (
        alt.Chart(_values(rows))
        .transform_calculate(order=f"indexof({names!r}, datum.use)")
        .encode(
            y=alt.Y("year:N", title=None, sort=None),
            x=alt.X("million:Q", title=axis, stack="zero"),
            order=alt.Order("order:Q"),
        )
    )
    bars = base.mark_bar(height=30, stroke=ON_DARK, strokeWidth=1).encode(
        color=alt.Color("use:N", scale=alt.Scale(domain=names, range=[USES[name] for name in names]), title=None)
    )
    ink = alt.Scale(domain=names, range=[ON_USES[name] for name in names])
    labels = base.mark_text(fontSize=12, fontWeight="bold").encode(
        x=alt.X("million:Q", stack="zero", bandPosition=0.5),
        color=alt.Color("use:N", scale=ink, legend=None),
        text="said:N",
    )
    return (
        (bars + labels)
        .resolve_scale(color="independent")
        .properties(width=WIDTH, height=48 * len({row["year"] for row in rows}))
    )


def advisers(rows: Sequence[dict[str, Any]]) -> Any:
    """Draw advisers as a waterfall, downwards. rows: step, kind (in post, more, fewer), low, high, said, in order."""
    import altair as alt

    kinds = ["in post", "more", "fewer"]
    room = alt.Scale(domain=[0, 1.1 * max(row["high"] for row in rows) or 1], nice=False)
    base = alt.Chart(_values(rows)).encode(
        y=alt.Y("step:N", title=None, sort=None, axis=alt.Axis(domain=False, ticks=False)),
    )
    bars = base.mark_bar(height=16).encode(
        x=alt.X("low:Q", title="FTE, average over the year", scale=room, axis=alt.Axis(format=",.0f")),
        x2="high:Q",
        color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[PLANNED, THIRD, BEFORE]), title=None),
    )
    labels = base.mark_text(align="left", dx=5, color=TEXT, fontSize=12).encode(x=alt.X("high:Q"), text="said:N")
    return (bars + labels).properties(width=WIDTH, height=alt.Step(24))


def next_step(rows: Sequence[dict[str, Any]], axis: str) -> Any:
    """Draw what a step more brings and a step less loses. rows: of, side (more, less), amount, said."""
    import altair as alt

    sides = ["a step more brings", "a step less loses"]
    largest = max([abs(row["amount"]) for row in rows], default=0.0) or 1.0
    room = alt.Scale(domain=[min(0.0, *(row["amount"] for row in rows)), 1.15 * largest], nice=False)
    base = alt.Chart(_values(rows)).encode(
        y=alt.Y("of:N", title=None, sort=None),
        yOffset=alt.YOffset("side:N", sort=sides, scale=alt.Scale(domain=sides)),
        x=alt.X("amount:Q", title=axis, scale=room),
    )
    marks = base.mark_point(size=110, filled=True, opacity=1).encode(
        **_dots("side", sides, (PLANNED, BEFORE), ("circle", "square"))
    )
    labels = base.mark_text(align="left", dx=10, color=TEXT, fontSize=12).encode(text="said:N")
    return (marks + labels).properties(width=WIDTH, height=48 * len({row["of"] for row in rows}))


def costs(rows: Sequence[dict[str, Any]], axis: str) -> Any:
    """Draw bars from zero, the longest first, each with its figure. rows: name, amount, said."""
    import altair as alt

    base = alt.Chart(_values(rows)).encode(
        y=alt.Y("name:N", title=None, sort=None, axis=alt.Axis(domain=False, ticks=False)),
        x=alt.X("amount:Q", title=axis, scale=alt.Scale(zero=True)),
    )
    return (
        base.mark_bar(color=PLANNED, height=14)
        + base.mark_text(align="left", dx=5, color=TEXT, fontSize=12).encode(text="said:N")
    ).properties(width=WIDTH, height=alt.Step(26))


def approaches(rows: Sequence[dict[str, Any]], axis: str, known: Sequence[str]) -> Any:
    """Draw a dot for each way of sharing out, on one scale. rows: grants, known, amount, said. known.

    Cases, in order.
    """
    import altair as alt

    cases = [name for name in known if any(row["known"] == name for row in rows)]
    looks = dict(zip(known, zip(SERIES, SHAPES, strict=True), strict=True))
    colours, shapes = zip(*(looks[name] for name in cases), strict=True)
    largest = max(row["amount"] for row in rows)
    base = alt.Chart(_values(rows)).encode(
        x=alt.X("amount:Q", title=axis, scale=alt.Scale(domain=[min(0, *(r["amount"] for r in rows)), 1.12 * largest])),
        y=alt.Y("grants:N", title=None, sort=None),
        yOffset=alt.YOffset("known:N", sort=cases, scale=alt.Scale(domain=cases)),
    )
    marks = base.mark_point(size=80, filled=True, opacity=1).encode(**_dots("known", cases, colours, shapes))
    labels = base.mark_text(dx=9, align="left", color=TEXT, fontSize=11).encode(text="said:N")
    every = 18 * len(cases) + 8
    return (marks + labels).properties(width=WIDTH, height=every * len({row["grants"] for row in rows}))


def ranges(rows: Sequence[dict[str, Any]], axis: str) -> Any:
    """Draw a tornado or a forest, with a line at nothing. rows: name, low, high, middle, in order."""
    import altair as alt

    base = alt.Chart(_values(rows)).encode(y=alt.Y("name:N", title=None, sort=None))
    spans = base.mark_rule(strokeWidth=3, color=PLANNED).encode(
        x=alt.X("low:Q", title=axis, scale=alt.Scale(zero=True)), x2="high:Q"
    )
    middles = base.mark_point(size=60, filled=True, opacity=1, color=TEXT, shape="diamond").encode(x="middle:Q")
    nothing = alt.Chart(_values([{"at": 0}])).mark_rule(color=NOTE).encode(x="at:Q")
    return (nothing + spans + middles).properties(width=WIDTH, height=alt.Step(24))


def histogram(rows: Sequence[dict[str, Any]], axis: str, target: float | None = None) -> Any:
    """Draw the share of draws by bin, with a target. rows: low, high, share."""
    import altair as alt

    bars = (
        alt.Chart(_values(rows))
        .mark_bar(color=PLANNED, stroke=GRID)
        .encode(
            x=alt.X("low:Q", title=axis, scale=alt.Scale(zero=False), axis=alt.Axis(format=",.0f")),
            x2="high:Q",
            y=alt.Y("share:Q", title="share of draws", axis=alt.Axis(format=".0%")),
            y2=alt.Y2Datum(0),
        )
    )
    drawn = bars
    if target is not None:
        drawn = bars + alt.Chart(_values([{"target": target}])).mark_rule(
            color=BEFORE, strokeDash=[6, 3], strokeWidth=3
        ).encode(x="target:Q")
    return drawn.properties(width=WIDTH, height=240)
