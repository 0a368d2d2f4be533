"""The log of runs: what was begun, what came of it, whatever happened in between."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs import project
from blocs.errors import BadFile, StorageError
from blocs.runs import LOG, begin, end, run_of, runs
from tests.killed import entry, told

RUN = run_of("data add", {"dataset": "line\nbreak"}, ["a" * 64])


def statuses(folder: Path) -> list[str]:
    return [run.status for run in runs(folder)]


def test_a_folder_without_a_log_had_no_runs(tmp_path: Path) -> None:
    assert runs(tmp_path / "nowhere") == ()


def test_a_run_is_begun_and_ended(tmp_path: Path) -> None:
    assert begin(tmp_path / "new", RUN, committed=0) == 1
    (begun,) = runs(tmp_path / "new")
    assert begun == msgspec.structs.replace(RUN, number=1, status="begun")
    end(tmp_path / "new", 1, "done")
    assert statuses(tmp_path / "new") == ["done"]
    assert (tmp_path / "new" / LOG).read_bytes().count(b"\n") == 2


@pytest.mark.parametrize(("committed", "status"), [(0, "cut short"), (1, "done")])
def test_a_killed_run_is_settled_by_what_the_manifest_bears(
    tmp_path: Path, committed: int, status: str
) -> None:
    begin(tmp_path, RUN, committed=0)
    assert begin(tmp_path, RUN, committed=committed) == 2
    assert statuses(tmp_path) == [status, "begun"]


@given(cut=st.integers(1, 200))
def test_a_line_that_was_not_finished_is_no_run(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    begin(folder, RUN, committed=0)
    whole = (folder / LOG).read_bytes()
    (folder / LOG).write_bytes(whole + whole[:-cut][: len(whole) - 1])
    assert statuses(folder) == ["begun"]
    begin(folder, RUN, committed=0)
    assert statuses(folder) == ["cut short", "begun"]


def test_a_log_of_format_1_is_read_and_counted_on(tmp_path: Path) -> None:
    """Before runs were numbered, one line was one run that was over."""
    line = (
        b'{"started":"2024-06-04T12:00:00+00:00","command":"data add","params":{},'
        b'"inputs":["a"],"version":"0","status":"done"}\n'
    )
    (tmp_path / LOG).write_bytes(line * 2)
    assert [(r.number, r.status) for r in runs(tmp_path)] == [(0, "done"), (0, "done")]
    assert begin(tmp_path, RUN, committed=0) == 1


@pytest.mark.parametrize("line", [b"{", b"[]", b'{"command": 1}', b'{"number": 7}'])
def test_a_damaged_log_is_told(tmp_path: Path, line: bytes) -> None:
    (tmp_path / LOG).write_bytes(line + b"\n")
    with pytest.raises(BadFile, match="line 1 or after is no run"):
        runs(tmp_path)
    with pytest.raises(BadFile, match="move the file away"):
        begin(tmp_path, RUN, committed=0)


def test_a_clock_that_jumps_back_changes_no_order(tmp_path: Path) -> None:
    for day in ("2031-01-01", "2019-01-01", "2025-01-01"):
        end(
            tmp_path,
            begin(tmp_path, msgspec.structs.replace(RUN, started=day), committed=0),
            "done",
        )
    assert [r.number for r in runs(tmp_path)] == [1, 2, 3]
    assert [r.started[:4] for r in runs(tmp_path)] == ["2031", "2019", "2025"]


def test_a_project_is_not_touched_where_the_log_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.add(tmp_path, told("a"), entry("old"))
    before = sorted(p for p in tmp_path.rglob("*"))

    def full(_handle: int, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(StorageError, match=r"No space left on device.*nothing was changed"):
            project.remove(tmp_path, "unga", run=RUN)
    assert sorted(p for p in tmp_path.rglob("*") if p.name != LOG) == before
    assert runs(tmp_path) == ()


def test_a_run_that_is_done_is_done_though_the_log_was_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The manifest bears its number, and the next run says so."""

    def full(*_: object) -> None:
        raise StorageError("full")

    with monkeypatch.context() as patch:
        patch.setattr("blocs.runs.end", full)
        project.add_sources(tmp_path, [project.Read(told("a"), entry("one"))], run=RUN)
    assert statuses(tmp_path) == ["begun"]
    project.remove(tmp_path, "unga", run=RUN)
    assert statuses(tmp_path) == ["done", "done"]


def test_an_interrupted_run_says_why(tmp_path: Path) -> None:
    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        project.put_corrections(tmp_path, stop, run=RUN)  # type: ignore[arg-type]
    (run,) = runs(tmp_path)
    assert (run.status, run.why) == ("failed", "KeyboardInterrupt")
