"""Numbers, dates and names as people read them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from blocs import actors
from blocs.actors import the as the
from blocs.dates import years as years

MINUS: Final = "\N{MINUS SIGN}"
NOT_KNOWN: Final = "not known"
NARROW_SPACE: Final = "\N{NARROW NO-BREAK SPACE}"
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_PLURAL = frozenset({"powers", "states", "allies", "members", "eyes", "four"})


def score(value: float | None, *, signed: bool = False, decimals: int = 2) -> str:
    """Write a share of a likeness: 0.70, −0.14.

    Examples
    --------
    >>> score(-0.1433), score(None), score(0.0349, signed=True)
    ('−0.14', 'not known', '+0.03')
    """
    if value is None or math.isnan(value):
        return NOT_KNOWN
    text = f"{value:+.{decimals}f}" if signed else f"{value:.{decimals}f}"
    if not text.strip("+-0."):
        return text.lstrip("+-")
    return text.replace("-", MINUS)


def change(value: float) -> str:
    """Write a change or a part of a score: three decimals, always with its sign.

    Examples
    --------
    >>> change(0.05), change(-0.0004)
    ('+0.050', '0.000')
    """
    return score(value, signed=True, decimals=3)


def interval(low: float | None, high: float | None) -> str:
    """Write the ends of an interval; "none" if there is none."""
    return "none" if low is None or high is None else f"{score(low)} to {score(high)}"


def percent(share: float | None, *, decimals: int = 0) -> str:
    """Write a share as a percentage, never rounding a part up to the whole.

    Examples
    --------
    >>> percent(0.834).replace("\N{NARROW NO-BREAK SPACE}", " "), percent(None)
    ('83 %', 'not known')
    """
    if share is None or math.isnan(share):
        return NOT_KNOWN
    step = 10**-decimals
    shown = round(100 * share, decimals)
    if share < 1 and shown >= 100:
        return f"over {100 - step:.{decimals}f}{NARROW_SPACE}%"
    if share > 0 and shown <= 0:
        return f"under {step:.{decimals}f}{NARROW_SPACE}%"
    return f"{shown:.{decimals}f}{NARROW_SPACE}%".replace("-", MINUS)


def count(value: float) -> str:
    """Write a number of things with commas: 2,500,000.

    Examples
    --------
    >>> count(2500000.0), count(1.5)
    ('2,500,000', '1.5')
    """
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,}"


def figures(value: float, *, signed: bool = False) -> str:
    """Write a number with three figures and commas, never with an exponent: +32,900, 0.425.

    Examples
    --------
    >>> figures(32871.0, signed=True), figures(-0.4251), figures(7.0), figures(0.0, signed=True)
    ('+32,900', '−0.425', '7', '0')
    """
    short = float(f"{value:.3g}")
    plain = f"{short:,.0f}" if abs(short) >= 100 else f"{short:,.6f}".rstrip("0").rstrip(".")
    return f"+{plain}" if signed and short > 0 else plain.replace("-", MINUS)


def often(share: float) -> str:
    """Write a share of runs; what happens in a few of them is not 0 %, nor in nearly all 100 %.

    Examples
    --------
    >>> often(0.0), often(0.005), often(0.12), often(0.999), often(1.0)
    ('0%', 'under 1%', '12%', 'over 99%', '100%')
    """
    told = f"{share:.0%}"
    if told == "0%" and share > 0:
        return "under 1%"
    return "over 99%" if told == "100%" and share < 1 else told


def spread(counts: Sequence[int]) -> str:
    """Write the least and the most of some counts; one figure where they are equal.

    Examples
    --------
    >>> spread([149, 173, 150]), spread([80])
    ('149 to 173', '80')
    """
    low, high = min(counts), max(counts)
    return count(low) if low == high else f"{count(low)} to {count(high)}"


def day(text: str | None) -> str:
    """Write a partial ISO date: 19 June 2024, June 2024, 2024.

    Examples
    --------
    >>> day("2024-06-19"), day("2024-06"), day("2024"), day(None)
    ('19 June 2024', 'June 2024', '2024', 'not known')
    """
    if not text:
        return NOT_KNOWN
    parts = text.split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return text
    named = [parts[0]]
    if len(parts) > 1 and 1 <= int(parts[1]) <= 12:
        named.insert(0, _MONTHS[int(parts[1]) - 1])
    if len(parts) > 2:
        named.insert(0, str(int(parts[2])))
    return " ".join(named)


def until(end: str | None) -> str:
    """Write the last day, month or year before an exclusive end.

    Examples
    --------
    >>> until("2024-10-29"), until("2024-07"), until("2023"), until(None)
    ('28 October 2024', 'June 2024', '2022', 'open')
    """
    if not end:
        return "open"
    parts = end.split("-")
    if not all(part.isdigit() for part in parts):
        return end
    if len(parts) == 1:
        return str(int(end) - 1)
    year, month = int(parts[0]), int(parts[1])
    if len(parts) == 2:
        return day(f"{year - 1}-12" if month == 1 else f"{year}-{month - 1:02d}")
    return day((date.fromisoformat(end) - timedelta(days=1)).isoformat())


def decimal_year(text: str | None) -> float | None:
    """Place a partial ISO date on an axis of years; its first day counts.

    Examples
    --------
    >>> decimal_year("2024-07"), decimal_year(None)
    (2024.5, None)
    """
    if not text:
        return None
    parts = text.split("-")
    if not all(part.isdigit() for part in parts):
        return None
    year, month, of_month = (*map(int, parts), 1, 1)[:3]
    return year + (month - 1) / 12 + (of_month - 1) / 372


def name(actor: str, on: date | int | None = None) -> str:
    """Name of an actor as people say it, or said at a time; several joined by "+" are listed.

    Examples
    --------
    >>> name("PRK"), name("USA+EU"), name("Reuters"), name("COD", 1980)
    ('North Korea', 'United States, EU', 'Reuters', 'Zaire')
    """
    return ", ".join(actors.name_of(part, on) for part in actor.split("+"))


def names(ids: Sequence[str], on: date | int | None = None) -> str:
    """Name several actors, as they are called or were at a time.

    Examples
    --------
    >>> names(("CHN", "RUS", "PRK"))
    'China, Russia and North Korea'
    """
    return listed([name(actor, on) for actor in ids])


def giving(giver: str, receiver: str) -> str:
    """Name who gives to whom; a receiver that nobody tells is left out.

    Examples
    --------
    >>> giving("PRK", "RUS"), giving("PRK", "")
    ('North Korea to Russia', 'North Korea')
    """
    return f"{name(giver)} to {name(receiver)}" if receiver else name(giver)


def the_group(label: str) -> str:
    """Put the article before a group's name that needs one: the Warsaw Pact, BRICS.

    Examples
    --------
    >>> the_group("Warsaw Pact"), the_group("NATO"), the_group("Quad")
    ('the Warsaw Pact', 'NATO', 'the Quad')
    """
    named = (" " in label or label == "Quad") and "," not in label
    return f"the {label}" if named else label


def plural(label: str) -> bool:
    """Tell whether a group's name takes a verb in the plural.

    Examples
    --------
    >>> plural("Central Powers"), plural("Alliance of Sahel States"), plural("China, Iran")
    (True, False, True)
    """
    head = label.partition(" of ")[0].rpartition(" ")[2].lower()
    return "," in label or head in _PLURAL


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence does: China, Iran and Russia.

    Examples
    --------
    >>> listed(["China", "Iran", "Russia"])
    'China, Iran and Russia'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def pair(a: str, b: str, on: date | int | None = None) -> str:
    """Name two states in a row: China–Russia, in 1969 China–Soviet Union."""
    return f"{name(a, on)}–{name(b, on)}"


def within(title: str) -> str:
    """Write a title inside a sentence: "treaties", but "UN votes".

    Examples
    --------
    >>> within("Treaties"), within("UN votes")
    ('treaties', 'UN votes')
    """
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def unbroken(text: str) -> str:
    """Keep numbers and their percent signs on one line.

    Examples
    --------
    >>> unbroken("90 % interval") == f"90{NARROW_SPACE}% interval"
    True
    """
    return text.replace(" %", f"{NARROW_SPACE}%")


def upper_first(text: str) -> str:
    """Begin a sentence."""
    return text[:1].upper() + text[1:]
