"""Pictures as files: what is shown, whole, and only what is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

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
