"""Facts by year: spells spread over the years they touch, pairs put in order."""

from __future__ import annotations

from datetime import date

import polars as pl

from blocs.contracts import LayerTies
from blocs.schemas import TieEvidence, Ties, dtypes, empty

_KEY = ["sender", "receiver", "year"]


def by_year(facts: pl.DataFrame, *, first: int, last: int) -> pl.DataFrame:
    """Repeat each fact for every year it touches between `first` and `last`.

    Parameters
    ----------
    facts : pl.DataFrame
        Rows with ``start`` and ``end`` (half-open, null = open).
    first, last : int
        Years covered, both included; open ends stop there.

    Returns
    -------
    pl.DataFrame
        The rows with a column ``year``.

    Examples
    --------
    >>> spell = pl.DataFrame({"start": [date(1939, 9, 1)], "end": [date(1941, 1, 1)]})
    >>> by_year(spell, first=1816, last=2020)["year"].to_list()
    [1939, 1940]
    """
    begins = pl.col("start").dt.year().fill_null(first).clip(first, None)
    ends = pl.col("end").dt.offset_by("-1d").dt.year().fill_null(last).clip(None, last)
    return (
        facts.with_columns(year=pl.int_ranges(begins, ends + 1, dtype=pl.Int32))
        .explode("year")
        .filter(pl.col("year").is_not_null())
    )


def in_order(facts: pl.DataFrame) -> pl.DataFrame:
    """Put the ends of undirected facts in alphabetical order."""
    swap = pl.col("sender") > pl.col("receiver")
    return facts.with_columns(
        sender=pl.when(swap).then("receiver").otherwise("sender"),
        receiver=pl.when(swap).then("sender").otherwise("receiver"),
    )


def yearly_ties(
    facts: pl.DataFrame,
    *,
    layer: str,
    weight: pl.Expr,
    value: pl.Expr,
    unit: str,
) -> LayerTies:
    """Combine facts by pair and year into ties, with the walk back to the facts.

    Parameters
    ----------
    facts : pl.DataFrame
        Rows with ``fact_id, sender, receiver, year``.
    layer : str
        Name of the layer.
    weight, value : pl.Expr
        Aggregations over the facts of one pair and year.
    unit : str
        Unit of `value`.
    """
    start, end = pl.date("year", 1, 1), pl.date(pl.col("year") + 1, 1, 1)
    ties = (
        facts.group_by(_KEY)
        .agg(
            weight.alias("weight"),
            value.alias("value"),
            pl.col("fact_id").n_unique().cast(pl.Int64).alias("n_evidence"),
        )
        .with_columns(start=start, end=end, layer=pl.lit(layer), unit=pl.lit(unit))
        .select(pl.col(name).cast(dtype) for name, dtype in dtypes(Ties).items())
        .sort("sender", "receiver", "start")
    )
    evidence = (
        facts.lazy()
        .with_columns(start=start, end=end, layer=pl.lit(layer))
        .select(list(dtypes(TieEvidence)))
        .unique()
        .sort("sender", "receiver", "start", "fact_id")
    )
    return LayerTies(ties=ties, evidence=evidence)


def no_ties() -> LayerTies:
    """Return a layer without ties."""
    return LayerTies(ties=empty(Ties), evidence=empty(TieEvidence).lazy())


def years_covered(coverage: pl.DataFrame, *topics: str) -> tuple[int, int] | None:
    """First and last year in which absence of some topics means zero; none if never."""
    rows = coverage.filter(pl.col("topic").is_in(topics))
    if rows.is_empty():
        return None
    start, end = rows.select(pl.col("start").min(), pl.col("end").max()).row(0)
    assert isinstance(start, date)
    return start.year, end.year - (end.month == 1 and end.day == 1)


def years_told(coverage: pl.DataFrame, *topics: str) -> tuple[int, ...]:
    """Years in which absence of some topics means zero for somebody, sorted; no holes."""
    rows = coverage.filter(pl.col("topic").is_in(topics))
    last = pl.col("end").dt.offset_by("-1d").dt.year()
    years = rows.select(pl.int_ranges(pl.col("start").dt.year(), last + 1).explode())
    return tuple(years.to_series().drop_nulls().unique().sort())
