"""The page of a reading: every item on its words, nothing from outside, nothing executed."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from html.parser import HTMLParser

import pytest

import blocs
from blocs.evidence.readings import Readings
from blocs.views.reading.page import page, pieces, summary

STORY = (
    "Warsaw revealed that Minsk sent, in October, up to 9,000 soldiers, including 400 officers, "
    "to attack Lithuania.\n\nLast January, Polish Foreign Minister Radoslaw Sikorski warned that "
    "Moscow could strike NATO within four to six years. “It is a <b>pact</b> of mutual need,” "
    "said <script>alert(1)</script> Seoul & \"Tokyo'.\n\n* * * * *"
)


class Reader(HTMLParser):
    """Note tags, what would be fetched, and the text of the article."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.rows: list[str] = []
        self.text = ""
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.append(tag)
        self.fetched += [str(told[k]) for k in ("src", "srcset", "action", "data") if k in told]
        if tag == "tr" and told.get("id"):
            self.rows.append(str(told["id"]))
        if tag == "div":
            self._inside += 1 if self._inside or told.get("class") == "text" else 0

    def handle_endtag(self, tag: str) -> None:
        if tag == "div" and self._inside:
            self._inside -= 1

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.text += data


@pytest.fixture(scope="module")
def found() -> Readings:
    return blocs.read(STORY, date="2024-11-05")


@pytest.fixture(scope="module")
def told(found: Readings) -> tuple[str, Reader]:
    text = page(found)
    reader = Reader()
    reader.feed(text)
    return text, reader


def test_the_article_stands_there_whole_and_every_item_has_its_row(
    found: Readings, told: tuple[str, Reader]
) -> None:
    assert told[1].text == STORY
    assert told[1].rows == [f"r-{i.id}" for i in found]
    assert all(f'id="t-{i.id}"' in told[0] for i in found)


def test_each_item_lies_on_its_own_words(found: Readings) -> None:
    cut = pieces(found.articles[0], found.items)
    for item in found:
        assert "".join(p.text for p in cut if item.id in p.items) == item.quote
    assert "".join(p.text for p in cut) == STORY
    assert [p.text for p in cut if p.aside] == ["* * * * *"]


def test_the_innermost_item_gives_the_colour(found: Readings) -> None:
    cut = pieces(found.articles[0], found.items)
    [soldiers] = [p for p in cut if "9,000" in p.text]
    assert soldiers.kind == "quantity"
    assert len(soldiers.items) > 1


def test_hostile_text_is_never_markup(told: tuple[str, Reader]) -> None:
    text, reader = told
    assert reader.tags.count("script") == 1
    assert "b" not in reader.tags
    assert "<script>alert" not in text
    assert html.escape("<script>alert(1)</script>", quote=False) in text


def test_the_page_asks_no_network_and_runs_nothing_else(told: tuple[str, Reader]) -> None:
    text, reader = told
    assert reader.fetched == []
    assert not re.search(r"https?://", text)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert policy[1].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy[1]
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1]


def test_items_are_told_in_words(found: Readings) -> None:
    words = {i.kind: summary(i) for i in found if "9,000" in i.quote or i.horizon}
    assert "at most 9,000 soldiers, 2024-10, Warsaw (POLGOV), “revealed”" in words["quantity"]
    assert "4 to 6 year from 2024-01-01" in words["forecast"]


def test_an_article_without_items_is_a_page_too() -> None:
    text = page(blocs.read("Hm."))
    assert "nothing found" in text
    assert "No date known" in text


def test_the_same_reading_gives_the_same_page(found: Readings, told: tuple[str, Reader]) -> None:
    assert page(found) == told[0]
    assert json.dumps(told[0])
