"""The dated history of ties, as a user asks for it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import polars as pl
import pytest

from blocs.errors import BadInput, NoCoverage
from blocs.views.answers.ties import ask, tie_history
from blocs.views.cli import main


def run(*words: str) -> int:
    """Run a command line and return its exit code."""
    with pytest.raises(SystemExit) as stop:
        main(words)
    return int(str(stop.value.code))


def test_russia_and_north_korea(capsys: pytest.CaptureFixture[str]) -> None:
    """Defence 1961-96 and again from December 2024; consultation between."""
    assert run("ties", "--between", "RUS", "North Korea", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["between"] == ["PRK", "RUS"]
    pacts = [t for t in told["ties"] if t["layer"] == "alliances"]
    assert (pacts[0]["start"][:4], pacts[0]["value"]) == ("1961", 3.0)
    gap = [t for t in pacts if t["start"] >= "1997" and t["end"] <= "2000-01-01"]
    assert not gap
    assert pacts[-1]["end"] == "2025-01-01"
    facts = {s["fact"] for s in told["sources"]}
    assert {f for t in pacts for f in t["facts"]} <= facts
    assert "disputes" in told["dark"]


def test_ends_may_be_named_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--layer", "alliances", "--at", "1970", "--json")
    assert run("ties", "--between", "RUS", "PRK", *words) == 0
    together = capsys.readouterr().out
    assert run("ties", "--between", "RUS", "--between", "PRK", *words) == 0
    assert capsys.readouterr().out == together


def test_every_tie_is_walked_back_to_a_file_and_a_row(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A delivery of arms, read from a file named for this command alone."""
    deals = Path(__file__).parents[2] / "data" / "datasets" / "sipri" / "deals.csv"
    home = str(tmp_path / "project")
    assert run("data", "add", "sipri", str(deals), "--project", home) == 0
    capsys.readouterr()
    for where in (("--data", str(deals)), ("--project", home)):
        assert run("ties", "--layer", "arms", "--between", "RUS", "VNM", "--json", *where) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["ties"]
        assert {s["file"] for s in told["sources"]} == {"deals.csv"}
        assert all(s["row"] >= 1 for s in told["sources"])


def test_consecutive_years_are_one_spell() -> None:
    rows = tie_history(between=("CHN", "PRK"), layer=("alliances",))
    assert rows["start"].dt.year().min() == 1961
    assert (rows["end"].dt.year() - rows["start"].dt.year() == 1).all()


def test_at_a_day_keeps_what_holds_then() -> None:
    rows = tie_history(between=("USA", "GBR", "FRA"), layer=("alliances",), at="1950-06-25")
    assert rows["start"].dt.year().unique().to_list() == [1950]
    assert set(rows["weight"]) == {1.0}


@pytest.mark.parametrize("ending", ["graphml", "gexf", "parquet", "csv", "arrow", "ftm", "json"])
def test_exports_are_read_back(ending: str, tmp_path: Path) -> None:
    target = tmp_path / f"ties.{ending}"
    assert run("ties", "--layer", "alliances", "--at", "1914", "-o", str(target), "-q") == 0
    if ending in {"graphml", "gexf"}:
        import networkx as nx

        graph = {"graphml": nx.read_graphml, "gexf": nx.read_gexf}[ending](target)
        assert graph.has_edge("FRA", "RUS")
    elif ending == "ftm":
        lines = [json.loads(line) for line in target.read_text().splitlines()]
        assert {line["schema"] for line in lines} == {"PublicBody", "UnknownLink"}
    elif ending == "json":
        assert json.loads(target.read_text())["schema"] == "blocs.ties/1"
    else:
        read = {"parquet": pl.read_parquet, "csv": pl.read_csv, "arrow": pl.read_ipc}[ending]
        assert read(target).height > 10


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_a_graph_file_holds_every_tie_with_its_facts(form: str, tmp_path: Path) -> None:
    import networkx as nx

    target = tmp_path / f"ties.{form}"
    words = ["ties", "--between", "RUS", "PRK", "--layer", "alliances"]
    assert run(*words, "-o", str(target), "-q") == 0
    graph = {"graphml": nx.read_graphml, "gexf": nx.read_gexf}[form](target)
    rows = tie_history(between=("RUS", "PRK"), layer=("alliances",))
    assert dict(graph.nodes(data="label")) == {"PRK": "North Korea", "RUS": "Russia"}
    told = sorted((d["start"], d["weight"], d["value"]) for *_, d in graph.edges(data=True))
    assert told == sorted((str(s), w, v) for s, w, v in rows["start", "weight", "value"].rows())
    assert all(d["facts"].startswith("almanac/") for *_, d in graph.edges(data=True))


def test_statements_are_those_of_follow_the_money(tmp_path: Path) -> None:
    """Fields and ids as the class Statement of followthemoney 4.11 writes and hashes them."""
    target = tmp_path / "ties.ftm"
    words = ["ties", "--between", "RUS", "PRK", "--layer", "alliances", "--at", "2024"]
    assert run(*words, "-o", str(target), "-q") == 0
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    fields = "canonical_id entity_id prop schema value dataset lang original_value first_seen"
    for line in lines:
        assert list(line) == [*fields.split(), "last_seen", "external", "origin", "id"]
        key = f"{line['dataset']}.{line['entity_id']}.{line['prop']}.{line['value']}"
        assert line["id"] == hashlib.sha1(key.encode()).hexdigest()
    assert len({line["id"] for line in lines}) == len(lines)
    told: dict[str, dict[str, list[str]]] = {}
    for line in lines:
        told.setdefault(line["entity_id"], {}).setdefault(line["prop"], []).append(line["value"])
    assert all(values["id"] == [name] for name, values in told.items()), "each has its own id"
    assert told["blocs-PRK"] == {"id": ["blocs-PRK"], "name": ["North Korea"], "country": ["kp"]}
    link = told["blocs-alliances-PRK-RUS-2024-01-01"]
    assert (link["subject"], link["object"]) == (["blocs-PRK"], ["blocs-RUS"])
    assert (link["startDate"], link["endDate"]) == (["2024-01-01"], ["2024-12-31"])
    assert len(link["recordId"]) == 4, "every fact behind the tie"


def test_every_row_of_a_history_walks_to_its_source(tmp_path: Path) -> None:
    target = tmp_path / "ties.json"
    assert run("ties", "--between", "RUS", "PRK", "-o", str(target), "-q") == 0
    history = json.loads(target.read_text())
    known = {source["fact"] for source in history["sources"]}
    for tie in history["ties"]:
        assert set(tie["facts"]) <= known
        assert tie["facts"] or tie["layer"] == "votes", "votes are counted by year"
        assert tie["n"] > 0


def test_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadInput, match="two states"):
        tie_history(between=("RUS",))
    with pytest.raises(NoCoverage, match="blocs data status"):
        tie_history(between=("RUS", "CHN"), layer=("disputes",))
    assert run("ties", "--between", "RUS", "--between", "Ruritania") == 2
    assert "Ruritania" in capsys.readouterr().err
    assert run("ties", "--layer", "votez") == 2
    assert "votes" in capsys.readouterr().err


def test_a_layer_with_a_direction_says_who_to_whom() -> None:
    text = ask(between=("RUS", "PRK"), from_=2024).text
    assert text is not None
    (support,) = [line for line in text.splitlines() if line.startswith("support")]
    assert "North Korea to Russia" in support
    assert "North Korea - Russia" in next(x for x in text.splitlines() if x.startswith("alliances"))
