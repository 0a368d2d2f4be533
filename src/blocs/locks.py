"""One writer at a time: a lock file, and beside it who holds it.

The lock is the operating system's (flock, or byte ranges on Windows): it ends with its
process, however that ends, so that a kill leaves no lock behind, and no clock is asked. The
holder's name lies in a file of its own, since Windows lets nobody read a file that is locked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from blocs.errors import StorageError

_HOLDER = ".by"


@contextmanager
def locked(path: Path, *, seconds: float = 10.0) -> Iterator[None]:
    """Hold a lock file while the block runs, so that two writers take turns.

    Parameters
    ----------
    path : Path
        The lock file; its folder is made if missing.
    seconds : float
        How long to wait for another writer.

    Raises
    ------
    StorageError
        If another writer still holds the lock after `seconds`, naming it; if the folder
        cannot be written, or lies where files cannot be locked.
    """
    from filelock import FileLock, Timeout

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, timeout=seconds)
        lock.acquire()
    except Timeout:
        raise StorageError(
            f"{path.parent} is being written by another process{_holder(path)}; try again when "
            "it is done"
        ) from None
    except NotImplementedError:
        raise StorageError(
            f"{path.parent}: files cannot be locked there; name a folder on another disk"
        ) from None
    except OSError as error:
        raise StorageError(f"{path.parent}: cannot be written ({error.strerror})") from None
    try:
        _name_holder(path)
        yield
    finally:
        with suppress(OSError):
            _by(path).unlink(missing_ok=True)
        lock.release()


def _by(path: Path) -> Path:
    return path.with_name(path.name + _HOLDER)


def _name_holder(path: Path) -> None:
    import platform

    with suppress(OSError):  # a courtesy: the lock holds without it
        _by(path).write_text(f"process {os.getpid()} on {platform.node()}", encoding="utf-8")


def _holder(path: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        if name := _by(path).read_text(encoding="utf-8").strip():
            return f" ({name})"
    return ""
