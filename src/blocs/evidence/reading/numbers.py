"""Numbers in digits and words: "2.5 million", "hundreds of thousands", "twenty-two"."""

from __future__ import annotations

import re

SMALL = {
    name: n
    for n, name in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    name: 10 * (n + 2)
    for n, name in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    )
}
SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "mln": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
    "dozen": 12.0,
    "k": 1e3,
}
VAGUE = {"dozens": 24.0, "hundreds": 200.0, "thousands": 2000.0, "millions": 2e6, "billions": 2e9}
_WORDS = "|".join([*SMALL, *_TENS])
_SPELLED = rf"(?:(?:{_WORDS})(?:[-\s](?:{_WORDS}))?|an?)"
_DIGITS = r"\d{1,3}(?:[,\u202f\u00a0]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
SCALE = r"(?:hundred|thousand|million|billion|trillion|dozen|mln|bn)"
NUMBER = (
    rf"(?:(?:{_DIGITS})(?:[\s-]?(?:{SCALE}|m|k)\b(?:[\s-]{SCALE}\b)?)?"
    rf"|{_SPELLED}(?:[\s-]{SCALE}\b)+|(?:{_WORDS})(?:[-\s](?:{_WORDS}))?\b"
    r"|(?:tens|hundreds|dozens|thousands|millions|billions)(?:\s+of\s+(?:thousands|millions|billions))?\b)"
)


def parse_number(text: str) -> float | None:
    """Return the value of a number in digits or words; None if it is none.

    Examples
    --------
    >>> parse_number("2.5 million"), parse_number("hundreds of thousands")
    (2500000.0, 200000.0)
    """
    low = re.sub(r"[,\u202f\u00a0]", "", text.lower().strip())
    vague = re.match(r"(tens|dozens|hundreds|thousands|millions|billions)(?:\s+of\s+(\w+))?$", low)
    if vague:
        base = {"tens": 20.0}.get(vague[1], VAGUE.get(vague[1], 0.0))
        return base * SCALES[vague[2].rstrip("s")] if vague[2] else base
    digits = re.match(r"\d+(?:\.\d+)?", low)
    rest = re.split(r"[\s-]+", low[digits.end() :].strip(" -") if digits else low)
    total = float(digits.group()) if digits and len(digits.group()) < 300 else 0.0
    for word in filter(None, rest):
        if word in SMALL or word in _TENS:
            total += SMALL.get(word, _TENS.get(word, 0))
        elif word in ("a", "an"):
            total += 1
        elif word in SCALES:
            total = (total or 1) * SCALES[word]
        else:
            return None
    return total
