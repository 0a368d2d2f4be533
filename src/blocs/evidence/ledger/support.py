"""Rungs of the support ladder, filled from articles: who gave what to whom in which war."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date as Date  # noqa: N812

import msgspec

from blocs.evidence.ledger.forms import FORM, Form, Named
from blocs.evidence.ledger.giving import (
    CLAUSE,
    Ends,
    Sentence,
    cued,
    ends_of,
    is_cued,
    makers,
    sentences_of,
    side_named,
)
from blocs.evidence.ledger.voices import Voice, origin, voices_of
from blocs.evidence.ledger.wars import War, war_of
from blocs.evidence.reading.items import Item, Quantity
from blocs.evidence.reading.spotting import spot_names

_AHEAD = re.compile(
    r"\b(?:possible|possibly|potential|may|might|could|would|will|plans?|planned|planning|considers?|"
    r"considering|threatens?|threatened|ready to|prepar\w+ to|should|wants? to|ask\w*|request\w*|"
    r"urg\w+|expect\w*|likely|if)\b",
    re.I,
)
_NOT = re.compile(
    r"\b(?:not|never|no|without|refus\w+|den(?:y|ies|ied|ying)|stop\w*|halt\w*|ban\w*)\b|n['’]t\b",
    re.I,
)
_WAR_IN = re.compile(
    r"\b(?:wars?|invasion|offensive|battlefield|fighting)\s+(?:in|of|against|on)\s+(?:the\s+)?",
    re.I,
)


class SupportRow(msgspec.Struct, frozen=True, kw_only=True):
    """One telling of support: who, whom, in which war, how far up the ladder, in whose words.

    Attributes
    ----------
    id : str
        Hash of article, span, supporter and form.
    supporter, recipient : str or None
        Country codes as the sentence gives them; null where it does not.
    against : str or None
        Whom it is aimed at ("to fight Ukraine").
    theatre, side : str or None
        Where the war is fought and whose war effort it helps, by the almanac's wars.
    form, rung, level
        See :mod:`blocs.evidence.ledger.forms`.
    low, high, value, unit, per, part
        The amount; ``part`` is true for a subset ("including 500 officers").
    start, end, precision : str or None
        When, half-open, and how precisely that is told.
    certainty : str
        asserted, reported, hedged, conditional, denied or negated. Only the first two tell of
        support that was given.
    article, span_start, span_end, quote
        The exact words; ``text[span_start:span_end] == quote``.
    items : tuple of str
        Ledger items in the same words.
    voices : tuple of Voice
        Who says, confirms and denies it, in order.
    told_first : str or None
        Where the text itself calls it a first ("a precedent").
    """

    id: str
    supporter: str | None
    recipient: str | None
    against: str | None
    theatre: str | None
    side: str | None
    form: str
    rung: str
    level: int
    what: str
    low: float | None
    high: float | None
    value: float | None
    unit: str | None
    per: str | None
    part: bool
    start: str | None
    end: str | None
    precision: str | None
    reported: str | None
    certainty: str
    article: str
    span_start: int
    span_end: int
    quote: str
    items: tuple[str, ...]
    voices: tuple[Voice, ...] = ()
    told_first: str | None = None

    @property
    def when(self) -> str | None:
        """Return the day, month or year it began, as precisely as it is told."""
        size = {"month": 7, "year": 4}.get(self.precision or "", 10)
        return self.start[:size] if self.start else None

    @property
    def key(self) -> tuple[str, str, int, int]:
        """Return what identifies it to an analyst: article, kind, span."""
        kind = f"support {self.form} {self.supporter or ''}{' part' if self.part else ''}".rstrip()
        return self.article, kind, self.span_start, self.span_end


def find_support(
    article: str, text: str, items: Sequence[Item], *, day: Date | None = None
) -> list[SupportRow]:
    """Find every telling of support in one article.

    Parameters
    ----------
    article : str
        Its sha256.
    text : str
        Its canonical text.
    items : sequence of Item
        What a reader found in it, any reader.
    day : date, optional
        Day of publication.

    Returns
    -------
    list of SupportRow
        In the order of the text. A row needs a noun that names a form, a word of giving,
        buying or using in the same clause, and a giver; private fighters need no giver.

    Examples
    --------
    >>> [row] = find_support("0" * 64, "Iran delivered drones to Russia.", [])
    >>> row.supporter, row.recipient, row.form, row.level, row.quote
    ('IRN', 'RUS', 'weapons', 6, 'Iran delivered drones to Russia')
    """
    rows: dict[tuple[str, str, int, int], SupportRow] = {}
    home = _article_war(text, day)
    for sentence in sentences_of(text, items, day=day):
        for row in _rows(article, sentence, day, home):
            rows.setdefault(row.key, row)
    return sorted(rows.values(), key=lambda r: (r.span_start, r.level, r.supporter or "", r.id))


def _article_war(text: str, day: Date | None) -> War | None:
    """Return the war an article names ("the war in Ukraine"), if any."""
    for place in _WAR_IN.finditer(text):
        spots = spot_names(text, start=place.end(), end=place.end() + 40, date=day)
        found = war_of([s.code for s in spots if s.start == place.end()], day=day)
        if found:
            return found
    return None


def _rows(article: str, s: Sentence, day: Date | None, home: War | None) -> Iterator[SupportRow]:
    for cue, nouns in cued(s):
        for noun in nouns:
            ends = ends_of(s, cue, noun)
            for supporter in ends.supporters:
                if supporter is None and noun.form.level:
                    continue
                yield _row(article, s, cue, noun, supporter, ends, day, home)
    yield from _private(article, s, day, home)


def _private(article: str, s: Sentence, day: Date | None, home: War | None) -> Iterator[SupportRow]:
    """Yield fighters and advisers that are named as there, without a word of sending."""
    for noun in s.forms:
        if noun.form.name not in ("volunteers", "mercenaries", "advisers") or is_cued(s, noun):
            continue
        for maker in makers(s, noun) or (None,):
            if maker or not noun.form.level:
                ends = Ends((maker,), side_named(s, noun, maker), None)
                yield _row(article, s, None, noun, maker, ends, day, home)


def _row(
    article: str,
    s: Sentence,
    cue: re.Match[str] | None,
    noun: Named,
    supporter: str | None,
    ends: Ends,
    day: Date | None,
    home: War | None,
) -> SupportRow:
    start, end = _span(s, cue, noun)
    form = _form(cue, noun)
    amount = _amount(s, noun)
    touching = _touching(s, start, end)
    when = next((i.when for i in touching if i.when and i.when.start), None)
    told = Date.fromisoformat(when.start) if when and when.start else day
    war = war_of([c for c in (ends.against, ends.recipient) if c], day=told) or home
    q = amount.quantity if amount and amount.quantity else Quantity()
    return SupportRow(
        id=_id(article, noun.start, supporter, form, start),
        supporter=supporter,
        recipient=ends.recipient if ends.recipient != supporter else None,
        against=ends.against,
        theatre=war.theatre if war else None,
        side=_side(war, ends),
        form=form.name,
        rung=form.rung,
        level=form.level,
        what=s.text[noun.start : noun.end],
        low=q.low,
        high=q.high,
        value=q.value,
        unit=(q.of or s.text[noun.start : noun.end]) if amount else None,
        per=q.per,
        part=q.part_of is not None,
        start=when.start if when else None,
        end=when.end if when else None,
        precision=when.precision if when else None,
        reported=day.isoformat() if day else None,
        certainty=_certainty(s, cue, noun, start, end),
        article=article,
        span_start=start,
        span_end=end,
        quote=s.text[start:end],
        items=tuple(sorted({i.id for i in touching})),
        voices=_voices(s, touching, day),
        told_first=_told_first(s, noun),
    )


def _voices(s: Sentence, items: Sequence[Item], day: Date | None) -> tuple[Voice, ...]:
    """Return the chain of the items, each voice once."""
    seen: dict[tuple[str, str], Voice] = {}
    for item in sorted(items, key=lambda i: i.start):
        for voice in voices_of(item, s.text, day):
            seen.setdefault((voice.role, origin(voice)), voice)
    return tuple(sorted(seen.values(), key=lambda v: (v.start, v.end, v.role, v.actor or "")))


def _form(cue: re.Match[str] | None, noun: Named) -> Form:
    """Return the form of support: training somebody's soldiers is no sending of soldiers."""
    trains = cue is not None and cue.group().lower().startswith("train")
    return FORM["advisers"] if trains and noun.form.name == "troops" else noun.form


