"""The figures of the almanac, computed anew from data sets: same input, same bytes."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO

import polars as pl

from blocs import files
from blocs.almanac.tables import POWERS, SIDECAR, folder, pack_dyad_votes, pack_issue_votes
from blocs.contracts import Facts
from blocs.errors import BadInput, MissingData
from blocs.evidence.almanac_facts import almanac_facts
from blocs.evidence.intake import Found, choose, merge, read_source, recognise
from blocs.registry import LAYERS
from blocs.ties.common_votes import classes_by_power, dyad_votes, issue_votes
from blocs.ties.layers.alliances import LISTED
from blocs.ties.treaty_gaps import treaty_gaps
from blocs.ties.yearly import years_covered


@dataclass(frozen=True, slots=True)
class Input:
    """One file that figures were computed from."""

    dataset: str
    version: str
    file: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the almanac, computed.

    Attributes
    ----------
    name : str
        ``dyad_votes``, ``issue_votes`` or ``treaty_gaps``.
    table : pl.DataFrame
        As it is shipped: packed, sorted.
    first, last : date
        First and last day its inputs speak of.
    inputs : tuple of Input
        What it was computed from, sorted.
    """

    name: str
    table: pl.DataFrame
    first: date
    last: date
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """One figure on disk: where, its checksum, that of the one before, whether they differ."""

    figure: Figure
    path: Path
    sha256: str
    changed: bool
    before: str = ""


def compute_figures(
    paths: Sequence[Path], *, step: Callable[[str], object] | None = None
) -> tuple[Figure, ...]:
    """Compute every figure whose data set lies under some paths.

    Parameters
    ----------
    paths : sequence of Path
        Files or folders with UN votes (data set ``unga``), ATOP (``atop``), or both.
    step : callable, optional
        Told what is done next.

    Returns
    -------
    tuple of Figure
        Sorted by name.

    Raises
    ------
    MissingData
        If neither is there.

    Notes
    -----
    Residuals are taken from the mean of all states but the USA, and classed by
    its vote (`blocs.ties.common_votes.dyad_votes`), and by those of Russia and China
    (`blocs.ties.common_votes.classes_by_power`). ATOP's dyad-years give the
    treaties that it and the almanac tell differently. Cost: about a minute.
    """
    found, _ = recognise(paths)
    say = step or _silent
    made: list[Figure] = []
    if votes := [f for f in found if f.dataset == "unga"]:
        made += _votes(*_read(votes, say), say)
    if treaties := [f for f in found if f.dataset == "atop" and f.release.part == "dyads"]:
        made.append(_gaps(*_read(treaties, say)))
    if not made:
        raise MissingData(
            f"{', '.join(map(str, paths))}: neither UN votes (unga) nor ATOP (atop) there; the "
            "figures of the almanac are computed from them"
        )
    return tuple(sorted(made, key=lambda figure: figure.name))


def write_figures(figures: Sequence[Figure], into: Path | None = None) -> tuple[Written, ...]:
    """Write figures as Parquet, and beside them what they were computed from.

    Parameters
    ----------
    figures : sequence of Figure
        As `compute_figures` returned them.
    into : Path, optional
        Folder; by default that of the installed package.

    Raises
    ------
    StorageError
        If the folder cannot be written; each file is the old one or the new one.

    Notes
    -----
    What they are computed from is written before them, with the checksum that each replaces,
    and after them without it: where ``replaces`` stands, a build was cut short, and the
    checksum of the file tells whether it is the old one or the new one.
    """
    target = into if into is not None else folder() / "figures"
    if target.is_file():
        raise BadInput(f"{target} is a file; figures are written into a folder")
    with files.locked(target / ".lock"):
        packed = [(f, target / f"{f.name}.parquet", _packed(f)) for f in figures]
        written = [_planned(*one) for one in packed]
        held = _read_sidecar(target / SIDECAR)
        _write_sidecar(target, held | {w.figure.name: _entry(w, under_way=True) for w in written})
        for _, path, data in packed:
            files.write_atomic(path, partial(_put, data))
        _write_sidecar(target, held | {w.figure.name: _entry(w) for w in written})
    return tuple(written)


def _packed(figure: Figure) -> bytes:
    return files.parquet_bytes(figure.table, level=19)


