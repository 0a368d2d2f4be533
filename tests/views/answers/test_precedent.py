"""`blocs precedent` as a user runs it: careful words, coverage, page, CSV."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from blocs.views.cli import main


def run(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(words)
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


def test_third_state_troops_in_ukraine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "p.html"
    words = ["precedent", "third-state troops", "--conflict", "UKR", "--json", "-o", str(page)]
    code, out, _ = run(words, capsys)
    assert code == 0
    facts = json.loads(out)
    assert facts["sentences"][0].startswith(
        "In the Russian invasion of Ukraine: first North Korea, October 2024"
    )
    assert "none earlier in this record since 2022" in facts["sentences"][0]
    assert {c["source"] for c in facts["coverage"]} == {"almanac"}
    assert any("blocs data add ucdp PATH" in m for m in facts["missing"])
    text = page.read_text("utf-8")
    assert "North Korea" in text
    assert "almanac/<wbr>support:<wbr>prk_<wbr>officers" in text  # else cut off at the right
    assert "<td>October 2024</td>" in text  # told to the month
    assert not re.search(r'(?:src|href)="https?://', text)


def test_it_never_says_never(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["weapons", "--state", "JPN"], ["troops", "--state", "CHE", "--before", "1990"]):
        _, out, _ = run(["precedent", *words], capsys)
        assert not re.search(r"\b(n?ever)\b", out)
        assert "none in this record" in out


def test_what_is_not_covered_is_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(["precedent", "weapons", "--conflict", "yom_kippur_1973"], capsys)
    assert "not known; no record at hand covers it" in out


def test_organisations_are_no_states_and_sanctions_say_on_what(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, _ = run(["precedent", "sanctions", "--json"], capsys)
    facts = json.loads(out)
    senders = {c["state"] for c in facts["cases"]}
    groups = {s for s in senders if s.startswith("group:")}
    assert (facts["states"], facts["organisations"]) == (len(senders - groups), len(groups))
    assert f"by {len(senders - groups)} states and {len(groups)} organisations" in out
    assert "Turkey towards Israel 2024 (sanctions on trade)" in out


def test_cases_are_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["precedent", "defence-treaty", "--csv"], capsys)
    assert code == 0
    assert out.startswith("source,state,towards,conflict,start,precision,checked,what,record")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["trops"], "did you mean third-state-troops"),
        (["troops", "--conflict", "ukrain_2022"], "ukraine_2022"),
        (["troops", "--state", "Ruritania"], "Ruritania"),
        (["troops", "--before", "soon"], "is not a date"),
    ],
)
def test_bad_input_says_what_is_wrong(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(["precedent", *words], capsys)
    assert code == 2
    assert said in err
