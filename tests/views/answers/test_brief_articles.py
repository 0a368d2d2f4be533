"""`blocs brief --articles`, as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]
STORY = (
    "Kyiv revealed that Pyongyang sent, in October, up to 12,000 soldiers to fight Ukraine. "
    "Seoul said that Pyongyang sent 10,000 soldiers to Russia. "
    "For Tehran, sending troops to Russia is a red line. "
    "Boris Pistorius warned that Moscow could attack NATO within five to eight years."
)


def test_the_terminal_and_the_json_say_what_the_articles_say(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "2024-10-26-story.txt").write_text(STORY, "utf-8")
    words = ["CHN", "RUS", "IRN", "PRK", "--from", "2023", "--to", "2024", "--articles", folder]
    ran = run("brief", *words, "-o", tmp_path / "b.json")
    flat = " ".join(ran.out.split())
    assert ran.code == 0
    assert "Articles: 1 read" in flat
    assert "differ: “" in flat
    assert "red line: “For Tehran, sending troops to Russia is a red line.”" in flat
    assert "foretold (2029-10 to 2032-10)" in flat
    found = json.loads((tmp_path / "b.json").read_text("utf-8"))
    assert "--articles" in found["command"]
    assert [a["date_from"] for a in found["articles"]] == ["inferred"]
    told = [t for f in found["told"] for t in f["tellings"]]
    assert all(STORY[t["span_start"] : t["span_end"]] == t["quote"] for t in told)
