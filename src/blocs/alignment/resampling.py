"""Draw again with replacement, and span the middle of what comes out: one way for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.90
DRAWS = 1_000
FEW_YEARS = 10
"""Fewer years than these make an interval too narrow even where no text comes back: of intervals
meant to hold 90 % of the time those of 3 years hold 63 %, of 5 years 74 %, of 10 years 84 %. Where
most texts come back every year they hold about 25 %, however many the years; those of texts hold
88 to 90 % in both worlds (`tests/alignment/test_vote_draws.py`)."""

Span = tuple[float, float] | tuple[None, None]


@dataclass(frozen=True, slots=True)
class Resampled:
    """What an interval was drawn from.

    Attributes
    ----------
    unit : str
        ``texts``: a text with all its votes of the period is drawn as one. ``years``: all
        that happened in a year is drawn as one.
    count : int
        How many texts or years there are.
    rollcalls : int or None
        Roll calls on these texts; none where years are drawn.
    repeats : bool
        Whether the years share texts that come back, which only roll calls would tell.
    """

    unit: Literal["texts", "years"]
    count: int
    rollcalls: int | None = None
    repeats: bool = False

    @property
    def narrow(self) -> str:
        """Why the interval is too narrow; empty where it is not known to be."""
        few = f"fewer than {FEW_YEARS}" if self.unit == "years" and self.count < FEW_YEARS else ""
        same = "texts that come back are in all of them" if self.repeats else ""
        return ", and ".join(filter(None, (few, same)))

    def __str__(self) -> str:
        """Say what was drawn, and why that is too little where it is.

        Examples
        --------
        >>> print(Resampled("texts", 212, 312))
        212 texts (312 roll calls)
        >>> print(Resampled("years", 3))
        3 years (fewer than 10: the interval is too narrow)
        """
        if self.unit == "texts":
            return f"{self.count:,} texts ({self.rollcalls:,} roll calls)"
        return f"{self.count} years" + (
            f" ({self.narrow}: the interval is too narrow)" if self.narrow else ""
        )


def resampled(count: int, draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """How often each of some units comes up when as many are drawn with replacement.

    Parameters
    ----------
    count : int
        Units: texts, or years.
    draws : int
        Resamples.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (draws, count)
        Each row adds up to `count`.
    """
    return rng.multinomial(count, np.full(count, 1 / count), size=draws).astype(np.float64)


def interval(draws: NDArray[np.float64], point: float) -> tuple[float, float]:
    """Span the middle `LEVEL` of resampled values, and the figure itself.

    Parameters
    ----------
    draws : ndarray, shape (draws,)
        nan = nothing known in that resample; left out.
    point : float
        The figure the interval is for. Where pairs are known in few years alone,
        resamples that miss those years can all lie to one side of it.
    """
    tail = (1 - LEVEL) / 2
    low, high = np.nanquantile(draws, [tail, 1 - tail])
    return min(float(low), point), max(float(high), point)


def span(draws: NDArray[np.float64], point: float) -> Span:
    """`interval`, or none without draws: one unit cannot be resampled."""
    return interval(draws, point) if len(draws) else (None, None)
