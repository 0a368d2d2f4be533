"""Two states: the dated, sourced history of all their ties."""

from __future__ import annotations

from collections.abc import Sequence
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
from blocs.views.charts.strips import Strip, draw_strips
from blocs.views.explorer.visit import Field, Link, Screen, Visit, link

_FAINTEST = 0.15


def show(visit: Visit) -> Answer:
    """Tell the history of two states' ties, as ``blocs ties --between`` does."""
    ends = (visit.needed("a"), visit.needed("b"))
    at = visit.date("at")
    layer = visit.words("layer") if visit.text("layer") else ()
    if len({actors.resolve(word) for word in ends}) == 1:
        raise BadInput(f"{ends[0]!r} and {ends[1]!r} are the same state; name two")
    answer = ties.ask(between=ends, layer=layer, at=at, evidence=visit.evidence)
    found = answer.facts
    assert isinstance(found, ties.TieHistory)
    a, b = found.between
    command = command_line(
        "ties",
        ["--between", a, b],
        {"--layer": layer, "--at": at, **_evidence(visit.evidence)},
    )
    links = (
        *(Link(actors.name_of(e), link("state", name=e)) for e in (a, b)),
        Link("As a group", link("group", members=f"{a},{b}")),
    )
    return replace(
        answer, page=lambda: write_page(_page(found, command), replace(visit, links=links))
    )


def _evidence(evidence: Evidence) -> dict[str, object]:
    return {"--data": evidence.data, "--project": evidence.project, "--use": evidence.use}


def _page(found: ties.TieHistory, command: str) -> Page:
    a, b = found.between
    layers = list(dict.fromkeys(t.layer for t in found.ties))
    used = sorted({t.dataset for t in found.ties})
    cited = {name: almanac() if name == "almanac" else part("data set", name) for name in used}
    dark = [wording.within(LAYERS.get(name).title) for name in found.dark]
    return Page(
        title=f"{wording.pair(a, b)}",
        question="What ties two states, since when, on whose word?",
        headline=f"{actors.name_of(a)} and {actors.name_of(b)}: "
        f"{wording.listed([wording.within(LAYERS.get(n).title) for n in layers])}",
        sentences=tuple(_newest(found, name) for name in layers),
        cautions=(f"Dark, so that nothing is known of them: {wording.listed(dark)}.",)
        if dark
        else (),
        sections=(
            Section("timeline", "All ties by year", figures=(_figure(found, layers, used),)),
            *(_layer(found, name) for name in layers),
            Section("rows", "The rows they rest on", tables=(_sources(found),)),
        ),
        sources=tuple(Named(name, ref.citation) for name, ref in cited.items()),
        command=command,
    )


def _newest(found: ties.TieHistory, name: str) -> str:
    last = [t for t in found.ties if t.layer == name][-1]
    n = f"{wording.count(last.n)} {'roll calls' if name == 'votes' else 'rows'}"
    return (
        f"{LAYERS.get(name).title}: {_weight(last.weight)} in {_years(last)} "
        f"({_value(last)}; {last.dataset}, {n})."
    )


def _figure(found: ties.TieHistory, layers: Sequence[str], used: Sequence[str]) -> Figure:
    strips = [
        Strip(
            layers.index(t.layer),
            t.start.year,
            t.end.year,
            _look(t.weight),
            1.0 if not t.weight else max(abs(t.weight), _FAINTEST),
        )
        for t in found.ties
    ]
    return Figure(
        key="fig-ties",
        title=f"{wording.pair(*found.between)}: ties since {min(t.start for t in found.ties).year}",
        subtitle="Signed weight of each layer's tie by year, from -1 (hostile) to 1 (friendly)",
        alt=" ".join(f"{t.layer} {_years(t)}: {_weight(t.weight)}." for t in found.ties),
        draw=lambda width: draw_strips([_lit(found, n) for n in layers], strips, width=width),
        table=_ties(found, layers),
        sources=tuple(used),
        note="Blue: friendly; orange: hostile; the stronger the fuller. Outlined: zero. Hatched: "
        "told, but its weight not known. Nothing drawn: no tie told in the years beside the name, "
        "and nothing known outside them.",
    )


def _lit(found: ties.TieHistory, name: str) -> str:
    told = found.lit.get(name)
    return LAYERS.get(name).title + (f" ({told})" if told else "")


def _look(weight: float | None) -> str:
    if weight is None:
        return "dark"
    return "zero" if weight == 0 else "for" if weight > 0 else "against"


def _layer(found: ties.TieHistory, name: str) -> Section:
    layer = LAYERS.get(name)
    return Section(name, layer.title, sentences=(layer.rule,), tables=(_ties(found, [name]),))


def _ties(found: ties.TieHistory, layers: Sequence[str]) -> Table:
    rows = [
        (
            _years(t),
            LAYERS.get(t.layer).title,
            f"{actors.name_of(t.sender)} to {actors.name_of(t.receiver)}"
            if LAYERS.get(t.layer).directed
            else wording.pair(t.sender, t.receiver),
            _weight(t.weight),
            _value(t),
            wording.count(t.n),
            t.dataset,
        )
        for t in found.ties
        if t.layer in layers
    ]
    heads = ("Years", "Layer", "Who", "#Weight", "Value", "#Rows or roll calls", "Told by")
    return table("Consecutive years of one weight are one row", heads, rows)


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


def _years(tie: ties.TieRecord) -> str:
    return wording.years(tie.start.year, max(tie.end.year - 1, tie.start.year))


def _weight(weight: float | None) -> str:
    return wording.score(weight, signed=True)


def _value(tie: ties.TieRecord) -> str:
    return wording.NOT_KNOWN if tie.value is None else f"{tie.unit}: {tie.value:.3g}"


SCREEN = Screen(
    title="Two states",
    show=show,
    fields=(
        Field("a", "A state", "RUS, or a name"),
        Field("b", "Another", "PRK, or a name"),
        Field("layer", "Layers", "votes, alliances; all if empty"),
        Field("at", "At", "a year or a day; all if empty"),
    ),
)
