"""Gibler-Miller-Little disputes: the militarised disputes, re-read and corrected."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Dataset, Facts, Release
from blocs.evidence.cleaning import covered
from blocs.evidence.rows import Rows, read_rows
from blocs.files import SourceFile

_LEVELS = {1: "none", 2: "threat", 3: "display", 4: "use", 5: "war"}
_FROM = ("styear", "stmon", "stday")
_TO = ("endyear", "endmon", "endday")
_DYAD = ("dispnum", "ccode1", "ccode2", "year", "hostlev1", "hostlev2")


def read_directed(file: SourceFile, source_id: str) -> Facts:
    """Read directed dispute-dyad-years; days are not told, so whole years are given.

    The value is the first state's highest hostility in the dispute.
    """
    return _facts(_dyads(file, source_id), covered("disputes", source_id, 1816, 2010))


def read_pairs(file: SourceFile, source_id: str) -> Facts:
    """Read non-directed dispute-dyad-years: one row gives an event each way."""
    rows = _dyads(file, source_id).put(part="1")
    back = rows.frame.with_columns(
        sender="receiver", receiver="sender", hostlev1="hostlev2", part=pl.lit("2")
    )
    both = pl.concat([rows.frame, back]).sort("row", "part")
    return _facts(
        Rows(both, rows.source_id, rows.file, rows.rejects),
        covered("disputes", source_id, 1816, 2010),
    )


def read_disputes(file: SourceFile, source_id: str) -> Facts:
    """Read the dispute file: one row per dispute, without its states; the sender stays null."""
    rows = (
        read_rows(file, source_id, "dispnum3", "hostlev", *_FROM, *_TO)
        .integers("dispnum3", "hostlev", *_FROM, *_TO)
        .days(_FROM, _TO)
        .put(
            dispnum=pl.col("dispnum3"),
            hostlev1=pl.col("hostlev"),
            sender=pl.lit(None, dtype=pl.String),
        )
    )
    return _facts(rows, kind="dispute_whole")


def read_participants(file: SourceFile, source_id: str) -> Facts:
    """Read the participant file: one row per dispute and state; the receiver stays null."""
    rows = (
        read_rows(file, source_id, "dispnum", "ccode", "hostlev", *_FROM, *_TO)
        .integers("dispnum", "ccode", "hostlev", *_FROM, *_TO)
        .days(_FROM, _TO)
        .state("ccode", into="sender", on="start")
        .put(hostlev1=pl.col("hostlev"))
    )
    return _facts(rows, kind="dispute_part")


def _dyads(file: SourceFile, source_id: str) -> Rows:
    return (
        read_rows(file, source_id, *_DYAD).integers(*_DYAD).years("year").dyad("ccode1", "ccode2")
    )


def _facts(rows: Rows, *coverage: pl.DataFrame, kind: str = "dispute") -> Facts:
    level = pl.col("hostlev1")
    return (
        rows.require(
            level.is_null() | level.is_in(list(_LEVELS)),
            rule="hostility is 1 to 5",
            column="hostlev1",
        )
        .put(
            kind=kind,
            type=level.replace_strict(_LEVELS, default=None, return_dtype=pl.String),
            value=level.cast(pl.Float64),
            unit="hostility 1-5",
            ref=pl.col("dispnum").cast(pl.String),
        )
        .facts("events", *coverage)
    )


DATASET = Dataset(
    title="Gibler-Miller-Little militarized interstate disputes (GML)",
    unit="dispute x dyad x year; dispute; dispute x participant",
    years="1816-2010",
    publisher="Douglas M. Gibler and Steven V. Miller",
    page="https://svmiller.com/gml-mid-data/",
    licence="No licence stated; cite the article",
    standing=("dispute_whole", "dispute_part"),
    citation=Citation(
        "Gibler, D. M., Miller, S. V., Little, E. K. (2016). An Analysis of the Militarized "
        "Interstate Dispute (MID) Dataset, 1816-2001. International Studies Quarterly 60(4): "
        "719-730",
        "10.1093/isq/sqw045",
    ),
    releases=(
        Release(
            part="dyads",
            version="2.0",
            columns=frozenset({*_DYAD, "midongoing", "midonset", "stmon", "endmon"}),
            read=read_pairs,
            until=2010,
        ),
        Release(
            part="dyads",
            version="2.03",
            columns=frozenset({*_DYAD, "midongoing", "midonset", "stmon", "endmon", "recip"}),
            shape=lambda file: _directed(file, order="sidea1"),
            read=read_directed,
            until=2010,
        ),
        Release(
            part="dyads",
            version="2.2.1",
            columns=frozenset({*_DYAD, "midongoing", "midonset", "stmon", "endmon", "recip"}),
            shape=lambda file: _directed(file, order="midongoing"),
            read=read_directed,
            until=2010,
        ),
        Release(
            part="disputes",
            version="2.0",
            columns=frozenset(
                {"dispnum3", "dispnum4", "outcome", "fatalpre", "hostlev", "numa", "ongo2010"}
                | {*_FROM, *_TO}
            ),
            # the Correlates of War writes the same names in capitals: DispNum3
            shape=lambda file: {"dispnum3", "dispnum4", "hostlev", *_FROM} <= set(file.columns),
            read=read_disputes,
            until=2010,
        ),
        Release(
            part="participants",
            version="2.0",
            columns=frozenset(
                {"dispnum", "dispnum4", "ccode", "stabb", "fatalpre", "hostlev", *_FROM, *_TO}
            ),
            read=read_participants,
            until=2010,
        ),
    ),
    lights=("disputes",),
)


def _directed(file: SourceFile, *, order: str) -> bool:
    """Tell two releases with the same columns by what follows the year."""
    columns = [name.strip().lower() for name in file.columns]
    known = {*_DYAD, "midongoing", "midonset", "recip"} <= set(columns)
    return known and columns[columns.index("year") + 1] == order
