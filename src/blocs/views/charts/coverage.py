"""What is lit and what is dark: layers by year."""

from __future__ import annotations

from functools import partial
from itertools import groupby

from blocs.records import Brief, LayerRecord
from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Cell, Figure, Table, table

_ROW = 38
_BEFORE = 78
_STATES = ("all pairs", "some pairs", "told only", "dark")


def coverage(brief: Brief) -> Figure:
    """Make the figure."""
    lit = [layer for layer in brief.layers if layer.lit]
    dark = [wording.within(layer.title) for layer in brief.layers if not layer.lit]
    return Figure(
        key="fig-coverage",
        title=f"{len(lit)} of {len(brief.layers)} layers are lit in the period"
        + (f"; {wording.listed(dark)} are dark" if len(dark) > 1 else "")
        + (f"; {dark[0]} is dark" if len(dark) == 1 else ""),
        subtitle="What is known of the group's pairs, by layer and year; the frame is the period "
        "asked for",
        alt=" ".join(
            f"{layer.title}: {', '.join(_spans(layer, brief)) or 'dark in all years'}."
            for layer in brief.layers
        ),
        draw=lambda width: draw_coverage(brief, width=width),
        table=_table(brief),
        sources=tuple(dict.fromkeys(f.dataset for layer in lit for f in layer.feeds)),
        method="method-facts",
        note="Solid: every pair known. Pale: some pairs. Outlined: only what was told is known. "
        "Hatched: dark, nothing known; that is not the same as nothing there.",
    )


def state_of(layer: LayerRecord, year: int) -> str:
    """Tell how much of a layer is known in a year: one of four states."""
    point = next((p for p in layer.series if p.year == year), None)
    if point is not None:
        return "all pairs" if point.pairs == point.size * (point.size - 1) // 2 else "some pairs"
    fed = any(feed.first <= year <= feed.last for feed in layer.feeds)
    return "told only" if fed and not layer.series else "dark"


def draw_coverage(brief: Brief, *, width: int) -> vega.Chart:
    """Draw a strip a layer: solid, pale, outlined or hatched by year."""
    first, last = _span(brief)
    inner = width - 16
    rows: list[vega.Row] = []
    names: list[vega.Row] = []
    for k, layer in enumerate(brief.layers):
        top = k * _ROW
        feeds = ", ".join(dict.fromkeys(f.dataset for f in layer.feeds))
        names.append({"y": top + 12, "text": layer.title + (f" ({feeds})" if feeds else "")})
        for state, run in groupby(range(first, last + 1), key=partial(state_of, layer)):
            held = list(run)
            rows.append(
                {
                    "x": held[0],
                    "x2": held[-1] + 1,
                    "y": top + 18,
                    "y2": top + 32,
                    "state": state,
                }
            )
    bottom = _ROW * len(brief.layers)
    x = vega.channel(
        "x:Q",
        scale={"domain": [first, last + 1], "nice": False},
        axis=theme.years_axis(ticks=inner // 90),
    )
    y = vega.channel("y:Q", scale={"domain": [bottom, 0], "nice": False}, axis=None)
    asked: vega.Row = {"x": max(brief.period.first, first), "x2": last + 1, "y": 14, "y2": bottom}
    frame = vega.chart([asked]).mark("rect", fill=None, stroke=theme.INK, strokeWidth=1.5)
    words = vega.chart(names).mark("text", align="left", baseline="alphabetic")
    box: dict[str, vega.Spec | str] = {"x": x, "x2": "x2", "y": y, "y2": "y2"}
    return vega.layer(
        *(_strip([r for r in rows if r["state"] == state], state, box) for state in _STATES),
        frame.encode(**box),
        words.encode(x={"value": 0}, y=y, text="text:N"),
    ).sized(width=inner, height=bottom)


def _strip(rows: list[vega.Row], state: str, box: dict[str, vega.Spec | str]) -> vega.Chart:
    look = {
        "all pairs": {"fill": theme.GROUP, "opacity": 1.0},
        "some pairs": {"fill": theme.GROUP, "opacity": 0.35},
        "told only": {"fill": theme.PAPER, "stroke": theme.GROUP, "opacity": 1.0},
        "dark": {"fill": theme.HATCH, "stroke": theme.RULE, "strokeWidth": 0.5, "opacity": 0.7},
    }[state]
    return vega.chart(rows).mark("rect", **look).encode(**box)


def _span(brief: Brief) -> tuple[int, int]:
    lit = [p.year for layer in brief.layers for p in layer.series]
    earliest = min([*lit, brief.period.first])
    return max(earliest, brief.period.first - _BEFORE), brief.period.last


def _spans(layer: LayerRecord, brief: Brief) -> list[str]:
    first, last = _span(brief)
    out = []
    for state, run in groupby(range(first, last + 1), key=partial(state_of, layer)):
        held = list(run)
        if state != "dark":
            out.append(f"{wording.years(held[0], held[-1])} {state}")
    return out


def _table(brief: Brief) -> Table:
    rows = [
        (
            layer.title,
            "; ".join(_spans(layer, brief)) or Cell("dark", missing=True),
            "; ".join(f"{f.dataset} {wording.years(f.first, f.last)}" for f in layer.feeds)
            or Cell("none at hand", missing=True),
            layer.why_dark or "lit",
        )
        for layer in brief.layers
    ]
    return table(
        "Coverage by layer", ("Layer", "Years known", "Data sets", "If dark: how to light it"), rows
    )
