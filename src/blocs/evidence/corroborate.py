"""One fact in many sources: same, in conflict, confirmed, denied; how far to believe it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812

from blocs.evidence.ledger.copies import is_copied
from blocs.evidence.ledger.credence import Credence, credence
from blocs.evidence.ledger.sameness import (
    AGAINST,
    about_one_thing,
    bounds_meet,
    concepts,
    figure,
    key_of,
    same,
    times_meet,
)
from blocs.evidence.ledger.voices import WEAK, Voice, origin, origin_words, voices_of
from blocs.evidence.reading.items import Horizon, Item
from blocs.evidence.reading.speakers import CITING

_COMPARED = 20
KINDS = ("event", "relation", "quantity", "claim", "forecast")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One telling of a fact: the item, its exact span, who stands for it, when published.

    ``against`` is true where the telling denies what the first one says; ``copy_of`` names the
    item it repeats.
    """

    item: str
    article: str
    published: Date | None
    start: int
    end: int
    quote: str
    statement: str
    certainty: str
    figure: float | None
    origins: tuple[str, ...]
    against: bool = False
    copy_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A fact that tells the same thing otherwise, and what does not agree."""

    fact: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact with all its tellings.

    Attributes
    ----------
    id : str
        Hash of the first telling's item: stable while that item is.
    kind, statement : str
        As told first.
    subject, object : tuple of str
        Actor codes.
    plover : str or None
        Type of act.
    figure : float or None
        The number it states.
    unit, of : str or None
        What the number counts.
    start, end : str or None
        When, half-open, as told first with a date.
    mentions : tuple of Mention
        In order of publication and place.
    voices : tuple of Voice
        Speakers, outlets, confirmers and deniers, in order.
    n_sources : int
        Independent origins for it: each state or speaker once, each unattributed article once,
        copies never; evidence is counted apart.
    n_evidence : int
        Kinds of evidence (photos, footage) that confirm it.
    n_denials : int
        Origins that deny it.
    credence : Credence
        By the rule of :mod:`blocs.evidence.ledger.credence`.
    horizon : Horizon or None
        Until when, for a forecast.
    conflicts : tuple of Conflict
        Facts that tell it otherwise (12,000 against 10,000 troops).
    """

    id: str
    kind: str
    statement: str
    subject: tuple[str, ...]
    object: tuple[str, ...]
    plover: str | None
    figure: float | None
    unit: str | None
    of: str | None
    start: str | None
    end: str | None
    mentions: tuple[Mention, ...]
    voices: tuple[Voice, ...]
    n_sources: int
    n_evidence: int
    n_denials: int
    credence: Credence
    horizon: Horizon | None = None
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of the articles: days, texts, which is a copy of which, whose wire.

    Attributes
    ----------
    published : mapping of str to date
        Day of publication by article.
    texts : mapping of str to str
        Canonical text by article.
    copies : mapping of str to str
        Article to the one it copies.
    wires : mapping of str to str
        Article to the news agency whose mark it bears.
    """

    published: Mapping[str, Date]
    texts: Mapping[str, str]
    copies: Mapping[str, str]
    wires: Mapping[str, str]


def corroborate(
    items: Iterable[Item],
    *,
    published: Mapping[str, Date] | None = None,
    texts: Mapping[str, str] | None = None,
    copies: Mapping[str, str] | None = None,
    wires: Mapping[str, str] | None = None,
) -> list[Fact]:
    """Merge the items of many articles into facts.

    Parameters
    ----------
    items : iterable of Item
        From :func:`blocs.evidence.claims.read_article`; the same item twice counts once.
    published : mapping of str to datetime.date, optional
        Day of publication per article (sha256).
    texts : mapping of str to str, optional
        Text per article; with it, chains say how strongly each confirms.
    copies : mapping of str to str, optional
        From :func:`blocs.evidence.ledger.copies.find_copies`.
    wires : mapping of str to str, optional
        From :func:`blocs.evidence.ledger.copies.wire_of`; one agency is one origin.

    Returns
    -------
    list of Fact
        Sorted by first publication, place and id.

    Notes
    -----
    See :func:`blocs.evidence.ledger.sameness.same` for when two items tell one fact. Nothing
    is averaged: other figures for the same thing are conflicts and stand side by side.
    Cost O(n_items times facts with the same key).

    Examples
    --------
    >>> corroborate([])
    []
    """
    around = Circumstances(published or {}, texts or {}, copies or {}, wires or {})
    unique = {item.id: item for item in items if item.kind in KINDS}
    ordered = sorted(unique.values(), key=lambda i: _place(around, i))
    groups: dict[tuple[str, ...], _Cell] = {}
    for item in ordered:
        cell = groups.setdefault(key_of(item), _Cell())
        home = cell.home_of(item)
        if home is None:
            cell.begin(item)
        elif not any(_within(one, item) for one in home):
            home.append(item)
    facts = []
    for told in (cell.groups for cell in groups.values()):
        made = [_fact(group, around) for group in told]
        facts += [_with_conflicts(k, made, told) for k in range(len(made))]
    first = {item.id: k for k, item in enumerate(ordered)}
    return sorted(facts, key=lambda f: first[f.mentions[0].item])


class _Cell:
    """Facts with one key, and which of them each concept of a first telling leads to."""

    def __init__(self) -> None:
        self.groups: list[list[Item]] = []
        self.by_concept: dict[str, list[int]] = {}

    def home_of(self, item: Item) -> list[Item] | None:
        """Return the first fact that an item tells; only those that share a concept are tried."""
        mine = concepts(item.statement) | concepts(item.quote)
        tried = {k for concept in mine for k in self.by_concept.get(concept, ())}
        hits = (self.groups[k] for k in sorted(tried))
        return next((g for g in hits if same(g[0], item)), None)

    def begin(self, item: Item) -> None:
        """Begin a fact with an item."""
        for concept in concepts(item.statement) | concepts(item.quote) | {""}:
            self.by_concept.setdefault(concept, []).append(len(self.groups))
        self.groups.append([item])


def _within(one: Item, two: Item) -> bool:
    """Say whether two items are one telling: overlapping words of the same article."""
    return one.article == two.article and one.start < two.end and two.start < one.end


def _place(around: Circumstances, item: Item) -> tuple[str, str, int, str]:
    """Return the order of tellings: day of publication (unknown last), article, place."""
    return str(around.published.get(item.article, "9")), item.article, item.start, item.id


def _fact(group: list[Item], around: Circumstances) -> Fact:
    """Build the fact of a group of items, oldest first."""
    mentions = _mentions(group, around)
    voices = tuple(v for i in group for v in _chain(i, around))
    weights = _weights(group, mentions, voices)
    evidence = {origin_words(v.text) for v in voices if v.evidence}
    first, q = group[0], group[0].quantity
    dated = next((i.when for i in group if i.when and i.when.start), None)
    return Fact(
        id=hashlib.sha256(first.id.encode()).hexdigest()[:16],
        kind=first.kind,
        statement=first.statement,
        subject=tuple(first.subject),
        object=tuple(next((i.object for i in group if i.object), [])),
        plover=first.event.plover if first.event else None,
        figure=figure(first),
        unit=q.unit if q else None,
        of=q.of if q else None,
        start=dated.start if dated else None,
        end=dated.end if dated else None,
        mentions=mentions,
        voices=voices,
        n_sources=len(weights[0]) - len(evidence),
        n_evidence=len(evidence),
        n_denials=len(weights[1]),
        credence=credence(sorted(weights[0].values()), sorted(weights[1].values())),
        horizon=first.horizon,
    )


def _weights(
    group: list[Item], mentions: tuple[Mention, ...], voices: tuple[Voice, ...]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the weight of each independent origin for a fact and against it."""
    against = {origin(v) for v in voices if v.role == "denier"}
    pro: dict[str, float] = {}
    con: dict[str, float] = dict.fromkeys(against, 1.0)
    for item, mention in zip(group, mentions, strict=True):
        if mention.copy_of is not None:
            continue
        weight = 0.5 if _is_hedged(item) else 1.0
        side = con if mention.against else pro
        for who in mention.origins:
            if who not in against:
                side[who] = max(side.get(who, 0.0), weight)
    for v in voices:
        if v.role == "confirmer":
            weight = 0.5 if v.strength in WEAK else 1.0
            pro[origin(v)] = weight
    return {k: w for k, w in pro.items() if k not in con}, con


