"""A project folder: tables as Parquet, sources by checksum, a log of runs.

The folder's one truth is ``project.json``: it names the table files that are
current and is replaced atomically after they are written. A table file carries
the checksum of its content in its name, so none that a manifest names is ever
overwritten by another. A kill at any moment leaves the old project or the new
one. Files that nothing names are swept at the next write.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

import msgspec
import polars as pl

from blocs.contracts import TABLES, Facts
from blocs.errors import BadFile, BadInput, StorageError
from blocs.files import copy_file, locked, parquet_bytes, write_atomic
from blocs.schemas import together

FORMAT = 1
_MANIFEST = "project.json"
_TABLES = "tables"
_FILES = "files"
_TRIES = 20
"""Times that reading begins anew when a writer swept the tables that were being read."""
T = TypeVar("T")


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source in a project: where it came from and which table files hold it."""

    source_id: str
    dataset: str
    version: str
    file: str
    sha256: str
    added: str
    rows: int
    rejected: int
    tables: dict[str, str]


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a project holds.

    ``checksums`` are those recorded at first download; ``articles`` are the articles read into
    its ledger, one entry each; ``corrections`` names the table of what an analyst decided.
    """

    format: int = FORMAT
    sources: tuple[Entry, ...] = ()
    checksums: dict[str, str] = {}
    articles: tuple[Entry, ...] = ()
    corrections: str = ""


class Run(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One run of a command: what it used, what it did."""

    started: str
    command: str
    params: dict[str, str]
    inputs: tuple[str, ...]
    version: str
    status: str


def default_path() -> Path:
    """Return the project used when none is named: ``$BLOCS_PROJECT`` or a user folder."""
    import platformdirs

    return Path(os.environ.get("BLOCS_PROJECT") or platformdirs.user_data_path("blocs") / "project")


def exists(path: Path) -> bool:
    """Tell whether a folder is a project."""
    return (path / _MANIFEST).is_file()


def read_manifest(path: Path) -> Manifest:
    """Read what a project holds; a folder without a manifest holds nothing.

    Raises
    ------
    BadFile
        If the manifest is damaged, or was written by a newer blocs.
    """
    file = path / _MANIFEST
    if not file.is_file():
        if path.is_file():
            raise BadInput(f"{path} is a file; a project is a folder")
        return Manifest()
    try:
        raw = file.read_bytes()
        version = msgspec.json.decode(raw, type=dict[str, msgspec.Raw]).get("format")
        number = msgspec.json.decode(version, type=int) if version is not None else 0
        if number > FORMAT:
            raise BadFile(f"{file}: format {number} is newer than this blocs ({FORMAT}); update it")
        return msgspec.json.decode(raw, type=Manifest)
    except msgspec.DecodeError as error:
        raise BadFile(
            f"{file}: not a project manifest ({error}); restore it or start anew"
        ) from None
    except OSError as error:
        raise StorageError(f"{file}: cannot be read ({error.strerror})") from None


def add(path: Path, facts: Facts, entry: Entry, *, original: Path | None = None) -> Manifest:
    """Add one source's facts, replacing an earlier copy of the same file.

    Parameters
    ----------
    path : Path
        The project folder; made if missing.
    facts : Facts
        What was read from the source.
    entry : Entry
        Its description; `Entry.tables` is filled in here.
    original : Path, optional
        The publisher's file; a copy is kept, since panels read it as it is.

    Raises
    ------
    StorageError
        If the folder cannot be written or another writer holds it.
    """
    with _writing(path) as manifest:
        names = {}
        for table in (f.name for f in fields(Facts)):
            frame: pl.DataFrame = getattr(facts, table)
            if frame.height:
                names[table] = _put(path, f"{table}-{entry.source_id}", frame)
        if original is not None:
            copy_file(original, path / _FILES / _kept_name(entry))
        kept = tuple(e for e in manifest.sources if e.source_id != entry.source_id)
        sources = (*kept, msgspec.structs.replace(entry, tables=names))
        new = msgspec.structs.replace(manifest, sources=_sorted(sources))
        _write(path, new)
        _sweep(path, new)
    return new


