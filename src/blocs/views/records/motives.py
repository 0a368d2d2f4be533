"""Grievance or programme: what a group shares, by the reference's vote, issue and tie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import msgspec
import numpy as np

from blocs import actors
from blocs.alignment.grievance import AxisValue, PairAxes, assess_tie_axes, strength
from blocs.alignment.motives import MEANING, assess_motives
from blocs.alignment.resampling import Resampled
from blocs.alignment.vote_slices import texts_of
from blocs.alignment.vote_split import (
    CELLS,
    GroupVotes,
    Placebo,
    Trend,
    VoteSplit,
    group_votes,
    placebo_references,
    split_trend,
    split_votes,
    while_members,
)
from blocs.alignment.vote_sums import CLASSES
from blocs.alignment.votes_at_hand import DRAW, votes_at_hand
from blocs.contracts import Facts
from blocs.dates import Period
from blocs.shown import Shown
from blocs.ties.common_votes import ballot_matrix
from blocs.ties.network import LayerState, build_layer, tie_matrix
from blocs.views.asked import Asked
from blocs.views.brief.layers import ISSUE_TITLES
from blocs.views.brief.sources import almanac_votes_end

HOSTILE = ("disputes", "sanctions")
FRIENDLY = ("alliances", "arms")
LEVEL = 0.90


class ClassPart(msgspec.Struct, frozen=True, kw_only=True):
    """One class of residual likeness; the five add up to it."""

    name: str
    meaning: str
    value: float
    low: float | None
    high: float | None


class IssuePart(msgspec.Struct, frozen=True, kw_only=True):
    """One issue's part of likeness and its classes; all parts add up to likeness."""

    issue: str
    title: str
    n: int
    value: float
    shield: float
    counter: float
    with_reference: float
    neutral: float
    dissent: float


class TrendPart(msgspec.Struct, frozen=True, kw_only=True):
    """What one kind of roll call made of the change: more of it, or other votes on it."""

    label: str
    agenda: float
    behaviour: float
    share_before: float
    share_after: float


class TrendRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Change of likeness from the span before to the period, agenda plus behaviour."""

    before_from: int
    before_to: int
    before: float
    after: float
    change: float
    agenda: float
    behaviour: float
    by_stance: tuple[TrendPart, ...]
    by_issue: tuple[TrendPart, ...]


class PlaceboRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The shield and counter-programme against the reference, among every state's.

    ``shield_percentile``: share of the other states against which the group shields
    itself less. ``strongest``: those against which it does most.
    """

    references: int
    shield: float
    shield_percentile: float
    counter: float
    counter_percentile: float
    strongest: tuple[tuple[str, float], ...]


class VotesMotives(msgspec.Struct, frozen=True, kw_only=True):
    """What is shared on votes; null where dark. ``n_pair`` roll calls have two in common.

    The intervals come from drawing ``resampled_n`` texts or years (``resampled``) again.
    """

    dataset: str
    likeness: float | None
    low: float | None
    high: float | None
    level: float
    n: int | None
    n_pair: int | None = None
    pairs: int
    possible_pairs: int
    interval: str
    resampled: str | None = None
    resampled_n: int | None = None
    classes: tuple[ClassPart, ...]
    issues: tuple[IssuePart, ...] = ()
    trend: TrendRecord | None = None
    placebo: PlaceboRecord | None = None
    why_dark: str = ""


class TiesMotives(msgspec.Struct, frozen=True, kw_only=True):
    """Two axes that do not add up: common enemies the year before, ties of their own."""

    grievance: AxisValue | None
    commitment: AxisValue | None
    pairs: tuple[PairAxes, ...]
    layers: dict[str, str]
    null_model: str
    why_dark: str


class Motives(Shown, frozen=True, kw_only=True):
    """What a group has in common, and against whom."""

    shown_by: ClassVar[str] = "motives"

    schema: str
    command: str
    label: str
    members: tuple[str, ...]
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    reference: str
    votes: VotesMotives
    ties: TiesMotives
    notes: tuple[str, ...]


