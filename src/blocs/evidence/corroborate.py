"""One fact told many times: same, in conflict, confirmed, denied; independent sources counted."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812

from blocs.evidence.reading.items import Item, Speaker
from blocs.evidence.reading.lists import words

_STOP = words(
    "the a an of to in on at by for and or that this these those is are was were be been has have "
    "had it its their his her with as from not but than will would could may might which who"
)
_WORD = re.compile(r"[^\W_]+")
_ALIKE = 0.5
_COPIED = 0.85
_CLOSE = 0.05
_KINDS = ("event", "relation", "quantity", "claim", "forecast")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One telling of a fact: the item, who stands for it, on which day it was published."""

    item: str
    article: str
    published: Date | None
    start: int
    quote: str
    origins: tuple[str, ...]
    copy_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One step in a chain of confirmation and denial, in order."""

    role: str
    actor: str | None
    text: str
    cue: str
    item: str
    published: Date | None


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
    mentions : tuple of Mention
        In order of publication and place.
    voices : tuple of Voice
        Speakers, outlets, confirmers and deniers, in order.
    n_sources : int
        Independent origins: each speaker once, each unattributed article once, copies never.
    n_denials : int
        Origins that deny it.
    conflicts : tuple of str
        Ids of facts that cannot both hold (12,000 against 10,000 troops).
    """

    id: str
    kind: str
    statement: str
    subject: tuple[str, ...]
    object: tuple[str, ...]
    plover: str | None
    figure: float | None
    mentions: tuple[Mention, ...]
    voices: tuple[Voice, ...]
    n_sources: int
    n_denials: int
    conflicts: tuple[str, ...] = ()


def corroborate(
    items: Iterable[Item], *, published: Mapping[str, Date] | None = None
) -> list[Fact]:
    """Merge the items of many articles into facts.

    Parameters
    ----------
    items : iterable of Item
        From :func:`blocs.evidence.claims.read_article`; the same item twice counts once.
    published : mapping of str to datetime.date, optional
        Day of publication per article (sha256).

    Returns
    -------
    list of Fact
        Sorted by first publication, place and id.

    Notes
    -----
    Two items tell one fact when kind, act, ends and time agree and, for amounts, the thing
    counted and the figure (within 5 %); for claims, when half of their words agree. Like
    amounts with other figures are conflicts and stand side by side. Nothing is averaged.
    Cost O(n_items times facts with the same key).

    Examples
    --------
    >>> corroborate([])
    []
    """
    days = dict(published or {})
    unique = {item.id: item for item in items if item.kind in _KINDS}
    ordered = sorted(unique.values(), key=lambda i: _place(days, i))
    groups: dict[tuple[str, ...], list[list[Item]]] = {}
    for item in ordered:
        cell = groups.setdefault(_key(item), [])
        home = next((g for g in cell if _same(g[0], item)), None)
        if home is None:
            cell.append([item])
        else:
            home.append(item)
    facts = []
    for cell in groups.values():
        made = [_fact(group, days) for group in cell]
        pairs = zip(made, cell, strict=True)
        facts += [_with_conflicts(fact, group[0], made, cell) for fact, group in pairs]
    first = {item.id: k for k, item in enumerate(ordered)}
    return sorted(facts, key=lambda f: first[f.mentions[0].item])


def _place(days: Mapping[str, Date], item: Item) -> tuple[str, str, int, str]:
    """Return the order of tellings: day of publication (unknown last), article, place."""
    return str(days.get(item.article, "9")), item.article, item.start, item.id


def _states(codes: Sequence[str]) -> tuple[str, ...]:
    """Return sorted country codes without sectors."""
    return tuple(sorted({c[:6] if c.startswith("IGO") else c[:3] for c in codes}))


def _key(item: Item) -> tuple[str, ...]:
    """Return what must be equal for two items to tell one fact."""
    subject = ",".join(_states(item.subject))
    if item.quantity is not None:
        q = item.quantity
        return ("quantity", subject, q.unit, _head(q.of), q.per or "")
    if item.event is not None:
        return ("act", subject, ",".join(_states(item.object)), item.event.plover)
    return (item.kind, subject)


_ONE_THING = {
    "troop": "soldier",
    "servicemen": "soldier",
    "fighter": "soldier",
    "round": "shell",
}


def _head(noun: str | None) -> str:
    """Return the last word of a noun phrase, singular; troops and soldiers are one."""
    word = (noun or "").lower().split(" ")[-1].rstrip("s")
    return _ONE_THING.get(word, word)


def _same(one: Item, two: Item) -> bool:
    """Say whether two items with the same key tell one fact."""
    if not _times_meet(one, two):
        return False
    if one.quantity is not None and two.quantity is not None:
        return _agree(one, two)
    if one.event is not None:
        return True
    return _likeness(one.quote, two.quote) >= _ALIKE


def _times_meet(one: Item, two: Item) -> bool:
    """Say whether two spells overlap; an unknown one meets any."""
    if one.when is None or two.when is None:
        return True
    a, b = one.when, two.when
    if None in (a.start, a.end, b.start, b.end):
        return True
    return str(a.start) < str(b.end) and str(b.start) < str(a.end)


def _figure(item: Item) -> float | None:
    """Return the number an item states."""
    q = item.quantity
    if q is None:
        return None
    return q.value if q.value is not None else q.high if q.high is not None else q.low


def _agree(one: Item, two: Item) -> bool:
    """Say whether two amounts state the same figure, within 5 %, or one range holds the other."""
    a, b = _figure(one), _figure(two)
    if a is None or b is None:
        return False
    if abs(a - b) <= _CLOSE * max(abs(a), abs(b)):
        return True
    return any(
        q.low is not None and q.high is not None and q.low <= x <= q.high
        for q, x in ((one.quantity, b), (two.quantity, a))
        if q is not None
    )


