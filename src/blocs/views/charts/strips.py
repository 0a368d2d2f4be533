"""Years as strips, one a layer: lit or dark, for or against, not known or zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from blocs.views.charts import theme, vega

_ROW = 38
LOOKS: Final[Mapping[str, vega.Spec]] = {
    "lit": {"fill": theme.GROUP},
    "for": {"fill": theme.GROUP},
    "against": {"fill": theme.REFERENCE},
    "zero": {"fill": theme.PAPER, "stroke": theme.INK, "strokeWidth": 1},
    "told only": {"fill": theme.PAPER, "stroke": theme.GROUP, "strokeWidth": 1},
    "dark": {"fill": theme.HATCH, "stroke": theme.RULE, "strokeWidth": 0.5},
}


@dataclass(frozen=True, slots=True)
class Strip:
    """A stretch of years of one row.

    Attributes
    ----------
    row : int
        Which row, from the top.
    first, after : float
        First year, and the first year no longer.
    look : str
        ``lit``, ``for``, ``against``, ``zero``, ``told only`` or ``dark``.
    strength : float
        Opacity, from 0 to 1.
    """

    row: int
    first: float
    after: float
    look: str
    strength: float = 1.0


def draw_strips(names: Sequence[str], strips: Sequence[Strip], *, width: int) -> vega.Chart:
    """Draw rows of strips over one axis of years.

    Parameters
    ----------
    names : sequence of str
        Title of each row, written above it.
    strips : sequence of Strip
        What is known when; at least one.
    width : int
        Pixels.
    """
    inner, bottom = width - 16, _ROW * len(names)
    first, after = min(s.first for s in strips), max(s.after for s in strips)
    x = vega.channel(
        "x:Q",
        scale={"domain": [first, after], "nice": False},
        axis=theme.years_axis(ticks=inner // 90),
    )
    y = vega.channel("y:Q", scale={"domain": [bottom, 0], "nice": False}, axis=None)
    box: dict[str, vega.Spec | str] = {"x": x, "x2": "x2", "y": y, "y2": "y2"}
    opacity = vega.channel("strength:Q", scale=None, legend=None)
    words: list[vega.Row] = [{"y": k * _ROW + 12, "text": name} for k, name in enumerate(names)]
    marks = []
    for look, drawn in LOOKS.items():
        rows = [_mark(s) for s in strips if s.look == look]
        if rows:
            marks.append(vega.chart(rows).mark("rect", **drawn).encode(**box, opacity=opacity))
    text = vega.chart(words).mark("text", align="left", baseline="alphabetic")
    return vega.layer(*marks, text.encode(x={"value": 0}, y=y, text="text:N")).sized(
        width=inner, height=bottom
    )


def _mark(strip: Strip) -> vega.Row:
    top = strip.row * _ROW
    return {
        "x": strip.first,
        "x2": strip.after,
        "y": top + 18,
        "y2": top + 32,
        "strength": strip.strength,
    }
