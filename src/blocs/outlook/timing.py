"""When, if ever: distributions of time that experts' words stand for.

Each gives P(T <= t | it ever happens), t in years from the day the words were said.
Whether it ever happens is another question: a forecast of an event is q F(t).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from blocs.errors import BadInput

Array = NDArray[np.float64]
Shape = Literal["by", "opens", "uniform", "hazard", "capability"]
SHAPES: tuple[Shape, ...] = get_args(Shape)
TAIL = 0.1
_STEPS = 400


def by_window(t: ArrayLike, low: float, high: float) -> Array:
    """Log-normal with a tenth of its probability before a window and a tenth after it.

    Parameters
    ----------
    t : array_like
        Years since it was said.
    low, high : float
        Ends of the window, 0 < low < high.

    Examples
    --------
    >>> by_window([5.0, 8.0], 5, 8).round(3).tolist()
    [0.1, 0.9]
    """
    centre = (np.log(low) + np.log(high)) / 2
    scale = (np.log(high) - np.log(low)) / (2 * -ndtri(TAIL))
    at = np.asarray(t, np.float64)
    with np.errstate(divide="ignore"):
        z = (np.log(np.maximum(at, 0.0)) - centre) / scale
    return np.where(at > 0, ndtr(z), 0.0)


def uniform_window(t: ArrayLike, low: float, high: float) -> Array:
    """Any time between two ends alike.

    Examples
    --------
    >>> uniform_window([2.0, 3.0, 9.0], 2, 4).tolist()
    [0.0, 0.5, 1.0]
    """
    return np.clip((np.asarray(t, np.float64) - low) / (high - low), 0.0, 1.0)


def opening_window(t: ArrayLike, low: float, high: float, rate: float) -> Array:
    """A window that opens within `low` to `high`, and a steady hazard from then on.

    Parameters
    ----------
    t : array_like
        Years since it was said.
    low, high : float
        When it opens: log-normal, a tenth before and a tenth after, as `by_window`.
    rate : float
        Hazard per year once it is open.

    Notes
    -----
    F(t) = E[1 - exp(-rate (t - S))^+] over the opening S, by its quantiles.

    Examples
    --------
    >>> opening_window([1.0, 50.0], 3, 5, 0.5).round(3).tolist()
    [0.0, 1.0]
    """
    centre = (np.log(low) + np.log(high)) / 2
    scale = (np.log(high) - np.log(low)) / (2 * -ndtri(TAIL))
    opens = np.exp(centre + scale * ndtri((np.arange(_STEPS) + 0.5) / _STEPS))
    after = np.maximum(np.asarray(t, np.float64)[..., None] - opens, 0.0)
    return np.asarray(-np.expm1(-rate * after).mean(axis=-1) + 0.0)


def hazard_steps(t: ArrayLike, steps: Sequence[Sequence[float]]) -> Array:
    """Hazard that is steady from each given year on: ``[[year, rate], ...]``.

    Examples
    --------
    >>> hazard_steps([1.0, 3.0], [[0, 0.0], [2, 0.5]]).round(3).tolist()
    [0.0, 0.393]
    """
    starts = np.array([s[0] for s in steps], np.float64)
    rates = np.array([s[1] for s in steps], np.float64)
    ends = np.append(starts[1:], np.inf)
    at = np.asarray(t, np.float64)[..., None]
    spent = np.clip(np.minimum(at, ends) - starts, 0.0, None)
    return np.asarray(-np.expm1(-(spent * rates).sum(axis=-1)) + 0.0)


def timing(
    t: ArrayLike,
    shape: Shape,
    window: tuple[float, float] | None,
    *,
    rate: float | None = None,
    steps: Sequence[Sequence[float]] = (),
) -> Array | None:
    """P(T <= t | ever) for a shape; None for a capability, which has no date.

    Parameters
    ----------
    t : array_like
        Years since it was said.
    shape : str
        ``by``, ``opens``, ``uniform``, ``hazard`` or ``capability``.
    window : tuple of float or None
        Its ends in years; needed but for the last two.
    rate : float, optional
        For ``opens``: hazard a year once open; without it the event is the opening.
    steps : sequence
        For ``hazard``.
    """
    if shape == "capability":
        return None
    if shape == "hazard":
        return hazard_steps(t, steps)
    if window is None:
        raise BadInput(f"shape {shape!r} needs a window: window = [low, high] in years")
    if shape == "uniform":
        return uniform_window(t, *window)
    if shape == "opens" and rate is not None:
        return opening_window(t, *window, rate)
    return by_window(t, *window)
