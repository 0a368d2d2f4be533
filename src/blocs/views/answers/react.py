"""Who answers whom, how fast: reaction told apart from old quarrels."""

from __future__ import annotations

from datetime import date

import msgspec
import polars as pl

from blocs import actors
from blocs.contracts import Answer, Evidence, Facts, View
from blocs.errors import BadInput, MissingData, UnknownName
from blocs.evidence.holdings import hold, original_files
from blocs.evidence.intake import recognise
from blocs.outlook.hawkes.model import SCALES
from blocs.outlook.hawkes.stream import KINDS, stream_of
from blocs.outlook.reaction import (
    MODELS,
    ReactionFit,
    fit_pair,
    fit_reaction,
)
from blocs.registry import DATASETS, nearest
from blocs.views import wording
from blocs.views.answer_page import Named, Page, Section, command_line, write_page
from blocs.views.charts.figure import Table, table
from blocs.views.charts.reaction import reaction
from blocs.views.kept_answers import keep_answer
from blocs.views.progress import progress
from blocs.views.records.reaction import ReactFacts, reaction_record

RECORDS = ("mid", "icews", "icews14", "gdelt")


def react(
    a: str,
    b: str,
    *,
    about: str = "conflict",
    record: str = "",
    from_: int = 1816,
    to: int = 2100,
    train: float = 0.8,
    seed: int = 0,
    evidence: Evidence = Evidence(),
) -> ReactFacts:
    """Tell who answers whom, how fast, from dated events between states.

    Parameters
    ----------
    a, b : str
        Two states: codes or names.
    about : str
        ``conflict``, ``cooperation`` or ``all``.
    record : str
        ``mid``, ``icews``, ``icews14`` or ``gdelt``; the one with most events if empty.
    from_, to : int
        Years, both included.
    train : float
        Share of the events to train on; the others judge.
    seed : int
        Seed of resampling and simulation.
    evidence : Evidence
        Where the events are.
    """
    return _fitted(a, b, (from_, to), about, record, train, seed, evidence)[1]


def ask(
    a: str,
    b: str,
    *,
    about: str = "conflict",
    record: str = "",
    from_: int = 1816,
    to: int = 2100,
    train: float = 0.8,
    seed: int = 0,
    evidence: Evidence = Evidence(),
) -> Answer:
    """Tell who answers whom, how fast, from dated events between states.

    A model of all dyads keeps slow memory (which dyads are quarrelsome) apart from fast
    branching (what an event brings within some sixty days). It is trained on the first
    four fifths of the record; reaction is told only if it forecasts the rest better than
    slow memory alone. Needs events: disputes (mid, dyadic file 4.02 with days), ICEWS,
    ICEWS14 or GDELT.

    Parameters
    ----------
    a
        A state: code or name.
    b
        Another state.
    about
        conflict, cooperation or all; disputes are conflict.
    record
        mid, icews, icews14 or gdelt; the one with most events if none is named.
    from_
        First year.
    to
        Last year, included.
    train
        Share of the events to train on.
    seed
        Seed of resampling and simulation.
    """
    fit, made = _fitted(a, b, (from_, to), about, record, train, seed, evidence)
    page = _page(fit, made, evidence)
    answer = Answer(facts=made, text=_text(made), table=_table(made), page=lambda: write_page(page))
    return keep_answer("react", answer, evidence)


def _fitted(
    a: str,
    b: str,
    years: tuple[int, int],
    about: str,
    record: str,
    train: float,
    seed: int,
    evidence: Evidence,
) -> tuple[ReactionFit, ReactFacts]:
    if not 0.5 <= train <= 0.95:
        raise BadInput(f"--train {train}: between 0.5 and 0.95 of the events")
    ends = tuple(actors.resolve(x) for x in (a, b))
    if ends[0] == ends[1]:
        raise BadInput(f"{a!r} and {b!r} are the same state ({ends[0]}); name two")
    name, facts = _record(record, evidence)
    stream = stream_of(facts, about=about, first=years[0], last=years[1], today=date.today())
    with progress(unit="refits") as step:
        fit = fit_reaction(stream, train=train, seed=seed, watch=step("fitting"))
        pair = fit_pair(stream, *ends, seed=seed)
    return fit, reaction_record(fit, pair, ends, name, about, seed)