def add_articles(path: Path, read: Sequence[tuple[Entry, Mapping[str, pl.DataFrame]]]) -> Manifest:
    """Add articles that were read, each with its tables; all of them or none.

    An article that was read before is replaced; the same reading of it leaves every file and
    the manifest as they are.

    Parameters
    ----------
    path : Path
        The project folder; made if missing.
    read : sequence of (Entry, mapping of str to pl.DataFrame)
        `Entry.source_id` is the article's sha256; `Entry.tables` is filled in here.
    """
    with _writing(path) as manifest:
        kept = {e.source_id: e for e in manifest.articles}
        for entry, tables in read:
            names = {t: _put(path, f"{t}-{entry.source_id[:16]}", f) for t, f in tables.items()}
            before = kept.get(entry.source_id)
            added = before.added if before and before.tables == names else entry.added
            kept[entry.source_id] = msgspec.structs.replace(entry, tables=names, added=added)
        articles = tuple(kept[key] for key in sorted(kept))
        return _renew(path, manifest, msgspec.structs.replace(manifest, articles=articles))


def remove_articles(path: Path, ids: Collection[str]) -> Manifest:
    """Take articles out of a project's ledger."""
    with _writing(path) as manifest:
        left = tuple(e for e in manifest.articles if e.source_id not in ids)
        return _renew(path, manifest, msgspec.structs.replace(manifest, articles=left))


def put_corrections(path: Path, change: Callable[[pl.DataFrame | None], pl.DataFrame]) -> Manifest:
    """Replace the table of corrections by what `change` makes of it, while nobody else writes."""
    with _writing(path) as manifest:
        frame = change(_read(path / manifest.corrections) if manifest.corrections else None)
        name = _put(path, "corrections", frame)
        return _renew(path, manifest, msgspec.structs.replace(manifest, corrections=name))


def read_article_tables(path: Path, table: str) -> list[pl.DataFrame]:
    """Read one table of every article of a project's ledger, by article."""
    return _settled(
        path, lambda manifest: [_read(path / e.tables[table]) for e in manifest.articles]
    )


def read_corrections(path: Path) -> pl.DataFrame | None:
    """Read the table of corrections; None if there is none."""
    return _settled(path, lambda m: _read(path / m.corrections) if m.corrections else None)


def remove(path: Path, dataset: str) -> Manifest:
    """Take a data set out of a project."""
    with _writing(path) as manifest:
        kept = tuple(e for e in manifest.sources if e.dataset != dataset)
        new = msgspec.structs.replace(manifest, sources=kept)
        _write(path, new)
        _sweep(path, new)
    return new


def record_checksum(path: Path, url: str, sha256: str) -> None:
    """Remember the checksum of a download at its first use."""
    with _writing(path) as manifest:
        checksums = manifest.checksums | {url: sha256}
        _write(path, msgspec.structs.replace(manifest, checksums=dict(sorted(checksums.items()))))


def read_facts(path: Path, *, tables: tuple[str, ...] | None = None) -> Facts:
    """Read the facts of every source of a project.

    Parameters
    ----------
    path : Path
        The project folder.
    tables : tuple of str, optional
        Tables wanted; all by default.

    Raises
    ------
    BadFile
        If a table the manifest names is missing or damaged.
    """
    wanted = tables or tuple(TABLES)
    return _settled(path, lambda manifest: _facts(path, manifest, wanted))


def stamp(path: Path) -> tuple[tuple[str, int, int, int], ...]:
    """Say which state a project is in, cheaply: it is another after every change of it.

    The manifest and the kept results are replaced whole, so that their file, size and time tell.
    """
    files = [path / _MANIFEST, *path.glob("*.json"), *path.glob("answers/*.json")]
    told = []
    for file in dict.fromkeys(files):
        with suppress(OSError):  # not there, or taken away meanwhile
            s = file.stat()
            told.append((str(file), s.st_ino, s.st_size, s.st_mtime_ns))
    return tuple(sorted(told))


