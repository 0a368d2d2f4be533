"""What the ledger's articles come to: facts, conflicts, support rung by rung, red lines."""

from __future__ import annotations

from dataclasses import replace

from blocs import project as projects
from blocs.contracts import Answer
from blocs.errors import BadInput
from blocs.evidence.ledger.build import Ledger
from blocs.evidence.ledger.tables import kept
from blocs.views.answers import ledger
from blocs.views.explorer.visit import Field, Link, Screen, Visit, link
from blocs.views.ledger.page import LOOKS, page


def show(visit: Visit) -> Answer:
    """Show the ledger as ``blocs ledger`` does."""
    home = projects.home(visit.evidence.project)
    about = visit.words("about") if visit.text("about") else ()
    found = ledger.ledger(project=home, about=about)
    if not found.articles:
        raise BadInput(
            "the ledger of this project is empty; read articles into it: "
            f"blocs ledger articles/ --project {home}"
        )
    return Answer(
        facts=found,
        text=f"{len(found.facts)} facts",
        table=ledger.rows_of("facts", found),
        page=lambda: page(found, _texts(visit), replace(visit, links=_links(found))),
    )


def _texts(visit: Visit) -> dict[str, str]:
    return {a.sha256: a.text for a in kept(projects.home(visit.evidence.project)).articles}


def _links(found: Ledger) -> tuple[Link, ...]:
    return (Link(f"The {len(found.articles)} articles, item by item", link("ledger")),)


SCREEN = Screen(
    title="Facts",
    show=show,
    fields=(Field("about", "About", "states: PRK, UKR; all if empty"),),
    looks=LOOKS,
)
