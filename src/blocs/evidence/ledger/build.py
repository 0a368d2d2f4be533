"""The ledger of many articles: facts, rungs, red lines, firsts, corrections, in one record."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date as Date  # noqa: N812
from pathlib import Path
from typing import ClassVar, TypeVar

import msgspec

from blocs.errors import BadInput, UnknownName
from blocs.evidence.corroborate import Fact, corroborate
from blocs.evidence.ledger.copies import find_copies, wire_of
from blocs.evidence.ledger.corrections import (
    Correction,
    Json,
    Reviewed,
    anchor,
    apply_corrections,
    kept_corrections,
)
from blocs.evidence.ledger.credence import RULE
from blocs.evidence.ledger.firsts import First, find_firsts
from blocs.evidence.ledger.red_lines import RedLine, find_red_lines, with_facts
from blocs.evidence.ledger.scores import Score, score
from blocs.evidence.ledger.support import SupportRow, find_support
from blocs.evidence.ledger.tables import keep, kept, readers
from blocs.evidence.reading.items import Item
from blocs.evidence.readings import ArticleRecord, Readings
from blocs.registry import nearest
from blocs.shown import Shown

READER = "blocs"
_Row = TypeVar("_Row", SupportRow, RedLine)


class LedgerArticle(msgspec.Struct, frozen=True, kw_only=True):
    """One article of a ledger.

    Attributes
    ----------
    sha256, name, title, date, date_from
        See :class:`blocs.evidence.readings.ArticleRecord`.
    reader : str
        Who read it.
    items : int
        How many items were found.
    copy_of : str or None
        The article whose words it repeats: no independent source.
    wire : str or None
        The news agency whose mark it bears.
    notes : tuple of str
        What a reader must know.
    """

    sha256: str
    name: str | None
    title: str | None
    date: str | None
    date_from: str | None
    reader: str
    items: int
    copy_of: str | None
    wire: str | None
    notes: tuple[str, ...]


class Ledger(Shown, frozen=True, kw_only=True):
    """Answer of ``ledger``: what many articles say, each row with the words it rests on.

    Attributes
    ----------
    articles : tuple of LedgerArticle
        By day and sha256.
    facts : tuple of Fact
        Merged; conflicts, chains, sources and credence inside.
    support : tuple of SupportRow
        Rungs of the ladder.
    red_lines : tuple of RedLine
        With what approaches and crosses them.
    firsts : tuple of First
        "Has this been done before?", with the record it rests on.
    verdicts : dict of str to str
        Item id to an analyst's verdict.
    scores : tuple of Score
        The machine's precision on reviewed items.
    credence_rule : str
        How credence is reckoned.
    """

    shown_by: ClassVar[str] = "ledger"

    schema: str = "blocs.ledger/1"
    project: str | None
    articles: tuple[LedgerArticle, ...]
    facts: tuple[Fact, ...]
    support: tuple[SupportRow, ...]
    red_lines: tuple[RedLine, ...]
    firsts: tuple[First, ...]
    verdicts: dict[str, str]
    scores: tuple[Score, ...]
    credence_rule: str = RULE


def build_ledger(
    read: Readings,
    *,
    corrections: Sequence[Correction] = (),
    read_by: Mapping[str, str] | None = None,
    project: str | None = None,
) -> Ledger:
    """Merge what articles say into a ledger.

    Parameters
    ----------
    read : Readings
        Articles and items of any reader.
    corrections : sequence of Correction
        What an analyst decided.
    read_by : mapping of str to str, optional
        Who read each article.
    project : str, optional
        The project folder it was kept in.

    Returns
    -------
    Ledger
        The same articles, items and corrections give the same ledger, in any order.

    Examples
    --------
    >>> from blocs.evidence.readings import Readings
    >>> build_ledger(Readings(articles=(), items=())).facts
    ()
    """
    articles = sorted(read.articles, key=lambda a: (a.date or "9", a.sha256))
    reviewed = apply_corrections(read.items, corrections)
    days = {a.sha256: Date.fromisoformat(a.date) for a in articles if a.date}
    texts = {a.sha256: a.text for a in articles}
    copies = find_copies(texts, [a.sha256 for a in articles])
    wires = {a.sha256: wire for a in articles if (wire := wire_of(a.text))}
    facts = corroborate(reviewed.items, published=days, texts=texts, copies=copies, wires=wires)
    support, lines = _rows(articles, reviewed, days)
    found = Counter(item.article for item in read.items)
    rows = [*map(row_item, support), *map(row_item, lines)]
    by_row = anchor(rows, [c for c in corrections if c.kind.startswith(("support", "red line"))])
    support, lines = _judged(support, by_row), _judged(lines, by_row)
    ladder = tuple((c, next(r for r in rows if r.id == id_)) for id_, c in by_row.items())
    verdicts = reviewed.verdicts | {id_: c.verdict for id_, c in by_row.items()}
    return Ledger(
        project=project,
        articles=tuple(
            _article(a, found[a.sha256], read_by or {}, copies, wires) for a in articles
        ),
        facts=tuple(facts),
        support=tuple(support),
        red_lines=tuple(with_facts(lines, support)),
        firsts=tuple(find_firsts([s for s in support if s.article not in copies])),
        verdicts=dict(sorted(verdicts.items())),
        scores=score(replace(reviewed, found=(*reviewed.found, *ladder))),
    )


def open_ledger(
    read: Readings | None = None,
    *,
    project: Path | None = None,
    watch: Callable[[int, int | None], None] | None = None,
) -> Ledger:
    """Open a project's ledger, with new articles kept in it first.

    Parameters
    ----------
    read : Readings, optional
        New articles and their items.
    project : Path, optional
        Project folder; None keeps nothing and merges `read` alone.
    watch : callable, optional
        Told how far it is.
    """
    if project is None:
        given = read or Readings(articles=(), items=())
        return build_ledger(given, read_by={a.sha256: given.reader for a in given.articles})
    if read is not None:
        keep(project, read, reader=read.reader)
    if watch is not None:
        watch(1, 2)
    return build_ledger(
        kept(project),
        corrections=kept_corrections(project),
        read_by=readers(project),
        project=str(project),
    )


def reviewable(ledger: Ledger, items: Sequence[Item]) -> list[Item]:
    """Return the items that no analyst has judged, by article and place."""
    return [i for i in items if i.id not in ledger.verdicts]


def row_item(row: SupportRow | RedLine) -> Item:
    """Return a row of the ladder or a red line as an item, so that it can be judged like one."""
    kind = row.key[1]
    return Item(
        id=row.id,
        article=row.article,
        kind=kind,  # type: ignore[arg-type]
        start=row.span_start,
        end=row.span_end,
        quote=row.quote,
        statement=row.quote,
    )


def _rows(
    articles: Sequence[ArticleRecord],
    reviewed: Reviewed,
    days: Mapping[str, Date],
) -> tuple[list[SupportRow], list[RedLine]]:
    """Fill the ladder and the red lines."""
    support: list[SupportRow] = []
    lines: list[RedLine] = []
    by_article: defaultdict[str, list[Item]] = defaultdict(list)
    for item in reviewed.items:
        by_article[item.article].append(item)
    for a in articles:
        mine = by_article[a.sha256]
        day = days.get(a.sha256)
        support += find_support(a.sha256, a.text, mine, day=day)
        lines += find_red_lines(a.sha256, a.text, mine, day=day)
    return support, lines


def _judged(rows: Sequence[_Row], by_row: Mapping[str, Correction]) -> list[_Row]:
    """Leave rejected rows out and change corrected ones."""
    out = []
    for row in rows:
        decision = by_row.get(row.id)
        if decision is None or decision.verdict == "accept":
            out.append(row)
        elif decision.verdict == "correct":
            out.append(changed_row(row, decision.fields))
    return out


def changed_row(row: _Row, fields: Mapping[str, Json]) -> _Row:
    """Return a row of the ladder or a red line with other values.

    Raises
    ------
    UnknownName, BadInput
        A field that it does not have, or a value that does not fit.
    """
    names = [f.name for f in msgspec.structs.fields(row)]
    for name in fields:
        if name not in names:
            raise UnknownName("field", name, nearest(name, names), "Write field=value.")
    try:
        return msgspec.convert(msgspec.to_builtins(row) | dict(fields), type(row))
    except msgspec.ValidationError as error:
        raise BadInput(f"row {row.id}: {error}") from None


def _article(
    a: ArticleRecord,
    items: int,
    read_by: Mapping[str, str],
    copies: Mapping[str, str],
    wires: Mapping[str, str],
) -> LedgerArticle:
    return LedgerArticle(
        sha256=a.sha256,
        name=a.name,
        title=a.title,
        date=a.date,
        date_from=a.date_from,
        reader=read_by.get(a.sha256, READER),
        items=items,
        copy_of=copies.get(a.sha256),
        wire=wires.get(a.sha256),
        notes=a.notes,
    )
