"""The embedded almanac as tables: facts we wrote (CSV), figures we computed (Parquet).

Dates in the fact files may be partial; `facts` gives them as first days, with
the text as written beside them. See ``facts/README.md`` for what each row means
and ``almanac.toml`` for how each figure was computed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path

import polars as pl

from blocs.dates import first_day
from blocs.errors import UnknownName
from blocs.schemas import ISSUES, DyadVotes, IssueVotes, dtypes

SIDECAR = "inputs.toml"
_COUNTS = ("n", "same", "distance")
_SUMS = ("shield", "counter", "with_reference", "neutral", "dissent", "ss_a", "ss_b")
_PER_UNIT = 100
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
    >>> nuclear.filter(pl.col("actor") == "PRK")["status"].sort().to_list()
    ['holder', 'pursuing']
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
def dyad_votes() -> pl.DataFrame:
    """Votes in common of every two states by year: table `schemas.DyadVotes`."""
    packed = pl.read_parquet(folder() / "figures" / "dyad_votes.parquet")
    return packed.select(
        pl.col("a", "b").cast(pl.String),
        pl.col("year", *_COUNTS).cast(pl.Int64),
        pl.col(_SUMS).cast(pl.Float64) / _PER_UNIT,
    ).select(list(dtypes(DyadVotes)))


def issue_votes(among: Sequence[str]) -> pl.DataFrame:
    """Votes in common of some states by year and issue: table `schemas.IssueVotes`.

    Parameters
    ----------
    among : sequence of str
        Actor ids; pairs with both ends among them are returned.
    """
    wanted = pl.Series(sorted(among))
    packed = pl.scan_parquet(folder() / "figures" / "issue_votes.parquet")
    both = pl.col("a").cast(pl.String).is_in(wanted.implode()) & pl.col("b").cast(pl.String).is_in(
        wanted.implode()
    )
    wide = packed.filter(both).collect()
    frames = [
        wide.select(
            pl.col("a", "b").cast(pl.String),
            pl.col("year").cast(pl.Int64),
            pl.lit(issue, dtype=pl.Enum(ISSUES)).alias("issue"),
            *(pl.col(f"{c}_{issue}").cast(pl.Int64).alias(c) for c in _COUNTS),
        ).filter(pl.col("n") > 0)
        for issue in ISSUES
    ]
    return pl.concat(frames).select(list(dtypes(IssueVotes)))


@cache
def treaty_gaps() -> pl.DataFrame:
    """Pairs and years on which the almanac's treaties and ATOP differ: a, b, first, last, treat."""
    return pl.read_parquet(folder() / "figures" / "treaty_gaps.parquet")


def pack_dyad_votes(table: pl.DataFrame) -> pl.DataFrame:
    """Shrink a `schemas.DyadVotes` table for shipping: sums to a hundredth."""
    order = pl.Enum(sorted({*table["a"], *table["b"]}))
    return table.select(
        pl.col("a", "b").cast(order),
        pl.col("year", *_COUNTS).cast(pl.Int16),
        (pl.col(_SUMS) * _PER_UNIT).round().cast(pl.Int32),
    ).sort("year", "a", "b")


def pack_issue_votes(table: pl.DataFrame) -> pl.DataFrame:
    """Shrink a `schemas.IssueVotes` table for shipping: one row per pair and year."""
    order = pl.Enum(sorted({*table["a"], *table["b"]}))
    return (
        table.with_columns(pl.col("a", "b").cast(order), pl.col("year", *_COUNTS).cast(pl.Int16))
        .pivot("issue", on_columns=ISSUES, index=["a", "b", "year"], values=list(_COUNTS))
        .select("a", "b", "year", *(f"{c}_{issue}" for c in _COUNTS for issue in ISSUES))
        .fill_null(0)
        .sort("year", "a", "b")
    )


@cache
def about() -> dict[str, dict[str, object]]:
    """Tell how far the almanac reaches and what each figure was computed from.

    Returns
    -------
    dict
        ``almanac.toml`` by section. A figure's section has beside it what was
        written with the figure: its ``sha256`` and ``rows``, and ``sources``, one
        record for each input: data set, version, file, SHA-256 and rows.

    Examples
    --------
    >>> about()["dyad_votes"]["sources"][0]["dataset"]
    'unga'
    """
    with (folder() / "almanac.toml").open("rb") as stream:
        told: dict[str, dict[str, object]] = tomllib.load(stream)
    for name, made in figure_inputs().items():
        beside = {"sources": made["inputs"], "sha256": made["sha256"], "rows": made["rows"]}
        told[name] = told.get(name, {}) | beside
    return told


def figure_inputs() -> dict[str, dict[str, object]]:
    """What the figures of the installed almanac were computed from, by figure.

    Returns
    -------
    dict
        ``sha256`` and ``rows`` of the figure, ``first`` and ``last`` day its inputs
        speak of, and ``inputs``: data set, version, file, SHA-256 and rows of each.
    """
    path = folder() / "figures" / SIDECAR
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
