"""The reading as one page: the article with its items, a table to check them by, corrections out.

The page holds its styles and its one script; its Content-Security-Policy allows those two by
their checksum and nothing else. What an article says is text and is never markup.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812
from datetime import timedelta
from itertools import pairwise
from typing import Final

from blocs.dates import Partial
from blocs.evidence.reading.items import Item, Speaker
from blocs.evidence.readings import ArticleRecord, Readings
from blocs.views.templating import environment, inlined

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


@dataclass(frozen=True, slots=True)
class Sheet:
    """One article as the page shows it."""

    article: ArticleRecord
    name: str
    pieces: tuple[Piece, ...]
    rows: tuple[Row, ...]
    counts: tuple[tuple[str, int], ...]


def page(found: Readings) -> str:
    """Write articles and their items as one HTML page.

    Parameters
    ----------
    found : Readings
        From :func:`blocs.read`.

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
    css, css_digest = inlined("reading.css")
    script, script_digest = inlined("reading.js")
    sheets = [sheet(a, [i for i in found.items if i.article == a.sha256]) for a in found.articles]
    actors = sorted({code for i in found.items for code in _actors(i)})
    return (
        environment()
        .get_template("reading.html")
        .render(
            sheets=sheets,
            n=len(found.items),
            actors=actors,
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
        name=article.title or article.name or f"article {article.sha256[:12]}",
        pieces=tuple(pieces(article, items)),
        rows=tuple(_row(i) for i in items),
        counts=tuple((kind, kinds[kind]) for kind in KINDS if kinds[kind]),
    )


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
    row = _row(item)
    ends = " and ".join(item.subject)
    ends += f" to {' and '.join(item.object)}" if item.object else ""
    told = [t for t in (ends, row.what, row.amount, row.when, row.until, row.says) if t]
    return f"{item.kind}, {item.certainty}" + (f": {', '.join(told)}" if told else "")


def _row(item: Item) -> Row:
    """Put the fields of an item in words."""
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


def _actors(item: Item) -> set[str]:
    """Return the country or group codes an item names."""
    codes = [*item.subject, *item.object, *(s.actor for s in item.speakers if s.actor)]
    return {c if c[:3] in ("IGO", "NGO") or c.islower() else c[:3] for c in codes}


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
