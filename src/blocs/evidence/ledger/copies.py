"""Copies: articles and sentences that repeat another's words, and the wire they came over."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from blocs.evidence.ledger.sameness import WORD

_RUN = 5
_COPIED = 0.5
_SENTENCE = 0.8
_SHORTEST = 8
_WIRES = {
    "reuters": "Reuters",
    "afp": "AFP|Agence France-Presse|Agence France Presse",
    "ap": "AP|Associated Press",
    "upi": "UPI",
    "dpa": "dpa|DPA",
    "efe": "EFE",
    "ansa": "ANSA",
    "tass": "TASS",
    "xinhua": "Xinhua",
    "yonhap": "Yonhap",
    "kyodo": "Kyodo",
    "pti": "PTI",
}
_DATELINE = {
    wire: re.compile(
        rf"\((?:{names})\)\s*[-–—]|[-–—]\s*(?:{names})\s*\Z|\A\W*(?:{names})\s*[-–—:]"
        rf"|©\s*(?:\d{{4}}\s+)?(?:The )?(?:{names})\b|\bBy (?:The )?(?:{names})\b"
    )
    for wire, names in _WIRES.items()
}


def wire_of(text: str) -> str | None:
    """Return the news agency whose mark an article bears (dateline, credit), if any.

    Examples
    --------
    >>> wire_of("SEOUL, Oct 18 (Reuters) - North Korea has sent troops.")
    'reuters'
    """
    ends = text[:400].strip() + "\n" + text[-300:].strip()
    return next((wire for wire, mark in _DATELINE.items() if mark.search(ends)), None)


def find_copies(texts: Mapping[str, str], order: Sequence[str]) -> dict[str, str]:
    """Find articles that repeat most of an earlier one's words.

    Parameters
    ----------
    texts : mapping of str to str
        Article (sha256) to text.
    order : sequence of str
        Articles, the earliest first.

    Returns
    -------
    dict of str to str
        Copy to its original, which is no copy itself.

    Notes
    -----
    Two articles are copies when at least half of the runs of five words of the shorter stand
    in the longer (containment; runs are compared as sets, case and marks aside). Cost: one pass
    over all runs of words.

    Examples
    --------
    >>> wire = "Seoul said on Friday that the North had sent its soldiers abroad"
    >>> find_copies({"a": wire, "b": "UPDATE: " + wire, "c": "Tokyo protested"}, ["a", "b", "c"])
    {'b': 'a'}
    """
    seen: dict[tuple[str, ...], list[str]] = {}
    sizes: dict[str, int] = {}
    out: dict[str, str] = {}
    for article in order:
        runs = _runs(texts[article])
        sizes[article] = len(runs)
        shared: dict[str, int] = {}
        for run in runs:
            for other in seen.get(run, ()):
                shared[other] = shared.get(other, 0) + 1
        hits = [
            (n / max(1, min(len(runs), sizes[o])), o)
            for o, n in shared.items()
            if n >= _COPIED * max(1, min(len(runs), sizes[o]))
        ]
        if hits:
            out[article] = max(hits, key=lambda hit: (hit[0], -order.index(hit[1])))[1]
            continue
        for run in runs:
            seen.setdefault(run, []).append(article)
    return out


def _runs(text: str) -> set[tuple[str, ...]]:
    """Return every run of five words of a text, as a set."""
    found = [w.lower() for w in WORD.findall(text)]
    return {tuple(found[i : i + _RUN]) for i in range(len(found) - _RUN + 1)}


def is_copied(known: str, text: str) -> bool:
    """Say whether a sentence of some length repeats most words of another, in order.

    Examples
    --------
    >>> is_copied("Pyongyang sent up to 12,000 soldiers to fight in October",
    ...           "Pyongyang sent up to 12,000 soldiers to fight in October, it said")
    True
    """
    a, b = ([w.lower() for w in WORD.findall(t)] for t in (known, text))
    short, long = sorted((a, b), key=len)
    if len(short) < _SHORTEST:
        return False
    pairs = set(pairwise(long))
    hits = sum((x, y) in pairs for x, y in pairwise(short))
    return hits >= _SENTENCE * (len(short) - 1)
