"""The log of runs: what was begun on a project, and what came of it.

``runs.jsonl`` is only ever appended to. A run writes one line before it changes anything and
one when it is over; runs are numbered, so that no clock is needed to put them in order. The
manifest says the number of the last run that changed it: a run that was killed in between is
settled by the next writer, ``done`` if the manifest bears its number, else ``cut short``, which
left everything as it was.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import msgspec

from blocs.errors import BadFile, StorageError

LOG: Final = "runs.jsonl"
_BINARY: Final = getattr(os, "O_BINARY", 0)  # Windows alone has it
Status = Literal["begun", "done", "failed", "cut short"]


class Run(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One run of a command: what it used, what it did, what came of it.

    ``number`` counts the runs of a project from 1 (0: logged before runs were numbered);
    ``why`` is the error it failed with.
    """

    number: int = 0
    started: str
    command: str
    params: dict[str, str]
    inputs: tuple[str, ...]
    version: str
    status: Status
    why: str = ""


class _End(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    status: Status
    why: str = ""


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    number: int = 0
    command: str | None = None


def run_of(command: str, params: Mapping[str, str], inputs: Sequence[str]) -> Run:
    """Describe a run of this version of blocs that is about to begin."""
    from blocs import __version__

    return Run(
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        command=command,
        params=dict(params),
        inputs=tuple(inputs),
        version=__version__,
        status="begun",
    )


def begin(folder: Path, run: Run, *, committed: int) -> int:
    """Log that a run begins; settle one that was killed. Call it while nobody else writes.

    Parameters
    ----------
    folder : Path
        The project folder.
    run : Run
        As `run_of` described it.
    committed : int
        Number of the last run that changed the project, by its manifest.

    Returns
    -------
    int
        The number of the run.

    Raises
    ------
    StorageError
        If the log cannot be written; nothing has been done yet.
    """
    _mend(folder / LOG)
    before = runs(folder)
    for left in (one for one in before if one.status == "begun"):
        end(folder, left.number, "done" if left.number == committed else "cut short")
    number = max([committed, *(one.number for one in before)]) + 1
    _append(folder / LOG, msgspec.structs.replace(run, number=number, status="begun"))
    return number


def end(folder: Path, number: int, status: Status, *, why: str = "") -> None:
    """Log what came of a run."""
    _append(folder / LOG, _End(number=number, status=status, why=why))


def runs(folder: Path) -> tuple[Run, ...]:
    """Return the runs of a project in order, each with what came of it.

    A run that is going on, or was killed and is not settled yet, is ``begun``.

    Raises
    ------
    BadFile
        If the log is damaged.
    """
    try:
        raw = (folder / LOG).read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise StorageError(f"{folder / LOG}: cannot be read ({error.strerror})") from None
    found: list[Run] = []
    place: dict[int, int] = {}
    whole, _, _ = raw.rpartition(b"\n")  # what follows is a line that was not finished
    try:
        for line in filter(None, whole.split(b"\n")):
            if msgspec.json.decode(line, type=_Line).command is None:
                last = msgspec.json.decode(line, type=_End)
                run = found[place[last.number]]
                found[place[last.number]] = msgspec.structs.replace(
                    run, status=last.status, why=last.why
                )
            else:
                run = msgspec.json.decode(line, type=Run)
                place[run.number] = len(found)
                found.append(run)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError) as error:
        raise BadFile(
            f"{folder / LOG}: line {len(found) + 1} or after is no run ({error}); move the file "
            "away, a new one is begun"
        ) from None
    return tuple(found)


def _mend(log: Path) -> None:
    """Take away a last line that a full disk or a loss of power left unfinished."""
    with suppress(FileNotFoundError), _told(log), log.open("r+b") as stream:
        raw = stream.read()
        if raw and not raw.endswith(b"\n"):
            stream.truncate(raw.rfind(b"\n") + 1)


def _append(log: Path, line: Run | _End) -> None:
    data = msgspec.json.encode(line) + b"\n"
    with _told(log):
        log.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _BINARY, 0o666)
        try:
            if os.write(handle, data) < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        finally:
            os.close(handle)


@contextmanager
def _told(log: Path) -> Iterator[None]:
    """Say an error of the disk as a StorageError."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StorageError(
            f"{log}: cannot be written ({error.strerror or error}); nothing was changed"
        ) from None
