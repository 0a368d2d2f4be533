"""Engines that read event files and run the one sum: DuckDB, Polars, Spark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blocs.errors import BadInput, UnknownName
from blocs.registry import nearest
from blocs.ties.event_sums.jobs import Engine

ENGINES = ("duckdb", "polars", "spark")
_MEMORY = re.compile(r"(\d+(?:\.\d+)?)\s*(MB|GB|TB)", re.IGNORECASE)
_UNITS = {"MB": 1, "GB": 1000, "TB": 1_000_000}
_LEAST = 64


@contextmanager
def engine(name: str, *, memory: str, work: Path) -> Iterator[Engine]:
    """Start an engine; it ends with the block.

    Parameters
    ----------
    name : str
        duckdb, polars or spark.
    memory : str
        Limit such as ``1.5GB`` (DuckDB, Spark's driver); empty for the engine's own.
    work : Path
        Where it may spill.

    Raises
    ------
    UnknownName, BadInput
        No such engine; a limit that is none, or of an engine that has no limit.
    MissingExtra
        If Spark is not installed.
    """
    limit = _megabytes(memory)
    if name == "duckdb":
        from blocs.ties.event_sums.on_duckdb import opened

        with opened(limit, work / "spill") as run:
            yield run
    elif name == "polars":
        from blocs.ties.event_sums.on_polars import run_polars

        if limit:
            raise BadInput("--memory is kept by duckdb and spark; polars takes what it needs")
        yield run_polars
    elif name == "spark":
        from blocs.ties.event_sums.on_spark import started

        with started(limit) as run:
            yield run
    else:
        raise UnknownName(
            "engine", name, nearest(name, list(ENGINES)), "Use duckdb, polars, spark."
        )


def _megabytes(memory: str) -> int:
    """Read a limit; 0 if none is given."""
    if not memory:
        return 0
    found = _MEMORY.fullmatch(memory.strip())
    size = int(float(found[1]) * _UNITS[found[2].upper()]) if found else 0
    if size < _LEAST:
        raise BadInput(f"--memory {memory}: give {_LEAST}MB or more, as 800MB or 1.5GB")
    return size
