"""Forecasts that are kept: the probability of each beside its base rate, and what came."""

from __future__ import annotations

from collections.abc import Sequence

from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Figure, Table, table
from blocs.views.forecasts.record import Forecast

_ROW = 24
_DRAWN = 25


def kept_forecasts(found: Sequence[Forecast]) -> Figure:
    """Make the figure of at least one forecast; the first are drawn, the table has all."""
    done = [f for f in found if f.outcome is not None]
    above = sum(f.prob > f.base_rate for f in found)
    return Figure(
        key="fig-forecasts",
        title=f"{above} of {len(found)} forecasts are above their base rate",
        subtitle="Probability that the event is recorded on its day, from 0 to 1; "
        f"{len(found)} forecasts, {len(done)} resolved",
        alt=" ".join(
            f"{_act(f)} on {f.on}: {f.prob:.2f}, base rate {f.base_rate:.2f}." for f in found
        ),
        draw=lambda width: draw_kept_forecasts(found[:_DRAWN], width=width),
        table=_table(found),
        sources=("project",),
        note="Dot: the forecast. Ring: the base rate, what the record alone would say. After the "
        "name: ● it came, ○ it did not, nothing: still open."
        + (f" The first {_DRAWN} are drawn." if len(found) > _DRAWN else ""),
    )


def draw_kept_forecasts(found: Sequence[Forecast], *, width: int) -> vega.Chart:
    """Draw one row a forecast: its words, a dot for its probability, a ring for the base rate.

    Parameters
    ----------
    found : sequence of Forecast
        From the top.
    width : int
        Pixels.
    """
    inner, row = width - 16, _ROW * 2
    rows: list[vega.Row] = [
        {"name": _said(f), "x": f.prob, "base": f.base_rate, "y": k * row + 14, "dot": k * row + 28}
        for k, f in enumerate(found)
    ]
    bottom = row * len(rows)
    span = {"domain": [0, 1], "nice": False}
    axis = {"title": None, "tickCount": 5, "format": ".1f"}
    x = vega.channel("x:Q", scale=span, axis=axis)
    base = vega.channel("base:Q", scale=span, axis=axis)
    at = {"domain": [bottom, 0], "nice": False}
    y, dot = (vega.channel(f"{name}:Q", scale=at, axis=None) for name in ("y", "dot"))
    chart = vega.chart(rows)
    return vega.layer(
        chart.mark("rule", color=theme.GREY).encode(x=x, x2="base", y=dot),
        chart.mark("point", size=70, fill=theme.PAPER, stroke=theme.SOFT, opacity=1).encode(
            x=base, y=dot
        ),
        chart.mark("point", size=70, fill=theme.GROUP, strokeWidth=0, opacity=1).encode(x=x, y=dot),
        chart.mark("text", align="left", baseline="alphabetic", limit=inner).encode(
            x={"value": 0}, y=y, text="name:N"
        ),
    ).sized(width=inner, height=bottom)


def _act(f: Forecast) -> str:
    return f"{f.sender} - {f.relation} - {f.receiver}"


def _said(f: Forecast) -> str:
    came = "" if f.outcome is None else " ●" if f.outcome else " ○"
    return f"{f.on}: {_act(f)}{came}"


def _table(found: Sequence[Forecast]) -> Table:
    rows = [
        (
            _act(f),
            f.on,
            wording.score(f.prob),
            wording.score(f.base_rate),
            wording.score(f.last_value),
            "open" if f.outcome is None else "yes" if f.outcome else "no",
            f.issued,
            f.known_until,
            f.method,
        )
        for f in found
    ]
    heads = ("Event", "On", "#Probability", "#Base rate", "#Last value", "Came", "Issued")
    return table("Forecasts, the newest first", (*heads, "Known until", "Method"), rows)
