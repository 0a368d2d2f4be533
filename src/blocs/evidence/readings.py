"""Articles read: what they are, what they say, and nothing that they do not say."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date as Date  # noqa: N812
from functools import partial
from pathlib import Path
from typing import ClassVar, Literal

import msgspec

from blocs import __version__, files
from blocs.dates import Partial
from blocs.errors import BadFile, BadInput, BlocsError, EndpointError, UnknownName
from blocs.evidence import kept
from blocs.evidence.articles import Article
from blocs.evidence.given import Given, list_given
from blocs.evidence.reading.endpoint import Endpoint, Unanswered, Usage
from blocs.evidence.reading.items import Item
from blocs.evidence.reading.llm import LlmReader, Rejection
from blocs.evidence.reading.petrarch import Dictionaries
from blocs.evidence.reading.repairs import Repair
from blocs.registry import nearest
from blocs.shown import Shown

_ENOUGH = 300_000  # characters that are worth several processes
_LONG = 50_000  # characters from which it is told how far the work is


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch ``[start, end)`` of the text and the original bytes it came from."""

    start: int
    end: int
    byte_start: int
    byte_end: int


class ArticleRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One article as it was read; see :class:`blocs.evidence.articles.Article`.

    ``text`` is the canonical text that all offsets count; ``stretches`` is its map to the
    bytes of the file (HTML only: plain text is its own map).
    """

    sha256: str
    name: str | None
    kind: Literal["text", "html"]
    encoding: str
    date: str | None
    date_from: Literal["given", "inferred"] | None
    title: str | None
    sentences: int
    notes: tuple[str, ...]
    repairs: tuple[Repair, ...]
    text: str
    stretches: tuple[Stretch, ...]


class SetAside(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a folder that could not be read, and why."""

    file: str
    reason: str


class Readings(Shown, frozen=True, kw_only=True):
    """Answer of ``read``: articles in the order given, items by article and place.

    Attributes
    ----------
    articles : tuple of ArticleRecord
        Each article once, even if given twice.
    items : tuple of Item
        ``text[item.start:item.end] == item.quote`` in the article ``item.article``.
    reader : str
        ``blocs``, or ``llm`` and the model's name.
    rejected : tuple of Rejection
        What a language model answered that does not stand in the articles.
    unread : tuple of str
        Stretches that a language model gave no answer for.
    usage : Usage or None
        What asking a language model has cost.
    set_aside : tuple of SetAside
        Files of folders that could not be read.
    """

    shown_by: ClassVar[str] = "read"

    schema: str = "blocs.read/1"
    articles: tuple[ArticleRecord, ...]
    items: tuple[Item, ...]
    reader: str = "blocs"
    rejected: tuple[Rejection, ...] = ()
    unread: tuple[str, ...] = ()
    usage: Usage | None = None
    set_aside: tuple[SetAside, ...] = ()

    def __iter__(self) -> Iterator[Item]:
        """Go through the items."""
        return iter(self.items)

    def __len__(self) -> int:
        """Count the items."""
        return len(self.items)


