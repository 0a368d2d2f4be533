"""How polarised the system of states was, year by year, each index beside its null."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.alignment.balance import local_walk_balance
from blocs.alignment.random_networks import NullComparison, compare_scores, fill_matrix
from blocs.alignment.signed.graph import SignedGraph, build_signed_graph
from blocs.almanac.tables import facts as almanac
from blocs.dates import Period
from blocs.errors import BadInput
from blocs.registry import INDICES
from blocs.ties.network import LayerState, TieMatrix, tie_matrix

Floats = NDArray[np.float64]

WARS = "wars"
"""Name of the negative ties that the almanac's inter-state wars give."""


@dataclass(frozen=True, slots=True)
class YearNetwork:
    """The signed network of one year.

    Attributes
    ----------
    year : int
    actors : tuple of str
        States with ties, sorted.
    graph : SignedGraph
        Their ties, weights added over the layers.
    states : int
        Members of the state system about which something is known.
    unknown : int
        Pairs of them about which no layer knows anything.
    """

    year: int
    actors: tuple[str, ...]
    graph: SignedGraph
    states: int
    unknown: int


@dataclass(frozen=True, slots=True)
class YearPolarisation:
    """Indices of one year's network beside random networks of its signed degrees.

    Attributes
    ----------
    network : YearNetwork
    indices : tuple of str
    found : tuple of NullComparison
        One for each index; nan where an index is not defined.
    local : ndarray, shape (n,)
        Walk balance of each actor of the network.
    """

    network: YearNetwork
    indices: tuple[str, ...]
    found: tuple[NullComparison, ...]
    local: Floats


def war_ties(period: Period) -> TieMatrix:
    """Lay out who fought whom: -1 for states on opposite sides of a war that year, else 0.

    Parameters
    ----------
    period : Period

    Returns
    -------
    TieMatrix
        States that fought, and years of the period; rows of the almanac that nothing
        at hand confirms are left out.

    Examples
    --------
    >>> fought = war_ties(Period(1940, 1940))
    >>> i, j = fought.actors.index("DEU"), fought.actors.index("GBR")
    >>> float(fought.weight[0, i, j])
    -1.0
    """
    sides = almanac("war_sides").filter("checked").select("war", "actor", "side", "start", "end")
    pairs = sides.join(sides, on="war", suffix="_b").filter(
        (pl.col("actor") < pl.col("actor_b")) & (pl.col("side") != pl.col("side_b"))
    )
    begins = pl.max_horizontal("start", "start_b").dt.year()
    ends = pl.min_horizontal("end", "end_b").dt.offset_by("-1d").dt.year().fill_null(period.last)
    fought = pairs.select("actor", "actor_b", begins=begins, ends=ends).filter(
        (pl.col("begins") <= pl.col("ends"))
        & (pl.col("begins") <= period.last)
        & (pl.col("ends") >= period.first)
    )
    names = tuple(sorted({*fought["actor"], *fought["actor_b"]}))
    years = np.array(period.years)
    weight = np.zeros((years.size, len(names), len(names)))
    for a, b, first, last in fought.iter_rows():
        i, j = names.index(a), names.index(b)
        at = (years >= first) & (years <= last)
        weight[at, i, j] = weight[at, j, i] = -1.0
    return TieMatrix(names, tuple(period.years), weight)


def yearly_networks(
    states: Sequence[LayerState], period: Period, *, wars: bool = False
) -> Iterator[YearNetwork]:
    """Add layers up to one signed network a year.

    Parameters
    ----------
    states : sequence of LayerState
        Layers; directed ones count with the mean of both directions.
    period : Period
    wars : bool
        Add the almanac's wars as negative ties.

    Yields
    ------
    YearNetwork
        Of every year of the period in which all layers are lit.

    Notes
    -----
    A pair's weight is the sum over the layers that know it; a treaty and a dispute of
    the same weight make no tie. A pair that no layer knows is counted as unknown and
    has no tie.
    """
    fought = war_ties(period) if wars else None
    lit = set(period.years).intersection(*(set(state.years) for state in states))
    for year in sorted(lit):
        one = Period(year, year)
        layers = [tie_matrix(state, one).undirected() for state in states]
        names = sorted({name for layer in layers for name in layer.actors})
        stack = [_placed(layer, 0, names) for layer in layers]
        if fought is not None:
            stack.append(_placed(fought, fought.years.index(year), names))
        known = ~np.isnan(np.stack(stack[: len(layers)]))
        yield _network(year, names, np.nansum(stack, axis=0), known)


def _placed(layer: TieMatrix, at: int, names: Sequence[str]) -> Floats:
    """One year of a layer among the states named; nan where it knows nothing."""
    out = np.full((len(names), len(names)), np.nan)
    where = {name: k for k, name in enumerate(names)}
    mine = [k for k, name in enumerate(layer.actors) if name in where]
    rows = [where[layer.actors[k]] for k in mine]
    out[np.ix_(rows, rows)] = layer.weight[at][np.ix_(mine, mine)]
    return out


def _network(
    year: int, names: Sequence[str], total: Floats, known: NDArray[np.bool_]
) -> YearNetwork:
    upper = np.triu(np.ones(total.shape, dtype=bool), 1)
    someone: NDArray[np.bool_] = np.logical_or.reduce(known, axis=0)
    present: NDArray[np.bool_] = np.logical_or.reduce(someone, axis=1)
    i, j = np.nonzero(upper & (np.abs(total) > 1e-12))
    tied = np.unique(np.concatenate([i, j]))
    graph = build_signed_graph(
        tied.size, np.searchsorted(tied, i), np.searchsorted(tied, j), total[i, j]
    )
    pairs = upper & present[:, None] & present[None, :]
    return YearNetwork(
        year=year,
        actors=tuple(names[k] for k in tied),
        graph=graph,
        states=int(present.sum()),
        unknown=int((pairs & ~someone).sum()),
    )


def measure_polarisation(
    network: YearNetwork, *, draws: int, seed: int, indices: Sequence[str] = ()
) -> YearPolarisation:
    """Score one year's network by every index, beside random networks.

    Parameters
    ----------
    network : YearNetwork
    draws : int
        Random networks with the same numbers of friends and enemies for every state;
        0 for none.
    seed : int
        With the year, the seed of the random networks.
    indices : sequence of str
        Parts of `blocs.alignment.indices`; all by default.

    Returns
    -------
    YearPolarisation

    Notes
    -----
    Structural scores are high on random networks too (Salloum, Chen & Kivela 2022):
    read each beside its null. Tightness and discreteness (Bueno de Mesquita 1975) are
    left out: no text of theirs that gives the formulas could be checked.

    References
    ----------
    Salloum, A., Chen, T., Kivela, M. (2022). Separating Polarization from Noise.
    Proceedings of the ACM on Human-Computer Interaction 6. doi:10.1145/3512962
    """
    if draws < 0:
        raise BadInput(f"draws is {draws}; use 0 or more")
    names = tuple(indices) or INDICES.names()
    scores = [partial(_defined, INDICES.get(name).score) for name in names]
    rng = np.random.default_rng([seed, network.year])
    found = compare_scores(scores, network.graph, rng=rng, draws=draws)
    return YearPolarisation(network, names, found, local_walk_balance(fill_matrix(network.graph)))


def _defined(score: Callable[[Floats], float], matrix: Floats) -> float:
    """Score, or nan where the index refuses the network (too many cliques, say)."""
    try:
        return score(matrix)
    except BadInput:
        return float("nan")