def motives_record(asked: Asked, *, seed: int) -> Motives:
    """Answer what a group shares; `seed` is that of the resampling."""
    rng = np.random.default_rng([seed, 6])
    votes = _votes(asked, seed)
    return Motives(
        schema="blocs.motives/1",
        command=f"blocs motives {asked.command}",
        label=asked.group.label,
        members=asked.group.members,
        first=asked.period.first,
        last=asked.period.last,
        reference=asked.reference,
        votes=votes,
        ties=_ties(asked, rng),
        notes=(*asked.notes, *_ends(votes, asked.period)),
    )


def _ends(votes: VotesMotives, period: Period) -> tuple[str, ...]:
    return almanac_votes_end(period.last) if votes.dataset == "almanac" else ()


def _votes(asked: Asked, seed: int) -> VotesMotives:
    held = asked.ballots()
    if held is None:
        return _from_sums(asked, seed)
    name, facts = held
    matrix = while_members(
        ballot_matrix(facts.rollcalls, facts.ballots, period=asked.period), asked.group
    )
    votes = group_votes(matrix, asked.group.ever, asked.reference)
    rng = np.random.default_rng([seed, DRAW])
    found = split_votes(votes, series=texts_of(matrix), rng=rng)
    if found is None:
        return _dark(asked, name, f"no two members voted together in {asked.period} in {name}")
    total = found.parts.sum(axis=0)
    return VotesMotives(
        dataset=name,
        likeness=found.likeness,
        low=found.low,
        high=found.high,
        level=LEVEL,
        n=int(found.n.sum()),
        pairs=found.pairs,
        possible_pairs=_pairs(asked),
        interval=_interval(found.resampled),
        resampled=found.resampled.unit if found.resampled else None,
        resampled_n=found.resampled.count if found.resampled else None,
        classes=tuple(
            ClassPart(name=c, meaning=MEANING[c], value=float(value), low=low, high=high)
            for c, value, (low, high) in zip(CLASSES, total, found.spans, strict=True)
        ),
        issues=_issues(found),
        trend=_trend(asked, facts, votes),
        placebo=_placebo(asked, placebo_references(matrix, asked.group.ever)),
    )


def _from_sums(asked: Asked, seed: int) -> VotesMotives:
    """From the almanac's yearly sums, which know the votes of three powers alone."""
    held = votes_at_hand(asked.facts, asked.reference, asked.group, asked.period)
    source = held.source
    if not held.classed:
        return _dark(
            asked,
            source,
            f"the split against {actors.name_of(asked.reference)} needs its roll calls; add them "
            "with `blocs data get unga`, or name a file with --data PATH",
        )
    shared = assess_motives(held.draws(asked.period, seed=seed), asked.group)
    if shared is None:
        return _dark(asked, source, f"no two members voted together in {asked.period}")
    return VotesMotives(
        dataset=source,
        likeness=shared.value,
        low=shared.low,
        high=shared.high,
        level=LEVEL,
        n=None,
        n_pair=shared.items,
        pairs=shared.pairs,
        possible_pairs=_pairs(asked),
        interval=_interval(shared.resampled),
        resampled=shared.resampled.unit if shared.resampled else None,
        resampled_n=shared.resampled.count if shared.resampled else None,
        classes=tuple(
            ClassPart(name=m.name, meaning=MEANING[m.name], value=m.value, low=m.low, high=m.high)
            for m in shared.classes
        ),
        why_dark="issues, the trend and placebo references need the roll calls; add them with "
        "`blocs data get unga`, or name a file with --data PATH",
    )


def _dark(asked: Asked, source: str, why: str) -> VotesMotives:
    return VotesMotives(
        dataset=source,
        likeness=None,
        low=None,
        high=None,
        level=LEVEL,
        n=None,
        pairs=0,
        possible_pairs=_pairs(asked),
        interval="",
        classes=(),
        why_dark=why,
    )


def _interval(drawn: Resampled | None) -> str:
    return f"90 % interval from resampling {drawn}" if drawn else ""


def _pairs(asked: Asked) -> int:
    k = len(asked.group.members)
    return k * (k - 1) // 2


