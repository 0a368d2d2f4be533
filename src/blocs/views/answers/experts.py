"""What experts' statements imply: windows, whether and when, pools, base rates, scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from blocs.contracts import Answer, Evidence, View
from blocs.evidence.holdings import hold
from blocs.outlook.base_rates import LEVEL, Rate
from blocs.outlook.competition.outcomes import dispute_events
from blocs.outlook.experts import Forecast, Views, assess_experts
from blocs.outlook.statements import read_statements
from blocs.views import wording
from blocs.views.answer_page import Named, Page, Section, command_line, write_page
from blocs.views.charts.figure import Table, table
from blocs.views.charts.statements import chances, ever, timeline, window_of
from blocs.views.formats import number_or_none
from blocs.views.kept_answers import keep_answer
from blocs.views.records.experts import (
    BaseRate,
    Chance,
    Decision,
    ExpertsFacts,
    Judged,
    Told,
)
from blocs.views.templating import environment

_CASES = 3
_YEARS = (1, 2, 3, 5, 8, 10, 15, 20)


def experts(file: str | Path, *, evidence: Evidence = Evidence()) -> ExpertsFacts:
    """Read experts' statements and say what they imply.

    Parameters
    ----------
    file : str or Path
        Statements (.toml) or the forecasts of `blocs.read` (.jsonl).
    evidence : Evidence
        Where the disputes are, for base rates of the use of force.

    Returns
    -------
    ExpertsFacts
        Distributions, pools of the same event, base rates, scores.
    """
    return _facts(_views(Path(file), evidence))


def ask(file: Path, *, evidence: Evidence = Evidence()) -> Answer:
    """Set experts' statements on one axis of time, with pools, base rates and scores.

    FILE.toml holds the statements: who said what, when, of which event, within which
    window, and P(ever) if it was given; it is never read off "could". A .jsonl file of
    `blocs read` gives the forecasts found in articles. Statements of the same event are
    pooled, of different events never. `blocs experts new -o FILE.toml` writes a
    commented example.

    Parameters
    ----------
    file
        Statements (.toml), forecasts that were read (.jsonl), or the word new.
    """
    if str(file) == "new" and not file.exists():
        return _example()
    views = _views(file, evidence)
    facts = _facts(views)
    page = _page(views, facts, file, evidence)
    answer = Answer(
        facts=facts, text=_text(facts), table=_table(views), page=lambda: write_page(page)
    )
    return keep_answer("experts", answer, evidence)


def _views(file: Path, evidence: Evidence) -> Views:
    panel = read_statements(file)
    of_force = any(e.base is not None and e.base.outcome == "force" for e in panel.events.values())
    if not of_force:
        return assess_experts(panel)
    held = hold(data=evidence.data, project=evidence.project, use=evidence.use, only=("mid",))
    facts = held.by_dataset.get("mid")
    return assess_experts(panel, None if facts is None else dispute_events(facts))


def _example() -> Answer:
    text = environment().get_template("experts.toml").render()
    return Answer(
        facts={"toml": text},
        text=text.rstrip("\n"),
        formats={".toml": lambda stream: stream.write((text.rstrip("\n") + "\n").encode())},
    )


def _facts(views: Views) -> ExpertsFacts:
    return ExpertsFacts(
        schema="blocs.experts/1",
        title=views.panel.title,
        origin=views.origin.isoformat(),
        events=tuple(
            Decision(
                event=name,
                text=e.text,
                resolution=e.resolution,
                happened=e.happened,
                decided=e.decided,
            )
            for name, e in views.panel.events.items()
        ),
        statements=views.panel.statements,
        forecasts=tuple(_told(f, views) for f in views.forecasts),
        pools=tuple(_told(f, views) for f in views.pools),
        base_rates=tuple(_rate(name, r, views) for name, r in views.rates.items()),
        scores=tuple(
            Judged(
                statement=s.statement,
                until=s.until.isoformat(),
                happened=s.happened,
                prob=s.prob,
                brier=s.brier,
                log=(number_or_none(s.log[0]), number_or_none(s.log[1])),
                crps=s.crps,
            )
            for s in views.scores
        ),
        notes=views.alone,
    )


def _told(f: Forecast, views: Views) -> Told:
    chances_at = []
    for years in (y for y in _YEARS if y <= views.grid[-1]):
        if f.low is None or f.high is None:
            break
        at = [None if c is None else float(np.interp(years, views.grid, c)) for c in
              (f.timing, f.low, f.high)]  # fmt: skip
        chances_at.append(Chance(years=years, timing=at[0], low=at[1] or 0.0, high=at[2] or 0.0))
    return Told(
        name=f.name,
        event=f.event,
        ever_low=f.ever[0],
        ever_high=f.ever[1],
        chances=tuple(chances_at),
    )


def _rate(event: str, r: Rate, views: Views) -> BaseRate:
    made = []
    for years in (y for y in _YEARS if y <= views.grid[-1]):
        _, low, high = r.by(years)
        made.append(Chance(years=years, timing=None, low=low, high=high))
    return BaseRate(
        event=event,
        reference=r.reference,
        first=r.first,
        last=r.last,
        events=r.events,
        exposure=r.exposure,
        rate=r.rate,
        low=r.low,
        high=r.high,
        level=LEVEL,
        cases=r.cases,
        chances=tuple(made),
    )


def _table(views: Views) -> pl.DataFrame:
    rows = [
        {
            "event": f.event,
            "forecast": f.name,
            "years": float(views.grid[i]),
            "timing_if_ever": None if f.timing is None else float(f.timing[i]),
            "ever_low": f.ever[0],
            "ever_high": f.ever[1],
            "prob_low": float(f.low[i]),
            "prob_high": float(f.high[i]),
        }
        for f in (*views.forecasts, *views.pools)
        if f.low is not None and f.high is not None
        for i in range(0, len(views.grid), 10)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _text(f: ExpertsFacts) -> str:
    names = {e.event: e.text for e in f.events}
    lines = [f.title] if f.title else []
    for s in f.statements:
        window = window_of(s)
        lines.append(
            f"{s.speaker}, {wording.day(s.said)}: {names[s.event]}: {window} ({s.shape}); said "
            f"{s.modality!r}; P(ever) {ever(s.p_ever)}"
        )
    for pool in f.pools:
        at = next((c for c in pool.chances if c.years == 5), None)
        if at is not None:
            ends = " to ".join(dict.fromkeys(wording.percent(x, decimals=1)
                                             for x in (at.low, at.high)))  # fmt: skip
            lines.append(f"Pool of {pool.event}, {pool.name}: P(within 5 years) {ends}")
    lines += [_said(r, names[r.event]) for r in f.base_rates]
    lines += [_scored(s) for s in f.scores]
    lines += [
        f"Open: {e.text}. Decided when: {e.resolution}" for e in f.events if e.happened is None
    ]
    return "\n".join([*lines, *(f"Note: {n}" for n in f.notes)])


def _said(r: BaseRate, text: str) -> str:
    more = len(r.cases) - _CASES
    cases = ", ".join(r.cases[:_CASES]) + (f" and {more} more" if more > 0 else "")
    cases = f" ({cases})" if cases else ""
    share = f"{100 * r.rate:.2f} % a year (90 %: {100 * r.low:.2f} to {100 * r.high:.2f})"
    return (
        f"Base rate for {text!r}: {r.events} in {r.exposure:,} pairs and years, "
        f"{r.first}-{r.last}{cases}: {share}; {r.reference}."
    )


def _scored(s: Judged) -> str:
    def both(pair: tuple[float | None, float | None]) -> str:
        said = dict.fromkeys("infinite" if x is None else f"{x:.3f}" for x in pair)
        return " to ".join(said)

    return (
        f"Scored {s.statement} on {s.until} ({'happened' if s.happened else 'not by then'}): gave "
        f"{both(s.prob)}; Brier {both(s.brier)}, log {both(s.log)}, CRPS {both(s.crps)} years"
    )


def _page(views: Views, f: ExpertsFacts, file: Path, evidence: Evidence) -> Page:
    speakers = wording.listed(list(dict.fromkeys(s.speaker for s in f.statements)))
    sections = [
        Section(key="windows", title="When?", figures=(timeline(views, title=_finding(f)),))
    ]
    if any(t.chances for t in f.forecasts):
        sections.append(
            Section(key="whether", title="Whether, and by when?", figures=(chances(views),))
        )
    if f.scores:
        sections.append(Section(key="scores", title="How did they do?", tables=(_scores(f),)))
    sections += [
        Section(key="decided", title="How is it decided?", tables=(_decisions(f),)),
        Section(key="method", title="How it was computed", sentences=_METHOD),
    ]
    used = [
        Named(
            "statements",
            f"{file.name}: " + "; ".join(dict.fromkeys(s.source for s in f.statements)),
        )
    ]
    if f.base_rates:
        used.append(Named("almanac", "almanac of blocs: wars, sides, treaties, major powers"))
    return Page(
        title=f.title or "What the experts' statements imply",
        question=f"What do the statements of {speakers} imply?",
        headline=_finding(f),
        sentences=tuple(
            _said(r, {e.event: e.text for e in f.events}[r.event]) for r in f.base_rates
        ),
        cautions=f.notes,
        sections=tuple(sections),
        sources=tuple(used),
        command=command_line(
            "experts", [file], {"--data": evidence.data, "--project": evidence.project}
        ),
    )


def _finding(f: ExpertsFacts) -> str:
    given = sum(s.p_ever is not None for s in f.statements)
    events = len({s.event for s in f.statements})
    n = len(f.statements)
    of = f"{n} statement{'s' * (n != 1)} of {events} event{'s' * (events != 1)}"
    whether = (
        "all say how likely"
        if given == n
        else ("none says how likely" if not given else f"{given} of them say how likely")
    )
    return f"{of}: they say when, if ever; {whether} it is at all"


def _scores(f: ExpertsFacts) -> Table:
    rows = [
        [
            s.statement,
            wording.day(s.until),
            "yes" if s.happened else "not by then",
            *(" to ".join(dict.fromkeys("infinite" if x is None else f"{x:.3f}" for x in pair))
              for pair in (s.prob, s.brier, s.log, s.crps)),
        ]
        for s in f.scores
    ]  # fmt: skip
    columns = ("Statement", "Until", "Happened", "#Gave", "#Brier", "#Log", "#CRPS, years")
    return table("Scores; 0 is perfect; from the low to the high end of P(ever)", columns, rows)


def _decisions(f: ExpertsFacts) -> Table:
    state = {None: "open", True: "happened", False: "had not happened"}
    rows = [
        [e.text, state[e.happened], wording.day(e.decided) if e.decided else "", e.resolution]
        for e in f.events
    ]
    return table("Events and how they are decided", ("Event", "State", "On", "Rule"), rows)


_METHOD = (
    "A window by a date is a log-normal distribution from the day it was said, with a tenth before "
    "and a tenth after it. A window that opens has the same distribution of its opening; with a "
    "rate, a steady hazard from then on. P(it has happened by t) = q F(t), with q whether it ever "
    "happens, as given; where none was given the whole range from 0 to 1 is shown.",
    "Pools, of one event only: the mean of probabilities (linear, the default); the mean of "
    "quantiles; the mean of log odds, and the same times the factor of Neyman and Roughgarden "
    "(2022, doi:10.1145/3490486.3538243), which assumes that the experts know different things.",
    "Scores: Brier for P(by the day), logarithm of the density at the time or of survival while it "
    "has not happened, and the integrated squared error over time, right-censored.",
)


VIEW = View(
    ask=ask,
    shows={ExpertsFacts: lambda found: Answer(facts=found, text=_text(found))},
    examples=(
        "blocs experts new -o statements.toml",
        "blocs experts statements.toml -o experts.html",
        "blocs experts forecasts.jsonl --json",
    ),
    endings=(".toml",),
)
