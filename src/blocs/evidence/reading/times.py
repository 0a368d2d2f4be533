"""When and until when: dates resolved against the article's own date, and horizons of forecasts."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812
from datetime import timedelta

from blocs.evidence.reading.numbers import parse_number

_MONTHS = {
    name: n + 1
    for n, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ]
    )
}
_SHORT = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "sept": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_DAYS = {
    name: n
    for n, name in enumerate(
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    )
}
_M = (
    r"(?P<m>January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_W = r"(?P<w>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_Y = r"(?P<y>(?:1[5-9]|20)\d\d)"
NUMBER = (
    r"(?:\d{1,3}|(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"fifteen|twenty|thirty|fifty)(?=\s))"
)
UNIT = r"(?:days?|weeks?|months?|years?|decades?|quarters?|centur(?:y|ies))"
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("ymd", r"(?P<y>(?:1[5-9]|20)\d\d)-(?P<mm>\d\d)-(?P<d>\d\d)"),
    (
        "days",
        rf"(?:from\s+)?{_M}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*(?:to|-|–|and)\s*(?P<d2>\d{{1,2}})(?!\d)(?:,?\s+{_Y})?",
    ),
    (
        "days",
        rf"(?:from\s+)?(?P<d>\d{{1,2}})\s*(?:to|-|–|and)\s*(?P<d2>\d{{1,2}})\s+{_M}(?:,?\s+{_Y})?",
    ),
    ("day", rf"{_M}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d,.]*\d)(?:,?\s+{_Y})?"),
    ("day", rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_M}(?:,?\s+{_Y})?"),
    ("month", rf"{_M},?\s+(?:of\s+)?{_Y}"),
    (
        "years",
        r"(?:from|between)\s+(?P<y>(?:1[5-9]|20)\d\d)\s*(?:to|and|-|–)\s*(?P<y2>(?:1[5-9]|20)\d\d)",
    ),
    ("years", r"(?P<y>(?:1[5-9]|20)\d\d)\s*[-–]\s*(?P<y2>(?:1[5-9]|20)\d\d)"),
    (
        "last_month",
        r"(?P<rel>(?i:last|next|this|past|early|late|mid-?|in|since|during the month of|"
        rf"month of|of))\s*{_M}(?![A-Za-z])",
    ),
    ("weekday", rf"(?P<rel>(?i:last|next|this|on|since|by|until))?\s*\b{_W}\b"),
    (
        "span",
        r"(?P<rel>last|next|this|past|previous|coming)\s+(?P<u>week|weekend|month|year|decade|century|spring|summer|autumn|fall|winter)\b",
    ),
    ("ago", rf"(?P<n>{NUMBER}|several|few)\s+(?P<u>{UNIT})\s+(?P<rel>ago|earlier|before)\b"),
    ("named", r"\b(?P<named>yesterday|today|tomorrow|tonight)\b"),
    ("dec", r"\b(?:the\s+)?(?:early\s+|late\s+|mid-?\s*)?(?P<y>(?:1[5-9]|20)\d0)s\b"),
    (
        "year",
        r"(?:\b(?:in|since|by|until|of|from|during|after|before|late|early|"
        rf"mid|end of)[\s-]+)(?:the\s+)?{_Y}(?![\d,.]*\d|\s*[a-z]+s\b)",
    ),
)
_WHEN = tuple(
    (
        kind,
        re.compile(
            rf"(?<![\w-]){p}", re.IGNORECASE if kind not in {"last_month", "weekday"} else 0
        ),
    )
    for kind, p in _PATTERNS
)
_MONTH_STEMS = (*_SHORT, "may")
_NEEDS = {
    "last_month": _MONTH_STEMS,
    "weekday": ("day",),
    "span": ("last", "next", "this", "past", "previous", "coming"),
    "ago": ("ago", "earlier", "before"),
    "named": ("day", "tomorrow", "tonight"),
}
_LENGTHS = {
    "day": 1,
    "week": 7,
    "month": 30.4375,
    "quarter": 91.3125,
    "year": 365.25,
    "decade": 3652.5,
    "century": 36525,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time expression.

    Attributes
    ----------
    at, until : int
        Half-open offsets of the words.
    text : str
        The words.
    start, end : datetime.date or None
        Half-open spell meant, where the text and the article's date give it.
    precision : str
        day, week, month, season, year, decade or century.
    """

    at: int
    until: int
    text: str
    start: Date | None
    end: Date | None
    precision: str


