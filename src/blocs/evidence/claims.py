"""Read an article: claims, events, relations, quantities, quotations, forecasts, with spans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812
from pathlib import Path

import msgspec

from blocs.evidence.articles import Article, open_article
from blocs.evidence.events import Act, find_acts
from blocs.evidence.quantities import Amount, find_amounts
from blocs.evidence.reading.actors import Mention, Party, by_word, find_mentions, resolve
from blocs.evidence.reading.attribution import Attribution, find_attributions, mark_quotes
from blocs.evidence.reading.hedges import certainty_of, find_hedges
from blocs.evidence.reading.items import (
    Event,
    Horizon,
    Item,
    Kind,
    Quantity,
    Speaker,
    When,
    item_id,
)
from blocs.evidence.reading.petrarch import Dictionaries
from blocs.evidence.reading.quotations import find_quotations
from blocs.evidence.reading.repairs import Repair
from blocs.evidence.reading.speakers import speakers_of
from blocs.evidence.reading.times import Moment, Span, find_horizons, find_moments
from blocs.evidence.syntax import Tree, parse_sentences

_MAX_SENTENCE = 4000


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in one sentence, before it becomes items.

    Attributes
    ----------
    tree : Tree
        Words and syntax.
    mentions, acts, attributions, amounts, moments, horizons
        Results of the parts of the reader on the sentence.
    speakers : tuple of (frozenset of int, tuple of Speaker)
        Words of a content and who stands for it.
    """

    tree: Tree
    mentions: tuple[Mention, ...]
    acts: tuple[Act, ...]
    attributions: tuple[Attribution, ...]
    speakers: tuple[tuple[frozenset[int], tuple[Speaker, ...]], ...]
    amounts: tuple[Amount, ...]
    moments: tuple[Moment, ...]
    horizons: tuple[Span, ...]


def read_article(
    source: str | bytes | Path | Article,
    *,
    date: Date | None = None,
    model: str = "",
    dictionaries: Dictionaries | None = None,
) -> list[Item]:
    """Read one article into ledger items.

    Parameters
    ----------
    source : str, bytes, Path or Article
        See :func:`blocs.evidence.articles.open_article`.
    date : datetime.date, optional
        Day of publication; office holders and relative dates need it.
    model : str
        A user's own spaCy model; empty for the embedded pipeline.
    dictionaries : Dictionaries, optional
        A user's own actors and verbs (:mod:`blocs.evidence.reading.petrarch`).

    Returns
    -------
    list of Item
        Sorted by place, kind and id; ``text[start:end] == quote`` for each. The same text gives
        the same items, byte for byte.

    Raises
    ------
    BadInput, BadFile
        Nothing readable.
    MissingExtra
        spaCy is not installed.

    Notes
    -----
    Memory is bounded: 256 sentences are parsed at a time. Cost O(length).

    Examples
    --------
    >>> items = read_article("Seoul said on Monday that Pyongyang sent up to 12,000 soldiers.")
    >>> sorted({i.kind for i in items})
    ['claim', 'event', 'quantity']
    """
    article = source if isinstance(source, Article) else open_article(source, date=date)
    items: dict[str, Item] = {}
    for reading in read_sentences(article, model=model, dictionaries=dictionaries):
        for item in _items(article, reading):
            items.setdefault(item.id, item)
    readings = list(items.values())
    for item in find_quotations(article, readings):
        items.setdefault(item.id, item)
    return sorted(items.values(), key=lambda i: (i.start, i.end, i.kind, i.id))


def read_sentences(
    article: Article, *, model: str = "", dictionaries: Dictionaries | None = None
) -> Iterator[Reading]:
    """Parse an article and run every part of the reader on each sentence, in order."""
    text = article.text
    cuts = frozenset(_cuts(article))
    depth, last = 0, 0
    focus: tuple[Party, ...] = ()
    for tree in parse_sentences(_stretches(article), model=model, cuts=cuts):
        if "\n" in text[last : tree.begins[0]]:
            depth = 0
        quoted, after = mark_quotes(tree, depth)
        last = tree.ends[-1]
        reading = _read(text, tree, quoted, article.date, dictionaries, focus)
        yield reading
        focus = _focus(reading) or focus
        depth = after


def _focus(reading: Reading) -> tuple[Party, ...]:
    """Return whom a sentence is about: the source of its main act, else its only actor."""
    for act in reading.acts[:1]:
        named = tuple(p for p in act.sources if p.code != "---")
        if len(named) == 1:
            return named
    named = tuple(
        Party(m.code, m.role, m.first, m.last, m.head)
        for m in reading.mentions
        if m.code and m.use == "actor"
    )
    return named[:1] if len({p.code for p in named}) == 1 else ()


def _stretches(article: Article) -> Iterator[tuple[str, int]]:
    """Yield sentences with their offsets; endless ones are cut."""
    for a, b in article.sentences:
        for at in range(a, b, _MAX_SENTENCE):
            part = article.text[at : min(b, at + _MAX_SENTENCE)]
            if part.strip():
                yield part, at


