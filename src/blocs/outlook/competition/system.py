"""The system of states in one year: obligations, power, regimes and major powers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.contracts import Facts
from blocs.dates import Period
from blocs.outlook.panel_rows import state_years

LEVELS = ("none", "consultation", "neutrality or non-aggression", "defence or offence")
DEFENCE = 3


@dataclass(frozen=True, slots=True)
class YearSystem:
    """What the indices of bloc competition are made from; nothing in it is of disputes.

    Attributes
    ----------
    year : int
        Calendar year.
    obligation : ndarray of int8, shape (n, n)
        Highest obligation of each pair, 0 to 3 as in `LEVELS`; symmetric, zero diagonal.
    power : ndarray of float64, shape (n,)
        Shares of capabilities, summing to 1.
    regime : ndarray of float64, shape (n,)
        How democratic, 0 to 1; nan where not known.
    major : ndarray of bool, shape (n,)
        Major powers.
    """

    year: int
    obligation: NDArray[np.int8]
    power: NDArray[np.float64]
    regime: NDArray[np.float64]
    major: NDArray[np.bool_]


def systems_from_panels(dyads: pl.DataFrame, states: pl.DataFrame) -> tuple[YearSystem, ...]:
    """Lay published columns out by year.

    Parameters
    ----------
    dyads : pl.DataFrame
        A ``dyad-year`` panel with the columns of the group ``alliances``.
    states : pl.DataFrame
        A ``state-year`` panel with ``power``, ``majors`` and ``democracy``.

    Returns
    -------
    tuple of YearSystem
        Years in which alliances, power and majors are all known. A state whose
        capabilities are missing in a year counts with none in that year.
    """
    told = dyads.filter(pl.col("atop_defense").is_not_null())
    bound = told.select(
        "ccode1",
        "ccode2",
        "year",
        level=pl.when((pl.col("atop_defense") == 1) | (pl.col("atop_offense") == 1))
        .then(DEFENCE)
        .when((pl.col("atop_neutral") == 1) | (pl.col("atop_nonagg") == 1))
        .then(2)
        .when(pl.col("atop_consul") == 1)
        .then(1)
        .otherwise(0)
        .cast(pl.Int8),
    ).filter(pl.col("level") > 0)
    covered = set(told["year"].unique())
    ties = _by_year(bound)
    out = []
    for (year,), members in states.sort("ccode").group_by("year", maintain_order=True):
        power = members["cinc"].fill_null(0.0).to_numpy().astype(np.float64)
        known = members["cowmaj"].null_count() == 0 and power.sum() > 0
        if not known or year not in covered:
            continue
        regime = (members["polity2"].cast(pl.Float64).to_numpy() + 10) / 20
        out.append(
            YearSystem(
                year=int(str(year)),
                obligation=_matrix(ties.get(int(str(year))), members["ccode"]),
                power=power / power.sum(),
                regime=regime,
                major=members["cowmaj"].to_numpy() == 1,
            )
        )
    return tuple(sorted(out, key=lambda s: s.year))


def systems_from_facts(
    facts: Facts, attributes: pl.DataFrame, period: Period
) -> tuple[YearSystem, ...]:
    """Lay the almanac's treaties, regimes and powers out by year.

    Parameters
    ----------
    facts : Facts
        `evidence.almanac_facts.almanac_facts`: its checked obligations.
    attributes : pl.DataFrame
        The almanac's table of that name.
    period : Period
        Years, both included.

    Notes
    -----
    No capabilities are in the almanac: a major power counts as ten other states,
    about the ratio of the two groups' mean composite capabilities since 1816.
    """
    spells = facts.spells.filter(pl.col("kind") == "alliance")
    level = pl.col("type").replace_strict(
        {"defence": 3, "offence": 3, "neutrality": 2, "nonaggression": 2, "consultation": 1},
        default=None,
        return_dtype=pl.Int8,
    )
    bound = yearly(
        spells.select(
            ccode1="sender", ccode2="receiver", start="start", end="end", level=level
        ).drop_nulls("level"),
        period,
    )
    ties = _by_year(bound)
    years = state_years(period)
    ids = _actors_of(period)
    regime = yearly(
        attributes.filter(pl.col("kind") == "regime").select(
            "start",
            "end",
            actor="actor",
            value=pl.col("value").replace_strict(
                {"democracy": 1.0, "mixed": 0.5, "autocracy": 0.0}, return_dtype=pl.Float64
            ),
        ),
        period,
    )
    majors = yearly(
        attributes.filter((pl.col("kind") == "power") & (pl.col("value") == "major")).select(
            "start", "end", actor="actor"
        ),
        period,
    )
    out = []
    for year in years.years.tolist():
        here = ids.filter(pl.col("year") == year)["actor"].sort()
        told = pl.DataFrame({"actor": here})
        graded = told.join(
            regime.filter(pl.col("year") == year).unique("actor", keep="last"),
            on="actor",
            how="left",
            maintain_order="left",
        )
        great = here.is_in(majors.filter(pl.col("year") == year)["actor"].implode()).to_numpy()
        weight = np.where(great, 10.0, 1.0)
        out.append(
            YearSystem(
                year=year,
                obligation=_matrix(ties.get(year), here),
                power=weight / weight.sum(),
                regime=graded["value"].to_numpy().astype(np.float64),
                major=great,
            )
        )
    return tuple(out)


def _actors_of(period: Period) -> pl.DataFrame:
    from blocs import actors

    spells = actors.members(period).select("actor", "start", "end")
    return yearly(spells, period).select("actor", "year").unique()


def yearly(spells: pl.DataFrame, period: Period) -> pl.DataFrame:
    """One row per spell and year in which it holds on at least one day."""
    first = pl.max_horizontal(pl.col("start").dt.year(), period.first)
    last = pl.min_horizontal(
        pl.col("end").dt.offset_by("-1d").dt.year().fill_null(period.last), period.last
    )
    return (
        spells.drop_nulls("start")
        .with_columns(year=pl.int_ranges(first, last + 1))
        .explode("year")
        .drop_nulls("year")
        .sort("start")
        .drop("start", "end")
    )


def _by_year(bound: pl.DataFrame) -> dict[int, pl.DataFrame]:
    return {int(str(key[0])): part for key, part in bound.group_by("year")}


def _matrix(bound: pl.DataFrame | None, order: pl.Series) -> NDArray[np.int8]:
    n = len(order)
    matrix = np.zeros((n, n), dtype=np.int8)
    if bound is None:
        return matrix
    place = pl.DataFrame({"who": order, "at": np.arange(n)})
    ends: Sequence[str] = ("ccode1", "ccode2")
    for end in ends:
        bound = bound.join(place, left_on=end, right_on="who").rename({"at": f"{end}_at"})
    i, j = bound["ccode1_at"].to_numpy(), bound["ccode2_at"].to_numpy()
    np.maximum.at(matrix, (i, j), bound["level"].to_numpy())
    return np.maximum(matrix, matrix.T)
