"""Parameters that the evidence at hand can say something about."""

from __future__ import annotations

import math
from datetime import date

import polars as pl

from blocs.almanac.tables import facts
from blocs.dates import Partial
from blocs.evidence.almanac_facts import known_through
from blocs.outlook.simulation.model import DAYS_A_MONTH
from blocs.outlook.simulation.parameters import DEFAULTS, Parameter
from blocs.schemas import RUNGS

REALIGNMENTS_UNTIL = 2024
"""First of January up to which the realignments behind `realignment` were seen."""
_SOURCE = "fitted(treaties and votes, 11402 state-years, 85 changes of bloc, 1946-2024, 90 %)"
_REALIGNMENT = {
    "alignment.beta": (0.231, 0.160, 0.301),
    "alignment.inertia": (5.402, 4.850, 5.954),
    "alignment.independence": (0.256, -0.010, 0.522),
}
"""What `reviews.fit_reviews` gives for the almanac; fitted once, since it takes seconds."""


def realignment(day: date) -> tuple[Parameter, ...]:
    """How readily states change blocs, from realignments that a day can look back on.

    Returns
    -------
    tuple of Parameter
        beta, inertia and independence as `reviews.fit_reviews` fits them to the
        almanac; empty for a day before the end of that record.
    """
    if day.year < REALIGNMENTS_UNTIL:
        return ()
    meaning = {p.name: p.meaning for p in DEFAULTS}
    return tuple(
        Parameter(name=name, value=value, low=low, high=high, source=_SOURCE, meaning=meaning[name])
        for name, (value, low, high) in _REALIGNMENT.items()
    )


def ladder_rates(day: date) -> tuple[dict[str, Parameter], str]:
    """How often supporters left each rung for a higher one, from the almanac's ladder.

    Parameters
    ----------
    day : date
        Facts reported after it are not used.

    Returns
    -------
    dict of str to Parameter
        ``ladder.up_<rung>`` for rungs on which at least one supporter was seen: log
        odds a month, with the 90 % interval of the rate.
    str
        What it rests on, in a sentence.

    Notes
    -----
    A supporter's rung at any time is the highest it has reached in a checked fact.
    With k moves up in T months the rate has the Jeffreys posterior Gamma(k + 1/2,
    T), and the log odds of one month are log(p / (1 - p)) at p = 1 - exp(-rate).
    Only states that ever supported somebody are counted, so that the rung "none"
    is left out: nobody knows who was about to.
    """
    from scipy.special import gammaincinv

    rows = (
        facts("support")
        .filter(pl.col("checked") & (pl.col("claim") != "denied"))
        .with_columns(since=pl.coalesce("start", "reported"))
        .filter(pl.col("since").is_not_null() & (pl.col("since") <= day))
        .filter(pl.col("supporter").is_not_null())
        .sort("since")
    )
    until = min(day, Partial.parse(known_through()).first)
    months, moves = dict.fromkeys(RUNGS, 0.0), dict.fromkeys(RUNGS, 0)
    for _, path in rows.group_by(["theatre", "supporter"], maintain_order=True):
        reached: list[tuple[date, int]] = []
        for since, rung in path.select("since", "rung").iter_rows():
            level = RUNGS.index(rung)
            if not reached or level > reached[-1][1]:
                if reached and since == reached[-1][0]:
                    reached[-1] = (since, level)
                else:
                    reached.append((since, level))
        for k, (since, level) in enumerate(reached):
            end = reached[k + 1][0] if k + 1 < len(reached) else until
            months[RUNGS[level]] += max(0, (end - since).days) / DAYS_A_MONTH
            moves[RUNGS[level]] += k + 1 < len(reached)
    out = {}
    for rung in RUNGS[1:-1]:
        t, k = months[rung], moves[rung]
        if t == 0:
            continue
        quantiles = gammaincinv(k + 0.5, (0.05, 0.5, 0.95)) / t
        low, middle, high = (_log_odds(float(rate)) for rate in quantiles)
        source = f"fitted(almanac ladder of support: {k} moves up in {t:.0f} months, 90 %)"
        meaning = f"log odds a month of leaving the rung {rung}"
        out[f"ladder.up_{rung}"] = Parameter(
            name=f"ladder.up_{rung}", value=middle, low=low, high=high, source=source,
            meaning=meaning,
        )  # fmt: skip
    n = rows.select(pl.struct("theatre", "supporter").n_unique()).item() if rows.height else 0
    told = f"rates of the ladder from {rows.height} checked facts on {n} supporters to {until}"
    return out, told


def _log_odds(rate: float) -> float:
    p = -math.expm1(-rate)
    return math.log(p) - math.log1p(-p)
