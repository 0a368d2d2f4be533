"""Names of actors in plain text, found without a parse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812

from blocs.evidence.reading.names import Entry, lookup
from blocs.evidence.reading.repairs import known_names
from blocs.evidence.reading.tokens import cut_words

_PAPERS = frozenset(("Post", "Times", "Journal", "Herald", "News", "Agency", "Daily"))


@dataclass(frozen=True, slots=True)
class Spot:
    """One name in a text: half-open span, actor code, sector, kind of name."""

    start: int
    end: int
    code: str
    role: str
    kind: str


def spot_names(
    text: str, *, start: int = 0, end: int | None = None, date: Date | None = None
) -> list[Spot]:
    """Find names of states, capitals, bodies, groups and office holders in a text.

    Parameters
    ----------
    text : str
        Any text.
    start, end : int
        The stretch to look at; offsets in the result count from the start of `text`.
    date : datetime.date, optional
        Day on which office holders are looked up.

    Returns
    -------
    list of Spot
        Disjoint, in order; news outlets are left out.

    Examples
    --------
    >>> [(s.code, s.kind) for s in spot_names("Iranian drones over Kyiv")]
    [('IRN', 'demonym'), ('UKR', 'capital')]
    """
    part = text[start:end]
    spans = cut_words(part)
    words = [_spelling(part[a:b]) for a, b in spans]
    found, i = [], 0
    while i < len(words):
        size, entries = _longest(words, i)
        if not size:
            i += 1
            continue
        entry = _choose(entries, date)
        paper = i + size < len(words) and words[i + size] in _PAPERS
        if entry.code and not paper:
            a, b = spans[i][0], spans[i + size - 1][1]
            found.append(Spot(start + a, start + b, entry.code, entry.role, entry.kind))
        i += size
    return found


def _spelling(word: str) -> str:
    word = word.replace("’", "'")
    return word.capitalize() if word.islower() and word in known_names() else word


def _longest(words: Sequence[str], i: int) -> tuple[int, tuple[Entry, ...]]:
    for form, entries in lookup().get(words[i], ()):
        if tuple(words[i : i + len(form)]) == form:
            return len(form), entries
    return 0, ()


def _choose(entries: tuple[Entry, ...], date: Date | None) -> Entry:
    """Return the entry that holds on the date, else the latest."""
    timed = [e for e in entries if e.start]
    if not timed:
        return entries[0]
    if date is not None:
        holding = [e for e in timed if e.start and e.start <= date < (e.end or Date.max)]
        if holding:
            return holding[0]
    return max(timed, key=lambda e: e.start or Date.min)
