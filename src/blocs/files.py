"""The only door to the disk: open, sniff, decompress, write atomically, lock.

Every reader of a publisher's file comes through `read_bytes` and `read_table`;
every writer through `write_atomic`, so that a kill at any moment leaves the old
file or the new one, never half.
"""

from __future__ import annotations

import filecmp
import gzip
import hashlib
import io
import os
import shutil
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

import polars as pl

from blocs.errors import BadFile, BadInput, StorageError, first_line
from blocs.locks import locked as locked

_GZIP, _ZSTD, _ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
_HEAD_BYTES = 1 << 16
_PAUSES = (0.01, 0.05, 0.1, 0.5, 1.0)
"""Seconds to wait for those who hold a file open that is to be replaced."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of evidence on disk, with the header that tells what it is.

    Attributes
    ----------
    path : Path
        Where it lies.
    columns : tuple of str
        Column names of its first table line; empty if it is not a table.
    separator : str
        Character between columns.
    skip : int
        Lines before the header (a preamble).
    start : bytes
        Its first bytes, unpacked, which tell formats that are no tables.
    names : frozenset of str
        The columns in lower case, without spaces around them.
    """

    path: Path
    columns: tuple[str, ...]
    separator: str
    skip: int = 0
    start: bytes = field(default=b"", compare=False, repr=False)
    names: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Fold the names once: every known form of a table is tried against them."""
        object.__setattr__(self, "names", frozenset(c.strip().lower() for c in self.columns))

    @property
    def name(self) -> str:
        """File name without its folder."""
        return self.path.name


def read_bytes(path: Path) -> bytes:
    """Read a file whole, decompressing gzip, zstd and one-member zip archives.

    The format is told by the first bytes, never by the name.

    Raises
    ------
    BadInput
        If the file does not exist or cannot be opened.
    BadFile
        If it is truncated or damaged.
    """
    raw = _raw_bytes(path)
    try:
        if raw.startswith(_GZIP):
            return gzip.decompress(raw)
        if raw.startswith(_ZSTD):
            return _unzstd(raw)
        if raw.startswith(_ZIP):
            return _unzip(path, io.BytesIO(raw))
    except BadFile:
        raise
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, ValueError) as error:
        raise BadFile(
            f"{path}: the compressed file is damaged or cut off ({error}); fetch it again"
        ) from None
    return raw


def read_head(path: Path) -> bytes:
    """Read the first quarter megabyte of a file, decompressed; a cut tail is no error."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(_HEAD_BYTES)
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from None
    if raw.startswith(_GZIP):
        return _partly(lambda data: zlib.decompressobj(31).decompress(data, _HEAD_BYTES), raw, path)
    if raw.startswith(_ZSTD):
        import zstandard

        reader = zstandard.ZstdDecompressor().stream_reader
        return _partly(lambda data: reader(data).read(_HEAD_BYTES), raw, path)
    if raw.startswith(_ZIP):
        with path.open("rb") as stream:
            return _partly(lambda _: _unzip(path, stream, _HEAD_BYTES), raw, path)
    return raw