def _is_hedged(item: Item) -> bool:
    """Say whether a telling hedges; "weakly confirmed" hedges the confirmation, not the telling."""
    if item.certainty == "conditional":
        return True
    return item.certainty == "hedged" and any(h.lower() not in WEAK for h in item.hedges)


def _mentions(group: list[Item], around: Circumstances) -> tuple[Mention, ...]:
    """Return the tellings; one in a copied article, or in copied words, is a copy."""
    out: list[Mention] = []
    for item in group:
        older = [m for m in out if m.article != item.article and m.copy_of is None][:_COMPARED]
        source = next((m for m in older if _is_copy(m, item, around)), None)
        out.append(
            Mention(
                item=item.id,
                article=item.article,
                published=around.published.get(item.article),
                start=item.start,
                end=item.end,
                quote=item.quote,
                statement=item.statement,
                certainty=item.certainty,
                figure=figure(item),
                origins=_origins(item, around),
                against=_denies(item) != _denies(group[0]),
                copy_of=source.item if source else None,
            )
        )
    return tuple(out)


def _denies(item: Item) -> bool:
    """Say whether a telling itself says that it is not so."""
    return item.certainty in AGAINST and not any(s.role == "denier" for s in item.speakers)


def _is_copy(known: Mention, item: Item, around: Circumstances) -> bool:
    """Say whether a telling repeats another: its article, or its words."""
    home = around.copies.get(item.article, item.article)
    if home != item.article and home == around.copies.get(known.article, known.article):
        return True
    return is_copied(known.statement, item.statement) or is_copied(known.quote, item.quote)