def _likeness(one: str, two: str) -> float:
    """Return the Jaccard likeness of the content words of two texts."""
    a = {w for w in _WORD.findall(one.lower()) if w not in _STOP}
    b = {w for w in _WORD.findall(two.lower()) if w not in _STOP}
    return len(a & b) / len(a | b) if a | b else 0.0


def _fact(group: list[Item], days: Mapping[str, Date]) -> Fact:
    """Build the fact of a group of items, oldest first."""
    mentions = _mentions(group, days)
    first = group[0]
    independent = {o for m in mentions if m.copy_of is None for o in m.origins}
    voices = [
        Voice(
            role=s.role,
            actor=s.actor,
            text=s.text,
            cue=s.cue,
            item=i.id,
            published=days.get(i.article),
        )
        for i in group
        for s in sorted(i.speakers, key=lambda s: (s.start, s.end, s.role))
    ]
    denials = {_origin(s) for i in group for s in i.speakers if s.role == "denier"}
    return Fact(
        id=hashlib.sha256(first.id.encode()).hexdigest()[:16],
        kind=first.kind,
        statement=first.statement,
        subject=tuple(first.subject),
        object=tuple(first.object),
        plover=first.event.plover if first.event else None,
        figure=_figure(first),
        mentions=mentions,
        voices=tuple(voices),
        n_sources=len(independent - denials),
        n_denials=len(denials),
    )


def _mentions(group: list[Item], days: Mapping[str, Date]) -> tuple[Mention, ...]:
    """Return the tellings; a telling that repeats an older article's words is its copy."""
    out: list[Mention] = []
    for item in group:
        older = (m for m in out if m.article != item.article and m.copy_of is None)
        source = next(
            (m.item for m in older if _is_copy(m.quote, item.statement, item.quote)), None
        )
        out.append(
            Mention(
                item=item.id,
                article=item.article,
                published=days.get(item.article),
                start=item.start,
                quote=item.statement,
                origins=_origins(item),
                copy_of=source,
            )
        )
    return tuple(out)


def _origins(item: Item) -> tuple[str, ...]:
    """Return whose word it is: speakers, else outlets, else the article's own."""
    heard = {_origin(s) for s in item.speakers if s.role != "outlet"}
    outlets = {_origin(s) for s in item.speakers}
    return tuple(sorted(heard or outlets or {f"article {item.article[:16]}"}))


def _is_copy(known: str, statement: str, quote: str) -> bool:
    """Say whether a telling of some length repeats known words."""
    text = statement if len(statement) > len(quote) else quote
    return len(text) > 40 and _likeness(known, text) >= _COPIED


def _origin(speaker: Speaker) -> str:
    """Return what identifies a speaker: the actor's country, else the words."""
    return speaker.actor[:6] if speaker.actor else " ".join(_WORD.findall(speaker.text.lower()))


def _with_conflicts(fact: Fact, head: Item, made: list[Fact], cell: list[list[Item]]) -> Fact:
    """Link facts that count the same thing at the same time with other figures."""
    if head.quantity is None or not head.subject:
        return fact
    other = [
        f.id
        for f, group in zip(made, cell, strict=True)
        if f.id != fact.id and group[0].article != head.article and _times_meet(group[0], head)
    ]
    return replace(fact, conflicts=tuple(sorted(other)))


FORMS = (
    (
        "troops",
        7,
        words("troops soldiers troop soldier army detachments detachment contingent battalion"),
    ),
    ("mercenaries", 7, words("mercenaries mercenary volunteers volunteer brigades")),
    ("advisers", 6, words("advisers advisors instructors trainers")),
    (
        "weapons",
        6,
        words("weapons weapon missiles missile drones drone tanks tank aircraft jets artillery"),
    ),
    ("munitions", 5, words("shells shell ammunition rounds munitions explosives")),
    ("intelligence", 4, words("intelligence satellite images information")),
    (
        "dual use",
        3,
        words("technology technologies parts components chips equipment"),
    ),
    ("economic", 2, words("oil gas purchases purchase trade imports loans credit")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Involvement:
    """One way in which an outsider is drawn in: form, rung of the ladder, dated, sourced."""

    start: str | None
    supporter: str
    recipient: str | None
    form: str
    rung: int
    items: tuple[str, ...]


def involvements(items: Iterable[Item]) -> list[Involvement]:
    """List how outsiders are drawn into a conflict, from weapons to troops.

    Parameters
    ----------
    items : iterable of Item
        Acts of aid, cooperation and mobilisation count, with what their words name.

    Returns
    -------
    list of Involvement
        Sorted by date (undated last), supporter, rung; each with the items it rests on. The
        same form by the same supporter for the same recipient on the same day is one row.
    """
    rows: dict[tuple[str, str, str, str], list[str]] = {}
    rungs = {form: rung for form, rung, _ in FORMS}
    for item in items:
        if item.event is None or item.event.plover not in ("AID", "COOPERATE", "MOBILIZE"):
            continue
        named = set(_WORD.findall(item.quote.lower()))
        forms = [form for form, _, nouns in FORMS if named & nouns]
        start = item.when.start if item.when and item.when.start else ""
        for supporter in _states(item.subject):
            for form in forms[:2]:
                recipient = ",".join(_states(item.object))
                rows.setdefault((start, supporter, recipient, form), []).append(item.id)
    return [
        Involvement(
            start=start or None,
            supporter=supporter,
            recipient=recipient or None,
            form=form,
            rung=rungs[form],
            items=tuple(sorted(set(ids))),
        )
        for (start, supporter, recipient, form), ids in sorted(
            rows.items(), key=lambda row: (row[0][0] or "9", *row[0][1:])
        )
    ]
