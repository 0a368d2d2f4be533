"""Static SVG from a chart: no script, colours the page can repaint, honest hatching."""

from __future__ import annotations

import re
from typing import Final

from blocs.views.charts import vega
from blocs.views.charts.figure import Figure
from blocs.views.charts.theme import GREY, HATCH, WIDE, dressed

_BASE = r"https://vega\.github\.io/vega-datasets/"
_LINK: Final = re.compile(
    rf'<a xlink:href="(?:{_BASE})?(#[^"]*)"([^>]*)>(<\w+) aria-label="([^"]*)"'
)
_NAMED: Final = re.compile(r'<path aria-label="([^"]+)"([^>]*)/>')
_ROOT: Final = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)" viewBox="([^"]*)"[^>]*>')
_NOISE: Final = (
    re.compile(r' (?:font-family|role|aria-\w+|class|style)="[^"]*"'),
    re.compile(r'<path pointer-events="none" d="[^"]*"/>'),
    re.compile(r'<path d="M0,0h[\d.]+v[\d.]+h-[\d.]+Z" pointer-events="none"/>'),
    re.compile(r'<path d="" display="none"/>'),
)
_PLACE: Final = re.compile(r' (?:d|transform|x|y|x2|y2|width|height)="[^"]*"')
_LONG: Final = re.compile(r"-?\d+\.\d{2,}")
_ID: Final = re.compile(r'(id="|url\(#|href="#)((?:clip|gradient)[\w-]*)')


def to_svg(chart: vega.Chart, *, key: str, label: str) -> str:
    """Draw a chart as inline SVG with a text alternative.

    Parameters
    ----------
    chart : vega.Chart
        Its data inside it; `theme.HATCH` marks what is missing.
    key : str
        Distinguishes the identifiers of this picture from others on the page.
    label : str
        What the picture shows, for people who do not see it.

    Returns
    -------
    str
        An ``svg`` element. Links of marks point into the page; they, and marks that have a
        description, carry their sentence as title.

    Notes
    -----
    The first drawing of a process takes about a second (the engine starts);
    each further one less than a tenth.
    """
    import vl_convert

    raw = vl_convert.vegalite_to_svg(dict(dressed(chart)), allowed_base_urls=[])
    return _cleaned(raw, key=key, label=label)


def figure_svg(figure: Figure, width: int) -> str:
    """Draw a figure at a width; its title and what is seen are the text alternative."""
    label = f"{figure.title}. {figure.alt}"
    return to_svg(figure.draw(width), key=f"{figure.key}-{width}", label=label)


def small(figure: Figure | None) -> str:
    """Draw a figure for a notebook, with its title above it; nothing where there is none."""
    if figure is None:
        return ""
    said = f"<strong>{_escaped(figure.title)}</strong><br>{_escaped(figure.subtitle)}"
    return f"<figure><figcaption>{said}</figcaption>{figure_svg(figure, WIDE)}</figure>"


def _cleaned(raw: str, *, key: str, label: str) -> str:
    root = _ROOT.match(raw)
    if root is None:
        return raw
    width, height, box = root.groups()
    body = _LINK.sub(r'<a href="\1"><title>\4</title>\3', raw[root.end() :])
    body = _NAMED.sub(r"<path\2><title>\1</title></path>", body)
    for noise in _NOISE:
        body = noise.sub("", body)
    body = _PLACE.sub(lambda place: _LONG.sub(_rounded, place[0]), body)
    body = _numbered(body, key)
    body = body.replace(f'"{HATCH}"', f'"url(#{key}-hatch)"')
    role = "group" if "<a " in body else "img"
    return (
        f'<svg role="{role}" aria-label="{_escaped(label)}" width="{width}" height="{height}" '
        f'viewBox="{box}">{_hatch(key) if f"{key}-hatch" in body else ""}{body}'
    )


def _numbered(body: str, key: str) -> str:
    """Count identifiers from one in each picture; the engine counts through the process."""
    names: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        kind = found[2].rstrip("0123456789")
        return found[1] + names.setdefault(found[2], f"{key}-{kind}{len(names) + 1}")

    return _ID.sub(named, body)


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


def _hatch(key: str) -> str:
    return (
        f'<defs><pattern id="{key}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0,0v6" stroke="{GREY}" stroke-width="1.6"/>'
        "</pattern></defs>"
    )


def _escaped(text: str) -> str:
    from markupsafe import escape

    return str(escape(text))
