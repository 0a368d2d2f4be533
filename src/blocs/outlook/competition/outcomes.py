"""Conflict by year: disputes and wars begun, how many were grave, and the exposure."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Facts
from blocs.schemas import Events, dtypes

OUTCOMES = {
    "disputes": "disputes begun",
    "force": "disputes begun that came to the use of force",
    "wars": "wars begun",
    "great_wars": "wars begun with a major power on either side",
    "deaths": "battle deaths of the wars begun (ranks)",
}
RANKED = frozenset({"deaths"})
DISPUTES_FIRST, DISPUTES_LAST = 1816, 2014
WARS_FIRST, WARS_LAST = 1816, 2007
_FORCE = 4


def count_disputes(disputes: pl.DataFrame) -> pl.DataFrame:
    """Count disputes by the year in which they began.

    Parameters
    ----------
    disputes : pl.DataFrame
        Events of kind ``dispute``: ``ref``, ``start``, ``value`` (hostility 1-5).

    Returns
    -------
    pl.DataFrame
        ``year, disputes, force`` for every year of coverage; no row is no dispute.
    """
    begun = disputes.group_by("ref").agg(
        year=pl.col("start").min().dt.year(), hostility=pl.col("value").max()
    )
    counted = begun.group_by("year").agg(
        disputes=pl.len(), force=(pl.col("hostility") >= _FORCE).sum()
    )
    return _every_year(counted, DISPUTES_FIRST, DISPUTES_LAST)


def count_wars(parts: pl.DataFrame, majors: pl.DataFrame) -> pl.DataFrame:
    """Count wars between states by the year in which they began.

    Parameters
    ----------
    parts : pl.DataFrame
        One row per war and participant: ``ref, sender, start, value`` (battle
        deaths; a null is none known).
    majors : pl.DataFrame
        ``actor, year``: the major powers of each year.

    Returns
    -------
    pl.DataFrame
        ``year, wars, great_wars, deaths``; deaths are null in a year whose wars
        have none told.
    """
    when = parts.with_columns(year=pl.col("start").dt.year())
    great = when.join(
        majors.with_columns(pl.col("year").cast(pl.Int32), great=pl.lit(value=True)),
        left_on=["sender", "year"],
        right_on=["actor", "year"],
        how="left",
    )
    begun = great.group_by("ref").agg(
        pl.col("year").min(),
        great=pl.col("great").fill_null(value=False).any(),
        deaths=pl.col("value").sum(),
        told=pl.col("value").is_not_null().any(),
    )
    counted = begun.group_by("year").agg(
        wars=pl.len(),
        great_wars=pl.col("great").sum(),
        deaths=pl.when(pl.col("told").all()).then(pl.col("deaths").sum()),
    )
    return _every_year(counted, WARS_FIRST, WARS_LAST, keep=("deaths",))


def dispute_events(facts: Facts) -> pl.DataFrame:
    """Events of disputes between two states; empty if a data set has none."""
    events = facts.events.filter(pl.col("kind") == "dispute")
    return events if events.height else pl.DataFrame(schema=dtypes(Events))


def war_parts(facts: Facts) -> pl.DataFrame:
    """States that took part in wars between states, with their battle deaths."""
    return facts.events.filter(pl.col("kind") == "war_part")


def _every_year(
    counted: pl.DataFrame, first: int, last: int, *, keep: tuple[str, ...] = ()
) -> pl.DataFrame:
    years = pl.DataFrame({"year": range(first, last + 1)}, schema={"year": pl.Int32})
    joined = years.join(
        counted.with_columns(pl.col("year").cast(pl.Int32), __told=pl.lit(value=True)),
        on="year",
        how="left",
    )
    filled = [
        pl.when(pl.col("__told").is_null()).then(0).otherwise(pl.col(c)).alias(c)
        for c in counted.columns
        if c != "year"
    ]
    return joined.with_columns(filled).drop("__told").sort("year")
