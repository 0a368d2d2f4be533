"""Sentences on who bridges a group, where a wedge would split it, and against whom it stands."""

from __future__ import annotations

import numpy as np

from blocs import actors
from blocs.alignment.assessment import GroupAssessment, LayerAssessment
from blocs.alignment.brokers import brokers_of
from blocs.alignment.grievance import AxisValue, Strength, assess_tie_axes, strength
from blocs.alignment.shape import STRONG
from blocs.alignment.wedges import ENUMERATED, cheapest_wedge
from blocs.dates import Period
from blocs.records import SentenceRecord
from blocs.ties.network import tie_matrix
from blocs.views import wording

HOSTILE = ("disputes", "sanctions")
FRIENDLY = ("alliances", "arms")
SAME_QUARRELS = "Sanctions or disputes with the same states (the year before)"
LONGEST = 30
"""Years of the period above which the axes on ties are left to ``blocs motives``."""


def holding_sentences(found: GroupAssessment) -> tuple[SentenceRecord, ...]:
    """Say who bridges the group's treaties, its cheapest split on votes, its axes on ties."""
    made = (_broker(found), _wedge(found), *_axes(found))
    return tuple(s for s in made if s is not None)


def _layer(found: GroupAssessment, name: str) -> LayerAssessment:
    return next(layer for layer in found.layers if layer.state.name == name)


def _lit(found: GroupAssessment, name: str) -> bool:
    return _layer(found, name).state.lit_in(found.period)


def _feeds(found: GroupAssessment, *names: str) -> str:
    feeds = [f.dataset for n in names for f in _layer(found, n).state.feeds if _lit(found, n)]
    return ", ".join(dict.fromkeys(feeds))


def _broker(found: GroupAssessment) -> SentenceRecord | None:
    if len(found.group.members) < 3 or not _lit(found, "alliances"):
        return None
    state = _layer(found, "alliances").state
    mean = tie_matrix(state, found.period, among=found.group.members).undirected()
    weight = mean.mean()
    tied = np.where(np.isnan(weight), np.nan, weight >= STRONG - 1e-9)
    year = found.period.last
    top = brokers_of(tied, mean.actors, found.group.members)[0]
    if not top.within:
        return None
    return SentenceRecord(
        text=f"On treaties {wording.name(top.member, year)} stands between {top.within} of "
        f"{top.open_pairs} pairs of other members that have none with each other.",
        figure=f"{top.within} of {top.open_pairs}",
        source=_feeds(found, "alliances"),
        anchor="method-wedge",
    )


def _wedge(found: GroupAssessment) -> SentenceRecord | None:
    members = sorted(found.group.members)
    if not 3 <= len(members) <= ENUMERATED:
        return None
    weight = np.full((len(members), len(members)), np.nan)
    rows = found.dyads.select("a", "b", "votes_likeness").iter_rows()
    for a, b, likeness in rows:
        if likeness is not None:
            i, j = members.index(a), members.index(b)
            weight[i, j] = weight[j, i] = likeness
    if np.isnan(weight[np.triu_indices(len(members), 1)]).any():
        return None
    cut = cheapest_wedge(weight, members)
    if not cut.unique:
        return None
    share = f", {100 * cut.share:.0f} % of all there is" if cut.share is not None else ""
    return SentenceRecord(
        text=f"A wedge on votes is cheapest between "
        f"{wording.names(cut.part, found.period.last)} and the others: it cuts likeness "
        f"of {cut.cost:.2f}{share}.",
        figure=f"{cut.cost:.2f}",
        source=found.held.source,
        anchor="method-wedge",
    )


def _axes(found: GroupAssessment) -> tuple[SentenceRecord | None, ...]:
    if len(found.period.years) > LONGEST:
        return ()
    span = Period(max(found.period.first - 1, 1816), found.period.last)
    names = sorted(set(actors.members(span)["actor"]) | set(found.group.members))

    def put_together(layers: tuple[str, ...], sign: int) -> Strength | None:
        states = [_layer(found, n).state for n in layers]
        lit = [s for s in states if any(y in span.years for y in s.years)]
        return strength([tie_matrix(s, span, among=names) for s in lit], sign=sign)

    axes = assess_tie_axes(
        put_together(HOSTILE, -1),
        put_together(FRIENDLY, 1),
        found.group,
        window=list(found.period.years),
        rng=np.random.default_rng(0),
    )
    enemies: dict[str, float] = {}
    for pair in axes.pairs:
        for enemy in pair.enemies:
            enemies[enemy.actor] = enemies.get(enemy.actor, 0.0) + enemy.part
    top = sorted(enemies, key=lambda a: (-enemies[a], a))[:2]
    shared = f", most with {wording.names(top, found.period.last)}" if top else ""
    return (
        _axis(axes.grievance, SAME_QUARRELS, HOSTILE, found, shared),
        _axis(axes.commitment, "Commitment on ties (treaties, arms)", FRIENDLY, found, ""),
    )


def _axis(
    axis: AxisValue | None, name: str, layers: tuple[str, ...], found: GroupAssessment, more: str
) -> SentenceRecord | None:
    if axis is None:
        return None
    span = f" (90 % interval {axis.low:.2f} to {axis.high:.2f})" if axis.low is not None else ""
    return SentenceRecord(
        text=f"{name}: {axis.value:+.2f} a pair beyond what degrees give{span}, "
        f"{axis.pairs} of {axis.possible} pairs, "
        f"{wording.years(min(axis.years), max(axis.years))}{more}.",
        figure=f"{axis.value:+.2f}",
        source=_feeds(found, *layers),
        anchor="method-tie-axes",
    )
