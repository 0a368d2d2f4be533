"""What articles add to a brief: evidence, rungs, red lines and forecasts, each with its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date as Date  # noqa: N812
from pathlib import Path

import msgspec

from blocs import project as projects
from blocs.evidence.corroborate import Fact, Mention
from blocs.evidence.ledger.build import Ledger, build_ledger
from blocs.evidence.ledger.corrections import kept_corrections
from blocs.evidence.ledger.credence import RULE
from blocs.evidence.ledger.red_lines import RedLine
from blocs.evidence.ledger.support import SupportRow
from blocs.evidence.ledger.voices import Voice
from blocs.evidence.readings import Readings
from blocs.records import (
    ArticleSource,
    Brief,
    ForetoldRecord,
    MethodRecord,
    RedLineRecord,
    SourceRecord,
    SupportRecord,
    TellingRecord,
    ToldRecord,
)
from blocs.views.ledger.text import chain_steps, source_name

_CREDENCE = MethodRecord(
    id="method-credence",
    title="Credence of what articles tell",
    text=RULE,
    code="src/blocs/evidence/ledger/credence.py",
)
_CLAIMS = {"negated": "denied", "conditional": "hedged"}
_MONTHS = {"year": 12, "month": 1, "decade": 120}


def with_articles(brief: Brief, read: Readings, *, project: Path | None = None) -> Brief:
    """Fill a brief from articles: each line with its quote and its source.

    Parameters
    ----------
    brief : Brief
        The brief without them.
    read : Readings
        The articles and what was read in them.
    project : Path, optional
        Project whose corrections are applied, if it has any.

    Returns
    -------
    Brief
        Support and red lines joined, told facts and forecasts added. What the almanac tells
        in the same words is not told twice.
    """
    decided = kept_corrections(project) if project and projects.exists(project) else ()
    read_by = {a.sha256: read.reader for a in read.articles}
    ledger = build_ledger(read, corrections=decided, read_by=read_by)
    ours = {m.id for m in brief.group.members}
    texts = {a.sha256: a.text for a in read.articles}
    return msgspec.structs.replace(
        brief,
        support=_support(brief, ledger, ours, texts),
        red_lines=_red_lines(brief, ledger, ours, texts),
        articles=_articles(ledger),
        told=_told(ledger, ours),
        foretold=tuple(_foretold(f, ledger) for f in ledger.facts if f.kind == "forecast"),
        sources=(*brief.sources, *_sources(ledger)),
        methods=(*brief.methods, _CREDENCE),
        warnings=(*brief.warnings, *_warnings(ledger)),
    )


def _articles(ledger: Ledger) -> tuple[ArticleSource, ...]:
    return tuple(
        ArticleSource(
            sha256=a.sha256,
            name=source_name(a.sha256, ledger),
            title=a.title,
            date=a.date,
            date_from=a.date_from,
            reader=a.reader,
            items=a.items,
            copy_of=a.copy_of,
        )
        for a in ledger.articles
    )


def _sources(ledger: Ledger) -> list[SourceRecord]:
    return [
        SourceRecord(
            id=article_id(a.sha256),
            title=a.title or source_name(a.sha256, ledger),
            version=a.date or "no date known",
            first=None,
            last=None,
            licence="as its publisher says",
            citation=f"read by {a.reader}; sha256 {a.sha256}",
            page="",
        )
        for a in ledger.articles
    ]


def article_id(sha256: str) -> str:
    """Return the id of an article among the sources of a brief."""
    return f"article-{sha256[:12]}"


def _warnings(ledger: Ledger) -> list[str]:
    undated = [source_name(a.sha256, ledger) for a in ledger.articles if a.date is None]
    if not undated:
        return []
    return [
        f"no date is known of {', '.join(undated)}: give --date; what they tell without a date of "
        "its own is not on the ladder"
    ]


def _support(
    brief: Brief, ledger: Ledger, ours: set[str], texts: Mapping[str, str]
) -> tuple[SupportRecord, ...]:
    """Join the rungs told of members in the period; one that the almanac tells gets the place."""
    told: dict[str, list[TellingRecord]] = {}
    new = []
    for row in ledger.support:
        known = [s.id for s in brief.support if _same_rung(s, row, texts.get(row.article, ""))]
        place = _place(row, ledger)
        for id_ in known:
            told[id_] = [*(t for t in told.get(id_, []) if t != place), place]
        if not known and _belongs(row, brief, ours):
            new.append(_rung(row, ledger))
    old = [
        msgspec.structs.replace(s, told_in=tuple(told[s.id])) if s.id in told else s
        for s in brief.support
    ]
    return (*old, *sorted(new, key=lambda s: (s.start or s.reported or "", s.id)))


def _belongs(row: SupportRow, brief: Brief, ours: set[str]) -> bool:
    """Say whether a rung concerns members and is told within the period."""
    day = row.when or row.reported
    if not row.level or not row.supporter or day is None:
        return False
    inside = brief.period.first <= int(day[:4]) <= brief.period.last
    return inside and bool({row.supporter, row.recipient, row.side} & ours)


def _same_rung(s: SupportRecord, row: SupportRow, text: str) -> bool:
    """Say whether the almanac tells the same rung in words of the same place."""
    thing = s.level == row.level or set(row.what.split()) <= set(s.what.split())
    alike = s.supporter == (row.supporter or "") and thing
    return alike and bool(s.quote) and _meets(s.quote, row.span_start, row.span_end, text)


def _meets(quote: str, start: int, end: int, text: str) -> bool:
    at = text.find(quote)
    return at >= 0 and at < end and at + len(quote) > start


def _place(row: SupportRow | RedLine, ledger: Ledger) -> TellingRecord:
    return TellingRecord(
        article=row.article,
        name=source_name(row.article, ledger),
        published=row.reported,
        span_start=row.span_start,
        span_end=row.span_end,
        quote=row.quote,
        statement=row.quote,
        copied=False,
    )


def _rung(row: SupportRow, ledger: Ledger) -> SupportRecord:
    speakers = [v for v in row.voices if v.role == "speaker"]
    rest = [v for v in row.voices if v.role in ("confirmer", "denier")]
    inferred = "" if row.recipient or not row.side else " The receiver is read off the war's sides."
    return SupportRecord(
        id=row.id,
        theatre=row.theatre or "",
        supporter=row.supporter or "",
        recipient=row.recipient or row.side or "",
        rung=row.rung,
        level=row.level,
        what=row.what,
        low=row.low,
        high=row.high,
        value=row.value,
        unit=row.unit,
        per=row.per,
        part_of=None,
        start=row.when,
        end=row.end if row.start else None,
        reported=row.reported,
        speaker="+".join(dict.fromkeys(_who(v) for v in speakers)) or "article",
        claim=_CLAIMS.get(row.certainty, row.certainty),
        confirmation=tuple(_link(v) for v in rest),
        quote=row.quote,
        checked=ledger.verdicts.get(row.id) in ("accept", "correct"),
        confirmed_by="",
        source=article_id(row.article),
        note=f"Read by machine in {source_name(row.article, ledger)}.{inferred}",
        row=f"article {row.article[:12]}:{row.span_start}-{row.span_end}",
        told_in=(_place(row, ledger),),
    )


def _who(voice: Voice) -> str:
    return voice.actor[:3] if voice.actor and not voice.actor.startswith("IGO") else voice.text


def _link(voice: Voice) -> str:
    """Write a confirmation or denial as the almanac writes it: "RUS weakly confirmed"."""
    done = "denied" if voice.role == "denier" else "confirmed"
    kind = " (evidence)" if voice.evidence else ""
    return " ".join(filter(None, (_who(voice), voice.strength, done))) + kind


def _red_lines(
    brief: Brief, ledger: Ledger, ours: set[str], texts: Mapping[str, str]
) -> tuple[RedLineRecord, ...]:
    """Join the red lines told of members; one that the almanac tells gets the place."""
    lines = list(brief.red_lines)
    for r in ledger.red_lines:
        text = texts.get(r.article, "")
        hits = [
            k
            for k, line in enumerate(lines)
            if line.actor == r.actor
            and line.quote
            and _meets(line.quote, r.span_start, r.span_end, text)
        ]
        for k in hits:
            told = (*lines[k].told_in, _place(r, ledger))
            lines[k] = msgspec.structs.replace(lines[k], told_in=told)
        if not hits and r.actor in ours:
            lines.append(_line(r, ledger))
    return tuple(lines)


def _line(r: RedLine, ledger: Ledger) -> RedLineRecord:
    return RedLineRecord(
        actor=r.actor,
        theatre=r.theatre or "",
        rung=r.rung,
        level=r.level,
        stated_by="+".join(w[:3] if len(w) < 7 and w.isupper() else w for w in r.stated_by),
        text=f"Read by machine in {source_name(r.article, ledger)}.",
        start=r.reported,
        quote=r.quote,
        checked=ledger.verdicts.get(r.id) in ("accept", "correct"),
        source=article_id(r.article),
        told_in=(_place(r, ledger),),
    )


def _told(ledger: Ledger, ours: set[str]) -> tuple[ToldRecord, ...]:
    """Return the facts about members, those in conflict with them too, the best told first."""
    chosen = {f.id for f in ledger.facts if f.kind != "forecast" and _about(f) & ours}
    chosen |= {c.fact for f in ledger.facts if f.id in chosen for c in f.conflicts}
    facts = [f for f in ledger.facts if f.id in chosen]
    ranked = sorted(_once(facts), key=lambda f: (-f.n_sources, -len(f.mentions), f.id))
    return tuple(_fact(f, ledger) for f in ranked)


def _once(facts: Sequence[Fact]) -> list[Fact]:
    """Leave out claims and relations that say in the same words what an event says already."""
    order = {"event": 0, "quantity": 1, "claim": 2, "relation": 3}
    out: list[Fact] = []
    for fact in sorted(facts, key=lambda f: (order[f.kind], f.id)):
        same = [f for f in out if f.kind != "quantity" and _covers(f, fact)]
        if fact.kind in ("event", "quantity") or not same:
            out.append(fact)
    return out


def _covers(one: Fact, two: Fact) -> bool:
    """Say whether the first tellings of two facts share at least half of the shorter's words."""
    a, b = one.mentions[0], two.mentions[0]
    shared = min(a.end, b.end) - max(a.start, b.start)
    return a.article == b.article and 2 * shared >= min(a.end - a.start, b.end - b.start)


