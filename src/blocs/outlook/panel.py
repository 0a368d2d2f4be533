"""Panels: one row per dyad, state or system and year, with published columns.

A dyad-year exists if both states are members of the state system on at least
one common day of the year. A column is null outside the years its source
covers; inside them a missing row is zero only where the source says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs import actors
from blocs.contracts import Columns
from blocs.dates import FIRST_YEAR, Period
from blocs.errors import BadInput

Unit = Literal["dyad-year", "directed-dyad-year", "state-year", "system-year"]
UNITS: tuple[Unit, ...] = get_args(Unit)
PEACE = "peace-years"
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
    """

    years: NDArray[np.int32]
    codes: NDArray[np.int32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]

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
    return StateYears(years, codes, first, last)


def dyad_years(
    states: StateYears, *, directed: bool
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """List the dyad-years as indices of state and year, sorted by dyad and year.

    Returns
    -------
    i, j, y : ndarray of int
        Rows of `StateYears.codes` and of `StateYears.years`; i < j unless directed.

    Notes
    -----
    Cost O(y n^2) comparisons of days.
    """
    n = len(states.codes)
    common = np.zeros((len(states.years), n, n), dtype=bool)
    again = np.flatnonzero(np.any(states.last[:, :, 1] > 0, axis=1))
    for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
        at = slice(None) if (a, b) == (0, 0) else again
        lo = np.maximum(states.first[at, :, None, a], states.first[at, None, :, b])
        hi = np.minimum(states.last[at, :, None, a], states.last[at, None, :, b])
        common[at] |= hi > lo
    common &= ~np.eye(n, dtype=bool) if directed else np.triu(np.ones((n, n), dtype=bool), 1)
    i, j, y = np.nonzero(common.transpose(1, 2, 0))
    return i.astype(np.int32), j.astype(np.int32), y.astype(np.int32)


def build_panel(
    unit: str,
    period: Period,
    tables: Mapping[str, tuple[Columns, pl.DataFrame, int]],
    *,
    system: str = "cow",
    peace: bool = False,
) -> pl.DataFrame:
    """Build a panel and put columns on it.

    Parameters
    ----------
    unit : str
        ``dyad-year``, ``directed-dyad-year``, ``state-year`` or ``system-year``.
    period : Period
        Years, both included.
    tables : mapping of str to (Columns, DataFrame, int)
        Column group to its rule, its rows (COW codes) and its last year.
    system : str
        State system: ``cow`` or ``gw``.
    peace : bool
        Whether to count years of peace (needs a group of disputes).

    Returns
    -------
    pl.DataFrame
        Keys first; sorted by key.

    Raises
    ------
    BadInput
        For an unknown unit or system, or columns that do not fit the unit.
    """
    _check(unit, system, tables, peace)
    if peace and period.first > FIRST_YEAR:
        # a count of peace goes back to the last dispute, however late the panel begins
        whole = Period(FIRST_YEAR, period.last)
        rows = build_panel(unit, whole, tables, system=system, peace=True)
        return rows.filter(pl.col("year") >= period.first)
    states = state_years(period, system=system)
    if unit == "system-year":
        return _system(states, tables)
    if unit == "state-year":
        who, when = np.nonzero(states.member.T)
        here = who.astype(np.int32), when.astype(np.int32)
        return _state_panel(states, *here, tables, system)
    directed = unit == "directed-dyad-year"
    i, j, y = dyad_years(states, directed=directed)
    panel = pl.DataFrame(
        {"ccode1": states.codes[i], "ccode2": states.codes[j], "year": states.years[y]}
    )
    columns: list[pl.Series] = []
    for name, (group, rows, last) in tables.items():
        table = _keyed(rows, states, system)
        if group.unit == "state":
            for side, at in (("1", i), ("2", j)):
                columns += _gather_states(table, group, last, states, at, y, suffix=side)
        else:
            columns += _gather_dyads(table, group, last, states, (i, j, y), directed=directed)
        if peace and name in _DISPUTES:
            columns += _peace(table, group, last, states, (i, j, y), directed)
    return panel.with_columns(columns)


_DISPUTES = {"disputes": "cowmidongoing", "gml-disputes": "gmlmidongoing"}


def peace_years(event: NDArray[np.bool_], new_spell: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Count the years since the last event, or since the spell began.

    Parameters
    ----------
    event : ndarray of bool, shape (rows,)
        Whether the year saw an event; rows sorted by unit and year.
    new_spell : ndarray of bool, shape (rows,)
        Whether the row opens a unit or follows a gap.

    Returns
    -------
    ndarray of int, shape (rows,)
        0 on entry and in the year after an event.

    References
    ----------
    Beck, N., Katz, J., Tucker, R. (1998). Taking Time Seriously. American Journal
    of Political Science 42(4). doi:10.2307/2991857

    Examples
    --------
    >>> peace_years(np.array([False, True, False, False]),
    ...             np.array([True, False, False, False])).tolist()
    [0, 1, 0, 1]
    """
    rows = np.arange(len(event))
    reset = new_spell.copy()
    reset[1:] |= event[:-1]
    begun = np.maximum.accumulate(np.where(reset, rows, 0))
    return (rows - begun).astype(np.int32)


def _check(
    unit: str, system: str, tables: Mapping[str, tuple[Columns, pl.DataFrame, int]], peace: bool
) -> None:
    if unit not in UNITS:
        raise BadInput(f"--unit {unit}: use {', '.join(UNITS)}")
    if system not in {"cow", "gw"}:
        raise BadInput(f"--system {system}: use cow or gw")
    dyadic = [name for name, (group, _, _) in tables.items() if group.unit == "dyad"]
    if unit == "state-year" and dyadic:
        raise BadInput(f"a state-year panel cannot carry {', '.join(dyadic)}: they are of dyads")
    if peace and ("dyad" not in unit or not set(tables) & set(_DISPUTES)):
        raise BadInput("peace-years needs a dyad-year panel with disputes (or gml-disputes)")


def _keyed(rows: pl.DataFrame, states: StateYears, system: str) -> pl.DataFrame:
    """Turn COW codes into indices of the panel's states, and years into indices."""
    first, last = int(states.years[0]), int(states.years[-1])
    table = rows.filter(pl.col("year").is_between(first, last))
    for column in [c for c in ("ccode", "ccode1", "ccode2") if c in table.columns]:
        if system != "cow":
            table = _translated(table, column, system)
        code = table[column].to_numpy()
        at = np.searchsorted(states.codes, code).clip(max=len(states.codes) - 1)
        known = states.codes[at] == code
        table = table.with_columns(pl.Series(f"__{column}", at)).filter(known)
    return table.with_columns(__year=pl.col("year") - first)


def _translated(table: pl.DataFrame, column: str, system: str) -> pl.DataFrame:
    """Turn COW codes into those of another state system, by actor and year."""
    day = table.with_columns(__day=pl.date("year", 7, 1))
    named = actors.with_actor(day, column, system="cow", on="__day", into="__actor")
    spells = actors.members(
        Period(FIRST_YEAR, int(str(table["year"].max() or FIRST_YEAR))), system=system
    )
    codes = (
        spells.with_columns(
            year=pl.int_ranges(
                pl.col("start").dt.year(),
                pl.col("end").dt.offset_by("-1d").dt.year().fill_null(2200) + 1,
            )
        )
        .explode("year")
        .group_by("actor", "year")
        .agg(__code=pl.col("code").last())
    )
    years = codes.with_columns(pl.col("year").cast(table.schema["year"]))
    joined = named.join(years, left_on=["__actor", "year"], right_on=["actor", "year"], how="inner")
    return joined.with_columns(pl.col("__code").cast(pl.Int32).alias(column)).drop(
        "__day", "__actor", "__code"
    )


def _values(table: pl.DataFrame) -> list[str]:
    return [c for c in table.columns if not c.startswith("__") and c not in _KEYS]


_KEYS = {"ccode", "ccode1", "ccode2", "year"}


def _gather_dyads(
    table: pl.DataFrame,
    group: Columns,
    last: int,
    states: StateYears,
    at: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]],
    *,
    directed: bool,
) -> list[pl.Series]:
    """Look dyadic columns up through a dense table of the rows' positions."""
    i, j, y = at
    n = len(states.codes)
    place = np.full((len(states.years), n, n), -1, dtype=np.int32)
    a, b = table["__ccode1"].to_numpy(), table["__ccode2"].to_numpy()
    t, rows = table["__year"].to_numpy(), np.arange(table.height, dtype=np.int32)
    if group.symmetric:
        place[t, b, a] = rows
    place[t, a, b] = rows
    found = place[y, i, j]
    other = place[y, j, i] if not directed and not group.symmetric else None
    covered = _covered(states.years[y], group, last)
    out = []
    for name in _values(table):
        series = _taken(table[name], found, covered, group.absent)
        if other is not None and name in _mutual(table):
            back = _taken(table[name], other, covered, group.absent)
            series = pl.DataFrame([series, back.alias("__back")]).select(
                pl.max_horizontal(name, "__back").alias(name)
            )[name]
        out.append(series)
    return out