def read(
    *sources: str | bytes | Path,
    date: str | Date | None = None,
    model: str = "",
    dictionaries: Dictionaries | None = None,
    reader: Literal["blocs", "llm"] | LlmReader = "blocs",
    endpoint: str = "",
    workers: int = 1,
    keep: Path | None = None,
    watch: Callable[[int, int | None], None] | None = None,
) -> Readings:
    """Read articles into items: who says what of whom, events, quantities, forecasts.

    Parameters
    ----------
    sources : str, bytes or Path
        Files, folders of ``.txt`` and ``.html`` files, or the text itself: a string that names
        a file is that file, any other is the text.
    date : str or datetime.date, optional
        Day of publication (of all of them): office holders, relative dates and horizons need it.
        Without it a page's own mark is used, and flagged.
    model : str
        A spaCy model of your own by name or path; empty for the embedded pipeline. With
        ``reader="llm"``: the model's name at the endpoint.
    dictionaries : Dictionaries, optional
        Actors, agents and verbs in PETRARCH format
        (:func:`blocs.evidence.reading.petrarch.open_dictionaries`).
    reader : {"blocs", "llm"} or LlmReader
        The embedded reader, or a language model at an OpenAI-compatible endpoint; its key is
        taken from the environment (``BLOCS_LLM_KEY``) alone.
    endpoint : str
        Address of the language model, for example ``http://localhost:8000/v1``.
    workers : int
        Processes that share the work where there is enough of it (from about 300,000
        characters); the answer is the same. Under ``joblib.parallel_config`` they are
        those of the cluster it names.
    keep : Path, optional
        Folder that keeps what is read of each file of a folder until all are read: a run that
        was interrupted goes on. Nothing is kept with dictionaries or a model of your own.
    watch : callable, optional
        ``watch(done, total)``, in bytes, is told how far it is.

    Returns
    -------
    Readings
        The same input gives the same answer, byte for byte (a language model may differ).

    Raises
    ------
    BadInput, BadFile
        Nothing to read, a date that is none, a file that is not text (one that was found in a
        folder is set aside instead, unless all are).
    MissingExtra
        spaCy, or httpx for a language model, is not installed.
    EndpointError
        The language model refuses or answers nothing at all.

    Examples
    --------
    >>> found = read("Seoul said that Pyongyang sent up to 12,000 soldiers.", date="2024-11-01")
    >>> [(i.kind, i.quote) for i in found if i.quantity]
    [('quantity', 'up to 12,000 soldiers')]
    """
    llm = _llm(reader, endpoint, model)
    day = _day(date)
    given = list(list_given(sources))
    if not given:
        raise BadInput("nothing to read: give files, a folder or a text")
    if llm is not None:
        return _asked(llm, given, day, watch)
    read_one = _Reader(
        day, model, dictionaries, None if model or dictionaries is not None else keep
    )
    return _read_all(read_one, given, workers, watch)


def _read_all(
    read_one: _Reader,
    given: Sequence[Given],
    workers: int,
    watch: Callable[[int, int | None], None] | None,
) -> Readings:
    """Read with the embedded reader, on several processes where it is worth it."""
    total, done = sum(one.size for one in given), 0
    told = watch if watch is not None and total >= _LONG else None
    shared = min(workers, len(given)) if total >= _ENOUGH else 1
    work: Callable[[Given], _Reading] = read_one
    if shared < 2 and told is not None:
        work = partial(read_one, watch=lambda at: told(min(done + at, total), total))
    found: dict[str, _Reading] = {}
    aside = []
    for one, reading in zip(given, kept.each(work, given, workers=shared), strict=True):
        if reading.article is None:
            aside.append(SetAside(file=one.name, reason=reading.reason))
        else:
            found.setdefault(reading.article.sha256, reading)
        done += one.size
        if told is not None and done < total:
            told(done, total)
    if not found:
        raise _all_bad(aside)
    read_one.forget(given)
    return Readings(
        articles=tuple(r.article for r in found.values() if r.article is not None),
        items=tuple(item for r in found.values() for item in r.items),
        set_aside=tuple(aside),
    )


def _all_bad(aside: Sequence[SetAside]) -> BadFile:
    return BadFile(f"none of {len(aside)} files can be read; {aside[0].reason}")


def _asked(
    llm: LlmReader,
    given: Sequence[Given],
    day: Date | None,
    watch: Callable[[int, int | None], None] | None,
) -> Readings:
    """Read with a language model; one of several that it fails on is left aside aloud."""
    found, aside = _opened(given, day)
    items: list[Item] = []
    total, done = sum(len(a.text) for a in found.values()), 0
    for article in found.values():
        try:
            items += llm(article)
        except Unanswered:
            if len(found) == 1:
                raise
        done += len(article.text)
        if watch is not None and total >= _LONG and done < total:
            watch(done, total)
    if len(llm.unread) == len(found) and not items and not llm.rejected:
        raise EndpointError(f"no article could be read; {llm.unread[0]}")
    return Readings(
        articles=tuple(map(record, found.values())),
        items=tuple(items),
        reader=llm.name,
        rejected=tuple(llm.rejected),
        unread=tuple(llm.unread),
        usage=llm.endpoint.usage,
        set_aside=tuple(aside),
    )


def _opened(given: Iterable[Given], day: Date | None) -> tuple[dict[str, Article], list[SetAside]]:
    """Open articles, each once; a bad one that was found in a folder is set aside."""
    found: dict[str, Article] = {}
    aside = []
    for one in given:
        try:
            article = one.article(day)
        except BadInput as error:
            if not one.found:
                raise
            aside.append(SetAside(file=one.name, reason=str(error)))
        else:
            found.setdefault(article.sha256, article)
    if not found:
        raise _all_bad(aside)
    return found, aside


