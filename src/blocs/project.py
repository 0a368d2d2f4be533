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
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

import msgspec
import polars as pl

from blocs import runs as log
from blocs.contracts import TABLES, Facts
from blocs.errors import BadFile, StorageError
from blocs.files import copy_file, locked, parquet_bytes, settle, write_atomic
from blocs.manifest import FORMAT as FORMAT
from blocs.manifest import MANIFEST, write_manifest
from blocs.manifest import Entry as Entry
from blocs.manifest import Manifest as Manifest
from blocs.manifest import exists as exists
from blocs.manifest import read_manifest as read_manifest
from blocs.runs import Run
from blocs.schemas import together

_TABLES = "tables"
_FILES = "files"
_TRIES = 20
"""Times that reading begins anew when a writer swept the tables that were being read."""
T = TypeVar("T")


def default_path() -> Path:
    """Return the project used when none is named: ``$BLOCS_PROJECT`` or a user folder."""
    import platformdirs

    return Path(os.environ.get("BLOCS_PROJECT") or platformdirs.user_data_path("blocs") / "project")


def home(project: Path | None) -> Path:
    """Return the project named, else the default one."""
    return project if project is not None else default_path()


@dataclass(frozen=True, slots=True)
class Read:
    """One source that was read: its facts, its description, the publisher's file.

    `Entry.tables` is filled in when it is added; a copy of ``original`` is kept, since panels
    read it as it is.
    """

    facts: Facts
    entry: Entry
    original: Path | None = None


def add(path: Path, facts: Facts, entry: Entry, *, original: Path | None = None) -> Manifest:
    """Add one source's facts: `add_sources` of one."""
    return add_sources(path, [Read(facts, entry, original)])


def add_sources(path: Path, read: Sequence[Read], *, run: Run | None = None) -> Manifest:
    """Add the facts of sources, all of them or none; the same file again takes its old place.

    Parameters
    ----------
    path : Path
        The project folder; made if missing.
    read : sequence of Read
        What was read.
    run : Run, optional
        The run that does it, for the log.

    Raises
    ------
    StorageError
        If the folder cannot be written or another writer holds it.
    """
    with _writing(path, run) as manifest:
        held = {e.source_id: e for e in manifest.sources}
        for one in read:
            names = {}
            for table in (f.name for f in fields(Facts)):
                frame: pl.DataFrame = getattr(one.facts, table)
                if frame.height:
                    names[table] = _put(path, f"{table}-{one.entry.source_id}", frame)
            if one.original is not None:
                copy_file(one.original, path / _FILES / _kept_name(one.entry))
            held[one.entry.source_id] = msgspec.structs.replace(one.entry, tables=names)
        sources = _sorted(tuple(held.values()))
        return _renew(path, manifest, msgspec.structs.replace(manifest, sources=sources))


def add_articles(
    path: Path,
    read: Sequence[tuple[Entry, Mapping[str, pl.DataFrame]]],
    *,
    run: Run | None = None,
) -> Manifest:
    """Add articles that were read, each with its tables; all of them or none.

    An article that was read before is replaced; the same reading of it leaves every file and
    the manifest as they are.

    Parameters
    ----------
    path : Path
        The project folder; made if missing.
    read : sequence of (Entry, mapping of str to pl.DataFrame)
        `Entry.source_id` is the article's sha256; `Entry.tables` is filled in here.
    run : Run, optional
        The run that does it, for the log.
    """
    with _writing(path, run) as manifest:
        kept = {e.source_id: e for e in manifest.articles}
        for entry, tables in read:
            names = {t: _put(path, f"{t}-{entry.source_id[:16]}", f) for t, f in tables.items()}
            before = kept.get(entry.source_id)
            added = before.added if before and before.tables == names else entry.added
            kept[entry.source_id] = msgspec.structs.replace(entry, tables=names, added=added)
        articles = tuple(kept[key] for key in sorted(kept))
        return _renew(path, manifest, msgspec.structs.replace(manifest, articles=articles))


def remove_articles(path: Path, ids: Collection[str], *, run: Run | None = None) -> Manifest:
    """Take articles out of a project's ledger."""
    with _writing(path, run) as manifest:
        left = tuple(e for e in manifest.articles if e.source_id not in ids)
        return _renew(path, manifest, msgspec.structs.replace(manifest, articles=left))


def put_corrections(
    path: Path,
    change: Callable[[pl.DataFrame | None], pl.DataFrame],
    *,
    run: Run | None = None,
) -> Manifest:
    """Replace the table of corrections by what `change` makes of it, while nobody else writes."""
    with _writing(path, run) as manifest:
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


def remove(path: Path, dataset: str, *, run: Run | None = None) -> Manifest:
    """Take a data set out of a project."""
    with _writing(path, run) as manifest:
        left = tuple(e for e in manifest.sources if e.dataset != dataset)
        return _renew(path, manifest, msgspec.structs.replace(manifest, sources=left))


