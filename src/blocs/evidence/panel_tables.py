"""Published tables as panels need them: typed columns, keyed by COW code and year.

A panel carries a publisher's columns as they are, so it reads the wide table
itself and not the facts made from it (ten times the rows). Files are told by
their header as everywhere; a key that is no number is an error, a value that is
none a warning, both with the row.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from blocs.contracts import Columns
from blocs.errors import BadFile, DamagedCells, MissingData
from blocs.evidence.intake import Found, choose, recognise
from blocs.files import SourceFile, read_table

NULLS = ("", "NA", "NaN", ".")


def typed_table(
    file: SourceFile,
    keys: Sequence[str],
    columns: Sequence[str],
    *,
    missing: int | None = None,
    real: bool = False,
    once: bool = False,
) -> pl.DataFrame:
    """Read key and value columns as numbers.

    Parameters
    ----------
    file : SourceFile
        A recognised table.
    keys : sequence of str
        Columns that must be whole numbers in every row.
    columns : sequence of str
        Columns that are numbers or missing.
    missing : int, optional
        The publisher's code for missing, made null.
    real : bool
        Whether the values are real numbers.
    once : bool
        Whether a key may come only once.

    Raises
    ------
    BadFile
        If a key is missing, no number or told twice, with row, column and value.

    Warns
    -----
    DamagedCells
        If a value is no number: it is taken as missing, said aloud with its row.
    """
    wanted = [*keys, *columns]
    value = pl.Float64 if real else pl.Int32
    types = {**dict.fromkeys(keys, pl.Int32), **dict.fromkeys(columns, value)}
    typed = _as_numbers(file, keys, types)
    if typed is None:
        typed = _cell_by_cell(file, keys, columns, types)
    if once:
        _told_once(file, typed, keys)
    out = typed.select(wanted)
    if missing is not None:
        out = out.with_columns(pl.col(c).replace(missing, None) for c in columns)
    return out


def _as_numbers(
    file: SourceFile, keys: Sequence[str], types: Mapping[str, type[pl.DataType]]
) -> pl.DataFrame | None:
    """Read a table in which every cell is a number or missing; None if one is not."""
    try:
        frame = read_table(file, columns=[*types], dtypes={**types}, nulls=NULLS, strict=True)
    except BadFile:
        return None  # the slow way says which cell, or what else is wrong
    return None if any(frame[c].null_count() for c in keys) else frame


def _cell_by_cell(
    file: SourceFile,
    keys: Sequence[str],
    columns: Sequence[str],
    types: Mapping[str, type[pl.DataType]],
) -> pl.DataFrame:
    frame = read_table(file, columns=[*types], nulls=NULLS)
    typed = frame.with_columns(pl.col(c).cast(t, strict=False) for c, t in types.items())
    padded = [c for c in types if typed[c].null_count() > frame[c].null_count()]
    typed = typed.with_columns(
        frame[c].str.strip_chars().cast(types[c], strict=False) for c in padded
    )
    for c in keys:
        _first(file, frame, c, typed[c].is_null(), refuse=True)
    for c in (c for c in columns if c in padded):
        _first(file, frame, c, typed[c].is_null() & frame[c].is_not_null(), refuse=False)
    return typed


def tables_at(
    paths: Sequence[Path], groups: Mapping[str, Columns], *, use: Mapping[str, str]
) -> tuple[dict[str, Found], tuple[str, ...]]:
    """Find the file that feeds each column group.

    Returns
    -------
    found : dict of str to Found
        Column group to file.
    notes : tuple of str
        Versions chosen and left aside, and files of the same version: a panel reads one.

    Raises
    ------
    MissingData
        If a group has no file, saying which data set to add.
    """
    wanted = {dataset for group in groups.values() for dataset, _ in group.sources}
    known, unknown = recognise(paths)
    candidates = [f for f in known if f.dataset in wanted]
    kept, notes = choose(candidates, use={k: v for k, v in use.items() if k in wanted})
    out: dict[str, Found] = {}
    for name, group in groups.items():
        fits = [
            f for source in group.sources for f in kept if (f.dataset, f.release.part) == source
        ]
        if not fits:
            dataset, part = group.sources[0]
            raise MissingData(
                f"the columns {name} need the data set {dataset}"
                f"{f' (its part {part!r})' if part else ''}; name its file or folder with --data, "
                f"or add it with `blocs data add {dataset} PATH`{_strangers(unknown)}"
            )
        out[name] = fits[0]
    used = {f.dataset for f in out.values()}
    told = [n for n in notes if n.partition(":")[0] in used]
    return out, (*told, *_left_aside(out.values(), kept))


def _left_aside(used: Iterable[Found], kept: Sequence[Found]) -> Iterator[str]:
    """Say which files of the same part and version are not read."""
    for one in dict.fromkeys(used):
        more = [f.file.name for f in kept if f.release == one.release and f is not one]
        if more:
            yield (
                f"{one.dataset}: a panel reads one file, {one.file.name}, and not "
                f"{', '.join(more)}; name another with --data"
            )


def _strangers(unknown: Sequence[Path]) -> str:
    if not unknown:
        return ""
    named = ", ".join(p.name for p in unknown[:3]) + (" ..." if len(unknown) > 3 else "")
    return f". In no known format here: {named}"


def _told_once(file: SourceFile, typed: pl.DataFrame, keys: Sequence[str]) -> None:
    """Refuse a key that comes twice: which row counts must not hang on their order."""
    packed = pl.lit(0, dtype=pl.Int64)
    for c in keys:
        packed = packed * 10_000 + pl.col(c)
    number = typed.select(packed.alias("key"))["key"]
    if number.n_unique() == len(number):
        return
    row = typed.filter(~number.is_first_distinct()).row(0, named=True)
    told = ", ".join(f"{c} {row[c]}" for c in keys)
    raise BadFile(f"{file.path}, row {row['row']}: {told} is told twice; keep one of the rows")


def _first(
    file: SourceFile, frame: pl.DataFrame, column: str, wrong: pl.Series, *, refuse: bool
) -> None:
    """Say aloud where a column holds what is no number: an error for keys, a warning else."""
    if not wrong.any():
        return
    row = frame.filter(wrong).row(0, named=True)
    where = f"{file.path}, row {row['row']}, column {column}: {row[column]!r} is not a number"
    if refuse:
        raise BadFile(f"{where}; correct the file or fetch it again")
    warnings.warn(
        f"{where}; {int(wrong.sum())} such cells are taken as missing", DamagedCells, stacklevel=3
    )
