"""The published sampler of Bailey, Strezhnev and Voeten, step by step.

Its walk looks back only: a session's position is drawn around the state's mean
of the session before, in the round before, and a state's first around its
second. It is kept to replicate published points; the smoother of `laplace` and
`posterior` uses what comes after as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from blocs.alignment.irt.design import Design
from blocs.alignment.irt.laplace import Mode
from blocs.alignment.irt.ordinal_probit import SLICES, item_slices, run_slices, upper

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PROPOSAL = 0.2 / 3
"""Spread of proposed cutpoints."""

CUT_LIMIT, THETA_LIMIT, LATENT_LIMIT = 7.0, 5.0, 9.0


def sample_bsv(
    design: Design,
    mode: Mode,
    *,
    burn: int,
    draws: int,
    thin: int = 5,
    rng: np.random.Generator,
    report: Callable[[str], object] | None = None,
) -> Floats:
    """Run the sampler.

    Parameters
    ----------
    design : Design
    mode : Mode
        Where to start.
    burn, draws, thin : int
        Rounds thrown away, draws kept, rounds per draw.
    rng : numpy.random.Generator
    report : callable, optional
        Told in words how far the work is.

    Returns
    -------
    ndarray, shape (draws, n_nodes)
        Mean 0 and variance 1 over nodes with votes in every draw; silent nodes 0.

    Notes
    -----
    One round: positions given latent votes, cutpoints by Metropolis, latent
    votes, discriminations. Cost O(ballots) a round.

    References
    ----------
    Bailey, M., Strezhnev, A. and Voeten, E. (2017). Estimating Dynamic State
    Preferences from United Nations Voting Data. Journal of Conflict Resolution
    61(2), 430-456. doi:10.1177/0022002715595700
    """
    lag, precision = _looking_back(design)
    seen = design.observed
    items, spread = mode.items, float(mode.theta[seen].std())
    beta = items[:, 0] * spread
    gap = np.where(design.two, 0.0, np.exp(items[:, 2]))
    cuts = np.clip(np.column_stack([items[:, 1], items[:, 1] + gap]), -CUT_LIMIT, CUT_LIMIT)
    edges = item_slices(design.item_ptr)
    streams = rng.spawn(SLICES + 1)
    sums = np.zeros((SLICES, 2, design.n_nodes))
    drawn = np.where(seen, mode.theta / spread, 0.0)
    latent = np.empty(design.node.size)
    mean = drawn.copy()

    def run(k: int) -> None:
        sums[k] = 0.0
        item_round(
            edges[k],
            edges[k + 1],
            design.item_ptr,
            design.node,
            design.vote,
            design.two,
            drawn,
            beta,
            cuts,
            latent,
            sums[k, 0],
            sums[k, 1],
            streams[k],
        )

    kept = np.empty((draws, design.n_nodes))
    run_slices(run, design.node.size)
    for done in range(burn + draws * thin):
        votes, info = sums.sum(axis=0)
        total = np.where(seen, info + precision, 1.0)
        mean = np.where(seen, (votes + precision * mean[lag]) / total, 0.0)
        fresh = mean + streams[-1].standard_normal(mean.size) / np.sqrt(total)
        fresh = np.clip(fresh, -THETA_LIMIT, THETA_LIMIT)
        drawn[:] = np.where(seen, (fresh - fresh[seen].mean()) / fresh[seen].std(), 0.0)
        run_slices(run, design.node.size)
        if report is not None:
            report(f"published sampler: round {done + 1:,} of {burn + draws * thin:,}")
        if done >= burn and (done - burn) % thin == thin - 1:
            kept[(done - burn) // thin] = drawn
    return kept


def _looking_back(design: Design) -> tuple[Ints, Floats]:
    """Each voting node's last voting node (a first one's next) and precision."""
    walk, seen = design.walk, design.observed
    order = np.lexsort((walk.session, walk.actor))
    order = order[seen[order]]
    same = walk.actor[order][1:] == walk.actor[order][:-1]
    first = np.r_[True, ~same]
    alone = first & np.r_[~same, True]
    lag, other = np.arange(walk.prev.size), np.arange(walk.prev.size)
    before, after = np.r_[order[:1], order[:-1]], np.r_[order[1:], order[-1:]]
    other[order] = np.where(alone, order, np.where(first, after, before))
    lag[order] = other[order]
    n = design.node_votes
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = np.where(seen, (n + n[lag]) / (0.5 * n), 0.0)
    return lag, precision


def _one_sided(low: float, rng: np.random.Generator) -> float:
    """Draw a standard normal above ``low`` (Robert 1995)."""
    if low < 0.45:
        while True:
            x = rng.standard_normal()
            if x > low:
                return x
    rate = 0.5 * (low + math.sqrt(low * low + 4.0))
    while True:
        x = low + rng.standard_exponential() / rate
        if rng.random() <= math.exp(-0.5 * (x - rate) ** 2):
            return x


def _between(low: float, high: float, rng: np.random.Generator) -> float:
    """Draw a standard normal between two bounds."""
    peak = max(low, min(high, 0.0))
    while True:
        x = low + (high - low) * rng.random()
        if rng.random() <= math.exp(0.5 * (peak * peak - x * x)):
            return x


def _log_prob(vote: int, a: float, b: float) -> float:
    """Log probability of a vote between bounds a and b of the latent scale."""
    if vote == 1:
        p = upper(-a)
    elif vote == 3:
        p = upper(b)
    elif a > 0:
        p = upper(a) - upper(b)
    else:
        p = upper(-b) - upper(-a)
    return math.log(max(p, 1e-300))


def _propose(
    c1: float, c2: float, one: bool, rng: np.random.Generator
) -> tuple[float, float, float]:
    """Propose cutpoints, with the log ratio of the proposals' densities."""
    if one:
        moved = min(max(c1 + PROPOSAL * rng.standard_normal(), -CUT_LIMIT), CUT_LIMIT)
        return moved, moved, 0.0
    p1 = -CUT_LIMIT - 1.0
    while p1 < -CUT_LIMIT or p1 > c2:
        p1 = c1 + PROPOSAL * rng.standard_normal()
    p2 = p1 - 1.0
    while p2 < p1 or p2 > CUT_LIMIT:
        p2 = c2 + PROPOSAL * rng.standard_normal()
    ratio = math.log(upper((p1 - c2) / PROPOSAL)) - math.log(upper((c1 - p2) / PROPOSAL))
    return p1, p2, ratio


