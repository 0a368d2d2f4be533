"""Organisations that two states share."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Columns
from blocs.evidence.panel_tables import typed_table
from blocs.files import SourceFile


def read(file: SourceFile) -> pl.DataFrame:
    """Read dyad-years: the number of organisations in which both are full members."""
    return typed_table(file, ("ccode1", "ccode2", "year"), ("dyadigos",), once=True)


COLUMNS = Columns(
    title="intergovernmental organisations in common (full members)",
    sources=(("cow-igo", "dyads"),),
    unit="dyad",
    read=read,
    years=(1816, 2014),
    absent=None,
    symmetric=True,
    citation=Citation(
        "Pevehouse, J., Nordstrom, T., McManus, R., Jamison, A. (2020). Tracking Organizations "
        "in the World: The Correlates of War IGO Version 3.0 Datasets. Journal of Peace "
        "Research 57(3)",
        "10.1177/0022343319881175",
    ),
)
