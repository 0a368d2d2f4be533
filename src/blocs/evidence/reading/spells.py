"""Spells of time that say when or until when ("two weeks ago"), and so are no amounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from blocs.evidence.quantities import Amount
from blocs.evidence.reading.horizons import Span
from blocs.evidence.reading.times import Moment

_UNITS = ("year", "month", "week", "day", "hour", "minute", "decade")
_AFTER = re.compile(r"[’']?\s*(?:ago|earlier|later|before|after|hence|from now|on)\b")
_BEFORE = re.compile(
    r"\b(?:past|last|previous|preceding|next|coming|following)\s+(?:\w+\s+)?$", re.IGNORECASE
)


def without_spells(
    text: str, amounts: Sequence[Amount], placed: Iterable[Moment | Span]
) -> list[Amount]:
    """Leave out the amounts that a time or a horizon is told by.

    Parameters
    ----------
    text : str
        The article.
    amounts : sequence of Amount
        Of one sentence; a part keeps pointing to its whole.
    placed : iterable of Moment or Span
        Times and horizons of the sentence.

    Examples
    --------
    >>> from blocs.evidence.quantities import find_amounts
    >>> text = "Two weeks ago Iran sent 300 drones; the war has lasted two years."
    >>> [text[a.start : a.end] for a in without_spells(text, find_amounts(text), ())]
    ['300 drones', 'two years']
    """
    spans = [(one.at, one.until) for one in placed]
    kept = [
        i
        for i, a in enumerate(amounts)
        if a.unit not in _UNITS
        or (
            not (_AFTER.match(text, a.end) or _BEFORE.search(text, max(0, a.start - 30), a.start))
            and not any(a.start < until and at < a.end for at, until in spans)
        )
    ]
    places = {old: new for new, old in enumerate(kept)}
    return [replace(amounts[i], part_of=places.get(_whole(amounts[i]))) for i in kept]


def _whole(amount: Amount) -> int:
    """Return the place of the amount it is a part of; -1 if it is none."""
    return -1 if amount.part_of is None else amount.part_of
