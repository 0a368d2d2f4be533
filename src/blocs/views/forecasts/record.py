"""What the command about forecasts answers: records, kept forecasts, lines to read."""

from __future__ import annotations

from typing import ClassVar, Final

import msgspec
import numpy as np
import polars as pl
from rich.console import Group
from rich.table import Table
from rich.text import Text

from blocs.outlook.calibration import Calibration
from blocs.outlook.chronicle import Chronicle
from blocs.outlook.evaluation import Evaluation
from blocs.outlook.event_files import Split
from blocs.outlook.skill import Skill
from blocs.shown import Shown

_PROTOCOL: Final = (
    "Both directions; history = {history}; time-aware filter; equal scores share their mean rank; "
    "nothing of the same day is known."
)


class ReliabilityRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One bin of the reliability picture: what was given, what came, its 95 % interval."""

    prob: float
    rate: float
    low: float
    high: float
    n: int


class SkillRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Brier skill over a reference; null where it is not defined."""

    value: float | None
    low: float | None
    high: float | None
    level: float
    days: int


class EscalationRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Rare escalations: material conflict that the pair has not had for 30 days."""

    n: float
    brier: float
    ece: float
    skill_over_base_rate: SkillRecord
    skill_over_last_value: SkillRecord


class EvaluationRecord(Shown, frozen=True, kw_only=True):
    """How well a method forecasts the test file; mrr and hits in per cent.

    ``seconds`` is CPU time of fitting, forecasting and ranking, compiling (once
    after an installation) apart; ``ece`` and ``brier`` are of P(receiver | the act
    is done) where it is 1 % or more, ``event_ece`` of P(event on the day) over all known acts.
    """

    shown_by: ClassVar[str] = "forecast"

    schema: str = "blocs.forecast.evaluate/1"
    method: str
    step: str
    mrr: float
    hits1: float
    hits3: float
    hits10: float
    n: int
    seconds: float
    peak_mb: float
    unit: str = "per cent"
    seed: int
    fit_seconds: float
    compile_seconds: float
    fitted_before: bool
    events: dict[str, int]
    actors: int
    relations: int
    first_test: str
    last_test: str
    ece: float | None
    brier: float | None
    reliability: tuple[ReliabilityRecord, ...]
    event_ece: float | None
    event_reliability: tuple[ReliabilityRecord, ...]
    escalations: EscalationRecord | None
    protocol: str
    notes: tuple[str, ...]
    citation: str


class FitRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A model that was fitted and kept."""

    schema: str = "blocs.forecast.fit/1"
    method: str
    events: int
    actors: int
    relations: int
    first: str
    last: str
    tuned_from: str
    seconds: float
    fitted_before: bool
    project: str
    notes: tuple[str, ...]
    citation: str


