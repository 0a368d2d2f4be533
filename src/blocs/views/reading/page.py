"""The reading as one page: the article with its items, a table to check them by, corrections out.

The page holds its styles and its one script; its Content-Security-Policy allows those two by
their checksum and nothing else. What an article says is text and is never markup.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

from blocs.dates import Partial
from blocs.evidence.reading.items import Item, Speaker
from blocs.evidence.readings import ArticleRecord, Readings
from blocs.views.explorer.visit import Visit
from blocs.views.ledger.text import code_name
from blocs.views.reading.sought import Sought, actors_of
from blocs.views.templating import environment, inlined

LOOKS: Final = ("reading.css", "explorer.css")
"""Style sheets of the page, and what the explorer adds."""
SCRIPTS: Final = ("reading.js",)
KINDS: Final = ("claim", "event", "relation", "quantity", "quotation", "forecast")
CERTAINTIES: Final = ("asserted", "reported", "hedged", "denied", "conditional", "negated")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text under the same items.

    Attributes
    ----------
    text : str
        The words.
    kind : str
        Kind of the innermost item; empty outside any.
    items : tuple of str
        Ids of the items it lies in, innermost first.
    opens : tuple of str
        Ids of those that begin here, innermost first.
    told : str
        What they say, in words.
    aside : bool
        Page furniture that was not read.
    """

    text: str
    kind: str
    items: tuple[str, ...]
    opens: tuple[str, ...]
    told: str
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One item as the table shows it."""

    item: Item
    says: str
    what: str
    amount: str
    when: str
    until: str
    sure: str
    repairs: str

    def fits(self, sought: Sought) -> bool:
        """Tell whether it is looked for, by all that its line says."""
        i = self.item
        ends = " ".join((*i.subject, *i.object))
        told = (str(i.start), i.kind, i.quote, self.repairs, self.says, ends, self.what)
        text = " ".join((*told, self.amount, self.when, self.until, self.sure))
        return sought.fits(i, text=text, says=self.says)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One article as the page shows it."""

    article: ArticleRecord
    name: str
    pieces: tuple[Piece, ...]
    rows: tuple[Row, ...]
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a reading is looked at in the explorer.

    Attributes
    ----------
    visit : Visit
        The explorer's page that it is shown on.
    sought : Sought
        What is looked for; the rest is there, hidden.
    articles : tuple of (str, str)
        Articles to choose from: the first letters of the checksum, and the name.
    verdicts : mapping of str to str
        Item to what an analyst decided before.
    told : str
        Which of the articles are shown.
    """

    visit: Visit
    sought: Sought
    articles: tuple[tuple[str, str], ...]
    verdicts: Mapping[str, str]
    told: str


def page(found: Readings, desk: Desk | None = None) -> str:
    """Write articles and their items as one HTML page.

    Parameters
    ----------
    found : Readings
        From :func:`blocs.read`.
    desk : Desk, optional
        Where the explorer shows it; a file of its own without one.

    Returns
    -------
    str
        A complete document that asks no network.

    Examples
    --------
    >>> import blocs
    >>> "Seoul" in page(blocs.read("Seoul protested on Monday."))
    True
    """
    css, css_digest = inlined(*(LOOKS if desk else LOOKS[:1]))
    script, script_digest = inlined(*SCRIPTS)
    sought = desk.sought if desk else Sought()
    sheets = [sheet(a, [i for i in found.items if i.article == a.sha256]) for a in found.articles]
    fits = {row.item.id for sheet in sheets for row in sheet.rows if row.fits(sought)}
    codes = sorted({code for i in found.items for code in actors_of(i)})
    voices = sorted({s.text for i in found.items for s in i.speakers})
    return (
        environment()
        .get_template("reading.html")
        .render(
            sheets=sheets,
            n=len(found.items),
            actors=[(code, code_name(code)) for code in codes],
            actors_of=actors_of,
            voices=voices,
            desk=desk,
            sought=sought,
            fits=fits,
            shown=lambda piece: not fits.isdisjoint(piece.items),
            kinds=KINDS,
            certainties=CERTAINTIES,
            css=css,
            css_digest=css_digest,
            script=script,
            script_digest=script_digest,
        )
    )


def sheet(article: ArticleRecord, items: Sequence[Item]) -> Sheet:
    """Lay one article out."""
    kinds = Counter(i.kind for i in items)
    return Sheet(
        article=article,
        name=name_of(article),
        pieces=tuple(pieces(article, items)),
        rows=tuple(line(i) for i in items),
        counts=tuple((kind, kinds[kind]) for kind in KINDS if kinds[kind]),
    )


def name_of(article: ArticleRecord) -> str:
    """Name an article by its title, else its file, else the start of its hash."""
    file = Path(article.name).name if article.name else ""
    return article.title or file or f"article {article.sha256[:12]}"


def pieces(article: ArticleRecord, items: Sequence[Item]) -> list[Piece]:
    """Cut a text where any item begins or ends.

    Examples
    --------
    >>> import blocs
    >>> found = blocs.read("Seoul sent 300 soldiers to Kyiv.")
    >>> "".join(p.text for p in pieces(found.articles[0], found.items))
    'Seoul sent 300 soldiers to Kyiv.'
    """
    text = article.text
    aside = [(r.start, r.end) for r in article.repairs if r.kind == "boilerplate"]
    spans = [(i.start, i.end) for i in items] + aside
    edges = sorted({0, len(text), *(edge for span in spans for edge in span)})
    begun = sorted(items, key=lambda i: (i.start, i.end, i.id))
    out: list[Piece] = []
    live: list[Item] = []
    at = 0
    for start, end in pairwise(edges):
        live = [i for i in live if i.end > start]
        opened: list[Item] = []
        while at < len(begun) and begun[at].start <= start:
            opened.append(begun[at])
            at += 1
        live += [i for i in opened if i.end > start]
        inner = sorted(live, key=lambda i: (i.end - i.start, KINDS.index(i.kind), i.id))
        out.append(
            Piece(
                text=text[start:end],
                kind=inner[0].kind if inner else "",
                items=tuple(i.id for i in inner),
                opens=tuple(i.id for i in inner if i in opened),
                told="; ".join(summary(i) for i in inner),
                aside=any(a <= start < b for a, b in aside),
            )
        )
    return out


def summary(item: Item) -> str:
    """Say in a few words how an item is coded.

    Examples
    --------
    >>> import blocs
    >>> [summary(i) for i in blocs.read("Norway has issued an ultimatum to Chile.") if i.event]
    ['event, asserted: NOR to CHL, THREATEN relations 139']
    """
    row = line(item)
    ends = " and ".join(item.subject)
    ends += f" to {' and '.join(item.object)}" if item.object else ""
    told = [t for t in (ends, row.what, row.amount, row.when, row.until, row.says) if t]
    return f"{item.kind}, {item.certainty}" + (f": {', '.join(told)}" if told else "")


def line(item: Item) -> Row:
    """Put the fields of an item in words, as a line of the table."""
    return Row(
        item=item,
        says="; ".join(_voices(item.speakers)),
        what=_what(item),
        amount=_amount(item),
        when=_when(item),
        until=_until(item),
        sure=", ".join([item.certainty, *item.hedges]),
        repairs="; ".join(f"{r.quote!r} read as {r.reading!r}" for r in item.repairs if r.reading),
    )


def _voices(speakers: Sequence[Speaker]) -> list[str]:
    """Say who stands for it, in what part; the actors of one name are told together."""
    actors: dict[tuple[str, str, str], list[str]] = {}
    for s in speakers:
        actors.setdefault((s.text, s.role, s.cue), []).extend([s.actor] if s.actor else [])
    out = []
    for (text, role, cue), codes in actors.items():
        who = f"{text} ({', '.join(codes)})" if codes else text
        part = "" if role == "speaker" else f", {role}"
        out.append(f"{who}{part}" + (f", “{cue}”" if cue else ""))
    return out


def _what(item: Item) -> str:
    """Say what act it is."""
    if item.event is None:
        return ""
    mode = f" {item.event.mode}" if item.event.mode else ""
    return f"{item.event.plover}{mode} {item.event.cameo}"


def _amount(item: Item) -> str:
    """Say how much."""
    q = item.quantity
    if q is None:
        return ""
    if q.value is not None:
        size = f"{q.value:,.10g}"
    elif q.low is not None and q.high is not None:
        size = f"{q.low:,.10g} to {q.high:,.10g}"
    else:
        size = f"at most {q.high:,.10g}" if q.high is not None else f"at least {q.low:,.10g}"
    unit = "" if q.unit == "count" else f" {q.unit}"
    of = f" {q.of}" if q.of else ""
    return f"{size}{unit}{of}" + (f" per {q.per}" if q.per else "")


def _when(item: Item) -> str:
    """Say when: a day, a month, a year, else from the first to the last day."""
    w = item.when
    if w is None:
        return ""
    if w.start is None or w.end is None:
        return f"{w.text} (date not given)"
    first, last = Date.fromisoformat(w.start), Date.fromisoformat(w.end) - timedelta(1)
    for size in (4, 7, 10):
        whole = Partial.parse(w.start[:size])
        if (whole.first, whole.after) == (first, last + timedelta(1)):
            return w.start[:size]
    return f"{first} to {last}"


def _until(item: Item) -> str:
    """Say until when."""
    h = item.horizon
    if h is None:
        return ""
    size = f"{h.low:g} to {h.high:g}" if h.low is not None else f"within {h.high:g}"
    return f"{size} {h.unit}" + (f" from {h.from_}" if h.from_ else "")
