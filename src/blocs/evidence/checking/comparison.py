"""What a comparison of the almanac with a data set gives, and the steps to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from blocs.contracts import Facts

SCHEMA = pl.Schema(
    {
        "table": pl.String(),
        "key": pl.String(),
        "column": pl.String(),
        "almanac": pl.String(),
        "dataset": pl.String(),
        "told": pl.String(),
        "checked": pl.Boolean(),
        "explanation": pl.String(),
    }
)
NOTHING = pl.lit(None, dtype=pl.String)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One table of the almanac against one data set.

    Attributes
    ----------
    table, dataset : str
        What was compared with what.
    compared, agreed : int
        Rows of the almanac that could be compared; those that agree.
    disagreements : pl.DataFrame
        `SCHEMA` rows, sorted: what the almanac says, what the data set told, and
        the note of the almanac's row as ``explanation`` (null = none is given).
    """

    table: str
    dataset: str
    compared: int
    agreed: int
    disagreements: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Against:
    """A comparison under way: rows of one table beside what a data set told.

    Rows carry ``key``, ``checked`` and ``note`` besides the columns compared.
    """

    table: str
    dataset: str

    def differ(
        self, rows: pl.DataFrame, column: str, *, ours: pl.Expr, told: pl.Expr, agree: pl.Expr
    ) -> pl.DataFrame:
        """Rows that do not agree; what is not known to agree does not."""
        return self.told(rows.filter(~agree.fill_null(value=False)), column, ours=ours, told=told)

    def told(
        self, rows: pl.DataFrame, column: str, *, ours: pl.Expr = NOTHING, told: pl.Expr = NOTHING
    ) -> pl.DataFrame:
        """Write rows as disagreements about one column."""
        return rows.select(
            table=pl.lit(self.table),
            key=pl.col("key"),
            column=pl.lit(column),
            almanac=ours.cast(pl.String),
            dataset=pl.lit(self.dataset),
            told=told.cast(pl.String),
            checked=pl.col("checked"),
            explanation=pl.col("note"),
        )

    def missing(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows (``there`` false) that name a record which the data set does not have."""
        gone = rows.filter(~pl.col("there"))
        return self.told(gone, "record", ours=pl.col("confirmed_by"), told=pl.lit("not there"))

    def result(self, keys: pl.Series, rows: Sequence[pl.DataFrame]) -> Comparison:
        """Gather disagreements; `keys` are those of all rows compared."""
        order = ["key", "column", "almanac", "told"]
        found = pl.concat([SCHEMA.to_frame(), *rows]).sort(order, nulls_last=True)
        compared = keys.n_unique()
        return Comparison(
            self.table, self.dataset, compared, compared - found["key"].n_unique(), found
        )


def confirmed(rows: pl.DataFrame, pattern: str, names: Sequence[str]) -> pl.DataFrame:
    """One row per witness in ``confirmed_by`` that fits a pattern; its groups as columns."""
    parts = rows.with_columns(witness=pl.col("confirmed_by").str.split("|")).explode("witness")
    groups = {
        name: pl.col("witness").str.extract(pattern, i) for i, name in enumerate(names, start=1)
    }
    return parts.with_columns(**groups).filter(pl.col(names[0]).is_not_null()).drop("witness")


def parties(acts: pl.DataFrame) -> pl.DataFrame:
    """States at either end of facts, by record: ``ref, actor``."""
    sides = [acts.select("ref", actor=end) for end in ("sender", "receiver")]
    return pl.concat(sides).drop_nulls().unique().sort("ref", "actor")


def last_year(column: str = "end") -> pl.Expr:
    """Year of the last day of a half-open spell; null if it is open."""
    return pl.col(column).dt.offset_by("-1d").dt.year()


def flags(names: Sequence[str]) -> pl.Expr:
    """Names of the columns that are true, sorted, as a list."""
    return pl.concat_list(
        pl.when(pl.col(name)).then(pl.lit(name)) for name in sorted(names)
    ).list.drop_nulls()


def years_listed(column: str) -> pl.Expr:
    """Write a list of years as text."""
    return pl.col(column).list.sort().cast(pl.List(pl.String)).list.join(" ")


def covered_through(facts: Facts, topic: str) -> int:
    """Last year in which the data set speaks; the year of its last fact if it does not say."""
    rows = facts.coverage.filter(pl.col("topic") == topic)
    year = rows.select(last_year().max()).item()
    if isinstance(year, int):
        return year
    tables = (facts.spells, facts.flows, facts.events)
    days = pl.concat([table.select("start") for table in tables])["start"].drop_nulls()
    latest = days.dt.year().max()
    return latest if isinstance(latest, int) else 0
