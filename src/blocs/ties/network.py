"""The network of states: layers built from facts, sliced by time into matrices.

Each layer is fed, year by year, by one data set: the first of the layer's
preferred ones that covers the year. Data sets are never summed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs import actors
from blocs.contracts import Facts, Layer, LayerTies
from blocs.dates import FIRST_YEAR, Period
from blocs.evidence.almanac_facts import DATASET as ALMANAC
from blocs.evidence.almanac_facts import almanac_facts
from blocs.registry import LAYERS
from blocs.schemas import TieEvidence, Ties
from blocs.ties.yearly import years_told


@dataclass(frozen=True, slots=True)
class Feed:
    """Which data set feeds a layer in which years."""

    dataset: str
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LayerState:
    """A layer as the evidence at hand fills it.

    Attributes
    ----------
    name : str
        The layer.
    layer : Layer
        Its rule.
    feeds : tuple of Feed
        What lights it, in order of preference; empty = dark.
    ties, evidence : pl.DataFrame, pl.LazyFrame
        Tables `schemas.Ties` and `schemas.TieEvidence`.
    coverage : pl.DataFrame
        ``year, actor`` rows in which absence is known; actor null = every member.
    """

    name: str
    layer: Layer
    feeds: tuple[Feed, ...]
    ties: pl.DataFrame
    evidence: pl.LazyFrame
    coverage: pl.DataFrame

    @property
    def years(self) -> tuple[int, ...]:
        """Years in which the layer is lit, sorted."""
        return tuple(sorted({year for feed in self.feeds for year in feed.years}))

    def lit_in(self, period: Period) -> bool:
        """Whether anything at hand tells of a year of the period."""
        return any(year in period.years for year in self.years)


@dataclass(frozen=True, slots=True)
class TieMatrix:
    """Ties of one layer over some years as a stack of matrices.

    Attributes
    ----------
    actors : tuple of str
        Length n, sorted.
    years : tuple of int
        Length y.
    weight : ndarray, shape (y, n, n)
        Weight in [-1, 1]; nan = not known; a directed layer is asymmetric.
    """

    actors: tuple[str, ...]
    years: tuple[int, ...]
    weight: NDArray[np.float64]

    def undirected(self) -> TieMatrix:
        """Take the mean of both directions; one known direction stands alone."""
        out = np.empty_like(self.weight)
        for both, year in zip(out, self.weight, strict=True):
            both[:] = _known_mean(np.stack([year, year.T]))
        return TieMatrix(self.actors, self.years, out)

    def within(self, period: Period) -> TieMatrix:
        """Keep the years of a period."""
        at = [k for k, year in enumerate(self.years) if year in period.years]
        return TieMatrix(self.actors, tuple(self.years[k] for k in at), self.weight[at])

    def mean(self) -> NDArray[np.float64]:
        """Mean over the years in which a pair is known, shape (n, n)."""
        return _known_mean(self.weight)


def build_layer(
    name: str, evidence: Mapping[str, Facts], *, layer: Layer | None = None
) -> LayerState:
    """Build one layer from the facts of each data set at hand.

    Parameters
    ----------
    name : str
        A part of `blocs.ties.layers`.
    evidence : mapping
        Data set (or ``almanac``) to facts.
    layer : Layer, optional
        A variant of the layer's rule to use instead.
    """
    layer = layer or LAYERS.get(name)
    taken: set[int] = set()
    feeds, ties, walks, coverage = [], [], [], []
    for dataset in (d for d in layer.prefer if d in evidence):
        facts = evidence[dataset]
        told = years_told(facts.coverage, *layer.topics)
        if not told:
            continue
        mine = sorted({year for year in told if year >= FIRST_YEAR} - taken)
        taken |= set(mine)
        made = _of_almanac(layer.build) if _is_almanac(dataset, facts) else layer.build(facts)
        feeds.append(Feed(dataset, tuple(mine)))
        keep = pl.col("start").dt.year().is_in(mine)
        ties.append(made.ties.filter(keep))
        walks.append(made.evidence.filter(keep))
        coverage.append(_coverage_years(facts.coverage, layer.topics, mine))
    return LayerState(
        name=name,
        layer=layer,
        feeds=tuple(feeds),
        ties=pl.concat([Ties.create_empty(), *ties]),
        evidence=pl.concat([TieEvidence.create_empty().lazy(), *walks]),
        coverage=pl.concat([_coverage_years(None, layer.topics, []), *coverage]),
    )


def _is_almanac(dataset: str, facts: Facts) -> bool:
    return dataset == ALMANAC and facts is almanac_facts()


@lru_cache(maxsize=16)
def _of_almanac(build: Callable[[Facts], LayerTies]) -> LayerTies:
    """Ties of the embedded almanac, which stays as it is: built once, for every page that asks."""
    return build(almanac_facts())


def tie_matrix(
    state: LayerState, period: Period, *, among: Sequence[str] | None = None
) -> TieMatrix:
    """Lay the ties of a layer out by year; nan where nothing is known.

    Parameters
    ----------
    state : LayerState
        The layer.
    period : Period
        Years wanted; years the layer does not cover are left out.
    among : sequence of str, optional
        Actors wanted; by default every state that was a member in the period.
    """
    years = tuple(year for year in state.years if year in period.years)
    names = tuple(sorted(among if among is not None else _member_ids(period)))
    n = len(names)
    weight = np.full((len(years), n, n), np.nan)
    if state.layer.absence == "zero":
        known = _known_actors(state.coverage, names, years)
        weight[known[:, :, None] & known[:, None, :]] = 0.0
    rows = state.ties.filter(
        pl.col("start").dt.year().is_in(years)
        & pl.col("sender").is_in(names)
        & pl.col("receiver").is_in(names)
    ).with_columns(pl.col("weight").fill_null(float("nan")))
    order = pl.Enum(names)
    y = np.searchsorted(years, rows["start"].dt.year().to_numpy())
    i = rows["sender"].cast(order).to_physical().to_numpy()
    j = rows["receiver"].cast(order).to_physical().to_numpy()
    w = rows["weight"].to_numpy()
    weight[y, i, j] = w
    if not state.layer.directed:
        weight[y, j, i] = w
    weight[:, np.arange(n), np.arange(n)] = np.nan
    return TieMatrix(names, years, weight)


def _coverage_years(
    coverage: pl.DataFrame | None, topics: Sequence[str], years: Sequence[int]
) -> pl.DataFrame:
    schema = {"year": pl.Int32, "actor": pl.String}
    if coverage is None:
        return pl.DataFrame(schema=schema)
    rows = coverage.filter(pl.col("topic").is_in(topics))
    last = pl.col("end").dt.offset_by("-1d").dt.year()
    return (
        rows.with_columns(year=pl.int_ranges(pl.col("start").dt.year(), last + 1, dtype=pl.Int32))
        .explode("year")
        .filter(pl.col("year").is_in(list(years)))
        .select(pl.col(c).cast(t) for c, t in schema.items())
        .unique()
        .sort("year", "actor", nulls_last=False)
    )


def _member_ids(period: Period) -> list[str]:
    return actors.members(period)["actor"].unique().sort().to_list()


def _known_actors(
    coverage: pl.DataFrame, names: Sequence[str], years: Sequence[int]
) -> NDArray[np.bool_]:
    """Who was a member of the state system and covered, shape (years, actors)."""
    at = np.array(years)
    everyone = set(coverage.filter(pl.col("actor").is_null())["year"])
    named = coverage.filter(pl.col("actor").is_not_null())
    rows = set(zip(named["year"], named["actor"], strict=True))
    known = np.zeros((len(years), len(names)), dtype=bool)
    for i, name in enumerate(names):
        for spell in actors.actor(name).spells:
            begins = spell.start.year if spell.start else FIRST_YEAR
            ends = (spell.end - timedelta(days=1)).year if spell.end else at.max(initial=begins)
            known[:, i] |= (at >= begins) & (at <= ends)
        told = np.array([year in everyone or (year, name) in rows for year in years], dtype=bool)
        known[:, i] &= told
    return known


def _known_mean(stack: NDArray[np.float64]) -> NDArray[np.float64]:
    known = ~np.isnan(stack)
    total = np.where(known, stack, 0.0).sum(axis=0)
    count = known.sum(axis=0)
    mean: NDArray[np.float64] = np.divide(
        total, count, out=np.full_like(total, np.nan), where=count > 0
    )
    return mean
