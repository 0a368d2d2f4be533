"""Design of Trade Agreements: who is party to which agreement."""

from __future__ import annotations

import re

import polars as pl

from blocs.contracts import Citation, Dataset, Facts, Release
from blocs.errors import BadFile
from blocs.evidence.cleaning import covered
from blocs.evidence.rows import longer, read_rows
from blocs.files import SourceFile

_ABOUT = ("number", "base_treaty", "entry_type", "year", "entryforceyear")


def read(file: SourceFile, source_id: str) -> Facts:
    """Read the list of treaties: one row per entry, parties in c1, c2, ... by UN number.

    Gives one spell per entry in force and party, from the first day of the year
    of entry into force (the day is not told); two states share an agreement if
    both have a spell with its reference. Entries without that year, among them
    negotiations, are in force nowhere and give none; nor do withdrawals, which
    list those that remain.
    """
    listed = [c.lower() for c in file.columns if re.fullmatch(r"c\d+", c.lower())]
    if not listed:
        raise BadFile(f"{file.path}: the columns of the parties (c1, c2, ...) are missing")
    rows = read_rows(file, source_id, *_ABOUT, *listed, nulls=("", "NA"))
    entered = (
        rows.keep(pl.col("entryforceyear").is_not_null() & (pl.col("entry_type") != "withdrawal"))
        .integers("entryforceyear")
        .put(never=pl.lit(None, dtype=pl.Int64))
        .years("entryforceyear", "never")
    )
    return (
        longer(entered, listed, into="party")
        .put(party=pl.col("party").str.zfill(3))
        .state("party", into="sender", system="un_m49", on="start")
        .keep(pl.struct("row", "sender").is_first_distinct())
        .put(
            kind="trade_agreement",
            type=pl.col("entry_type"),
            ref=pl.col("base_treaty"),
            part=pl.col("sender"),
        )
        .facts("spells", covered("trade_agreements", source_id, 1948, 2020))
    )


DATASET = Dataset(
    title="Design of Trade Agreements (DESTA)",
    unit="treaty x party",
    years="1948-2020",
    publisher="Design of Trade Agreements Database, World Trade Institute",
    page="https://www.designoftradeagreements.org",
    licence="Free with citation",
    citation=Citation(
        "Dur, A., Baccini, L., Elsig, M. (2014). The Design of International Trade Agreements: "
        "Introducing a New Dataset. Review of International Organizations 9(3): 353-375",
        "10.1007/s11558-013-9179-8",
    ),
    releases=(
        Release(
            version="2",
            columns=frozenset({*_ABOUT, "typememb", "c1", "c2"}),
            read=read,
            until=2020,
        ),
    ),
)
