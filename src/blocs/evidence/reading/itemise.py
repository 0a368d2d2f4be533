"""What was found in a sentence becomes items of the ledger, each an exact stretch of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from blocs.evidence.articles import Article, repairs_in
from blocs.evidence.events import Act
from blocs.evidence.reading.actors import Party, by_word, resolve
from blocs.evidence.reading.contents import content_piece, foretells
from blocs.evidence.reading.hedges import certainty_of, find_doubts, find_hedges
from blocs.evidence.reading.horizons import Span
from blocs.evidence.reading.idle import does_nothing
from blocs.evidence.reading.items import (
    Event,
    Horizon,
    Item,
    Kind,
    Quantity,
    Speaker,
    When,
    item_id,
    quantity_of,
)
from blocs.evidence.reading.nominals import Norm
from blocs.evidence.reading.reading import Reading
from blocs.evidence.reading.speakers import can_say, passing_words
from blocs.evidence.reading.times import Moment
from blocs.evidence.syntax.trees import Tree

_STANDING = ("050", "051", "070", "06", "190", "130")
_ABOUT = re.compile(
    r"\b(?:about|around|some|roughly|approximately|an estimated|estimated at|nearly|almost|circa|"
    r"close to)\b",
    re.IGNORECASE,
)


def items_of(article: Article, reading: Reading) -> Iterator[Item]:
    """Yield the items of one sentence.

    Notes
    -----
    An attribution is a claim (a forecast where it looks ahead); an act that is done is an event;
    a standing tie, a purpose or a red line is a relation; every amount is a quantity.
    """
    yield from _claims(article, reading)
    yield from _acts(article, reading)
    yield from _norms(article, reading)
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
    hedges = find_hedges(tree, _own_words(tree, words))
    hedges += [] if speakers else find_doubts(tree, words)
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
        when=_when(reading, start, end, act, kind),
        horizon=_horizon(article, reading, horizon),
        repairs=repairs_in(article, [(start, end), *((s.start, s.end) for s in speakers)]),
    )


def _own_words(tree: Tree, words: tuple[int, ...]) -> list[int]:
    """Leave out how others confirm or deny it ("weakly confirmed by"): that hedges them."""
    passed = passing_words(tree)
    return [i for i in words if i not in passed]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut white space, commas and lone quotation marks off the ends of a span."""
    while end > start + 1 and (text[end - 1].isspace() or text[end - 1] in ",;:–—-"):
        end -= 1
    while start < end - 1 and (text[start].isspace() or text[start] in ",;:.…–—-”»"):
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
        return _codes(chosen.sources), _codes(chosen.targets)
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


def _codes(parties: Sequence[Party]) -> list[str]:
    """Return the codes of the parties that the words name; what was only supposed is left out."""
    return _unique([p.full for p in parties if p.last > p.first and p.code != "---"])


def _unique(codes: list[str]) -> list[str]:
    """Drop repeats, keep order."""
    return list(dict.fromkeys(codes))


def _when(reading: Reading, start: int, end: int, act: Act | None, kind: Kind) -> When | None:
    """Return the time inside the span nearest to the act, else the one beside it.

    A claim without a time inside takes the time at which it was made.
    """
    if not reading.moments:
        return None
    at = reading.tree.begins[act.verb] if act else (start + end) // 2
    cues = {reading.tree.begins[i] for a in reading.attributions for i in a.cue}
    moments = [m for m in reading.moments if not _is_measure(reading, m)]
    inside = [m for m in moments if start <= m.at < end]
    inside = [m for m in inside if not _is_loose(reading, m)] or inside
    pool = inside
    if not inside and act is not None:
        pool = [m for m in moments if not any(abs(m.at - c) < 12 for c in cues)]
    elif all(_is_loose(reading, m) for m in inside) and kind in ("claim", "forecast"):
        pool = inside + [m for m in moments if not _in_content(reading, m)]
    if not pool:
        return None
    best = min(pool, key=lambda m: (_is_loose(reading, m), abs(m.at - at), m.at))
    loose = _is_loose(reading, best)
    return When(
        start=best.start.isoformat() if best.start and not loose else None,
        end=best.end.isoformat() if best.end and not loose else None,
        precision=best.precision,
        text=best.text,
    )


