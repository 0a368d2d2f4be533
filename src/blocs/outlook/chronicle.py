"""Events to forecast from: named, dated, each once, numbered for the forecasters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.contracts import Quadruples
from blocs.errors import BadInput, UnknownName
from blocs.registry import nearest

_FEW = 21
_LISTED = 30


@dataclass(frozen=True)
class Chronicle:
    """Events in the order of time.

    Attributes
    ----------
    events : pl.DataFrame
        ``event_id``, ``sender``, ``relation``, ``receiver``, ``day`` (whole number,
        0 = first day); sorted by day and names, no event twice.
    actors, relations : tuple of str
        Names, sorted; their places are the numbers used.
    origin : date or None
        The date of day 0, if times were dates.
    first, step : int
        The time of day 0 as it was told, and how much of it a day is.
    notes : tuple of str
        What a user should know: events told twice, refused, left out.
    """

    events: pl.DataFrame
    actors: tuple[str, ...]
    relations: tuple[str, ...]
    origin: date | None
    first: int
    step: int
    notes: tuple[str, ...]

    @cached_property
    def forward(self) -> NDArray[np.int64]:
        """Sender, relation, receiver and day of the events as told, as numbers."""
        ends, kinds = pl.Enum(self.actors), pl.Enum(self.relations)
        types = {"sender": ends, "relation": kinds, "receiver": ends}
        places = [pl.col(c).cast(t).to_physical().cast(pl.Int64) for c, t in types.items()]
        return self.events.select(*places, "day").to_numpy()

    @cached_property
    def quadruples(self) -> Quadruples:
        """Events as numbers, in both directions."""
        n = len(self.relations)
        turned = self.forward[:, [2, 1, 0, 3]] + [0, n, 0, 0]
        facts = np.concatenate([self.forward, turned])
        order = np.lexsort((facts[:, 2], facts[:, 1], facts[:, 0], facts[:, 3]))
        return Quadruples(
            facts=np.ascontiguousarray(facts[order]),
            n_actors=len(self.actors),
            n_relations=2 * n,
        )

    @property
    def last(self) -> int:
        """The last day with an event."""
        return int(self.events["day"][-1])

    def when(self, day: int) -> str:
        """Write a day as its date, or as the time the file would give it."""
        if self.origin is not None:
            return str(self.origin + timedelta(days=day))
        return f"time {self.first + day * self.step}"

    def actor(self, text: str) -> int:
        """Return the number of the actor that a name or a state's code means."""
        from blocs import actors

        found = _match(text, self.actors)
        if found is None:
            try:
                state = actors.resolve(text)
            except BadInput:
                state = ""
            found = _match(state, self.actors) if state else None
            if found is None and state:
                found = _match(actors.name_of(state), self.actors)
        if found is None:
            names = {actors.name_of(actor): actor for actor in self.actors}
            near = [names.get(name, name) for name in nearest(text, [*names, *self.actors])]
            kind, hint = "actor in these events", _some("actors", self.actors)
            raise UnknownName(kind, text, dict.fromkeys(near), hint)
        return found

    def relation(self, text: str) -> int:
        """Return the number of a relation, by its name or code."""
        found = _match(text, self.relations)
        if found is None:
            hint = _some("relations", self.relations)
            raise UnknownName("relation", text, nearest(text, self.relations), hint)
        return found


def chronicle(
    events: pl.DataFrame,
    *,
    dated: bool,
    actors: Sequence[str] = (),
    relations: Sequence[str] = (),
    today: date | None = None,
    notes: Sequence[str] = (),
) -> Chronicle:
    """Put events in order, count those told twice once, and number their names.

    Parameters
    ----------
    events : pl.DataFrame
        ``event_id``, ``sender``, ``relation``, ``receiver`` and ``time``, a whole
        number; the day's ordinal if `dated`.
    dated : bool
        Whether times are dates.
    actors, relations : sequence of str
        Names that exist beside those of the events.
    today : date, optional
        Events dated later are left out, and that is noted.
    notes : sequence of str
        What is known already.

    Raises
    ------
    BadInput
        If there are not two days with events.
    """
    told = [*notes]
    if dated and today is not None:
        late = events.filter(pl.col("time") > today.toordinal())
        if late.height:
            told.append(
                f"{_events(late.height)} dated after today ({today}) and left out, "
                f"first {late['event_id'][0]}"
            )
            events = events.filter(pl.col("time") <= today.toordinal())
    once = events.sort("time", "sender", "relation", "receiver", "event_id").unique(
        ["time", "sender", "relation", "receiver"], keep="first", maintain_order=True
    )
    if twice := events.height - once.height:
        told.append(f"{_events(twice)} told twice on one day and counted once")
    times = np.unique(once["time"].to_numpy())
    if times.size < 2:
        raise BadInput(
            f"{once.height} event{'s' * (once.height != 1)} on {times.size} day"
            f"{'s' * (times.size != 1)}: a forecast needs events on two days or more"
        )
    if times.size < _FEW:
        told.append(
            f"only {times.size} days with events: decays and rules need weeks to show, so "
            "probabilities rest on little"
        )
    step = 1 if dated else int(np.gcd.reduce(np.diff(times)))
    first = int(times[0])
    names = pl.concat([once["sender"], once["receiver"]])
    return Chronicle(
        events=once.with_columns(day=(pl.col("time") - first) // step).drop("time"),
        actors=tuple(sorted({*names, *actors})),
        relations=tuple(sorted({*once["relation"], *relations})),
        origin=date.fromordinal(first) if dated else None,
        first=first,
        step=step,
        notes=tuple(told),
    )


def _events(n: int) -> str:
    return f"{n} event is" if n == 1 else f"{n} events are"


def _some(what: str, names: Sequence[str]) -> str:
    """Say which names there are, or how many and the first of them."""
    if len(names) <= _LISTED:
        return f"Known: {', '.join(names)}."
    return f"There are {len(names):,} {what}: {', '.join(names[:5])}, ..."


def _match(text: str, names: Sequence[str]) -> int | None:
    if text in names:
        return names.index(text)
    plain = _plain(text)
    return next((i for i, name in enumerate(names) if _plain(name) == plain), None)


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())
