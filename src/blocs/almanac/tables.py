"""The embedded almanac as tables: facts we wrote (CSV), figures we computed (Parquet).

Dates in the fact files may be partial; `facts` gives them as first days, with
the text as written beside them. See ``facts/README.md`` for what each row means
and ``figures.toml`` for how each figure was computed.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from pathlib import Path

import polars as pl

from blocs.dates import first_day
from blocs.errors import UnknownName

_DATES = ("start", "end", "signed", "reported")
_FLAGS = (
    "checked",
    "defence",
    "offence",
    "neutrality",
    "nonaggression",
    "consultation",
    "trade",
    "arms",
    "military",
    "financial",
    "travel",
    "other",
    "initiator",
)


def folder() -> Path:
    """Folder of the almanac inside the installed package."""
    return Path(str(resources.files("blocs.almanac")))


@cache
def facts(name: str) -> pl.DataFrame:
    """Read one fact file, ``row`` (1 = first under the header) in front.

    Parameters
    ----------
    name : str
        File name without ending: ``actors``, ``treaties``, ``memberships`` ...

    Returns
    -------
    pl.DataFrame
        Text columns; dates as `Date` with the text as written in
        ``<name>_text``; flags as `Boolean`; empty cells null.

    Examples
    --------
    >>> nuclear = facts("nuclear")
    >>> nuclear.filter(pl.col("actor") == "PRK")["status"].to_list()
    ['holder']
    """
    path = folder() / "facts" / f"{name}.csv"
    if not path.is_file():
        known = sorted(p.stem for p in path.parent.glob("*.csv"))
        raise UnknownName("almanac table", name, (), f"Known: {', '.join(known)}.")
    frame = pl.read_csv(path, infer_schema=False, null_values=[""]).with_row_index("row", offset=1)
    dates = [c for c in _DATES if c in frame.columns]
    flags = [c for c in _FLAGS if c in frame.columns]
    return frame.with_columns(
        pl.col("row").cast(pl.Int64),
        *(pl.col(c).alias(f"{c}_text") for c in dates),
        *(first_day(c) for c in dates),
        *((pl.col(c) == "true").fill_null(False) for c in flags),
    )


@cache
def figures(name: str) -> pl.DataFrame:
    """Read one table of figures that blocs computed.

    Parameters
    ----------
    name : str
        File name without ending, a key of ``figures.toml``.
    """
    path = folder() / "figures" / f"{name}.parquet"
    if not path.is_file():
        raise UnknownName("almanac figure", name, (), f"Known: {', '.join(sorted(about()))}.")
    return pl.read_parquet(path)


@cache
def about() -> dict[str, dict[str, object]]:
    """What ``figures.toml`` says of every figure: inputs, hashes, terms, command."""
    with (folder() / "figures.toml").open("rb") as stream:
        return tomllib.load(stream)
