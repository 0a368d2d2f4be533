"""Everything blocs knows to say of one group in one period, put together.

`assess_group` gathers the layers, measures cohesion, separation, motives and
bonds, and grades the group. It renders nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from blocs import actors
from blocs.alignment.analogues import Analogue, nearest_groups, profile
from blocs.alignment.axis import (
    AxisVerdict,
    Separation,
    assess_axis,
    assess_separation,
)
from blocs.alignment.bonds import Bonds, Truth, assess_bonds
from blocs.alignment.brokers import LeftOut, leave_one_out
from blocs.alignment.cohesion import Cohesion, tie_cohesion, vote_cohesion
from blocs.alignment.groups import Group
from blocs.alignment.motives import Motive, assess_motives, motive_series
from blocs.alignment.nearness import Nearness, nearness
from blocs.alignment.vote_draws import VoteDraws
from blocs.alignment.vote_sums import VoteSums, member_sums
from blocs.alignment.votes_at_hand import VotesAtHand, votes_at_hand
from blocs.almanac.tables import facts as almanac
from blocs.almanac.tables import issue_votes as almanac_issue_votes
from blocs.contracts import Facts
from blocs.dates import Period, in_force
from blocs.registry import LAYERS
from blocs.schemas import IssueVotes, empty
from blocs.ties.common_votes import issue_votes
from blocs.ties.layers.alliances import build_defence
from blocs.ties.network import LayerState, TieMatrix, build_layer, tie_matrix
from blocs.ties.yearly import no_ties

RECENT = 1_000_003


@dataclass(frozen=True, slots=True)
class LayerAssessment:
    """One layer: what lights it, and how firm the group is on it."""

    state: LayerState
    cohesion: Cohesion | None
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class GroupAssessment:
    """All findings on one group, one period and one reference power.

    Attributes
    ----------
    layers : tuple of LayerAssessment
        One per layer, votes first; dark layers have no cohesion.
    held : VotesAtHand
        The votes all this rests on.
    draws : VoteDraws
        Those of the period, and the resamples behind every interval on votes.
    motives : tuple of Motive
        Empty where votes are dark or the reference's ballots are not at hand.
    motive_years : tuple of (int, tuple of float)
        The classes year by year, over all years with votes.
    dyads : pl.DataFrame
        One row per pair: votes in common, likeness, its classes, ties per layer.
    issues : pl.DataFrame
        ``a, b, issue, n, same, distance`` summed over the period.
    nearness : tuple of Nearness
        Every state's likeness to the members, the nearest first; empty without votes.
    """

    group: Group
    period: Period
    reference: str
    allies: tuple[str, ...]
    layers: tuple[LayerAssessment, ...]
    held: VotesAtHand
    draws: VoteDraws
    motives: tuple[Motive, ...]
    motive_years: tuple[tuple[int, tuple[float, ...]], ...]
    separation: Separation | None
    bonds: Bonds | None
    verdict: AxisVerdict
    dyads: pl.DataFrame
    issues: pl.DataFrame
    analogues: tuple[Analogue, ...]
    profile: tuple[float, ...]
    nearness: tuple[Nearness, ...]


def assess_group(
    group: Group,
    period: Period,
    *,
    reference: str,
    evidence: Mapping[str, Facts],
    seed: int = 0,
) -> GroupAssessment:
    """Assess one group on every layer that is lit.

    Parameters
    ----------
    group : Group
        From `groups.resolve_group`.
    period : Period
        Years asked for.
    reference : str
        Actor id of the power the group is measured against.
    evidence : mapping of str to Facts
        Data set to facts, the almanac among them.
    seed : int
        Seeds resampling and the drawing of groups; same seed, same figures.
    """
    rng = np.random.default_rng([seed, RECENT])
    held = votes_at_hand(evidence, reference, group, period)
    states = {name: _layer_state(name, evidence, held.source) for name in _layer_names()}
    treaties = tie_matrix(states["alliances"], _until(states["alliances"], period))
    pacts = _pacts(evidence, states["alliances"], period)
    allies = _allies(pacts, reference, period)
    bonds = assess_bonds(_bound(pacts, group, period), group.members)
    sums, window = held.sums, list(period.years)
    draws = held.draws(period, seed=seed)
    votes = vote_cohesion(sums, group, window=window, rng=rng, draws=draws)
    layers = [
        _vote_layer(state, votes, sums, group, period)
        if name == "votes"
        else _tie_layer(state, treaties if name == "alliances" else None, group, period, rng)
        for name, state in states.items()
    ]
    shared = assess_motives(draws, group) if held.classed else None
    separation = assess_separation(draws, group.members, (reference, *allies))
    verdict = assess_axis(
        votes,
        separation,
        bonds,
        lead=shared.lead if shared else None,
        hostile=_hostile(group, reference, period),
        reference=actors.the(actors.name_of(reference, period.last)),
    )
    ours = _profile(sums, treaties, group, period)
    return GroupAssessment(
        group=group,
        period=period,
        reference=reference,
        allies=allies,
        layers=tuple(layers),
        held=held,
        draws=draws,
        motives=shared.classes if shared else (),
        motive_years=motive_series(sums, group) if held.classed else (),
        separation=separation,
        bonds=bonds,
        verdict=verdict,
        dyads=_dyads(held, states, group, period),
        issues=_issues(evidence, held.source, group, period, reference),
        analogues=nearest_groups(
            ours,
            sums=sums,
            treaties=treaties,
            window=len(window),
            exclude=group.ever,
            until=period.last,
            classed=held.classed,
        ),
        profile=ours,
        nearness=nearness(draws, group),
    )


def _layer_names() -> list[str]:
    return sorted(LAYERS.names(), key=lambda name: (name != "votes", name))


def _layer_state(name: str, evidence: Mapping[str, Facts], source: str) -> LayerState:
    """Build a layer; of votes only what lights it, since their counts are summed apart."""
    if name != "votes":
        return build_layer(name, evidence)
    lights = dataclasses.replace(LAYERS.get(name), build=lambda facts: no_ties())
    counted = {source: evidence[source]} if source else {}
    return build_layer(name, counted, layer=lights)


def _until(state: LayerState, period: Period) -> Period:
    """From the first year a layer covers to the last of the period."""
    return Period(min([*state.years, period.first]), period.last)


def _pacts(evidence: Mapping[str, Facts], state: LayerState, period: Period) -> TieMatrix:
    """Treaties of defence in the period, and in the last covered year before its end."""
    covered = [y for y in state.years if y <= period.last]
    span = Period(min([period.first, *covered[-1:]]), period.last)
    first, after = span.spell.start, span.spell.end
    within = {
        name: dataclasses.replace(
            facts,
            spells=facts.spells.filter(in_force(span)).with_columns(
                start=pl.max_horizontal("start", pl.lit(first)),
                end=pl.min_horizontal("end", pl.lit(after)),
            ),
        )
        for name, facts in evidence.items()
    }
    defence = dataclasses.replace(LAYERS.get("alliances"), build=build_defence)
    return tie_matrix(build_layer("alliances", within, layer=defence), span)


def _vote_layer(
    state: LayerState, votes: Cohesion | None, sums: VoteSums, group: Group, period: Period
) -> LayerAssessment:
    window = [y for y in sums.years if y in period.years]
    likeness = sums.within(window).pooled().likeness() if window else None
    left = leave_one_out(likeness, sums.actors, group.members) if likeness is not None else ()
    return LayerAssessment(state, votes, left)


def _tie_layer(
    state: LayerState,
    matrix: TieMatrix | None,
    group: Group,
    period: Period,
    rng: np.random.Generator,
) -> LayerAssessment:
    told_only = state.layer.absence == "unknown"
    if told_only or not state.lit_in(period):
        return LayerAssessment(state, None, ())
    matrix = matrix if matrix is not None else tie_matrix(state, _until(state, period))
    cohesion = tie_cohesion(matrix, group, window=list(period.years), rng=rng)
    inside = matrix.within(period).undirected()
    return LayerAssessment(
        state, cohesion, leave_one_out(inside.mean(), inside.actors, group.members)
    )


def _allies(treaties: TieMatrix, reference: str, period: Period) -> tuple[str, ...]:
    """Partners of the reference in treaties of defence in the last covered year."""
    years = [y for y in treaties.years if y <= period.last]
    if not years or reference not in treaties.actors:
        return ()
    row = treaties.weight[treaties.years.index(years[-1])][treaties.actors.index(reference)]
    return tuple(a for a, w in zip(treaties.actors, row, strict=True) if w >= 1)


def _bound(
    treaties: TieMatrix, group: Group, period: Period
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Whether each pair had a treaty of defence in force in some year of the period.

    Not known where no year says so and some year in which both existed is not known.
    """
    k = len(group.members)
    out = np.full((k, k), np.nan)
    years = [y for y in treaties.years if y in period.years]
    at = [treaties.years.index(y) for y in years]
    here = np.array([[actors.actor(m).existed(Period(y, y)) for m in group.members] for y in years])
    for x, a in enumerate(group.members):
        for y, b in enumerate(group.members):
            if x == y or not at or a not in treaties.actors or b not in treaties.actors:
                continue
            weight = treaties.weight[at, treaties.actors.index(a), treaties.actors.index(b)]
            told = weight[here[:, x] & here[:, y]]
            if told.size:
                out[x, y] = 1.0 if (told >= 1).any() else told.max()
    return out


