"""The page of a ledger: every row leads to its sentence, nothing of an article is markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import blocs
from blocs.views.ledger.page import page

STORIES = {
    "2024-10-19-seoul.txt": "Seoul said on Friday that Pyongyang sent 10,000 soldiers to Russia.",
    "2024-10-24-kyiv.txt": (
        "Kyiv revealed that Pyongyang sent up to 12,000 soldiers to fight Ukraine, revelations "
        "weakly confirmed by Vladimir Putin. For Beijing, lethal aid is a red line. "
        'Tehran supplied drones to Moscow, <script>alert("x")</script> & <img src=x onerror=y>.'
    ),
}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("articles")
    for name, text in STORIES.items():
        (folder / name).write_text(text, "utf-8")
    read = blocs.read(*sorted(folder.iterdir()))
    found = blocs.ledger(folder)
    return page(found, {a.sha256: a.text for a in read.articles})


def test_every_link_leads_to_a_place_on_the_page(html: str) -> None:
    links = re.findall(r'href="#([^"]+)"', html)
    places = re.findall(r'id="([^"]+)"', html)
    assert len(links) > 10
    assert set(links) <= set(places)
    assert len(places) == len(set(places))


def test_the_whole_text_of_each_article_is_there(html: str) -> None:
    from html import unescape

    shown = re.findall(r'<div class="article-text">(.*?)</div>', html, re.DOTALL)
    assert sorted(unescape(re.sub(r"<[^>]+>", "", part)) for part in shown) == sorted(
        STORIES.values()
    )


def test_hostile_text_is_text(html: str) -> None:
    parser = _Tags()
    parser.feed(html)
    assert not {"script", "img", "iframe"} & set(parser.tags)
    assert "&lt;script&gt;" in html
    assert "default-src 'none'" in html


def test_what_differs_stands_side_by_side(html: str) -> None:
    flat = re.sub(r"\s+", " ", html)
    assert "1 in conflict" in flat
    assert "Russia weakly confirmed" in flat
    assert "China, at weapons." in flat
    assert "Has PRK given troops in UKR before?" in flat


def test_same_ledger_same_bytes(tmp_path: Path) -> None:
    for name, text in STORIES.items():
        (tmp_path / name).write_text(text, "utf-8")
    found = blocs.ledger(tmp_path)
    texts = dict.fromkeys((a.sha256 for a in found.articles), "")
    assert page(found, texts) == page(blocs.ledger(tmp_path), texts)
