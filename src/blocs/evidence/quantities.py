"""How much: amounts with bounds, units, rates and subsets; shares recomputed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from blocs.evidence.reading.lists import words
from blocs.evidence.reading.numbers import NUMBER, SCALE, SCALES, SMALL, VAGUE, parse_number

_CURRENCY = {
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "dollar": "USD",
    "dollars": "USD",
    "euro": "EUR",
    "euros": "EUR",
    "pound": "GBP",
    "pounds": "GBP",
    "yuan": "CNY",
    "renminbi": "CNY",
    "ruble": "RUB",
    "rubles": "RUB",
    "rouble": "RUB",
    "roubles": "RUB",
    "yen": "JPY",
    "rupees": "INR",
}
_UNITS = {
    r"%|per\s?cent\b|percent\b|percentage points?\b": "%",
    r"(?:square kilomet(?:er|re)s?|km2|km²|sq\.? km)\b": "km2",
    r"square miles?\b": "mi2",
    r"(?:kilomet(?:er|re)s?|km|kms)\b": "km",
    r"(?:nautical )?miles?\b": "mi",
    r"(?:met(?:er|re)s?)\b": "m",
    r"(?:metric )?(?:tons?|tonnes?)\b": "t",
    r"(?:kilograms?|kg)\b": "kg",
    r"barrels?\b": "bbl",
    r"(?:megatons?|kilotons?)\b": "kt",
    r"(?:gigawatts?|megawatts?|GW|MW)\b": "W",
    r"cubic met(?:er|re)s?\b": "m3",
    r"hectares?\b": "ha",
    r"years?\b": "year",
    r"months?\b": "month",
    r"weeks?\b": "week",
    r"days?\b": "day",
    r"hours?\b": "hour",
    r"minutes?\b": "minute",
    r"decades?\b": "decade",
}
_LOW = (
    r"(?:more(?: than)?|over|at least|no (?:fewer|less) than|exceed(?:s|ed|ing)?|above|"
    r"upwards? of|in excess of|a minimum of)"
)
_HIGH = (
    r"(?:up to|as many as|as much as|at most|no more than|not more than|fewer than|less than|"
    r"under|below|a maximum of|nearly|almost|close to)"
)
_ABOUT = r"(?:about|around|some|roughly|approximately|an estimated|estimated at|or so|circa)"
_PER = (
    r"(?:\s*(?:per|each|every|a|an|/)\s*(?P<per>second|minute|hour|day|week|month|quarter|year|head|capita)\b"
    r"|\s+(?P<perly>daily|weekly|monthly|yearly|annually|a year)\b)"
    r"(?!\s+(?:earlier|ago|later|before|after|old)\b)"
)
_AMOUNT = re.compile(
    rf"(?<![\w.,:/-])(?:(?P<between>between\s+)|(?P<bound>{_LOW}|{_HIGH}|{_ABOUT})\s+)?(?:(?P<money>US\$|[$€£¥])\s?)?"
    rf"(?P<one>{NUMBER})(?:(?P<join>\s*(?:-|–|to|and|or)\s*)(?P<money2>US\$|[$€£¥])?(?P<two>{NUMBER}))?(?![\w/]|:\d)",
    re.IGNORECASE,
)
_ORDINALS = ("half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_FRACTION = re.compile(
    rf"(?:(?P<bound>{_LOW}|{_HIGH}|{_ABOUT})\s+)?(?<![\w-])(?:"
    rf"(?P<n>{'|'.join(SMALL)})[\s-](?P<many>{'|'.join(_ORDINALS[1:])})s\b"
    rf"|(?:an?|one)[\s-](?P<one>{'|'.join(_ORDINALS[1:])})(?=\s+of\b(?!\s+an?\s))"
    r"|(?<!and a )(?P<half>half)(?=\s+(?:of|the|its|his|her|their|our|all)\b))",
    re.IGNORECASE,
)
"""Shares in words: "two-thirds of", "a quarter of", "half its"; a third party is none."""
_HALF_OF_A = re.compile(rf"(?:\b(?P<bound>{_LOW}|{_HIGH}|{_ABOUT})\s+)?\bhalf\s+$", re.IGNORECASE)
_AND_HALF = re.compile(rf"\s+and\s+a\s+half\b(?:[\s-](?P<scale>{SCALE})\b)?", re.IGNORECASE)
_PLUS = re.compile(r"\s*\+")
_NOUN = re.compile(
    r"[\s-]+(?:of\s+(?:the\s+|these\s+|those\s+)?)?(?P<np>(?:[“\"]?(?!(?:in|on|to|for|of|and|or|at|by|from|with|that|which|who|per|a|an|"
    r"the|is|are|was|were|have|has|had|will|could|after|before|since|between|including|last|this|its|their|"
    r"his|her|during|as|if|but|than|not|it|they|he|she|we|ago|later|earlier|more|alone|into|within|over|near|around|when|while|because)\b)"
    r"(?:U\.\s?[SKN]\.|[A-Za-z][\w'’-]*)[”\"]?\s?){1,4})"
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_DATEISH = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)\s*$"
)
_MONTH_NEXT = re.compile(
    r"(?:st|nd|rd|th)?\s+(?:of\s+)?(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December)\b"
)
_PART = re.compile(
    r"[,\s(–—-]*(?:including|among (?:them|which|whom)|of (?:whom|which|them))\s*$", re.IGNORECASE
)
_IDIOM = re.compile(r"^(?:one|a|an)$", re.IGNORECASE)
_BY_THE = re.compile(
    r"(?:^|[\s,(])(?P<np>(?!(?:\w+ing|of|with|by|from|to|in|on|for|some|the|a|an)\b)[a-z][\w-]*"
    r"(?:\s+(?!(?:\w+ing|of|with|by|from|to|in|on|for)\b)[\w-]+){0,4}?)\s+(?:in|by)\s+(?:the\s+)?$"
)
_VERBAL = words(
    "occupied sent killed wounded captured launched deployed supplied delivered destroyed "
    "seized took conquered"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """One amount in a text.

    Attributes
    ----------
    start, end : int
        Half-open offsets.
    low, high, value : float or None
        "up to 12,000" is high only, "more than 3,700" low only, "nine" value only.
    unit : str
        km2, USD, %, t, year ...; ``count`` for things counted.
    of : str or None
        What is counted, as written.
    per : str or None
        month, year ... for rates.
    part_of : int or None
        Index of the amount it is a part of ("including 500 officers").
    vague : bool
        "hundreds of thousands", "about 300".
    """

    start: int
    end: int
    low: float | None = None
    high: float | None = None
    value: float | None = None
    unit: str = "count"
    of: str | None = None
    per: str | None = None
    part_of: int | None = None
    vague: bool = False

    def size(self) -> float | None:
        """Return one number for comparisons: the value, else a bound."""
        return (
            self.value
            if self.value is not None
            else self.high
            if self.high is not None
            else self.low
        )


def find_amounts(text: str, *, start: int = 0, end: int | None = None) -> list[Amount]:
    """Find the amounts in a text; dates and years are left to the time grammar.

    Parameters
    ----------
    text : str
        Canonical text.
    start, end : int
        Half-open range to search; offsets returned count from the start of ``text``.

    Returns
    -------
    list of Amount
        In order. Cost O(length).

    Examples
    --------
    >>> found = find_amounts("up to 12,000 soldiers, including 500 officers")
    >>> [(a.high, a.value, a.of, a.part_of) for a in found]
    [(12000.0, None, 'soldiers', None), (None, 500.0, 'officers', 0)]
    """
    out: list[Amount] = []
    stop = len(text) if end is None else end
    shares = [_fraction(text, match, stop) for match in _FRACTION.finditer(text, start, stop)]
    for match in _AMOUNT.finditer(text, start, stop):
        inside = any(s.start < match.end("one") and match.start("one") < s.end for s in shares)
        if not inside and not _is_date(text, match, stop):
            amount = _amount(text, match, stop, out)
            if amount is not None:
                out.append(amount)
    return _nested(text, sorted([*out, *shares], key=lambda a: a.start) if shares else out)


def _fraction(text: str, match: re.Match[str], stop: int) -> Amount:
    """Build the amount of a share in words, in per cent."""
    of_what = (match["many"] or match["one"] or match["half"]).lower()
    parts = SMALL[match["n"].lower()] if match["n"] else 1
    size = round(100 * parts / (_ORDINALS.index(of_what) + 2), 2)
    noun = _NOUN.match(text, match.end(), stop)
    of, end = _noun(noun, match.end()) if noun else (None, match.end())
    bound = match["bound"] or ""
    low, high, value = _bounds(bound.lower(), size, (size, None))
    return Amount(
        start=match.start(), end=end, low=low, high=high, value=value, unit="%", of=of, vague=True
    )


_OF_THE = re.compile(r"\s+of\s+(?:(?:the|its|his|her|their|our|all|these|those|some)\s+){1,2}")


def _nested(text: str, amounts: list[Amount]) -> list[Amount]:
    """Make "three" a part of "four" in "three of the four states", "500 of its 9,000 men"."""
    out = list(amounts)
    for i, (one, two) in enumerate(pairwise(amounts)):
        inside = one.start < two.start < one.end
        if one.part_of is None and (inside or _OF_THE.fullmatch(text, one.end, two.start)):
            out[i] = replace(one, part_of=i + 1, of=two.of if inside else one.of or two.of)
    return out


def _is_date(text: str, match: re.Match[str], stop: int) -> bool:
    """Say whether a number is a day or year."""
    one = match.group("one")
    before = text[max(0, match.start("one") - 12) : match.start("one")]
    after = text[match.end() : min(stop, match.end() + 24)]
    if match.group("money"):
        return False
    if _YEAR.fullmatch(one):
        if _DATEISH.search(before):
            return True
        unit = _unit(text, match.end(), stop)[0] not in ("count",)
        return not unit and not re.match(r"\s+[a-z]+s\b", after)
    if one[0].isdigit() and (_DATEISH.search(before) or _MONTH_NEXT.match(after)):
        return True
    if re.match(r"(?:st|nd|rd|th)\b|:\d\d|\s*(?:a\.?m|p\.?m)\b|[’']?s\b", after):
        return True
    second_day = re.search(r"\d{1,2}\s+(?:to|and|–|-)\s*$", before)
    return bool(
        second_day
        and _DATEISH.search(
            text[max(0, match.start() - 24) : match.start() - 12 + second_day.start()]
        )
    )


def _amount(text: str, match: re.Match[str], stop: int, known: list[Amount]) -> Amount | None:
    """Build an amount from a match, or None for an idiom ("one of")."""
    one, two = match.group("one"), match.group("two")
    first = parse_number(one)
    second = parse_number(two) if two else None
    end = match.end()
    if second is not None and not _is_range(match, first, second):
        second, end = None, match.end("one")
    half = _AND_HALF.match(text, end, stop) if second is None else None
    if half and first is not None and first < 100:
        first = (first + 0.5) * SCALES.get((half["scale"] or "").lower(), 1)
        end = half.end()
    unit, after = _unit(text, end, stop)
    money = match.group("money")
    if money:
        unit = _CURRENCY[money.upper()]
    if first is None or (_IDIOM.match(one) and unit == "count"):
        return None
    noun = _NOUN.match(text, after, stop) if unit in ("count", "t", "bbl", "%") else None
    of, end = _noun(noun, after) if noun else (None, after)
    other = text[max(0, match.start() - 6) : match.start()] == "other " and one.isalpha()
    if of is None and unit == "count" and (other or one.lower() == "one"):
        return None
    rate = re.compile(_PER, re.IGNORECASE).match(text, end, stop)
    low, high, value = _bounds(_bound(text, match, unit), first, _scaled(first, second, one, two))
    plus = _PLUS.match(text, match.end("one"), stop)
    vague = one.lower().split()[0] in VAGUE or one.lower().startswith("tens")
    if (
        vague
        and of is None
        and (by := _BY_THE.search(text, max(0, match.start() - 80), match.start()))
    ):
        of = by["np"]
    start = match.start()
    before = _HALF_OF_A.search(text, max(0, start - 40), start) if one[:2].lower() == "a " else None
    if before:  # "almost half a million"
        start = before.start()
        low, high, value = _bounds((before["bound"] or "").lower(), first / 2, (first / 2, None))
    return Amount(
        start=start,
        end=rate.end() if rate else end,
        low=value if (vague or plus) and value is not None else low,
        high=high,
        value=None if vague or plus else value,
        unit=unit,
        of=of,
        per=_per(rate),
        part_of=len(known) - 1
        if known and _PART.fullmatch(text, known[-1].end, match.start())
        else None,
        vague=vague or bool(re.match(_ABOUT, match.group("bound") or "", re.IGNORECASE)),
    )


def _per(rate: re.Match[str] | None) -> str | None:
    """Return the period of a rate."""
    if rate is None:
        return None
    word = (rate.group("per") or rate.group("perly")).lower()
    return {
        "daily": "day",
        "weekly": "week",
        "monthly": "month",
        "yearly": "year",
        "annually": "year",
        "a year": "year",
    }.get(word, word)


def _noun(match: re.Match[str], at: int) -> tuple[str | None, int]:
    """Return what is counted and where it ends; a verb that follows is cut off."""
    words = match.group("np").split(" ")
    kept: list[str] = []
    for word in words:
        bare = word.strip('“”"')
        if not bare or (
            kept and (bare.lower() in _VERBAL or (bare.islower() and bare.endswith("ed")))
        ):
            break
        kept.append(word)
        if bare.endswith("s") and not bare.endswith(("ss", "us")) and bare.islower():
            break
    phrase = " ".join(kept).rstrip()
    return (phrase or None), match.start("np") + len(phrase) if phrase else at


def _unit(text: str, at: int, stop: int) -> tuple[str, int]:
    """Return the unit after a number and where it ends."""
    for pattern, name in _UNITS.items():
        found = re.compile(rf"[\s-]*(?:{pattern})", re.IGNORECASE).match(text, at, stop)
        if found:
            return name, found.end()
    found = re.compile(r"\s*(?:US |U\.S\. )?([A-Za-z]+)").match(text, at, stop)
    if found and found.group(1).lower() in _CURRENCY:
        return _CURRENCY[found.group(1).lower()], found.end()
    return "count", at


def _is_range(match: re.Match[str], first: float | None, second: float | None) -> bool:
    """Say whether two numbers are the ends of a range."""
    if first is None or second is None:
        return False
    join = match.group("join").strip()
    return join != "and" or match.group("between") is not None


def _scaled(
    first: float | None, second: float | None, one: str, two: str | None
) -> tuple[float | None, float | None]:
    """Give "2 to 3 million" its scale at both ends."""
    if two and first is not None and second is not None:
        scale = re.search(rf"{SCALE}\b", two, re.IGNORECASE)
        if scale and not re.search(rf"{SCALE}\b", one, re.IGNORECASE) and first < 1000:
            first *= SCALES[scale.group().lower()]
    return first, second


_SPELLS = ("year", "month", "week", "day", "hour", "minute", "decade")


def _bound(text: str, match: re.Match[str], unit: str) -> str:
    """Return the word of a bound; "will pay it over 30 years" says how long, "for over" a bound."""
    word = (match.group("bound") or "").lower()
    before = text[: match.start()].rstrip().rsplit(" ", 1)[-1].lower()
    lasting = word == "over" and unit in _SPELLS and before not in ("for", "of", "after", "just")
    return "" if lasting else word


def _bounds(
    word: str, first: float, pair: tuple[float | None, float | None]
) -> tuple[float | None, float | None, float | None]:
    """Return (low, high, value)."""
    if pair[1] is not None:
        return pair[0], pair[1], None
    if re.fullmatch(_LOW, word):
        return first, None, None
    if re.fullmatch(_HIGH, word):
        return None, first, None
    return None, None, first
