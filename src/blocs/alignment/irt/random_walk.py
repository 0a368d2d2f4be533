"""The prior on a state's path: a Gaussian random walk over sessions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FIRST_PRECISION = 0.01
"""A state's first position is N(0, 10^2): the votes place it."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Nodes (state x session, sorted by session, then state) and steps.

    Attributes
    ----------
    node_ptr : ndarray, shape (n_sessions + 1,)
        Where the nodes of each session start.
    actor : ndarray, shape (n_nodes,)
        The caller's state number.
    prev : ndarray, shape (n_nodes,)
        The same state's node one session before, -1 for its first.
    precision : ndarray, shape (n_nodes,)
        1 / variance of the step from ``prev`` (of the prior, for a first node).
    """

    node_ptr: Ints
    actor: Ints
    prev: Ints
    precision: Floats

    @property
    def session(self) -> Ints:
        """Session index of each node, shape (n_nodes,)."""
        return np.repeat(np.arange(self.node_ptr.size - 1), np.diff(self.node_ptr))


def build_walk(actor: Ints, when: Ints, smooth: float) -> tuple[Walk, Ints]:
    """Lay out the nodes and find each ballot's node.

    Parameters
    ----------
    actor : ndarray of int, shape (n_ballots,)
        State numbers.
    when : ndarray of int, shape (n_ballots,)
        Session index, 0 .. n_sessions - 1, each used.
    smooth : float
        Variance of a step is ``smooth * n_t / (n_t + n_last)``, n votes cast.

    Returns
    -------
    Walk
    ndarray of int, shape (n_ballots,)
        Node of each ballot.

    Notes
    -----
    Over a gap of m sessions the step's variance is split over m equal steps
    through silent nodes; the two ends have the same joint law as with one step.
    """
    stride = int(actor.max()) + 1
    sessions = int(when.max()) + 1
    seen, votes = np.unique(actor * sessions + when, return_counts=True)
    who, at = np.divmod(seen, sessions)
    follows = np.r_[False, who[1:] == who[:-1]]
    steps = np.where(follows, at - np.r_[0, at[:-1]], 1)
    last_votes = np.r_[1, votes[:-1]]
    variance = np.where(follows, smooth * votes / (votes + last_votes), 1 / FIRST_PRECISION)
    # One node for each step: the step's end and, before it, its silent nodes.
    owner = np.repeat(np.arange(seen.size), steps)
    back = np.cumsum(steps)[owner] - 1 - np.arange(owner.size)
    key = (at[owner] - back) * stride + who[owner]
    order = np.argsort(key)
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    starts = ~follows[owner] & (back == 0)
    prev = np.where(starts, -1, np.r_[-1, rank[:-1]])
    walk = Walk(
        node_ptr=np.searchsorted(key[order], np.arange(sessions + 1) * stride),
        actor=who[owner][order],
        prev=prev[order],
        precision=(steps / variance)[owner][order],
    )
    return walk, np.searchsorted(key[order], when * stride + actor)


def walk_gradient(walk: Walk, theta: Floats) -> tuple[float, Floats]:
    """Log density of a path, up to a constant, and its gradient.

    Parameters
    ----------
    walk : Walk
    theta : ndarray, shape (n_nodes,)

    Returns
    -------
    float
        -1/2 sum precision (theta_t - theta_prev)^2, with 0 before a first node.
    ndarray, shape (n_nodes,)
    """
    step = theta - np.where(walk.prev >= 0, theta[walk.prev], 0.0)
    pull = walk.precision * step
    gradient = -pull
    follows = walk.prev >= 0
    # A node has at most one successor, so plain indexing adds each pull once.
    gradient[walk.prev[follows]] += pull[follows]
    return float(-0.5 * np.sum(pull * step)), gradient


def walk_diagonal(walk: Walk) -> Floats:
    """Diagonal of the walk's precision matrix, shape (n_nodes,)."""
    diagonal = walk.precision.copy()
    follows = walk.prev >= 0
    diagonal[walk.prev[follows]] += walk.precision[follows]
    return diagonal
