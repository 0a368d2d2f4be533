"""Major powers."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Columns
from blocs.evidence.panel_tables import typed_table
from blocs.files import SourceFile


def read(file: SourceFile) -> pl.DataFrame:
    """Read spells; a state is major in every year its spell touches."""
    rows = typed_table(file, ("ccode", "styear", "endyear"), ())
    return (
        rows.with_columns(year=pl.int_ranges("styear", pl.col("endyear") + 1))
        .explode("year")
        .select("ccode", pl.col("year").cast(pl.Int32), cowmaj=pl.lit(1, dtype=pl.Int32))
        .unique()
    )


COLUMNS = Columns(
    title="major power, 1 or 0",
    sources=(("cow-states", "majors"),),
    unit="state",
    read=read,
    years=(1816, 2016),
    absent=0,
    citation=Citation("Correlates of War Project (2017). State System Membership List, v2016"),
)
