"""Correlates of War trade: imports of every state from every other, and in all."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Dataset, Download, Facts, Release
from blocs.evidence.cleaning import covered
from blocs.evidence.rows import Rows, read_rows
from blocs.files import SourceFile

_UNIT = "million current USD"
_TOTALS = ("imports", "exports")


def read_directed(file: SourceFile, source_id: str) -> Facts:
    """Read directed dyad-years, each pair in both orders (as peacesciencer serves them).

    ``flow1`` is what the first state imports from the second, so it becomes the
    flow from the second to the first; ``flow2`` is told again by the other
    order. An empty flow is not known and stays null; 0 is no trade.
    """
    rows = _rows(file, source_id, "flow1")
    return _flows(
        rows.put(sender=pl.col("second"), receiver=pl.col("first"), value=pl.col("flow1"))
    )


def read_pairs(file: SourceFile, source_id: str) -> Facts:
    """Read the published file: one row per pair and year holds both flows."""
    rows = _rows(file, source_id, "flow1", "flow2").put(
        sender=pl.col("second"), receiver=pl.col("first"), value=pl.col("flow1"), part="1"
    )
    back = rows.frame.with_columns(
        sender="first", receiver="second", value="flow2", part=pl.lit("2")
    )
    both = pl.concat([rows.frame, back]).sort("row", "part")
    return _flows(Rows(both, rows.source_id, rows.file, rows.rejects))


def read_national(file: SourceFile, source_id: str) -> Facts:
    """Read state-years: total imports and exports, kinds ``imports`` and ``exports``."""
    rows = (
        read_rows(file, source_id, "ccode", "year", *_TOTALS)
        .integers("ccode", "year")
        .numbers(*_TOTALS)
        .years("year")
        .state("ccode", into="actor", on="start")
    )
    return rows.attributes(dict.fromkeys(_TOTALS, _UNIT))


def _rows(file: SourceFile, source_id: str, *flows: str) -> Rows:
    return (
        read_rows(file, source_id, "ccode1", "ccode2", "year", *flows)
        .integers("ccode1", "ccode2", "year")
        .numbers(*flows)
        .years("year")
        .state("ccode1", into="first", on="start")
        .state("ccode2", into="second", on="start")
    )


def _flows(rows: Rows) -> Facts:
    return rows.put(kind="trade", unit=_UNIT).facts(
        "flows", covered("trade", rows.source_id, 1870, 2014)
    )


DATASET = Dataset(
    title="Correlates of War trade",
    unit="directed dyad-year; state-year",
    years="1870-2014",
    publisher="Correlates of War Project",
    page="https://correlatesofwar.org/data-sets/bilateral-trade/",
    licence="Free for academic use with citation",
    standing=("trade",),
    citation=Citation(
        "Barbieri, K., Keshk, O. M. G., Pollins, B. M. (2009). Trading Data: Evaluating our "
        "Assumptions and Coding Rules. Conflict Management and Peace Science 26(5): 471-491",
        "10.1177/0738894209343887",
    ),
    releases=(
        Release(
            part="dyads",
            version="4.0",
            columns=frozenset({"ccode1", "ccode2", "year", "flow1", "flow2", "importer1"}),
            read=read_pairs,
            until=2014,
        ),
        Release(
            part="dyads",
            version="4.0-directed",
            columns=frozenset({"ccode1", "ccode2", "year", "flow1", "flow2"}),
            read=read_directed,
            until=2014,
        ),
        Release(
            part="national",
            version="3.0",
            columns=frozenset({"ccode", "country", "year", "alt_imports", *_TOTALS}),
            read=read_national,
            until=2009,
        ),
        Release(
            part="national",
            version="4.0",
            columns=frozenset({"ccode", "year", *_TOTALS}),
            read=read_national,
            until=2014,
        ),
    ),
    downloads=(
        Download(
            url="https://correlatesofwar.org/wp-content/uploads/COW_Trade_4.0.zip",
            file="COW_Trade_4.0.zip",
        ),
    ),
    lights=("trade",),
)
