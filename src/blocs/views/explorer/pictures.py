"""The pictures of a page as files of their own: SVG, and PNG made from it."""

from __future__ import annotations

import re

from blocs.errors import BadInput

_FIGURE = re.compile(
    r'<figure id="([^"]+)".*?<div class="wide">\s*<svg (.*?</svg>)\s*</div>', re.DOTALL
)
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
