"""Split news text into sentences; tuned for initials, datelines and machine translation."""

from __future__ import annotations

import re

from blocs.evidence.reading.lists import words

_CLOSERS = "\"'”’»)]›}"
_OPENERS = "\"'“‘«([‹{"
_END = re.compile(
    rf"[.!?…]+(?:[{re.escape(_CLOSERS)}]+|\s*[»”](?=\s|$))*(?=\s|$)"
    rf"|[.!?…]+[{re.escape(_CLOSERS)}]+(?=[A-Z])",
)
_ABBREVIATIONS = words(
    "mr mrs ms dr st sr jr gen lt col maj capt sgt cmdr adm brig gov sen rep reps sens rev "
    "prof hon pres amb sec supt no nos vs etc inc ltd co corp bros approx cf al fig ca dept "
    "est jan feb mar apr jun jul aug sept sep oct nov dec mt ft fr messrs e.g i.e a.m p.m "
    "ph.d d.c u.s u.n u.k e.u u.s.s.r calif fla pa va mass conn ill mich minn ore tenn tex "
    "wash wis"
)
_NEVER_LAST = words(
    "mr mrs ms dr gen lt col maj capt sgt cmdr adm brig gov sen rep reps sens rev prof hon "
    "pres amb sec messrs vs e.g i.e st no nos fig"
)
_LAST_WORD = re.compile(r"[^\s(\[\"“‘«]+$")
_DATELINE = re.compile(
    r"([A-Z][A-Z.'’ -]{2,40}(?:, ?[A-Z][\w.' ]{1,30}){0,2}(?:,? \d{4})?(?: ?\([^()\n]{2,40}\))?)"
    r"\s?(?:--|[-–—])\s+(?=[A-Z\"“])"
)
_STARTERS = re.compile(
    r"(?:The|This|That|These|Those|It|He|She|They|We|I|In|On|At|But|And|For|A|An|If|When|While|"
    r"His|Her|Its|Their|There|After|Before|As|However|Meanwhile|What|Why|Who|Officials)\b"
)
_TERMINAL = re.compile(r"[.!?…:;”\"»)*\]]\s*$")


def split_sentences(text: str, *, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return the half-open spans of the sentences, white space at the ends cut off.

    Line ends close a sentence unless the text is hard-wrapped; a lone closing
    quotation mark stays with the sentence before it, ``"Oslo. , cited by"`` stays
    whole, and a dateline ("KYIV (Reuters) -") stands apart.

    Parameters
    ----------
    text : str
        Canonical text.
    start, end : int
        Half-open range to split; the spans returned count from the start of ``text``.

    Returns
    -------
    list of (int, int)
        Disjoint spans in order. Cost O(len(text)).

    Examples
    --------
    >>> text = "Gen. A. Petraeus met U.S. envoys in Oslo. He left."
    >>> [text[a:b] for a, b in split_sentences(text)]
    ['Gen. A. Petraeus met U.S. envoys in Oslo.', 'He left.']
    """
    stop = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    for a, b in _lines(text, start, stop):
        spans += _split_line(text, a, b)
    return spans


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return paragraph-like stretches: lines, or blocks between blank lines if hard-wrapped."""
    breaks = (
        r"\r?\n[^\S\n]*(?:\r?\n\s*)+"
        if _is_wrapped(text[start:end])
        else "[\r\n\x0b\x0c\x85\u2028\u2029]+"
    )
    spans, at = [], start
    for match in re.compile(breaks).finditer(text, start, end):
        spans.append((at, match.start()))
        at = match.end()
    spans.append((at, end))
    return [(a, b) for a, b in spans if text[a:b].strip()]


def _is_wrapped(text: str) -> bool:
    """Say whether lines were cut at a fixed width: many lines, none long, few ending a sentence."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()]
    if len(lines) < 4 or max(map(len, lines)) > 100:
        return False
    open_ended = sum(not _TERMINAL.search(line) for line in lines)
    return open_ended > 0.5 * len(lines) and sum(map(len, lines)) > 45 * len(lines)


def _split_line(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split one stretch at sentence ends."""
    spans, at = [], start
    dateline = _DATELINE.match(text, start, end)
    if dateline:
        spans, at = [(start, dateline.end(1))], dateline.end()
    for match in _END.finditer(text, at, end):
        if match.end() > at and _is_end(text, match, at, end):
            spans.append((at, match.end()))
            at = match.end()
    spans.append((at, end))
    return [trimmed for a, b in spans if (trimmed := _trim(text, a, b))]


def _trim(text: str, a: int, b: int) -> tuple[int, int] | None:
    """Cut white space off both ends; None when nothing is left."""
    while a < b and text[a].isspace():
        a += 1
    while b > a and text[b - 1].isspace():
        b -= 1
    return (a, b) if a < b else None


def _is_end(text: str, match: re.Match[str], at: int, end: int) -> bool:
    """Decide whether a full stop, mark or ellipsis closes the sentence."""
    rest = text[match.end() : min(end, match.end() + 40)].lstrip()
    if not rest:
        return False
    bare = rest.lstrip(_OPENERS)
    first = bare[:1] or rest[:1]
    if rest[0] in ",;:–—-" or (rest[0] in _CLOSERS and not bare):
        return False
    if not (first.isupper() or first.isdigit() or not first.isalpha()):
        return _starts_low(match, bare)
    return match.group()[0] != "." or len(match.group()) > 1 or _dot_ends(text, match, at, rest)


def _starts_low(match: re.Match[str], bare: str) -> bool:
    """A lower-case word opens a sentence only after ! or ? closed by nothing (rare) - never."""
    return match.group()[0] == "." and bare[:4] == "kyiv"


def _dot_ends(text: str, match: re.Match[str], at: int, rest: str) -> bool:
    """Tell a full stop from the dot of an abbreviation or an initial."""
    found = _LAST_WORD.search(text, max(at, match.start() - 40), match.start())
    word = found.group().lower().strip("'’\"") if found else ""
    if word in _NEVER_LAST and found and found.group()[:1].isupper():
        return False
    if word in _ABBREVIATIONS or re.fullmatch(r"(?:[a-z]\.)+[a-z]", word):
        return bool(_STARTERS.match(rest))
    initial = len(word) == 1 and word.isalpha() and word != "i"
    return not initial or bool(_STARTERS.match(rest) and len(text) > 400 and word in "cxd")
