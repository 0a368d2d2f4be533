"""Where the almanac's treaties and ATOP differ: pairs and years to treat as not known."""

from __future__ import annotations

import polars as pl


def treaty_gaps(ours: pl.DataFrame, theirs: pl.DataFrame, *, until: int) -> pl.DataFrame:
    """Find the pairs and years on which two versions of the treaty layer differ.

    Parameters
    ----------
    ours, theirs : pl.DataFrame
        Tables `schemas.Ties` of the layer ``alliances``; ``value`` is the level.
    until : int
        Last year compared.

    Returns
    -------
    pl.DataFrame
        ``a, b, first, last, defence``: spells of consecutive years, sorted, and
        whether they differ about defence. It says that the two differ, never
        what the other says.
    """
    key = ["sender", "receiver", "start"]
    both = (
        ours.select(*key, mine="value")
        .join(theirs.select(*key, other="value"), on=key, how="full", coalesce=True)
        .with_columns(pl.col("mine", "other").fill_null(0), year=pl.col("start").dt.year())
        .filter((pl.col("year") <= until) & (pl.col("mine") != pl.col("other")))
        .with_columns(defence=pl.max_horizontal("mine", "other") == 3)
        .sort("sender", "receiver", "year")
    )
    pair = ["sender", "receiver"]
    apart = pl.col("year") - pl.col("year").shift(1).over(pair) != 1
    turned = pl.col("defence") != pl.col("defence").shift(1).over(pair)
    new = (apart | turned).fill_null(True)
    return (
        both.with_columns(spell=new.cum_sum().over(pair))
        .group_by(*pair, "spell")
        .agg(
            first=pl.col("year").min().cast(pl.Int16),
            last=pl.col("year").max().cast(pl.Int16),
            defence=pl.col("defence").first(),
        )
        .rename({"sender": "a", "receiver": "b"})
        .select("a", "b", "first", "last", "defence")
        .sort("a", "b", "first")
    )
