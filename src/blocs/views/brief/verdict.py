"""The verdict in plain sentences, each with its figure and source."""

from __future__ import annotations

from math import isnan

import polars as pl

from blocs import actors
from blocs.alignment.assessment import GroupAssessment
from blocs.alignment.cohesion import Cohesion
from blocs.records import FindingRecord, SentenceRecord, VerdictRecord
from blocs.schemas import RUNGS
from blocs.ties.network import Feed
from blocs.views.wording import name, names, pair, plural, score, the, the_group, upper_first, years

HEADLINES = {
    "axis": "{who} {form} a bound bloc against {reference}: an axis by these rules",
    "star": "{who} {form} a star against {reference}: bound to one hub, hardly to each other",
    "front": "{who} {form} a front against {reference}, not an axis",
    "none": "{who} {form} neither an axis nor a front against {reference}",
    "not known": "Whether {who} {form} an axis is not known from what is lit",
}
SHARED = {
    "shield": "shield",
    "counter": "counter-programme",
    "with_reference": "voting with the reference",
    "neutral": "voting alike where the reference takes no side",
}
OLDER = 0.8
RULES = "src/blocs/alignment/axis.py"


def verdict_record(found: GroupAssessment) -> VerdictRecord:
    """Say the verdict: headline, sentences with figures, what would change it."""
    v = found.verdict
    return VerdictRecord(
        grade=v.grade,
        headline=_headline(found),
        sentences=tuple(s for s in _sentences(found) if s is not None),
        findings=tuple(
            FindingRecord(name=f.name, holds=f.holds, sentence=f.sentence, layer=f.layer)
            for f in v.findings
        ),
        would_change=v.would_change,
        hindsight=_hindsight(found),
        rules=RULES,
    )


def _headline(found: GroupAssessment) -> str:
    named = bool(found.group.slug)
    who = the_group(found.group.label) if named else found.group.label
    form = "forms" if named and not plural(found.group.label) else "form"
    led = ""
    if found.verdict.grade == "front" and found.motives:
        by_name = {m.name: m.value for m in found.motives}
        other = _power(found)
        led = (
            f" Their votes meet more in opposing what {other} backs than in backing what it opposes"
            if by_name["shield"] > by_name["counter"]
            else f" Their votes meet more in backing what {other} opposes than in opposing what it "
            "backs"
        )
    text = HEADLINES[found.verdict.grade].format(who=who, form=form, reference=_power(found))
    text = upper_first(text)
    return f"{text}.{led}." if led else f"{text}."


def _power(found: GroupAssessment) -> str:
    return the(actors.name_of(found.reference, found.period.last))


def _sentences(found: GroupAssessment) -> tuple[SentenceRecord | None, ...]:
    votes = found.layers[0].cohesion
    source = found.held.source
    return (
        _likeness(votes, found, source),
        _against(found, source),
        _motive(found, source),
        _bonds(found),
        _since(votes, found, source),
        _support_since(found),
        _weak_link(found, source),
    )


def _likeness(votes: Cohesion | None, found: GroupAssessment, source: str) -> SentenceRecord | None:
    if votes is None:
        lit = found.layers[0].state.lit_in(found.period)
        why = "too few of its pairs voted together" if lit else "no votes of then are at hand"
        return SentenceRecord(
            text=f"How alike they vote in {found.period} is not known: {why}.",
            figure="not known",
            source="",
            anchor="method-votes",
        )
    k, when = len(found.group.members), years(found.period.first, found.period.last)
    ranked = len(votes.ranked)
    of = f" ({ranked} of {k} members can be compared)" if ranked < k else ""
    interval = (
        f", 90 % interval {score(votes.low)} to {score(votes.high)}"
        if votes.low is not None
        else ""
    )
    return SentenceRecord(
        text=f"In {when} they vote more alike than {100 * votes.rank.percentile:.1f} % of "
        f"{'all' if votes.rank.exact else 'sampled'} groups of {ranked} states{of}: residual "
        f"likeness "
        f"{score(votes.residual)}{interval}; raw agreement {100 * votes.raw:.0f} % of "
        f"{votes.items} roll calls in common a pair.",
        figure=score(votes.residual),
        source=source,
        anchor="method-votes",
    )


def _against(found: GroupAssessment, source: str) -> SentenceRecord | None:
    gap = found.separation
    if gap is None:
        return None
    interval = (
        f" (90 % interval {score(gap.low)} to {score(gap.high)})" if gap.low is not None else ""
    )
    return SentenceRecord(
        text=f"They stand {score(gap.gap)} apart from {_power(found)} and "
        f"its {len(gap.side) - 1} allies on votes{interval}: likeness to them is "
        f"{score(gap.across)}, to {_power(found)} alone {score(gap.to_reference)}.",
        figure=score(gap.gap),
        source=source,
        anchor="method-separation",
    )


