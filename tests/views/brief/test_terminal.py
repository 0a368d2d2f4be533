"""The brief on a terminal: what it says, how wide it is, and the table of pairs."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from tests.known_groups import assessed

from blocs.views.brief.terminal import dyad_table, summary


def shown(name: str, width: int = 100) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width, highlight=False).print(summary(assessed(name)))
    return stream.getvalue()


@pytest.mark.parametrize("name", ["the four", "Axis 1938", "Warsaw Pact"])
def test_the_verdict_comes_first_and_nothing_is_lost(name):
    found = assessed(name)
    text = " ".join(shown(name, width=400).split())
    assert text.startswith(" ".join(found.verdict.headline.split())[:60])
    for s in found.verdict.sentences:
        assert " ".join(s.text.split()) in text
    for layer in found.layers:
        assert layer.title in text
    for warning in found.warnings:
        assert " ".join(warning.split()) in text
    assert "nan" not in text.split()
    assert "None" not in text


def test_dark_layers_say_how_to_light_them():
    text = " ".join(shown("the four", width=400).split())
    assert "Dark" in text
    assert "blocs data" in text


def test_a_sampled_percentile_shows_its_error_and_an_exact_one_none():
    assert "±" not in shown("the four")
    assert "±" in shown("Nordic states")


def test_one_year_has_no_interval():
    assert "one year" in shown("Axis 1938")


@pytest.mark.parametrize("width", [80, 100])
def test_no_line_is_wider_than_the_terminal(width):
    assert max(map(len, shown("the four", width).splitlines())) <= width


@pytest.mark.parametrize(("name", "pairs"), [("the four", 6), ("Axis 1938", 3), ("BRICS", 36)])
def test_a_row_for_every_pair(name, pairs):
    table = dyad_table(assessed(name))
    assert table.height == pairs
    assert table.columns[:3] == ["a", "b", "votes_n"]
    assert table.select("a", "b").is_unique().all()
    assert not any(table[c].is_nan().any() for c in table.columns if table[c].dtype.is_float())


def test_pairs_without_votes_are_null_and_not_nought():
    table = dyad_table(assessed("Axis 1938"))
    assert table["votes_n"].null_count() == table["agreement"].null_count() == 3
