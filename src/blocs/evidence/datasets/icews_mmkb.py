"""ICEWS events in words: the parts of 2014 and of 2005-2015 that MMKB drew for its tests."""

from __future__ import annotations

import re
from functools import partial

import polars as pl

from blocs.contracts import Dataset, Facts, Release
from blocs.evidence.quadruples import MMKB
from blocs.evidence.rows import read_rows
from blocs.files import SourceFile, decode, read_head

_COLUMNS = ("subject", "relation", "object", "day")
_ROW = re.compile(r"[^\t]+\t[^\t_]+\t[^\t]+\t(\d{4})-\d\d-\d\d")


def read(file: SourceFile, source_id: str) -> Facts:
    """Read events of actors by name: subject, relation, object, day; no header.

    An actor whose name is a state or ends in one, "Ministry (Afghanistan)",
    becomes that state, another stays null; the reference keeps both names. The
    rows are a part drawn by lot of the events of their years, so that an event
    that is not there may have happened: nothing is covered.
    """
    rows = read_rows(file, source_id, *_COLUMNS, names=_COLUMNS, nulls=("",), quotes=False)
    named = rows.dates("day")
    for column in _COLUMNS[:3]:
        named = named.require(pl.col(column).is_not_null(), rule="name is there", column=column)
    return (
        named.home("subject", into="sender")
        .home("object", into="receiver")
        .put(
            kind="icews_mmkb",
            type=pl.col("relation"),
            start=pl.col("day"),
            end=pl.col("day").dt.offset_by("1d"),
            ref=pl.format("{} > {}", "subject", "object"),
        )
        .facts("events")
    )


def _is(file: SourceFile, *, one_year: bool) -> bool:
    """Tell by the first lines: words and a day; the smaller part is of 2014 alone."""
    lines = decode(read_head(file.path)).splitlines()[:200]
    years = [found[1] for found in map(_ROW.fullmatch, lines) if found]
    return 2 * len(years) > len(lines) > 0 and (set(years) == {"2014"}) == one_year


DATASET = Dataset(
    title="ICEWS events in words (MMKB)",
    unit="event (subject, relation, object, day)",
    years="2005-2015",
    publisher="A. Garcia-Duran and others, MMKB",
    page="https://github.com/mniepert/mmkb",
    licence="As the ICEWS deposit",
    citation=MMKB,
    releases=(
        Release(
            version="2014",
            columns=frozenset(),
            shape=partial(_is, one_year=True),
            read=read,
            until=2014,
        ),
        Release(
            version="2005-2015",
            columns=frozenset(),
            shape=partial(_is, one_year=False),
            read=read,
            until=2015,
        ),
    ),
)
