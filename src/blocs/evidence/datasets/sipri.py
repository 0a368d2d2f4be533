"""SIPRI Arms Transfers Database: deliveries of major conventional arms."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Dataset, Facts, Release
from blocs.evidence.cleaning import covered
from blocs.evidence.rows import read_rows
from blocs.files import SourceFile, decode, read_head

_DEAL = "sipri at database id"
_VALUE = "tiv delivery values"
_YEAR = "delivery year"
_SPELT = {
    "Libya GNC": "Libya",  # the government of the General National Congress
    "Congo": "Congo-Brazzaville",  # SIPRI writes "DR Congo" for the other
}


def read(file: SourceFile, source_id: str) -> Facts:
    """Read an export of deals: one row per deal and delivery year, after a preamble.

    Gives one flow per row in million trend-indicator values; 0 is "below half a
    million". Rebel groups (SIPRI marks them "*"), organisations ("**") and
    unknown parties are refused: the ends of a flow are states. Absence means
    zero only if the preamble says that all suppliers and recipients were asked.
    """
    rows = (
        read_rows(file, source_id, _DEAL, "supplier", "recipient", _YEAR, _VALUE)
        .integers(_YEAR)
        .numbers(_VALUE)
        .years(_YEAR)
    )
    for party in ("supplier", "recipient"):
        rows = rows.require(
            ~pl.col(party).str.ends_with("*"), rule=f"{party} is a state", column=party
        ).require(~pl.col(party).str.starts_with("unknown"), rule=f"{party} is known", column=party)
    spelt = rows.put(
        supplier=pl.col("supplier").replace(_SPELT), recipient=pl.col("recipient").replace(_SPELT)
    )
    flows = spelt.dyad("supplier", "recipient", system="name").put(
        kind="arms",
        value=pl.col(_VALUE),
        unit="million TIV",
        ref=pl.col(_DEAL),
    )
    return flows.facts("flows", *_coverage(file, source_id, rows.frame[_YEAR]))


def _coverage(file: SourceFile, source_id: str, years: pl.Series) -> list[pl.DataFrame]:
    asked = decode(read_head(file.path)).splitlines()[: file.skip]
    everybody = any("from All countries" in line and "to All countries" in line for line in asked)
    if not everybody or years.is_empty():
        return []
    first, last = int(years.min()), int(years.max())  # type: ignore[arg-type]
    return [covered("arms", source_id, first, last)]


DATASET = Dataset(
    title="SIPRI Arms Transfers Database",
    unit="deal x delivery year",
    years="1950-, as chosen in the export",
    publisher="Stockholm International Peace Research Institute",
    page="https://www.sipri.org/databases/armstransfers",
    licence="(c) SIPRI; free for non-commercial use with credit",
    citation=Citation(
        "SIPRI Arms Transfers Database. Stockholm International Peace Research Institute"
    ),
    releases=(
        Release(
            version="2025-export",
            columns=frozenset({_DEAL, "supplier", "recipient", _YEAR, _VALUE}),
            read=read,
            until=2023,
        ),
    ),
    lights=("arms",),
)
