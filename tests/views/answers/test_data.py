"""`blocs data ...`: adding, fetching, checking and removing data sets."""

from __future__ import annotations

import dataclasses
import errno
import gzip
import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from blocs import project as projects
from blocs.contracts import Download
from blocs.evidence import additions
from blocs.evidence.datasets import unga
from blocs.evidence.download import Patience, fetch
from blocs.runs import runs

Run = Callable[..., Any]


def offered(monkeypatch: pytest.MonkeyPatch, url: str, file: str, sha256: str = "") -> None:
    """Let the publisher of the UN votes be somebody on this machine."""
    item = Download(url=url, file=file, sha256=sha256)
    changed = dataclasses.replace(unga.DATASET, downloads=(item,))
    monkeypatch.setattr(unga, "DATASET", changed)
    quick = dataclasses.replace(Patience(), tries=2, pause=0.001, timeout=5.0)
    monkeypatch.setattr(additions, "fetch", lambda *a, **k: fetch(*a, **k | {"patience": quick}))


def tree(folder: Path) -> dict[str, bytes]:
    """Every file that carries something, by its path."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name not in {".lock", "runs.jsonl"}
    }


def test_list_names_every_data_set_and_what_is_here(run: Run, votes: Path) -> None:
    run("data", "add", "unga", votes)
    ran = run("data", "list", "--json")
    assert ran.code == 0
    assert ran.json["schema"] == "blocs.data.list/1"
    rows = {row["id"]: row for row in ran.json["datasets"]}
    assert rows["unga"]["in_project"] == ["long"]
    assert rows["unga"]["get"] is True
    assert rows["atop"]["in_project"] == []
    assert rows["atop"]["lights"] == ["alliances"]
    assert "CC0" in run("data", "list").out
    assert run("data", "list", "--csv").out.startswith("id,title,years,unit,licence")


def test_add_says_what_was_accepted_and_refused(run: Run, votes: Path, home: Path) -> None:
    ran = run("data", "add", "unga", votes, "--json")
    assert ran.code == 0
    assert ran.json["schema"] == "blocs.data.add/1"
    (file,) = ran.json["files"]
    assert (file["rows"], file["rejected"]) == (5, 2)
    assert file["sha256"] == hashlib.sha256(votes.read_bytes()).hexdigest()
    assert (file["first"], file["last"]) == ("1991-10-01", "1992-11-02")
    rules = {(r["rule"], r["n"], r["row"], r["value"]) for r in ran.json["refused"]}
    assert rules == {
        ("vote is 1, 2, 3, 8 or 9", 1, 6, "7"),
        ("state is known", 1, 7, "2xx"),
    }
    assert ran.json["coverage"] == [{"topic": "votes", "first": 1991, "last": 1992}]
    lit = {"layer": "votes", "first": 1991, "last": 1992, "dataset": "unga", "why": ""}
    assert lit in ran.json["layers"]
    (entry,) = projects.read_manifest(home).sources
    assert (entry.dataset, entry.version, entry.rows, entry.rejected) == ("unga", "long", 5, 2)
    assert projects.read_facts(home).ballots.height == 5
    text = run("data", "add", "unga", votes).out
    assert "5 rows, 1991-1992, 2 refused (was there before)" in text
    assert "refused 1 x vote is 1, 2, 3, 8 or 9: first UNVotes.csv, row 6, vote = '7'" in text
    assert "Licence: CC0 1.0. Cite: Voeten" in text


def test_adding_twice_changes_nothing(run: Run, votes: Path, home: Path) -> None:
    run("data", "add", "unga", votes)
    before = tree(home)
    assert run("data", "add", "unga", votes).code == 0
    assert tree(home) == before
    assert [run.status for run in runs(home)] == ["done", "done"]


def test_refused_rows_come_as_a_table(run: Run, votes: Path, tmp_path: Path) -> None:
    ran = run("data", "add", "unga", votes, "-o", tmp_path / "refused.csv")
    assert ran.code == 0
    table = pl.read_csv(tmp_path / "refused.csv")
    assert table.select("row", "rule").rows() == [
        (6, "vote is 1, 2, 3, 8 or 9"),
        (7, "state is known"),
    ]


def test_two_files_of_one_version_complete_each_other(
    run: Run, votes: Path, home: Path, tmp_path: Path
) -> None:
    later = tmp_path / "later.csv"
    text = votes.read_text().splitlines()
    extra = ["3,2,3,1993-05-05,1,0", "3,365,1,1993-05-05,1,0"]
    later.write_text("\n".join([*text[:3], *extra]) + "\n")
    run("data", "add", "unga", votes)
    ran = run("data", "add", "unga", later, "--json")
    (file,) = ran.json["files"]
    assert (file["rows"], file["rejected"]) == (2, 2)
    rules = {r["rule"]: r["n"] for r in ran.json["refused"]}
    assert rules == {"ballots: told before": 2, "rollcalls: told before": 1}
    facts = projects.read_facts(home)
    assert facts.rollcalls["rollcall"].to_list() == ["unga-1991-1", "unga-1992-2", "unga-1993-3"]
    assert facts.ballots.height == 7


def test_versions_never_stack(run: Run, votes: Path, tmp_path: Path) -> None:
    wide = tmp_path / "wide.csv"
    wide.write_text("rcid,date,me,nu,di,hr,co,ec,USA,RUS,FRA\n9,2020-01-02,0,0,0,0,0,0,1,3,2\n")
    run("data", "add", "unga", votes)
    ran = run("data", "add", "unga", wide)
    assert ran.code == 2
    assert "versions never stack. `blocs data remove unga` first" in ran.err
    assert run("data", "remove", "unga").code == 0
    assert run("data", "add", "unga", wide).code == 0


def test_the_wrong_id_says_what_the_file_is(run: Run, votes: Path, home: Path) -> None:
    ran = run("data", "add", "atop", votes)
    assert ran.code == 2
    assert "is unga (UN General Assembly roll-call votes), not atop" in ran.err
    assert f"`blocs data add unga {votes}`" in ran.err
    assert not home.exists()


def test_unknown_ids_get_the_nearest_name(run: Run, votes: Path) -> None:
    for words in (("add", "ungaa", votes), ("get", "ungaa")):
        ran = run("data", *words)
        assert ran.code == 2
        assert "did you mean unga" in ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "no file of unga there. Its header must hold"),
        ("", "no file of unga there"),
        ("rcid,ccode,vote,date\n1,2,1,1991-10-01\n", "no file of unga there"),
        ("rcid,ccode,vote,date,member\n1,2,77,1991-10-01,1\n", "no row can be used (1 refused"),
    ],
)
def test_files_that_cannot_be_used(
    run: Run, tmp_path: Path, home: Path, text: str, said: str
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(text)
    ran = run("data", "add", "unga", path)
    assert ran.code == 2
    assert said in ran.err
    assert not projects.exists(home)


def test_a_truncated_file_adds_nothing(run: Run, tmp_path: Path, votes: Path, home: Path) -> None:
    whole = gzip.compress(votes.read_bytes() * 50)
    path = tmp_path / "votes.csv.gz"
    path.write_bytes(whole[: len(whole) - 12])
    ran = run("data", "add", "unga", path)
    assert ran.code == 2
    assert "damaged or cut off" in ran.err
    assert not projects.exists(home)


def test_a_missing_path_is_told(run: Run, tmp_path: Path) -> None:
    ran = run("data", "add", "unga", tmp_path / "nowhere.csv")
    assert ran.code == 2
    assert "no such file or folder" in ran.err


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "No space left"), (errno.EROFS, "Read-only file system")]
)
def test_a_disk_that_refuses_leaves_the_old_project(
    run: Run,
    votes: Path,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    said: str,
) -> None:
    run("data", "add", "unga", votes)
    before = tree(home)
    other = tmp_path / "other.csv"
    other.write_text(votes.read_text().replace("1992", "1994"))

    def refuse(source: object, target: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "replace", refuse)
    ran = run("data", "add", "unga", other)
    assert ran.code == 1
    assert said in ran.err
    assert "nothing was changed" in ran.err
    assert tree(home) == before


def test_a_project_that_is_a_file_is_told(run: Run, votes: Path, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("x")
    ran = run("data", "add", "unga", votes, "--project", path)
    assert ran.code == 2
    assert "is a file; a project is a folder" in ran.err


def test_get_fetches_verifies_and_adds(
    run: Run, votes: Path, home: Path, site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, url = site
    (folder / "UNVotes.csv").write_bytes(votes.read_bytes())
    offered(monkeypatch, f"{url}/UNVotes.csv", "UNVotes.csv")
    ran = run("data", "get", "unga", "--json")
    assert ran.code == 0
    assert ran.err.splitlines()[1:] == ["Licence: CC0 1.0", f"Cite: {unga.DATASET.citation}"]
    assert ran.json["dataset"] == "unga"
    digest = hashlib.sha256(votes.read_bytes()).hexdigest()
    assert projects.read_manifest(home).checksums == {f"{url}/UNVotes.csv": digest}
    assert run("data", "check").code == 0
    assert run("data", "get", "unga", "--json", "-q").err == ""


def test_get_refuses_a_file_that_changed_until_told_to_renew(
    run: Run, votes: Path, home: Path, site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, url = site
    (folder / "v.csv").write_bytes(votes.read_bytes())
    offered(monkeypatch, f"{url}/v.csv", "v.csv")
    run("data", "get", "unga")
    (home / "downloads" / "unga" / "v.csv").unlink()
    (folder / "v.csv").write_bytes(votes.read_bytes() + b"3,2,3,1993-05-05,1,0\n")
    ran = run("data", "get", "unga")
    assert ran.code == 1
    assert "the checksum recorded at its first use" in ran.err
    assert "blocs data get unga --renew" in ran.err
    assert run("data", "get", "unga", "--renew").code == 0
    assert run("data", "get", "unga").code == 0


def test_get_unpacks_an_archive(
    run: Run, votes: Path, home: Path, site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, url = site
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.write(votes, "data/UNVotes.csv")
        archive.writestr("README.txt", "read me")
    offered(monkeypatch, f"{url}/all.zip", "all.zip")
    assert run("data", "get", "unga").code == 0
    assert projects.read_facts(home).ballots.height == 5


def test_get_that_fails_says_how_to_do_it_by_hand(
    run: Run, home: Path, site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, url = site
    offered(monkeypatch, f"{url}/gone.csv", "gone.csv")
    ran = run("data", "get", "unga")
    assert ran.code == 1
    assert "is not there (the server answered 404" in ran.err
    assert f"by hand from {unga.DATASET.page} and `blocs data add unga PATH`" in ran.err
    assert not projects.exists(home)


def test_get_without_a_download_names_the_page(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unga, "DATASET", dataclasses.replace(unga.DATASET, downloads=()))
    ran = run("data", "get", "unga")
    assert ran.code == 2
    assert unga.DATASET.page in ran.err


def test_status_lights_layers_by_years(run: Run, votes: Path) -> None:
    empty = run("data", "status", "--json").json
    assert (empty["schema"], empty["exists"], empty["sources"]) == (
        "blocs.data.status/1",
        False,
        [],
    )
    run("data", "add", "unga", votes)
    full = run("data", "status", "--json").json
    spans = [s for s in full["layers"] if s["layer"] == "votes"]
    assert spans[0]["first"] == 1816
    assert spans[0]["dataset"] is None
    assert spans[0]["why"]
    assert {(s["dataset"], s["first"], s["last"]) for s in spans} >= {("unga", 1991, 1992)}
    for before, after in pairwise(spans):
        assert after["first"] == before["last"] + 1
    assert "lit by unga" in run("data", "status").out


def test_check_of_a_file_lists_what_is_refused(run: Run, votes: Path, home: Path) -> None:
    ran = run("data", "check", votes, "--csv")
    assert ran.code == 0
    assert len(ran.out.splitlines()) == 3
    assert not projects.exists(home)
    facts = run("data", "check", votes, "--json").json
    assert facts["schema"] == "blocs.data.check/1"
    assert facts["files"][0]["in_project"] is False


def test_check_finds_damage_in_the_project(run: Run, votes: Path, home: Path) -> None:
    run("data", "add", "unga", votes)
    (table,) = home.glob("tables/ballots-*.parquet")
    table.write_bytes(table.read_bytes()[:50])
    ran = run("data", "check")
    assert ran.code == 2
    assert "is damaged" in ran.err
    assert table.name in ran.err


def test_check_finds_a_changed_download(
    run: Run, votes: Path, home: Path, site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, url = site
    (folder / "v.csv").write_bytes(votes.read_bytes())
    offered(monkeypatch, f"{url}/v.csv", "v.csv")
    run("data", "get", "unga")
    (home / "downloads" / "unga" / "v.csv").write_bytes(b"other")
    ran = run("data", "check")
    assert ran.code == 2
    assert "not the file that was fetched" in ran.err


def test_check_without_a_project_says_how_to_make_one(run: Run) -> None:
    ran = run("data", "check")
    assert ran.code == 2
    assert "is no project yet" in ran.err


def test_remove_takes_it_out_and_logs(run: Run, votes: Path, home: Path) -> None:
    run("data", "add", "unga", votes)
    ran = run("data", "remove", "unga", "--json")
    assert ran.code == 0
    assert ran.json["sources"] == []
    assert not list(home.glob("tables/*"))
    assert '"data remove"' in (home / "runs.jsonl").read_text()
    again = run("data", "remove", "unga")
    assert again.code == 2
    assert "It holds no data set" in again.err


def test_a_bad_use_is_told(run: Run, votes: Path) -> None:
    ran = run("data", "add", "unga", votes, "--use", "unga")
    assert ran.code == 2
    assert "write ID:VERSION" in ran.err
    ran = run("data", "add", "unga", votes, "--use", "unga:wide")
    assert ran.code == 2
    assert "no version 'wide' here; there is long" in ran.err


def test_errors_are_one_json_shape(run: Run) -> None:
    ran = run("data", "get", "nosuch", "--json")
    assert ran.code == 2
    assert ran.err.startswith('{"error":{"kind":"UnknownName"')


def test_it_runs_as_a_program(votes: Path, home: Path) -> None:
    command = [sys.executable, "-m", "blocs", "data", "add", "unga", str(votes)]
    env = {**os.environ, "BLOCS_PROJECT": str(home)}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "5 rows" in done.stdout
