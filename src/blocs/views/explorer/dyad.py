"""Two states: the dated, sourced history of all their ties."""

from __future__ import annotations

from dataclasses import replace

from blocs import actors
from blocs.contracts import Answer, Evidence
from blocs.errors import BadInput
from blocs.registry import LAYERS
from blocs.views import wording
from blocs.views.answer_page import Named, Page, Section, command_line, write_page
from blocs.views.answers import ties
from blocs.views.bibliography import almanac, part
from blocs.views.charts.figure import Cell, Figure, Table, table
from blocs.views.dyad_marks import (
    dyad_figure,
    ends,
    event_table,
    tie_table,
    value_of,
    years_of,
)
from blocs.views.explorer.visit import Field, Link, Screen, Visit, link


def show(visit: Visit) -> Answer:
    """Tell the history of two states' ties, as ``blocs ties --between`` does."""
    ends = (visit.needed("a"), visit.needed("b"))
    at = visit.date("at")
    layer = visit.words("layer") if visit.text("layer") else ()
    first, last = visit.years()
    if len({actors.resolve(word) for word in ends}) == 1:
        raise BadInput(f"{ends[0]!r} and {ends[1]!r} are the same state; name two")
    answer = ties.ask(
        between=ends, layer=layer, at=at, from_=first, to=last, evidence=visit.evidence
    )
    found = answer.facts
    assert isinstance(found, ties.TieHistory)
    a, b = found.between
    command = command_line(
        "ties",
        ["--between", a, b],
        {"--layer": layer, "--at": at, "--from": first, "--to": last, **_evidence(visit.evidence)},
    )
    links = (
        *(Link(actors.name_of(e), link("state", name=e)) for e in (a, b)),
        Link("As a group", link("group", members=f"{a},{b}", from_=first, to=last)),
    )
    return replace(
        answer, page=lambda: write_page(_page(found, command), replace(visit, links=links))
    )


def _evidence(evidence: Evidence) -> dict[str, object]:
    return {"--data": evidence.data, "--project": evidence.project, "--use": evidence.use}


def _page(found: ties.TieHistory, command: str) -> Page:
    a, b = found.between
    then = max(t.end.year for t in found.ties) - 1
    layers = list(dict.fromkeys(t.layer for t in found.ties))
    used = sorted({t.dataset for t in found.ties} | {e.dataset for e in found.events})
    cited = {name: _cited(name) for name in used}
    dark = [wording.within(LAYERS.get(name).title) for name in found.dark]
    return Page(
        title=wording.pair(a, b, then),
        question="What ties two states, since when, on whose word?",
        headline=wording.upper_first(
            wording.listed([wording.the(wording.name(end, then)) for end in (a, b)])
        )
        + ": "
        f"{wording.listed([wording.within(LAYERS.get(n).title) for n in layers])}",
        sentences=tuple(_newest(found, name) for name in layers),
        cautions=(f"Dark, so that nothing is known of them: {wording.listed(dark)}.",)
        if dark
        else (),
        sections=(
            Section("timeline", "All ties and events", figures=(dyad_figure(found),)),
            Section("events", "What happened", *_happened(found)),
            *(_layer(found, name) for name in layers),
            Section("rows", "The rows they rest on", tables=(_sources(found),)),
        ),
        sources=tuple(Named(name, text) for name, text in cited.items()),
        command=command,
    )


def _cited(name: str) -> str:
    if name == "articles":
        return "Articles of this project's ledger; each fact leads to its words"
    return (almanac() if name == "almanac" else part("data set", name)).citation


def _happened(
    found: ties.TieHistory,
) -> tuple[tuple[str, ...], tuple[Figure, ...], tuple[Table, ...]]:
    if found.events:
        return (), (), (event_table(found),)
    return ("No treaty, dispute, sanction, delivery, war or article is told of both.",), (), ()


def _newest(found: ties.TieHistory, name: str) -> str:
    """Say what is newest on a layer, either way where it has a direction."""
    directed = LAYERS.get(name).directed
    own = sorted((t for t in found.ties if t.layer == name), key=lambda t: (t.start, t.end))
    latest = {t.sender if directed else "": t for t in own}
    told = [f"{ends(t)} {_told(t)}" if directed else _told(t) for t in latest.values()]
    return f"{LAYERS.get(name).title}: {'; '.join(told)}."


def _told(t: ties.TieRecord) -> str:
    unit = "roll calls" if t.layer == "votes" else "row" if t.n == 1 else "rows"
    return (
        f"{wording.score(t.weight, signed=True)} in {years_of(t)} "
        f"({value_of(t)}; {t.dataset}, {wording.count(t.n)} {unit})"
    )


def _layer(found: ties.TieHistory, name: str) -> Section:
    layer = LAYERS.get(name)
    return Section(name, layer.title, sentences=(layer.rule,), tables=(tie_table(found, [name]),))


def _sources(found: ties.TieHistory) -> Table:
    rows = [
        (_row(s), s.dataset, s.file, "" if s.row is None else str(s.row), s.type or "", s.ref or "")
        for s in found.sources
    ]
    return table("Facts", ("Fact", "Told by", "File", "#Row", "Kind", "What"), rows)


def _row(source: ties.SourceRow) -> Cell:
    """Name a fact; one of the almanac leads to its row there."""
    shelf, _, _number = source.fact.removeprefix("almanac/").partition(":")
    told_here = source.fact.startswith("almanac/") and source.ref
    return Cell(source.fact, link("almanac", table=shelf, q=source.ref) if told_here else "")


SCREEN = Screen(
    title="Two states",
    show=show,
    fields=(
        Field("a", "A state", "RUS, or a name"),
        Field("b", "Another", "PRK, or a name"),
        Field("layer", "Layers", "votes, alliances; all if empty"),
        Field("from", "From", "a year; all if empty"),
        Field("to", "To", "a year"),
        Field("at", "At", "a day, instead of years"),
    ),
)
