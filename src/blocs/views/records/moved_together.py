"""Moving together: what votes on texts voted on before say of a group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
import numpy as np
import polars as pl

from blocs.alignment.coordination import (
    Coordination,
    Shock,
    assess_coordination,
    assess_shocks,
    positions_of,
)
from blocs.alignment.ideal_points import IdealPoints, fit_ideal_points
from blocs.alignment.repeated import Mover, RepeatedVotes, repeated_votes, who_moved
from blocs.almanac.tables import facts as almanac
from blocs.contracts import Facts
from blocs.dates import Period
from blocs.errors import BadInput, UnknownName
from blocs.views.asked import Asked

REACH = 10
"""Years looked back for votes on texts voted on before, where the period has too few."""


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What votes on texts voted on before say; why not, where they say nothing."""

    overall: Coordination | None
    shocks: tuple[Shock, ...]
    mover: Mover | None
    first: int | None
    last: int | None
    why_dark: str


def _dark(why: str, shocks: tuple[Shock, ...] = ()) -> Moved:
    return Moved(overall=None, shocks=shocks, mover=None, first=None, last=None, why_dark=why)


def moved_together(asked: Asked, shocks: Mapping[date, str], rng: np.random.Generator) -> Moved:
    """Test coordination, over the period and over shocks, and tell who moved."""
    days = dict(shocks)
    held = asked.ballots()
    if held is None:
        return _dark(
            "needs roll calls with titles; add them with `blocs data get unga`, or --data PATH"
        )
    name, facts = held
    reach = Period(max(asked.period.first - REACH, 1946), asked.period.last)
    every = repeated_votes(facts.rollcalls, facts.ballots, period=reach)
    inside = _window(every, asked.period)
    if inside is None:
        return _dark(f"no text was put to the vote again in {reach}, as far as {name} names them")
    steps, first, last = inside
    points = _points(facts, every)
    positions = positions_of(steps, points) if points is not None else None
    days |= {d: n for d, n in _wars().items() if first <= d.year <= last}
    whole = positions_of(every, points) if points is not None else None
    group, power = asked.group, asked.reference
    overall = assess_coordination(steps, group, power, positions=positions, rng=rng)
    return Moved(
        overall=overall,
        shocks=assess_shocks(every, group, power, days, positions=whole, rng=rng),
        mover=who_moved(steps, group.members, power, rng=rng),
        first=first,
        last=last,
        why_dark="" if overall else "fewer than ten texts on which two members voted again",
    )


def _window(every: RepeatedVotes, period: Period) -> tuple[RepeatedVotes, int, int] | None:
    """Steps of the period, or of the ten years up to the last step where it has few."""
    years = np.array([day.year for day in every.second], dtype=np.int64)
    if not years.size:
        return None
    inside = years >= period.first
    if len(np.unique(every.series[inside])) < REACH:
        inside = years > years.max() - REACH
    return every.among(inside), int(years[inside].min()), int(years[inside].max())


def _points(facts: Facts, votes: RepeatedVotes) -> IdealPoints | None:
    """Ideal points of the sessions the steps touch; None where votes are too few."""
    first, last = int(votes.session_before.min()), int(votes.session_after.max())
    calls = facts.rollcalls.filter(pl.col("session").is_between(first, last))
    columns = [c for c in ("rollcall", "session", "title", "amend", "para") if c in calls.columns]
    ballots = facts.ballots.join(calls.select(columns), on="rollcall")
    try:
        return fit_ideal_points(ballots)
    except (BadInput, UnknownName):
        return None


def days_of(shocks: Sequence[str]) -> dict[date, str]:
    """Read days as a user types them: ``YYYY-MM-DD``."""
    out = {}
    for text in shocks:
        try:
            out[date.fromisoformat(text)] = f"event of {text}"
        except ValueError:
            raise BadInput(f"--shock {text}: write a day as YYYY-MM-DD") from None
    return out


def _wars() -> dict[date, str]:
    """Beginnings of the almanac's wars that something at hand confirms."""
    rows = almanac("wars").filter(pl.col("checked") & pl.col("start").is_not_null())
    return {start: name for name, start in rows.select("name", "start").iter_rows()}
