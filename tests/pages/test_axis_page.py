"""The figures on the page about the axis test are those the program gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.known_groups import assessed, layer

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "axis.md"
ROWS = {
    "Warsaw Pact, 1958-62": "Warsaw Pact",
    "NATO, 1955": "NATO 1955",
    "Axis, 1938": "Axis 1938",
    "Nordic states, 2022-24": "Nordic states",
    "European Union, 2010-20": "European Union",
    "Peru, Ghana, Thailand, Jamaica, 2022-24": "no group",
    "BRICS, 2022-24": "BRICS",
    "China, Russia, Iran, North Korea, 2022-24": "the four",
}


def figures(name: str) -> list[str]:
    """The cells of a group's row, as the program gives them."""
    found = assessed(name)
    votes, treaties = layer(found, "votes"), layer(found, "alliances")
    bound = next(f for f in found.verdict.findings if f.name == "bound")
    pairs = re.match(r"(\d+ of \d+) pairs", bound.sentence)
    return [
        found.reference.id,
        found.verdict.grade,
        _two(votes.raw),
        _two(votes.residual),
        "dark" if votes.percentile is None else f"{100 * votes.percentile:.1f} %",
        "dark" if votes.p is None else f"{votes.p:.2g}" if votes.exact else f"{votes.p:.1g}",
        _two(found.reference.gap),
        pairs[1] if pairs else "dark",
        _two(treaties.raw),
    ]


def _two(value: float | None) -> str:
    return "dark" if value is None else f"{value:.2f}"


def told(label: str) -> list[str]:
    line = next(x for x in PAGE.read_text("utf-8").splitlines() if x.startswith(f"| {label} |"))
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


@pytest.mark.parametrize("label", sorted(ROWS))
def test_every_row_of_the_page_is_what_the_program_gives(label: str) -> None:
    assert told(label) == figures(ROWS[label])


def test_every_rule_of_the_page_is_the_program_s() -> None:
    from blocs.alignment import axis, bonds, matched

    text = PAGE.read_text("utf-8")
    assert f"{axis.ALIKE_PERCENTILE:.0%}".replace("%", " %") in text
    assert f"{axis.ALIKE_P:.0%}".replace("%", " %") in text
    assert f"under {matched.LEAST_EFFECTIVE:.0f} groups" in text
    assert pytest.approx(2 / 3) == bonds.BOUND_SHARE
    assert "two thirds" in text
