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
_PARTS = ("shield", "counter", "neutral")
_PER_PART = 10
POWERS = ("RUS", "CHN")
CLASSED_BY = ("USA", *POWERS)
"""Powers by whose vote the roll calls of `dyad_votes` are classed."""
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
def dyad_votes(*, reference: str = "USA") -> pl.DataFrame:
    """Votes in common of every two states by year: table `schemas.DyadVotes`.

    Parameters
    ----------
    reference : str
        The power whose vote classes the roll calls, one of `CLASSED_BY`. The mean vote taken
        out is that of all states but the United States, whichever it is.
    """
    packed = pl.scan_parquet(folder() / "figures" / "dyad_votes.parquet")
    return unpack_dyad_votes(packed, reference=reference).collect()


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


def pack_dyad_votes(table: pl.DataFrame, classes: pl.DataFrame) -> pl.DataFrame:
    """Shrink votes in common for shipping: sums to a hundredth, those of `POWERS` to a tenth.

    Parameters
    ----------
    table : pl.DataFrame
        Table `schemas.DyadVotes`, classed by the vote of the United States.
    classes : pl.DataFrame
        The classes by the votes of `POWERS`, from `ties.common_votes.classes_by_power`.

    Notes
    -----
    A sum is two bytes in two columns: apart they take up a quarter less than together.
    """
    order = pl.Enum(sorted({*table["a"], *table["b"]}))
    more = [f"{c}_{power}" for power in POWERS for c in _PARTS]
    sums = {c: pl.col(c).abs() * _PER_UNIT for c in _SUMS}  # dissent alone is below zero
    sums |= {c: pl.col(c) * _PER_PART for c in more}
    joined = table.join(classes, on=["a", "b", "year"], how="left", validate="1:1")
    return joined.select(
        pl.col("a", "b").cast(order),
        pl.col("year", "n").cast(pl.Int16),
        apart=(pl.col("n") - pl.col("same")).cast(pl.Int16),
        opposed=(pl.col("distance") - pl.col("n") + pl.col("same")).cast(pl.Int16),
        **{f"{c}_{byte}": cell for c, sum_ in sums.items() for byte, cell in _bytes(sum_)},
    ).sort("year", "a", "b")


def unpack_dyad_votes(packed: pl.LazyFrame, *, reference: str) -> pl.LazyFrame:
    """Lay out what `pack_dyad_votes` packed: table `schemas.DyadVotes`.

    Parameters
    ----------
    packed : pl.LazyFrame
    reference : str
        One of `CLASSED_BY`. Of Russia and China, with the reference is what the other
        classes leave of the sum, so that the sum is the same for all three.
    """
    sums = {c: _whole(c) / _PER_UNIT for c in _SUMS} | {"dissent": -_whole("dissent") / _PER_UNIT}
    if reference != "USA":
        parts = {c: _whole(f"{c}_{reference}") / _PER_PART for c in _PARTS}
        total = pl.sum_horizontal(sums[c] for c in (*_PARTS, "with_reference"))
        rest = (total - pl.sum_horizontal(parts.values())).round(2)
        sums |= parts | {"with_reference": rest}
    return packed.select(
        pl.col("a", "b").cast(pl.String),
        pl.col("year", "n").cast(pl.Int64),
        same=(pl.col("n") - pl.col("apart")).cast(pl.Int64),
        distance=(pl.col("apart") + pl.col("opposed")).cast(pl.Int64),
        **sums,
    ).select(list(dtypes(DyadVotes)))


def _bytes(value: pl.Expr) -> tuple[tuple[str, pl.Expr], tuple[str, pl.Expr]]:
    """High and low byte of a number from 0 to 65,535; a greater one is refused."""
    whole = value.round().cast(pl.Int32)
    return ("high", (whole // 256).cast(pl.UInt8)), ("low", (whole % 256).cast(pl.UInt8))


def _whole(name: str) -> pl.Expr:
    return pl.col(f"{name}_high").cast(pl.Int32) * 256 + pl.col(f"{name}_low").cast(pl.Int32)


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