def _motive(found: GroupAssessment, source: str) -> SentenceRecord | None:
    if not found.motives:
        return None
    part = {m.name: m.value for m in found.motives}
    most = max(SHARED, key=lambda name: part[name])
    shared = sum(part[name] for name in SHARED)
    share = "mostly" if 2 * part[most] > shared else "in largest part, not mostly,"
    return SentenceRecord(
        text=f"What they share is {share} {SHARED[most]} ({score(part[most])} of the "
        f"{score(shared)} they share): voting together against what the reference supports makes "
        f"{score(part['shield'])}, for what it opposes {score(part['counter'])}; dissent takes "
        f"{score(abs(part['dissent']))} away.",
        figure=score(part[most]),
        source=source,
        anchor="method-motives",
    )


def _bonds(found: GroupAssessment) -> SentenceRecord | None:
    bonds = found.bonds
    if bonds is None:
        return None
    pairs = ", ".join(pair(a, b, found.period.last) for a, b in bonds.pairs[:4])
    more = f" and {len(bonds.pairs) - 4} more" if len(bonds.pairs) > 4 else ""
    told = f": {pairs}{more}" if bonds.pairs else _strongest(found)
    return SentenceRecord(
        text=f"A treaty of defence was in force on at least one day of the period between "
        f"{bonds.count()}{told}.",
        figure=f"{len(bonds.pairs)} of {bonds.possible}",
        source=", ".join(f.dataset for f in _feeds(found, "alliances")),
        anchor="method-facts",
    )


def _strongest(found: GroupAssessment) -> str:
    """Name the strongest obligation between members where none is to defend each other."""
    state = next(layer.state for layer in found.layers if layer.state.name == "alliances")
    members = list(found.group.members)
    levels = state.ties.filter(
        pl.col("sender").is_in(members)
        & pl.col("receiver").is_in(members)
        & pl.col("start").dt.year().is_between(found.period.first, found.period.last)
    )["value"]
    words = {2: "neutrality or consultation", 1: "non-aggression"}
    highest = words.get(int(levels.max() or 0))  # type: ignore[arg-type]
    return f"; the strongest obligation between members was {highest}" if highest else ""


def _since(votes: Cohesion | None, found: GroupAssessment, source: str) -> SentenceRecord | None:
    """Tell how alike they voted in the ten years before the period."""
    if votes is None:
        return None
    first = found.period.first
    before = [p.value for p in votes.series if first - 10 <= p.year < first]
    if len(before) < 5:
        return None
    mean = sum(before) / len(before)
    told = (
        f"Their likeness is older than {first}: in the ten years before it was already"
        if mean >= OLDER * votes.residual
        else f"Their likeness has grown: in the ten years before {first} it was"
    )
    return SentenceRecord(
        text=f"{told} {score(mean)} on average.",
        figure=score(mean),
        source=source,
        anchor="method-votes",
    )


def _support_since(found: GroupAssessment) -> SentenceRecord | None:
    """Tell since when a member is said to have helped another in a war."""
    state = next(layer.state for layer in found.layers if layer.state.name == "support")
    members = list(found.group.members)
    rows = state.ties.filter(
        pl.col("sender").is_in(members) & pl.col("receiver").is_in(members)
    ).sort("start")
    rows = rows.filter(pl.col("start").dt.year() <= found.period.last)
    if rows.is_empty():
        return None
    givers = names(tuple(rows["sender"].unique().sort()))
    takers = names(tuple(rows["receiver"].unique().sort()))
    since = rows["start"].dt.year()[0]
    highest = RUNGS[int(rows["value"].max() or 0)]  # type: ignore[arg-type]
    return SentenceRecord(
        text=f"Support of one member for another in war is told since {since} only, "
        f"up to {highest.replace('_', ' ')}: {givers} for {takers}.",
        figure=str(since),
        source=", ".join(f.dataset for f in state.feeds),
        anchor="method-facts",
    )


def _weak_link(found: GroupAssessment, source: str) -> SentenceRecord | None:
    left = [x for x in found.layers[0].left_out if not isnan(x.change)]
    if not left or found.layers[0].cohesion is None:
        return None
    holds, weak = left[0], left[-1]
    most, least = (name(x.member, found.period.last) for x in (holds, weak))
    if max(abs(holds.change), abs(weak.change)) < 0.005:
        return SentenceRecord(
            text="No one member holds their votes together: without any one of them likeness "
            "changes by less than 0.01.",
            figure="0.01",
            source=source,
            anchor="method-left-out",
        )
    held = (
        f"{most} holds their votes together most (without it likeness changes by "
        f"{score(holds.change, signed=True)})"
        if holds.change <= -0.005
        else "No one member holds their votes together"
    )
    weakest = (
        f"{least} is the weakest link ({score(weak.change, signed=True)})"
        if weak.change >= 0.005
        else "no one is a weak link"
    )
    return SentenceRecord(
        text=f"{held}; {weakest}.",
        figure=score(holds.change, signed=True),
        source=source,
        anchor="method-left-out",
    )


def _feeds(found: GroupAssessment, name: str) -> tuple[Feed, ...]:
    state = next(layer.state for layer in found.layers if layer.state.name == name)
    return state.feeds


def _hindsight(found: GroupAssessment) -> str:
    named = (
        "This group was named because it is known to be hostile or close"
        if not found.group.slug
        else "This group exists because its members sought each other out"
    )
    return (
        f"{named}: it was picked after looking, so its percentile and p describe where it "
        "stands and test nothing. A test would need votes cast after the day the group was named."
    )
