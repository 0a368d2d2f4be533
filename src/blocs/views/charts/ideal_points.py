"""Ideal points over time: a line a state, on the band of its interval."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Figure, table
from blocs.views.charts.labels import Anchor, place_labels

_HEIGHT = 300
_NAMES = 96
_DASHES = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2])
MOST = 8
"""Lines that can be told apart: two colours, four dashes."""


def ideal_points(points: pl.DataFrame, states: Sequence[str]) -> Figure:
    """Make the figure of some states' points; `states` are ids that `points` holds."""
    held = points.filter(pl.col("actor").is_in(states))
    first, last = _span(held)
    ends = held.filter(year=last).sort("mean", descending=True)
    order = [
        f"{wording.name(a, last)} ({wording.score(m, signed=True)})"
        for a, m in ends.select("actor", "mean").iter_rows()
    ]
    return Figure(
        key="fig-ideal-points",
        title=f"In {last}, from the top: {', '.join(order) or wording.NOT_KNOWN}",
        subtitle="Ideal point on UN votes (mean 0, standard deviation 1 over all states and "
        f"sessions), {wording.years(first, last)}; band: the interval asked for; "
        f"{wording.spread(held['n'].to_list())} votes a point",
        alt=f"{len(states)} lines over the sessions.",
        draw=lambda width: draw_ideal_points(held, states, width=width),
        table=table(
            "Ideal points",
            ("State", "#Year", "#Point", "#Low", "#High", "#Votes"),
            [
                (wording.name(a, y), str(y), f"{m:.2f}", f"{lo:.2f}", f"{hi:.2f}", str(n))
                for a, y, m, lo, hi, n in held.select(
                    "actor", "year", "mean", "low", "high", "n"
                ).iter_rows()
            ],
        ),
        sources=("unga",),
        note="A line is broken where a state has no point. Compare states within a session; a "
        "drift of all states is not told by votes.",
    )


def draw_ideal_points(held: pl.DataFrame, states: Sequence[str], *, width: int) -> vega.Chart:
    """Draw a band and a line a state, its name at the end."""
    inner = width - _NAMES - 40
    first, last = _span(held)
    low, high = float(held["low"].to_numpy().min()), float(held["high"].to_numpy().max())
    x = vega.channel(
        "year:Q",
        scale={"domain": [first, max(last, first + 1)], "nice": False},
        axis=theme.years_axis(ticks=max(2, inner // 90)),
    )
    y = vega.channel(
        "mean:Q",
        scale={"domain": [low, high], "nice": False},
        axis={"title": "Ideal point", "tickCount": 5, "format": ".1f"},
    )
    marks: list[vega.Chart] = []
    ends: list[Anchor] = []
    for k, state in enumerate(states):
        rows = _runs(held.filter(actor=state))
        colour = theme.GROUP if k < len(_DASHES) else theme.REFERENCE
        line = {"color": colour, "strokeWidth": 2, "strokeDash": _DASHES[k % len(_DASHES)]}
        area = vega.chart(rows).mark("area", color=colour, opacity=0.14)
        marks.append(area.encode(x=x, y={**y, "field": "low"}, y2="high", detail="run:N"))
        drawn = vega.chart(rows).mark("line", **line)
        marks.append(drawn.encode(x=x, y=y, detail="run:N"))
        if rows:
            ends.append(_end(rows[-1], state, (first, last), (low, high), inner))
    return vega.layer(*marks, *_named(ends, inner)).sized(inner, _HEIGHT)


def _span(held: pl.DataFrame) -> tuple[int, int]:
    years = held["year"].to_numpy()
    return int(years.min()), int(years.max())


def _runs(found: pl.DataFrame) -> list[vega.Row]:
    """Rows of one state, `run` counting the stretches of years without a gap."""
    rows: list[vega.Row] = []
    run, before = 0, None
    for year, mean, low, high in (
        found.sort("year").select("year", "mean", "low", "high").iter_rows()
    ):
        run += before is not None and year > before + 1
        before = year
        rows.append({"year": year, "mean": mean, "low": low, "high": high, "run": run})
    return rows


def _end(
    row: vega.Row, state: str, span: tuple[int, int], reach: tuple[float, float], width: int
) -> Anchor:
    across = (float(row["year"] or 0) - span[0]) / max(span[1] - span[0], 1)
    down = (reach[1] - float(row["mean"] or 0)) / max(reach[1] - reach[0], 1e-9)
    return Anchor(across * width, down * _HEIGHT, wording.name(state, span[1]), must=True)


def _named(ends: Sequence[Anchor], width: int) -> list[vega.Chart]:
    placed = place_labels(ends, width=width + _NAMES, height=_HEIGHT)
    return [
        vega.chart([{"text": p.text}])
        .mark("text", align=p.align, baseline="middle")
        .encode(x={"value": p.x}, y={"value": p.y}, text="text:N")
        for p in placed
    ]