def _hostile(group: Group, reference: str, period: Period) -> Truth:
    """Whether at least half of the members fought the reference in the period."""
    sides = almanac("war_sides").filter(pl.col("checked") & in_force(period))
    theirs = sides.filter(pl.col("actor") == reference).select("war", other="side")
    foes = sides.join(theirs, on="war").filter(pl.col("side") != pl.col("other"))
    fought = set(foes["actor"]) & set(group.members)
    return "yes" if 2 * len(fought) >= len(group.members) else "no"


def _profile(
    sums: VoteSums, treaties: TieMatrix, group: Group, period: Period
) -> tuple[float, ...]:
    window = [y for y in sums.years if y in period.years]
    at = [i for i, y in enumerate(treaties.years) if y in period.years]
    return profile(
        member_sums(sums.within(window), group).pooled() if window else None,
        treaties.weight[at].mean(axis=0) if at else None,
        treaties.actors,
        group.members,
    )


def _dyads(
    held: VotesAtHand, states: Mapping[str, LayerState], group: Group, period: Period
) -> pl.DataFrame:
    """One row per pair of the group with what every lit layer says of it.

    The classes are null where the counts are not classed by the reference asked about.
    """
    members = sorted(group.members)
    pairs = pl.DataFrame(
        [(a, b) for i, a in enumerate(members) for b in members[i + 1 :]],
        schema={"a": pl.String, "b": pl.String},
        orient="row",
    )
    ours = held.counts.filter(
        pl.col("year").is_between(period.first, period.last)
        & pl.col("a").is_in(members)
        & pl.col("b").is_in(members)
    )
    sums = ours.group_by("a", "b").agg(pl.exclude("year").sum())
    scale = (pl.col("ss_a") * pl.col("ss_b")).sqrt()
    classes = ("shield", "counter", "with_reference", "neutral", "dissent")
    votes = sums.select(
        "a",
        "b",
        votes_n="n",
        votes_agreement=1 - pl.col("distance") / (2 * pl.col("n")),
        votes_identical=pl.col("same") / pl.col("n"),
        votes_likeness=pl.when(scale > 0).then(pl.sum_horizontal(*classes) / scale),
        **{
            f"votes_{c}": pl.when((scale > 0) & held.classed).then(pl.col(c) / scale)
            for c in classes
        },
    )
    out = pairs.join(votes, on=["a", "b"], how="left", maintain_order="left")
    for name, state in states.items():
        if name != "votes" and state.lit_in(period):
            out = out.join(
                _pair_ties(state, members, period), on=["a", "b"], how="left", maintain_order="left"
            )
    return out.sort("a", "b")


