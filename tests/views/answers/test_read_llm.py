"""`blocs read --reader llm` and `blocs ledger --reader llm`, as a user runs them."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def llm() -> ModuleType:
    path = Path(__file__).parents[2] / "evidence" / "reading" / "test_llm.py"
    spec = importlib.util.spec_from_file_location("llm_stub", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_reading_shows_what_it_cost_and_what_was_refused(
    run: Run, tmp_path: Path, llm: ModuleType
) -> None:
    file = tmp_path / "a.txt"
    file.write_text(llm.TEXT)
    invented = llm.TROOPS | {"quote": "100,000 tanks"}
    with llm.stub(llm.says([*llm.GOOD, invented])) as (url, _):
        words = ["--reader", "llm", "--endpoint", url, "--model", "stub", "--price", "1", "10"]
        ran = run("read", file, "--date", "2024-11-03", *words, "--json")
        kept = run("ledger", file, "--date", "2024-11-03", *words[:6], "--project", tmp_path / "p")
    assert ran.code == 0
    items = [json.loads(line) for line in ran.out.splitlines()]
    assert len(items) == 3
    assert "100 tokens sent, 20 received, cost 0.0003" in ran.err
    assert "1 answers refused (1 quote not in the article)" in ran.err
    assert kept.code == 0
    again = json.loads(run("ledger", "--project", tmp_path / "p", "--json").out)
    assert again["articles"][0]["reader"] == "llm stub"
    assert {f["kind"] for f in again["facts"]} == {"quantity", "event", "forecast"}
    assert [s["supporter"] for s in again["support"]][:1] == ["PRK"]


def test_a_brief_and_drawn_in_are_read_by_a_model_too(
    run: Run, tmp_path: Path, llm: ModuleType
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "2024-11-03-a.txt").write_text(llm.TEXT)
    invented = llm.TROOPS | {"quote": "100,000 tanks"}
    with llm.stub(llm.says([*llm.GOOD, invented])) as (url, _):
        words = ["--reader", "llm", "--endpoint", url, "--model", "stub"]
        about = ["--from", "2022", "--to", "2024"]
        told = run("brief", "RUS", "PRK", *about, "--articles", folder, *words, "--json")
        drawn = run("ledger", "drawn-in", "UKR", folder, *words, "--json")
    assert told.code == 0, told.err
    assert "1 answers refused" in told.err
    facts = json.loads(told.out)
    assert f"--reader llm --endpoint {url} --model stub" in facts["command"]
    quotes = {t["quote"] for f in facts["told"] for t in f["tellings"]}
    assert llm.TROOPS["quote"] in quotes
    assert drawn.code == 0, drawn.err
    assert "1 answers refused" in drawn.err


def test_a_brief_without_articles_asks_no_model(run: Run) -> None:
    ran = run("brief", "RUS", "PRK", "--reader", "llm", "--model", "x", "--endpoint", "http://h/v1")
    assert ran.code == 2
    assert "--articles" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--reader", "llm", "--model", "x"], "--endpoint"),
        (["--reader", "llm", "--endpoint", "http://localhost:1/v1"], "--model"),
        (["--endpoint", "http://localhost:1/v1"], "--reader llm"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    run: Run, tmp_path: Path, words: list[str], said: str
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Russia attacked Ukraine.")
    ran = run("read", file, *words)
    assert ran.code == 2
    assert said in ran.err


def test_the_key_is_nowhere_in_what_a_command_says_or_leaves(
    run: Run, tmp_path: Path, llm: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in output, errors, the run log, the project or a file, whether it went well or not."""
    monkeypatch.setenv("BLOCS_LLM_KEY", "sk-very-secret")
    (tmp_path / "a.txt").write_text(llm.TEXT)
    said = []
    for answer in (llm.says(llm.GOOD), llm.fails(401), llm.fails(500)):
        with llm.stub(*[answer] * 9) as (url, _):
            words = ["--reader", "llm", "--endpoint", url, "--model", "stub", "--retries", "0"]
            words += ["--date", "2024-11-03"]
            out = tmp_path / "out.html"
            ran = [
                run("read", tmp_path / "a.txt", *words, "-o", out),
                run("read", tmp_path / "a.txt", *words, "--json"),
                run("ledger", tmp_path / "a.txt", *words, "--project", tmp_path / "p"),
            ]
        said += [text for one in ran for text in (one.out, one.err)]
    assert (tmp_path / "p" / "runs.jsonl").is_file()
    left = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert "secret" not in "".join(said)
    assert b"secret" not in left


def test_what_was_spent_in_vain_is_told(run: Run, tmp_path: Path, llm: ModuleType) -> None:
    file = tmp_path / "a.txt"
    file.write_text(llm.TEXT)
    with llm.stub(llm.text("no JSON")) as (url, _):
        words = ["--reader", "llm", "--endpoint", url, "--model", "stub", "--price", "1", "10"]
        ran = run("read", file, "--date", "2024-11-03", *words)
    assert ran.code == 1
    assert "3 requests (2 repeated), 300 tokens sent, 60 received, cost 0.0009" in ran.err
