"""The best items given positions: each item is a small problem of its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.irt.curvature import item_blocks
from blocs.alignment.irt.design import Design
from blocs.alignment.irt.item_prior import item_log_prior
from blocs.alignment.irt.ordinal_probit import Terms, ballot_terms

Floats = NDArray[np.float64]

LONGEST = 3.0
"""No parameter moves by more in one step: far from the mode, curvature misleads."""

ENOUGH = 1e-3
"""Gain in log density below which an item is done."""


def item_log_posterior(design: Design, terms: Terms, items: Floats) -> Floats:
    """Log likelihood and log prior of each item, shape (n_items,)."""
    return terms.log_lik + item_log_prior(items, design.two)[0]


def item_gradient(design: Design, terms: Terms, items: Floats) -> Floats:
    """Gradient of `item_log_posterior`, shape (n_items, 3)."""
    return terms.item_gradient + item_log_prior(items, design.two)[1]


def fit_items(
    design: Design, theta: Floats, items: Floats, *, iterations: int = 8
) -> tuple[Floats, Terms]:
    """Climb to the items' mode given positions.

    Parameters
    ----------
    design : Design
    theta : ndarray, shape (n_nodes,)
    items : ndarray, shape (n_items, 3)
        Where to start.
    iterations : int
        Newton steps at most; an item whose step fails tries a quarter of it next.

    Returns
    -------
    ndarray, shape (n_items, 3)
    Terms
        Likelihood at the items returned.
    """
    terms = ballot_terms(design, theta, items)
    value = item_log_posterior(design, terms, items)
    size = np.ones(design.n_items)
    for _ in range(iterations):
        g = item_gradient(design, terms, items)
        step = np.linalg.solve(item_blocks(design, terms, items), g[:, :, None])[:, :, 0]
        longest = np.abs(step).max(axis=1)
        step *= np.minimum(1.0, LONGEST / np.maximum(longest, LONGEST))[:, None]
        if float((step * g).sum(axis=1).max()) < ENOUGH:
            break
        new = items + size[:, None] * step
        new_terms = ballot_terms(design, theta, new)
        new_value = item_log_posterior(design, new_terms, new)
        better = new_value >= value
        size = np.where(better, 1.0, size / 4)
        items, value = np.where(better[:, None], new, items), np.where(better, new_value, value)
        terms = new_terms if better.all() else ballot_terms(design, theta, items)
    return items, terms
