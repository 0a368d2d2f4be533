"""Main text of an HTML page, with a map from every character back to the bytes."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812

from blocs.evidence.reading.lists import words

_SKIP = r"script|style|noscript|template|svg|iframe|head|nav|footer|aside|form|button|select"
_REST = r"(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+>"  # of a tag: no second try, or "<a<a..." takes hours
_TAG = re.compile(
    rf"<!--.*?(?:-->|\Z)|<(?P<skip>{_SKIP})\b{_REST}.*?(?:</(?P=skip)\s*>|\Z)|<(?P<close>/?)(?P<name>"
    rf"[a-zA-Z][a-zA-Z0-9]*)\b{_REST}|<[!?/][^<>]*+>",
    re.IGNORECASE | re.DOTALL,
)
_BLOCK = words(
    "p div br li ul ol h1 h2 h3 h4 h5 h6 tr td th table section article blockquote main "
    "header figure figcaption pre hr dd dt dl body html title"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?|\s+")
_HTML = re.compile(r"<(?:!doctype html|html|head|body|p|div|article|meta)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]*>(.{0,1000}?)</title", re.IGNORECASE | re.DOTALL)
_DATE = re.compile(
    r"(?:article:published_time|datePublished|date)[\"']?\s*(?:content=|:)\s*[\"']"
    r"(\d{4})-(\d\d)-(\d\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text and the bytes it came from; ``exact`` when lengths run in step.

    ``width`` is the number of bytes of the stretch, ``sizes`` the bytes of each character.
    """

    start: int
    byte_start: int
    sizes: tuple[int, ...]

    def to_byte(self, offset: int) -> int:
        """Return the byte offset under a character offset at or after ``start``."""
        return self.byte_start + sum(self.sizes[: max(0, offset - self.start)])


@dataclass(frozen=True, slots=True)
class Page:
    """Main text, title, published date and the map to the bytes."""

    text: str
    title: str | None
    date: Date | None
    segments: tuple[Segment, ...]


@dataclass(slots=True)
class _Block:
    """A paragraph under construction: characters and, for each, (byte start, byte length)."""

    chars: list[str]
    places: list[tuple[int, int]]
    linked: int = 0
    heading: bool = False


def looks_like_html(text: str) -> bool:
    """Say whether a text is a page: an HTML tag near the start, and a closing tag.

    Examples
    --------
    >>> looks_like_html("<p>Kyiv</p>"), looks_like_html("2 < 3 and 5 > 4")
    (True, False)
    """
    head = text[:4000].lstrip("\ufeff \n\r\t")
    found = _HTML.search(head)
    return found is not None and head[:1] == "<" and (found.start() == 0 or "</" in text[:100_000])


def extract_html(source: str, *, encoding: str = "utf-8") -> Page:
    """Return the main text of a page; scripts, menus and link lists are left out.

    Paragraphs are chosen by the maintained extractor ``trafilatura`` where it is installed
    (extra ``read``) and by length and link share otherwise; the characters always come from
    the page itself, so that each walks back to its bytes.

    Parameters
    ----------
    source : str
        The decoded page.
    encoding : str
        Encoding of the bytes, for the map.

    Returns
    -------
    Page
        Paragraphs joined by blank lines; markup and entities resolved, never executed.

    Examples
    --------
    >>> extract_html("<p>Seoul &amp; Tokyo agreed on Monday to meet.</p>").text
    'Seoul & Tokyo agreed on Monday to meet.'
    """
    blocks = _blocks(source, "utf-8" if encoding == "str" else encoding.removesuffix("+bom"))
    kept = _choose(source, blocks)
    title = _TITLE.search(source[:200_000])
    return Page(
        text="\n\n".join("".join(b.chars) for b in kept),
        title=html.unescape(title.group(1)).strip() if title else None,
        date=_published(source),
        segments=tuple(_segments(kept)),
    )


