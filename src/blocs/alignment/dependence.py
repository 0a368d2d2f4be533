"""Who depends on whom: patrons and clients by trade, arms and votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.alignment.repeated import RepeatedVotes

LEAST_DISAGREEMENTS = 10


@dataclass(frozen=True, slots=True)
class Dependence:
    """How much one state depends on another, both ways.

    Attributes
    ----------
    a, b : str
    kind : str
        trade (share of all its trade), arms (share of its arms imports), votes
        (share of their disagreements on a text after which it took the other's place).
    of_a, of_b : float or None
        a's dependence on b, and b's on a, in [0, 1]; None where not known.
    asymmetry : float or None
        of_a - of_b: above zero, a is the client of b. None where either is not known.
    n : int
        Years (trade, arms) or disagreements (votes) behind it.
    first, last : int or None
        Years told.
    """

    a: str
    b: str
    kind: str
    of_a: float | None
    of_b: float | None
    asymmetry: float | None
    n: int
    first: int | None
    last: int | None


def trade_dependence(
    flows: pl.DataFrame, members: Sequence[str], *, years: Sequence[int]
) -> tuple[Dependence, ...]:
    """Share of each member's trade that is with each other member.

    Parameters
    ----------
    flows : pl.DataFrame
        Table `schemas.Flows`; kind ``trade``, directed, null = not known.
    members : sequence of str
    years : sequence of int
        Years summed.

    Notes
    -----
    Imports and exports are added; a year counts for a pair only if both flows of the
    pair are known, and a state's total is the sum of its known flows that year.
    """
    table = flows.filter(pl.col("kind") == "trade").select(
        "sender", "receiver", "value", year=pl.col("start").dt.year()
    )
    table = table.filter(pl.col("year").is_in(list(years)))
    ends = pl.concat([table.select("year", "value", actor=end) for end in ("sender", "receiver")])
    totals = ends.group_by("year", "actor").agg(total=pl.col("value").sum())
    return _shares(table, totals, members, "trade", directed=False)


def arms_dependence(
    flows: pl.DataFrame, members: Sequence[str], *, years: Sequence[int]
) -> tuple[Dependence, ...]:
    """Share of each member's arms imports that come from each other member.

    Parameters
    ----------
    flows : pl.DataFrame
        Table `schemas.Flows`; kind ``arms``, from supplier to recipient.
    members : sequence of str
    years : sequence of int
        Years of delivery summed; absence of a delivery is none.
    """
    table = flows.filter(pl.col("kind") == "arms").select(
        "sender", "receiver", "value", year=pl.col("start").dt.year()
    )
    table = table.filter(pl.col("year").is_in(list(years)) & pl.col("value").is_not_null())
    totals = table.group_by("year", actor="receiver").agg(total=pl.col("value").sum())
    return _shares(table, totals, members, "arms", directed=True)


def vote_dependence(votes: RepeatedVotes, members: Sequence[str]) -> tuple[Dependence, ...]:
    """Who goes over to whose place: changes of vote to what the other had voted before.

    Parameters
    ----------
    votes : RepeatedVotes
    members : sequence of str

    Notes
    -----
    Of the steps before which two states disagreed, the share after which one stands
    where the other stood while the other has not moved. None below ten disagreements.
    """
    out = []
    for a, b in _pairs(members):
        if a not in votes.actors or b not in votes.actors:
            out.append(Dependence(a, b, "votes", None, None, None, 0, None, None))
            continue
        x0, x1 = (t[votes.actors.index(a)] for t in (votes.before, votes.after))
        y0, y1 = (t[votes.actors.index(b)] for t in (votes.before, votes.after))
        known = ~np.isnan(x0 + x1 + y0 + y1) & (x0 != y0)
        n = int(known.sum())
        years = [votes.second[k].year for k in np.flatnonzero(known)]
        if n < LEAST_DISAGREEMENTS:
            out.append(Dependence(a, b, "votes", None, None, None, n, *_span(years)))
            continue
        of_a = float(((x1 == y0) & (y1 == y0))[known].mean())
        of_b = float(((y1 == x0) & (x1 == x0))[known].mean())
        out.append(Dependence(a, b, "votes", of_a, of_b, of_a - of_b, n, *_span(years)))
    return tuple(out)


def _shares(
    table: pl.DataFrame,
    totals: pl.DataFrame,
    members: Sequence[str],
    kind: str,
    *,
    directed: bool,
) -> tuple[Dependence, ...]:
    """Dependence of every pair from flows and the totals of each state and year."""
    # A pair has a row for each deal: they add up, and to nothing known if one is not.
    inside = (
        table.filter(pl.col("sender").is_in(members) & pl.col("receiver").is_in(members))
        .group_by("year", "sender", "receiver")
        .agg(pl.when(pl.col("value").is_not_null().all()).then(pl.col("value").sum()))
        .select("sender", "receiver", "value", "year")
    )
    held = {(y, a): t for y, a, t in totals.select("year", "actor", "total").iter_rows()}
    flow = {(y, s, r): v for s, r, v, y in inside.iter_rows()}
    years = sorted({y for y, _ in held})
    out = []
    for a, b in _pairs(members):
        told = [y for y in years if directed or (_known(flow, y, a, b) and _known(flow, y, b, a))]
        of_a = _share(flow, held, told, a, b, directed=directed)
        of_b = _share(flow, held, told, b, a, directed=directed)
        gap = of_a - of_b if of_a is not None and of_b is not None else None
        out.append(Dependence(a, b, kind, of_a, of_b, gap, len(told), *_span(told)))
    return tuple(out)


def _share(
    flow: dict[tuple[int, str, str], float | None],
    held: dict[tuple[int, str], float],
    years: Sequence[int],
    who: str,
    other: str,
    *,
    directed: bool,
) -> float | None:
    """Share of one state's total that is with (or comes from) another, years pooled."""
    total = sum(held.get((y, who), 0.0) for y in years)
    mine = sum(flow.get((y, other, who)) or 0.0 for y in years)
    if not directed:
        mine += sum(flow.get((y, who, other)) or 0.0 for y in years)
    return mine / total if total > 0 else None


def _known(
    flow: dict[tuple[int, str, str], float | None], year: int, sender: str, receiver: str
) -> bool:
    return flow.get((year, sender, receiver)) is not None


def _span(years: Sequence[int]) -> tuple[int | None, int | None]:
    return (min(years), max(years)) if years else (None, None)


def _pairs(members: Sequence[str]) -> list[tuple[str, str]]:
    ours = sorted(members)
    return [(a, b) for k, a in enumerate(ours) for b in ours[k + 1 :]]


def standing_of(found: Sequence[Dependence], member: str) -> NDArray[np.float64]:
    """Asymmetries of one member's pairs, above zero where it is the client."""
    values = [
        (d.asymmetry if d.a == member else -d.asymmetry)
        for d in found
        if d.asymmetry is not None and member in {d.a, d.b}
    ]
    return np.array(values, dtype=np.float64)
