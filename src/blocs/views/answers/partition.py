"""Blocs of a signed network: who sides with whom at least cost, with proof."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

from blocs.alignment.partition_result import PartitionResult
from blocs.contracts import Answer, Evidence, View
from blocs.errors import BadInput
from blocs.evidence.edge_list import EdgeList, read_edge_list
from blocs.registry import PARTITIONS
from blocs.views.records.realignments import Realignments, realignments_of, ties_of_years


class PartitionFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One network split: how good the split is, and how firm each membership.

    ``frustration`` is the weight of ties that contradict the split, ``bound``
    what no split can go below (null where the method has none), ``proved``
    whether the two are equal. ``sides`` gives each actor's bloc; ``forced``
    actors keep theirs in every optimum, ``free`` ones can switch at no cost; the
    others are not settled. ``window`` is there only where the file has windows.
    """

    window: str | None = None
    frustration: float
    bound: float | None
    proved: bool
    sides: dict[str, int]
    forced: tuple[str, ...]
    free: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class _Split:
    """A network's facts, and its size for the sentence."""

    facts: PartitionFacts
    ties: int
    negative: int


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
        networks of their own. See `blocs.evidence.edge_list.read_edge_list` for
        what repeated, contradicting, empty and zero rows mean.
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
        One per window, in the order of the file; one if there is no such column.

    Raises
    ------
    BadInput
        For a missing column, a cell that is no number, or an unknown k or method.
    """
    return tuple(s.facts for s in _splits(Path(file), k, method, seconds, seed))


def ask(
    file: Path | None = None,
    *,
    k: str = "2",
    method: str | None = None,
    years: str | None = None,
    layer: tuple[str, ...] = (),
    switching: float | None = None,
    sensitivity: bool = False,
    seconds: float = 60.0,
    seed: int = 0,
    evidence: Evidence = Evidence(),
) -> Answer:
    """Split a signed network into blocs at least frustration, with proof or a bound.

    With --years (or --switching and a file that has a column year) all years are
    split at once: changing side has a price, so only lasting realignments are dated.

    Parameters
    ----------
    file
        Edge list: columns a, b and sign or weight; window or year makes several networks.
    k
        2 (sides), a number of blocs, or free.
    method
        frustration, correlation, leiden, sponge or landscape.
    years
        1816-2014: split the network of states, all these years at once.
    layer
        Layers whose ties are added up with --years [default: alliances, disputes].
    switching
        Price of one change of side; 1 is one contradicted tie of weight 1 in one
        year [default: 1 with --years].
    sensitivity
        Solve at half and twice the price as well, and say which changes of side stay.
    seconds
        Time for each network.
    seed
        Seed of the searches.
    """
    if years is None and file is None:
        raise BadInput(
            "name an edge list (blocs partition ties.csv) or years (blocs partition --years "
            "1945-1991)"
        )
    if years is None and switching is None:
        _no_evidence(evidence, layer, sensitivity)
        assert file is not None
        return _answer(_splits(file, k, method, seconds, seed))
    if k != "2" or method not in {None, "frustration"}:
        raise BadInput("all years at once are split in two sides; leave --k and --method out")
    if file is not None:
        _no_evidence(evidence, layer, sensitivity=False)
    ties = ties_of_years(file, years, layer, evidence)
    return _history(
        realignments_of(
            ties,
            switching=1.0 if switching is None else switching,
            sensitivity=sensitivity,
            seconds=seconds,
            seed=seed,
        )
    )


def _no_evidence(evidence: Evidence, layer: Sequence[str], sensitivity: bool) -> None:
    """Refuse options that a file alone makes meaningless."""
    if evidence != Evidence() or layer:
        raise BadInput("--data, --project, --use and --layer go with --years, not with a file")
    if sensitivity:
        raise BadInput("--sensitivity goes with --years or --switching: it varies that price")


def _answer(found: Sequence[_Split]) -> Answer:
    facts = [split.facts for split in found]
    rows = [
        {
            "window": f.window,
            "actor": actor,
            "side": side,
            "membership": "forced" if actor in f.forced else "free" if actor in f.free else "open",
        }
        for f in facts
        for actor, side in f.sides.items()
    ]
    return Answer(
        facts=facts[0] if len(facts) == 1 and facts[0].window is None else facts,
        text="\n".join(map(_line, found)),
        table=pl.DataFrame(rows, infer_schema_length=None),
    )


def _history(found: Realignments) -> Answer:
    rows = [
        {"year": year, "actor": actor, "side": side}
        for year, sides in found.sides.items()
        for actor, side in sides.items()
    ]
    table = pl.DataFrame(rows, schema={"year": pl.Int64, "actor": pl.String, "side": pl.Int64})
    return Answer(facts=found, text=found.text(), table=table)


def _splits(
    path: Path, k: str, method: str | None, seconds: float, seed: int
) -> tuple[_Split, ...]:
    name, number = _method(k, method)
    edges = read_edge_list(path)
    return tuple(_solve(edges, window, name, number, seconds, seed) for window in edges.windows)


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


def _solve(
    edges: EdgeList, window: str | None, method: str, k: int | None, seconds: float, seed: int
) -> _Split:
    here = pl.col("window").eq_missing(window)
    table = edges.ties.filter(here)
    names = edges.actors.filter(here)["actor"]
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
    facts = PartitionFacts(
        window=window,
        frustration=result.frustration,
        bound=None if math.isinf(result.bound) else result.bound,
        proved=result.proved,
        sides=dict(zip(names, result.sides.tolist(), strict=True)),
        forced=tuple(names.filter(pl.Series(result.forced))),
        free=tuple(names.filter(pl.Series(result.free))),
        seconds=round(result.seconds, 3),
    )
    return _Split(facts, result.m, int((table["weight"] < 0).sum()))


def _firmness(f: PartitionFacts) -> str:
    told = len(f.forced) + len(f.free)
    if not told:
        return "which memberships are forced is not settled"
    rest = f", {len(f.sides) - told} not settled" if told < len(f.sides) else ""
    return f"{len(f.forced)} memberships forced, {len(f.free)} free{rest}"


def _line(split: _Split) -> str:
    f = split.facts
    where = f"{f.window}: " if f.window is not None else ""
    proof = (
        "proved least"
        if f.proved
        else f"no less than {f.bound:g} is possible"
        if f.bound is not None
        else "no bound"
    )
    return (
        f"{where}{len(set(f.sides.values()))} blocs of {len(f.sides)} actors, {split.ties} ties "
        f"({split.negative} negative): frustration {f.frustration:g}, {proof}; {_firmness(f)} "
        f"({f.seconds:.2f} s)"
    )


VIEW = View(
    ask=ask,
    examples=(
        "blocs partition ties.csv --k 2",
        "blocs partition windows.csv --k free --json",
        "blocs partition --years 1871-1914 --data shared/data/atop --data shared/data/cow_mids",
    ),
)
