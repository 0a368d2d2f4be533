"""`blocs experts` as a user runs it: the example, the page, JSON, CSV."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from blocs.views.cli import main

_YEAR = r'<text text-anchor="(\w+)" transform="translate\(([\d.]+),[^>]*opacity="1">20\d\d<'


def run(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(words)
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


def test_the_example_is_a_file_that_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, page = tmp_path / "s.toml", tmp_path / "e.html"
    assert run(["experts", "new", "-o", str(file)], capsys)[0] == 0
    code, out, _ = run(["experts", str(file), "--json", "-o", str(page)], capsys)
    assert code == 0
    facts = json.loads(out)
    assert [s["window"] for s in facts["statements"]] == [[5.0, 8.0], [3.0, 5.0]]
    assert facts["pools"] == []
    assert any("not pooled" in n for n in facts["notes"])
    (rate,) = facts["base_rates"]
    assert rate["events"] <= rate["exposure"]
    assert rate["low"] <= rate["rate"] <= rate["high"]
    for f in facts["forecasts"]:
        for c in f["chances"]:
            assert c["low"] == 0  # no P(ever) was given: the range is shown
            assert c["high"] == pytest.approx(c["timing"])
    text = page.read_text("utf-8")
    assert text.count("<svg") == 4
    for picture in text.split("<svg")[1:]:
        years = re.findall(_YEAR, picture)
        assert years
        for (end, x), (other, beside) in pairwise(years):
            assert end == other == "middle"  # pushed inwards, the first meets the second
            assert float(beside) <= 0 or float(beside) - float(x) > 30
    assert "Troels Lund Poulsen" in text
    assert not re.search(r'(?:src|href)="https?://', text)


def test_the_curves_are_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "s.toml"
    run(["experts", "new", "-o", str(file)], capsys)
    code, out, _ = run(["experts", str(file), "--csv"], capsys)
    assert code == 0
    assert out.splitlines()[0].split(",")[:3] == ["event", "forecast", "years"]
    assert len(out.splitlines()) > 50


def test_a_file_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(["experts", "nowhere.toml"], capsys)
    assert code == 2
    assert "nowhere.toml" in err
