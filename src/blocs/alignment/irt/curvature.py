"""The joint curvature of positions and items, factored without ever being dense.

Items of one session couple only that session's nodes, the walk couples only
neighbouring sessions, and the few items that bridge sessions form a border:
an arrow whose shaft is block tridiagonal. Its Cholesky factor costs seconds for
the whole record, gives exact Newton steps, exact Gaussian variances in which
the items' uncertainty is included, and exact Gaussian draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.linalg.lapack import dpotrf, dtrtri

from blocs.alignment.irt.design import Design
from blocs.alignment.irt.item_prior import item_prior_curvature
from blocs.alignment.irt.ordinal_probit import Terms
from blocs.alignment.irt.random_walk import walk_diagonal

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curvature:
    """Cholesky factor of H over (items of one session, nodes, bridging items).

    Attributes
    ----------
    item_root : ndarray, shape (n_items, 3, 3)
        Inverse of the lower Cholesky factor of each item's own block.
    local : list of ndarray, shape (3 items_t, nodes_t)
        Whitened coupling of session t's own items to its nodes.
    node_root : list of ndarray, shape (nodes_t, nodes_t)
        Inverse of the lower Cholesky factor of session t's pivot.
    step : list of (ndarray, ndarray, ndarray)
        Walk from session t - 1 to t: node, its predecessor (both counted within
        their session) and minus the precision.
    border : list of ndarray, shape (nodes_t, 3 bridges_t)
        The factor's rows for the bridging items seen up to session t.
    corner : ndarray, shape (3 bridges, 3 bridges)
        Lower Cholesky factor of the bridging items' pivot.
    """

    design: Design
    item_root: Floats
    local: list[Floats]
    node_root: list[Floats]
    step: list[tuple[Ints, Ints, Floats]]
    border: list[Floats]
    corner: Floats


def factor(
    design: Design, terms: Terms, items: Floats, *, damping: float = 0.0, tension: float = 0.0
) -> Curvature:
    """Factor the joint curvature at the point where ``terms`` was taken.

    Parameters
    ----------
    design : Design
    terms : Terms
    items : ndarray, shape (n_items, 3)
        The items at that point.
    damping : float
        Added to every node's own curvature.
    tension : float
        Times the centring matrix of each session: what the constraint
        {within-session variance 1} adds.

    Returns
    -------
    Curvature

    Raises
    ------
    numpy.linalg.LinAlgError
        H is not positive definite there.

    Notes
    -----
    H = -d2/dx2 [log likelihood + log priors], exact at a mode.
    Cost O(sum_t n_t^2 (items_t + n_t + bridges)).
    """
    root = np.linalg.inv(np.linalg.cholesky(item_blocks(design, terms, items)))
    white = np.einsum("nij,nj->ni", root[design.item], terms.cross)
    diagonal = terms.node_curvature + walk_diagonal(design.walk) + damping
    ptr, n_bridges = design.walk.node_ptr, design.n_items - design.n_local
    local: list[Floats] = []
    node_root: list[Floats] = []
    border: list[Floats] = []
    corner: Floats = np.eye(3 * n_bridges)
    steps = walk_steps(design)
    for t in range(design.sessions.size):
        R, B = _couplings(design, white, t)
        pivot = np.diag(diagonal[ptr[t] : ptr[t + 1]]) - R.T @ R
        pivot += tension * _centring(design.observed[ptr[t] : ptr[t + 1]])
        if t:
            here, back, weight = steps[t]
            carried = node_root[-1][:, back]
            pivot[np.ix_(here, here)] -= (carried.T @ carried) * np.outer(weight, weight)
            past = border[-1]
            B[here, : past.shape[1]] -= weight[:, None] * (carried.T @ past)
        inverse = _inverse_root(pivot)
        W = inverse @ B
        corner[: W.shape[1], : W.shape[1]] -= W.T @ W
        local.append(R)
        node_root.append(inverse)
        border.append(W)
    lower = np.asarray(np.linalg.cholesky(corner), dtype=np.float64)
    return Curvature(design, root, local, node_root, steps, border, lower)


def forward(curve: Curvature, nodes: Floats, items: Floats) -> tuple[Floats, Floats]:
    """Apply the inverse of the factor: z = L^-1 g.

    Parameters
    ----------
    curve : Curvature
    nodes : ndarray, shape (n_nodes,)
    items : ndarray, shape (n_items, 3)

    Returns
    -------
    ndarray, shape (n_nodes,)
    ndarray, shape (n_items, 3)
    """
    d = curve.design
    ptr = d.walk.node_ptr
    white = np.einsum("vij,vj->vi", curve.item_root, items)
    bridges = white[d.n_local :].ravel().copy()
    out = np.empty_like(nodes)
    row = 0
    for t, (R, root) in enumerate(zip(curve.local, curve.node_root, strict=True)):
        rows = slice(row, row + R.shape[0])
        row = rows.stop
        g = nodes[ptr[t] : ptr[t + 1]] - R.T @ white[: d.n_local].ravel()[rows]
        if t:
            here, back, weight = curve.step[t]
            g[here] -= weight * (curve.node_root[t - 1][:, back].T @ out[ptr[t - 1] : ptr[t]])
        w = root @ g
        out[ptr[t] : ptr[t + 1]] = w
        W = curve.border[t]
        bridges[: W.shape[1]] -= W.T @ w
    white[d.n_local :] = solve_triangular(curve.corner, bridges, lower=True).reshape(-1, 3)
    return out, white


def backward(curve: Curvature, nodes: Floats, items: Floats) -> tuple[Floats, Floats]:
    """Apply the inverse of the transposed factor: x = L^-T z.

    Parameters
    ----------
    curve : Curvature
    nodes : ndarray, shape (n_nodes,)
    items : ndarray, shape (n_items, 3)

    Returns
    -------
    ndarray, shape (n_nodes,)
    ndarray, shape (n_items, 3)
    """
    d = curve.design
    bridges = solve_triangular(curve.corner, items[d.n_local :].ravel(), lower=True, trans="T")
    x = _node_backward(curve, nodes[:, None], bridges[:, None])[:, 0]
    white = items.copy()
    white[d.n_local :] = bridges.reshape(-1, 3)
    moved = [
        R @ x[a:b]
        for R, a, b in zip(curve.local, d.walk.node_ptr, d.walk.node_ptr[1:], strict=False)
    ]
    white[: d.n_local] -= np.concatenate(moved).reshape(-1, 3)
    return x, np.einsum("vji,vj->vi", curve.item_root, white)


def solve(curve: Curvature, nodes: Floats, items: Floats) -> tuple[Floats, Floats]:
    """Solve H x = g for nodes and items together; shapes as in `forward`."""
    return backward(curve, *forward(curve, nodes, items))


def node_variance(curve: Curvature) -> Floats:
    """Diagonal of H^-1 at the nodes, items' uncertainty included.

    Parameters
    ----------
    curve : Curvature

    Returns
    -------
    ndarray, shape (n_nodes,)

    Notes
    -----
    Block recursion from the last session to the first for the shaft (selected
    inversion), plus the border's part through the corner.
    """
    ptr = curve.design.walk.node_ptr
    out = np.empty(ptr[-1])
    later: Floats | None = None
    for t in range(len(curve.node_root) - 1, -1, -1):
        root = curve.node_root[t]
        block = root.T @ root
        if later is not None:
            here, back, weight = curve.step[t + 1]
            gain = block[:, back] * weight
            block = block + gain @ later[np.ix_(here, here)] @ gain.T
        out[ptr[t] : ptr[t + 1]] = np.diag(block)
        later = block
    size = curve.corner.shape[0]
    if size:
        across = solve_triangular(curve.corner, np.eye(size), lower=True, trans="T")
        out += np.sum(_node_backward(curve, np.zeros((out.size, 1)), across) ** 2, axis=1)
    return out


def _node_backward(curve: Curvature, z: Floats, bridges: Floats) -> Floats:
    """Back-substitute through the shaft: shapes (n_nodes, k), (3 bridges, k)."""
    ptr = curve.design.walk.node_ptr
    out = np.empty((z.shape[0], bridges.shape[1]))
    for t in range(len(curve.node_root) - 1, -1, -1):
        W, root = curve.border[t], curve.node_root[t]
        y = z[ptr[t] : ptr[t + 1]] - W @ bridges[: W.shape[1]]
        if t + 1 < len(curve.node_root):
            here, back, weight = curve.step[t + 1]
            y -= root[:, back] @ (weight[:, None] * out[ptr[t + 1] : ptr[t + 2]][here])
        out[ptr[t] : ptr[t + 1]] = root.T @ y
    return out


def walk_steps(design: Design) -> list[tuple[Ints, Ints, Floats]]:
    """Off-diagonal blocks of the walk's precision, one per session."""
    walk, ptr = design.walk, design.walk.node_ptr
    steps = []
    for t in range(design.sessions.size):
        back = walk.prev[ptr[t] : ptr[t + 1]]
        here = np.flatnonzero(back >= 0)
        offset = ptr[t - 1] if t else 0
        steps.append((here, back[here] - offset, -walk.precision[ptr[t] : ptr[t + 1]][here]))
    return steps


