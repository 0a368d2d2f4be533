"""Shapes of today's states, for maps; earlier borders are not among them.

From Natural Earth 4.1 (public domain), made by ``training/draw_world.py``, which says
what was changed. A state of the past is drawn on the land of the states that came of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from blocs.almanac.tables import facts, folder

Ring: TypeAlias = list[tuple[float, float]]
"""Longitude and latitude in degrees, the last point the first."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A piece of land on the map.

    Attributes
    ----------
    actor : str
        Actor id of the state; empty for land that two states claim.
    name : str
        As Natural Earth names it.
    at : tuple of float
        Longitude and latitude of its middle, in degrees.
    km2 : float
        Area, in square kilometres.
    polygons : list of list of Ring
        Outer ring, then its holes; none where the land is too small to draw.
    """

    actor: str
    name: str
    at: tuple[float, float]
    km2: float
    polygons: list[list[Ring]]


@cache
def shapes() -> tuple[Shape, ...]:
    """Every shape, by UN M49 code.

    Examples
    --------
    >>> [(s.name, s.at) for s in shapes() if s.actor == "TUV"]
    [('Tuvalu', (179.21, -8.5))]
    """
    made = json.loads((folder() / "world.json").read_text("utf-8"))
    return tuple(
        Shape(s["actor"], s["name"], (s["at"][0], s["at"][1]), s["km2"], s["polygons"])
        for s in made["shapes"]
    )


def holders(shown: Collection[str]) -> Mapping[str, str]:
    """Say which of the states to be shown has the land of each of today's.

    Parameters
    ----------
    shown : collection of str
        Actor ids, of one year at best.

    Returns
    -------
    mapping of str to str
        State of today to state shown: itself, else the only one it came from. Land that
        came from several, or from none that is shown, is left out.

    Examples
    --------
    >>> then = holders({"RUS", "YUG", "CSK"})
    >>> then["RUS"], then["KAZ"], then["HRV"], then["SVK"], "FRA" in then
    ('RUS', 'RUS', 'YUG', 'CSK', False)
    """
    found = {s.actor: _origins(s.actor, shown) for s in shapes() if s.actor}
    return {actor: next(iter(one)) for actor, one in found.items() if len(one) == 1}


def _origins(actor: str, shown: Collection[str]) -> set[str]:
    """Walk back from a state to the first ones shown."""
    seen, open_, found = {actor}, [actor], set()
    while open_:
        one = open_.pop()
        if one in shown:
            found.add(one)
            continue
        before = _came_from().get(one, frozenset()) - seen
        seen |= before
        open_.extend(before)
    return found


@cache
def _came_from() -> Mapping[str, frozenset[str]]:
    """States that each state came from, by its own row or by theirs."""
    pairs = set()
    rows = facts("actors").select("actor", "predecessors", "successors")
    for actor, before, after in rows.iter_rows():
        pairs |= {(actor, one) for one in (before or "").split("|") if one}
        pairs |= {(one, actor) for one in (after or "").split("|") if one}
    return {a: frozenset(y for x, y in pairs if x == a) for a in {x for x, _ in pairs}}
