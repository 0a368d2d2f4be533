"""The dated, sourced history of the ties between states, over all layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import IO

import msgspec
import polars as pl

from blocs import actors
from blocs import project as projects
from blocs.contracts import Answer, Evidence, Facts, View
from blocs.dates import FIRST_YEAR, Partial, Period, Spell
from blocs.errors import BadInput, NoCoverage
from blocs.evidence.almanac_facts import DATASET as ALMANAC
from blocs.evidence.holdings import hold, stamp
from blocs.evidence.ledger.build import open_ledger
from blocs.registry import LAYERS
from blocs.ties.network import LayerState, build_layer
from blocs.views import wording
from blocs.views.between import Happened, from_ledger, happened, within
from blocs.views.formats import arrow, graph
from blocs.views.statements import tie_statements


class TieRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One tie over consecutive years of the same weight, and the facts behind it.

    ``n`` counts what it was made of: roll calls for votes, facts for other layers.
    """

    layer: str
    sender: str
    receiver: str
    start: date
    end: date
    weight: float | None
    value: float | None
    unit: str
    n: int
    dataset: str
    facts: tuple[str, ...]


class SourceRow(msgspec.Struct, frozen=True, kw_only=True):
    """Where a fact was told: data set, file and row."""

    fact: str
    dataset: str
    file: str
    row: int | None
    type: str | None
    ref: str | None


class TieHistory(msgspec.Struct, frozen=True, kw_only=True):
    """All ties asked for, which layers were lit, and the rows they rest on.

    ``events`` is what happened between the two, if two states were asked for: treaties,
    disputes, sanctions, deliveries, support, wars and what the project's articles tell.
    """

    schema: str
    between: tuple[str, ...]
    at: str | None
    first: int | None = msgspec.field(name="from")
    last: int | None = msgspec.field(name="to")
    ties: tuple[TieRecord, ...]
    events: tuple[Happened, ...]
    sources: tuple[SourceRow, ...]
    lit: dict[str, str]
    dark: tuple[str, ...]


def tie_history(
    *,
    between: tuple[str, ...] = (),
    layer: tuple[str, ...] = (),
    at: str | None = None,
    from_: int | None = None,
    to: int | None = None,
    evidence: Evidence = Evidence(),
) -> pl.DataFrame:
    """Return the ties between states as a table.

    Parameters
    ----------
    between : tuple of str
        Two states or more; every pair of them. Empty means everybody.
    layer : tuple of str
        Layers wanted; all by default.
    at : str, optional
        A year or day: only ties that hold then.
    from_, to : int, optional
        Only ties that hold on some day of these years, both included.
    evidence : Evidence
        Where the evidence comes from.

    Returns
    -------
    pl.DataFrame
        Table `schemas.Ties`, one row per pair, layer and year, and ``dataset``.
    """
    return _gather(between, layer, asked_span(at, from_, to), at, evidence)[0]


def ask(
    *,
    between: tuple[str, ...] = (),
    layer: tuple[str, ...] = (),
    at: str | None = None,
    from_: int | None = None,
    to: int | None = None,
    evidence: Evidence = Evidence(),
) -> Answer:
    """Tell the dated history of the ties between states, each with the rows it rests on.

    Write them with -o ties.parquet, .csv, .graphml, .gexf, .arrow, or .ftm (one
    FollowTheMoney statement a line). With --between every row names its facts, and with two
    states --json tells what happened between them, too.

    Parameters
    ----------
    between
        Two states or more: --between RUS PRK.
    layer
        votes, alliances, disputes, arms, sanctions, trade, support; all by default.
    at
        Only ties that hold in this year or on this day.
    from_
        Only ties that hold on some day from this year on.
    to
        Only ties that hold on some day up to the end of this year.
    """
    span = asked_span(at, from_, to)
    table, states, facts = _gather(between, layer, span, at, evidence)
    ends = _resolved(between, at, span)
    if ends:
        table = _with_facts(table, states)
    records = _spells(table) if ends else ()
    used = {fact for record in records for fact in record.facts}
    history = TieHistory(
        schema="blocs.ties/1",
        between=ends,
        at=at,
        first=from_,
        last=to,
        ties=records,
        events=_events(ends, facts, used, layer, span, evidence),
        sources=_sources(used, facts),
        lit={s.name: _feeds(s) for s in states if s.years},
        dark=tuple(s.name for s in states if not s.years),
    )
    return Answer(
        facts=history, text=_text(history, table), table=_flat(table), formats=_formats(table)
    )


