"""Long work in steps, each kept in a project as soon as it is done.

Work that is interrupted or killed goes on after the last step that was kept, and ends with the
bytes that it would have ended with: a step is made from nothing but the input that names the
work and the steps before it, and is kept bit for bit. When the work is over its steps are taken
away; those of work that nobody came back to go after a month.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from blocs.errors import StorageError
from blocs.project import drop_results, keep_result, kept_result

FOLDER: Final = "unfinished"
_FORGOTTEN: Final = 30 * 86_400
"""Seconds after which the steps of work that was not taken up again are taken away."""


class _Step(msgspec.Struct, frozen=True, array_like=True):
    seconds: float
    made: bytes


class Steps:
    """The steps of one piece of work: ``steps(name, make)`` makes one, or finds it made.

    Attributes
    ----------
    saved : float
        CPU seconds that the steps found took when they were made.
    """

    def __init__(self, home: Path | None, work: str) -> None:
        self._home, self._work = home, f"{FOLDER}/{work}"
        self.saved = 0.0

    def __call__(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return what `make` returns, or what it returned before the work was interrupted.

        Parameters
        ----------
        name : str
            Of the step; a file's name.
        make : callable
            Makes it.
        """
        found = self._found(name)
        if found is not None:
            self.saved += found.seconds
            return found.made
        began = time.process_time()
        made = make()
        self._keep(name, _Step(time.process_time() - began, made))
        return made

    def _found(self, name: str) -> _Step | None:
        """Return the step if it is there, whole; a damaged one is made again."""
        import zstandard

        if self._home is None:
            return None
        with suppress(StorageError, zstandard.ZstdError, msgspec.DecodeError):
            raw = kept_result(self._home, f"{self._work}/{name}")
            if raw is not None:
                return msgspec.msgpack.decode(zstandard.decompress(raw), type=_Step)
        return None

    def _keep(self, name: str, step: _Step) -> None:
        """Keep a step; where nothing can be written the work goes on without."""
        import zstandard

        if self._home is None:
            return
        packed = zstandard.ZstdCompressor(level=1, write_checksum=True)
        try:
            data = packed.compress(msgspec.msgpack.encode(step))
            keep_result(self._home, f"{self._work}/{name}", data)
        except StorageError:
            self._home = None


def at_once(name: str, make: Callable[[], bytes]) -> bytes:
    """Keep nothing: what ``keep`` is where no project is at hand."""
    return make()


@contextmanager
def in_steps(home: Path | None, work: str) -> Iterator[Steps]:
    """Do some work in steps that are kept until the block is left without an error.

    Parameters
    ----------
    home : Path or None
        The project that keeps them; None keeps nothing.
    work : str
        Names the work by all that its result depends on: a hash of input, settings and version.

    Examples
    --------
    >>> with in_steps(None, "count") as keep:
    ...     keep("one", lambda: b"1")
    b'1'
    """
    if home is not None:
        for old in _forgotten(home):
            drop_results(home, f"{FOLDER}/{old}")
    try:
        yield Steps(home, work)
    except KeyboardInterrupt:
        if home is not None and (home / FOLDER / work).is_dir():
            raise KeyboardInterrupt("the same command goes on from here") from None
        raise
    if home is not None and (home / FOLDER / work).is_dir():
        drop_results(home, f"{FOLDER}/{work}")


def _forgotten(home: Path) -> list[str]:
    """Name work that was left unfinished a month ago."""
    now, found = time.time(), []
    with suppress(OSError):
        for folder in (home / FOLDER).iterdir():
            if now - folder.stat().st_mtime > _FORGOTTEN:
                found.append(folder.name)
    return sorted(found)
