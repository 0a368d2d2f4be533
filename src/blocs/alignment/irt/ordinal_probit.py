"""Likelihood of a yes, an abstention or a no, with its derivatives.

The kernel is the only loop over ballots. It runs without Python's lock over
slices of items, so that two threads share the work; slices are fixed, hence the
sums do not depend on the number of threads.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from blocs.alignment.irt.design import Design

Floats = NDArray[np.float64]

SLICES = 4
WORTH_A_THREAD = 50_000
TAIL = 30.0
"""Arguments of the normal are kept within +-30: beyond it, densities vanish."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Log likelihood of all ballots and its derivatives.

    With eta = beta theta and an item's parameters u = (beta, c1, d), where
    c2 = c1 + exp(d). ``H`` is minus the second derivative.

    Attributes
    ----------
    log_lik : ndarray, shape (n_items,)
    item_gradient : ndarray, shape (n_items, 3)
    item_curvature : ndarray, shape (n_items, 6)
        Entries bb, bc, bd, cc, cd, dd.
    node_gradient, node_curvature : ndarray, shape (n_nodes,)
    cross : ndarray, shape (n_ballots, 3)
        H between a ballot's theta and its item's (beta, c1, d).
    """

    log_lik: Floats
    item_gradient: Floats
    item_curvature: Floats
    node_gradient: Floats
    node_curvature: Floats
    cross: Floats


def run_slices(run: Callable[[int], None], n_ballots: int) -> None:
    """Run every slice, two at a time where there is enough to do."""
    if n_ballots < WORTH_A_THREAD:
        for k in range(SLICES):
            run(k)
        return
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(SLICES)))


def item_slices(item_ptr: NDArray[np.int64]) -> NDArray[np.int64]:
    """Items at which slices of about as many ballots start, shape (SLICES + 1,)."""
    edges = np.searchsorted(item_ptr, np.linspace(0, item_ptr[-1], SLICES + 1))
    edges[0], edges[-1] = 0, item_ptr.size - 1
    return edges


def _upper(x: float) -> float:
    """1 - Phi(x)."""
    return 0.5 * math.erfc(x * 0.7071067811865476)


def _accumulate(  # noqa: PLR0915
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
    item_curvature: Floats,
    node_gradient: Floats,
    node_curvature: Floats,
    cross: Floats,
) -> None:
    """Fill the derivatives of items start .. stop - 1."""
    for v in range(start, stop):
        beta, c1 = items[v, 0], items[v, 1]
        gap = 0.0 if two[v] else math.exp(items[v, 2])
        total = gb = gc = gd = bb = bc = bd = cc = cd = dd = 0.0
        for k in range(item_ptr[v], item_ptr[v + 1]):
            i = node[k]
            t = theta[i]
            a = min(max(c1 - beta * t, -TAIL), TAIL)
            b = min(max(c1 + gap - beta * t, -TAIL), TAIL)
            # la, lb: derivatives of the log probability by lower and upper bound.
            if vote[k] == 1:
                p = upper(-a)
                lb = math.exp(-0.5 * a * a) * 0.3989422804014327 / p
                total += math.log(p)
                shift = lb
                w = lb * (a + lb)
                s = h12 = h22 = 0.0
            elif vote[k] == 3:
                p = upper(b)
                la = -math.exp(-0.5 * b * b) * 0.3989422804014327 / p
                total += math.log(p)
                shift = la
                w = la * (b + la)
                s, h12, h22 = la, w, w
            else:
                # The same difference, taken in the tail where it keeps its digits.
                p = upper(a) - upper(b) if a > 0 else upper(-b) - upper(-a)
                p = max(p, 1e-300)
                la = -math.exp(-0.5 * a * a) * 0.3989422804014327 / p
                lb = math.exp(-0.5 * b * b) * 0.3989422804014327 / p
                total += math.log(p)
                shift = la + lb
                h22 = lb * (b + lb)
                h12 = h22 + la * lb
                w = la * (a + la) + 2.0 * la * lb + h22
                s = lb
            hd = gap * h12
            gb -= shift * t
            gc += shift
            gd += gap * s
            bb += t * t * w
            bc -= t * w
            bd -= t * hd
            cc += w
            cd += hd
            dd += gap * gap * h22
            node_gradient[i] -= shift * beta
            node_curvature[i] += beta * beta * w
            cross[k, 0] = beta * t * w + shift
            cross[k, 1] = -beta * w
            cross[k, 2] = -beta * hd
        log_lik[v] = total
        item_gradient[v, 0], item_gradient[v, 1], item_gradient[v, 2] = gb, gc, gd
        item_curvature[v, 0], item_curvature[v, 1], item_curvature[v, 2] = bb, bc, bd
        item_curvature[v, 3], item_curvature[v, 4], item_curvature[v, 5] = cc, cd, dd


upper: Any = njit(inline="always")(_upper)
accumulate: Any = njit(nogil=True, cache=True)(_accumulate)


def ballot_terms(design: Design, theta: Floats, items: Floats) -> Terms:
    """Sum the log likelihood and its derivatives over all ballots.

    Parameters
    ----------
    design : Design
    theta : ndarray, shape (n_nodes,)
        Positions.
    items : ndarray, shape (n_items, 3)
        beta, c1 and d = log(c2 - c1); d is not read where there is one cutpoint.

    Returns
    -------
    Terms

    Notes
    -----
    P(vote <= 1) = Phi(c1 - beta theta), P(vote <= 2) = Phi(c2 - beta theta).
    Cost O(ballots), about 50 ns a ballot.
    """
    n_items, n_nodes, n_ballots = design.n_items, design.n_nodes, design.node.size
    log_lik, item_gradient, item_curvature = (
        np.empty(n_items),
        np.empty((n_items, 3)),
        np.empty((n_items, 6)),
    )
    by_node = np.zeros((SLICES, 2, n_nodes))
    cross = np.empty((n_ballots, 3))
    edges = item_slices(design.item_ptr)

    def run(k: int) -> None:
        accumulate(
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
            item_curvature,
            by_node[k, 0],
            by_node[k, 1],
            cross,
        )

    run_slices(run, n_ballots)
    node_gradient, node_curvature = by_node.sum(axis=0)
    return Terms(
        log_lik=log_lik,
        item_gradient=item_gradient,
        item_curvature=item_curvature,
        node_gradient=node_gradient,
        node_curvature=node_curvature,
        cross=cross,
    )