def asked_span(at: str | None, first: int | None, last: int | None) -> Spell:
    """Days asked for: those of a date, of a run of years, or all.

    Raises
    ------
    BadInput
        If both a date and years are asked for, or no such years can be.
    """
    if at is not None:
        if first is not None or last is not None:
            raise BadInput("ask for --at, or for --from and --to, not for both")
        day = Partial.parse(at)
        return Spell(day.first, day.after)
    if first is None and last is None:
        return Spell(None, None)
    whole = Period(FIRST_YEAR if first is None else first, 2100 if last is None else last).spell
    return Spell(
        whole.start if first is not None else None, whole.end if last is not None else None
    )


def _gather(
    between: Sequence[str],
    layer: Sequence[str],
    span: Spell,
    at: str | None,
    evidence: Evidence,
) -> tuple[pl.DataFrame, Sequence[LayerState], Mapping[str, Facts]]:
    ends = _resolved(between, at, span)
    if len(ends) == 1:
        raise BadInput("--between needs two states or more: --between RUS PRK")
    names = tuple(layer or LAYERS.names())
    held, states = _built(names, evidence, stamp(data=evidence.data, project=evidence.project))
    tables = []
    for state in states:
        rows = state.ties
        if ends:
            rows = rows.filter(
                pl.col("sender").is_in(list(ends)) & pl.col("receiver").is_in(list(ends))
            )
        if span.end is not None:
            rows = rows.filter(pl.col("start") < span.end)
        if span.start is not None:
            rows = rows.filter(pl.col("end") > span.start)
        tables.append(rows.with_columns(dataset=_dataset(state)))
    table = pl.concat(tables).sort("layer", "sender", "receiver", "start")
    if table.is_empty():
        raise NoCoverage(
            "no tie is known for what was asked"
            + (f" between {', '.join(map(actors.name_of, ends))}" if ends else "")
            + "; `blocs data status` tells which layers are dark"
        )
    return table, states, held


@lru_cache(maxsize=2)
def _built(
    names: tuple[str, ...], evidence: Evidence, _stamp: object
) -> tuple[Mapping[str, Facts], tuple[LayerState, ...]]:
    """Build the layers once for each state of the evidence; an explorer asks for them often."""
    useful = {name for layer_name in names for name in LAYERS.get(layer_name).prefer}
    held = hold(
        data=evidence.data, project=evidence.project, use=evidence.use, only=useful
    ).with_almanac()
    return held, tuple(build_layer(name, held) for name in names)


def _events(
    ends: tuple[str, ...],
    held: Mapping[str, Facts],
    used: set[str],
    layer: Sequence[str],
    span: Spell,
    evidence: Evidence,
) -> tuple[Happened, ...]:
    if len(ends) != 2:
        return ()
    pair = (ends[0], ends[1])
    home = projects.home(evidence.project)
    told = happened(pair, held, used)
    if not layer and not evidence.data and projects.exists(home):
        told = (*told, *from_ledger(pair, open_ledger(project=home)))
    return tuple(e for e in within(told, span) if not layer or e.layer in layer)


def _resolved(between: Sequence[str], at: str | None, span: Spell) -> tuple[str, ...]:
    day = Partial.parse(at).first if at else None
    over = None
    if not at and span.start and span.end:
        over = Period(span.start.year, (span.end - timedelta(days=1)).year)
    return tuple(sorted({actors.resolve(word, at=day, over=over) for word in between}))


def _dataset(state: LayerState) -> pl.Expr:
    choice = pl.lit(None, dtype=pl.String)
    for feed in state.feeds:
        years = pl.col("start").dt.year().is_in(list(feed.years))
        choice = pl.when(years).then(pl.lit(feed.dataset)).otherwise(choice)
    return choice


def _with_facts(table: pl.DataFrame, states: Sequence[LayerState]) -> pl.DataFrame:
    """Add the ids of the facts behind each tie, a list; empty where they are counted only."""
    key = ["layer", "sender", "receiver", "start"]
    ends = table["sender"].unique().to_list(), table["receiver"].unique().to_list()
    ours = pl.col("sender").is_in(ends[0]) & pl.col("receiver").is_in(ends[1])
    walks = pl.concat([s.evidence.filter(ours) for s in states])
    told = (
        walks.join(table.lazy().select(key), on=key, how="semi")
        .group_by(key)
        .agg(facts=pl.col("fact_id").sort())
        .collect()
    )
    return (
        table.join(told, on=key, how="left")
        .with_columns(pl.col("facts").fill_null(pl.lit([], dtype=pl.List(pl.String))))
        .sort(key)
    )


