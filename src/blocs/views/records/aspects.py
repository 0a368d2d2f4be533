"""The aspects of the axis test, a line each, and the states that could not be compared."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import msgspec

from blocs import actors
from blocs.alignment.assessment import LayerAssessment
from blocs.alignment.coordination import Coordination
from blocs.alignment.nulls import Uncompared
from blocs.dates import Period
from blocs.ties.lighting import would_light
from blocs.views import wording
from blocs.views.asked import Asked
from blocs.views.records.moved_together import Moved

NAMED = 3
"""States named as unknown with one; of more, how many they are."""
FEW_REASONS = 6
"""Reasons told one by one in a line; of more there is one in short."""


class TestRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the test table; figures are null where the aspect is dark.

    ``percentile`` is of ``members`` of the group, those of which every pair is known,
    among ``sets`` sets of as many of ``states`` states. The interval comes from drawing
    ``resampled_n`` texts or years (``resampled``) again.
    """

    aspect: str
    layer: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    unit: str
    first: int | None = msgspec.field(name="from")
    last: int | None = msgspec.field(name="to")
    pairs: int
    possible_pairs: int
    percentile: float | None
    percentile_error: float | None
    exact: bool | None
    members: int | None
    sets: int | None
    states: int | None
    p: float | None
    null_model: str
    why_dark: str
    resampled: str | None = None
    resampled_n: int | None = None
    interval: str = ""


class UncomparedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A state of the period that is in none of the sets compared, and why.

    ``unknown_with`` lists the states with which nothing is known of it; it is empty where
    nothing is known with anybody.
    """

    aspect: str
    layer: str
    actor: str
    why: str
    unknown_with: tuple[str, ...]


def layer_row(x: LayerAssessment, period: Period) -> TestRow:
    """Lay out what one layer says; null figures and the reason where it says nothing."""
    c = x.cohesion
    votes = x.state.name == "votes"
    return TestRow(
        aspect=_aspect(x),
        layer=x.state.name,
        value=c.residual if c else None,
        low=c.low if c else None,
        high=c.high if c else None,
        n=(c.items if votes else len(c.years)) if c else None,
        unit="roll calls a pair" if votes else "years",
        first=min(c.years) if c else None,
        last=max(c.years) if c else None,
        pairs=c.pairs if c else 0,
        possible_pairs=c.possible if c else 0,
        percentile=c.rank.percentile if c else None,
        percentile_error=c.rank.error if c else None,
        exact=c.rank.exact if c else None,
        members=len(c.ranked) if c else None,
        sets=c.rank.groups if c else None,
        states=c.states if c else None,
        p=c.null.at_least if c else None,
        null_model="each state keeps its general propensity" if votes else "degrees are kept",
        why_dark="" if c else _why_dark(x, period),
        resampled=c.resampled.unit if c and c.resampled else None,
        resampled_n=c.resampled.count if c and c.resampled else None,
        interval=f"from resampling {c.resampled}" if c and c.resampled else "",
    )


def _why_dark(x: LayerAssessment, period: Period) -> str:
    years = x.state.years
    if x.state.layer.absence == "unknown" and years and x.state.name != "votes":
        return "only what was told is known, so groups cannot be compared; see shapes"
    if x.state.lit_in(period):
        return (
            "too few pairs of the group, or too few other states, are known in this period to "
            "rank it among groups of its size"
        )
    feeds = ", ".join(would_light(x.state.layer, [f.dataset for f in x.state.feeds], period=period))
    told = [f"covers {min(years)}-{max(years)}"] if years else []
    told += [f"add {feeds} with `blocs data get ID`, or --data PATH"] if feeds else []
    return "; ".join(told) or "no data set that blocs reads covers these years"


def coordination_row(moved: Moved, asked: Asked) -> TestRow:
    """Lay out whether the group changed its votes together."""
    c, k = moved.overall, len(asked.group.members)
    return TestRow(
        aspect="coordination",
        layer="votes",
        value=c.value if c else None,
        low=c.low if c else None,
        high=c.high if c else None,
        n=c.steps if c else None,
        unit="votes on a text voted on before",
        first=moved.first if c else None,
        last=moved.last if c else None,
        pairs=c.pairs if c else 0,
        possible_pairs=k * (k - 1) // 2,
        percentile=c.rank.percentile if c else None,
        percentile_error=c.rank.error if c else None,
        exact=c.rank.exact if c else None,
        members=round((1 + sqrt(1 + 8 * c.pairs)) / 2) if c else None,
        sets=c.rank.groups if c else None,
        states=c.states if c else None,
        p=c.null.at_least if c else None,
        null_model="each state keeps its general propensity to move with others",
        why_dark=moved.why_dark,
        resampled="texts" if c else None,
        resampled_n=c.series if c else None,
        interval=f"from resampling {c.series:,} texts ({c.steps:,} votes on them)" if c else "",
    )


def all_uncompared(
    layers: Sequence[LayerAssessment], moved: Coordination | None, period: Period
) -> tuple[UncomparedRow, ...]:
    """Tell which states that existed in the period are in none of the sets compared."""
    out = [
        row
        for x in layers
        if x.cohesion is not None
        for row in uncompared_rows(x.cohesion.uncompared, _aspect(x), x.state.name, period)
    ]
    steps = moved.uncompared if moved else ()
    return (*out, *uncompared_rows(steps, "coordination", "votes", period))


def uncompared_rows(
    states: Sequence[Uncompared], aspect: str, layer: str, period: Period
) -> tuple[UncomparedRow, ...]:
    """Say of every state that existed in the period why it is in no set compared."""
    known = set(actors.ids())
    return tuple(
        UncomparedRow(
            aspect=aspect,
            layer=layer,
            actor=s.actor,
            why=_why_uncompared(s, aspect, layer, period),
            unknown_with=s.unknown_with,
        )
        for s in states
        if s.actor not in known or actors.actor(s.actor).existed(period)
    )


def _why_uncompared(state: Uncompared, aspect: str, layer: str, period: Period) -> str:
    votes = layer == "votes"
    if not state.unknown_with:
        return "cast no vote that can be compared" if votes else "nothing is known of it"
    shares = {
        "likeness": "shares no roll call",
        "coordination": "shares no text voted on again",
    }.get(aspect, "not known whether tied")
    few = state.unknown_with[:NAMED]
    more = len(state.unknown_with) - len(few)
    names = [wording.name(other, period.last) for other in few]
    return f"{shares} with {wording.listed([*names, *([f'{more} more'] if more else [])])}"


def told_uncompared(rows: Sequence[UncomparedRow], on: int) -> str:
    """Say in a line which states are in no set compared: each with its reason, if they are few.

    Parameters
    ----------
    rows : sequence of UncomparedRow
        Of one aspect and layer.
    on : int
        Year whose names the states bear.
    """
    by_why: dict[str, list[str]] = {}
    for row in rows:
        by_why.setdefault(row.why, []).append(wording.name(row.actor, on))
    if len(by_why) <= FEW_REASONS:
        return "; ".join(f"{wording.listed(names)} ({why})" for why, names in by_why.items())
    names = sorted(name for group in by_why.values() for name in group)
    return f"{wording.listed(names)} (not every pair of theirs is known)"


def _aspect(x: LayerAssessment) -> str:
    return "likeness" if x.state.name == "votes" else "commitment"
