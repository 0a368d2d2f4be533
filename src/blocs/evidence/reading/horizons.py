"""Until when: the horizons of forecasts ("within five to eight years")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from blocs.evidence.reading.numbers import parse_number
from blocs.evidence.reading.times import NUMBER, UNIT, unit_of

_R = rf"(?P<low>{NUMBER}|several)(?:\s*(?:to|or|-|–)\s*(?P<high>{NUMBER}))?\s+(?P<u>{UNIT})"


_HORIZON = tuple(
    re.compile(p, re.IGNORECASE)
    for p in (
        rf"\b(?P<how>within|inside)\s+(?:the\s+next\s+|about\s+|a\s+period\s+of\s+)?{_R}",
        rf"\b(?P<how>in|over|during|for)\s+the\s+(?:next|coming|following)\s+{_R}",
        r"\b(?P<how>over|in)\s+the\s+(?:next|coming)\s+(?P<u>decade|year|month|week|century)s?\b",
        rf"\b(?P<how>in)\s+(?:about\s+|as\s+little\s+as\s+)?{_R}(?:['’]?\s+time|\s+from\s+now)\b",
        rf"\b(?P<how>in)\s+(?:about\s+|as\s+little\s+as\s+)?{_R}(?!\s+(?:ago|of|earlier|after|old))",
        rf"{_R}\s+from\s+now\b(?P<how>)",
        r"\b(?P<how>by|before|until)\s+(?:the\s+)?(?:end\s+of\s+)?(?P<y>20\d\d)\b",
    )
)


_AHEAD = re.compile(
    r"\b(?:could|may|might|will|would|can|shall|risk\w*|threat\w*|expect\w*|forecast\w*|predict\w*|warn\w*|"
    r"likely|possible|possibly|probably|potential\w*|plan\w*|intend\w*|aim\w*|ready|window|"
    r"going to|set to|about to|should|"
    r"chance|prospect|project\w*|estimate\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A horizon: between ``low`` and ``high`` units from the day it was said."""

    at: int
    until: int
    text: str
    low: float | None
    high: float | None
    unit: str


def find_horizons(text: str, *, start: int = 0, end: int | None = None) -> list[Span]:
    """Find the horizons of forecasts: only where the words around look ahead.

    Examples
    --------
    >>> [h] = find_horizons("Putin could attack NATO within five to eight years.")
    >>> h.low, h.high, h.unit
    (5.0, 8.0, 'year')
    """
    stop = len(text) if end is None else end
    if not _AHEAD.search(text, start, stop):
        return []
    found: list[Span] = []
    for pattern in _HORIZON:
        for match in pattern.finditer(text, start, stop):
            if any(h.at < match.end() and match.start() < h.until for h in found):
                continue
            span = _horizon(match)
            if span and (match.group("how") != "in" or _AHEAD.search(text, start, match.start())):
                found.append(span)
    return sorted(found, key=lambda h: h.at)


def _horizon(match: re.Match[str]) -> Span | None:
    """Build a horizon."""
    g = match.groupdict()
    if g.get("y"):
        return Span(
            at=match.start(),
            until=match.end(),
            text=match.group(),
            low=None,
            high=float(g["y"]),
            unit="calendar year",
        )
    low = parse_number(g["low"]) if g.get("low") else 1.0
    high = parse_number(g["high"]) if g.get("high") else low
    ranged = bool(g.get("high"))
    return Span(
        at=match.start(),
        until=match.end(),
        text=match.group(),
        low=low if ranged else None,
        high=high,
        unit=unit_of(g["u"] or "year"),
    )
