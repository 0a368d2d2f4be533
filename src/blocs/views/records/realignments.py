"""Who changed sides, and when: all years split at once, from layers or from a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

from blocs import actors
from blocs.alignment.temporal import TemporalPartition, split_years
from blocs.contracts import Evidence
from blocs.dates import Period
from blocs.errors import BadInput, MissingData
from blocs.evidence.edge_list import read_edge_list
from blocs.evidence.holdings import hold
from blocs.registry import LAYERS
from blocs.ties.network import build_layer

LAYERS_ADDED = ("alliances", "disputes")
SWITCHING_MEANS = (
    "A change of side costs as much as this weight of contradicted ties in one year: at 1, a "
    "state changes side only where that ends contradictions worth more than one tie of full "
    "strength over one year. A low price dates passing quarrels, a high one lasting turns only."
)


class Realignment(msgspec.Struct, frozen=True, kw_only=True):
    """One actor's change of side.

    ``certain``: part of every optimum (only where the optimum is proved).
    ``stays_at``: of the other prices tried, those at which it changes side in the
    same year.
    """

    actor: str
    name: str
    last_year: int
    first_year: int
    old_side: int
    new_side: int
    certain: bool
    stays_at: tuple[float, ...]


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """The split at one price of changing side."""

    switching: float
    frustration: float
    cost: float
    bound: float
    proved: bool
    changes: int


class Realignments(msgspec.Struct, frozen=True, kw_only=True):
    """All years split at once, and the changes of side.

    ``cost`` = ``frustration`` + ``switching`` times the changes; no split costs less
    than ``bound``. ``sides[year][actor]`` compare only within one ``component``.
    """

    schema: str
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    layers: dict[str, str]
    switching: float
    switching_means: str
    frustration: float
    cost: float
    bound: float
    proved: bool
    realignments: tuple[Realignment, ...]
    prices: tuple[Price, ...]
    sides: dict[int, dict[str, int]]
    components: dict[int, dict[str, int]]
    seconds: float

    def text(self) -> str:
        """Say it in a screen."""
        proof = "proved least" if self.proved else f"no split costs less than {self.bound:g}"
        told = ", ".join(f"{name} ({years})" for name, years in self.layers.items())
        head = (
            f"{self.first}-{self.last}, {told}: contradicted ties {self.frustration:g}, "
            f"{len(self.realignments)} changes of side at a price of {self.switching:g} each "
            f"({proof}; {self.seconds:.1f} s)"
        )
        lines = [
            f"  {r.first_year}  {r.name} from side {r.old_side} to side {r.new_side} (last on "
            f"the old side in {r.last_year})"
            + (", in every optimum" if r.certain else "")
            + (_stays(r, self.prices, self.switching))
            for r in self.realignments
        ]
        prices = [
            f"At a price of {p.switching:g}: contradicted ties {p.frustration:g}, {p.changes} "
            "changes of side"
            for p in self.prices
            if p.switching != self.switching
        ]
        return "\n".join([head, *lines, *prices, self.switching_means])


@dataclass(frozen=True, slots=True)
class YearTies:
    """Signed ties by year: ``year, a, b, weight`` with names, and what they were made from."""

    table: pl.DataFrame
    layers: dict[str, str]


def ties_of_years(
    file: Path | None, years: str | None, layers: Sequence[str], evidence: Evidence
) -> YearTies:
    """Gather signed ties by year, from an edge list with a column year or from layers.

    Raises
    ------
    BadInput
        Years that are none, a file without them, a layer that is not known.
    MissingData
        No layer is lit in these years.
    """
    period = _period(years) if years is not None else None
    found = _from_file(file) if file is not None else _from_layers(layers, evidence, period)
    table = found.table
    if period is not None:
        table = table.filter(pl.col("year").is_between(period.first, period.last))
    if table.is_empty():
        raise MissingData(
            f"no ties in {years or file}: these layers are dark then; add atop and mid with `blocs "
            "data get ID`, or name their files with --data PATH"
        )
    if not (table["weight"] < 0).any():
        told = ", ".join(f"{name} {years}" for name, years in found.layers.items())
        raise MissingData(
            f"no hostile tie in {years or file} ({told}), so there are no sides to tell apart; add "
            "mid with `blocs data get mid`, or name its file with --data PATH"
        )
    return YearTies(table, found.layers)


def realignments_of(
    ties: YearTies, *, switching: float, sensitivity: bool, seconds: float, seed: int
) -> Realignments:
    """Split all years at once and date every change of side.

    Parameters
    ----------
    ties : YearTies
    switching : float
        Price of one change of side, above 0.
    sensitivity : bool
        Also at half and twice the price.
    seconds : float
        Time for each price.
    seed : int
        Of the search.
    """
    names = pl.concat([ties.table["a"], ties.table["b"]]).unique().sort()
    order = pl.Enum(names)
    ends = ties.table.select(pl.col("a", "b").cast(order).to_physical().cast(pl.Int64))

    def split(price: float) -> TemporalPartition:
        return split_years(
            len(names),
            ties.table["year"].to_numpy(),
            ends["a"].to_numpy(),
            ends["b"].to_numpy(),
            ties.table["weight"].to_numpy(),
            switching=price,
            seconds=seconds,
            rng=np.random.default_rng(seed),
        )

    whole = split(switching)
    others = {p: split(p) for p in (switching / 2, switching * 2)} if sensitivity else {}
    return Realignments(
        schema="blocs.realignments/1",
        first=int(whole.year.min()),
        last=int(whole.year.max()),
        layers=ties.layers,
        switching=switching,
        switching_means=SWITCHING_MEANS,
        frustration=whole.frustration,
        cost=whole.cost,
        bound=whole.bound,
        proved=whole.proved,
        realignments=_moves(whole, others, names),
        prices=tuple(
            Price(
                switching=price,
                frustration=one.frustration,
                cost=one.cost,
                bound=one.bound,
                proved=one.proved,
                changes=one.moved.size,
            )
            for price, one in sorted({switching: whole, **others}.items())
        ),
        sides=_by_year(whole, whole.side, names),
        components=_by_year(whole, whole.component, names),
        seconds=round(whole.seconds, 3),
    )


def _moves(
    whole: TemporalPartition, others: dict[float, TemporalPartition], names: pl.Series
) -> tuple[Realignment, ...]:
    side = dict(
        zip(zip(whole.actor.tolist(), whole.year.tolist(), strict=True), whole.side, strict=True)
    )
    again = {
        price: set(zip(one.moved.tolist(), one.moved_to.tolist(), strict=True))
        for price, one in others.items()
    }
    return tuple(
        Realignment(
            actor=names[actor],
            name=_name(names[actor], after),
            last_year=before,
            first_year=after,
            old_side=int(side[actor, before]),
            new_side=int(side[actor, after]),
            certain=sure,
            stays_at=tuple(p for p, moves in sorted(again.items()) if (actor, after) in moves),
        )
        for actor, before, after, sure in zip(
            whole.moved.tolist(),
            whole.moved_from.tolist(),
            whole.moved_to.tolist(),
            whole.certain.tolist(),
            strict=True,
        )
    )


def _by_year(
    whole: TemporalPartition, values: np.ndarray[tuple[int], np.dtype[np.int32]], names: pl.Series
) -> dict[int, dict[str, int]]:
    out: dict[int, dict[str, int]] = {}
    rows = zip(whole.year.tolist(), whole.actor.tolist(), values.tolist(), strict=True)
    for year, actor, value in rows:
        out.setdefault(year, {})[names[actor]] = value
    return out


def _name(actor: str, on: int) -> str:
    return actors.name_of(actor, on) if actor in actors.ids() else actor


def _stays(r: Realignment, prices: Sequence[Price], switching: float) -> str:
    tried = [p.switching for p in prices if p.switching != switching]
    if not tried:
        return ""
    stays = ", ".join(f"{p:g}" for p in r.stays_at)
    return f"; also at a price of {stays}" if stays else "; at no other price tried"


def _period(years: str) -> Period:
    match = re.fullmatch(r"(\d{4})(?:\s*[-:\N{EN DASH}]\s*(\d{4}))?", years.strip())
    if match is None or int(match[2] or match[1]) < int(match[1]):
        raise BadInput(f"--years {years}: write FIRST-LAST, for example 1816-2014")
    return Period(int(match[1]), int(match[2] or match[1]))


def _from_file(path: Path) -> YearTies:
    edges = read_edge_list(path)
    year = pl.col("window").cast(pl.Int64, strict=False)
    table = edges.ties.with_columns(year=year)
    if edges.slice is None or table["year"].is_null().any():
        raise BadInput(
            f"{path}: all years at once need a column year with a number in every row; "
            f"it has {edges.slice or 'no column of years'}"
        )
    return YearTies(table.select("year", "a", "b", "weight"), {path.name: "as given"})


def _from_layers(layers: Sequence[str], evidence: Evidence, period: Period | None) -> YearTies:
    names = layers or LAYERS_ADDED
    useful = {d for name in names for d in LAYERS.get(name).prefer}
    held = hold(data=evidence.data, project=evidence.project, use=evidence.use, only=useful)
    tables, told = [], {}
    for name in names:
        state = build_layer(name, held.with_almanac())
        lit = [y for y in state.years if period is None or y in period.years]
        feeds = [f.dataset for f in state.feeds if set(f.years) & set(lit)]
        told[name] = f"{min(lit)}-{max(lit)} from {', '.join(feeds)}" if lit else "dark"
        tables.append(
            state.ties.filter(pl.col("weight").is_not_null()).select(
                year=pl.col("start").dt.year().cast(pl.Int64),
                a=pl.min_horizontal("sender", "receiver"),
                b=pl.max_horizontal("sender", "receiver"),
                weight=pl.col("weight").cast(pl.Float64),
            )
        )
    table = (
        pl.concat(tables)
        .group_by("year", "a", "b")
        .agg(pl.col("weight").sum())
        .filter(pl.col("weight").abs() > 1e-12)
        .sort("year", "a", "b")
    )
    return YearTies(table, told)
