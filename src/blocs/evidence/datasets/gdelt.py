"""GDELT event files, versions 1.0 and 2.0, and the mentions of version 2.0."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Dataset, Facts, Release
from blocs.evidence.rows import read_rows
from blocs.files import SourceFile

_WIDTH_1, _WIDTH_2, _WIDTH_MENTIONS = 58, 61, 16
_EVENT = {0: "id", 1: "day", 7: "actor1", 17: "actor2", 26: "cameo", 30: "goldstein"}
_MENTION = {0: "id", 1: "day", 2: "told", 3: "kind_of_source", 4: "outlet", 11: "confidence"}


def read_events(file: SourceFile, source_id: str) -> Facts:
    """Read an export file: no header, one row per event, kind ``gdelt``.

    The type is the CAMEO code as text, the value the Goldstein score. The
    country of an actor is its CAMEO code; an actor without one stays null, a
    code of a region ("EUR", "AFR") is refused, and so is a row without any
    country. The day may lie years before the file's own date.
    """
    width = len(file.columns)
    names = [_EVENT.get(i, f"column_{i}") for i in range(width)]
    rows = read_rows(file, source_id, *_EVENT.values(), nulls=("",), names=names, quotes=False)
    return (
        rows.require(
            pl.col("day").str.len_chars() == len("YYYYMMDD"), rule="day is YYYYMMDD", column="day"
        )
        .dates("day", form="%Y%m%d")
        .numbers("goldstein")
        .put(start=pl.col("day"))
        .require(
            pl.col("actor1").is_not_null() | pl.col("actor2").is_not_null(),
            rule="a country is named",
            column="id",
        )
        .state("actor1", into="sender", system="cameo", on="start", needed=False)
        .state("actor2", into="receiver", system="cameo", on="start", needed=False)
        .put(
            kind="gdelt",
            type=pl.col("cameo"),
            end=pl.col("start").dt.offset_by("1d"),
            value=pl.col("goldstein"),
            unit="Goldstein -10 to 10",
            ref=pl.col("id"),
        )
        .facts("events")
    )


def read_mentions(file: SourceFile, source_id: str) -> Facts:
    """Read a mentions file: one row per event and article, kind ``gdelt_mention``.

    It names no states; the type is the outlet, the value the confidence in per
    cent, and the reference leads to the event.
    """
    names = [_MENTION.get(i, f"column_{i}") for i in range(len(file.columns))]
    rows = read_rows(file, source_id, *_MENTION.values(), nulls=("",), names=names, quotes=False)
    return (
        rows.put(start=pl.col("told").str.slice(0, 8))
        .dates("start", form="%Y%m%d")
        .numbers("confidence")
        .put(
            kind="gdelt_mention",
            type=pl.col("outlet"),
            sender=pl.lit(None, dtype=pl.String),
            value=pl.col("confidence"),
            unit="per cent",
            ref=pl.col("id"),
        )
        .facts("events")
    )


def _has(file: SourceFile, width: int) -> bool:
    cells = file.columns
    return (
        file.separator == "\t"
        and len(cells) == width
        and cells[0].isdigit()
        and cells[1][:8].isdigit()
        and len(cells[1]) in {8, 14}
    )


DATASET = Dataset(
    title="GDELT event database",
    unit="event; mention of an event",
    years="1979-",
    publisher="The GDELT Project",
    page="https://www.gdeltproject.org/data.html",
    licence="Free for any use with attribution",
    citation=Citation(
        "Leetaru, K., Schrodt, P. A. (2013). GDELT: Global Data on Events, Location, and Tone, "
        "1979-2012. ISA Annual Convention"
    ),
    releases=(
        Release(
            part="events",
            version="1.0",
            columns=frozenset(),
            shape=lambda file: _has(file, _WIDTH_1),
            read=read_events,
            until=2100,
        ),
        Release(
            part="events",
            version="2.0",
            columns=frozenset(),
            shape=lambda file: _has(file, _WIDTH_2),
            read=read_events,
            until=2100,
        ),
        Release(
            part="mentions",
            version="2.0",
            columns=frozenset(),
            shape=lambda file: _has(file, _WIDTH_MENTIONS),
            read=read_mentions,
            until=2100,
        ),
    ),
)