class Reason(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A past event that speaks for a forecast."""

    event_id: str
    date: str
    sender: str
    relation: str
    receiver: str


class Forecast(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One forecast as it was issued, with the rule that resolves it and, later, its outcome.

    ``prob`` is the probability that the event is recorded on `on`; ``share`` that
    the receiver is this one if the act is done. ``outcome`` is null while open.
    """

    id: str
    issued: str
    known_until: str
    on: str
    time: int
    dated: bool
    sender: str
    relation: str
    receiver: str
    rank: int
    prob: float
    share: float
    base_rate: float
    last_value: float
    reasons: tuple[Reason, ...]
    rule: str
    method: str
    seed: int
    outcome: bool | None = None
    resolved: str | None = None
    resolved_by: tuple[str, ...] = ()
    brier: float | None = None
    log: float | None = None


class ForecastsRecord(Shown, frozen=True, kw_only=True):
    """Forecasts, and until when the events behind them reach."""

    shown_by: ClassVar[str] = "forecast"

    schema: str
    known_until: str
    forecasts: tuple[Forecast, ...]
    kept_in: str | None
    notes: tuple[str, ...]


class ScoresRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Mean scores of resolved forecasts and skill over what the record alone says."""

    n: int
    came: int
    brier: float | None
    log: float | None
    ece: float | None
    skill_over_base_rate: SkillRecord | None
    skill_over_last_value: SkillRecord | None


class ResolvedRecord(Shown, frozen=True, kw_only=True):
    """Forecasts resolved now, those still open and why, and the scores of all resolved."""

    shown_by: ClassVar[str] = "forecast"

    schema: str = "blocs.forecast.resolve/1"
    known_until: str
    resolved: tuple[Forecast, ...]
    still_open: int
    why_open: tuple[str, ...]
    scores: ScoresRecord
    notes: tuple[str, ...]


def evaluation_record(
    found: Evaluation,
    split: Split,
    *,
    method: str,
    step: str,
    seed: int,
    compiling: float,
    fitted_before: bool,
    citation: str,
) -> EvaluationRecord:
    """Write an evaluation as a record.

    Parameters
    ----------
    found : Evaluation
        Ranks and scores.
    split : Split
        What was learnt from and asked.
    method, step, seed, citation
        How it was done.
    compiling : float
        CPU seconds of compiling.
    fitted_before : bool
        Whether the fit was there already.
    """
    p, events = found.probabilities, split.chronicle.events["day"]
    history = "the days before" if step == "single" else "the days up to the end of validation"
    return EvaluationRecord(
        method=method,
        step=step,
        mrr=round(found.mrr(), 4),
        hits1=round(found.hits(1), 4),
        hits3=round(found.hits(3), 4),
        hits10=round(found.hits(10), 4),
        n=found.rank.size,
        seconds=round(found.seconds, 2),
        peak_mb=round(found.peak_mb, 1),
        seed=seed,
        fit_seconds=round(found.fit_seconds, 2),
        compile_seconds=round(compiling, 2),
        fitted_before=fitted_before,
        events={
            "train": int((events < split.valid).sum()),
            "valid": int(((events >= split.valid) & (events < split.test)).sum()),
            "test": int((events >= split.test).sum()),
        },
        actors=len(split.chronicle.actors),
        relations=len(split.chronicle.relations),
        first_test=split.chronicle.when(split.test),
        last_test=split.chronicle.when(split.chronicle.last),
        ece=p.receivers.ece if p else None,
        brier=p.receivers.brier if p else None,
        reliability=bins(p.receivers) if p else (),
        event_ece=p.events.ece if p else None,
        event_reliability=bins(p.events) if p else (),
        escalations=escalations(found),
        protocol=_PROTOCOL.format(history=history),
        notes=split.chronicle.notes,
        citation=citation,
    )


def bins(found: Calibration) -> tuple[ReliabilityRecord, ...]:
    """Write a calibration as records."""
    rows = zip(found.prob, found.rate, found.low, found.high, found.n, strict=True)
    return tuple(
        ReliabilityRecord(prob=float(p), rate=float(r), low=float(a), high=float(b), n=int(n))
        for p, r, a, b, n in rows
    )


def skill_record(found: Skill) -> SkillRecord:
    """Write a skill as a record, nan as null."""
    value, low, high = (None if x != x else x for x in (found.value, found.low, found.high))  # noqa: PLR0124
    return SkillRecord(value=value, low=low, high=high, level=found.level, days=found.groups)


def escalations(found: Evaluation) -> EscalationRecord | None:
    """Write how rare escalations were forecast; None where none came."""
    p = found.probabilities
    if p is None or p.rare is None or p.over_base_rate is None or p.over_last is None:
        return None
    return EscalationRecord(
        n=p.rare_n,
        brier=p.rare.brier,
        ece=p.rare.ece,
        skill_over_base_rate=skill_record(p.over_base_rate),
        skill_over_last_value=skill_record(p.over_last),
    )


def banner(known_until: str) -> Text:
    """Say until when the events reach: a forecast is of the day after, whenever it is read."""
    return Text(f"Events known until {known_until}; nothing later was used.", style="bold")


def evaluation_lines(e: EvaluationRecord) -> Group:
    """Lines for a terminal."""
    lines = [
        Text(
            f"{e.method}, {e.step} step: MRR {e.mrr:.2f}, hits@1 {e.hits1:.2f}, @3 {e.hits3:.2f}, "
            f"@10 {e.hits10:.2f} per cent",
            style="bold",
        ),
        Text(
            f"{e.n:,} questions ({e.events['test']:,} events in both directions), {e.first_test} "
            f"to {e.last_test}; {e.seconds:.1f} CPU seconds, {e.peak_mb:,.0f} MB"
            + ("; fitted before" if e.fitted_before else "")
        ),
    ]
    if e.ece is not None and e.event_ece is not None:
        lines.append(
            Text(
                f"Probabilities: calibration error {e.ece:.4f} (receiver, given the act), "
                f"{e.event_ece:.5f} (event on the day)"
            )
        )
        lines.append(Text("given   came    95 %            forecasts", style="dim"))
        lines += [
            Text(f"{b.prob:.3f}   {b.rate:.3f}   {b.low:.3f} to {b.high:.3f}   {b.n:,}")
            for b in e.reliability
        ]
    if e.escalations is not None:
        x = e.escalations
        lines.append(
            Text(
                f"Rare escalations ({x.n:.0f} came): Brier skill {_skill(x.skill_over_base_rate)} "
                f"over the base rate, {_skill(x.skill_over_last_value)} over the day before"
            )
        )
    lines += [Text(note, style="dim") for note in (e.protocol, *e.notes)]
    return Group(*lines)


def forecast_lines(record: ForecastsRecord, head: str) -> Group:
    """Lay forecasts out for a terminal."""
    table = Table(box=None, pad_edge=False)
    for name in ("rank", "probability", "event", "on", "reasons"):
        table.add_column(name, justify="right" if name in {"rank", "probability"} else "left")
    for f in record.forecasts:
        state = "" if f.outcome is None else " (came)" if f.outcome else " (did not come)"
        table.add_row(
            str(f.rank),
            f"{f.prob:.4f}",
            Text(f"{f.sender} - {f.relation.replace('_', ' ')} - {f.receiver}{state}"),
            f.on,
            Text(", ".join(r.event_id for r in f.reasons)),
        )
    parts: list[Text | Table] = [banner(record.known_until)] if record.known_until else []
    parts += [Text(head), table]
    parts += [Text(note, style="dim") for note in record.notes]
    if record.kept_in and record.forecasts:
        parts.append(
            Text(f"Kept in {record.kept_in}; `blocs forecast resolve` scores them.", style="dim")
        )
    return Group(*parts)


def rank_table(found: Evaluation, chronicle: Chronicle) -> pl.DataFrame:
    """One row per question: its day, relation, direction and the rank of the answer."""
    n = len(chronicle.relations)
    return pl.DataFrame(
        {
            "on": [chronicle.when(int(day)) for day in found.day],
            "relation": [chronicle.relations[r % n] for r in found.relation],
            "asked": np.where(found.relation < n, "receiver", "sender"),
            "rank": found.rank,
        }
    )


def resolved_lines(r: ResolvedRecord) -> Group:
    """Lines for a terminal."""
    came = sum(bool(f.outcome) for f in r.resolved)
    lines = [
        banner(r.known_until),
        Text(f"{len(r.resolved)} resolved now ({came} came), {r.still_open} still open"),
        *(Text(f"open: {why}", style="dim") for why in r.why_open),
    ]
    s = r.scores
    if s.n:
        lines.append(
            Text(f"All {s.n} resolved: {s.came} came; Brier {s.brier:.4f}, calibration {s.ece:.4f}")
        )
    if s.skill_over_base_rate and s.skill_over_last_value:
        lines.append(
            Text(
                f"Brier skill {_skill(s.skill_over_base_rate)} over the base rate, "
                f"{_skill(s.skill_over_last_value)} over the day before"
            )
        )
    return Group(*lines, *(Text(note, style="dim") for note in r.notes))


def _skill(s: SkillRecord) -> str:
    if s.value is None or s.low is None or s.high is None:
        return "not defined"
    return f"{s.value:.3f} ({s.low:.3f} to {s.high:.3f})"
