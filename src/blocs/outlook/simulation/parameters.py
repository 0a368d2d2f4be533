"""Every parameter of the simulation: value, range, and where it is from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from blocs.schemas import RUNGS


class Parameter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number of the model that is not known exactly.

    Attributes
    ----------
    name : str
        ``part.name`` as scenarios write it.
    value, low, high : float
        Used value, and the range that is drawn from (uniformly).
    source : str
        ``fitted(...)``, ``literature(...)`` or ``assumption``.
    meaning : str
        What it does, with its unit.
    """

    name: str
    value: float
    low: float
    high: float
    source: str
    meaning: str

    @property
    def assumed(self) -> bool:
        """Whether nothing but judgement stands behind it."""
        return self.source.startswith("assumption")


def _assumed(name: str, value: float, low: float, high: float, meaning: str) -> Parameter:
    return Parameter(
        name=name, value=value, low=low, high=high, source="assumption", meaning=meaning
    )


DEFAULTS: Final[tuple[Parameter, ...]] = (
    _assumed("events.rate", 1.0, 0.7, 1.4, "factor on all unprovoked hostile events"),
    _assumed("events.own_fast", 0.25, 0.1, 0.4, "further events of the same state per event, soon"),
    _assumed("events.own_slow", 0.2, 0.1, 0.3, "further events of the same state, slowly"),
    _assumed("events.back_fast", 0.1, 0.02, 0.2, "answers of the other state per event, soon"),
    _assumed("events.back_slow", 0.05, 0.0, 0.1, "answers of the other state, slowly"),
    _assumed("events.fast_days", 60.0, 20.0, 60.0, "days in which the fast memory falls to 1/e"),
    _assumed("events.slow_days", 365.0, 200.0, 730.0, "days in which the slow memory falls to 1/e"),
    _assumed("events.across", 1.5, 1.0, 2.5, "factor on events between opposed blocs"),
    _assumed("events.within", 0.5, 0.2, 1.0, "factor on events inside a bloc"),
    _assumed("alignment.review", 1 / 12, 1 / 24, 1 / 6, "chance a month that a state reviews"),
    _assumed("alignment.beta", 1.0, 0.5, 2.0, "how strongly the pulls of others decide a review"),
    _assumed("alignment.inertia", 5.0, 4.0, 6.0, "log odds in favour of staying where one is"),
    _assumed("alignment.independence", 0.25, 0.0, 0.5, "pull of belonging to neither bloc"),
    _assumed("alignment.nudge", 0.02, 0.0, 0.05, "what one hostile event takes off a pull"),
    _assumed("ladder.need", 2.0, 0.0, 4.0, "log odds a month from 0 to total inferiority"),
    _assumed("ladder.react", 0.2, 0.05, 0.4, "log odds per rung the other side's top is ahead"),
    _assumed("ladder.align", 0.5, 0.0, 1.0, "log odds of supporting one's own bloc"),
    _assumed("ladder.patron", 0.3, 0.0, 1.0, "log odds per rung that a patron has not gone"),
    _assumed("ladder.sanction", 0.5, 0.0, 1.5, "log odds against, at all trade lost to sanctions"),
    _assumed("ladder.down", 0.01, 0.002, 0.03, "chance a month of stepping a rung down"),
    _assumed("ladder.provoke", 0.5, 0.0, 1.0, "hostile events' worth of a rung of lethal aid"),
    *(
        _assumed(
            f"ladder.up_{rung}", -3.5, -5.0, -2.0, f"log odds a month of leaving the rung {rung}"
        )
        for rung in RUNGS[:-1]
    ),
    _assumed("front.attrition", 0.02, 0.01, 0.04, "share of the other's forces lost a month"),
    _assumed("front.supply", 0.02, 0.005, 0.04, "forces a month that full support adds"),
    _assumed("trade.loss", 0.3, 0.1, 0.5, "production lost if all trade is lost"),
    _assumed("trade.reroute", 0.4, 0.2, 0.7, "share of the missing rerouting made good a year"),
    _assumed("trade.reroute_most", 0.7, 0.4, 0.9, "share of lost trade that can find another way"),
)

NAMES: Final = tuple(p.name for p in DEFAULTS)
(
    RATE, OWN_FAST, OWN_SLOW, BACK_FAST, BACK_SLOW, FAST_DAYS, SLOW_DAYS, ACROSS, WITHIN,
    REVIEW, BETA, INERTIA, INDEPENDENCE, NUDGE,
    NEED, REACT, ALIGN, PATRON, SANCTION, DOWN, PROVOKED,
    UP, _1, _2, _3, _4, _5, _6,
    ATTRITION, SUPPLY, LOSS, REROUTE, REROUTE_MOST,
) = range(len(DEFAULTS))  # fmt: skip
"""Columns of the parameters; those of taboos, ratios and fronts come after them."""

MEMORIES: Final = NAMES[OWN_FAST : BACK_SLOW + 1]
"""Further events that one event leads to, by who acts and how soon."""


def explodes(ranges: Mapping[str, tuple[float, float]]) -> str | None:
    """Tell whether each event could lead to one more or above, on and on.

    Parameters
    ----------
    ranges : mapping of str to (float, float)
        Least and most of each parameter, by its name; those that are no memory are passed over.

    Returns
    -------
    str or None
        What is wrong and what to do. A pair of states has ``1 / (1 - sum)`` events for each
        that nothing provoked (Hawkes), without end from 1 on. A draw stays below the most of
        its range, so that 1 itself is wrong of fixed values alone.

    Examples
    --------
    >>> explodes({"events.own_fast": (0.1, 0.4), "events.back_fast": (0.1, 0.5)}) is None
    True
    >>> explodes({"events.own_fast": (0.6, 0.6), "events.back_fast": (0.1, 0.5)})[:38]
    'the memories add to 1.1 further events'
    """
    held = {name: ranges[name] for name in MEMORIES if name in ranges}
    total = round(sum(high for _, high in held.values()), 9)
    if total < 1 or (total == 1 and any(low < high for low, high in held.values())):
        return None
    told = ", ".join(f"{name} {high:g}" for name, (_, high) in held.items())
    return (
        f"the memories add to {total:g} further events for each event (most of each: {told}), and "
        "from 1 on their number explodes; lower them until they add to less than 1"
    )


ANY: Final = (-100.0, 100.0)
"""Log odds, and pulls: more than a hundred either way is as good as never or always."""
_SHARE, _POSITIVE = (0.0, 1.0), (0.0, 100.0)
LIMITS: Final[dict[str, tuple[float, float]]] = {
    **dict.fromkeys(NAMES, ANY),
    **dict.fromkeys(NAMES[OWN_FAST : BACK_SLOW + 1], _SHARE),
    **dict.fromkeys(NAMES[FAST_DAYS : SLOW_DAYS + 1], (1.0, 36_525.0)),
    **{NAMES[k]: _POSITIVE for k in (RATE, ACROSS, WITHIN, BETA, NUDGE, PROVOKED, SUPPLY)},
    **{NAMES[k]: _SHARE for k in (REVIEW, DOWN, ATTRITION, LOSS, REROUTE, REROUTE_MOST)},
}
"""Least and most that a scenario may set each parameter to; beyond them it has no meaning."""