def record_checksum(path: Path, url: str, sha256: str, *, run: Run | None = None) -> None:
    """Remember the checksum of a download at its first use."""
    with _writing(path, run) as manifest:
        checksums = dict(sorted((manifest.checksums | {url: sha256}).items()))
        _renew(path, manifest, msgspec.structs.replace(manifest, checksums=checksums))


def read_facts(
    path: Path, *, tables: tuple[str, ...] | None = None, sources: Collection[str] | None = None
) -> Facts:
    """Read the facts of a project.

    Parameters
    ----------
    path : Path
        The project folder.
    tables : tuple of str, optional
        Tables wanted; all by default.
    sources : collection of str, optional
        Ids of the sources wanted; all by default.

    Raises
    ------
    BadFile
        If a table the manifest names is missing or damaged.
    """
    wanted = tables or tuple(TABLES)
    return _settled(path, lambda manifest: _facts(path, manifest, wanted, sources))


def stamp(path: Path) -> tuple[tuple[str, int, int, int], ...]:
    """Say which state a project is in, cheaply: it is another after every change of it.

    The manifest and the kept results are replaced whole, so that their file, size and time tell.
    """
    files = [path / MANIFEST, *path.glob("*.json"), *path.glob("answers/*.json")]
    told = []
    for file in dict.fromkeys(files):
        with suppress(OSError):  # not there, or taken away meanwhile
            s = file.stat()
            told.append((str(file), s.st_ino, s.st_size, s.st_mtime_ns))
    return tuple(sorted(told))


def originals_at(path: Path) -> list[Path]:
    """Return the publishers' files that a project keeps, sorted."""
    return sorted((path / _FILES).glob("*"))


def keep_result(path: Path, name: str, data: bytes) -> None:
    """Keep a result in a project under a name (``models/KEY``), atomically."""
    change_result(path, name, lambda _: data)


def change_result(path: Path, name: str, change: Callable[[bytes | None], bytes]) -> None:
    """Replace a kept result by what `change` makes of it, while nobody else writes."""
    with locked(path / ".lock"):
        file = path / name
        for left in file.parent.glob(f".{file.name}.*.part"):  # of a writer that was killed
            left.unlink(missing_ok=True)
        data = change(kept_result(path, name))
        write_atomic(file, lambda stream: stream.write(data))


def kept_result(path: Path, name: str) -> bytes | None:
    """Return what `keep_result` kept under a name; None if there is nothing."""
    try:
        return (path / name).read_bytes() if (path / name).is_file() else None
    except OSError as error:
        raise StorageError(f"{path / name}: cannot be read ({error.strerror})") from None


def drop_results(path: Path, folder: str) -> None:
    """Take away all results kept in a folder of a project, and the folder."""
    with locked(path / ".lock"):
        shutil.rmtree(path / folder, ignore_errors=True)
        with suppress(OSError):  # others are kept beside it
            (path / folder).parent.rmdir()


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


def _facts(
    path: Path, manifest: Manifest, wanted: tuple[str, ...], sources: Collection[str] | None
) -> Facts:
    frames: dict[str, pl.DataFrame] = {}
    entries = [e for e in manifest.sources if sources is None or e.source_id in sources]
    for table in wanted:
        files = [path / e.tables[table] for e in entries if table in e.tables]
        frames[table] = together(TABLES[table], [_read(file) for file in files])
    return Facts(**frames)


def _sorted(sources: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(sorted(sources, key=lambda e: (e.dataset, e.version, e.file, e.source_id)))


@contextmanager
def _writing(path: Path, run: Run | None) -> Iterator[Manifest]:
    """Hold the project while the block writes; where it fails, sweep what it wrote.

    The run is in the log before anything is changed. The manifest given bears its number: the
    block writes it, changed, or leaves the old one.
    """
    with locked(path / ".lock"):
        manifest = read_manifest(path)
        number = log.begin(path, run, committed=manifest.run) if run else manifest.run
        try:
            yield msgspec.structs.replace(manifest, run=number)
        except BaseException as error:
            with suppress(OSError, BadFile):
                now = read_manifest(path)
                _sweep(path, now)
                if run and now.run < number:
                    log.end(path, number, "failed", why=str(error) or type(error).__name__)
            raise
        if run:
            with suppress(StorageError):  # the manifest bears its number: the next writer says so
                log.end(path, number, "done")


def _renew(path: Path, old: Manifest, new: Manifest) -> Manifest:
    if new != old or not exists(path):
        settle(path / _TABLES)
        write_manifest(path, new)
        settle(path)
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
            _unlink(file)
    originals = {_kept_name(entry) for entry in manifest.sources}
    for file in originals_at(path):
        if file.name not in originals:
            _unlink(file)
    for file in path.glob(f".{MANIFEST}.*.part"):
        _unlink(file)


def _unlink(file: Path) -> None:
    """Take a file away that nothing names; where a reader hinders it (Windows), another time."""
    with suppress(OSError):
        file.unlink(missing_ok=True)


def _read(file: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(file)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise BadFile(
            f"{file}: a project table is damaged ({error}); add its source again"
        ) from None
