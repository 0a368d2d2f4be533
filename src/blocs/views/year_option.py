"""A year that stands among the words of a command: which option of the command takes it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

_GIVEN: Final = re.compile(r"(\d{4})(?:-\d\d?-\d\d?|(?:[-–/:]|\.\.)(\d{4}|\d{2}))?")


def year_option(words: Sequence[str], options: Collection[str]) -> str:
    """Write the first year, day or run of years among the words as an option takes it.

    Parameters
    ----------
    words : sequence of str
        What stands by place: states, a name, and perhaps ``1950``, ``2022-24`` or ``2022-02-24``.
    options : collection of str
        Names of the command's parameters.

    Returns
    -------
    str
        Empty if no word is a year, or no option takes one.

    Examples
    --------
    >>> year_option(["Germany", "1950"], ["system", "at"])
    '--at 1950'
    >>> year_option(["CHN", "RUS", "2022-24"], ["from_", "to"])
    '--from 2022 --to 2024'
    """
    given = " ".join(words).split()
    found = next((found for word in given if (found := _GIVEN.fullmatch(word))), None)
    if found is None:
        return ""
    first, end = int(found[1]), found[2] or found[1]
    last = int(end if len(end) == 4 else found[1][:2] + end)
    several = last > first
    if {"from_", "to"} <= set(options) and (several or "at" not in options):
        return f"--from {first} --to {max(first, last)}"
    if "years" in options:
        return f"--years {first}-{last}" if several else f"--years {first}"
    one = next((name for name in ("at", "before") if name in options), "")
    return f"--{one} {first if several else found[0]}" if one else ""