def item_blocks(design: Design, terms: Terms, items: Floats) -> Floats:
    """Each item's own block of H, prior included, shape (n_items, 3, 3)."""
    data = terms.item_curvature[:, [0, 1, 2, 1, 3, 4, 2, 4, 5]].reshape(-1, 3, 3)
    blocks: Floats = data + item_prior_curvature(items, design.two)
    return blocks


def _couplings(design: Design, white: Floats, t: int) -> tuple[Floats, Floats]:
    """Whitened coupling of session t's nodes to its own items and to the bridges."""
    ptr = design.walk.node_ptr
    size = int(ptr[t + 1] - ptr[t])
    n_local, first = design.n_local, design.item_first
    a, b = np.searchsorted(first[:n_local], [t, t + 1])
    k = slice(design.item_ptr[a], design.item_ptr[b])
    R = np.zeros((b - a, 3, size))
    R[design.item[k] - a, :, design.node[k] - ptr[t]] = white[k]
    bridges = int(np.searchsorted(first[n_local:], t, side="right"))
    B = np.zeros((size, bridges, 3))
    start = design.item_ptr[n_local]
    at = start + np.flatnonzero(
        (design.node[start:] >= ptr[t]) & (design.node[start:] < ptr[t + 1])
    )
    B[design.node[at] - ptr[t], design.item[at] - n_local] = white[at]
    return R.reshape(3 * (b - a), size), B.reshape(size, 3 * bridges)


def _centring(seen: NDArray[np.bool_]) -> Floats:
    """Matrix that takes the mean off the observed nodes and 0 off the silent ones."""
    centring: Floats = np.diag(seen * 1.0) - np.outer(seen, seen) / seen.sum()
    return centring


def _inverse_root(pivot: Floats) -> Floats:
    """Invert the lower Cholesky factor of a positive definite matrix."""
    L, failed = dpotrf(pivot, lower=1, clean=1)
    if failed:
        raise np.linalg.LinAlgError("the curvature is not positive definite")
    inverse, _ = dtrtri(L, lower=1)
    result: Floats = inverse
    return result
