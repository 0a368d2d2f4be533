"""Event sums on Polars, in a stream."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO, cast

import polars as pl

from blocs.errors import BadFile, first_line
from blocs.ties.event_sums.forms import FILE, ROW, EventForm
from blocs.ties.event_sums.jobs import REFUSED, Job, Summed
from blocs.ties.event_sums.lines import Sought, find_lines
from blocs.ties.event_sums.on_duckdb import check_lines
from blocs.ties.event_sums.sums import broken, sum_events

SHOWN = 1000
"""Refused rows of a file that are told one by one."""


def run_polars(job: Job, watch: Callable[[float], None]) -> Summed:
    """Sum files; odd lines are an error, since Polars would fill them up."""
    import narwhals as nw

    check_lines(job.paths, job.form)
    watch(0.5)
    rows = scan(job.paths, job.form)
    if job.form.separator:
        rows = rows.filter(pl.any_horizontal(_told(job.form)))
    found = sum_events(
        nw.from_native(rows),
        job.form,
        period=job.period,
        by=job.by,
        by_file=job.several,
    )
    try:
        found.to_native().sink_parquet(job.target)
    except pl.exceptions.PolarsError as error:
        raise BadFile(
            f"{job.paths[0]}: cannot be summed ({first_line(error)}); try --engine duckdb"
        ) from None
    return Summed(pl.scan_parquet(job.target, glob=False), pl.DataFrame(schema=REFUSED))


def locate(path: Path, form: EventForm, rule: int, sought: Sought) -> pl.DataFrame:
    """Return the first rows of a file that break the rule of days (3) or of values (4).

    Parameters
    ----------
    path : Path
        A plain text file, or a Parquet file.
    form : EventForm
        Its form.
    rule : int
        3 or 4.
    sought : Sought
        What is known of the cells: few are found by their text, without reading the table again.

    Returns
    -------
    pl.DataFrame
        ``row, value``: the line of a text file (where no cell runs over several), or the row of
        a Parquet file, counted from 1; at most `SHOWN`, in order.
    """
    few = form.separator and sought.n <= SHOWN
    if few and (lines := find_lines(path, form, sought)):
        found = _broken(path, scan([BytesIO(lines.text)], form, ragged=True, header=0), form, rule)
        if found.height == sought.n:
            numbers = pl.Series(lines.numbers, dtype=pl.Int64)
            return found.with_columns(row=numbers.gather(found["row"] - 1))
    return _broken(path, scan([path], form, ragged=True), form, rule)


def _broken(path: Path, rows: pl.LazyFrame, form: EventForm, rule: int) -> pl.DataFrame:
    import narwhals as nw

    found = broken(nw.from_native(rows), form, rule).to_native()
    try:
        return found.head(SHOWN).collect(engine="streaming").cast({"row": pl.Int64})
    except pl.exceptions.PolarsError as error:
        raise BadFile(
            f"{path}: rows that break a rule cannot be told, since its lines cannot be "
            f"({first_line(error)}); mend its quotes and the number of its columns"
        ) from None


def scan(
    paths: Sequence[Path | IO[bytes]],
    form: EventForm,
    *,
    ragged: bool = False,
    header: int | None = None,
) -> pl.LazyFrame:
    """Read files lazily, with the path of each row; `ragged` to number rows and mend odd lines."""
    row = ROW if ragged else None
    skipped = form.header_lines if header is None else header
    given = cast("list[Path]", list(paths))
    if not form.separator:
        found = pl.scan_parquet(
            given,
            include_file_paths=FILE,
            row_index_name=row,
            row_index_offset=1,
            glob=False,
        )
        kinds = [column for role, column in form.roles if form.kind(role) == "text"]
        return found.with_columns(pl.col(kinds).cast(pl.String))
    return pl.scan_csv(
        given,
        separator=form.separator,
        has_header=False,  # the names are known, also where two columns share one
        skip_rows=skipped,
        quote_char='"' if form.quotes else None,
        schema=dict.fromkeys(form.names, pl.String),
        truncate_ragged_lines=ragged,
        missing_columns="insert" if ragged else "raise",  # its first line may be short too
        encoding="utf8-lossy" if ragged else "utf8",
        include_file_paths=FILE,
        row_index_name=row,
        row_index_offset=1 + skipped,
        glob=False,
    )


def _told(form: EventForm) -> list[pl.Expr]:
    """Whether a cell of a role is told: an empty line has none and is no row."""
    return [pl.col(column).is_not_null() for _, column in form.roles]
