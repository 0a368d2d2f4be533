"""How far to believe a fact on the word of independent sources: a rule, not a measurement."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

RELIABILITY = 0.7
RANGE = (0.6, 0.8)
RULE = (
    "Bayes' rule for independent witnesses: even odds before; each independent source multiplies "
    "the odds by r/(1-r), each denial divides them; weak or hedged words count half; copies count "
    "nothing. r = 0.7, and the bounds are for r from 0.6 to 0.8. The rule is a convention: r is "
    "assumed, not measured, and sources that share an interest are not independent."
)


@dataclass(frozen=True, slots=True)
class Credence:
    """Credence of a fact, and what it is for less and more reliable sources.

    Attributes
    ----------
    value, low, high : float
        In (0, 1); 0.5 is even.
    """

    value: float
    low: float
    high: float


def credence(weights_for: Sequence[float], weights_against: Sequence[float]) -> Credence:
    """Weigh who says a thing against who denies it.

    Parameters
    ----------
    weights_for, weights_against : sequence of float
        One weight per independent source: 1, or 0.5 where it says so weakly.

    Returns
    -------
    Credence
        By :data:`RULE`.

    Notes
    -----
    ``value = 1 / (1 + ((1 - r) / r) ** k)`` with ``k`` the weights for less those against.

    Examples
    --------
    >>> round(credence([1.0], []).value, 2), credence([1.0], [1.0]).value
    (0.7, 0.5)
    """
    k = math.fsum(weights_for) - math.fsum(weights_against)
    value, *ends = (1 / (1 + ((1 - r) / r) ** k) for r in (RELIABILITY, *RANGE))
    return Credence(value, min(ends), max(ends))
