"""The state system and the major powers of the Correlates of War."""

from __future__ import annotations

from datetime import date

import polars as pl

from blocs.contracts import Citation, Dataset, Facts, Release
from blocs.evidence.cleaning import covered
from blocs.evidence.rows import Rows, read_rows
from blocs.files import SourceFile

_FROM = ("styear", "stmonth", "stday")
_TO = ("endyear", "endmonth", "endday")
_LAST_DAY = date(2016, 12, 31)


def read_states(file: SourceFile, source_id: str) -> Facts:
    """Read spells of membership, kind ``member``; a spell to 31 December 2016 is open."""
    return _spells(file, source_id, "member").facts(
        "spells", covered("states", source_id, 1816, _LAST_DAY.year)
    )


def read_majors(file: SourceFile, source_id: str) -> Facts:
    """Read spells as a major power, kind ``major``; a spell to 31 December 2016 is open."""
    return _spells(file, source_id, "major").facts(
        "spells", covered("majors", source_id, 1816, _LAST_DAY.year)
    )


def read_system(file: SourceFile, source_id: str) -> Facts:
    """Read state-years: one spell of a year each, kind ``member_year``."""
    rows = read_rows(file, source_id, "ccode", "year").integers("ccode", "year").years("year")
    return (
        rows.state("ccode", into="sender", on="start")
        .put(kind="member_year", ref=pl.col("ccode").cast(pl.String))
        .facts("spells", covered("member_years", source_id, 1816, _LAST_DAY.year))
    )


def _spells(file: SourceFile, source_id: str, kind: str) -> Rows:
    rows = read_rows(file, source_id, "ccode", *_FROM, *_TO).integers("ccode", *_FROM, *_TO)
    dated = rows.days(_FROM, _TO).state("ccode", into="sender", on="start")
    return dated.put(
        kind=kind,
        ref=pl.col("ccode").cast(pl.String),
        end=pl.when(pl.col("end") <= _LAST_DAY).then("end"),
    )


DATASET = Dataset(
    title="State system membership and major powers",
    unit="spell of a state; state-year",
    years="1816-2016",
    publisher="Correlates of War Project",
    page="https://correlatesofwar.org/data-sets/state-system-membership/",
    licence="Free for academic use with citation",
    standing=("member_year",),
    citation=Citation("Correlates of War Project (2017). State System Membership List, v2016"),
    releases=(
        Release(
            part="majors",
            version="2016",
            columns=frozenset({"stateabb", "ccode", "version", *_FROM, *_TO}),
            read=read_majors,
            until=2016,
        ),
        Release(
            part="states",
            version="2016",
            columns=frozenset({"stateabb", "ccode", "statenme", "version", *_FROM, *_TO}),
            read=read_states,
            until=2016,
        ),
        Release(
            part="system",
            version="2016",
            columns=frozenset({"stateabb", "ccode", "year", "version"}),
            read=read_system,
            until=2016,
        ),
    ),
)
