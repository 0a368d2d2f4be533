"""Rungs of the support ladder, filled from what articles say: who gave what to whom in which war."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812

import msgspec

from blocs.evidence.ledger.forms import FORM, Form, Named, find_forms
from blocs.evidence.ledger.sameness import states
from blocs.evidence.ledger.wars import War, war_of
from blocs.evidence.reading.items import Item, Quantity
from blocs.evidence.reading.sentences import split_sentences
from blocs.evidence.reading.spotting import Spot, spot_names

_GIVE = (
    r"sen[dt](?:s|ing)?|suppl(?:y|ies|ied|ying)|provid(?:e|es|ed|ing)|deliver(?:s|ed|ing)?"
    r"|ship(?:s|ped|ping)?|giv(?:e|es|en|ing)|gave|donat(?:e|es|ed|ing)|transfer(?:s|red|ring)?"
    r"|len[dt](?:s|ing)?|export(?:s|ed|ing)?|dispatch(?:es|ed|ing)?|deploy(?:s|ed|ing)?"
    r"|equip(?:s|ped|ping)?|hand(?:s|ed|ing)? over|pass(?:es|ed|ing)?|sell(?:s|ing)?|sold"
    r"|train(?:s|ed|ing)?|contribut(?:e|es|ed|ing)|commit(?:s|ted|ting)?|offer(?:s|ed|ing)?|finance[sd]?|fund(?:s|ed)"
)
_GIVING = (
    r"deliver(?:y|ies)|suppl(?:y|ies)|shipments?|transfers?|sales?|provision|deployment|dispatch"
    r"|exports?|donations?|sending|use"
)
_BUY = r"purchases?|purchas(?:ed|ing)|buy(?:s|ing)?|bought|imports?|import(?:ed|ing)"
_USE = r"launch(?:es|ed|ing)?|fir(?:e|es|ed|ing)|us(?:e|es|ed|ing)|receiv(?:e|es|ed|ing)|obtain(?:s|ed)?"
_CUE = re.compile(
    rf"(?<![\w-])(?:(?P<buy>{_BUY})|(?P<giving>(?:{_GIVING})(?=\s+(?:of|from|to)\b))|(?P<give>{_GIVE})|(?P<use>{_USE}))(?![\w])",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[;:?!…]|\.(?=\s|$)|\s[–—-]\s")
_PURPOSE = re.compile(r"\b(?:for|to|that|which|who|against|from|in|on|by|with|without)\b", re.I)
_FOE = re.compile(r"(?:fight(?:ing)?|against|attack(?:ing)?|invad(?:e|ing)|battl(?:e|ing))\s+(?:the\s+)?$", re.I)
_AHEAD = re.compile(
    r"\b(?:possible|possibly|potential|may|might|could|would|will|plans?|planned|planning|considers?|"
    r"considering|threatens?|threatened|ready to|prepar\w+ to|should|wants? to|ask\w*|request\w*|"
    r"urg\w+|expect\w*|likely|if)\b",
    re.I,
)
_NOT = re.compile(r"\b(?:not|never|no|without|refus\w+|den(?:y|ies|ied|ying)|stop\w*|halt\w*|ban\w*)\b|n['’]t\b", re.I)
_GIVERS = ("AID", "COOPERATE", "MOBILIZE", "SUPPORT", "ASSAULT", "AGREE")
_WAR_IN = re.compile(r"\b(?:wars?|invasion|offensive|battlefield|fighting)\s+(?:in|of|against|on)\s+(?:the\s+)?$", re.I)


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
    start, end : str or None
        When, half-open.
    certainty : str
        asserted, reported, hedged, conditional, denied or negated. Only the first two tell of
        support that was given.
    article, span_start, span_end, quote
        The exact words; ``text[span_start:span_end] == quote``.
    items : tuple of str
        Ledger items in the same words.
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
    reported: str | None
    certainty: str
    article: str
    span_start: int
    span_end: int
    quote: str
    items: tuple[str, ...]
    told_first: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with what is known of it: names, forms, items."""

    text: str
    start: int
    end: int
    spots: tuple[Spot, ...]
    forms: tuple[Named, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class _Ends:
    supporters: tuple[str | None, ...]
    recipient: str | None
    against: str | None


def sentences_of(text: str, items: Sequence[Item], *, day: Date | None) -> Iterator[Sentence]:
    """Yield the sentences of an article that name a form of support or a line."""
    for a, b in split_sentences(text, start=0, end=len(text)):
        inside = tuple(i for i in items if i.start < b and i.end > a)
        yield Sentence(
            text,
            a,
            b,
            tuple(spot_names(text, start=a, end=b, date=day)),
            tuple(find_forms(text, start=a, end=b)),
            inside,
        )


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
    rows: dict[str, SupportRow] = {}
    home = _article_war(text, day)
    for sentence in sentences_of(text, items, day=day):
        if not sentence.forms:
            continue
        for row in _rows(article, sentence, day, home):
            rows.setdefault(row.id, row)
    return sorted(rows.values(), key=lambda r: (r.span_start, r.level, r.supporter or "", r.id))


def _article_war(text: str, day: Date | None) -> War | None:
    """Return the war an article names ("the war in Ukraine"), if any."""
    for spot in spot_names(text, date=day):
        if _WAR_IN.search(text[max(0, spot.start - 30) : spot.start]):
            found = war_of([spot.code], day=day)
            if found:
                return found
    return None


def _rows(
    article: str, s: Sentence, day: Date | None, home: War | None
) -> Iterator[SupportRow]:
    for cue, nouns in _cued(s):
        for noun in nouns:
            ends = _ends(s, cue, noun)
            for supporter in ends.supporters:
                if supporter is None and noun.form.level:
                    continue
                yield _row(article, s, cue, noun, supporter, ends, day, home)
    for noun in s.forms:
        if noun.form.name in ("volunteers", "mercenaries", "advisers") and not _is_cued(s, noun):
            for origin in _origins(s, noun) or (None,):
                if origin or not noun.form.level:
                    ends = _Ends((origin,), _side_named(s, noun, origin), None)
                    yield _row(article, s, None, noun, origin, ends, day, home)


def _cued(s: Sentence) -> Iterator[tuple[re.Match[str], list[Named]]]:
    """Yield each cue with the nouns it governs: those that follow in its clause, in one list."""
    for cue in _CUE.finditer(s.text, s.start, s.end):
        if any(n.start <= cue.start() < n.end for n in s.forms):
            continue
        chosen: list[Named] = []
        for noun in s.forms:
            if noun.start < cue.end():
                continue
            between = s.text[chosen[-1].end if chosen else cue.end() : noun.start]
            if _CLAUSE.search(between) or len(between) > 90 or _CUE.search(between):
                break
            if chosen and _PURPOSE.search(between):
                break
            chosen.append(noun)
        chosen = chosen or _before(s, cue)
        if chosen and (not cue["use"] or any(_origins(s, n) for n in chosen)):
            yield cue, chosen


def _before(s: Sentence, cue: re.Match[str]) -> list[Named]:
    """Return the noun that a passive cue follows: "drones were supplied by", "drones sent by"."""
    if not cue["give"] or not re.search(r"(?:ed|nt|en|ld)$", cue.group(), re.I):
        return []
    found = [n for n in s.forms if n.end <= cue.start()]
    if not found:
        return []
    between = s.text[found[-1].end : cue.start()]
    passive = re.fullmatch(r"\s+(?:(?:that|which)\s+)?(?:(?:was|were|is|are|been|being|have|has|had)\s+)*", between)
    agent = re.match(r"\s+(?:by|from|to)\b", s.text[cue.end() : cue.end() + 8])
    return [found[-1]] if passive and (agent or between.strip()) else []


def _is_cued(s: Sentence, noun: Named) -> bool:
    return any(noun in nouns for _, nouns in _cued(s))


def _ends(s: Sentence, cue: re.Match[str], noun: Named) -> _Ends:
    """Find who gives and who receives, by phrase first, then by the items' acts."""
    given_by = _phrase(s, cue, ("by", "from"))
    given_to = _phrase(s, cue, ("to", "for")) or _next(s, cue)
    against = next((p.code for p in s.spots if _FOE.search(s.text[max(s.start, p.start - 24) : p.start])), None)
    origins = _origins(s, noun)
    if cue["buy"]:
        sold = origins[0] if origins else None
        buyer = _subject(s, cue, but=sold)
        return _Ends((buyer,), sold or _other(s, buyer), None)
    if cue["use"]:
        return _Ends(origins, _subject(s, cue, but=origins[0]), None)
    if given_by:
        return _Ends((given_by,), given_to or _receiver(s, cue, given_by), against)
    if cue["giving"]:
        givers = origins or (_subject(s, cue, but=given_to),)
        return _Ends(givers, given_to, against)
    giver, receiver = _acted(s, cue)
    giver = giver or _subject(s, cue, but=given_to)
    receiver = given_to or (receiver if receiver not in (giver, against) else None)
    return _Ends((giver,), receiver if receiver != giver else None, against)


def _acted(s: Sentence, cue: re.Match[str]) -> tuple[str | None, str | None]:
    """Return the ends of the narrowest act that holds a cue."""
    held = [
        i
        for i in s.items
        if i.event and i.event.plover in _GIVERS and i.subject and i.start <= cue.end() <= i.end + 1
    ]
    if not held:
        return None, None
    act = min(held, key=lambda i: (i.end - i.start, i.start))
    subject, object_ = states(act.subject), states(act.object)
    others = [o for o in object_ if o not in subject]
    return subject[0], others[0] if others else None


def _phrase(s: Sentence, cue: re.Match[str], cases: tuple[str, ...]) -> str | None:
    """Return the actor of "to X", "from X", "by X" after a cue, in its clause."""
    stop = _CLAUSE.search(s.text, cue.end(), s.end)
    limit = stop.start() if stop else s.end
    for spot in s.spots:
        if cue.end() <= spot.start < limit:
            before = s.text[cue.end() : spot.start]
            if re.search(rf"\b(?:{'|'.join(cases)})\s+(?:the\s+)?$", before, re.I):
                return _state(spot)
    return None


def _next(s: Sentence, cue: re.Match[str]) -> str | None:
    """Return the actor right after a cue: "supplied Russia with"."""
    for spot in s.spots:
        if spot.kind != "demonym" and re.fullmatch(r"\s+(?:the\s+)?", s.text[cue.end() : spot.start]):
            return _state(spot)
    return None


def _origins(s: Sentence, noun: Named) -> tuple[str, ...]:
    """Return the makers named before a noun: "Iranian drones", "American and European weapons"."""
    found: list[str] = []
    edge = noun.start
    loose = _LOOSE.search(s.text[max(s.start, noun.start - 24) : noun.start])
    if loose:
        found, edge = [_LOOSELY[loose[1].lower()]], max(s.start, noun.start - 24) + loose.start()
    for spot in reversed([p for p in s.spots if p.end <= noun.start]):
        gap = s.text[spot.end : edge]
        near = re.fullmatch(r"['’]s?\s+(?:[\w-]+\s+){0,3}|\s+(?:[\w-]+\s+){0,3}|\s*(?:,|and|or)\s*", gap)
        joined = found and re.fullmatch(r"\s*(?:,|and|or|,\s*and)\s*", gap)
        adjective = spot.kind == "demonym" or gap.startswith(("'", "’"))
        if not (joined or (not found and near and adjective and len(gap) < 40)):
            break
        found.append(_state(spot) or "")
        edge = spot.start
    return tuple(dict.fromkeys(c for c in reversed(found) if c))


_LOOSELY = {"western": "group:west", "european": "group:eu"}
_LOOSE = re.compile(r"\b(Western|European)\s+(?:[a-z-]+\s+){0,2}$")


def _subject(s: Sentence, cue: re.Match[str], *, but: str | None) -> str | None:
    """Return the nearest actor before a verb, the first of the sentence before a noun."""
    speakers = [(p.start, p.end) for i in s.items for p in i.speakers if p.role != "denier"]
    before = [
        p
        for p in s.spots
        if p.end <= cue.start()
        and _state(p) not in (None, but)
        and not any(a <= p.start < b for a, b in speakers)
    ]
    if not before:
        return None
    return _state(before[-1] if cue["give"] or cue["use"] else before[0])


def _receiver(s: Sentence, cue: re.Match[str], giver: str) -> str | None:
    """Return who got it: the nearest actor before a cue."""
    found = _subject(s, cue, but=giver)
    return found if found != giver else None


def _other(s: Sentence, giver: str | None) -> str | None:
    """Return the only other actor of a sentence, if there is just one."""
    others = {_state(p) for p in s.spots} - {giver, None}
    return others.pop() if len(others) == 1 else None


def _side_named(s: Sentence, noun: Named, origin: str | None) -> str | None:
    """Return with whom private fighters or advisers serve: "with the Moscow army"."""
    for spot in s.spots:
        between = s.text[noun.end : spot.start] if spot.start >= noun.end else ";"
        if _state(spot) != origin and re.search(r"\b(?:with|for|in|to|of)\s+(?:the\s+)?$", between):
            return _state(spot) if not _CLAUSE.search(between) else None
    return None


def _state(spot: Spot) -> str | None:
    """Return the country, group or organisation of a name."""
    if spot.code.startswith("IGO"):
        return f"group:{spot.code[3:].lower()}" if len(spot.code) > 3 else None
    return spot.code if len(spot.code) == 3 and spot.code.isupper() else f"group:{spot.code}"


def _row(
    article: str,
    s: Sentence,
    cue: re.Match[str] | None,
    noun: Named,
    supporter: str | None,
    ends: _Ends,
    day: Date | None,
    home: War | None,
) -> SupportRow:
    start, end = _span(s, cue, noun)
    form = _form(cue, noun)
    amount = _amount(s, noun)
    when = next((i.when for i in _touching(s, start, end) if i.when and i.when.start), None)
    told = Date.fromisoformat(when.start) if when and when.start else day
    war = war_of([c for c in (ends.against, ends.recipient) if c], day=told) or home
    q = amount.quantity if amount and amount.quantity else Quantity()
    mine = tuple(sorted({i.id for i in _touching(s, start, end)}))
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
        reported=day.isoformat() if day else None,
        certainty=_certainty(s, cue, noun, start, end),
        article=article,
        span_start=start,
        span_end=end,
        quote=s.text[start:end],
        items=mine,
        told_first=_told_first(s, noun),
    )


