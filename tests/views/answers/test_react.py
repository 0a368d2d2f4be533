"""`blocs react` as a user runs it: disputes dated to the day, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from blocs.views.cli import main

DISPUTES = "cow_mids/dyadic_mid_4.02.csv.gz"


def run(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(words)
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


@pytest.mark.shared
def test_disputes_carry_memory_and_no_fast_reaction(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "r.html"
    words = ["react", "PRK", "South Korea", "--data", str(shared / "data" / DISPUTES)]
    code, out, _ = run([*words, "--json", "-o", str(page)], capsys)
    assert code == 0
    facts = json.loads(out)
    assert (facts["a"], facts["b"]) == ("PRK", "KOR")
    assert facts["events"] > 5000
    assert (
        facts["loglik"]["slow_memory"]
        > facts["loglik"]["gamma_poisson"]
        > facts["loglik"]["poisson"]
    )
    assert not facts["released"]
    assert facts["sentence"].startswith("No reaction can be told")
    assert facts["half_life_days"] is None
    assert facts["gain"]["low"] <= facts["gain"]["value"] <= facts["gain"]["high"]
    assert not any(side["told"] for side in facts["pair"])
    text = page.read_text("utf-8")
    assert text.count("<svg") == 2
    assert "No reaction can be told from this record" in text


@pytest.mark.shared
def test_nothing_fast_is_told_of_disputes_dated_to_the_year(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, page = shared / "data/cow_mids/cow_mid_dirdisps_v5.csv.gz", tmp_path / "r.html"
    words = ["react", "GRC", "TUR", "--data", str(file)]
    code, out, _ = run([*words, "-o", str(page)], capsys)
    assert code == 0
    assert out.startswith("Who answers whom is not known from this record: its events are dated")
    assert "One event brings, fast: not known; slow: self 0." in out
    assert "GRC to TUR" not in out
    _, out, _ = run([*words, "--json"], capsys)
    facts = json.loads(out)
    assert facts["pair"] == []
    assert {b["speed"] for b in facts["branching"]} == {"slow"}
    assert "Does the last act bring the next?" not in page.read_text("utf-8")


def test_without_events_it_says_what_to_add(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(["react", "RUS", "UKR"], capsys)
    assert code == 1
    assert "blocs data add mid PATH" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["RUS", "Russia"], "the same state"),
        (["RUS", "UKR", "--train", "1.5"], "between 0.5 and 0.95"),
        (["RUS", "UKR", "--record", "icew"], "did you mean icews"),
        (["RUS", "Ukrane"], "Ukraine"),
    ],
)
def test_bad_input_says_what_is_wrong(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(["react", *words], capsys)
    assert code == 2
    assert said in err
