"""The day of publication, where a line at the head of a plain text says nothing else."""

from __future__ import annotations

import re
from datetime import date as Date  # noqa: N812
from datetime import timedelta
from itertools import islice

from blocs.evidence.reading.times import Moment, find_moments

_LINES = 8
_DATELINE = re.compile(r"([A-Z][A-Z.'’-]+[A-Z][^–—\n]{0,60}?)\s?(?:--|[–—]|\s-)\s")
_LONGEST = 80
_BESIDE = re.compile(
    r"(?:(?:first\s+)?published|posted|updated|date|dateline|on|at|of|the|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tue|wed|thu|fri|sat|sun)\.?|"
    r"\d{1,2}[:.]\d\d(?::\d\d)?|[ap]\.?m\.?|gmt|utc|bst|edt|est|cet|et|z|[\W_])*",
    re.IGNORECASE,
)
"""What may stand beside the day: a label, a weekday, a time of day."""


def publication_day(text: str) -> Date | None:
    r"""Return the day that one of the first lines consists of; None if there is none, or two.

    Examples
    --------
    >>> publication_day("A quartet\nBy N. Orlova\nPublished: 14 October 2025\n\nIn 1959 ...")
    datetime.date(2025, 10, 14)
    >>> publication_day("On 14 October 2025 Russia attacked.") is None
    True
    """
    lines = list(islice(filter(None, map(str.strip, text[:2000].splitlines())), _LINES))
    heads = [match[1] for line in lines if (match := _DATELINE.match(line))]
    days = {day for line in lines if (day := _only_a_day(line)) is not None}
    days |= {day for head in heads if (day := _the_day(head)) is not None}
    return days.pop() if len(days) == 1 else None


def _only_a_day(line: str) -> Date | None:
    """Return the day of a line that says little else."""
    moment = _day_in(line) if len(line) <= _LONGEST else None
    if moment is None:
        return None
    rest = line[: moment.at] + " " + line[moment.until :]
    return moment.start if _BESIDE.fullmatch(rest) else None


def _the_day(head: str) -> Date | None:
    """Return the day of a dateline."""
    moment = _day_in(head)
    return moment.start if moment else None


def _day_in(text: str) -> Moment | None:
    """Return the one day that a text names, or None."""
    found = find_moments(text) if any(map(str.isdigit, text)) else []
    days = [m for m in found if m.start and m.end and m.end - m.start == timedelta(days=1)]
    return days[0] if len(days) == 1 else None
