"""The explorer's ledger: articles, filters in the address, corrections, hostile words."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from blocs.contracts import Evidence
from blocs.evidence.ledger.corrections import correction_of, keep_corrections
from blocs.evidence.ledger.tables import kept
from blocs.views.reading.sought import Sought, actors_of

if TYPE_CHECKING:
    from starlette.testclient import TestClient


class _Tags(HTMLParser):
    """Every tag; an attribute that would run a script fails at once."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]


def _shown(html: str) -> set[str]:
    rows = re.findall(r'<tr id="r-([^"]+)"[^>]*>', html)
    hidden = re.findall(r'<tr id="r-([^"]+)"[^>]* hidden>', html)
    return set(rows) - set(hidden)


def test_every_item_is_on_the_page_and_leads_to_its_sentence(
    explored: TestClient, project: Path
) -> None:
    html = explored.get("/ledger").text
    items = {i.id for i in kept(project).items}
    assert len(items) > 5
    assert _shown(html) == items
    places = set(re.findall(r'id="([^"]+)"', html))
    assert {f"t-{i}" for i in items} <= places
    assert set(re.findall(r'href="#([^"]+)"', html)) <= places


@pytest.mark.parametrize("page", ["/ledger", "/facts", "/ledger?q=soldiers"])
def test_a_hostile_article_stays_text(explored: TestClient, page: str) -> None:
    answer = explored.get(page)
    assert answer.status_code == 200
    read = _Tags()
    read.feed(answer.text)
    assert "img" not in read.tags
    assert read.tags.count("script") == (0 if page == "/facts" else 1)
    assert "unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "sought",
    [
        Sought(kind="quantity"),
        Sought(actor="PRK"),
        Sought(speaker="sikorski"),
        Sought(certainty="asserted"),
        Sought(q="soldiers officers"),
        Sought(kind="quantity", q="10,000 soldiers"),
    ],
)
def test_a_filter_in_the_address_shows_what_fits(
    explored: TestClient, project: Path, sought: Sought
) -> None:
    said = {name: value for name, value in sought.said_of() if value}
    rows = list(csv.DictReader(io.StringIO(explored.get("/ledger.csv", params=said).text)))
    told = {row["id"] for row in rows}
    assert {i["id"] for i in explored.get("/ledger.json", params=said).json()["items"]} == told
    items = {i.id: i for i in kept(project).items}
    assert 0 < len(told) < len(items)
    for key in told:
        item = items[key]
        assert not sought.kind or item.kind == sought.kind
        assert not sought.certainty or item.certainty == sought.certainty
        assert not sought.actor or sought.actor in actors_of(item)
        voices = " ".join(s.text for s in item.speakers).lower()
        assert sought.speaker in voices
    html = explored.get("/ledger", params=said).text
    assert _shown(html) == told
    assert all(f'value="{quote(v)}"' in html for v in (sought.speaker,) if v)


def test_one_article_is_chosen_by_its_checksum(explored: TestClient, project: Path) -> None:
    one = kept(project).articles[0].sha256
    html = explored.get(f"/ledger?article={one[:12]}").text
    assert html.count("<section") == 1
    assert f'value="{one[:12]}" selected' in html
    assert "no article" in explored.get("/ledger?article=zz").text


def test_what_nothing_fits_is_said(explored: TestClient) -> None:
    html = explored.get("/ledger?q=zeppelin").text
    assert "No item of the ledger is that" in html
    assert "did you mean event" in explored.get("/ledger.json?kind=evnt").json()["error"]["message"]


def test_an_empty_ledger_says_how_to_fill_it(tmp_path: Path) -> None:
    from blocs.views.explorer.ledger import SCREEN
    from blocs.views.explorer.visit import Visit

    answer = SCREEN.show(Visit(page="ledger", evidence=Evidence(project=tmp_path / "none")))
    assert answer.page is not None
    assert "blocs ledger articles/ --project" in answer.page()


def test_what_an_analyst_decided_stands_beside_its_item(
    project: Path, explored: TestClient
) -> None:
    item = kept(project).items[0]
    assert "kept: reject" not in explored.get("/ledger").text
    keep_corrections(project, [correction_of(item, "reject", by="A")])
    assert explored.get("/ledger").text.count("kept: reject") == 1
