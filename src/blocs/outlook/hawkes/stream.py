"""Events between states as a stream: ends, days, regions; one act counted once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs import actors
from blocs.contracts import Facts
from blocs.errors import BadInput, NoCoverage

KINDS = {
    "dispute": "militarised disputes: first day of each side's part, at least a threat",
    "icews": "ICEWS events",
    "icews14": "ICEWS14 events",
    "gdelt": "GDELT events",
}
ABOUT = ("conflict", "cooperation", "all")
BY_YEAR = (
    "these disputes are dated to the year: nothing faster than a year can be seen; "
    "the dyadic file 4.02 has days (--use mid:4.02)"
)
_THREAT = 2
_REGIONS = ((200, "Americas"), (400, "Europe"), (630, "Africa"), (700, "Middle East"))
_REST = "Asia and Oceania"


@dataclass(frozen=True, slots=True)
class Stream:
    """Directed events, ordered in time.

    Attributes
    ----------
    names : tuple of str
        Actors, sorted.
    sender, receiver : ndarray of int, shape (E,)
        Positions in `names`.
    day : ndarray of float64, shape (E,)
        Days from `origin`, not falling. Events of one day do not excite each other.
    origin : int
        Ordinal of day 0.
    end : float
        Day on which the watch ends.
    region : ndarray of int, shape (n,)
        Region of each actor.
    kind : str
        One of `KINDS`.
    notes : tuple of str
        What was left out and why.
    by_year : bool
        Whether most events are dated to a year alone: nothing faster can be seen.
    """

    names: tuple[str, ...]
    sender: NDArray[np.int64]
    receiver: NDArray[np.int64]
    day: NDArray[np.float64]
    origin: int
    end: float
    region: NDArray[np.int64]
    kind: str
    notes: tuple[str, ...]
    by_year: bool = False


def stream_of(
    facts: Facts,
    *,
    about: str = "conflict",
    first: int = 1816,
    last: int = 2100,
    today: date | None = None,
) -> Stream:
    """Make a stream of the events between two states.

    Parameters
    ----------
    facts : Facts
        Evidence of one data set.
    about : str
        ``conflict`` (intensity below 0), ``cooperation`` (above) or ``all``; disputes
        are conflict.
    first, last : int
        Years, both included.
    today : date, optional
        Events dated later are left out, and that is noted.

    Raises
    ------
    NoCoverage
        If fewer than two events of two states are left.
    BadInput
        For another `about`.
    """
    if about not in ABOUT:
        raise BadInput(f"--about {about}: use {', '.join(ABOUT)}")
    events = facts.events.filter(pl.col("kind").is_in(list(KINDS)))
    if events.is_empty():
        raise NoCoverage("no events between states in these data; name disputes (mid) or ICEWS")
    kind = str(events["kind"].mode().sort()[0])
    once, left_out = _once(events.filter(pl.col("kind") == kind), today)
    told, notes = _between(once, kind, about)
    told = told.filter(pl.col("start").dt.year().is_between(first, last))
    if told.height < 2:
        raise NoCoverage(
            f"{told.height} events of {about} between two states in {first}-{last}; "
            "a model of reaction needs more"
        )
    by_year = kind == "dispute" and _by_year(told)
    undated = (BY_YEAR,) if by_year else ()
    return _laid_out(told, kind, (*left_out, *notes, *undated), by_year=by_year)


def _once(events: pl.DataFrame, today: date | None) -> tuple[pl.DataFrame, list[str]]:
    """Leave out what is dated after today, and records that repeat one of the same number."""
    notes = []
    if today is not None and (late := events.filter(pl.col("start") > today)).height:
        notes.append(
            f"{late.height} events are dated after today ({today}) and left out, "
            f"first {late.sort('start', 'fact_id')['fact_id'][0]}"
        )
        events = events.filter((pl.col("start") <= today).fill_null(value=True))
    key = ["ref", "type", "sender", "receiver", "start", "end"]
    once = events.sort("fact_id").unique(key, keep="first", maintain_order=True)
    if twice := events.height - once.height:
        notes.append(f"{twice} events are told twice and counted once")
    return once, notes


def _between(events: pl.DataFrame, kind: str, about: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    both = events.filter(
        pl.col("sender").is_not_null()
        & pl.col("receiver").is_not_null()
        & (pl.col("sender") != pl.col("receiver"))
    )
    notes = []
    if kind == "dispute":
        acted = both.filter(pl.col("value") >= _THREAT)
        both = acted.sort("start").unique(["ref", "sender", "receiver"], keep="first")
    elif about != "all" and both["value"].null_count() < both.height:
        sign = pl.col("value") < 0 if about == "conflict" else pl.col("value") > 0
        both = both.filter(sign)
    elif about != "all":
        notes.append(f"these events carry no intensity: all are used, not only {about}")
    return both.sort("start", "sender", "receiver", "fact_id"), tuple(notes)


def _by_year(told: pl.DataFrame) -> bool:
    """Whether most of the events begin and end on a first of January."""
    new_year = [pl.col(d).dt.month() + pl.col(d).dt.day() == 2 for d in ("start", "end")]
    return told.filter(*new_year).height > told.height / 2


def _laid_out(told: pl.DataFrame, kind: str, notes: tuple[str, ...], *, by_year: bool) -> Stream:
    names = tuple(sorted({*told["sender"], *told["receiver"]}))
    order = pl.Enum(names)
    days = told["start"].to_physical().to_numpy().astype(np.float64)
    origin = int(days[0])
    place = [_region(name) for name in names]
    kinds = sorted(set(place))
    return Stream(
        names=names,
        sender=told["sender"].cast(order).to_physical().to_numpy().astype(np.int64),
        receiver=told["receiver"].cast(order).to_physical().to_numpy().astype(np.int64),
        day=days - origin,
        origin=origin,
        end=float(days[-1] - origin + 1),
        region=np.array([kinds.index(p) for p in place], dtype=np.int64),
        kind=kind,
        notes=notes,
        by_year=by_year,
    )


def _region(actor: str) -> str:
    """Region of a state by its COW number, which goes by continents."""
    codes = actors.codes("cow").filter(pl.col("actor") == actor)["code"]
    if codes.is_empty():
        return "none"
    code = int(str(codes[0]))
    return next((name for below, name in _REGIONS if code < below), _REST)
