"""`blocs simulate` as a user runs it."""

from __future__ import annotations

import json
import re

import pytest

from blocs.views.cli import main


def run(capsys, *words):
    with pytest.raises(SystemExit) as left:
        main(["simulate", *words])
    shown = capsys.readouterr()
    return left.value.code, shown.out, shown.err


def test_a_ready_scenario_in_words_and_as_json(capsys):
    code, words, _ = run(capsys, "troops", "--runs", "24", "--sensitivity", "2")
    assert code == 0
    assert "North Korea" in words
    assert "nuclear weapons is not simulated" in words
    code, text, _ = run(capsys, "troops", "--runs", "24", "--sensitivity", "2", "--json")
    found = json.loads(text)
    assert code == 0
    assert found["schema"] == "blocs.simulation/1"
    assert found["effects"][0]["runs"] == 24
    assert {s["parameter"] for s in found["shares"]} >= {"luck", "ladder.react"}
    assert run(capsys, "troops", "--runs", "24", "--sensitivity", "2", "--json")[1] == text


def test_a_start_past_what_is_known_is_told_aloud(capsys, tmp_path):
    path, page = tmp_path / "late.toml", tmp_path / "late.html"
    assert run(capsys, "troops", "--runs", "2", "--sensitivity", "0", "-o", str(path))[0] == 0
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('start = "2024-11"', 'start = "2026-11"'), encoding="utf-8")
    asked = (str(path), "--runs", "2", "--sensitivity", "0")
    code, words, _ = run(capsys, *asked, "-o", str(page))
    said = "What is known ends on 2024-12-31: the 22 months to the start in 2026-11 are passed over"
    assert code == 0
    assert said in words
    assert said in page.read_text(encoding="utf-8")
    found = json.loads(run(capsys, *asked, "--json")[1])
    assert (found["knowledge_ends"], found["months_past_knowledge"]) == ("2024-12-31", 22)
    assert "passed over" not in run(capsys, "troops", *asked[1:])[1]


def test_a_red_line_that_the_scenario_crosses_itself_is_no_finding(capsys, tmp_path):
    path = tmp_path / "arms.html"
    asked = ("arms-kyiv", "--runs", "40", "--sensitivity", "0")
    assert run(capsys, *asked, "-q", "-o", str(path))[0] == 0
    page = path.read_text(encoding="utf-8")
    line = "South Korea crosses its red line (munitions) in 100% of the runs"
    assert f"{line}, where the scenario puts it." in page
    assert page.count("where the scenario puts it") == 1


def test_the_table_holds_every_month(capsys):
    code, text, _ = run(capsys, "wedge", "--runs", "8", "--sensitivity", "0", "--csv")
    assert code == 0
    rows = text.splitlines()
    assert rows[0] == "theatre,state,month,rung,share"
    assert len(rows) == 1 + 10 * 60 * 8


def test_a_draft_is_written_and_runs(capsys, tmp_path):
    path = tmp_path / "mine.toml"
    assert run(capsys, "new", "-o", str(path))[0] == 0
    assert path.read_text(encoding="utf-8").startswith("# A scenario drafted")
    code, text, _ = run(capsys, str(path), "--runs", "4", "--sensitivity", "0", "--json")
    assert code == 0
    assert json.loads(text)["scenario"] == "draft"


def test_the_page_is_one_offline_file_with_every_figure(capsys, tmp_path):
    path = tmp_path / "troops.html"
    code, _, err = run(
        capsys, "troops", "--runs", "16", "--sensitivity", "2", "-o", str(path), "-q"
    )
    assert (code, err) == (0, "")
    page = path.read_text(encoding="utf-8")
    assert "<script" not in page
    assert "http-equiv" in page
    assert not re.search(r"""(?:src|href)=["']https?:""", page.split('id="sources"')[0])
    for key in ("fig-rungs", "fig-events", "fig-ground-ukr", "fig-shares-events-in-all"):
        assert f'id="{key}"' in page
    assert "is not simulated and is given no probability" in page
    assert "blocs simulate troops --runs 16" in page
    assert "line = the share, band = its sampling error (90 %)" in page
    assert "North Korea is put on troops in UKR (set by the scenario)" in page
    for said in ("last rung of China in Ukraine", "Ground in Ukraine", "dual use", ">±</th>"):
        assert said in page
    assert "Most often the shock changes, in so many runs: " in page
    assert re.search(r"runs at the end, (with the shock as without it|[^<]* than without)", page)
    assert not re.search(r"ground UKR|>\+-<|>-\d", page)
    assert not re.search(r"\d[eE][+-]\d\d\b", re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("trops",), "troops"),
        (("none.toml",), "none.toml"),
        (("troops", "--runs", "1"), "at least 2"),
        (("troops", "--sensitivity", "3"), "power of two"),
        (("troops", "--runs", "2000000000"), "at most 1000000"),
        (("troops", "--seed", "-1"), "--seed -1: a whole number, 0 or more"),
        (("hindcast", "--seed", "-1"), "--seed -1: a whole number, 0 or more"),
    ],
)
def test_what_is_wrong_is_said(capsys, words, says):
    code, out, err = run(capsys, *words)
    assert code == 2
    assert out == ""
    assert says in err


def test_hindcasts_in_words_as_json_and_as_a_table(capsys, tmp_path):
    asked = ("hindcast", "--from", "1990", "--to", "1990", "--years", "2", "--runs", "8")
    code, words, _ = run(capsys, *asked, "-q")
    assert code == 0
    assert "Events are not scored" in words
    assert "skill" in words
    path = tmp_path / "skill.csv"
    code, text, _ = run(capsys, *asked, "--json")
    found = json.loads(text)
    assert found["schema"] == "blocs.hindcast/1"
    assert found["starts"][0]["parameters"][0]["source"].startswith("fitted(treaties and votes")
    assert run(capsys, *asked, "-o", str(path), "-q")[0] == 0
    assert path.read_text(encoding="utf-8").startswith("what,ahead,starts,n,score,simulation")


def test_hindcasts_the_wrong_way_round_are_refused(capsys):
    code, out, err = run(capsys, "hindcast", "--from", "2000", "--to", "1990")
    assert (code, out) == (2, "")
    assert "lies after" in err
