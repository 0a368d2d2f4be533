"""The world map: our projection is the engine's, nothing unknown looks like zero."""

from __future__ import annotations

import re
from itertools import pairwise

import msgspec
import pytest
from tests.views import brief_example as made

from blocs.almanac.shapes import shapes
from blocs.records import Brief
from blocs.views.charts import theme
from blocs.views.charts.nearness import LOOKS, draw_nearness, nearness
from blocs.views.charts.svg import to_svg
from blocs.views.charts.world import Look, Shown, draw_world, equal_earth, unplaced

ONE = {"a": Look("one", theme.GROUP)}


@pytest.fixture(scope="module")
def brief() -> Brief:
    return made.example()


def test_equal_earth_by_the_published_shape() -> None:
    """Savric et al. 2018: the map is 2.05 times as wide as high, its poles 0.59 of the equator."""
    wide, high = equal_earth(180, 0)[0], equal_earth(0, 90)[1]
    assert wide / high == pytest.approx(2.05, abs=0.01)
    assert equal_earth(180, 90)[0] / wide == pytest.approx(0.59, abs=0.005)


def test_areas_are_true() -> None:
    """A cell of ten degrees covers the same of the map as of the globe, wherever it is."""
    from math import pi, radians, sin

    for south in (-60, -10, 40, 70):
        rows = [south + k / 50 for k in range(501)]
        width = [equal_earth(10, (a + b) / 2)[0] for a, b in pairwise(rows)]
        tall = [equal_earth(0, b)[1] - equal_earth(0, a)[1] for a, b in pairwise(rows)]
        drawn = sum(w * h for w, h in zip(width, tall, strict=True))
        globe = pi / 18 * (sin(radians(south + 10)) - sin(radians(south)))
        assert drawn == pytest.approx(globe, rel=1e-4)


def test_our_places_are_where_the_engine_puts_them() -> None:
    drawn = to_svg(
        draw_world({"SGP": Shown("a", "Singapore")}, ONE, width=680), key="m", label="map"
    )
    x, y = re.findall(r'translate\(([\d.]+),([\d.]+)\)" d="[^"]*"[^>]*><title>Singapore', drawn)[0]
    lon, lat = next(s.at for s in shapes() if s.actor == "SGP")
    scale, middle = 664 / 5.42, 664 / 2
    ours = equal_earth(lon - 11, lat), equal_earth(0, 86)[1]
    assert float(x) == pytest.approx(middle + scale * ours[0][0], abs=0.1)
    assert float(y) == pytest.approx(scale * (ours[1] - ours[0][1]), abs=0.1)


def test_a_state_says_its_sentence_and_hostile_words_stay_words() -> None:
    said = "<script>alert(1)</script>\"'"
    drawn = to_svg(draw_world({"FRA": Shown("a", said)}, ONE, width=340), key="m", label="map")
    assert "<script>" not in drawn
    assert "<title>&lt;script&gt;" in drawn


def test_two_germanies_share_one_land() -> None:
    assert unplaced(["DEU", "DDR", "FRA"]) == ("DDR",)


def test_the_finding_the_numbers_and_what_is_not_known(brief: Brief) -> None:
    figure = nearness(brief)
    assert figure is not None
    assert figure.title.startswith("Nearest to the group: Belarus (0.60), India (0.20) and ")
    assert figure.title.endswith("France (−0.45)")
    assert "4 states outside the group" in figure.subtitle
    rows = {row[0].text: row for row in figure.table.rows}
    assert [c.text for c in rows["India"]] == ["India", "0.20", "0.10 to 0.30", "4 of 4", "150"]
    assert rows["Brazil"][1].missing
    assert "not known" in rows["Brazil"][1].text


def test_unknown_is_hatched_and_members_are_outlined(brief: Brief) -> None:
    drawn = to_svg(draw_nearness(brief, width=680), key="m", label="map")
    brazil = re.search(r"<path[^>]*><title>Brazil: not known", drawn)
    assert brazil is not None
    assert "url(#m-hatch)" in brazil[0]
    china = re.search(r"<path[^>]*><title>China, of the group", drawn)
    assert china is not None
    assert theme.INK in china[0]
    assert all(look.words in drawn for look in LOOKS.values())


def test_same_bytes_and_no_map_without_votes(brief: Brief) -> None:
    one, two = (to_svg(draw_nearness(brief, width=340), key="m", label="") for _ in range(2))
    assert one == two
    assert nearness(msgspec.structs.replace(brief, nearness=())) is None
