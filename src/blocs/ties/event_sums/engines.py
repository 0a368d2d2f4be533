"""Engines that read event files and run the sum: DuckDB, Polars, Spark."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from blocs.errors import BadFile, MissingExtra, StorageError, UnknownName
from blocs.registry import nearest
from blocs.ties.event_sums.forms import EventForm
from blocs.ties.event_sums.sums import BOUND, sum_events

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation
    from pyspark.sql import DataFrame, SparkSession

ENGINES = ("duckdb", "polars", "spark")
_WRONG = 10 * BOUND  # stands for a value that is no number, and breaks the rule of values
_LIMIT = 1000
_REJECTS = {"row": pl.Int64, "rule": pl.String, "value": pl.String}

_ALONE = {
    "spark.master": "local[*]",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "16",
}
"""Spark on this machine alone; where it is told of a cluster it is left as it is."""

Summed = tuple[pl.DataFrame, pl.DataFrame]
Engine = Callable[[Path, EventForm, str, int], Summed]
"""``engine(path, form, period, code_length)``: sums of one file, and lines it cannot read."""


@contextmanager
def engine(name: str, *, memory: str, folder: Path) -> Iterator[Engine]:
    """Start an engine; it ends with the block.

    Parameters
    ----------
    name : str
        duckdb, polars or spark.
    memory : str
        Limit such as ``1.5GB`` (DuckDB, Spark's driver); empty for the engine's own.
    folder : Path
        Where it may spill and write.

    Raises
    ------
    MissingExtra
        If Spark is not installed.
    """
    if name == "duckdb":
        import duckdb

        with duckdb.connect(config={"temp_directory": str(folder / "spill")}) as connection:
            if memory:
                connection.execute("SET memory_limit = ?", [memory])
            connection.execute("SET preserve_insertion_order = false")
            yield lambda *given: _duckdb(connection, *given)
    elif name == "polars":
        yield _polars
    elif name == "spark":
        with _spark_session(memory) as session:
            yield lambda *given: _spark(session, folder, *given)
    else:
        raise UnknownName(
            "engine", name, nearest(name, list(ENGINES)), "Use duckdb, polars, spark."
        )


def _duckdb(
    connection: DuckDBPyConnection, path: Path, form: EventForm, period: str, length: int
) -> Summed:
    import duckdb
    import narwhals as nw

    text = bool(form.separator)
    select = ", ".join(f"{_sql(form, role)} AS {role}" for role in _roles())
    source = _csv_source(path, form) if text else f"read_parquet({_quoted(path)})"
    try:
        events = nw.from_native(connection.sql(f"SELECT {select} FROM {source}"))
        found = sum_events(events, period=period, code_length=length).to_native()
        table = pl.DataFrame(_rows(found), schema=_SCHEMA, orient="row")
        return table, _refused(connection) if text else pl.DataFrame(schema=_REJECTS)
    except duckdb.OutOfMemoryException as error:
        raise StorageError(f"{path}: memory or disk ran out ({_first(error)})") from None
    except duckdb.Error as error:
        raise BadFile(f"{path}: cannot be summed ({_first(error)})") from None


_SCHEMA = {
    "rule": pl.Int64,
    "period": pl.Int64,
    "sender": pl.String,
    "receiver": pl.String,
    "code": pl.String,
    "n": pl.Int64,
    "scored": pl.Int64,
    "tenths": pl.Int64,
}


def _rows(relation: DuckDBPyRelation) -> list[tuple[object, ...]]:
    return relation.fetchall()


def _csv_source(path: Path, form: EventForm) -> str:
    columns = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in form.names)
    quote = '"' if form.quotes else ""
    return (
        f"read_csv({_quoted(path)}, auto_detect=false, delim={_quoted(form.separator)}, "
        f"quote='{quote}', escape='{quote}', header={form.header}, columns={{{columns}}}, "
        f"store_rejects=true, rejects_limit={_LIMIT}, "
        "rejects_table='refused', rejects_scan='refused_scans')"
    )


def _sql(form: EventForm, role: str) -> str:
    column = form.column(role)
    if not column:
        return "CAST(NULL AS DOUBLE)"
    name = '"' + column.replace('"', '""') + '"'
    if role == "day":
        plain = f"CAST({name} AS VARCHAR)"
        return f"TRY_CAST({plain if form.compact else _undashed(plain)} AS INTEGER)"
    if role == "value":
        bare = f"NULLIF(NULLIF(CAST({name} AS VARCHAR), ''), 'NA')" if form.separator else name
        return (
            f"CASE WHEN {bare} IS NULL THEN NULL "
            f"ELSE COALESCE(TRY_CAST({bare} AS DOUBLE), {_WRONG}) END"
        )
    return name


def _undashed(text: str) -> str:
    return f"CASE WHEN {text}[5] = '-' AND {text}[8] = '-' THEN replace({text}[:10], '-', '') END"


def _refused(connection: DuckDBPyConnection) -> pl.DataFrame:
    rows = connection.execute(
        "SELECT min(line), any_value(error_type::VARCHAR), any_value(csv_line[:80]) "
        "FROM refused GROUP BY line ORDER BY 1"
    ).fetchall()
    connection.execute("DROP TABLE IF EXISTS refused; DROP TABLE IF EXISTS refused_scans")
    return pl.DataFrame(rows, schema=_REJECTS, orient="row").with_columns(
        rule=pl.lit("as many cells as columns, in UTF-8")
    )


def _polars(path: Path, form: EventForm, period: str, length: int) -> Summed:
    import narwhals as nw

    frame = _polars_rows(path, form)
    events = nw.from_native(frame.select(_polars_role(form, role) for role in _roles()))
    found = sum_events(events, period=period, code_length=length).to_native()
    try:
        table = found.collect(engine="streaming").select(
            pl.col(name).cast(kind) for name, kind in _SCHEMA.items()
        )
    except pl.exceptions.PolarsError as error:
        raise BadFile(f"{path}: cannot be summed ({_first(error)}); try --engine duckdb") from None
    return table, pl.DataFrame(schema=_REJECTS)


def _polars_rows(path: Path, form: EventForm) -> pl.LazyFrame:
    if not form.separator:
        return pl.scan_parquet(path)
    _check_widths(path, form)
    return pl.scan_csv(
        path,
        separator=form.separator,
        has_header=form.header,
        quote_char='"' if form.quotes else None,
        schema=dict.fromkeys(form.names, pl.String),
    )


def _polars_role(form: EventForm, role: str) -> pl.Expr:
    column = pl.col(form.column(role)) if form.column(role) else pl.lit(None, dtype=pl.Float64)
    if role == "day":
        text = column.cast(pl.String)
        dashed = (text.str.slice(4, 1) == "-") & (text.str.slice(7, 1) == "-")
        bare = pl.when(dashed).then(text.str.slice(0, 10).str.replace_all("-", ""))
        return (text if form.compact else bare).cast(pl.Int32, strict=False).alias(role)
    if role == "value":
        missing = column.is_null() | column.cast(pl.String).is_in(["", "NA"])
        number = column.cast(pl.Float64, strict=False).fill_null(_WRONG)
        return pl.when(~missing).then(number).alias(role)
    return column.cast(pl.String).alias(role)


def _spark(
    session: SparkSession, folder: Path, path: Path, form: EventForm, period: str, length: int
) -> Summed:
    import narwhals as nw

    frame = _spark_rows(session, path, form).selectExpr(*(_spark_role(form, r) for r in _roles()))
    found = sum_events(nw.from_native(frame), period=period, code_length=length).to_native()
    place = folder / "spark"
    found.write.mode("overwrite").parquet(str(place))
    table = pl.read_parquet(place / "*.parquet")
    columns = [pl.col(name).cast(kind) for name, kind in _SCHEMA.items()]
    return table.select(columns), pl.DataFrame(schema=_REJECTS)


def _spark_rows(session: SparkSession, path: Path, form: EventForm) -> DataFrame:
    if not form.separator:
        return session.read.parquet(str(path))
    _check_widths(path, form)
    schema = ", ".join(f"`{name}` STRING" for name in form.names)
    quote = '"' if form.quotes else ""
    read = session.read.schema(schema).option("sep", form.separator)
    return (
        read.option("header", form.header)
        .option("quote", quote)
        .option("escape", quote or "\\")
        .csv(str(path))
    )


def _spark_role(form: EventForm, role: str) -> str:
    column = form.column(role)
    if not column:
        return f"CAST(NULL AS DOUBLE) AS {role}"
    name, text = f"`{column}`", f"CAST(`{column}` AS STRING)"
    if role == "day":
        dashed = f"substr({text}, 5, 1) = '-' AND substr({text}, 8, 1) = '-'"
        bare = f"CASE WHEN {dashed} THEN replace(substr({text}, 1, 10), '-', '') END"
        return f"try_cast({text if form.compact else bare} AS INT) AS {role}"
    if role == "value":
        number = f"coalesce(try_cast({name} AS DOUBLE), {_WRONG}D)"
        missing = f"{name} IS NULL OR {text} IN ('', 'NA')"
        return f"CASE WHEN {missing} THEN NULL ELSE {number} END AS {role}"
    return f"{text} AS {role}"


@contextmanager
def _spark_session(memory: str) -> Iterator[SparkSession]:
    try:
        from pyspark import SparkConf
        from pyspark.sql import SparkSession
    except ImportError:
        raise MissingExtra("--engine spark needs Spark: pip install 'blocs[spark]'") from None
    builder = SparkSession.builder.appName("blocs")
    if not SparkConf().contains("spark.master") and "SPARK_REMOTE" not in os.environ:
        for key, value in _ALONE.items():
            builder = builder.config(key, value)
    if memory:
        builder = builder.config("spark.driver.memory", memory.upper().replace("GB", "g"))
    try:
        session = builder.getOrCreate()
    except Exception as error:
        raise MissingExtra(
            f"Spark did not start; it needs Java 17 or later ({_first(error)})"
        ) from None
    try:
        session.sparkContext.setLogLevel("ERROR")
        yield session
    finally:
        session.stop()


def _check_widths(path: Path, form: EventForm) -> None:
    """Refuse a table with an odd line, which Polars and Spark would fill up in silence."""
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        rows = (
            csv.reader(stream, delimiter=form.separator)
            if form.quotes
            else (line.split(form.separator) for line in stream)
        )
        for number, cells in enumerate(rows, 1):
            if cells and len(cells) != len(form.names):
                raise BadFile(
                    f"{path}:{number}: {len(cells)} cells where {len(form.names)} are due; "
                    "--engine duckdb sets such lines aside and counts them"
                )


def _roles() -> tuple[str, ...]:
    return ("day", "sender", "receiver", "code", "value")


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def _first(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
