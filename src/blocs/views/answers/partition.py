"""Blocs of a signed network: who sides with whom at least cost, with proof."""

from __future__ import annotations

import math
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

from blocs.alignment.partition_result import PartitionResult
from blocs.contracts import Answer, View
from blocs.errors import BadInput
from blocs.files import read_table, sniff
from blocs.registry import PARTITIONS

ENDS = (("a", "b"), ("sender", "receiver"), ("source", "target"), ("from", "to"))
VALUES = ("weight", "sign")
SLICES = ("window", "period", "year")


class PartitionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One network split: how good the split is, and how firm each membership.

    ``sides`` gives each actor's bloc; ``forced`` actors keep theirs in every
    optimum, ``free`` ones can switch at no cost; the others are not settled.
    ``frustration`` is the weight of ties that contradict the split, ``bound``
    what no split can go below (null where the method has none).
    """

    schema: str
    window: str | None
    method: str
    n: int
    m: int
    negative: int
    frustration: float
    bound: float | None
    gap: float | None
    proved: bool
    blocs: int
    sides: dict[str, int]
    forced: tuple[str, ...]
    free: tuple[str, ...]
    seconds: float


def partition(
    file: str | Path,
    *,
    k: str = "2",
    method: str | None = None,
    seconds: float = 60.0,
    seed: int = 0,
) -> tuple[PartitionFacts, ...]:
    """Split the signed network of an edge list into blocs.

    Parameters
    ----------
    file : str or Path
        Table with columns ``a, b`` (or sender, receiver) and ``sign`` or
        ``weight``; a column ``window``, ``period`` or ``year`` splits it into
        networks of their own.
    k : str
        ``2`` sides, a number of blocs, or ``free``.
    method : str, optional
        frustration (k = 2) or correlation (free) by default, both exact; leiden,
        sponge, landscape as alternatives.
    seconds : float
        Time for each network; the best split and its bound are given after it.
    seed : int
        Seed of the searches.

    Returns
    -------
    tuple of PartitionFacts
        One per window, in order; one if there is no such column.

    Raises
    ------
    BadInput
        For a missing column, a cell that is no number, or an unknown k or method.
    """
    name, number = _method(k, method)
    table = _edges(Path(file))
    slices = table["window"].unique(maintain_order=True)
    return tuple(
        _solve(
            table.filter(pl.col("window").eq_missing(window)), window, name, number, seconds, seed
        )
        for window in slices
    )


def ask(
    file: Path,
    *,
    k: str = "2",
    method: str | None = None,
    seconds: float = 60.0,
    seed: int = 0,
) -> Answer:
    """Split a signed network into blocs at least frustration, with proof or a bound.

    Parameters
    ----------
    file
        Edge list: columns a, b and sign or weight; window or year makes several networks.
    k
        2 (sides), a number of blocs, or free.
    method
        frustration, correlation, leiden, sponge or landscape.
    seconds
        Time for each network.
    seed
        Seed of the searches.
    """
    found = partition(file, k=k, method=method, seconds=seconds, seed=seed)
    rows = [
        {
            "window": f.window,
            "actor": actor,
            "side": side,
            "membership": "forced" if actor in f.forced else "free" if actor in f.free else "open",
        }
        for f in found
        for actor, side in f.sides.items()
    ]
    return Answer(
        facts=found[0] if len(found) == 1 and found[0].window is None else found,
        text="\n".join(_line(f) for f in found),
        table=pl.DataFrame(rows, infer_schema_length=None),
    )


def _method(k: str, method: str | None) -> tuple[str, int | None]:
    if k != "free" and not (k.isdigit() and int(k) >= 2):
        raise BadInput(f"--k {k}: use 2, a larger number of blocs, or free")
    number = None if k == "free" else int(k)
    name = method or (
        "correlation" if number is None else "frustration" if number == 2 else "sponge"
    )
    part = PARTITIONS.get(name)
    if part.fixed_k is not None and number != part.fixed_k:
        raise BadInput(f"--method {name} makes {part.fixed_k} sides; --k {k} needs another method")
    return name, number


def _edges(path: Path) -> pl.DataFrame:
    """Read and check an edge list; columns a, b, weight, window (null without one)."""
    file = sniff(path)
    lower = {name.strip().lower(): name for name in file.columns}
    ends = next((pair for pair in ENDS if set(pair) <= set(lower)), None)
    value = next((name for name in VALUES if name in lower), None)
    if ends is None or value is None:
        raise BadInput(
            f"{path}: an edge list needs columns a, b and sign or weight; it has "
            f"{', '.join(file.columns) or 'no header'}"
        )
    cut = next((name for name in SLICES if name in lower), None)
    frame = read_table(file).select(
        "row",
        a=pl.col(lower[ends[0]]).str.strip_chars(),
        b=pl.col(lower[ends[1]]).str.strip_chars(),
        text=pl.col(lower[value]).str.strip_chars(),
        window=pl.col(lower[cut]) if cut else pl.lit(None, dtype=pl.String),
    )
    signs = pl.col("text").replace({"+": "1", "-": "-1"})
    frame = frame.with_columns(weight=signs.cast(pl.Float64, strict=False))
    bad = frame.filter(
        pl.col("weight").is_null()
        | ~pl.col("weight").is_finite()
        | pl.col("a").is_null()
        | pl.col("b").is_null()
    )
    if bad.height:
        row = bad.row(0, named=True)
        raise BadInput(
            f"{path}, row {row['row']}: {row['a']!r}, {row['b']!r}, {row['text']!r} is no tie; "
            f"{value} must be a number (or + and -)"
        )
    if frame.is_empty():
        raise BadInput(f"{path}: no ties in it")
    return frame


def _solve(
    table: pl.DataFrame, window: str | None, method: str, k: int | None, seconds: float, seed: int
) -> PartitionFacts:
    names = pl.concat([table["a"], table["b"]]).unique().sort()
    order = pl.Enum(names)
    index = table.select(pl.col("a", "b").cast(order).to_physical().cast(pl.Int32))
    result = PARTITIONS.get(method).solve(
        len(names),
        index["a"].to_numpy(),
        index["b"].to_numpy(),
        table["weight"].to_numpy(),
        k=k,
        seconds=seconds,
        rng=np.random.default_rng(seed),
    )
    if not isinstance(result, PartitionResult):
        raise BadInput(f"--method {method} does not say how firm its memberships are")
    bound = None if math.isinf(result.bound) else result.bound
    return PartitionFacts(
        schema="blocs.partition/1",
        window=window,
        method=method,
        n=result.n,
        m=result.m,
        negative=int((table["weight"] < 0).sum()),
        frustration=result.frustration,
        bound=bound,
        gap=None if bound is None else result.gap,
        proved=result.proved,
        blocs=len(set(result.sides.tolist())),
        sides=dict(zip(names, result.sides.tolist(), strict=True)),
        forced=tuple(names.filter(pl.Series(result.forced))),
        free=tuple(names.filter(pl.Series(result.free))),
        seconds=round(result.seconds, 3),
    )


def _line(f: PartitionFacts) -> str:
    where = f"{f.window}: " if f.window is not None else ""
    proof = (
        "proved least"
        if f.proved
        else f"no less than {f.bound:g} is possible"
        if f.bound is not None
        else "no bound"
    )
    return (
        f"{where}{f.blocs} blocs of {f.n} actors, {f.m} ties ({f.negative} negative): frustration "
        f"{f.frustration:g}, {proof}; {len(f.forced)} memberships forced, {len(f.free)} free "
        f"({f.seconds:.2f} s)"
    )


VIEW = View(
    ask=ask,
    examples=(
        "blocs partition ties.csv --k 2",
        "blocs partition windows.csv --k free --json",
    ),
)
