"""What to cite for each part of blocs, as text and as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
import polars as pl

from blocs.almanac.tables import facts, folder
from blocs.contracts import Citation
from blocs.evidence.almanac_facts import known_through
from blocs.registry import DATASETS, INDICES, LAYERS, PARTITIONS, SIMILARITIES, Catalogue

_KINDS: Mapping[str, Catalogue[Any]] = {
    "data set": DATASETS,
    "measure": SIMILARITIES,
    "partition": PARTITIONS,
    "index": INDICES,
    "layer": LAYERS,
}
_RULES = frozenset({"measure", "partition", "index", "layer"})
_AUTHORS_YEAR = re.compile(
    r"^(?P<authors>[^()]+?)\.?,? \((?P<year>\d{4}-?(?:\d{4})?)\)\.? (?P<rest>.+)$"
)
_SENTENCE = re.compile(r"(?<=[^. ]{3})\. ")
_NAME = re.compile(r"([^,]+), ((?:[A-Z][a-z]?\.[ -]?)+)")
_SPECIAL = {
    **{c: f"\\{c}" for c in "&%$#_{}"},
    "~": "\\textasciitilde{}",
    "\\": "\\textbackslash{}",
}


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A work to cite and what it stands for; ``kind`` says what `id` is."""

    id: str
    kind: str
    title: str
    citation: str
    doi: str
    url: str
    licence: str


def program() -> Reference:
    """The program itself."""
    from blocs import __version__

    return Reference(
        id="blocs",
        kind="program",
        title="blocs",
        citation=f"The blocs developers. blocs: who stands with whom, version {__version__}",
        doi="",
        url="",
        licence="MIT",
    )


def almanac() -> Reference:
    """The almanac that comes with the program."""
    from blocs import __version__

    return Reference(
        id="almanac",
        kind="almanac",
        title="The blocs almanac",
        citation=f"The blocs developers. The blocs almanac, version {__version__}, facts known "
        f"through {known_through()}",
        doi="",
        url="",
        licence="CC BY 4.0",
    )


def part_names() -> tuple[tuple[str, str], ...]:
    """Kind and name of every part that has a work to cite, without loading any."""
    return tuple((kind, name) for kind, part in _KINDS.items() for name in part.names())


def part(kind: str, name: str) -> Reference:
    """Return what to cite for one part."""
    found = _KINDS[kind].get(name)
    citation: Citation = found.citation
    return Reference(
        id=name,
        kind=kind,
        title=found.title,
        citation=citation.text,
        doi=citation.doi,
        url=getattr(found, "page", ""),
        licence=getattr(found, "licence", ""),
    )


def almanac_sources() -> tuple[Reference, ...]:
    """The documents that rows of the almanac cite, by key."""
    tables = sorted(p.stem for p in (folder() / "facts").glob("citations_*.csv"))
    wanted = ["key", "citation", "url"]
    rows = pl.concat([facts(table).select(wanted) for table in tables]).sort("key")
    return tuple(
        Reference(
            id=key,
            kind="almanac source",
            title=text,
            citation=text,
            doi="",
            url=url or "",
            licence="",
        )
        for key, text, url in rows.unique("key", keep="first", maintain_order=True).iter_rows()
    )


def bibtex(reference: Reference) -> str:
    """Write a reference as a BibTeX entry.

    Examples
    --------
    >>> print(bibtex(Reference(id="kappa", kind="measure", title="kappa", doi="10.1000/x", url="",
    ...     citation="Cohen, J. (1960). A Coefficient of Agreement. A Journal 20(1)", licence="")))
    @misc{measure-kappa,
      author = {Cohen, J.},
      year = {1960},
      title = {A Coefficient of Agreement},
      howpublished = {A Journal 20(1)},
      doi = {10.1000/x}
    }
    """
    fields = _fields(reference.citation)
    fields |= {"doi": reference.doi, "url": reference.url, "note": _note(reference)}
    lines = [f"  {name} = {{{_escaped(text, name)}}}" for name, text in fields.items() if text]
    # A layer and a data set may share a name; BibTeX keys must differ.
    prefix = f"{reference.kind}-" if reference.kind in _RULES else ""
    key = re.sub(r"[^A-Za-z0-9_-]", "", prefix + reference.id)
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}"


def _fields(text: str) -> dict[str, str]:
    match = _AUTHORS_YEAR.match(text)
    if match is None:
        head, *rest = _SENTENCE.split(text, maxsplit=1)
        return {"title": head, "howpublished": rest[0] if rest else ""}
    title, *rest = _SENTENCE.split(match["rest"], maxsplit=1)
    return {
        "author": _authors(match["authors"]),
        "year": match["year"],
        "title": title,
        "howpublished": rest[0] if rest else "",
    }


def _authors(text: str) -> str:
    names = _NAME.findall(text if text.endswith(".") else f"{text}.")
    if not names:
        return f"{{{text}}}"
    return " and ".join(f"{last.strip(' ,&')}, {first.strip()}" for last, first in names)


def _note(reference: Reference) -> str:
    return f"Licence: {reference.licence}" if reference.licence else ""


def _escaped(text: str, field: str) -> str:
    if field in {"doi", "url"}:
        return text.replace("{", "").replace("}", "")
    if field == "author" and text.startswith("{"):
        return "{" + _escaped(text[1:-1], "title") + "}"
    return "".join(_SPECIAL.get(c, c) for c in text)
