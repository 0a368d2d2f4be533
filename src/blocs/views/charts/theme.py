"""One look for every chart: the palette, the sizes and the quiet axes.

The colours are Okabe and Ito's (2008), which people with any colour vision tell
apart: the group has one, the reference power another, everything else is grey.
The page repaints them by value for dark mode, so use these names and no others.
"""

from __future__ import annotations

from typing import Final

from blocs.views.charts import vega

GROUP: Final = "#0072b2"
REFERENCE: Final = "#d55e00"
INK: Final = "#1c1c1c"
SOFT: Final = "#5a5a5a"
GREY: Final = "#8a8a8a"
BAND: Final = "#dfe1e3"
RULE: Final = "#d0d2d4"
PAPER: Final = "#ffffff"
HATCH: Final = "#fedcba"
"""Stands for "missing": `svg.to_svg` fills it with a pattern of lines."""

WIDE: Final = 680
NARROW: Final = 340
TEXT: Final = 13
SMALL: Final = 12

_AXIS: Final = {
    "labelColor": SOFT,
    "labelFontSize": SMALL,
    "titleColor": SOFT,
    "titleFontSize": SMALL,
    "titleFontWeight": "normal",
    "gridColor": RULE,
    "gridOpacity": 0.7,
    "domainColor": GREY,
    "tickColor": GREY,
    "tickSize": 4,
    "labelPadding": 4,
}
_TITLE: Final = {
    "fontSize": TEXT,
    "fontWeight": "bold",
    "color": INK,
    "anchor": "start",
    "subtitleFontSize": SMALL,
    "subtitleColor": SOFT,
    "offset": 6,
}


def years_axis(*, ticks: float = 6) -> vega.Spec:
    """Make an axis of calendar years without commas."""
    return {"format": "d", "tickCount": int(ticks), "grid": False, "title": None}


def haloed(base: vega.Chart, mark: vega.Spec, **channels: vega.Spec | str) -> list[vega.Chart]:
    """Draw text twice, first as a halo of paper, so that lines do not strike it through."""
    halo = {"stroke": PAPER, "strokeWidth": 4, "strokeJoin": "round", "color": PAPER}
    looks: tuple[vega.Spec, ...] = ({**mark, **halo}, mark)
    return [base.mark("text", **look).encode(**channels) for look in looks]


def dressed(chart: vega.Chart) -> vega.Spec:
    """Give a chart the look of the brief and return its whole specification."""
    return {
        **chart.spec,
        "padding": 4,
        "config": {
            "aria": False,
            "background": None,
            "font": "sans-serif",
            "axis": _AXIS,
            "view": {"stroke": None},
            "text": {"fontSize": SMALL, "color": INK},
            "title": _TITLE,
            "legend": {"labelColor": SOFT, "labelFontSize": SMALL, "titleColor": SOFT},
        },
    }
