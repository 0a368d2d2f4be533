"""Read an article: claims, events, relations, quantities, quotations, forecasts, with spans."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date as Date  # noqa: N812
from pathlib import Path

from blocs.evidence.articles import Article, open_article
from blocs.evidence.quantities import Amount
from blocs.evidence.reading.actors import Party
from blocs.evidence.reading.itemise import items_of
from blocs.evidence.reading.items import Item
from blocs.evidence.reading.petrarch import Dictionaries
from blocs.evidence.reading.quotations import find_quotations
from blocs.evidence.reading.quoted import mark_quotes
from blocs.evidence.reading.reading import Reading, read_sentence
from blocs.evidence.reading.replies import Replies
from blocs.evidence.reading.shared_names import settle_names
from blocs.evidence.reading.shares import with_shares
from blocs.evidence.reading.transcripts import turn_at, voice_of
from blocs.evidence.syntax import parse_sentences

_MAX_SENTENCE = 4000


def read_article(
    source: str | bytes | Path | Article,
    *,
    date: Date | None = None,
    model: str = "",
    dictionaries: Dictionaries | None = None,
    watch: Callable[[int], None] | None = None,
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
    watch : callable, optional
        ``watch(offset)`` is told how far it is.

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
    amounts: list[Amount] = []
    replies = Replies()
    for reading in read_sentences(article, model=model, dictionaries=dictionaries):
        for item in items_of(article, reading):
            items.setdefault(item.id, item)
        replies.hear(article.text, reading)
        amounts += _placed(reading, len(amounts))
        if watch is not None:
            watch(reading.tree.ends[-1])
    for item in find_quotations(article, list(items.values())):
        items.setdefault(item.id, item)
    found = with_shares(replies.told(items.values()), amounts)
    return sorted(found, key=lambda i: (i.start, i.end, i.kind, i.id))


def _placed(reading: Reading, before: int) -> Iterator[Amount]:
    """Yield the amounts of a sentence with their wholes counted within the article."""
    for amount in reading.amounts:
        part = amount.part_of
        yield amount if part is None else replace(amount, part_of=part + before)


def read_sentences(
    article: Article, *, model: str = "", dictionaries: Dictionaries | None = None
) -> Iterator[Reading]:
    """Parse an article and run every part of the reader on each sentence, in order."""
    text = article.text
    cuts = frozenset(_cuts(article))
    depth, last = 0, 0
    focus: tuple[Party, ...] = ()
    settled = settle_names(text)
    starts = [turn.start for turn in article.turns]
    for tree in parse_sentences(_stretches(article), model=model, cuts=cuts):
        if "\n" in text[last : tree.begins[0]]:
            depth = 0
        quoted, after = mark_quotes(tree, depth)
        last = tree.ends[-1]
        turn = turn_at(article.turns, starts, tree.begins[0])
        reading = read_sentence(
            text,
            tree,
            quoted,
            date=article.date,
            dictionaries=dictionaries,
            focus=focus,
            settled=settled,
            voice=voice_of(turn, article.date) if turn else None,
        )
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