def _flat(table: pl.DataFrame) -> pl.DataFrame:
    """Join the ids of facts by spaces: CSV and graph files hold no lists."""
    if "facts" not in table.columns:
        return table
    return table.with_columns(pl.col("facts").list.join(" "))


def _spells(rows: pl.DataFrame) -> tuple[TieRecord, ...]:
    """Merge consecutive years of the same weight, value and facts."""
    out: list[TieRecord] = []
    for row in rows.iter_rows(named=True):
        told_of = {k: row[k] for k in TieRecord.__struct_fields__ if k not in {"facts", "n"}}
        record = TieRecord(**told_of, n=row["n_evidence"], facts=tuple(row["facts"]))
        if out and _continues(out[-1], record):
            out[-1] = msgspec.structs.replace(out[-1], end=record.end)
        else:
            out.append(record)
    return tuple(out)


def _continues(before: TieRecord, after: TieRecord) -> bool:
    same = msgspec.structs.replace(after, start=before.start, end=before.end)
    return same == before and before.end == after.start


def _sources(used: set[str], held: Mapping[str, Facts]) -> tuple[SourceRow, ...]:
    out = []
    for dataset, facts in held.items():
        files = dict(facts.sources.select("source_id", "file").iter_rows())
        for table in (facts.spells, facts.flows, facts.events):
            hits = table.filter(pl.col("fact_id").is_in(list(used)))
            for row in hits.iter_rows(named=True):
                out.append(
                    SourceRow(
                        fact=row["fact_id"],
                        dataset=dataset,
                        file=files.get(row["source_id"], ""),
                        row=None if dataset == ALMANAC else row["row"],
                        type=row.get("type"),
                        ref=row["ref"],
                    )
                )
    return tuple(sorted(out, key=lambda s: s.fact))


def _feeds(state: LayerState) -> str:
    spans = [(f.dataset, f.years) for f in state.feeds if f.years]
    return ", ".join(f"{name} {min(years)}-{max(years)}" for name, years in spans)


def _text(history: TieHistory, table: pl.DataFrame) -> str:
    if not history.between:
        counts = table.group_by("layer").len().sort("layer")
        lines = [f"{n:,} ties of layer {name}" for name, n in counts.iter_rows()]
    else:
        lines = [_line(t) for t in history.ties]
    if history.events:
        n = len(history.events)
        told = "one act or event is" if n == 1 else f"{n:,} acts and events are"
        lines.append(
            f"{told.capitalize()} dated between them; --json lists them, each with its rows"
        )
    if history.dark:
        lines.append(f"Dark: {', '.join(history.dark)}; `blocs data status` says how to light them")
    return "\n".join(lines)


def _line(t: TieRecord) -> str:
    years = (
        f"{t.start.year}"
        if t.end.year - 1 == t.start.year
        else (f"{t.start.year}-{t.end.year - 1}")
    )
    value = "not known" if t.weight is None else f"{t.weight:+.2f}"
    told = "" if t.value is None else f" ({wording.figures(t.value)} {t.unit})"
    rows = f", {t.n} {'roll call' if t.layer == 'votes' else 'row'}{'s' * (t.n != 1)}"
    last = max(t.end.year - 1, t.start.year)
    way = "to" if LAYERS.get(t.layer).directed else "-"
    ends = f"{actors.name_of(t.sender, last)} {way} {actors.name_of(t.receiver, last)}"
    return f"{t.layer:<10} {years:<9} {value}{told}  {ends} [{t.dataset}{rows}]"


def _formats(table: pl.DataFrame) -> dict[str, Callable[[IO[bytes]], object]]:
    names = {a: actors.name_of(a) for a in sorted({*table["sender"], *table["receiver"]})}
    return {
        ".graphml": graph(_flat(table), names, "graphml"),
        ".gexf": graph(_flat(table), names, "gexf"),
        ".arrow": arrow(_flat(table)),
        ".ftm": lambda stream: stream.write(tie_statements(table)),
    }


VIEW = View(
    ask=ask,
    examples=(
        "blocs ties --between RUS PRK --json",
        "blocs ties --between IND PAK --from 1965 --to 1975",
        "blocs ties --between CHN IRN --layer alliances --json",
        "blocs ties --layer alliances --at 1914 -o allies.graphml",
    ),
    endings=(".graphml", ".gexf", ".arrow", ".ftm"),
)
