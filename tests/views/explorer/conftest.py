"""A project with articles, forecasts and an answer that were kept, and its pages."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import blocs
from blocs.contracts import Answer, Evidence
from blocs.views.answer_page import Named, Page, Section, command_line, write_page
from blocs.views.forecasts.kept import keep_forecasts
from blocs.views.forecasts.record import Forecast
from blocs.views.kept_answers import keep_answer

if TYPE_CHECKING:
    from starlette.testclient import TestClient

HOSTILE = (
    'Kyiv said on Friday <script>alert("x")</script> that Pyongyang sent 10,000 soldiers to '
    "Russia. <img src=x onerror=alert(1)> Moscow denied it. </style></script><b onclick=evil()>"
)
STORY = (
    "Warsaw revealed that Minsk sent, in October, up to 9,000 soldiers, including 400 officers, "
    "to attack Lithuania. Polish Foreign Minister Radoslaw Sikorski warned that Moscow could "
    "strike NATO within four to six years."
)


def _forecast(key: str, act: tuple[str, str, str], *, outcome: bool | None) -> Forecast:
    sender, relation, receiver = act
    return Forecast(
        id=key,
        issued="2024-11-05",
        known_until="2024-11-01",
        on="2024-11-08",
        time=10,
        dated=True,
        sender=sender,
        relation=relation,
        receiver=receiver,
        rank=1,
        prob=0.75,
        share=0.5,
        base_rate=0.25,
        last_value=0.0,
        reasons=(),
        rule="yes if it is recorded",
        method="rules",
        seed=0,
        outcome=outcome,
    )


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "2024-10-20-hostile.txt").write_text(HOSTILE, "utf-8")
    (folder / "2024-11-05-border.txt").write_text(STORY, "utf-8")
    home = tmp_path_factory.mktemp("explored") / "project"
    blocs.ledger(folder, project=home)
    acts = [("Russia", "Fight", "Ukraine"), ("<i>China</i>", "Consult", "Iran")]
    keep_forecasts(
        home,
        [_forecast("a" * 12, acts[0], outcome=None), _forecast("b" * 12, acts[1], outcome=True)],
    )
    evidence = Evidence(project=home)
    page = Page(
        title="Does bloc competition raise conflict?",
        question="Is it so?",
        headline="No & <not> so",
        sentences=("Nothing shows it.",),
        sections=(Section("method", "How", sentences=("Counted.",)),),
        sources=(Named("almanac", "The almanac"),),
        command=command_line("compete", [], {"--project": home}),
    )
    keep_answer(
        "compete",
        Answer(facts={"schema": "blocs.compete/1"}, text="", page=lambda: write_page(page)),
        evidence,
    )
    return home


@pytest.fixture(scope="session")
def explored(project: Path) -> TestClient:
    pytest.importorskip("starlette")
    with warnings.catch_warnings():  # it would like a client that is not on the index yet
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient

    from blocs.views import web

    made = web.application(Evidence(project=project))
    return TestClient(made, base_url="http://127.0.0.1", raise_server_exceptions=False)


@pytest.fixture(scope="session")
def served(project: Path) -> Iterator[str]:
    """Address of ``blocs serve --project``, started as a user starts it."""
    pytest.importorskip("uvicorn")
    run = subprocess.Popen(
        [sys.executable, "-m", "blocs", "serve", "--port", "0", "--project", str(project)],
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    assert run.stderr is not None
    told = run.stderr.readline()
    assert "The explorer is at http://127.0.0.1:" in told
    yield told.split()[4].replace("127.0.0.1", "localhost")
    run.terminate()
    run.wait(timeout=60)
    run.stderr.close()
