"""What the votes cannot fix: the zero, the unit and the direction of the scale.

While fitting, the mean of all positions is 0 and their variance *within*
sessions is 1, so that a drift of the whole Assembly costs nothing; what is
reported has mean 0 and variance 1 over all states and sessions.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.irt.design import Design

Floats = NDArray[np.float64]


def location_scale(design: Design, theta: Floats) -> tuple[float, float]:
    """Mean over nodes with votes, and spread around the sessions' own means."""
    mean = float(theta[design.observed].mean())
    return mean, float(np.sqrt(np.mean(within(design, theta)[design.observed] ** 2)))


def within(design: Design, theta: Floats) -> Floats:
    """Distance of each position from its session's mean, 0 for silent nodes."""
    seen, session = design.observed, design.walk.session
    mean = np.bincount(session, seen * theta) / np.bincount(session, seen)
    deviation: Floats = (theta - mean[session]) * seen
    return deviation


def standardise(design: Design, theta: Floats, items: Floats) -> tuple[Floats, Floats]:
    """Move to mean 0 and within-session variance 1 over nodes with votes.

    Parameters
    ----------
    design : Design
    theta : ndarray, shape (n_nodes,)
    items : ndarray, shape (n_items, 3)
        beta, c1, log(c2 - c1).

    Returns
    -------
    ndarray, shape (n_nodes,)
    ndarray, shape (n_items, 3)
        Changed along, so that every probability stays what it was.
    """
    mean, spread = location_scale(design, theta)
    return (theta - mean) / spread, identified_items(items, mean, spread)


def identified_items(items: Floats, mean: float, spread: float) -> Floats:
    """Item parameters for positions (theta - mean) / spread, shape (n_items, 3)."""
    beta, c1, gap = items.T
    return np.column_stack([beta * spread, c1 - beta * mean, gap])


def unit_scale(design: Design, theta: Floats) -> Floats:
    """Positions as reported: mean 0, variance 1 over nodes with votes."""
    seen = theta[design.observed]
    scaled: Floats = (theta - seen.mean()) / seen.std()
    return scaled


def tangent(design: Design, theta: Floats) -> Floats:
    """Directions that would change mean or within-session spread, (n_nodes, 2)."""
    return np.column_stack([design.observed * 1.0, within(design, theta)])


def direction(design: Design, theta: Floats, anchor: int) -> float:
    """Sign that makes the anchor state positive on average: 1.0 or -1.0.

    Parameters
    ----------
    design : Design
    theta : ndarray, shape (n_nodes,)
    anchor : int
        The state's number.

    Returns
    -------
    float
    """
    own = design.observed & (design.walk.actor == anchor)
    return -1.0 if theta[own].mean() < 0 else 1.0
