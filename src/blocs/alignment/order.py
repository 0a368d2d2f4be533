"""Ties to the existing order: how far each state is woven into it, year by year.

The order is what the reference power and its allies stand for: organisations shared
with them, trade with them, votes with them, and freedom from their sanctions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.alignment.vote_sums import VoteSums

MEASURES = {
    "organisations": "organisations it is a full member of",
    "organisations_shared": "organisations shared with the reference power, in full membership",
    "trade_reference": "share of its trade with the reference power",
    "trade_allies": "share of its trade with the reference power and its allies",
    "votes": "mean residual likeness on votes with the reference power and its allies",
    "sanctioned_by": "states of the reference's side that had sanctions on it",
    "sanction_kinds": "kinds of sanction by the reference's side in force on it, of six",
}
COUNTED = {
    "organisations": "organisations",
    "organisations_shared": "organisations",
    "trade_reference": "flows known",
    "trade_allies": "flows known",
    "votes": "roll calls",
    "sanctioned_by": "states that might",
    "sanction_kinds": "states that might",
}
"""What the n of a measure counts."""
HIGHER_IS_CLOSER = {
    "organisations": True,
    "organisations_shared": True,
    "trade_reference": True,
    "trade_allies": True,
    "votes": True,
    "sanctioned_by": False,
    "sanction_kinds": False,
}

_TABLE: Final = {"actor": pl.String, "year": pl.Int64, "value": pl.Float64, "n": pl.Int64}


@dataclass(frozen=True, slots=True)
class OrderTie:
    """One measure of one state in one year.

    Attributes
    ----------
    year : int
    value : float
    n : int
        What the value rests on, in `COUNTED` units: organisations counted; flows of the state's
        trade that are known; roll calls in common with the state of the side it has most with;
        states of the side, itself left out.
    percentile : float
        Share of the states measured that year that are less woven in, ties counted
        half, in [0, 1]; sanctions count the other way round.
    states : int
        States measured that year.
    """

    year: int
    value: float
    n: int
    percentile: float
    states: int


def order_ties(tables: Mapping[str, pl.DataFrame], actor: str) -> dict[str, tuple[OrderTie, ...]]:
    """Read one state's ties to the order off tables of all states.

    Parameters
    ----------
    tables : mapping of str to pl.DataFrame
        Measure to ``actor, year, value, n``: every state known that year.
    actor : str

    Returns
    -------
    dict of str to tuple of OrderTie
        Empty where the state is not covered: a year that is not there is not known.
    """
    out = {}
    for name, table in tables.items():
        sign = 1.0 if HIGHER_IS_CLOSER[name] else -1.0
        ranked = table.filter(pl.col("value").is_not_null()).with_columns(
            low=(sign * pl.col("value")).rank("min").over("year"),
            high=(sign * pl.col("value")).rank("max").over("year"),
            states=pl.len().over("year"),
        )
        mine = ranked.filter(pl.col("actor") == actor).sort("year")
        share = (pl.col("low") - 1 + (pl.col("high") - pl.col("low") + 1) / 2) / pl.col("states")
        rows = mine.select("year", "value", "n", share.alias("percentile"), "states")
        out[name] = tuple(OrderTie(*row) for row in rows.iter_rows())
    return out


def organisations(attributes: pl.DataFrame) -> pl.DataFrame:
    """Full memberships of every state and year, as ``actor, year, value, n``."""
    return (
        attributes.filter(pl.col("kind") == "sum_igo_full")
        .select("actor", year=pl.col("start").dt.year().cast(pl.Int64), value="value")
        .unique(["actor", "year"], keep="first", maintain_order=True)
        .with_columns(n=pl.col("value").cast(pl.Int64))
        .sort("year", "actor")
    )


def organisations_shared(spells: pl.DataFrame, reference: str) -> pl.DataFrame:
    """Organisations each state shares with the reference, as ``actor, year, value, n``."""
    rows = spells.filter(
        (pl.col("kind") == "igo_shared")
        & ((pl.col("sender") == reference) | (pl.col("receiver") == reference))
    )
    other = pl.when(pl.col("sender") == reference).then("receiver").otherwise("sender")
    return (
        rows.select(actor=other, year=pl.col("start").dt.year().cast(pl.Int64), value="value")
        .unique(["actor", "year"], keep="first", maintain_order=True)
        .with_columns(n=pl.col("value").cast(pl.Int64))
        .sort("year", "actor")
    )


def trade_shares(
    flows: pl.DataFrame, sides: Mapping[int, Sequence[str]], *, reference: str
) -> pl.DataFrame:
    """Share of each state's trade that is with a side, as ``actor, year, value, n``.

    Parameters
    ----------
    flows : pl.DataFrame
        Table `schemas.Flows`; kind ``trade``; null = not known.
    sides : mapping of int to sequence of str
        The side in each year; other years are left out. Its own members are measured
        by their trade with the rest of it.
    reference : str
        The power whose side it is; not measured itself.

    Notes
    -----
    Imports and exports are added. A state and year is left out unless both its flows with
    the reference are known: what is not known of its main partner is not no trade. Other
    flows that are not known are in neither part: the share is one of what is known.
    """
    table = both_ways(flows).filter(pl.col("value").is_not_null())
    members = pl.DataFrame(
        [(year, who) for year, side in sides.items() for who in side],
        schema={"year": pl.Int64, "partner": pl.String},
        orient="row",
    ).with_columns(side=pl.lit(value=True))
    named = table.filter(pl.col("year").is_in(list(sides))).join(
        members, on=["year", "partner"], how="left"
    )
    return (
        named.group_by("actor", "year")
        .agg(
            total=pl.col("value").sum(),
            n=pl.len().cast(pl.Int64),
            mine=pl.col("value").filter(pl.col("side").fill_null(value=False)).sum(),
            ways=(pl.col("partner") == reference).sum(),
        )
        .filter((pl.col("total") > 0) & (pl.col("ways") == 2))
        .select("actor", "year", pl.col("mine") / pl.col("total"), "n")
        .rename({"mine": "value"})
        .sort("year", "actor")
    )


def both_ways(flows: pl.DataFrame) -> pl.DataFrame:
    """Trade as ``actor, partner, year, value``, each flow told of both its ends."""
    table = flows.filter(pl.col("kind") == "trade").select(
        "sender", "receiver", "value", year=pl.col("start").dt.year().cast(pl.Int64)
    )
    return pl.concat(
        [
            table.select("year", "value", actor="sender", partner="receiver"),
            table.select("year", "value", actor="receiver", partner="sender"),
        ]
    )


def vote_likeness(sums: VoteSums, sides: Mapping[int, Sequence[str]]) -> pl.DataFrame:
    """Mean residual likeness of each state with a side, as ``actor, year, value, n``."""
    rows = []
    for year in sums.years:
        side = [sums.actors.index(s) for s in sides.get(year, ()) if s in sums.actors]
        if not side:
            continue
        pooled = sums.within([year]).pooled()
        likeness, calls = pooled.likeness(), pooled.counts[0]
        for k, actor in enumerate(sums.actors):
            others = [s for s in side if s != k and not np.isnan(likeness[k, s])]
            if others:
                mean, n = float(likeness[k, others].mean()), int(calls[k, others].max())
                rows.append((actor, year, mean, n))
    return pl.DataFrame(rows, schema=_TABLE, orient="row")


def sanctions_on(
    spells: pl.DataFrame,
    sides: Mapping[int, Sequence[str]],
    everyone: Mapping[int, Sequence[str]],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """How many of a side had sanctions on each state, and of how many kinds.

    Parameters
    ----------
    spells : pl.DataFrame
        Table `schemas.Spells`; kind ``sanction``.
    sides : mapping of int to sequence of str
        The side in each covered year.
    everyone : mapping of int to sequence of str
        States of each year: without sanctions they have 0, inside coverage.

    Returns
    -------
    tuple of pl.DataFrame
        Senders and kinds, each as ``actor, year, value, n``.
    """
    found: dict[tuple[str, int], tuple[set[str], set[str]]] = {}
    rows = spells.filter(pl.col("kind") == "sanction")
    for kind, sender, receiver, start, end in rows.select(
        "type", "sender", "receiver", "start", "end"
    ).iter_rows():
        last = max(sides, default=0) if end is None else end.year - (end.month == end.day == 1)
        for year in range(start.year, last + 1):
            if sender in sides.get(year, ()):
                senders, kinds = found.setdefault((receiver, year), (set(), set()))
                senders.add(sender)
                kinds.add(kind)
    nobody: tuple[set[str], set[str]] = (set(), set())
    keys = [(actor, year) for year in sorted(sides) for actor in sorted(everyone.get(year, ()))]
    tables = [
        pl.DataFrame(
            [
                (a, y, float(len(found.get((a, y), nobody)[part])), len({*sides[y]} - {a}))
                for a, y in keys
            ],
            schema=_TABLE,
            orient="row",
        )
        for part in (0, 1)
    ]
    return tables[0], tables[1]


def yearly(table: pl.DataFrame, actors: Sequence[str], years: Sequence[int]) -> NDArray[np.float64]:
    """Lay ``actor, year, value`` out as (actors, years); nan where not known."""
    out = np.full((len(actors), len(years)), np.nan)
    row = {a: k for k, a in enumerate(actors)}
    column = {y: k for k, y in enumerate(years)}
    for actor, year, value in table.select("actor", "year", "value").iter_rows():
        if actor in row and year in column and value is not None:
            out[row[actor], column[year]] = value
    return out