def decode(data: bytes) -> str:
    r"""Decode text: UTF-8 (a byte-order mark is dropped), else Windows Latin-1.

    Examples
    --------
    >>> decode(b"\xef\xbb\xbfCouncil,Date"), decode(b"C\xf4te d'Ivoire")
    ('Council,Date', "Côte d'Ivoire")
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def sniff(path: Path) -> SourceFile:
    """Find the header of a table: its separator, columns and preamble lines."""
    head = read_head(path)
    start = head[:16]
    if b"\x00" in head[:4096]:
        return SourceFile(path, (), "", start=start)
    lines = [decode(line) for line in head.splitlines()[:40]]
    separator, widths = max((_widths(lines, mark) for mark in "\t,;"), key=_typical)
    skip = next((i for i, width in enumerate(widths) if width and width >= max(widths) // 2), 0)
    if not lines or not widths[skip]:
        return SourceFile(path, (), "", start=start)
    return SourceFile(path, _split(lines[skip], separator), separator, skip, start)


def read_table(
    file: SourceFile,
    *,
    columns: Sequence[str] | None = None,
    dtypes: Mapping[str, pl.DataType | type[pl.DataType]] | None = None,
    nulls: Sequence[str] = ("",),
    names: Sequence[str] = (),
    quotes: bool = True,
    strict: bool = False,
) -> pl.DataFrame:
    """Read a delimited file as text columns (or the types given), plus ``row``.

    Parameters
    ----------
    file : SourceFile
        As `sniff` returned it.
    columns : sequence of str, optional
        Columns to keep; all by default.
    dtypes : mapping, optional
        Column types; a value that does not fit becomes null, so give types only
        to columns whose nulls the reader rejects aloud. Other columns are text.
    nulls : sequence of str
        Spellings of "missing".
    names : sequence of str
        Column names of a file that has no header; its first line is a row.
    quotes : bool
        Whether ``"`` encloses cells; false where it is a letter like any other.
    strict : bool
        Refuse the file where a value does not fit `dtypes`.

    Returns
    -------
    pl.DataFrame
        The table, with ``row`` (1 = first row under the header) in front.

    Raises
    ------
    BadFile
        If the file is damaged, a wanted column is missing, or (`strict`) a value
        does not fit its type.
    """
    if names:
        file = replace(file, columns=tuple(names))
    missing = sorted(set(columns or ()) - set(file.columns))
    if missing:
        raise BadFile(
            f"{file.path}: column {missing[0]!r} is missing; the file has "
            f"{', '.join(file.columns[:12])}{' ...' if len(file.columns) > 12 else ''}"
        )
    data = _line_feeds(read_bytes(file.path))
    form = _Form(not names, quotes, strict)
    try:
        frame = _parse(data, file, columns, dtypes, nulls, form)
    except UnicodeDecodeError:
        frame = _parse(decode(data).encode(), file, columns, dtypes, nulls, form)
    return frame.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))


def sha256(path: Path) -> str:
    """SHA-256 of the file's bytes as they lie on disk, in hexadecimal."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from None


