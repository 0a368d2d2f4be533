"""Sum event files to ties, batch by batch: kill it, start it again, and it goes on."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

import msgspec
import polars as pl

from blocs import __version__, files
from blocs.errors import BadFile, BadInput
from blocs.ties.event_sums.accounts import Account, EventSource, account, list_rejects
from blocs.ties.event_sums.engines import engine
from blocs.ties.event_sums.forms import EventForm, check_class, recognise, with_kinds
from blocs.ties.event_sums.jobs import Engine, Job
from blocs.ties.event_sums.packed import add_up, classes, states, tables_digest, unpack
from blocs.ties.event_sums.sums import PERIODS, RULES, SCALE
from blocs.ties.event_sums.translated import translate
from blocs.ties.event_sums.unpacked import plain_file

FORMAT = 4
"""Raised when the same file would give other sums, so that none of older ones are used."""
_PARQUET = b"PAR1"
_BATCH = 8_000_000  # bytes of files that are summed together; to tell rows by file is dear
_FILES = 500  # at most so many
Watch = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class EventSums:
    """Ties from events.

    Attributes
    ----------
    ties : pl.DataFrame
        ``sender, receiver, start, class, n, scored, value``: events, how many have a value,
        and their mean value; sorted by key.
    rejects : pl.DataFrame
        ``file, row, column, rule, value, n``: lines and values that were refused.
    left_out : dict of str to int
        Events that are no tie between two states, by rule.
    sources : tuple of EventSource
        The files, in order.
    resumed : int
        Files whose sums an earlier run had left.
    outdated : int
        Files whose sums an earlier run had left under another list of states or version of
        blocs; they were summed anew.
    """

    ties: pl.DataFrame
    rejects: pl.DataFrame
    left_out: dict[str, int]
    sources: tuple[EventSource, ...]
    resumed: int
    outdated: int


@dataclass(frozen=True, slots=True)
class _Sheet:
    path: Path
    sha256: str
    form: EventForm
    size: int


def sum_files(
    paths: Sequence[Path],
    *,
    period: str,
    by: str,
    engine_name: str,
    memory: str,
    folder: Path,
    watch: Watch,
) -> EventSums:
    """Sum the events of files to directed ties by period and class.

    Parameters
    ----------
    paths : sequence of Path
        Event files; one given twice, or two of the same content, counts once.
    period, by : str
        day, month or year; quad, plover or root.
    engine_name, memory : str
        See `blocs.ties.event_sums.engines.engine`.
    folder : Path
        Where the sums of each batch are kept until all are there, and after.
    watch : callable
        ``watch(done, total)`` in bytes.

    Raises
    ------
    BadInput, BadFile
        A period, class or engine that is none; a file that is no event file.
    StorageError
        Another run is summing in the same folder; memory or disk ran out.
    """
    check_class(by)
    if period not in PERIODS:
        raise BadInput(f"--period {period}: use {', '.join(PERIODS)}")
    sheets = _sheets(paths)
    work = folder / "work"
    with files.locked(folder / ".lock"):
        shutil.rmtree(work, ignore_errors=True)  # of a run that was killed
        work.mkdir()
        try:
            with engine(engine_name, memory=memory, work=work) as run:
                batches = _sum_all(run, sheets, folder, _Wanted(period, by, work), watch)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return _together(batches, by)


def _sum_all(
    run: Engine, sheets: Sequence[_Sheet], folder: Path, wanted: _Wanted, watch: Watch
) -> _Batches:
    """Sum the batches that no earlier run has."""
    total = sum(sheet.size for sheet in sheets)
    batches = {folder / _key(batch, wanted): batch for batch in _batches(sheets)}
    kept = {stem for stem in batches if stem.with_suffix(".json").is_file()}
    outdated = {stem for stem in batches.keys() - kept if _of_other_states(stem)}
    done = sum(sheet.size for stem in kept for sheet in batches[stem])
    watch(done, total)
    for stem, batch in batches.items():
        if stem not in kept:
            size = sum(sheet.size for sheet in batch)
            _sum_batch(run, batch, stem, wanted, partial(_tell, watch, done, size, total))
            done += size
            watch(done, total)
    many = {stem: len(batch) for stem, batch in batches.items()}
    return _Batches(tuple(many), *(sum(many[stem] for stem in some) for some in (kept, outdated)))


def _tell(watch: Watch, done: int, size: int, total: int, part: float) -> None:
    watch(done + int(part * size), total)


def _together(batches: _Batches, by: str) -> EventSums:
    """Put the answers of all batches together."""
    stems = batches.stems
    told = [
        msgspec.json.decode(files.read_bytes(stem.with_suffix(".json")), type=Account)
        for stem in stems
    ]
    rejects = [pl.read_parquet(stem.with_suffix(".rejects.parquet"), glob=False) for stem in stems]
    return EventSums(
        ties=_joined([stem.with_suffix(".parquet") for stem in stems], by),
        rejects=pl.concat(rejects),
        left_out={rule: sum(one.left_out[rule] for one in told) for rule in RULES[1:3]},
        sources=tuple(source for one in told for source in one.sources),
        resumed=batches.resumed,
        outdated=batches.outdated,
    )


@dataclass(frozen=True, slots=True)
class _Batches:
    """Names of the sums of batches; files of them that an earlier run had, or had outdated."""

    stems: tuple[Path, ...]
    resumed: int
    outdated: int


@dataclass(frozen=True, slots=True)
class _Wanted:
    period: str
    by: str
    work: Path


def _sheets(paths: Sequence[Path]) -> list[_Sheet]:
    """Recognise all files before any work is done; in the order of their names."""
    found = {files.sha256(path): path for path in sorted(paths, reverse=True)}
    sheets = [_Sheet(p, digest, _form(p), p.stat().st_size) for digest, p in found.items()]
    return sorted(sheets, key=lambda sheet: str(sheet.path))


def _form(path: Path) -> EventForm:
    file = files.sniff(path)
    if not file.start.startswith(_PARQUET):
        if not file.columns:
            raise BadFile(f"{path}: {_what(file.start)}")
        return recognise(file)
    try:
        with path.open("rb") as stream:
            schema = pl.read_parquet_schema(stream)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadFile(f"{path}: the Parquet file is damaged or cut off ({error})") from None
    form = recognise(files.SourceFile(path, tuple(schema), "", start=file.start))
    return with_kinds(form, path, schema)


def _what(start: bytes) -> str:
    """Say why the first bytes of a file are no table."""
    if not start:
        return "the file is empty; give event files"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "its text is UTF-16; save it as UTF-8"
    return "neither a delimited table nor Parquet; give event files"


def _batches(sheets: Sequence[_Sheet]) -> Iterator[tuple[_Sheet, ...]]:
    """Put neighbours of one form together: thousands of small files are summed at once."""
    for _, alike in groupby(sheets, key=lambda sheet: sheet.form):
        batch: list[_Sheet] = []
        for sheet in alike:
            size = sheet.size + sum(s.size for s in batch)
            if batch and (size > _BATCH or len(batch) == _FILES):
                yield tuple(batch)
                batch = []
            batch.append(sheet)
        yield tuple(batch)


def _key(batch: Sequence[_Sheet], wanted: _Wanted) -> str:
    """Name the sums of a batch by all that they follow from: files, states and codes, version."""
    told = "\n".join(f"{sheet.sha256} {sheet.path}" for sheet in batch)
    known = "\n".join((f"{FORMAT} {__version__}", *states(), tables_digest(), *classes(wanted.by)))
    return f"{_short(told)}-{_short(known)}-{wanted.period}-{wanted.by}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _of_other_states(stem: Path) -> bool:
    """Whether sums of the same files are kept that follow from other states, codes or version."""
    batch, _, period, by = stem.name.split("-")
    return any(stem.parent.glob(f"{batch}-*-{period}-{by}.json"))


def _sum_batch(
    run: Engine,
    batch: Sequence[_Sheet],
    stem: Path,
    wanted: _Wanted,
    watch: Callable[[float], None],
) -> None:
    """Sum a batch and keep the answer; the record is written last and makes it count."""
    form, work = batch[0].form, wanted.work
    names = {
        str(plain_file(sheet.path, work / f"{i}.unpacked")): str(sheet.path)
        for i, sheet in enumerate(batch)
    }
    raw = work / "sums.parquet"
    job = Job(tuple(map(Path, names)), form, wanted.period, wanted.by, raw)
    summed = run(job, watch)
    odd = summed.odd.with_columns(pl.col("path").replace(names))
    found = translate(summed, job, names)
    plain = {path: place for place, path in names.items()}
    rejects = list_rejects(found, odd, plain, form)
    told = account(found, odd, {sheet.path: sheet.sha256 for sheet in batch}, form.name)
    files.write_parquet(stem.with_suffix(".parquet"), found.ties, level=1)
    files.write_parquet(stem.with_suffix(".rejects.parquet"), rejects.rename({"path": "file"}))
    record = msgspec.json.encode(told)
    files.write_atomic(stem.with_suffix(".json"), lambda out: out.write(record))
    for place in (*work.glob("*.unpacked"), *work.glob(raw.name)):
        shutil.rmtree(place) if place.is_dir() else place.unlink()


def _joined(parts: Sequence[Path], by: str) -> pl.DataFrame:
    """Add the integers of all batches, and divide once; sorted by key."""
    sums = add_up(pl.read_parquet(part, glob=False) for part in parts)
    mean = pl.col("millionths") / (pl.col("scored") * SCALE)
    value = pl.when(pl.col("scored") > 0).then(mean).alias("value")
    return unpack(sums["key"], by).hstack(sums.select("n", "scored", value))
