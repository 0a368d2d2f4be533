"""A place to start from: one fixed position per state, from who votes with whom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import ndtri

from blocs.alignment.irt.design import Design
from blocs.alignment.irt.identification import standardise

Floats = NDArray[np.float64]


def starting_values(design: Design) -> tuple[Floats, Floats]:
    """Leading eigenvector of centred votes in common, the same for all sessions.

    Parameters
    ----------
    design : Design

    Returns
    -------
    theta : ndarray, shape (n_nodes,)
        Standardised.
    items : ndarray, shape (n_items, 3)
        beta from the slope of votes on theta, cutpoints from the vote shares.
    """
    x = design.vote - 2.0
    counts = np.diff(design.item_ptr)
    mean = np.add.reduceat(x, design.item_ptr[:-1]) / counts
    x = x - mean[design.item]
    actor = design.walk.actor[design.node]
    cast = csr_array((x, (design.item, actor)))
    met = csr_array((np.ones_like(x), (design.item, actor)))
    together = (met.T @ met).toarray()
    likeness = (cast.T @ cast).toarray() / np.maximum(together, 1)
    vector = np.linalg.eigh(likeness)[1][:, -1]
    # An eigenvector's sign is arbitrary: fix it, so that runs agree to the byte.
    vector = vector * np.sign(vector[np.argmax(np.abs(vector))])
    theta = vector[design.walk.actor]
    theta, _ = standardise(design, theta, np.zeros((design.n_items, 3)))
    slope = np.add.reduceat(x * theta[design.node], design.item_ptr[:-1]) / counts
    shares = np.stack(
        [np.add.reduceat((design.vote <= k) * 1.0, design.item_ptr[:-1]) for k in (1, 2)]
    )
    low, high = ndtri(np.clip(shares / counts, 0.5 / counts, 1 - 0.5 / counts))
    gap = np.log(np.maximum(high - low, 0.05))
    return theta, np.column_stack([slope, low, np.where(design.two, 0.0, gap)])