def _id(article: str, at: int, supporter: str | None, form: Form, start: int) -> str:
    key = f"{article}|support|{at}|{start}|{supporter}|{form.name}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _side(war: War | None, ends: Ends) -> str | None:
    """Return whose war effort it helps: the receiver's, else the foe's enemy's."""
    if war is None:
        return None
    if ends.recipient in war.attackers + war.defenders:
        return ends.recipient
    return war.side_against(ends.against) if ends.against else None


def _span(s: Sentence, cue: re.Match[str] | None, noun: Named) -> tuple[int, int]:
    """Return the clause round a cue and its noun, from the subject on."""
    at = min(cue.start(), noun.start) if cue else noun.start
    to = max(cue.end(), noun.end) if cue else noun.end
    cuts = [m.end() for m in CLAUSE.finditer(s.text, s.start, at)]
    stop = CLAUSE.search(s.text, to, s.end)
    start, end = (cuts[-1] if cuts else s.start), (stop.start() if stop else s.end)
    while start < at and (s.text[start].isspace() or s.text[start] in "-–—,"):
        start += 1
    while end > to and (s.text[end - 1].isspace() or s.text[end - 1] in ".,"):
        end -= 1
    return start, end


def _touching(s: Sentence, start: int, end: int) -> list[Item]:
    """Return the items that share words with a span, the narrowest first."""
    found = [i for i in s.items if i.start < end and i.end > start]
    return sorted(found, key=lambda i: (i.end - i.start, i.start, i.id))


