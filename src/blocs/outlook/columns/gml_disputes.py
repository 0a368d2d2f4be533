"""Militarised disputes as corrected by Gibler, Miller and Little."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Columns
from blocs.evidence.panel_tables import typed_table
from blocs.files import SourceFile

_NAMES = {
    "midongoing": "gmlmidongoing",
    "midonset": "gmlmidonset",
    "hostlev1": "gmlhostility1",
    "hostlev2": "gmlhostility2",
}
_TURNED = {
    **{"ccode1": "ccode2", "ccode2": "ccode1"},
    **{"hostlev1": "hostlev2", "hostlev2": "hostlev1"},
}


def read(file: SourceFile) -> pl.DataFrame:
    """Read dispute-dyad-years; a dyad-year with several disputes keeps the highest.

    Version 2.0 tells each dyad once, the lower code first; the later ones both ways.
    """
    rows = typed_table(file, ("ccode1", "ccode2", "year"), tuple(_NAMES), missing=-9)
    if rows.filter(pl.col("ccode1") > pl.col("ccode2")).is_empty():
        rows = pl.concat([rows, rows.rename(_TURNED).select(rows.columns)])
    return rows.rename(_NAMES).group_by("ccode1", "ccode2", "year").agg(pl.all().max())


COLUMNS = Columns(
    title="militarised disputes (GML): ongoing, onset, highest hostility of each side",
    sources=(("gml", "dyads"),),
    unit="dyad",
    read=read,
    years=(1816, 2010),
    absent=0,
    citation=Citation(
        "Gibler, D., Miller, S., Little, E. (2016). An Analysis of the Militarized Interstate "
        "Dispute (MID) Dataset, 1816-2001. International Studies Quarterly 60(4)",
        "10.1093/isq/sqw045",
    ),
)
