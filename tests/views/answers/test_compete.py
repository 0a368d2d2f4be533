"""`blocs compete` as a user runs it: the almanac alone, and published data."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from blocs.views.cli import main


def run(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(words)
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


def test_the_almanac_alone_answers_and_says_what_is_dark(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "compete.html"
    code, out, _ = run(["compete", "--histories", "30", "--json", "-q", "-o", str(page)], capsys)
    assert code == 0
    facts = json.loads(out)
    assert facts["verdict"] in {"yes", "no", "the opposite"}
    assert facts["sentence"].startswith(("Yes", "No", "The opposite"))
    assert facts["specifications"] >= 100
    assert (facts["from"], facts["to"]) == (1816, 2007)
    assert any("blocs data add mid PATH" in m for m in facts["missing"])
    assert set(facts["sources"]) == {"almanac"}
    assert 0 < facts["p_episodes"] <= 1
    assert {d["claim"] for d in facts["directions"]} >= {"fewer poles, less war"}
    for d in facts["directions"]:
        assert d["recovered"] or d["why"], "a difference is explained"
        assert d["low"] < d["ratio"] < d["high"]
    text = page.read_text("utf-8")
    assert text.count("<svg") >= 2
    assert facts["sentence"].partition(";")[0] in text
    assert "Content-Security-Policy" in text
    assert not re.search(r'(?:src|href)="https?://', text)


def test_too_few_histories_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(["compete", "--histories", "3"], capsys)
    assert code == 2
    assert "at least 20" in err


def test_a_path_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(["compete", "--data", "/nowhere/at/all"], capsys)
    assert code == 2
    assert "/nowhere/at/all" in err


def test_stopped_by_hand_it_goes_on_and_says_the_same(tmp_path: Path) -> None:
    """SIGINT; tests/robust/kills.py sends SIGKILL."""
    home = tmp_path / "project"
    words = [sys.executable, "-m", "blocs", "compete", "--histories", "20", "--json", "-q"]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    stopped = subprocess.Popen([*words, "--project", str(home)], **quiet)
    while stopped.poll() is None and len(list(home.glob("unfinished/*/curve-0-*"))) < 5:
        time.sleep(0.02)
    stopped.send_signal(signal.SIGINT)
    out, err = stopped.communicate()
    assert (stopped.returncode, out) == (130, "")
    assert err == "stopped; nothing half-written; the same command goes on from here\n"
    kept = {file.name: file.stat().st_mtime_ns for file in home.glob("unfinished/*/*")}
    assert len(kept) >= 5
    resumed = subprocess.run([*words, "--project", str(home)], check=True, **quiet)
    whole = subprocess.run([*words, "--project", str(tmp_path / "other")], check=True, **quiet)
    assert resumed.stdout == whole.stdout
    assert not (home / "unfinished").exists()


def test_files_of_which_nothing_is_read_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else the almanac would answer as if they had been used."""
    votes = tmp_path / "UNVotes.csv"
    header = "rcid,ccode,vote,date,member,me,nu,di,hr,co,ec,descr,session"
    votes.write_text(f"{header}\n1,2,1,1990-10-01,1,0,0,0,0,0,0,Question,45\n")
    code, _, err = run(["compete", "--data", str(votes), "--histories", "20"], capsys)
    assert code == 2
    assert f"{votes}: nothing that this test can use; it reads mid and cow-wars" in err
