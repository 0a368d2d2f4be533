"""Data frames out of R's own file format, through the library ``rdata``."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import polars as pl

from blocs.errors import BadFile, MissingExtra


def read_rdata(path: Path) -> pl.DataFrame:
    """Read the one data frame an ``.RData`` file holds.

    Raises
    ------
    MissingExtra
        If the library is not installed.
    BadFile
        If the file is damaged or does not hold exactly one data frame.
    """
    try:
        import rdata
    except ImportError:
        raise MissingExtra(f"{path} is an R file; install blocs[formats] to read it") from None
    try:
        with warnings.catch_warnings():
            # It warns of R classes such as "AsIs" that only change how R prints a column.
            warnings.simplefilter("ignore", UserWarning)
            held = rdata.read_rda(path)
    except Exception as error:
        raise BadFile(f"{path}: not a readable R file ({error})") from None
    frames = [value for value in held.values() if hasattr(value, "columns")]
    if len(frames) != 1:
        raise BadFile(f"{path}: holds {len(frames)} data frames, one is expected")
    return pl.DataFrame([_series(str(name), frames[0][name]) for name in frames[0].columns])


def _series(name: str, column: Any) -> pl.Series:
    known = column.notna().tolist()
    cells = column.tolist()
    values = [cell if there else None for cell, there in zip(cells, known, strict=True)]
    return pl.Series(name, values, strict=False)
