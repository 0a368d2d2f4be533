"""The ledger as tables: facts, mentions, support, red lines, firsts, articles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from blocs.evidence.ledger.build import Ledger
from blocs.evidence.ledger.drawn_in import DrawnIn

_TEXTS: Final = pl.List(pl.String)
_Schema = dict[str, pl.DataType | type[pl.DataType]]


def facts(ledger: Ledger) -> pl.DataFrame:
    """One row a fact, the words of its first telling with it."""
    rows = [
        {
            "id": f.id,
            "kind": f.kind,
            "statement": f.statement,
            "subject": list(f.subject),
            "object": list(f.object),
            "plover": f.plover,
            "figure": f.figure,
            "unit": f.unit,
            "of": f.of,
            "start": f.start,
            "end": f.end,
            "mentions": len(f.mentions),
            "sources": f.n_sources,
            "evidence": f.n_evidence,
            "denials": f.n_denials,
            "credence": f.credence.value,
            "credence_low": f.credence.low,
            "credence_high": f.credence.high,
            "conflicts": [c.fact for c in f.conflicts],
            "article": f.mentions[0].article,
            "span_start": f.mentions[0].start,
            "span_end": f.mentions[0].end,
            "quote": f.mentions[0].quote,
        }
        for f in ledger.facts
    ]
    schema: _Schema = {
        **dict.fromkeys(("id", "kind", "statement"), pl.String),
        **dict.fromkeys(("subject", "object"), _TEXTS),
        "plover": pl.String,
        "figure": pl.Float64,
        **dict.fromkeys(("unit", "of", "start", "end"), pl.String),
        **dict.fromkeys(("mentions", "sources", "evidence", "denials"), pl.Int64),
        **dict.fromkeys(("credence", "credence_low", "credence_high"), pl.Float64),
        "conflicts": _TEXTS,
        "article": pl.String,
        **dict.fromkeys(("span_start", "span_end"), pl.Int64),
        "quote": pl.String,
    }
    return _flat(pl.DataFrame(rows, schema=schema))


def mentions(ledger: Ledger) -> pl.DataFrame:
    """One row a telling of a fact."""
    rows = [
        {
            "fact": f.id,
            "item": m.item,
            "article": m.article,
            "published": m.published,
            "span_start": m.start,
            "span_end": m.end,
            "quote": m.quote,
            "certainty": m.certainty,
            "figure": m.figure,
            "origins": list(m.origins),
            "against": m.against,
            "copy_of": m.copy_of,
            "verdict": ledger.verdicts.get(m.item),
        }
        for f in ledger.facts
        for m in f.mentions
    ]
    schema: _Schema = {
        **dict.fromkeys(("fact", "item", "article"), pl.String),
        "published": pl.Date,
        **dict.fromkeys(("span_start", "span_end"), pl.Int64),
        **dict.fromkeys(("quote", "certainty"), pl.String),
        "figure": pl.Float64,
        "origins": _TEXTS,
        "against": pl.Boolean,
        **dict.fromkeys(("copy_of", "verdict"), pl.String),
    }
    return _flat(pl.DataFrame(rows, schema=schema))


def support(ledger: Ledger) -> pl.DataFrame:
    """One row a telling of support."""
    text = ("id", "supporter", "recipient", "against", "theatre", "side", "form", "rung")
    numbers = ("low", "high", "value")
    more = ("unit", "per", "start", "end", "reported", "certainty", "article", "quote")
    rows = [
        {n: getattr(s, n) for n in (*text, "level", "what", *numbers, *more, "part")}
        | {"span_start": s.span_start, "span_end": s.span_end, "told_first": s.told_first}
        for s in ledger.support
    ]
    schema: _Schema = {
        **dict.fromkeys(text, pl.String),
        "level": pl.Int64,
        "what": pl.String,
        **dict.fromkeys(numbers, pl.Float64),
        **dict.fromkeys(more, pl.String),
        "part": pl.Boolean,
        **dict.fromkeys(("span_start", "span_end"), pl.Int64),
        "told_first": pl.String,
    }
    return pl.DataFrame(rows, schema=schema)


def red_lines(ledger: Ledger) -> pl.DataFrame:
    """One row a red line."""
    text = ("id", "actor", "theatre", "form", "rung", "certainty", "reported", "article", "quote")
    lists = ("stated_by", "approached_by", "crossed_by")
    rows = [
        {n: getattr(r, n) for n in (*text, "level", "span_start", "span_end")}
        | {n: list(getattr(r, n)) for n in lists}
        for r in ledger.red_lines
    ]
    schema: _Schema = {
        **dict.fromkeys(text, pl.String),
        **dict.fromkeys(("level", "span_start", "span_end"), pl.Int64),
        **dict.fromkeys(lists, _TEXTS),
    }
    return _flat(pl.DataFrame(rows, schema=schema))


def firsts(ledger: Ledger) -> pl.DataFrame:
    """One row a question whether something has been done before."""
    text = ("support", "question", "scope", "precedent", "since", "coverage")
    rows = [{n: getattr(f, n) for n in (*text, "first", "searched")} for f in ledger.firsts]
    schema = {**dict.fromkeys(text, pl.String), "first": pl.Boolean, "searched": pl.Int64}
    return pl.DataFrame(rows, schema=schema)


def articles(ledger: Ledger) -> pl.DataFrame:
    """One row an article."""
    text = ("sha256", "name", "title", "date", "date_from", "reader", "copy_of", "wire")
    rows = [{n: getattr(a, n) for n in (*text, "items")} for a in ledger.articles]
    return pl.DataFrame(rows, schema={**dict.fromkeys(text, pl.String), "items": pl.Int64})


def points(series: DrawnIn) -> pl.DataFrame:
    """One row a period and form of how others are drawn in."""
    rows = [
        {
            "theatre": series.theatre,
            "period": p.period,
            "form": p.form,
            "outsiders": p.outsiders,
            "so_far": p.so_far,
            "who": list(p.who),
            "tellings": len(p.tellings),
            "sources": [f"{t.source} {t.row}" for t in p.tellings],
        }
        for p in series.points
    ]
    schema: _Schema = {
        **dict.fromkeys(("theatre", "period", "form"), pl.String),
        **dict.fromkeys(("outsiders", "so_far"), pl.Int64),
        "who": _TEXTS,
        "tellings": pl.Int64,
        "sources": _TEXTS,
    }
    return _flat(pl.DataFrame(rows, schema=schema))


TABLES: Final[Mapping[str, Callable[[Ledger], pl.DataFrame]]] = {
    "facts": facts,
    "mentions": mentions,
    "support": support,
    "red-lines": red_lines,
    "firsts": firsts,
    "articles": articles,
}


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Join lists by ``|``, so that a CSV file can hold them."""
    lists = [name for name, dtype in frame.schema.items() if dtype == _TEXTS]
    return frame.with_columns(pl.col(name).list.join("|") for name in lists)