def _is_measure(reading: Reading, moment: Moment) -> bool:
    """Say whether a time only says how rare a thing is: "the first visit since 2009"."""
    tree = reading.tree
    at = next((i for i, b in enumerate(tree.begins) if b >= moment.at), 0)
    since = next((i for i in (at, at - 1) if i > 0 and tree.lows[i] == "since"), None)
    if since is None:
        return False
    before = range(max(0, since - 12), since)
    return any(tree.tags[i] in ("JJS", "RBS") or tree.lows[i] == "first" for i in before)


def _in_content(reading: Reading, moment: Moment) -> bool:
    """Say whether a time stands in what somebody says."""
    at = [i for i, b in enumerate(reading.tree.begins) if moment.at <= b < moment.until]
    return any(i in a.content for a in reading.attributions for i in at)


def _is_loose(reading: Reading, moment: Moment) -> bool:
    """Say whether a time is the "today" of a quotation, which is not the article's."""
    if moment.text.lower() != "today":
        return False
    begins = reading.tree.begins
    return any(q and moment.at <= begins[i] < moment.until for i, q in enumerate(reading.quoted))


def _horizon(article: Article, reading: Reading, span: Span | None) -> Horizon | None:
    """Return a horizon, counted from the day it was said, else from the article's."""
    if span is None:
        return None
    said = next(
        (
            m.start
            for m in reading.moments
            if m.start and m.until <= span.at and not _in_content(reading, m)
        ),
        None,
    )
    start = said or article.date
    return Horizon(
        low=span.low, high=span.high, unit=span.unit, from_=start.isoformat() if start else None
    )


def _claims(article: Article, reading: Reading) -> Iterator[Item]:
    """Yield one claim per attribution with content and somebody who can say it."""
    told: list[tuple[set[int], tuple[int, ...]]] = []
    for found in sorted(reading.attributions, key=lambda a: (-len(a.content), a.cue_head)):
        quoted = any(reading.quoted[i] for i in found.content)
        if len(found.content) < (3 if quoted else 4) or not (found.source or found.prob > 0.6):
            continue
        if not can_say(reading.tree, reading.mentions, reading.quoted, found):
            continue
        piece = content_piece(reading.tree, found)
        if len(piece) < 3 + (not quoted):
            continue
        horizon = _inside(reading, reading.horizons, piece)
        if any(set(piece) < set(other) and set(found.source) & who for who, other in told):
            continue
        told.append((set(found.source), piece))
        kind: Kind = "forecast" if horizon or foretells(reading.tree, found) else "claim"
        yield _make(article, reading, kind, piece, horizon=horizon)
    if _states(reading):
        yield _make(article, reading, "claim", tuple(range(len(reading.tree))))


def _states(reading: Reading) -> bool:
    """Say whether a sentence of a transcript states something: no question, no courtesy."""
    if reading.voice is None or "?" in reading.tree.words[-2:] or reading.horizons:
        return False
    told = reading.acts or reading.nominals or reading.amounts or reading.norms
    return len(reading.tree) > 3 and bool(told or any(m.code for m in reading.mentions))


def _inside(reading: Reading, spans: tuple[Span, ...], words: tuple[int, ...]) -> Span | None:
    """Return the first horizon that lies within some words."""
    if not words:
        return None
    start, end = reading.tree.span(list(words))
    return next((s for s in spans if start <= s.at < end), None)


def _acts(article: Article, reading: Reading) -> Iterator[Item]:
    """Yield acts that name at least one end; side acts only with both."""
    nominal = {act.verb for act in reading.nominals}
    for act in reading.nominals:
        yield _make(article, reading, _kind(reading, act), act.words, act=act)
    for act in reading.acts:
        subject, object_ = set(_codes(act.sources)), set(_codes(act.targets))
        side = act.rank or reading.tree.tags[act.verb][:2] == "NN"
        if not (subject or object_) or (side and not (subject and object_)):
            continue
        if side and subject == object_:  # a purpose that hangs on the wrong subject
            continue
        if act.verb in nominal or does_nothing(reading.tree, act, bool(subject)):
            continue
        words = tuple(_own_words(reading.tree, act.words)) or act.words
        yield _make(article, reading, _kind(reading, act), words, act=act)


