"""The rows of panels: which states were members in which years, and which dyads there were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs import actors
from blocs.contracts import Columns
from blocs.dates import Period

_FAR = date(2200, 1, 1)


@dataclass(frozen=True, slots=True)
class StateYears:
    """Which states were members in which years.

    Attributes
    ----------
    years : ndarray of int, shape (y,)
        Years, all in a row.
    codes : ndarray of int, shape (n,)
        State codes, sorted.
    first, last : ndarray of int, shape (y, n, 2)
        First day and last day after, as ordinals, of up to two spells of
        membership within the year; 0 where there is none.
    told : ndarray of bool, shape (y, n), optional
        Whether the published tables can tell of the state: they know the members
        of the COW system and no others. None = they can of all.
    """

    years: NDArray[np.int32]
    codes: NDArray[np.int32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    told: NDArray[np.bool_] | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """Size of an array (state, state, year)."""
        return (len(self.codes), len(self.codes), len(self.years))

    @property
    def member(self) -> NDArray[np.bool_]:
        """Whether a state was a member on some day of the year, shape (y, n)."""
        here: NDArray[np.bool_] = np.any(self.last > self.first, axis=2)
        return here


def state_years(period: Period, *, system: str = "cow") -> StateYears:
    """Lay the state system out by year.

    Parameters
    ----------
    period : Period
        Years, both included.
    system : str
        ``cow`` or ``gw``.
    """
    spells = actors.members(period, system=system)
    years = np.array(period.years, dtype=np.int32)
    codes = spells["code"].unique().sort().to_numpy().astype(np.int32)
    new_year = np.array([date(y, 1, 1).toordinal() for y in [*years, years[-1] + 1]], np.int32)
    first = np.zeros((len(years), len(codes), 2), np.int32)
    last = np.zeros_like(first)
    for code, start, end in spells.select("code", "start", "end").iter_rows():
        begins, ends = start.toordinal(), (end or _FAR).toordinal()
        at = int(np.searchsorted(codes, code))
        lo = np.maximum(new_year[:-1], begins)
        hi = np.minimum(new_year[1:], ends)
        inside = hi > lo
        slot = (last[:, at, 0] > 0).astype(int)
        rows = np.flatnonzero(inside)
        first[rows, at, slot[rows]] = lo[rows]
        last[rows, at, slot[rows]] = hi[rows]
    told = None if system == "cow" else _told(period, codes, system)
    return StateYears(years, codes, first, last, told)


def _told(period: Period, codes: NDArray[np.int32], system: str) -> NDArray[np.bool_]:
    both = actor_years(period, system).join(
        actor_years(period, "cow").select("actor", "year").unique(), on=["actor", "year"]
    )
    told = np.zeros((len(period.years), len(codes)), dtype=bool)
    at = np.searchsorted(codes, both["code"].to_numpy())
    told[both["year"].to_numpy() - period.first, at] = True
    return told


def actor_years(period: Period, system: str) -> pl.DataFrame:
    """Members of a state system by year: code, actor, year, sorted."""
    return (
        actors.members(period, system=system)
        .with_columns(
            year=pl.int_ranges(
                pl.max_horizontal(pl.col("start").dt.year(), period.first),
                pl.min_horizontal(
                    pl.col("end").dt.offset_by("-1d").dt.year().fill_null(period.last), period.last
                )
                + 1,
                dtype=pl.Int32,
            )
        )
        .explode("year")
        .select(pl.col("code").cast(pl.Int32), "actor", "year")
        .sort("code", "year")
    )


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a panel, as positions of states and years.

    Attributes
    ----------
    states : StateYears
        The state system.
    i, j, y : ndarray of int, shape (rows,)
        Positions in `StateYears.codes` and `StateYears.years`; j is i where a row
        is of one state.
    directed : bool
        Whether a dyad has a row for each direction.
    place : ndarray of int, shape (n * n * y,)
        Row of each cell of an array (state, state, year), -1 where there is none;
        empty where rows are of one state.
    """

    states: StateYears
    i: NDArray[np.int32]
    j: NDArray[np.int32]
    y: NDArray[np.int32]
    directed: bool
    place: NDArray[np.int32]

    @property
    def years(self) -> NDArray[np.int32]:
        """Year of every row."""
        years: NDArray[np.int32] = self.states.years[self.y]
        return years

    def covered(self, group: Columns, last: int) -> NDArray[np.bool_]:
        """Whether a group's table would tell of a row: the year is in it, and every state."""
        years = self.states.years
        within = (years >= group.years[0]) & (years <= min(group.years[1], last))
        inside: NDArray[np.bool_] = within[self.y]
        told = self.states.told
        return inside if told is None else inside & told[self.y, self.i] & told[self.y, self.j]

    def find(
        self, table: pl.DataFrame, *, symmetric: bool, back: bool = False
    ) -> NDArray[np.int32]:
        """Row of a keyed table that tells of each dyad-year, -1 where none does.

        `back` looks for the dyad with its ends changed.
        """
        a, b, t = (table[c].to_numpy() for c in ("__ccode1", "__ccode2", "__year"))
        found = np.full(len(self.y), -1, dtype=np.int32)
        ways = [(b, a), (a, b)] if symmetric else [(b, a) if back else (a, b)]
        for first, second in ways:
            at = self.place[np.ravel_multi_index((first, second, t), self.states.shape)]
            rows = np.flatnonzero(at >= 0)
            found[at[rows]] = rows
        return found


def dyad_years(states: StateYears, *, directed: bool) -> Rows:
    """List the dyad-years, sorted by dyad and year; i < j unless directed.

    Notes
    -----
    Cost O(sum of squares of the number of members a year) comparisons of days.
    """
    n, last = len(states.codes), len(states.years)
    common = np.zeros((last, n, n), dtype=bool)
    for t in range(last):
        here = np.flatnonzero(np.any(states.last[t] > states.first[t], axis=1))
        first, end = states.first[t, here], states.last[t, here]
        slots = 2 if np.any(end[:, 1] > 0) else 1
        shared = np.zeros((len(here), len(here)), dtype=bool)
        for a, b in product(range(slots), repeat=2):
            begins = np.maximum(first[:, None, a], first[None, :, b])
            shared |= np.minimum(end[:, None, a], end[None, :, b]) > begins
        common[t][np.ix_(here, here)] = shared
    common &= ~np.eye(n, dtype=bool) if directed else np.triu(np.ones((n, n), dtype=bool), 1)
    cells = np.flatnonzero(common.transpose(1, 2, 0))
    pairs, y = np.divmod(cells.astype(np.int32), last)
    i, j = np.divmod(pairs, n)
    place = np.full(n * n * last, -1, dtype=np.int32)
    place[cells] = np.arange(len(cells), dtype=np.int32)
    return Rows(states, i, j, y, directed, place)
