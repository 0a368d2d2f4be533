"""From paths to facts: recognise files, choose one version, read, keep the rejects.

Files are told by their header, never by their name. Of several versions of one
part of a data set the newest is read and the choice is told; vintages never
stack. Two files of the same version complete each other (a long file and its
extension).
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import polars as pl

from blocs.contracts import TABLES, Dataset, Facts, Release
from blocs.errors import BadFile, BadInput, UnknownName
from blocs.evidence.told_before import untold
from blocs.files import SourceFile, sha256, sniff
from blocs.registry import DATASETS, nearest
from blocs.schemas import Sources, dtypes, together

_NOT_DATA = {".md", ".json", ".html", ".pdf", ".toml", ".py", ".lock", ".part"}
_BY_SOURCE = (
    *("sources", "spells", "flows", "events", "attributes", "coverage", "rollcalls", "rejects"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A file that was recognised: which data set, which release."""

    dataset: str
    release: Release
    file: SourceFile


@dataclasses.dataclass(frozen=True, slots=True)
class Intake:
    """What was read and what was chosen.

    Attributes
    ----------
    facts : Facts
        All tables, sources first.
    notes : tuple of str
        Choices a user should know: versions used and left aside, files not recognised.
    """

    facts: Facts
    notes: tuple[str, ...]


def recognise(paths: Sequence[Path]) -> tuple[list[Found], list[Path]]:
    """Tell what each file is; folders are searched below.

    Returns
    -------
    found : list of Found
        Sorted by data set and path.
    unknown : list of Path
        Files that look like data and are in no known format.
    """
    known = DATASETS.all()
    found: list[Found] = []
    unknown: list[Path] = []
    for path in _files(paths):
        file = sniff(path)
        hits = _fits(file, known)
        if hits:
            found += [Found(name, release, file) for name, release in hits]
        else:
            unknown.append(path)
    return sorted(found, key=lambda f: (f.dataset, str(f.file.path))), unknown


def nearest_form(unknown: Sequence[Path]) -> str:
    """Say which data set a single file nearly is, and what its header lacks; else nothing."""
    if len(unknown) != 1:
        return ""
    names = sniff(unknown[0]).names
    near = [
        (len(release.columns - names) / len(release.columns), name, release)
        for name, dataset in DATASETS.all().items()
        for release in dataset.releases
        if release.columns
    ]
    share, name, release = min(near, key=lambda one: one[0])
    if share > 0.5:
        return ""
    lacking = ", ".join(sorted(release.columns - names))
    return f"; it is most like {name} ({release.version}), whose header also holds {lacking}"


def choose(
    found: Sequence[Found], *, use: Mapping[str, str] | None = None
) -> tuple[list[Found], list[str]]:
    """Keep one version of each part of each data set: the one named, else the newest.

    Of the parts of a data set the one that reaches furthest comes first: where two tell of the
    same, it is believed (`blocs.evidence.told_before`).

    Parameters
    ----------
    found : sequence of Found
        As `recognise` returned them.
    use : mapping, optional
        Data set to version, from ``--use ID:VERSION``.
    """
    _check_choices(found, use or {})
    kept: list[Found] = []
    notes: list[str] = []
    for name in sorted({f.dataset for f in found}):
        mine = [f for f in found if f.dataset == name]
        reach = {f.release.part: f.release.until for f in mine}
        for part in sorted(reach, key=lambda part: (-reach[part], part)):
            rivals = [f for f in mine if f.release.part == part]
            version = _version(name, part, rivals, use or {})
            kept += _distinct([f for f in rivals if f.release.version == version])
            others = sorted({f.release.version for f in rivals} - {version})
            if others:
                notes.append(
                    f"{name}: using version {version}, not {', '.join(others)} "
                    f"(--use {name}:{others[0]} chooses another)"
                )
    return kept, notes


def take_in(
    paths: Sequence[Path],
    *,
    use: Mapping[str, str] | None = None,
    only: Collection[str] | None = None,
) -> Intake:
    """Read everything recognisable under some paths into facts.

    Parameters
    ----------
    paths : sequence of Path
        Files or folders in publishers' formats.
    use : mapping, optional
        Data set to version.
    only : collection of str, optional
        Read these data sets and leave the others alone.

    Raises
    ------
    BadInput
        If nothing there is in a known format.
    BadFile
        If a recognised file is damaged.
    """
    found, unknown = recognise(paths)
    if only is not None:
        _check_choices(found, use or {})
        use = {name: version for name, version in (use or {}).items() if name in only}
        found = [f for f in found if f.dataset in only]
    if not found:
        wanted = f" of {', '.join(sorted(only))}" if only else ""
        raise BadInput(
            f"{', '.join(map(str, paths))}: no file in a known format{wanted}; "
            f"`blocs data list` names the data sets{nearest_form(unknown)}"
        )
    kept, notes = choose(found, use=use)
    facts = merge([read_source(f) for f in kept])
    if unknown:
        notes.append(f"{len(unknown)} files not recognised, first {unknown[0].name}")
    return Intake(facts, tuple(notes))


