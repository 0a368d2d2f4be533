"""What is given to be read: texts, files, and the files of folders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812
from pathlib import Path

from blocs.errors import BadFile, BadInput
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
    reason : str
        Why it cannot be read, where that is known before it is opened.
    """

    source: str | bytes | Path
    found: bool = False
    reason: str = ""

    @property
    def name(self) -> str:
        """Its file, as text."""
        return shown(Path(str(self.source)))

    @property
    def size(self) -> int:
        """How much of it is read: bytes of the file or text, no more than the longest text read."""
        if not isinstance(self.source, Path):
            return min(len(self.source), MAX_CHARS)
        return min(self.source.stat().st_size, MAX_CHARS) if self.source.is_file() else 0

    def article(self, date: Date | None) -> Article:
        """Open it; without a date, take the day from the file's name (``2024-11-05-title.txt``).

        Raises
        ------
        BadInput, BadFile
            It is no text that can be read.
        """
        if self.reason:
            raise BadFile(self.reason)
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
        inside = list(_inside(path))
        if not any(isinstance(one.source, Path) for one in inside):
            raise BadInput(
                f"{path} holds no article; files ending in {', '.join(_ENDINGS)} are read"
            )
        yield from inside


def _inside(folder: Path) -> Iterator[Given]:
    """List the articles of a folder, and what in it is not read."""
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise BadInput(f"{folder}: cannot be read ({error.strerror})") from None
    others = []
    for path in paths:
        if path.suffix.lower() not in _ENDINGS or path.is_dir():
            others.append(path)
        else:
            yield Given(path, found=True, reason=_flaw(path))
    if others:
        yield Given(str(folder), found=True, reason=_left(folder, others))


def _flaw(path: Path) -> str:
    """Say why a file of a folder cannot even be opened; nothing if it can."""
    if not path.is_file():
        what = "a link that leads nowhere" if path.is_symlink() else "no file"
        return f"{shown(path)}: {what}"
    return "" if shown(path) == str(path) else f"{shown(path)}: its name is not UTF-8; rename it"


def _left(folder: Path, others: Sequence[Path]) -> str:
    names = ", ".join(shown(Path(path.name)) for path in others[:3])
    more = ", ..." if len(others) > 3 else ""
    return (
        f"{shown(folder)}: {len(others)} inside are folders or have another ending than "
        f"{', '.join(_ENDINGS)} ({names}{more}); give them by name to read them"
    )


def shown(path: Path) -> str:
    """Return a path as text, also where its name is none."""
    return str(path).encode(errors="backslashreplace").decode()


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
