"""How alike the alliance portfolios of every two states were in every year."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.dates import Period
from blocs.errors import BadInput
from blocs.registry import SIMILARITIES
from blocs.threads import one_thread
from blocs.ties.network import LayerState, tie_matrix

Floats = NDArray[np.float64]

LEVELS = 4
"""0 nothing, 1 non-aggression, 2 neutrality or consultation, 3 defence or offence."""

MEASURES = ("s-score", "kappa", "pi")


def portfolio_years(
    alliances: LayerState,
    period: Period,
    *,
    measures: Sequence[str] = MEASURES,
    weights: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Score every pair of states in every year by their treaties with all states.

    Parameters
    ----------
    alliances : LayerState
        The layer ``alliances``.
    period : Period
        Years wanted; those that the layer does not cover are left out.
    measures : sequence of str
        Names of similarities.
    weights : pl.DataFrame, optional
        ``actor, year, weight``: how much a partner counts (its share of power, say);
        partners without a weight are left out. All count alike by default.

    Returns
    -------
    pl.DataFrame
        ``a, b, year, n`` and a column a measure, null where it is not defined; a < b,
        sorted by year, a, b. ``n`` counts the partners about whom both are known.

    Raises
    ------
    BadInput
        A weight is negative, or given twice.

    Notes
    -----
    A portfolio is a state's strongest obligation (0 to 3) to every member of the system
    that year, itself included at 3. The joint tables of a year are one matrix product,
    O(16 n^3). Obligations that nothing confirms are not known and count on neither side.

    References
    ----------
    Signorino, C., Ritter, J. (1999). Tau-b or Not Tau-b. International Studies
    Quarterly 43(1). doi:10.1111/0020-8833.00113
    """
    score = {name: SIMILARITIES.get(name).score for name in measures}
    heavy = None if weights is None else _by_year(weights)
    columns: dict[str, list[NDArray[np.generic]]] = {
        key: [] for key in ("a", "b", "year", "n", *measures)
    }
    with one_thread():
        for year in (y for y in alliances.years if y in period.years):
            names, level = _portfolios(alliances, year)
            own = np.ones(len(names)) if heavy is None else _weight(heavy, year, names)
            i, j, n, tables = joint_portfolios(level, own)
            columns["a"].append(names[i])
            columns["b"].append(names[j])
            columns["year"].append(np.full(i.size, year))
            columns["n"].append(n)
            for name in measures:
                columns[name].append(score[name](tables))
    return pl.DataFrame(
        {
            key.replace("-", "_"): pl.Series(
                np.concatenate(parts) if parts else [],
                dtype=_TYPES.get(key, pl.Float64),
            ).fill_nan(None)
            if key in score
            else pl.Series(np.concatenate(parts) if parts else [], dtype=_TYPES[key])
            for key, parts in columns.items()
        }
    )


_TYPES = {"a": pl.String, "b": pl.String, "year": pl.Int64, "n": pl.Int64}


def joint_portfolios(
    level: NDArray[np.int8], weight: Floats
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int64], Floats]:
    """Lay out the joint table of every two states over all partners.

    Parameters
    ----------
    level : ndarray of int8, shape (n, n)
        Obligation of each state to each, 0 to 3; -1 = not known.
    weight : ndarray, shape (n,)
        Of each partner, 0 or more.

    Returns
    -------
    i, j : ndarray, shape (pairs,)
        Pairs i < j with a partner in common that counts.
    n : ndarray of int64, shape (pairs,)
        Partners about whom both are known, with a weight above 0.
    tables : ndarray, shape (pairs, 4, 4)

    Examples
    --------
    >>> level = np.array([[3, 1], [1, 3]], dtype=np.int8)
    >>> joint_portfolios(level, np.ones(2))[3][0, [3, 1], [1, 3]].tolist()
    [1.0, 1.0]
    """
    n = len(level)
    at = np.concatenate([level == k for k in range(LEVELS)]).astype(np.float64)
    cells = ((at * weight) @ at.T).reshape(LEVELS, n, LEVELS, n)
    known = ((level >= 0) & (weight > 0)).astype(np.float64)
    i, j = np.triu_indices(n, 1)
    common = np.rint(known @ known.T).astype(np.int64)[i, j]
    met = common > 0
    i, j = i[met], j[met]
    # Indices on both sides of a slice come first: (pairs, 4, 4).
    return i, j, common[met], np.ascontiguousarray(cells[:, i, :, j])


def _portfolios(alliances: LayerState, year: int) -> tuple[NDArray[np.str_], NDArray[np.int8]]:
    """Members of the system in a year, and the level of each pair; -1 = not known."""
    ties = tie_matrix(alliances, Period(year, year))
    weight = ties.weight[0]
    level = np.where(np.isnan(weight), -1, np.rint((LEVELS - 1) * weight)).astype(np.int8)
    np.fill_diagonal(level, LEVELS - 1)
    lone = (level >= 0).sum(axis=0) > 1
    return np.array(ties.actors)[lone], level[np.ix_(lone, lone)]


def _by_year(weights: pl.DataFrame) -> dict[int, dict[str, float]]:
    rows = weights.select("actor", "year", "weight").drop_nulls()
    if (rows["weight"] < 0).any():
        raise BadInput("a weight of a partner is negative; weights are 0 or more")
    if rows.select("actor", "year").is_duplicated().any():
        twice = rows.filter(rows.select("actor", "year").is_duplicated()).row(0)
        raise BadInput(f"{twice[0]} has two weights in {twice[1]}; give one a year")
    out: dict[int, dict[str, float]] = {}
    for actor, year, weight in rows.iter_rows():
        out.setdefault(year, {})[actor] = weight
    return out


def _weight(heavy: dict[int, dict[str, float]], year: int, names: NDArray[np.str_]) -> Floats:
    here = heavy.get(year, {})
    return np.array([here.get(str(name), 0.0) for name in names])
