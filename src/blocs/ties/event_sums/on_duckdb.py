"""Event sums on DuckDB, which spills to disk what its memory limit does not hold."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from blocs.errors import BadFile, StorageError, first_line
from blocs.ties.event_sums.dictionaries import Numbered, numbered
from blocs.ties.event_sums.forms import FILE, EventForm
from blocs.ties.event_sums.jobs import REFUSED, Engine, Job, Summed
from blocs.ties.event_sums.sql import listed, quoted
from blocs.ties.event_sums.sums import no_ties, sum_events, sum_ties

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

_EVERY = 0.5  # seconds between looks at how far a query is
_HELD = {True: 256_000_000, False: 32_000_000}
"""Bytes of text, and of Parquet, whose sums memory holds; of more they are written to a file."""


@contextmanager
def opened(megabytes: int, spill: Path) -> Iterator[Engine]:
    """Open DuckDB with a memory limit (0 for its own) and a place to spill to."""
    import duckdb

    with duckdb.connect(config={"temp_directory": str(spill)}) as connection:
        if megabytes:
            connection.execute(f"SET memory_limit = '{megabytes}MB'")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET enable_progress_bar = true")
        connection.execute("SET enable_progress_bar_print = false")
        yield lambda job, watch: _run(connection, job, watch)


def _run(connection: DuckDBPyConnection, job: Job, watch: Callable[[float], None]) -> Summed:
    import duckdb
    import narwhals as nw

    text = bool(job.form.separator)
    source = csv_source(job.paths, job.form) if text else _parquet_source(job.paths)
    try:
        with _looked_at(connection, watch):
            if not text and (told := numbered(connection, job, source)):
                return _by_number(told, job)
            rows = nw.from_native(connection.sql(f"SELECT * FROM {source}"))
            found = sum_events(rows, job.form, period=job.period, by=job.by, by_file=job.several)
            sums = _fetched(found.to_native(), job)
        return Summed(sums, refused(connection) if text else pl.DataFrame(schema=REFUSED))
    except duckdb.OutOfMemoryException as error:
        raise StorageError(
            f"{job.paths[0]}: memory and disk ran out ({first_line(error)}); give more --memory, "
            "or a --project on a disk with room to spill"
        ) from None
    except duckdb.Error as error:
        if isinstance(error, duckdb.IOException) and "write" in str(error):
            raise StorageError(
                f"{job.target.parent}: cannot be written ({_told(error)}); make room, or name "
                "a --project on another disk"
            ) from None
        raise BadFile(f"{job.paths[0]}: cannot be summed ({_told(error)})") from None
    except RuntimeError as error:  # which is what DuckDB makes of Ctrl-C
        if "interrupted" in str(error):
            raise KeyboardInterrupt from None
        raise


def _by_number(told: Numbered, job: Job) -> Summed:
    import narwhals as nw

    rows = nw.from_native(told.rows)
    found = sum_ties(rows, told.form, period=job.period, by=job.by, by_file=job.several)
    pairs = nw.from_native(told.pairs.lazy())
    rest = no_ties(pairs, job.form, by_file=job.several).to_native()
    sides = [pl.lit(None, pl.Int32).alias(name) for name in ("sender", "receiver", "code")]
    sums = [_fetched(found.to_native(), job), rest.with_columns(sides)]
    return Summed(pl.concat(sums), pl.DataFrame(schema=REFUSED), told.listed)


def _fetched(found: DuckDBPyRelation, job: Job) -> pl.LazyFrame:
    """Run the query; a fifth of its time goes into a file, where that is needed."""
    if sum(path.stat().st_size for path in job.paths) <= _HELD[bool(job.form.separator)]:
        return pl.DataFrame(found).lazy()
    found.write_parquet(str(job.target))
    return pl.scan_parquet(job.target, glob=False)


@contextmanager
def _looked_at(connection: DuckDBPyConnection, watch: Callable[[float], None]) -> Iterator[None]:
    """Tell how far the query is, while it runs."""
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(_EVERY):
            watch(min(max(connection.query_progress() / 100, 0.0), 1.0))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield
    finally:
        ended.set()
        looking.join()


def csv_source(paths: Sequence[Path], form: EventForm) -> str:
    """Return the SQL that reads text files; lines it cannot read go to the table refused."""
    columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in form.names)
    quote = '"' if form.quotes else ""
    return (
        f"read_csv({listed(paths)}, auto_detect=false, delim={quoted(form.separator)}, "
        f"quote='{quote}', escape='{quote}', header={form.header}, columns={{{columns}}}, "
        f"filename='{FILE}', store_rejects=true, rejects_limit=0, "
        "rejects_table='refused', rejects_scan='refused_scans')"
    )


def _parquet_source(paths: Sequence[Path]) -> str:
    return f"read_parquet({listed(paths)}, filename='{FILE}')"


def refused(connection: DuckDBPyConnection) -> pl.DataFrame:
    """Return the lines that `csv_source` refused, each once, and forget them."""
    rows = connection.execute(
        "SELECT file_path, line, any_value(csv_line[:80]) FROM refused JOIN refused_scans "
        "USING (scan_id, file_id) GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    connection.execute("DROP TABLE IF EXISTS refused; DROP TABLE IF EXISTS refused_scans")
    return pl.DataFrame(rows, schema=REFUSED, orient="row")


def check_lines(paths: Sequence[Path], form: EventForm) -> None:
    """Refuse files with an odd line, which Polars and Spark would fill up in silence.

    Raises
    ------
    BadFile
        At the first line that has too few or too many cells or is not UTF-8.
    """
    import duckdb

    if not form.separator:
        return
    with duckdb.connect() as connection:
        try:
            connection.execute(f"SELECT count(*) FROM {csv_source(paths, form)}").fetchall()
            odd = refused(connection)
        except duckdb.Error as error:
            raise BadFile(f"{paths[0]}: cannot be read ({_told(error)})") from None
    if odd.height:
        path, row, value = odd.row(0)
        raise BadFile(
            f"{path}:{row}: not as many cells as the {len(form.names)} columns, or not UTF-8 "
            f"({value!r}); --engine duckdb sets such lines aside and counts them"
        )


def _told(error: Exception) -> str:
    """Say what is wrong with a file."""
    said = first_line(error)
    if "state machine" in said:
        return "its lines end in two ways, as on Windows and as elsewhere; let all end in one way"
    return said
