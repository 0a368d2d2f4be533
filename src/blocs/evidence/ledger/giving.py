"""Who gives what to whom in a sentence: words of giving, buying and using, and their ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812

from blocs.evidence.ledger.forms import Named, find_forms
from blocs.evidence.ledger.sameness import states
from blocs.evidence.reading.items import Item
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
_USE = (
    r"launch(?:es|ed|ing)?|fir(?:e|es|ed|ing)|us(?:e|es|ed|ing)|receiv(?:e|es|ed|ing)"
    r"|obtain(?:s|ed)?"
)
_CUE = re.compile(
    rf"(?<![\w-])(?:(?P<buy>{_BUY})|(?P<giving>(?:{_GIVING})(?=\s+(?:of|from|to)\b))|(?P<give>{_GIVE})|(?P<use>{_USE}))(?![\w])",
    re.IGNORECASE,
)
CLAUSE = re.compile(r"[;:?!…]|\.(?=\s|$)|\s[–—-]\s")
_PURPOSE = re.compile(r"\b(?:for|to|that|which|who|against|from|in|on|by|with|without)\b", re.I)
_FOE = re.compile(
    r"(?:fight(?:ing)?|against|attack(?:ing)?|invad(?:e|ing)|battl(?:e|ing))\s+(?:the\s+)?$", re.I
)
_GIVERS = ("AID", "COOPERATE", "MOBILIZE", "SUPPORT", "ASSAULT", "AGREE")


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
class Ends:
    """Who gives (several makers may), who receives, whom it is aimed at; None is not told."""

    supporters: tuple[str | None, ...]
    recipient: str | None
    against: str | None


def sentences_of(
    text: str, items: Sequence[Item], *, day: Date | None, only: re.Pattern[str] | None = None
) -> Iterator[Sentence]:
    """Yield the sentences that hold a pattern; without one, those that name a form of support."""
    for a, b in split_sentences(text, start=0, end=len(text)):
        forms = find_forms(text, start=a, end=b)
        if not (only.search(text, a, b) if only is not None else forms):
            continue
        inside = tuple(i for i in items if i.start < b and i.end > a)
        yield Sentence(
            text,
            a,
            b,
            tuple(spot_names(text, start=a, end=b, date=day)),
            tuple(forms),
            inside,
        )


def cued(s: Sentence) -> Iterator[tuple[re.Match[str], list[Named]]]:
    """Yield each cue with the nouns it governs: those that follow in its clause, in one list."""
    for cue in _CUE.finditer(s.text, s.start, s.end):
        if any(n.start <= cue.start() < n.end for n in s.forms):
            continue
        chosen: list[Named] = []
        for noun in s.forms:
            if noun.start < cue.end():
                continue
            between = s.text[chosen[-1].end if chosen else cue.end() : noun.start]
            if CLAUSE.search(between) or len(between) > 90 or _CUE.search(between):
                break
            if chosen and _PURPOSE.search(between):
                break
            chosen.append(noun)
        chosen = chosen or _before(s, cue)
        if chosen and (not cue["use"] or any(makers(s, n) for n in chosen)):
            yield cue, chosen


def _before(s: Sentence, cue: re.Match[str]) -> list[Named]:
    """Return the noun that a passive cue follows: "drones were supplied by", "drones sent by"."""
    if not cue["give"] or not re.search(r"(?:ed|nt|en|ld)$", cue.group(), re.I):
        return []
    found = [n for n in s.forms if n.end <= cue.start()]
    if not found:
        return []
    between = s.text[found[-1].end : cue.start()]
    passive = re.fullmatch(
        r"\s+(?:(?:that|which)\s+)?(?:(?:was|were|is|are|been|being|have|has|had)\s+)*", between
    )
    agent = re.match(r"\s+(?:by|from|to)\b", s.text[cue.end() : cue.end() + 8])
    return [found[-1]] if passive and (agent or between.strip()) else []


def is_cued(s: Sentence, noun: Named) -> bool:
    """Say whether a word of giving, buying or using governs a noun."""
    return any(noun in nouns for _, nouns in cued(s))


def ends_of(s: Sentence, cue: re.Match[str], noun: Named) -> Ends:
    """Find who gives and who receives, by phrase first, then by the items' acts."""
    given_by = _phrase(s, cue, ("by", "from"))
    given_to = _phrase(s, cue, ("to", "for")) or _next(s, cue)
    against = next(
        (p.code for p in s.spots if _FOE.search(s.text[max(s.start, p.start - 24) : p.start])), None
    )
    origins = makers(s, noun)
    if cue["buy"]:
        sold = origins[0] if origins else None
        buyer = _subject(s, cue, but=sold)
        return Ends((buyer,), sold or _other(s, buyer), None)
    if cue["use"]:
        return Ends(origins, _subject(s, cue, but=origins[0]), None)
    if given_by:
        return Ends((given_by,), given_to or _receiver(s, cue, given_by), against)
    if cue["giving"]:
        givers = origins or (_subject(s, cue, but=given_to),)
        return Ends(givers, given_to, against)
    giver, receiver = _acted(s, cue)
    giver = giver or _subject(s, cue, but=given_to)
    receiver = given_to or (receiver if receiver not in (giver, against) else None)
    return Ends((giver,), receiver if receiver != giver else None, against)


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
    stop = CLAUSE.search(s.text, cue.end(), s.end)
    limit = stop.start() if stop else s.end
    for spot in s.spots:
        if cue.end() <= spot.start < limit:
            before = s.text[cue.end() : spot.start]
            if cases[0] == "by" and "," in before:
                return None
            if re.search(rf"\b(?:{'|'.join(cases)})\s+(?:the\s+)?$", before, re.I):
                return _state(spot)
    return None


def _next(s: Sentence, cue: re.Match[str]) -> str | None:
    """Return the actor right after a cue: "supplied Russia with"."""
    for spot in s.spots:
        if spot.kind != "demonym" and re.fullmatch(
            r"\s+(?:the\s+)?", s.text[cue.end() : spot.start]
        ):
            return _state(spot)
    return None


def makers(s: Sentence, noun: Named) -> tuple[str, ...]:
    """Return the makers named before a noun: "Iranian drones", "American and European weapons"."""
    found: list[str] = []
    edge = noun.start
    loose = _LOOSE.search(s.text[max(s.start, noun.start - 24) : noun.start])
    if loose:
        found, edge = [_LOOSELY[loose[1].lower()]], max(s.start, noun.start - 24) + loose.start()
    for spot in reversed([p for p in s.spots if p.end <= noun.start]):
        gap = s.text[spot.end : edge]
        near = re.fullmatch(
            r"['’]s?\s+(?:[\w-]+\s+){0,3}|\s+(?:[\w-]+\s+){0,3}|\s*(?:,|and|or)\s*", gap
        )
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


def side_named(s: Sentence, noun: Named, origin: str | None) -> str | None:
    """Return with whom private fighters or advisers serve: "with the Moscow army"."""
    for spot in s.spots:
        between = s.text[noun.end : spot.start] if spot.start >= noun.end else ";"
        if _state(spot) != origin and re.search(r"\b(?:with|for|in|to|of)\s+(?:the\s+)?$", between):
            return _state(spot) if not CLAUSE.search(between) else None
    return None


def _state(spot: Spot) -> str | None:
    """Return the country, group or organisation of a name."""
    if spot.code.startswith("IGO"):
        return f"group:{spot.code[3:].lower()}" if len(spot.code) > 3 else None
    return spot.code if len(spot.code) == 3 and spot.code.isupper() else f"group:{spot.code}"
