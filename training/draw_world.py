"""Put the shapes of today's states into the package: from Natural Earth, small and by actor id.

Run::

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python training/draw_world.py package

Writes ``src/blocs/almanac/world.json``. Natural Earth (version 4.1, public domain) is
redistributed by world-atlas (ISC). Shapes are those at 1:110 million, coordinates rounded
to 0.01 degrees. Places and areas are measured at 1:10 million; a state without a shape at
the small scale has only these, and the map draws it as a dot.

Natural Earth draws who holds land. Three things are drawn as the United Nations has them:
Crimea with Ukraine (General Assembly resolution 68/262), the north of Cyprus with Cyprus,
Somaliland with Somalia. Greenland, New Caledonia, Puerto Rico and the French southern lands
go with the states that speak for them in the General Assembly.
"""

from __future__ import annotations

import argparse
import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

from blocs.almanac.tables import facts

TARGET = Path(__file__).resolve().parents[1] / "src/blocs/almanac/world.json"
SOURCE = "Natural Earth 4.1, 1:110m and 1:10m (public domain), through world-atlas 2.0.2 (ISC)"
ANTARCTICA = "010"
BY_NAME = {"Kosovo": "XKX", "N. Cyprus": "CYP", "Somaliland": "SOM"}
SPOKEN_FOR = {"304": "DNK", "540": "FRA", "260": "FRA", "630": "USA"}
CRIMEA = (32.4, 44.3, 36.7, 46.3)
"""West, south, east, north: holds one polygon of Russia's at 1:110 million, Crimea."""
RADIUS_KM = 6371.0088
DIGITS = 2

Ring = list[list[float]]


def main() -> None:
    """Read the two scales, write one file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("atlas", type=Path, help="folder of the unpacked package world-atlas")
    folder = parser.parse_args().atlas
    drawn: dict[str, list[list[Ring]]] = {}
    for key, (_, polygons) in countries(folder / "countries-110m.json").items():
        for polygon in rounded(polygons):
            drawn.setdefault(owner_of(key, polygon), []).append(polygon)
    shapes = []
    for key, (name, polygons) in sorted(countries(folder / "countries-10m.json").items()):
        actor = NUMBERS.get(key, "XKX" if name == "Kosovo" else "")
        if actor or key in drawn:
            shapes.append(
                {
                    "actor": actor,
                    "name": name,
                    "at": [round(c, DIGITS) for c in middle(max(polygons, key=polygon_km2))],
                    "km2": round(sum(map(polygon_km2, polygons))),
                    "polygons": drawn.pop(actor or key, []),
                }
            )
    if drawn:
        raise SystemExit(f"no place for the shapes of {', '.join(drawn)}")
    made = {"source": SOURCE, "shapes": shapes}
    TARGET.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n")


NUMBERS = {r["un_m49"]: r["actor"] for r in facts("actors").iter_rows(named=True) if r["un_m49"]}


def owner_of(key: str, polygon: list[Ring]) -> str:
    """Actor id of the state a polygon is drawn with; the key itself if there is none."""
    west, south, east, north = CRIMEA
    if key == "643" and all(west < x < east and south < y < north for x, y in polygon[0]):
        return "UKR"
    return NUMBERS.get(key) or SPOKEN_FOR.get(key) or BY_NAME.get(key) or key


def countries(path: Path) -> dict[str, tuple[str, list[list[Ring]]]]:
    """Every shape by its UN M49 code (its name where it has none): name and polygons."""
    atlas = json.loads(path.read_text("utf-8"))
    arcs = [unpacked(arc, atlas["transform"]) for arc in atlas["arcs"]]
    out: dict[str, tuple[str, list[list[Ring]]]] = {}
    for geometry in atlas["objects"]["countries"]["geometries"]:
        key, name = geometry.get("id") or geometry["properties"]["name"], geometry["properties"]
        if key == ANTARCTICA or not geometry.get("arcs"):
            continue
        many = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        shape = [[joined(ring, arcs) for ring in polygon] for polygon in many]
        out[key] = (name["name"], [*out.get(key, ("", []))[1], *shape])
    return out


def unpacked(arc: list[list[int]], transform: dict[str, Any]) -> Ring:
    """Undo the differences and the quantisation of an arc (TopoJSON 1.0, section 2.1.4)."""
    (kx, ky), (dx, dy) = transform["scale"], transform["translate"]
    x = y = 0
    out = []
    for step in arc:
        x, y = x + step[0], y + step[1]
        out.append([x * kx + dx, y * ky + dy])
    return out


def joined(ring: list[int], arcs: list[Ring]) -> Ring:
    """Put the arcs of a ring together; a negative index runs backwards."""
    out: Ring = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        out.extend(arc[1:] if out else arc)
    return out


def rounded(shape: list[list[Ring]]) -> list[list[Ring]]:
    """Round coordinates and drop the points that this makes equal."""
    out = []
    for polygon in shape:
        rings = [[[round(c, DIGITS) for c in point] for point in ring] for ring in polygon]
        slim = [[p for i, p in enumerate(r) if i == 0 or p != r[i - 1]] for r in rings]
        out.append([ring for ring in slim if len(ring) > 3])
    return [polygon for polygon in out if polygon]


def polygon_km2(polygon: list[Ring]) -> float:
    """Area of a polygon on the sphere, its holes taken out."""
    return abs(ring_km2(polygon[0])) - sum(abs(ring_km2(hole)) for hole in polygon[1:])


def ring_km2(ring: Ring) -> float:
    """Area inside a ring: the spherical excess of Chamberlain and Duquette (2007)."""
    total = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        turn = (x2 - x1 + 540) % 360 - 180
        total += math.radians(turn) * (2 + math.sin(math.radians(y1)) + math.sin(math.radians(y2)))
    return total * RADIUS_KM**2 / 2


def middle(polygon: list[Ring]) -> tuple[float, float]:
    """Centroid of the outer ring in the plane of degrees, over the date line where it must."""
    west = polygon[0][0][0]
    ring = [((x - west + 540) % 360 - 180 + west, y) for x, y in polygon[0]]
    area = east = up = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        cross = (x1 - west) * y2 - (x2 - west) * y1
        area, up = area + cross, up + (y1 + y2) * cross
        east += (x1 + x2 - 2 * west) * cross
    if not area:
        return ring[0]
    return ((east / (3 * area) + west + 540) % 360 - 180, up / (3 * area))


if __name__ == "__main__":
    main()
