"""Intergovernmental organisations: how many two states share, how many one is in."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Dataset, Facts, Release
from blocs.evidence.rows import read_rows
from blocs.files import SourceFile

_UNIT = "organisations"
_COUNTS = ("sum_igo_full", "sum_igo_associate", "sum_igo_observer", "sum_igo_anytype")


def read_pairs(file: SourceFile, source_id: str) -> Facts:
    """Read dyad-years: the number of shared full memberships, kind ``igo_shared``.

    Every pair of member states is listed, with 0 where it shares none, so a
    pair that is not there is not known.
    """
    columns = ("ccode1", "ccode2", "year", "dyadigos")
    return (
        read_rows(file, source_id, *columns)
        .integers(*columns)
        .years("year")
        .dyad("ccode1", "ccode2")
        .put(kind="igo_shared", value=pl.col("dyadigos").cast(pl.Float64), unit=_UNIT)
        .facts("spells")
    )


def read_states(file: SourceFile, source_id: str) -> Facts:
    """Read state-years: the number of memberships of each kind."""
    return (
        read_rows(file, source_id, "ccode", "year", *_COUNTS)
        .integers("ccode", "year", *_COUNTS)
        .years("year")
        .state("ccode", into="actor", on="start")
        .attributes(dict.fromkeys(_COUNTS, _UNIT))
    )


DATASET = Dataset(
    title="Intergovernmental organisations: shared memberships",
    unit="dyad-year; state-year",
    years="1816-2014",
    publisher="Correlates of War Project (sums by S. V. Miller)",
    page="https://correlatesofwar.org/data-sets/igos/",
    licence="Free for academic use with citation",
    standing=("igo_shared",),
    citation=Citation(
        "Pevehouse, J. C. W., Nordstrom, T., McManus, R. W., Jamison, A. S. (2020). Tracking "
        "Organizations in the World: The Correlates of War IGO Version 3.0 datasets. Journal of "
        "Peace Research 57(3): 492-503",
        "10.1177/0022343319881175",
    ),
    releases=(
        Release(
            part="dyads",
            version="3.0-sums",
            columns=frozenset({"ccode1", "ccode2", "year", "dyadigos"}),
            read=read_pairs,
            until=2014,
        ),
        Release(
            part="states",
            version="3.0-sums",
            columns=frozenset({"ccode", "year", *_COUNTS}),
            read=read_states,
            until=2014,
        ),
    ),
)
