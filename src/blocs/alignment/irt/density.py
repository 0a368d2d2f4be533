"""The posterior density of positions and items, in coordinates without constraint."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.irt.design import Design
from blocs.alignment.irt.identification import identified_items, location_scale, within
from blocs.alignment.irt.item_prior import item_log_prior
from blocs.alignment.irt.likelihood_slope import likelihood_slope
from blocs.alignment.irt.random_walk import walk_gradient

Floats = NDArray[np.float64]


def free_directions(design: Design, items: Floats) -> tuple[float, float]:
    """How firmly to hold what the votes and priors leave free: location and scale.

    Parameters
    ----------
    design : Design
    items : ndarray, shape (n_items, 3)

    Returns
    -------
    tuple of float
        Precisions of m and log s, near those of the mode's curvature.
    """
    first = design.walk.prev < 0
    return float(design.walk.precision[first].sum()), 4.0 * float(items[:, 0] @ items[:, 0])


def log_density(
    design: Design, theta: Floats, items: Floats, hold: tuple[float, float]
) -> tuple[float, Floats, Floats]:
    """Log posterior density and its gradient.

    Parameters
    ----------
    design : Design
    theta : ndarray, shape (n_nodes,)
        Positions t of any mean m and within-session spread s.
    items : ndarray, shape (n_items, 3)
        b, c, log gap on the scale of t.
    hold : tuple of float
        From `free_directions`.

    Returns
    -------
    float
    ndarray, shape (n_nodes,)
    ndarray, shape (n_items, 3)

    Notes
    -----
    The likelihood is that of (t, b, c); the priors are those of the identified
    theta = (t - m) / s, beta = b s and cutpoint c - b m. m and log s get normals
    of their own and are independent of all that is identified, so that dropping
    them from the draws is exact.
    """
    m, s = location_scale(design, theta)
    votes = likelihood_slope(design, theta, items)
    position, known = (theta - m) / s, identified_items(items, m, s)
    walk, g_position = walk_gradient(design.walk, position)
    prior, g_known = item_log_prior(known, design.two)
    count = int(design.observed.sum())
    volume = design.n_items - count
    value = votes.log_lik.sum() + walk + prior.sum() + volume * np.log(s)
    value -= 0.5 * (hold[0] * m**2 + hold[1] * np.log(s) ** 2)
    along_s = volume - hold[1] * np.log(s) - g_position @ position + g_known[:, 0] @ known[:, 0]
    along_m = -g_position.sum() / s - g_known[:, 1] @ items[:, 0] - hold[0] * m
    g_theta = votes.node_gradient + g_position / s
    g_theta += (along_s / s * within(design, position) + along_m * design.observed) / count
    g_items = votes.item_gradient + g_known
    g_items[:, 0] += g_known[:, 0] * (s - 1) - g_known[:, 1] * m
    return float(value), g_theta, g_items
