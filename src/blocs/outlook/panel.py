"""Panels: one row per dyad, state or system and year, with published columns.

A dyad-year exists if both states are members of the state system on at least
one common day of the year. A column is null outside the years its source
covers; inside them a missing row is zero only where the source says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs import actors
from blocs.contracts import Columns
from blocs.dates import FIRST_YEAR, Period
from blocs.errors import BadInput
from blocs.outlook.panel_rows import Rows, StateYears, actor_years, dyad_years, state_years

Unit = Literal["dyad-year", "directed-dyad-year", "state-year", "system-year"]
UNITS: tuple[Unit, ...] = get_args(Unit)
PEACE = "peace-years"


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
        return _system(period, states, tables, system)
    if unit == "state-year":
        who, when = (at.astype(np.int32) for at in np.nonzero(states.member.T))
        alone = Rows(states, who, who, when, directed=False, place=np.empty(0, np.int32))
        return _state_panel(alone, tables, system)
    rows_of = dyad_years(states, directed=unit == "directed-dyad-year")
    keys = {"ccode1": rows_of.i, "ccode2": rows_of.j}
    panel = pl.DataFrame({k: states.codes[v] for k, v in keys.items()} | {"year": rows_of.years})
    columns: list[pl.Series] = []
    for name, (group, rows, last) in tables.items():
        table = _keyed(rows, states, system)
        if group.unit == "state":
            for side, at in (("1", rows_of.i), ("2", rows_of.j)):
                columns += _gather_states(table, group, last, rows_of, at, suffix=side)
            continue
        columns += _gather_dyads(table, group, last, rows_of)
        if peace and name in _DISPUTES:
            ongoing = next(c for c in columns if c.name == _DISPUTES[name])
            columns += _peace(ongoing, group, last, rows_of)
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
    """Turn COW codes into those of another state system, by actor and year.

    Two COW states of one year can be one there (255 and 260 in 1990): the row
    of the higher code comes last and counts.
    """
    if table.is_empty():
        return table
    day = table.sort(column, maintain_order=True).with_columns(__day=pl.date("year", 7, 1))
    named = actors.with_actor(day, column, system="cow", on="__day", into="__actor")
    years = table.select(pl.col("year").min().alias("first"), pl.col("year").max().alias("last"))
    there = actor_years(Period(*years.row(0)), system)
    codes = there.group_by("actor", "year").agg(__code=pl.col("code").last())
    return (
        named.join(
            codes,
            left_on=["__actor", "year"],
            right_on=["actor", "year"],
            how="inner",
            maintain_order="left",
        )
        .with_columns(pl.col("__code").alias(column))
        .drop("__day", "__actor", "__code")
    )


def _values(table: pl.DataFrame) -> list[str]:
    return [c for c in table.columns if not c.startswith("__") and c not in _KEYS]


_KEYS = {"ccode", "ccode1", "ccode2", "year"}


def _gather_dyads(table: pl.DataFrame, group: Columns, last: int, at: Rows) -> list[pl.Series]:
    """Give every row of a panel its dyadic columns."""
    values = table.select(_values(table))
    found = at.find(table, symmetric=group.symmetric)
    if not at.directed and not group.symmetric:
        values, found = _either(values, found, at.find(table, symmetric=False, back=True))
    return _taken(values, found, at.covered(group, last), group.absent)


def _either(
    values: pl.DataFrame, found: NDArray[np.int32], back: NDArray[np.int32]
) -> tuple[pl.DataFrame, NDArray[np.int32]]:
    """Merge both directions of a dyad: what is said of the dyad holds if either says it."""
    told = np.flatnonzero((found >= 0) | (back >= 0))
    none = values.clear(1)
    both = pl.concat([values, none], rechunk=True)
    there, here = (
        both.select(pl.all().gather(np.where(rows[told] < 0, values.height, rows[told])))
        for rows in (found, back)
    )
    merged = there.with_columns(
        pl.max_horizontal(there[name], here[name]).alias(name)
        if name == _turned(name, values)
        else pl.coalesce(there[name], here[_turned(name, values)]).alias(name)
        for name in values.columns
    )
    place = np.full(len(found), -1, dtype=np.int32)
    place[told] = np.arange(len(told), dtype=np.int32)
    return merged, place


def _turned(name: str, table: pl.DataFrame) -> str:
    """Name of a column once the ends of the dyad change places: flow1 becomes flow2."""
    other = name[:-1] + {"1": "2", "2": "1"}.get(name[-1], name[-1])
    return other if other in table.columns else name


def _gather_states(
    table: pl.DataFrame,
    group: Columns,
    last: int,
    rows: Rows,
    at: NDArray[np.int32],
    *,
    suffix: str,
) -> list[pl.Series]:
    """Give every row of a panel the columns of the state at some positions."""
    place = np.full((len(rows.states.years), len(rows.states.codes)), -1, dtype=np.int32)
    place[table["__year"].to_numpy(), table["__ccode"].to_numpy()] = np.arange(table.height)
    values = table.select(pl.col(name).alias(f"{name}{suffix}") for name in _values(table))
    return _taken(values, place[rows.y, at], rows.covered(group, last), group.absent)


def _taken(
    values: pl.DataFrame,
    found: NDArray[np.int32],
    covered: NDArray[np.bool_],
    absent: int | None,
) -> list[pl.Series]:
    """Take values by row; a missing row is `absent` inside coverage, else null."""
    # Two rows more, one of zeros and one of nulls, and everything is one look-up.
    zeros = values.clear(1).select(pl.all().fill_null(absent)) if absent is not None else None
    ends = [values.clear(1) if zeros is None else zeros, values.clear(1)]
    padded = pl.concat([values, *ends], how="vertical_relaxed", rechunk=True)
    missing = np.where(covered, values.height, values.height + 1)
    index = pl.Series(np.where(found < 0, missing, found).astype(np.uint32))
    return padded.select(pl.all().gather(index)).get_columns()


def _peace(ongoing: pl.Series, group: Columns, last: int, at: Rows) -> list[pl.Series]:
    """Years of peace with their square and cube, and whether the count is left-censored."""
    event = ongoing.fill_null(0).to_numpy() > 0
    covered = at.covered(group, last)
    spell = np.ones(len(event), dtype=bool)
    spell[1:] = (np.diff(at.i) != 0) | (np.diff(at.j) != 0) | (np.diff(at.y) != 1)
    # Before the first year that is known there may have been a dispute or none.
    unknown = spell & (at.years == max(group.years[0], int(at.states.years[0])))
    unknown[1:] |= covered[1:] & ~covered[:-1] & ~spell[1:]
    t = peace_years(event, spell | unknown)
    censored = unknown[np.arange(len(t)) - t]
    prefix = "" if ongoing.name.startswith("cow") else "gml_"
    count = pl.lit(pl.Series(t).cast(pl.Int64))
    told = {
        "peace_years": count,
        "peace_years2": count**2,
        "peace_years3": count**3,
        "left_censored": pl.lit(pl.Series(censored)),
    }
    known = None if covered.all() else pl.lit(pl.Series(covered))
    frame = pl.select(
        (value if known is None else pl.when(known).then(value)).alias(f"{prefix}{name}")
        for name, value in told.items()
    )
    return frame.get_columns()


def _state_panel(
    at: Rows, tables: Mapping[str, tuple[Columns, pl.DataFrame, int]], system: str
) -> pl.DataFrame:
    panel = pl.DataFrame({"ccode": at.states.codes[at.i], "year": at.years})
    columns: list[pl.Series] = []
    for group, rows, last in tables.values():
        table = _keyed(rows, at.states, system)
        columns += _gather_states(table, group, last, at, at.i, suffix="")
    return panel.with_columns(columns)


def _system(
    period: Period,
    states: StateYears,
    tables: Mapping[str, tuple[Columns, pl.DataFrame, int]],
    system: str,
) -> pl.DataFrame:
    """Sum every column over the states or dyads of the system, with the number known."""
    panel = pl.DataFrame(
        {"year": states.years, "states": states.member.sum(axis=1).astype(np.int32)}
    )
    for kind, unit in (("state", "state-year"), ("dyad", "dyad-year")):
        mine = {name: table for name, table in tables.items() if table[0].unit == kind}
        if not mine:
            continue
        rows = build_panel(unit, period, mine, system=system)
        names = [c for c in rows.columns if c not in _KEYS]
        sums = rows.group_by("year").agg(
            *(
                pl.when(pl.col(c).count() > 0).then(pl.col(c).sum()).alias(f"{c}_sum")
                for c in names
            ),
            *(pl.col(c).count().cast(pl.Int32).alias(f"{c}_n") for c in names),
        )
        panel = panel.join(sums, on="year", how="left")
    return panel.sort("year")


def column_groups(names: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """Split what ``--with`` names into column groups and whether peace years are wanted."""
    groups = tuple(dict.fromkeys(n.strip() for n in names if n.strip() and n.strip() != PEACE))
    return groups, PEACE in {n.strip() for n in names}
