"""What happened between two states: every dated row about both, from whichever record tells it.

A row that a layer's tie rests on is told once, by the data set that feeds the layer; wars
of the almanac and facts that the project's articles tell stand beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Final

import msgspec
import polars as pl

from blocs.almanac.tables import facts as almanac
from blocs.contracts import Facts
from blocs.dates import Partial, Spell
from blocs.evidence.corroborate import Fact
from blocs.evidence.ledger.build import Ledger
from blocs.registry import DATASETS
from blocs.views import wording

LAYER_OF: Final[Mapping[str, str]] = {
    "alliance": "alliances",
    "arms": "arms",
    "dispute": "disputes",
    "sanction": "sanctions",
    "support": "support",
    "trade": "trade",
}
"""Kinds of rows that ties are made of, and their layer."""
_SIGNS: Final = {
    **dict.fromkeys(("alliance", "arms", "support", "trade_agreement", "exercise"), 1),
    **dict.fromkeys(("dispute", "sanction", "rivalry", "war", "war_begun"), -1),
}
_UNCHECKED: Final = "unchecked_below"
"""Says of a pair that more may be known, once it is checked; nothing that happened."""
_COLUMNS: Final = ("fact_id", "kind", "type", "sender", "receiver", "start", "end")


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """Something dated between two states, and the rows that tell it.

    Attributes
    ----------
    id : str
        Anchor of its row on a page.
    kind, layer : str
        What it is; the layer whose ties it makes, empty if none.
    sender, receiver : str or None
        Who towards whom; the two in order of their codes if ``mutual``.
    mutual : bool
        Whether it binds or opposes both alike.
    start, end : date or None
        First day, and first day no longer; None = not known, or open.
    begun : str or None
        The start no more exact than it is told: 2024-10, 2023.
    sign : int
        1 friendly, -1 hostile, 0 neither.
    what : str
        In words.
    dataset, ref : str
        Who tells it, and under which name.
    facts : tuple of str
        Ids of the rows.
    """

    id: str
    kind: str
    layer: str
    sender: str
    receiver: str
    mutual: bool
    start: date | None
    end: date | None
    begun: str | None
    sign: int
    what: str
    dataset: str
    ref: str
    facts: tuple[str, ...]


def happened(
    pair: tuple[str, str], held: Mapping[str, Facts], used: Collection[str]
) -> tuple[Happened, ...]:
    """Gather what happened between two states.

    Parameters
    ----------
    pair : tuple of str
        Two actor ids.
    held : mapping of str to Facts
        Data sets at hand.
    used : collection of str
        Ids of facts that ties rest on; rows of a layer's kind count only if among them, so
        that two data sets never tell one treaty twice.

    Returns
    -------
    tuple of Happened
        By first day, what has none first; rows of one act (a treaty's obligations, both
        directions) are one.
    """
    rows = [_rows(name, facts, pair, used) for name, facts in held.items()]
    told = [one for frame in rows for one in _acts(frame)]
    return _sorted((*told, *_wars(pair)))


def from_ledger(pair: tuple[str, str], ledger: Ledger) -> tuple[Happened, ...]:
    """Gather what articles tell of two states, each fact a link to its words.

    A fact without a day of its own is dated by the first article that tells it.
    """
    days = {a.sha256: a.date for a in ledger.articles}
    return _sorted(_told(pair, f, days) for f in ledger.facts if _about_both(f, pair))


def within(told: Iterable[Happened], span: Spell) -> tuple[Happened, ...]:
    """Keep what shares a day with a spell; what has no day is kept only if all days are asked."""
    if span == Spell(None, None):
        return tuple(told)
    return tuple(h for h in told if h.start is not None and span.overlaps(Spell(h.start, h.end)))


def _sorted(told: Iterable[Happened]) -> tuple[Happened, ...]:
    return tuple(sorted(told, key=lambda h: (h.start or date.min, h.kind, h.ref, h.facts)))


def _rows(name: str, facts: Facts, pair: tuple[str, str], used: Collection[str]) -> pl.DataFrame:
    """Rows of one data set about both, with columns of `_COLUMNS`, value, unit, ref."""
    ends = list(pair)
    told = []
    for table in (facts.spells, facts.flows, facts.events):
        here = table.filter(pl.col("sender").is_in(ends) & pl.col("receiver").is_in(ends))
        kind = pl.lit(None, dtype=pl.String).alias("type")
        here = here if "type" in here.columns else here.with_columns(kind)
        told.append(here.select(*_COLUMNS, "value", "unit", "ref"))
    made = pl.col("kind").is_in(list(LAYER_OF))
    standing = DATASETS.get(name).standing if name in DATASETS.names() else ()
    return (
        pl.concat(told)
        .filter(~pl.col("kind").is_in(standing))
        .filter(~made | pl.col("fact_id").is_in(list(used)))
        .filter(pl.col("type").ne_missing(_UNCHECKED))
        .with_columns(dataset=pl.lit(name))
    )


def _acts(rows: pl.DataFrame) -> Iterator[Happened]:
    one_act = pl.coalesce("ref", "fact_id").alias("ref")
    acts = (
        rows.with_columns(one_act)
        .group_by("dataset", "kind", "ref", "start", "end")
        .agg(
            pl.col("fact_id").sort(),
            pl.col("type").drop_nulls().unique().sort(),
            pl.col("sender").unique().sort(),
            pl.col("receiver").unique().sort(),
            pl.col("value").drop_nulls().unique().sort(),
            pl.col("unit").first(),
        )
    )
    for row in acts.iter_rows(named=True):
        mutual = len(row["sender"]) > 1 or row["kind"] in {"alliance", "dispute"}
        both = sorted({*row["sender"], *row["receiver"]})
        yield Happened(
            id=_anchor(row["fact_id"][0]),
            kind=row["kind"],
            layer=LAYER_OF.get(row["kind"], ""),
            sender=both[0] if mutual else row["sender"][0],
            receiver=both[1] if mutual else row["receiver"][0],
            mutual=mutual,
            start=row["start"],
            end=row["end"],
            begun=_begun(row),
            sign=_sign(row["kind"], row["unit"], row["value"]),
            what=_what(row),
            dataset=row["dataset"],
            ref="" if row["ref"] in row["fact_id"] else row["ref"],
            facts=tuple(row["fact_id"]),
        )


def _sign(kind: str, unit: str | None, values: list[float]) -> int:
    if kind in _SIGNS or not values or not (unit or "").startswith("intensity"):
        return _SIGNS.get(kind, 0)
    return (values[-1] > 0) - (values[-1] < 0)


def _what(row: Mapping[str, object]) -> str:
    """Say what an act was: its name if the almanac has one, its types, its amount."""
    types = ", ".join(str(t).replace("_", " ") for t in row["type"])  # type: ignore[attr-defined]
    named = _names().get(str(row["ref"]), "") if row["dataset"] == "almanac" else ""
    kind = wording.upper_first(str(row["kind"]).replace("_", " "))
    head = (
        f"{named} ({types})" if named and types else named or ": ".join(filter(None, (kind, types)))
    )
    values, unit = row["value"], row["unit"]
    assert isinstance(values, list)
    if not values or unit in {None, "1 = confirmed", "rung 0-7"}:
        return head
    span = " to ".join(dict.fromkeys(f"{v:,.4g}" for v in (values[0], values[-1])))
    return f"{head}, {span} {unit}"


def _begun(row: Mapping[str, object]) -> str | None:
    """Write a start as exactly as it is told; one on 1 January of whole years is a year."""
    start, end = row["start"], row["end"]
    if not isinstance(start, date):
        return None
    if row["dataset"] == "almanac":
        told = almanac("support").filter(pl.col("id") == row["ref"])["start_text"]
        return str(told[0]) if row["kind"] == "support" and len(told) else start.isoformat()
    whole = isinstance(end, date) and (start.month, start.day) == (end.month, end.day) == (1, 1)
    return str(start.year) if whole else start.isoformat()


def _names() -> dict[str, str]:
    treaties = almanac("treaties").select("treaty", "name").iter_rows()
    support = almanac("support").select("id", "what").iter_rows()
    return {**dict(treaties), **dict(support)}


def _wars(pair: tuple[str, str]) -> Iterator[Happened]:
    sides = almanac("war_sides").filter(pl.col("actor").is_in(list(pair)))
    wars = {row["war"]: row for row in almanac("wars").iter_rows(named=True)}
    mine = sides.filter(pl.col("actor") == pair[0])
    theirs = sides.filter(pl.col("actor") == pair[1])
    shared = mine.join(theirs, on="war", suffix="_b").sort("war", "start", "start_b")
    for row in shared.iter_rows(named=True):
        war = wars[row["war"]]
        start = max((d for d in (row["start"], row["start_b"]) if d), default=war["start"])
        end = min((d for d in (row["end"], row["end_b"]) if d), default=war["end"])
        if start is not None and end is not None and start >= end:
            continue  # one had left before the other came
        together = row["side"] == row["side_b"]
        a, b = sorted(pair)
        yield Happened(
            id=_anchor(f"war-{row['war']}-{row['row']}-{row['row_b']}"),
            kind="war",
            layer="",
            sender=a,
            receiver=b,
            mutual=True,
            start=start,
            end=end,
            begun=war["start_text"] if start == war["start"] else start and start.isoformat(),
            sign=1 if together else -1,
            what=f"{war['name']}, {'on one side' if together else 'on opposite sides'}",
            dataset="almanac",
            ref=row["war"],
            facts=tuple(f"almanac/war_sides:{n}" for n in sorted((row["row"], row["row_b"]))),
        )


def _about_both(fact: Fact, pair: tuple[str, str]) -> bool:
    return set(pair) <= {*fact.subject, *fact.object}


def _told(pair: tuple[str, str], fact: Fact, days: Mapping[str, str | None]) -> Happened:
    first, second = pair
    towards = first in fact.subject and second in fact.object
    back = second in fact.subject and first in fact.object
    sender, receiver = (second, first) if back and not towards else (first, second)
    said = days.get(fact.mentions[0].article)
    return Happened(
        id=f"f-{fact.id}",
        kind="told",
        layer="",
        sender=sender,
        receiver=receiver,
        mutual=towards == back,
        start=_day(fact.start or said),
        end=_day(fact.end) if fact.start else None,
        begun=fact.start or said,
        sign=0,
        what=f"{fact.kind}: {fact.mentions[0].quote}"
        + ("" if fact.start else " (dated by the article)"),
        dataset="articles",
        ref=fact.id,
        facts=(fact.id,),
    )


def _day(text: str | None) -> date | None:
    return Partial.parse(text).first if text else None


def _anchor(fact: str) -> str:
    return "row-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in fact)


def who(one: Happened) -> str:
    """Name the two: "Russia to Iran", or the pair where it goes both ways."""
    if one.mutual:
        return wording.pair(one.sender, one.receiver, one.start)
    return f"{wording.name(one.sender, one.start)} to {wording.name(one.receiver, one.start)}"
