"""What to cite: data sets, measures and the almanac behind your results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec
import polars as pl
from rich.console import Group
from rich.text import Text

from blocs import project as projects
from blocs.contracts import Answer, View
from blocs.errors import BadInput, UnknownName
from blocs.registry import DATASETS, LAYERS, nearest
from blocs.views.bibliography import (
    Reference,
    almanac,
    almanac_sources,
    bibtex,
    part,
    part_names,
    program,
)


class Citations(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``cite``."""

    schema: str = "blocs.cite/1"
    project: str | None
    references: tuple[Reference, ...]


def ask(
    *ids: str,
    format_: Literal["text", "bibtex"] = "text",
    project: Path | None = None,
) -> Answer:
    """Say what to cite for the data sets, layers and measures you used.

    Without ids: blocs, the almanac, and every data set of the project with the
    layers that it lights.

    Parameters
    ----------
    ids
        Data sets, measures, layers, `almanac`, `blocs`, or a source key of the almanac.
    format_
        text or bibtex.
    project
        Project folder.
    """
    home = projects.home(project)
    if project is not None and not projects.exists(home):
        raise BadInput(f"{home} is no project yet; `blocs data add ID PATH --project {home}`")
    references = _named(ids) if ids else _used(home)
    facts = Citations(project=str(home) if projects.exists(home) else None, references=references)
    write = bibtex if format_ == "bibtex" else _line
    gap = "\n\n" if format_ == "bibtex" else "\n"
    table = pl.DataFrame([msgspec.structs.asdict(r) for r in references])
    if format_ == "bibtex":
        table = table.with_columns(bibtex=pl.Series([bibtex(r) for r in references]))
    text = Group(Text(gap.join(write(r) for r in references)))
    return Answer(facts=facts, text=text, table=table)


def _used(home: Path) -> tuple[Reference, ...]:
    """Return the program, the almanac, the project's data sets, the layers they light."""
    names = sorted({e.dataset for e in projects.read_manifest(home).sources})
    lit = sorted({layer for name in names for layer in DATASETS.get(name).lights})
    layers = [part("layer", name) for name in lit if name in LAYERS.names()]
    return (program(), almanac(), *(part("data set", name) for name in names), *layers)


def _named(ids: Sequence[str]) -> tuple[Reference, ...]:
    found: list[Reference] = []
    for word in ids:
        hits = _hits(word.strip().lower())
        if not hits:
            near = ["almanac", "blocs", *sorted({name for _, name in part_names()})]
            known = [*near, *(r.id for r in almanac_sources())]
            raise UnknownName(
                "data set, measure or source",
                word,
                nearest(word, known),
                f"Known: {', '.join(near)}, and sources of the almanac.",
            )
        found += [hit for hit in hits if hit not in found]
    return tuple(found)


def _hits(word: str) -> list[Reference]:
    own = [r for r in (program(), almanac()) if r.id == word]
    plain = word.replace("_", "-")
    parts = [part(kind, name) for kind, name in part_names() if name == plain]
    return [*own, *parts, *(r for r in almanac_sources() if r.id.lower() == word)]


def _line(reference: Reference) -> str:
    where = f"https://doi.org/{reference.doi}" if reference.doi else reference.url
    licence = f" [{reference.licence}]" if reference.licence else ""
    return f"{reference.id} ({reference.kind}): {reference.citation}. {where}".rstrip() + licence


VIEW = View(
    ask=ask,
    examples=(
        "blocs cite",
        "blocs cite unga kappa --format bibtex",
        "blocs cite --project ukraine --csv",
    ),
)
