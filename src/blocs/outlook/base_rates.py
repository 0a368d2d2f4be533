"""Base rates: how often what is forecast has happened among comparable states.

The reference class is stated with every rate: attackers, targets, unit, years. Wars
and pacts are the almanac's; wars are those of the Correlates of War, which end in 2007.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import gammaincinv

from blocs import actors
from blocs.almanac.tables import facts as almanac
from blocs.dates import Period
from blocs.errors import BadInput, MissingData
from blocs.evidence.almanac_facts import almanac_facts, held
from blocs.outlook.competition.outcomes import DISPUTES_LAST, WARS_LAST
from blocs.outlook.competition.system import yearly
from blocs.outlook.statements import Base

LEVEL = 0.9
UNITS = ("pact", "dyad")
OUTCOMES = ("war", "force")
_FORCE = 4


@dataclass(frozen=True, slots=True)
class Rate:
    """Events per unit and year.

    Attributes
    ----------
    reference : str
        The reference class in words.
    first, last : int
        Years.
    events : int
        Attacks.
    exposure : int
        Unit-years at risk.
    rate, low, high : float
        Per unit-year, and its exact interval of `LEVEL`.
    cases : tuple of str
        The wars counted.
    """

    reference: str
    first: int
    last: int
    events: int
    exposure: int
    rate: float
    low: float
    high: float
    cases: tuple[str, ...]

    def by(self, years: float) -> tuple[float, float, float]:
        """P(at least one within some years) for one unit: rate, low, high."""
        low, mid, high = (float(-np.expm1(-r * years)) for r in (self.low, self.rate, self.high))
        return mid, low, high


def poisson_interval(events: int, exposure: float, *, level: float = LEVEL) -> tuple[float, float]:
    """Exact interval of a rate from a count.

    References
    ----------
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28.
    doi:10.1093/biomet/28.3-4.437

    Examples
    --------
    >>> low, high = poisson_interval(0, 1.0, level=0.9)
    >>> low, round(high, 4)
    (0.0, 2.9957)
    """
    tail = (1 - level) / 2
    low = float(gammaincinv(events, tail)) if events else 0.0
    return low / exposure, float(gammaincinv(events + 1, 1 - tail)) / exposure


def base_rate(base: Base, disputes: pl.DataFrame | None = None) -> Rate:
    """Count the attacks of a reference class.

    Parameters
    ----------
    base : Base
        The class.
    disputes : pl.DataFrame, optional
        Events of militarised disputes, each side's own hostility as value; needed
        for the outcome ``force``.

    Raises
    ------
    BadInput
        If the class is unknown or holds no unit-year.
    MissingData
        If the class is of disputes and there are none.

    Notes
    -----
    ``pact``: a unit is an attacker and a protector (both of their class) that owe
    each other no defence; an event is a war begun by the attacker against the
    protector or a state the protector owes defence. ``dyad``: an attacker and a
    target without a defence pact. A war counts once a unit.
    """
    if base.unit not in UNITS:
        raise BadInput(f"base: unit {base.unit!r}; use pact or dyad")
    last = _last_year(base, disputes)
    if not 1816 <= base.since <= last:
        raise BadInput(f"base: since {base.since}; it is known from 1816 to {last}")
    period = Period(base.since, last)
    attackers, targets = _class(base.attacker, period), _class(base.target, period)
    pacts = _pacts(period)
    units = (
        attackers.join(targets, on="year", suffix="_2")
        .filter(pl.col("actor") != pl.col("actor_2"))
        .join(pacts, left_on=["actor", "actor_2", "year"], right_on=["a", "b", "year"], how="anti")
    )
    if units.is_empty():
        raise BadInput(f"base: no {base.attacker} and {base.target} in {period}; widen the class")
    fought = _attacks(period) if disputes is None or base.outcome == "war" else _force(disputes)
    guarded = units.select("actor", "actor_2", "year", victim="actor_2")
    if base.unit == "pact":
        partners = units.join(pacts, left_on=["actor_2", "year"], right_on=["a", "year"])
        guarded = pl.concat([guarded, partners.select("actor", "actor_2", "year", victim="b")])
    hits = guarded.join(
        fought, left_on=["actor", "victim", "year"], right_on=["attacker", "victim", "year"]
    ).unique(["actor", "actor_2", "war"])
    k, n = hits.height, units.height
    low, high = poisson_interval(k, n)
    cases = hits.select("name").unique().sort("name")["name"].to_list()
    return Rate(
        reference=_words(base),
        first=period.first,
        last=period.last,
        events=k,
        exposure=n,
        rate=k / n,
        low=low,
        high=high,
        cases=tuple(cases),
    )


def _last_year(base: Base, disputes: pl.DataFrame | None) -> int:
    if base.outcome not in OUTCOMES:
        raise BadInput(f"base: outcome {base.outcome!r}; use {' or '.join(OUTCOMES)}")
    if base.outcome == "war":
        return WARS_LAST
    if disputes is None or disputes.is_empty():
        raise MissingData(
            "base: outcome 'force' needs the militarised disputes; name the dyadic file of mid "
            "with --data PATH, or `blocs data add mid PATH`"
        )
    return DISPUTES_LAST


def _force(disputes: pl.DataFrame) -> pl.DataFrame:
    """Uses of force by a side of a dispute, each once, in the year they are first told."""
    used = disputes.filter(pl.col("value") >= _FORCE).sort("start")
    return used.unique(["ref", "sender", "receiver"], keep="first").select(
        war="ref",
        name=pl.format("dispute {}", "ref"),
        attacker="sender",
        victim="receiver",
        year=pl.col("start").dt.year().cast(pl.Int64),
    )


def _words(base: Base) -> str:
    who = {"major": "a major power", "nuclear": "a nuclear power", "any": "a state"}
    attacker = who.get(base.attacker, base.attacker)
    target = who.get(base.target, base.target).replace("a ", "another ", 1)
    of = f"{target} or a state it owes defence" if base.unit == "pact" else target
    acts = "wars begun" if base.outcome == "war" else "disputes in which force was used"
    return f"{acts} by {attacker} against {of}, the two not allied, per pair and year"


def _class(name: str, period: Period) -> pl.DataFrame:
    """Actors of a class by year: ``actor, year``."""
    if name in ("major", "nuclear"):
        rows = held(name)
    else:
        rows = actors.members(period).select("start", "end", "actor")
        if name != "any":
            rows = rows.filter(pl.col("actor") == actors.resolve(name))
    return yearly(rows, period).unique().sort("year", "actor")


def _pacts(period: Period) -> pl.DataFrame:
    """Pairs bound by defence by year, both ways round: ``a, b, year``."""
    spells = almanac_facts().spells.filter(
        (pl.col("kind") == "alliance") & (pl.col("type") == "defence")
    )
    one = yearly(spells.select("start", "end", a="sender", b="receiver"), period).unique()
    return pl.concat([one, one.select(a="b", b="a", year="year")]).unique()


def _attacks(period: Period) -> pl.DataFrame:
    """Wars begun: ``war, name, attacker, victim, year``, every victim of the first year."""
    wars = almanac("wars").filter(pl.col("checked") & pl.col("cow_war").is_not_null())
    sides = almanac("war_sides").join(wars.select("war", "name", begun="start"), on="war")
    first = sides.with_columns(year=pl.col("begun").dt.year())
    attackers = first.filter("initiator").select("war", "name", "side", "year", attacker="actor")
    victims = first.filter(pl.col("start").dt.year() == pl.col("year")).select(
        "war", side_2="side", victim="actor"
    )
    return (
        attackers.join(victims, on="war")
        .filter((pl.col("side") != pl.col("side_2")) & pl.col("year").is_between(*_ends(period)))
        .select("war", "name", "attacker", "victim", pl.col("year").cast(pl.Int64))
    )


def _ends(period: Period) -> tuple[int, int]:
    return period.first, period.last
