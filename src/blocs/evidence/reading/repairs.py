"""Damage in a text - glued words, lost capitals, lost words, page furniture - found, on record."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from blocs.evidence.reading.lists import words

_GLUED_NAME = re.compile(r"\b([A-Z][a-z]{2,})([A-Z][a-z]{3,})\b")
_GLUED_SMALL = re.compile(r"\b(on|of|in|to|at|for|by|with|from|and)(the)\b")
_GLUED_STOP = re.compile(r"(?<=[a-z]{3}[.!?\]])(?=[A-Z][a-z]*\s)")
_LOST_THAN = re.compile(r"\b(more|less|fewer) (?=\d)")
_TURNED = re.compile(r"\b(photos|images|pictures) (satellite)\b")
_OF_THE = re.compile(r"\bKorea of the (North|South)\b")
_STRAY_STOP = re.compile(r"(?<=[a-z])\. (?=, )|(?<=[a-z]) (?=,\s)")
_LONE_QUOTE = re.compile(r"(?<=[.!?…]) »(?=\s|$)")
_FURNITURE = re.compile(
    r"(?m)^[^\S\n]*+(?:(?:[*_=#~·•-][^\S\n]*+){3,}|to contact the author:.*|source site-\d+|latest|"
    r"to watch on video|watch (?:also|on video).*|read (?:also|more)\b.{0,80}|advertisement|"
    r"share this(?: article)?|subscribe.{0,60}|sign up .{0,80}|(?:©|copyright\b).{0,120}|"
    r"all rights reserved\.?|related (?:articles|stories):?)[^\S\n]*$",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"\[email protected\]|(?:To contact the author: )?(?<![\w.+-])[\w.+-]{1,64}@[\w-]++\.[\w.]{2,}"
)
_NOT_GLUED = words("Mac Fitz Van Von Mc De Le La Di Mont")


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """One place where the reader departs from the text as printed.

    ``text[start:end] == quote`` is what stands there, ``reading`` what it is taken for;
    ``kind`` is glued, case, lost_word, order, stray, unbalanced or boilerplate.
    """

    start: int
    end: int
    quote: str
    reading: str
    kind: str


def find_repairs(text: str) -> list[Repair]:
    """List the damage in a text, in order; the text itself is never changed.

    Parameters
    ----------
    text : str
        Canonical text.

    Returns
    -------
    list of Repair
        Sorted by place. Cost O(len(text)).

    Examples
    --------
    >>> [(r.quote, r.reading) for r in find_repairs("kyiv made more 300 a month")]
    [('kyiv', 'Kyiv'), ('more 300', 'more than 300')]
    """
    found = [*_furniture(text), *_glued(text), *_cases(text), *_lost(text), *_marks(text)]
    return sorted(found, key=lambda r: (r.start, r.end, r.kind))


def _make(text: str, start: int, end: int, reading: str, kind: str) -> Repair:
    """Return a repair of ``text[start:end]``."""
    return Repair(start=start, end=end, quote=text[start:end], reading=reading, kind=kind)


def _furniture(text: str) -> Iterator[Repair]:
    """Find lines that are the page's, not the author's."""
    begins, ends = [0], [0]
    for match in _FURNITURE.finditer(text):
        if match.group().strip():
            begins.append(match.start())
            ends.append(match.end())
            yield _make(text, *match.span(), "", "boilerplate")
    for match in _EMAIL.finditer(text):
        if match.start() >= ends[bisect_right(begins, match.start()) - 1]:
            yield _make(text, *match.span(), "", "boilerplate")


def _glued(text: str) -> Iterator[Repair]:
    """Find two words written as one."""
    names = known_names()
    for match in _GLUED_NAME.finditer(text):
        one, two = match.groups()
        if one not in _NOT_GLUED and (two.lower() in names or one.lower() in names):
            yield _make(text, *match.span(), f"{one} {two}", "glued")
    for match in _GLUED_SMALL.finditer(text):
        yield _make(text, *match.span(), " ".join(match.groups()), "glued")
    for match in _GLUED_STOP.finditer(text):
        a = max(0, match.start() - 1)
        yield _make(text, a, match.end(), text[a : match.end()] + " ", "glued")


def _cases(text: str) -> Iterator[Repair]:
    """Find names of states and capitals written small."""
    names = known_names()
    for match in re.finditer(r"(?<![\w@./-])[a-z]{4,}(?![\w@/])", text):
        if match.group() in names:
            yield _make(text, *match.span(), match.group().capitalize(), "case")


def _lost(text: str) -> Iterator[Repair]:
    """Find lost or turned words."""
    for match in _LOST_THAN.finditer(text):
        number = re.compile(r"[\d.,]*\d").match(text, match.end())
        end = number.end() if number else match.end()
        yield _make(
            text, match.start(), end, f"{match[1]} than {text[match.end() : end]}", "lost_word"
        )
    for match in _TURNED.finditer(text):
        yield _make(text, *match.span(), f"{match[2]} {match[1]}", "order")
    for match in _OF_THE.finditer(text):
        yield _make(text, *match.span(), f"{match[1]} Korea", "order")


def _marks(text: str) -> Iterator[Repair]:
    """Find stray stops, lone quotation marks and brackets that never open."""
    for match in _STRAY_STOP.finditer(text):
        yield _make(text, *match.span(), "", "stray")
    for match in _LONE_QUOTE.finditer(text):
        yield _make(text, *match.span(), "”", "stray")
    at = 0
    for line in text.splitlines(keepends=True):
        depth = 0
        for k, char in enumerate(line if ")" in line else ""):
            depth += (char == "(") - (char == ")")
            if depth < 0:
                yield _make(text, at + k, at + k + 1, "", "unbalanced")
                depth = 0
        at += len(line)


@lru_cache(maxsize=1)
def known_names() -> frozenset[str]:
    """Return one-word names of states and capitals, lower case, that are no English words."""
    from blocs.evidence.reading.names import load_names

    unsafe = words(
        "chad turkey jordan georgia guinea china niger mali cuba oman peru male rome nice march "
        "polish china manila victoria santiago"
    )
    known = {
        name.lower()
        for name, _, kind in load_names()
        if name.isalpha()
        and len(name) > 3
        and (kind in ("name", "capital", "seat") or name.endswith(("ian", "ean", "ese")))
    }
    return frozenset(known - unsafe | {"china"})
