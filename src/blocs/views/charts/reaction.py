"""Reaction: how much it helps to know the last days, and how fast answers come."""

from __future__ import annotations

import numpy as np

from blocs.outlook.hawkes.model import FAST, SCALES
from blocs.outlook.reaction import MODELS, ReactionFit
from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Figure, table

_DAYS = np.geomspace(0.25, 3652.5, 70)


def reaction(fit: ReactionFit, *, title: str, source: str) -> Figure:
    """Make the figure of the models' forecasts and of the answers' speed."""
    rows = [
        [
            name.replace("_", " "),
            MODELS[name],
            f"{value:.3f}",
            f"{value - fit.loglik['poisson']:+.3f}",
        ]
        for name, value in fit.loglik.items()
    ]
    columns = ("Model", "What it knows", "#Log-likelihood", "#Over Poisson")
    return Figure(
        key="fig-reaction",
        title=title,
        subtitle=f"Left: nats per event over Poisson, on {wording.count(fit.test)} held-out "
        "events. Right: events that one event has brought by then, in the same dyad and in answer",
        alt="; ".join(f"{name.replace('_', ' ')} {v:.2f}" for name, v in fit.loglik.items()),
        draw=lambda width: draw_reaction(fit, width=width),
        table=table("Held-out log-likelihood per event, in nats", columns, rows),
        sources=(source,),
        method="method",
        note="Reaction is told only if it forecasts better than slow memory. Shaded: sixty days.",
    )


def draw_reaction(fit: ReactionFit, *, width: int) -> vega.Chart:
    """Draw the gains beside the cumulated answers."""
    narrow = width <= 500
    left = width - 150 if narrow else int(width * 0.32)
    base = fit.loglik["poisson"]
    gains: list[vega.Row] = [
        {"model": name.replace("_", " "), "gain": value - base, "ours": name == "reaction"}
        for name, value in fit.loglik.items()
    ]
    bars = (
        vega.chart(gains)
        .mark("bar", height=14)
        .encode(
            x=vega.channel("gain:Q", axis={"title": "nats per event over Poisson", "tickCount": 4}),
            y=vega.channel(
                "model:N", sort=None, axis={"title": None, "grid": False, "minExtent": 104}
            ),
            color={
                "condition": {"test": "datum.ours", "value": theme.GROUP},
                "value": theme.GREY,
            },
        )
        .sized(left, 150)
    )
    right = width - 60 if narrow else width - left - 200
    return vega.stack(bars, _answers(fit, right), columns=1 if narrow else 2)


def _answers(fit: ReactionFit, width: int) -> vega.Chart:
    came = -np.expm1(-_DAYS[:, None] / np.asarray(SCALES)[None, :]) @ fit.weights.T
    rows: list[vega.Row] = [
        {"day": float(d), "n": float(came[k, c]), "who": who}
        for c, who in enumerate(("same dyad", "answer"))
        for k, d in enumerate(_DAYS)
    ]
    reach: list[vega.Row] = [{"from": float(_DAYS[0]), "to": float(SCALES[FAST - 1])}]
    x = {
        "scale": {"type": "log", "nice": False},
        "axis": {"title": "days after", "values": [1, 7, 60, 365, 3650]},
    }
    shade = (
        vega.chart(reach)
        .mark("rect", color=theme.BAND, opacity=0.6)
        .encode(x=vega.channel("from:Q", **x), x2=vega.channel("to"))
    )
    lines = (
        vega.chart(rows)
        .mark("line", strokeWidth=2.5)
        .encode(
            x=vega.channel("day:Q", **x),
            y=vega.channel("n:Q", axis={"title": "events brought", "tickCount": 4}),
            color=vega.channel(
                "who:N",
                scale={"domain": ["same dyad", "answer"], "range": [theme.GROUP, theme.REFERENCE]},
                legend=None,
            ),
        )
    )
    ends: list[vega.Row] = [row for row in rows if row["day"] == float(_DAYS[-1])]
    names = (
        vega.chart(ends)
        .mark("text", align="right", dx=-6, dy=-10)
        .encode(x=vega.channel("day:Q", **x), y="n:Q", text="who:N")
    )
    return vega.layer(shade, lines, names).sized(width, 150)
