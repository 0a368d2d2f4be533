"""Tables and networks in the formats of other programs, through their libraries."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec
import polars as pl

from blocs.errors import MissingExtra


def json_text(facts: object) -> str:
    """Write an answer's facts as JSON, as ``--json`` prints and the explorer serves them.

    Examples
    --------
    >>> json_text({"n": 1}).split()
    ['{', '"n":', '1', '}']
    """
    data = msgspec.json.encode(facts, enc_hook=_rows)
    return msgspec.json.format(data, indent=2).decode() + "\n"


def _rows(table: object) -> list[dict[str, object]]:
    """Write a table as its rows: made only where they are asked for, since they may be millions."""
    if isinstance(table, pl.DataFrame):
        return table.to_dicts()
    raise NotImplementedError(f"{type(table).__name__} is nothing that JSON can carry")


def number_or_none(value: float | None) -> float | None:
    """Give a number that JSON can carry: None where it is not known or has no bound.

    Examples
    --------
    >>> number_or_none(0.5), number_or_none(float("nan")), number_or_none(float("-inf"))
    (0.5, None, None)
    """
    return None if value is None or not math.isfinite(value) else float(value)


def arrow(table: pl.DataFrame) -> Callable[[IO[bytes]], object]:
    """Write an Arrow IPC file."""
    return table.write_ipc


def stata(table: pl.DataFrame) -> Callable[[IO[bytes]], object]:
    """Write a Stata file; truth values become 0 and 1.

    Raises
    ------
    MissingExtra
        If ``pyreadstat`` is not installed.
    """

    def write(stream: IO[bytes]) -> None:
        try:
            import pyreadstat
        except ImportError:
            raise MissingExtra("a .dta file needs pyreadstat; install blocs[formats]") from None
        plain = table.with_columns(pl.col(pl.Boolean).cast(pl.Int8))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "table.dta"
            pyreadstat.write_dta(plain, str(path))
            stream.write(path.read_bytes())

    return write


def graph(ties: pl.DataFrame, names: dict[str, str], form: str) -> Callable[[IO[bytes]], object]:
    """Write ties as GraphML or GEXF, one edge per tie with its dates and weight.

    Parameters
    ----------
    ties : pl.DataFrame
        Table `schemas.Ties`.
    names : dict
        Actor id to name, for labels.
    form : str
        ``graphml`` or ``gexf``.
    """

    def write(stream: IO[bytes]) -> None:
        try:
            import networkx as nx
        except ImportError:
            raise MissingExtra(f"a .{form} file needs networkx; install blocs[formats]") from None
        network = nx.MultiDiGraph()
        network.add_nodes_from((a, {"label": name}) for a, name in sorted(names.items()))
        wanted = ("layer", "start", "end", "weight", "value", "unit", "dataset", "facts")
        columns = [c for c in wanted if c in ties.columns]
        for row in ties.iter_rows(named=True):
            told = {c: str(row[c]) if c in {"start", "end"} else row[c] for c in columns}
            known = {k: v for k, v in told.items() if v is not None}
            network.add_edge(row["sender"], row["receiver"], **known)
        {"graphml": nx.write_graphml, "gexf": nx.write_gexf}[form](network, stream)

    return write