def _planned(figure: Figure, path: Path, data: bytes) -> Written:
    before = files.sha256(path) if path.is_file() else ""
    after = hashlib.sha256(data).hexdigest()
    return Written(figure, path, after, changed=after != before, before=before)


def _put(data: bytes, stream: IO[bytes]) -> None:
    stream.write(data)


def _write_sidecar(target: Path, entries: dict[str, str]) -> None:
    files.write_text(target / SIDECAR, "\n".join(entries[name] for name in sorted(entries)))


def _read(found: Sequence[Found], say: Callable[[str], object]) -> tuple[Facts, tuple[Input, ...]]:
    kept, _ = choose(found)
    parts, inputs = [], []
    for one in kept:
        say(f"reading {one.file.name}")
        facts = read_source(one)
        rows = int(facts.sources["rows"].sum())
        digest = files.sha256(one.file.path)
        inputs.append(Input(one.dataset, one.release.version, one.file.name, digest, rows))
        parts.append(facts)
    return merge(parts), tuple(sorted(inputs, key=lambda i: (i.dataset, i.file)))


def _votes(facts: Facts, inputs: tuple[Input, ...], say: Callable[[str], object]) -> list[Figure]:
    say("counting votes in common")
    dates = facts.rollcalls["date"].sort()
    if dates.is_empty():
        raise BadInput(f"{inputs[0].file}: no roll call can be used")
    span = (dates[0], dates[-1])
    by_dyad = pack_dyad_votes(
        dyad_votes(facts.rollcalls, facts.ballots),
        classes_by_power(facts.rollcalls, facts.ballots, POWERS),
    )
    made = [Figure("dyad_votes", by_dyad, *span, inputs)]
    by_issue = issue_votes(facts.rollcalls, facts.ballots)
    if by_issue.height:
        made.append(Figure("issue_votes", pack_issue_votes(by_issue), *span, inputs))
    return made


def _gaps(facts: Facts, inputs: tuple[Input, ...]) -> Figure:
    """Compare the almanac's treaties with ATOP's dyad-years, which reach furthest."""
    layer = LAYERS.get("alliances")
    yearly = dataclasses.replace(
        facts,
        spells=facts.spells.filter(pl.col("kind") == "alliance_year"),
        coverage=facts.coverage.filter(pl.col("topic") == LISTED),
    )
    span = years_covered(yearly.coverage, LISTED)
    if span is None:
        raise BadInput(f"{inputs[0].file}: it declares no years of coverage")
    ours = almanac_facts()
    # Gaps that the almanac was told of earlier must not answer for themselves.
    told = ~pl.col("fact_id").str.starts_with("almanac/treaty_gaps:")
    confirmed = dataclasses.replace(ours, spells=ours.spells.filter(told))
    sure = dataclasses.replace(confirmed, spells=confirmed.spells.filter(pl.col("value") == 1))
    layers = [layer.build(facts).ties for facts in (confirmed, sure, yearly)]
    table = treaty_gaps(*layers, until=span[1])
    first, last = date(span[0], 1, 1), date(span[1], 12, 31)
    return Figure("treaty_gaps", table, first, last, inputs)


def _entry(written: Written, *, under_way: bool = False) -> str:
    """Tell a figure; while it is written, also what it replaces, so that a kill can be seen."""
    figure = written.figure
    replaces = [f'replaces = "{written.before}"'] if under_way and written.changed else []
    lines = [
        f"[{figure.name}]",
        f'sha256 = "{written.sha256}"',
        *replaces,
        f"rows = {figure.table.height}",
        f'first = "{figure.first}"',
        f'last = "{figure.last}"',
    ]
    for item in figure.inputs:
        lines += [
            f"[[{figure.name}.inputs]]",
            f'dataset = "{item.dataset}"',
            f'version = "{item.version}"',
            f"file = {_quoted(item.file)}",
            f'sha256 = "{item.sha256}"',
            f"rows = {item.rows}",
        ]
    return "\n".join(lines) + "\n"


def _read_sidecar(path: Path) -> dict[str, str]:
    """Entries of figures that are not written now, as they stand."""
    if not path.is_file():
        return {}
    text = files.decode(files.read_bytes(path))
    blocks = [block for block in text.split("\n\n") if block.strip()]
    return {block.partition("]")[0].strip().lstrip("["): block.strip() + "\n" for block in blocks}


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _silent(what: str) -> None:
    """Say nothing."""
