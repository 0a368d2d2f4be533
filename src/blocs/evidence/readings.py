"""Articles read: what they are, what they say, and nothing that they do not say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date as Date  # noqa: N812
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec

from blocs.dates import Partial
from blocs.errors import BadInput, EndpointError, UnknownName
from blocs.evidence.articles import Article, open_article
from blocs.evidence.reading.endpoint import Endpoint, Unanswered, Usage
from blocs.evidence.reading.items import Item
from blocs.evidence.reading.llm import LlmReader, Rejection
from blocs.evidence.reading.petrarch import Dictionaries
from blocs.evidence.reading.repairs import Repair
from blocs.registry import nearest

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
_ENOUGH = 300_000  # characters that are worth several processes
_LONG = 50_000  # characters from which it is told how far the work is
_ENDINGS = (".txt", ".html", ".htm", ".text", ".md")


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


class Readings(msgspec.Struct, frozen=True, kw_only=True):
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
    """

    schema: str = "blocs.read/1"
    articles: tuple[ArticleRecord, ...]
    items: tuple[Item, ...]
    reader: str = "blocs"
    rejected: tuple[Rejection, ...] = ()
    unread: tuple[str, ...] = ()
    usage: Usage | None = None

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
        characters); the answer is the same.
    watch : callable, optional
        ``watch(done, total)``, in bytes, is told how far it is.

    Returns
    -------
    Readings
        The same input gives the same answer, byte for byte (a language model may differ).

    Raises
    ------
    BadInput, BadFile
        Nothing to read, a date that is none, a file that is not text.
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
    found = {a.sha256: a for a in open_articles(sources, date=day)}
    if not found:
        raise BadInput("nothing to read: give files, a folder or a text")
    items: list[Item] = []
    total, done = sum(len(a.text) for a in found.values()), 0
    each = partial(_items, llm=llm, model=model, dictionaries=dictionaries, several=len(found) > 1)
    shared = llm is None and total >= _ENOUGH
    with _pool(min(workers, len(found)) if shared else 1) as pool:
        here = (
            each
            if watch is None or total < _LONG
            else partial(each, watch=lambda at: watch(done + at, total))
        )
        told = map(here, found.values()) if pool is None else pool.map(each, found.values())
        for article, some in zip(found.values(), told, strict=True):
            items += some
            done += len(article.text)
            if watch is not None and total >= _LONG and done < total:
                watch(done, total)
    records = tuple(map(record, found.values()))
    if llm is None:
        return Readings(articles=records, items=tuple(items))
    if len(llm.unread) == len(found) and not items and not llm.rejected:
        raise EndpointError(f"no article could be read; {llm.unread[0]}")
    return Readings(
        articles=records,
        items=tuple(items),
        reader=llm.name,
        rejected=tuple(llm.rejected),
        unread=tuple(llm.unread),
        usage=llm.endpoint.usage,
    )


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


def _items(
    article: Article,
    *,
    llm: LlmReader | None,
    model: str,
    dictionaries: Dictionaries | None,
    several: bool,
    watch: Callable[[int], None] | None = None,
) -> list[Item]:
    """Read one article; one of several that a language model fails on is left aside aloud."""
    if llm is None:
        from blocs.evidence.claims import read_article

        return read_article(article, model=model, dictionaries=dictionaries, watch=watch)
    try:
        return llm(article)
    except Unanswered:
        if not several:
            raise
        return []


@contextmanager
def _pool(workers: int) -> Iterator[Executor | None]:
    """Open processes that start afresh, or none for one worker."""
    if workers < 2:
        yield None
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    context = get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_on_one_thread) as pool:
        yield pool


def _on_one_thread() -> None:
    """Keep the matrix products of a process on one thread: its siblings use the others."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)


def open_articles(
    sources: Iterable[str | bytes | Path], *, date: Date | None = None
) -> Iterator[Article]:
    """Open files, the files of folders, and texts, in the order given.

    Raises
    ------
    BadInput, BadFile
        See :func:`blocs.evidence.articles.open_article`; a folder without articles.
    """
    for source in sources:
        for one in _files(source):
            yield _dated(open_article(one, date=date), one)


def _dated(article: Article, source: str | bytes | Path) -> Article:
    """Take the day from a file's name (``2024-11-05-title.txt``) where nothing else gives it."""
    found = _DAY.match(source.name) if isinstance(source, Path) else None
    if article.date is not None or found is None:
        return article
    try:
        return replace(article, date=Date.fromisoformat(found[0]), date_from="inferred")
    except ValueError:
        return article


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


def _files(source: str | bytes | Path) -> Sequence[str | bytes | Path]:
    """Return a text as it is, a file as a path, a folder as the articles in it."""
    if isinstance(source, bytes) or (isinstance(source, str) and not _names_file(source)):
        return (source,)
    path = Path(source)
    if not path.is_dir():
        return (path,)
    inside = sorted(p for p in path.iterdir() if p.suffix.lower() in _ENDINGS and p.is_file())
    if not inside:
        raise BadInput(f"{path} holds no article; files ending in {', '.join(_ENDINGS)} are read")
    return inside


def _names_file(text: str) -> bool:
    """Say whether a string is the name of a file rather than a text."""
    if not text or len(text) > 1000 or "\n" in text or "\0" in text:
        return False
    try:
        return Path(text).exists() or (" " not in text and text.lower().endswith(_ENDINGS))
    except (OSError, ValueError):
        return False
