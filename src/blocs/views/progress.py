"""Says on standard error how long work is going, without touching the answer."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

Watch: TypeAlias = Callable[[int, int | None], None]
Step: TypeAlias = Callable[[str], Watch]

_QUIET: ContextVar[bool] = ContextVar("quiet", default=False)
_SOON = 1.0
_EVERY = 5.0


@contextmanager
def hushed(quiet: bool) -> Iterator[None]:
    """Keep progress and announcements to oneself while the block runs, if asked to."""
    before = _QUIET.set(quiet)
    try:
        yield
    finally:
        _QUIET.reset(before)


@contextmanager
def progress(*, unit: str = "") -> Iterator[Step]:
    """Show the steps of some work that may take more than a second.

    On a terminal a bar appears after a second and goes away at the end;
    elsewhere a plain line is written every few seconds, with the time that is left.

    Parameters
    ----------
    unit : str
        What is counted ("models"); bytes if empty.

    Yields
    ------
    Step
        ``step(title)`` begins a step and returns ``watch(done, total)``.
    """
    if sys.stderr.isatty() and not _QUIET.get():
        with _bars(counted=bool(unit)) as step:
            yield step
    else:
        yield lambda title: _plain_step(title, unit)


def announce(text: str) -> None:
    """Say something at once, before the answer is known; nothing where it is hushed."""
    if _QUIET.get():
        return
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def every_few_seconds() -> Callable[[str], None]:
    """Return what announces a step of long work, at most one every few seconds.

    Nothing is said in the first second, nor where it is hushed.
    """
    said = time.monotonic() + _SOON - _EVERY

    def tell(text: str) -> None:
        nonlocal said
        if time.monotonic() - said >= _EVERY:
            said = time.monotonic()
            announce(text)

    return tell


def _plain_step(title: str, unit: str) -> Watch:
    said = time.monotonic() + _SOON - _EVERY
    began: tuple[float, int] | None = None

    def watch(done: int, total: int | None) -> None:
        nonlocal said, began
        now = time.monotonic()
        began = began or (now, done)
        if now - said >= _EVERY:
            said = now
            left = _left(now - began[0], done - began[1], (total or 0) - done)
            announce(f"{title}: {_how_far(done, total, unit)}{left}")

    return watch


def _left(seconds: float, done: int, rest: int) -> str:
    """Tell how long the rest takes at the speed so far; nothing where none can be told."""
    if done <= 0 or rest <= 0:
        return ""
    expected = seconds * rest / done
    for unit, many in (("hour", 3600), ("minute", 60), ("second", 1)):
        if expected >= 2 * many or many == 1:
            n = max(round(expected / many), 1)
            return f", about {n} {unit}{'s' if n > 1 else ''} left"
    return ""


@contextmanager
def _bars(*, counted: bool) -> Iterator[Step]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    amounts = (MofNCompleteColumn(),) if counted else (DownloadColumn(), TransferSpeedColumn())
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        *amounts,
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    later = threading.Timer(_SOON, bars.start)
    later.start()
    try:
        yield lambda title: _bar_step(bars, title)
    finally:
        later.cancel()
        later.join()
        bars.stop()


def _bar_step(bars: Progress, title: str) -> Watch:
    for earlier in bars.task_ids:
        bars.remove_task(earlier)
    task: TaskID = bars.add_task(title, total=None)
    return lambda done, total: bars.update(task, completed=done, total=total)


def _how_far(done: int, total: int | None, unit: str) -> str:
    if unit:
        return (f"{done:,} of {total:,} " if total else f"{done:,} ") + unit
    return _megabytes(done) + (f" of {_megabytes(total)}" if total else "")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
