"""The group as a signed network: members on a circle, a panel a layer."""

from __future__ import annotations

import math
from collections.abc import Sequence

from blocs.records import Brief, LayerRecord
from blocs.views import wording
from blocs.views.brief import dyads
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Figure

_LEAST_SEEN = 0.5
_WIDEST = 6.0


def network(brief: Brief) -> Figure | None:
    """Make the figure; none if no layer of the period knows a tie."""
    layers = [layer for layer in brief.layers if _known(brief, layer.name)]
    if not layers:
        return None
    tied = {layer.name: _ties(brief, layer.name) for layer in layers}
    return Figure(
        key="fig-network",
        title="; ".join(_finding(layer.title, tied[layer.name]) for layer in layers),
        subtitle="Mean tie of each pair over "
        f"{wording.years(brief.period.first, brief.period.last)}, from \u22121 (hostile, broken "
        "line) to 1 (friendly); the wider the stronger; dotted: not known",
        alt=" ".join(_said(layer.title, tied[layer.name], brief.period.last) for layer in layers),
        draw=lambda width: draw_network(brief, layers, width=width),
        table=dyads.pairs(brief),
        sources=tuple(dict.fromkeys(f.dataset for layer in layers for f in layer.feeds)),
        note="No line is a tie of zero, which a source vouches for.",
    )


def draw_network(brief: Brief, layers: Sequence[LayerRecord], *, width: int) -> vega.Chart:
    """Draw a circle of members a layer, and a line a tie."""
    columns = min(len(layers), 3 if width > 500 else 1)
    size = min((width - 28 * (columns - 1)) / columns - 16, 320)
    panels = [
        _panel(brief, layer.name, size).sized(size, size, title={"text": layer.title})
        for layer in layers
    ]
    return vega.stack(*panels, columns=columns)


def _panel(brief: Brief, layer: str, size: float) -> vega.Chart:
    ids = [m.id for m in brief.group.members]
    places = {
        m: (math.sin(math.tau * k / len(ids)), math.cos(math.tau * k / len(ids)))
        for k, m in enumerate(ids)
    }
    x, y = (
        vega.channel(f"{side}:Q", axis=None, scale={"domain": [-1.35, 1.35], "nice": False})
        for side in ("x", "y")
    )
    lines: list[vega.Chart] = []
    for a, b, weight in _ties(brief, layer):
        look = _look(weight)
        if look is not None:
            (u, v), (p, q) = places[a], places[b]
            row = vega.chart([{"x": u, "y": v, "x2": p, "y2": q}])
            lines.append(row.mark("rule", **look).encode(x=x, y=y, x2="x2", y2="y2"))
    dots: list[vega.Row] = [
        {"x": u, "y": v, "tx": 1.2 * u, "ty": 1.2 * v, "text": m} for m, (u, v) in places.items()
    ]
    seen = vega.chart(dots).mark("circle", size=60, color=theme.INK, opacity=1).encode(x=x, y=y)
    named = vega.chart(dots).mark("text", fontSize=theme.SMALL if size > 160 else 10)
    tx, ty = ({**side, "field": f"t{side['field']}"} for side in (x, y))
    return vega.layer(*lines, seen, named.encode(x=tx, y=ty, text="text:N"))


def _look(weight: float | None) -> vega.Spec | None:
    """How a tie is drawn; nothing for zero."""
    if weight is None:
        return {"color": theme.GREY, "strokeWidth": 1, "strokeDash": [1, 4]}
    if abs(weight) < 1e-9:
        return None
    width = max(_LEAST_SEEN, _WIDEST * min(abs(weight), 1.0))
    if weight > 0:
        return {"color": theme.GROUP, "strokeWidth": width, "opacity": 0.8}
    return {"color": theme.REFERENCE, "strokeWidth": width, "opacity": 0.8, "strokeDash": [6, 3]}


def _ties(brief: Brief, layer: str) -> list[tuple[str, str, float | None]]:
    return [(d.a, d.b, t.weight) for d in brief.dyads for t in d.ties if t.layer == layer]


def _known(brief: Brief, layer: str) -> bool:
    return any(weight is not None for _, _, weight in _ties(brief, layer))


def _finding(title: str, ties: list[tuple[str, str, float | None]]) -> str:
    known = [w for _, _, w in ties if w is not None]
    tied = sum(abs(w) >= 1e-9 for w in known)
    return f"{title}: {tied} of {len(known)} pairs tied"


def _said(title: str, ties: list[tuple[str, str, float | None]], on: int) -> str:
    pairs = "; ".join(
        f"{wording.pair(a, b, on)} {wording.score(w, signed=True)}" for a, b, w in ties
    )
    return f"{title}: {pairs}."
