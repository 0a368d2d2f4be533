"""What is given to be read: texts, files, and the files of folders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812
from pathlib import Path

from blocs.errors import BadInput
from blocs.evidence.articles import MAX_CHARS, Article, open_article

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
_ENDINGS = (".txt", ".html", ".htm", ".text", ".md")


@dataclass(frozen=True, slots=True)
class Given:
    """One article to be read.

    Attributes
    ----------
    source : str, bytes or Path
        The text itself, or its file.
    found : bool
        Whether it was found in a folder: a bad one among them is set aside, where a file that
        was named is an error.
    """

    source: str | bytes | Path
    found: bool = False

    @property
    def size(self) -> int:
        """How much of it is read: bytes of the file or text, no more than the longest text read."""
        if not isinstance(self.source, Path):
            return min(len(self.source), MAX_CHARS)
        return min(self.source.stat().st_size, MAX_CHARS) if self.source.is_file() else 0

    def article(self, date: Date | None) -> Article:
        """Open it; without a date, take the day from the file's name (``2024-11-05-title.txt``)."""
        return _dated(open_article(self.source, date=date), self.source)


def list_given(sources: Iterable[str | bytes | Path]) -> Iterator[Given]:
    """List texts, files and the files of folders, in the order given.

    Raises
    ------
    BadInput
        A folder without articles.
    """
    for source in sources:
        if isinstance(source, bytes) or (isinstance(source, str) and not _names_file(source)):
            yield Given(source)
            continue
        path = Path(source)
        if not path.is_dir():
            yield Given(path)
            continue
        inside = sorted(p for p in path.iterdir() if p.suffix.lower() in _ENDINGS and p.is_file())
        if not inside:
            raise BadInput(
                f"{path} holds no article; files ending in {', '.join(_ENDINGS)} are read"
            )
        yield from (Given(one, found=True) for one in inside)


def _dated(article: Article, source: str | bytes | Path) -> Article:
    found = _DAY.match(source.name) if isinstance(source, Path) else None
    if article.date is not None or found is None:
        return article
    try:
        return replace(article, date=Date.fromisoformat(found[0]), date_from="inferred")
    except ValueError:
        return article


def _names_file(text: str) -> bool:
    """Say whether a string is the name of a file rather than a text."""
    if not text or len(text) > 1000 or "\n" in text or "\0" in text:
        return False
    try:
        return Path(text).exists() or (" " not in text and text.lower().endswith(_ENDINGS))
    except (OSError, ValueError):
        return False
