"""Militarized Interstate Disputes of the Correlates of War: who threatened or fought whom."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Dataset, Facts, Release
from blocs.evidence.cleaning import covered
from blocs.evidence.rows import Rows, read_rows
from blocs.files import SourceFile

_LEVELS = {1: "none", 2: "threat", 3: "display", 4: "use", 5: "war"}
_UNIT = "hostility 1-5"
_BEGUN = ("strtyr", "strtmnth", "strtday")
_ENDED = ("endyear", "endmnth", "endday")
_FROM = ("styear", "stmon", "stday")
_TO = ("endyear", "endmon", "endday")


def read_dyadic(file: SourceFile, source_id: str) -> Facts:
    """Read the dyadic file 4.02: one row per dispute, directed dyad and year.

    Gives one event per row: the part of the dispute that lies in that year. Its
    value is the sender's highest hostility. Rows of a year after the dispute's
    own end contradict themselves and are refused.
    """
    rows = (
        read_rows(file, source_id, "disno", "statea", "stateb", "year", "hihosta", *_BEGUN, *_ENDED)
        .integers("statea", "stateb", "year", "hihosta", *_BEGUN, *_ENDED)
        .days(_BEGUN, _ENDED)
        .require(
            pl.col("year").is_between(_BEGUN[0], _ENDED[0]),
            rule="year is within the dispute",
            column="year",
        )
        .put(
            start=pl.max_horizontal("start", pl.date("year", 1, 1)),
            end=pl.min_horizontal("end", pl.date(pl.col("year") + 1, 1, 1)),
        )
        .dyad("statea", "stateb")
        .put(ref=pl.col("disno"))
    )
    return _hostile(rows, "hihosta", "dispute", covered("disputes", source_id, 1816, 2014))


def read_directed(file: SourceFile, source_id: str) -> Facts:
    """Read directed dispute-dyad-years of version 5: days are not told, whole years are given."""
    rows = (
        read_rows(file, source_id, "dispnum", "ccode1", "ccode2", "year", "hostlev1")
        .integers("ccode1", "ccode2", "year", "hostlev1")
        .years("year")
        .dyad("ccode1", "ccode2")
        .put(ref=pl.col("dispnum"))
    )
    return _hostile(rows, "hostlev1", "dispute", covered("disputes", source_id, 1816, 2014))


def read_disputes(file: SourceFile, source_id: str) -> Facts:
    """Read MIDA: one row per dispute, without its states; the sender stays null."""
    rows = read_rows(file, source_id)
    number = "dispnum4" if "dispnum4" in rows.frame.columns else "dispnum"
    earlier = pl.col("dispnum3") if "dispnum3" in rows.frame.columns else pl.lit(None)
    columns = [c for c in (*_FROM, *_TO) if c in rows.frame.columns]
    ended = _TO if _TO[0] in columns else (_FROM[0], _FROM[1], None)
    begun = _FROM if _FROM[2] in columns else (_FROM[0], _FROM[1], None)
    dated = (
        rows.integers("hostlev", *columns)
        .days(begun, ended)
        .put(ref=pl.coalesce(number, earlier), sender=pl.lit(None, dtype=pl.String))
    )
    told = dated if ended == _TO else dated.put(end=pl.lit(None, dtype=pl.Date))
    return _hostile(told, "hostlev", "dispute_whole")


def read_participants(file: SourceFile, source_id: str) -> Facts:
    """Read MIDB: one row per dispute and state that took part; the receiver stays null."""
    rows = read_rows(file, source_id)
    earlier = pl.col("dispnum3" if "dispnum3" in rows.frame.columns else "dispnum")
    dated = (
        rows.integers("ccode", "hostlev", *_FROM, *_TO)
        .days(_FROM, _TO)
        .state("ccode", into="sender", on="start")
        .put(ref=pl.coalesce("dispnum4", earlier))
    )
    return _hostile(dated, "hostlev", "dispute_part")


def read_places(file: SourceFile, source_id: str) -> Facts:
    """Read MIDLOC: where a dispute began; kind ``dispute_place``, the type is the place."""
    return (
        read_rows(file, source_id, "year", "dispnum", "midloc2_location")
        .integers("year")
        .years("year")
        .put(
            kind="dispute_place",
            type=pl.col("midloc2_location"),
            ref=pl.col("dispnum"),
            sender=pl.lit(None, dtype=pl.String),
        )
        .facts("events")
    )


def _hostile(rows: Rows, level: str, kind: str, *coverage: pl.DataFrame) -> Facts:
    known = pl.col(level).is_null() | pl.col(level).is_in(list(_LEVELS))
    return (
        rows.require(known, rule="hostility is 1 to 5", column=level)
        .put(
            kind=kind,
            type=pl.col(level).replace_strict(_LEVELS, default=None, return_dtype=pl.String),
            value=pl.col(level).cast(pl.Float64),
            unit=_UNIT,
        )
        .facts("events", *coverage)
    )


DATASET = Dataset(
    title="Militarized Interstate Disputes (MID)",
    unit="dispute x directed dyad x year; dispute; dispute x participant",
    years="1816-2014",
    publisher="Correlates of War Project",
    page="https://correlatesofwar.org/data-sets/mids/",
    licence="Free for academic use with citation",
    standing=("dispute_whole", "dispute_part", "dispute_place"),
    citation=Citation(
        "Palmer, G., McManus, R. W., D'Orazio, V., Kenwick, M. R., Karstens, M., Bloch, C., "
        "Dietrich, N., Kahn, K., Ritter, K., Soules, M. J. (2022). The MID5 Dataset, 2011-2014: "
        "Procedures, Coding Rules, and Description. Conflict Management and Peace Science 39(4)",
        "10.1177/0738894221995743",
    ),
    releases=(
        Release(
            part="dyads",
            version="4.02",
            columns=frozenset({"disno", "statea", "stateb", "year", "hihosta", *_BEGUN, *_ENDED}),
            read=read_dyadic,
            until=2014,
        ),
        Release(
            part="dyads",
            version="5.0",
            columns=frozenset({"dispnum", "ccode1", "ccode2", "year", "dispongoing", "hostlev1"}),
            read=read_directed,
            until=2014,
        ),
        Release(
            part="disputes",
            version="4.01",
            columns=frozenset(
                {"dispnum3", "dispnum4", "outcome", "hostlev", "numa", "ongo2010", *_FROM, *_TO}
            ),
            read=read_disputes,
            until=2010,
        ),
        Release(
            part="disputes",
            version="5.0",
            columns=frozenset({"dispnum", "styear", "stmon", "outcome", "hostlev", "recip"}),
            read=read_disputes,
            until=2014,
        ),
        Release(
            part="participants",
            version="4.01",
            columns=frozenset(
                {"dispnum3", "dispnum4", "stabb", "ccode", "fatapre", "hostlev", *_FROM, *_TO}
            ),
            read=read_participants,
            until=2010,
        ),
        Release(
            part="places",
            version="2.1",
            columns=frozenset({"dispnum", "year", "midloc2_location"}),
            read=read_places,
            until=2010,
        ),
    ),
    lights=("disputes",),
)
