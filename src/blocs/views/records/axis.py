"""The axis test in full: every aspect with its figures, its null model and its holes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from blocs.alignment.analogues import DIMENSIONS, Analogue
from blocs.alignment.assessment import GroupAssessment, LayerAssessment, assess_group
from blocs.alignment.axis import Finding
from blocs.alignment.brokers import LeftOut
from blocs.alignment.change_points import ChangePoint, change_points
from blocs.alignment.cohesion import vote_cohesion
from blocs.alignment.coordination import (
    Coordination,
    Shock,
)
from blocs.alignment.matched import MatchedStanding, matched_standing
from blocs.alignment.nulls import complete_core, group_mean
from blocs.alignment.repeated import Mover
from blocs.alignment.shape import Shape, assess_shape
from blocs.alignment.traits import traits_of
from blocs.alignment.uncertainty import VerdictDraws, resample_verdict
from blocs.alignment.vote_sums import VoteSums
from blocs.alignment.votes_at_hand import VotesAtHand
from blocs.almanac.tables import facts as almanac
from blocs.dates import Period
from blocs.shown import Shown
from blocs.ties.network import tie_matrix
from blocs.views.asked import Asked
from blocs.views.brief.sources import almanac_votes_end
from blocs.views.formats import number_or_none
from blocs.views.records.aspects import (
    TestRow,
    UncomparedRow,
    all_uncompared,
    coordination_row,
    layer_row,
)
from blocs.views.records.moved_together import Moved, moved_together

SHAPED = ("alliances", "arms", "support")
CANNOT = (
    "It compares records of states; it reads no intentions, and what is secret is in no record.",
    "A percentile is no p-value: groups overlap, and most groups are named after somebody looked. "
    "p is the share of groups as alike under the null model named, and tests something only on "
    "votes cast after the group was named.",
    "Votes in the General Assembly are cheap: states alike in them may do nothing for each other.",
    "Treaties in force are counted, not kept promises; support is what somebody told.",
    "Layers end in different years; each row names its own.",
)


class ShapeRow(msgspec.Struct, frozen=True, kw_only=True):
    """The shape of one layer's ties."""

    layer: str
    shape: Shape


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """Since when, on one layer: changes of level, and the years outside what groups do.

    ``outside_since`` is the first year of the last unbroken run above the 95 % band of
    groups of the size.
    """

    layer: str
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    changes: tuple[ChangePoint, ...]
    outside_since: int | None


class LeftOutRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one layer is without each member."""

    layer: str
    members: tuple[LeftOut, ...]


class Separated(msgspec.Struct, frozen=True, kw_only=True):
    """Distance from the reference's side, and who moved on the same texts."""

    within: float | None
    across: float | None
    to_reference: float | None
    gap: float | None
    low: float | None
    high: float | None
    side: tuple[str, ...]
    mover: Mover | None
    mover_from: int | None
    mover_to: int | None
    why_dark: str


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """The test on votes cast after the group was named: the only p that tests something."""

    named: int
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    likeness: float
    percentile: float
    p: float
    items: int | None


class AnalogueRow(msgspec.Struct, frozen=True, kw_only=True):
    """A group of history and how far it lies."""

    group: str
    name: str
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    distance: float
    compared_on: tuple[str, ...]
    profile: dict[str, float | None]


class AxisTest(Shown, frozen=True, kw_only=True):
    """A named group under test."""

    shown_by: ClassVar[str] = "axis"

    schema: str
    command: str
    label: str
    members: tuple[str, ...]
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    reference: str
    grade: str
    findings: tuple[Finding, ...]
    would_change: tuple[str, ...]
    tests: tuple[TestRow, ...]
    uncompared: tuple[UncomparedRow, ...]
    coordination: Coordination | None
    shocks: tuple[Shock, ...]
    shapes: tuple[ShapeRow, ...]
    separation: Separated
    matched: MatchedStanding | None
    left_out: tuple[LeftOutRow, ...]
    since: tuple[Since, ...]
    uncertainty: VerdictDraws | None
    confirmation: Confirmation | None
    why_no_confirmation: str
    nearest: tuple[AnalogueRow, ...]
    farthest: tuple[AnalogueRow, ...]
    cannot: tuple[str, ...]
    notes: tuple[str, ...]


