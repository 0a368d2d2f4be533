"""Forecasts as a project keeps them: issued, dated, with the rule that resolves them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import polars as pl

from blocs import project as projects
from blocs.errors import BadFile
from blocs.outlook.calibration import calibration
from blocs.outlook.chronicle import Chronicle
from blocs.outlook.forecasting import Coming
from blocs.outlook.scoring import brier_score, log_score
from blocs.outlook.skill import skill
from blocs.views.forecasts.record import Forecast, Reason, ScoresRecord, skill_record

STORE: Final = "forecasts.json"


def forecast_id(*parts: str) -> str:
    """Give a forecast its id: a hash of when it was issued, on what, and what it says."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


def read_forecasts(home: Path) -> tuple[Forecast, ...]:
    """Read the forecasts a project keeps."""
    return _forecasts(home, projects.kept_result(home, STORE))


def keep_forecasts(home: Path, forecasts: Sequence[Forecast]) -> None:
    """Keep forecasts; one with an id that is there takes its place."""

    def joined(before: bytes | None) -> bytes:
        every = {f.id: f for f in (*_forecasts(home, before), *forecasts)}
        return msgspec.json.format(msgspec.json.encode(tuple(every.values())), indent=1)

    projects.change_result(home, STORE, joined)


def _forecasts(home: Path, raw: bytes | None) -> tuple[Forecast, ...]:
    if raw is None:
        return ()
    try:
        return msgspec.json.decode(raw, type=tuple[Forecast, ...])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadFile(f"{home / STORE}: not kept forecasts ({error}); restore the file") from None


def forecast_table(forecasts: Sequence[Forecast]) -> pl.DataFrame:
    """One row a forecast; reasons as their ids."""
    rows = [
        {
            **{
                k: v
                for k, v in msgspec.structs.asdict(f).items()
                if k not in {"reasons", "resolved_by"}
            },
            "reasons": " ".join(r.event_id for r in f.reasons),
            "resolved_by": " ".join(f.resolved_by),
        }
        for f in forecasts
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def reasons(chronicle: Chronicle, ids: Sequence[str]) -> tuple[Reason, ...]:
    """Write the events behind a forecast, in the order of their weight."""
    found = chronicle.events.filter(pl.col("event_id").is_in(list(ids)))
    rows = {row["event_id"]: row for row in found.iter_rows(named=True)}
    return tuple(
        Reason(
            event_id=i,
            date=chronicle.when(rows[i]["day"]),
            sender=rows[i]["sender"],
            relation=rows[i]["relation"],
            receiver=rows[i]["receiver"],
        )
        for i in ids
    )


def issue(
    chronicle: Chronicle, one: Coming, *, rank: int, method: str, seed: int, today: date
) -> Forecast:
    """Write a coming event as a dated forecast with its resolution rule.

    Parameters
    ----------
    chronicle : Chronicle
        What is known.
    one : Coming
        The event.
    rank : int
        Its place among those issued together.
    method, seed : str, int
        How it was made.
    today : date
        When it is issued.
    """
    ends = chronicle.actors
    sender, receiver = ends[one.sender], ends[one.receiver]
    relation, on = chronicle.relations[one.relation], chronicle.last + 1
    known = chronicle.when(chronicle.last)
    act = f"{sender} - {relation} - {receiver}"
    return Forecast(
        id=forecast_id(str(today), known, act, method, str(seed)),
        issued=str(today),
        known_until=known,
        on=chronicle.when(on),
        time=chronicle.first + on * chronicle.step,
        dated=chronicle.origin is not None,
        sender=sender,
        relation=relation,
        receiver=receiver,
        rank=rank,
        prob=one.prob,
        share=one.share,
        base_rate=one.base_rate,
        last_value=one.last_value,
        reasons=reasons(chronicle, one.reasons),
        rule=f"yes if the events hold {act} dated {chronicle.when(on)}; no if they begin "
        "before and reach beyond that day, know both actors and the act, and do not hold it",
        method=method,
        seed=seed,
    )


def resolve_one(f: Forecast, chronicle: Chronicle) -> Forecast | str:
    """Resolve one forecast, or say why it stays open."""
    if f.dated != (chronicle.origin is not None):
        return "its times are of another form than these events'"
    last = chronicle.first + chronicle.last * chronicle.step
    if f.time < chronicle.first:
        return f"the events begin at {chronicle.when(0)}, after the day forecast"
    if f.time >= last:
        return f"the events end at {chronicle.when(chronicle.last)}, not after the day forecast"
    if not {f.sender, f.receiver} <= set(chronicle.actors):
        return "these events do not name both actors"
    if f.relation not in chronicle.relations:
        return "these events know no such act: another source codes acts otherwise"
    day = (f.time - chronicle.first) // chronicle.step
    same = chronicle.events.filter(
        (pl.col("day") == day)
        & (pl.col("sender") == f.sender)
        & (pl.col("relation") == f.relation)
        & (pl.col("receiver") == f.receiver)
    )
    came = same.height > 0
    return msgspec.structs.replace(
        f,
        outcome=came,
        resolved=str(date.today()),
        resolved_by=tuple(same["event_id"]),
        brier=float(brier_score(came, f.prob)),
        log=float(log_score(came, f.prob)),
    )


def score_all(done: list[Forecast]) -> ScoresRecord:
    """Score resolved forecasts together."""
    if not done:
        return ScoresRecord(
            n=0,
            came=0,
            brier=None,
            log=None,
            ece=None,
            skill_over_base_rate=None,
            skill_over_last_value=None,
        )
    y, p = np.array([bool(f.outcome) for f in done]), np.array([f.prob for f in done])
    ours, days = brier_score(y, p), np.array([f.on for f in done])
    over = [
        skill_record(skill(ours, brier_score(y, rival), rng=np.random.default_rng(0), group=days))
        for rival in ([f.base_rate for f in done], [f.last_value for f in done])
    ]
    logs = log_score(y, p)
    return ScoresRecord(
        n=len(done),
        came=int(y.sum()),
        brier=float(ours.mean()),
        log=float(logs.mean()) if np.isfinite(logs).all() else None,
        ece=calibration(y, p).ece,
        skill_over_base_rate=over[0],
        skill_over_last_value=over[1],
    )
