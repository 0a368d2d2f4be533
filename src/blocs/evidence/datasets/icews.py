"""ICEWS coded events: who did what to whom in the news, and yearly sums."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from blocs.contracts import Citation, Dataset, Facts, Release
from blocs.evidence.cleaning import covered
from blocs.evidence.rows import read_rows
from blocs.files import SourceFile

_NULLS = ("", "NA")
_COUNTS = {
    "verbcoop": "verbal_cooperation",
    "matlcoop": "material_cooperation",
    "verbconf": "verbal_conflict",
    "matlconf": "material_conflict",
}
_SPELT = {"Congo": "Congo-Brazzaville"}  # beside "Democratic Republic of Congo"


def read_events(file: SourceFile, source_id: str) -> Facts:
    """Read an event file: one row per coded event, kind ``icews``.

    The type is the CAMEO code as text ("040"), the value its intensity from -10
    to 10. An actor without a country stays null; a row without any is refused.
    Sender and receiver are the same in events at home.
    """
    rows = read_rows(
        file,
        source_id,
        "event id",
        "event date",
        "source country",
        "target country",
        "cameo code",
        "intensity",
        nulls=_NULLS,
        quotes=False,
    )
    spelt = rows.put(**{c: pl.col(c).replace(_SPELT) for c in ("source country", "target country")})
    return (
        spelt.dates("event date")
        .numbers("intensity")
        .put(start=pl.col("event date"))
        .require(pl.col("start").is_not_null(), rule="date is known", column="event date")
        .state("source country", into="sender", system="name", on="start", needed=False)
        .state("target country", into="receiver", system="name", on="start", needed=False)
        .require(
            pl.col("sender").is_not_null() | pl.col("receiver").is_not_null(),
            rule="a country is named",
            column="source country",
        )
        .put(
            kind="icews",
            type=pl.col("cameo code"),
            end=pl.col("start").dt.offset_by("1d"),
            value=pl.col("intensity"),
            unit="intensity -10 to 10",
            ref=pl.col("event id"),
        )
        .facts("events")
    )


def read_sums(file: SourceFile, source_id: str) -> Facts:
    """Read directed dyad-years: the number of events of four kinds, as flows.

    Zeros are left out: the coverage says for each state that absence is zero.
    """
    rows = read_rows(file, source_id, "i_iso3c", "j_iso3c", "year", *_COUNTS, nulls=_NULLS)
    pairs = rows.integers("year", *_COUNTS).years("year").dyad("i_iso3c", "j_iso3c", system="iso3")
    index = ["row", "sender", "receiver", "start", "end"]
    long = pairs.frame.unpivot(
        list(_COUNTS), index=index, variable_name="count", value_name="number"
    ).sort("row", "count")
    told = pl.concat([pairs.frame["sender"], pairs.frame["receiver"]]).unique().sort()
    span = covered("event_sums", source_id, 2002, 2014)
    states = pl.DataFrame({"actor": told}).join(span.drop("actor"), how="cross")
    return (
        replace(pairs, frame=long)
        .keep(pl.col("number") > 0)
        .put(
            kind=pl.col("count").replace_strict(_COUNTS),
            part=pl.col("count"),
            value=pl.col("number").cast(pl.Float64),
            unit="events",
        )
        .facts("flows", states.select(span.columns))
    )


DATASET = Dataset(
    title="ICEWS coded event data",
    unit="event; directed dyad-year",
    years="1995-2020 (sums 2002-2014)",
    publisher="Lockheed Martin, Harvard Dataverse",
    page="https://doi.org/10.7910/DVN/28075",
    licence="Terms of the Dataverse deposit",
    citation=Citation(
        "Boschee, E., Lautenschlager, J., O'Brien, S., Shellman, S., Starz, J., Ward, M. (2015). "
        "ICEWS Coded Event Data. Harvard Dataverse",
        "10.7910/DVN/28075",
    ),
    releases=(
        Release(
            part="events",
            version="dataverse",
            columns=frozenset({"event id", "event date", "source country", "cameo code"}),
            read=read_events,
            until=2020,
        ),
        Release(
            part="sums",
            version="2014",
            columns=frozenset({"i_iso3c", "j_iso3c", "year", *_COUNTS}),
            read=read_sums,
            until=2014,
        ),
    ),
)
