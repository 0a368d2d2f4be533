"""Who says, confirms and denies: chains in order, with the strength the text gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812

from blocs.evidence.reading.items import Item, Speaker
from blocs.evidence.reading.lists import words

_WORD = re.compile(r"[^\W_]+")
_EVIDENCE = words(
    "photo photos photograph photographs image images imagery satellite video videos footage "
    "wreckage debris intercept intercepts document documents record records data recordings"
)
_STRENGTH = re.compile(
    r"\b(weakly|frankly|half-heartedly|partly|partially|implicitly|indirectly|tacitly|reluctantly|"
    r"obliquely|cautiously|fully|flatly|explicitly|categorically|firmly|openly|publicly|clearly|"
    r"formally|officially|strongly|vehemently|repeatedly|never)\b",
    re.IGNORECASE,
)
WEAK = words(
    "weakly half-heartedly partly partially implicitly indirectly tacitly reluctantly obliquely "
    "cautiously"
)
_ORGANS = ("GOV", "MIL", "SPY", "LEG", "COP", "JUD", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One step in a chain of confirmation and denial, in order.

    ``strength`` is the text's own word ("weakly", "frankly"); ``evidence`` is true for photos,
    footage and the like, which confirm but do not speak.
    """

    role: str
    actor: str | None
    text: str
    cue: str
    strength: str | None
    evidence: bool
    item: str
    article: str
    start: int
    end: int
    published: Date | None


def voices_of(item: Item, text: str, published: Date | None) -> Iterator[Voice]:
    """Yield the chain of one item, in the order of the text.

    Parameters
    ----------
    item : Item
        Any item.
    text : str
        The article's text; empty leaves the strengths unknown.
    published : date or None
        Day of publication.
    """
    for s in sorted(item.speakers, key=lambda s: (s.start, s.end, s.role)):
        yield Voice(
            role=s.role,
            actor=s.actor,
            text=s.text,
            cue=s.cue,
            strength=_strength(s, text),
            evidence=s.actor is None
            and s.role != "outlet"
            and any(w.lower() in _EVIDENCE for w in _WORD.findall(s.text)),
            item=item.id,
            article=item.article,
            start=s.start,
            end=s.end,
            published=published,
        )


def _strength(speaker: Speaker, text: str) -> str | None:
    """Return the word that says how strongly a speaker confirms or denies, beside its cue."""
    if not text or not speaker.cue or speaker.role not in ("confirmer", "denier"):
        return None
    at = text.rfind(speaker.cue, max(0, speaker.start - 60), speaker.start)
    if at < 0:
        at = text.find(speaker.cue, speaker.end, speaker.end + 60)
    if at < 0:
        return None
    near = _STRENGTH.findall(text[max(0, at - 25) : at + len(speaker.cue)])
    return near[-1].lower() if near else None


def origin(voice: Voice) -> str:
    """Return what identifies a voice: its state (organs of one state are one), else its words."""
    if not voice.actor:
        return origin_words(voice.text)
    code = voice.actor
    if code.startswith("IGO"):
        return code[:6]
    return code[:3] if code[3:6] in _ORGANS else code[:6]


def origin_words(text: str) -> str:
    """Return what identifies a speaker who is no known actor: the words, bare."""
    return " ".join(w.lower() for w in _WORD.findall(text))
