"""Who holds the group together: each layer without one member."""

from __future__ import annotations

from collections.abc import Sequence

from blocs.records import Brief, LayerRecord, LeftOutRecord
from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Figure, Table, table

_ROW = 24
_MOST = 16


def left_out(brief: Brief) -> Figure | None:
    """Make the figure; none if no layer is known for three members."""
    lit = [layer for layer in brief.layers if _known(layer)]
    if not lit:
        return None
    year = brief.period.last
    return Figure(
        key="fig-left-out",
        title=_finding(lit[0], year),
        subtitle="Cohesion of the group without one member, mean over the pairs left, "
        f"{wording.years(brief.period.first, brief.period.last)}; in figures: the change",
        alt=" ".join(_sentence(layer, year) for layer in lit),
        draw=lambda width: draw_left_out(lit, width=width, on=year),
        table=_table(lit, year),
        sources=tuple(dict.fromkeys(f.dataset for layer in lit for f in layer.feeds)),
        method="method-left-out",
        note="The line is the whole group, the grey band the interval of its residual. Left of the "
        "line: without this member the others are less alike, so it held them together. On "
        "treaties the values are raw means and no interval applies.",
    )


def draw_left_out(
    layers: Sequence[LayerRecord], *, width: int, on: int | None = None
) -> vega.Chart:
    """Draw a panel a layer: the whole as a line, a dot for the group without each member.

    Members are named as they were in the year `on`.
    """
    columns = min(2, len(layers)) if width > 500 else 1
    names = 92
    gap = 24
    inner = (width - (names + 16) * columns - gap * (columns - 1)) // columns
    return vega.stack(*(_panel(layer, inner, on) for layer in layers), columns=columns, spacing=gap)


def whole_of(layer: LayerRecord) -> float:
    """Value of the whole group on the scale of its leave-one-out values."""
    x = _known(layer)[0]
    return (x.without or 0.0) - (x.change or 0.0)


def _known(layer: LayerRecord) -> list[LeftOutRecord]:
    known = [x for x in layer.left_out if x.without is not None and x.change is not None]
    ranked = sorted(known, key=lambda x: (x.change or 0.0, x.member))
    if len(ranked) <= _MOST:
        return ranked
    return [*ranked[: _MOST // 2], *ranked[-_MOST // 2 :]]


def _panel(layer: LayerRecord, width: int, on: int | None) -> vega.Chart:
    whole = whole_of(layer)
    decimals = 2 if max(abs(x.change or 0.0) for x in _known(layer)) > 0.03 else 3
    rows: list[vega.Row] = [
        {
            "name": wording.name(x.member, on),
            "x": x.without,
            "whole": whole,
            "text": wording.score(x.change, signed=True, decimals=decimals),
            "left": (x.change or 0.0) < 0,
        }
        for x in _known(layer)
    ]
    values = [whole, *(x.without or 0.0 for x in _known(layer))]
    reach = max(max(values) - whole, whole - min(values), 0.02) * 3
    band = _interval(layer, whole)
    x = vega.channel(
        "x:Q",
        axis={"title": None, "tickCount": 3, "format": ".2f"},
        scale={"domain": [whole - reach, whole + reach], "nice": False, "zero": False},
    )
    names = {"title": None, "domain": False, "ticks": False, "labelLimit": 110, "labelPadding": 8}
    y = vega.channel("name:N", sort=None, axis=names)
    base = vega.chart(rows)
    marks = [
        vega.chart(band).mark("rect", fill=theme.BAND).encode(x=x, x2="to"),
        vega.chart([{"x": whole}]).mark("rule", color=theme.INK).encode(x=x),
        base.mark("rule", color=theme.GROUP, strokeWidth=2).encode(x=x, x2="whole", y=y),
        base.mark("point", size=70, fill=theme.GROUP, strokeWidth=0, opacity=1).encode(x=x, y=y),
        *(
            base.where(side).mark("text", align=align, dx=dx).encode(x=x, y=y, text="text:N")
            for side, align, dx in (("datum.left", "right", -8), ("!datum.left", "left", 8))
        ),
    ]
    said = f"whole group {wording.score(whole)}"
    title: vega.Spec = {"text": layer.title, "subtitle": said, "frame": "group"}
    return vega.layer(*(marks if band else marks[1:])).sized(
        width=width, height=_ROW * len(rows), title=title
    )


def _interval(layer: LayerRecord, whole: float) -> list[vega.Row]:
    """The residual's interval, where the leave-one-out values are residuals too."""
    same = layer.residual is not None and abs(layer.residual - whole) < 0.005
    if not same or layer.low is None or layer.high is None:
        return []
    return [{"x": layer.low, "to": layer.high}]


def _finding(layer: LayerRecord, on: int) -> str:
    known = _known(layer)
    low, high = known[0], known[-1]
    held = f"Without {wording.the(wording.name(low.member, on))} they are less alike"
    weak = f"without {wording.the(wording.name(high.member, on))}, more"
    if (low.change or 0.0) >= 0:
        last = wording.upper_first(wording.name(high.member, on))
        return f"{last} is the weakest link; nobody holds it"
    if (high.change or 0.0) <= 0:
        return f"{held}; there is no weak link"
    return f"{held}; {weak}"


def _sentence(layer: LayerRecord, on: int) -> str:
    parts = [
        f"without {wording.name(x.member, on)} {wording.score(x.without)}" for x in _known(layer)
    ]
    return f"{layer.title}: whole group {wording.score(whole_of(layer))}, {', '.join(parts)}."


def _table(layers: Sequence[LayerRecord], on: int) -> Table:
    rows = [
        (
            f"{layer.title} without {wording.name(x.member, on)}",
            wording.score(x.without),
            wording.score(x.change, signed=True),
            wording.score(x.own),
        )
        for layer in layers
        for x in layer.left_out
    ]
    return table(
        "Each layer without one member",
        ("Layer and member left out", "#The others", "#Change", "#The member's own mean"),
        rows,
    )
