"""The layers of a brief, and its pairs: what each says, or why it is dark."""

from __future__ import annotations

import polars as pl

from blocs import records
from blocs.alignment.assessment import GroupAssessment, LayerAssessment
from blocs.alignment.brokers import LeftOut
from blocs.alignment.cohesion import Cohesion
from blocs.alignment.resampling import LEVEL
from blocs.alignment.vote_sums import CLASSES
from blocs.dates import Period
from blocs.registry import LAYERS
from blocs.ties.lighting import would_light
from blocs.views import wording
from blocs.views.formats import number_or_none
from blocs.views.records.aspects import told_uncompared, uncompared_rows

ISSUE_TITLES = {
    "me": "Middle East",
    "nu": "nuclear weapons",
    "di": "arms control and disarmament",
    "hr": "human rights",
    "co": "colonialism",
    "ec": "economic development",
}


def layer_record(layer: LayerAssessment, found: GroupAssessment) -> records.LayerRecord:
    """Lay one layer out; a dark one says why and how to light it."""
    state, c = layer.state, layer.cohesion
    feeds = tuple(
        records.FeedRecord(dataset=f.dataset, first=min(f.years), last=max(f.years))
        for f in state.feeds
        if f.years
    )
    lit = state.lit_in(found.period)
    residual = "share of the range -1 to 1" if state.name == "votes" else "tie weight"
    return records.LayerRecord(
        name=state.name,
        title=state.layer.title,
        rule=state.layer.rule,
        lit=lit,
        why_dark="" if c is not None else _why_dark(layer, found, lit=lit),
        feeds=feeds,
        unit=residual,
        raw=c.raw if c else None,
        residual=c.residual if c else None,
        low=c.low if c else None,
        high=c.high if c else None,
        level=LEVEL,
        interval=_interval(c),
        years=c.years if c else (),
        pairs=c.pairs if c else 0,
        possible_pairs=len(found.group.members) * (len(found.group.members) - 1) // 2,
        items=c.items if c else None,
        percentile=c.rank.percentile if c else None,
        percentile_error=c.rank.error if c else None,
        exact=c.rank.exact if c else None,
        groups=c.rank.groups if c else None,
        states=c.states if c else None,
        p=c.null.at_least if c else None,
        null_model=_null_model(state.name) if c else "",
        holes=c.holes if c else (),
        series=tuple(
            records.PointRecord(
                year=x.year,
                value=x.value,
                low=x.low,
                high=x.high,
                raw=x.raw,
                pairs=x.pairs,
                size=x.size,
            )
            for x in (c.series if c else ())
            if x.year <= found.period.last
        ),
        left_out=tuple(left_out_record(x) for x in layer.left_out) if c else (),
        warnings=_layer_warnings(layer, found),
        citation=str(state.layer.citation),
        method="method-votes" if state.name == "votes" else "method-ties",
    )


def _why_dark(layer: LayerAssessment, found: GroupAssessment, *, lit: bool) -> str:
    state = layer.state
    if state.layer.absence == "unknown" and state.name != "votes" and lit:
        return (
            "only what was told is known, so a group cannot be ranked on it; see the ladder of "
            "support"
        )
    held = {feed.dataset for feed in state.feeds}
    names = ", ".join(would_light(state.layer, held, period=found.period))
    how = f"; add {names} with `blocs data get ID` or `blocs data add ID PATH`" if names else ""
    if lit:
        return (
            "too few pairs of the group, or too few other states, are known in this period to rank "
            f"it among groups of its size{how}"
        )
    if state.years:
        reach = Period(min(state.years), max(state.years))
        covers = "covers" if len(held) == 1 else "cover"
        return f"{' and '.join(sorted(held))} {covers} {reach} only, not {found.period}{how}"
    if not names:
        return f"no data set that blocs reads covers {found.period}"
    return f"no data set that feeds it is at hand{how}"


def _interval(c: Cohesion | None) -> str:
    if c is None:
        return ""
    if c.resampled is None:
        return "none: one year cannot be resampled"
    return f"{LEVEL:.0%} interval from resampling {c.resampled}"


def _null_model(name: str) -> str:
    if name == "votes":
        return (
            "states keep their general propensity to vote with others (least squares mu + a_i + "
            "a_j); which states form the group is exchangeable"
        )
    return (
        "states keep their signed degree on the layer (k_i k_j / K); which states form the group "
        "is exchangeable"
    )


def left_out_record(x: LeftOut) -> records.LeftOutRecord:
    """Lay out what leaving one member out does to a layer."""
    return records.LeftOutRecord(
        member=x.member,
        own=number_or_none(x.own),
        without=number_or_none(x.without),
        change=number_or_none(x.change),
    )


def _layer_warnings(layer: LayerAssessment, found: GroupAssessment) -> tuple[str, ...]:
    state, c = layer.state, layer.cohesion
    out = []
    if state.years and max(state.years) < found.period.last and c is not None:
        out.append(f"{state.layer.title} ends in {max(state.years)}, before the period does")
    if c is not None and len(c.years) < len(found.period.years):
        missing = sorted(set(found.period.years) - set(c.years))
        out.append(f"nothing on {', '.join(map(str, missing[:5]))}")
    if c is not None and c.resampled is not None and state.name == "votes" and c.resampled.narrow:
        out.append(f"its interval comes from resampling {c.resampled}")
    if c is not None and c.holes:
        out.append(
            f"{len(c.holes)} of {c.possible} pairs not known: "
            + ", ".join(f"{a}-{b}" for a, b in c.holes[:6])
        )
    if c is not None and len(c.ranked) < len(found.group.members):
        out.append(f"of the members only {wording.names(c.ranked, found.period.last)} are ranked")
    aspect = "likeness" if state.name == "votes" else "commitment"
    gone = uncompared_rows(c.uncompared, aspect, state.name, found.period) if c else ()
    if gone:
        out.append(f"in none of the groups compared: {told_uncompared(gone, found.period.last)}")
    return tuple(out)


def dyad_records(found: GroupAssessment) -> tuple[records.DyadRecord, ...]:
    """Lay out each pair of members: its votes, by issue, and its tie on every layer."""
    layers = [name for name in found.dyads.columns if name in LAYERS.names()]
    out = []
    for row in found.dyads.iter_rows(named=True):
        a, b = row["a"], row["b"]
        issues = _issues(found.issues, a, b)
        worst = min(issues, key=lambda i: (i.agreement, i.issue), default=None)
        out.append(
            records.DyadRecord(
                a=a,
                b=b,
                votes=None
                if row["votes_n"] is None
                else records.VotesRecord(
                    n=row["votes_n"],
                    agreement=row["votes_agreement"],
                    identical=row["votes_identical"],
                    likeness=row["votes_likeness"],
                    **{c: row[f"votes_{c}"] for c in CLASSES},
                ),
                issues=issues,
                differs_most_on=worst.issue if worst else None,
                ties=tuple(records.TieRecord(layer=n, weight=row[n]) for n in layers),
            )
        )
    return tuple(out)


def _issues(table: pl.DataFrame, a: str, b: str) -> tuple[records.IssueRecord, ...]:
    rows = table.filter((pl.col("a") == min(a, b)) & (pl.col("b") == max(a, b)))
    return tuple(
        records.IssueRecord(
            issue=row["issue"],
            title=ISSUE_TITLES[row["issue"]],
            n=row["n"],
            agreement=1 - row["distance"] / (2 * row["n"]),
            identical=row["same"] / row["n"],
        )
        for row in rows.iter_rows(named=True)
    )
