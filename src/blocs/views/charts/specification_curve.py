"""The specification curve: every model by its statistic, beside what chance gives."""

from __future__ import annotations

import numpy as np
import polars as pl

from blocs.outlook.competition.indices import COMPETITION
from blocs.outlook.competition.outcomes import OUTCOMES
from blocs.outlook.competition.specifications import Curve, Z
from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Figure, Table, table
from blocs.views.formats import number_or_none

_RANKS = 160
_BINS = 24


def specification_curve(curve: Curve, *, title: str, sources: tuple[str, ...]) -> Figure:
    """Make the figure of the curve against shuffled histories.

    Parameters
    ----------
    curve : Curve
        What the specifications say.
    title : str
        The finding.
    sources : tuple of str
        Data sets it rests on.
    """
    share = wording.percent(curve.significant, decimals=1)
    chance = wording.percent(curve.share_if_none, decimals=1)
    n = wording.count(curve.table.height)
    return Figure(
        key="fig-curve",
        title=title,
        subtitle=f"z statistic of {n} specifications, sorted (line), and the same in "
        f"{wording.count(curve.histories - 1)} histories with the episodes in another order "
        "(band: 95 % of them). Right: the share positive and significant, in each history",
        alt=f"Of {n} specifications {share} are positive and significant; shuffled histories have "
        f"{chance} on average, and as many as the record in "
        f"{wording.percent(curve.p_episodes, decimals=1)} of them.",
        draw=lambda width: draw_curve(curve, width=width),
        table=_table(curve),
        sources=sources,
        method="method",
        note="A line inside the band is what chance gives. Broken lines: z = -1.96 and 1.96.",
    )


def draw_curve(curve: Curve, *, width: int) -> vega.Chart:
    """Draw the sorted statistics over the band of chance, and the shares."""
    z = np.sort(curve.table["score_z"].to_numpy())
    at = np.unique(np.linspace(0, len(z) - 1, min(_RANKS, len(z))).round().astype(int))
    rows: list[vega.Row] = [
        {
            "share": float((i + 0.5) / len(z)),
            "z": round(float(z[i]), 3),
            "low": number_or_none(round(float(curve.band[0, i]), 3)),
            "high": number_or_none(round(float(curve.band[2, i]), 3)),
        }
        for i in at
    ]
    narrow = width <= 500
    wide = width - 70 if narrow else int(width * 0.58)
    x = vega.channel("share:Q", axis={"format": "%", "title": "specifications, lowest z first"})
    title = {"title": "z of bloc competition"}
    base = vega.chart(rows)
    band = base.mark("area", color=theme.BAND).encode(
        x=x, y=vega.channel("low:Q", axis=title), y2=vega.channel("high")
    )
    line = base.mark("line", color=theme.GROUP, strokeWidth=2.5).encode(
        x=x, y=vega.channel("z:Q", axis=title)
    )
    marks: list[vega.Row] = [{"z": -Z}, {"z": Z}]
    rules = vega.chart(marks).mark("rule", color=theme.GREY, strokeDash=[4, 3]).encode(y="z:Q")
    left = vega.layer(band, rules, line).sized(wide, 220)
    return vega.stack(
        left,
        _shares(curve, width - 70 if narrow else width - wide - 110),
        columns=1 if narrow else 2,
    )


def _shares(curve: Curve, width: int) -> vega.Chart:
    top = max(float(curve.shares.max()), 0.02)
    counts, edges = np.histogram(curve.shares[1:], bins=_BINS, range=(0.0, top))
    rows: list[vega.Row] = [
        {"from": float(edges[k]), "to": float(edges[k + 1]), "n": int(counts[k])}
        for k in range(_BINS)
    ]
    axis = {"format": ".0%", "title": "share significant", "tickCount": 4}
    bars = (
        vega.chart(rows)
        .mark("bar", color=theme.BAND)
        .encode(
            x=vega.channel("from:Q", axis=axis),
            x2=vega.channel("to"),
            y=vega.channel("n:Q", axis={"title": "histories"}),
            y2={"datum": 0},
        )
    )
    here: list[vega.Row] = [{"share": curve.significant}]
    rule = vega.chart(here).mark("rule", color=theme.GROUP, strokeWidth=2.5).encode(x="share:Q")
    return vega.layer(bars, rule).sized(width, 220)


def breakdown(curve: Curve) -> pl.DataFrame:
    """Shares by choice: ``choice, value, n, positive, significant, median_z``."""
    parts = [
        curve.table.with_columns(
            period=pl.format("{}-{}", "first", "last"),
            trend=pl.when(pl.col("trend")).then(pl.lit("with trend")).otherwise(pl.lit("without")),
            lag=pl.format("{} years", "lag"),
        )
        .group_by(value=pl.col(choice).cast(pl.String), maintain_order=True)
        .agg(
            n=pl.len(),
            positive=(pl.col("score_z") > 0).mean(),
            significant=(pl.col("score_z") > Z).mean(),
            median_z=pl.col("score_z").median(),
        )
        .select(pl.lit(choice).alias("choice"), pl.all())
        for choice in ("index", "outcome", "exposure", "form", "lag", "period", "trend")
    ]
    return pl.concat(parts)


def _table(curve: Curve) -> Table:
    names = {**COMPETITION, **OUTCOMES}
    rows = [
        [
            wording.upper_first(row["choice"]),
            names.get(row["value"], row["value"].replace("_", " ")),
            wording.count(row["n"]),
            wording.percent(row["positive"]),
            wording.percent(row["significant"], decimals=1),
            wording.score(row["median_z"]),
        ]
        for row in breakdown(curve).iter_rows(named=True)
    ]
    columns = ("Choice", "Value", "#Models", "#Positive", "#Positive and significant", "#Median z")
    return table("How the answer depends on each choice", columns, rows)
