"""The ledger as one page: every row a link to its sentence in the article below; no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from blocs.evidence.corroborate import Fact
from blocs.evidence.ledger.build import Ledger
from blocs.evidence.ledger.drawn_in import amount
from blocs.evidence.ledger.support import SupportRow
from blocs.views import wording
from blocs.views.explorer.visit import Visit
from blocs.views.ledger import text as ledger_text
from blocs.views.templating import environment, inlined


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an article's text; ``ids`` are the anchors that begin at it."""

    text: str
    ids: tuple[str, ...]
    marked: bool


@dataclass(frozen=True, slots=True)
class Told:
    """An article with its text cut into pieces."""

    name: str
    sha256: str
    day: str
    note: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """Two facts that do not agree."""

    one: Fact
    two: Fact
    why: str


LOOKS: Final = ("ledger.css", "explorer.css")
"""Style sheets of the page, and what the explorer adds."""


def page(ledger: Ledger, texts: Mapping[str, str], visit: Visit | None = None) -> str:
    """Write the ledger as one HTML page.

    Parameters
    ----------
    ledger : Ledger
        Everything the page says.
    texts : mapping of str to str
        The text of each article, to show each row's sentence in its place.
    visit : Visit, optional
        The explorer's page that it is shown on; a file of its own without one.

    Returns
    -------
    str
        A complete document: style inside, no script, no request; every text is escaped.
    """
    css, digest = inlined(*(LOOKS if visit else LOOKS[:1]))
    return (
        environment()
        .get_template("ledger.html")
        .render(
            css=css,
            css_digest=digest,
            visit=visit,
            ledger=ledger,
            sides=sides(ledger),
            denied=[f for f in ledger.facts if f.n_denials],
            ladder=_by_rung(ledger),
            articles=[_told(a.sha256, ledger, texts) for a in ledger.articles],
            facts=sorted(ledger.facts, key=lambda f: (-f.n_sources, -len(f.mentions), f.id)),
            rows={s.id: s for s in ledger.support},
            anchor=anchor,
            w=wording,
            t=ledger_text,
            amount=amount,
        )
    )


def anchor(article: str, start: int) -> str:
    """Return the id of a place in an article on the page."""
    return f"a{article[:12]}-{start}"


def sides(ledger: Ledger) -> list[Sides]:
    """Return every two facts in conflict, once."""
    by_id = {f.id: f for f in ledger.facts}
    out: dict[frozenset[str], Sides] = {}
    for fact in ledger.facts:
        for conflict in fact.conflicts:
            other = by_id.get(conflict.fact)
            if other is not None:
                out.setdefault(frozenset((fact.id, other.id)), Sides(fact, other, conflict.why))
    return list(out.values())


def _by_rung(ledger: Ledger) -> list[tuple[str, list[SupportRow]]]:
    rows = ledger_text.ladder(ledger)
    rungs = list(dict.fromkeys(s.rung for s in rows))
    return [(rung.replace("_", " "), [s for s in rows if s.rung == rung]) for rung in rungs]


def _told(sha256: str, ledger: Ledger, texts: Mapping[str, str]) -> Told:
    article = next(a for a in ledger.articles if a.sha256 == sha256)
    day = wording.day(article.date) if article.date else "no date known"
    copy = article.copy_of
    note = f"A copy of {ledger_text.source_name(copy, ledger)}." if copy else ""
    name = ledger_text.source_name(sha256, ledger)
    return Told(
        name, sha256, day, note, pieces(texts.get(sha256, ""), sha256, _spans(ledger, sha256))
    )


def _spans(ledger: Ledger, sha256: str) -> list[tuple[int, int]]:
    told = [(m.start, m.end) for f in ledger.facts for m in f.mentions if m.article == sha256]
    told += [(s.span_start, s.span_end) for s in ledger.support if s.article == sha256]
    told += [(r.span_start, r.span_end) for r in ledger.red_lines if r.article == sha256]
    return sorted(set(told))


def pieces(text: str, article: str, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """Cut a text at the ends of spans; what lies in a span is marked, each start is an anchor.

    Examples
    --------
    >>> [(p.text, p.ids, p.marked) for p in pieces("a bc d", "0" * 12, [(2, 4)])]
    [('a ', (), False), ('bc', ('a000000000000-2',), True), (' d', (), False)]
    """
    inside = [(a, b) for a, b in spans if 0 <= a < b <= len(text)]
    cuts = sorted({0, len(text), *(x for span in inside for x in span)})
    starts = {a for a, _ in inside}
    out = []
    for a, b in pairwise(cuts):
        ids = (anchor(article, a),) if a in starts else ()
        out.append(Piece(text[a:b], ids, any(x <= a and b <= y for x, y in inside)))
    return tuple(out)