def _record(wanted: str, evidence: Evidence) -> tuple[str, Facts]:
    if wanted and wanted not in RECORDS:
        raise UnknownName(
            "record", wanted, nearest(wanted, RECORDS), f"Known: {', '.join(RECORDS)}."
        )
    only = (wanted,) if wanted else RECORDS
    held = hold(
        data=evidence.data, project=evidence.project, use=_use(evidence), only=only
    ).by_dataset
    sizes = {n: _events(held[n]) for n in only if n in held}
    best = max(sizes, key=lambda n: (sizes[n], n), default="")
    if not best or not sizes[best]:
        raise MissingData(
            "reaction needs dated events between states; name disputes (the dyadic MID file 4.02), "
            f"ICEWS, ICEWS14 or GDELT with --data PATH, or `blocs data add {only[0]} PATH`"
        )
    return best, held[best]


def _events(facts: Facts) -> int:
    return facts.events.filter(pl.col("kind").is_in(list(KINDS))).height


def _use(evidence: Evidence) -> tuple[str, ...]:
    """Prefer the disputes that are dated to the day, where they are and no other is chosen."""
    if any(word.startswith("mid:") for word in evidence.use) or not evidence.data:
        return evidence.use
    known, _ = recognise([p for p in original_files(evidence.data, None) if p.exists()])
    dated = any((f.dataset, f.release.version) == ("mid", "4.02") for f in known)
    return (*evidence.use, "mid:4.02") if dated else evidence.use


def _text(f: ReactFacts) -> str:
    fast, slow = (
        " and ".join(
            f"{b.channel} {b.brings.value:.2f} ({b.brings.low:.2f} to {b.brings.high:.2f})"
            for b in f.branching
            if b.speed == speed
        )
        for speed in ("fast", "slow")
    )
    lines = [
        f.sentence,
        f"{f.events:,} events of {f.actors} states, {f.first_day} to {f.last_day} ({f.record}, "
        f"{f.about}); trained on {f.train:,}, held out {f.test:,}.",
        "Held-out log-likelihood per event: "
        + ", ".join(f"{k.replace('_', ' ')} {v:.3f}" for k, v in f.loglik.items())
        + f"; gain over slow memory {f.gain.value:+.3f} ({f.gain.low:+.3f} to {f.gain.high:+.3f}).",
        f"One event brings, fast: {fast or wording.NOT_KNOWN}; slow: {slow}.",
        "Events in other regions help to forecast: it spreads."
        if f.spreads
        else "That it spreads to other regions is not claimed: events there forecast no better "
        f"({f.elsewhere.value:+.3f}, {f.elsewhere.low:+.3f} to {f.elsewhere.high:+.3f}).",
        f"Check: KS {f.ks:.3f} (p {f.ks_p:.2g}); {f.held_out_events:,} held-out events, simulated "
        f"{f.simulated_events.value:,.0f} ({f.simulated_events.low:,.0f} to "
        f"{f.simulated_events.high:,.0f}).",
    ]
    lines += [
        f"{x.sender} to {x.receiver}: {x.events} events; answers {x.answer.value:.2f} "
        f"({x.answer.low:.2f} to {x.answer.high:.2f}), own {x.own.value:.2f} "
        f"({x.own.low:.2f} to {x.own.high:.2f})" + ("" if x.told else "; not clear of nothing")
        for x in f.pair
    ]
    return "\n".join([*lines, *(f"Note: {n}." for n in f.notes)])


