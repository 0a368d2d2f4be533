"""Likelihood with its gradient alone: a trajectory asks for it thousands of times."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from blocs.alignment.irt.design import Design
from blocs.alignment.irt.ordinal_probit import SLICES, TAIL, item_slices, run_slices, upper

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Slope:
    """Log likelihood of all ballots and its gradient; see `ordinal_probit.Terms`.

    Attributes
    ----------
    log_lik : ndarray, shape (n_items,)
    item_gradient : ndarray, shape (n_items, 3)
        In beta, c1 and log(c2 - c1).
    node_gradient : ndarray, shape (n_nodes,)
    """

    log_lik: Floats
    item_gradient: Floats
    node_gradient: Floats


def likelihood_slope(design: Design, theta: Floats, items: Floats) -> Slope:
    """Sum the log likelihood and its gradient over all ballots.

    Parameters
    ----------
    design : Design
    theta : ndarray, shape (n_nodes,)
        Positions.
    items : ndarray, shape (n_items, 3)
        beta, c1 and d = log(c2 - c1); d is not read where there is one cutpoint.

    Returns
    -------
    Slope

    Notes
    -----
    The log likelihood and the gradients of `ordinal_probit.ballot_terms`, without its
    curvature. Cost O(ballots).
    """
    log_lik, item_gradient = np.empty(design.n_items), np.empty((design.n_items, 3))
    by_node = np.zeros((SLICES, design.n_nodes))
    edges = item_slices(design.item_ptr)

    def run(k: int) -> None:
        climb(
            edges[k],
            edges[k + 1],
            design.item_ptr,
            design.node,
            design.vote,
            design.two,
            theta,
            items,
            log_lik,
            item_gradient,
            by_node[k],
        )

    run_slices(run, design.node.size)
    return Slope(log_lik, item_gradient, by_node.sum(axis=0))


def _climb(
    start: int,
    stop: int,
    item_ptr: NDArray[np.int64],
    node: NDArray[np.int64],
    vote: NDArray[np.int8],
    two: NDArray[np.bool_],
    theta: Floats,
    items: Floats,
    log_lik: Floats,
    item_gradient: Floats,
    node_gradient: Floats,
) -> None:
    """Fill the gradients of items start .. stop - 1."""
    for v in range(start, stop):
        beta, c1 = items[v, 0], items[v, 1]
        gap = 0.0 if two[v] else math.exp(items[v, 2])
        total = gb = gc = gd = 0.0
        product = 1.0
        for k in range(item_ptr[v], item_ptr[v + 1]):
            t = theta[node[k]]
            a = min(max(c1 - beta * t, -TAIL), TAIL)
            b = min(max(c1 + gap - beta * t, -TAIL), TAIL)
            if vote[k] == 1:
                p = upper(-a)
                shift = math.exp(-0.5 * a * a) * 0.3989422804014327 / p
                above = 0.0
            elif vote[k] == 3:
                p = upper(b)
                shift = above = -math.exp(-0.5 * b * b) * 0.3989422804014327 / p
            else:
                # The same difference, taken in the tail where it keeps its digits.
                p = upper(a) - upper(b) if a > 0 else upper(-b) - upper(-a)
                p = max(p, 1e-300)
                above = math.exp(-0.5 * b * b) * 0.3989422804014327 / p
                shift = above - math.exp(-0.5 * a * a) * 0.3989422804014327 / p
            gb -= shift * t
            gc += shift
            gd += gap * above
            node_gradient[node[k]] -= shift * beta
            # One logarithm for some ballots; p is 1e-300 or more, so nothing is lost below.
            product *= p
            if product < 1e-7:
                total += math.log(product)
                product = 1.0
        log_lik[v] = total + math.log(product)
        item_gradient[v, 0], item_gradient[v, 1], item_gradient[v, 2] = gb, gc, gd


climb: Any = njit(nogil=True, cache=True)(_climb)
