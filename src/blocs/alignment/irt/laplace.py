"""Posterior mode of positions and items together, and the spread around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solveh_banded

from blocs.alignment.irt.curvature import Curvature, factor, node_variance, solve
from blocs.alignment.irt.design import Design
from blocs.alignment.irt.identification import standardise, tangent, within
from blocs.alignment.irt.item_fit import fit_items, item_gradient, item_log_posterior
from blocs.alignment.irt.ordinal_probit import Terms
from blocs.alignment.irt.random_walk import walk_diagonal, walk_gradient
from blocs.alignment.irt.start import starting_values

Floats = NDArray[np.float64]

ALTERNATIONS = 12
"""Cheap rounds before the joint steps: they bring it near without a joint factor."""

SOFTER, HARDER = 1 / 8, 4.0
"""How damping changes after a step that raised the posterior, or failed to."""


@dataclass(frozen=True, slots=True)
class State:
    """A point of the climb.

    Attributes
    ----------
    theta : ndarray, shape (n_nodes,)
        Mean 0 and within-session variance 1 over nodes with votes.
    items : ndarray, shape (n_items, 3)
        beta, c1, log(c2 - c1): the best for ``theta``.
    terms : Terms
    log_posterior : float
        Up to a constant.
    """

    theta: Floats
    items: Floats
    terms: Terms
    log_posterior: float


@dataclass(frozen=True, slots=True)
class Mode:
    """The most probable positions and items, with the curvature there.

    Attributes
    ----------
    theta : ndarray, shape (n_nodes,)
        Mean 0 and within-session variance 1 over nodes with votes.
    items : ndarray, shape (n_items, 3)
        beta, c1, log(c2 - c1).
    curvature : Curvature
    log_posterior : float
        Up to a constant.
    iterations : int
    converged : bool
    """

    theta: Floats
    items: Floats
    curvature: Curvature
    log_posterior: float
    iterations: int
    converged: bool


def fit_mode(
    design: Design,
    *,
    iterations: int = 100,
    tolerance: float = 1e-3,
    report: Callable[[str], object] | None = None,
) -> Mode:
    """Climb to the joint mode by exact Newton steps that keep mean and spread.

    Parameters
    ----------
    design : Design
    iterations : int
        Joint steps at most.
    tolerance : float
        Stop when no position moved by more.
    report : callable, optional
        Told in words how far the climb is.

    Returns
    -------
    Mode

    Notes
    -----
    First paths and items take turns; then each step solves for all positions and
    items at once, projected on the tangent of {mean 0, within-session variance 1},
    with Levenberg damping, and items are refitted. Convergence is quadratic.
    """
    theta, items = starting_values(design)
    items, terms = fit_items(design, theta, items, iterations=30)
    state = _state(design, theta, items, terms)
    for _ in range(ALTERNATIONS):
        state = _alternate(design, state)
    moved, done, damping = np.inf, 0, 10.0
    while done < iterations and moved > tolerance:
        done += 1
        try:
            curve = factor(
                design, state.terms, state.items, damping=damping, tension=tension(design, state)
            )
        except np.linalg.LinAlgError:
            damping *= HARDER
            continue
        new = _joint_step(design, curve, state)
        if new.log_posterior < state.log_posterior - 1e-6:
            damping *= HARDER
            continue
        moved = float(np.abs(new.theta - state.theta)[design.observed].max())
        state, damping = new, damping * SOFTER
        if report is not None:
            report(f"reaching the mode: step {done}, largest move {moved:.3f}")
    curve = factor(design, state.terms, state.items, tension=tension(design, state))
    return Mode(
        state.theta, state.items, curve, state.log_posterior, done, bool(moved <= tolerance)
    )


def tension(design: Design, state: State) -> float:
    """Pull of the votes against the fixed spread: the constraint's multiplier.

    The surface {within-session variance 1} is curved, and this times the centring
    matrix of each session is what its curvature adds to that of the posterior.
    """
    pull = _node_gradient(design, state) @ within(design, state.theta)
    return max(float(pull) / int(design.observed.sum()), 0.0)


def position_variance(design: Design, theta: Floats, curve: Curvature) -> Floats:
    """Variance of positions, given the mean and the within-session spread of all.

    Parameters
    ----------
    design : Design
    theta : ndarray, shape (n_nodes,)
    curve : Curvature

    Returns
    -------
    ndarray, shape (n_nodes,)
    """
    A = tangent(design, theta)
    none = np.zeros((design.n_items, 3))
    X = np.column_stack([solve(curve, a, none)[0] for a in A.T])
    known = np.linalg.solve(A.T @ X, X.T)
    variance: Floats = node_variance(curve) - np.sum(X * known.T, axis=1)
    return variance


def _state(design: Design, theta: Floats, items: Floats, terms: Terms) -> State:
    """Score a point."""
    value = item_log_posterior(design, terms, items).sum() + walk_gradient(design.walk, theta)[0]
    return State(theta, items, terms, float(value))


def _node_gradient(design: Design, state: State) -> Floats:
    """Gradient of the log posterior in the positions."""
    return state.terms.node_gradient + walk_gradient(design.walk, state.theta)[1]


def _alternate(design: Design, state: State) -> State:
    """Move each path given the items, then the items given the paths."""
    walk = design.walk
    order = np.lexsort((walk.session, walk.actor))
    link = np.where(walk.prev >= 0, -walk.precision, 0.0)
    bands = np.vstack([link[order], (state.terms.node_curvature + walk_diagonal(walk))[order]])
    step = np.empty_like(state.theta)
    step[order] = solveh_banded(bands, _node_gradient(design, state)[order])
    theta, items = standardise(design, state.theta + step, state.items)
    items, terms = fit_items(design, theta, items, iterations=3)
    return _state(design, theta, items, terms)


def _joint_step(design: Design, curve: Curvature, state: State) -> State:
    """Newton step within the tangent of {mean 0, within-session variance 1}."""
    g_items = item_gradient(design, state.terms, state.items)
    step, item_step = solve(curve, _node_gradient(design, state), g_items)
    A = tangent(design, state.theta)
    sides = [solve(curve, a, np.zeros_like(state.items)) for a in A.T]
    X = np.column_stack([side[0] for side in sides])
    nu = np.linalg.solve(A.T @ X, A.T @ step)
    step = step - X @ nu
    item_step = item_step - nu[0] * sides[0][1] - nu[1] * sides[1][1]
    theta, items = standardise(design, state.theta + step, state.items + item_step)
    items, terms = fit_items(design, theta, items)
    return _state(design, theta, items, terms)