def _published(source: str) -> Date | None:
    """Read the date the page states for itself."""
    found = _DATE.search(source[:200_000])
    try:
        return Date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _blocks(source: str, codec: str) -> list[_Block]:
    """Walk the page once and gather paragraphs with the place of each character."""
    done: list[_Block] = []
    block = _Block([], [])
    at, byte_at, in_link = 0, 0, False
    for match in [*_TAG.finditer(source), None]:
        stop = match.start() if match else len(source)
        byte_at = _take(block, source[at:stop], byte_at, codec, in_link)
        if match is None:
            break
        byte_at += len(match.group().encode(codec, "replace"))
        at = match.end()
        name = (match.group("name") or match.group("skip") or "").lower()
        if name == "a":
            in_link = not match.group("close")
        if name in _BLOCK or match.group("skip"):
            done.append(block)
            block = _Block([], [], heading=name in ("h1", "h2", "h3"))
    done.append(block)
    return [b for b in map(_trim, done) if b.chars]


def _take(block: _Block, raw: str, byte_at: int, codec: str, in_link: bool) -> int:
    """Add raw text to a block: entities resolved, white space to one blank; return the place."""
    at = 0
    for match in [*_ENTITY.finditer(raw), None]:
        for char in raw[at : match.start() if match else len(raw)]:
            size = len(char.encode(codec, "replace"))
            _put(block, char, byte_at, size, in_link)
            byte_at += size
        if match is None:
            break
        at = match.end()
        size = len(match.group().encode(codec, "replace"))
        shown = " " if match.group()[0] != "&" else html.unescape(match.group())
        for k, char in enumerate(shown):
            _put(block, " " if char.isspace() else char, byte_at, size if not k else 0, in_link)
        byte_at += size
    return byte_at


def _put(block: _Block, char: str, place: int, size: int, in_link: bool) -> None:
    """Add one character; runs of blanks shrink to one."""
    if char == " " and (not block.chars or block.chars[-1] == " "):
        return
    block.chars.append("\ufffd" if "\ud800" <= char <= "\udfff" else char)
    block.places.append((place, size))
    block.linked += in_link


def _trim(block: _Block) -> _Block:
    """Drop a blank at the end."""
    if block.chars and block.chars[-1] == " ":
        block.chars.pop()
        block.places.pop()
    return block


def _choose(source: str, blocks: list[_Block]) -> list[_Block]:
    """Keep the paragraphs of the article."""
    wanted = _trafilatura(source)
    if wanted:
        chosen = [b for b in blocks if _squeeze("".join(b.chars)) in wanted]
        if sum(len(b.chars) for b in chosen) > 0.5 * len(wanted):
            return chosen
    prose = [b for b in blocks if b.linked < 0.4 * len(b.chars) and _is_prose("".join(b.chars))]
    return prose or [b for b in blocks if b.linked < 0.5 * len(b.chars)]


def _is_prose(text: str) -> bool:
    """Say whether a paragraph reads like a sentence rather than a label."""
    return len(text.split()) >= 4 and bool(re.search(r"[.!?…:\"”»]", text))


def _squeeze(text: str) -> str:
    """Return letters and digits only, for comparison."""
    return re.sub(r"[\W_]+", "", text).lower()


def _trafilatura(source: str) -> str:
    """Return the squeezed main text by trafilatura, or ``""`` where it is absent or fails."""
    from importlib.util import find_spec

    if find_spec("trafilatura") is None or len(source) > 8_000_000:
        return ""
    import trafilatura  # type: ignore[import-not-found,import-untyped,unused-ignore]

    try:
        found = trafilatura.extract(source, include_comments=False, favor_precision=False)
    except (ValueError, TypeError, RecursionError, AttributeError):
        return ""
    return _squeeze(found or "")


def _segments(blocks: list[_Block]) -> list[Segment]:
    """Return one segment per unbroken run of bytes."""
    out: list[Segment] = []
    at = 0
    for block in blocks:
        first = 0
        sizes: list[int] = []
        for k, (place, size) in enumerate(block.places):
            if k and place != block.places[k - 1][0] + block.places[k - 1][1] and size:
                out.append(Segment(at + first, block.places[first][0], tuple(sizes)))
                first, sizes = k, []
            sizes.append(size)
        out.append(Segment(at + first, block.places[first][0], tuple(sizes)))
        at += len(block.chars) + 2
    return out
