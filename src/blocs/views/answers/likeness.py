"""How alike two states act: votes in common scored by any measure."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from blocs import actors
from blocs.contracts import Answer, Evidence, Facts, Similarity, View
from blocs.dates import Period
from blocs.errors import BadInput, MissingData, NoCoverage
from blocs.evidence.holdings import Holdings, hold
from blocs.registry import LAYERS, SIMILARITIES
from blocs.shown import Shown
from blocs.ties.common_votes import ballot_matrix, joint_tables
from blocs.views import wording
from blocs.views.records.likeness import answer_years

LEVELS = ("yes", "abstain", "no", "absent")


class Likeness(Shown, frozen=True, kw_only=True):
    """How alike two states voted.

    ``n`` counts the roll calls behind ``value``; ``table[i][j]`` those on which
    a took position ``levels[i]`` and b ``levels[j]``.
    """

    shown_by: ClassVar[str] = "likeness"

    a: str
    b: str
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    n: int
    value: float
    measure: str
    absent: str
    levels: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]
    dataset: str
    first_vote: date
    last_vote: date
    citation: str


def likeness(
    a: str,
    b: str,
    *,
    measure: str = "agreement",
    absent: str = "drop",
    from_: int | None = None,
    to: int | None = None,
    evidence: Evidence = Evidence(),
) -> Likeness:
    """Score how alike two states voted in the UN General Assembly.

    Parameters
    ----------
    a, b : str
        Codes or names; the USSR then Russia is one actor.
    measure : str
        agreement, identical, s-score, kappa, pi, tau-b ...
    absent : str
        ``drop`` leaves roll calls out on which one of the two was absent;
        ``value`` counts absence as a position (where the measure allows it).
    from_, to : int, optional
        Calendar years, both included; roll calls are pooled.
    evidence : Evidence
        Where the votes come from.

    Raises
    ------
    MissingData
        If no roll-call votes were given and none are in the project.
    NoCoverage
        If the two share no roll call in the period.
    """
    part = SIMILARITIES.get(measure)
    levels = _levels(measure, part, absent)
    name, facts = _votes(hold(data=evidence.data, project=evidence.project, use=evidence.use))
    if absent == "value" and not (facts.ballots["vote"] == "absent").any():
        raise BadInput(
            f"--absent value: {name} does not tell who was absent; use --absent drop, or other data"
        )
    years = facts.rollcalls["date"].dt.year()
    first, last = int(np.min(years.to_numpy())), int(np.max(years.to_numpy()))
    if (from_ or first) > last or (to or last) < first:
        raise NoCoverage(f"{name} holds votes of {first}-{last} only; ask for years among them")
    period = Period(first if from_ is None else from_, last if to is None else to)
    ends = tuple(actors.resolve(x, over=period) for x in (a, b))
    if ends[0] == ends[1]:
        raise BadInput(f"{a!r} and {b!r} are the same state ({ends[0]}); name two")
    both = facts.ballots.filter(pl.col("actor").is_in(list(ends)))
    matrix = ballot_matrix(facts.rollcalls, both, period=period)
    if len(matrix.actors) < 2:
        gone = [actors.name_of(e, period.last) for e in ends if e not in matrix.actors]
        raise NoCoverage(
            f"{' and '.join(gone)} cast no vote in {period} in {name} ({first}-{last})"
        )
    votes = matrix.votes[[matrix.actors.index(e) for e in ends]]
    shared = ((votes >= 0) & (votes < levels)).all(axis=0)
    table = joint_tables(votes, levels=levels)[0, 1]
    value = float(part.score(table))
    if not shared.any() or np.isnan(value):
        raise NoCoverage(
            f"{measure} of {wording.names(ends, period.last)} is not defined in "
            f"{period}: {int(shared.sum())} roll calls in common in {name} ({first}-{last})"
        )
    dates = matrix.rollcalls["date"].filter(pl.Series(shared))
    return Likeness(
        a=ends[0],
        b=ends[1],
        first=period.first,
        last=period.last,
        n=int(table.sum()),
        value=value,
        measure=measure.replace("_", "-"),
        absent=absent,
        levels=LEVELS[:levels],
        table=tuple(tuple(int(x) for x in row) for row in table),
        dataset=name,
        first_vote=dates[0],
        last_vote=dates[-1],
        citation=str(part.citation),
    )


def ask(
    a: str = "",
    b: str = "",
    *,
    layer: str = "votes",
    measure: str = "",
    all_: bool = False,
    by_year: bool = False,
    weighted: bool = False,
    absent: str = "drop",
    from_: int | None = None,
    to: int | None = None,
    evidence: Evidence = Evidence(),
) -> Answer:
    """Score how alike two states voted in the UN General Assembly, or allied.

    Votes of the years asked for are pooled into one figure, or told --by-year; alliance
    portfolios (--layer alliances) have a figure a year. --all scores every two states in
    every year: write it with -o likeness.parquet, .csv, .arrow or .dta.

    Parameters
    ----------
    a
        A state: code or name.
    b
        Another state.
    layer
        votes or alliances.
    measure
        agreement, identical, s-score, s-squared, kappa, pi, a-score, tau-b or cosine; by
        year several with commas, or all. Default: agreement of votes, s-score of alliances.
    all_
        Every two states, every year.
    by_year
        A figure for every year.
    weighted
        Partners count by their share of power (cow-nmc); alliances only.
    absent
        drop = leave roll calls out where one was absent; value = absence is a position.
    from_
        First year.
    to
        Last year (included).
    """
    if (a or b) if all_ else not (a and b):
        raise BadInput("name two states, for example `blocs likeness CHN RUS`, or give --all")
    if all_ or by_year or layer != "votes":
        if absent != "drop":
            raise BadInput("--absent value is for the pooled votes of two states only")
        return answer_years(
            layer=layer,
            measure=measure,
            pair=() if all_ else (a, b),
            from_=from_,
            to=to,
            weighted=weighted,
            evidence=evidence,
        )
    if weighted:
        raise BadInput("--weighted counts partners by power; use --layer alliances")
    measure = measure or "agreement"
    if measure == "all" or "," in measure:
        raise BadInput(
            f"--measure {measure}: one measure for all years together; add --by-year for several"
        )
    found = likeness(a, b, measure=measure, absent=absent, from_=from_, to=to, evidence=evidence)
    return _answer(found)


def _answer(found: Likeness) -> Answer:
    ends = " and ".join(actors.name_of(end, found.last_vote) for end in (found.a, found.b))
    text = (
        f"{ends}: {found.measure} {found.value:.3f} over {found.n:,} roll calls, "
        f"{found.first_vote:%-d %B %Y} to {found.last_vote:%-d %B %Y} "
        f"({found.dataset}; absences {'a position' if found.absent == 'value' else 'left out'}; "
        f"{SIMILARITIES.get(found.measure).title})"
    )
    table = pl.DataFrame(
        {k: [v] for k, v in msgspec.to_builtins(found).items() if k not in {"table", "levels"}}
    )
    return Answer(facts=found, text=text, table=table)


def _levels(measure: str, part: Similarity, absent: str) -> int:
    if absent not in {"value", "drop"}:
        raise BadInput(f"--absent {absent}: use value or drop")
    if absent == "value" and not part.absences:
        raise BadInput(
            f"--absent value: {measure} needs positions in order, and absence has none; "
            "use --absent drop, or --measure identical"
        )
    return 4 if absent == "value" else 3


def _votes(holdings: Holdings) -> tuple[str, Facts]:
    for name in LAYERS.get("votes").prefer:
        facts = holdings.by_dataset.get(name)
        if facts is not None and not facts.ballots.is_empty():
            return name, facts
    raise MissingData(
        "likeness of single votes needs the roll calls; add them with `blocs data get unga` or "
        "`blocs data add unga PATH`, or name a file with --data PATH"
    )


VIEW = View(
    ask=ask,
    shows={Likeness: _answer},
    examples=(
        "blocs likeness CHN RUS --from 1991 --to 2021",
        "blocs likeness USA 'United Kingdom' --measure kappa --data UNVotes.csv --json",
        "blocs likeness CHN RUS --layer alliances --measure s-score,kappa",
        "blocs likeness --all --layer alliances --from 1816 --measure all -o likeness.parquet",
    ),
)
