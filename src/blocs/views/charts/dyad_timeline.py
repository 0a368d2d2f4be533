"""Two states on one axis of time: each layer's ties as a strip, what happened as marks below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from blocs.views.charts import theme, vega
from blocs.views.charts.strips import LOOKS, Strip

_HEAD, _STRIP, _MARK, _GAP = 18, 14, 12, 10
_ROWS = 6
_COLOURS: Final = {1: theme.GROUP, -1: theme.REFERENCE, 0: theme.SOFT}
_SHAPES: Final = {1: "circle", -1: "diamond", 0: "square"}


@dataclass(frozen=True, slots=True)
class Mark:
    """Something dated: a point, or a bar from ``first`` to ``after`` in years.

    ``href`` leads to its row and ``said`` says what it is.
    """

    first: float
    after: float
    sign: int
    href: str
    said: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A layer, or a kind of event: its name, the strip of its ties, its marks."""

    title: str
    strips: tuple[Strip, ...]
    marks: tuple[Mark, ...]


def draw_dyad(lanes: Sequence[Lane], span: tuple[float, float], *, width: int) -> vega.Chart:
    """Draw lanes below each other over one axis of years.

    Parameters
    ----------
    lanes : sequence of Lane
        At least one; every date within `span`.
    span : tuple of float
        First year, and the first year no longer.
    width : int
        Pixels.
    """
    inner = width - 16
    x = vega.channel(
        "x:Q",
        scale={"domain": list(span), "nice": False},
        axis=theme.years_axis(ticks=min(inner // 90, max(int(span[1] - span[0]), 1))),
    )
    words: list[vega.Row] = []
    strips: list[vega.Row] = []
    marks: list[vega.Row] = []
    top = 0.0
    for lane in lanes:
        words.append({"y": top + 12, "text": lane.title})
        top += _HEAD
        if lane.strips:
            strips += [_strip(s, top) for s in lane.strips]
            top += _STRIP + 4
        placed = _placed(lane.marks, span, inner)
        marks += [_row(mark, top + row * _MARK, point) for mark, row, point in placed]
        top += _MARK * (1 + max((row for _, row, _ in placed), default=-1)) + _GAP
    y = vega.channel("y:Q", scale={"domain": [top, 0], "nice": False}, axis=None)
    text = vega.chart(words).mark("text", align="left", baseline="alphabetic")
    named = text.encode(x={"value": 0}, y=y, text="text:N")
    return vega.layer(*_drawn(strips, x, y), *_marked(marks, x, y), named).sized(inner, top)


def _placed(
    marks: Sequence[Mark], span: tuple[float, float], width: int
) -> list[tuple[Mark, int, bool]]:
    """Give each mark the first row that is free; beyond the last row they overlap."""
    pixel = (span[1] - span[0]) / width
    free: list[float] = []
    out = []
    for mark in sorted(marks, key=lambda m: (m.first, m.after)):
        point = mark.after - mark.first < 8 * pixel
        left, right = mark.first, max(mark.after, mark.first + 9 * pixel)
        row = next((k for k, end in enumerate(free) if end <= left), len(free))
        if row == len(free) < _ROWS:
            free.append(right)
        row = min(row, _ROWS - 1)
        free[row] = max(free[row], right)
        out.append((mark, row, point))
    return out


def _strip(strip: Strip, top: float) -> vega.Row:
    return {
        "x": strip.first,
        "x2": strip.after,
        "y": top,
        "y2": top + _STRIP,
        "strength": strip.strength,
        "look": strip.look,
    }


def _row(mark: Mark, top: float, point: bool) -> vega.Row:
    return {
        "x": mark.first,
        "x2": mark.after,
        "mid": top + _MARK / 2,
        "y": top + 3,
        "y2": top + 9,
        "sign": mark.sign,
        "point": point,
        "href": mark.href,
        "said": mark.said,
    }


def _drawn(rows: list[vega.Row], x: vega.Spec, y: vega.Spec) -> list[vega.Chart]:
    opacity = vega.channel("strength:Q", scale=None, legend=None)
    out = []
    for look, drawn in LOOKS.items():
        part = [r for r in rows if r["look"] == look]
        if part:
            rect = vega.chart(part).mark("rect", **drawn)
            out.append(rect.encode(x=x, x2="x2", y=y, y2="y2", opacity=opacity))
    return out


def _marked(rows: list[vega.Row], x: vega.Spec, y: vega.Spec) -> list[vega.Chart]:
    out = []
    links: dict[str, vega.Spec | str] = {"href": "href:N", "description": "said:N"}
    for sign, colour in _COLOURS.items():
        bars = [r for r in rows if r["sign"] == sign and not r["point"]]
        points = [r for r in rows if r["sign"] == sign and r["point"]]
        if bars:
            look = {"fill": colour, "stroke": colour, "cornerRadius": 2, "opacity": 0.85}
            bar = vega.chart(bars).mark("rect", **look)
            out.append(bar.encode(x=x, x2="x2", y=y, y2="y2", **links))
        if points:
            dot = vega.chart(points).mark(
                "point", shape=_SHAPES[sign], fill=colour, stroke=colour, size=46, opacity=0.9
            )
            out.append(dot.encode(x=x, y={**y, "field": "mid"}, **links))
    return out
