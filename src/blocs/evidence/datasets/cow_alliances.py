"""Formal alliances of the Correlates of War (Gibler)."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Dataset, Download, Facts, Release
from blocs.evidence.cleaning import covered, listed_years
from blocs.evidence.rows import Rows, read_rows
from blocs.files import SourceFile

_TYPES = {
    "defense": "defence",
    "neutrality": "neutrality",
    "nonaggression": "nonaggression",
    "entente": "consultation",
}
_DYAD_FROM = ("dyad_st_year", "dyad_st_month", "dyad_st_day")
_DYAD_TO = ("dyad_end_year", "dyad_end_month", "dyad_end_day")
_MEMBER_FROM = ("mem_st_year", "mem_st_month", "mem_st_day")
_MEMBER_TO = ("mem_end_year", "mem_end_month", "mem_end_day")


def read_dyads(file: SourceFile, source_id: str) -> Facts:
    """Read the dyad file: one row per alliance and pair, the same both ways.

    Gives one spell each way per obligation; the entente is a duty to consult.
    An empty obligation is not known and gives no spell. An empty end is "in
    force at the end of 2012" and stays open.
    """
    rows = _dyads(file, source_id).put(way="1")
    back = rows.frame.with_columns(sender="receiver", receiver="sender", way=pl.lit("2"))
    both = Rows(pl.concat([rows.frame, back]), source_id, file.name, rows.rejects)
    return _by_type(both).facts("spells", covered("alliances", source_id, 1816, 2012))


def read_directed(file: SourceFile, source_id: str) -> Facts:
    """Read the directed file: one row per alliance and ordered pair."""
    rows = _dyads(file, source_id).put(way="1")
    return _by_type(rows).facts("spells", covered("alliances", source_id, 1816, 2012))


def read_yearly(file: SourceFile, source_id: str) -> Facts:
    """Read dyad-years: one row per alliance, pair and year, kind ``alliance_year``."""
    named = read_rows(file, source_id, "version4id", "ccode1", "ccode2", "year", *_TYPES)
    rows = named.integers("ccode1", "ccode2", "year", *_TYPES).years("year")
    pairs = rows.dyad("ccode1", "ccode2").put(way="1")
    listed = listed_years(pairs.frame["year"], "alliance_years", source_id)
    return _by_type(pairs, "alliance_year").facts("spells", *listed)


def read_members(file: SourceFile, source_id: str) -> Facts:
    """Read the member file: who was in which alliance, kind ``alliance_member``."""
    named = read_rows(file, source_id, "version4id", "ccode", *_MEMBER_FROM, *_MEMBER_TO, *_TYPES)
    rows = named.integers("ccode", *_MEMBER_FROM, *_MEMBER_TO, *_TYPES)
    members = rows.days(_MEMBER_FROM, _MEMBER_TO).state("ccode", into="sender", on="start")
    return _by_type(members.put(way="1"), "alliance_member").facts("spells")


def read_member_years(file: SourceFile, source_id: str) -> Facts:
    """Read member-years, kind ``alliance_member_year``."""
    named = read_rows(file, source_id, "version4id", "ccode", "year", *_TYPES)
    rows = named.integers("ccode", "year", *_TYPES).years("year")
    members = rows.state("ccode", into="sender", on="start").put(way="1")
    return _by_type(members, "alliance_member_year").facts("spells")


def _dyads(file: SourceFile, source_id: str) -> Rows:
    columns = ("version4id", "ccode1", "ccode2", *_DYAD_FROM, *_DYAD_TO, *_TYPES)
    numbered = read_rows(file, source_id, *columns).integers(*columns[1:])
    return numbered.days(_DYAD_FROM, _DYAD_TO).dyad("ccode1", "ccode2")


def _by_type(rows: Rows, kind: str = "alliance") -> Rows:
    for column in _TYPES:
        rows = rows.require(
            pl.col(column).is_null() | pl.col(column).is_in([0, 1]),
            rule="obligation is 0 or 1",
            column=column,
        )
    index = [c for c in rows.frame.columns if c not in _TYPES]
    long = rows.frame.unpivot(
        list(_TYPES), index=index, variable_name="type", value_name="held"
    ).sort("row", "way", "type")
    held = Rows(long, rows.source_id, rows.file, rows.rejects).keep(pl.col("held") == 1)
    return held.put(type=pl.col("type").replace_strict(_TYPES)).put(
        kind=kind, ref=pl.col("version4id"), part=pl.format("{}/{}", "way", "type")
    )


DATASET = Dataset(
    title="Correlates of War formal alliances",
    unit="alliance x dyad; alliance x member",
    years="1816-2012",
    publisher="Correlates of War Project",
    page="https://correlatesofwar.org/data-sets/formal-alliances/",
    licence="Free for academic use with citation",
    standing=("alliance_year",),
    citation=Citation(
        "Gibler, D. M. (2009). International Military Alliances, 1648-2008. CQ Press"
    ),
    releases=(
        Release(
            part="dyads",
            version="4.1",
            columns=frozenset({"version4id", "ccode1", "ccode2", "asymmetric", *_DYAD_FROM}),
            read=read_dyads,
            until=2012,
        ),
        Release(
            part="dyads",
            version="4.1-directed",
            columns=frozenset({"version4id", "ccode1", "ccode2", *_DYAD_FROM}),
            read=read_directed,
            until=2012,
        ),
        Release(
            part="dyad-years",
            version="4.1",
            columns=frozenset(
                {"version4id", "ccode1", "ccode2", "year", "asymmetric", *_DYAD_FROM}
            ),
            read=read_yearly,
            until=2012,
        ),
        Release(
            part="members",
            version="4.1",
            columns=frozenset({"version4id", "ccode", "ss_type", *_MEMBER_FROM}),
            read=read_members,
            until=2012,
        ),
        Release(
            part="member-years",
            version="4.1",
            columns=frozenset({"version4id", "ccode", "ss_type", "year", *_MEMBER_FROM}),
            read=read_member_years,
            until=2012,
        ),
    ),
    downloads=(
        Download(
            url="https://correlatesofwar.org/wp-content/uploads/version4.1_csv.zip",
            file="version4.1_csv.zip",
        ),
    ),
    lights=("alliances",),
)
