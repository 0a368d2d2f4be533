"""A folder of articles: bad files set aside, an interrupted run goes on, the same answer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from blocs import files
from blocs.errors import BadFile, BadInput
from blocs.evidence import claims, kept, readings
from blocs.evidence.readings import Readings, read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "articles"
    place.mkdir()
    for i in range(12):
        text = f"Seoul said on Monday that Pyongyang sent up to {i + 2},000 soldiers.\n"
        (place / f"2024-11-{i + 1:02}-story.txt").write_text(text)
    (place / "a.html").write_text("<p>Norway issued an ultimatum to Chile on Monday.</p>")
    (place / "binary.txt").write_bytes(b"%PDF-1.7\n\x00\x01\x02")
    (place / "empty.txt").write_bytes(b"")
    return place


def told(found: Readings) -> bytes:
    return msgspec.json.encode(found)


def test_bad_files_of_a_folder_are_set_aside_with_the_reason(folder: Path) -> None:
    found = read(folder)
    assert [Path(one.file).name for one in found.set_aside] == ["binary.txt", "empty.txt"]
    assert "holds no text" in found.set_aside[1].reason
    assert len(found.articles) == 13
    with pytest.raises(BadFile):
        read(folder / "binary.txt")
    for path in folder.iterdir():
        path.write_bytes(b"")
    with pytest.raises(BadFile, match="none of 15 files can be read"):
        read(folder)


def test_what_is_no_file_to_read_is_set_aside(folder: Path) -> None:
    (folder / "gone.txt").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.txt")
    (folder / "more").mkdir()
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "loop.txt").symlink_to(folder)
    odd = os.fsencode(folder) + b"/odd-\xff.txt"
    try:
        Path(os.fsdecode(odd)).write_bytes(b"Seoul protested.")
    except OSError:
        pytest.skip("this file system has names in Unicode alone")
    found = read(folder, keep=folder.parent / "kept")
    reasons = {Path(one.file).name: one.reason for one in found.set_aside}
    assert "a link that leads nowhere" in reasons["gone.txt"]
    assert reasons["pipe.txt"].endswith("no file")
    assert "its name is not UTF-8" in reasons["odd-\\udcff.txt"]
    assert "(loop.txt, more, picture.png)" in reasons["articles"]
    assert len(found.articles) == 13
    told(found)


def test_a_file_that_cannot_be_opened_does_not_end_the_reading(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = files.sha256

    def denied(path: Path) -> str:
        if path.name == "a.html":
            raise BadInput(f"{path}: cannot be read (Permission denied)")
        return whole(path)

    monkeypatch.setattr(files, "sha256", denied)
    found = read(folder, keep=folder.parent / "kept")
    assert "Permission denied" in found.set_aside[0].reason
    assert len(found.articles) == 12


def test_a_file_the_reader_fails_on_is_set_aside(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = claims.read_article

    def fails(article: claims.Article, **given: object) -> object:
        if "3,000" in article.text:
            raise RecursionError("too deep")
        return whole(article, **given)

    monkeypatch.setattr(claims, "read_article", fails)
    found = read(folder)
    assert Path(found.set_aside[0].file).name == "2024-11-02-story.txt"
    assert "RecursionError: too deep" in found.set_aside[0].reason


def test_several_processes_and_a_kept_half_give_the_same_bytes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = told(read(folder))
    keep = tmp_path / "kept"
    calls = 0
    whole = kept.keep

    def stops(place: Path, kind: type, make: object) -> object:
        nonlocal calls
        calls += 1
        if calls > 5:
            raise KeyboardInterrupt
        return whole(place, kind, make)

    with monkeypatch.context() as patch:
        patch.setattr(kept, "keep", stops)
        with pytest.raises(KeyboardInterrupt):
            read(folder, keep=keep)
    left = sorted(keep.iterdir())
    assert len(left) == 5
    left[0].write_bytes(left[0].read_bytes()[:40])  # as a disk may leave it
    monkeypatch.setattr(readings, "_ENOUGH", 0)
    assert told(read(folder, keep=keep, workers=2)) == once
    assert not keep.exists()


def test_a_run_that_is_killed_completes_when_it_is_run_again(folder: Path, tmp_path: Path) -> None:
    keep = tmp_path / "kept"
    code = "import sys, blocs, pathlib; blocs.read(sys.argv[1], keep=pathlib.Path(sys.argv[2]))"
    words = [sys.executable, "-c", code, str(folder), str(keep)]
    running = subprocess.Popen(words, start_new_session=True)  # its workers are killed with it
    while running.poll() is None and not (keep.is_dir() and any(keep.glob("*.json"))):
        time.sleep(0.01)
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert told(read(folder, keep=keep)) == told(read(folder))
    assert not keep.exists()


def test_what_a_killed_writer_left_half_written_is_removed(tmp_path: Path) -> None:
    place = tmp_path / "kept" / "one.json"
    kept.keep(place, dict[str, int], lambda: {"n": 1})
    (place.parent / f".{place.name}.x1.part").write_bytes(b"{")
    kept.forget([place])
    assert not place.parent.exists()
