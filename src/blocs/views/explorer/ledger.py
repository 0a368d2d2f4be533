"""The ledger's articles with every item marked, to look through and to correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from blocs import project as projects
from blocs.contracts import Answer
from blocs.errors import BadInput
from blocs.evidence.ledger.corrections import anchor, kept_corrections
from blocs.evidence.ledger.tables import kept
from blocs.evidence.reading.items import Item
from blocs.evidence.readings import ArticleRecord, Readings
from blocs.registry import nearest
from blocs.views import wording
from blocs.views.answer_page import Page, Section, write_page
from blocs.views.answers.read import frame
from blocs.views.explorer.visit import Field, Link, Screen, Visit, link
from blocs.views.reading.page import CERTAINTIES, KINDS, LOOKS, SCRIPTS, Desk, line, name_of, page
from blocs.views.reading.sought import Sought

_PAGE = 5


def show(visit: Visit) -> Answer:
    """Show what is looked for in the articles of the project's ledger."""
    home = projects.home(visit.evidence.project)
    held = kept(home)
    sought = _sought(visit)
    chosen = _chosen(held.articles, visit.text("article"))
    names = {a.sha256 for a in chosen}
    items = tuple(i for i in held.items if i.article in names and line(i).fits(sought))
    hits = {i.article for i in items}
    articles = tuple(a for a in chosen if a.sha256 in hits or sought == Sought())
    number, pages = visit.turned(len(articles), _PAGE)
    here = articles[(number - 1) * _PAGE : number * _PAGE]

    def drawn() -> str:
        if not held.articles:
            return write_page(_empty(home), visit)
        if not here:
            return write_page(_nothing(sought), replace(visit, links=(_all(),)))
        whole = [i for i in held.items if i.article in {a.sha256 for a in here}]
        turns = visit.turns("articles", number, pages)
        links = (Link("Facts, conflicts and support", "/facts"), *turns)
        desk = Desk(
            visit=replace(visit, fields=(), links=links),
            sought=sought,
            articles=tuple((a.sha256[:12], name_of(a)) for a in held.articles),
            verdicts=_verdicts(home, whole),
            told=_told(number, pages, len(articles), len(items)),
        )
        return page(Readings(articles=here, items=tuple(whole)), desk)

    return Answer(
        facts=msgspec.structs.replace(held, articles=articles, items=items),
        text=f"{len(items)} items",
        table=frame(items),
        lines=items,
        page=drawn,
    )


def _sought(visit: Visit) -> Sought:
    for name, known in (("kind", KINDS), ("certainty", CERTAINTIES)):
        said = visit.text(name)
        if said is not None and said not in known:
            near = nearest(said, list(known))
            hint = f"; did you mean {wording.listed(near)}?" if near else ""
            raise BadInput(f"{name}={said}: one of {', '.join(known)}{hint}")
    return Sought.said(visit.values)


def _chosen(articles: Sequence[ArticleRecord], asked: str | None) -> tuple[ArticleRecord, ...]:
    """Return the article of a checksum, else all, the newest first."""
    if asked is None:
        return tuple(sorted(articles, key=lambda a: (a.date or "", name_of(a)), reverse=True))
    found = tuple(a for a in articles if a.sha256.startswith(asked.lower()))
    if len(found) != 1:
        n = f"{len(found)} articles" if found else "no article"
        raise BadInput(f"article={asked}: {n} of the ledger has a SHA-256 that begins so")
    return found


def _verdicts(home: Path, items: Sequence[Item]) -> Mapping[str, str]:
    return {key: told.verdict for key, told in anchor(items, kept_corrections(home)).items()}


def _told(number: int, pages: int, articles: int, items: int) -> str:
    told = f"{items:,} items in {articles:,} {'article' if articles == 1 else 'articles'}"
    return f"{told}, page {number} of {pages}." if pages > 1 else f"{told}."


def _all() -> Link:
    return Link("All articles", link("ledger"))


def _nothing(sought: Sought) -> Page:
    said = [f"{name} {value!r}" for name, value in sought.said_of() if value]
    return Page(
        title="Ledger",
        question="What do the articles say, on whose word?",
        headline="No item of the ledger is that",
        sentences=(f"Looked for: {', '.join(said)}. Leave one out, or see all articles.",),
        sections=(),
        sources=(),
        command="",
    )


def _empty(home: Path) -> Page:
    return Page(
        title="Ledger",
        question="What do the articles say, on whose word?",
        headline="The ledger of this project holds no article yet",
        sentences=("Nothing was read, which does not say that nothing was written.",),
        sections=(
            Section(
                "how",
                "How to fill it",
                sentences=(
                    "Read articles into the project with the command below; this page shows them "
                    "as soon as they are read.",
                ),
            ),
        ),
        sources=(),
        command=f"blocs ledger articles/ --project {home}",
    )


SCREEN = Screen(
    title="Ledger",
    show=show,
    fields=(
        Field("article", "Article", "first letters of its SHA-256"),
        Field("q", "Words", "all of them"),
        Field("kind", "Kind", ", ".join(KINDS)),
        Field("certainty", "Certainty", ", ".join(CERTAINTIES)),
        Field("actor", "Actor", "PRK"),
        Field("speaker", "Speaker", "part of a name"),
        Field("page", "Page", "1"),
    ),
    looks=LOOKS,
    scripts=SCRIPTS,
)
