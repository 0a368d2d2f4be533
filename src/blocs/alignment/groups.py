"""Dated groups and their members: a list of states, or a group with a name.

A named group has the membership of each year, counted on 31 December; freezing
it (``--members-at``) gives every year the membership of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from blocs import actors
from blocs.actors import normalise
from blocs.almanac.tables import facts
from blocs.dates import Period
from blocs.errors import BadInput, NotMember, UnknownName
from blocs.registry import nearest


@dataclass(frozen=True, slots=True)
class Group:
    """A set of states whose membership may change from year to year.

    Attributes
    ----------
    label : str
        As people say it.
    slug : str
        Its id in the almanac; empty for a list of states.
    by_year : tuple of (int, tuple of str)
        Year and members, ids sorted; only years with two members or more.
    """

    label: str
    slug: str
    by_year: tuple[tuple[int, tuple[str, ...]], ...]

    @property
    def members(self) -> tuple[str, ...]:
        """Members in the last year of the period."""
        return self.by_year[-1][1]

    @property
    def ever(self) -> tuple[str, ...]:
        """Everybody who was a member in some year of the period, sorted."""
        return tuple(sorted({m for _, members in self.by_year for m in members}))

    @property
    def changes(self) -> bool:
        """Whether the membership differs between years."""
        return len({members for _, members in self.by_year}) > 1

    def in_year(self, year: int) -> tuple[str, ...]:
        """Members in one year; empty if it had none or only one."""
        return dict(self.by_year).get(year, ())


def find_group(text: str) -> str | None:
    """Return the almanac's id of a named group; none if there is no such group.

    Examples
    --------
    >>> find_group("Warsaw Pact"), find_group("Ruritania")
    ('warsaw_pact', None)
    """
    return _by_name().get(normalise(text))


def group_names() -> tuple[str, ...]:
    """Names of all groups in the almanac, sorted."""
    return tuple(facts("groups")["name"].sort())


def members_on(slug: str, day: date, *, rank: str = "member") -> tuple[str, ...]:
    """Members of a named group on one day, ids sorted.

    Examples
    --------
    >>> members_on("nato", date(1950, 1, 1))[:3]
    ('BEL', 'CAN', 'DNK')
    """
    day = max(day, _since(slug))
    return tuple(
        sorted(
            {
                actor
                for actor, start, end in _spells().get((slug, rank), ())
                if (start is None or start <= day) and (end is None or end > day)
            }
        )
    )


def resolve_group(words: Sequence[str], period: Period, *, members_at: int | None = None) -> Group:
    """Turn what a user typed into a group: states, or one named group, or both.

    Parameters
    ----------
    words : sequence of str
        Codes, names of states, or names of groups.
    period : Period
        Years asked for.
    members_at : int, optional
        Freeze named groups at the membership of this year.

    Raises
    ------
    UnknownName
        For a word that is neither; with the nearest names.
    NotMember
        If a state did not exist in the period, or a group had no members then.
    BadInput
        If fewer than two states are left.
    """
    if not words:
        raise BadInput("an empty group; name at least two states, or one group such as BRICS")
    slugs = [find_group(word) for word in words]
    fixed = {_state(word, period) for word, slug in zip(words, slugs, strict=True) if slug is None}
    named = [slug for slug in slugs if slug is not None]
    if members_at is not None and not named:
        raise BadInput(
            f"--members-at {members_at} freezes a named group such as BRICS; "
            f"{', '.join(words)} are states"
        )
    by_year = []
    for year in period.years:
        now = set(fixed)
        for slug in named:
            now |= set(members_on(slug, date(year if members_at is None else members_at, 12, 31)))
        alive = tuple(sorted(m for m in now if actors.actor(m).existed(Period(year, year))))
        if len(alive) > 1:
            by_year.append((year, alive))
    if not by_year:
        raise _too_few(words, fixed, named, period, members_at)
    return Group(
        _label(words, named, by_year[-1]),
        named[0] if len(named) == len(words) == 1 else "",
        tuple(by_year),
    )


@cache
def _spells() -> dict[tuple[str, str], list[tuple[str, date | None, date | None]]]:
    """Membership spells by group and rank."""
    out: dict[tuple[str, str], list[tuple[str, date | None, date | None]]] = {}
    rows = facts("memberships").select("group", "rank", "actor", "start", "end")
    for slug, rank, actor, start, end in rows.iter_rows():
        out.setdefault((slug, rank), []).append((actor, start, end))
    return out


@cache
def _since(slug: str) -> date:
    """First day on which a group can be asked for: a mere label has its states at any time."""
    row = facts("groups").filter((pl.col("group") == slug) & (pl.col("kind") == "label"))
    start = row["start"][0] if row.height else None
    return start if isinstance(start, date) else date.min


@cache
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for slug, name, aliases in facts("groups").select("group", "name", "aliases").iter_rows():
        for word in (slug, name, *(aliases or "").split("|")):
            if word:
                found.setdefault(normalise(word), slug)
    return found


def _state(word: str, period: Period) -> str:
    try:
        found = actors.resolve(word, over=period)
    except UnknownName as error:
        close = [*error.nearest, *nearest(word, list(group_names()))][:4]
        raise UnknownName(
            "state or group",
            word,
            close,
            "`blocs who` finds codes; groups have names such as NATO.",
        ) from None
    record = actors.actor(found)
    if not record.existed(period):
        spells = " and ".join(
            f"{s.start.year if s.start else '...'}-{s.end.year if s.end else 'today'}"
            for s in record.spells
        )
        heirs = ", ".join(f"{actors.name_of(s)} ({s})" for s in record.successors)
        raise NotMember(
            f"{record.name} ({found}) was not a state in {period}; it was in {spells or 'no year'}"
            + (f". Its successors: {heirs}" if heirs else "")
        )
    return found


def _too_few(
    words: Sequence[str],
    fixed: set[str],
    named: Sequence[str],
    period: Period,
    members_at: int | None,
) -> BadInput:
    if named and not fixed:
        rows = facts("memberships").filter(pl.col("group").is_in(list(named)))
        first = rows["start"].min()
        return NotMember(
            f"{' '.join(words)} had fewer than two members at the end of "
            + (f"{members_at}" if members_at is not None else f"any year in {period}")
            + (
                f"; the first known member joined in {first.year}"
                if isinstance(first, date)
                else ""
            )
        )
    return BadInput(
        f"a group needs at least two different states that exist at the same time; "
        f"{', '.join(words)} gives {len(fixed)} in {period}"
    )


def _label(words: Sequence[str], named: Sequence[str], last: tuple[int, Sequence[str]]) -> str:
    if len(named) == len(words) == 1:
        name = facts("groups").filter(pl.col("group") == named[0])["name"]
        return str(name[0])
    year, members = last
    names = [actors.name_of(m, year) for m in members]
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
