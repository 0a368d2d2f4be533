"""The land on the map: complete, closed, and with the state that holds it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from blocs import actors
from blocs.almanac.shapes import holders, shapes
from blocs.dates import Period

PLACED = sorted(s.actor for s in shapes() if s.actor)


def test_every_state_of_today_has_a_place() -> None:
    today = actors.members(Period(2024, 2024))["actor"].unique().to_list()
    assert set(today) <= set(PLACED)
    assert len(PLACED) == len(set(PLACED))


def test_rings_are_closed_and_on_the_globe() -> None:
    rings = [ring for s in shapes() for polygon in s.polygons for ring in polygon]
    assert all(ring[0] == ring[-1] and len(ring) > 3 for ring in rings)
    assert all(-180 <= x <= 180 and -90 <= y <= 90 for ring in rings for x, y in ring)


def test_areas_add_up_to_the_land_outside_antarctica() -> None:
    """CIA World Factbook: 148.94 million km2 of land, 14.2 of them Antarctica."""
    assert 130e6 < sum(s.km2 for s in shapes()) < 137e6
    area = {s.actor: s.km2 for s in shapes()}
    assert abs(area["CHE"] / 41_277 - 1) < 0.02
    assert area["RUS"] > area["CAN"] > area["BRA"] > area["AUS"]


def test_crimea_is_drawn_with_ukraine() -> None:
    held = {s.actor: s.polygons for s in shapes()}
    simferopol = (34.1, 44.95)

    def near(polygons: list[list[list[tuple[float, float]]]]) -> bool:
        ring = [polygon[0] for polygon in polygons]
        return any(
            min(x for x, _ in r) < simferopol[0] < max(x for x, _ in r)
            and min(y for _, y in r) < simferopol[1] < max(y for _, y in r)
            and max(x for x, _ in r) - min(x for x, _ in r) < 5
            for r in ring
        )

    assert near(held["UKR"])
    assert not near(held["RUS"])


def test_land_of_the_past_goes_to_the_one_it_came_from() -> None:
    in_1980 = holders(["RUS", "YUG", "CSK", "DDR", "DEU", "ETH"])
    assert in_1980["UZB"] == "RUS"
    assert in_1980["SVN"] == "YUG"
    assert in_1980["CZE"] == "CSK"
    assert in_1980["DEU"] == "DEU"
    assert in_1980["ERI"] == "ETH"
    assert "DDR" not in in_1980.values()


def test_land_that_came_from_several_is_left_out() -> None:
    assert "POL" not in holders(["DEU", "RUS", "XAH"])
    assert holders(["RUS"])["POL"] == "RUS"


@settings(max_examples=30, deadline=None)
@given(st.sets(st.sampled_from(actors.ids()), max_size=12))
def test_states_shown_hold_their_own_land_and_nobody_else_any(shown: set[str]) -> None:
    held = holders(shown)
    assert set(held.values()) <= shown
    assert all(held[a] == a for a in shown & set(PLACED))
