"""Faults of a scenario that its records alone cannot see: names that point to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from blocs import actors
from blocs.dates import Partial
from blocs.errors import BadInput, BlocsError
from blocs.evidence.almanac_facts import known_through
from blocs.outlook.simulation.parameters import ANY, LIMITS, MEMORIES, NAMES, explodes
from blocs.outlook.simulation.scenario import Amount, Scenario
from blocs.outlook.simulation.shocks import subject_of, value_of
from blocs.outlook.simulation.standing import states_on
from blocs.registry import nearest
from blocs.schemas import RUNGS

Faults = Iterator[tuple[str, str]]
FARTHEST = 10
"""Years after the end of the almanac in which a scenario may start; the gap is told aloud."""
RATIO = (0.01, 100.0)
"""Forces of one side over the other's."""
SPEED = (-1e6, 1e6)
"""Square km a month."""


def faults(found: Scenario) -> Faults:
    """Find what is wrong in a scenario.

    Parameters
    ----------
    found : Scenario
        As its file tells it.

    Yields
    ------
    where, what : str
        Path of the value, such as ``.supporter[1].rung``, and what is wrong with it.
    """
    try:
        day = found.start.first
        states_on(day)
    except BadInput as error:
        yield ".scenario.start", str(error)
        return
    if day.year > (known := Partial.parse(known_through()).first).year + FARTHEST:
        yield (
            ".scenario.start",
            f"what is known ends on {known}, and a start {day.year - known.year} years later says "
            f"nothing; start by {known.year + FARTHEST} at the latest, and let months do the rest",
        )
    yield from _theatre_faults(found)
    yield from _state_faults(found, day)
    yield from _standing_faults(found, day)
    yield from _supporter_faults(found, day)
    yield from _patron_faults(found, day)
    yield from _shock_faults(found, day)
    yield from _amount_faults(found)
    if found.compare and found.compare.index >= len(found.shock):
        yield ".compare.without", f"there are {len(found.shock)} shocks, counted from 0"


def unknown(kind: str, name: str, known: Sequence[str]) -> str:
    """Say that a name is not known, which are near, and which there are."""
    close = nearest(name, list(known))
    hint = f"; did you mean {', '.join(close)}?" if close else "."
    return f"no {kind} is called {name!r}{hint} Known: {', '.join(known)}"


def _amount_faults(found: Scenario) -> Faults:
    """Parameters that are not known, and numbers beyond what they can mean."""
    named: list[tuple[str, Amount | float, tuple[float, float]]] = []
    for key in found.vary.keys() & found.parameters.keys():
        yield f".vary.{key}", f"{key} stands in [parameters] too; give it once"
    for part, amounts in (("vary", found.vary), ("parameters", found.parameters)):
        for key, amount in amounts.items():
            if key not in LIMITS:
                yield f".{part}.{key}", unknown("parameter", key, NAMES)
            named.append((f".{part}.{key}", amount, LIMITS.get(key, ANY)))
    for i, t in enumerate(found.theatre):
        named.append((f".theatre[{i}].ratio", t.ratio, RATIO))
        named.append((f".theatre[{i}].front_km2_month", t.front_km2_month, SPEED))
    named += [(f".supporter[{i}].taboo", s.taboo, ANY) for i, s in enumerate(found.supporter)]
    for where, amount, (low, high) in named:
        told = (*amount.bounds, amount.middle) if isinstance(amount, Amount) else (amount,)
        beyond = [x for x in told if not low <= x <= high]
        if beyond:
            yield where, f"{beyond[0]:g} cannot be; give {low:g} to {high:g}"
    yield from _memory_faults(found)


def _memory_faults(found: Scenario) -> Faults:
    """Memories whose highest values alone let events explode; `world` sees the others too."""
    given = {
        key: (f".{part}.{key}", amount.bounds if isinstance(amount, Amount) else (amount, amount))
        for part, amounts in (("parameters", found.parameters), ("vary", found.vary))
        for key, amount in amounts.items()
        if key in MEMORIES
    }
    if what := explodes({key: bounds for key, (_, bounds) in given.items()}):
        yield max(given.values(), key=lambda told: told[1][1])[0], what


