"""From an assessment to the record of a brief: every figure with its source and method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from blocs import actors, records
from blocs.alignment.assessment import GroupAssessment
from blocs.alignment.cohesion import Cohesion
from blocs.alignment.motives import MEANING
from blocs.alignment.resampling import LEVEL
from blocs.alignment.vote_sums import CLASSES
from blocs.almanac.tables import about
from blocs.contracts import Facts
from blocs.evidence.almanac_facts import known_through
from blocs.views.brief.holding import holding_sentences
from blocs.views.brief.layers import dyad_records, layer_record
from blocs.views.brief.members import (
    heterogeneity,
    member_records,
    red_line_records,
    support_records,
    treaty_records,
)
from blocs.views.brief.methods import METHODS
from blocs.views.brief.sources import (
    almanac_votes_end,
    citations_of,
    say_unused,
    sources_of,
)
from blocs.views.brief.verdict import verdict_record
from blocs.views.formats import number_or_none
from blocs.views.wording import day

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
    members, treaties = member_records(found), treaty_records(found)
    support, red_lines = support_records(found), red_line_records(found)
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
        dyads=dyad_records(found),
        motives=_motives(found, votes),
        members=members,
        heterogeneity=heterogeneity(found),
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
        to_reference=gap.to_reference if gap else None,
        gap=gap.gap if gap else None,
        low=gap.low if gap else None,
        high=gap.high if gap else None,
        level=LEVEL,
    )


def _named(actor: str, year: int) -> records.Named:
    return records.Named(id=actor, name=actors.name_of(actor, year))


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
    if found.held.source == "almanac":
        out += almanac_votes_end(found.period.last)
    elif not votes.state.lit_in(found.period):
        out.append("no UN votes in this period")
    if found.held.source and found.period.last >= SAME_FLAGS_FROM:
        out.append(f"votes by issue: {about()['issue_votes']['holes']}")
    gone = [
        actors.name_of(m, found.period.last)
        for m in found.group.members
        if not all(actors.actor(m).existed(type(found.period)(y, y)) for y in found.period.years)
    ]
    if gone:
        out.append(f"{', '.join(gone)} did not exist, or was occupied, in part of the period")
    return tuple(out)
