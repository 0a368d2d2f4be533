"""What the commands about data sets answer: records, and lines to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
import polars as pl
from rich.text import Text

from blocs.project import Entry
from blocs.ties.lighting import Span


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A data set that blocs can read."""

    id: str
    title: str
    years: str
    unit: str
    licence: str
    lights: tuple[str, ...]
    get: bool
    page: str
    in_project: tuple[str, ...]


class List(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``data list``."""

    schema: str = "blocs.data.list/1"
    project: str | None
    datasets: tuple[Known, ...]


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Rows refused by one rule, with the first of them."""

    rule: str
    n: int
    file: str
    row: int | None
    column: str | None
    value: str | None


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One file that was read."""

    dataset: str
    version: str
    file: str
    sha256: str
    rows: int
    rejected: int
    first: str | None
    last: str | None
    in_project: bool


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """Years in which absence of a topic means zero."""

    topic: str
    first: int
    last: int


class Light(msgspec.Struct, frozen=True, kw_only=True):
    """Years of one layer and what lights them; dataset null = dark."""

    layer: str
    first: int
    last: int
    dataset: str | None
    why: str


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``data add`` and ``data get``."""

    schema: str = "blocs.data.add/1"
    project: str
    dataset: str
    files: tuple[File, ...]
    refused: tuple[Refused, ...]
    coverage: tuple[Covered, ...]
    layers: tuple[Light, ...]
    citation: str
    licence: str
    notes: tuple[str, ...]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One source of a project."""

    dataset: str
    version: str
    file: str
    sha256: str
    added: str
    rows: int
    rejected: int


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``data status`` and ``data remove``."""

    schema: str = "blocs.data.status/1"
    project: str
    exists: bool
    sources: tuple[Source, ...]
    layers: tuple[Light, ...]


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``data check``."""

    schema: str = "blocs.data.check/1"
    what: str
    files: tuple[File, ...]
    refused: tuple[Refused, ...]
    notes: tuple[str, ...]


def refused_by_rule(rejects: pl.DataFrame) -> tuple[Refused, ...]:
    """Count a table `schemas.Rejects` by rule, the commonest first."""
    by_rule = rejects.group_by("rule", maintain_order=True).agg(
        pl.len().alias("n"), pl.col("file", "row", "column", "value").first()
    )
    ranked = by_rule.sort("n", "rule", descending=[True, False])
    return tuple(Refused(**row) for row in ranked.iter_rows(named=True))


def covered_years(coverage: pl.DataFrame) -> tuple[Covered, ...]:
    """Years that a table `schemas.Coverage` declares, by topic."""
    last = pl.col("end").dt.offset_by("-1d").dt.year().max()
    rows = coverage.group_by("topic").agg(pl.col("start").dt.year().min().alias("first"), last=last)
    return tuple(Covered(**row) for row in rows.sort("topic").iter_rows(named=True))


def light(span: Span) -> Light:
    """Write a span of a layer as a record."""
    return Light(
        layer=span.layer,
        first=span.first,
        last=span.last,
        dataset=span.dataset or None,
        why=span.why,
    )


def file_record(entry: Entry, *, told: tuple[date, date] | None, in_project: bool) -> File:
    """Write a source of a project as a record; `told` = first and last day it speaks of."""
    return File(
        dataset=entry.dataset,
        version=entry.version,
        file=entry.file,
        sha256=entry.sha256,
        rows=entry.rows,
        rejected=entry.rejected,
        first=str(told[0]) if told else None,
        last=str(told[1]) if told else None,
        in_project=in_project,
    )


def file_lines(files: Sequence[File], mark: str) -> list[Text]:
    """One line a file: what it is, its rows and years; `mark` says what "in project" means."""
    return [
        Text(
            f"  {f.file} ({f.dataset} {f.version}): {f.rows:,} rows"
            + (f", {f.first[:4]}-{f.last[:4]}" if f.first and f.last else "")
            + f", {f.rejected:,} refused"
            + (f" ({mark})" if f.in_project else "")
        )
        for f in files
    ]


def refusal_lines(refused: Sequence[Refused]) -> list[Text]:
    """One line a broken rule, with the first row that broke it."""
    return [
        Text(f"  refused {r.n:,} x {r.rule}: first {_place(r)}", style="yellow") for r in refused
    ]


def _place(refused: Refused) -> str:
    parts = [refused.file, *([f"row {refused.row}"] if refused.row is not None else [])]
    if refused.column:
        parts.append(f"{refused.column} = {refused.value!r}")
    elif refused.value:
        parts.append(repr(refused.value))
    return ", ".join(parts)


def span_line(span: Span) -> str:
    """Say which years of a layer are lit."""
    return f"layer {span.layer}: {years_text(span)} lit by {span.dataset}"


def years_text(span: Span) -> str:
    """Write the years of a span."""
    return str(span.first) if span.first == span.last else f"{span.first}-{span.last}"


def as_frame(rows: Sequence[msgspec.Struct]) -> pl.DataFrame:
    """Lay records out as a table; lists become text."""
    flat = [
        {
            k: ", ".join(v) if isinstance(v, tuple) else v
            for k, v in msgspec.structs.asdict(r).items()
        }
        for r in rows
    ]
    return pl.DataFrame(flat, infer_schema_length=None)
