"""Where the almanac's treaties and ATOP differ: pairs and years to treat as not known."""

from __future__ import annotations

import polars as pl

from blocs.ties.layers.alliances import ONLY_CHECKED, UNCHECKED, UNCHECKED_BELOW


def treaty_gaps(
    ours: pl.DataFrame, checked: pl.DataFrame, theirs: pl.DataFrame, *, until: int
) -> pl.DataFrame:
    """Find the pairs and years on which the almanac's treaties and another's differ.

    Parameters
    ----------
    ours, checked, theirs : pl.DataFrame
        Tables `schemas.Ties` of the layer ``alliances``, made of all our rows, of
        our checked rows alone, and of the other source; ``value`` is the level.
    until : int
        Last year compared.

    Returns
    -------
    pl.DataFrame
        ``a, b, first, last, treat``: spells of consecutive years, sorted, and how
        to treat the pair: ``only_checked`` where the checked rows alone agree
        with the other source, else ``unchecked`` (the two differ about defence)
        or ``unchecked_below``. It never says what the other source says.
    """
    key = ["sender", "receiver", "start"]
    versions = {"all": ours, "sure": checked, "other": theirs}
    frames = [table.select(*key, pl.col("value").alias(n)) for n, table in versions.items()]
    both = frames[0]
    for frame in frames[1:]:
        both = both.join(frame, on=key, how="full", coalesce=True)
    both = (
        both.with_columns(pl.col(list(versions)).fill_null(0), year=pl.col("start").dt.year())
        .filter((pl.col("year") <= until) & (pl.col("all") != pl.col("other")))
        .with_columns(
            treat=pl.when(pl.col("sure") == pl.col("other"))
            .then(pl.lit(ONLY_CHECKED))
            .when(pl.max_horizontal("all", "other") == 3)
            .then(pl.lit(UNCHECKED))
            .otherwise(pl.lit(UNCHECKED_BELOW))
        )
        .sort("sender", "receiver", "year")
    )
    pair = ["sender", "receiver"]
    apart = pl.col("year") - pl.col("year").shift(1).over(pair) != 1
    turned = pl.col("treat") != pl.col("treat").shift(1).over(pair)
    new = (apart | turned).fill_null(True)
    return (
        both.with_columns(spell=new.cum_sum().over(pair))
        .group_by(*pair, "spell")
        .agg(
            first=pl.col("year").min().cast(pl.Int16),
            last=pl.col("year").max().cast(pl.Int16),
            treat=pl.col("treat").first(),
        )
        .rename({"sender": "a", "receiver": "b"})
        .select("a", "b", "first", "last", "treat")
        .sort("a", "b", "first")
    )
