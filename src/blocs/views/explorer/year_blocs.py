"""The blocs of one year: whom treaties bind together and wars set apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from itertools import product

import msgspec
import numpy as np
import polars as pl

from blocs.evidence.almanac_facts import almanac_facts
from blocs.registry import PARTITIONS
from blocs.ties.network import build_layer

_LEAST = 3
_DEFENCE = 3  # obligation of the layer `alliances`: to defend or to join an attack


class TieThen(msgspec.Struct, frozen=True, kw_only=True):
    """Two states of a year: 1 is bound by a treaty, -1 at war, 0 both in that year."""

    a: str
    b: str
    sign: int


class BlocsThen(msgspec.Struct, frozen=True, kw_only=True):
    """Blocs of at least three states, the largest first, and the ties they were made from."""

    method: str = "leiden"
    blocs: tuple[tuple[str, ...], ...]
    ties: tuple[TieThen, ...]


def blocs_then(year: int, wars: Collection[Mapping[str, tuple[str, ...]]]) -> BlocsThen:
    """Split the states that treaties bind or wars set apart into blocs.

    Parameters
    ----------
    year : int
        Calendar year.
    wars : collection of mapping of str to tuple of str
        Sides of each war of the year, and who stood on them.

    Returns
    -------
    BlocsThen
        Descriptive: communities of the signed network (Leiden, seed 0), not a test.
    """
    signs: dict[tuple[str, str], int] = dict.fromkeys(_bound(year), 1)
    for a, b in _foes(wars):
        signs[a, b] = signs.get((a, b), 0) - 1
    ties = tuple(TieThen(a=a, b=b, sign=sign) for (a, b), sign in sorted(signs.items()))
    weighed = [t for t in ties if t.sign]
    names = sorted({end for t in weighed for end in (t.a, t.b)})
    if not names:
        return BlocsThen(blocs=(), ties=ties)
    at = {name: k for k, name in enumerate(names)}
    found = PARTITIONS.get("leiden").solve(
        len(names),
        np.array([at[t.a] for t in weighed], np.int32),
        np.array([at[t.b] for t in weighed], np.int32),
        np.array([t.sign for t in weighed], np.float64),
        k=None,
        seconds=5.0,
        rng=np.random.default_rng(0),
    )
    sides: dict[int, list[str]] = {}
    for name, side in zip(names, found.sides.tolist(), strict=True):
        sides.setdefault(side, []).append(name)
    large = [tuple(s) for s in sides.values() if len(s) >= _LEAST]
    return BlocsThen(blocs=tuple(sorted(large, key=lambda s: (-len(s), s))), ties=ties)


def _foes(wars: Collection[Mapping[str, tuple[str, ...]]]) -> set[tuple[str, str]]:
    out = set()
    for sides in wars:
        every = list(sides.values())
        for k, one in enumerate(every):
            for other in every[k + 1 :]:
                out |= {(min(p), max(p)) for p in product(one, other) if p[0] != p[1]}
    return out


def _bound(year: int) -> tuple[tuple[str, str], ...]:
    rows = _alliances().filter(pl.col("year") == year)
    return tuple(rows.select("a", "b").iter_rows())


@cache
def _alliances() -> pl.DataFrame:
    """Pairs bound to defend each other, by year, from the almanac's treaties."""
    ties = build_layer("alliances", {"almanac": almanac_facts()}).ties
    return ties.filter(pl.col("value") == _DEFENCE).select(
        year=pl.col("start").dt.year(),
        a=pl.min_horizontal("sender", "receiver"),
        b=pl.max_horizontal("sender", "receiver"),
    )
