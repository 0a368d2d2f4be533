"""Texts, lists and names as SQL writes them."""

from __future__ import annotations

from collections.abc import Iterable


def quoted(text: object) -> str:
    """Return a text in single quotes."""
    return "'" + str(text).replace("'", "''") + "'"


def listed(texts: Iterable[object]) -> str:
    """Return a list of texts.

    Examples
    --------
    >>> listed(["USA", "Côte d'Ivoire"])
    "['USA', 'Côte d''Ivoire']"
    """
    return f"[{', '.join(map(quoted, texts))}]"


def named(column: str) -> str:
    """Return the name of a column in double quotes."""
    return '"' + column.replace('"', '""') + '"'
