"""Quotations: what stands between quotation marks, nested and unclosed ones included."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from blocs.evidence.articles import Article, repairs_in
from blocs.evidence.reading.items import Item, Speaker, item_id

_PAIRS = {"“": "”", "«": "»", "„": "“"}
_LONGEST = 5000


def quote_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans between quotation marks in one paragraph, marks left out, outer first.

    An opening mark without an end runs to ", he said" or else to the end of the paragraph; a
    closing one without a beginning is passed over.

    Examples
    --------
    >>> text = "“It looks like a “marriage of convenience”,” he said."
    >>> [text[a:b] for a, b in quote_spans(text, 0, len(text))]
    ['It looks like a “marriage of convenience”,', 'marriage of convenience']
    """
    spans: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    for i in range(start, end):
        char = text[i]
        if char == '"':
            if stack and stack[-1][0] == '"':
                spans.append((stack.pop()[1], i))
            elif i + 1 < end and not text[i + 1].isspace():
                stack.append(('"', i + 1))
        elif stack and char in _PAIRS and _shuts(text, i, end):
            spans.append((stack.pop()[1], i))
        elif char in _PAIRS:
            stack.append((_PAIRS[char], i + 1))
        elif stack and char == stack[-1][0]:
            spans.append((stack.pop()[1], i))
    spans += [(a, _unclosed_end(text, a, end)) for mark, a in stack if _opens(text, mark, a, start)]
    return sorted((a, b) for a, b in spans if b - a <= _LONGEST and text[a:b].strip())


_SAID = re.compile(
    r"[,!?]\s+(?=(?:(?:\w+\s){0,3}?(?:said|says|told|added|warned|wrote|insisted)\b))"
)


def _unclosed_end(text: str, a: int, end: int) -> int:
    """Return where a quotation without a closing mark ends."""
    said = _SAID.search(text, a, end)
    return said.start() + 1 if said else end


def _opens(text: str, mark: str, a: int, start: int) -> bool:
    """Say whether a mark without an end opens a quotation: a straight one must look like it."""
    before = text[a - 2] if a - 2 >= start else " "
    return mark != '"' or (before.isspace() and text[a : a + 1].isalpha())


def _shuts(text: str, i: int, end: int) -> bool:
    """Say whether an opening mark was set for a closing one ("in the region “.")."""
    after = text[i + 1 : i + 2] if i + 1 < end else ""
    return not after or after.isspace() or after in ".,;:!?)"


def find_quotations(article: Article, items: Sequence[Item]) -> Iterator[Item]:
    """Yield a quotation item per quoted stretch of two words or more, with its speakers.

    Speakers are those of the claims that overlap it.
    """
    said = sorted(
        (i for i in items if i.kind in ("claim", "forecast") and i.speakers),
        key=lambda i: (i.start, i.end, i.id),
    )
    starts = [i.start for i in said]
    for a, b in _paragraphs(article.text):
        for start, end in quote_spans(article.text, a, b):
            quote = article.text[start:end].rstrip()
            if len(quote.split()) > 1:
                near = said[bisect_left(starts, start - _LONGEST) : bisect_left(starts, end)]
                yield _quotation(article, start, start + len(quote), quote, near)


def _quotation(article: Article, start: int, end: int, quote: str, said: Sequence[Item]) -> Item:
    """Build one quotation."""
    speakers: list[Speaker] = []
    for item in said:
        if item.start < end and item.end > start:
            speakers += [s for s in item.speakers if s not in speakers]
    return Item(
        id=item_id(article.sha256, "quotation", start, end),
        article=article.sha256,
        kind="quotation",
        start=start,
        end=end,
        quote=quote,
        statement=quote,
        speakers=speakers,
        certainty="reported" if speakers else "asserted",
        repairs=repairs_in(article, [(start, end)]),
    )


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of lines that hold any quotation mark."""
    at = 0
    for line in text.splitlines(keepends=True):
        if any(mark in line for mark in '“«„"'):
            yield at, at + len(line)
        at += len(line)
