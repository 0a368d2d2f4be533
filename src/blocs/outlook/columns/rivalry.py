"""Strategic rivalries."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Columns
from blocs.evidence.panel_tables import typed_table
from blocs.files import SourceFile


def read(file: SourceFile) -> pl.DataFrame:
    """Read spells; a dyad is a rivalry in every year its spell touches."""
    names = ("start", "end") if "start" in file.columns else ("styear", "endyear")
    rows = typed_table(file, ("ccode1", "ccode2", *names), ())
    first, last = names
    return (
        rows.with_columns(year=pl.int_ranges(pl.col(first).clip(1816), pl.col(last) + 1))
        .explode("year")
        .drop_nulls("year")
        .select("ccode1", "ccode2", pl.col("year").cast(pl.Int32), rivalry=pl.lit(1, pl.Int32))
        .unique()
    )


COLUMNS = Columns(
    title="strategic rivalry, 1 or 0",
    sources=(("rivalries", ""),),
    unit="dyad",
    read=read,
    years=(1816, 2020),
    absent=0,
    symmetric=True,
    citation=Citation(
        "Thompson, W., Dreyer, D. (2011). Handbook of International Rivalries. CQ Press"
    ),
)
