"""Progress goes to standard error: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import io
import sys
import time

import pytest

from blocs.views import progress as module
from blocs.views.progress import announce, hushed, progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_short_work_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as step:
        watch = step("fetching")
        watch(1, 2)
        watch(2, 2)
    assert capsys.readouterr() == ("", "")


def test_long_work_says_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 0.5, 1.5, 2.0, 7.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    with progress() as step:
        watch = step("fetching a.csv")
        for done in (1_000_000, 2_000_000, 3_000_000, 4_000_000):
            watch(done, 4_000_000)
    assert capsys.readouterr().err.splitlines() == [
        "fetching a.csv: 2.0 MB of 4.0 MB, about 2 seconds left",
        "fetching a.csv: 4.0 MB of 4.0 MB",
    ]


@pytest.mark.parametrize(
    ("done", "said"),
    [(900, "about 1 second left"), (100, "about 90 seconds left"), (20, "about 8 minutes left")],
)
def test_the_time_left_is_told_from_the_speed_since_the_first_word(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, done: int, said: str
) -> None:
    clock = iter([0.0, 100.0, 110.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(module, "_SOON", 1000.0)
    monkeypatch.setattr(module, "_EVERY", 1000.0)
    with progress(unit="files") as step:
        watch = step("summing")
        monkeypatch.setattr(module, "_EVERY", 105.0)
        watch(5000, 6000)  # what an earlier run had done says nothing of speed
        watch(5000 + done, 6000)
    assert capsys.readouterr().err == f"summing: {5000 + done:,} of 6,000 files, {said}\n"


def test_a_terminal_gets_a_bar_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(module, "_SOON", 0.0)
    with progress() as step:
        watch = step("fetching")
        time.sleep(0.05)
        watch(500, 1000)
        step("reading")
    assert "fetching" in terminal.getvalue() or "reading" in terminal.getvalue()


def test_an_error_inside_passes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with pytest.raises(KeyError), progress():
        raise KeyError("x")


def test_hushed_work_says_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SOON", 0.0)
    monkeypatch.setattr(module, "_EVERY", 0.0)
    with hushed(quiet=True), progress() as step:
        announce("the licence")
        step("fetching")(1, 2)
    assert capsys.readouterr() == ("", "")
    with hushed(quiet=False):
        announce("the licence")
    assert capsys.readouterr().err == "the licence\n"


def test_a_hushed_terminal_gets_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(module, "_SOON", 0.0)
    with hushed(quiet=True), progress() as step:
        step("fetching")
        time.sleep(0.05)
    assert terminal.getvalue() == ""
