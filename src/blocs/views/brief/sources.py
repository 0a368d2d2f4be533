"""What a brief rests on: its sources, the works its rows name, and what it had no use for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from blocs import records
from blocs.alignment.assessment import GroupAssessment
from blocs.almanac.tables import about
from blocs.contracts import Facts
from blocs.dates import Period
from blocs.evidence.additions import years_told
from blocs.evidence.almanac_facts import known_through
from blocs.registry import DATASETS, LAYERS
from blocs.ties.yearly import years_told as covers
from blocs.views.bibliography import almanac_sources
from blocs.views.wording import day

PARTIAL = "its files do not tell which ties there were in every year"
"""Why a data set lights no layer: what it does not name may still have been."""


def citations_of(keys: set[str]) -> tuple[records.CitationRecord, ...]:
    """Return the works that rows of the brief name by key."""
    return tuple(
        records.CitationRecord(key=r.id, citation=r.citation, url=r.url)
        for r in almanac_sources()
        if r.id in keys
    )


def almanac_votes_end(last: int) -> tuple[str, ...]:
    """Say where the almanac's votes end, and their holes, if a period reaches there."""
    told = about()["dyad_votes"]
    end = str(told["last"])
    if last < int(end[:4]):
        return ()
    return (f"UN votes in the almanac end on {day(end)}: {told['holes']}",)


def sources_of(
    found: GroupAssessment, evidence: Mapping[str, Facts]
) -> tuple[records.SourceRecord, ...]:
    """Return the almanac and every data set that lights a layer, with the years they tell of."""
    feeds = {f.dataset for layer in found.layers for f in layer.state.feeds}
    used = sorted({*feeds, found.held.source, "almanac"})
    return tuple(_source(name, evidence) for name in used if name)


def say_unused(
    sources: Sequence[records.SourceRecord], evidence: Mapping[str, Facts], period: Period
) -> tuple[str, ...]:
    """Say of every data set at hand that no figure rests on, and why."""
    used = {source.id for source in sources}
    return tuple(
        f"{name} was read, and nothing in this brief rests on it: "
        + _why_unused(name, evidence[name], period)
        for name in sorted(set(evidence) - used)
    )


def _why_unused(name: str, facts: Facts, period: Period) -> str:
    lights = DATASETS.get(name).lights
    if not lights:
        return "it feeds none of the layers of a brief"
    span = years_told(facts)
    if span is None or span[1].year < period.first or span[0].year > period.last:
        return f"it tells nothing of {period}"
    if not any(covers(facts.coverage, *LAYERS.get(layer).topics) for layer in lights):
        return PARTIAL
    return f"another data set is preferred for {' and '.join(lights)}"


def _source(name: str, evidence: Mapping[str, Facts]) -> records.SourceRecord:
    told = evidence[name].sources["version"] if name in evidence else pl.Series(dtype=pl.String)
    if name == "almanac":
        almanac = about()
        return records.SourceRecord(
            id=name,
            title="The blocs almanac: facts with citations, figures computed from UN votes",
            version=f"known through {known_through()}",
            first=1816,
            last=int(known_through()[:4]),
            licence=str(almanac["almanac"]["licence"]),
            citation="blocs almanac; each row carries its own citation. Votes: "
            + str(almanac["dyad_votes"]["inputs"]),
            page="",
        )
    part, span = DATASETS.get(name), years_told(evidence[name])
    return records.SourceRecord(
        id=name,
        title=part.title,
        version=", ".join(told.unique().sort()),
        first=span[0].year if span else None,
        last=span[1].year if span else None,
        licence=part.licence,
        citation=str(part.citation),
        page=part.page,
    )
