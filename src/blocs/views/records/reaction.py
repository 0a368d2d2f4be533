"""What `blocs react` says, for machines: records made from a fit."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec
import numpy as np

from blocs import actors
from blocs.outlook.hawkes.model import SCALES
from blocs.outlook.reaction import LEAST_PAIR, Answering, Interval, ReactionFit
from blocs.shown import Shown

_CLEAR = 0.01


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """How one side answers the other: events that one event brings within some sixty days."""

    sender: str
    receiver: str
    events: int
    own: Range
    answer: Range
    half_life_days: float | None
    told: bool


class Branching(msgspec.Struct, frozen=True, kw_only=True):
    """Events that one event brings, by channel (self, reciprocal) and speed (fast, slow)."""

    channel: str
    speed: str
    brings: Range


class ReactFacts(Shown, frozen=True, kw_only=True):
    """What a record says of reaction, in general and between two states.

    ``loglik`` is per held-out event; ``gain`` that of the whole model over slow memory
    alone; ``released`` whether that is above nothing, without which no reaction is told.
    Of a record dated to the year nothing fast is known: ``branching`` has slow memory
    alone, and ``pair`` nobody.
    """

    shown_by: ClassVar[str] = "react"

    schema: str
    a: str
    b: str
    sentence: str
    record: str
    about: str
    first_day: str
    last_day: str
    events: int
    actors: int
    train: int
    test: int
    loglik: dict[str, float]
    gain: Range
    released: bool
    elsewhere: Range
    spreads: bool
    branching: tuple[Branching, ...]
    half_life_days: float | None
    ks: float
    ks_p: float
    held_out_events: int
    simulated_events: Range
    pair: tuple[Side, ...]
    scales_days: tuple[float, ...]
    notes: tuple[str, ...]
    seed: int


def reaction_record(
    fit: ReactionFit,
    pair: tuple[Answering, ...],
    ends: tuple[str, ...],
    record: str,
    about: str,
    seed: int,
) -> ReactFacts:
    """Make the facts of a fit of reaction.

    Parameters
    ----------
    fit : ReactionFit
        The record as a whole.
    pair : tuple of Answering
        The two sides; empty if they have too few events.
    ends : tuple of str
        The two states.
    record, about : str
        Which events.
    seed : int
        Seed used.
    """
    s = fit.stream
    sides = () if s.by_year else tuple(_side(x, released=fit.released) for x in pair)
    parts = tuple(
        Branching(channel=k.split("_")[0], speed=k.split("_")[1], brings=_range(v))
        for k, v in fit.parts.items()
        if not (s.by_year and k.endswith("_fast"))
    )
    notes = list(s.notes)
    if not pair and not s.by_year:
        notes.append(f"fewer than {LEAST_PAIR} events between the two: only the record as a whole")
    if fit.ks_p < 0.01:
        notes.append(
            f"the model's clock does not fit (KS {fit.ks:.2f}, p {fit.ks_p:.2g}): events come in "
            "bursts over several dyads that it does not know"
        )
    if not fit.simulated.low <= fit.counted <= fit.simulated.high:
        notes.append(
            f"{fit.counted:,} events came, the model's futures have {fit.simulated.low:,.0f} to "
            f"{fit.simulated.high:,.0f}: its level does not carry over"
        )
    first, last = (date.fromordinal(_EPOCH + day) for day in (s.origin, s.origin + int(s.end) - 1))
    return ReactFacts(
        schema="blocs.react/1",
        a=ends[0],
        b=ends[1],
        sentence=sentence(fit, sides, ends, last),
        record=record,
        about=about,
        first_day=first.isoformat(),
        last_day=last.isoformat(),
        events=len(s.day),
        actors=len(s.names),
        train=fit.train,
        test=fit.test,
        loglik=fit.loglik,
        gain=_range(fit.gain),
        released=fit.released,
        elsewhere=_range(fit.elsewhere),
        spreads=fit.spreads,
        branching=parts,
        half_life_days=fit.half_life if fit.released else None,
        ks=fit.ks,
        ks_p=fit.ks_p,
        held_out_events=fit.counted,
        simulated_events=_range(fit.simulated),
        pair=sides,
        scales_days=SCALES,
        notes=tuple(notes),
        seed=seed,
    )


_EPOCH = date(1970, 1, 1).toordinal()


def sentence(fit: ReactionFit, sides: tuple[Side, ...], ends: tuple[str, ...], last: date) -> str:
    """Say in a sentence or two what the record, which ends on a day, carries of reaction."""
    a, b = (actors.name_of(x, last) for x in ends)
    if fit.stream.by_year:
        return (
            "Who answers whom is not known from this record: its events are dated to the year, and "
            "a reaction is looked for within sixty days."
        )
    if not fit.released:
        return (
            "No reaction can be told from this record: beyond which dyads are quarrelsome, knowing "
            f"the last sixty days forecasts no better ({fit.gain.value:+.3f} nats per held-out "
            f"event, {fit.gain.low:+.3f} to {fit.gain.high:+.3f})."
        )
    brings = fit.parts["reciprocal_fast"]
    general = (
        f"In this record an act is answered: one event brings {brings.value:.2f} "
        f"({brings.low:.2f} to {brings.high:.2f}) of the other side"
        + (f", half of them within {fit.half_life:.0f} days" if fit.half_life else "")
        + "."
    )
    told = [x for x in sides if x.told]
    if not told:
        return f"{general} Between {a} and {b} it is too few events to say."
    said = [
        f"{actors.name_of(x.sender, last)} answers {actors.name_of(x.receiver, last)} with "
        f"{x.answer.value:.2f} ({x.answer.low:.2f} to {x.answer.high:.2f}) events for one"
        + (f", half within {x.half_life_days:.0f} days" if x.half_life_days else "")
        for x in told
    ]
    return f"{general} {'; '.join(said)}."


def _side(x: Answering, *, released: bool) -> Side:
    told = released and x.answer.low > _CLEAR
    return Side(
        sender=x.sender,
        receiver=x.receiver,
        events=x.events,
        own=_range(x.own),
        answer=_range(x.answer),
        half_life_days=x.half_life if told else None,
        told=told,
    )


def _range(x: Interval) -> Range:
    return Range(value=_tidy(x.value), low=_tidy(x.low), high=_tidy(x.high))


def _tidy(value: float) -> float:
    """Nothing smaller than a millionth is more than nothing here."""
    return float(np.round(value, 6)) + 0.0