def write_atomic(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file so that readers see the old one or the new one, never half.

    Parameters
    ----------
    path : Path
        The file to make or replace; its folder is made if missing.
    write : callable
        Receives the open binary stream.

    Raises
    ------
    StorageError
        If the disk is full, the folder is read-only or not a folder.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise StorageError(f"{path}: cannot be written ({error.strerror})") from None
    try:
        with os.fdopen(handle, "wb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, 0o666 & ~_umask())
        _replace(name, path)
    except OSError as error:
        raise StorageError(
            f"{path}: cannot be written ({error.strerror or error}); nothing was changed; "
            "make room or name another place"
        ) from None
    finally:
        with suppress(OSError):
            Path(name).unlink(missing_ok=True)


def settle(folder: Path) -> None:
    """Have the disk keep what was renamed in a folder, before what names it is written.

    Windows keeps no folder open; there the order of its journal has to do.
    """
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file atomically; an equal copy that is there already is left alone."""
    if target.is_file() and filecmp.cmp(source, target, shallow=False):
        return
    with source.open("rb") as stream:
        write_atomic(target, lambda out: shutil.copyfileobj(stream, out))


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8, atomically."""
    write_atomic(path, lambda stream: stream.write(text.encode()))


def write_parquet(path: Path, frame: pl.DataFrame, *, level: int = 3) -> None:
    """Write a frame as Parquet (zstd), atomically."""
    data = parquet_bytes(frame, level=level)
    write_atomic(path, lambda stream: stream.write(data))


def parquet_bytes(frame: pl.DataFrame, *, level: int = 3) -> bytes:
    """Return a frame as the bytes of a Parquet file (zstd); the same frame, the same bytes."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=level)
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class _Form:
    header: bool
    quotes: bool
    strict: bool


def _line_feeds(data: bytes) -> bytes:
    # Files saved on an old Macintosh end their lines with a carriage return alone.
    head = data[:_HEAD_BYTES]
    return data.replace(b"\r", b"\n") if b"\r" in head and b"\n" not in head else data


def _parse(
    data: bytes,
    file: SourceFile,
    columns: Sequence[str] | None,
    dtypes: Mapping[str, pl.DataType | type[pl.DataType]] | None,
    nulls: Sequence[str],
    form: _Form,
) -> pl.DataFrame:
    names = list(file.columns)
    types = {name: (dtypes or {}).get(name, pl.String) for name in names}
    try:
        return pl.read_csv(
            data,
            separator=file.separator,
            skip_rows=file.skip,
            has_header=form.header,
            quote_char='"' if form.quotes else None,
            new_columns=names,
            schema_overrides=types,
            columns=[names.index(c) for c in columns] if columns else None,
            null_values=list(nulls),
            ignore_errors=bool(dtypes) and not form.strict,
            truncate_ragged_lines=False,
        )
    except pl.exceptions.ComputeError as error:
        if "utf-8" in str(error).lower():
            raise UnicodeDecodeError("utf-8", b"", 0, 1, "not UTF-8") from None
        raise BadFile(f"{file.path}: not a readable table ({first_line(error)})") from None
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise BadFile(f"{file.path}: not a readable table ({first_line(error)})") from None


def _raw_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BadInput(f"{path}: no such file; check the path") from None
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from None


def _unzstd(raw: bytes) -> bytes:
    import zstandard

    frames = []
    try:
        while raw:
            frame = zstandard.ZstdDecompressor().decompressobj()
            frames.append(frame.decompress(raw))
            if not frame.eof:
                raise ValueError("it ends inside a frame")
            raw = frame.unused_data
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from None
    return b"".join(frames)


def _unzip(path: Path, stream: IO[bytes], most: int = -1) -> bytes:
    with zipfile.ZipFile(stream) as archive:
        members = [m for m in archive.infolist() if not m.is_dir()]
        if len(members) != 1:
            raise BadFile(
                f"{path}: the zip archive holds {len(members)} files; unpack it and give the folder"
            )
        try:
            with archive.open(members[0]) as member:
                return member.read(most)
        except RuntimeError as error:  # a password, or a method of compression that is not known
            raise BadFile(f"{path}: the zip archive cannot be opened ({error})") from None


def _partly(decompress: Callable[[bytes], bytes], raw: bytes, path: Path) -> bytes:
    try:
        return decompress(raw)
    except BadFile:
        raise
    except Exception as error:
        raise BadFile(f"{path}: the compressed file is damaged ({error})") from None


def _widths(lines: Sequence[str], mark: str) -> tuple[str, list[int]]:
    """Separators outside quotes, line by line."""
    return mark, [sum(part.count(mark) for part in line.split('"')[::2]) for line in lines]


def _typical(found: tuple[str, list[int]]) -> tuple[int, int, int]:
    widths = sorted(found[1]) or [0]
    return widths[(len(widths) - 1) // 2], widths[0], widths[-1]


def _cells(line: str, separator: str) -> list[str]:
    import csv

    return next(csv.reader([line], delimiter=separator))


def _split(line: str, separator: str) -> tuple[str, ...]:
    cells = _cells(line, separator)
    names: list[str] = []
    for i, cell in enumerate(cells):
        name = cell if cell and cell not in names else f"{cell}_{i}" if cell else f"column_{i}"
        names.append(name)
    return tuple(names)


def _replace(name: str, path: Path) -> None:
    """Put a file in the place of another; wait for readers where they hinder it (Windows)."""
    for pause in _PAUSES if os.name == "nt" else ():
        try:
            return os.replace(name, path)
        except PermissionError:
            time.sleep(pause)
    return os.replace(name, path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
