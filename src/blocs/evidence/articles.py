"""Articles: bytes or text in, canonical text with exact offsets, sentences and repairs out."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812
from pathlib import Path
from typing import Literal

from blocs.errors import BadFile, BadInput
from blocs.evidence.reading.datelines import publication_day
from blocs.evidence.reading.html import Segment, extract_html, looks_like_html
from blocs.evidence.reading.lists import words
from blocs.evidence.reading.repairs import Repair, find_repairs
from blocs.evidence.reading.sentences import split_sentences
from blocs.evidence.reading.shared_names import settle_names, unsettled
from blocs.evidence.reading.transcripts import Turn, find_turns
from blocs.files import read_bytes

MAX_CHARS = 1_000_000
_LONGEST_REPAIR = 400
MAX_BYTES = 256_000_000
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)
_OURS = re.compile(r'\s*\{\s*"(?:schema"\s*:\s*"blocs\.(\w+)|id"\s*:\s*"\w+",\s*"article"\s*:)')
_LONE = "lone surrogates were replaced by U+FFFD"
_MIXED = "utf-8+cp1252"
_SURROGATE = re.compile("[\ud800-\udfff]")
_ENGLISH = words(
    "the of and to in a that is was for on with as by at from it he his be are this which have "
    "has not will had an its said but they were their been or who would after we more"
)
_LETTER_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article, ready to be read.

    Attributes
    ----------
    text : str
        Canonical text; every offset counts its code points. Plain text is as decoded, line
        ends kept; HTML is the main text, with ``segments`` as the map to the bytes.
    sha256 : str
        Hash of the original bytes (of the UTF-8 bytes where a string was given).
    kind : {"text", "html"}
        What the original was.
    encoding : str
        How the bytes were decoded.
    date : datetime.date or None
        Day of publication.
    date_from : {"given", "inferred", None}
        Whether the date was an input or read off the article's own marks.
    title : str or None
        Title of an HTML page.
    name : str or None
        The file it came from.
    segments : tuple of Segment
        HTML, and text of mixed encodings: which bytes each stretch of the text came from.
    sentences : tuple of (int, int)
        Half-open spans of the sentences, boilerplate left out.
    repairs : tuple of Repair
        Every departure from the text as printed, never silent.
    turns : tuple of Turn
        Of a transcript: whose words each stretch is; their labels are in no sentence.
    notes : tuple of str
        What a reader must know: cut off, not English, undecodable bytes.
    """

    text: str
    sha256: str
    kind: Literal["text", "html"] = "text"
    encoding: str = "utf-8"
    date: Date | None = None
    date_from: Literal["given", "inferred"] | None = None
    title: str | None = None
    name: str | None = None
    segments: tuple[Segment, ...] = ()
    sentences: tuple[tuple[int, int], ...] = ()
    repairs: tuple[Repair, ...] = ()
    turns: tuple[Turn, ...] = ()
    notes: tuple[str, ...] = ()

    def byte_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open span of the original bytes under ``text[start:end]``.

        Examples
        --------
        >>> open_article("Zażółć: Kraków").byte_span(8, 14)
        (12, 19)
        """
        if not self.segments:
            codec = "utf-8" if self.encoding == "str" else self.encoding.removesuffix("+bom")
            bom = 3 if self.encoding == "utf-8+bom" else 0
            first = len(self.text[:start].encode(codec, "replace")) + bom
            return first, first + len(self.text[start:end].encode(codec, "replace"))
        starts = [s.start for s in self.segments]
        first_part = self.segments[max(0, bisect_right(starts, start) - 1)]
        last_part = self.segments[max(0, bisect_right(starts, max(start, end - 1)) - 1)]
        return first_part.to_byte(start), last_part.to_byte(end)


def repairs_in(article: Article, spans: Sequence[tuple[int, int]]) -> list[Repair]:
    """Return the repairs that touch any of some spans."""
    first = bisect_left(article.repairs, min(a for a, _ in spans) - _LONGEST_REPAIR, key=_begin)
    last = bisect_left(article.repairs, max(b for _, b in spans), key=_begin)
    near = article.repairs[first:last]
    return [r for r in near if any(r.start < b and r.end > a for a, b in spans)]


def _begin(repair: Repair) -> int:
    """Return where a repair begins."""
    return repair.start


def open_article(
    source: str | bytes | Path, *, date: Date | None = None, max_chars: int = MAX_CHARS
) -> Article:
    """Turn a string, bytes or a file into an :class:`Article`.

    Parameters
    ----------
    source : str, bytes or Path
        The text itself, its bytes (text or HTML), or the file that holds them.
    date : datetime.date, optional
        Day of publication; without it the date is taken from the page's own mark or from
        a line at its head that is nothing but a day, and flagged.
    max_chars : int
        Longest text read; the rest is left out and a note says so.

    Returns
    -------
    Article
        With ``text[start:end]`` exact for every span ever reported on it.

    Raises
    ------
    BadInput
        Nothing to read, or more than 256 MB.
    BadFile
        Not text: binary, or a PDF or office document; or what blocs itself wrote.

    Examples
    --------
    >>> open_article("Seoul protested. Tokyo agreed.").sentences
    ((0, 16), (17, 30))
    """
    raw, name = _load(source)
    if isinstance(source, str):
        text, encoding, notes = _SURROGATE.sub("\ufffd", source), "str", []
        notes += [_LONE] if text != source else []
    else:
        text, encoding, notes = _decode(raw, name)
    if not text.strip():
        raise BadInput(f"{name} holds no text; give an article with at least one sentence")
    _refuse_ours(text, name)
    built = _build(text, raw, encoding, notes, date, max_chars)
    return replace(built, name=name if isinstance(source, Path) else None)


def _load(source: str | bytes | Path) -> tuple[bytes, str]:
    """Return the bytes and what to call them in a message."""
    if isinstance(source, str):
        return source.encode("utf-8", "surrogatepass"), "the text"
    if isinstance(source, bytes):
        raw, name = source, "the text"
    else:
        raw, name = _read_file(source), str(source)
    if len(raw) > MAX_BYTES:
        raise BadInput(f"{name} has {len(raw):,} bytes; at most {MAX_BYTES:,} are read: split it")
    return raw, name


def _read_file(path: Path) -> bytes:
    """Read a file of a size that is allowed."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(f"{path} is larger than {MAX_BYTES:,} bytes: split it")
        return read_bytes(path)
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}; check the path") from error


