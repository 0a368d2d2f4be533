"""Which layers are lit: preference by year, no year told twice, no year left out."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.evidence.cleaning import covered
from blocs.registry import LAYERS
from blocs.ties.lighting import Span, lighting


def of(layer: str, spans: tuple[Span, ...]) -> list[tuple[str, int, int]]:
    return [(s.dataset, s.first, s.last) for s in spans if s.layer == layer]


def test_the_preferred_data_set_lights_its_years_and_the_next_the_rest() -> None:
    spans = lighting(
        {
            "atop": covered("alliances", "a", 1900, 1950),
            "almanac": covered("alliances", "b", 1940, 1960),
        },
        last=1970,
    )
    assert of("alliances", spans) == [
        ("", 1816, 1899),
        ("atop", 1900, 1950),
        ("almanac", 1951, 1960),
        ("", 1961, 1970),
    ]


def test_coverage_of_another_topic_lights_nothing() -> None:
    spans = lighting({"atop": covered("trade", "a", 1900, 1950)}, last=2000)
    assert of("alliances", spans) == [("", 1816, 2000)]


def test_dyad_years_of_treaties_light_them_too() -> None:
    listed, members = (
        covered("alliance_years", "a", 1900, 1950),
        covered("alliances", "b", 1890, 1940),
    )
    assert of("alliances", lighting({"atop": listed}, last=1950))[1] == ("atop", 1900, 1950)
    both = lighting({"atop": pl.concat([members, listed])}, last=1950)
    assert of("alliances", both)[1] == ("atop", 1890, 1950)


def test_dark_years_say_what_would_light_them() -> None:
    spans = lighting({}, last=2024)
    sanctions = next(s for s in spans if s.layer == "sanctions")
    assert "gsdb" in sanctions.why
    early = lighting({"gsdb": covered("sanctions", "g", 1949, 2023)}, last=2023)
    assert next(s.why for s in early if s.layer == "sanctions") == (
        "no data set that blocs reads covers these years"
    )


@pytest.mark.parametrize("last", [1816, 2024])
def test_every_layer_is_told(last: int) -> None:
    assert {s.layer for s in lighting({}, last=last)} == set(LAYERS.names())


years = st.tuples(st.integers(1816, 2024), st.integers(0, 150)).map(
    lambda pair: (pair[0], min(pair[0] + pair[1], 2024))
)


@settings(max_examples=30, deadline=None)
@given(atop=years, almanac=years)
def test_spans_tile_the_years(atop: tuple[int, int], almanac: tuple[int, int]) -> None:
    spans = lighting(
        {
            "almanac": covered("alliances", "b", *almanac),
            "atop": covered("alliances", "a", *atop),
        },
        last=2024,
    )
    told = of("alliances", spans)
    assert (told[0][1], told[-1][2]) == (1816, 2024)
    assert all(b[1] == a[2] + 1 and b[0] != a[0] for a, b in pairwise(told))
    lit = {y for d, a, b in told if d for y in range(a, b + 1)}
    assert lit == {*range(atop[0], atop[1] + 1), *range(almanac[0], almanac[1] + 1)}