def _table(f: ReactFacts) -> pl.DataFrame:
    rows = [
        {
            "who": "all dyads",
            "channel": b.channel,
            "speed": b.speed,
            **msgspec.to_builtins(b.brings),
        }
        for b in f.branching
    ]
    rows += [
        {
            "who": f"{x.sender}>{x.receiver}",
            "channel": channel,
            "speed": "fast",
            **msgspec.to_builtins(part),
        }
        for x in f.pair
        for channel, part in (("self", x.own), ("reciprocal", x.answer))
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _page(fit: ReactionFit, f: ReactFacts, evidence: Evidence) -> Page:
    a, b = (_name(x, f) for x in (f.a, f.b))
    headline = _headline(f)
    figures = [
        Section(
            key="reaction",
            title="Does the last act bring the next?",
            figures=(reaction(fit, title=headline, source=f.record),),
        )
    ]
    sections = [] if fit.stream.by_year else figures
    if f.pair:
        sections.append(Section(key="pair", title=f"{a} and {b}", tables=(_pair_table(f),)))
    sections.append(Section(key="method", title="How it was computed", sentences=_METHOD))
    part = DATASETS.get(f.record)
    options = {
        "--about": f.about if f.about != "conflict" else None,
        "--record": f.record,
        "--seed": f.seed or None,
        "--data": evidence.data,
        "--project": evidence.project,
        "--use": evidence.use,
    }
    return Page(
        title=f"Who answers whom: {a} and {b}",
        question=f"Do {a} and {b} answer each other's acts, and how fast?",
        headline=headline.rstrip(".") + ".",
        sentences=tuple(_text(f).splitlines()[:6]),
        cautions=tuple(wording.upper_first(n) + "." for n in f.notes),
        sections=tuple(sections),
        sources=(Named(f.record, f"{f.record}: {KINDS[fit.stream.kind]}. {part.citation}"),),
        command=command_line("react", [f.a, f.b], options),
    )


def _headline(f: ReactFacts) -> str:
    """Say what there is of the pair, else of the record."""
    if not f.released:
        return f.sentence.partition(":")[0]
    general, _, pair = f.sentence.partition(". ")
    return pair if any(side.told for side in f.pair) else general


def _name(actor: str, f: ReactFacts) -> str:
    """Name a state as it was called when the record ends."""
    return actors.name_of(actor, date.fromisoformat(f.last_day))


def _pair_table(f: ReactFacts) -> Table:
    rows = [
        [
            f"{_name(x.sender, f)} towards {_name(x.receiver, f)}",
            wording.count(x.events),
            f"{x.answer.value:.2f} ({x.answer.low:.2f} to {x.answer.high:.2f})",
            f"{x.own.value:.2f} ({x.own.low:.2f} to {x.own.high:.2f})",
            wording.NOT_KNOWN if x.half_life_days is None else f"{x.half_life_days:.0f}",
        ]
        for x in f.pair
    ]
    columns = (
        "Acts",
        "#Events",
        "#Answers for one act",
        "#Own for one of one's own",
        "#Half-life, days",
    )
    return table(
        "Events that one event brings within some sixty days, 95 % intervals", columns, rows
    )


_METHOD = (
    "A self-exciting process on directed dyads (Hawkes 1971, doi:10.1093/biomet/58.1.83): rate of "
    "i towards j = constant + activity of i times that of j + sums of past events of i towards j "
    "and of j towards i, each decayed with "
    + wording.listed([f"{s:g}" for s in SCALES])
    + " days. The first three are fast branching, the others slow memory. Weights are not "
    "negative and found by expectation and maximisation; events of one day do not excite each "
    "other. Intervals: blocks of events given exponential weights and refitted.",
    "Baselines on the held-out events: "
    + "; ".join(f"{k.replace('_', ' ')}: {v}" for k, v in MODELS.items())
    + ". KS compares the gaps on the model's clock with the exponential; the count "
    "check simulates the held-out time.",
)


VIEW = View(
    ask=ask,
    shows={ReactFacts: lambda made: Answer(facts=made, text=_text(made), table=_table(made))},
    examples=(
        "blocs react RUS UKR --data tkg_icews14 --about all",
        "blocs react PRK KOR --data dyadic_mid_4.02.csv -o react.html",
        "blocs react USA IRN --record mid --json",
    ),
)