def _build(
    text: str,
    raw: bytes,
    encoding: str,
    notes: list[str],
    date: Date | None,
    max_chars: int,
) -> Article:
    """Extract, cut, repair and split."""
    is_html = looks_like_html(text)
    title: str | None = None
    segments = _mixed_map(raw) if encoding == _MIXED and not is_html else ()
    found: Date | None = None
    if is_html:
        page = extract_html(text[: 4 * max_chars], encoding=encoding.removesuffix("+cp1252"))
        text, title, segments, found = page.text, page.title, page.segments, page.date
        if not text.strip():
            raise BadInput("the page holds no main text; save the article itself and give that")
    else:
        found = publication_day(text)
    if len(text) > max_chars:
        notes.append(f"only the first {max_chars:,} of {len(text):,} characters were read")
        text = text[:max_chars]
    if not _is_english(text):
        notes.append("the text does not look English; the reader knows English only")
    open_name = unsettled(settle_names(text), text)
    notes += [open_name] if open_name else []
    repairs = tuple(find_repairs(text))
    turns = find_turns(text)
    blocked = [(r.start, r.end) for r in repairs if r.kind == "boilerplate"]
    blocked = sorted(blocked + [(t.start, t.said) for t in turns])
    return Article(
        text=text,
        sha256=hashlib.sha256(raw).hexdigest(),
        kind="html" if is_html else "text",
        encoding=encoding,
        date=date or found,
        date_from="given" if date else "inferred" if found else None,
        title=title,
        segments=segments,
        sentences=tuple(_sentences_between(text, blocked)),
        repairs=repairs,
        turns=turns,
        notes=tuple(notes),
    )


