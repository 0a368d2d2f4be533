"""How firm the group is on each layer, year by year, on the band of its equals."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from blocs.records import Brief, LayerRecord, PointRecord
from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Figure, Table, table

_HEIGHT = 170
_LONGEST = 80


def cohesion(brief: Brief) -> Figure | None:
    """Make the figure; none if no layer can be ranked."""
    lit = [layer for layer in brief.layers if layer.series]
    if not lit:
        return None
    return Figure(
        key="fig-cohesion",
        title=_finding(lit),
        subtitle="Likeness beyond what is expected, mean over pairs, by year; grey: the middle "
        f"90{wording.NARROW_SPACE}% of groups of the same size",
        alt=" ".join(_sentence(layer) for layer in lit),
        draw=lambda width: draw_cohesion(brief, width=width),
        table=_table(lit),
        sources=tuple(dict.fromkeys(f.dataset for layer in lit for f in layer.feeds)),
        method="method-standing",
        note="Solid: every pair known. Dotted: only some pairs known. Hatched: no year known. "
        "Ringed: the first year outside the band with every pair known.",
    )


def first_outside(layer: LayerRecord) -> PointRecord | None:
    """First year outside the band; years with all pairs count before others."""
    whole = [p for p in layer.series if _whole(p)] or list(layer.series)
    return next((p for p in whole if p.value > p.high or p.value < p.low), None)


def outside_since(layer: LayerRecord) -> int | None:
    """Year since which every year lies above the band, half of the pairs known or more."""
    since = None
    for p in reversed(layer.series):
        if p.value <= p.high or p.pairs < p.size * (p.size - 1) / 4:
            break
        since = p.year
    return since


def draw_cohesion(brief: Brief, *, width: int) -> vega.Chart:
    """Draw a small panel a layer on one axis of years: band, line, first year outside."""
    lit = [layer for layer in brief.layers if layer.series]
    columns = 2 if width > 500 and len(lit) > 1 else 1
    inner = (width - 46 * columns - 28 * (columns - 1)) // columns
    last = max(brief.period.last, *(layer.series[-1].year for layer in lit))
    first = max(min(layer.series[0].year for layer in lit), brief.period.first - _LONGEST)
    panels = [_panel(layer, brief, (first, last), inner) for layer in lit]
    return vega.stack(*panels, columns=columns)


def _panel(layer: LayerRecord, brief: Brief, span: tuple[int, int], width: int) -> vega.Chart:
    points = [p for p in layer.series if p.year >= span[0]]
    x = vega.channel(
        "year:Q", scale={"domain": list(span), "nice": False}, axis=theme.years_axis(ticks=5)
    )
    low = min(0.0, *(min(p.low, p.value) for p in points))
    high = max(0.1, *(max(p.high, p.value) for p in points))
    edge = 0.05 * (high - low)
    y = vega.channel(
        "value:Q",
        scale={"domain": [low - edge, high + 3 * edge], "nice": False},
        axis={"title": None, "tickCount": 4, "format": ".1f", "grid": True},
    )
    marks = [
        *_holes(points, span, x),
        _band(points, x, y),
        _period_bar(brief, low - edge, x, y),
        *_lines(points, x, y),
        *_outside(layer, span, x, y),
    ]
    title = {"text": layer.title, "subtitle": _standing(layer)}
    return vega.layer(*marks).sized(width=width, height=_HEIGHT, title=title)


def _runs(points: Sequence[PointRecord]) -> list[list[PointRecord]]:
    """Stretches of years without a gap."""
    return [
        [p for _, p in run]
        for _, run in groupby(enumerate(points), key=lambda pair: pair[1].year - pair[0])
    ]


def _band(points: Sequence[PointRecord], x: vega.Spec, y: vega.Spec) -> vega.Chart:
    rows: list[vega.Row] = [
        {"year": year, "value": p.low, "high": p.high, "run": i}
        for i, run in enumerate(_runs(points))
        for p in run
        for year in ((p.year,) if len(run) > 1 else (p.year - 0.4, p.year + 0.4))
    ]
    area = vega.chart(rows).mark("area", color=theme.BAND, opacity=1)
    return area.encode(x=x, y=y, y2="high", detail="run:N")


def _lines(points: Sequence[PointRecord], x: vega.Spec, y: vega.Spec) -> list[vega.Chart]:
    solid: list[vega.Row] = []
    dotted: list[vega.Row] = []
    alone: list[vega.Row] = []
    for i, run in enumerate(_runs(points)):
        alone += [{"year": p.year, "value": p.value} for p in run if len(run) == 1]
        steps = list(pairwise(run))
        for k, (whole, stretch) in enumerate(groupby(steps, key=_both_whole)):
            into = solid if whole else dotted
            pairs = list(stretch)
            ends = [pairs[0][0], *(b for _, b in pairs)]
            into += [{"year": p.year, "value": p.value, "s": f"{i}-{k}"} for p in ends]
    line = {"color": theme.GROUP, "strokeWidth": 2.2, "strokeCap": "round"}
    dot = {"size": 18, "fill": theme.GROUP, "strokeWidth": 0, "opacity": 1}
    apart = {"detail": "s:N"}
    drawn: list[tuple[list[vega.Row], str, vega.Spec, dict[str, str]]] = [
        (solid, "line", {**line}, apart),
        (dotted, "line", {**line, "strokeDash": [1.5, 3]}, apart),
        (alone, "point", {**dot}, {}),
    ]
    return [
        vega.chart(rows).mark(kind, **look).encode(x=x, y=y, **more)
        for rows, kind, look, more in drawn
        if rows
    ]


def _both_whole(step: tuple[PointRecord, PointRecord]) -> bool:
    return _whole(step[0]) and _whole(step[1])


def _holes(points: Sequence[PointRecord], span: tuple[int, int], x: vega.Spec) -> list[vega.Chart]:
    known = {p.year for p in points}
    missing = [year for year in range(span[0], span[1] + 1) if year not in known]
    rows: list[vega.Row] = []
    for _, run in groupby(enumerate(missing), key=lambda pair: pair[1] - pair[0]):
        stretch = [year for _, year in run]
        ends = (max(stretch[0] - 0.5, span[0]), min(stretch[-1] + 0.5, span[1]))
        rows.append({"year": ends[0], "to": ends[1]})
    if not rows:
        return []
    mark = vega.chart(rows).mark("rect", fill=theme.HATCH, opacity=0.5)
    return [mark.encode(x=x, x2="to")]


def _period_bar(brief: Brief, floor: float, x: vega.Spec, y: vega.Spec) -> vega.Chart:
    row: vega.Row = {"year": brief.period.first, "to": brief.period.last, "value": floor}
    mark = vega.chart([row]).mark("rule", color=theme.GROUP, strokeWidth=6)
    return mark.encode(x=x, x2="to", y=y)


def _outside(
    layer: LayerRecord, span: tuple[int, int], x: vega.Spec, y: vega.Spec
) -> list[vega.Chart]:
    point = first_outside(layer)
    if point is None or point.year < span[0]:
        return []
    late = point.year > span[0] + 0.7 * (span[1] - span[0])
    above = point.value > point.high
    row: vega.Row = {"year": point.year, "value": point.value, "text": str(point.year)}
    base = vega.chart([row])
    ring = base.mark(
        "point", size=60, fill=theme.PAPER, stroke=theme.GROUP, strokeWidth=2, opacity=1
    )
    said = base.mark(
        "text",
        align="right" if late else "left",
        dx=-2 if late else 2,
        dy=-12 if above else 14,
        color=theme.GROUP,
        fontWeight="bold",
    )
    return [ring.encode(x=x, y=y), said.encode(x=x, y=y, text="text:N")]


def _whole(point: PointRecord) -> bool:
    return point.pairs == point.size * (point.size - 1) // 2


def _standing(layer: LayerRecord) -> str:
    if layer.residual is None:
        return "not known in the period"
    return (
        f"{wording.score(layer.residual)} in the period ({layer.pairs} of {layer.possible_pairs} "
        f"pairs), above {wording.percent(layer.percentile, decimals=1)} of groups"
    )


def _finding(lit: Sequence[LayerRecord]) -> str:
    since = {layer.title: outside_since(layer) for layer in lit}
    said = [f"{wording.within(title)} since {year}" for title, year in since.items() if year]
    if said:
        return f"Firmer than 95{wording.NARROW_SPACE}% of groups of their size on " + (
            wording.listed(said)
        )
    return "On no layer firmer than nearly all groups of their size up to the last year"


def _sentence(layer: LayerRecord) -> str:
    first, last = layer.series[0], layer.series[-1]
    out = first_outside(layer)
    text = (
        f"{layer.title}: from {wording.score(first.value)} in {first.year} to "
        f"{wording.score(last.value)} in {last.year}"
    )
    if out is None:
        return f"{text}, never outside the band in this record."
    return f"{text}; first outside the band in {out.year}."


def _table(lit: Sequence[LayerRecord]) -> Table:
    rows = [
        (
            f"{layer.title}, {p.year}",
            wording.score(p.value),
            f"{wording.score(p.low)} to {wording.score(p.high)}",
            wording.score(p.raw),
            f"{p.pairs} of {p.size * (p.size - 1) // 2}",
        )
        for layer in lit
        for p in reversed(layer.series)
    ]
    return table(
        "Cohesion by layer and year",
        ("Layer and year", "#Group, beyond expected", "#5–95 % of groups", "#Raw", "#Pairs known"),
        rows,
        most=400,
    )
