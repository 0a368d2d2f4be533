"""Plain copies of event files that engines cannot open as they are, made in a stream."""

from __future__ import annotations

import gzip
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from blocs.errors import BadFile, BadInput
from blocs.files import write_atomic

_GZIP, _ZSTD, _ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
_PATTERN = frozenset(
    "*?[]{}" + ("\\" if os.sep == "/" else "")
)  # what an engine would take for a pattern of names
_CHUNK = 1 << 20
_KEPT = b"\r"


def plain_file(path: Path, place: Path) -> Path:
    """Return a file as text or Parquet: itself, or a copy if it is packed or has odd line ends.

    Raises
    ------
    BadInput
        If the place has a name that an engine would take for a pattern.
    BadFile
        If it is damaged, cut off, or a zip archive of several files.
    StorageError
        If there is no room for the copy.
    """
    with path.open("rb") as stream:
        start = stream.read(_CHUNK)
    packed = start.startswith((_GZIP, _ZSTD, _ZIP))
    if not packed and not _PATTERN & set(str(path)) and _returns(start) == _KEPT:
        return path
    if marks := _PATTERN & set(str(place.parent)):
        raise BadInput(
            f"{place.parent}: an engine would take {' '.join(sorted(marks))} for a pattern of "
            "names; give another --project"
        )
    write_atomic(place, lambda out: _copied(path, start, out))
    return place


def _copied(path: Path, start: bytes, out: IO[bytes]) -> None:
    with _opened(path, start) as stream:
        data = _part(path, stream)
        returns = _returns(data)
        while data:
            out.write(data if returns == _KEPT else data.replace(_KEPT, returns))
            data = _part(path, stream)


def _returns(start: bytes) -> bytes:
    """What to put for a carriage return: engines refuse or misread it where it is not of Windows.

    Nothing where only some lines end with it, as on Windows; a line feed where it ends them alone.
    """
    lines, windows = start.count(b"\n"), start.count(b"\r\n")
    if start.startswith(b"PAR1") or windows == lines > 0:
        return _KEPT
    return b"" if windows else _KEPT if lines else b"\n"


def _part(path: Path, stream: IO[bytes]) -> bytes:
    import zstandard

    try:
        return stream.read(_CHUNK)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, zstandard.ZstdError) as error:
        raise BadFile(
            f"{path}: the compressed file is damaged or cut off ({error}); fetch it again"
        ) from None


@contextmanager
def _opened(path: Path, start: bytes) -> Iterator[IO[bytes]]:
    if start.startswith(_ZIP):
        with zipfile.ZipFile(path) as archive, archive.open(_only(path, archive)) as stream:
            yield stream
        return
    with path.open("rb") as raw:
        if start.startswith(_GZIP):
            yield gzip.GzipFile(fileobj=raw)  # type: ignore[misc]
        elif start.startswith(_ZSTD):
            import zstandard

            yield zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
        else:
            yield raw


def _only(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [m for m in archive.infolist() if not m.is_dir()]
    if len(members) != 1:
        raise BadFile(f"{path}: the zip archive holds {len(members)} files; unpack it first")
    return members[0]
