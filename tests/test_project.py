"""A project folder: what is put in comes out, and nothing is ever half there."""

from __future__ import annotations

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import polars as pl
import pytest

from blocs import project
from blocs.contracts import TABLES, Facts
from blocs.errors import BadFile, BadInput, StorageError
from blocs.project import (
    FORMAT,
    Manifest,
    Read,
    add,
    add_sources,
    change_result,
    default_path,
    exists,
    keep_result,
    kept_result,
    read_facts,
    read_manifest,
    record_checksum,
    remove,
)
from blocs.runs import run_of, runs
from tests import world
from tests.killed import entry, killed, told


def names(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_what_is_added_comes_out_again(tmp_path: Path) -> None:
    facts = world.facts("unga")
    manifest = add(tmp_path, facts, entry("one"))
    assert exists(tmp_path)
    assert read_manifest(tmp_path) == manifest
    back = read_facts(tmp_path)
    for name in TABLES:
        assert getattr(back, name).equals(getattr(facts, name)), name
    assert set(manifest.sources[0].tables) == {
        name for name in TABLES if getattr(facts, name).height
    }


def test_only_the_tables_asked_for_are_read(tmp_path: Path) -> None:
    add(tmp_path, world.facts(), entry("one"))
    back = read_facts(tmp_path, tables=("spells",))
    assert back.spells.height == world.spells().height
    assert back.ballots.is_empty()


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert not exists(tmp_path)
    assert read_manifest(tmp_path) == Manifest()
    assert read_facts(tmp_path / "nowhere").spells.is_empty()
    assert names(tmp_path) == set()


def test_sources_are_kept_in_one_order_whatever_came_first(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, order in ((one, "abc"), (other, "cba")):
        for key in order:
            add(folder, told(key), entry(key, dataset={"a": "unga"}.get(key, "atop")))
    assert read_manifest(one) == read_manifest(other)
    assert [e.source_id for e in read_manifest(one).sources] == ["b", "c", "a"]
    assert read_facts(one).coverage.equals(read_facts(other).coverage)
    assert names(one) == names(other)


def test_the_same_source_again_takes_the_place_of_the_first(tmp_path: Path) -> None:
    add(tmp_path, told("a"), entry("same", version="a"))
    before = names(tmp_path)
    add(tmp_path, told("bb"), entry("same", version="bb"))
    assert set(read_facts(tmp_path).spells["value"]) == {2.0}
    assert len(names(tmp_path)) == len(before)
    add(tmp_path, told("a"), entry("same", version="a"))
    assert names(tmp_path) == before


def test_adding_again_mends_a_damaged_table(tmp_path: Path) -> None:
    add(tmp_path, told("a"), entry("same"))
    for file in (tmp_path / "tables").iterdir():
        file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(BadFile, match=r"damaged .*add its source again"):
        read_facts(tmp_path)
    add(tmp_path, told("a"), entry("same"))
    assert read_facts(tmp_path).spells.height == world.spells().height


def test_a_missing_table_is_told(tmp_path: Path) -> None:
    add(tmp_path, told("a"), entry("same"))
    next((tmp_path / "tables").glob("spells-*")).unlink()
    with pytest.raises(BadFile, match="spells-same"):
        read_facts(tmp_path)


def test_remove_takes_the_whole_data_set_and_nothing_else(tmp_path: Path) -> None:
    add(tmp_path, told("a"), entry("one", dataset="unga"))
    add(tmp_path, told("a"), entry("two", dataset="unga"))
    add(tmp_path, told("bb"), entry("three", dataset="atop"))
    manifest = remove(tmp_path, "unga")
    assert [e.source_id for e in manifest.sources] == ["three"]
    assert all("-three-" in name for name in names(tmp_path / "tables"))
    assert remove(tmp_path, "unga") == manifest


def test_checksums_are_remembered_in_order(tmp_path: Path) -> None:
    record_checksum(tmp_path, "https://b", "2")
    record_checksum(tmp_path, "https://a", "1")
    add(tmp_path, told("a"), entry("one"))
    assert list(read_manifest(tmp_path).checksums.items()) == [
        ("https://a", "1"),
        ("https://b", "2"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"format": "one"}',
        '{"format": 1, "sources": 3}',
        '{"format": 1, "unheard": 2}',
        '{"format": 1, "sources": [{"source_id": "x"}]}',
    ],
)
def test_a_damaged_manifest_is_told_and_left_alone(tmp_path: Path, text: str) -> None:
    file = tmp_path / "project.json"
    file.write_text(text)
    with pytest.raises(BadFile, match=r"not a project manifest .*restore it or start anew"):
        read_manifest(tmp_path)
    with pytest.raises(BadFile):
        add(tmp_path, told("a"), entry("one"))
    assert file.read_text() == text


def test_a_project_of_a_newer_blocs_is_left_alone(tmp_path: Path) -> None:
    """It may hold fields that this version has never heard of."""
    text = msgspec.json.encode({"format": FORMAT + 1, "sources": [], "unheard": 1})
    (tmp_path / "project.json").write_bytes(text)
    for act in (read_manifest, read_facts, lambda p: remove(p, "unga")):
        with pytest.raises(BadFile, match=f"format {FORMAT + 1} is newer than this blocs"):
            act(tmp_path)
    assert (tmp_path / "project.json").read_bytes() == text


def _manifest_of_format_1() -> bytes:
    """As the blocs of format 1 wrote it: no number of the last run."""
    told = msgspec.to_builtins(Manifest(sources=(entry("one"),), checksums={"https://a": "1"}))
    del told["run"]
    return msgspec.json.encode(told | {"format": 1})


def test_a_project_of_format_1_is_read_and_taken_over_at_its_next_change(tmp_path: Path) -> None:
    file = tmp_path / "project.json"
    file.write_bytes(_manifest_of_format_1())
    old = read_manifest(tmp_path)
    assert (old.format, old.run) == (FORMAT, 0)
    assert ([e.source_id for e in old.sources], old.checksums) == (["one"], {"https://a": "1"})
    assert file.read_bytes() == _manifest_of_format_1(), "reading changes nothing"
    remove(tmp_path, "atop", run=run_of("data remove", {}, []))
    assert file.read_bytes() == _manifest_of_format_1(), "nor does a change of nothing"
    add(tmp_path, told("a"), entry("two"))
    assert msgspec.json.decode(file.read_bytes())["format"] == FORMAT
    assert [e.source_id for e in read_manifest(tmp_path).sources] == ["one", "two"]


def test_a_format_that_never_was_is_refused(tmp_path: Path) -> None:
    (tmp_path / "project.json").write_bytes(b'{"format": 0}')
    with pytest.raises(BadFile, match="not a project manifest"):
        read_manifest(tmp_path)


def test_every_source_of_one_file_set_or_none(tmp_path: Path) -> None:
    add(tmp_path, told("a"), entry("old"))
    before = names(tmp_path)
    reads = [Read(told("a"), entry("one")), Read(told("a"), entry("two"), tmp_path / "nowhere")]
    with pytest.raises(FileNotFoundError):
        add_sources(tmp_path, reads, run=run_of("data add", {}, []))
    assert names(tmp_path) == before | {"runs.jsonl"}
    assert runs(tmp_path)[0].status == "failed"
    assert "nowhere" in runs(tmp_path)[0].why
    add_sources(tmp_path, reads[:1], run=run_of("data add", {}, []))
    assert [e.source_id for e in read_manifest(tmp_path).sources] == ["old", "one"]
    assert read_manifest(tmp_path).run == runs(tmp_path)[1].number == 2


def test_two_changes_of_a_kept_result_at_once_are_both_kept(tmp_path: Path) -> None:
    def one(n: int) -> None:
        change_result(tmp_path, "all.json", lambda before: (before or b"") + b"%d " % n)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(20)))
    kept = kept_result(tmp_path, "all.json")
    assert sorted(map(int, (kept or b"").split())) == list(range(20))