def _mutual(table: pl.DataFrame) -> list[str]:
    """Columns that say something of the dyad: either direction counts in an undirected panel."""
    return [c for c in _values(table) if c[-1] not in "12"]


def _gather_states(
    table: pl.DataFrame,
    group: Columns,
    last: int,
    states: StateYears,
    at: NDArray[np.int32],
    y: NDArray[np.int32],
    *,
    suffix: str,
) -> list[pl.Series]:
    place = np.full((len(states.years), len(states.codes)), -1, dtype=np.int32)
    rows = np.arange(table.height, dtype=np.int32)
    place[table["__year"].to_numpy(), table["__ccode"].to_numpy()] = rows
    covered = _covered(states.years[y], group, last)
    found = place[y, at]
    return [
        _taken(table[name], found, covered, group.absent).alias(f"{name}{suffix}")
        for name in _values(table)
    ]


def _covered(years: NDArray[np.int32], group: Columns, last: int) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (years >= group.years[0]) & (years <= min(group.years[1], last))
    return inside


def _taken(
    values: pl.Series,
    found: NDArray[np.int32],
    covered: NDArray[np.bool_],
    absent: int | None,
) -> pl.Series:
    """Take values by row; a missing row is `absent` inside coverage, else null."""
    padded = values.append(pl.Series([None], dtype=values.dtype)) if len(values) else values
    if not len(values):
        padded = pl.Series(values.name, [None], dtype=values.dtype)
    index = np.where(found < 0, len(padded) - 1, found).astype(np.uint32)
    taken = padded.gather(pl.Series(index))
    if absent is None:
        return taken
    zero = pl.Series(covered & (found < 0))
    return taken.to_frame("v").select(
        pl.when(zero).then(pl.lit(absent, dtype=values.dtype)).otherwise("v").alias(values.name)
    )[values.name]