def _amount(s: Sentence, noun: Named) -> Item | None:
    """Return the amount of a noun: it names it, or stands right before or after it."""
    best: list[tuple[int, Item]] = []
    for item in s.items:
        q = item.quantity
        if q is None or q.unit != "count":
            continue
        before = s.text[item.end : noun.start] if item.end <= noun.start else None
        after = s.text[noun.end : item.start] if item.start >= noun.end else None
        if item.start < noun.end and noun.start < item.end:
            best.append((0, item))
        elif (
            before is not None
            and re.fullmatch(r"\s+(?:of\s+)?(?:[\w-]+\s+){0,3}", before)
            and not q.of
        ):
            best.append((1, item))
        elif after is not None and re.fullmatch(r"\s+(?:by|in)\s+(?:the\s+|their\s+)?", after):
            best.append((2, item))
    found = min(best, key=lambda b: (b[0], b[1].start), default=None)
    return found[1] if found else None


def _certainty(s: Sentence, cue: re.Match[str] | None, noun: Named, start: int, end: int) -> str:
    """Return how sure the telling is: the clause's own words, then its items'."""
    at = min(cue.start(), noun.start) if cue else noun.start
    near = s.text[max(start, at - 60) : at]
    if _NOT.search(near[-30:]):
        return "negated"
    held = [i.certainty for i in _touching(s, start, end) if i.kind in ("event", "claim")]
    if "denied" in held:
        return "denied"
    if _AHEAD.search(near):
        return "hedged"
    attributed = any(i.speakers for i in _touching(s, start, end))
    return "reported" if attributed else "asserted"


_FIRST = re.compile(
    r"\b(?:for the first time|(?:without |a )precedent\b[^.;…]{0,60}|first[- ]ever"
    r"|the first (?:time|state|country|army|foreign)\b[^.;…]{0,60}|never before)",
    re.I,
)


def _told_first(s: Sentence, noun: Named) -> str | None:
    """Return the words that call it a first, if this noun is the nearest one to them."""
    found = _FIRST.search(s.text, s.start, s.end)
    if found is None:
        return None
    nearest = min(
        s.forms, key=lambda n: min(abs(n.end - found.start()), abs(n.start - found.end()))
    )
    return found.group().strip() if nearest == noun else None