def originals_at(path: Path) -> list[Path]:
    """Return the publishers' files that a project keeps, sorted."""
    return sorted((path / _FILES).glob("*"))


def log_run(path: Path, run: Run) -> None:
    """Append one run to the project's log, one JSON object a line."""
    line = msgspec.json.encode(run) + b"\n"
    try:
        path.mkdir(parents=True, exist_ok=True)
        with (path / "runs.jsonl").open("ab") as stream:
            stream.write(line)
    except OSError as error:
        raise StorageError(f"{path}: cannot be written ({error.strerror})") from None


def keep_result(path: Path, name: str, data: bytes) -> None:
    """Keep a result in a project under a name (``models/KEY``, ``forecasts.json``), atomically."""
    with locked(path / ".lock"):
        write_atomic(path / name, lambda stream: stream.write(data))


def kept_result(path: Path, name: str) -> bytes | None:
    """Return what `keep_result` kept under a name; None if there is nothing."""
    try:
        return (path / name).read_bytes() if (path / name).is_file() else None
    except OSError as error:
        raise StorageError(f"{path / name}: cannot be read ({error.strerror})") from None


def kept_names(path: Path, folder: str) -> tuple[str, ...]:
    """Return the names of the results kept in a folder of a project, sorted."""
    return tuple(sorted(f"{folder}/{file.name}" for file in (path / folder).glob("*.json")))


def _settled(path: Path, read: Callable[[Manifest], T]) -> T:
    """Read tables by the manifest; again if another process put new tables there meanwhile."""
    manifest = read_manifest(path)
    for _ in range(_TRIES):
        try:
            return read(manifest)
        except BadFile:
            newer = read_manifest(path)
            if newer == manifest:
                raise
            manifest = newer
    return read(manifest)


def _kept_name(entry: Entry) -> str:
    return f"{entry.source_id}-{entry.file}"


def _facts(path: Path, manifest: Manifest, wanted: tuple[str, ...]) -> Facts:
    frames: dict[str, pl.DataFrame] = {}
    for table in wanted:
        files = [path / e.tables[table] for e in manifest.sources if table in e.tables]
        frames[table] = together(TABLES[table], [_read(file) for file in files])
    return Facts(**frames)


def _sorted(sources: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(sorted(sources, key=lambda e: (e.dataset, e.version, e.file, e.source_id)))


def _write(path: Path, manifest: Manifest) -> None:
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    write_atomic(path / _MANIFEST, lambda stream: stream.write(text))


@contextmanager
def _writing(path: Path) -> Iterator[Manifest]:
    """Hold the project while the block writes; where it fails, sweep what it wrote."""
    with locked(path / ".lock"):
        manifest = read_manifest(path)
        try:
            yield manifest
        except BaseException:
            with suppress(OSError, StorageError):
                _sweep(path, read_manifest(path))
            raise


def _renew(path: Path, old: Manifest, new: Manifest) -> Manifest:
    if new != old or not exists(path):
        _write(path, new)
    _sweep(path, new)
    return new


def _put(path: Path, stem: str, frame: pl.DataFrame) -> str:
    data = parquet_bytes(frame)
    name = f"{_TABLES}/{stem}-{hashlib.sha256(data).hexdigest()[:12]}.parquet"
    write_atomic(path / name, lambda stream: stream.write(data))
    return name


def _sweep(path: Path, manifest: Manifest) -> None:
    entries = (*manifest.sources, *manifest.articles)
    named = {name for entry in entries for name in entry.tables.values()}
    named.add(manifest.corrections)
    for file in (path / _TABLES).glob("*"):
        if f"{_TABLES}/{file.name}" not in named:
            file.unlink(missing_ok=True)
    originals = {_kept_name(entry) for entry in manifest.sources}
    for file in originals_at(path):
        if file.name not in originals:
            file.unlink(missing_ok=True)
    for file in path.glob(f".{_MANIFEST}.*.part"):
        file.unlink(missing_ok=True)


def _read(file: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(file)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise BadFile(
            f"{file}: a project table is damaged ({error}); add its source again"
        ) from None