def read_source(found: Found) -> Facts:
    """Read one recognised file; its source row says how many rows were refused.

    A roll call is named after its data set (``unga-1946-3``): ballots carry no
    other source, and two data sets may use one number.

    Raises
    ------
    BadFile
        If it is damaged, or its header lacks a column.
    """
    digest = sha256(found.file.path)
    source_id = digest[:16]
    try:
        told = found.release.read(found.file, source_id)
    except pl.exceptions.ColumnNotFoundError as error:  # one that tells no release from another
        raise BadFile(
            f"{found.file.path}: the header lacks a column of {found.dataset} "
            f"{found.release.version} ({str(error).partition(';')[0]}); get the file again"
        ) from None
    facts = _named(found.dataset, told)
    source = pl.DataFrame(
        {
            "source_id": source_id,
            "dataset": found.dataset,
            "version": found.release.version,
            "file": found.file.name,
            "retrieved": None,
            "rows": _count(facts),
            "rejected": facts.rejects.select("row").n_unique() if facts.rejects.height else 0,
        },
        schema=dtypes(Sources),
    )
    return dataclasses.replace(facts, sources=source)


def merge(parts: Sequence[Facts]) -> Facts:
    """Stack facts of several sources; what a data set tells twice is kept once (`untold`)."""
    once = untold(parts)
    tables = {
        name: together(schema, [getattr(part, name) for part in once])
        for name, schema in TABLES.items()
    }
    tables["sources"] = tables["sources"].unique("source_id", keep="first", maintain_order=True)
    return Facts(**tables)


def by_dataset(facts: Facts) -> dict[str, Facts]:
    """Split facts by the data set they came from."""
    out: dict[str, Facts] = {}
    for name in facts.sources["dataset"].unique().sort():
        ids = facts.sources.filter(pl.col("dataset") == name)["source_id"].implode()
        mine = {t: getattr(facts, t).filter(pl.col("source_id").is_in(ids)) for t in _BY_SOURCE}
        calls = mine["rollcalls"]["rollcall"].implode()
        ballots = facts.ballots.filter(pl.col("rollcall").is_in(calls))
        out[name] = Facts(**mine, ballots=ballots)
    return out


def _distinct(found: Sequence[Found]) -> list[Found]:
    """One of several copies of the same file."""
    sizes = Counter(f.file.path.stat().st_size for f in found)
    twins = {f: sha256(f.file.path) for f in found if sizes[f.file.path.stat().st_size] > 1}
    return list({twins.get(f, str(f.file.path)): f for f in reversed(found)}.values())[::-1]


def _named(dataset: str, facts: Facts) -> Facts:
    mine = (pl.lit(f"{dataset}-") + pl.col("rollcall")).alias("rollcall")
    return dataclasses.replace(
        facts,
        rollcalls=facts.rollcalls.with_columns(mine),
        ballots=facts.ballots.with_columns(mine),
    )


def _count(facts: Facts) -> int:
    return sum(
        getattr(facts, name).height
        for name in ("ballots", "spells", "flows", "events", "attributes")
    )


def _files(paths: Sequence[Path]) -> list[Path]:
    out: list[Path] = []
    for path in paths:
        if path.is_dir():
            out += sorted(
                p
                for p in path.rglob("*")
                if p.is_file() and not p.name.startswith(".") and p.suffix.lower() not in _NOT_DATA
            )
        elif path.is_file():
            out.append(path)
        else:
            raise BadInput(f"{path}: no such file or folder; check the path")
    if not out:
        raise BadInput(f"{', '.join(map(str, paths))}: no data file there")
    return out


def _fits(file: SourceFile, known: Mapping[str, Dataset]) -> list[tuple[str, Release]]:
    hits = [
        (name, release)
        for name, dataset in known.items()
        for release in dataset.releases
        if release.fits(file)
    ]
    best = max((len(release.columns) for _, release in hits), default=0)
    return [hit for hit in hits if len(hit[1].columns) == best][:1]


def _check_choices(found: Sequence[Found], use: Mapping[str, str]) -> None:
    there: dict[str, set[str]] = {}
    for f in found:
        there.setdefault(f.dataset, set()).add(f.release.version)
    for name, wanted in sorted(use.items()):
        if name not in there:
            raise UnknownName("data set in --use", name, nearest(name, sorted(there)))
        if wanted not in there[name]:
            versions = ", ".join(sorted(there[name]))
            raise BadFile(f"{name} has no version {wanted!r} here; there is {versions}")


def _version(name: str, part: str, rivals: Sequence[Found], use: Mapping[str, str]) -> str:
    # Of one part only: another part may call an old version by the same number.
    mine = [r.version for r in DATASETS.get(name).releases if r.part == part]
    order = {version: i for i, version in enumerate(mine)}
    versions = sorted(
        {f.release.version: f.release.until for f in rivals}.items(),
        key=lambda item: (item[1], order[item[0]]),
    )
    wanted = use.get(name)
    # A choice names one part's version; the other parts have versions of their own.
    return wanted if wanted is not None and wanted in dict(versions) else versions[-1][0]