def _cuts(article: Article) -> Iterator[int]:
    """Yield the offsets at which glued words come apart."""
    for r in article.repairs:
        if r.kind == "glued" and " " in r.reading:
            yield r.start + len(r.reading.split(" ")[0])


def _read(
    text: str,
    tree: Tree,
    quoted: list[bool],
    date: Date | None,
    dictionaries: Dictionaries | None,
    focus: tuple[Party, ...],
) -> Reading:
    """Run the parts of the reader on one sentence."""
    start, end = tree.begins[0], tree.ends[-1]
    names = dictionaries.actors if dictionaries else None
    verbs = dictionaries.verbs if dictionaries else None
    mentions = find_mentions(tree, date=date, table=names)
    attributions = find_attributions(tree, quoted)
    if not attributions and sum(quoted) > 0.8 * len(quoted):
        attributions = [Attribution(0, (), (), tuple(range(len(tree))), 0.5)]
    covered = by_word(mentions)
    return Reading(
        tree=tree,
        mentions=tuple(mentions),
        acts=tuple(find_acts(tree, mentions, focus=focus, verbs=verbs)),
        attributions=tuple(attributions),
        speakers=tuple(speakers_of(text, tree, attributions, covered)),
        amounts=tuple(find_amounts(text, start=start, end=end)),
        moments=tuple(find_moments(text, start=start, end=end, date=date)),
        horizons=tuple(find_horizons(text, start=start, end=end)),
    )


def _items(article: Article, reading: Reading) -> Iterator[Item]:
    """Turn what was found in a sentence into items."""
    yield from _claims(article, reading)
    yield from _acts(article, reading)
    yield from _quantities(article, reading)
    yield from _forecasts(article, reading)


def _make(
    article: Article,
    reading: Reading,
    kind: Kind,
    words: tuple[int, ...],
    *,
    act: Act | None = None,
    span: tuple[int, int] | None = None,
    quantity: Quantity | None = None,
    horizon: Span | None = None,
    statement: tuple[int, int] | None = None,
) -> Item:
    """Build an item from the words it rests on."""
    tree, text = reading.tree, article.text
    start, end = span or _trim(text, *tree.span(list(words)))
    speakers = _speakers(reading, words)
    hedges = find_hedges(tree, words)
    subject, object_ = _ends(reading, words, act)
    about = statement or (start, end)
    return Item(
        id=item_id(article.sha256, kind, start, end, act.cameo if act else ""),
        article=article.sha256,
        kind=kind,
        start=start,
        end=end,
        quote=text[start:end],
        statement=text[about[0] : about[1]],
        subject=subject,
        object=object_,
        speakers=speakers,
        certainty=certainty_of(tree, words, act, hedges, speakers),
        hedges=hedges,
        event=Event(plover=act.plover, mode=act.mode, cameo=act.cameo) if act else None,
        sign=act.sign if act else None,
        quantity=quantity,
        when=_when(reading, start, end, act),
        horizon=_horizon(article, reading, horizon),
        repairs=_repairs(article, [(start, end), *((s.start, s.end) for s in speakers)]),
    )


