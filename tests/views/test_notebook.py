"""What a notebook shows of an answer: its words, picture and table, all data escaped."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import get_type_hints

import pytest
from tests.views import brief_example as made

import blocs
from blocs.registry import VIEWS
from blocs.shown import Shown

TEXT = "Kyiv said on Friday that Pyongyang sent 10,000 <b>soldiers</b> to Russia."


def test_a_brief_is_shown_with_its_verdict_picture_and_pairs() -> None:
    shown = made.example(headline="A <script>front</script>.")._repr_html_()
    assert "&lt;script&gt;front" in shown
    assert "<script" not in shown
    assert shown.count("<svg ") == 1
    assert "<table" in shown


def test_a_reading_and_a_ledger_are_shown_and_escaped(tmp_path: Path) -> None:
    article = tmp_path / "2024-10-25-a.txt"
    article.write_text(TEXT)
    for found in (blocs.read(TEXT, date="2024-10-25"), blocs.ledger(tmp_path)):
        shown = found._repr_html_()
        assert "soldiers" in shown
        assert "<b>soldiers" not in shown


@pytest.mark.parametrize(
    "ask",
    [
        lambda: blocs.brokers("CHN", "RUS", "IRN", layer="alliances"),
        lambda: blocs.precedent("weapons", conflict="UKR"),
        lambda: blocs.simulate("troops", runs=8, sensitivity=0),
    ],
)
def test_answers_are_shown(ask: object) -> None:
    assert callable(ask)
    shown = ask()._repr_html_()
    assert shown.startswith("<pre")
    assert len(shown) > 300


def test_a_long_table_says_how_much_is_left_out() -> None:
    found = blocs.simulate("troops", runs=8, sensitivity=0)
    assert "rows more</p>" in found._repr_html_()


def test_every_record_that_a_public_function_returns_is_shown() -> None:
    for name in blocs.__all__:
        function = getattr(blocs, name)
        if not inspect.isfunction(function):
            continue
        returned = get_type_hints(function).get("return")
        if inspect.isclass(returned) and issubclass(returned, Shown):
            assert returned in VIEWS.get(returned.shown_by).shows, name


def test_the_page_s_words_do_not_enter_the_facts() -> None:
    import msgspec

    assert "shown_by" not in json.loads(msgspec.json.encode(made.example()))
