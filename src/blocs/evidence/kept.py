"""Work on very many files, each result kept as it comes: kill it, start it again, it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, TypeVar

import msgspec

from blocs import files
from blocs.errors import BadInput, StorageError

T = TypeVar("T")
R = TypeVar("R")


def each(work: Callable[[T], R], tasks: Iterable[T], *, workers: int) -> Iterator[R]:
    """Do the tasks on some processes and give the results in the order of the tasks.

    Few tasks wait at a time, so that their number costs no memory. Under
    ``joblib.parallel_config`` they go to whatever cluster it names.
    """
    if workers < 2:
        return map(work, tasks)
    from joblib import Parallel, delayed

    run = Parallel(n_jobs=workers, return_as="generator", pre_dispatch="4*n_jobs", batch_size=1)
    done: Iterator[R] = run(delayed(work)(task) for task in tasks)
    return done


def keep(place: Path, kind: type[R], make: Callable[[], R]) -> R:
    """Return what an interrupted run left at `place`, or make it and leave it there.

    A place that cannot be written keeps nothing, which is no error.
    """
    if place.is_file():
        with suppress(BadInput, msgspec.DecodeError):
            return msgspec.json.decode(files.read_bytes(place), type=kind)
    made = make()
    with suppress(StorageError):
        files.write_atomic(place, partial(_written, made))
    return made


def _written(made: object, out: IO[bytes]) -> None:
    out.write(msgspec.json.encode(made))


def forget(places: Iterable[Path]) -> None:
    """Remove what was kept, whole or half written, and the folder when nothing is left in it."""
    folders = set()
    for place in places:
        with suppress(OSError):
            place.unlink(missing_ok=True)
        folders.add(place.parent)
    for folder in folders:
        with suppress(OSError):
            for part in folder.glob(".*.part"):
                part.unlink(missing_ok=True)
            folder.rmdir()  # fails, as it should, unless it is empty
