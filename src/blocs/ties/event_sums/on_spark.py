"""Event sums on Spark: this machine alone, or the cluster that Spark's own settings name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import polars as pl

from blocs.errors import BadFile, MissingExtra, first_line
from blocs.ties.event_sums.forms import FILE
from blocs.ties.event_sums.jobs import REFUSED, Engine, Job, Summed
from blocs.ties.event_sums.on_duckdb import check_lines
from blocs.ties.event_sums.sums import sum_events

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_ALONE = {
    "spark.master": "local[*]",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "16",
}
"""Spark on this machine alone; where it is told of a cluster it is left as it is."""


@contextmanager
def started(megabytes: int) -> Iterator[Engine]:
    """Start Spark, its driver with so much memory (0 for its own).

    Raises
    ------
    MissingExtra
        If Spark or Java is not installed.
    """
    try:
        from pyspark import SparkConf
        from pyspark.sql import SparkSession
    except ImportError:
        raise MissingExtra("--engine spark needs Spark: pip install 'blocs[spark]'") from None
    builder = SparkSession.builder.appName("blocs")
    if not SparkConf().contains("spark.master") and "SPARK_REMOTE" not in os.environ:
        for key, value in _ALONE.items():
            builder = builder.config(key, value)
    if megabytes:
        builder = builder.config("spark.driver.memory", f"{megabytes}m")
    try:
        session = builder.getOrCreate()
    except Exception as error:
        raise MissingExtra(
            f"Spark did not start; it needs Java 17 or later ({first_line(error)})"
        ) from None
    try:
        session.sparkContext.setLogLevel("ERROR")
        yield lambda job, watch: _run(session, job, watch)
    finally:
        session.stop()


def _run(session: SparkSession, job: Job, watch: Callable[[float], None]) -> Summed:
    import narwhals as nw
    from pyspark.errors import PySparkException

    check_lines(job.paths, job.form)
    watch(0.5)
    try:
        found = sum_events(
            nw.from_native(_rows(session, job)),
            job.form,
            period=job.period,
            by=job.by,
            by_file=job.several,
        )
        found.to_native().write.mode("overwrite").parquet(str(job.target))
    except PySparkException as error:
        raise BadFile(
            f"{job.paths[0]}: cannot be summed ({first_line(error)}); try --engine duckdb"
        ) from None
    sums = pl.scan_parquet(sorted(job.target.glob("*.parquet")), glob=False)
    return Summed(sums, pl.DataFrame(schema=REFUSED))


def _rows(session: SparkSession, job: Job) -> DataFrame:
    from pyspark.sql.functions import input_file_name

    paths, form = [str(path) for path in job.paths], job.form
    if not form.separator:
        return session.read.parquet(*paths).withColumn(FILE, input_file_name())
    quote = '"' if form.quotes else ""
    return (
        session.read.schema(", ".join(f"`{name.replace('`', '``')}` STRING" for name in form.names))
        .option("sep", form.separator)
        .option("header", form.header)
        .option("quote", quote)
        .option("escape", quote or "\\")
        .option("multiLine", form.quotes)
        .csv(paths)
        .withColumn(FILE, input_file_name())
    )
