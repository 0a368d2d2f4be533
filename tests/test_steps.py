"""Work in steps: what was done before an interruption is found again, once, bit for bit."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from blocs.steps import FOLDER, Steps, at_once, in_steps

MADE: list[str] = []


def count(keep: Callable[[str, Callable[[], bytes]], bytes], *, stop: int = 99) -> bytes:
    """Work of four steps, each made from the one before; interrupted when `stop` are made."""
    last = b""

    def make(name: str) -> bytes:
        if len(MADE) == stop:
            raise KeyboardInterrupt
        MADE.append(name)
        return last + name.encode()

    for name in "abcd":
        last = keep(name, lambda name=name: make(name))  # type: ignore[misc]
    return last


@pytest.fixture(autouse=True)
def _nothing_made() -> None:
    MADE.clear()


@pytest.mark.parametrize("stop", range(4))
def test_work_goes_on_after_the_last_step_and_leaves_nothing(tmp_path: Path, stop: int) -> None:
    with pytest.raises(KeyboardInterrupt), in_steps(tmp_path, "work") as keep:
        count(keep, stop=stop)
    assert len(list((tmp_path / FOLDER).glob("work/*"))) == stop
    with in_steps(tmp_path, "work") as keep:
        assert count(keep) == b"abcd" == count(at_once)
    assert "".join(MADE) == "abcd" * 2
    assert not (tmp_path / FOLDER).exists()


def test_an_error_keeps_the_steps_and_other_work_does_not_find_them(tmp_path: Path) -> None:
    def fails() -> bytes:
        raise ZeroDivisionError

    with suppress(ZeroDivisionError), in_steps(tmp_path, "work") as keep:
        keep("a", lambda: b"old")
        keep("b", fails)
    with in_steps(tmp_path, "other") as keep:
        assert keep("a", lambda: b"new") == b"new"
    with in_steps(tmp_path, "work") as keep:
        assert keep("a", lambda: b"new") == b"old"


@pytest.mark.parametrize("cut", [0, 5, -1])
def test_a_damaged_step_is_made_again(tmp_path: Path, cut: int) -> None:
    with pytest.raises(KeyboardInterrupt), in_steps(tmp_path, "work") as keep:
        count(keep, stop=1)
    (file,) = (tmp_path / FOLDER / "work").iterdir()
    file.write_bytes(file.read_bytes()[:cut])
    with in_steps(tmp_path, "work") as keep:
        assert count(keep) == b"abcd"
    assert "".join(MADE) == "aabcd"


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), in_steps(tmp_path, "work") as keep:
        count(keep, stop=1)
    (file,) = (tmp_path / FOLDER / "work").iterdir()
    raw = file.read_bytes()
    for at in range(len(raw)):
        file.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        assert Steps(tmp_path, "work")("a", lambda: b"a") == b"a"


def test_the_time_that_found_steps_took_is_known(tmp_path: Path) -> None:
    def work() -> bytes:
        began = time.process_time()
        while time.process_time() < began + 0.02:
            pass
        return b""

    with suppress(KeyboardInterrupt), in_steps(tmp_path, "work") as keep:
        keep("a", work)
        assert keep.saved == 0
        raise KeyboardInterrupt
    with in_steps(tmp_path, "work") as keep:
        keep("a", work)
        assert 0.02 <= keep.saved < 1


def test_where_nothing_can_be_written_the_work_is_done_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with in_steps(tmp_path / "file", "work") as keep:
        assert count(keep) == b"abcd"
    with in_steps(None, "work") as keep:
        assert count(keep) == b"abcd"
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_work_that_nobody_came_back_to_goes_after_a_month(tmp_path: Path) -> None:
    for name, days in (("lately", 20), ("long ago", 40)):
        with pytest.raises(KeyboardInterrupt), in_steps(tmp_path, name) as keep:
            count(keep, stop=len(MADE) + 1)
        then = time.time() - days * 86_400
        os.utime(tmp_path / FOLDER / name, (then, then))
    with in_steps(tmp_path, "work") as keep:
        count(keep)
    assert [p.name for p in (tmp_path / FOLDER).iterdir()] == ["lately"]
