"""The blocs of a year: on the map, and as a circle with the ties that cross it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from blocs.views import wording
from blocs.views.charts import theme, vega
from blocs.views.charts.world import Look, Shown, draw_world

_COLOURS: Final = (
    (theme.GROUP, 0.85),
    (theme.REFERENCE, 0.85),
    (theme.GROUP, 0.35),
    (theme.REFERENCE, 0.35),
    (theme.SOFT, 0.6),
)
_ALONE, _SMALL = "none", "small"
_NAMED = 45
_LINES: Final[tuple[tuple[bool, vega.Spec], ...]] = (
    (False, {"color": theme.GREY, "strokeWidth": 0.7, "opacity": 0.5}),
    (True, {"color": theme.REFERENCE, "strokeWidth": 1.2, "strokeDash": [4, 2], "opacity": 0.8}),
)


def draw_bloc_map(
    blocs: Sequence[Sequence[str]], states: Collection[str], *, width: int, year: int
) -> vega.Chart:
    """Draw the world with the five largest blocs coloured, smaller ones grey.

    Parameters
    ----------
    blocs : sequence of sequence of str
        The largest first.
    states : collection of str
        States of the year.
    width : int
        Pixels.
    year : int
        For whose names states are called.
    """
    looks = {
        _ALONE: Look("in none", theme.PAPER, edge=theme.GREY),
        _SMALL: Look("in a smaller one", theme.BAND),
    }
    shown = {s: Shown(_ALONE, f"{wording.name(s, year)}: in no bloc") for s in states}
    for k, bloc in enumerate(blocs):
        look = f"b{k}" if k < len(_COLOURS) else _SMALL
        if k < len(_COLOURS):
            colour, strength = _COLOURS[k]
            looks[look] = Look(f"{bloc_letter(k)} ({len(bloc)} states)", colour, strength)
        for s in bloc:
            shown[s] = Shown(look, f"{wording.name(s, year)}: bloc {bloc_letter(k)}")
    return draw_world(shown, looks, width=width)


def bloc_letter(k: int) -> str:
    """Name a bloc by its place in size.

    Examples
    --------
    >>> bloc_letter(0), bloc_letter(27)
    ('A', 'B2')
    """
    again = k // 26
    return chr(ord("A") + k % 26) + (str(again + 1) if again else "")


def draw_bloc_circle(
    blocs: Sequence[Sequence[str]],
    ties: Mapping[tuple[str, str], int],
    *,
    width: int,
    year: int,
) -> vega.Chart:
    """Draw states on a circle, bloc beside bloc; hostile ties and friendly ones across blocs.

    Parameters
    ----------
    blocs : sequence of sequence of str
        At least one, the largest first.
    ties : mapping of (str, str) to int
        1 bound by a treaty, -1 at war, 0 both.
    width : int
        Pixels.
    year : int
        For whose names states are called.
    """
    size = min(width - 16, 460)
    places = _places(blocs)
    home = {s: k for k, bloc in enumerate(blocs) for s in bloc}
    dots: list[vega.Row] = [
        {"x": x, "y": y, "k": min(home[s], len(_COLOURS)), "name": wording.name(s, year)}
        for s, (x, y) in places.items()
    ]
    crossing: list[vega.Row] = [
        {**_line(places[a], places[b]), "foes": sign < 0}
        for (a, b), sign in ties.items()
        if a in places and b in places and (sign < 0 or home[a] != home[b])
    ]
    x, y = (_channel(name) for name in ("x", "y"))
    lines = [
        vega.chart([row for row in crossing if row["foes"] is foes])
        .mark("rule", **look)
        .encode(x=x, y=y, x2="x2", y2="y2")
        for foes, look in _LINES
    ]
    marks = [
        vega.chart([d for d in dots if d["k"] == k])
        .mark("circle", size=70 if size > 400 else 36, color=colour, opacity=strength)
        .encode(x=x, y=y)
        for k, (colour, strength) in enumerate((*_COLOURS, (theme.GREY, 1.0)))
        if any(d["k"] == k for d in dots)
    ]
    return vega.layer(*lines, *marks, *_names(blocs, places, x, y)).sized(size, size)


def _line(one: tuple[float, float], other: tuple[float, float]) -> vega.Row:
    return {"x": one[0], "y": one[1], "x2": other[0], "y2": other[1]}


def _channel(name: str) -> vega.Spec:
    return vega.channel(f"{name}:Q", axis=None, scale={"domain": [-1.3, 1.3], "nice": False})


def _places(blocs: Sequence[Sequence[str]]) -> dict[str, tuple[float, float]]:
    """Put states on the unit circle, clockwise from the top, with a gap after each bloc."""
    n = sum(map(len, blocs)) + 2 * len(blocs)
    out, k = {}, 0
    for bloc in blocs:
        for s in bloc:
            turn = math.tau * k / n
            out[s] = (math.sin(turn), math.cos(turn))
            k += 1
        k += 2
    return out


def _names(
    blocs: Sequence[Sequence[str]],
    places: Mapping[str, tuple[float, float]],
    x: vega.Spec,
    y: vega.Spec,
) -> list[vega.Chart]:
    """Write the letter of each bloc outside its middle, and codes where there is room."""
    rows: list[vega.Row] = []
    for k, bloc in enumerate(blocs):
        u, v = places[bloc[len(bloc) // 2]]
        rows.append({"x": u * 1.24, "y": v * 1.24, "text": bloc_letter(k)})
    drawn = vega.chart(rows).mark("text", fontWeight="bold", fontSize=theme.TEXT)
    out = [drawn.encode(x=x, y=y, text="text:N")]
    if len(places) <= _NAMED:
        codes: list[vega.Row] = [
            {"x": u * 1.11, "y": v * 1.11, "text": s} for s, (u, v) in places.items()
        ]
        small = vega.chart(codes).mark("text", fontSize=11, color=theme.SOFT)
        out.append(small.encode(x=x, y=y, text="text:N"))
    return out
