"""Militarised interstate disputes, directed dyad-years."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Columns
from blocs.evidence.panel_tables import typed_table
from blocs.files import SourceFile

_NAMES = {"dispongoing": "cowmidongoing", "disponset": "cowmidonset"}


def read(file: SourceFile) -> pl.DataFrame:
    """Read directed dispute-dyad-years; a dyad-year with several disputes keeps the highest."""
    rows = typed_table(
        file,
        ("ccode1", "ccode2", "year"),
        ("dispongoing", "disponset", "hostlev1", "hostlev2"),
        missing=-9,
    )
    return (
        rows.rename(_NAMES)
        .rename({"hostlev1": "hostility1", "hostlev2": "hostility2"})
        .group_by("ccode1", "ccode2", "year")
        .agg(pl.all().max())
    )


COLUMNS = Columns(
    title="militarised disputes: ongoing, onset, highest hostility of each side",
    sources=(("mid", "dyads"),),
    unit="dyad",
    read=read,
    years=(1816, 2014),
    absent=0,
    citation=Citation(
        "Palmer, G. et al. (2022). The MID5 Dataset, 2011-2014. Conflict Management and Peace "
        "Science 39(4)",
        "10.1177/0738894221995743",
    ),
)