def find_moments(
    text: str, *, start: int = 0, end: int | None = None, date: Date | None = None
) -> list[Moment]:
    """Find time expressions and resolve them against the article's date.

    Parameters
    ----------
    text : str
        Canonical text.
    start, end : int
        Half-open range to search.
    date : datetime.date, optional
        Day of publication. Without it only full dates are resolved.

    Returns
    -------
    list of Moment
        Disjoint, in order. "May" and "we" are no dates: a month needs a year, a day, a capital
        and a preposition or "last", "next", "this".

    Examples
    --------
    >>> [m] = find_moments("He warned last January that", date=Date(2024, 6, 20))
    >>> m.text, m.start.isoformat(), m.end.isoformat(), m.precision
    ('last January', '2024-01-01', '2024-02-01', 'month')
    """
    stop = len(text) if end is None else end
    found: list[Moment] = []
    kinds = _possible(text[start:stop])
    for kind, pattern in _WHEN:
        if kind not in kinds:
            continue
        for match in pattern.finditer(text, start, stop):
            if any(m.at < match.end() and match.start() < m.until for m in found):
                continue
            moment = _moment(kind, match, date)
            if moment:
                found.append(moment)
    return sorted(found, key=lambda m: m.at)


def _possible(text: str) -> frozenset[str]:
    """Return the kinds of time whose words stand in a text at all: most patterns are slow."""
    low = text.lower()
    digit = any(char.isdigit() for char in text)
    return frozenset(
        kind
        for kind, _ in _PATTERNS
        if (any(word in low for word in _NEEDS[kind]) if kind in _NEEDS else digit)
    )


def _moment(kind: str, match: re.Match[str], date: Date | None) -> Moment | None:
    """Resolve one match; None where it is no date (31 February)."""
    try:
        spell, precision = _resolve(kind, match.groupdict(), date)
    except (ValueError, OverflowError):
        return None
    words = match.group()
    lead = len(words) - len(words.lstrip())
    return Moment(
        at=match.start() + lead,
        until=match.end(),
        text=words[lead:],
        start=spell[0] if spell else None,
        end=spell[1] if spell else None,
        precision=precision,
    )


Spell = tuple[Date, Date] | None


def _resolve(kind: str, g: dict[str, str | None], date: Date | None) -> tuple[Spell, str]:
    """Return the spell meant and its precision."""
    if kind in _FIXED:
        resolve, precision = _FIXED[kind]
        return resolve(g, date), precision
    if kind in ("year", "years", "dec"):
        first = int(g["y"] or 0)
        last = int(g.get("y2") or first) + (10 if kind == "dec" else 1)
        return (Date(first, 1, 1), Date(last, 1, 1)), "decade" if kind == "dec" else "year"
    return _ago(g, date) if kind == "ago" else _span(g, date)


def _named(g: dict[str, str | None], date: Date | None) -> Spell:
    """Resolve yesterday, today, tomorrow."""
    if date is None:
        return None
    day = date + timedelta({"yesterday": -1, "tomorrow": 1}.get((g["named"] or "").lower(), 0))
    return day, day + timedelta(1)


def _days(g: dict[str, str | None], date: Date | None) -> Spell:
    """Resolve days of a month."""
    month = int(g["mm"] or 0) if g.get("mm") else _month_number(g["m"] or "")
    day = int(g["d"] or 0)
    year = int(g["y"] or 0) if g.get("y") else _nearest_year(month, day, date)
    if year is None:
        Date(2000, month, day)
        return None
    first = Date(year, month, day)
    last = Date(year, month, int(g["d2"] or day)) if g.get("d2") else first
    return first, last + timedelta(1)


