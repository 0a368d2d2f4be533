"""Trade flows between two states."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Columns
from blocs.evidence.panel_tables import typed_table
from blocs.files import SourceFile

_FLOWS = ("flow1", "flow2", "smoothflow1", "smoothflow2")


def read(file: SourceFile) -> pl.DataFrame:
    """Read dyad-years in million current USD; -9 and NA are missing, zero is zero."""
    return typed_table(file, ("ccode1", "ccode2", "year"), _FLOWS, missing=-9, real=True, once=True)


COLUMNS = Columns(
    title="trade in million current USD (flow1: imports of the first from the second)",
    sources=(("cow-trade", "dyads"),),
    unit="dyad",
    read=read,
    years=(1870, 2014),
    absent=None,
    citation=Citation(
        "Barbieri, K., Keshk, O., Pollins, B. (2009). Trading Data: Evaluating our Assumptions and "
        "Coding Rules. Conflict Management and Peace Science 26(5)",
        "10.1177/0738894209343887",
    ),
)
