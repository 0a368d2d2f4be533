"""What is known: each layer by year, lit or dark, by which data set, and how to light it."""

from __future__ import annotations

import msgspec

from blocs.contracts import Answer, Evidence
from blocs.dates import Partial
from blocs.evidence.almanac_facts import known_through
from blocs.evidence.holdings import hold
from blocs.registry import LAYERS
from blocs.ties.lighting import lighting
from blocs.views import wording
from blocs.views.answer_page import Named, Page, Section, command_line, write_page
from blocs.views.answers import data
from blocs.views.bibliography import almanac, part
from blocs.views.charts.figure import Cell, Figure, table
from blocs.views.charts.strips import Strip, draw_strips
from blocs.views.explorer.visit import Screen, Visit
from blocs.views.records.data import Status, as_frame, light


def show(visit: Visit) -> Answer:
    """Tell which layers are lit, as ``blocs data status`` does."""
    found = _status(visit.evidence)
    return Answer(
        facts=found,
        text=f"{len(found.layers)} spans",
        table=as_frame(found.layers),
        page=lambda: write_page(_page(found, visit.evidence), visit),
    )


def _status(evidence: Evidence) -> Status:
    told = data.status(project=evidence.project).facts
    assert isinstance(told, Status)
    if not evidence.data:
        return told
    held = hold(data=evidence.data, project=evidence.project, use=evidence.use)
    coverage = {name: facts.coverage for name, facts in held.with_almanac().items()}
    spans = lighting(coverage, last=Partial.parse(known_through()).first.year)
    return msgspec.structs.replace(told, layers=tuple(map(light, spans)))


def _page(found: Status, evidence: Evidence) -> Page:
    names = list(dict.fromkeys(span.layer for span in found.layers))
    lit = [n for n in names if any(s.layer == n and s.dataset for s in found.layers)]
    used = sorted({s.dataset for s in found.layers if s.dataset})
    cited = {name: almanac() if name == "almanac" else part("data set", name) for name in used}
    files = [
        (s.dataset, s.version, s.file, wording.count(s.rows), wording.count(s.rejected))
        for s in found.sources
    ]
    heads = ("Data set", "Version", "File", "#Rows", "#Refused")
    project = Section(
        "project",
        "The project",
        sentences=(
            f"{found.project} holds {len(files)} files."
            if files
            else "The project holds no data set; the almanac stands alone.",
        ),
        tables=(table("Files", heads, files),) if files else (),
    )
    return Page(
        title="Data",
        question="What is known, when, and by whom told?",
        headline=f"{len(lit)} of {len(names)} layers are lit in some years",
        sentences=(
            "Dark is not zero: where a layer is dark, nothing is known, and nothing is counted.",
        ),
        sections=(
            Section("layers", "Layers by year", figures=(_figure(found, names, used),)),
            project,
        ),
        sources=tuple(Named(name, ref.citation) for name, ref in cited.items()),
        command=command_line("data", ["status"], {"--project": evidence.project}),
    )


def _finding(found: Status, names: list[str]) -> str:
    """Say which layer is lit in most years, and how many are dark in all."""
    years = {
        n: sum(s.last - s.first + 1 for s in found.layers if s.layer == n and s.dataset)
        for n in names
    }
    most = max(names, key=lambda n: years[n])
    dark = sum(not n for n in years.values())
    rest = f"{dark} of {len(names)} layers are dark in all" if dark else "no layer is dark in all"
    return f"{LAYERS.get(most).title}: lit in {years[most]} years, more than any; {rest}"


def _figure(found: Status, names: list[str], used: list[str]) -> Figure:
    strips = [
        Strip(names.index(s.layer), s.first, s.last + 1, "lit" if s.dataset else "dark")
        for s in found.layers
    ]
    titles = []
    for name in names:
        by = dict.fromkeys(s.dataset for s in found.layers if s.layer == name and s.dataset)
        titles.append(LAYERS.get(name).title + (f" ({', '.join(by)})" if by else ""))
    rows = [
        (
            LAYERS.get(s.layer).title,
            wording.years(s.first, s.last),
            s.dataset or Cell("dark", missing=True),
            s.why,
        )
        for s in found.layers
    ]
    return Figure(
        key="fig-layers",
        title=_finding(found, names),
        subtitle=f"Years of {len(names)} layers told by a data set at hand or by the almanac",
        alt=" ".join(
            f"{s.layer} {s.first} to {s.last}: {s.dataset or 'dark'}." for s in found.layers
        ),
        draw=lambda width: draw_strips(titles, strips, width=width),
        table=table("Layers by year", ("Layer", "Years", "Lit by", "How to light it"), rows),
        sources=tuple(used),
        note="Solid: lit. Hatched: dark, nothing known; that is not the same as nothing there.",
    )


SCREEN = Screen(title="Data", show=show)
