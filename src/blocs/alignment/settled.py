"""Figures at the precision that the arithmetic behind them can carry."""

from __future__ import annotations

from math import floor, isfinite, log10

EPS = 2.0**-52
"""Relative rounding error of one operation."""


def settled(value: float, error: float) -> float:
    """Round a figure to the last decimal that its rounding error leaves standing.

    Parameters
    ----------
    value : float
        nan stays nan.
    error : float
        Bound on the rounding error of `value`, above 0.

    Examples
    --------
    >>> settled(1.47e-16, 4e-15), settled(0.9999999999999984, 4e-15), settled(0.123456, 1e-3)
    (0.0, 1.0, 0.123)
    """
    if not isfinite(value):
        return value
    return round(value, floor(-log10(error))) + 0.0
