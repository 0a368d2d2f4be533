"""Alliance Treaty Obligations and Provisions: who promised what to whom."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Dataset, Download, Facts, Release
from blocs.evidence.cleaning import covered, listed_years
from blocs.evidence.rows import Rows, read_rows
from blocs.files import SourceFile

_TYPES = {
    "defense": "defence",
    "offense": "offence",
    "neutral": "neutrality",
    "nonagg": "nonaggression",
    "consul": "consultation",
}
_DYADIC = {f"atop_{old}": new for old, new in _TYPES.items()}
_FROM = ("yrent", "moent", "dayent")
_TO = ("yrexit", "moexit", "dayexit")


def read_members(file: SourceFile, source_id: str) -> Facts:
    """Read the member-level file: one row per member and phase of an alliance.

    Gives one spell per directed dyad of members, phase and obligation: the
    sender's own obligations, while both are members of the same phase. A year
    of exit 0 is "in force at the end of the coverage" and leaves the end open.
    The coverage ends with the last year in which a member came or went.
    """
    rows = _members(read_rows(file, source_id, "atopid", "member", "phase", *_FROM, *_TO, *_TYPES))
    coverage = [covered("alliances", source_id, 1815, year) for year in _last_year(rows)]
    return _dyads(rows).facts("spells", *coverage)


def _last_year(rows: Rows) -> list[int]:
    years = rows.frame.select(pl.max_horizontal(_FROM[0], _TO[0]).max()).to_series()
    return years.drop_nulls().to_list()


def read_alliances(file: SourceFile, source_id: str) -> Facts:
    """Read the alliance-level file: one row per alliance, members in mem1, mem2, ...

    It does not say when a member entered or left, so every pair of members has
    the treaty's obligations from its first day to its last (kind
    ``alliance_treaty``): the member-level file tells more.
    """
    listed = [c.lower() for c in file.columns if c.lower().startswith("mem")]
    begin, end = ("begyr", "begmo", "begday"), ("endyr", "endmo", "endday")
    rows = read_rows(file, source_id, "atopid", *begin, *end, *_TYPES, *listed)
    rows = _open_ended(rows.integers(*begin, *end, *_TYPES), *end).days(begin, end)
    index = [c for c in rows.frame.columns if c not in listed]
    long = rows.frame.unpivot(listed, index=index, variable_name="place", value_name="member")
    members = (
        Rows(long, source_id, file.name, rows.rejects)
        .keep(pl.col("member").is_not_null() & (pl.col("member") != "0"))
        .put(phase="0")
        .state("member", into="actor", on="start")
        .keep(pl.struct("row", "actor").is_first_distinct())
    )
    return _dyads(members, kind="alliance_treaty").facts("spells")


def read_dyads(file: SourceFile, source_id: str) -> Facts:
    """Read the directed dyad-years of version 5 as the R package names its columns.

    They reach two years further than the member-level file and say what each of two
    owes the other, but do not name the treaty; kind ``alliance_year``.
    """
    return _yearly(file, source_id, ("ccode1", "ccode2"), _DYADIC)


def read_published_dyads(file: SourceFile, source_id: str) -> Facts:
    """Read ``atop5_1ddyr.csv``, the directed dyad-years as the publisher names them."""
    return _yearly(file, source_id, ("statea", "stateb"), _TYPES)


def _yearly(
    file: SourceFile, source_id: str, ends: tuple[str, str], types: dict[str, str]
) -> Facts:
    rows = (
        read_rows(file, source_id, *ends, "year", *types)
        .integers(*ends, "year", *types)
        .years("year")
        .dyad(*ends)
        .put(kind="alliance_year")
    )
    listed = listed_years(rows.frame["year"], "alliance_years", source_id)
    return _by_type(rows, types).facts("spells", *listed)


def _members(rows: Rows) -> Rows:
    numbered = rows.integers("member", *_FROM, *_TO, *_TYPES)
    return _open_ended(numbered, *_TO).days(_FROM, _TO).state("member", into="actor", on="start")


def _open_ended(rows: Rows, year: str, month: str, day: str) -> Rows:
    """Make the years, months and days that are 0 null: not ended, or not known."""
    return rows.put(**{c: pl.when(pl.col(c) != 0).then(pl.col(c)) for c in (year, month, day)})


def _dyads(members: Rows, *, kind: str = "alliance") -> Rows:
    own = members.frame.select(
        "atopid", "phase", "row", *_TYPES, sender="actor", first="start", last="end"
    )
    other = members.frame.select("atopid", "phase", "start", "end", receiver="actor", partner="row")
    pairs = (
        own.join(other, on=["atopid", "phase"])
        .filter(pl.col("sender") != pl.col("receiver"))
        .with_columns(
            start=pl.max_horizontal("first", "start"), end=pl.min_horizontal("last", "end")
        )
        .filter(pl.col("end").is_null() | (pl.col("start") < pl.col("end")))
        .sort("row", "partner", "sender", "receiver")
    )
    rows = Rows(pairs, members.source_id, members.file, members.rejects)
    told = rows.put(kind=kind, partner=pl.format("{}/{}-{}", "partner", "sender", "receiver"))
    return _by_type(told.put(ref=pl.col("atopid")), _TYPES)


def _by_type(rows: Rows, types: dict[str, str]) -> Rows:
    coded = rows
    for column in types:
        coded = coded.require(
            pl.col(column).is_in([0, 1]), rule="obligation is 0 or 1", column=column
        )
    index = [c for c in coded.frame.columns if c not in types]
    long = coded.frame.unpivot(list(types), index=index, variable_name="type", value_name="held")
    part = [pl.col("partner")] if "partner" in index else []
    return (
        Rows(long, coded.source_id, coded.file, coded.rejects)
        .keep(pl.col("held") == 1)
        .put(
            type=pl.col("type").replace_strict(types),
            part=pl.concat_str(*part, pl.col("type").replace_strict(types), separator="/"),
        )
    )


DATASET = Dataset(
    title="Alliance Treaty Obligations and Provisions (ATOP)",
    unit="alliance member x phase; directed dyad-year",
    years="1815-2018",
    publisher="ATOP Project, Rice University",
    page="http://www.atopdata.org",
    licence="Free with citation",
    standing=("alliance_treaty", "alliance_year"),
    citation=Citation(
        "Leeds, B. A., Ritter, J. M., Mitchell, S. M., Long, A. G. (2002). Alliance Treaty "
        "Obligations and Provisions, 1815-1944. International Interactions 28(3): 237-260",
        "10.1080/03050620213653",
    ),
    releases=(
        Release(
            part="treaties",
            version="4.01",
            columns=frozenset({"atopid", "begyr", "endyr", "mem1", *_TYPES}),
            read=read_alliances,
            until=2016,
        ),
        Release(
            part="members",
            version="4.01",
            columns=frozenset({"atopid", "member", "phase", *_FROM, *_TO, *_TYPES}),
            read=read_members,
            until=2016,
        ),
        Release(
            part="dyads",
            version="5",
            columns=frozenset({"ccode1", "ccode2", "year", *_DYADIC}),
            read=read_dyads,
            until=2018,
        ),
        Release(
            part="dyads",
            version="5.1",
            columns=frozenset({"statea", "stateb", "year", *_TYPES}),
            read=read_published_dyads,
            until=2018,
        ),
    ),
    downloads=(
        Download(
            url="https://www.atopdata.org/uploads/6/9/1/3/69134503/atop_5.1__.csv_.zip",
            file="atop_5.1__.csv_.zip",
        ),
    ),
    lights=("alliances",),
)
