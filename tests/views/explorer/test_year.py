"""The blocs of a year: hand-worked signs, the map, the circle, the slider without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blocs.views.charts.year_blocs import bloc_letter, draw_bloc_circle
from blocs.views.explorer.year_blocs import blocs_then

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def test_treaties_bind_and_wars_set_apart() -> None:
    """In 1985 the Warsaw Pact and NATO stand; a war that is made up adds hostile ties alone."""
    war = {"one": ("BGR", "HUN"), "two": ("CAN",)}
    found = blocs_then(1985, [war])
    signs = {(t.a, t.b): t.sign for t in found.ties}
    assert signs["BGR", "CAN"] == signs["CAN", "HUN"] == -1
    assert signs["CAN", "GBR"] == signs["BGR", "HUN"] == 1
    home = {s: k for k, bloc in enumerate(found.blocs) for s in bloc}
    assert home["BGR"] == home["HUN"] != home["CAN"] == home["GBR"]
    assert all(len(bloc) >= 3 for bloc in found.blocs)
    assert [len(b) for b in found.blocs] == sorted((len(b) for b in found.blocs), reverse=True)


def test_the_same_year_gives_the_same_blocs_whatever_the_order_of_wars() -> None:
    wars = [{"1": ("FRA",), "2": ("DEU",)}, {"1": ("GBR",), "2": ("DEU", "TUR")}]
    assert blocs_then(1914, wars) == blocs_then(1914, wars[::-1])


def test_bound_and_at_war_in_one_year_cancels() -> None:
    tie = next(t for t in blocs_then(1985, []).ties if (t.a, t.b) == ("FRA", "GBR"))
    assert tie.sign == 1
    both = blocs_then(1985, [{"a": ("FRA",), "b": ("GBR",)}])
    assert next(t for t in both.ties if (t.a, t.b) == ("FRA", "GBR")).sign == 0


def test_the_circle_draws_hostile_ties_and_those_across() -> None:
    blocs = (("FRA", "GBR", "RUS"), ("DEU", "ITA", "XAH"))
    ties = {("FRA", "GBR"): 1, ("DEU", "FRA"): -1, ("ITA", "GBR"): 1, ("ESP", "PRT"): 1}
    layers = draw_bloc_circle(blocs, ties, width=680, year=1914).spec["layer"]
    assert isinstance(layers, list)
    rows = [len(layer["data"]["values"]) for layer in layers]
    assert rows[:2] == [1, 1]
    assert sum(rows[2:4]) == 6
    assert bloc_letter(25) == "Z"


@pytest.mark.parametrize("year", [1816, 1914, 2024])
def test_a_year_has_its_slider_map_and_network(explored: TestClient, year: int) -> None:
    html = explored.get(f"/year?year={year}").text
    assert f'type="range" name="year" min="1816" max="2024" step="1" value="{year}"' in html
    assert 'id="fig-map"' in html
    assert 'id="fig-network"' in html
    told = explored.get(f"/year.json?year={year}").json()["network"]
    assert told["method"] == "leiden"
    assert told["blocs"]
