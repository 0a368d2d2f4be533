"""Which war an act of support belongs to: its theatre and sides, from the almanac's wars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812
from functools import cache

import polars as pl

from blocs.almanac.tables import facts


@dataclass(frozen=True, slots=True)
class War:
    """A war of the almanac: its first belligerents by side, and where it is fought.

    Attributes
    ----------
    war, name : str
        Id and name.
    start, end : date or None
        Half-open.
    attackers, defenders : tuple of str
        Belligerents from the first day, by whether they began it.
    joined : tuple of (str, date or None, str)
        Every belligerent with its first day and ``attackers`` or ``defenders``.
    """

    war: str
    name: str
    start: Date | None
    end: Date | None
    attackers: tuple[str, ...]
    defenders: tuple[str, ...]
    joined: tuple[tuple[str, Date | None, str], ...]

    @property
    def theatre(self) -> str | None:
        """Return the state on whose soil it is mostly fought: the first defender."""
        return self.defenders[0] if self.defenders else None

    def side_against(self, actor: str) -> str | None:
        """Return the first belligerent on the other side of one."""
        if actor in self.defenders:
            return self.attackers[0] if self.attackers else None
        return self.theatre if actor in self.attackers else None


@cache
def wars() -> tuple[War, ...]:
    """Return the wars of the almanac, by start."""
    sides = facts("war_sides")
    out = []
    for row in facts("wars").sort("start", "war").iter_rows(named=True):
        mine = sides.filter(pl.col("war") == row["war"]).sort("start", "actor")
        out.append(_war(row["war"], row["name"], row["start"], row["end"], mine))
    return tuple(out)


def _war(war: str, name: str, start: Date | None, end: Date | None, sides: pl.DataFrame) -> War:
    began = {r["side"] for r in sides.iter_rows(named=True) if r["initiator"]}
    first = sides["start"].min()
    groups: dict[str, list[str]] = {"attackers": [], "defenders": []}
    joined = []
    for r in sides.iter_rows(named=True):
        side = "attackers" if r["side"] in began else "defenders"
        joined.append((r["actor"], r["start"], side))
        if r["start"] == first:
            groups[side].append(r["actor"])
    return War(
        war, name, start, end, tuple(groups["attackers"]), tuple(groups["defenders"]), tuple(joined)
    )


def war_of(actors: Iterable[str], *, day: Date | None) -> War | None:
    """Return the war that one of some actors fights on a day, as a first belligerent.

    Parameters
    ----------
    actors : iterable of str
        Candidates, the surest first.
    day : date or None
        The day; None takes the latest war.

    Examples
    --------
    >>> from datetime import date
    >>> war_of(["RUS"], day=date(2024, 10, 1)).theatre
    'UKR'
    """
    for actor in actors:
        found = [w for w in wars() if actor in w.attackers + w.defenders and _holds(w, day)]
        if found:
            return found[-1]
    return None


def _holds(war: War, day: Date | None) -> bool:
    if day is None:
        return war.end is None
    return (war.start is None or war.start <= day) and (war.end is None or day < war.end)
