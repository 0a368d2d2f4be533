"""How readily states change blocs: the logit of the reviews, fitted to past realignments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.outlook.simulation.model import UNALIGNED, Reals
from blocs.outlook.simulation.parameters import DEFAULTS, Parameter
from blocs.outlook.simulation.standing import Standing, fields

FITTED = ("alignment.beta", "alignment.inertia", "alignment.independence")
REVIEW = 1 / 12
"""Reviews a month: only its product with the odds of moving shows in yearly data."""
NORMAL_90 = 1.645
_MONTHS = 12
_STEP = 1e-3


@dataclass(frozen=True, slots=True)
class Transitions:
    """What states did in one year each.

    Attributes
    ----------
    year : ndarray of int, shape (m,)
        Year that a row starts in.
    field : ndarray, shape (m, 2)
        Pull towards either bloc at its start.
    old, new : ndarray of int, shape (m,)
        Bloc at its start and at its end.
    """

    year: NDArray[np.int64]
    field: Reals
    old: NDArray[np.int64]
    new: NDArray[np.int64]


def transitions(stood: Mapping[int, Standing], until: int) -> Transitions:
    """Pair the standings of years that follow each other, the last of them not after `until`.

    The poles themselves are left out: they cannot leave a bloc named after them.
    """
    parts = []
    for year, one in sorted(stood.items()):
        two = stood.get(year + 1)
        if two is None or year + 1 > until:
            continue
        place = {name: i for i, name in enumerate(two.names)}
        field = fields(one.states)
        kept = [
            (i, place[a])
            for i, a in enumerate(one.names)
            if a in place and one.known[i] and two.known[place[a]] and not _leads(one, i)
        ]
        at = np.array(kept, dtype=np.int64).reshape(-1, 2)
        years = np.full(len(at), year)
        parts.append((years, field[at[:, 0]], one.bloc[at[:, 0]], two.bloc[at[:, 1]]))
    if not parts:
        none = np.zeros(0, np.int64)
        return Transitions(none, np.zeros((0, 2)), none, none)
    years, field, old, new = (np.concatenate(c) for c in zip(*parts, strict=True))
    return Transitions(years, field, old.astype(np.int64), new.astype(np.int64))


def _leads(one: Standing, i: int) -> bool:
    return one.names[i] in one.poles


def year_odds(field: Reals, old: NDArray[np.int64], theta: Reals) -> Reals:
    """Chances of each bloc a year later, shape (m, 3), with the field held still.

    Parameters
    ----------
    field : ndarray, shape (m, 2)
        Pull towards either bloc.
    old : ndarray of int, shape (m,)
        Bloc now.
    theta : ndarray, shape (3,)
        beta, inertia, independence.

    Notes
    -----
    Twelve months of P = (1 - r) I + r softmax(beta field + inertia [k = old]).

    Examples
    --------
    >>> year_odds(np.zeros((1, 2)), np.array([2]), np.array([1.0, 0, 0])).round(3).tolist()
    [[0.216, 0.216, 0.568]]
    """
    beta, inertia, independence = theta
    m = len(old)
    pull = beta * np.column_stack([field, np.full(m, independence)])
    score = pull[:, None, :] + inertia * np.eye(UNALIGNED + 1)[None]
    weight = np.exp(score - score.max(axis=2, keepdims=True))
    step = REVIEW * weight / weight.sum(axis=2, keepdims=True)
    odds = np.eye(UNALIGNED + 1)[old]
    for _ in range(_MONTHS):
        odds = (1 - REVIEW) * odds + np.einsum("mk,mkl->ml", odds, step)
    return odds


def fit_reviews(rows: Transitions) -> tuple[Parameter, ...]:
    """Fit beta, inertia and independence to what states did.

    Parameters
    ----------
    rows : Transitions
        Years of states.

    Returns
    -------
    tuple of Parameter
        The three, each with its 90 % interval; empty without a single change of bloc.

    Notes
    -----
    Maximum a posteriori with the assumed ranges as 90 % normal priors, so that little
    data move little. The covariance is the sandwich H^-1 (G + P) H^-1 with scores
    summed by year (states move together) and P the precision of the prior.

    References
    ----------
    Liang & Zeger (1986), Longitudinal data analysis using generalized linear models,
    Biometrika 73, https://doi.org/10.1093/biomet/73.1.13 (the sandwich by cluster).
    """
    moved = int((rows.old != rows.new).sum())
    if not moved:
        return ()
    from scipy.optimize import minimize

    prior = {p.name: p for p in DEFAULTS}
    middle = np.array([prior[n].value for n in FITTED])
    spread = np.array([(prior[n].high - prior[n].low) / 2 / NORMAL_90 for n in FITTED])
    m = np.arange(len(rows.old))

    def surprise(theta: Reals) -> Reals:
        return np.asarray(-np.log(year_odds(rows.field, rows.old, theta)[m, rows.new] + 1e-300))

    def loss(theta: Reals) -> float:
        return float(surprise(theta).sum() + (((theta - middle) / spread) ** 2).sum() / 2)

    best = np.asarray(minimize(loss, middle, method="BFGS", options={"gtol": 1e-3}).x)
    error = _errors(best, surprise, rows.year, spread)
    period = f"{rows.year.min()}-{rows.year.max() + 1}"
    source = (
        f"fitted(treaties and votes, {len(m)} state-years, {moved} changes of bloc, {period}, 90 %)"
    )
    least = np.array([0.0, 0.0, -np.inf])
    low, high = np.maximum(best - NORMAL_90 * error, least), best + NORMAL_90 * error
    return tuple(
        Parameter(
            name=name, value=float(best[k]), low=float(low[k]), high=float(high[k]),
            source=source, meaning=prior[name].meaning,
        )
        for k, name in enumerate(FITTED)
    )  # fmt: skip


def _errors(
    best: Reals, surprise: Callable[[Reals], Reals], year: NDArray[np.int64], spread: Reals
) -> Reals:
    """Standard errors by the sandwich, from differences in each direction."""
    k = len(best)
    steps = _STEP * np.eye(k)
    score = np.stack([(surprise(best + h) - surprise(best - h)) / (2 * _STEP) for h in steps])
    _, which = np.unique(year, return_inverse=True)
    by_year = np.stack([np.bincount(which, weights=s) for s in score])
    hessian = np.empty((k, k))
    for a in range(k):
        for b in range(k):
            signs = [(1, 1), (1, -1), (-1, 1), (-1, -1)]
            four = [surprise(best + p * steps[a] + q * steps[b]).sum() for p, q in signs]
            hessian[a, b] = (four[0] - four[1] - four[2] + four[3]) / (4 * _STEP**2)
    prior = np.diag(spread**-2.0)
    inverse = np.linalg.inv(hessian + prior)
    covariance = inverse @ (by_year @ by_year.T + prior) @ inverse
    return np.asarray(np.sqrt(np.diag(covariance)))
