"""Event sums on Polars, in a stream."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from blocs.errors import BadFile, first_line
from blocs.ties.event_sums.forms import FILE, ROW, EventForm
from blocs.ties.event_sums.jobs import REFUSED, Job, Summed
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


def locate(path: Path, form: EventForm, rule: int) -> pl.DataFrame:
    """Return the first rows of a file that break the rule of days (3) or of values (4).

    Returns
    -------
    pl.DataFrame
        ``row, value``: the line of a text file (where no cell runs over several), or the row of
        a Parquet file, counted from 1; at most `SHOWN`, in order.
    """
    import narwhals as nw

    rows = scan([path], form, ragged=True)
    found = broken(nw.from_native(rows), form, rule).to_native()
    try:
        return found.head(SHOWN).collect(engine="streaming").cast({"row": pl.Int64})
    except pl.exceptions.PolarsError as error:
        raise BadFile(
            f"{path}: rows that break a rule cannot be told, since its lines cannot be "
            f"({first_line(error)}); mend its quotes and the number of its columns"
        ) from None


def scan(paths: Sequence[Path], form: EventForm, *, ragged: bool = False) -> pl.LazyFrame:
    """Read files lazily, with the path of each row; `ragged` to number rows and mend odd lines."""
    row = ROW if ragged else None
    if not form.separator:
        found = pl.scan_parquet(
            list(paths),
            include_file_paths=FILE,
            row_index_name=row,
            row_index_offset=1,
            glob=False,
        )
        kinds = [column for role, column in form.roles if form.kind(role) == "text"]
        return found.with_columns(pl.col(kinds).cast(pl.String))
    return pl.scan_csv(
        list(paths),
        separator=form.separator,
        has_header=False,  # the names are known, also where two columns share one
        skip_rows=form.header_lines,
        quote_char='"' if form.quotes else None,
        schema=dict.fromkeys(form.names, pl.String),
        truncate_ragged_lines=ragged,
        missing_columns="insert" if ragged else "raise",  # its first line may be short too
        encoding="utf8-lossy" if ragged else "utf8",
        include_file_paths=FILE,
        row_index_name=row,
        row_index_offset=1 + form.header_lines,
        glob=False,
    )


def _told(form: EventForm) -> list[pl.Expr]:
    """Whether a cell of a role is told: an empty line has none and is no row."""
    return [pl.col(column).is_not_null() for _, column in form.roles]