def _pair_ties(state: LayerState, members: Sequence[str], period: Period) -> pl.DataFrame:
    matrix = tie_matrix(state, period, among=members)
    both = matrix.undirected().mean()
    rows = []
    for i, a in enumerate(matrix.actors):
        for j in range(i + 1, len(matrix.actors)):
            rows.append((a, matrix.actors[j], float(both[i, j])))
    frame = pl.DataFrame(
        rows, schema={"a": pl.String, "b": pl.String, state.name: pl.Float64}, orient="row"
    )
    return frame.with_columns(pl.col(state.name).fill_nan(None))


def _issues(
    evidence: Mapping[str, Facts], source: str, group: Group, period: Period, reference: str
) -> pl.DataFrame:
    """Votes in common by issue, summed over the period, with the reference's pairs."""
    wanted = sorted({*group.members, reference})
    if not source:
        return empty(IssueVotes).drop("year")
    facts = evidence[source]
    if facts.ballots.is_empty():
        table = almanac_issue_votes(wanted)
    else:
        table = issue_votes(facts.rollcalls, facts.ballots.filter(pl.col("actor").is_in(wanted)))
    inside = table.filter(pl.col("year").is_between(period.first, period.last))
    return (
        inside.group_by("a", "b", "issue")
        .agg(pl.col("n", "same", "distance").sum())
        .sort("a", "b", "issue")
    )
