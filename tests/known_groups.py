"""Groups of which the answer is known, each assessed once a session."""

from __future__ import annotations

from functools import cache

from blocs.records import Brief, LayerRecord
from blocs.views.answers.brief import brief

GROUPS: dict[str, tuple[tuple[str, ...], dict[str, str | int]]] = {
    "the four": (("CHN", "RUS", "IRN", "PRK"), {}),
    "no group": (("PER", "GHA", "THA", "JAM"), {"from_": 2022, "to": 2024}),
    "Nordic states": (("DNK", "FIN", "ISL", "NOR", "SWE"), {"from_": 2022, "to": 2024}),
    "five of BRICS": (("BRA", "RUS", "IND", "CHN", "ZAF"), {"from_": 2022, "to": 2024}),
    "BRICS": (("BRICS",), {"to": 2024}),
    "European Union": (("EU",), {"from_": 2010, "to": 2020}),
    "Warsaw Pact": (("Warsaw Pact",), {"from_": 1958, "to": 1962}),
    "NATO 1955": (("NATO",), {"from_": 1955, "to": 1955}),
    "before the seat": (("China", "North Korea", "Soviet Union"), {"from_": 1960, "to": 1970}),
    "after the seat": (("CHN", "RUS", "ALB", "CUB"), {"from_": 1971, "to": 1972}),
    "Axis 1938": (("DEU", "ITA", "JPN"), {"reference": "GBR", "from_": 1938, "to": 1938}),
    "Axis 1939": (("DEU", "ITA", "JPN"), {"reference": "GBR", "from_": 1939, "to": 1939}),
    "the pact of 1939": (("DEU", "USSR"), {"reference": "GBR", "from_": 1939, "to": 1941}),
    "two allies": (("USA", "Britain"), {"reference": "CHN", "from_": 2022}),
}


@cache
def assessed(name: str) -> Brief:
    """Brief of one of `GROUPS`."""
    words, options = GROUPS[name]
    return brief(*words, **options)  # type: ignore[arg-type]


def layer(found: Brief, name: str) -> LayerRecord:
    """One layer of a brief."""
    return next(one for one in found.layers if one.name == name)
