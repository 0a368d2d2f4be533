"""Coordinates in which the posterior's curved ridges are straight.

Shifting or stretching all positions of a session leaves every probability as it
was if that session's cutpoints and slopes follow. Along such ridges beta and
theta trade off by a product, which no Gaussian in (theta, beta, c) can follow.
Written relative to the session's mean and spread, items stay put on a ridge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from blocs.alignment.irt.design import Design

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ridge:
    """A centre, and how items' reference points follow the positions.

    Attributes
    ----------
    theta, items : ndarray, shapes (n_nodes,), (n_items, 3)
        The centre.
    share : sparse array, shape (n_items, n_sessions)
        Share of each item's votes cast in each session.
    mean, spread : ndarray, shape (n_items,)
        Of the positions an item refers to, at the centre.
    """

    design: Design
    theta: Floats
    items: Floats
    share: csr_array
    mean: Floats
    spread: Floats


@dataclass(frozen=True, slots=True)
class Point:
    """Where a step from the centre leads, with what its gradient needs."""

    theta: Floats
    items: Floats
    step: Floats
    mean: Floats
    spread: Floats
    log_jacobian: float


def build_ridge(design: Design, theta: Floats, items: Floats) -> Ridge:
    """Take a centre, usually the mode."""
    session = design.walk.session[design.node]
    votes = csr_array(
        (np.ones(session.size), (design.item, session)),
        shape=(design.n_items, design.sessions.size),
    )
    share = csr_array(votes / np.diff(design.item_ptr)[:, None])
    mean, spread = _moments(design, theta)
    return Ridge(design, theta, items, share, share @ mean, share @ spread)


def walk_ridge(ridge: Ridge, step: Floats, item_step: Floats) -> Point:
    """Go from the centre along (step, item_step), bent so as to stay on the ridge.

    Notes
    -----
    To first order the identity. With (m, s) mean and spread at the point and
    hats for the centre: beta s = beta^ s^ + s^ d_beta + beta^ ds, and
    c = c^ + d_c + (beta - beta^) m - m^ d_beta.
    """
    design = ridge.design
    theta = ridge.theta + step
    m_t, s_t = _moments(design, theta)
    m, s = ridge.share @ m_t, ridge.share @ s_t
    old = ridge.items[:, 0]
    product = (old + item_step[:, 0]) * ridge.spread + old * (
        ridge.share @ _spread_slope(design, ridge.theta, step)
    )
    beta = product / s
    c = ridge.items[:, 1] + item_step[:, 1] + (beta - old) * m - ridge.mean * item_step[:, 0]
    items = np.column_stack([beta, c, ridge.items[:, 2] + item_step[:, 2]])
    return Point(theta, items, step, m, s, -float(np.log(s).sum()))


def ridge_gradient(
    ridge: Ridge, point: Point, g_theta: Floats, g_items: Floats
) -> tuple[Floats, Floats]:
    """Pull a gradient at the point back to the step, log Jacobian included."""
    design, session = ridge.design, ridge.design.walk.session
    old, beta = ridge.items[:, 0], point.items[:, 0]
    g_c = g_items[:, 1]
    g_product = (g_items[:, 0] + g_c * point.mean) / point.spread
    g_m = ridge.share.T @ (g_c * (beta - old))
    g_s = ridge.share.T @ (-g_product * beta - 1.0 / point.spread)
    g_ds = ridge.share.T @ (g_product * old)
    seen = design.observed
    count = np.bincount(session, seen)
    g = g_theta + seen * (g_m / count)[session]
    g += _unit(design, point.theta) * (g_s / count)[session]
    g += _unit(design, ridge.theta) * (g_ds / count)[session]
    h = g_items.copy()
    h[:, 0] = g_product * ridge.spread - g_c * ridge.mean
    return g, h


def _moments(design: Design, theta: Floats) -> tuple[Floats, Floats]:
    """Mean and spread of the positions in each session."""
    seen, session = design.observed, design.walk.session
    count = np.bincount(session, seen)
    mean = np.bincount(session, seen * theta) / count
    square = np.bincount(session, seen * (theta - mean[session]) ** 2) / count
    return mean, np.sqrt(square)


def _unit(design: Design, theta: Floats) -> Floats:
    """Positions in standard units of their session, 0 for silent nodes."""
    mean, spread = _moments(design, theta)
    session = design.walk.session
    unit: Floats = design.observed * (theta - mean[session]) / spread[session]
    return unit


def _spread_slope(design: Design, theta: Floats, step: Floats) -> Floats:
    """Change of each session's spread along a step, to first order."""
    session = design.walk.session
    slope: Floats = np.bincount(session, _unit(design, theta) * step) / np.bincount(
        session, design.observed
    )
    return slope