def _repairs(article: Article, spans: list[tuple[int, int]]) -> list[Repair]:
    """Return the repairs that touch any of some spans."""
    return [r for r in article.repairs if any(r.start < b and r.end > a for a, b in spans)]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut white space and commas off the ends of a span."""
    while end > start + 1 and (text[end - 1].isspace() or text[end - 1] in ",;:–—-"):
        end -= 1
    while start < end - 1 and (text[start].isspace() or text[start] in ",;:.…–—-"):
        start += 1
    return start, end


def _speakers(reading: Reading, words: tuple[int, ...]) -> list[Speaker]:
    """Return who stands for some words: of every content that holds most of them."""
    out: list[Speaker] = []
    for content, speakers in reading.speakers:
        if content and len(content & set(words)) > 0.5 * len(words):
            out += [s for s in speakers if not any(_repeats(s, o) for o in out)]
    return out


def _repeats(one: Speaker, two: Speaker) -> bool:
    """Say whether two speakers are the same actor in the same part, in overlapping words."""
    return (
        one.start < two.end
        and two.start < one.end
        and (one.actor, one.role) == (two.actor, two.role)
    )


def _ends(reading: Reading, words: tuple[int, ...], act: Act | None) -> tuple[list[str], list[str]]:
    """Return subject and object codes: of the act, else of the main act among the words."""
    inside = set(words)
    chosen = act or next((a for a in reading.acts if a.verb in inside), None)
    if chosen is not None:
        subject = [p.full for p in chosen.sources if p.code != "---" or p.role]
        object_ = [p.full for p in chosen.targets if p.code != "---" or p.role]
        return _unique(subject), _unique(object_)
    tree, covered = reading.tree, by_word(reading.mentions)
    subjects = [i for i in words if tree.deps[i].startswith("nsubj")]
    found = [p.full for i in subjects[:1] for p in resolve(tree, i, covered) if p.code != "---"]
    others = [
        m.code + m.role
        for m in reading.mentions
        if m.head in inside and m.code and m.use not in ("topic", "outlet")
    ]
    known = {c[:3] for c in found}
    return _unique(found), _unique([c for c in others if c[:3] not in known])


def _unique(codes: list[str]) -> list[str]:
    """Drop repeats, keep order."""
    return list(dict.fromkeys(codes))


def _when(reading: Reading, start: int, end: int, act: Act | None) -> When | None:
    """Return the time expression nearest to the act, inside the span first."""
    if not reading.moments:
        return None
    at = reading.tree.begins[act.verb] if act else (start + end) // 2
    cues = {reading.tree.begins[i] for a in reading.attributions for i in a.cue}
    inside = [m for m in reading.moments if start <= m.at < end]
    if not inside and act is None:
        return None
    pool = inside or [m for m in reading.moments if not any(abs(m.at - c) < 12 for c in cues)]
    if not pool:
        return None
    best = min(pool, key=lambda m: (abs(m.at - at), m.at))
    return When(
        start=best.start.isoformat() if best.start else None,
        end=best.end.isoformat() if best.end else None,
        precision=best.precision,
        text=best.text,
    )


def _horizon(article: Article, reading: Reading, span: Span | None) -> Horizon | None:
    """Return a horizon, counted from the day it was said, else from the article's."""
    if span is None:
        return None
    said = next((m.start for m in reading.moments if m.start and m.until <= span.at), None)
    start = said or article.date
    return Horizon(
        low=span.low, high=span.high, unit=span.unit, from_=start.isoformat() if start else None
    )


def _claims(article: Article, reading: Reading) -> Iterator[Item]:
    """Yield one claim per attribution with content."""
    for found in reading.attributions:
        if len(found.content) < 3 or not (found.source or found.prob > 0.6):
            continue
        horizon = _inside(reading, reading.horizons, found.content)
        kind: Kind = "forecast" if horizon else "claim"
        yield _make(article, reading, kind, found.content, horizon=horizon)


def _inside(reading: Reading, spans: tuple[Span, ...], words: tuple[int, ...]) -> Span | None:
    """Return the first horizon that lies within some words."""
    if not words:
        return None
    start, end = reading.tree.span(list(words))
    return next((s for s in spans if start <= s.at < end), None)


def _acts(article: Article, reading: Reading) -> Iterator[Item]:
    """Yield the main act as an event, the others as events (done, both ends known) or relations."""
    for act in reading.acts:
        both = {p.code for p in act.sources} - {"---"}, {p.code for p in act.targets} - {"---"}
        if not (both[0] or both[1]) or (act.rank and not (both[0] and both[1] - both[0])):
            continue
        kind: Kind = "relation" if act.rank else "event"
        yield _make(article, reading, kind, act.words, act=act)


def _quantities(article: Article, reading: Reading) -> Iterator[Item]:
    """Yield one item per amount, with the sentence around it as its statement."""
    tree = reading.tree
    ids: list[str] = []
    whole = (tree.begins[0], tree.ends[-1])
    for amount in reading.amounts:
        ids.append(item_id(article.sha256, "quantity", amount.start, amount.end))
        words = tuple(
            i
            for i in range(len(tree))
            if tree.begins[i] < amount.end and tree.ends[i] > amount.start
        )
        if not words:
            continue
        part = ids[amount.part_of] if amount.part_of is not None else None
        quantity = Quantity(
            low=amount.low,
            high=amount.high,
            value=amount.value,
            unit=amount.unit,
            of=amount.of,
            per=amount.per,
            part_of=part,
        )
        item = _make(
            article,
            reading,
            "quantity",
            words,
            span=(amount.start, amount.end),
            quantity=quantity,
            statement=whole,
        )
        yield _with_act(item, reading, words)


def _with_act(item: Item, reading: Reading, words: tuple[int, ...]) -> Item:
    """Give a quantity the ends, date and certainty of the act it belongs to."""
    holders = [a for a in reading.acts if set(words) & set(a.words)]
    if not holders:
        return item
    act = min(holders, key=lambda a: (len(a.words), a.rank))
    subject, object_ = _ends(reading, words, act)
    when = item.when or _when(reading, item.start, item.end, act)
    return msgspec.structs.replace(item, subject=subject, object=object_, when=when)


def _forecasts(article: Article, reading: Reading) -> Iterator[Item]:
    """Yield sentences that look ahead with a horizon no attribution holds."""
    contents = [a.content for a in reading.attributions]
    held = {_inside(reading, reading.horizons, content) for content in contents}
    for span in reading.horizons:
        if span in held:
            continue
        words = tuple(range(len(reading.tree)))
        yield _make(article, reading, "forecast", words, horizon=span)
