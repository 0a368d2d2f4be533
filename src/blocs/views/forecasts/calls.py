"""Forecasts in Python: `blocs.forecast.fit`, `next_events`, `evaluate`, `resolve`, `kept`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from blocs import project as projects
from blocs.contracts import Evidence
from blocs.errors import BadInput, UnknownName
from blocs.outlook.chronicle import Chronicle
from blocs.outlook.evaluation import Evaluation
from blocs.outlook.event_files import Split, read_chronicle, read_split
from blocs.outlook.forecasting import (
    Fitted,
    compile_once,
    evaluate_split,
    fit_once,
    foresee,
    tuning_days,
)
from blocs.registry import FORECASTERS, nearest
from blocs.views.forecasts import record as told
from blocs.views.forecasts.kept import (
    STORE,
    issue,
    keep_forecasts,
    read_forecasts,
    resolve_one,
    score_all,
)
from blocs.views.progress import progress

_STEPS = ("single", "multi")


def fit(*, method: str = "rules", seed: int = 0, evidence: Evidence = Evidence()) -> told.FitRecord:
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
    fitted, found = _fit(chronicle, method, seed, projects.home(evidence.project))
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
        project=str(projects.home(evidence.project)),
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
    home = projects.home(evidence.project)
    fitted, _ = _fit(chronicle, method, seed, home)
    coming = foresee(fitted, chronicle, sender=ends[0], receiver=ends[1], relation=kind, k=k)
    issued = tuple(
        issue(chronicle, one, rank=rank + 1, method=method, seed=seed, today=today)
        for rank, one in enumerate(coming)
    )
    if keep:
        keep_forecasts(home, issued)
    return told.ForecastsRecord(
        schema="blocs.forecast.next/1",
        known_until=chronicle.when(chronicle.last),
        forecasts=issued,
        kept_in=str(home / STORE) if keep else None,
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
    return evaluate_files(train, valid, test, method, step, seed, probabilities, evidence)[0]


def resolve(*, evidence: Evidence = Evidence()) -> told.ResolvedRecord:
    """Resolve kept forecasts whose day the events now cover, and score them all.

    Parameters
    ----------
    evidence : Evidence
        Where the events are, and the project that keeps the forecasts.
    """
    home = projects.home(evidence.project)
    every = read_forecasts(home)
    if not every:
        raise BadInput(f"{home} keeps no forecast; `blocs forecast next` issues some")
    chronicle = read_chronicle(evidence, today=date.today())
    found = [resolve_one(f, chronicle) for f in every if f.outcome is None]
    done = tuple(f for f in found if not isinstance(f, str))
    keep_forecasts(home, done)
    why = [f for f in found if isinstance(f, str)]
    return told.ResolvedRecord(
        known_until=chronicle.when(chronicle.last),
        resolved=done,
        still_open=len(why),
        why_open=tuple(sorted(set(why))),
        scores=score_all([f for f in read_forecasts(home) if f.outcome is not None]),
        notes=chronicle.notes,
    )


def kept(*, evidence: Evidence = Evidence()) -> told.ForecastsRecord:
    """List the forecasts a project keeps, open and resolved.

    Parameters
    ----------
    evidence : Evidence
        Its project is read.
    """
    every = read_forecasts(projects.home(evidence.project))
    return told.ForecastsRecord(
        schema="blocs.forecast.list/1",
        known_until=max((f.known_until for f in every), default=""),
        forecasts=every,
        kept_in=str(projects.home(evidence.project) / STORE) if every else None,
        notes=(),
    )


def evaluate_files(
    train: str | Path,
    valid: str | Path,
    test: str | Path,
    method: str,
    step: str,
    seed: int,
    probabilities: bool,
    evidence: Evidence,
) -> tuple[told.EvaluationRecord, Evaluation, Split]:
    """Evaluate as `evaluate` does; also the ranks and the events.

    Parameters
    ----------
    train, valid, test, method, step, seed, probabilities, evidence
        As in `evaluate`.
    """
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
            home=projects.home(evidence.project),
            begin=begin,
        )
    record = told.evaluation_record(
        found,
        split,
        method=method,
        step=step,
        seed=seed,
        compiling=compiling,
        fitted_before=fitted_before,
        citation=str(FORECASTERS.get(method).citation),
    )
    return record, found, split


def _check_method(method: str) -> None:
    FORECASTERS.get(method)


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
