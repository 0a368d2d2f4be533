"""What a group shares: grievance or programme, by the reference's vote, issue and tie."""

from __future__ import annotations

import polars as pl

from blocs import actors
from blocs.contracts import Answer, Evidence, View
from blocs.registry import LAYERS
from blocs.views import wording
from blocs.views.asked import ask_group
from blocs.views.records.motives import (
    FRIENDLY,
    HOSTILE,
    Motives,
    TiesMotives,
    VotesMotives,
    motives_record,
)
from blocs.views.wording import change


def motives(
    *group: str,
    reference: str | None = None,
    from_: int | None = None,
    to: int | None = None,
    members_at: int | None = None,
    seed: int = 0,
    evidence: Evidence = Evidence(),
) -> Motives:
    """Split what a group shares: against the reference, for a programme, or neither.

    Parameters
    ----------
    group : str
        Codes, names of states, or the name of a group.
    reference : str, optional
        The power whose votes class the roll calls [default: USA, or RUS].
    from_, to : int, optional
        Years, both included; 2022 to the almanac's last year by default.
    members_at : int, optional
        Freeze a named group at its membership at the end of this year.
    seed : int
        Seeds resampling.
    evidence : Evidence
        Issues, the trend and placebo references need roll calls; the axes on ties
        need disputes, sanctions, treaties, arms.

    Returns
    -------
    Motives

    Examples
    --------
    >>> found = motives("CHN", "RUS", "IRN", "PRK", from_=2022, to=2024)
    >>> max(found.votes.classes, key=lambda c: c.value).name
    'shield'
    """
    feeds = {d for name in ("votes", *HOSTILE, *FRIENDLY) for d in LAYERS.get(name).prefer}
    asked = ask_group(
        group,
        reference=reference,
        from_=from_,
        to=to,
        members_at=members_at,
        seed=seed,
        evidence=evidence,
        only=feeds,
    )
    return motives_record(asked, seed=seed)


def ask(
    *group: str,
    reference: str | None = None,
    from_: int | None = None,
    to: int | None = None,
    members_at: int | None = None,
    seed: int = 0,
    evidence: Evidence = Evidence(),
) -> Answer:
    """Split what a group shares: grievance or programme.

    On votes exactly, by the reference's vote and by issue, with the trend (agenda or
    behaviour) and every other state as the reference. On ties on two axes: common
    enemies, and commitment to each other.

    Parameters
    ----------
    group
        CHN RUS IRN PRK, "North Korea", BRICS, NATO ...
    reference
        The power the group is measured against [default: USA, or RUS if it is a member].
    from_
        First year [default: 2022].
    to
        Last year, included [default: the almanac's last].
    members_at
        Freeze a named group at its membership at the end of this year.
    seed
        Seed of the resampling.
    """
    found = motives(
        *group,
        reference=reference,
        from_=from_,
        to=to,
        members_at=members_at,
        seed=seed,
        evidence=evidence,
    )
    return _answer(found)


def _answer(found: Motives) -> Answer:
    return Answer(facts=found, text=_text(found), table=_table(found))


def _table(found: Motives) -> pl.DataFrame:
    """Return one row a part of likeness: classes, then issues by class."""
    rows = [
        {"what": "class", "name": c.name, "n": found.votes.n, "value": c.value, "low": c.low,
         "high": c.high}
        for c in found.votes.classes
    ]  # fmt: skip
    rows += [
        {"what": "issue", "name": i.issue, "n": i.n, "value": i.value, "low": None, "high": None}
        for i in found.votes.issues
    ]
    schema = {
        "what": pl.String, "name": pl.String, "n": pl.Int64, "value": pl.Float64,
        "low": pl.Float64, "high": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def _text(found: Motives) -> str:
    power = wording.the(actors.name_of(found.reference, found.last))
    head = f"{found.label}, {wording.years(found.first, found.last)}, against {power}"
    return "\n".join(
        [
            head,
            *_votes(found.votes, power),
            *_ties(found.ties, found.last),
            *(f"Note: {note}" for note in found.notes),
        ]
    )


def _votes(votes: VotesMotives, power: str) -> list[str]:
    if votes.likeness is None:
        return [f"On votes: not known; {votes.why_dark}"]
    n = f", {votes.n:,} roll calls" if votes.n else ""
    n += f", {votes.n_pair:,} roll calls in common a pair" if votes.n_pair else ""
    lines = [
        f"Residual likeness on votes {_three(votes.likeness)}{_interval(votes.low, votes.high)} "
        f"({votes.dataset}{n}; {votes.pairs} of {votes.possible_pairs} pairs"
        + (f"; {votes.interval}):" if votes.low is not None else "; too little to resample):")
    ]
    lines += [
        f"  {change(c.value)}{_interval(c.low, c.high)}  {c.name.replace('_', ' ')}: {c.meaning}"
        for c in votes.classes
    ]
    lines += [
        f"  {change(i.value)}  {i.title} ({i.n} roll calls): shield {change(i.shield)}, counter "
        f"{change(i.counter)}, dissent {change(i.dissent)}"
        for i in sorted(votes.issues, key=lambda i: -i.value)
    ]
    if votes.trend is not None:
        t = votes.trend
        lines.append(
            f"Since {wording.years(t.before_from, t.before_to)} likeness went from "
            f"{_three(t.before)} to {_three(t.after)}: agenda {change(t.agenda)}, "
            f"behaviour {change(t.behaviour)}"
        )
    if votes.placebo is not None:
        p = votes.placebo
        lines.append(
            f"Against {power} they shield each other more than against "
            f"{100 * p.shield_percentile:.0f} % of {p.references} other states, and share a "
            f"counter-programme more than against {100 * p.counter_percentile:.0f} %"
        )
    return lines + ([votes.why_dark] if votes.why_dark else [])


def _ties(ties: TiesMotives, on: int) -> list[str]:
    lines = []
    for name, axis in (
        (
            "Grievance on ties (sanctions or disputes with the same states, the year before)",
            ties.grievance,
        ),
        ("Commitment on ties (treaties, arms)", ties.commitment),
    ):
        lines.append(
            f"{name}: {change(axis.value)}{_interval(axis.low, axis.high)} beyond what degrees "
            f"give, {axis.pairs} of {axis.possible} pairs, "
            f"{wording.years(min(axis.years), max(axis.years))}"
            if axis
            else f"{name}: not known"
        )
    lines += [
        f"  {wording.pair(p.a, p.b, on)}: both at odds with "
        + ", ".join(f"{actors.name_of(e.actor, on)} ({e.part:.2f})" for e in p.enemies)
        for p in ties.pairs
        if p.enemies
    ]
    return lines + ([ties.why_dark] if ties.why_dark else [])


def _three(value: float) -> str:
    return wording.score(value, decimals=3)


def _interval(low: float | None, high: float | None) -> str:
    return f" ({change(low)} to {change(high)})" if low is not None and high is not None else ""


VIEW = View(
    ask=ask,
    shows={Motives: _answer},
    examples=(
        "blocs motives CHN RUS IRN PRK",
        "blocs motives BRICS --from 2015 --to 2019 --data UNVotes.csv --json",
    ),
)