def _origins(item: Item, around: Circumstances) -> tuple[str, ...]:
    """Return whose word it is: speakers, else outlets, else the wire, else the article's own.

    Who only cites another adds no word of his own: it is the other's.
    """
    voices = list(_chain(item, around))
    cited = [v for v in voices if v.role == "speaker" and v.cue.lower() in CITING]
    spoke = cited or [v for v in voices if v.role == "speaker"]
    heard = {origin(v) for v in (*spoke, *(v for v in voices if v.role == "confirmer"))}
    outlets = {origin(v) for v in voices if v.role == "outlet"}
    wire = around.wires.get(item.article)
    own = f"wire {wire}" if wire else f"article {item.article[:16]}"
    denied = {origin(v) for v in voices if v.role == "denier"}
    return tuple(sorted(heard or outlets or (set() if denied else {own})))


def _chain(item: Item, around: Circumstances) -> Iterator[Voice]:
    text = around.texts.get(item.article, "")
    return voices_of(item, text, around.published.get(item.article))


def _with_conflicts(k: int, made: list[Fact], cell: list[list[Item]]) -> Fact:
    """Link facts that count the same thing at the same time with other figures."""
    fact, head = made[k], cell[k][0]
    if head.quantity is None or not head.subject:
        return fact
    found = [
        Conflict(fact=other.id, why=_why(head, group[0]))
        for other, group in zip(made, cell, strict=True)
        if other.id != fact.id
        and (head.quantity.part_of is None)
        == (group[0].quantity is None or group[0].quantity.part_of is None)
        and times_meet(group[0], head)
        and about_one_thing(group[0], head)
        and _apart(fact, other)
    ]
    return replace(fact, conflicts=tuple(sorted(found, key=lambda c: c.fact)))


def _apart(one: Fact, two: Fact) -> bool:
    """Say whether two facts are told by different articles, or by different speakers."""
    articles = {m.article for m in one.mentions} & {m.article for m in two.mentions}
    origins = (
        {o for m in one.mentions for o in m.origins},
        {o for m in two.mentions for o in m.origins},
    )
    own = any(o.startswith(("article ", "wire ")) for side in origins for o in side)
    return not articles or (not own and not origins[0] & origins[1])


def _why(one: Item, two: Item) -> str:
    """Say what does not agree about two amounts."""
    if bounds_meet(one, two):
        return "the figures differ; their bounds overlap"
    return "the figures exclude each other if they mean the same thing at the same time"
