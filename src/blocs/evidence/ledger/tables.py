"""Articles and their items as tables of a project, and back, without loss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from datetime import date as Date  # noqa: N812
from pathlib import Path
from typing import Final

import msgspec
import polars as pl

from blocs import project as projects
from blocs.errors import UnknownName
from blocs.evidence.reading.items import Event, Horizon, Item, Quantity, Speaker, When
from blocs.evidence.reading.repairs import Repair
from blocs.evidence.readings import ArticleRecord, Readings, Stretch
from blocs.registry import nearest
from blocs.runs import run_of
from blocs.schemas import (
    Articles,
    Claims,
    ClaimSpeakers,
    Corrections,
    Schema,
    dtypes,
    empty,
    together,
)

TABLES: Final[Mapping[str, type[Schema]]] = {
    "articles": Articles,
    "claims": Claims,
    "claim_speakers": ClaimSpeakers,
    "corrections": Corrections,
}
_EVENT: Final = ("plover", "mode", "cameo")
_AMOUNT: Final = ("low", "high", "value", "unit", "of", "per", "part_of")
_WHEN: Final = {"start": "start", "end": "end", "precision": "precision", "text": "when"}
_HORIZON: Final = {
    "low": "horizon_low",
    "high": "horizon_high",
    "unit": "horizon_unit",
    "from_": "horizon_from",
}
_SAME: Final = ("kind", "quote", "statement", "subject", "object", "certainty", "hedges", "sign")


def claims_of(items: Iterable[Item]) -> pl.DataFrame:
    """Lay items out as table `schemas.Claims`, sorted by article, place and id."""
    ordered = sorted(items, key=lambda i: (i.article, i.start, i.end, i.kind, i.id))
    frame = pl.DataFrame([_claim(i) for i in ordered], schema=dtypes(Claims))
    return Claims.validate(frame)


def speakers_of(items: Iterable[Item]) -> pl.DataFrame:
    """Lay the speakers of items out as table `schemas.ClaimSpeakers`."""
    rows = [
        {
            "claim_id": item.id,
            "place": place,
            "role": s.role,
            "actor": s.actor,
            "text": s.text,
            "span_start": s.start,
            "span_end": s.end,
            "cue": s.cue,
        }
        for item in sorted(items, key=lambda i: i.id)
        for place, s in enumerate(item.speakers)
    ]
    return ClaimSpeakers.validate(pl.DataFrame(rows, schema=dtypes(ClaimSpeakers)))


def items_of(claims: pl.DataFrame, speakers: pl.DataFrame) -> list[Item]:
    """Return the items of tables; the reverse of `claims_of` and `speakers_of`.

    Examples
    --------
    >>> said = {"quote": "no", "statement": "no"}
    >>> item = Item(id="x", article="0" * 64, kind="claim", start=0, end=2, **said)
    >>> items_of(claims_of([item]), speakers_of([item])) == [item]
    True
    """
    said: dict[str, list[Speaker]] = {}
    for r in speakers.sort("claim_id", "place").iter_rows(named=True):
        said.setdefault(r["claim_id"], []).append(
            Speaker(
                actor=r["actor"],
                text=r["text"],
                start=r["span_start"],
                end=r["span_end"],
                cue=r["cue"],
                role=r["role"],
            )
        )
    return [_item(r, said.get(r["claim_id"], [])) for r in claims.iter_rows(named=True)]


def keep(home: Path, read: Readings, *, reader: str) -> None:
    """Keep articles and their items in a project; the same reading again changes nothing.

    Parameters
    ----------
    home : Path
        The project folder; made if missing.
    read : Readings
        What was read.
    reader : str
        Who read it: ``blocs 0.1``, ``llm NAME``.
    """
    added = datetime.now(UTC).isoformat(timespec="seconds")
    entries = []
    for article in read.articles:
        items = [i for i in read.items if i.article == article.sha256]
        entry = projects.Entry(
            source_id=article.sha256,
            dataset="article",
            version=reader,
            file=article.name or "",
            sha256=article.sha256,
            added=added,
            rows=len(items),
            rejected=0,
            tables={},
        )
        tables = {
            "articles": _articles([article], reader),
            "claims": claims_of(items),
            "claim_speakers": speakers_of(items),
        }
        entries.append((entry, tables))
    run = run_of("ledger", {"reader": reader}, [a.sha256 for a in read.articles])
    projects.add_articles(home, entries, run=run)


def kept(home: Path) -> Readings:
    """Return every article of a project's ledger with its items."""
    articles = together(Articles, projects.read_article_tables(home, "articles"))
    claims = together(Claims, projects.read_article_tables(home, "claims"))
    speakers = together(ClaimSpeakers, projects.read_article_tables(home, "claim_speakers"))
    records = tuple(_record(r) for r in articles.iter_rows(named=True))
    return Readings(articles=records, items=tuple(items_of(claims, speakers)))


