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
def progress() -> Iterator[Step]:
    """Show the steps of some work that may take more than a second.

    On a terminal a bar appears after a second and goes away at the end;
    elsewhere a plain line is written every few seconds.

    Yields
    ------
    Step
        ``step(title)`` begins a step and returns ``watch(done, total)``, in bytes.
    """
    if sys.stderr.isatty() and not _QUIET.get():
        with _bars() as step:
            yield step
    else:
        yield _plain_step


def announce(text: str) -> None:
    """Say something at once, before the answer is known; nothing where it is hushed."""
    if _QUIET.get():
        return
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _plain_step(title: str) -> Watch:
    said = time.monotonic() + _SOON - _EVERY

    def watch(done: int, total: int | None) -> None:
        nonlocal said
        now = time.monotonic()
        if now - said >= _EVERY:
            said = now
            announce(f"{title}: {_amount(done)}" + (f" of {_amount(total)}" if total else ""))

    return watch


@contextmanager
def _bars() -> Iterator[Step]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
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


def _amount(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
