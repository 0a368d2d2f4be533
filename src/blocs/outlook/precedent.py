"""Precedents: whether a state has done this kind of thing before, here, or in the record.

A precedent can only be denied inside what a record covers: the answer names the record
and its years, and says "none in this record since", never "never before".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from blocs import actors
from blocs.contracts import Facts
from blocs.errors import UnknownName
from blocs.outlook.acts import AND, KINDS, Conflict, Reach, conflict_named
from blocs.outlook.told_twice import merge_told_twice
from blocs.registry import nearest


@dataclass(frozen=True, slots=True)
class Precedents:
    """What came before.

    Attributes
    ----------
    kind : str
        Name of the kind.
    conflict : Conflict or None
        The conflict asked about.
    state : str or None
        The state asked about.
    before : date or None
        The day before which precedents count; none = every case told.
    cases : pl.DataFrame
        Every case, by date, the earliest of each state and conflict; one that two sources
        tell of is one row. `CASES` and ``here``, ``earlier``.
    reaches : tuple of Reach
        What the answer rests on.
    """

    kind: str
    conflict: Conflict | None
    state: str | None
    before: date | None
    cases: pl.DataFrame
    reaches: tuple[Reach, ...]


def kind_named(text: str) -> str:
    """Find a kind by its name or other words for it.

    Raises
    ------
    UnknownName
        With the nearest kinds.

    Examples
    --------
    >>> kind_named("Third-state troops"), kind_named("lethal aid")
    ('third-state-troops', 'weapons')
    """
    key = actors.normalise(text).replace(" ", "-")
    words = {k: k for k in KINDS}
    for name, known in KINDS.items():
        words |= {actors.normalise(alias).replace(" ", "-"): name for alias in known.aliases}
    if key in words:
        return words[key]
    near = dict.fromkeys(words[w] for w in nearest(key, list(words)))
    raise UnknownName("kind of act", text, near, f"Known: {', '.join(KINDS)}.")


def find_precedents(
    kind: str,
    data: Mapping[str, Facts],
    *,
    conflict: str = "",
    state: str = "",
    before: date | None = None,
) -> Precedents:
    """Find the cases of a kind, and which came before, here and by whom.

    Parameters
    ----------
    kind : str
        See `KINDS`.
    data : mapping of str to Facts
        Data sets at hand, by id.
    conflict, state : str
        A war or a state with one; a state. Empty = any.
    before : date, optional
        Cases before this day count as earlier; by default every case does.
    """
    name = kind_named(kind)
    here = conflict_named(conflict) if conflict else None
    who = actors.resolve(state) if state else None
    told, reaches = KINDS[name].find(data)
    first = told.sort("start", "source", "record", nulls_last=True).unique(
        ["source", "state", "conflict", "towards"], keep="first", maintain_order=True
    )
    earlier = pl.lit(value=True) if before is None else _over(before)
    cases = merge_told_twice(first).with_columns(
        here=_here(here), earlier=earlier.fill_null(value=False)
    )
    return Precedents(name, here, who, before, cases, reaches)


def covering(reaches: Sequence[Reach], conflict: Conflict) -> tuple[Reach, ...]:
    """Sources that cover some of a conflict's time."""
    return tuple(
        r
        for r in reaches
        if r.conflict in {"", conflict.war}
        and r.last > conflict.start
        and (conflict.end is None or r.first < conflict.end)
    )


def _over(before: date) -> pl.Expr:
    """Whether a case had begun before a day, however vaguely it is dated."""
    step = pl.col("precision").replace_strict(
        {"year": "1y", "month": "1mo", "day": "1d"}, default="1d", return_dtype=pl.String
    )
    return pl.col("start").dt.offset_by(step) <= before


def _here(conflict: Conflict | None) -> pl.Expr:
    if conflict is None:
        return pl.lit(value=False)
    parties = list(conflict.parties)
    within = pl.col("start").dt.year() >= conflict.start.year
    if conflict.end is not None:
        within &= pl.col("start") < conflict.end
    with_party = pl.col("towards").str.split(AND).list.set_intersection(parties).list.len() > 0
    same = (pl.col("conflict") == conflict.war) | with_party
    return (same & within).fill_null(value=False)
