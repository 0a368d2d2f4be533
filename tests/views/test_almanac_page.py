"""The almanac's page: every row, every citation, nothing from outside."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import polars as pl
import pytest

from blocs.almanac import tables
from blocs.views.almanac_page import cited, names, page

CITED = [name for name in names() if not name.startswith("citations_")]


class Reader(HTMLParser):
    """Count rows and marks, and note what the page would fetch or link to."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[str] = []
        self.marks: dict[str, int] = {"checked": 0, "not checked": 0}
        self.links: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "tr" and told.get("id"):
            self.rows.append(str(told["id"]))
        if told.get("role") == "img":
            self.marks[str(told["aria-label"])] += 1
        if tag == "a":
            self.links.append(str(told["href"]))
        self.fetched += [str(told[k]) for k in ("src", "srcset", "action", "data") if k in told]
        if tag == "link":
            self.fetched.append(str(told["href"]))


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    return reader


@pytest.fixture(scope="module")
def whole() -> str:
    return page(names())


@pytest.mark.parametrize("name", CITED)
def test_every_row_has_a_citation(name: str) -> None:
    table = cited(name)
    assert table.height == tables.facts(name).height
    assert table["row"].to_list() == tables.facts(name)["row"].to_list()
    assert table["citation"].null_count() == 0


def test_members_and_sides_are_cited_as_their_treaty_or_war() -> None:
    warsaw = cited("treaty_members").filter(tables.facts("treaty_members")["treaty"] == "nato_1949")
    treaty = cited("treaties").filter(tables.facts("treaties")["treaty"] == "nato_1949")
    assert warsaw["citation"].unique().to_list() == treaty["citation"].to_list()


def test_the_page_shows_every_row_of_every_table(whole: str) -> None:
    shown = read(whole)
    expected = [f"{name}-{i}" for name in names() for i in tables.facts(name)["row"]]
    assert shown.rows == expected


def test_each_row_is_marked_as_checked_or_not() -> None:
    shown = read(page(["treaties"]))
    checked = int(tables.facts("treaties")["checked"].sum())
    assert shown.marks == {"checked": checked, "not checked": len(shown.rows) - checked}
    assert "confirmed by atop:" in page(["treaties"])


def test_the_page_asks_no_network_and_runs_nothing_else(whole: str) -> None:
    shown = read(whole)
    assert shown.fetched == ["data:,"]
    assert all(link.startswith(("#", "https://", "http://")) for link in shown.links)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', whole)
    assert policy
    assert policy[1].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy[1]
    for tag, kind in (("style", "style"), ("script", "script")):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", whole, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy[1]


def test_the_same_almanac_gives_the_same_page(whole: str) -> None:
    assert page(names()) == whole


def test_text_is_never_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    evil = tables.facts("nuclear").head(1).with_columns(note=pl.lit("<script>x</script>"))
    monkeypatch.setattr("blocs.views.almanac_page.cited", lambda name: evil)
    assert "<script>x" not in page(["nuclear"])