def _kind(reading: Reading, act: Act) -> Kind:
    """Return event for what was done, relation for standing ties, purposes and mere prospects."""
    tree = reading.tree
    start, end = tree.span(list(act.words))
    dated = any(start <= m.at < end for m in reading.moments)
    if tree.tags[act.verb][:2] == "NN":
        if act.intended:
            return "relation"
        return "event" if dated or not act.cameo.startswith(_STANDING) else "relation"
    if act.rank == 0 or dated:
        return "event"
    finite = tree.tags[act.verb] in ("VBD", "VBN") and tree.child(act.verb, "mark") is None
    return "event" if finite and not act.intended else "relation"


def _norms(article: Article, reading: Reading) -> Iterator[Item]:
    """Yield red lines as relations between who draws them and whom the act would help or hurt."""
    for norm in reading.norms:
        if not norm.holders:
            continue
        act = norm.act
        item = _make(article, reading, "relation", norm.words, act=act)
        about = set(_codes(norm.holders))
        subject = _codes(norm.holders)
        object_ = [c for c in (_codes(act.targets) if act else item.object) if c not in about]
        speakers = item.speakers or _holders(article, reading, norm)
        yield msgspec.structs.replace(
            item,
            subject=subject,
            object=object_,
            certainty="negated" if act else item.certainty,
            speakers=speakers,
        )


def _holders(article: Article, reading: Reading, norm: Norm) -> list[Speaker]:
    """Return those in whose eyes it is a red line, as its speakers."""
    tree = reading.tree
    out = []
    for party in norm.holders:
        start, end = tree.begins[party.first], tree.ends[party.last - 1]
        cue = tree.case(party.head) or tree.lemmas[norm.cue]
        out.append(
            Speaker(actor=party.full, text=article.text[start:end], start=start, end=end, cue=cue)
        )
    return out


def _quantities(article: Article, reading: Reading) -> Iterator[Item]:
    """Yield one item per amount, with the sentence around it as its statement."""
    tree = reading.tree
    ids = [item_id(article.sha256, "quantity", a.start, a.end) for a in reading.amounts]
    whole = (tree.begins[0], tree.ends[-1])
    for amount in reading.amounts:
        words = tuple(
            i
            for i in range(len(tree))
            if tree.begins[i] < amount.end and tree.ends[i] > amount.start
        )
        if not words:
            continue
        whole_id = ids[amount.part_of] if amount.part_of is not None else None
        quantity = quantity_of(amount, part_of=whole_id)
        span = (amount.start, amount.end)
        item = _make(
            article, reading, "quantity", words, span=span, quantity=quantity, statement=whole
        )
        yield _about(_with_act(item, reading, words))


def _about(item: Item) -> Item:
    """Count "around" and "nearly" among the hedges of an amount."""
    about = [m.group() for m in _ABOUT.finditer(item.quote)]
    if not about:
        return item
    certainty = "hedged" if item.certainty in ("asserted", "reported") else item.certainty
    return msgspec.structs.replace(item, hedges=[*about, *item.hedges], certainty=certainty)


def _is_done(tree: Tree, v: int) -> bool:
    """Say whether a participle tells what was done to its noun ("villages occupied by Iran")."""
    return tree.deps[v] == "acl" and tree.tags[v] == "VBN"


def _with_act(item: Item, reading: Reading, words: tuple[int, ...]) -> Item:
    """Give a quantity the ends and date of the act it belongs to."""
    tree, inside = reading.tree, set(words)
    holders = [
        a
        for a in (*reading.acts, *reading.nominals)
        if inside & set(a.words) or (_is_done(tree, a.verb) and tree.heads[a.verb] in inside)
    ]
    if not holders:
        return item
    act = min(holders, key=lambda a: (len(a.words), a.rank))
    subject, object_ = _ends(reading, words, act)
    when = item.when or _when(reading, item.start, item.end, act, "quantity")
    return msgspec.structs.replace(item, subject=subject, object=object_, when=when)


def _forecasts(article: Article, reading: Reading) -> Iterator[Item]:
    """Yield sentences that look ahead with a horizon no attribution holds."""
    contents = [a.content for a in reading.attributions if len(a.content) > 2]
    held = {_inside(reading, reading.horizons, content) for content in contents}
    for span in reading.horizons:
        if span in held:
            continue
        words = tuple(range(len(reading.tree)))
        yield _make(article, reading, "forecast", words, horizon=span)
