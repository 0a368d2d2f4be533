"""How democratic each state is."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Columns
from blocs.evidence.panel_tables import typed_table
from blocs.files import SourceFile


def read(file: SourceFile) -> pl.DataFrame:
    """Read state-years: Polity, V-Dem's polyarchy and extended UDS."""
    return typed_table(
        file, ("ccode", "year"), ("polity2", "v2x_polyarchy", "euds"), real=True, once=True
    )


COLUMNS = Columns(
    title="polity2, polyarchy and extended unified democracy scores",
    sources=(("democracy", "regime"),),
    unit="state",
    read=read,
    years=(1816, 2025),
    absent=None,
    citation=Citation(
        "Marquez, X. (2016). A Quick Method for Extending the Unified Democracy Scores. SSRN"
    ),
)
