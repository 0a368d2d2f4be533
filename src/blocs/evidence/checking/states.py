"""The state system against the published list of the Correlates of War."""

from __future__ import annotations

import polars as pl

from blocs.almanac.tables import facts as almanac
from blocs.contracts import Facts
from blocs.evidence.checking.comparison import NOTHING, Against, Comparison


def states(facts: Facts) -> Comparison:
    """Compare first and last day of every spell of membership, by COW code."""
    against = Against("systems", "cow-states")
    listed = facts.spells.filter(pl.col("kind") == "member")
    theirs = _pieces(listed.select("start", "end", code="ref"))
    mine = almanac("systems").filter(pl.col("system") == "cow")
    checked = mine.group_by("code").agg(pl.col("checked").all())
    both = (
        _pieces(mine.select("start", "end", "code"))
        .join(theirs, on=["code", "piece"], how="full", suffix="_told", coalesce=True)
        .join(checked, on="code", how="left")
        .with_columns(key=pl.format("cow {} ({})", "code", "piece"), note=NOTHING)
    )
    rows = [
        against.differ(
            both,
            edge,
            ours=pl.col(edge),
            told=pl.col(f"{edge}_told"),
            agree=pl.col(edge).eq_missing(pl.col(f"{edge}_told")),
        )
        for edge in ("start", "end")
    ]
    return against.result(both["key"], rows)


def _pieces(spells: pl.DataFrame) -> pl.DataFrame:
    """Number the spells of a code and join those that touch: 345 is two actors here."""
    new = (pl.col("start") != pl.col("end").shift(1).over("code")).fill_null(value=True)
    return (
        spells.sort("code", "start")
        .with_columns(piece=new.cast(pl.Int64).cum_sum().over("code"))
        .group_by("code", "piece")
        .agg(pl.col("start").first(), pl.col("end").last())
    )
