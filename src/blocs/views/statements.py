"""Ties as FollowTheMoney statements, for people who work with entity graphs.

One JSON object a line, as ``ftm`` reads them: a state is a ``PublicBody``, a tie
an ``UnknownLink`` between two, a fact it rests on its ``recordId``. The format is
that of FollowTheMoney 4 (https://followthemoney.tech, class ``Statement``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta

import msgspec
import polars as pl

from blocs import actors
from blocs.almanac.tables import facts

_OURS = "blocs"


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One value of one property of one entity, as one data set has it.

    ``id`` is the SHA-1 of "dataset.entity.property.value", as FollowTheMoney makes it.
    """

    canonical_id: str
    entity_id: str
    prop: str
    schema: str
    value: str
    dataset: str
    lang: str | None = None
    original_value: str | None = None
    first_seen: str | None = None
    last_seen: str | None = None
    external: bool = False
    origin: str = _OURS
    id: str


def tie_statements(ties: pl.DataFrame) -> bytes:
    r"""Write ties as statements, a line each.

    Parameters
    ----------
    ties : pl.DataFrame
        Table `schemas.Ties` with ``dataset`` and, if known, ``facts`` (lists of
        fact ids). ``end`` is the first day no longer; FollowTheMoney's is the last.
    """
    ids = sorted({*ties["sender"], *ties["receiver"]})
    lines = [*_states(ids), *(s for row in ties.iter_rows(named=True) for s in _link(row))]
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def _states(ids: Iterable[str]) -> Iterator[Statement]:
    codes = dict(facts("actors").select("actor", "iso2").drop_nulls().iter_rows())
    for actor in ids:
        known = actors.actor(actor)
        living = bool(known.spells) and known.spells[-1].end is None
        told = {"name": [known.name]}
        if living and actor in codes:
            told["country"] = [codes[actor].lower()]
        yield from _entity(f"{_OURS}-{actor}", "PublicBody", told, _OURS)


def _link(row: dict[str, object]) -> Iterator[Statement]:
    sender, receiver, end = row["sender"], row["receiver"], row["end"]
    last = end - timedelta(days=1)  # type: ignore[operator]
    told = {
        "subject": [f"{_OURS}-{sender}"],
        "object": [f"{_OURS}-{receiver}"],
        "role": [str(row["layer"])],
        "startDate": [str(row["start"])],
        "endDate": [str(last)],
        "summary": [] if row["value"] is None else [f"{row['value']} {row['unit']}"],
        "recordId": list(row.get("facts") or ()),  # type: ignore[call-overload]
    }
    name = f"{_OURS}-{row['layer']}-{sender}-{receiver}-{row['start']}"
    yield from _entity(name, "UnknownLink", told, str(row["dataset"]))


def _entity(
    name: str, schema: str, told: dict[str, list[str]], dataset: str
) -> Iterator[Statement]:
    for prop, values in {"id": [name], **told}.items():
        for value in values:
            key = hashlib.sha1(f"{dataset}.{name}.{prop}.{value}".encode()).hexdigest()
            yield Statement(
                canonical_id=name,
                entity_id=name,
                prop=prop,
                schema=schema,
                value=value,
                dataset=dataset,
                id=key,
            )
