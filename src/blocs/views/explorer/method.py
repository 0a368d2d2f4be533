"""How each number is computed, and whom to cite for it."""

from __future__ import annotations

import msgspec
import polars as pl

from blocs.contracts import Answer
from blocs.records import MethodRecord
from blocs.registry import INDICES, LAYERS, PARTITIONS, SIMILARITIES
from blocs.views.answer_page import Page, Section, write_page
from blocs.views.brief.methods import METHODS
from blocs.views.charts.figure import Cell, table
from blocs.views.explorer.code import part_file
from blocs.views.explorer.visit import Link, Screen, Visit, link


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A layer, measure or method of blocs and its source; ``range`` null = has none."""

    kind: str
    id: str
    title: str
    rule: str
    range: str | None
    citation: str


class Methods(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of the page on methods."""

    schema: str = "blocs.methods/1"
    figures: tuple[MethodRecord, ...]
    parts: tuple[Part, ...]


def show(visit: Visit) -> Answer:
    """List the methods."""
    found = Methods(figures=METHODS, parts=_parts())
    rows = [msgspec.structs.asdict(part) for part in found.parts]
    return Answer(
        facts=found,
        text=f"{len(METHODS)} figures, {len(rows)} parts",
        table=pl.DataFrame(rows, schema=dict.fromkeys(Part.__struct_fields__, pl.String)),
        page=lambda: write_page(_page(found), visit),
    )


def _parts() -> tuple[Part, ...]:
    layers = [
        Part(
            kind="layer",
            id=name,
            title=part.title,
            rule=part.rule,
            range="-1 to 1",
            citation=str(part.citation),
        )
        for name, part in LAYERS.all().items()
    ]
    measures = [
        Part(
            kind=kind,
            id=name,
            title=part.title,
            rule="",
            range=f"{part.low:g} to {part.high:g}",
            citation=str(part.citation),
        )
        for kind, parts in (("likeness", SIMILARITIES.all()), ("index", INDICES.all()))
        for name, part in parts.items()
    ]
    partitions = [
        Part(
            kind="partition",
            id=name,
            title=part.title,
            rule="",
            range=None,
            citation=str(part.citation),
        )
        for name, part in PARTITIONS.all().items()
    ]
    return (*layers, *measures, *partitions)


def _page(found: Methods) -> Page:
    figures = tuple(
        Section(
            m.id, m.title, sentences=(m.text,), links=(Link(m.code, link("code", file=m.code)),)
        )
        for m in found.figures
    )
    rows = [(_named(p), p.kind, p.rule, p.range or "", p.citation) for p in found.parts]
    heads = ("Name", "Kind", "Rule", "Range", "Source")
    parts = Section("parts", "Layers, measures and their sources", tables=(table("", heads, rows),))
    return Page(
        title="Methods",
        question="How is each number computed, and on whose word?",
        headline="How each number is computed",
        sentences=(
            "A page's figure links to its method; the layers below say which facts become ties.",
        ),
        sections=(*figures, parts),
        sources=(),
        command="blocs cite",
    )


def _named(part: Part) -> Cell:
    """Name a part; one that came with blocs leads to its code."""
    file = part_file(part.kind, part.id)
    return Cell(part.title, link("code", file=file) if file else "")


SCREEN = Screen(title="Methods", show=show)
