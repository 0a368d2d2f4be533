"""Word lists written as plain text."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set.

    Examples
    --------
    >>> sorted(words("army navy"))
    ['army', 'navy']
    """
    return frozenset(text.split())