def axis_record(
    asked: Asked, *, named: int | None, shocks: Mapping[date, str], seed: int
) -> AxisTest:
    """Run every part of the test.

    Parameters
    ----------
    asked : Asked
    named : int or None
        Year in which the group was named; the founding year of a named group by default.
    shocks : mapping of date to str
        Days and names of events, besides the wars of the almanac.
    seed : int
        Of resampling and of the groups drawn.
    """
    rng = np.random.default_rng([seed, 5])
    found = assess_group(
        asked.group, asked.period, reference=asked.reference, evidence=asked.facts, seed=seed
    )
    held, sums = found.held, found.held.sums
    moved = moved_together(asked, shocks, rng)
    confirmation, why = _confirmation(asked, held, named, rng, seed)
    return AxisTest(
        schema="blocs.axis/1",
        command=f"blocs axis {asked.command}",
        label=asked.group.label,
        members=asked.group.members,
        first=asked.period.first,
        last=asked.period.last,
        reference=asked.reference,
        grade=found.verdict.grade,
        findings=found.verdict.findings,
        would_change=found.verdict.would_change,
        tests=(
            *(layer_row(x, asked.period) for x in found.layers),
            coordination_row(moved, asked),
        ),
        uncompared=all_uncompared(found.layers, moved.overall, asked.period),
        coordination=moved.overall,
        shocks=moved.shocks,
        shapes=tuple(_shapes(found)),
        separation=_separated(found, moved),
        matched=_matched(sums, asked, rng) if held.source else None,
        left_out=tuple(
            LeftOutRow(layer=x.state.name, members=x.left_out)
            for x in found.layers
            if x.cohesion is not None and x.left_out
        ),
        since=tuple(_since(x, asked, rng) for x in found.layers if x.cohesion is not None),
        uncertainty=resample_verdict(
            found.draws,
            asked.group,
            (asked.reference, *found.allies),
            {f.name: f.holds for f in found.verdict.findings},
            classed=bool(found.motives),
            rng=rng,
        ),
        confirmation=confirmation,
        why_no_confirmation=why,
        nearest=tuple(map(_analogue, found.analogues[:5])),
        farthest=tuple(
            _analogue(a) for a in reversed([x for x in found.analogues if _on_votes(x)][5:][-3:])
        ),
        cannot=CANNOT,
        notes=(
            *asked.notes,
            *(almanac_votes_end(asked.period.last) if held.source == "almanac" else ()),
        ),
    )


def _shapes(found: GroupAssessment) -> list[ShapeRow]:
    span = Period(max(found.period.first - 1, 1816), found.period.last)
    out = []
    for x in found.layers:
        if x.state.name in SHAPED and x.state.lit_in(found.period):
            matrix = tie_matrix(x.state, span, among=found.group.members)
            shape = assess_shape(matrix, found.group, window=list(found.period.years))
            out.append(ShapeRow(layer=x.state.name, shape=shape))
    return out


def _separated(found: GroupAssessment, moved: Moved) -> Separated:
    gap = found.separation
    return Separated(
        within=gap.within if gap else None,
        across=gap.across if gap else None,
        to_reference=gap.to_reference if gap else None,
        gap=gap.gap if gap else None,
        low=gap.low if gap else None,
        high=gap.high if gap else None,
        side=gap.side if gap else (),
        mover=moved.mover,
        mover_from=moved.first if moved.mover else None,
        mover_to=moved.last if moved.mover else None,
        why_dark="" if gap else "no votes of both sides in this period",
    )


def _matched(sums: VoteSums, asked: Asked, rng: np.random.Generator) -> MatchedStanding | None:
    years = [y for y in sums.years if y in asked.period.years]
    if not years:
        return None
    matrix = sums.within(years).pooled().likeness()
    members = [sums.actors.index(m) for m in asked.group.members if m in sums.actors]
    core = complete_core(matrix, np.array(members, dtype=np.intp))
    inside = np.flatnonzero(np.isin(core, members))
    if len(inside) < 2 or len(core) < 2 * len(inside):
        return None
    dense = matrix[np.ix_(core, core)]
    table, columns = traits_of([sums.actors[k] for k in core], asked.period.last)
    return matched_standing(
        dense, inside, table, value=group_mean(dense, inside), names=columns, rng=rng
    )


def _since(x: LayerAssessment, asked: Asked, rng: np.random.Generator) -> Since:
    c = x.cohesion
    assert c is not None
    series = [p for p in c.series if p.year <= asked.period.last]
    years = [p.year for p in series]
    outside = None
    for p in series:
        outside = (outside or p.year) if p.value > p.high else None
    return Since(
        layer=x.state.name,
        first=min(years, default=asked.period.first),
        last=max(years, default=asked.period.last),
        changes=change_points(years, [p.value for p in series], rng=rng),
        outside_since=outside,
    )


def _confirmation(
    asked: Asked, held: VotesAtHand, named: int | None, rng: np.random.Generator, seed: int
) -> tuple[Confirmation | None, str]:
    """The vote test on years after the group was named."""
    year = named if named is not None else _founded(asked.group.slug)
    if year is None:
        return None, (
            "the group is a list of states with no day of naming; --named YEAR tests it on the "
            "votes of the years after"
        )
    after = [y for y in held.sums.years if y > year and y <= asked.period.last]
    if not after:
        return None, f"no votes of two members after {year}, when the group was named"
    found = vote_cohesion(
        held.sums,
        asked.group,
        window=after,
        rng=rng,
        draws=held.draws(Period(after[0], after[-1]), seed=seed),
    )
    if found is None:
        return None, f"no votes of two members after {year}, when the group was named"
    return Confirmation(
        named=year,
        first=after[0],
        last=after[-1],
        likeness=found.residual,
        percentile=found.rank.percentile,
        p=found.null.at_least,
        items=found.items,
    ), ""


def _founded(slug: str) -> int | None:
    rows = almanac("groups").filter((pl.col("group") == slug) & (pl.col("kind") != "label"))
    start = rows["start"][0] if rows.height else None
    return start.year if isinstance(start, date) else None


def _analogue(a: Analogue) -> AnalogueRow:
    shown: Mapping[str, float] = dict(zip(DIMENSIONS, a.profile, strict=True))
    return AnalogueRow(
        group=a.group,
        name=a.name,
        first=a.first,
        last=a.last,
        distance=a.distance,
        compared_on=a.dimensions,
        profile={name: number_or_none(value) for name, value in shown.items()},
    )


def _on_votes(a: Analogue) -> bool:
    return "likeness" in a.dimensions