def _issues(found: VoteSplit) -> tuple[IssuePart, ...]:
    return tuple(
        IssuePart(
            issue=cell,
            title=ISSUE_TITLES.get(cell, cell),
            n=int(n),
            value=float(parts.sum()),
            **{name: float(part) for name, part in zip(CLASSES, parts, strict=True)},
        )
        for cell, n, parts in zip(CELLS, found.n, found.parts, strict=True)
        if n
    )


def _trend(asked: Asked, facts: Facts, after: GroupVotes) -> TrendRecord | None:
    """Set the period against the span of the same length before it."""
    length = len(asked.period.years)
    earlier = Period(max(asked.period.first - length, 1816), asked.period.first - 1)
    matrix = ballot_matrix(facts.rollcalls, facts.ballots, period=earlier)
    before = group_votes(matrix, asked.group.ever, asked.reference)
    stance, issue = (split_trend(before, after, by=by) for by in ("stance", "issue"))
    if stance is None or issue is None:
        return None
    return TrendRecord(
        before_from=earlier.first,
        before_to=earlier.last,
        before=stance.before,
        after=stance.after,
        change=stance.change,
        agenda=float(stance.agenda.sum()),
        behaviour=float(stance.behaviour.sum()),
        by_stance=_parts(stance),
        by_issue=_parts(issue),
    )


def _parts(trend: Trend) -> tuple[TrendPart, ...]:
    return tuple(
        TrendPart(
            label=label,
            agenda=float(trend.agenda[k]),
            behaviour=float(trend.behaviour[k]),
            share_before=float(trend.share_before[k]),
            share_after=float(trend.share_after[k]),
        )
        for k, label in enumerate(trend.labels)
    )


def _placebo(asked: Asked, found: Sequence[Placebo]) -> PlaceboRecord | None:
    mine = next((p for p in found if p.reference == asked.reference), None)
    others = [p for p in found if p.reference != asked.reference]
    if mine is None or not others:
        return None
    shield, counter = CLASSES.index("shield"), CLASSES.index("counter")
    most = sorted(found, key=lambda p: (-p.parts[shield], p.reference))[:5]
    return PlaceboRecord(
        references=len(others),
        shield=mine.parts[shield],
        shield_percentile=_share(others, shield, mine),
        counter=mine.parts[counter],
        counter_percentile=_share(others, counter, mine),
        strongest=tuple((p.reference, p.parts[shield]) for p in most),
    )


def _share(others: Sequence[Placebo], part: int, mine: Placebo) -> float:
    return sum(p.parts[part] < mine.parts[part] for p in others) / len(others)


def _ties(asked: Asked, rng: np.random.Generator) -> TiesMotives:
    states = {name: build_layer(name, asked.facts) for name in (*HOSTILE, *FRIENDLY)}
    span = Period(max(asked.period.first - 1, 1816), asked.period.last)
    names = sorted(set(actors.members(span)["actor"]) | set(asked.group.members))

    def matrices(layers: Sequence[str]) -> list[tuple[str, LayerState]]:
        lit = [(n, states[n]) for n in layers]
        return [(n, s) for n, s in lit if any(y in span.years for y in s.years)]

    hostile, friendly = matrices(HOSTILE), matrices(FRIENDLY)
    axes = assess_tie_axes(
        strength([tie_matrix(s, span, among=names) for _, s in hostile], sign=-1),
        strength([tie_matrix(s, span, among=names) for _, s in friendly], sign=1),
        asked.group,
        window=list(asked.period.years),
        rng=rng,
    )
    lit = {
        name: ", ".join(
            f"{f.dataset} {min(y)}-{max(y)}"
            for f in state.feeds
            if (y := [year for year in f.years if year in span.years])
        )
        for name, state in states.items()
    }
    dark = [name for name, told in lit.items() if not told]
    return TiesMotives(
        grievance=axes.grievance,
        commitment=axes.commitment,
        pairs=axes.pairs,
        layers=lit,
        null_model="every state keeps its hostile (friendly) degree; ties fall independently in "
        "proportion to degrees",
        why_dark=f"dark: {', '.join(dark)}; see `blocs data list`" if dark else "",
    )
