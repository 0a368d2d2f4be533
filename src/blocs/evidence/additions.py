"""Adding a data set to a project: recognise, read, refuse aloud, store."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeAlias

import msgspec
import polars as pl

from blocs import project as projects
from blocs.contracts import Dataset, Download, Facts
from blocs.errors import BadFile, BadInput, DownloadError
from blocs.evidence.download import Fetched, Patience, Watch, fetch, unpacked
from blocs.evidence.intake import Found, choose, read_source, recognise
from blocs.evidence.told_before import BEFORE, OTHERWISE, untold
from blocs.files import sha256
from blocs.project import Entry
from blocs.registry import DATASETS
from blocs.runs import run_of
from blocs.schemas import Coverage, Rejects, together

Step: TypeAlias = Callable[[str], Watch]


@dataclass(frozen=True, slots=True)
class Accepted:
    """One file that is now in the project.

    Attributes
    ----------
    entry : Entry
        As the project describes it.
    again : bool
        Whether the same file was there before.
    told : pair of date, optional
        First and last day it speaks of.
    """

    entry: Entry
    again: bool
    told: tuple[date, date] | None


@dataclass(frozen=True, slots=True)
class Addition:
    """What came of adding a data set.

    Attributes
    ----------
    dataset : str
        Its id.
    files : tuple of Accepted
        In the order they were read.
    rejects : pl.DataFrame
        Table `schemas.Rejects`: rows refused, with the rule and the value seen.
    coverage : pl.DataFrame
        Table `schemas.Coverage`: where absence means zero.
    notes : tuple of str
        Choices a user should know.
    """

    dataset: str
    files: tuple[Accepted, ...]
    rejects: pl.DataFrame
    coverage: pl.DataFrame
    notes: tuple[str, ...]


def add_dataset(
    home: Path,
    name: str,
    paths: Sequence[Path],
    *,
    use: Mapping[str, str] | None = None,
    step: Step | None = None,
) -> Addition:
    """Read the files of one data set and keep their facts in a project.

    Adding the same file again changes nothing.

    Parameters
    ----------
    home : Path
        The project folder; made if missing.
    name : str
        Id of the data set; files of others are left aside.
    paths : sequence of Path
        Files or folders in the publisher's formats.
    use : mapping, optional
        Data set to version, where several versions lie there.
    step : callable, optional
        Told what is done next.

    Raises
    ------
    BadInput
        If a file is of another data set, damaged, or no row of it can be used,
        or if the project holds another version of the same part.
    StorageError
        If the project cannot be written.
    """
    dataset = DATASETS.get(name)
    key = _key(name)
    kept, notes = _files_of(key, dataset, paths, use)
    manifest = projects.read_manifest(home)
    for found in kept:
        _no_rival(found, dataset, manifest.sources, home)
    read = []
    for found in kept:
        _tell(step, f"reading {found.file.name}")
        read.append(read_source(found))
    fresh, silent = _telling(kept, _fresh(home, manifest.sources, key, read))
    notes += [f"{f.file.name}: left aside, other files tell all of it" for f in silent]
    accepted = []
    for found, facts in fresh:
        entry = entry_of(found, facts)
        _some_rows(entry, facts, found.file.path)
        before = next((e for e in manifest.sources if e.source_id == entry.source_id), None)
        if before is not None:
            entry = msgspec.structs.replace(entry, added=before.added)
        accepted.append((entry, facts, before is not None, found.file.path))
    run = run_of("data add", {"dataset": key}, [entry.sha256 for entry, *_ in accepted])
    sources = [projects.Read(facts, entry, path) for entry, facts, _, path in accepted]
    stored = {e.source_id: e for e in projects.add_sources(home, sources, run=run).sources}
    files = [
        Accepted(stored[entry.source_id], again, years_told(facts))
        for entry, facts, again, _ in accepted
    ]
    return Addition(
        key,
        tuple(files),
        together(Rejects, [facts.rejects for _, facts, *_ in accepted]),
        together(Coverage, [facts.coverage for _, facts, *_ in accepted]),
        tuple(notes),
    )


def get_dataset(
    home: Path,
    name: str,
    *,
    renew: bool = False,
    step: Step | None = None,
    patience: Patience = Patience(),
) -> tuple[Fetched, ...]:
    """Fetch the files of a data set from its publisher into the project.

    The checksum of each is recorded at its first use and verified ever after.

    Parameters
    ----------
    home : Path
        The project folder.
    name : str
        Id of the data set.
    renew : bool
        Take what the publisher gives today and record its checksum anew.

    Raises
    ------
    BadInput
        If the publisher offers no direct download; says where to get it.
    DownloadError
        If a download fails; says how to do it by hand.
    """
    dataset, key = DATASETS.get(name), _key(name)
    if not dataset.downloads:
        raise BadInput(
            f"blocs knows no address of the files of {key}: get them from {dataset.page} "
            f"and add them with `blocs data add {key} PATH`"
        )
    return tuple(_one(home, key, d, renew, step, patience) for d in dataset.downloads)


def downloads_folder(home: Path, name: str) -> Path:
    """Folder of a project that keeps what was fetched for a data set."""
    return home / "downloads" / _key(name)


def years_told(facts: Facts) -> tuple[date, date] | None:
    """First and last day that dated facts of a source speak of."""
    dated = [
        table.select(pl.col(column).cast(pl.Date).alias("day"))
        for table, column in (
            (facts.rollcalls, "date"),
            (facts.spells, "start"),
            (facts.flows, "start"),
            (facts.events, "start"),
            (facts.attributes, "start"),
        )
        if table.height
    ]
    days = pl.concat(dated)["day"].drop_nulls() if dated else pl.Series(dtype=pl.Date)
    first, last = days.min(), days.max()
    return (first, last) if isinstance(first, date) and isinstance(last, date) else None


def _one(
    home: Path, key: str, item: Download, renew: bool, step: Step | None, patience: Patience
) -> Fetched:
    recorded = "" if renew else projects.read_manifest(home).checksums.get(item.url, "")
    folder = downloads_folder(home, key)
    watch = step(f"fetching {item.file}") if step else None
    try:
        got = fetch(item, folder, recorded=recorded, renew=renew, watch=watch, patience=patience)
    except DownloadError as error:
        page = DATASETS.get(key).page
        again = f", or take today's with `blocs data get {key} --renew`" if recorded else ""
        raise DownloadError(
            f"{error}. Or get it by hand from {page} and `blocs data add {key} PATH`{again}"
        ) from None
    if got.sha256 != recorded and not item.sha256:
        run = run_of("data get", {"dataset": key, "url": item.url}, [got.sha256])
        projects.record_checksum(home, item.url, got.sha256, run=run)
    return dataclasses.replace(got, path=unpacked(got.path))


def _files_of(
    key: str, dataset: Dataset, paths: Sequence[Path], use: Mapping[str, str] | None
) -> tuple[list[Found], list[str]]:
    found, unknown = recognise(paths)
    mine = [f for f in found if f.dataset == key]
    others = sorted({f.dataset for f in found} - {key})
    where = ", ".join(map(str, paths))
    if not mine and others:
        raise BadInput(
            f"{where} is {others[0]} ({DATASETS.get(others[0]).title}), not {key}; "
            f"`blocs data add {others[0]} {where}` adds it"
        )
    if not mine:
        raise BadFile(f"{where}: no file of {key} there. {_expected(dataset)}")
    kept, notes = choose(mine, use=use)
    if others:
        notes.append(f"left aside: files of {', '.join(others)}")
    if unknown:
        notes.append(f"{len(unknown)} files not recognised, first {unknown[0].name}")
    return kept, notes


def _expected(dataset: Dataset) -> str:
    forms = [
        f"{r.version}{f' {r.part}' if r.part else ''}: {', '.join(sorted(r.columns)[:6])}"
        for r in dataset.releases
        if r.columns
    ]
    return f"Its header must hold ({'; or '.join(forms)}); get it from {dataset.page}"


def _no_rival(found: Found, dataset: Dataset, there: Sequence[Entry], home: Path) -> None:
    mine = _version(found)
    same_part = {
        _named(r.version, r.part) for r in dataset.releases if r.part == found.release.part
    }
    for entry in there:
        if entry.dataset == found.dataset and entry.version in same_part - {mine}:
            raise BadInput(
                f"{home} holds version {entry.version} of {found.dataset} ({entry.file}), and "
                f"{found.file.name} is version {mine}; versions never stack. "
                f"`blocs data remove {found.dataset}` first"
            )


def _some_rows(entry: Entry, facts: Facts, path: Path) -> None:
    if entry.rows:
        return
    if _all_told(facts):
        raise BadFile(
            f"{path}: it tells nothing that {entry.dataset} in the project has not, or tells it "
            f"otherwise; nothing was added. `blocs data remove {entry.dataset}` makes room for it"
        )
    first = facts.rejects.head(1).rows(named=True)
    why = f" ({entry.rejected} refused, first by {first[0]['rule']!r})" if first else ""
    raise BadFile(f"{path}: no row can be used{why}; nothing was added")


def _telling(
    kept: Sequence[Found], read: Sequence[Facts]
) -> tuple[list[tuple[Found, Facts]], list[Found]]:
    """Part the files that tell something from those that do not; all tell if none does."""
    pairs = list(zip(kept, read, strict=True))
    silent = [found for found, facts in pairs if _all_told(facts)]
    if len(silent) == len(pairs):
        return pairs, []
    return [pair for pair in pairs if pair[0] not in silent], silent


def _all_told(facts: Facts) -> bool:
    """Whether a source has no row left because others told them before."""
    told = facts.rejects["rule"].str.ends_with(BEFORE) | facts.rejects["rule"].str.ends_with(
        OTHERWISE
    )
    return not facts.sources["rows"].sum() and bool(told.any())


def entry_of(found: Found, facts: Facts) -> Entry:
    """Describe a source that was read, as a project would keep it; no tables yet."""
    source = facts.sources.row(0, named=True)
    return Entry(
        source_id=source["source_id"],
        dataset=found.dataset,
        version=_version(found),
        file=found.file.name,
        sha256=sha256(found.file.path),
        added=_now(),
        rows=source["rows"],
        rejected=source["rejected"],
        tables={},
    )


def _fresh(home: Path, there: Sequence[Entry], key: str, read: Sequence[Facts]) -> list[Facts]:
    """Each source without what another of the data set, in the project or before it, told."""
    mine = {str(facts.sources["source_id"][0]) for facts in read}
    others = [e.source_id for e in there if e.dataset == key and e.source_id not in mine]
    held = [projects.read_facts(home, sources=others)] if others else []
    return untold([*held, *read])[len(held) :]


def _version(found: Found) -> str:
    return _named(found.release.version, found.release.part)


def _named(version: str, part: str) -> str:
    return f"{version} {part}".rstrip()


def _key(name: str) -> str:
    return name.strip().lower().replace("_", "-")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _tell(step: Step | None, what: str) -> None:
    if step is not None:
        step(what)
