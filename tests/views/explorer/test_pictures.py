"""Pictures as files: what is shown, whole, and only what is there."""

from __future__ import annotations

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from markupsafe import escape

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def test_every_picture_of_a_page_is_a_file(explored: TestClient) -> None:
    html = explored.get("/year?year=1914").text
    links = re.findall(r'href="(/year[.]svg[^"]*)"', html)
    assert len(links) == 2
    for address in links:
        answer = explored.get(address.replace("&amp;", "&"))
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert ElementTree.fromstring(answer.text).tag == "{http://www.w3.org/2000/svg}svg"
    png = explored.get("/year.png?year=1914&figure=fig-network")
    assert png.content.startswith(b"\x89PNG")


def test_a_picture_that_is_not_there_is_told(explored: TestClient) -> None:
    assert "fig-map, fig-network" in explored.get("/year.svg?year=1914&figure=x").text
    assert "no picture" in explored.get("/almanac.svg").text


def test_the_numbers_of_a_picture_are_a_table(explored: TestClient) -> None:
    address = "/dyad.csv?a=RUS&b=PRK"
    page = explored.get("/dyad?a=RUS&b=PRK").text
    (key,) = set(re.findall(r'href="/dyad[.]csv[?][^"]*figure=([\w-]+)"', page))
    answer = explored.get(f"{address}&figure={key}")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert len(rows) > 2
    assert len({len(row) for row in rows}) == 1
    for cell in (c for row in rows for c in row):
        assert escape(cell) in page
    assert "figure=x: this page has" in explored.get(f"{address}&figure=x").text
    assert explored.get("/home.csv?figure=fig-x").status_code == 400


def test_pictures_and_pages_asked_at_once_wait_for_no_other(explored: TestClient) -> None:
    """A picture is cut from its page; whoever computes the page must not wait for the picture."""
    with ThreadPoolExecutor(8) as askers:
        asked = [f"/year{end}?year={y}" for y in (1861, 1862) for end in (".svg", "", ".csv")]
        assert {a.status_code for a in askers.map(explored.get, asked * 2)} == {200}
