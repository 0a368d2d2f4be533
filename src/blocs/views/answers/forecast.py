"""What comes next between actors, how likely, and how such forecasts have done."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

from blocs import project as projects
from blocs.contracts import Answer, Evidence, View
from blocs.errors import BadInput, UnknownName
from blocs.outlook.calibration import calibration
from blocs.outlook.chronicle import Chronicle
from blocs.outlook.evaluation import Evaluation
from blocs.outlook.event_files import Split, read_chronicle, read_split
from blocs.outlook.forecasting import (
    Coming,
    Fitted,
    compile_once,
    evaluate_split,
    fit_once,
    foresee,
    tuning_days,
)
from blocs.outlook.scoring import brier_score, log_score
from blocs.outlook.skill import skill
from blocs.registry import FORECASTERS, nearest
from blocs.views import forecasts as told
from blocs.views.answer_page import command_line
from blocs.views.forecast_page import evaluation_page
from blocs.views.progress import progress

_STEPS = ("single", "multi")
_PROTOCOL = (
    "Both directions; history = {history}; time-aware filter; equal scores share their mean rank; "
    "nothing of the same day is known."
)


def fit(
    *, method: str = "rules", seed: int = 0, evidence: Evidence = Evidence()
) -> told.FitRecord:
    """Fit a forecaster on all events known, and keep it for `next_events`.

    Parameters
    ----------
    method : str
        ``recurrency``, ``rules`` or ``evidence``.
    seed : int
        Seed of what is drawn.
    evidence : Evidence
        Where the events are.

    Raises
    ------
    MissingData
        If there are no events.
    BadInput
        If there are too few.
    """
    _check_method(method)
    chronicle = read_chronicle(evidence, today=date.today())
    fitted, found = _fit(chronicle, method, seed, _home(evidence))
    return told.FitRecord(
        method=method,
        events=chronicle.events.height,
        actors=len(chronicle.actors),
        relations=len(chronicle.relations),
        first=chronicle.when(0),
        last=chronicle.when(chronicle.last),
        tuned_from=chronicle.when(tuning_days(chronicle)),
        seconds=round(fitted.seconds, 2),
        fitted_before=found,
        project=str(_home(evidence)),
        notes=chronicle.notes,
        citation=str(FORECASTERS.get(method).citation),
    )


def next_events(
    *,
    sender: str = "",
    relation: str = "",
    receiver: str = "",
    k: int = 10,
    method: str = "rules",
    seed: int = 0,
    keep: bool = True,
    evidence: Evidence = Evidence(),
) -> told.ForecastsRecord:
    """Forecast the events of the day after the last one known.

    Parameters
    ----------
    sender, receiver : str
        Actors by name or code; one of them at least.
    relation : str
        Kind of act, by name or code; empty = every kind the actor has had.
    k : int
        How many forecasts.
    method : str
        ``recurrency``, ``rules`` or ``evidence``.
    seed : int
        Seed of what is drawn.
    keep : bool
        Whether to keep them in the project, dated, to be resolved later.
    evidence : Evidence
        Where the events are.

    Raises
    ------
    UnknownName
        With the nearest names, for an actor or a relation not in the events.
    """
    _check_method(method)
    if not sender and not receiver:
        raise BadInput("name a --sender or a --receiver")
    if k < 1:
        raise BadInput(f"-k {k}: one forecast or more")
    today = date.today()
    chronicle = read_chronicle(evidence, today=today)
    ends = [chronicle.actor(name) if name else None for name in (sender, receiver)]
    kind = chronicle.relation(relation) if relation else None
    home = _home(evidence)
    fitted, _ = _fit(chronicle, method, seed, home)
    coming = foresee(fitted, chronicle, sender=ends[0], receiver=ends[1], relation=kind, k=k)
    issued = tuple(
        _forecast(chronicle, one, rank + 1, method, seed, today) for rank, one in enumerate(coming)
    )
    if keep:
        told.keep_forecasts(home, issued)
    return told.ForecastsRecord(
        schema="blocs.forecast.next/1",
        known_until=chronicle.when(chronicle.last),
        forecasts=issued,
        kept_in=str(home / told.STORE) if keep else None,
        notes=chronicle.notes,
    )


def evaluate(
    *,
    train: str | Path,
    valid: str | Path,
    test: str | Path,
    method: str = "rules",
    step: str = "single",
    seed: int = 0,
    probabilities: bool = True,
    evidence: Evidence = Evidence(),
) -> told.EvaluationRecord:
    """Measure how well a method forecasts a test file from the files before it.

    Parameters
    ----------
    train, valid, test : str or Path
        Quadruples (RE-Net, RE-GCN, xERTE, TLogic or plain), ICEWS or GDELT files
        that follow each other in time.
    method : str
        ``recurrency``, ``rules`` or ``evidence``.
    step : str
        ``single``: the days before the one asked about are known; ``multi``: the days up
        to the end of validation.
    seed : int
        Seed of what is drawn.
    probabilities : bool
        Whether to score probabilities as well.
    evidence : Evidence
        Its project keeps the fitted model.

    Returns
    -------
    EvaluationRecord
        ``mrr`` and ``hits`` in per cent.
    """
    return _evaluate(train, valid, test, method, step, seed, probabilities, evidence)[0]


def resolve(*, evidence: Evidence = Evidence()) -> told.ResolvedRecord:
    """Resolve kept forecasts whose day the events now cover, and score them all.

    Parameters
    ----------
    evidence : Evidence
        Where the events are, and the project that keeps the forecasts.
    """
    home = _home(evidence)
    every = told.read_forecasts(home)
    if not every:
        raise BadInput(f"{home} keeps no forecast; `blocs forecast next` issues some")
    chronicle = read_chronicle(evidence, today=date.today())
    found = [_resolve(f, chronicle) for f in every if f.outcome is None]
    done = tuple(f for f in found if not isinstance(f, str))
    told.keep_forecasts(home, done)
    why = [f for f in found if isinstance(f, str)]
    return told.ResolvedRecord(
        known_until=chronicle.when(chronicle.last),
        resolved=done,
        still_open=len(why),
        why_open=tuple(sorted(set(why))),
        scores=_scores([f for f in told.read_forecasts(home) if f.outcome is not None]),
        notes=chronicle.notes,
    )


def kept(*, evidence: Evidence = Evidence()) -> told.ForecastsRecord:
    """List the forecasts a project keeps, open and resolved.

    Parameters
    ----------
    evidence : Evidence
        Its project is read.
    """
    every = told.read_forecasts(_home(evidence))
    return told.ForecastsRecord(
        schema="blocs.forecast.list/1",
        known_until=max((f.known_until for f in every), default=""),
        forecasts=every,
        kept_in=str(_home(evidence) / told.STORE) if every else None,
        notes=(),
    )


def _ask_fit(*, method: str = "rules", seed: int = 0, evidence: Evidence = Evidence()) -> Answer:
    """Fit a forecaster on all events known, and keep it under the hash of its input.

    Parameters
    ----------
    method
        recurrency, rules or evidence.
    seed
        Seed of what is drawn.
    """
    r = fit(method=method, seed=seed, evidence=evidence)
    again = "was fitted before" if r.fitted_before else f"took {r.seconds:.1f} CPU seconds"
    text = (
        f"{r.method}: {r.events:,} events of {r.actors:,} actors and {r.relations:,} relations, "
        f"{r.first} to {r.last}; {again}, kept in {r.project}"
    )
    return Answer(facts=r, text="\n".join([text, *r.notes]))


def _ask_next(
    *,
    sender: str = "",
    relation: str = "",
    receiver: str = "",
    k: int = 10,
    method: str = "rules",
    seed: int = 0,
    trial: bool = False,
    evidence: Evidence = Evidence(),
) -> Answer:
    """Forecast the events of the day after the last one known, with reasons.

    The probability is that the event is recorded on that day. Forecasts are kept in the
    project with the rule that resolves them.

    Parameters
    ----------
    sender
        Who acts: name or code.
    relation
        Kind of act: name or code; every kind without it.
    receiver
        Whom it is done to: name or code.
    k
        How many forecasts.
    method
        recurrency, rules or evidence.
    seed
        Seed of what is drawn.
    trial
        Show them and keep nothing.
    """
    r = next_events(
        sender=sender,
        relation=relation,
        receiver=receiver,
        k=k,
        method=method,
        seed=seed,
        keep=not trial,
        evidence=evidence,
    )
    head = f"{len(r.forecasts)} forecasts by {method}" + (
        f" for {r.forecasts[0].on}" if r.forecasts else ": nothing in the record speaks for any"
    )
    return Answer(
        facts=r, text=told.forecast_lines(r, head), table=told.forecast_table(r.forecasts)
    )


def _ask_evaluate(
    *,
    train: Path,
    valid: Path,
    test: Path,
    method: str = "rules",
    step: str = "single",
    seed: int = 0,
    ranks_only: bool = False,
    evidence: Evidence = Evidence(),
) -> Answer:
    """Measure how well a method forecasts a test file from the files before it.

    Ranks are by the strict protocol that the answer states; write the reliability picture
    with -o page.html, every rank with --csv.

    Parameters
    ----------
    train
        Events to learn from: quadruples, ICEWS or GDELT.
    valid
        Later events, to tune on.
    test
        Still later events, to be forecast.
    method
        recurrency, rules or evidence.
    step
        single = history is the days before; multi = history ends with validation.
    seed
        Seed of what is drawn.
    ranks_only
        Leave probabilities out.
    """
    record, found, split = _evaluate(
        train, valid, test, method, step, seed, not ranks_only, evidence
    )
    return Answer(
        facts=record,
        text=told.evaluation_lines(record),
        table=told.rank_table(found, split.chronicle),
        page=lambda: evaluation_page(
            record,
            command_line(
                "forecast evaluate",
                [],
                {"--train": train, "--valid": valid, "--test": test, "--method": method}
                | {"--step": step, "--seed": seed},
            ),
        ),
    )


def _ask_resolve(*, evidence: Evidence = Evidence()) -> Answer:
    """Resolve kept forecasts whose day the events now cover; score all resolved ones."""
    r = resolve(evidence=evidence)
    return Answer(
        facts=r, text=told.resolved_lines(r), table=told.forecast_table(r.resolved)
    )


def _ask_list(*, evidence: Evidence = Evidence()) -> Answer:
    """List the forecasts a project keeps, open and resolved."""
    r = kept(evidence=evidence)
    head = f"{len(r.forecasts)} forecasts, {sum(f.outcome is None for f in r.forecasts)} open"
    return Answer(
        facts=r, text=told.forecast_lines(r, head), table=told.forecast_table(r.forecasts)
    )


def _evaluate(
    train: str | Path,
    valid: str | Path,
    test: str | Path,
    method: str,
    step: str,
    seed: int,
    probabilities: bool,
    evidence: Evidence,
) -> tuple[told.EvaluationRecord, Evaluation, Split]:
    _check_method(method)
    if step not in _STEPS:
        raise UnknownName("step", step, nearest(step, _STEPS), "Known: single, multi.")
    split = read_split(Path(train), Path(valid), Path(test), today=date.today())
    compiling = compile_once(method)
    with progress(unit="steps") as begin:
        found, fitted_before = evaluate_split(
            split,
            method=method,
            ahead=step == "multi",
            seed=seed,
            probabilities=probabilities,
            home=_home(evidence),
            begin=begin,
        )
    p, events = found.probabilities, split.chronicle.events["day"]
    history = "the days before" if step == "single" else "the days up to the end of validation"
    record = told.EvaluationRecord(
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
        reliability=told.bins(p.receivers) if p else (),
        event_ece=p.events.ece if p else None,
        event_reliability=told.bins(p.events) if p else (),
        escalations=told.escalations(found),
        protocol=_PROTOCOL.format(history=history),
        notes=split.chronicle.notes,
        citation=str(FORECASTERS.get(method).citation),
    )
    return record, found, split


def _check_method(method: str) -> None:
    FORECASTERS.get(method)


def _home(evidence: Evidence) -> Path:
    return evidence.project if evidence.project is not None else projects.default_path()


def _fit(chronicle: Chronicle, method: str, seed: int, home: Path) -> tuple[Fitted, bool]:
    with progress(unit="steps") as begin:
        return fit_once(
            home,
            method,
            chronicle.quadruples,
            valid=tuning_days(chronicle),
            ahead=False,
            seed=seed,
            watch=begin(f"Fitting {method}"),
            chances=True,
        )


def _forecast(
    chronicle: Chronicle, one: Coming, rank: int, method: str, seed: int, today: date
) -> told.Forecast:
    ends = chronicle.actors
    sender, receiver = ends[one.sender], ends[one.receiver]
    relation, on = chronicle.relations[one.relation], chronicle.last + 1
    known = chronicle.when(chronicle.last)
    act = f"{sender} - {relation} - {receiver}"
    return told.Forecast(
        id=told.forecast_id(str(today), known, act, method, str(seed)),
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
        reasons=told.reasons(chronicle, one.reasons),
        rule=f"yes if the events hold {act} dated {chronicle.when(on)}; no if they reach beyond "
        "that day, name both actors and do not hold it",
        method=method,
        seed=seed,
    )


def _resolve(f: told.Forecast, chronicle: Chronicle) -> told.Forecast | str:
    """Resolve one forecast, or say why it stays open."""
    if f.dated != (chronicle.origin is not None):
        return "its times are of another form than these events'"
    last = chronicle.first + chronicle.last * chronicle.step
    if f.time >= last:
        return f"the events end at {chronicle.when(chronicle.last)}, not after the day forecast"
    if not {f.sender, f.receiver} <= set(chronicle.actors):
        return "these events do not name both actors"
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


def _scores(done: list[told.Forecast]) -> told.ScoresRecord:
    if not done:
        return told.ScoresRecord(
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
        told.skill_record(
            skill(ours, brier_score(y, rival), rng=np.random.default_rng(0), group=days)
        )
        for rival in ([f.base_rate for f in done], [f.last_value for f in done])
    ]
    logs = log_score(y, p)
    return told.ScoresRecord(
        n=len(done),
        came=int(y.sum()),
        brier=float(ours.mean()),
        log=float(logs.mean()) if np.isfinite(logs).all() else None,
        ece=calibration(y, p).ece,
        skill_over_base_rate=over[0],
        skill_over_last_value=over[1],
    )


VIEW = View(
    verbs={
        "fit": _ask_fit,
        "next": _ask_next,
        "evaluate": _ask_evaluate,
        "resolve": _ask_resolve,
        "list": _ask_list,
    },
    examples=(
        "blocs forecast next --sender RUS --relation 042 -k 10",
        "blocs forecast fit --method evidence --data events.2018.tab",
        "blocs forecast evaluate --train train.txt --valid valid.txt --test test.txt "
        "--method rules --step single --json",
        "blocs forecast resolve --data events.2019.tab",
    ),
)
