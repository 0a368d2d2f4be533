"""`blocs ledger`: many articles into one ledger, as a user runs it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import blocs
from blocs.runs import runs

Run = Callable[..., Any]
STORIES = {
    "2024-10-19-seoul.txt": (
        "Seoul said on Friday that Pyongyang sent 10,000 soldiers to Russia. "
        "Minsk supplied Moscow with 300 drones in September."
    ),
    "2024-10-20-reprint.txt": (
        "By Reuters staff. Seoul said on Friday that Pyongyang sent 10,000 soldiers to Russia. "
        "Minsk supplied Moscow with 300 drones in September."
    ),
    "2024-10-24-kyiv.txt": (
        "Kyiv revealed that Pyongyang sent, in October, up to 12,000 soldiers to fight Ukraine, "
        "revelations weakly confirmed by Vladimir Putin, then frankly confirmed by satellite "
        "photos. For Beijing, lethal aid to Moscow is a red line not to be crossed."
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in STORIES.items():
        path = tmp_path / "articles" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path / "articles"


def _state(project: Path) -> dict[str, str]:
    held = [p for p in project.rglob("*") if p.is_file() and p.name not in (".lock", "runs.jsonl")]
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in held}


def _facts(ran: Any) -> dict[str, Any]:
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_reading_again_changes_no_byte_and_no_answer(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    project = str(tmp_path / "p")
    once = run("ledger", str(folder), "--project", project, "--json")
    state = _state(tmp_path / "p")
    again = run("ledger", str(folder), "--project", project, "--json")
    later = run("ledger", "--project", project, "--json")
    assert _facts(once) == _facts(again) == _facts(later)
    assert _state(tmp_path / "p") == state
    log = runs(tmp_path / "p")
    assert [(r.command, r.status) for r in log] == [("ledger", "done"), ("ledger", "done")]


def test_articles_read_one_by_one_give_the_ledger_of_all(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    for path in sorted(folder.iterdir(), reverse=True):
        run("ledger", str(path), "--project", str(tmp_path / "a"))
    alone = _facts(run("ledger", "--project", str(tmp_path / "a"), "--json"))
    together = _facts(run("ledger", str(folder), "--project", str(tmp_path / "b"), "--json"))
    assert alone["facts"] == together["facts"]
    assert alone["support"] == together["support"]


def test_every_row_is_the_exact_words_of_its_article(run: Run, folder: Path) -> None:
    found = _facts(run("ledger", str(folder), "--alone", "--json"))
    texts = {hashlib.sha256(t.encode()).hexdigest(): t for t in STORIES.values()}
    told = [m for f in found["facts"] for m in f["mentions"]]
    assert told
    assert all(texts[m["article"]][m["start"] : m["end"]] == m["quote"] for m in told)
    rows = [*found["support"], *found["red_lines"]]
    assert rows
    assert all(texts[r["article"]][r["span_start"] : r["span_end"]] == r["quote"] for r in rows)
    voices = [v for f in found["facts"] for v in f["voices"]]
    assert all(texts[v["article"]][v["start"] : v["end"]] == v["text"] for v in voices)


def test_figures_that_differ_stand_side_by_side_and_copies_are_no_source(
    run: Run, folder: Path
) -> None:
    found = _facts(run("ledger", str(folder), "--alone", "--json"))
    by_id = {f["id"]: f for f in found["facts"]}
    [ten] = [f for f in by_id.values() if f["figure"] == 10000]
    [twelve] = [f for f in by_id.values() if f["figure"] == 12000]
    assert [c["fact"] for c in ten["conflicts"]] == [twelve["id"]]
    assert [c["fact"] for c in twelve["conflicts"]] == [ten["id"]]
    assert len(ten["mentions"]) == 2
    assert ten["n_sources"] == 1
    assert ten["mentions"][1]["copy_of"] == ten["mentions"][0]["item"]
    [drones] = [f for f in by_id.values() if f["figure"] == 300]
    assert drones["n_sources"] == 1
    copies = {a["name"].split("-")[-1]: a["copy_of"] for a in found["articles"]}
    assert copies["seoul.txt"] is None
    assert copies["reprint.txt"] is not None


def test_the_chain_is_in_order_with_its_strengths(run: Run, folder: Path) -> None:
    found = _facts(run("ledger", str(folder), "--alone", "--json"))
    [twelve] = [f for f in found["facts"] if f["figure"] == 12000]
    chain = [(v["role"], v["actor"], v["strength"], v["evidence"]) for v in twelve["voices"]]
    assert chain == [
        ("speaker", "UKRGOV", None, False),
        ("confirmer", "RUSGOV", "weakly", False),
        ("confirmer", None, "frankly", True),
    ]


def test_rungs_and_red_lines_are_filled(run: Run, folder: Path) -> None:
    found = _facts(run("ledger", str(folder), "--alone", "--json"))
    rungs = {(s["supporter"], s["recipient"], s["rung"]) for s in found["support"]}
    assert ("PRK", "RUS", "troops") in rungs
    assert ("BLR", "RUS", "weapons") in rungs
    [line] = found["red_lines"]
    assert (line["actor"], line["rung"]) == ("CHN", "weapons")
    asked = {(f["question"], f["first"]) for f in found["firsts"]}
    assert ("Has PRK given troops in UKR before?", True) in asked
    assert ("Has BLR given weapons in UKR before?", True) in asked
    assert all(f["coverage"] and f["searched"] > 0 for f in found["firsts"] if f["first"])


def test_decisions_survive_a_new_reading_and_score_the_machine(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    project = ["--project", str(tmp_path / "p")]
    before = _facts(run("ledger", str(folder), *project, "--json"))
    [ten] = [f for f in before["facts"] if f["figure"] == 10000]
    [twelve] = [f for f in before["facts"] if f["figure"] == 12000]
    good, bad = ten["mentions"][0]["item"], twelve["mentions"][0]["item"]
    change = ["--correct", bad, "quantity.high=11000", "--correct", bad, "certainty=hedged"]
    ran = run("ledger", "review", *project, "--accept", good[:8], *change, "--json")
    told = _facts(ran)
    assert (told["kept"], told["accepted"], told["corrected"]) == (2, 1, 1)
    [score] = [s for s in told["scores"] if s["kind"] == "quantity"]
    assert (score["n"], score["right"], score["corrected"]) == (2, 1, 1)
    assert score["low"] < score["precision"] == 0.5 < score["high"]
    after = _facts(run("ledger", str(folder), *project, "--json"))
    assert 11000 in {f["figure"] for f in after["facts"]}
    assert 12000 not in {f["figure"] for f in after["facts"]}
    items = _facts(run("ledger", "--project", str(tmp_path / "p"), "--json"))
    assert items == after
    claims = pl.concat([pl.read_parquet(p) for p in (tmp_path / "p/tables").glob("claims-*")])
    assert 12000.0 in claims["high"].to_list(), "the machine's output stays as it was"


def test_a_rejected_item_and_a_rejected_rung_are_gone(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    project = ["--project", str(tmp_path / "p")]
    before = _facts(run("ledger", str(folder), *project, "--json"))
    [row] = [s for s in before["support"] if s["supporter"] == "BLR"][:1]
    item = next(f for f in before["facts"] if f["figure"] == 12000)["mentions"][0]["item"]
    run("ledger", "review", *project, "--reject", item, "--reject", row["id"])
    after = _facts(run("ledger", *project, "--json"))
    assert 12000 not in {f["figure"] for f in after["facts"]}
    assert row["id"] not in {s["id"] for s in after["support"]}


def test_a_page_s_export_is_taken_in(run: Run, folder: Path, tmp_path: Path) -> None:
    project = ["--project", str(tmp_path / "p")]
    before = _facts(run("ledger", str(folder), *project, "--json"))
    told = next(f for f in before["facts"] if f["figure"] == 12000)["mentions"][0]
    near = {"article": told["article"], "kind": "quantity", "start": told["start"] + 2}
    near |= {"end": told["end"], "quote": told["quote"][2:], "verdict": "reject"}
    file = tmp_path / "export.json"
    file.write_text(json.dumps({"schema": "blocs.corrections/1", "corrections": [near]}))
    ran = run("ledger", "review", *project, "--import", str(file), "--json")
    assert _facts(ran)["rejected"] == 1
    assert 12000 not in {f["figure"] for f in _facts(run("ledger", *project, "--json"))["facts"]}
    file.write_text('{"corrections": [{"article": 3}]}')
    ran = run("ledger", "review", *project, "--import", str(file))
    assert ran.code == 2
    assert "not a file of corrections" in ran.err
    assert "$.corrections[0]" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--accept", "zzzz"], "unknown item 'zzzz'"),
        (["--correct", "ITEM", "quantity.hi=3"], "did you mean quantity.high"),
        (["--correct", "ITEM", "certainty=maybe"], "certainty"),
        (["--correct", "ITEM", "start=3"], "cannot be corrected"),
        (["--correct", "ITEM", "nothing"], "field=value"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(
    run: Run, folder: Path, tmp_path: Path, words: list[str], said: str
) -> None:
    project = ["--project", str(tmp_path / "p")]
    found = _facts(run("ledger", str(folder / "2024-10-24-kyiv.txt"), *project, "--json"))
    item = next(f for f in found["facts"] if f["figure"] == 12000)["mentions"][0]["item"]
    ran = run("ledger", "review", *project, *[item if w == "ITEM" else w for w in words])
    assert ran.code == 2
    assert said in ran.err
    assert _facts(run("ledger", "review", *project, "--json"))["kept"] == 0


def test_every_table_goes_to_csv(run: Run, folder: Path) -> None:
    for rows in ("facts", "mentions", "support", "red-lines", "firsts", "articles"):
        ran = run("ledger", str(folder), "--alone", "--rows", rows, "--csv")
        assert ran.code == 0
        assert pl.read_csv(ran.out.encode()).height > 0
    ran = run("ledger", str(folder), "--alone", "--rows", "fact")
    assert ran.code == 2
    assert "did you mean facts" in ran.err


def test_an_article_can_be_forgotten(run: Run, folder: Path, tmp_path: Path) -> None:
    project = ["--project", str(tmp_path / "p")]
    run("ledger", str(folder), *project)
    assert run("ledger", "forget", "2024-10-24-kyiv.txt", *project).code == 0
    left = _facts(run("ledger", *project, "--json"))
    assert len(left["articles"]) == 2
    ran = run("ledger", "forget", "2024-10-24-kyiv.txt", *project)
    assert ran.code == 2
    assert "2024-10-19-seoul.txt" in ran.err


def test_an_empty_ledger_says_what_to_do(run: Run, tmp_path: Path) -> None:
    ran = run("ledger", "--project", str(tmp_path / "none"))
    assert ran.code == 2
    assert "name articles" in ran.err


def test_how_others_are_drawn_in(run: Run, folder: Path, tmp_path: Path) -> None:
    words = ["ledger", "drawn-in", "Ukraine", str(folder), "--from", "2021", "--to", "2024"]
    ran = run(*words, "--json")
    series = _facts(ran)
    points = {(p["period"], p["form"]): p for p in series["points"]}
    troops = points["2024", "troops"]
    assert troops["who"] == ["PRK"]
    assert any(t["source"].startswith("article ") for t in troops["tellings"])
    assert any(t["source"].startswith("almanac") for t in troops["tellings"])
    assert points["2021", "troops"]["outsiders"] is None, "not known is not zero"
    assert all(p["outsiders"] != 0 for p in series["points"])
    monthly = _facts(run(*words, "--by", "month", "--json"))
    assert {p["period"] for p in monthly["points"]} >= {"2021-01", "2024-12"}
    assert run(*words, "--by", "week").code == 2
    same = blocs.drawn_in("UKR", folder, from_=2021, to=2024)
    assert [p.outsiders for p in same.points] == [p["outsiders"] for p in series["points"]]


def test_the_terminal_shows_conflicts_chains_and_rungs(run: Run, folder: Path) -> None:
    ran = run("ledger", str(folder), "--alone")
    flat = " ".join(ran.out.split())
    assert "In conflict, side by side" in flat
    assert "Russia weakly confirmed > satellite photos frankly confirmed" in flat
    assert "a copy of 2024-10-19-seoul.txt" in flat
    assert "China, at weapons" in flat


def test_from_python_nothing_is_kept_without_a_project(folder: Path) -> None:
    found = blocs.ledger(folder, about=["BLR"])
    assert found.project is None
    assert {s.supporter for s in found.support} == {"BLR"}


def test_the_ledger_can_be_asked_in_sql(run: Run, folder: Path, tmp_path: Path) -> None:
    project = ["--project", str(tmp_path / "p")]
    run("ledger", str(folder), *project)
    asked = "select high, quote from claims where high = 12000"
    told = json.loads(run("sql", asked, *project, "--json").out)
    assert told["rows"] == [{"high": 12000.0, "quote": "up to 12,000 soldiers"}]
    joined = (
        "select role, actor from claim_speakers join claims using (claim_id) where high = 12000"
    )
    rows = json.loads(run("sql", joined, *project, "--json").out)["rows"]
    assert {"role": "confirmer", "actor": "RUSGOV"} in rows