def _sentences_between(text: str, blocked: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Split what lies between the stretches of boilerplate."""
    spans: list[tuple[int, int]] = []
    at = 0
    for a, b in [*blocked, (len(text), len(text))]:
        if a > at:
            spans += split_sentences(text, start=at, end=a)
        at = max(at, b)
    return spans


def _decode(raw: bytes, name: str) -> tuple[str, str, list[str]]:
    """Decode by byte order mark, UTF-8, the page's own word, else Windows-1252, aloud."""
    _refuse_binary(raw, name)
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if raw.startswith(mark):
            return raw[2:].decode(codec, "replace"), codec, []
    if raw.startswith(b"\xef\xbb\xbf"):
        return raw[3:].decode("utf-8", "replace"), "utf-8+bom", []
    try:
        return raw.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as error:
        first = error.start
    try:
        return _SURROGATE.sub("\ufffd", raw.decode("utf-8", "surrogatepass")), "utf-8", [_LONE]
    except UnicodeDecodeError:
        escaped = raw.decode("utf-8", "surrogateescape")
    bad = len(_SURROGATE.findall(escaped))
    if bad < sum(not c.isascii() for c in escaped) - bad:
        note = f"mixed encodings: {bad} bytes that are not valid UTF-8 were read as cp1252"
        return _SURROGATE.sub(_as_cp1252, escaped), _MIXED, [note]
    declared = _META_CHARSET.search(raw[:4096])
    codec = declared.group(1).decode("ascii", "replace").lower() if declared else "cp1252"
    return _decode_other(raw, codec if codec not in ("utf-8", "utf8") else "cp1252", first)


def _as_cp1252(match: re.Match[str]) -> str:
    """Return the Windows-1252 character of an escaped byte."""
    return bytes([ord(match.group()) - 0xDC00]).decode("cp1252", "replace")


def _mixed_map(raw: bytes) -> tuple[Segment, ...]:
    """Return the map to the bytes of a text of mixed encodings, one segment."""
    escaped = raw.decode("utf-8", "surrogateescape")
    sizes = tuple(len(c.encode("utf-8", "surrogateescape")) for c in escaped)
    return (Segment(0, 0, sizes),)


def _decode_other(raw: bytes, codec: str, first: int) -> tuple[str, str, list[str]]:
    """Decode bytes that are not UTF-8."""
    note = f"not valid UTF-8 at byte {first}; read as {codec}"
    try:
        return raw.decode(codec, "replace"), codec, [note]
    except LookupError:
        return raw.decode("cp1252", "replace"), "cp1252", [note + " is unknown; read as cp1252"]


def _refuse_binary(raw: bytes, name: str) -> None:
    """Refuse what is plainly not text."""
    head = raw[:8192]
    if head.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"\x89PNG")):
        raise BadFile(f"{name} is not text but {head[:4]!r}...; export it as text or HTML first")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    odd = sum(byte < 9 or 13 < byte < 32 for byte in head)
    if b"\x00" in head or odd > 0.05 * len(head):
        raise BadFile(f"{name} looks binary ({odd} control bytes in the first {len(head)})")


def _refuse_ours(text: str, name: str) -> None:
    """Refuse what blocs wrote itself: a reading, or corrections to one."""
    found = _OURS.match(text[:400])
    if found is None:
        return
    if found[1] == "corrections":
        raise BadFile(
            f"{name} holds corrections, no article; blocs ledger review --import takes it"
        )
    raise BadFile(f"{name} was written by blocs and is no article; give the article itself")


def _is_english(text: str) -> bool:
    """Say whether enough of the words are English function words; short texts pass."""
    found = [w.lower() for w in _LETTER_WORD.findall(text[:20_000])]
    if len(found) < 30:
        plain = sum(c.isascii() for c in text)
        return not found or plain > 0.7 * len(text)
    return sum(w in _ENGLISH for w in found) > 0.12 * len(found)
