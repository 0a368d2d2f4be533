"""First of its kind: whether this state, or any, has done this before in the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812
from datetime import timedelta

import msgspec
import polars as pl

from blocs.almanac.tables import facts
from blocs.evidence.ledger.support import SupportRow
from blocs.evidence.ledger.wars import wars
from blocs.schemas import RUNGS

SAME_ACT = timedelta(days=120)
GIVEN = ("asserted", "reported", "confirmed")


class First(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to "has this been done before?", and the record it rests on.

    Attributes
    ----------
    support : str
        Id of the support row asked about.
    question : str
        In words.
    scope : str
        ``actor in theatre``, ``anyone in theatre`` or ``actor anywhere``.
    first : bool or None
        None where the record cannot say: the act has no date, or nothing is covered.
    precedent : str or None
        The earliest known case before it.
    searched : int
        Facts of the record that were compared.
    since : str or None
        First day of the record.
    coverage : str
        What the record is; it is never complete.
    """

    support: str
    question: str
    scope: str
    first: bool | None
    precedent: str | None
    searched: int
    since: str | None
    coverage: str


@dataclass(frozen=True, slots=True)
class _Known:
    actor: str
    theatre: str | None
    level: int
    day: Date
    text: str


def find_firsts(rows: Sequence[SupportRow]) -> list[First]:
    """Ask of each given support whether it is a first, against the almanac and the ledger.

    Parameters
    ----------
    rows : sequence of SupportRow
        All of the ledger's.

    Returns
    -------
    list of First
        Three questions per supporter, theatre and rung, asked of the earliest row: the
        state's first such rung in the theatre, anyone's, and the state's in any war.

    Notes
    -----
    A known case counts as earlier if its day precedes by more than 120 days; within that it may
    be the same act. "First" always means: none in this record.
    """
    known = [*_told(rows), *_almanac()]
    out: list[First] = []
    for row in _earliest(rows):
        out += _asked(row, known)
    return out


def _earliest(rows: Sequence[SupportRow]) -> Iterator[SupportRow]:
    """Yield the earliest given row of each supporter, theatre and rung."""
    seen: dict[tuple[str, str | None, int], SupportRow] = {}
    for row in sorted(rows, key=lambda r: (r.start or r.reported or "9", r.article, r.span_start)):
        state = row.supporter and not row.supporter.startswith("group:")
        if row.supporter and state and row.level and row.certainty in GIVEN:
            seen.setdefault((row.supporter, row.theatre, row.level), row)
    yield from (seen[key] for key in sorted(seen, key=lambda k: (-k[2], k[0], k[1] or "")))


def _asked(row: SupportRow, known: Sequence[_Known]) -> Iterator[First]:
    actor, rung = str(row.supporter), row.rung.replace("_", " ")
    here = [k for k in known if row.theatre and k.theatre == row.theatre and k.level == row.level]
    mine = [k for k in here if k.actor == actor]
    if row.theatre:
        told = "told support in this war, in the almanac and the ledger"
        ask = f"Has {actor} given {rung} in {row.theatre} before?"
        own = _answer(row, "actor in theatre", ask, mine, len(here), told, here)
        yield own
    if row.theatre and own.first is not False:
        ask = f"Has anybody given {rung} in {row.theatre} before?"
        yield _answer(row, "anyone in theatre", ask, here, len(here), told, here)
    if row.level == RUNGS.index("troops"):
        fought = [*_fought(actor, row.theatre), *(k for k in known if _sent(k, actor))]
        told = (
            "the almanac's wars between states and told support; it does not say who fought abroad"
        )
        ask = f"Has {actor} sent troops to, or fought in, another war?"
        yield _answer(row, "actor anywhere", ask, fought, len(wars()), told, fought)


def _sent(known: _Known, actor: str) -> bool:
    return known.actor == actor and known.level == RUNGS.index("troops")


def _answer(
    row: SupportRow,
    scope: str,
    question: str,
    cases: Sequence[_Known],
    searched: int,
    coverage: str,
    record: Sequence[_Known],
) -> First:
    day = row.start or row.reported
    limit = Date.fromisoformat(day) - SAME_ACT if day else None
    before = sorted((k for k in cases if limit and k.day < limit), key=lambda k: (k.day, k.text))
    since = min((k.day for k in record), default=None)
    known = limit is not None and bool(record)
    return First(
        support=row.id,
        question=question,
        scope=scope,
        first=not before if known else None,
        precedent=before[0].text if before else None,
        searched=searched,
        since=since.isoformat() if since else None,
        coverage=coverage,
    )


def _told(rows: Sequence[SupportRow]) -> Iterator[_Known]:
    for r in rows:
        day = r.start or r.reported
        if r.supporter and day and r.level and r.certainty in GIVEN:
            text = f"{r.supporter}, {r.what}, {day} (article {r.article[:8]})"
            yield _Known(r.supporter, r.theatre, r.level, Date.fromisoformat(day), text)


def _almanac() -> Iterator[_Known]:
    given = pl.col("claim").is_in(GIVEN) & pl.col("supporter").is_not_null()
    for r in facts("support").filter(given).iter_rows(named=True):
        day = r["start"] or r["reported"]
        level = RUNGS.index(r["rung"])
        if day is not None and level:
            when = r["start_text"] or r["reported_text"]
            text = f"{r['supporter']}, {r['what']}, {when} (almanac {r['id']})"
            yield _Known(r["supporter"], r["theatre"], level, day, text)


def _fought(actor: str, theatre: str | None) -> Iterator[_Known]:
    """Yield the wars of the almanac that a state fought in, the present one left out."""
    for war in wars():
        for who, start, _ in war.joined:
            if who == actor and start is not None and war.theatre != theatre:
                text = f"{actor} fought in {war.name}, {start.year} (almanac {war.war})"
                yield _Known(actor, war.theatre, RUNGS.index("troops"), start, text)
