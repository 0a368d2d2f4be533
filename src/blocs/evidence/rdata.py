"""Data frames out of R's own file format, through the library ``rdata``."""

from __future__ import annotations

from pathlib import Path

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
        held = rdata.read_rda(path)
    except Exception as error:
        raise BadFile(f"{path}: not a readable R file ({error})") from None
    frames = [value for value in held.values() if hasattr(value, "columns")]
    if len(frames) != 1:
        raise BadFile(f"{path}: holds {len(frames)} data frames, one is expected")
    return pl.DataFrame({str(c): frames[0][c].to_numpy() for c in frames[0].columns}, strict=False)
