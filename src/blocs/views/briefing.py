"""From an assessment to the record of a brief: every figure with its source and method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

import polars as pl

from blocs import actors, records
from blocs.alignment.assessment import GroupAssessment, LayerAssessment
from blocs.alignment.brokers import LeftOut
from blocs.alignment.cohesion import LEVEL, Cohesion
from blocs.alignment.motives import MEANING
from blocs.alignment.vote_sums import CLASSES
from blocs.almanac.tables import about, facts
from blocs.contracts import Facts
from blocs.dates import Period, holds_on
from blocs.evidence.almanac_facts import known_through, treaties_between
from blocs.registry import LAYERS
from blocs.schemas import RUNGS
from blocs.views.brief_sources import citations_of, say_unused, sources_of
from blocs.views.formats import number_or_none
from blocs.views.holding import holding_sentences
from blocs.views.methods import METHODS
from blocs.views.verdict import verdict_record
from blocs.views.wording import day

ISSUE_TITLES = {
    "me": "Middle East",
    "nu": "nuclear weapons",
    "di": "arms control and disarmament",
    "hr": "human rights",
    "co": "colonialism",
    "ec": "economic development",
}
OBLIGATIONS = ("defence", "offence", "neutrality", "nonaggression", "consultation")
_PROFILE = ("likeness", "shield", "counter", "with_reference", "neutral", "dissent", "treaties")
_ANALOGUES = 8
SAME_FLAGS_FROM = 2022


def brief_record(
    found: GroupAssessment,
    evidence: Mapping[str, Facts],
    *,
    command: str,
    version: str,
    members_at: int | None,
    notes: Sequence[str],
) -> records.Brief:
    """Lay an assessment out as the record that the JSON, the page and the terminal show.

    Parameters
    ----------
    found : GroupAssessment
        What was assessed.
    evidence : mapping of str to Facts
        What it was assessed on.
    command, version : str
        How to run it again, and with what.
    members_at : int or None
        Year at which a named group was frozen.
    notes : sequence of str
        What the user should know of the evidence.
    """
    layers = tuple(layer_record(layer, found) for layer in found.layers)
    votes = found.layers[0].cohesion
    sources = sources_of(found, evidence)
    unused = say_unused(sources, evidence, found.period)
    warnings = (*_warnings(found), *unused, *notes)
    members, treaties = _members(found), _treaties(found)
    support, red_lines = _support(found), _red_lines(found)
    keys = {row.source for rows in (treaties, support, red_lines) for row in rows}
    keys |= {held.source for member in members for held in member.attributes}
    return records.Brief(
        schema="blocs.brief/1",
        command=command,
        version=version,
        group=_group(found, members_at),
        period=records.PeriodRecord(
            first=found.period.first, last=found.period.last, known_through=known_through()
        ),
        reference=_reference(found),
        verdict=verdict_record(found),
        layers=layers,
        dyads=_dyads(found),
        motives=_motives(found, votes),
        members=members,
        heterogeneity=_heterogeneity(found),
        treaties=treaties,
        support=support,
        red_lines=red_lines,
        analogues=_analogues(found),
        warnings=warnings,
        sources=sources,
        methods=METHODS,
        citations=citations_of(keys),
        holding=holding_sentences(found),
        nearness=tuple(records.NearnessRecord(**asdict(one)) for one in found.nearness),
    )


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
        left_out=tuple(_left_out(x) for x in layer.left_out) if c else (),
        warnings=_layer_warnings(layer, found),
        citation=str(state.layer.citation),
        method="method-votes" if state.name == "votes" else "method-ties",
    )


def _group(found: GroupAssessment, members_at: int | None) -> records.GroupRecord:
    group = found.group
    return records.GroupRecord(
        label=group.label,
        slug=group.slug,
        members=tuple(_named(m, found.period.last) for m in group.members),
        by_year=tuple(records.YearMembers(year=y, members=m) for y, m in group.by_year),
        membership_changes=group.changes,
        members_at=members_at,
    )


def _reference(found: GroupAssessment) -> records.ReferenceRecord:
    gap = found.separation
    name = actors.name_of(found.reference, found.period.last)
    return records.ReferenceRecord(
        id=found.reference,
        name=name,
        allies=found.allies,
        allies_rule=f"treaty of defence with {name} in the last year "
        "of the period that the layer of treaties covers",
        within=gap.within if gap else None,
        across=gap.across if gap else None,
        gap=gap.gap if gap else None,
        low=gap.low if gap else None,
        high=gap.high if gap else None,
        level=LEVEL,
    )


def _named(actor: str, year: int) -> records.Named:
    return records.Named(id=actor, name=actors.name_of(actor, year))


def _why_dark(layer: LayerAssessment, found: GroupAssessment, *, lit: bool) -> str:
    state = layer.state
    if state.layer.absence == "unknown" and state.name != "votes" and lit:
        return (
            "only what was told is known, so a group cannot be ranked on it; see the ladder of "
            "support"
        )
    held = {feed.dataset for feed in state.feeds}
    names = ", ".join(d for d in state.layer.prefer if d not in {"almanac", *held})
    how = f"; add {names} with `blocs data get ID` or `blocs data add ID PATH`" if names else ""
    if lit:
        return (
            "too few pairs of the group, or too few other states, are known in this period to rank "
            f"it among groups of its size{how}"
        )
    if state.years:
        reach = Period(min(state.years), max(state.years))
        return f"{' and '.join(sorted(held))} covers {reach} only, not {found.period}{how}"
    return f"no data set that feeds it is at hand{how}"


def _interval(c: Cohesion | None) -> str:
    if c is None:
        return ""
    if c.low is None:
        return "none: one year cannot be resampled"
    return f"{LEVEL:.0%} interval from resampling the {len(c.years)} years of the period"


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


def _left_out(x: LeftOut) -> records.LeftOutRecord:
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
    if c is not None and c.holes:
        out.append(
            f"{len(c.holes)} of {c.possible} pairs not known: "
            + ", ".join(f"{a}-{b}" for a, b in c.holes[:6])
        )
    return tuple(out)


def _dyads(found: GroupAssessment) -> tuple[records.DyadRecord, ...]:
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


def _motives(found: GroupAssessment, votes: Cohesion | None) -> records.MotivesRecord:
    dark = ""
    if not found.motives:
        name = actors.name_of(found.reference, found.period.last)
        dark = (
            f"the split against {name} needs its roll calls; add them with `blocs data get unga`"
            if votes is not None
            else "no votes in this period"
        )
    return records.MotivesRecord(
        raw=votes.raw if votes else None,
        residual=votes.residual if votes else None,
        classes=tuple(
            records.MotiveRecord(
                name=m.name, meaning=MEANING[m.name], value=m.value, low=m.low, high=m.high
            )
            for m in found.motives
        ),
        series=tuple(
            records.MotiveYear(year=year, **dict(zip(CLASSES, values, strict=True)))
            for year, values in found.motive_years
            if year <= found.period.last
        ),
        level=LEVEL,
        why_dark=dark,
        method="method-motives",
    )


def _members(found: GroupAssessment) -> tuple[records.MemberRecord, ...]:
    left: dict[str, list[records.LeftOutRecord]] = {m: [] for m in found.group.members}
    for layer in found.layers:
        if layer.cohesion is None:
            continue
        for x in layer.left_out:
            left[x.member].append(_left_out(x))
    return tuple(
        records.MemberRecord(
            id=m,
            name=actors.name_of(m, found.period.last),
            joined=next(y for y, members in found.group.by_year if m in members),
            attributes=_attributes(m, found.period.last),
            left_out=tuple(left[m]),
        )
        for m in found.group.members
    )


def _attributes(actor: str, year: int) -> tuple[records.AttributeRecord, ...]:
    """Dated properties that hold on the last day of a year."""
    day = date(year, 12, 31)
    holds = (pl.col("actor") == actor) & holds_on(day)
    named = facts("attributes").filter(holds).sort("kind")
    nuclear = facts("nuclear").filter(holds).sort("start")
    rows = [(r["kind"], r["value"], r) for r in named.iter_rows(named=True)]
    rows += [("nuclear", r["status"], r) for r in nuclear.iter_rows(named=True)]
    return tuple(
        records.AttributeRecord(
            kind=kind,
            value=value,
            start=row["start_text"],
            end=row["end_text"],
            checked=row["checked"],
            source=row["source"] or "",
        )
        for kind, value, row in rows
    )


def _heterogeneity(found: GroupAssessment) -> tuple[str, ...]:
    """Say in one sentence a property how alike the members are in kind."""
    out = []
    for kind, label in (
        ("regime", "Regime"),
        ("income", "Income"),
        ("power", "Power"),
        ("nuclear", "Nuclear weapons"),
    ):
        values: dict[str, list[str]] = {}
        for m in found.group.members:
            held = [a.value for a in _attributes(m, found.period.last) if a.kind == kind]
            values.setdefault(
                held[-1] if held else ("none told" if kind == "nuclear" else "not known"), []
            ).append(m)
        parts = [f"{v.replace('_', ' ')}: {', '.join(ms)}" for v, ms in sorted(values.items())]
        out.append(f"{label} - {'; '.join(parts)}")
    return tuple(out)


def _treaties(found: GroupAssessment) -> tuple[records.TreatyRecord, ...]:
    table = treaties_between(pl.Series(sorted(found.group.members)), found.period)
    out = []
    for (treaty,), rows in table.group_by(["treaty"], maintain_order=True):
        row = rows.row(0, named=True)
        out.append(
            records.TreatyRecord(
                id=str(treaty),
                name=row["name"],
                members=tuple(rows["actor"].unique().sort()),
                signed=row["signed_text"],
                start=row["start_text"],
                end=row["end_text"],
                in_force=_in_force(row["start"], row["end"], found),
                obligations=tuple(o for o in OBLIGATIONS if row[o]),
                against=tuple(x for x in (row["against"] or "").split("|") if x),
                atop=row["atop"],
                checked=row["checked"],
                confirmed_by=row["confirmed_by"] or "",
                source=row["source"] or "",
                note=row["note"] or "",
                row=f"almanac/treaties:{row['row']}",
            )
        )
    return tuple(sorted(out, key=lambda t: (t.signed or "", t.id)))


def _in_force(start: date | None, end: date | None, found: GroupAssessment) -> str:
    spell = found.period.spell
    if start is None:
        return "entry into force not known"
    if end is not None and spell.start is not None and end <= spell.start:
        return "ended before the period"
    if spell.end is not None and start >= spell.end:
        return "signed, not in force in the period"
    if spell.start is not None and start > spell.start:
        return "in force for part of the period"
    return "in force"


def _support(found: GroupAssessment) -> tuple[records.SupportRecord, ...]:
    """Facts of support that a member gave or received, told within the period."""
    ours = list(found.group.members)
    told = pl.coalesce("reported", "start")
    rows = facts("support").filter(
        (pl.col("supporter").is_in(ours) | pl.col("recipient").is_in(ours))
        & told.dt.year().is_between(found.period.first, found.period.last)
    )
    return tuple(
        records.SupportRecord(
            id=r["id"],
            theatre=r["theatre"],
            supporter=r["supporter"] or "",
            recipient=r["recipient"] or "",
            rung=r["rung"],
            level=RUNGS.index(r["rung"]),
            what=r["what"] or "",
            low=_number(r["low"]),
            high=_number(r["high"]),
            value=_number(r["value"]),
            unit=r["unit"],
            per=r["per"],
            part_of=r["part_of"],
            start=r["start_text"],
            end=r["end_text"],
            reported=r["reported_text"],
            speaker=r["speaker"] or "",
            claim=r["claim"] or "",
            confirmation=tuple(x for x in (r["confirmation"] or "").split("|") if x),
            quote=r["quote"] or "",
            checked=r["checked"],
            confirmed_by=r["confirmed_by"] or "",
            source=r["source"] or "",
            note=r["note"] or "",
            row=f"almanac/support:{r['row']}",
        )
        for r in rows.sort(told, "id").iter_rows(named=True)
    )


def _red_lines(found: GroupAssessment) -> tuple[records.RedLineRecord, ...]:
    rows = facts("red_lines").filter(
        pl.col("actor").is_in(list(found.group.members))
        & (pl.col("start").is_null() | (pl.col("start").dt.year() <= found.period.last))
    )
    return tuple(
        records.RedLineRecord(
            actor=r["actor"],
            theatre=r["theatre"],
            rung=r["rung"],
            level=RUNGS.index(r["rung"]),
            stated_by=r["stated_by"] or "",
            text=r["text"] or "",
            start=r["start_text"],
            quote=r["quote"] or "",
            checked=r["checked"],
            source=r["source"] or "",
        )
        for r in rows.sort("actor", "rung").iter_rows(named=True)
    )


def _number(text: str | None) -> float | None:
    return float(text) if text else None


def _analogues(found: GroupAssessment) -> tuple[records.AnalogueRecord, ...]:
    """The nearest groups of history, then the farthest."""
    ranked = found.analogues
    far = [a for a in ranked[_ANALOGUES:] if "likeness" in a.dimensions][-3:]
    return tuple(
        records.AnalogueRecord(
            group=a.group,
            name=a.name,
            first=a.first,
            last=a.last,
            members=a.members,
            distance=a.distance,
            dimensions=a.dimensions,
            **{
                name: number_or_none(value)
                for name, value in zip(_PROFILE, a.profile, strict=True)
                if name not in {"with_reference", "neutral"}
            },
        )
        for a in (*ranked[:_ANALOGUES], *far)
    )


def _warnings(found: GroupAssessment) -> tuple[str, ...]:
    out = []
    reach = int(known_through()[:4])
    if found.period.last > reach:
        out.append(
            f"the almanac knows nothing after {day(known_through())}; {found.period} runs past it"
        )
    votes = found.layers[0]
    if found.votes_from == "almanac":
        told = about()["dyad_votes"]
        if found.period.last >= int(str(told["last"])[:4]):
            out.append(f"UN votes in the almanac end on {day(str(told['last']))}: {told['holes']}")
    elif not votes.state.lit_in(found.period):
        out.append("no UN votes in this period")
    if found.votes_from and found.period.last >= SAME_FLAGS_FROM:
        out.append(f"votes by issue: {about()['issue_votes']['holes']}")
    gone = [
        actors.name_of(m, found.period.last)
        for m in found.group.members
        if not all(actors.actor(m).existed(type(found.period)(y, y)) for y in found.period.years)
    ]
    if gone:
        out.append(f"{', '.join(gone)} did not exist, or was occupied, in part of the period")
    return tuple(out)
