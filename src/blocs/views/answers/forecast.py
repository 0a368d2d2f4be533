"""What comes next between actors, how likely, and how such forecasts have done."""

from __future__ import annotations

from pathlib import Path

from blocs.contracts import Answer, Evidence, View
from blocs.views.answer_page import command_line
from blocs.views.forecasts import record as told
from blocs.views.forecasts.calls import (
    evaluate,
    evaluate_files,
    fit,
    kept,
    next_events,
    resolve,
)
from blocs.views.forecasts.kept import forecast_table
from blocs.views.forecasts.page import evaluation_page
from blocs.views.kept_answers import keep_answer

__all__ = ["VIEW", "evaluate", "fit", "kept", "next_events", "resolve"]


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
    return _listed(r, head)


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
    record, found, split = evaluate_files(
        train, valid, test, method, step, seed, not ranks_only, evidence
    )
    answer = Answer(
        facts=record,
        text=told.evaluation_lines(record),
        table=told.rank_table(found, split.chronicle),
        page=lambda: evaluation_page(
            record,
            command_line(
                "forecast",
                ["evaluate"],
                {"--train": train, "--valid": valid, "--test": test, "--method": method}
                | {"--step": step, "--seed": seed},
            ),
        ),
    )
    return keep_answer("forecast evaluate", answer, evidence)


def _ask_resolve(*, evidence: Evidence = Evidence()) -> Answer:
    """Resolve kept forecasts whose day the events now cover; score all resolved ones."""
    r = resolve(evidence=evidence)
    return Answer(facts=r, text=told.resolved_lines(r), table=forecast_table(r.resolved))


def _ask_list(*, evidence: Evidence = Evidence()) -> Answer:
    """List the forecasts a project keeps, open and resolved."""
    r = kept(evidence=evidence)
    return _listed(r, _open(r))


def _open(r: told.ForecastsRecord) -> str:
    return f"{len(r.forecasts)} forecasts, {sum(f.outcome is None for f in r.forecasts)} open"


def _listed(r: told.ForecastsRecord, head: str) -> Answer:
    return Answer(facts=r, text=told.forecast_lines(r, head), table=forecast_table(r.forecasts))


VIEW = View(
    verbs={
        "fit": _ask_fit,
        "next": _ask_next,
        "evaluate": _ask_evaluate,
        "resolve": _ask_resolve,
        "list": _ask_list,
    },
    shows={
        told.ForecastsRecord: lambda r: _listed(r, _open(r)),
        told.ResolvedRecord: lambda r: Answer(
            facts=r, text=told.resolved_lines(r), table=forecast_table(r.resolved)
        ),
        told.EvaluationRecord: lambda r: Answer(facts=r, text=told.evaluation_lines(r)),
    },
    examples=(
        "blocs forecast next --sender RUS --relation 042 -k 10",
        "blocs forecast fit --method evidence --data events.2018.tab",
        "blocs forecast evaluate --train train.txt --valid valid.txt --test test.txt "
        "--method rules --step single --json",
        "blocs forecast resolve --data events.2019.tab",
    ),
)