def _item_round(
    start: int,
    stop: int,
    item_ptr: Ints,
    node: Ints,
    vote: NDArray[np.int8],
    two: NDArray[np.bool_],
    theta: Floats,
    beta: Floats,
    cuts: Floats,
    latent: Floats,
    votes: Floats,
    info: Floats,
    rng: np.random.Generator,
) -> None:
    """Update cutpoints, latent votes and discriminations of some items in place."""
    for v in range(start, stop):
        c1, c2, b = cuts[v, 0], cuts[v, 1], beta[v]
        p1, p2, ratio = propose(c1, c2, two[v], rng)
        for k in range(item_ptr[v], item_ptr[v + 1]):
            eta = b * theta[node[k]]
            ratio += log_prob(vote[k], p1 - eta, p2 - eta) - log_prob(vote[k], c1 - eta, c2 - eta)
        if math.log(rng.random()) < ratio:
            c1, c2 = p1, p2
            cuts[v, 0], cuts[v, 1] = c1, c2
        squares, products = 1.0, 0.0
        for k in range(item_ptr[v], item_ptr[v + 1]):
            t = theta[node[k]]
            eta = b * t
            if vote[k] == 1:
                z = eta - one_sided(eta - c1, rng)
            elif vote[k] == 3:
                z = eta + one_sided(c2 - eta, rng)
            else:
                z = eta + between(c1 - eta, c2 - eta, rng)
            z = min(max(z, -LATENT_LIMIT), LATENT_LIMIT)
            latent[k] = z
            squares += t * t
            products += t * z
        beta[v] = products / squares + rng.standard_normal() / math.sqrt(squares)
        for k in range(item_ptr[v], item_ptr[v + 1]):
            votes[node[k]] += beta[v] * latent[k]
            info[node[k]] += beta[v] * beta[v]


one_sided: Any = njit(_one_sided)
between: Any = njit(_between)
log_prob: Any = njit(inline="always")(_log_prob)
propose: Any = njit(_propose)
item_round: Any = njit(nogil=True, cache=True)(_item_round)
