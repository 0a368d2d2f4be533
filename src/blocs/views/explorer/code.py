"""The code behind a number: the very file that this program runs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Final

import msgspec
import polars as pl

from blocs.contracts import Answer, Index, Layer, Partition, Similarity
from blocs.errors import UnknownName
from blocs.registry import INDICES, LAYERS, PARTITIONS, SIMILARITIES, Catalogue, nearest
from blocs.views.answer_page import Page, Section, write_page
from blocs.views.brief.methods import METHODS
from blocs.views.explorer.visit import Field, Screen, Visit

PARTS: Final[
    Mapping[str, Catalogue[Layer] | Catalogue[Similarity] | Catalogue[Index] | Catalogue[Partition]]
] = {
    "layer": LAYERS,
    "likeness": SIMILARITIES,
    "index": INDICES,
    "partition": PARTITIONS,
}
_ROOT: Final = "src/blocs/"


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """One file of blocs."""

    schema: str = "blocs.code/1"
    file: str
    text: str


def part_file(kind: str, name: str) -> str | None:
    """Name the file of a part; none if another package brought it.

    Examples
    --------
    >>> part_file("likeness", "tau-b")
    'src/blocs/alignment/similarity/tau_b.py'
    """
    module = f"{PARTS[kind].package}.{name.replace('-', '_')}"
    file = f"src/{module.replace('.', '/')}.py"
    return file if resources.files("blocs").joinpath(file.removeprefix(_ROOT)).is_file() else None


def shown() -> list[str]:
    """Files that are shown: those of the methods, and of the parts that came with blocs."""
    parts = (part_file(kind, name) for kind, known in PARTS.items() for name in known.names())
    return sorted({m.code for m in METHODS} | {file for file in parts if file})


def show(visit: Visit) -> Answer:
    """Show a file."""
    file = visit.needed("file")
    known = shown()
    if file not in known:
        raise UnknownName("file", file, nearest(file, known), "Methods are listed at /method.")
    text = resources.files("blocs").joinpath(file.removeprefix(_ROOT)).read_text("utf-8")
    lines = text.splitlines()
    return Answer(
        facts=Code(file=file, text=text),
        text=text,
        table=pl.DataFrame({"line": range(1, len(lines) + 1), "text": lines}),
        page=lambda: write_page(_page(file, text), visit),
    )


def _page(file: str, text: str) -> Page:
    about = text.partition('"""')[2].splitlines()[0].removesuffix('"""').strip()
    return Page(
        title=file,
        question="What computes it?",
        headline=file,
        sentences=(about, "This is the file that answered you, not a copy."),
        sections=(Section("code", "Code", code=text),),
        sources=(),
        command="",
    )


SCREEN = Screen(title="Code", show=show, fields=(Field("file", "File", "of a method"),))
