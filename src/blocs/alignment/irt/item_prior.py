"""What is believed of items before the votes: slopes and cutpoints."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SLOPE_SD = 1.0
CUTPOINT_SD = 20.0
"""All but flat: a firmer prior would pull the positions of whole sessions, for which nothing
speaks but bridges and the walk."""


def item_log_prior(items: Floats, two: Bools) -> tuple[Floats, Floats]:
    """Log density of (beta, c1, d = log(c2 - c1)) and its gradient.

    Parameters
    ----------
    items : ndarray, shape (n_items, 3)
    two : ndarray of bool, shape (n_items,)
        Items with one cutpoint, whose d is a placeholder with a N(0, 1) of its own.

    Returns
    -------
    ndarray, shape (n_items,)
    ndarray, shape (n_items, 3)

    Notes
    -----
    beta ~ N(0, 1); c1 and c2 ~ N(0, 20^2), ordered; the density of d includes
    the factor exp(d) of the change of variable.
    """
    beta, c1, d = items.T
    gap = np.exp(np.where(two, 0.0, d))
    c2 = np.where(two, 0.0, c1 + gap)
    q = 1 / CUTPOINT_SD**2
    value = -0.5 * (beta / SLOPE_SD) ** 2 - 0.5 * q * (c1**2 + c2**2)
    value += np.where(two, -0.5 * d**2, d)
    g_gap = np.where(two, -d, 1.0 - q * c2 * gap)
    return value, np.column_stack([-beta / SLOPE_SD**2, -q * (c1 + c2), g_gap])


def item_prior_curvature(items: Floats, two: Bools) -> Floats:
    """Minus the second derivative, less the part that the data's cancel; (n_items, 3, 3).

    At the mode the data's gradient in d is minus the prior's, and so the term of
    both that bends with exp(d) sums to 1, the exp(d) of the change of variable.
    """
    gap = np.exp(np.where(two, 0.0, items[:, 2]))
    q = 1 / CUTPOINT_SD**2
    three = ~two
    H = np.zeros((two.size, 3, 3))
    H[:, 0, 0] = 1 / SLOPE_SD**2
    H[:, 1, 1] = q * (1.0 + three)
    H[:, 1, 2] = H[:, 2, 1] = q * gap * three
    H[:, 2, 2] = np.where(two, 1.0, 1.0 + q * gap**2)
    return H