def _month_number(name: str) -> int:
    """Return the number of a month."""
    low = name.lower().rstrip(".")
    return _MONTHS.get(low) or _SHORT[low]


def _nearest_year(month: int, day: int, date: Date | None) -> int | None:
    """Return the year whose day lies nearest before the article (or up to 60 days after)."""
    if date is None:
        return None
    this = Date(date.year, month, min(day, 28))
    return date.year if this <= date + timedelta(60) else date.year - 1


def _month(g: dict[str, str | None], date: Date | None) -> Spell:
    """Resolve a month: with its year, else the last (or next) one seen from the article."""
    month = _month_number(g["m"] or "")
    year = int(g["y"] or 0) if g.get("y") else None
    if year is None:
        if date is None:
            return None
        rel = (g.get("rel") or "").lower()
        year = date.year if month <= date.month else date.year - 1
        if rel == "last" and month == date.month:
            year -= 1
        if rel == "next":
            year = date.year if month > date.month else date.year + 1
    return Date(year, month, 1), Date(year, month, monthrange(year, month)[1]) + timedelta(1)


def _weekday(g: dict[str, str | None], date: Date | None) -> Spell:
    """Resolve a day of the week: the latest up to the article, or the next one."""
    if date is None:
        return None
    back = (date.weekday() - _DAYS[(g["w"] or "").lower()]) % 7
    rel = (g.get("rel") or "").lower()
    day = date - timedelta(back or (7 if rel == "last" else 0))
    if rel == "next":
        day = date + timedelta(7 - back)
    return day, day + timedelta(1)


def _ago(g: dict[str, str | None], date: Date | None) -> tuple[Spell, str]:
    """Resolve "two weeks ago"."""
    unit = unit_of(g["u"] or "")
    count = parse_number(g["n"] or "")
    if date is None or count is None or (g["rel"] or "").lower() != "ago":
        return None, unit
    day = date - timedelta(round(count * _LENGTHS[unit]))
    return _around(day, unit), unit


def unit_of(word: str) -> str:
    """Return the singular of a unit of time."""
    low = word.lower()
    return "century" if low.startswith("centur") else low.rstrip("s")


def _around(day: Date, unit: str) -> Spell:
    """Return the calendar unit a day lies in."""
    if unit == "day":
        return day, day + timedelta(1)
    if unit in ("week", "weekend"):
        monday = day - timedelta(day.weekday())
        return monday + timedelta(5 if unit == "weekend" else 0), monday + timedelta(7)
    if unit == "month":
        return Date(day.year, day.month, 1), Date(
            day.year, day.month, monthrange(day.year, day.month)[1]
        ) + timedelta(1)
    size = {"year": 1, "decade": 10, "century": 100}.get(unit, 1)
    first = day.year - day.year % size
    return Date(max(first, 1), 1, 1), Date(first + size, 1, 1)


def _span(g: dict[str, str | None], date: Date | None) -> tuple[Spell, str]:
    """Resolve "last week", "this year"."""
    unit = (g["u"] or "").lower()
    if date is None or unit in ("spring", "summer", "autumn", "fall", "winter"):
        return None, "season" if unit not in _LENGTHS and unit != "weekend" else unit
    rel = (g["rel"] or "").lower()
    step = {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1}.get(rel, 0)
    size = _LENGTHS["week" if unit == "weekend" else unit]
    if unit == "month":
        months = date.year * 12 + date.month - 1 + step
        return _around(Date(months // 12, months % 12 + 1, 1), "month"), "month"
    if unit == "year":
        return _around(Date(date.year + step, 1, 1), "year"), "year"
    return _around(
        date + timedelta(round(step * size)), unit
    ), "week" if unit == "weekend" else unit


_FIXED: dict[str, tuple[Callable[[dict[str, str | None], Date | None], Spell], str]] = {
    "ymd": (_days, "day"),
    "day": (_days, "day"),
    "days": (_days, "day"),
    "month": (_month, "month"),
    "last_month": (_month, "month"),
    "weekday": (_weekday, "day"),
    "named": (_named, "day"),
}