def forget(home: Path, names: Sequence[str]) -> list[projects.Entry]:
    """Take articles out of a project's ledger.

    Parameters
    ----------
    home : Path
        The project folder.
    names : sequence of str
        The file as given, its bare name, or the first letters of the sha256.

    Raises
    ------
    UnknownName
        None, or several, of its articles have the name.
    """
    held = projects.read_manifest(home).articles
    gone = []
    for name in names:
        hits = [e for e in held if name in (e.file, Path(e.file).name) or e.sha256.startswith(name)]
        if len(hits) != 1:
            known = [Path(e.file).name or e.sha256[:12] for e in held]
            why = (
                "Several have it; give the sha256." if hits else f"Known: {', '.join(known[:12])}."
            )
            raise UnknownName("article", name, nearest(name, known), why)
        gone += hits
    ids = [e.source_id for e in gone]
    projects.remove_articles(home, ids, run=run_of("ledger forget", {}, ids))
    return gone


def ledger_tables(home: Path | None) -> dict[str, pl.DataFrame]:
    """Return the tables of a project's ledger, empty where it has none: for SQL."""
    if home is None:
        return {name: empty(schema) for name, schema in TABLES.items()}
    decided = projects.read_corrections(home)
    out: dict[str, pl.DataFrame] = {
        name: together(schema, projects.read_article_tables(home, name))
        for name, schema in TABLES.items()
        if name != "corrections"
    }
    out["corrections"] = empty(Corrections) if decided is None else decided
    return out


def readers(home: Path) -> dict[str, str]:
    """Return who read each article of a project."""
    return {e.source_id: e.version for e in projects.read_manifest(home).articles}


def _claim(item: Item) -> dict[str, object]:
    row: dict[str, object] = {name: getattr(item, name) for name in _SAME}
    row |= {"claim_id": item.id, "source_id": item.article}
    row |= {"span_start": item.start, "span_end": item.end}
    row |= {n: getattr(item.event, n) if item.event else None for n in _EVENT}
    row |= {n: getattr(item.quantity, n) if item.quantity else None for n in _AMOUNT}
    row |= {c: getattr(item.when, n) if item.when else None for n, c in _WHEN.items()}
    row |= {c: getattr(item.horizon, n) if item.horizon else None for n, c in _HORIZON.items()}
    return row | {"repairs": msgspec.json.encode(item.repairs).decode()}


def _item(r: dict[str, object], speakers: list[Speaker]) -> Item:
    event = {n: r[n] for n in _EVENT} if r["plover"] is not None else None
    amount = {n: r[n] for n in _AMOUNT} if r["unit"] is not None else None
    when = {n: r[c] for n, c in _WHEN.items()} if r["when"] is not None else None
    horizon = {n: r[c] for n, c in _HORIZON.items()} if r["horizon_unit"] is not None else None
    return Item(
        id=str(r["claim_id"]),
        article=str(r["source_id"]),
        start=int(str(r["span_start"])),
        end=int(str(r["span_end"])),
        speakers=speakers,
        event=msgspec.convert(event, Event | None),
        quantity=msgspec.convert(amount, Quantity | None),
        when=msgspec.convert(when, When | None),
        horizon=Horizon(**horizon) if horizon else None,  # type: ignore[arg-type]
        repairs=msgspec.json.decode(str(r["repairs"]), type=list[Repair]),
        **{name: r[name] for name in _SAME},  # type: ignore[arg-type]
    )


def _articles(records: Sequence[ArticleRecord], reader: str) -> pl.DataFrame:
    rows = [
        {
            "article": a.sha256,
            "reader": reader,
            "name": a.name,
            "title": a.title,
            "kind": a.kind,
            "encoding": a.encoding,
            "date": Date.fromisoformat(a.date) if a.date else None,
            "date_from": a.date_from,
            "sentences": a.sentences,
            "notes": list(a.notes),
            "repairs": msgspec.json.encode(a.repairs).decode(),
            "stretches": msgspec.json.encode(a.stretches).decode(),
            "text": a.text,
        }
        for a in records
    ]
    return Articles.validate(pl.DataFrame(rows, schema=dtypes(Articles)))


def _record(r: dict[str, object]) -> ArticleRecord:
    return ArticleRecord(
        sha256=str(r["article"]),
        date=r["date"].isoformat() if isinstance(r["date"], Date) else None,
        notes=msgspec.convert(r["notes"], tuple[str, ...]),
        repairs=msgspec.json.decode(str(r["repairs"]), type=tuple[Repair, ...]),
        stretches=msgspec.json.decode(str(r["stretches"]), type=tuple[Stretch, ...]),
        **{
            n: r[n] for n in ("name", "kind", "encoding", "date_from", "title", "sentences", "text")
        },  # type: ignore[arg-type]
    )