def _peace(
    table: pl.DataFrame,
    group: Columns,
    last: int,
    states: StateYears,
    at: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]],
    directed: bool,
) -> list[pl.Series]:
    """Years of peace with their square and cube, and whether the count is left-censored."""
    i, j, y = at
    name = next(c for c in _DISPUTES.values() if c in table.columns)
    ongoing = _gather_dyads(
        table.select("__ccode1", "__ccode2", "__year", name),
        group,
        last,
        states,
        at,
        directed=directed,
    )[0]
    event = ongoing.fill_null(0).to_numpy() > 0
    new = np.ones(len(i), dtype=bool)
    new[1:] = (np.diff(i) != 0) | (np.diff(j) != 0) | (np.diff(y) != 1)
    t = peace_years(event, new)
    censored = states.years[y] - t == max(group.years[0], int(states.years[0]))
    started = np.maximum.accumulate(np.where(new, np.arange(len(i)), 0))
    censored &= (np.arange(len(i)) - t) == started
    covered = pl.Series(_covered(states.years[y], group, last))
    prefix = "" if name.startswith("cow") else "gml_"
    count = pl.Series(t).cast(pl.Int64)
    frame = pl.DataFrame({"t": count, "c": pl.Series(censored), "k": covered}).select(
        pl.when("k").then("t").alias(f"{prefix}peace_years"),
        pl.when("k").then(pl.col("t") ** 2).alias(f"{prefix}peace_years2"),
        pl.when("k").then(pl.col("t") ** 3).alias(f"{prefix}peace_years3"),
        pl.when("k").then("c").alias(f"{prefix}left_censored"),
    )
    return frame.get_columns()


def _state_panel(
    states: StateYears,
    i: NDArray[np.int32],
    y: NDArray[np.int32],
    tables: Mapping[str, tuple[Columns, pl.DataFrame, int]],
    system: str,
) -> pl.DataFrame:
    panel = pl.DataFrame({"ccode": states.codes[i], "year": states.years[y]})
    columns: list[pl.Series] = []
    for group, rows, last in tables.values():
        table = _keyed(rows, states, system)
        columns += _gather_states(table, group, last, states, i, y, suffix="")
    return panel.with_columns(columns)


def _system(
    states: StateYears, tables: Mapping[str, tuple[Columns, pl.DataFrame, int]]
) -> pl.DataFrame:
    """Sum every column over the system, with the number of rows behind each sum."""
    panel = pl.DataFrame({"year": states.years, "states": states.member.sum(axis=1)})
    for group, rows, last in tables.values():
        inside = rows.filter(pl.col("year").is_between(group.years[0], min(group.years[1], last)))
        names = [c for c in inside.columns if c not in _KEYS]
        sums = inside.group_by("year").agg(
            *(pl.col(c).sum().alias(f"{c}_sum") for c in names),
            *(pl.col(c).count().alias(f"{c}_n") for c in names),
        )
        panel = panel.join(sums.with_columns(pl.col("year").cast(pl.Int32)), on="year", how="left")
    return panel.sort("year")


def column_groups(names: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """Split what ``--with`` names into column groups and whether peace years are wanted."""
    groups = tuple(dict.fromkeys(n.strip() for n in names if n.strip() and n.strip() != PEACE))
    return groups, PEACE in {n.strip() for n in names}
