"""A world map: states in a few looks, today's borders, every area true.

The projection is Equal Earth (Savric, Patterson and Jenny 2018,
doi:10.1080/13658816.2018.1504949). Small states are dots. What is not known is
hatched; land that no state shown holds is only outlined.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from blocs.almanac.shapes import Shape, holders, shapes
from blocs.views.charts import theme, vega
from blocs.views.charts.labels import Anchor, place_labels

NOTE: Final = (
    "Borders are today's, as Natural Earth draws them, with Crimea, northern Cyprus and "
    "Somaliland as the United Nations has them; a state of the past is drawn on the land of the "
    "states that came of it. Small states are dots. Areas are true (Equal Earth projection)."
)
_SPAN: Final = 5.42
_TURN: Final = 11.0
_NORTH, _SOUTH = 86.0, -57.0
_DOT_KM2: Final = 30_000
_LINE = 18


@dataclass(frozen=True, slots=True)
class Look:
    """How states of one kind are drawn.

    Attributes
    ----------
    words : str
        What it means, for the key.
    fill : str
        A colour of `theme`; `theme.HATCH` for what is not known.
    strength : float
        Opacity, from 0 to 1.
    edge : str
        Colour of the border.
    """

    words: str
    fill: str
    strength: float = 1.0
    edge: str = theme.PAPER


@dataclass(frozen=True, slots=True)
class Shown:
    """A state on the map: which look it has, and the sentence a reader gets on pointing."""

    look: str
    says: str


def draw_world(
    states: Mapping[str, Shown],
    looks: Mapping[str, Look],
    *,
    width: int,
    named: Mapping[str, str] | None = None,
) -> vega.Chart:
    """Draw a map of the world.

    Parameters
    ----------
    states : mapping of str to Shown
        Actor id to what is shown of it.
    looks : mapping of str to Look
        In the order of the key; the last are drawn on top.
    width : int
        Pixels.
    named : mapping of str to str, optional
        Actor ids to the names that are written on the map.
    """
    inner = width - 16
    top, bottom = equal_earth(0, _NORTH)[1], equal_earth(0, _SOUTH)[1]
    scale = inner / _SPAN
    height = round(scale * (top - bottom))
    land = holders(states.keys())
    free = [s for s in shapes() if s.actor not in land and s.polygons]
    marks = [_land([_feature(s, "") for s in free], Look("", theme.PAPER, edge=theme.RULE))]
    for key, look in looks.items():
        mine = [s for s in shapes() if s.actor in land and states[land[s.actor]].look == key]
        drawn = [_feature(s, states[land[s.actor]].says) for s in mine if s.polygons]
        marks += [_land(drawn, look)] if drawn else []
    for key, look in looks.items():
        mine = [s for s in _dots(land) if states[land[s.actor]].look == key]
        marks += [_spots(mine, {s.actor: states[s.actor].says for s in mine}, look, width)]
    marks += _names(named or {}, scale, inner / 2, scale * top)
    marks += _key(looks, width=inner, top=height + 14)
    projection = {
        "type": "equalEarth",
        "scale": scale,
        "rotate": [-_TURN, 0, 0],
        "translate": [inner / 2, scale * top],
    }
    whole = vega.layer(*marks).sized(inner, height + 14 + _LINE * key_lines(looks, inner))
    return vega.Chart({**whole.spec, "projection": projection})


def unplaced(states: Collection[str]) -> tuple[str, ...]:
    """States for which the map has no land: they ended, and others now share it.

    Examples
    --------
    >>> unplaced(["DEU", "DDR"])
    ('DDR',)
    """
    return tuple(sorted(set(states) - set(holders(states).values())))


def key_lines(looks: Mapping[str, Look], width: float) -> int:
    """Lines that the key takes."""
    return math.ceil(len(looks) / _columns(looks, width))


def _columns(looks: Mapping[str, Look], width: float) -> int:
    longest = max(len(look.words) for look in looks.values())
    return max(1, min(len(looks), int(width / (longest * 6.4 + 30))))


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """Project a place, in degrees, onto the plane of a globe of radius 1 (their equation 9).

    Examples
    --------
    >>> [round(c, 3) for c in equal_earth(180, 0)], [round(c, 3) for c in equal_earth(0, 90)]
    ([2.707, 0.0], [0.0, 1.317])
    """
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    slope = a1 + 3 * a2 * t**2 + t**6 * (7 * a3 + 9 * a4 * t**2)
    x = 2 / math.sqrt(3) * math.radians(longitude) * math.cos(t) / slope
    return x, t * (a1 + a2 * t**2 + t**6 * (a3 + a4 * t**2))


def _dots(land: Mapping[str, str]) -> list[Shape]:
    """Small states with a place of their own, the larger first."""
    small = [s for s in shapes() if s.km2 < _DOT_KM2 and land.get(s.actor) == s.actor]
    return sorted(small, key=lambda s: (-s.km2, s.actor))


def _feature(shape: Shape, says: str) -> vega.Spec:
    return {
        "type": "Feature",
        "geometry": {"type": "MultiPolygon", "coordinates": shape.polygons},
        "says": says,
    }


def _land(features: list[vega.Spec], look: Look) -> vega.Chart:
    strong = look.edge != theme.PAPER
    return (
        vega.Chart({"data": {"values": features}})
        .mark(
            "geoshape",
            aria=True,
            clip=False,
            fill=look.fill,
            fillOpacity=look.strength,
            stroke=look.edge,
            strokeWidth=0.9 if strong else 0.5,
            strokeJoin="round",
        )
        .encode(description="says:N")
    )


def _spots(mine: list[Shape], says: Mapping[str, str], look: Look, width: int) -> vega.Chart:
    rows: list[vega.Row] = [{"lon": s.at[0], "lat": s.at[1], "says": says[s.actor]} for s in mine]
    strong = look.edge != theme.PAPER
    paper = vega.chart(rows).mark(
        "circle", size=_dot(width), fill=theme.PAPER, opacity=1, stroke=theme.PAPER, strokeWidth=1
    )
    spot = vega.chart(rows).mark(
        "circle",
        aria=True,
        size=_dot(width),
        fill=look.fill,
        opacity=1,
        fillOpacity=look.strength,
        stroke=look.edge if strong else theme.GREY,
        strokeWidth=0.9 if strong else 0.4,
    )
    at: dict[str, vega.Spec | str] = {
        "longitude": {"field": "lon", "type": "quantitative"},
        "latitude": {"field": "lat", "type": "quantitative"},
    }
    return vega.layer(paper.encode(**at), spot.encode(**at, description="says:N"))


def _dot(width: int) -> float:
    return 26 if width > 500 else 10


def _names(named: Mapping[str, str], scale: float, middle: float, top: float) -> list[vega.Chart]:
    """Write names beside each other, in the order given."""
    anchors = []
    for shape in sorted((s for s in shapes() if s.actor in named), key=lambda s: -s.km2):
        x, y = equal_earth((shape.at[0] - _TURN + 540) % 360 - 180, shape.at[1])
        place = Anchor(middle + scale * x, top - scale * y, named[shape.actor], must=True)
        anchors.append(place)
    placed = place_labels(anchors, width=2 * middle, height=2 * top)
    out = []
    for label in placed:
        look = {"fontWeight": "bold", "color": theme.INK, "align": label.align}
        at: dict[str, vega.Spec | str] = {"x": _px(label.x), "y": _px(label.y), "text": "text:N"}
        out += theme.haloed(vega.chart([{"text": label.text}]), look, **at)
    return out


def _key(looks: Mapping[str, Look], *, width: float, top: float) -> list[vega.Chart]:
    """Write the key below the map, in columns read downwards."""
    columns, lines = _columns(looks, width), key_lines(looks, width)
    out = []
    for i, look in enumerate(looks.values()):
        x, y = (i // lines) * width / columns, top + _LINE * (i % lines)
        one = vega.chart([{"text": look.words}])
        box = one.mark(
            "rect",
            fill=look.fill,
            fillOpacity=look.strength,
            stroke=look.edge if look.edge != theme.PAPER else theme.GREY,
            strokeWidth=0.9,
        )
        words = one.mark("text", align="left", baseline="middle")
        out += [
            box.encode(x=_px(x + 1), x2=_px(x + 15), y=_px(y), y2=_px(y + 11)),
            words.encode(x=_px(x + 21), y=_px(y + 6), text="text:N"),
        ]
    return out


def _px(value: float) -> vega.Spec:
    return {"value": round(value, 1)}