def _about(fact: Fact) -> set[str]:
    said = [v.actor for v in fact.voices if v.actor and v.role != "outlet"]
    return {code[:3] for code in (*fact.subject, *fact.object, *said)}


def _fact(fact: Fact, ledger: Ledger) -> ToldRecord:
    return ToldRecord(
        id=fact.id,
        kind=fact.kind,
        about=tuple(dict.fromkeys(c[:3] for c in (*fact.subject, *fact.object))),
        figure=fact.figure,
        unit=fact.of or fact.unit,
        chain=chain_steps(fact.voices),
        n_sources=fact.n_sources,
        n_denials=fact.n_denials,
        credence=fact.credence.value,
        low=fact.credence.low,
        high=fact.credence.high,
        conflicts=tuple(c.fact for c in fact.conflicts),
        tellings=_tellings(fact.mentions, ledger),
    )


def _tellings(mentions: Iterable[Mention], ledger: Ledger) -> tuple[TellingRecord, ...]:
    return tuple(
        TellingRecord(
            article=m.article,
            name=source_name(m.article, ledger),
            published=m.published.isoformat() if m.published else None,
            span_start=m.start,
            span_end=m.end,
            quote=m.quote,
            statement=m.statement,
            copied=m.copy_of is not None,
        )
        for m in mentions
    )


def _foretold(fact: Fact, ledger: Ledger) -> ForetoldRecord:
    h = fact.horizon
    said = h.from_ if h else None
    return ForetoldRecord(
        id=fact.id,
        chain=chain_steps(fact.voices),
        low=h.low if h else None,
        high=h.high if h else None,
        unit=h.unit if h else None,
        said=said,
        opens=_later(said, h.low, h.unit) if h else None,
        closes=_later(said, h.high, h.unit) if h else None,
        tellings=_tellings(fact.mentions, ledger),
    )


def _later(day: str | None, count: float | None, unit: str) -> str | None:
    """Return the month that lies some years or months after a day; None where that is not told.

    Examples
    --------
    >>> _later("2024-01-01", 5.0, "year")
    '2029-01'
    """
    if day is None or count is None or unit not in _MONTHS:
        return None
    start = Date.fromisoformat(day)
    months = 12 * start.year + start.month - 1 + round(count * _MONTHS[unit])
    return f"{months // 12}-{months % 12 + 1:02d}"