def _theatre_faults(found: Scenario) -> Faults:
    ids = [t.id for t in found.theatre]
    for i, t in enumerate(found.theatre):
        if not all(t.sides):
            yield f".theatre[{i}].sides", "each side needs a state that leads it"
        if ids.count(t.id) > 1:
            yield f".theatre[{i}].id", f"two theatres are called {t.id}"


def _state_faults(found: Scenario, day: date) -> Faults:
    """States that are not known, or were none on the first day."""
    if not found.alignment.group:
        yield ".alignment.group", "name at least one state; the group is what is asked about"
    named = [(".alignment.reference", found.alignment.reference)]
    named += [(".alignment.group", name) for name in found.alignment.group]
    named += [(".alignment.neither", name) for name in found.alignment.neither]
    for i, t in enumerate(found.theatre):
        named += [(f".theatre[{i}].sides", name) for side in t.sides for name in side]
    for i, s in enumerate(found.supporter):
        named += [(f".supporter[{i}].state", s.state)]
        named += [(f".supporter[{i}].patron", s.patron)] if s.patron is not None else []
    for where, name in named:
        try:
            _state(name, day)
        except BlocsError as error:
            yield where, str(error)


def _standing_faults(found: Scenario, day: date) -> Faults:
    """States that stand twice in the group, lead the other bloc, or fight on both sides."""
    reference = actors.resolve(found.alignment.reference, at=day)
    group = [actors.resolve(name, at=day) for name in found.alignment.group]
    for k, actor in enumerate(group):
        if actor in group[:k]:
            yield ".alignment.group", f"{actors.name_of(actor)} stands in it twice"
    for part, names in (("group", found.alignment.group), ("neither", found.alignment.neither)):
        if reference in (actors.resolve(name, at=day) for name in names):
            what = f"{actors.name_of(reference)} is the reference power; name it there alone"
            yield f".alignment.{part}", what
    for i, t in enumerate(found.theatre):
        one, two = ({actors.resolve(name, at=day) for name in side} for side in t.sides)
        for both in sorted(one & two):
            yield f".theatre[{i}].sides", f"{actors.name_of(both)} stands on both sides"


def _state(name: str, day: date) -> str:
    found = actors.resolve(name, at=day)
    if found not in states_on(day):
        raise BadInput(f"{actors.name_of(found)} was no state in {day.year}")
    return found


def _supporter_faults(found: Scenario, day: date) -> Faults:
    theatres = [t.id for t in found.theatre]
    seen: set[tuple[str, str]] = set()
    for i, s in enumerate(found.supporter):
        at, key = f".supporter[{i}]", (s.theatre, actors.resolve(s.state, at=day))
        if s.theatre not in theatres:
            yield f"{at}.theatre", unknown("theatre", s.theatre, theatres)
        for field, rung in (("rung", s.rung), ("red_line", s.red_line)):
            if rung is not None and rung not in RUNGS:
                yield f"{at}.{field}", unknown("rung", rung, RUNGS)
        if key in seen:
            yield f"{at}.state", f"{s.state} stands twice in theatre {s.theatre}"
        seen.add(key)


def _patron_faults(found: Scenario, day: date) -> Faults:
    sides = {(s.theatre, actors.resolve(s.state, at=day)): s.side for s in found.supporter}
    for i, s in enumerate(found.supporter):
        if s.patron is None:
            continue
        side = sides.get((s.theatre, actors.resolve(s.patron, at=day)))
        if side is None:
            what = f"{s.patron} is no supporter in {s.theatre}; add a [[supporter]] for it"
            yield f".supporter[{i}].patron", what
        elif side != s.side:
            yield f".supporter[{i}].patron", f"{s.patron} stands on the other side"


def _shock_faults(found: Scenario, day: date) -> Faults:
    for i, shock in enumerate(found.shock):
        if shock.at >= found.scenario.months:
            what = f"month {shock.at} never comes; the last is {found.scenario.months - 1}"
            yield f".shock[{i}].at", what
        try:
            kind, _, _ = subject_of(shock, found, lambda name: len(_state(name, day)))
        except BlocsError as error:
            yield f".shock[{i}].set", str(error)
            continue
        try:
            value_of(shock, kind)
        except BadInput as error:
            yield f".shock[{i}].to", str(error)