def _form(cue: re.Match[str] | None, noun: Named) -> Form:
    """Return the form of support: training somebody's soldiers is no sending of soldiers."""
    trains = cue is not None and cue.group().lower().startswith("train")
    return FORM["advisers"] if trains and noun.form.name == "troops" else noun.form


def _id(article: str, at: int, supporter: str | None, form: Form, start: int) -> str:
    key = f"{article}|support|{at}|{start}|{supporter}|{form.name}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _side(war: War | None, ends: _Ends) -> str | None:
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
    cuts = [m.end() for m in _CLAUSE.finditer(s.text, s.start, at)]
    stop = _CLAUSE.search(s.text, to, s.end)
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
        elif before is not None and re.fullmatch(r"\s+(?:of\s+)?(?:[\w-]+\s+){0,3}", before) and not q.of:
            best.append((1, item))
        elif after is not None and re.fullmatch(r"\s+(?:by|in)\s+(?:the\s+|their\s+)?", after):
            best.append((2, item))
    found = min(best, key=lambda b: (b[0], b[1].start), default=None)
    return found[1] if found else None


def _certainty(
    s: Sentence, cue: re.Match[str] | None, noun: Named, start: int, end: int
) -> str:
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
    nearest = min(s.forms, key=lambda n: min(abs(n.end - found.start()), abs(n.start - found.end())))
    return found.group().strip() if nearest == noun else None
