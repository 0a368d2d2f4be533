"""Direct contiguity by land or water."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Columns
from blocs.evidence.panel_tables import typed_table
from blocs.files import SourceFile


def read(file: SourceFile) -> pl.DataFrame:
    """Read dyad-years: 1 land or river, 2 to 5 up to 12, 24, 150 and 400 miles of water."""
    rows = typed_table(file, ("state1no", "state2no", "year"), ("conttype",))
    return (
        rows.rename({"state1no": "ccode1", "state2no": "ccode2"})
        .group_by("ccode1", "ccode2", "year")
        .agg(pl.col("conttype").min())
    )


COLUMNS = Columns(
    title="contiguity: 1 land, 2-5 water, 0 neither within 400 miles",
    sources=(("cow-contiguity", "years"),),
    unit="dyad",
    read=read,
    years=(1816, 2016),
    absent=0,
    symmetric=True,
    citation=Citation(
        "Stinnett, D., Tir, J., Schafer, P., Diehl, P., Gochman, C. (2002). The Correlates of War "
        "Project Direct Contiguity Data, Version 3. Conflict Management and Peace Science 19(2)",
        "10.1177/073889420201900203",
    ),
)
