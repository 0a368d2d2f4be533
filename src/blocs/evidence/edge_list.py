"""A signed edge list as an analyst keeps it: who, with whom, friend or foe, when."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from blocs.errors import BadInput, RowsLeftOut
from blocs.files import SourceFile, read_table, sniff

ENDS = (("a", "b"), ("sender", "receiver"), ("source", "target"), ("from", "to"))
SLICES = ("window", "period", "year")
SIGNS = {"+": "1", "-": "-1", "\N{MINUS SIGN}": "-1", "positive": "1", "negative": "-1"}
UNKNOWN = ("", "na", "nan", "null", "none", "n/a", ".")
"""Spellings of a weight that is not known, in lower case."""


@dataclass(frozen=True, slots=True)
class EdgeList:
    """Ties of one or more signed networks.

    Attributes
    ----------
    ties : pl.DataFrame
        ``window, a, b, weight``: at most one row a pair and window, a < b, in the
        order of first appearance; window null where the file has no such column.
    actors : pl.DataFrame
        ``window, actor``: everybody named, with or without a tie, sorted by name.
    slice : str or None
        The column that told the windows apart.
    """

    ties: pl.DataFrame
    actors: pl.DataFrame
    slice: str | None

    @property
    def windows(self) -> list[str | None]:
        """Windows in the order of the file; one null if there is no such column."""
        return self.actors["window"].unique(maintain_order=True).to_list()


def read_edge_list(path: Path) -> EdgeList:
    """Read ties between pairs, and check every row.

    Parameters
    ----------
    path : Path
        Table with columns a, b (or sender, receiver; source, target; from, to) and
        ``sign`` or ``weight`` (with both, the sign gives the weight its direction);
        ``window``, ``period`` or ``year`` makes a network of each of its values.

    Returns
    -------
    EdgeList

    Raises
    ------
    BadInput
        A column is missing; a name is empty; a weight is no number, or infinite, or
        contradicts the sign beside it. The message names the row.

    Warns
    -----
    RowsLeftOut
        A weight that is not known (empty, NA, nan) is no tie, and no zero; a tie of
        an actor with itself says nothing of sides: both are left out, their actors
        stay. A row that repeats another (same pair in either order, same weight, same
        window) is one fact told twice and counts once.

    Notes
    -----
    Ties have no direction. Rows of one pair that differ are different facts and are
    added: +1 and -1 make no tie. A weight of 0 makes no tie. Names are compared as
    they are written, without the space around them.
    """
    file = sniff(path)
    ends, value, cut = _columns(path, file)
    frame = read_table(file)
    named = frame.select(
        "row",
        x=pl.col(ends[0]).str.strip_chars(),
        y=pl.col(ends[1]).str.strip_chars(),
        window=pl.col(cut).str.strip_chars() if cut else pl.lit(None, dtype=pl.String),
        **{kind: _cleaned(column) for kind, column in value.items()},
    )
    if named.is_empty():
        raise BadInput(f"{path}: no ties in it")
    rows = _weighed(path, named, value)
    actors = (
        pl.concat([rows.select("row", "window", actor=end) for end in ("x", "y")])
        .group_by("window", "actor")
        .agg(pl.col("row").min())
    )
    order = rows.group_by("window").agg(first=pl.col("row").min())
    actors = actors.join(order, on="window", nulls_equal=True).sort("first", "actor")
    return EdgeList(_ties(path, rows), actors.select("window", "actor"), cut)


def _columns(path: Path, file: SourceFile) -> tuple[tuple[str, str], dict[str, str], str | None]:
    """Names of the columns of both ends, of weight and sign, and of the window."""
    lower = {name.strip().lower(): name for name in reversed(file.columns)}
    ends = next((pair for pair in ENDS if set(pair) <= set(lower)), None)
    kinds: tuple[str, ...] = ("weight", "sign")
    value = {kind: lower[kind] for kind in kinds if kind in lower}
    if ends is None or not value:
        raise BadInput(
            f"{path}: an edge list needs columns a, b and sign or weight; it has "
            f"{', '.join(file.columns) or 'no header'}"
        )
    cut = next((lower[name] for name in SLICES if name in lower), None)
    return (lower[ends[0]], lower[ends[1]]), value, cut


def _cleaned(column: str) -> pl.Expr:
    """Cells as text that can be a number; null where the value is not known."""
    text = pl.col(column).str.strip_chars().fill_null("")
    lower = text.str.to_lowercase()
    return pl.when(~lower.is_in(UNKNOWN)).then(lower.replace(SIGNS).str.replace(r"^\+", ""))


def _weighed(path: Path, rows: pl.DataFrame, value: dict[str, str]) -> pl.DataFrame:
    """Turn the cells into one signed weight a row; null where it is not known."""
    numbers = rows.with_columns(
        pl.col(kind).cast(pl.Float64, strict=False).alias(f"{kind}_number") for kind in value
    )
    for kind, column in value.items():
        number = pl.col(f"{kind}_number")
        bad = pl.col(kind).is_not_null() & ~(number.is_not_null() & number.is_finite())
        _refuse(path, numbers.filter(bad.fill_null(value=True)), kind, f"{column} is a number")
    empty = (pl.col("x").fill_null("") == "") | (pl.col("y").fill_null("") == "")
    _refuse(path, numbers.filter(empty), next(iter(value)), "both ends have a name")
    if len(value) == 1:
        return numbers.with_columns(weight=pl.col(f"{next(iter(value))}_number"))
    size, sign = pl.col("weight_number"), pl.col("sign_number").sign()
    _refuse(
        path, numbers.filter((size < 0) & (sign > 0)), "weight", "weight and sign do not contradict"
    )
    return numbers.with_columns(weight=size.abs() * sign)


def _refuse(path: Path, bad: pl.DataFrame, kind: str, rule: str) -> None:
    if bad.is_empty():
        return
    row = bad.row(0, named=True)
    more = f"; {bad.height} such rows" if bad.height > 1 else ""
    raise BadInput(
        f"{path}, row {row['row']}: {row['x']!r}, {row['y']!r}, {row[kind]!r} is no tie, by the "
        f"rule that {rule} (+ and - are signs; empty or NA is not known){more}"
    )


def _ties(path: Path, rows: pl.DataFrame) -> pl.DataFrame:
    """One row a pair and window; says what was left out."""
    unknown = rows.filter(pl.col("weight").is_null())
    alone = rows.filter(pl.col("weight").is_not_null() & (pl.col("x") == pl.col("y")))
    known = rows.filter(pl.col("weight").is_not_null() & (pl.col("x") != pl.col("y"))).select(
        "row", "window", "weight", a=pl.min_horizontal("x", "y"), b=pl.max_horizontal("x", "y")
    )
    once = known.unique(["window", "a", "b", "weight"], keep="first", maintain_order=True)
    again = known.join(once.select("row"), on="row", how="anti")
    for left, what in (
        (unknown, "no known weight: left out, which is not the same as 0"),
        (alone, "an actor tied to itself: left out"),
        (again, "the same tie told again: counted once"),
    ):
        if left.height:
            _say(path, left, what)
    summed = once.group_by("window", "a", "b", maintain_order=True).agg(pl.col("weight").sum())
    several = once.height - summed.height
    if several:
        warnings.warn(
            f"{path}: {'1 row speaks' if several == 1 else f'{several} rows speak'} of a pair that "
            "another row gives another weight; the weights of a pair are added",
            RowsLeftOut,
            stacklevel=4,
        )
    return summed


def _say(path: Path, left: pl.DataFrame, what: str) -> None:
    first = ", ".join(map(str, left["row"].head(5)))
    warnings.warn(
        f"{path}: {left.height} row{'s' if left.height > 1 else ''} ({first}"
        f"{', ...' if left.height > 5 else ''}): {what}",
        RowsLeftOut,
        stacklevel=5,
    )
