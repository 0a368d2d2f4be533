"""Measured substitution: how a state's trade moved after sanctions, against a counterfactual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.errors import BadInput

BEFORE = 10
AFTER = 5
LEAST_BEFORE = 5
LEAST_DONORS = 10
POOR_FIT = 2.0
"""Placebos that fit the years before more than twice as badly are left out."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """A donor of the counterfactual and its weight."""

    actor: str
    weight: float


@dataclass(frozen=True, slots=True)
class Effect:
    """How an outcome moved after an event, against a synthetic control.

    Attributes
    ----------
    years : tuple of int
        Years before and after, in order.
    observed, counterfactual : tuple of float
        The outcome, and that of the weighted donors.
    event : int
        First year of the event.
    effect : float
        Mean of observed minus counterfactual from the event on.
    fit : float
        Root mean squared gap before it.
    placebo_low, placebo_high : float
        5 % and 95 % of the effects found for donors as if they had had the event.
    p : float
        Share of states, itself among them, whose effect is at least as large either
        way: the smallest p possible is 1 / (placebos + 1).
    placebos : int
        Donors that fit no worse than twice as badly before.
    donors : tuple of Weighted
        With a weight of 1 % or more.
    """

    years: tuple[int, ...]
    observed: tuple[float, ...]
    counterfactual: tuple[float, ...]
    event: int
    effect: float
    fit: float
    placebo_low: float
    placebo_high: float
    p: float
    placebos: int
    donors: tuple[Weighted, ...]


def synthetic_effect(
    outcome: NDArray[np.float64],
    actors: Sequence[str],
    years: Sequence[int],
    *,
    treated: str,
    event: int,
    donors: Sequence[str],
    before: int = BEFORE,
    after: int = AFTER,
) -> Effect | None:
    """Compare a state's outcome after an event with a weighted mean of other states.

    Parameters
    ----------
    outcome : ndarray, shape (n, years)
        nan = not known.
    actors : sequence of str
        Of the rows.
    years : sequence of int
        Of the columns, consecutive.
    treated : str
        The state.
    event : int
        First year of the event.
    donors : sequence of str
        States without such an event in all these years.
    before, after : int
        Most years used on either side.

    Returns
    -------
    Effect or None
        None with fewer than five years before, none after, or fewer than ten donors
        known throughout.

    Raises
    ------
    BadInput
        The state is among its own donors, or not in the table.

    Notes
    -----
    Weights are non-negative and sum to 1; they make the donors' weighted outcome meet
    the treated state's in the years before, in least squares. The same is done for
    every donor in turn (placebo), and p ranks the effect itself: with more donors than
    years before, fits are so close that the usual ratio of gaps after and before would
    rank chance. What the event of a neighbour did to the donors
    (spillover) is not undone.

    References
    ----------
    Abadie, A., Diamond, A., Hainmueller, J. (2010). Synthetic control methods for
    comparative case studies. Journal of the American Statistical Association 105(490).
    doi:10.1198/jasa.2009.ap08746
    """
    if treated in donors or treated not in actors:
        raise BadInput(f"{treated} must be in the table, and not among its own donors")
    x, told = _window(outcome, actors, years, treated, event, before, after)
    pre = int(sum(y < event for y in told))
    if pre < LEAST_BEFORE or pre == len(told):
        return None
    pool = [d for d in donors if d in actors and not np.isnan(x[actors.index(d)]).any()]
    if len(pool) < LEAST_DONORS:
        return None
    rows = x[[actors.index(d) for d in pool]]
    mine = x[actors.index(treated)]
    weight = _weights(rows[:, :pre], mine[:pre])
    made = weight @ rows
    gap = mine - made
    fit, effect = _fit(gap, pre), float(gap[pre:].mean())
    effects = _placebos(rows, pre, POOR_FIT * fit)
    order = np.lexsort((np.array(pool), -weight))
    low, high = np.quantile(effects, [0.05, 0.95]) if effects.size else (np.nan, np.nan)
    return Effect(
        years=told,
        observed=tuple(map(float, mine)),
        counterfactual=tuple(map(float, made)),
        event=event,
        effect=effect,
        fit=fit,
        placebo_low=float(low),
        placebo_high=float(high),
        p=float((1 + (np.abs(effects) >= abs(effect)).sum()) / (1 + effects.size)),
        placebos=int(effects.size),
        donors=tuple(Weighted(pool[k], float(weight[k])) for k in order if weight[k] >= 0.01),
    )


def _window(
    outcome: NDArray[np.float64],
    actors: Sequence[str],
    years: Sequence[int],
    treated: str,
    event: int,
    before: int,
    after: int,
) -> tuple[NDArray[np.float64], tuple[int, ...]]:
    """The years around the event in which the treated state is known without a hole."""
    mine = outcome[actors.index(treated)]
    known = {y for y, v in zip(years, mine, strict=True) if not np.isnan(v)}
    if event not in known:
        return outcome[:, :0], ()
    first = event
    while first - 1 in known and event - (first - 1) <= before:
        first -= 1
    last = event
    while last + 1 in known and last + 1 - event < after:
        last += 1
    told = tuple(range(first, last + 1))
    return outcome[:, [list(years).index(y) for y in told]], told


def _weights(rows: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Non-negative weights of sum 1 whose mean of the rows meets the target best."""
    from scipy.optimize import nnls

    heavy = 1e3 * max(1e-9, float(np.abs(rows).max(initial=0.0)))
    small = 1e-4 * float(np.std(rows)) * np.eye(len(rows))
    system = np.vstack([rows.T, np.full((1, len(rows)), heavy), small])
    aim = np.concatenate([target, [heavy], np.zeros(len(rows))])
    raw = nnls(system, aim, maxiter=100 * len(rows))[0]
    total = float(raw.sum())
    return raw / total if total > 0 else np.full(len(rows), 1 / len(rows))


def _fit(gap: NDArray[np.float64], pre: int) -> float:
    """Root mean squared gap before the event."""
    return float(np.sqrt((gap[:pre] ** 2).mean()))


def _placebos(rows: NDArray[np.float64], pre: int, worst: float) -> NDArray[np.float64]:
    """Effects found for the donors, each against the others, where the fit is good enough."""
    effects = []
    for k in range(len(rows)):
        others = np.delete(rows, k, axis=0)
        gap = rows[k] - _weights(others[:, :pre], rows[k, :pre]) @ others
        if _fit(gap, pre) <= max(worst, 1e-12):
            effects.append(float(gap[pre:].mean()))
    return np.array(effects)
