"""From what a model answered to an item: exact words, our codes, our figures, or a refusal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from blocs.evidence.articles import Article
from blocs.evidence.quantities import Amount, find_amounts
from blocs.evidence.reading.horizons import find_horizons
from blocs.evidence.reading.items import (
    Certainty,
    Event,
    Horizon,
    Item,
    Kind,
    Quantity,
    Role,
    Speaker,
    When,
    item_id,
    quantity_of,
)
from blocs.evidence.reading.lexicon import cameo_of, sign
from blocs.evidence.reading.spotting import spot_names
from blocs.evidence.reading.times import find_moments

_TO_THE_READER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.]{0,40}\b(?:instructions?|prompts?|rules)\b"
    r"|\b(?:system|developer) (?:prompt|message|note)\b"
    r"|\byou are (?:an? |now )(?:AI|language model|assistant|chatbot)\b"
    r"|\b(?:AI|language)[ -](?:assistants?|models?)\b[^.]{0,30}"
    r"\b(?:must|should|output|report|reply|respond|return)\b",
    re.IGNORECASE,
)


class AnsweredSpeaker(msgspec.Struct, frozen=True, kw_only=True):
    """A speaker as a model answers it."""

    text: str
    cue: str = ""
    role: Role = "speaker"


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """An item as a model answers it: words of the article, no codes, no offsets."""

    kind: Kind
    quote: str
    subject: list[str] = []
    object: list[str] = []
    speakers: list[AnsweredSpeaker] = []
    certainty: Certainty = "asserted"
    hedges: list[str] = []
    plover: str | None = None
    mode: str | None = None
    time: str | None = None
    horizon: str | None = None


class Ungrounded(Exception):
    """What was answered does not stand in the article; the message names the rule."""


def ground(
    article: Article,
    start: int,
    end: int,
    answered: Answered,
    taken: Counter[tuple[str, str]],
    known: Iterable[Item],
) -> Item:
    """Turn one answer into an item of the ledger.

    Parameters
    ----------
    article : Article
        What was read.
    start, end : int
        The stretch that the model was shown.
    answered : Answered
        Its answer.
    taken : Counter
        How often each kind and quote was answered before: a quote that stands twice in the
        stretch is taken in order.
    known : iterable of Item
        Items so far; the whole of a part is looked for among them.

    Returns
    -------
    Item
        ``article.text[item.start:item.end] == item.quote``; actors by our names, figures,
        dates and horizons by our grammars, from words that stand there.

    Raises
    ------
    Ungrounded
        A quote, name, cue or hedge that is not in the article, an amount without a figure, an
        act of no known type; or words that address the machine ("ignore all instructions").
    """
    text = article.text
    a, b = _locate(text, start, end, answered, taken)
    sentence = _sentence(article, a, b)
    if _TO_THE_READER.search(text, *sentence):
        raise Ungrounded("words addressed to the machine")
    event = _event(answered)
    amount = _amount(text, a, b, sentence) if answered.kind == "quantity" else None
    speakers = [s for one in answered.speakers for s in _speakers(article, start, end, a, one)]
    for hedge in answered.hedges:
        if hedge not in text[sentence[0] : max(b, sentence[1])]:
            raise Ungrounded(f"hedge not in the sentence: {hedge[:40]!r}")
    negated = answered.certainty in ("negated", "denied")
    return Item(
        id=item_id(article.sha256, answered.kind, a, b, event.cameo if event else ""),
        article=article.sha256,
        kind=answered.kind,
        start=a,
        end=b,
        quote=text[a:b],
        statement=text[slice(*sentence)] if amount else text[a:b],
        subject=_codes(article, start, end, answered.subject),
        object=_codes(article, start, end, answered.object),
        speakers=speakers,
        certainty=answered.certainty,
        hedges=list(answered.hedges),
        event=event,
        sign=(0.0 if negated else sign(event.cameo)) if event else None,
        quantity=_quantity(amount, text, sentence, known) if amount else None,
        when=_when(article, answered.time, start, end, sentence),
        horizon=_horizon(article, answered, start, end, sentence),
        repairs=[r for r in article.repairs if r.start < b and r.end > a],
    )


def _locate(
    text: str, start: int, end: int, answered: Answered, taken: Counter[tuple[str, str]]
) -> tuple[int, int]:
    quote = answered.quote.strip()
    if not quote:
        raise Ungrounded("empty quote")
    places = list(_places(text, quote, start, end))
    if not places:
        raise Ungrounded("quote not in the article")
    key = (answered.kind, quote)
    at = places[min(taken[key], len(places) - 1)]
    taken[key] += 1
    return at, at + len(quote)


def _places(text: str, part: str, start: int, end: int) -> Iterator[int]:
    at = text.find(part, start, end)
    while at >= 0:
        yield at
        at = text.find(part, at + 1, end)


def _nearest(text: str, part: str, start: int, end: int, to: int) -> int | None:
    """Return the place of some words nearest to another place."""
    return min(_places(text, part, start, end), key=lambda at: abs(at - to), default=None)


def _sentence(article: Article, a: int, b: int) -> tuple[int, int]:
    """Return the sentences that a span lies in."""
    held = [(x, y) for x, y in article.sentences if x < b and y > a]
    return (held[0][0], held[-1][1]) if held else (a, b)


def _event(answered: Answered) -> Event | None:
    if answered.kind not in ("event", "relation"):
        return None
    type_, mode = answered.plover or "", answered.mode or None
    if cameo_of(type_, None) is None:
        raise Ungrounded(f"unknown type of act: {type_[:40]!r}")
    cameo = cameo_of(type_, mode)
    if cameo is None:
        raise Ungrounded(f"{type_} has no mode {str(mode)[:40]!r}")
    return Event(plover=type_, mode=mode, cameo=cameo)


def _amount(text: str, a: int, b: int, sentence: tuple[int, int]) -> Amount:
    """Return the amount that our own grammar finds in a quote."""
    found = find_amounts(text, start=sentence[0], end=sentence[1])
    inside = [x for x in found if x.start < b and x.end > a]
    if not inside:
        raise Ungrounded("no figure in the quote")
    return min(inside, key=lambda x: (abs(x.start - a) + abs(x.end - b), x.start))


def _quantity(
    amount: Amount, text: str, sentence: tuple[int, int], known: Iterable[Item]
) -> Quantity:
    whole: str | None = None
    if amount.part_of is not None:
        parent = find_amounts(text, start=sentence[0], end=sentence[1])[amount.part_of]
        held = [i for i in known if i.quantity and i.start < parent.end and i.end > parent.start]
        whole = held[0].id if held else None
    return quantity_of(amount, part_of=whole)


def _codes(article: Article, start: int, end: int, names: list[str]) -> list[str]:
    """Code names that stand in the article; those that no table knows stay out."""
    out: dict[str, None] = {}
    for name in names:
        if not name.strip() or name.strip() not in article.text[start:end]:
            raise Ungrounded(f"name not in the article: {name[:40]!r}")
        for spot in spot_names(name, date=article.date):
            out.setdefault(spot.code if spot.code == spot.role else spot.code + spot.role)
    return list(out)


def _speakers(
    article: Article, start: int, end: int, at: int, one: AnsweredSpeaker
) -> Iterator[Speaker]:
    """Place a speaker nearest to the quote; one record per actor it names."""
    words = one.text.strip()
    place = _nearest(article.text, words, start, end, at) if words else None
    if place is None:
        raise Ungrounded(f"speaker not in the article: {one.text[:40]!r}")
    if one.cue and _nearest(article.text, one.cue, start, end, at) is None:
        raise Ungrounded(f"cue not in the article: {one.cue[:40]!r}")
    codes: list[str | None] = []
    if one.role != "outlet":
        codes += _codes(article, start, end, [words])
    for code in codes or [None]:
        yield Speaker(
            actor=code,
            text=words,
            start=place,
            end=place + len(words),
            cue=one.cue,
            role=one.role,
        )


def _when(
    article: Article, time: str | None, start: int, end: int, sentence: tuple[int, int]
) -> When | None:
    """Resolve a time expression with our own grammar; one that it does not know gives no date."""
    if not time or not time.strip():
        return None
    at = _nearest(article.text, time.strip(), start, end, sentence[0])
    if at is None:
        raise Ungrounded(f"time not in the article: {time[:40]!r}")
    to = at + len(time.strip())
    moments = find_moments(
        article.text, start=sentence[0], end=max(sentence[1], to), date=article.date
    )
    found = next((m for m in moments if m.at < to and m.until > at), None)
    if found is None:
        return None
    return When(
        start=found.start.isoformat() if found.start else None,
        end=found.end.isoformat() if found.end else None,
        precision=found.precision,
        text=found.text,
    )


def _horizon(
    article: Article, answered: Answered, start: int, end: int, sentence: tuple[int, int]
) -> Horizon | None:
    if answered.kind != "forecast" or not answered.horizon or not answered.horizon.strip():
        return None
    if _nearest(article.text, answered.horizon.strip(), start, end, sentence[0]) is None:
        raise Ungrounded(f"horizon not in the article: {answered.horizon[:40]!r}")
    found = find_horizons(article.text, start=sentence[0], end=sentence[1])
    if not found:
        return None
    said = article.date.isoformat() if article.date else None
    return Horizon(low=found[0].low, high=found[0].high, unit=found[0].unit, from_=said)
