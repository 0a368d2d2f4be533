"""Red lines: what a state is said never to do or suffer, and what lies near or past it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date as Date  # noqa: N812

import msgspec

from blocs.evidence.ledger.forms import FORM, Form
from blocs.evidence.ledger.giving import Sentence, sentences_of
from blocs.evidence.ledger.support import SupportRow
from blocs.evidence.ledger.wars import war_of
from blocs.evidence.reading.items import Item

_LINE = re.compile(
    r"\bred[ -]lines?\b|\btaboo\b|\bnot to be crossed\b|\bcross(?:es|ed|ing)? (?:a|the) line\b",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"\b(?:will (?:not|never)|would (?:not|never)|won['’]t|wouldn['’]t|rule[sd]? out|refus(?:es|ed)"
    r"|vow(?:s|ed) (?:not to|never to)|pledged (?:not to|never to))\s+(?:\w+\s+){0,2}?"
    r"(?:send(?:ing)?|supply(?:ing)?|provid(?:e|ing)|deliver(?:ing)?|export(?:ing)?|giv(?:e|ing)|"
    r"sell(?:ing)?|deploy(?:ing)?|transfer(?:ring)?|(?:sending|supplying) of|any)\b",
    re.IGNORECASE,
)
_MARK = re.compile(f"{_LINE.pattern}|{_NEVER.pattern}", re.IGNORECASE)
_NEAR = 2


class RedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line a state is said to hold, and the told facts that approach or cross it.

    Attributes
    ----------
    actor : str
        Whose line it is.
    form, rung, level
        What would cross it.
    stated_by : tuple of str
        Codes or words of the speakers; ``article`` where it is the article's own word.
    approached_by, crossed_by : tuple of str
        Ids of support rows of the actor up to two rungs below, and at or past it.
    """

    id: str
    actor: str
    theatre: str | None
    form: str
    rung: str
    level: int
    stated_by: tuple[str, ...]
    certainty: str
    reported: str | None
    article: str
    span_start: int
    span_end: int
    quote: str
    approached_by: tuple[str, ...] = ()
    crossed_by: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, int, int]:
        """Return what identifies it to an analyst: article, kind, span."""
        return self.article, f"red line {self.actor}", self.span_start, self.span_end


def find_red_lines(
    article: str, text: str, items: Sequence[Item], *, day: Date | None = None
) -> list[RedLine]:
    """Find the red lines an article tells of.

    Parameters
    ----------
    article, text : str
        Its sha256 and canonical text.
    items : sequence of Item
        What a reader found in it; gives the speakers.
    day : date, optional
        Day of publication.

    Returns
    -------
    list of RedLine
        In the order of the text. A row needs the words of a line ("red line", "taboo", "will
        never send"), a form of support in the same sentence and the state whose line it is.

    Examples
    --------
    >>> text = "For China, direct lethal aid to Moscow is a red line."
    >>> [(r.actor, r.rung, r.stated_by) for r in find_red_lines("0" * 64, text, [])]
    [('CHN', 'weapons', ('article',))]
    """
    out: dict[str, RedLine] = {}
    for s in sentences_of(text, items, day=day, only=_MARK):
        for mark in _marks(s):
            row = _row(article, s, mark, day)
            if row is not None:
                out.setdefault(row.id, row)
    return sorted(out.values(), key=lambda r: (r.span_start, r.id))


def with_facts(lines: Sequence[RedLine], support: Sequence[SupportRow]) -> list[RedLine]:
    """Say of each line which told facts approach or cross it.

    Only support that is told as given counts; hedged and denied tellings do not. A fact counts
    in the theatre of the line, or where either theatre is not known.
    """
    out = []
    for line in lines:
        given = [
            s
            for s in support
            if s.supporter == line.actor
            and s.certainty in ("asserted", "reported")
            and (not s.theatre or not line.theatre or s.theatre == line.theatre)
            and s.level >= max(1, line.level - _NEAR)
        ]
        past = tuple(sorted(s.id for s in given if s.level >= line.level))
        near = tuple(sorted(s.id for s in given if s.level < line.level))
        out.append(msgspec.structs.replace(line, approached_by=near, crossed_by=past))
    return out


def _marks(s: Sentence) -> Iterator[re.Match[str]]:
    found = _LINE.search(s.text, s.start, s.end) or _NEVER.search(s.text, s.start, s.end)
    if found:
        yield found


def _row(article: str, s: Sentence, mark: re.Match[str], day: Date | None) -> RedLine | None:
    form, actor = _form(s, mark), _holder(s, mark)
    if form is None or actor is None:
        return None
    start, end = _trimmed(s)
    speakers = [
        p for i in s.items for p in i.speakers if i.start < mark.end() and i.end > mark.start()
    ]
    said = tuple(dict.fromkeys(p.actor or p.text for p in speakers if p.role != "outlet"))
    war = war_of([p.code for p in s.spots if p.code != actor], day=day)
    key = f"{article}|red line|{start}|{actor}|{form.name}"
    return RedLine(
        id=hashlib.sha256(key.encode()).hexdigest()[:16],
        actor=actor,
        theatre=war.theatre if war else None,
        form=form.name,
        rung=form.rung,
        level=form.level,
        stated_by=said or ("article",),
        certainty="reported" if said else "asserted",
        reported=day.isoformat() if day else None,
        article=article,
        span_start=start,
        span_end=end,
        quote=s.text[start:end],
    )


def _form(s: Sentence, mark: re.Match[str]) -> Form | None:
    """Return the form nearest to the words of the line."""
    nouns = [n for n in s.forms if n.form.level]
    if not nouns:
        return FORM["weapons"] if re.search(r"\blethal\b", s.text[s.start : s.end]) else None
    return min(nouns, key=lambda n: min(abs(n.end - mark.start()), abs(n.start - mark.end()))).form


def _holder(s: Sentence, mark: re.Match[str]) -> str | None:
    """Return whose line it is: "for X", "X's red line", else the subject before it."""
    states = [p for p in s.spots if len(p.code) == 3 and p.code.isupper()]
    for spot in states:
        before, after = (
            s.text[max(s.start, spot.start - 12) : spot.start],
            s.text[spot.end : spot.end + 14],
        )
        if re.search(r"\b[Ff]or\s+(?:the\s+)?$", before) or re.match(
            r"['’]s?\s+(?:own\s+)?red", after
        ):
            return spot.code
    earlier = [p for p in states if p.end <= mark.start()]
    if not earlier:
        return None
    return earlier[-1].code if _NEVER.fullmatch(mark.group()) else earlier[0].code


def _trimmed(s: Sentence) -> tuple[int, int]:
    start, end = s.start, s.end
    while end > start and s.text[end - 1].isspace():
        end -= 1
    while start < end and s.text[start].isspace():
        start += 1
    return start, end
