"""A group of states in any years: the brief, with the way on to its members and pairs."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from blocs.contracts import Answer
from blocs.records import Brief
from blocs.views import wording
from blocs.views.answers import brief
from blocs.views.explorer.visit import Field, Link, Screen, Visit, link

_PAIRS = 15
_NAMED = 12


def show(visit: Visit) -> Answer:
    """Assess the group as ``blocs brief`` does."""
    answer = brief.ask(
        *visit.words("members"),
        reference=visit.text("reference"),
        from_=visit.whole("from"),
        to=visit.whole("to"),
        members_at=visit.whole("members-at"),
        seed=visit.whole("seed") or 0,
        evidence=visit.evidence,
    )
    made = answer.facts
    assert isinstance(made, Brief)

    def page() -> str:
        from blocs.views.brief import page as report

        return report.page(made, replace(visit, links=_links(made)))

    return replace(answer, page=page)


def _links(made: Brief) -> tuple[Link, ...]:
    members = made.group.members
    states = [Link(m.name, link("state", name=m.id)) for m in members[:_NAMED]]
    pairs = list(combinations([m.id for m in members], 2))
    dyads = [Link(wording.pair(a, b, made.period.last), link("dyad", a=a, b=b)) for a, b in pairs]
    return (*states, *(dyads if len(dyads) <= _PAIRS else ()))


SCREEN = Screen(
    title="Group",
    show=show,
    fields=(
        Field("members", "Members", "BRICS, or CHN,RUS,IRN; names with commas need semicolons"),
        Field("from", "From", "2022"),
        Field("to", "To", "2024"),
        Field("reference", "Against", "USA"),
        Field("members-at", "Members as of", "a year, for a named group"),
        Field("seed", "Seed", "0"),
    ),
)
