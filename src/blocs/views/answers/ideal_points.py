"""Where states stood in each session of the UN General Assembly, on one scale."""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np
import polars as pl

from blocs.alignment.ideal_points import ENOUGH, IdealPoints, fit_ideal_points
from blocs.contracts import Answer, Evidence, Facts, View
from blocs.dates import Period
from blocs.errors import BadInput, MissingData
from blocs.evidence.holdings import hold
from blocs.registry import DATASETS, LAYERS
from blocs.schemas import ISSUES
from blocs.views.formats import arrow, stata
from blocs.views.progress import every_few_seconds

SCALE = "mean 0 and variance 1 over all states and sessions; {anchor} positive on average"
FEW_POINTS = 10
"""Points below which the scale, mean 0 and variance 1, says where most of them lie."""
OPENING = 1945
"""Session s opens in September of 1945 + s, the first in January 1946."""


class PointRow(msgspec.Struct, frozen=True, kw_only=True):
    """Position of one state in one session; ``n`` votes cast stand behind it."""

    actor: str
    session: int
    year: int
    mean: float
    low: float
    high: float
    n: int


class PointFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Ideal points, how they were estimated and from what."""

    schema: str
    method: str
    level: float
    scale: str
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    sessions: int
    states: int
    items: int
    ballots: int
    issues: tuple[str, ...]
    categories: int
    converged: bool
    effective_size: float | None
    dataset: str
    notes: tuple[str, ...]
    citations: tuple[str, ...]
    points: tuple[PointRow, ...]


def ideal_points(
    *,
    method: Literal["map", "bsv", "posterior"] = "map",
    issue: tuple[str, ...] = (),
    from_: int | None = None,
    to: int | None = None,
    level: float = 0.9,
    binary: bool = False,
    anchor: str = "USA",
    seed: int = 0,
    evidence: Evidence = Evidence(),
) -> pl.DataFrame:
    """Place states on one scale, session by session, from their votes in the Assembly.

    Parameters
    ----------
    method : {"map", "bsv", "posterior"}
        The smoother (seconds), the published sampler, or draws from the posterior.
    issue : tuple of str
        Only roll calls flagged me, nu, di, hr, co or ec.
    from_, to : int, optional
        Years in which sessions open, both included.
    level : float
        Probability of the intervals.
    binary : bool
        Count an abstention as a no.
    anchor : str
        The state whose positions are positive on average.
    seed : int
        Of the draws.
    evidence : Evidence
        Where the roll calls are.

    Returns
    -------
    pl.DataFrame
        ``actor, session, year, mean, low, high, n``, sorted by session and actor.

    Raises
    ------
    MissingData
        Without roll calls.
    BadInput
        Unknown method, issue or level; too few votes.
    """
    return _points(method, issue, from_, to, level, binary, anchor, seed, evidence)[0]


def ask(
    *,
    method: Literal["map", "bsv", "posterior"] = "map",
    issue: tuple[str, ...] = (),
    from_: int | None = None,
    to: int | None = None,
    level: float = 0.9,
    binary: bool = False,
    anchor: str = "USA",
    seed: int = 0,
    evidence: Evidence = Evidence(),
) -> Answer:
    """Place states on one scale, session by session, from their votes in the Assembly.

    A dynamic ordinal item-response model with intervals (Bailey, Strezhnev & Voeten
    2017). The scale has mean 0 and variance 1 over all states and sessions. Write the
    points with -o points.csv, .parquet, .arrow, .dta or .json.

    Parameters
    ----------
    method
        map = smoother, a minute; bsv = the published sampler; posterior = full
        posterior, many minutes.
    issue
        Only votes on me (Middle East), nu (nuclear weapons), di (disarmament), hr (human
        rights), co (colonialism), ec (economic development).
    from_
        First session, by the year it opens.
    to
        Last session (included).
    level
        Probability that the intervals are meant to cover.
    binary
        Count an abstention as a no.
    anchor
        State whose positions are positive on average.
    seed
        Seed of the draws.
    """
    table, facts = _points(method, issue, from_, to, level, binary, anchor, seed, evidence)
    return Answer(
        facts=facts,
        text=_text(facts, table),
        table=table,
        formats={".arrow": arrow(table), ".dta": stata(table)},
    )


def _points(
    method: Literal["map", "bsv", "posterior"],
    issue: tuple[str, ...],
    first: int | None,
    last: int | None,
    level: float,
    binary: bool,
    anchor: str,
    seed: int,
    evidence: Evidence,
) -> tuple[pl.DataFrame, PointFacts]:
    name, facts, notes = _rollcalls(evidence)
    ballots = _ballots(facts, name, first, last, issue)
    found = fit_ideal_points(
        ballots,
        method=method,
        categories=2 if binary else 3,
        issues=issue,
        level=level,
        anchor=anchor,
        rng=np.random.default_rng(seed),
        report=every_few_seconds(),
    )
    table = found.table().select(
        "actor",
        "session",
        (pl.col("session") + OPENING).alias("year"),
        *("mean", "low", "high", "n"),
    )
    return table, PointFacts(
        schema="blocs.ideal-points/1",
        method=found.method,
        level=found.level,
        scale=SCALE.format(anchor=anchor),
        first=int(found.session.min()) + OPENING,
        last=int(found.session.max()) + OPENING,
        sessions=len(set(found.session.tolist())),
        states=len(set(found.actor)),
        items=found.items,
        ballots=int(found.n.sum()),
        issues=issue,
        categories=2 if binary else 3,
        converged=found.converged,
        effective_size=found.effective_size,
        dataset=name,
        notes=(*notes, *_doubts(found)),
        citations=(str(LAYERS.get("votes").citation), str(DATASETS.get(name).citation)),
        points=tuple(PointRow(**row) for row in table.iter_rows(named=True)),
    )


def _rollcalls(evidence: Evidence) -> tuple[str, Facts, tuple[str, ...]]:
    """Take the first data set at hand that tells single votes."""
    wanted = LAYERS.get("votes").prefer
    held = hold(data=evidence.data, project=evidence.project, use=evidence.use, only=wanted)
    for name in wanted:
        facts = held.by_dataset.get(name)
        if facts is not None and not facts.ballots.is_empty():
            return name, facts, held.notes
    raise MissingData(
        "ideal points need the roll calls; add them with `blocs data get unga` or "
        "`blocs data add unga PATH`, or name a file or folder with --data PATH"
    )


def _ballots(
    facts: Facts, name: str, first: int | None, last: int | None, issue: tuple[str, ...]
) -> pl.DataFrame:
    """Ballots with what the model reads of their roll calls, for the sessions wanted."""
    calls = facts.rollcalls.select(
        "rollcall", "session", "title", "amend", "para", *ISSUES
    ).drop_nulls("session")
    opens = calls["session"] + OPENING
    if opens.is_empty():
        raise BadInput(f"{name} does not tell the sessions of its roll calls; use other data")
    has = Period(int(opens.to_numpy().min()), int(opens.to_numpy().max()))
    span = Period(
        min(has.first, last or has.first) if first is None else first,
        max(has.last, first or has.last) if last is None else last,
    )
    calls = calls.filter(opens.is_between(span.first, span.last))
    if calls.is_empty():
        raise BadInput(f"{name} has no roll call in sessions that open in {span}; it has {has}")
    untold = [flag for flag in issue if flag in ISSUES and calls[flag].is_null().all()]
    if untold:
        raise BadInput(f"{name} does not say which votes are about {untold[0]}; use other data")
    return facts.ballots.join(calls, on="rollcall")


def _doubts(found: IdealPoints) -> tuple[str, ...]:
    notes = []
    if not found.converged:
        why = "the mode was not reached"
        if found.effective_size is not None:
            why = f"the smallest effective sample size is {found.effective_size:.0f}, under 100"
        notes.append(f"not converged: {why}; read the intervals with care")
    elif found.method == "bsv" and (found.effective_size or 0.0) < ENOUGH:
        notes.append(
            f"the published sampler mixes slowly: the smallest effective sample size is "
            f"{found.effective_size:.0f}; compare states within a session, not sessions"
        )
    few = int((found.n < 5).sum())
    if few:
        rest = "1 point rests" if few == 1 else f"{few} points rest"
        notes.append(f"{rest} on fewer than 5 votes; their intervals say so")
    if found.n.size < FEW_POINTS:
        notes.append(
            f"mean 0 and variance 1 all but fix a scale of {found.n.size} points: compare their "
            "order, not their distances or intervals"
        )
    return tuple(notes)


def _text(facts: PointFacts, table: pl.DataFrame) -> str:
    last = table.filter(pl.col("session") == pl.col("session").max()).sort("mean")
    ends = pl.concat([last.head(5), last.tail(5)]).unique(maintain_order=True)
    lines = [
        f"{table.height:,} ideal points: {facts.states} states, {facts.sessions} sessions "
        f"({facts.first}-{facts.last}), {facts.items:,} items, {facts.ballots:,} votes of "
        f"{facts.dataset}; method {facts.method}, {facts.level:.0%} intervals",
        f"Scale: {facts.scale}. Lowest and highest in {facts.last}:",
        *(
            f"  {row['actor']}  {row['mean']:+.2f}  [{row['low']:+.2f}, {row['high']:+.2f}]  "
            f"{row['n']} votes"
            for row in ends.iter_rows(named=True)
        ),
        *(f"Note: {note}" for note in facts.notes),
    ]
    return "\n".join(lines)


VIEW = View(
    ask=ask,
    examples=(
        "blocs ideal-points --data UNVotes.csv -o points.csv",
        "blocs ideal-points --issue me --from 1975 --json",
        "blocs ideal-points --method posterior --from 1991 -o posterior.parquet",
    ),
    endings=(".arrow", ".dta"),
)
