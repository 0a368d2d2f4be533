"""Obligations of alliances, directed: what the first state owes the second."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Columns
from blocs.evidence.panel_tables import typed_table
from blocs.files import SourceFile

_OWED = ("atop_defense", "atop_offense", "atop_neutral", "atop_nonagg", "atop_consul")


def read(file: SourceFile) -> pl.DataFrame:
    """Read ATOP's directed dyad-years; names are ATOP's own."""
    return typed_table(file, ("ccode1", "ccode2", "year"), _OWED, once=True)


COLUMNS = Columns(
    title="ATOP obligations (defense, offense, neutrality, non-aggression, consultation)",
    sources=(("atop", "dyads"),),
    unit="dyad",
    read=read,
    years=(1816, 2018),
    absent=0,
    citation=Citation(
        "Leeds, B. A., Ritter, J., Mitchell, S., Long, A. (2002). Alliance Treaty Obligations and "
        "Provisions, 1815-1944. International Interactions 28(3)",
        "10.1080/03050620213653",
    ),
)