def _llm(reader: str | LlmReader, endpoint: str, model: str) -> LlmReader | None:
    """Return the language model to ask, if any."""
    if isinstance(reader, LlmReader):
        return reader
    if reader == "llm":
        if not endpoint:
            raise BadInput("the LLM reader needs an address: --endpoint http://localhost:8000/v1")
        return LlmReader(Endpoint(url=endpoint, model=model))
    if reader != "blocs":
        raise UnknownName("reader", reader, nearest(reader, ["blocs", "llm"]), "Use blocs or llm.")
    if endpoint:
        raise BadInput("an endpoint is asked by the LLM reader only: --reader llm")
    return None


class _Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What one file says, or why it could not be read."""

    article: ArticleRecord | None = None
    items: tuple[Item, ...] = ()
    reason: str = ""


class _Reader:
    """Reads one article, wherever it is sent to be read."""

    def __init__(
        self,
        day: Date | None,
        model: str,
        dictionaries: Dictionaries | None,
        folder: Path | None,
    ) -> None:
        self.day = day
        self.model = model
        self.dictionaries = dictionaries
        self.folder = folder

    def __call__(self, one: Given, watch: Callable[[int], None] | None = None) -> _Reading:
        if not one.found:
            return self._read(one, watch)
        try:
            place = self._place(one)
            if place is None:
                return self._read(one, watch)
            return kept.keep(place, _Reading, partial(self._read, one, watch))
        except BadInput as error:
            return _Reading(reason=str(error))
        except (BlocsError, MemoryError):
            raise
        except Exception as error:  # one file of 100,000 must not end the reading of the others
            what = f"{type(error).__name__}: {error}"
            return _Reading(reason=f"{one.source!s}: the reader failed on it ({what}); report it")

    def _read(self, one: Given, watch: Callable[[int], None] | None) -> _Reading:
        from blocs.evidence.claims import read_article

        article = one.article(self.day)
        items = read_article(article, model=self.model, dictionaries=self.dictionaries, watch=watch)
        return _Reading(article=record(article), items=tuple(items))

    def _place(self, one: Given) -> Path | None:
        """Where the reading of a file is kept: named by all that it follows from."""
        if self.folder is None or one.reason or not isinstance(one.source, Path):
            return None
        told = f"{__version__} {self.day} {one.source.name} {files.sha256(one.source)}"
        return self.folder / f"{hashlib.sha256(told.encode()).hexdigest()[:32]}.json"

    def forget(self, given: Iterable[Given]) -> None:
        """Remove what was kept: all is read."""
        if self.folder is not None and self.folder.is_dir():
            kept.forget(filter(None, map(self._left_at, (one for one in given if one.found))))

    def _left_at(self, one: Given) -> Path | None:
        with suppress(BadInput):  # a file that cannot be read, or is gone, has left nothing
            return self._place(one)
        return None


def open_articles(
    sources: Iterable[str | bytes | Path], *, date: Date | None = None
) -> Iterator[Article]:
    """Open files, the files of folders (bad ones left aside), and texts, in the order given.

    Raises
    ------
    BadInput, BadFile
        See :func:`blocs.evidence.articles.open_article`; a folder without articles.
    """
    yield from _opened(list_given(sources), date)[0].values()


def record(article: Article) -> ArticleRecord:
    """Return what is told of an article beside its items."""
    return ArticleRecord(
        sha256=article.sha256,
        name=article.name,
        kind=article.kind,
        encoding=article.encoding,
        date=article.date.isoformat() if article.date else None,
        date_from=article.date_from,
        title=article.title,
        sentences=len(article.sentences),
        notes=article.notes,
        repairs=article.repairs,
        text=article.text,
        stretches=tuple(
            Stretch(
                start=s.start,
                end=s.start + len(s.sizes),
                byte_start=s.byte_start,
                byte_end=s.byte_start + sum(s.sizes),
            )
            for s in article.segments
        ),
    )


def _day(date: str | Date | None) -> Date | None:
    """Return a full day; a month or a year is not enough to count "last Monday" from."""
    if date is None or isinstance(date, Date):
        return date
    told = Partial.parse(date)
    if told.precision != "day":
        raise BadInput(f"date {date!r}: a whole day is needed, as in 2024-11-05")
    return told.first