def test_what_a_killed_writer_left_of_a_result_is_swept(tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / ".one.json.abc.part").write_bytes(b"half")
    (tmp_path / "answers" / ".other.json.abc.part").write_bytes(b"somebody writes this")
    keep_result(tmp_path, "answers/one.json", b"{}")
    assert names(tmp_path / "answers") == {"one.json", ".other.json.abc.part"}


def test_a_file_is_no_project(tmp_path: Path) -> None:
    file = tmp_path / "votes.csv"
    file.write_text("x")
    with pytest.raises(BadInput, match="is a file; a project is a folder"):
        read_manifest(file)
    with pytest.raises(StorageError, match="cannot be written"):
        add(file, told("a"), entry("one"))


@pytest.mark.parametrize("failing", range(1, 6))
def test_a_full_disk_at_any_write_leaves_the_old_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """Spells, flows, coverage, then the manifest: whichever write fails first."""
    add(tmp_path, told("a"), entry("same", version="a"))
    before, manifest = names(tmp_path), read_manifest(tmp_path)
    fsync, calls = os.fsync, []

    def full(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            return
        calls.append(handle)
        if len(calls) == failing:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", full)
    if failing <= 4:
        with pytest.raises(StorageError, match="No space left on device"):
            add(tmp_path, told("bb"), entry("same", version="bb"))
        assert read_manifest(tmp_path) == manifest
        assert names(tmp_path) == before
        assert set(read_facts(tmp_path).flows["value"]) == {1.0}
        monkeypatch.setattr(os, "fsync", fsync)
        add(tmp_path, told("a"), entry("same", version="a"))
        assert names(tmp_path) == before
    else:
        add(tmp_path, told("bb"), entry("same", version="bb"))
        assert len(calls) == 4


def test_a_kill_at_any_moment_leaves_the_old_project_or_the_new(tmp_path: Path) -> None:
    """Thirty kills of a process that does nothing but add one source, two versions in turn."""
    assert killed("project", tmp_path) == {"a": True, "bb": True}
    add(tmp_path, told("a"), entry("same", version="a"))
    assert len(names(tmp_path)) == len({"project.json", ".lock", "spells", "flows", "coverage"})


def test_writers_at_once_take_turns(tmp_path: Path) -> None:
    keys = [f"k{i}" for i in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda key: add(tmp_path, told("a"), entry(key)), keys))
    assert [e.source_id for e in read_manifest(tmp_path).sources] == sorted(keys)
    assert read_facts(tmp_path).coverage.height == len(keys)


def test_a_reader_is_not_hurt_by_a_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables the reader was about to open are swept: it looks again."""
    add(tmp_path, told("a"), entry("same", version="a"))
    seen = [read_manifest(tmp_path)]
    add(tmp_path, told("bb"), entry("same", version="bb"))
    honest = project.read_manifest
    monkeypatch.setattr(project, "read_manifest", lambda path: seen.pop() if seen else honest(path))
    assert set(read_facts(tmp_path).spells["value"]) == {2.0}


def test_the_default_project_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert default_path() == tmp_path / "home-project"
    monkeypatch.delenv("BLOCS_PROJECT")
    assert default_path().parts[-2:] == ("blocs", "project")


def test_tables_stay_as_they_were_typed(tmp_path: Path) -> None:
    add(tmp_path, world.facts(), entry("one"))
    assert read_facts(tmp_path).ballots.schema["vote"] == pl.Enum(
        ["yes", "abstain", "no", "absent"]
    )
    assert Facts().ballots.schema == read_facts(tmp_path).ballots.schema
