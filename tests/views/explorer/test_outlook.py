"""The explorer's outlook: what is kept, one kept answer, precedents; nothing slow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from blocs.contracts import Answer, Evidence
from blocs.views.answers import precedent
from blocs.views.formats import json_text
from blocs.views.kept_answers import keep_answer, kept_answers

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def test_kept_forecasts_and_answers_are_shown_and_the_rest_named(
    explored: TestClient, project: Path
) -> None:
    told = explored.get("/outlook.json").json()
    assert [f["id"][0] for f in told["forecasts"]] == ["a", "b"]
    assert [m["verb"] for m in told["made"]] == ["compete"]
    assert {m["verb"] for m in told["missing"]} == {
        "react",
        "simulate",
        "experts",
        "forecast evaluate",
    }
    html = explored.get("/outlook").text
    assert "2 of 2 forecasts are above their base rate" in html
    assert "&lt;i&gt;China&lt;/i&gt;" in html
    assert "<i>China" not in html
    assert f"blocs react RUS UKR --project {project}" in html
    assert "No &amp; &lt;not&gt; so</a>" in html


def test_a_kept_answer_is_shown_under_the_bar(explored: TestClient) -> None:
    made = explored.get("/outlook.json").json()["made"][0]
    html = explored.get(made["page"]).text
    assert html.count("<h1") == html.count("<main>") == 1
    assert "No &amp; &lt;not&gt; so</h1>" in html
    assert "/year" in html
    assert explored.get(made["page"].replace("?", ".json?")).json() == {"schema": "blocs.compete/1"}
    assert "keeps no such answer" in explored.get("/outlook?kept=../../etc/passwd").text


def test_a_precedent_says_what_the_command_says(explored: TestClient, project: Path) -> None:
    expected = precedent.ask("weapons", state="CHN", evidence=Evidence(project=project))
    answer = explored.get("/outlook.json?act=weapons&state=CHN")
    assert answer.text == json_text(expected.facts)
    assert "Precedents: weapons" in explored.get("/outlook?act=weapons&state=CHN").text
    assert "say which act" in explored.get("/outlook?state=CHN").text


def test_without_a_project_nothing_is_kept(tmp_path: Path) -> None:
    evidence = Evidence(project=tmp_path / "none")
    answer = Answer(facts={}, text="", page=lambda: pytest.fail("drawn for nothing"))
    assert keep_answer("compete", answer, evidence) is answer
    assert kept_answers(evidence) == ()
