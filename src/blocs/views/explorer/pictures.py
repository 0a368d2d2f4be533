"""The pictures of a page as files of their own: SVG, PNG made from it, their tables as CSV."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

from blocs.errors import BadInput

_FIGURE = re.compile(
    r'<figure id="([^"]+)".*?<div class="wide">\s*<svg (.*?</svg>)\s*</div>', re.DOTALL
)
_TABLE = re.compile(r'<figure id="([^"]+)".*?<details>.*?(<table>.*?</table>)', re.DOTALL)
_BACK = '<rect width="100%" height="100%" fill="#ffffff"/>'


def picture(html: str, key: str | None) -> str:
    """Return a picture of a page as an SVG file, in the colours of a light page.

    Parameters
    ----------
    html : str
        A page of ours.
    key : str or None
        Which figure; the first if none.

    Raises
    ------
    BadInput
        If the page has no picture, or none of that name.
    """
    found = dict(_FIGURE.findall(html))
    if not found:
        raise BadInput("this page has no picture; use .json or .csv")
    if key is not None and key not in found:
        raise BadInput(f"figure={key}: this page has {', '.join(found)}")
    head, _, body = found[key or next(iter(found))].partition(">")
    return f'<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" {head}>{_BACK}{body}'


def as_png(svg: str) -> bytes:
    """Draw an SVG file as PNG, twice as fine as its pixels."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=2))


def numbers(html: str, key: str) -> str:
    """Return the table of one picture of a page as CSV, its headings first.

    Parameters
    ----------
    html : str
        A page of ours.
    key : str
        Which figure.

    Raises
    ------
    BadInput
        If the page has no figure of that name.
    """
    found = dict(_TABLE.findall(html))
    if key not in found:
        known = f"this page has {', '.join(found)}" if found else "this page has no figure"
        raise BadInput(f"figure={key}: {known}")
    read = _Rows()
    read.feed(found[key])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(read.rows)
    return text.getvalue()


class _Rows(HTMLParser):
    """The cells of a table, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.within = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        self.within = tag in {"td", "th"} or (self.within and tag == "a")
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self.within = self.within and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        if self.within:
            self.rows[-1][-1] += data
