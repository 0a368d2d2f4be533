"""Texts of Parquet files by number, which DuckDB looks up once an entry of a dictionary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from blocs.ties.event_sums.forms import EventForm
from blocs.ties.event_sums.jobs import Job, Listed
from blocs.ties.event_sums.sql import listed, named
from blocs.ties.event_sums.sums import MISSING, count_pairs, shortened

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

_ROLES = ("sender", "receiver", "code")
_MOST = 1000  # texts of a kind; each is sought in a list from its start


@dataclass(frozen=True, slots=True)
class Numbered:
    """Parquet files with a number in place of each sender, receiver and code.

    Attributes
    ----------
    rows : DuckDBPyRelation
        Their rows.
    form : EventForm
        Their form, the three roles of kind listed.
    listed : Listed
        What the numbers mean.
    pairs : pl.DataFrame
        As `count_pairs` returns them, by text.
    """

    rows: DuckDBPyRelation
    form: EventForm
    listed: Listed
    pairs: pl.DataFrame


def numbered(connection: DuckDBPyConnection, job: Job, source: str) -> Numbered | None:
    """Number the texts of Parquet files if dictionaries hold them and they are few; else None.

    Numbers are grouped in half the time of texts. Without a dictionary each row would be looked
    up by itself, which is dearer than that.
    """
    import narwhals as nw

    form = job.form
    columns = {role: form.column(role) for role in _ROLES}
    if not _by_dictionary(connection, job, columns.values()):
        return None
    rows = nw.from_native(connection.sql(f"SELECT * FROM {source}"))
    code = named(columns["code"])
    few = f"SELECT DISTINCT {code} AS code FROM {source} LIMIT {_MOST + 2}"
    codes = pl.DataFrame(connection.sql(few))["code"]
    found = count_pairs(rows, form, by_file=job.several).to_native()
    pairs = pl.DataFrame(found.limit(_MOST**2))
    codes, states = codes.drop_nulls().sort(), _states(pairs)
    if max(len(states), len(codes)) > _MOST or pairs.height == _MOST**2:
        return None
    if "\0" in "".join([*states, *codes]):  # which SQL cannot write
        return None
    short = shortened(codes, job.by)
    kinds = short.unique().sort()
    told = {side: f"list_position({listed(states)}, {named(columns[side])})" for side in _ROLES[:2]}
    told["code"] = f"list_extract({_places(short, kinds)}, list_position({listed(codes)}, {code}))"
    numbers = ", ".join(f"{told[role]} AS {named(columns[role])}" for role in _ROLES)
    kept = tuple(pair for pair in form.kinds if pair[0] not in _ROLES)
    return Numbered(
        rows=connection.sql(f"SELECT * REPLACE ({numbers}) FROM {source}"),
        form=replace(form, kinds=(*kept, *((role, "listed") for role in _ROLES))),
        listed=Listed(states=states, codes=kinds),
        pairs=pairs,
    )


def _by_dictionary(connection: DuckDBPyConnection, job: Job, columns: Iterable[str]) -> bool:
    (found,) = connection.execute(
        "SELECT bool_and(contains(encodings, 'DICTIONARY')) "
        f"FROM parquet_metadata({listed(job.paths)}) "
        f"WHERE list_contains({listed(columns)}, path_in_schema)"
    ).fetchall()
    return bool(found[0])


def _states(pairs: pl.DataFrame) -> pl.Series:
    """List the texts of both sides, the spellings of none first."""
    texts = pl.concat([pairs["sender"], pairs["receiver"].rename("sender")]).drop_nulls().unique()
    told = texts.filter(~texts.is_in(MISSING)).sort()
    return pl.concat([pl.Series("sender", MISSING), told])


def _places(texts: pl.Series, kinds: pl.Series) -> str:
    place = {text: number for number, text in enumerate(kinds, start=1)}
    return f"[{', '.join(str(place[text]) for text in texts)}]::INTEGER[]"
